//! The accounts of those who work here, for admins: who they are, who is invited, and whether admins
//! must use two-step sign-in. Nothing here lets anybody act as another person.

mod invite;
mod one;
mod said;
mod typed;

pub use said::said;
use typed::{Typed, fields};

use super::{
    desk::{Admin, Desk, Way},
    fault::Fault,
    prove::Fresh,
};
use crate::{
    db::{
        accounts::{self, Line},
        desk::groups::choices,
        invites::{self, Invite},
        reach::Reach,
        staff::Role,
        two_step,
    },
    error::Error,
    staff::accounts::{self as work, By},
    state::App,
};
use app::{
    domain::{
        id::{StaffId, TeamId},
        time::Millis,
    },
    lang::{
        Text,
        en::{accounts as words, desk as desk_words},
    },
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

/// `/accounts` and what is below it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/accounts", get(list))
        .route("/accounts/two-step", post(set_two_step))
        .merge(invite::router())
        .merge(one::router())
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn list(
    State(app): State<App>,
    Admin(desk): Admin,
    Query(Asked { done }): Query<Asked>,
) -> Result<Response, Fault> {
    let done = match done.as_str() {
        "kept" => Some(words::DONE_KEPT),
        "disabled" => Some(words::DONE_DISABLED),
        "enabled" => Some(words::DONE_ENABLED),
        "signed-out" => Some(words::DONE_SIGNED_OUT),
        "reset" => Some(words::DONE_RESET),
        "uninvited" => Some(words::DONE_UNINVITED),
        "must" => Some(words::DONE_MUST),
        "need-not" => Some(words::DONE_NEED_NOT),
        _ => None,
    };
    Ok(page(&app, &desk, done, None).await?)
}

#[derive(Deserialize)]
struct Asks {
    #[serde(default)]
    must: String,
}

/// Whoever asks it of others uses it: so the desk is never shut for all admins at once.
async fn set_two_step(
    State(app): State<App>,
    Fresh(Admin(desk)): Fresh<Admin>,
    Form(Asks { must }): Form<Asks>,
) -> Result<Response, Fault> {
    let (must, by) = (must == "yes", desk.staff.id);
    if must && !desk.has_two_step {
        let page = page(&app, &desk, None, Some(words::MUST_OWN_FIRST)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.writer
        .run(move |tx| {
            Box::pin(async move { work::ask_two_step_of_admins(tx, By::now(by), must).await })
        })
        .await?;
    let done = if must { "must" } else { "need-not" };
    Ok(Redirect::to(&format!("/staff/accounts?done={done}")).into_response())
}

async fn page(
    app: &App,
    desk: &Desk,
    done: Option<Text>,
    problem: Option<Text>,
) -> Result<Response, Error> {
    let mut reader = app.db.reader().await?;
    let all = accounts::all(&mut reader).await?;
    let invited = invites::open(&mut *reader).await?;
    let must = two_step::is_for_admins(&mut *reader).await?;
    drop(reader);
    let title = words::TITLE.get();
    let main = html! {
        h1 { (title) }
        p.soft { (words::UNDER.get()) }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        p { a.button href="/staff/accounts/invite" { (words::INVITE.get()) } }
        (table(desk, &all))
        @if !invited.is_empty() { (invitations(desk, &invited)) }
        (two_step_for_admins(must))
    };
    desk.page(Way::Accounts, title, false, &main).await
}

fn table(desk: &Desk, all: &[Line]) -> Markup {
    let columns = [
        desk_words::COLUMN_WHO,
        words::ROLE,
        desk_words::TEAMS,
        words::COLUMN_TWO_STEP,
        words::COLUMN_SIGNED_IN,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th role="columnheader" scope="col" { (column.get()) } }
                    th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for line in all { (row(desk, line, columns)) }
            }
        }
    }
}

