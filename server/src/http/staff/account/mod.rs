//! My account: one's own password, two-step sign-in, calendar address, and signing out everywhere. There is no id in these
//! addresses: nobody changes another person's.

mod calendar;
mod two_step;

use super::{
    accounts::{role, say_teams},
    desk::{Desk, Way},
    fault::Fault,
    invite::{new_password_field, unfit_words},
    parts, session,
};
use crate::{
    clock,
    db::{
        accounts::{self, Line},
        staff::Role,
        two_step as db_two_step,
    },
    error::Error,
    http::{client::ClientAddress, cookies},
    staff::{
        accounts::{self as work, By},
        choice, passwords,
    },
    state::App,
};
use app::lang::{
    Text,
    en::{accounts as words, desk as desk_words},
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;
use tower_sessions::Session;

/// `/account` and what is below it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/account", get(show))
        .route("/account/password", post(change_password))
        .route("/account/sign-out-everywhere", post(sign_out_everywhere))
        .merge(two_step::router())
        .merge(calendar::router())
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn show(
    State(app): State<App>,
    desk: Desk,
    Query(Asked { done }): Query<Asked>,
) -> Result<Response, Fault> {
    let done = match done.as_str() {
        "joined" => Some(words::DONE_JOINED),
        "recovery" => Some(words::DONE_RECOVERY),
        "password" => Some(words::DONE_PASSWORD),
        "two-step-off" => Some(words::DONE_TWO_STEP_OFF),
        _ => None,
    };
    Ok(page(&app, &desk, done, None).await?)
}

#[derive(Deserialize)]
struct Passwords {
    current: String,
    password: String,
}

async fn change_password(
    State(app): State<App>,
    desk: Desk,
    address: ClientAddress,
    session: Session,
    Form(typed): Form<Passwords>,
) -> Result<Response, Fault> {
    let id = desk.staff.id;
    let problem = match app.failures.begin(&desk.email, &address.0, clock::now_ms()) {
        Err(_) => Some(desk_words::SIGN_IN_WAIT),
        Ok(()) => {
            let hashed = accounts::password(&app.db.pool, id).await?;
            if passwords::verify(typed.current, hashed).await? {
                app.failures.was_none(&desk.email, &address.0);
                let names = [desk.email.as_str(), desk.staff.name.as_str()];
                choice::unfit(&typed.password, &names).map(unfit_words)
            } else {
                Some(words::CURRENT_WRONG)
            }
        }
    };
    if let Some(problem) = problem {
        let page = page(&app, &desk, None, Some(problem)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hashed = passwords::hash(typed.password).await?;
    app.writer
        .run(move |tx| {
            Box::pin(async move { work::set_password(tx, By::now(id), id, &hashed).await })
        })
        .await?;
    session::go_on(&app, &session, id).await?;
    Ok(Redirect::to("/staff/account?done=password").into_response())
}

async fn sign_out_everywhere(
    State(app): State<App>,
    desk: Desk,
    session: Session,
) -> Result<Redirect, Fault> {
    let id = desk.staff.id;
    app.writer
        .run(move |tx| Box::pin(async move { work::sign_out(tx, By::now(id), id).await }))
        .await?;
    cookies::end(&session).await?;
    Ok(Redirect::to("/staff/sign-in"))
}

async fn page(
    app: &App,
    desk: &Desk,
    done: Option<Text>,
    problem: Option<Text>,
) -> Result<Response, Error> {
    let mut reader = app.db.reader().await?;
    let own = accounts::find(&mut reader, desk.staff.id).await?;
    let codes_left = db_two_step::codes_left(&mut *reader, own.id).await?;
    let is_asked = db_two_step::is_for_admins(&mut *reader).await?;
    drop(reader);
    let title = words::MINE.get();
    let main = html! {
        h1 { (title) }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        (facts(&own))
        (two_step_section(&own, codes_left, is_asked))
        (password_section(problem))
        (calendar::section())
        section.card aria-labelledby="out" {
            h2 id="out" { (words::SIGN_OUT_EVERYWHERE.get()) }
            p.soft { (words::SIGN_OUT_WHY.get()) }
            form method="post" action="/staff/account/sign-out-everywhere" {
                button.plain { (words::SIGN_OUT_EVERYWHERE.get()) }
            }
        }
    };
    desk.page(Way::Account, title, false, &main).await
}

fn facts(own: &Line) -> Markup {
    html! {
        section.card {
            dl.facts {
                (parts::fact(words::NAME.get(), &html! { (own.name) }))
                (parts::fact(desk_words::EMAIL.get(), &html! { (own.email) }))
                (parts::fact(words::ROLE.get(), &html! { (role(own.role)) }))
                (parts::fact(desk_words::TEAMS.get(), &say_teams(&own.teams)))
            }
            p.soft { (words::FACTS_HOW.get()) }
        }
    }
}

fn two_step_section(own: &Line, codes_left: i64, is_asked: bool) -> Markup {
    let must = is_asked && own.role == Role::Admin;
    html! {
        section.card aria-labelledby="two-step" {
            h2 id="two-step" { (words::TWO_STEP.get()) }
            @if own.has_two_step {
                p { span.mark { (words::TWO_STEP_ON.get()) } }
                p { (say_left(codes_left)) }
                div.actions {
                    form method="post" action="/staff/account/recovery-codes" {
                        button.plain { (words::NEW_CODES.get()) }
                    }
                    @if !must {
                        form method="post" action="/staff/account/two-step/off" {
                            button.plain { (words::TURN_OFF.get()) }
                        }
                    }
                }
                @if must { p.soft { (words::TWO_STEP_MUST.get()) } }
            } @else {
                p.soft { (words::TWO_STEP_WHY.get()) }
                p { a.button href="/staff/account/two-step" { (words::TURN_ON.get()) } }
            }
        }
    }
}

fn say_left(left: i64) -> String {
    match left {
        0 => words::CODES_NONE.get().to_owned(),
        1 => words::CODES_ONE.get().to_owned(),
        left => words::CODES_LEFT.fill(&[("count", &left.to_string())]),
    }
}

fn password_section(problem: Option<Text>) -> Markup {
    html! {
        section.card aria-labelledby="own-password" {
            h2 id="own-password" { (words::CHANGE_PASSWORD.get()) }
            @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
            form.stack method="post" action="/staff/account/password" {
                div.field {
                    label for="current" { (words::CURRENT_PASSWORD.get()) }
                    input id="current" name="current" type="password" autocomplete="current-password" required;
                }
                (new_password_field(words::NEW_PASSWORD))
                button { (words::CHANGE_PASSWORD.get()) }
            }
            p.soft { (words::CHANGE_PASSWORD_ENDS.get()) }
        }
    }
}
