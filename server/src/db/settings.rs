//! Settings of this installation: those that it makes for itself, and small ones that admins set.

use crate::error::Error;
use sqlx::{AnyConnection, Row, any::AnyExecutor, query};
use uuid::Uuid;

/// The setting that names the database's past.
pub const EPOCH: &str = "epoch";

/// An epoch that no database had before.
pub fn new_epoch() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Gives the database a new epoch: it has gone back in time, and phones must hear of it.
///
/// # Errors
/// What the database says.
pub async fn begin_epoch(connection: &mut AnyConnection) -> Result<(), Error> {
    query("insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value")
        .bind(EPOCH)
        .bind(new_epoch())
        .execute(connection)
        .await?;
    Ok(())
}

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

/// The setting `name`, if there is one.
///
/// # Errors
/// What the database says.
pub async fn get(db: impl AnyExecutor<'_>, name: &'static str) -> Result<Option<String>, Error> {
    let row = query("select value from settings where name = $1")
        .bind(name)
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Makes `value` the setting `name`.
///
/// # Errors
/// What the database says.
pub async fn set(tx: &mut AnyConnection, name: &'static str, value: String) -> Result<(), Error> {
    query(
        "insert into settings (name, value) values ($1, $2) \
         on conflict (name) do update set value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(tx)
    .await?;
    Ok(())
}
