//! Settings of this installation that it makes for itself.

use crate::error::Error;
use sqlx::{AnyConnection, Row, query};

/// The setting `name`; `first` becomes it where there is none.
///
/// # Errors
/// What the database says.
pub async fn get_or_set(
    transaction: &mut AnyConnection,
    name: &'static str,
    first: String,
) -> Result<String, Error> {
    query("insert into settings (name, value) values ($1, $2) on conflict (name) do nothing")
        .bind(name)
        .bind(first)
        .execute(&mut *transaction)
        .await?;
    let row = query("select value from settings where name = $1")
        .bind(name)
        .fetch_one(transaction)
        .await?;
    Ok(row.try_get(0)?)
}
