//! "Is it still you?": the password again, and the code where there is one, before what would do most
//! harm in the hands of somebody who found the desk open. A handler asks for it by taking [`Fresh`]:
//!
//! ```text
//! async fn export(State(app): State<App>, Fresh(desk): Fresh<Desk>) -> Result<Response, Fault> { … }
//! async fn disable(State(app): State<App>, Fresh(Admin(desk)): Fresh<Admin>) -> Result<Response, Fault> { … }
//! ```
//!
//! What was being opened or sent goes on afterwards, with every word that was typed (see `kept`).

use super::{
    desk::{Desk, SignedIn, alone},
    fault::Fault,
    kept::{Fields, Kept, Question, hidden},
    session,
};
use crate::{
    clock,
    db::accounts,
    error::Error,
    http::client::ClientAddress,
    staff::{failures::Wait, passwords, two_step::Passed},
    state::App,
};
use app::{
    domain::time::Millis,
    lang::{
        Text,
        en::{accounts as words, desk as desk_words},
    },
};
use axum::{
    Form, Router,
    extract::{FromRequestParts, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::post,
};
use maud::{Markup, html};
use tower_sessions::Session;

/// How long a proof holds.
const FRESH_FOR_MS: Millis = 10 * 60 * 1000;

const TO: &str = "prove.to";
const HOW: &str = "prove.how";
const PASSWORD: &str = "prove.password";
const CODE: &str = "prove.code";

/// `/prove`.
pub fn router() -> Router<App> {
    Router::new().route("/prove", post(prove))
}

/// Someone who proved who they are in the last ten minutes: wraps [`Desk`] or `Admin`.
pub struct Fresh<D>(pub D);

impl<D> FromRequestParts<App> for Fresh<D>
where
    D: FromRequestParts<App, Rejection = Fault> + AsRef<Desk>,
{
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        // Whether they may at all comes first.
        let who = D::from_request_parts(parts, app).await?;
        let desk = who.as_ref();
        let now = clock::now_ms();
        let is_fresh = |at: Millis| (0..FRESH_FOR_MS).contains(&(now - at));
        if desk.proved_at.is_some_and(is_fresh) {
            return Ok(Self(who));
        }
        Err(Fault::Ask(Question::Prove {
            has_two_step: desk.has_two_step,
        }))
    }
}

/// What is asked, beside what is kept.
#[derive(Default)]
struct Typed {
    password: String,
    code: String,
}

/// Takes a form of [`page`] apart.
fn read(pairs: Fields) -> (Kept, Typed) {
    let mut typed = Typed::default();
    let mut fields = Fields::new();
    let (mut to, mut is_form) = (String::new(), false);
    for (name, value) in pairs {
        match name.as_str() {
            TO => to = value,
            HOW => is_form = value == "post",
            PASSWORD => typed.password = value,
            CODE => typed.code = value,
            _ => fields.push((name, value)),
        }
    }
    if !is_of_the_desk(&to) {
        (to, is_form) = ("/staff/sign-ups".to_owned(), false);
    }
    let form = is_form.then_some(fields);
    (Kept { to, form }, typed)
}

/// Only an address of the desk: never another site's.
fn is_of_the_desk(to: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && c != '\\';
    to.starts_with("/staff/") && !to.contains("/../") && to.chars().all(plain)
}

