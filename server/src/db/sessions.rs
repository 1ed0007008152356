//! Sessions as staff hold them: what members see, and beside it what is for some of them alone.

use super::word::{read_id, read_word, word};
use crate::{clock, error::Error};
use app::domain::{
    id::{OpportunityId, SessionId},
    opportunity::{Session, SessionState},
    time::{MINUTE_MS, Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};

/// A session as stored.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// What members see.
    pub record: Session,
    /// How to get in online: for people with a place alone.
    pub link: Option<String>,
    /// The same for all that one repeat made.
    pub series: Option<String>,
    /// How long an offer holds a place, in hours.
    pub offer_hours: i64,
    /// Whether its ballot was drawn.
    pub drawn: bool,
    /// How many places are held.
    pub taken: i64,
    /// How many wait.
    pub waiting: i64,
}

/// The columns of a [`SessionRow`], in the order in which they are read.
const COLUMNS: &str = "id, opportunity, starts_at, local_start, zone, length_min, breaks, mode, \
    place, places, gives, room, state, ballot_at, lead, was, reason, link, series, taken, waiting, \
    offer_hours, ballot_seed";

/// The session's record.
///
/// # Errors
/// What the database says; [`Error::NotFound`].
pub async fn record(connection: &mut AnyConnection, id: SessionId) -> Result<Session, Error> {
    Ok(find(connection, id).await?.record)
}

/// One session.
///
/// # Errors
/// What the database says; [`Error::NotFound`].
pub async fn find(connection: &mut AnyConnection, id: SessionId) -> Result<SessionRow, Error> {
    let text = format!("select {COLUMNS} from sessions where id = $1");
    let row = query(AssertSqlSafe(text)).bind(id.to_string());
    let row = row.fetch_optional(connection).await?;
    read(&row.ok_or(Error::NotFound)?)
}

/// All of an opportunity, soonest first; those without a time last.
///
/// # Errors
/// What the database says.
pub async fn of_opportunity(
    connection: &mut AnyConnection,
    id: OpportunityId,
) -> Result<Vec<SessionRow>, Error> {
    let text = format!(
        "select {COLUMNS} from sessions where opportunity = $1 \
         order by case when starts_at is null then 1 else 0 end, starts_at, id"
    );
    let rows = query(AssertSqlSafe(text)).bind(id.to_string());
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Those of a series that are to come and start no earlier than `from` (RFC 3339), soonest first.
///
/// # Errors
/// What the database says.
pub async fn following(
    connection: &mut AnyConnection,
    series: &str,
    from: &str,
) -> Result<Vec<SessionRow>, Error> {
    let text = format!(
        "select {COLUMNS} from sessions where series = $1 and starts_at >= $2 \
         and state = 'scheduled' order by starts_at, id"
    );
    let rows = query(AssertSqlSafe(text)).bind(series.to_owned());
    let rows = rows.bind(from.to_owned()).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Whether it is still to come at `now`: nobody has to be told of what is over. One without a time always is.
pub fn is_to_come(it: &Session, now: Millis) -> bool {
    let starts = it.starts_at.as_deref();
    // Both are written the same way in UTC, so the order of the texts is the order in time.
    it.state == SessionState::Scheduled && starts.is_none_or(|at| *at > *rfc3339(now))
}

/// Adds a session with all its places free.
///
/// # Errors
/// What the database says.
pub async fn add(transaction: &mut AnyConnection, row: &SessionRow) -> Result<(), Error> {
    let it = &row.record;
    query(
        "insert into sessions (id, opportunity, starts_at, local_start, zone, length_min, breaks, \
         mode, place, places, gives, room, state, ballot_at, ends_at, lead, was, reason, link, series, \
         offer_hours, taken, waiting, next_queue) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, 0, 0, 1)",
    )
    .bind(row.id.to_string())
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
    .bind(it.ballot_at.as_deref().and_then(clock::instant))
    .bind(ends_at(it.starts_at.as_deref(), it.length_min))
    .bind(it.lead.clone())
    .bind(it.was.clone())
    .bind(it.reason.clone())
    .bind(row.link.clone())
    .bind(row.series.clone())
    .bind(row.offer_hours)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Writes what staff changed of a session. Its counters and its room are the places' own. What calendars show counts
/// its sequence up: on the right hand side stands what was there before.
///
/// # Errors
/// What the database says.
pub async fn write(transaction: &mut AnyConnection, row: &SessionRow) -> Result<(), Error> {
    let it = &row.record;
    query(
        "update sessions set starts_at = $2, local_start = $3, zone = $4, length_min = $5, \
         breaks = $6, mode = $7, place = $8, places = $9, gives = $10, state = $11, ballot_at = $12, \
         ends_at = $13, lead = $14, was = $15, reason = $16, link = $17, offer_hours = $18, \
         sequence = sequence + case when coalesce(starts_at, '') <> coalesce($2, '') \
          or coalesce(length_min, 0) <> coalesce($5, 0) or state <> $11 then 1 else 0 end \
         where id = $1",
    )
    .bind(row.id.to_string())
    .bind(it.starts_at.clone())
    .bind(it.local_start.clone())
    .bind(it.zone.clone())
    .bind(it.length_min.map(i64::from))
    .bind(it.breaks.clone())
    .bind(word(it.mode))
    .bind(it.place.clone())
    .bind(it.places.map(i64::from))
    .bind(word(it.gives))
    .bind(word(it.state))
    .bind(it.ballot_at.as_deref().and_then(clock::instant))
    .bind(ends_at(it.starts_at.as_deref(), it.length_min))
    .bind(it.lead.clone())
    .bind(it.was.clone())
    .bind(it.reason.clone())
    .bind(row.link.clone())
    .bind(row.offer_hours)
    .execute(transaction)
    .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<SessionRow, Error> {
    let number = |at: usize| -> Result<Option<u32>, Error> {
        let number: Option<i64> = row.try_get(at)?;
        Ok(number.map(|number| u32::try_from(number).unwrap_or_default()))
    };
    Ok(SessionRow {
        id: read_id(row.try_get(0)?)?,
        record: Session {
            opportunity: read_id(row.try_get(1)?)?,
            starts_at: row.try_get(2)?,
            local_start: row.try_get(3)?,
            zone: row.try_get(4)?,
            length_min: number(5)?,
            breaks: row.try_get(6)?,
            mode: read_word(row.try_get(7)?)?,
            place: row.try_get(8)?,
            places: number(9)?,
            gives: read_word(row.try_get(10)?)?,
            room: read_word(row.try_get(11)?)?,
            state: read_word(row.try_get(12)?)?,
            ballot_at: row.try_get::<Option<Millis>, _>(13)?.map(rfc3339),
            lead: row.try_get(14)?,
            was: row.try_get(15)?,
            reason: row.try_get(16)?,
        },
        link: row.try_get(17)?,
        series: row.try_get(18)?,
        taken: row.try_get(19)?,
        waiting: row.try_get(20)?,
        offer_hours: row.try_get(21)?,
        drawn: row.try_get::<Option<String>, _>(22)?.is_some(),
    })
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
