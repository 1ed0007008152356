//! Teams as their members see them.

use crate::error::Error;
use app::domain::{id::TeamId, team::Team, time::Millis};
use sqlx::{AnyConnection, Row, query};

/// The team's record.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn record(connection: &mut AnyConnection, id: TeamId) -> Result<Team, Error> {
    let row = query("select name, hours, next_read_at, phone from teams where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Team {
        name: row.try_get(0)?,
        hours: row.try_get(1)?,
        next_read_at: row.try_get(2)?,
        phone: row.try_get(3)?,
    })
}

/// The team of this name, in any case.
///
/// # Errors
/// What the database says.
pub async fn by_name(connection: &mut AnyConnection, name: &str) -> Result<Option<TeamId>, Error> {
    let row = query("select id from teams where lower(name) = lower($1)")
        .bind(name.trim().to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| super::word::read_id(row.try_get(0)?))
        .transpose()
}

/// Whether there is no team yet.
///
/// # Errors
/// What the database says.
pub async fn is_empty(connection: &mut AnyConnection) -> Result<bool, Error> {
    let found = query("select 1 from teams limit 1")
        .fetch_optional(connection)
        .await?;
    Ok(found.is_none())
}

/// Adds a team.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: TeamId,
    team: &Team,
    now: Millis,
) -> Result<(), Error> {
    query(
        "insert into teams (id, name, hours, next_read_at, phone, made_at) \
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.to_string())
    .bind(team.name.clone())
    .bind(team.hours.clone())
    .bind(team.next_read_at.clone())
    .bind(team.phone.clone())
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(())
}
