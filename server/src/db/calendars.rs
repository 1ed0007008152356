//! Private calendar addresses, and the sessions that each tells of: when they are, and nothing of who comes.
//!
//! An address ends for good; what it was, and whose, is cleared then. Its hash stays, so that a calendar which still
//! asks is told that it is gone and counts as no guess.

use super::{
    feed::{self, Entry, member_scope},
    word::{json, read_id, read_word},
};
use crate::{clock, error::Error};
use app::domain::{
    attendee::Lead,
    id::{DeviceId, MemberId, OpportunityId, SessionId, StaffId},
    opportunity::SessionState,
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query, query_scalar};
use std::collections::HashSet;

/// Whose an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A member's who leads: it tells of what they lead.
    Member(MemberId),
    /// Of someone who works here: it tells of all, or of what they picked.
    Staff(StaffId),
}

/// What an address opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was never made.
    Nothing,
    /// It ended.
    Ended,
    /// Somebody's; `picked` if only what they picked.
    Of(Whose, bool),
}

/// A session as calendars know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub id: SessionId,
    /// When it starts.
    pub starts: Millis,
    /// How long it takes.
    pub minutes: u32,
    /// It was called off.
    pub is_off: bool,
    /// How often it changed in any of these.
    pub sequence: i64,
}

/// A session of which nobody said how long it takes is shown as an hour.
const USUAL_MIN: u32 = 60;
/// The most sessions that one calendar gets, the soonest first.
const MOST: i64 = 3000;

