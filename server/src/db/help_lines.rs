//! Help lines.

use super::word::word;
use crate::error::Error;
use app::domain::{help_line::HelpLine, id::HelpLineId};
use sqlx::{AnyConnection, query};

/// Adds one.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: HelpLineId,
    it: &HelpLine,
) -> Result<(), Error> {
    query(
        "insert into help_lines (id, label, number, kind, hours, cost, on_bills, area, nation, \
         checked_on, place) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id.to_string())
    .bind(it.label.clone())
    .bind(it.number.clone())
    .bind(word(it.kind))
    .bind(it.hours.clone())
    .bind(it.cost.clone())
    .bind(it.on_bills.clone())
    .bind(it.area.clone())
    .bind(it.nation.clone())
    .bind(it.checked_on.clone())
    .bind(i64::from(it.order))
    .execute(transaction)
    .await?;
    Ok(())
}
