//! The audit log: who read or did what. It is only ever added to.

use crate::error::Error;
use app::domain::{
    id::{StaffId, TeamId},
    time::Millis,
};
use sqlx::{AnyConnection, query};
use uuid::Uuid;

/// Adds one line.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    at: Millis,
    staff: StaffId,
    action: &'static str,
    (kind, subject): (&'static str, Uuid),
    team: Option<TeamId>,
) -> Result<(), Error> {
    query(
        "insert into audit (id, at, staff, action, kind, subject, team) \
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(at)
    .bind(staff.to_string())
    .bind(action)
    .bind(kind)
    .bind(subject.to_string())
    .bind(team.map(|team| team.to_string()))
    .execute(transaction)
    .await?;
    Ok(())
}
