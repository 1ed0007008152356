//! Whoever was invited chooses a password, at the address that an admin passed on. It works once.

use super::{desk::alone, fault::Fault, session as desk_session};
use crate::{
    clock,
    db::invites::Invite,
    error::Error,
    staff::{
        choice::{self, Unfit},
        invites, passwords,
    },
    state::App,
};
use app::lang::{
    Text,
    en::{accounts as words, desk as desk_words},
};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;
use tower_sessions::Session;

/// `/invite/{token}`.
pub fn router() -> Router<App> {
    Router::new().route("/invite/{token}", get(ask).post(join))
}

#[derive(Deserialize)]
struct Typed {
    password: String,
}

async fn ask(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Fault> {
    let found = invites::invited(&mut *app.db.reader().await?, &token, clock::now_ms()).await?;
    Ok(match found {
        Some(invite) => page(&app, &invite, None).into_response(),
        None => gone(&app),
    })
}

async fn join(
    State(app): State<App>,
    Path(token): Path<String>,
    session: Session,
    Form(Typed { password }): Form<Typed>,
) -> Result<Response, Fault> {
    let found = invites::invited(&mut *app.db.reader().await?, &token, clock::now_ms()).await?;
    let Some(invite) = found else {
        return Ok(gone(&app));
    };
    if let Some(unfit) = choice::unfit(&password, &[&invite.email, &invite.name]) {
        let page = page(&app, &invite, Some(unfit_words(unfit)));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hashed = passwords::hash(password).await?;
    let joined = app.writer.run(move |tx| {
        Box::pin(async move { invites::join(tx, &token, hashed, clock::now_ms()).await })
    });
    match joined.await {
        Ok(id) => {
            desk_session::start(&app, &session, id).await?;
            Ok(Redirect::to("/staff/account?done=joined").into_response())
        }
        // It was used, or taken back, since the page was opened.
        Err(Error::NotFound) => Ok(gone(&app)),
        Err(problem) => Err(problem.into()),
    }
}

/// The form posts to the address it is at, so the secret stands in no page.
fn page(app: &App, invite: &Invite, problem: Option<Text>) -> Html<String> {
    let title = words::JOIN_TITLE.fill(&[("name", &invite.name)]);
    let main = html! {
        h1 { (title) }
        p.soft { (words::JOIN_WHY.fill(&[("by", &invite.by)])) }
        @if let Some(problem) = problem {
            p.problem role="alert" { (problem.get()) }
        }
        form.stack.card method="post" {
            div.field {
                label for="email" { (desk_words::EMAIL.get()) }
                p.soft id="email-hint" { (words::JOIN_EMAIL_HINT.get()) }
                input id="email" type="email" autocomplete="username" readonly aria-describedby="email-hint" value=(invite.email);
            }
            (new_password_field(words::JOIN_PASSWORD))
            button { (words::JOIN_DO.get()) }
        }
    };
    alone(app, &title, &main)
}

/// One answer for an address that was used, taken back or is past its time, and for a guess.
fn gone(app: &App) -> Response {
    let title = words::JOIN_GONE.get();
    let main = html! {
        h1 { (title) }
        p { (words::JOIN_GONE_HOW.get()) }
        p.back { a href="/staff/sign-in" { (desk_words::SIGN_IN_TITLE.get()) } }
    };
    (StatusCode::NOT_FOUND, alone(app, title, &main)).into_response()
}

/// Where a new password is chosen; `label` names it.
pub fn new_password_field(label: Text) -> Markup {
    html! {
        div.field {
            label for="password" { (label.get()) }
            p.soft id="password-hint" { (desk_words::SET_UP_PASSWORD_HINT.get()) }
            input id="password" name="password" type="password" autocomplete="new-password" required minlength=(passwords::SHORTEST) maxlength=(passwords::LONGEST) aria-describedby="password-hint";
        }
    }
}

/// Why a password cannot be chosen, and what to do.
pub fn unfit_words(unfit: Unfit) -> Text {
    match unfit {
        Unfit::Length => desk_words::SET_UP_NEEDS_PASSWORD,
        Unfit::Common => words::PASSWORD_COMMON,
        Unfit::Own => words::PASSWORD_OWN,
    }
}
