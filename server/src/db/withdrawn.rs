//! Marks of withdrawals that came before what they withdraw: one for each member and thing.

use super::{bulk::Bulk, word::read_id};
use crate::error::Error;
use app::domain::{id::MemberId, time::Millis};
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

/// Who withdrew what: the member, the record kind, the thing's id.
pub type Mark = (MemberId, &'static str, Uuid);

static MARKS: Bulk = Bulk::new(
    "with wanted (member, kind, id) as (values",
    3,
    ") select m.member, m.kind, m.id from wanted w cross join withdrawn m \
     where m.member = w.member and m.kind = w.kind and m.id = w.id",
);
static WRITE: Bulk = Bulk::new("insert into withdrawn (member, kind, id, at) values", 4, "");

/// Those of `wanted` that are there.
///
/// # Errors
/// What the database says.
pub async fn marks(connection: &mut AnyConnection, wanted: &[Mark]) -> Result<Vec<Mark>, Error> {
    let rows = MARKS
        .select(connection, wanted, |query, (member, kind, id)| {
            query
                .bind(member.to_string())
                .bind(*kind)
                .bind(id.to_string())
        })
        .await?;
    rows.iter()
        .map(|row| {
            let (member, id) = (read_id(row.try_get(0)?)?, read_id(row.try_get(2)?)?);
            let stored: &str = row.try_get(1)?;
            let kind = wanted.iter().map(|(_, kind, _)| *kind);
            let kind = kind.into_iter().find(|kind| *kind == stored);
            Ok((member, kind.unwrap_or_default(), id))
        })
        .collect()
}

/// Stores new marks.
///
/// # Errors
/// What the database says.
pub async fn write(
    transaction: &mut AnyConnection,
    marks: &[Mark],
    at: Millis,
) -> Result<(), Error> {
    WRITE
        .run(transaction, marks, |query, (member, kind, id)| {
            query
                .bind(member.to_string())
                .bind(*kind)
                .bind(id.to_string())
                .bind(at)
        })
        .await
}
