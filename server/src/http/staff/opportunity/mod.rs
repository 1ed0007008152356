//! One opportunity at the desk: how far it has come, what may be done next, its sessions. Writing it, seeing it as a
//! member does, ending it, the letter and the poster stand in files of their own. Staff of any team may do all of it:
//! opportunities are the organisation's, and each step is in the audit log under a name. Leads do it with those of their groups.

mod edit;
mod end;
mod fields;
mod letter;
mod poster;
mod preview;
mod show;
mod step;

pub use end::{ended_card, sends};
pub use show::{room, session_state};

use super::{desk::Desk, fault::Fault};
use crate::{
    commands::programme::ProgrammeDone,
    db::{
        changes,
        desk::groups::{self, Choice},
        edits::{self, Edit},
        opportunities,
        reach::Reach,
        sessions::{self, SessionRow},
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        change::{ChangeState, SourceKind},
        id::{ChangeId, OpportunityId},
        opportunity::Opportunity,
        plan::Plan,
        programme::Not,
    },
    lang::en::{groups as group_words, programme as words},
};
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

/// `/opportunities/{id}` and what is below it, but for its sessions.
pub fn router() -> Router<App> {
    Router::new()
        .route("/opportunities/{id}", get(show::open))
        .route("/opportunities/{id}/edit", get(edit::open).post(edit::keep))
        .route("/opportunities/{id}/autosave", post(edit::autosave))
        .route("/opportunities/{id}/preview", get(preview::show))
        .route("/opportunities/{id}/step", get(step::sure).post(step::take))
        .route(
            "/opportunities/{id}/forget",
            get(step::sure_to_forget).post(step::forget),
        )
        .route(
            "/opportunities/{id}/report",
            get(end::ask_report).post(end::report),
        )
        .route(
            "/opportunities/{id}/cancel",
            get(end::ask_cancel).post(end::cancel),
        )
        .route(
            "/opportunities/{id}/letter",
            get(letter::ask).post(letter::make),
        )
        .route("/opportunities/{id}/poster", get(poster::open))
}

/// An opportunity with all that the desk shows of it.
pub struct Whole {
    /// Its id.
    pub id: OpportunityId,
    /// What members see, or would.
    pub record: Opportunity,
    /// The version of its words.
    pub version: i64,
    /// What is written and not shown yet.
    pub edit: Option<Edit>,
    /// Its sessions, soonest first.
    pub sessions: Vec<SessionRow>,
    /// What changed because of it, as far as it is written.
    pub changes: Vec<(ChangeId, ChangeState)>,
    /// The groups to which whoever asks may put it: those that go on, and those that were chosen for it before.
    pub groups: Vec<Choice>,
}

impl Whole {
    /// All that is written: the edit if there is one.
    pub fn plan(&self) -> Plan {
        let edit = self.edit.as_ref().map(|edit| edit.plan.clone());
        edit.unwrap_or_else(|| Plan::of(&self.record))
    }

    /// The group to which it belongs by all that is written.
    pub fn group(&self) -> Option<&Choice> {
        let id = self.plan().group?;
        self.groups.iter().find(|group| group.id == id)
    }

    /// What it is called on the desk.
    pub fn title(&self) -> String {
        super::opportunities::called(&self.record.title).to_owned()
    }

    /// Its address.
    pub fn path(&self) -> String {
        format!("/staff/opportunities/{}", self.id)
    }
}

/// An opportunity by the id in its address, if whoever asks reaches it.
///
/// # Errors
/// Not found, or what the database says.
pub async fn load(app: &App, reach: Reach, id: &str) -> Result<Whole, Error> {
    let id: OpportunityId = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = app.db.reader().await?;
    reach.opportunity(&mut *reader, id).await?;
    let row = opportunities::find(&mut reader, id).await?;
    let edit = edits::find(&mut reader, id).await?;
    let chosen = row.record.more().and_then(|more| more.group).into_iter();
    let chosen = chosen.chain(edit.as_ref().and_then(|edit| edit.plan.group));
    let chosen: Vec<_> = chosen.collect();
    Ok(Whole {
        id,
        record: row.record,
        version: row.version,
        edit,
        sessions: sessions::of_opportunity(&mut reader, id).await?,
        changes: changes::of_source(&mut reader, (SourceKind::Opportunity, id.0)).await?,
        groups: groups::choices(&mut reader, reach, &chosen).await?,
    })
}

/// Back to the opportunity, saying what was done.
fn back_to(id: OpportunityId, done: &str) -> Response {
    Redirect::to(&format!("/staff/opportunities/{id}?done={done}")).into_response()
}

/// Why nothing was changed, in words; none if it was done.
pub fn held_up(done: &ProgrammeDone) -> Option<String> {
    let count = |count: usize| count.to_string();
    Some(match done {
        ProgrammeDone::Done | ProgrammeDone::Kept(_) => return None,
        ProgrammeDone::Changed | ProgrammeDone::Not(Not::From(_)) => {
            words::NOT_FROM.get().to_owned()
        }
        ProgrammeDone::Not(Not::Missing(_)) => words::NOT_MISSING.get().to_owned(),
        ProgrammeDone::Not(Not::ToCome(1)) => words::NOT_TO_COME_ONE.get().to_owned(),
        ProgrammeDone::Not(Not::ToCome(many)) => {
            words::NOT_TO_COME_MANY.fill(&[("count", &count(*many))])
        }
        ProgrammeDone::Not(Not::SayMore) => words::NOT_SAY_MORE.get().to_owned(),
        ProgrammeDone::NoLonger => words::NOT_NO_LONGER.get().to_owned(),
        ProgrammeDone::Given(many) => words::NOT_GIVEN.fill(&[("count", &many.to_string())]),
        ProgrammeDone::Asked => words::NOT_ASKED.get().to_owned(),
        ProgrammeDone::GroupNotShown => group_words::NOT_SHOWN_YET.get().to_owned(),
        ProgrammeDone::Drawn => words::NOT_DRAWN.get().to_owned(),
        ProgrammeDone::NotTheirs => words::NOT_THEIRS.get().to_owned(),
    })
}

/// What `/opportunities/{id}` pages are given: the desk, about this one.
type Page = Result<Response, Fault>;

/// The page that says what holds something up.
async fn show_problem(desk: &Desk, whole: &Whole, problem: &str) -> Page {
    use axum::http::StatusCode;
    let page = show::page(desk, whole, None, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
