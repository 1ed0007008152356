//! Copying a database and making a copy ready to take its place.

use super::{
    Engine, WRITER_PRAGMAS,
    audit::{
        self,
        chain::{self, RESTORED},
    },
    calendars, experiences,
    leaving::{self, Ended},
    migrations, needs, settings,
    sign_ins::{self, SignIn},
};
use crate::{audit::Head, config::Store, error::Error};
use app::domain::{id::StaffId, time::Millis};
use sqlx::{AnyConnection, Connection, migrate::Migrator};
use std::{collections::HashSet, path::Path};
use uuid::Uuid;

/// Writes a whole copy of the database, as of one moment, to `file`, which must not be there yet.
///
/// # Errors
/// The file is there, or the engine keeps its own backups.
pub async fn copy(store: &Store, file: &str) -> Result<(), Error> {
    sqlx::any::install_default_drivers();
    let url = store.database();
    if Engine::of(&url) == Engine::Postgres {
        return Err(Error::Internal(
            "PostgreSQL has pg_dump for this".to_owned(),
        ));
    }
    let mut connection = AnyConnection::connect(&url.replace("?mode=rwc", "?mode=rw")).await?;
    sqlx::query("vacuum into $1")
        .bind(file)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

/// Brings a copy's tables up to date and gives it a new epoch; all of it stands in the one file then.
///
/// # Errors
/// It is no database, or of a newer version.
pub async fn prepare(file: &Path) -> Result<(), Error> {
    let mut connection = open(file).await?;
    migrate(&mut connection, Engine::Sqlite).await?;
    settings::begin_epoch(&mut connection).await?;
    let mut transaction = connection.begin().await?;
    chain::begun(&mut transaction).await?;
    transaction.commit().await?;
    settle(connection).await
}

/// Writes into the audit log of a copy that it takes a database's place, and where the log of that one
/// ended: what was written down there since is not in it.
///
/// # Errors
/// What the database says.
pub async fn note_restore(file: &Path, replaced: Option<Head>, now: Millis) -> Result<(), Error> {
    let mut connection = open(file).await?;
    audit_restore(&mut connection, replaced, now).await?;
    settle(connection).await
}

async fn audit_restore(
    connection: &mut AnyConnection,
    replaced: Option<Head>,
    now: Millis,
) -> Result<(), Error> {
    let (nobody, log) = (StaffId(Uuid::nil()), (audit::KIND, Uuid::nil()));
    let ended = replaced.map_or_else(String::new, |head| head.in_full());
    audit::add_saying(connection, now, nobody, RESTORED, log, ended).await?;
    Ok(())
}

async fn migrate(connection: &mut AnyConnection, engine: Engine) -> Result<(), Error> {
    let migrator: Migrator = migrations(engine);
    let done = migrator.run(connection).await;
    done.map_err(|problem| Error::Internal(format!("migrations: {problem}")))
}

/// Folds a database's log of changes into its one file.
///
/// # Errors
/// It is broken.
pub async fn fold(file: &Path) -> Result<(), Error> {
    settle(open(file).await?).await
}

/// What people ended, as this file says.
///
/// # Errors
/// It cannot be read, or is of a version that knows nothing of leaving.
pub async fn ended(file: &Path) -> Result<Vec<Ended>, Error> {
    let mut connection = open(file).await?;
    let ended = leaving::ended(&mut connection).await;
    connection.close().await?;
    ended
}

/// What would make taking part easier for whom, as this file says.
///
/// # Errors
/// It cannot be read, or is of a version that kept nothing of this.
pub async fn needs(file: &Path) -> Result<needs::All, Error> {
    let mut connection = open(file).await?;
    let all = needs::all(&mut connection).await;
    connection.close().await?;
    all
}

/// How what people say about their experience may be used, as this file says.
///
/// # Errors
/// It cannot be read, or is of a version that had nothing of this.
pub async fn uses(file: &Path) -> Result<experiences::Uses, Error> {
    let mut connection = open(file).await?;
    let all = experiences::uses(&mut connection).await;
    connection.close().await?;
    all
}

/// How each account signs in, as this file says.
///
/// # Errors
/// It cannot be read, or is of a version that knows nothing of this.
pub async fn sign_ins(file: &Path) -> Result<Vec<SignIn>, Error> {
    let mut connection = open(file).await?;
    let all = sign_ins::all(&mut connection).await;
    connection.close().await?;
    all
}

/// The calendar addresses that open something, as this file says.
///
/// # Errors
/// It cannot be read, or is of a version that knows nothing of this.
pub async fn calendars(file: &Path) -> Result<HashSet<String>, Error> {
    let mut connection = open(file).await?;
    let living = calendars::living(&mut connection).await;
    connection.close().await?;
    living
}

/// Gives the database a new epoch, and writes into the audit log that it went back to a backup.
///
/// # Errors
/// What the database says.
pub async fn begin_epoch(store: &Store, now: Millis) -> Result<(), Error> {
    sqlx::any::install_default_drivers();
    let url = store.database().replace("?mode=rwc", "?mode=rw");
    let mut connection = AnyConnection::connect(&url).await?;
    migrate(&mut connection, Engine::of(&url)).await?;
    let mut transaction = connection.begin().await?;
    settings::begin_epoch(&mut transaction).await?;
    // Which of them were ended since is not known here.
    calendars::end_all_but(&mut transaction, &HashSet::new()).await?;
    audit_restore(&mut transaction, None, now).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(())
}

/// Opens a file to write to it.
///
/// # Errors
/// It is no database.
pub async fn open(file: &Path) -> Result<AnyConnection, Error> {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=rw", file.display());
    let mut connection = AnyConnection::connect(&url).await?;
    sqlx::raw_sql(WRITER_PRAGMAS)
        .execute(&mut connection)
        .await?;
    Ok(connection)
}

/// Writes the file anew, in place: a copy has shreds of its rows between them, made while they were
/// copied, which no deletion would ever find.
///
/// # Errors
/// What the database says.
pub async fn rewrite(file: &Path) -> Result<(), Error> {
    let mut connection = open(file).await?;
    sqlx::query("vacuum").execute(&mut connection).await?;
    settle(connection).await
}

/// Folds the log of changes into the one file, and closes it.
///
/// # Errors
/// What the database says.
pub async fn settle(mut connection: AnyConnection) -> Result<(), Error> {
    sqlx::query("pragma wal_checkpoint(truncate)")
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}
