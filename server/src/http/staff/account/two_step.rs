//! Setting two-step sign-in up on one's phone, new recovery codes, and turning it off. Codes are shown
//! once, in the answer that makes them: they stand in no table and in no address.

use super::super::{
    desk::{Desk, Run, SignedIn, Way, alone},
    fault::Fault,
    prove::Fresh,
    session,
};
use crate::{
    clock,
    db::{staff::Role, two_step as db},
    error::Error,
    http::qr,
    staff::{
        accounts::{By, did},
        two_step,
    },
    state::App,
};
use app::lang::{
    Text,
    en::{accounts as words, desk as desk_words},
};
use axum::{
    Form, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;
use tower_sessions::Session;

/// `/account/two-step` and `/account/recovery-codes`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/account/two-step", get(ask).post(turn_on))
        .route("/account/two-step/off", post(turn_off))
        .route("/account/recovery-codes", post(new_codes))
}

async fn ask(
    State(app): State<App>,
    Fresh(SignedIn(desk)): Fresh<SignedIn>,
    session: Session,
) -> Result<Response, Fault> {
    if desk.has_two_step {
        return Ok(Redirect::to("/staff/account").into_response());
    }
    let key = session::new_key(&session).await?;
    Ok(set_up(&app, &desk, &key, None).await?)
}

#[derive(Deserialize)]
struct Typed {
    code: String,
}

async fn turn_on(
    State(app): State<App>,
    Fresh(SignedIn(desk)): Fresh<SignedIn>,
    session: Session,
    Form(Typed { code }): Form<Typed>,
) -> Result<Response, Fault> {
    if desk.has_two_step {
        return Ok(Redirect::to("/staff/account").into_response());
    }
    let key = session::new_key(&session).await?;
    let Some(step) = two_step::step_of(&key, &code, clock::now_ms())? else {
        let page = set_up(&app, &desk, &key, Some(words::SET_UP_CODE_WRONG)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let codes = two_step::new_recovery_codes();
    let (hash_key, id, kept) = (app.hash_key.clone(), desk.staff.id, codes.clone());
    let is_on = app
        .writer
        .run(move |tx| {
            Box::pin(async move {
                // Another tab may have been first: its key is on the phone then.
                if !db::turn_on(tx, id, &key, step).await? {
                    return Ok(false);
                }
                two_step::keep_recovery_codes(tx, &hash_key, id, &kept).await?;
                By::now(id).did(tx, did::TWO_STEP_ON, id).await?;
                Ok(true)
            })
        })
        .await?;
    session::forget_new_key(&session).await?;
    if !is_on {
        return Ok(Redirect::to("/staff/account").into_response());
    }
    Ok(show_codes(&desk, &codes, Some(words::TWO_STEP_IS_ON)).await?)
}

async fn turn_off(State(app): State<App>, Fresh(desk): Fresh<Run>) -> Result<Redirect, Fault> {
    let id = desk.staff.id;
    let is_admin = desk.staff.role == Role::Admin;
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                if is_admin && db::is_for_admins(&mut *tx).await? {
                    return Err(Error::Forbidden);
                }
                db::turn_off(tx, id).await?;
                By::now(id).did(tx, did::TWO_STEP_OFF, id).await
            })
        })
        .await?;
    Ok(Redirect::to("/staff/account?done=two-step-off"))
}

async fn new_codes(State(app): State<App>, Fresh(desk): Fresh<Run>) -> Result<Response, Fault> {
    if !desk.has_two_step {
        return Ok(Redirect::to("/staff/account").into_response());
    }
    let codes = two_step::new_recovery_codes();
    let (key, id, kept) = (app.hash_key.clone(), desk.staff.id, codes.clone());
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                two_step::keep_recovery_codes(tx, &key, id, &kept).await?;
                By::now(id).did(tx, did::NEW_CODES, id).await
            })
        })
        .await?;
    Ok(show_codes(&desk, &codes, None).await?)
}

async fn set_up(
    app: &App,
    desk: &Desk,
    key: &str,
    problem: Option<Text>,
) -> Result<Response, Error> {
    let must = desk.must_set_up_two_step().await?;
    let (size, path) = qr::picture(&two_step::address(key, &desk.email))?;
    let title = words::SET_UP_TITLE.get();
    let main = html! {
        @if !must {
            p.back { a href="/staff/account" { (words::TO_MINE.get()) } }
        }
        h1 { (title) }
        @if must { p.notice { (words::SET_UP_MUST.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action="/staff/account/two-step" {
            p { (words::SET_UP_APP.get()) }
            (picture(size, &path))
            p { (words::SET_UP_KEY.get()) }
            p.key { (two_step::spoken(key)) }
            div.field {
                label for="code" { (words::SET_UP_CODE.get()) }
                p.soft id="code-hint" { (words::SET_UP_CODE_HINT.get()) }
                input.code id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="12" aria-describedby="code-hint";
            }
            button { (words::TURN_ON.get()) }
        }
        @if must {
            form method="post" action="/staff/sign-out" { button.quiet { (desk_words::SIGN_OUT.get()) } }
        }
    };
    if must {
        // The rest of the desk is shut: no way leads there yet.
        return Ok(alone(app, title, &main).into_response());
    }
    desk.page(Way::Account, title, false, &main).await
}

/// Dark on light, whatever the colours of the page: cameras need it so.
fn picture(size: u32, path: &str) -> Markup {
    html! {
        svg.qr viewBox={ "0 0 " (size) " " (size) } role="img" aria-label=(words::SET_UP_PICTURE.get()) shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

async fn show_codes(desk: &Desk, codes: &[String], first: Option<Text>) -> Result<Response, Error> {
    let title = words::CODES_TITLE.get();
    let main = html! {
        h1 { (title) }
        @if let Some(first) = first { p.notice role="status" { (first.get()) } }
        section.card {
            p { (words::CODES_WHY.get()) }
            ol.codes {
                @for code in codes { li { (code) } }
            }
            p { strong { (words::CODES_ONCE.get()) } }
        }
        p.no-print { a.button href="/staff/account" { (words::CODES_KEPT.get()) } }
    };
    desk.page(Way::Account, title, false, &main).await
}
