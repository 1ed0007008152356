//! Members, how they join and come back, and their devices.

use super::{
    bulk::Bulk,
    join_codes::{self, NewCode},
    word::read_id,
};
use crate::error::Error;
use app::domain::{
    id::{DeviceId, MemberId, TeamId},
    time::Millis,
};
use sqlx::{AnyConnection, Row, query};
use std::collections::HashMap;

/// A member.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// Their id.
    pub id: MemberId,
    /// What they want to be called.
    pub name: Option<String>,
    /// Their team.
    pub team: Option<TeamId>,
}

/// Whose return key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnKey {
    /// Whose.
    pub member: MemberId,
    /// The device that used it first.
    pub device: Option<DeviceId>,
    /// Whether the person asked for that device to be erased.
    pub revoked: bool,
}

/// The code as compared: forgiving of case, spaces and dashes.
pub fn normal_code(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// Adds a join code of which no more is to be said.
///
/// # Errors
/// As [`join_codes::add`]; [`Error::Malformed`] as well if it is there already.
pub async fn add_join_code(
    transaction: &mut AnyConnection,
    shown: &str,
    team: Option<TeamId>,
    now: Millis,
) -> Result<(), Error> {
    let new = NewCode {
        shown: shown.to_owned(),
        team,
        ..NewCode::default()
    };
    let is_new = join_codes::add(transaction, &new, now).await?;
    is_new.then_some(()).ok_or(Error::Malformed)
}

/// Adds a member.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    member: &MemberRow,
    now: Millis,
) -> Result<(), Error> {
    query("insert into members (id, name, team, joined_at) values ($1, $2, $3, $4)")
        .bind(member.id.to_string())
        .bind(member.name.clone())
        .bind(member.team.map(|team| team.to_string()))
        .bind(now)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Changes what a member wants to be called.
///
/// # Errors
/// What the database says.
pub async fn rename(
    transaction: &mut AnyConnection,
    member: MemberId,
    name: Option<&str>,
) -> Result<(), Error> {
    query("update members set name = $2 where id = $1 and left_at is null")
        .bind(member.to_string())
        .bind(name.map(str::to_owned))
        .execute(transaction)
        .await?;
    Ok(())
}

/// The member of this id.
///
/// # Errors
/// What the database says.
pub async fn by_id(
    connection: &mut AnyConnection,
    id: MemberId,
) -> Result<Option<MemberRow>, Error> {
    let row = query("select name, team from members where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        let team: Option<String> = row.try_get(1)?;
        Ok(MemberRow {
            id,
            name: row.try_get(0)?,
            team: team.as_deref().map(read_id).transpose()?,
        })
    })
    .transpose()
}

static TEAMS: Bulk = Bulk::new("select id, team from members where id in (values", 1, ")");

/// The teams of `ids`.
///
/// # Errors
/// What the database says.
pub async fn teams(
    connection: &mut AnyConnection,
    ids: &[MemberId],
) -> Result<HashMap<MemberId, Option<TeamId>>, Error> {
    let rows = TEAMS
        .select(connection, ids, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter()
        .map(|row| {
            let team: Option<String> = row.try_get(1)?;
            let team = team.as_deref().map(read_id).transpose()?;
            Ok((read_id(row.try_get(0)?)?, team))
        })
        .collect()
}

/// At most `most` members of a team, in the order of their ids after `after`.
///
/// # Errors
/// What the database says.
pub async fn of_team(
    connection: &mut AnyConnection,
    team: TeamId,
    after: Option<MemberId>,
    most: i64,
) -> Result<Vec<MemberId>, Error> {
    let rows = query("select id from members where team = $1 and id > $2 order by id limit $3")
        .bind(team.to_string())
        .bind(after.map_or_else(String::new, |after| after.to_string()))
        .bind(most)
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// Stores a return key's hash.
///
/// # Errors
/// What the database says.
pub async fn add_return_key(
    transaction: &mut AnyConnection,
    hash: &str,
    member: MemberId,
    now: Millis,
) -> Result<(), Error> {
    query("insert into return_keys (hash, member, made_at) values ($1, $2, $3)")
        .bind(hash.to_owned())
        .bind(member.to_string())
        .bind(now)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Lets a return key go: it renews nothing any more.
///
/// # Errors
/// What the database says.
pub async fn drop_return_key(transaction: &mut AnyConnection, hash: &str) -> Result<(), Error> {
    query("delete from return_keys where hash = $1")
        .bind(hash.to_owned())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Whose key has this hash.
///
/// # Errors
/// What the database says.
pub async fn return_key(
    connection: &mut AnyConnection,
    hash: &str,
) -> Result<Option<ReturnKey>, Error> {
    let row = query(
        "select k.member, k.device, d.revoked_at from return_keys k \
         left join devices d on d.member = k.member and d.id = k.device where k.hash = $1",
    )
    .bind(hash.to_owned())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let device: Option<String> = row.try_get(1)?;
        let revoked_at: Option<Millis> = row.try_get(2)?;
        Ok(ReturnKey {
            member: read_id(row.try_get(0)?)?,
            device: device.as_deref().map(read_id).transpose()?,
            revoked: revoked_at.is_some(),
        })
    })
    .transpose()
}

/// Whether the person asked for this device to be erased.
///
/// # Errors
/// What the database says.
pub async fn is_revoked(
    connection: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
) -> Result<bool, Error> {
    let found =
        query("select 1 from devices where member = $1 and id = $2 and revoked_at is not null")
            .bind(member.to_string())
            .bind(device.to_string())
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// A return key is of the device that uses it first.
///
/// # Errors
/// What the database says.
pub async fn give_key(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    hash: &str,
) -> Result<(), Error> {
    query(
        "update return_keys set device = $1 \
         where hash = $2 and member = $3 and device is null",
    )
    .bind(device.to_string())
    .bind(hash.to_owned())
    .bind(member.to_string())
    .execute(transaction)
    .await?;
    Ok(())
}
