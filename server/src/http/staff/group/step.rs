//! Opening and pausing a group, ending it, and throwing a draft away. What cannot be undone is asked first.

use super::{Page, Whole, back_to, held_up, load, show_problem};
use crate::{
    commands::group_desk::{GroupAction, GroupDone},
    error::Error,
    http::staff::{
        desk::{Desk, Way},
        parts,
    },
    state::App,
};
use app::{
    domain::{
        group::{GroupState, GroupStep, after},
        text,
    },
    lang::{
        Text,
        en::{groups as words, programme},
    },
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::html;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    step: String,
}

pub(super) async fn take(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(asked): Form<Asked>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let step = match GroupStep::of_word(&asked.step) {
        Some(step @ (GroupStep::Open | GroupStep::Pause)) => step,
        Some(GroupStep::End) | None => return Err(Error::Malformed.into()),
    };
    let action = GroupAction::Take(step);
    let done = app.writer.group(desk.staff.id, whole.id(), action).await?;
    match held_up(&done) {
        None => Ok(back_to(whole.id(), step.word())),
        Some(problem) => {
            let whole = load(&app, &desk, &id).await?;
            show_problem(&app, &desk, &whole, &problem).await
        }
    }
}

/// What came of it, as it was typed, and on which version.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Ending {
    came_of_it: String,
    version: i64,
}

pub(super) async fn ask_end(State(app): State<App>, desk: Desk, Path(id): Path<String>) -> Page {
    let whole = load(&app, &desk, &id).await?;
    if after(whole.state(), GroupStep::End).is_none() {
        return show_problem(&app, &desk, &whole, words::NOT_FROM.get()).await;
    }
    let typed = Ending {
        came_of_it: whole.row.record.came_of_it.clone().unwrap_or_default(),
        version: whole.row.version,
    };
    ending(&desk, &whole, &typed, None).await
}

pub(super) async fn end(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(mut typed): Form<Ending>,
) -> Page {
    typed.came_of_it = typed.came_of_it.replace("\r\n", "\n");
    let whole = load(&app, &desk, &id).await?;
    let came_of_it = text::tidy(Some(typed.came_of_it.clone()));
    if !text::fits(came_of_it.as_deref(), text::LONG) {
        let page = ending(&desk, &whole, &typed, Some(programme::PROBLEM_LONG)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let action = GroupAction::End(came_of_it, typed.version);
    let done = app.writer.group(desk.staff.id, whole.id(), action).await?;
    let whole = load(&app, &desk, &id).await?;
    match done {
        GroupDone::Done => Ok(back_to(whole.id(), GroupStep::End.word())),
        GroupDone::Changed => {
            let page = ending(&desk, &whole, &typed, Some(words::END_CHANGED)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        _ => show_problem(&app, &desk, &whole, words::NOT_FROM.get()).await,
    }
}

/// Asks before it is over. Where somebody else wrote meanwhile, theirs stands beside.
async fn ending(desk: &Desk, whole: &Whole, typed: &Ending, problem: Option<Text>) -> Page {
    let title = words::SURE_END.get();
    let theirs = whole.row.record.came_of_it.clone().unwrap_or_default();
    let differs = typed.version != whole.row.version && theirs != typed.came_of_it;
    let main = html! {
        (whole.back())
        h1 { (title) }
        p.soft { (whole.title()) }
        p { strong { (words::SURE_END_WHY.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action={ (whole.path()) "/end" } {
            input type="hidden" name="version" value=(whole.row.version);
            div.field {
                label for="came_of_it" { (words::SURE_END_CAME.get()) }
                p.soft id="came-hint" { (words::SURE_END_HINT.get()) }
                textarea id="came_of_it" name="came_of_it" maxlength=(text::LONG) aria-describedby="came-hint" {
                    @if typed.came_of_it.starts_with('\n') { "\n" }
                    (typed.came_of_it)
                }
                @if differs {
                    div.theirs {
                        p.soft { (words::END_THEIRS.get()) }
                        p { @if theirs.is_empty() { (programme::CHANGED_EMPTY.get()) } @else { (parts::said(&theirs)) } }
                    }
                }
            }
            div.actions {
                button { (words::SURE_END_DO.get()) }
                a.button.plain href=(whole.path()) { (words::SURE_NOT.get()) }
            }
        }
    };
    Ok(desk.page(Way::Groups, title, false, &main).await?)
}

pub(super) async fn sure_to_throw(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    if whole.state() != GroupState::Draft {
        return show_problem(&app, &desk, &whole, words::NOT_FROM.get()).await;
    }
    let title = words::SURE_THROW.get();
    let main = html! {
        h1 { (title) }
        p.soft { (whole.title()) }
        p { (words::SURE_THROW_WHY.get()) }
        div.actions {
            form method="post" action={ (whole.path()) "/forget" } {
                button { (words::SURE_THROW_DO.get()) }
            }
            a.button.plain href=(whole.path()) { (words::SURE_NOT.get()) }
        }
    };
    Ok(desk.page(Way::Groups, title, false, &main).await?)
}

pub(super) async fn throw_away(State(app): State<App>, desk: Desk, Path(id): Path<String>) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let action = GroupAction::ThrowAway;
    let done = app.writer.group(desk.staff.id, whole.id(), action).await?;
    match held_up(&done) {
        None => Ok(Redirect::to("/staff/groups?show=draft&done=thrown").into_response()),
        Some(problem) => show_problem(&app, &desk, &whole, &problem).await,
    }
}
