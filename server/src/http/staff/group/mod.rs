//! One involvement group at the desk: what members see of it, how far it has come, and who looks after it. Every
//! member of staff sees that much. A lead sees the groups that they lead, writes their pages and looks after what is
//! inside; how far a group has come and who looks after it is for staff. What is inside, its people's names and what they write, is for those who look after
//! it alone ([`inside`]): the pages refuse everyone else, and so does what they ask for below this layer.

mod edit;
mod leads;
mod message;
mod messages;
mod people;
mod preview;
mod show;
mod step;

use super::{desk::Desk, fault::Fault};
use crate::{
    commands::group_desk::{self, GroupDone},
    db::{
        desk::groups::{self as desk_groups, Leading},
        groups::{self, GroupRow},
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        group::{GroupPart, GroupState},
        id::GroupId,
    },
    lang::{Text, en::groups as words},
};
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

/// `/groups/{id}` and what is below it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/groups/{id}", get(show::open))
        .route("/groups/{id}/edit", get(edit::open).post(edit::keep))
        .route("/groups/{id}/step", post(step::take))
        .route("/groups/{id}/end", get(step::ask_end).post(step::end))
        .route(
            "/groups/{id}/forget",
            get(step::sure_to_throw).post(step::throw_away),
        )
        .route("/groups/{id}/leads", post(leads::account))
        .route("/groups/{id}/backup", post(leads::backup))
        .route("/groups/{id}/people", get(people::list))
        .route(
            "/groups/{id}/people/{person}",
            get(people::open).post(people::act),
        )
        .route(
            "/groups/{id}/messages",
            get(messages::list).post(messages::write),
        )
        .route(
            "/groups/{id}/messages/{message}",
            get(message::open).post(message::act),
        )
}

/// A group with all that the desk shows every member of staff of it.
pub struct Whole {
    /// The group.
    pub row: GroupRow,
    /// Who looks after it.
    pub leading: Leading,
    /// How many belong.
    pub people: i64,
    /// Whether who asks looks after it.
    pub reads: bool,
    /// Whether who asks may say who looks after it.
    pub may_name: bool,
}

impl Whole {
    /// Its id.
    pub fn id(&self) -> GroupId {
        self.row.id
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        &self.row.record.title
    }

    /// Its address.
    pub fn path(&self) -> String {
        format!("/staff/groups/{}", self.row.id)
    }

    /// How far it has come.
    pub fn state(&self) -> GroupState {
        self.row.record.state
    }

    /// "Back to …", for pages below it.
    pub fn back(&self) -> maud::Markup {
        let back = words::BACK.fill(&[("title", self.title())]);
        maud::html! { p.back { a href=(self.path()) { (back) } } }
    }
}

/// A group by the id in its address.
///
/// # Errors
/// Not found, or what the database says.
pub async fn load(app: &App, desk: &Desk, id: &str) -> Result<Whole, Error> {
    let id: GroupId = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = app.db.reader().await?;
    desk.reach.group(&mut *reader, id).await?;
    let row = groups::find(&mut reader, id)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Whole {
        leading: desk_groups::leading(&mut reader, id).await?,
        people: desk_groups::count_people(&mut *reader, id).await?,
        reads: desk_groups::reads(&mut *reader, desk.staff.id, id).await?,
        may_name: group_desk::may_name(&mut reader, desk.staff.id, &row).await?,
        row,
    })
}

/// The same for pages of what is inside: for those who look after it.
async fn inside(app: &App, desk: &Desk, id: &str) -> Result<Whole, Error> {
    let whole = load(app, desk, id).await?;
    if whole.reads {
        Ok(whole)
    } else {
        Err(Error::Forbidden)
    }
}

/// Back to the group, saying what was done.
fn back_to(id: GroupId, done: &str) -> Response {
    Redirect::to(&format!("/staff/groups/{id}?done={done}")).into_response()
}

/// Why nothing was changed, in words; none if it was done.
fn held_up(done: &GroupDone) -> Option<String> {
    Some(match done {
        GroupDone::Done => return None,
        GroupDone::Changed | GroupDone::NotFrom => words::NOT_FROM.get().to_owned(),
        GroupDone::Missing(parts) if parts.is_empty() => words::NOT_MISSING.get().to_owned(),
        GroupDone::Missing(parts) => missing_parts(parts),
        GroupDone::HasOpportunities(1) => words::NOT_THROWN_ONE.get().to_owned(),
        GroupDone::HasOpportunities(many) => {
            words::NOT_THROWN_MANY.fill(&[("count", &many.to_string())])
        }
    })
}

/// What it needs before it can open.
fn missing_parts(parts: &[GroupPart]) -> String {
    let named = parts.iter().map(|part| part_name(*part).get());
    let named: Vec<&str> = named.collect();
    words::MISSING.fill(&[("parts", &named.join(", "))])
}

fn part_name(part: GroupPart) -> Text {
    match part {
        GroupPart::Title => words::PART_TITLE,
        GroupPart::Does => words::PART_DOES,
        GroupPart::Agreement => words::PART_AGREEMENT,
        GroupPart::LedBy => words::PART_LED_BY,
        GroupPart::Lead => words::PART_LEAD,
        GroupPart::Backup => words::PART_BACKUP,
    }
}

/// What `/groups/{id}` pages are given.
type Page = Result<Response, Fault>;

/// The page that says what holds something up.
async fn show_problem(app: &App, desk: &Desk, whole: &Whole, problem: &str) -> Page {
    use axum::http::StatusCode;
    let page = show::page(app, desk, whole, None, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
