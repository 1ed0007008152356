//! Who gave a shared thing to whom, with a note for staff. It never leaves the server, and goes when the
//! person takes the thing back.

use super::bulk::Bulk;
use crate::error::Error;
use app::domain::{id::StaffId, time::Millis};
use sqlx::{AnyConnection, AnyPool, Row as _, query};
use uuid::Uuid;

/// One handing over, to be written.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// The kind of thing, and its id.
    pub subject: (&'static str, Uuid),
    /// When.
    pub at: Millis,
    /// Who gave it.
    pub by: StaffId,
    /// Who got it.
    pub to: StaffId,
    /// For staff.
    pub note: Option<String>,
}

/// One handing over, as the desk shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Millis,
    /// The first name of who gave it.
    pub by: String,
    /// The first name of who got it.
    pub to: String,
    /// For staff.
    pub note: Option<String>,
}

static FORGET: Bulk = Bulk::new("delete from hand_overs where subject in (values", 1, ")");

/// Adds some.
///
/// # Errors
/// What the database says.
pub async fn add(transaction: &mut AnyConnection, new: &[HandOver]) -> Result<(), Error> {
    for one in new {
        query(
            "insert into hand_overs (id, kind, subject, at, by_staff, to_staff, note) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(Uuid::now_v7().to_string())
        .bind(one.subject.0)
        .bind(one.subject.1.to_string())
        .bind(one.at)
        .bind(one.by.to_string())
        .bind(one.to.to_string())
        .bind(one.note.clone())
        .execute(&mut *transaction)
        .await?;
    }
    Ok(())
}

/// Forgets those of what was taken back.
///
/// # Errors
/// What the database says.
pub async fn forget(transaction: &mut AnyConnection, subjects: &[Uuid]) -> Result<(), Error> {
    FORGET
        .run(transaction, subjects, |query, id| {
            query.bind(id.to_string())
        })
        .await
}

/// Those of one thing, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of(db: &AnyPool, kind: &'static str, subject: Uuid) -> Result<Vec<Line>, sqlx::Error> {
    let rows = sqlx::query(
        "select h.at, b.name as by_name, t.name as to_name, h.note from hand_overs h \
         join staff b on b.id = h.by_staff join staff t on t.id = h.to_staff \
         where h.kind = $1 and h.subject = $2 order by h.id",
    )
    .bind(kind)
    .bind(subject.to_string())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Line {
                at: row.try_get("at")?,
                by: row.try_get("by_name")?,
                to: row.try_get("to_name")?,
                note: row.try_get("note")?,
            })
        })
        .collect()
}
