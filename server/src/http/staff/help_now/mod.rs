//! The lines of Help now, as staff keep them. Everyone on the desk sees them and can say that one was
//! checked: that takes a call, not a role. Changing, placing and taking away is for admins, because a
//! wrong digit reaches every phone at once.

mod form;
mod preview;
mod take_away;

use super::{
    desk::{Admin, Desk, Way},
    fault::Fault,
    when::say_date,
};
use crate::{
    clock,
    commands::help_lines as commands,
    db::{
        help_lines::{self, Kept},
        staff::Role,
    },
    error::Error,
    state::App,
};
use app::{
    domain::{help_line::HelpLine, id::HelpLineId},
    lang::{Text, en::help_lines as words},
    ui::lines::{built_in, shown},
};
use axum::{
    Form, Router,
    extract::{Path, Query, State},
    response::{Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/help-now` and all that is done there.
pub fn router() -> Router<App> {
    Router::new()
        .route("/help-now", get(list))
        .route("/help-now/start", post(start))
        .route("/help-now/{id}/checked", post(checked))
        .route("/help-now/{id}/place", post(place))
        .merge(form::router())
        .merge(take_away::router())
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

/// What is said after something was done.
fn said(done: &str) -> Option<Text> {
    Some(match done {
        "checked" => words::DONE_CHECKED,
        "added" => words::DONE_ADDED,
        "changed" => words::DONE_CHANGED,
        "placed" => words::DONE_PLACED,
        "gone" => words::DONE_GONE,
        "started" => words::DONE_STARTED,
        _ => return None,
    })
}

/// Back to the list, at the line that something was done with.
fn back(done: &str, id: HelpLineId) -> Redirect {
    Redirect::to(&format!("/staff/help-now?done={done}#line-{id}"))
}

fn read_id(id: &str) -> Result<HelpLineId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let lines = help_lines::all(&mut *app.db.reader().await?).await?;
    let is_admin = desk.staff.role == Role::Admin;
    let title = words::TITLE.get();
    let main = html! {
        h1 { (title) }
        p.soft { (words::UNDER.get()) " " (if is_admin { words::UNDER_ADMIN } else { words::UNDER_STAFF }.get()) }
        @if let Some(done) = said(&asked.done) { p.notice role="status" { (done.get()) } }
        (warnings(&desk, &lines))
        @if is_admin && !lines.is_empty() {
            p { a.button href="/staff/help-now/new" { (words::ADD.get()) } }
        }
        div.beside {
            @if lines.is_empty() { (none_yet(is_admin)) } @else { (all(&desk, &lines)) }
            (preview::whole(&as_members_see(&lines)))
        }
    };
    Ok(desk.page(Way::HelpNow, title, false, &main).await?)
}

/// What phones show: the built-in lines where there are none.
fn as_members_see(lines: &[(HelpLineId, Kept)]) -> Vec<HelpLine> {
    if lines.is_empty() {
        return built_in();
    }
    lines.iter().map(|(_, kept)| kept.line.clone()).collect()
}

fn warnings(desk: &Desk, lines: &[(HelpLineId, Kept)]) -> Markup {
    let today = desk.clock.today();
    let due = lines.iter().filter(|(_, kept)| kept.is_due(&today)).count();
    let has_999 = lines.is_empty() || lines.iter().any(|(_, kept)| kept.line.dialled() == "999");
    html! {
        @if due > 0 {
            div.card.due {
                p { strong {
                    @if due == 1 { (words::DUE_ONE.get()) }
                    @else { (words::DUE_MANY.fill(&[("count", &due.to_string())])) }
                } }
                p { (words::DUE_UNDER.get()) }
            }
        }
        @if !has_999 { p.problem { (words::NO_999.get()) } }
    }
}

fn none_yet(is_admin: bool) -> Markup {
    html! {
        section.card.stack aria-labelledby="none" {
            h2 id="none" { (words::EMPTY.get()) }
            p { (words::EMPTY_UNDER.get()) }
            @if is_admin {
                a.button href="/staff/help-now/new" { (words::ADD.get()) }
                form method="post" action="/staff/help-now/start" {
                    button.plain { (words::START.get()) }
                }
            }
        }
    }
}

fn all(desk: &Desk, lines: &[(HelpLineId, Kept)]) -> Markup {
    html! {
        ol.help-lines {
            @for at in 0..lines.len() { (one(desk, lines, at)) }
        }
    }
}

fn one(desk: &Desk, lines: &[(HelpLineId, Kept)], at: usize) -> Markup {
    let (id, kept) = &lines[at];
    let it = shown(&kept.line);
    let is_due = kept.is_due(&desk.clock.today());
    html! {
        li.card id={ "line-" (id) } {
            h2 { (it.title) }
            p { (it.about) }
            @if is_due { p { span.mark.waits { (words::IS_DUE.get()) } } }
            p.soft { (when_checked(kept)) }
            div.actions {
                form method="post" action={ "/staff/help-now/" (id) "/checked" } {
                    button.plain[!is_due] { (words::CHECKED.get()) (of(&kept.line)) }
                }
                @if desk.staff.role == Role::Admin { (for_admins(lines, at)) }
            }
        }
    }
}

/// Which line a button is about, for those who hear it on its own.
fn of(line: &HelpLine) -> Markup {
    html! { span.unseen { " " (line.label) } }
}

fn for_admins(lines: &[(HelpLineId, Kept)], at: usize) -> Markup {
    let (id, kept) = &lines[at];
    let behind = |at: usize| at.checked_sub(1).map(|at| lines[at].0);
    let up = at.checked_sub(1).map(behind);
    let down = lines.get(at + 1).map(|(id, _)| Some(*id));
    html! {
        a.button.plain href={ "/staff/help-now/" (id) } { (words::CHANGE.get()) (of(&kept.line)) }
        @for (words, to) in [(words::UP, up), (words::DOWN, down)] {
            @if let Some(after) = to {
                form method="post" action={ "/staff/help-now/" (id) "/place" } {
                    input type="hidden" name="after" value=(id_or_first(after));
                    button.plain { (words.get()) (of(&kept.line)) }
                }
            }
        }
        a.button.plain href={ "/staff/help-now/" (id) "/take-away" } {
            (words::TAKE_AWAY.get()) (of(&kept.line))
        }
    }
}

/// A place in the order, as a form's field: behind a line, or first.
fn id_or_first(after: Option<HelpLineId>) -> String {
    after.map(|id| id.to_string()).unwrap_or_default()
}

fn when_checked(kept: &Kept) -> String {
    let by = kept.checked_by.as_deref();
    let checked = match (kept.line.checked_on.as_deref(), by) {
        (Some(day), Some(by)) => words::CHECKED_BY.fill(&[("day", &say_date(day)), ("who", by)]),
        (Some(day), None) => words::CHECKED_ON.fill(&[("day", &say_date(day))]),
        (None, _) => words::CHECKED_NEVER.get().to_owned(),
    };
    let again = kept
        .check_by
        .as_deref()
        .filter(|_| kept.line.checked_on.is_some());
    let again = again.map(|day| words::CHECK_BY.fill(&[("day", &say_date(day))]));
    [Some(checked), again]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

async fn checked(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Redirect, Fault> {
    let id = read_id(&id)?;
    let (by, today) = (desk.staff.clone(), desk.clock.today());
    app.writer
        .run(move |tx| {
            Box::pin(async move { commands::check(tx, clock::now_ms(), &by, id, &today).await })
        })
        .await?;
    Ok(back("checked", id))
}

#[derive(Deserialize)]
struct Placed {
    #[serde(default)]
    after: String,
}

async fn place(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
    Form(Placed { after }): Form<Placed>,
) -> Result<Redirect, Fault> {
    let id = read_id(&id)?;
    let (by, after) = (desk.staff.id, after.parse().ok());
    app.writer
        .run(move |tx| Box::pin(commands::place(tx, clock::now_ms(), by, (id, after))))
        .await?;
    Ok(back("placed", id))
}

async fn start(State(app): State<App>, Admin(desk): Admin) -> Result<Redirect, Fault> {
    let by = desk.staff.id;
    app.writer
        .run(move |tx| Box::pin(commands::start(tx, clock::now_ms(), by)))
        .await?;
    Ok(Redirect::to("/staff/help-now?done=started"))
}
