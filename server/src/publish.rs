//! Putting public things out: their row and their record in the feed, in one transaction.

use crate::{
    db::{
        feed::{self, Entry},
        help_lines, opportunities,
        word::json,
    },
    error::Error,
};
use app::domain::{
    help_line::HelpLine,
    id::{HelpLineId, OpportunityId, SessionId},
    opportunity::{Opportunity, Session},
    places::Places,
    record::kind,
};
use sqlx::AnyConnection;

/// Publishes a new opportunity.
///
/// # Errors
/// What the database says.
pub async fn opportunity(
    transaction: &mut AnyConnection,
    id: OpportunityId,
    it: &Opportunity,
) -> Result<(), Error> {
    opportunities::add(transaction, id, it).await?;
    record(transaction, kind::OPPORTUNITY, id.to_string(), json(it)).await
}

/// Publishes a new session with all its places free; its room follows from them.
///
/// # Errors
/// What the database says.
pub async fn session(
    transaction: &mut AnyConnection,
    id: SessionId,
    mut it: Session,
) -> Result<(), Error> {
    let places = Places {
        limit: it.places,
        gives: it.gives,
        open: true,
        taken: 0,
        queue: Vec::new(),
    };
    it.room = places.room();
    opportunities::add_session(transaction, id, &it).await?;
    record(transaction, kind::SESSION, id.to_string(), json(&it)).await
}

/// Publishes a new help line.
///
/// # Errors
/// What the database says.
pub async fn help_line(
    transaction: &mut AnyConnection,
    id: HelpLineId,
    it: &HelpLine,
) -> Result<(), Error> {
    help_lines::add(transaction, id, it).await?;
    record(transaction, kind::HELP_LINE, id.to_string(), json(it)).await
}

async fn record(
    transaction: &mut AnyConnection,
    kind: &'static str,
    id: String,
    body: String,
) -> Result<(), Error> {
    let entry = Entry {
        scope: feed::PUBLIC.to_owned(),
        kind,
        id,
        body: Some(body),
        is_new: true,
    };
    feed::write(transaction, vec![entry]).await
}
