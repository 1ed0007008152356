//! Opportunities, and their sessions with the places counted.

use super::{
    bulk::Bulk,
    word::{read_id, read_word, word},
};
use crate::{clock, error::Error};
use app::domain::{
    id::{OpportunityId, SessionId},
    opportunity::{Opportunity, OpportunityState, Room, Session, SessionState},
    places::Places,
    time::{HOUR_MS, MINUTE_MS, Millis, rfc3339},
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
}

static PLACES: Bulk = Bulk::new(
    "select s.id, s.opportunity, s.places, s.gives, s.state, o.state, s.taken, s.waiting, \
     s.next_queue, s.room, s.offer_hours, s.ballot_seed, s.starts_at from sessions s \
     join opportunities o on o.id = s.opportunity where s.id in (values",
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
                },
            ))
        })
        .collect()
}

/// A session whose ballot is to be drawn by `now`.
///
/// # Errors
/// What the database says.
pub async fn ballot_due(
    connection: &mut AnyConnection,
    now: Millis,
) -> Result<Option<SessionId>, Error> {
    let row = query(
        "select id from sessions where ballot_seed is null and ballot_at <= $1 \
         and gives = 'ballot' and state = 'scheduled' order by ballot_at limit 1",
    )
    .bind(now)
    .fetch_optional(connection)
    .await?;
    row.map(|row| read_id(row.try_get(0)?)).transpose()
}

/// Writes what a session's ballot was drawn with.
///
/// # Errors
/// What the database says.
pub async fn write_ballot(
    transaction: &mut AnyConnection,
    id: SessionId,
    seed: &str,
) -> Result<(), Error> {
    query("update sessions set ballot_seed = $1 where id = $2")
        .bind(seed)
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
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

/// The session's record.
///
/// # Errors
/// What the database says; [`Error::NotFound`].
pub async fn session(connection: &mut AnyConnection, id: SessionId) -> Result<Session, Error> {
    let row = query(
        "select opportunity, starts_at, local_start, zone, length_min, breaks, mode, place, \
         places, gives, room, state, ballot_at from sessions where id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound)?;
    let number = |at: usize| -> Result<Option<u32>, Error> {
        let number: Option<i64> = row.try_get(at)?;
        Ok(number.map(|number| u32::try_from(number).unwrap_or_default()))
    };
    Ok(Session {
        opportunity: read_id(row.try_get(0)?)?,
        starts_at: row.try_get(1)?,
        local_start: row.try_get(2)?,
        zone: row.try_get(3)?,
        length_min: number(4)?,
        breaks: row.try_get(5)?,
        mode: read_word(row.try_get(6)?)?,
        place: row.try_get(7)?,
        places: number(8)?,
        gives: read_word(row.try_get(9)?)?,
        room: read_word(row.try_get(10)?)?,
        state: read_word(row.try_get(11)?)?,
        ballot_at: row.try_get::<Option<Millis>, _>(12)?.map(rfc3339),
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
         support, travel, thank_you, access, contact, state) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
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
    .execute(transaction)
    .await?;
    Ok(())
}

/// Adds a session with all its places free.
///
/// # Errors
/// What the database says.
pub async fn add_session(
    transaction: &mut AnyConnection,
    id: SessionId,
    it: &Session,
) -> Result<(), Error> {
    query(
        "insert into sessions (id, opportunity, starts_at, local_start, zone, length_min, breaks, \
         mode, place, places, gives, room, state, taken, waiting, next_queue, ends_at, ballot_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 1, $14, $15)",
    )
    .bind(id.to_string())
    .bind(it.opportunity.to_string())
    .bind(it.starts_at.clone())
    .bind(it.local_start.clone())
    .bind(it.zone.clone())
    .bind(it.length_min.map(i64::from))
    .bind(it.breaks.clone())
    .bind(word(it.mode))
    .bind(it.place.clone())
    .bind(it.places.map(i64::from))
    .bind(word(it.gives))
    .bind(word(it.room))
    .bind(word(it.state))
    .bind(ends_at(it.starts_at.as_deref(), it.length_min))
    .bind(it.ballot_at.as_deref().and_then(clock::instant))
    .execute(transaction)
    .await?;
    Ok(())
}

/// A session of which nobody said how long it takes is taken to be over after an hour.
const USUAL_MIN: u32 = 60;

/// When a session ends; none without a fixed time.
pub fn ends_at(starts_at: Option<&str>, length_min: Option<u32>) -> Option<Millis> {
    let starts = clock::instant(starts_at?)?;
    Some(starts + Millis::from(length_min.unwrap_or(USUAL_MIN)) * MINUTE_MS)
}

/// Works out when those sessions end of which it was never noted: they were made by an older version.
///
/// # Errors
/// What the database says.
pub async fn note_ends(transaction: &mut AnyConnection) -> Result<(), Error> {
    let rows = query(
        "select id, starts_at, length_min from sessions \
         where ends_at is null and starts_at is not null and state = 'scheduled'",
    )
    .fetch_all(&mut *transaction)
    .await?;
    for row in rows {
        let starts: Option<String> = row.try_get(1)?;
        let length: Option<i64> = row.try_get(2)?;
        let length = length.and_then(|length| u32::try_from(length).ok());
        query("update sessions set ends_at = $1 where id = $2")
            .bind(ends_at(starts.as_deref(), length))
            .bind(row.try_get::<String, _>(0)?)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// Sessions that are over by `now` have happened; gives at most `most` of them.
///
/// # Errors
/// What the database says.
pub async fn happened(
    transaction: &mut AnyConnection,
    now: Millis,
    most: i64,
) -> Result<Vec<SessionId>, Error> {
    let rows = query(
        "update sessions set state = 'happened' where id in (select id from sessions \
         where state = 'scheduled' and ends_at <= $1 order by ends_at limit $2) returning id",
    )
    .bind(now)
    .bind(most)
    .fetch_all(transaction)
    .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}
