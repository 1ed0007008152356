//! Codes that add another phone of a member: one open at a time for each, stored hashed.

use super::word::read_id;
use crate::error::Error;
use app::domain::{id::MemberId, time::Millis};
use sqlx::{AnyConnection, Row, query};

/// An open code.
#[derive(Clone, Debug)]
pub struct PairCode {
    /// Whose phone it adds.
    pub member: MemberId,
    /// Its keyed hash.
    pub hash: String,
    /// Wrong tries so far.
    pub tries: i64,
    /// Who on the staff made it.
    pub staff_name: Option<String>,
}

/// The code that these first digits mean, if it is open.
///
/// # Errors
/// What the database says.
pub async fn find(
    connection: &mut AnyConnection,
    selector: &str,
    now: Millis,
) -> Result<Option<PairCode>, Error> {
    let row = query(
        "select member, hash, tries, staff_name from pair_codes \
         where selector = $1 and ends_at > $2",
    )
    .bind(selector.to_owned())
    .bind(now)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(PairCode {
            member: read_id(row.try_get(0)?)?,
            hash: row.try_get(1)?,
            tries: row.try_get(2)?,
            staff_name: row.try_get(3)?,
        })
    })
    .transpose()
}

/// Opens a code, in place of the member's last one. Codes that have ended are cleared away.
///
/// # Errors
/// What the database says.
pub async fn open(
    transaction: &mut AnyConnection,
    member: MemberId,
    (selector, hash): (&str, &str),
    (now, ends_at): (Millis, Millis),
    staff_name: Option<&str>,
) -> Result<(), Error> {
    query("delete from pair_codes where ends_at <= $1 or member = $2")
        .bind(now)
        .bind(member.to_string())
        .execute(&mut *transaction)
        .await?;
    query(
        "insert into pair_codes (member, selector, hash, tries, ends_at, staff_name) \
         values ($1, $2, $3, 0, $4, $5)",
    )
    .bind(member.to_string())
    .bind(selector.to_owned())
    .bind(hash.to_owned())
    .bind(ends_at)
    .bind(staff_name.map(str::to_owned))
    .execute(transaction)
    .await?;
    Ok(())
}

/// Counts a wrong try.
///
/// # Errors
/// What the database says.
pub async fn count_try(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    query("update pair_codes set tries = tries + 1 where member = $1")
        .bind(member.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Ends the member's code: it was used, or tried too often.
///
/// # Errors
/// What the database says.
pub async fn end(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    query("delete from pair_codes where member = $1")
        .bind(member.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Ends the code that one of the member's own phones made: one of them is not in good hands.
///
/// # Errors
/// What the database says.
pub async fn end_own(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    query("delete from pair_codes where member = $1 and staff_name is null")
        .bind(member.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}
