//! The organisation's own words in place of built-in ones.

use crate::error::Error;
use app::domain::{id::StaffId, time::Millis};
use sqlx::{AnyConnection, Row, query};

/// A text's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its key in the language file.
    pub key: String,
    /// The words.
    pub words: String,
    /// Why they are so, fit to be read by members.
    pub why: Option<String>,
}

/// All of them, by key.
///
/// # Errors
/// What the database says.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<Own>, Error> {
    let rows = query("select text_key, words, why from wording order by text_key")
        .fetch_all(connection)
        .await?;
    let own = rows.iter().map(|row| {
        Ok(Own {
            key: row.try_get("text_key")?,
            words: row.try_get("words")?,
            why: row.try_get("why")?,
        })
    });
    own.collect()
}

/// Puts these words in the place of those before.
///
/// # Errors
/// What the database says.
pub async fn put(
    transaction: &mut AnyConnection,
    own: &Own,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into wording (text_key, words, why, published_by, published_at) \
         values ($1, $2, $3, $4, $5) on conflict (text_key) do update set words = excluded.words, \
         why = excluded.why, published_by = excluded.published_by, published_at = excluded.published_at",
    )
    .bind(&own.key)
    .bind(&own.words)
    .bind(&own.why)
    .bind(by.to_string())
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(())
}

/// What is built in stands again.
///
/// # Errors
/// What the database says.
pub async fn remove(transaction: &mut AnyConnection, key: &str) -> Result<(), Error> {
    query("delete from wording where text_key = $1")
        .bind(key)
        .execute(transaction)
        .await?;
    Ok(())
}
