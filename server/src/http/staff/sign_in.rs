//! Signing in and out. What is answered tells nobody which accounts exist: an unknown one costs the
//! same work, has the same answer, and counts as a failure like a known one.

use super::{
    desk::{SIGNED_IN, alone, signed_in},
    fault::Fault,
};
use crate::{
    clock,
    db::staff,
    error::Error,
    http::{client::ClientAddress, cookies},
    staff::{failures::Wait, passwords},
    state::App,
};
use app::{domain::id::StaffId, lang::en::desk as words};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::html;
use serde::Deserialize;
use tower_sessions::{Expiry, Session, cookie::time::Duration};

/// A working day: then the password is asked for again, however busy the day was.
const SIGNED_IN_FOR: Duration = Duration::hours(12);

/// `/sign-in` and `/sign-out`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sign-in", get(ask).post(sign_in))
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
    if signed_in(&app, &session).await?.is_some() {
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
    if let Err(Wait(seconds)) = app.failures.begin(&account, &address.0, clock::now_ms()) {
        let page = page(
            &app,
            &typed.email,
            &typed.next,
            Some(words::SIGN_IN_WAIT.get()),
        );
        let retry = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
        return Ok((StatusCode::TOO_MANY_REQUESTS, retry, page).into_response());
    }
    let known = staff::login(&app.db.pool, &account).await?;
    let (id, hashed) = known.unzip();
    let fits = passwords::verify(typed.password, hashed).await?;
    match id {
        Some(id) if fits => {
            app.failures.succeeded(&account, &address.0);
            start(&session, id).await?;
            Ok(Redirect::to(within_the_desk(&typed.next)).into_response())
        }
        _ => {
            let page = page(
                &app,
                &typed.email,
                &typed.next,
                Some(words::SIGN_IN_WRONG.get()),
            );
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Signs `id` in, under a new cookie: one that was set before signing in opens nothing.
///
/// # Errors
/// What the session store says.
pub async fn start(session: &Session, id: StaffId) -> Result<(), Error> {
    cookies::end(session).await?;
    session
        .insert(SIGNED_IN, id)
        .await
        .map_err(|problem| Error::Internal(format!("a session: {problem}")))?;
    session.set_expiry(Some(Expiry::AtDateTime(
        tower_sessions::cookie::time::OffsetDateTime::now_utc() + SIGNED_IN_FOR,
    )));
    Ok(())
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

fn page(app: &App, email: &str, next: &str, problem: Option<&str>) -> axum::response::Html<String> {
    let main = html! {
        h1 { (words::SIGN_IN_TITLE.get()) }
        @if let Some(problem) = problem {
            p.problem role="alert" id="problem" { (problem) }
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
