//! One server at a time on a database file, and no restore under a running one.

use crate::{config::Store, error::Error};
use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;

/// Held while this value lives; the system lets it go when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "held, never read")] Option<File>);

impl Lock {
    /// Takes the lock of the database file. PostgreSQL looks after its own.
    ///
    /// # Errors
    /// A server holds it, or the data folder cannot be written.
    pub fn take(store: &Store) -> Result<Self, Error> {
        let Some(database) = store.file() else {
            return Ok(Self(None));
        };
        let failed = super::failed("the lock file");
        if let Some(folder) = database.parent() {
            let mut made = DirBuilder::new();
            made.recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(&failed)?;
        }
        let path = super::beside(&database, "lock");
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(&failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::WouldBlock) => Err(Error::Internal(format!(
                "a server runs on {}: stop it first",
                database.display()
            ))),
            Err(TryLockError::Error(problem)) => Err(failed(problem)),
        }
    }
}
