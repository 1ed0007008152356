//! Signing in and out. What is answered tells nobody which accounts exist: an unknown one costs the
//! same work, has the same answer, and counts as a failure like a known one.

use super::{desk::alone, fault::Fault, prove::code_field, session};
use crate::{
    clock,
    db::{accounts, staff},
    http::{client::ClientAddress, cookies},
    staff::{failures::Wait, passwords, two_step::Passed},
    state::App,
};
use app::lang::{
    Text,
    en::{accounts as own, desk as words},
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::html;
use serde::Deserialize;
use tower_sessions::Session;

/// `/sign-in`, its second step, and `/sign-out`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sign-in", get(ask).post(sign_in))
        .route("/sign-in/code", get(ask_code).post(take_code))
        .route("/sign-out", post(sign_out))
}

#[derive(Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Typed {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn ask(
    State(app): State<App>,
    session: Session,
    Query(Next { next }): Query<Next>,
) -> Result<Response, Fault> {
    if session::signed_in(&app, &session).await?.is_some() {
        return Ok(Redirect::to(within_the_desk(&next)).into_response());
    }
    Ok(page(&app, "", &next, None).into_response())
}

async fn sign_in(
    State(app): State<App>,
    address: ClientAddress,
    session: Session,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let account = staff::tidy_email(&typed.email);
    let again = |problem| page(&app, &typed.email, &typed.next, Some(problem));
    if let Err(wait) = app.failures.begin(&account, &address.0, clock::now_ms()) {
        return Ok(too_many(wait, again(words::SIGN_IN_WAIT)));
    }
    let known = staff::login(&app.db.pool, &account).await?;
    let (id, hashed) = known.unzip();
    let fits = passwords::verify(typed.password.clone(), hashed).await?;
    let present = match id {
        Some(id) if fits => accounts::present(&app.db.pool, id).await?,
        _ => None,
    };
    let Some(present) = present else {
        let page = again(words::SIGN_IN_WRONG);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if present.has_two_step {
        // Whoever knows the password and guesses codes starts no new count by typing it again.
        app.failures.was_none(&account, &address.0);
        session::begin(&session, &present, typed.next).await?;
        return Ok(Redirect::to("/staff/sign-in/code").into_response());
    }
    app.failures.succeeded(&account, &address.0);
    session::start(&app, &session, present.staff.id).await?;
    Ok(Redirect::to(within_the_desk(&typed.next)).into_response())
}

fn too_many(Wait(seconds): Wait, page: Html<String>) -> Response {
    let retry = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
    (StatusCode::TOO_MANY_REQUESTS, retry, page).into_response()
}

async fn ask_code(State(app): State<App>, session: Session) -> Result<Response, Fault> {
    if session::half(&app, &session).await?.is_none() {
        return Ok(Redirect::to("/staff/sign-in").into_response());
    }
    Ok(code_page(&app, None).into_response())
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

async fn take_code(
    State(app): State<App>,
    address: ClientAddress,
    session: Session,
    Form(typed): Form<Code>,
) -> Result<Response, Fault> {
    let Some(half) = session::half(&app, &session).await? else {
        return Ok(Redirect::to("/staff/sign-in").into_response());
    };
    if let Err(wait) = app.failures.begin(&half.email, &address.0, clock::now_ms()) {
        return Ok(too_many(wait, code_page(&app, Some(words::SIGN_IN_WAIT))));
    }
    let passed = session::second_step(&app, half.id, typed.code).await?;
    if passed == Passed::No {
        let page = code_page(&app, Some(own::CODE_WRONG));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.failures.succeeded(&half.email, &address.0);
    session::start(&app, &session, half.id).await?;
    let next = match passed {
        // It says how many are left.
        Passed::Recovery => "/staff/account?done=recovery",
        _ => within_the_desk(&half.next),
    };
    Ok(Redirect::to(next).into_response())
}

async fn sign_out(session: Session) -> Result<Redirect, Fault> {
    cookies::end(&session).await?;
    Ok(Redirect::to("/staff/sign-in"))
}

/// Only a path of the desk: never another site, whatever the link said.
fn within_the_desk(next: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-');
    let fine = next.starts_with("/staff/") && next.chars().all(plain) && next != "/staff/sign-in";
    if fine { next } else { "/staff/sign-ups" }
}

fn page(app: &App, email: &str, next: &str, problem: Option<Text>) -> Html<String> {
    let main = html! {
        h1 { (words::SIGN_IN_TITLE.get()) }
        @if let Some(problem) = problem {
            p.problem role="alert" id="problem" { (problem.get()) }
        }
        form.stack.card method="post" action="/staff/sign-in" {
            input type="hidden" name="next" value=(next);
            div.field {
                label for="email" { (words::EMAIL.get()) }
                input id="email" name="email" type="email" autocomplete="username" required value=(email);
            }
            div.field {
                label for="password" { (words::PASSWORD.get()) }
                input id="password" name="password" type="password" autocomplete="current-password" required;
            }
            button { (words::SIGN_IN.get()) }
        }
        p.soft { (words::SIGN_IN_HELP.get()) }
    };
    alone(app, words::SIGN_IN_TITLE.get(), &main)
}

fn code_page(app: &App, problem: Option<Text>) -> Html<String> {
    let main = html! {
        h1 { (own::CODE_TITLE.get()) }
        @if let Some(problem) = problem {
            p.problem role="alert" id="problem" { (problem.get()) }
        }
        form.stack.card method="post" action="/staff/sign-in/code" {
            (code_field("code"))
            button { (words::SIGN_IN.get()) }
        }
        p.soft { (own::CODE_HELP.get()) }
        p.back { a href="/staff/sign-in" { (own::CODE_BACK.get()) } }
    };
    alone(app, own::CODE_TITLE.get(), &main)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_stays_on_the_desk() {
        assert_eq!(within_the_desk("/staff/check-ins"), "/staff/check-ins");
        for elsewhere in [
            "",
            "https://example.org/staff/",
            "//example.org/staff/",
            "/staff/\\example.org",
            "/staff/../",
            "/take-part",
        ] {
            assert_eq!(within_the_desk(elsewhere), "/staff/sign-ups", "{elsewhere}");
        }
    }
}
