//! Going back to a backup, in steps of which each leaves a database that can be served.

use super::{
    Lock, beside,
    carry::{self, Carried},
    failed, sync_folder,
};
use crate::{clock, config::Store, db, error::Error, verify};
use app::domain::time::rfc3339;
use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};
use tokio::fs;

/// What became of a restore.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Where the database that was there is kept, if there was one.
    pub kept: Option<PathBuf>,
    /// What people ended since the backup, done again; none if no database could be read for it.
    pub carried: Option<Carried>,
}

/// Puts the backup in the place of the database, with a new epoch. What people ended since then is
/// ended in it too, as far as the database that was there says.
///
/// # Errors
/// A server runs on it; the backup has faults; what the files say. The database is as it was then.
pub async fn restore(store: &Store, backup: &Path) -> Result<Restored, Error> {
    let database = store.file().ok_or_else(|| {
        Error::Internal(
            "PostgreSQL has pg_restore for this; then `chorus epoch new` tells the phones".into(),
        )
    })?;
    let _lock = Lock::take(store)?;
    let coming = beside(&database, "coming");
    for ending in ["", "-wal", "-shm"] {
        remove(&with_suffix(&coming, ending)).await?;
    }
    let failed = failed("the backup");
    fs::copy(backup, &coming).await.map_err(&failed)?;
    db::backup::prepare(&coming).await?;
    let was_there = fs::try_exists(&database).await.map_err(&failed)?;
    let carried = if was_there {
        carry::over(&database, &coming).await?
    } else {
        carry::nothing(&coming).await?;
        None
    };
    // One that cannot be read, or is from before there was a chain, says nothing of where its log ended.
    let ended = verify::audit_head(&database).await.ok().flatten();
    db::backup::note_restore(&coming, ended, clock::now_ms()).await?;
    db::backup::rewrite(&coming).await?;
    let faults = verify::file(&coming).await?;
    if !faults.is_empty() {
        remove(&coming).await?;
        return Err(Error::Internal(format!(
            "the backup has faults, and nothing was changed:\n{}",
            faults.join("\n")
        )));
    }
    let prepared = fs::File::open(&coming).await.map_err(&failed)?;
    prepared.sync_all().await.map_err(&failed)?;
    let kept = set_aside(&database).await?;
    fs::rename(&coming, &database).await.map_err(&failed)?;
    sync_folder(&database).await?;
    Ok(Restored { kept, carried })
}

/// Gives the database a new epoch without changing anything else: it was restored by other means.
///
/// # Errors
/// A server runs on it (SQLite); what the database says.
pub async fn new_epoch(store: &Store) -> Result<(), Error> {
    let _lock = Lock::take(store)?;
    db::backup::begin_epoch(store, clock::now_ms()).await
}

/// Keeps the database that is there under another name as well. Its log is folded in first: beside
/// another database it would spoil it.
async fn set_aside(database: &Path) -> Result<Option<PathBuf>, Error> {
    let failed = failed("the database that is replaced");
    if !fs::try_exists(database).await.map_err(&failed)? {
        return Ok(None);
    }
    let folded = db::backup::fold(database).await;
    let when = rfc3339(clock::now_ms()).replace(':', "-");
    let kept = beside(database, &format!("replaced-{when}"));
    fs::hard_link(database, &kept).await.map_err(&failed)?;
    if folded.is_err() {
        // It is broken: whatever its log holds stays with it.
        rename(&with_suffix(database, "-wal"), &with_suffix(&kept, "-wal")).await?;
    }
    for ending in ["-wal", "-shm"] {
        remove(&with_suffix(database, ending)).await?;
    }
    Ok(Some(kept))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

async fn remove(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file).await {
        Err(problem) if problem.kind() != ErrorKind::NotFound => Err(failed("a file")(problem)),
        _ => Ok(()),
    }
}

async fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::rename(from, to).await {
        Err(problem) if problem.kind() != ErrorKind::NotFound => Err(failed("a file")(problem)),
        _ => Ok(()),
    }
}
