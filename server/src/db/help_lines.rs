//! Help lines. One that was taken away keeps its row, so that the audit log can still name it.

use super::word::{read_id, read_word, word};
use crate::error::Error;
use app::domain::{help_line::HelpLine, id::HelpLineId, time::Millis};
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow, query};

/// A help line with what only staff see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What members see.
    pub line: HelpLine,
    /// The first name of who checked it.
    pub checked_by: Option<String>,
    /// The last day that the check holds for, `2026-11-25`.
    pub check_by: Option<String>,
}

impl Kept {
    /// Whether it is to be checked again: the last day of its check has passed, or nobody checked it.
    pub fn is_due(&self, today: &str) -> bool {
        // Such days are of one length, so their order is that of their letters.
        self.line.checked_on.is_none() || self.check_by.as_deref().is_none_or(|day| day < today)
    }
}

macro_rules! rows {
    ($where:literal) => {
        concat!(
            "select id, label, number, kind, hours, cost, on_bills, area, nation, checked_on, place, \
             checked_by, check_by from help_lines where gone_at is null ",
            $where
        )
    };
}

/// All that members see, in order.
///
/// # Errors
/// What the database says.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<(HelpLineId, Kept)>, Error> {
    let rows = query(rows!("order by place, id")).fetch_all(connection);
    rows.await?.iter().map(read).collect()
}

/// One that members see.
///
/// # Errors
/// What the database says.
pub async fn find(connection: &mut AnyConnection, id: HelpLineId) -> Result<Option<Kept>, Error> {
    let row = query(rows!("and id = $1"))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok(read(&row)?.1)).transpose()
}

/// How many are to be checked again: see [`Kept::is_due`].
///
/// # Errors
/// What the database says.
pub async fn count_due(db: &AnyPool, today: &str) -> Result<i64, Error> {
    let row = query(
        "select count(*) from help_lines \
         where gone_at is null and (checked_on is null or check_by is null or check_by < $1)",
    )
    .bind(today.to_owned())
    .fetch_one(db)
    .await?;
    Ok(row.try_get(0)?)
}

/// Adds one; whether it is new. One that was ever there is left as it is.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: HelpLineId,
    it: &Kept,
) -> Result<bool, Error> {
    let line = &it.line;
    let added = query(
        "insert into help_lines (id, label, number, kind, hours, cost, on_bills, area, nation, \
         checked_on, place, checked_by, check_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (id) do nothing",
    )
    .bind(id.to_string())
    .bind(line.label.clone())
    .bind(line.number.clone())
    .bind(word(line.kind))
    .bind(line.hours.clone())
    .bind(line.cost.clone())
    .bind(line.on_bills.clone())
    .bind(line.area.clone())
    .bind(line.nation.clone())
    .bind(line.checked_on.clone())
    .bind(i64::from(line.order))
    .bind(it.checked_by.clone())
    .bind(it.check_by.clone())
    .execute(transaction)
    .await?;
    Ok(added.rows_affected() > 0)
}

/// Writes all that can change of one, which members see from then on.
///
/// # Errors
/// What the database says.
pub async fn change(
    transaction: &mut AnyConnection,
    id: HelpLineId,
    it: &Kept,
) -> Result<(), Error> {
    let line = &it.line;
    query(
        "update help_lines set label = $2, number = $3, kind = $4, hours = $5, cost = $6, \
         on_bills = $7, area = $8, nation = $9, checked_on = $10, place = $11, checked_by = $12, \
         check_by = $13, gone_at = null where id = $1",
    )
    .bind(id.to_string())
    .bind(line.label.clone())
    .bind(line.number.clone())
    .bind(word(line.kind))
    .bind(line.hours.clone())
    .bind(line.cost.clone())
    .bind(line.on_bills.clone())
    .bind(line.area.clone())
    .bind(line.nation.clone())
    .bind(line.checked_on.clone())
    .bind(i64::from(line.order))
    .bind(it.checked_by.clone())
    .bind(it.check_by.clone())
    .execute(transaction)
    .await?;
    Ok(())
}

/// Members see it no more.
///
/// # Errors
/// What the database says.
pub async fn take_away(
    transaction: &mut AnyConnection,
    id: HelpLineId,
    now: Millis,
) -> Result<(), Error> {
    query("update help_lines set gone_at = $2 where id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute(transaction)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<(HelpLineId, Kept), Error> {
    let line = HelpLine {
        label: row.try_get("label")?,
        number: row.try_get("number")?,
        kind: read_word(row.try_get("kind")?)?,
        hours: row.try_get("hours")?,
        cost: row.try_get("cost")?,
        on_bills: row.try_get("on_bills")?,
        area: row.try_get("area")?,
        nation: row.try_get("nation")?,
        checked_on: row.try_get("checked_on")?,
        order: i32::try_from(row.try_get::<i64, _>("place")?).unwrap_or(i32::MAX),
    };
    let kept = Kept {
        line,
        checked_by: row.try_get("checked_by")?,
        check_by: row.try_get("check_by")?,
    };
    Ok((read_id(row.try_get("id")?)?, kept))
}