async fn prove(
    State(app): State<App>,
    SignedIn(desk): SignedIn,
    address: ClientAddress,
    session: Session,
    Form(pairs): Form<Fields>,
) -> Result<Response, Fault> {
    let (kept, typed) = read(pairs);
    let begun = app.failures.begin(&desk.email, &address.0, clock::now_ms());
    if let Err(Wait(seconds)) = begun {
        let page = page(
            &app,
            &kept,
            desk.has_two_step,
            Some(desk_words::SIGN_IN_WAIT),
        );
        let retry = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
        return Ok((StatusCode::TOO_MANY_REQUESTS, retry, page).into_response());
    }
    if !is_them(&app, &desk, typed).await? {
        let problem = if desk.has_two_step {
            words::PROVE_WRONG_BOTH
        } else {
            words::PROVE_WRONG
        };
        let page = page(&app, &kept, desk.has_two_step, Some(problem));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.failures.succeeded(&desk.email, &address.0);
    session::proved(&session).await?;
    Ok(match kept.form {
        // The browser sends the same form there: 307 keeps method and fields.
        Some(_) => Redirect::temporary(&kept.to),
        None => Redirect::to(&kept.to),
    }
    .into_response())
}

/// The password comes first: a code is used up by being right.
async fn is_them(app: &App, desk: &Desk, typed: Typed) -> Result<bool, Error> {
    let hashed = accounts::password(&app.db.pool, desk.staff.id).await?;
    if !passwords::verify(typed.password, hashed).await? {
        return Ok(false);
    }
    if !desk.has_two_step {
        return Ok(true);
    }
    let passed = session::second_step(app, desk.staff.id, typed.code).await?;
    Ok(passed != Passed::No)
}

/// The page that asks. It leads on to what it keeps.
pub fn page(app: &App, kept: &Kept, has_two_step: bool, problem: Option<Text>) -> Html<String> {
    let title = words::PROVE_TITLE.get();
    let how = if kept.form.is_some() { "post" } else { "get" };
    let main = html! {
        h1 { (title) }
        p.soft { (words::PROVE_WHY.get()) }
        @if kept.form.is_some() { p.soft { (words::PROVE_KEPT.get()) } }
        @if let Some(problem) = problem {
            p.problem role="alert" { (problem.get()) }
        }
        form.stack.card method="post" action="/staff/prove" {
            (hidden(&[(TO.to_owned(), kept.to.clone()), (HOW.to_owned(), how.to_owned())]))
            (hidden(kept.form.as_deref().unwrap_or_default()))
            div.field {
                label for="password" { (desk_words::PASSWORD.get()) }
                input id="password" name=(PASSWORD) type="password" autocomplete="current-password" required;
            }
            @if has_two_step { (code_field(CODE)) }
            button { (words::GO_ON.get()) }
        }
        p.back { a href="/staff/sign-ups" { (desk_words::TO_THE_DESK.get()) } }
    };
    alone(app, title, &main)
}

/// Where a code of the phone is typed, or a recovery code.
pub fn code_field(name: &str) -> Markup {
    html! {
        div.field {
            label for="code" { (words::CODE.get()) }
            p.soft id="code-hint" { (words::CODE_HINT.get()) }
            input.code id="code" name=(name) autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" required maxlength="40" aria-describedby="code-hint";
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(all: &[(&str, &str)]) -> Fields {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        all.iter().map(own).collect()
    }

    #[test]
    fn what_was_sent_and_what_is_asked_are_taken_apart() {
        let (kept, typed) = read(pairs(&[
            (TO, "/staff/accounts/1?done=kept"),
            (HOW, "post"),
            ("team", "a"),
            ("team", "b"),
            (PASSWORD, "secret"),
        ]));
        assert_eq!(kept.to, "/staff/accounts/1?done=kept");
        assert_eq!(kept.form, Some(pairs(&[("team", "a"), ("team", "b")])));
        assert_eq!(typed.password, "secret");
    }

    #[test]
    fn it_leads_nowhere_but_to_the_desk() {
        for elsewhere in [
            "",
            "https://example.org/staff/",
            "//example.org/staff/",
            "/staff/../join",
            "/staff/\\example.org",
            "/staff/a\nb",
            "/join",
        ] {
            let (kept, _) = read(pairs(&[(TO, elsewhere), (HOW, "post"), ("a", "b")]));
            assert_eq!((kept.to.as_str(), kept.form), ("/staff/sign-ups", None));
        }
    }
}
