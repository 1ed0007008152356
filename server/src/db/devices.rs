//! Members' phones: what is known of each, and the record that their member reads.

use super::{
    calendars::{self, Whose},
    feed::{self, Entry, member_scope},
    pair_codes,
    word::{json, read_id},
};
use crate::error::Error;
use app::domain::{
    device::{Device, DeviceState},
    id::{DeviceId, MemberId},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, Row, any::AnyRow, query};

/// What is known of a phone.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    /// Whose it is.
    pub member: MemberId,
    /// Its id.
    pub id: DeviceId,
    /// Its plain name; none until it calls again after an update.
    pub name: Option<String>,
    /// The day it called last.
    pub last_day: Option<String>,
    /// Its person asked for it to be cleared.
    pub revoked_at: Option<Millis>,
    /// Its person left on it.
    pub left_at: Option<Millis>,
    /// Known by a plain form alone.
    pub plain: bool,
    first_seen_at: Millis,
    added_at: Millis,
    first_day: Option<String>,
    signed_in_at: Millis,
    signed_out_at: Option<Millis>,
    told_at: Option<Millis>,
    added_by: Option<String>,
    lost_by: Option<String>,
}

impl DeviceRow {
    /// How it stands.
    pub fn state(&self) -> DeviceState {
        match (self.revoked_at, self.told_at, self.signed_out_at) {
            (Some(_), None, _) => DeviceState::Lost,
            (Some(_), Some(_), _) => DeviceState::Cleared,
            (None, _, Some(at)) if at >= self.signed_in_at => DeviceState::SignedOut,
            _ => DeviceState::InUse,
        }
    }

    /// Whether a session that began at `since` was ended with those of this phone.
    pub fn has_ended(&self, since: Millis) -> bool {
        self.signed_out_at.is_some_and(|at| since <= at)
    }

    /// What the member reads of it; nothing once its person has left on it.
    pub fn listed(&self) -> Option<Device> {
        self.left_at.is_none().then(|| self.record())
    }

    fn record(&self) -> Device {
        let first = || rfc3339(self.first_seen_at)[..10].to_owned();
        let first_seen = self.first_day.clone().unwrap_or_else(first);
        Device {
            name: self.name.clone().unwrap_or_default(),
            state: self.state(),
            added_at: rfc3339(self.added_at),
            last_seen: self.last_day.clone().unwrap_or_else(|| first_seen.clone()),
            first_seen,
            added_by: self.added_by.clone(),
            lost_by: self.lost_by.clone(),
        }
    }
}

/// A phone that calls: who it is, and when.
#[derive(Clone, Debug)]
pub struct Calling {
    /// Whose it is.
    pub member: MemberId,
    /// Its id.
    pub id: DeviceId,
    /// Its plain name.
    pub name: String,
    /// The day in the organisation's zone.
    pub day: String,
    /// The instant.
    pub now: Millis,
}

macro_rules! devices {
    ($where:literal) => {
        concat!(
            "select member, id, name, last_day, revoked_at, left_at, plain, first_seen_at, \
             first_day, coalesce(signed_in_at, first_seen_at), signed_out_at, told_at, added_by, \
             lost_by, coalesce(added_at, first_seen_at) from devices where ",
            $where
        )
    };
}

