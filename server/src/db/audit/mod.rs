//! The audit log: who read or did what. It is only ever added to, each line as the next link of a
//! [`chain`].

pub mod chain;

use crate::{audit::Line, error::Error};
use app::domain::{
    id::{StaffId, TeamId},
    time::Millis,
};
use sqlx::{AnyConnection, query};
use std::fmt::Display;
use uuid::Uuid;

/// What a line of the log itself is about.
pub const KIND: &str = "audit";

/// Adds one line.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    at: Millis,
    staff: StaffId,
    action: &'static str,
    (kind, subject): (&'static str, impl Display),
    team: Option<TeamId>,
) -> Result<(), Error> {
    let line = line(at, staff, action, (kind, subject.to_string()), team);
    write(transaction, &line).await
}

/// Whether somebody did this to this thing since then.
///
/// # Errors
/// What the database says.
pub async fn has(
    connection: &mut AnyConnection,
    staff: StaffId,
    action: &'static str,
    subject: Uuid,
    since: Millis,
) -> Result<bool, Error> {
    let found = query(
        "select 1 from audit where subject = $1 and action = $2 and staff = $3 and at >= $4 limit 1",
    )
    .bind(subject.to_string())
    .bind(action)
    .bind(staff.to_string())
    .bind(since)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// The same with what more there is to say: words or figures, and never what anyone wrote. Gives its id.
///
/// # Errors
/// What the database says.
pub async fn add_saying(
    transaction: &mut AnyConnection,
    at: Millis,
    staff: StaffId,
    action: &'static str,
    (kind, subject): (&'static str, Uuid),
    detail: String,
) -> Result<String, Error> {
    let mut line = line(at, staff, action, (kind, subject.to_string()), None);
    line.detail = Some(detail);
    write(transaction, &line).await?;
    Ok(line.id)
}

fn line(
    at: Millis,
    staff: StaffId,
    action: &'static str,
    (kind, subject): (&'static str, String),
    team: Option<TeamId>,
) -> Line {
    Line {
        id: Uuid::now_v7().to_string(),
        at,
        staff: staff.to_string(),
        action: action.to_owned(),
        kind: kind.to_owned(),
        subject,
        team: team.map(|team| team.to_string()),
        detail: None,
    }
}

async fn write(transaction: &mut AnyConnection, it: &Line) -> Result<(), Error> {
    // Before the line is there: lines that are in no chain yet would take it for one of theirs.
    let head = chain::begun(&mut *transaction).await?;
    query(
        "insert into audit (id, at, staff, action, kind, subject, team, detail) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(it.id.clone())
    .bind(it.at)
    .bind(it.staff.clone())
    .bind(it.action.clone())
    .bind(it.kind.clone())
    .bind(it.subject.clone())
    .bind(it.team.clone())
    .bind(it.detail.clone())
    .execute(&mut *transaction)
    .await?;
    chain::link(transaction, &head, it).await
}
