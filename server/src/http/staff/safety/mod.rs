//! "I'm worried about someone's safety": the organisation's procedure and whom to ring come first,
//! then the form for the record. Anyone on the desk writes; only those whom an admin named read; admins
//! set the procedure, the names and the readers. Nothing that was typed is lost: whatever stands in the
//! way, the page that says so holds the words.

mod form;
mod guide;
mod place;
mod read;
mod settings;
mod write;

use crate::state::App;
use axum::Router;

/// Everything under `/safety`, and `…/safety` of a check-in or a sign-up.
pub fn router() -> Router<App> {
    write::router()
        .merge(read::router())
        .merge(settings::router())
}