/// A phone of this member, if the server ever heard of it.
///
/// # Errors
/// What the database says.
pub async fn find(
    connection: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
) -> Result<Option<DeviceRow>, Error> {
    let row = query(devices!("member = $1 and id = $2"))
        .bind(member.to_string())
        .bind(device.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// The phones of a member that are listed, the newest first.
///
/// # Errors
/// What the database says.
pub async fn of_member(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<(DeviceId, Device)>, Error> {
    let rows = query(devices!(
        "member = $1 and left_at is null order by first_seen_at desc, id"
    ))
    .bind(member.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| read(row).map(|row| (row.id, row.record())))
        .collect()
}

/// How a phone came to be its member's.
#[derive(Clone, Copy, Debug)]
pub enum Came<'a> {
    /// By joining, or by renewing its session: nothing to tell anyone, if it was theirs before.
    AsBefore,
    /// By a code for another phone; with who on the staff helped.
    ByCode {
        /// Their first name.
        helped: Option<&'a str>,
        /// By a plain form: the app will say who it is.
        plain: bool,
    },
}

/// A new session of a phone begins: it is listed, and its member's phones hear of it.
///
/// # Errors
/// What the database says.
pub async fn sign_in(
    transaction: &mut AnyConnection,
    calling: &Calling,
    came: Came<'_>,
) -> Result<(), Error> {
    let (by_code, helped, plain) = match came {
        Came::AsBefore => (false, None, false),
        Came::ByCode { helped, plain } => (true, helped, plain),
    };
    query(
        "insert into devices (member, id, first_seen_at, first_day, name, last_day, \
         signed_in_at, added_at, plain, added_by) \
         values ($1, $2, $3, $4, $5, $4, $3, $3, $6, $7) \
         on conflict (member, id) do update set name = excluded.name, \
         last_day = excluded.last_day, signed_in_at = excluded.signed_in_at, \
         added_at = case when $8 = 1 or devices.left_at is not null \
         then excluded.added_at else devices.added_at end, \
         plain = excluded.plain, left_at = null, \
         added_by = coalesce(excluded.added_by, devices.added_by)",
    )
    .bind(calling.member.to_string())
    .bind(calling.id.to_string())
    .bind(calling.now)
    .bind(calling.day.clone())
    .bind(calling.name.clone())
    .bind(i64::from(plain))
    .bind(helped.map(str::to_owned))
    .bind(i64::from(by_code))
    .execute(&mut *transaction)
    .await?;
    publish(transaction, calling.member, calling.id).await
}

/// A phone called for the first time on this day.
///
/// # Errors
/// What the database says.
pub async fn seen(transaction: &mut AnyConnection, calling: &Calling) -> Result<(), Error> {
    query("update devices set name = $1, last_day = $2 where member = $3 and id = $4")
        .bind(calling.name.clone())
        .bind(calling.day.clone())
        .bind(calling.member.to_string())
        .bind(calling.id.to_string())
        .execute(&mut *transaction)
        .await?;
    publish(transaction, calling.member, calling.id).await
}

/// A phone that was known by a plain form alone says who it is: the rest of it stays.
///
/// # Errors
/// What the database says.
pub async fn rename(
    transaction: &mut AnyConnection,
    member: MemberId,
    from: DeviceId,
    to: DeviceId,
) -> Result<(), Error> {
    let named = query(
        "update devices set id = $1, plain = 0 where member = $2 and id = $3 and plain = 1 \
         and not exists (select 1 from devices d where d.member = $2 and d.id = $1)",
    )
    .bind(to.to_string())
    .bind(member.to_string())
    .bind(from.to_string())
    .execute(&mut *transaction)
    .await?;
    if named.rows_affected() == 0 {
        return Ok(());
    }
    write(transaction, member, from, None).await
}

/// Ends a phone's sessions and its return keys, and the calendar address that it asked for.
///
/// # Errors
/// What the database says.
pub async fn sign_out(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    now: Millis,
) -> Result<(), Error> {
    query("update devices set signed_out_at = $1 where member = $2 and id = $3")
        .bind(now)
        .bind(member.to_string())
        .bind(device.to_string())
        .execute(&mut *transaction)
        .await?;
    pair_codes::end_own(&mut *transaction, member).await?;
    query("delete from return_keys where member = $1 and device = $2")
        .bind(member.to_string())
        .bind(device.to_string())
        .execute(&mut *transaction)
        .await?;
    calendars::end_made_on(&mut *transaction, member, device).await?;
    publish(transaction, member, device).await
}

/// Its person leaves on it: as [`sign_out`], and it is listed no more. One that was asked to clear
/// itself stays so.
///
/// # Errors
/// What the database says.
pub async fn leave(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    now: Millis,
) -> Result<(), Error> {
    query("update devices set left_at = $1 where member = $2 and id = $3 and revoked_at is null")
        .bind(now)
        .bind(member.to_string())
        .bind(device.to_string())
        .execute(&mut *transaction)
        .await?;
    sign_out(transaction, member, device, now).await
}

/// Its person asked for it to be cleared: its next word from this server will be `device_revoked`. Its
/// return keys stay, since they alone say who calls when its session has ended too; they open nothing. Whichever phone
/// asked for it, a calendar address may stand in this one's calendar: it ends.
///
/// # Errors
/// What the database says.
pub async fn lose(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    lost_by: Option<&str>,
    now: Millis,
) -> Result<(), Error> {
    query(
        "update devices set revoked_at = $1, lost_by = $2, left_at = null \
         where member = $3 and id = $4 and revoked_at is null",
    )
    .bind(now)
    .bind(lost_by.map(str::to_owned))
    .bind(member.to_string())
    .bind(device.to_string())
    .execute(&mut *transaction)
    .await?;
    pair_codes::end_own(&mut *transaction, member).await?;
    calendars::end(&mut *transaction, Whose::Member(member)).await?;
    publish(transaction, member, device).await
}

/// A lost phone has called and was told to clear itself.
///
/// # Errors
/// What the database says.
pub async fn told(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    now: Millis,
) -> Result<(), Error> {
    let first = query(
        "update devices set told_at = $1 \
         where member = $2 and id = $3 and told_at is null and revoked_at is not null",
    )
    .bind(now)
    .bind(member.to_string())
    .bind(device.to_string())
    .execute(&mut *transaction)
    .await?;
    if first.rows_affected() == 0 {
        return Ok(());
    }
    publish(transaction, member, device).await
}

/// Writes the record as its row stands now.
async fn publish(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
) -> Result<(), Error> {
    let Some(row) = find(&mut *transaction, member, device).await? else {
        return Ok(());
    };
    write(transaction, member, device, row.listed()).await
}

async fn write(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    record: Option<Device>,
) -> Result<(), Error> {
    let entry = Entry {
        scope: member_scope(member),
        kind: kind::DEVICE,
        id: device.to_string(),
        body: record.as_ref().map(json),
        is_new: false,
    };
    feed::write(transaction, vec![entry]).await
}

fn read(row: &AnyRow) -> Result<DeviceRow, Error> {
    Ok(DeviceRow {
        member: read_id(row.try_get(0)?)?,
        id: read_id(row.try_get(1)?)?,
        name: row.try_get(2)?,
        last_day: row.try_get(3)?,
        revoked_at: row.try_get(4)?,
        left_at: row.try_get(5)?,
        plain: row.try_get::<i64, _>(6)? == 1,
        first_seen_at: row.try_get(7)?,
        first_day: row.try_get(8)?,
        signed_in_at: row.try_get(9)?,
        signed_out_at: row.try_get(10)?,
        told_at: row.try_get(11)?,
        added_by: row.try_get(12)?,
        lost_by: row.try_get(13)?,
        added_at: row.try_get(14)?,
    })
}
