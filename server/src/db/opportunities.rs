//! Opportunities as members see them, and the places of their sessions as they are counted.

use super::{
    bulk::Bulk,
    word::{json, read_id, read_json, read_word, word},
};
use crate::{clock, error::Error};
use app::{
    domain::{
        id::{OpportunityId, SessionId},
        opportunity::{Opportunity, OpportunityState, Room, SessionState},
        places::Places,
        programme,
        time::HOUR_MS,
    },
    ui::route::POSTER_END,
};
use sqlx::{AnyConnection, Row, query};

/// A session's places as stored, and what tells whether its record must be written again.
#[derive(Clone, Debug)]
pub struct PlacesRow {
    /// Its opportunity.
    pub opportunity: OpportunityId,
    /// What the rules need. The waiting list and the offers are loaded apart.
    pub places: Places,
    /// How many wait.
    pub waiting: i64,
    /// The order number for the next one who waits.
    pub next_queue: i64,
    /// The room that phones were told last.
    pub room: Room,
    /// Whether members know of it at all.
    pub is_shown: bool,
    /// How to get in online: told to whoever has a place, and to nobody else.
    pub link: Option<String>,
    /// The version of what is to be agreed to first, if something is.
    pub agreement: Option<u32>,
}

static PLACES: Bulk = Bulk::new(
    "select s.id, s.opportunity, s.places, s.gives, s.state, o.state, s.taken, s.waiting, \
     s.next_queue, s.room, s.offer_hours, s.ballot_seed, s.starts_at, s.link, o.agreement \
     from sessions s join opportunities o on o.id = s.opportunity where s.id in (values",
    1,
    ")",
);

