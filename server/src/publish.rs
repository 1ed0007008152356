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

/// Publishes a new session with all its places free.
///
/// # Errors
/// What the database says.
pub async fn session(
    transaction: &mut AnyConnection,
    id: SessionId,
    it: &Session,
) -> Result<(), Error> {
    opportunities::add_session(transaction, id, it).await?;
    record(transaction, kind::SESSION, id.to_string(), json(it)).await
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
