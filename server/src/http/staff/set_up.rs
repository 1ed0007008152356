//! The first admin, once: by the address that start-up printed.

use super::{
    desk::alone,
    fault::Fault,
    invite::{new_password_field, unfit_words},
    session as desk_session,
};
use crate::{
    clock,
    db::staff::{self, NewStaff, Role},
    error::Error,
    staff::{choice, passwords},
    state::App,
};
use app::{
    domain::{id::StaffId, text},
    lang::en::desk as words,
};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::html;
use serde::Deserialize;
use tower_sessions::Session;

/// `/set-up/{token}`.
pub fn router() -> Router<App> {
    Router::new().route("/set-up/{token}", get(ask).post(set_up))
}

#[derive(Default, Deserialize)]
struct Typed {
    name: String,
    email: String,
    password: String,
}

async fn ask(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Fault> {
    if !app.set_up.fits(&token) {
        return Err(Error::NotFound.into());
    }
    Ok(page(&app, &Typed::default(), None).into_response())
}

async fn set_up(
    State(app): State<App>,
    Path(token): Path<String>,
    session: Session,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    if !app.set_up.fits(&token) {
        return Err(Error::NotFound.into());
    }
    if let Some(problem) = problem(&typed) {
        let page = page(&app, &typed, Some(problem));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let id = StaffId(uuid::Uuid::now_v7());
    let admin = NewStaff {
        id,
        email: typed.email,
        name: typed.name.trim().to_owned(),
        role: Role::Admin,
        password: passwords::hash(typed.password).await?,
        teams: Vec::new(),
    };
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                // Two who hold the address at once: the first wins.
                if !staff::is_empty(&mut *tx).await? {
                    return Err(Error::NotFound);
                }
                staff::add(tx, &admin, clock::now_ms()).await
            })
        })
        .await?;
    app.set_up.close();
    desk_session::start(&app, &session, id).await?;
    Ok(Redirect::to("/staff/sign-ups").into_response())
}

/// What is wrong with what was typed, in words fit to show.
fn problem(typed: &Typed) -> Option<&'static str> {
    let short = |value: &str| !value.trim().is_empty() && text::fits(Some(value), text::SHORT);
    if !short(&typed.name) {
        Some(words::SET_UP_NEEDS_NAME.get())
    } else if !short(&typed.email) || !typed.email.contains('@') {
        Some(words::SET_UP_NEEDS_EMAIL.get())
    } else {
        let unfit = choice::unfit(&typed.password, &[&typed.email, &typed.name])?;
        Some(unfit_words(unfit).get())
    }
}

/// The form posts to the address it is at, so the token stands in no page.
fn page(app: &App, typed: &Typed, problem: Option<&str>) -> axum::response::Html<String> {
    let main = html! {
        h1 { (words::SET_UP_TITLE.get()) }
        p.soft { (words::SET_UP_WHY.get()) }
        @if let Some(problem) = problem {
            p.problem role="alert" { (problem) }
        }
        form.stack.card method="post" {
            div.field {
                label for="name" { (words::SET_UP_NAME.get()) }
                p.soft id="name-hint" { (words::SET_UP_NAME_HINT.get()) }
                input id="name" name="name" autocomplete="given-name" required maxlength="200" aria-describedby="name-hint" value=(typed.name);
            }
            div.field {
                label for="email" { (words::EMAIL.get()) }
                input id="email" name="email" type="email" autocomplete="username" required maxlength="200" value=(typed.email);
            }
            (new_password_field(words::PASSWORD))
            button { (words::SET_UP_DO.get()) }
        }
    };
    alone(app, words::SET_UP_TITLE.get(), &main)
}