/// The places of those of `ids` that are there, with no waiting lists and offers.
///
/// # Errors
/// What the database says.
pub async fn places(
    connection: &mut AnyConnection,
    ids: &[SessionId],
) -> Result<Vec<(SessionId, PlacesRow)>, Error> {
    let rows = PLACES
        .select(connection, ids, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter()
        .map(|row| {
            let limit: Option<i64> = row.try_get(2)?;
            let starts: Option<String> = row.try_get(12)?;
            let agreement: Option<i64> = row.try_get(14)?;
            let session: SessionState = read_word(row.try_get(4)?)?;
            let opportunity: OpportunityState = read_word(row.try_get(5)?)?;
            let open =
                session == SessionState::Scheduled && opportunity == OpportunityState::Published;
            let places = Places {
                limit: limit.map(|limit| u32::try_from(limit).unwrap_or_default()),
                gives: read_word(row.try_get(3)?)?,
                open,
                taken: u32::try_from(row.try_get::<i64, _>(6)?).unwrap_or_default(),
                drawn: row.try_get::<Option<String>, _>(11)?.is_some(),
                queue: Vec::new(),
                offers: Vec::new(),
                offer_ms: row.try_get::<i64, _>(10)? * HOUR_MS,
                starts: starts.as_deref().and_then(clock::instant),
            };
            Ok((
                read_id(row.try_get(0)?)?,
                PlacesRow {
                    opportunity: read_id(row.try_get(1)?)?,
                    places,
                    waiting: row.try_get(7)?,
                    next_queue: row.try_get(8)?,
                    room: read_word(row.try_get(9)?)?,
                    is_shown: programme::is_shown(opportunity),
                    link: row.try_get(13)?,
                    agreement: agreement.and_then(|version| u32::try_from(version).ok()),
                },
            ))
        })
        .collect()
}

/// Writes a session's counters and room.
///
/// # Errors
/// What the database says.
pub async fn write_places(
    transaction: &mut AnyConnection,
    id: SessionId,
    row: &PlacesRow,
) -> Result<(), Error> {
    query("update sessions set taken = $1, waiting = $2, next_queue = $3, room = $4 where id = $5")
        .bind(i64::from(row.places.taken))
        .bind(i64::try_from(row.places.queue.len()).unwrap_or(i64::MAX))
        .bind(row.next_queue)
        .bind(word(row.room))
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// An opportunity as stored.
#[derive(Clone, Debug)]
pub struct OpportunityRow {
    /// What members see, or will see.
    pub record: Opportunity,
    /// Goes up whenever its words or the edit of them change: who writes on what is no longer there is told.
    pub version: i64,
}

/// One opportunity.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn find(
    connection: &mut AnyConnection,
    id: OpportunityId,
) -> Result<OpportunityRow, Error> {
    let row = query(
        "select area, title, purpose, what_happens, what_next, commitment, support, travel, \
         thank_you, access, contact, state, more, version from opportunities where id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound)?;
    let more: Option<String> = row.try_get(12)?;
    Ok(OpportunityRow {
        record: Opportunity {
            area: read_word(row.try_get(0)?)?,
            title: row.try_get(1)?,
            purpose: row.try_get(2)?,
            what_happens: row.try_get(3)?,
            what_next: row.try_get(4)?,
            commitment: row.try_get(5)?,
            support: row.try_get(6)?,
            travel: row.try_get(7)?,
            thank_you: row.try_get(8)?,
            access: row.try_get(9)?,
            contact: row.try_get(10)?,
            state: read_word(row.try_get(11)?)?,
            more: read_json(more.as_deref())?,
        },
        version: row.try_get(13)?,
    })
}

/// Adds an opportunity.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: OpportunityId,
    it: &Opportunity,
) -> Result<(), Error> {
    query(
        "insert into opportunities (id, area, title, purpose, what_happens, what_next, commitment, \
         support, travel, thank_you, access, contact, state, more, agreement) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(id.to_string())
    .bind(word(it.area))
    .bind(it.title.clone())
    .bind(it.purpose.clone())
    .bind(it.what_happens.clone())
    .bind(it.what_next.clone())
    .bind(it.commitment.clone())
    .bind(it.support.clone())
    .bind(it.travel.clone())
    .bind(it.thank_you.clone())
    .bind(it.access.clone())
    .bind(it.contact.clone())
    .bind(word(it.state))
    .bind(it.more.as_ref().map(json))
    .bind(agreement(it))
    .execute(transaction)
    .await?;
    Ok(())
}

/// Writes what members see of one.
///
/// # Errors
/// What the database says.
pub async fn write(
    transaction: &mut AnyConnection,
    id: OpportunityId,
    it: &Opportunity,
) -> Result<(), Error> {
    query(
        "update opportunities set area = $2, title = $3, purpose = $4, what_happens = $5, \
         what_next = $6, commitment = $7, support = $8, travel = $9, thank_you = $10, \
         access = $11, contact = $12, state = $13, more = $14, agreement = $15 where id = $1",
    )
    .bind(id.to_string())
    .bind(word(it.area))
    .bind(it.title.clone())
    .bind(it.purpose.clone())
    .bind(it.what_happens.clone())
    .bind(it.what_next.clone())
    .bind(it.commitment.clone())
    .bind(it.support.clone())
    .bind(it.travel.clone())
    .bind(it.thank_you.clone())
    .bind(it.access.clone())
    .bind(it.contact.clone())
    .bind(word(it.state))
    .bind(it.more.as_ref().map(json))
    .bind(agreement(it))
    .execute(transaction)
    .await?;
    Ok(())
}

/// Its words, or the edit of them, are others now; gives the new version.
///
/// # Errors
/// What the database says.
pub async fn count_up(transaction: &mut AnyConnection, id: OpportunityId) -> Result<i64, Error> {
    let row =
        query("update opportunities set version = version + 1 where id = $1 returning version")
            .bind(id.to_string())
            .fetch_one(transaction)
            .await?;
    Ok(row.try_get(0)?)
}

/// Throws away one that no member ever saw, with all that is about it.
///
/// # Errors
/// What the database says: it refuses where someone signed up, which nobody can for what is not shown.
pub async fn throw_away(transaction: &mut AnyConnection, id: OpportunityId) -> Result<(), Error> {
    for text in [
        "delete from sessions where opportunity = $1",
        "delete from agreements where opportunity = $1",
        "delete from opportunity_edits where opportunity = $1",
        "delete from calendar_picks where opportunity = $1",
        "delete from opportunities where id = $1 and state = 'draft'",
    ] {
        query(text)
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// The version of what people agree to now.
fn agreement(it: &Opportunity) -> Option<i64> {
    Some(i64::from(it.more()?.agreement?.version))
}

/// The end of an opportunity's id that a poster's address has: as few letters as tell it from all others.
///
/// # Errors
/// What the database says.
pub async fn short_id(connection: &mut AnyConnection, id: OpportunityId) -> Result<String, Error> {
    let whole = id.to_string();
    for length in [POSTER_END, POSTER_END + 2] {
        let end = &whole[whole.len() - length..];
        let other = query("select 1 from opportunities where id like '%' || $1 and id <> $2")
            .bind(end.to_owned())
            .bind(whole.clone())
            .fetch_optional(&mut *connection)
            .await?;
        if other.is_none() {
            return Ok(end.to_owned());
        }
    }
    Ok(whole)
}
