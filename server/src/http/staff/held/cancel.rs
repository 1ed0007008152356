//! Calling a session off, or it and all later ones of its repeat. Whoever signed up reads why.

use super::{Held, Page, load, shift::which, told};
use crate::{
    commands::{programme::ProgrammeAction, sessions::SessionAction},
    http::staff::{
        desk::{Desk, Run, Way},
        opportunity::{ended_card, held_up, sends},
        wording::{self, Step, Typed as Words},
    },
    state::App,
};
use app::{
    lang::en::{self, programme as words},
    ui::when,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::html;
use serde::Deserialize;

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(flatten)]
    words: Words,
    /// `all` for this one and all later ones.
    #[serde(default)]
    which: String,
}

pub(super) async fn ask(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let held = load(&app, desk.reach, &id).await?;
    if !held.is_to_come() {
        return Ok(Redirect::to(&held.path()).into_response());
    }
    form(&app, &desk, &held, ("", ""), None).await
}

pub(super) async fn take(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let held = load(&app, desk.reach, &id).await?;
    let which = typed.which.as_str();
    let Some(message) = typed.words.message()? else {
        let problem = Some(words::NOT_SAY_MORE.get());
        let page = form(&app, &desk, &held, ("", which), problem).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    match typed.words.step {
        Step::Edit => form(&app, &desk, &held, (&message, which), None).await,
        Step::Preview | Step::Send => seen(&app, &desk, &held, &message, which).await,
        Step::Previewed => {
            let meant = held.meant(which == "all");
            let ids = meant.iter().map(|row| row.id).collect();
            let action = ProgrammeAction::Hold(SessionAction::Cancel(ids, message.clone()));
            let done = app.writer.programme(desk.staff.id, action).await?;
            match held_up(&done) {
                Some(problem) => {
                    let typed = (message.as_str(), which);
                    let page = form(&app, &desk, &held, typed, Some(&problem)).await?;
                    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
                }
                None => {
                    let back = format!("{}?done=called_off", held.of.path());
                    Ok(Redirect::to(&back).into_response())
                }
            }
        }
    }
}

async fn form(
    app: &App,
    desk: &Desk,
    held: &Held,
    (message, chosen): (&str, &str),
    problem: Option<&str>,
) -> Page {
    let title = words::CANCEL_SESSION.fill(&[("when", &held.when())]);
    let count = told(app, &held.meant(chosen == "all")).await?;
    let action = format!("{}/cancel", held.path());
    let hint = html! { (words::CANCEL_HINT.get()) };
    let main = html! {
        p.back { a href=(held.path()) { (words::SESSION_TITLE.fill(&[("when", &held.when())])) } }
        h1 { (title) }
        p.soft { (held.of.title()) }
        p { (sends(count)) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        (wording::form(&action, words::EVERYONE.get(), &hint, message, &which(held, chosen)))
    };
    Ok(desk.page(Way::Opportunities, &title, false, &main).await?)
}

async fn seen(app: &App, desk: &Desk, held: &Held, message: &str, chosen: &str) -> Page {
    let title = words::MOVE_SEEN.get();
    let meant = held.meant(chosen == "all");
    let count = told(app, &meant).await?;
    let action = format!("{}/cancel", held.path());
    let unseen = html! { input type="hidden" name="which" value=(chosen); };
    let main = html! {
        h1 { (title) }
        p.soft { (en::desk::PREVIEW_WHY.get()) " " (sends(count)) }
        @for row in &meant {
            (ended_card(&held.of.title(), Some(&when::session_time(&row.record)), message))
        }
        (wording::send_or_change(&action, message, words::CANCEL_DO.get(), &unseen))
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}
