//! Signed-in browsers. What is stored is a hash of the cookie's value, so the table opens nothing.

use crate::error::Error;
use app::ui::local::Millis;
use sqlx::{AnyConnection, AnyPool};

/// Keeps a session's data under the hash of its cookie.
///
/// # Errors
/// What the database says.
pub async fn save(
    tx: &mut AnyConnection,
    hash: &str,
    data: &str,
    expires_at: Millis,
) -> Result<(), Error> {
    sqlx::query(
        "insert into web_sessions (id, data, expires_at) values ($1, $2, $3) \
         on conflict (id) do update set data = excluded.data, expires_at = excluded.expires_at",
    )
    .bind(hash)
    .bind(data)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The data of a session that has not ended, and when it ends.
///
/// # Errors
/// What the database says.
pub async fn load(
    db: &AnyPool,
    hash: &str,
    now: Millis,
) -> Result<Option<(String, Millis)>, Error> {
    Ok(sqlx::query_as(
        "select data, expires_at from web_sessions where id = $1 and expires_at > $2",
    )
    .bind(hash)
    .bind(now)
    .fetch_optional(db)
    .await?)
}

/// Ends a session.
///
/// # Errors
/// What the database says.
pub async fn delete(tx: &mut AnyConnection, hash: &str) -> Result<(), Error> {
    sqlx::query("delete from web_sessions where id = $1")
        .bind(hash)
        .execute(tx)
        .await?;
    Ok(())
}

/// Clears away those that ended by themselves.
///
/// # Errors
/// What the database says.
pub async fn forget_ended(writer: &AnyPool, now: Millis) -> Result<(), Error> {
    sqlx::query("delete from web_sessions where expires_at <= $1")
        .bind(now)
        .execute(writer)
        .await?;
    Ok(())
}
