//! Stories that are put on paper, from where they cannot be called back. Each is noted, and its member told, in the same
//! transaction in which it is read: what is printed is what they allowed at that instant.

use super::By;
use crate::{
    db::{
        audit,
        experiences::{
            self,
            stories::{self, Told},
        },
    },
    error::Error,
};
use app::domain::{experience::UsedIn, time::Millis};
use sqlx::AnyConnection;
use uuid::Uuid;

/// The most stories of one report.
const MOST: i64 = 100;

/// How reports are named in the audit log.
pub const KIND: &str = "impact";

/// The stories of a report that is printed. Printing the same one again on the same day, which began at `today`, is
/// noted once.
///
/// # Errors
/// What the database says.
pub async fn print(
    tx: &mut AnyConnection,
    by: By,
    range: (Millis, Millis),
    today: Millis,
) -> Result<Vec<Told>, Error> {
    let told = stories::told_in(&mut *tx, range, MOST).await?;
    for (id, _) in &told {
        if !experiences::was_used_in(&mut *tx, *id, UsedIn::ImpactReport, today).await? {
            experiences::use_in(&mut *tx, *id, UsedIn::ImpactReport, by).await?;
        }
    }
    let subject = (KIND, Uuid::nil());
    audit::add(tx, by.1, by.0, "impact.print", subject, None).await?;
    Ok(told.into_iter().map(|(_, told)| told).collect())
}

/// How many stories a report of this span has.
///
/// # Errors
/// What the database says.
pub async fn count(connection: &mut AnyConnection, range: (Millis, Millis)) -> Result<i64, Error> {
    let told = stories::told_in(connection, range, MOST).await?;
    Ok(i64::try_from(told.len()).unwrap_or(MOST))
}
