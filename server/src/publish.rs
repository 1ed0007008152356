//! Putting things out: their row and their record in the feed, in one transaction.

use crate::{
    db::{
        feed::{self, Entry, member_scope},
        help_lines::{self, Kept},
        members, opportunities,
        sessions::{self, SessionRow},
        teams,
        word::json,
    },
    error::Error,
    reading,
};
use app::domain::{
    help_line::HelpLine,
    id::{HelpLineId, MemberId, OpportunityId, SessionId, TeamId},
    opportunity::{Opportunity, Session},
    places::Places,
    record::kind,
    time::Millis,
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

/// Publishes an opportunity that changed, or that members did not see until now.
///
/// # Errors
/// What the database says.
pub async fn opportunity_again(
    transaction: &mut AnyConnection,
    id: OpportunityId,
    it: &Opportunity,
) -> Result<(), Error> {
    again(transaction, kind::OPPORTUNITY, id.to_string(), json(it)).await
}

/// Publishes a new session with all its places free; its room follows from them.
///
/// # Errors
/// What the database says.
pub async fn session(
    transaction: &mut AnyConnection,
    id: SessionId,
    it: Session,
) -> Result<(), Error> {
    new(transaction, &new_session(id, it)).await
}

/// Publishes a new session with what only some may read of it.
///
/// # Errors
/// What the database says.
pub async fn new(transaction: &mut AnyConnection, row: &SessionRow) -> Result<(), Error> {
    sessions::add(transaction, row).await?;
    let body = json(&row.record);
    record(transaction, kind::SESSION, row.id.to_string(), body).await
}

/// How long an offer holds a place where nobody said otherwise.
pub const OFFER_HOURS: i64 = 48;

/// A session that nobody has asked for yet.
pub fn new_session(id: SessionId, mut it: Session) -> SessionRow {
    let places = Places {
        limit: it.places,
        gives: it.gives,
        open: true,
        drawn: false,
        taken: 0,
        queue: Vec::new(),
        offers: Vec::new(),
        offer_ms: 0,
        starts: None,
    };
    it.room = places.room();
    SessionRow {
        id,
        record: it,
        link: None,
        series: None,
        offer_hours: OFFER_HOURS,
        drawn: false,
        taken: 0,
        waiting: 0,
    }
}

/// Publishes a session that changed, or that members did not see until now.
///
/// # Errors
/// What the database says.
pub async fn session_again(
    transaction: &mut AnyConnection,
    id: SessionId,
    it: &Session,
) -> Result<(), Error> {
    again(transaction, kind::SESSION, id.to_string(), json(it)).await
}

/// Publishes a new help line; whether it is new. One that was ever there is left as it is.
///
/// # Errors
/// What the database says.
pub async fn help_line(
    transaction: &mut AnyConnection,
    id: HelpLineId,
    it: &Kept,
) -> Result<bool, Error> {
    if !help_lines::add(transaction, id, it).await? {
        return Ok(false);
    }
    record(transaction, kind::HELP_LINE, id.to_string(), json(&it.line)).await?;
    Ok(true)
}

/// Publishes a help line as it is now; none takes it away.
///
/// # Errors
/// What the database says.
pub async fn changed_help_line(
    transaction: &mut AnyConnection,
    id: HelpLineId,
    it: Option<&HelpLine>,
) -> Result<(), Error> {
    let entry = Entry {
        scope: feed::PUBLIC.to_owned(),
        kind: kind::HELP_LINE,
        id: id.to_string(),
        body: it.map(json),
        is_new: false,
    };
    feed::write(transaction, vec![entry]).await
}

/// How many phones' records one piece of the writer's work writes.
const AT_ONCE: i64 = 500;

/// Tells members of a team how it stands, as many at once as fit one piece of work, in the order of their
/// ids after `after`. Gives the last one told; none once all were.
///
/// # Errors
/// What the database says.
pub async fn team(
    transaction: &mut AnyConnection,
    id: TeamId,
    now: Millis,
    after: Option<MemberId>,
) -> Result<Option<MemberId>, Error> {
    let members = members::of_team(transaction, id, after, AT_ONCE).await?;
    let body = json(&reading::record(&teams::find(transaction, id).await?, now));
    let entry = |member: &MemberId| Entry {
        scope: member_scope(member),
        kind: kind::TEAM,
        id: id.to_string(),
        body: Some(body.clone()),
        is_new: false,
    };
    feed::write(transaction, members.iter().map(entry).collect()).await?;
    if members.is_empty() {
        teams::know_reads_until(transaction, id, reading::known_until(now)).await?;
    }
    Ok(members.last().copied())
}

async fn record(
    transaction: &mut AnyConnection,
    kind: &'static str,
    id: String,
    body: String,
) -> Result<(), Error> {
    put(transaction, kind, id, body, true).await
}

async fn again(
    transaction: &mut AnyConnection,
    kind: &'static str,
    id: String,
    body: String,
) -> Result<(), Error> {
    put(transaction, kind, id, body, false).await
}

async fn put(
    transaction: &mut AnyConnection,
    kind: &'static str,
    id: String,
    body: String,
    is_new: bool,
) -> Result<(), Error> {
    let entry = Entry {
        scope: feed::PUBLIC.to_owned(),
        kind,
        id,
        body: Some(body),
        is_new,
    };
    feed::write(transaction, vec![entry]).await
}
