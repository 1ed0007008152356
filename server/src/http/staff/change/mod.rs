//! One change at the desk: its words as everyone will read them, how far it has come, and what may be done next.
//! Writing it and seeing it as a member does stand in files of their own. Staff of any team may do all of it with any
//! change, leads with those of their groups; each step is in the audit log under a name.

mod edit;
mod preview;
mod show;
mod step;

use super::{changes::called, desk::Desk, fault::Fault};
use crate::{
    commands::changes::ChangeDone,
    db::{
        changes::{self, ChangeRow},
        desk::groups::Choice,
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        change::{ChangePart, NotYet},
        id::ChangeId,
    },
    lang::{Text, en::changes as words},
};
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

/// `/changes/{id}` and what is below it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/changes/{id}", get(show::open))
        .route("/changes/{id}/edit", get(edit::open).post(edit::keep))
        .route("/changes/{id}/autosave", post(edit::autosave))
        .route("/changes/{id}/preview", get(preview::show))
        .route("/changes/{id}/step", post(step::take))
        .route("/changes/{id}/correct", post(step::correct))
        .route(
            "/changes/{id}/take-down",
            get(step::ask_take_down).post(step::take_down),
        )
        .route(
            "/changes/{id}/forget",
            get(step::sure_to_throw).post(step::throw_away),
        )
}

/// A change with all that the desk shows of it.
pub struct Whole {
    /// The change.
    pub row: ChangeRow,
    /// The groups whose work it may be.
    pub groups: Vec<Choice>,
    /// The one that is being written to stand in its place.
    pub correction: Option<ChangeId>,
}

impl Whole {
    /// Its id.
    pub fn id(&self) -> ChangeId {
        self.row.id
    }

    /// What it is called on the desk.
    pub fn title(&self) -> String {
        called(&self.row.plan.you_said)
    }

    /// Its address.
    pub fn path(&self) -> String {
        format!("/staff/changes/{}", self.row.id)
    }

    /// "Back to this change", for pages below it.
    pub fn back(&self) -> maud::Markup {
        maud::html! { p.back { a href=(self.path()) { (words::BACK.get()) } } }
    }
}

/// A change by the id in its address, if whoever asks reaches it.
///
/// # Errors
/// Not found, or what the database says.
pub async fn load(app: &App, desk: &Desk, id: &str) -> Result<Whole, Error> {
    let id: ChangeId = id.parse().map_err(|_| Error::NotFound)?;
    let (row, correction) = {
        let mut reader = app.db.reader().await?;
        desk.reach.change(&mut *reader, id).await?;
        let row = changes::find(&mut reader, id).await?;
        (row, changes::correction(&mut reader, id).await?)
    };
    Ok(Whole {
        groups: super::changes::choices(app, desk.reach, row.plan.group).await?,
        row,
        correction,
    })
}

/// Back to the change, saying what was done.
fn back_to(id: ChangeId, done: &str) -> Response {
    Redirect::to(&format!("/staff/changes/{id}?done={done}")).into_response()
}

/// Why nothing was changed, in words; none if it was done.
fn held_up(done: &ChangeDone) -> Option<String> {
    Some(match done {
        ChangeDone::Done | ChangeDone::Kept(_) | ChangeDone::Correcting(_) => return None,
        ChangeDone::Changed => words::NOT_CHANGED.get().to_owned(),
        ChangeDone::Not(NotYet::From(_)) => words::NOT_FROM.get().to_owned(),
        ChangeDone::Not(NotYet::Missing(parts)) => missing_parts(parts),
        ChangeDone::Not(NotYet::OwnWords) => words::OWN_WORDS.get().to_owned(),
        ChangeDone::Not(NotYet::SayWhy) => words::SURE_TAKE_DOWN_MISSING.get().to_owned(),
        ChangeDone::PutRightAlready => words::NOT_PUT_RIGHT.get().to_owned(),
        ChangeDone::NotTheirs => words::GROUP_NEEDED.get().to_owned(),
    })
}

/// What it needs before anyone can agree.
fn missing_parts(parts: &[ChangePart]) -> String {
    let named = parts.iter().map(|part| part_name(*part).get());
    let named: Vec<&str> = named.collect();
    words::MISSING.fill(&[("parts", &named.join(", "))])
}

fn part_name(part: ChangePart) -> Text {
    match part {
        ChangePart::YouSaid => words::PART_YOU_SAID,
        ChangePart::WeDid => words::PART_WE_DID,
        ChangePart::Why => words::PART_WHY,
        ChangePart::WhoTookPart => words::PART_WHO,
    }
}

/// What `/changes/{id}` pages are given.
type Page = Result<Response, Fault>;

/// The page that says what holds something up.
async fn show_problem(app: &App, desk: &Desk, id: ChangeId, problem: &str) -> Page {
    use axum::http::StatusCode;
    let whole = load(app, desk, &id.to_string()).await?;
    let page = show::page(desk, &whole, None, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