fn row(desk: &Desk, line: &Line, columns: [Text; 5]) -> Markup {
    html! {
        tr role="row" {
            td.who role="cell" {
                div {
                    (line.name)
                    @if line.stopped_at.is_some() { " " span.mark.over { (words::DISABLED.get()) } }
                    p.soft.email { (line.email) }
                }
            }
            td.short role="cell" data-label=(columns[1].get()) { (role(line.role)) }
            td role="cell" data-label=(columns[2].get()) { (say_teams(&line.teams)) }
            td role="cell" data-label=(columns[3].get()) { (on_or_off(line.has_two_step)) }
            td role="cell" data-label=(columns[4].get()) { (last(desk, line.signed_in_at)) }
            td.act role="cell" {
                a.button href={ "/staff/accounts/" (line.id) } aria-label=(words::OPEN_ACCOUNT.fill(&[("who", &line.name)])) {
                    (desk_words::OPEN.get())
                }
            }
        }
    }
}

fn last(desk: &Desk, at: Option<Millis>) -> String {
    at.map_or_else(|| words::NOT_YET.get().to_owned(), |at| desk.clock.say(at))
}

fn invitations(desk: &Desk, invited: &[Invite]) -> Markup {
    html! {
        section.card aria-labelledby="invited" {
            h2 id="invited" { (words::INVITED.get()) }
            @for invite in invited {
                div.phone-row {
                    p {
                        strong { (invite.name) } ", " (invite.email) br;
                        (role(invite.role)) ". " (until(desk, invite))
                    }
                    div.actions {
                        form method="post" action={ "/staff/accounts/invites/" (invite.id) "/again" } {
                            button.plain { (words::INVITE_AGAIN.get()) span.unseen { ": " (invite.name) } }
                        }
                        form method="post" action={ "/staff/accounts/invites/" (invite.id) "/end" } {
                            button.plain { (words::UNINVITE.get()) span.unseen { ": " (invite.name) } }
                        }
                    }
                }
            }
        }
    }
}

/// Who invited them, and until when the address works.
fn until(desk: &Desk, invite: &Invite) -> String {
    let when = desk.clock.say_in_full(invite.ends_at);
    let words = if invite.ends_at > desk.clock.now() {
        words::INVITED_UNTIL
    } else {
        words::INVITED_ENDED
    };
    words.fill(&[("by", &invite.by), ("when", &when)])
}

fn two_step_for_admins(must: bool) -> Markup {
    let (now, value, change) = if must {
        (words::MUST_ON, "no", words::MUST_TURN_OFF)
    } else {
        (words::MUST_OFF, "yes", words::MUST_TURN_ON)
    };
    html! {
        section.card aria-labelledby="must" {
            h2 id="must" { (words::MUST.get()) }
            p { strong { (now.get()) } }
            p.soft { (words::MUST_WHY.get()) }
            form method="post" action="/staff/accounts/two-step" {
                button.plain name="must" value=(value) { (change.get()) }
            }
        }
    }
}

/// A role in words.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => words::ROLE_ADMIN.get(),
        Role::Staff => words::ROLE_STAFF.get(),
        Role::Lead => words::ROLE_LEAD.get(),
    }
}

/// Teams in words.
pub fn say_teams(teams: &[(TeamId, String)]) -> Markup {
    let names: Vec<&str> = teams.iter().map(|(_, name)| name.as_str()).collect();
    html! {
        @if names.is_empty() { (words::NO_TEAMS.get()) } @else { (names.join(", ")) }
    }
}

/// The groups that a lead runs from the desk, in words.
///
/// # Errors
/// What the database says.
pub async fn say_groups(app: &App, lead: StaffId) -> Result<Markup, Error> {
    let mut reader = app.db.reader().await?;
    let groups = choices(&mut reader, Reach::Led(lead), &[]).await?;
    let names: Vec<&str> = groups.iter().map(|group| group.title.as_str()).collect();
    Ok(html! {
        @if names.is_empty() { (words::LEADS_NONE.get()) } @else { (names.join(", ")) }
    })
}

fn on_or_off(is_on: bool) -> &'static str {
    if is_on {
        words::TWO_STEP_ON.get()
    } else {
        words::TWO_STEP_OFF.get()
    }
}
