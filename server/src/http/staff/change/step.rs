//! Agreeing, publishing, putting right, taking down, and throwing a draft away. What cannot be undone is asked first.

use super::{Page, Whole, back_to, held_up, load, show_problem};
use crate::{
    commands::changes::{ChangeAction, ChangeDone},
    error::Error,
    http::staff::desk::{Desk, Run, Way},
    state::App,
};
use app::{
    domain::{
        change::{ChangeStep, NotYet, after},
        id::ChangeId,
        text,
    },
    lang::{
        Text,
        en::{changes as words, programme},
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
use uuid::Uuid;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    step: String,
    version: i64,
}

pub(super) async fn take(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(asked): Form<Asked>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let (action, step) = match ChangeStep::of_word(&asked.step) {
        Some(step @ ChangeStep::Agree) => (ChangeAction::Agree(asked.version), step),
        Some(step @ ChangeStep::Publish) => (ChangeAction::Publish(asked.version), step),
        Some(ChangeStep::TakeDown) | None => return Err(Error::Malformed.into()),
    };
    let done = app.writer.change(desk.staff.id, whole.id(), action).await?;
    match held_up(&done) {
        None => Ok(back_to(whole.id(), step.word())),
        Some(problem) => show_problem(&app, &desk, whole.id(), &problem).await,
    }
}

pub(super) async fn correct(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let action = ChangeAction::Correct(ChangeId(Uuid::now_v7()));
    let done = app.writer.change(desk.staff.id, whole.id(), action).await?;
    match (&done, held_up(&done)) {
        (ChangeDone::Correcting(new), _) => {
            Ok(Redirect::to(&format!("/staff/changes/{new}/edit")).into_response())
        }
        (_, problem) => {
            let problem = problem.unwrap_or_default();
            show_problem(&app, &desk, whole.id(), &problem).await
        }
    }
}

/// Why it is taken down, as it was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Reason {
    why: String,
}

pub(super) async fn ask_take_down(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    if after(whole.row.state, ChangeStep::TakeDown).is_none() {
        return show_problem(&app, &desk, whole.id(), words::NOT_FROM.get()).await;
    }
    taking_down(&desk, &whole, "", None).await
}

pub(super) async fn take_down(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Reason>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let typed = typed.why.replace("\r\n", "\n");
    if !text::fits(Some(&typed), text::LONG) {
        return again(&desk, &whole, &typed, programme::PROBLEM_LONG).await;
    }
    let action = ChangeAction::TakeDown(text::tidy(Some(typed.clone())));
    let done = app.writer.change(desk.staff.id, whole.id(), action).await?;
    match (&done, held_up(&done)) {
        (_, None) => Ok(back_to(whole.id(), ChangeStep::TakeDown.word())),
        (ChangeDone::Not(NotYet::SayWhy), _) => {
            again(&desk, &whole, &typed, words::SURE_TAKE_DOWN_MISSING).await
        }
        (_, Some(problem)) => show_problem(&app, &desk, whole.id(), &problem).await,
    }
}

async fn again(desk: &Desk, whole: &Whole, typed: &str, problem: Text) -> Page {
    let page = taking_down(desk, whole, typed, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn taking_down(desk: &Desk, whole: &Whole, typed: &str, problem: Option<Text>) -> Page {
    let title = words::SURE_TAKE_DOWN.get();
    let main = html! {
        (whole.back())
        h1 { (title) }
        p.soft { bdi { (whole.title()) } }
        p { strong { (words::SURE_TAKE_DOWN_WHY.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action={ (whole.path()) "/take-down" } {
            div.field {
                label for="why" { (words::SURE_TAKE_DOWN_REASON.get()) }
                p.soft id="why-hint" { (words::SURE_TAKE_DOWN_HINT.get()) }
                textarea id="why" name="why" required maxlength=(text::LONG) aria-describedby="why-hint" {
                    @if typed.starts_with('\n') { "\n" }
                    (typed)
                }
            }
            div.actions {
                button { (words::SURE_TAKE_DOWN_DO.get()) }
                a.button.plain href=(whole.path()) { (words::SURE_NOT.get()) }
            }
        }
    };
    Ok(desk.page(Way::Changes, title, false, &main).await?)
}

pub(super) async fn sure_to_throw(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    if !whole.row.state.may_edit() {
        return show_problem(&app, &desk, whole.id(), words::NOT_FROM.get()).await;
    }
    let title = words::SURE_THROW.get();
    let main = html! {
        h1 { (title) }
        p.soft { bdi { (whole.title()) } }
        p { (words::SURE_THROW_WHY.get()) }
        div.actions {
            form method="post" action={ (whole.path()) "/forget" } {
                button { (words::SURE_THROW_DO.get()) }
            }
            a.button.plain href=(whole.path()) { (words::SURE_NOT.get()) }
        }
    };
    Ok(desk.page(Way::Changes, title, false, &main).await?)
}

pub(super) async fn throw_away(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let action = ChangeAction::ThrowAway;
    let done = app.writer.change(desk.staff.id, whole.id(), action).await?;
    match held_up(&done) {
        None => Ok(Redirect::to("/staff/changes?show=draft&done=thrown").into_response()),
        Some(problem) => show_problem(&app, &desk, whole.id(), &problem).await,
    }
}
