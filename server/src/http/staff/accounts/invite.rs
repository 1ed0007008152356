//! Inviting someone: the address that leads them in is shown once, in the answer that makes it, for the
//! admin to pass on. It goes out in no mail: a mail of Chorus never holds what opens something.

use super::super::{
    desk::{Admin, Desk, Way},
    fault::Fault,
    kept::Fields,
    parts,
    prove::Fresh,
};
use super::{Typed, fields};
use crate::{
    clock,
    db::{
        invites::Invite,
        staff::tidy_email,
        teams::{self, TeamRow},
    },
    error::Error,
    http::client::origin,
    staff::{
        accounts::By,
        invites::{self as work, Secret, Taken},
    },
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
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::html;
use uuid::Uuid;

/// `/accounts/invite`, and what is done with an invitation.
pub fn router() -> Router<App> {
    Router::new()
        .route("/accounts/invite", get(ask).post(invite))
        .route("/accounts/invites/{id}/again", post(again))
        .route("/accounts/invites/{id}/end", post(end))
}

async fn ask(State(app): State<App>, Fresh(Admin(desk)): Fresh<Admin>) -> Result<Response, Fault> {
    let teams = teams::all(&mut *app.db.reader().await?).await?;
    let typed = Typed {
        role: "staff".to_owned(),
        ..Typed::default()
    };
    Ok(form(&desk, &typed, &teams, None).await?)
}

async fn invite(
    State(app): State<App>,
    Fresh(Admin(desk)): Fresh<Admin>,
    headers: HeaderMap,
    Form(pairs): Form<Fields>,
) -> Result<Response, Fault> {
    let typed = Typed::read(pairs);
    let teams = teams::all(&mut *app.db.reader().await?).await?;
    let new = match read(&desk, &typed, &teams) {
        Ok(new) => new,
        Err(problem) => return wrong(&desk, &typed, &teams, problem).await,
    };
    let (by, name) = (desk.staff.id, new.name.clone());
    let invited = app
        .writer
        .run(move |tx| Box::pin(async move { work::invite(tx, By::now(by), &new).await }))
        .await?;
    match invited {
        Ok(secret) => Ok(show(&app, &desk, &headers, &name, &secret).await?),
        Err(Taken::Account) => wrong(&desk, &typed, &teams, words::TAKEN_ACCOUNT).await,
        Err(Taken::Invited) => wrong(&desk, &typed, &teams, words::TAKEN_INVITED).await,
    }
}

fn read(desk: &Desk, typed: &Typed, teams: &[TeamRow]) -> Result<Invite, Text> {
    let details = typed.details(teams)?;
    let email = parts::short(&typed.email).filter(|email| email.contains('@'));
    Ok(Invite {
        id: StaffId(Uuid::now_v7()),
        email: tidy_email(&email.ok_or(words::NEEDS_EMAIL)?),
        name: details.name,
        role: details.role,
        teams: details.teams,
        by: desk.staff.name.clone(),
        // When it ends is for whoever makes the address.
        ends_at: clock::now_ms(),
    })
}

async fn wrong(
    desk: &Desk,
    typed: &Typed,
    teams: &[TeamRow],
    problem: Text,
) -> Result<Response, Fault> {
    let page = form(desk, typed, teams, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn again(
    State(app): State<App>,
    Fresh(Admin(desk)): Fresh<Admin>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (id, by) = (id.parse().map_err(|_| Error::NotFound)?, desk.staff.id);
    let (invite, secret) = app
        .writer
        .run(move |tx| Box::pin(async move { work::again(tx, By::now(by), id).await }))
        .await?;
    Ok(show(&app, &desk, &headers, &invite.name, &secret).await?)
}

async fn end(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
) -> Result<Redirect, Fault> {
    let (id, by) = (id.parse().map_err(|_| Error::NotFound)?, desk.staff.id);
    app.writer
        .run(move |tx| Box::pin(async move { work::end(tx, By::now(by), id).await }))
        .await?;
    Ok(Redirect::to("/staff/accounts?done=uninvited"))
}

/// Shown once, here: it stands in no table and in no address of the desk.
async fn show(
    app: &App,
    desk: &Desk,
    headers: &HeaderMap,
    name: &str,
    secret: &Secret,
) -> Result<Response, Error> {
    let who = [("who", name)];
    let title = words::ADDRESS_TITLE.fill(&who);
    let address = format!("{}/staff/invite/{}", origin(app, headers), secret.text);
    let until = desk.clock.say_in_full(secret.ends_at);
    let main = html! {
        p.back { a href="/staff/accounts" { (words::ALL.get()) } }
        h1 { (title) }
        section.card {
            p.key { (address) }
            p { (words::ADDRESS_HOW.fill(&who)) }
            p { (words::ADDRESS_UNTIL.fill(&[("when", &until)])) }
            p { strong { (words::ADDRESS_ONCE.get()) } }
        }
    };
    desk.page(Way::Accounts, &title, false, &main).await
}

async fn form(
    desk: &Desk,
    typed: &Typed,
    teams: &[TeamRow],
    problem: Option<Text>,
) -> Result<Response, Error> {
    let title = words::INVITE.get();
    let main = html! {
        p.back { a href="/staff/accounts" { (words::ALL.get()) } }
        h1 { (title) }
        p.soft { (words::INVITE_HOW.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action="/staff/accounts/invite" {
            div.field {
                label for="email" { (desk_words::EMAIL.get()) }
                p.soft id="email-hint" { (words::EMAIL_HINT.get()) }
                input id="email" name="email" type="email" autocomplete="off" required maxlength="200" aria-describedby="email-hint" value=(typed.email);
            }
            (fields(typed, teams))
            button { (words::INVITE_DO.get()) }
        }
    };
    desk.page(Way::Accounts, title, false, &main).await
}
