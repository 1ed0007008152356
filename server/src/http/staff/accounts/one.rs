//! One account: its name, role and teams, and what helps when something went wrong.

use super::super::{
    desk::{Admin, Desk, Way},
    fault::Fault,
    kept::Fields,
    parts,
    prove::Fresh,
};
use super::{Typed, fields, last, on_or_off, say_groups};
use crate::{
    db::{
        accounts::{self, Line},
        staff::Role,
        teams,
    },
    error::Error,
    staff::accounts::{self as work, By, Outcome},
    state::App,
};
use app::{
    domain::id::StaffId,
    lang::{
        Text,
        en::{accounts as words, desk as desk_words},
    },
};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};

/// `/accounts/{id}` and what can be done there.
pub fn router() -> Router<App> {
    Router::new()
        .route("/accounts/{id}", get(open).post(change))
        .route("/accounts/{id}/disable", post(disable))
        .route("/accounts/{id}/enable", post(enable))
        .route("/accounts/{id}/sign-out", post(sign_out))
        .route("/accounts/{id}/reset-two-step", post(reset_two_step))
}

async fn load(app: &App, id: &str) -> Result<Line, Error> {
    let id: StaffId = id.parse().map_err(|_| Error::NotFound)?;
    accounts::find(&mut *app.db.reader().await?, id).await
}

async fn open(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let line = load(&app, &id).await?;
    Ok(page(&app, &desk, &line, &Typed::of(&line), None).await?)
}

async fn change(
    State(app): State<App>,
    Fresh(Admin(desk)): Fresh<Admin>,
    Path(id): Path<String>,
    Form(pairs): Form<Fields>,
) -> Result<Response, Fault> {
    let line = load(&app, &id).await?;
    let typed = Typed::read(pairs);
    let teams = teams::all(&mut *app.db.reader().await?).await?;
    let details = match typed.details(&teams) {
        Ok(details) => details,
        Err(problem) => return wrong(&app, &desk, &line, &typed, problem).await,
    };
    let (by, id) = (desk.staff.id, line.id);
    let is_own_farewell = by == id && details.role != Role::Admin;
    let outcome = app
        .writer
        .run(move |tx| Box::pin(async move { work::change(tx, By::now(by), id, &details).await }))
        .await?;
    match outcome {
        Outcome::LastAdmin => wrong(&app, &desk, &line, &typed, words::LAST_ADMIN).await,
        // The list is for admins.
        Outcome::Done if is_own_farewell => Ok(Redirect::to("/staff/account").into_response()),
        Outcome::Done => Ok(done("kept")),
    }
}

async fn wrong(
    app: &App,
    desk: &Desk,
    line: &Line,
    typed: &Typed,
    problem: Text,
) -> Result<Response, Fault> {
    let page = page(app, desk, line, typed, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("/staff/accounts?done={what}")).into_response()
}

async fn disable(
    State(app): State<App>,
    Fresh(Admin(desk)): Fresh<Admin>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let line = load(&app, &id).await?;
    let (by, id) = (desk.staff.id, line.id);
    let outcome = app
        .writer
        .run(move |tx| Box::pin(async move { work::disable(tx, By::now(by), id).await }))
        .await?;
    match outcome {
        Outcome::LastAdmin => wrong(&app, &desk, &line, &Typed::of(&line), words::LAST_ADMIN).await,
        Outcome::Done => Ok(done("disabled")),
    }
}

async fn enable(
    State(app): State<App>,
    Fresh(Admin(desk)): Fresh<Admin>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (by, id) = (desk.staff.id, load(&app, &id).await?.id);
    app.writer
        .run(move |tx| Box::pin(async move { work::enable(tx, By::now(by), id).await }))
        .await?;
    Ok(done("enabled"))
}

async fn sign_out(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (by, id) = (desk.staff.id, load(&app, &id).await?.id);
    app.writer
        .run(move |tx| Box::pin(async move { work::sign_out(tx, By::now(by), id).await }))
        .await?;
    Ok(done("signed-out"))
}

async fn reset_two_step(
    State(app): State<App>,
    Fresh(Admin(desk)): Fresh<Admin>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (by, id) = (desk.staff.id, load(&app, &id).await?.id);
    app.writer
        .run(move |tx| Box::pin(async move { work::reset_two_step(tx, By::now(by), id).await }))
        .await?;
    Ok(done("reset"))
}

async fn page(
    app: &App,
    desk: &Desk,
    line: &Line,
    typed: &Typed,
    problem: Option<Text>,
) -> Result<Response, Error> {
    let teams = teams::all(&mut *app.db.reader().await?).await?;
    let main = html! {
        p.back { a href="/staff/accounts" { (words::ALL.get()) } }
        h1 { (line.name) @if line.stopped_at.is_some() { " " span.mark.over { (words::DISABLED.get()) } } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        section.card {
            dl.facts {
                (parts::fact(desk_words::EMAIL.get(), &html! { (line.email) }))
                @if line.role == Role::Lead { (parts::fact(words::LEADS.get(), &say_groups(app, line.id).await?)) }
                (parts::fact(words::TWO_STEP.get(), &html! { (on_or_off(line.has_two_step)) }))
                (parts::fact(words::COLUMN_SIGNED_IN.get(), &html! { (last(desk, line.signed_in_at)) }))
                @if let Some(at) = line.stopped_at {
                    (parts::fact(words::DISABLED.get(), &html! { (desk.clock.say(at)) }))
                }
            }
        }
        form.stack.card method="post" action={ "/staff/accounts/" (line.id) } {
            (fields(typed, &teams))
            button { (words::KEEP.get()) }
        }
        (help(line))
    };
    desk.page(Way::Accounts, &line.name, false, &main).await
}

fn help(line: &Line) -> Markup {
    html! {
        @if line.stopped_at.is_some() {
            (act(line, "enable", words::ENABLE, words::ENABLE_WHY))
        } @else {
            (act(line, "sign-out", words::SIGN_OUT_EVERYWHERE, words::SIGN_OUT_THEM_WHY))
            @if line.has_two_step {
                (act(line, "reset-two-step", words::RESET, words::RESET_WHY))
            }
            (act(line, "disable", words::DISABLE, words::DISABLE_WHY))
        }
    }
}

fn act(line: &Line, action: &str, name: Text, why: Text) -> Markup {
    let who = [("who", line.name.as_str())];
    html! {
        section.card aria-labelledby=(action) {
            h2 id=(action) { (name.get()) }
            p.soft { (why.fill(&who)) }
            form method="post" action={ "/staff/accounts/" (line.id) "/" (action) } {
                button.plain { (name.get()) }
            }
        }
    }
}
