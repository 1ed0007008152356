//! Two-step sign-in in the database: the key that someone's phone shares with this server, the last code
//! that was used, and recovery codes. The key has to be readable, so whoever has the database has it;
//! the password beside it they have not.

use super::settings;
use crate::error::Error;
use app::domain::id::StaffId;
use sqlx::{AnyConnection, any::AnyExecutor, query, query_scalar};

/// The setting that asks admins to use it.
const FOR_ADMINS: &str = "two_step_for_admins";

/// Whether admins must use it.
///
/// # Errors
/// What the database says.
pub async fn is_for_admins(db: impl AnyExecutor<'_>) -> Result<bool, Error> {
    Ok(settings::get(db, FOR_ADMINS).await?.as_deref() == Some("yes"))
}

/// Sets whether admins must use it.
///
/// # Errors
/// What the database says.
pub async fn set_for_admins(tx: &mut AnyConnection, must: bool) -> Result<(), Error> {
    let value = if must { "yes" } else { "no" };
    settings::set(tx, FOR_ADMINS, value.to_owned()).await
}

/// The key of someone who works here and uses it.
///
/// # Errors
/// What the database says.
pub async fn key(db: impl AnyExecutor<'_>, id: StaffId) -> Result<Option<String>, Error> {
    let key: Option<Option<String>> =
        query_scalar("select totp_key from staff where id = $1 and stopped_at is null")
            .bind(id.to_string())
            .fetch_optional(db)
            .await?;
    Ok(key.flatten())
}

/// Turns it on with a key of which the code of `step` was just used; false if it was on already.
///
/// # Errors
/// What the database says.
pub async fn turn_on(
    tx: &mut AnyConnection,
    id: StaffId,
    key: &str,
    step: i64,
) -> Result<bool, Error> {
    let done =
        query("update staff set totp_key = $2, totp_step = $3 where id = $1 and totp_key is null")
            .bind(id.to_string())
            .bind(key.to_owned())
            .bind(step)
            .execute(tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Turns it off, with its recovery codes.
///
/// # Errors
/// What the database says.
pub async fn turn_off(tx: &mut AnyConnection, id: StaffId) -> Result<(), Error> {
    set_codes(tx, id, &[]).await?;
    query("update staff set totp_key = null, totp_step = null where id = $1")
        .bind(id.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// Uses the code of a step up; false if that one or a later one was used before.
///
/// # Errors
/// What the database says.
pub async fn use_step(tx: &mut AnyConnection, id: StaffId, step: i64) -> Result<bool, Error> {
    let done = query(
        "update staff set totp_step = $2 \
         where id = $1 and totp_key is not null and coalesce(totp_step, 0) < $2",
    )
    .bind(id.to_string())
    .bind(step)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts these in the place of all recovery codes of someone.
///
/// # Errors
/// What the database says.
pub async fn set_codes(
    tx: &mut AnyConnection,
    id: StaffId,
    hashes: &[String],
) -> Result<(), Error> {
    query("delete from staff_recovery_codes where staff = $1")
        .bind(id.to_string())
        .execute(&mut *tx)
        .await?;
    for hash in hashes {
        query("insert into staff_recovery_codes (staff, hash) values ($1, $2)")
            .bind(id.to_string())
            .bind(hash.clone())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// Uses a recovery code up; false if it is none, or was used before.
///
/// # Errors
/// What the database says.
pub async fn use_code(tx: &mut AnyConnection, id: StaffId, hash: &str) -> Result<bool, Error> {
    let done = query("delete from staff_recovery_codes where staff = $1 and hash = $2")
        .bind(id.to_string())
        .bind(hash.to_owned())
        .execute(tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// How many recovery codes someone has left.
///
/// # Errors
/// What the database says.
pub async fn codes_left(db: impl AnyExecutor<'_>, id: StaffId) -> Result<i64, Error> {
    let count = query_scalar("select count(*) from staff_recovery_codes where staff = $1");
    Ok(count.bind(id.to_string()).fetch_one(db).await?)
}
