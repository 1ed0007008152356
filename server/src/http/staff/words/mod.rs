//! Our words at the desk: the list of documents, bringing one in, its next version, and the board of what people say
//! about it. Staff and admins see all of them, a lead those of the groups that they lead. Of who said something no more
//! is shown than they chose; what a group's people write about it is for those who look after that group alone.

mod board;
mod bring_in;
mod change;
mod decide;
mod file;
mod list;
mod merge;
mod parts;
mod suggestion;
mod version;

use super::{desk::Desk, fault::Fault};
use crate::{
    commands::words_desk,
    db::{
        groups,
        words::{
            self, DocumentRow,
            suggestions::{self, SuggestionRow},
        },
    },
    error::Error,
    state::App,
};
use app::domain::id::{DocumentId, SuggestionId};
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};

/// `/words` and what is below it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/words", get(list::list))
        .route("/words/new", get(bring_in::open).post(bring_in::keep))
        .route("/words/file", post(file::take))
        .route("/words/{id}", get(board::open))
        .route("/words/{id}/change", get(change::open).post(change::keep))
        .route(
            "/words/{id}/version",
            get(version::open).post(version::publish),
        )
        .route("/words/{id}/versions/{version}", get(version::read))
        .route(
            "/words/{id}/suggestions/{suggestion}",
            get(suggestion::open).post(suggestion::act),
        )
        .route(
            "/words/{id}/suggestions/{suggestion}/decide",
            get(decide::open).post(decide::decide),
        )
        .route(
            "/words/{id}/suggestions/{suggestion}/merge",
            get(merge::open).post(merge::merge),
        )
}

/// What pages are given.
type Page = Result<Response, Fault>;

/// A document with what its pages say of it.
struct Whole {
    row: DocumentRow,
    /// The name of the group that works on it.
    group: Option<String>,
}

impl Whole {
    fn id(&self) -> DocumentId {
        self.row.id
    }

    fn title(&self) -> &str {
        &self.row.details.title
    }

    fn path(&self) -> String {
        format!("/staff/words/{}", self.row.id)
    }
}

/// A document by the id in its address.
///
/// # Errors
/// Not found, or what the database says.
async fn load(app: &App, desk: &Desk, id: &str) -> Result<Whole, Error> {
    let id: DocumentId = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = app.db.reader().await?;
    let row = words::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
    words_desk::in_reach(&mut reader, desk.reach, &row).await?;
    let group = match row.details.group {
        Some(group) => groups::find(&mut reader, group).await?,
        None => None,
    };
    Ok(Whole {
        row,
        group: group.map(|group| group.record.title),
    })
}

/// Something that was said about it, by the id in its address.
///
/// # Errors
/// Not found, or what the database says.
async fn find(app: &App, whole: &Whole, id: &str) -> Result<SuggestionRow, Error> {
    let id: SuggestionId = id.parse().map_err(|_| Error::NotFound)?;
    let found = suggestions::find(&mut *app.db.reader().await?, id).await?;
    let found = found.filter(|found| found.document == whole.id());
    found.ok_or(Error::NotFound)
}