/// Makes an address, in place of the one there was. A member's phones hear of it.
///
/// # Errors
/// What the database says.
pub async fn make(
    transaction: &mut AnyConnection,
    whose: Whose,
    device: Option<DeviceId>,
    hash: &str,
    now: Millis,
) -> Result<(), Error> {
    let (member, staff) = match whose {
        Whose::Member(id) => (Some(id.to_string()), None),
        Whose::Staff(id) => (None, Some(id.to_string())),
    };
    clear(transaction, whose, now).await?;
    query(
        "insert into calendars (hash, member, device, staff, made_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(hash.to_owned())
    .bind(member)
    .bind(device.map(|device| device.to_string()))
    .bind(staff)
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    match whose {
        Whose::Member(member) => {
            let since = rfc3339(now);
            tell(transaction, member, Some(&Lead { since })).await
        }
        Whose::Staff(_) => Ok(()),
    }
}

/// Ends somebody's address; whether there was one.
///
/// # Errors
/// What the database says.
pub async fn end(transaction: &mut AnyConnection, whose: Whose) -> Result<bool, Error> {
    if !clear(&mut *transaction, whose, clock::now_ms()).await? {
        return Ok(false);
    }
    match whose {
        Whose::Member(member) => tell(transaction, member, None).await?,
        Whose::Staff(staff) => {
            pick(transaction, staff, None).await?;
        }
    }
    Ok(true)
}

/// A phone is somebody's no more: the address that it asked for may stand in its calendar, and ends.
///
/// # Errors
/// What the database says.
pub async fn end_made_on(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
) -> Result<(), Error> {
    let made = query("select 1 from calendars where member = $1 and device = $2")
        .bind(member.to_string())
        .bind(device.to_string())
        .fetch_optional(&mut *transaction)
        .await?;
    if made.is_some() {
        end(transaction, Whose::Member(member)).await?;
    }
    Ok(())
}

/// Of the row nothing stays but its hash.
async fn clear(transaction: &mut AnyConnection, whose: Whose, now: Millis) -> Result<bool, Error> {
    let (column, id) = match whose {
        Whose::Member(id) => ("member", id.to_string()),
        Whose::Staff(id) => ("staff", id.to_string()),
    };
    let text = format!(
        "update calendars set member = null, device = null, staff = null, picked = 0, \
         ended_at = $2 where {column} = $1"
    );
    let cleared = query(AssertSqlSafe(text)).bind(id).bind(now);
    let cleared = cleared.execute(transaction).await?;
    Ok(cleared.rows_affected() > 0)
}

/// The record by which a member's phones know that there is one.
async fn tell(
    transaction: &mut AnyConnection,
    member: MemberId,
    record: Option<&Lead>,
) -> Result<(), Error> {
    let entry = Entry {
        scope: member_scope(member),
        kind: kind::CALENDAR,
        id: member.to_string(),
        body: record.map(json),
        is_new: false,
    };
    feed::write(transaction, vec![entry]).await
}

/// What a member's phones know of their address; none without one.
///
/// # Errors
/// What the database says.
pub async fn of_member(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Option<Lead>, Error> {
    let made_at: Option<Millis> = query_scalar("select made_at from calendars where member = $1")
        .bind(member.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(made_at.map(|at| Lead { since: rfc3339(at) }))
}

/// Since when someone who works here has an address; and what they picked, if only some.
///
/// # Errors
/// What the database says.
pub async fn of_staff(
    connection: &mut AnyConnection,
    staff: StaffId,
) -> Result<Option<(Millis, Option<HashSet<OpportunityId>>)>, Error> {
    let row = query("select made_at, picked from calendars where staff = $1")
        .bind(staff.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let picked: i64 = row.try_get(1)?;
    let picks = match picked {
        0 => None,
        _ => Some(picks(connection, staff).await?),
    };
    Ok(Some((row.try_get(0)?, picks)))
}

async fn picks(
    connection: &mut AnyConnection,
    staff: StaffId,
) -> Result<HashSet<OpportunityId>, Error> {
    let rows = query("select opportunity from calendar_picks where staff = $1")
        .bind(staff.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// What the address of someone who works here tells of from now on: these, or all. An opportunity that is not there
/// is left out.
///
/// # Errors
/// What the database says.
pub async fn pick(
    transaction: &mut AnyConnection,
    staff: StaffId,
    only: Option<&[OpportunityId]>,
) -> Result<(), Error> {
    let id = staff.to_string();
    query("delete from calendar_picks where staff = $1")
        .bind(id.clone())
        .execute(&mut *transaction)
        .await?;
    query("update calendars set picked = $2 where staff = $1")
        .bind(id.clone())
        .bind(i64::from(only.is_some()))
        .execute(&mut *transaction)
        .await?;
    for one in only.unwrap_or_default() {
        query(
            "insert into calendar_picks (staff, opportunity) \
             select $1, o.id from opportunities o where o.id = $2 \
             on conflict (staff, opportunity) do nothing",
        )
        .bind(id.clone())
        .bind(one.to_string())
        .execute(&mut *transaction)
        .await?;
    }
    Ok(())
}

/// What an address opens now. Whoever leads nothing, has left, or may not sign in has none, whatever its row says.
///
/// # Errors
/// What the database says.
pub async fn look(connection: &mut AnyConnection, hash: &str) -> Result<Found, Error> {
    let row = query(
        "select c.member, c.staff, c.picked, case \
         when m.id is not null and m.left_at is null \
          and exists (select 1 from leads l where l.member = m.id) then 1 \
         when s.id is not null and s.stopped_at is null then 1 else 0 end \
         from calendars c left join members m on m.id = c.member \
         left join staff s on s.id = c.staff where c.hash = $1",
    )
    .bind(hash.to_owned())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(Found::Nothing);
    };
    let (member, staff): (Option<String>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let opens = row.try_get::<i64, _>(3)? == 1;
    let whose = match (member, staff) {
        (Some(member), _) if opens => Whose::Member(read_id(&member)?),
        (_, Some(staff)) if opens => Whose::Staff(read_id(&staff)?),
        _ => return Ok(Found::Ended),
    };
    Ok(Found::Of(whose, row.try_get::<i64, _>(2)? == 1))
}

macro_rules! held {
    ($where:literal) => {
        concat!(
            "select s.id, s.starts_at, s.length_min, s.state, s.sequence from sessions s \
             join opportunities o on o.id = s.opportunity where ",
            $where
        )
    };
}

/// The sessions of a calendar: `$1` is from when on, `$2` how many at most, `$3` whose.
macro_rules! coming {
    ($of:literal) => {
        concat!(
            held!("s.starts_at >= $1 and o.state <> 'draft' "),
            $of,
            " order by s.starts_at, s.id limit $2"
        )
    };
}

const LED: &str =
    coming!("and s.opportunity in (select l.opportunity from leads l where l.member = $3)");
const PICKED: &str =
    coming!("and s.opportunity in (select p.opportunity from calendar_picks p where p.staff = $3)");
const ALL: &str = coming!("");

/// The sessions that an address tells of, from `from` on. Those that were called off are among them, so that calendars
/// take them out.
///
/// # Errors
/// What the database says.
pub async fn sessions(
    connection: &mut AnyConnection,
    (whose, picked): (Whose, bool),
    from: Millis,
) -> Result<Vec<Held>, Error> {
    let narrow = match (whose, picked) {
        (Whose::Member(id), _) => Some((LED, id.to_string())),
        (Whose::Staff(id), true) => Some((PICKED, id.to_string())),
        (Whose::Staff(_), false) => None,
    };
    let rows = query(narrow.as_ref().map_or(ALL, |(text, _)| *text));
    let rows = rows.bind(rfc3339(from)).bind(MOST);
    let rows = match narrow {
        Some((_, id)) => rows.bind(id),
        None => rows,
    };
    let rows = rows.fetch_all(connection).await?;
    let read = rows.iter().map(read);
    let read: Result<Vec<_>, Error> = read.collect();
    Ok(read?.into_iter().flatten().collect())
}

/// One session; none without a fixed time.
///
/// # Errors
/// What the database says; [`Error::NotFound`].
pub async fn session(connection: &mut AnyConnection, id: SessionId) -> Result<Option<Held>, Error> {
    let row = query(held!("s.id = $1")).bind(id.to_string());
    let row = row.fetch_optional(connection).await?;
    read(&row.ok_or(Error::NotFound)?)
}

fn read(row: &AnyRow) -> Result<Option<Held>, Error> {
    let starts: Option<String> = row.try_get(1)?;
    let Some(starts) = starts.as_deref().and_then(clock::instant) else {
        return Ok(None);
    };
    let minutes: Option<i64> = row.try_get(2)?;
    let minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok());
    Ok(Some(Held {
        id: read_id(row.try_get(0)?)?,
        starts,
        minutes: minutes.unwrap_or(USUAL_MIN),
        is_off: read_word::<SessionState>(row.try_get(3)?)? == SessionState::Cancelled,
        sequence: row.try_get(4)?,
    }))
}

/// The hashes of the addresses that open something.
///
/// # Errors
/// What the database says; it may be of a version that knows nothing of this.
pub async fn living(connection: &mut AnyConnection) -> Result<HashSet<String>, Error> {
    let all = query_scalar("select hash from calendars where ended_at is null")
        .fetch_all(connection)
        .await?;
    Ok(all.into_iter().collect())
}

/// Ends every address but those: what was ended does not open again with a backup.
///
/// # Errors
/// What the database says.
pub async fn end_all_but(
    transaction: &mut AnyConnection,
    living: &HashSet<String>,
) -> Result<(), Error> {
    let rows = query("select hash, member, staff from calendars where ended_at is null")
        .fetch_all(&mut *transaction)
        .await?;
    for row in rows {
        if living.contains(row.try_get::<&str, _>(0)?) {
            continue;
        }
        let (member, staff): (Option<String>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
        let whose = match (member, staff) {
            (Some(member), _) => Whose::Member(read_id(&member)?),
            (None, Some(staff)) => Whose::Staff(read_id(&staff)?),
            (None, None) => continue,
        };
        end(&mut *transaction, whose).await?;
    }
    Ok(())
}
