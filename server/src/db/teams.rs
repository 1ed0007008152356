//! Teams: what they are called, when they read what is shared with them, who covers, how to ring.

use super::word::{json, read_id, read_json};
use crate::{clock, error::Error, reading};
use app::domain::{hours::Hours, id::TeamId, team::Team, time::Millis};
use sqlx::{AnyConnection, Row, any::AnyRow, query};
use std::collections::HashMap;

/// A team as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRow {
    /// Its id.
    pub id: TeamId,
    /// "Harbour team".
    pub name: String,
    /// When it reads, in words that were typed: said where there are no hours.
    pub typed_hours: String,
    /// When it reads.
    pub hours: Option<Hours>,
    /// How to ring it.
    pub phone: Option<String>,
    /// The team that covers for it.
    pub cover: Option<TeamId>,
    /// The name of that team.
    pub cover_name: Option<String>,
}

impl TeamRow {
    /// When it reads, in words.
    pub fn hours_words(&self) -> String {
        let made = self.hours.as_ref().map(reading::in_words);
        made.filter(|words| !words.is_empty())
            .unwrap_or_else(|| self.typed_hours.clone())
    }
}

/// What can be changed of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// "Harbour team".
    pub name: String,
    /// When it reads.
    pub hours: Option<Hours>,
    /// How to ring it.
    pub phone: Option<String>,
    /// The team that covers for it.
    pub cover: Option<TeamId>,
}

macro_rules! rows {
    ($where:literal) => {
        concat!(
            "select t.id, t.name, t.hours, t.opening, t.phone, t.cover, c.name as cover_name \
             from teams t left join teams c on c.id = t.cover ",
            $where
        )
    };
}

/// The team's record, as of now.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn record(connection: &mut AnyConnection, id: TeamId) -> Result<Team, Error> {
    let row = find(connection, id).await?;
    Ok(reading::record(&row, clock::now_ms()))
}

/// One team.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn find(connection: &mut AnyConnection, id: TeamId) -> Result<TeamRow, Error> {
    let row = query(rows!("where t.id = $1"))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound)?;
    read(&row)
}

/// All teams, by name.
///
/// # Errors
/// What the database says.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<TeamRow>, Error> {
    let rows = query(rows!("order by t.name, t.id"))
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// The hours of those of `ids` that have any.
///
/// # Errors
/// What the database says.
pub async fn hours(
    connection: &mut AnyConnection,
    ids: &[TeamId],
) -> Result<HashMap<TeamId, Hours>, Error> {
    let mut found = HashMap::new();
    // Teams are few.
    for id in ids {
        let row = query("select opening from teams where id = $1")
            .bind(id.to_string())
            .fetch_optional(&mut *connection)
            .await?;
        let opening: Option<String> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        if let Some(hours) = read_json(opening.as_deref())? {
            found.insert(*id, hours);
        }
    }
    Ok(found)
}

/// Teams with hours whose members' phones know no reading times past `until`.
///
/// # Errors
/// What the database says.
pub async fn with_few_reads(
    connection: &mut AnyConnection,
    until: Millis,
) -> Result<Vec<TeamId>, Error> {
    let rows = query(
        "select id from teams where opening is not null \
         and (reads_until is null or reads_until < $1)",
    )
    .bind(until)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// Notes how far ahead phones know a team's reading times.
///
/// # Errors
/// What the database says.
pub async fn know_reads_until(
    transaction: &mut AnyConnection,
    id: TeamId,
    until: Millis,
) -> Result<(), Error> {
    query("update teams set reads_until = $2 where id = $1")
        .bind(id.to_string())
        .bind(until)
        .execute(transaction)
        .await?;
    Ok(())
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
    row.map(|row| read_id(row.try_get(0)?)).transpose()
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

/// Adds a team, with hours in words alone.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: TeamId,
    team: &Team,
    now: Millis,
) -> Result<(), Error> {
    query("insert into teams (id, name, hours, phone, made_at) values ($1, $2, $3, $4, $5)")
        .bind(id.to_string())
        .bind(team.name.clone())
        .bind(team.hours.clone())
        .bind(team.phone.clone())
        .bind(now)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Changes a team. Its members' phones are to be told.
///
/// # Errors
/// What the database says.
pub async fn change(
    transaction: &mut AnyConnection,
    id: TeamId,
    to: &Details,
) -> Result<(), Error> {
    query(
        "update teams set name = $2, opening = $3, phone = $4, cover = $5, reads_until = null \
         where id = $1",
    )
    .bind(id.to_string())
    .bind(to.name.clone())
    .bind(to.hours.as_ref().map(json))
    .bind(to.phone.clone())
    .bind(to.cover.map(|cover| cover.to_string()))
    .execute(transaction)
    .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<TeamRow, Error> {
    let opening: Option<String> = row.try_get("opening")?;
    let cover: Option<String> = row.try_get("cover")?;
    Ok(TeamRow {
        id: read_id(row.try_get("id")?)?,
        name: row.try_get("name")?,
        typed_hours: row.try_get("hours")?,
        hours: read_json(opening.as_deref())?,
        phone: row.try_get("phone")?,
        cover: cover.as_deref().map(read_id).transpose()?,
        cover_name: row.try_get("cover_name")?,
    })
}
