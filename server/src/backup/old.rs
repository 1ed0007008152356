//! Letting go of copies that are older than members are told: backups made by themselves, also where
//! newer ones fail, and databases that a restore has replaced. Whatever is older has words in it that
//! may have been taken back since.
//!
//! Backups that someone made by hand are wherever they put them: `chorus backup` says by when they go.

use super::{KEPT_DAYS, failed, schedule};
use crate::{config::Config, error::Error};
use app::domain::time::{DAY_MS, Millis, rfc3339};
use std::path::{Path, PathBuf};
use tokio::fs;

/// It is looked once an hour, so what would be too old by then goes now.
const MARGIN_MS: Millis = 2 * 60 * 60 * 1000;

/// Lets go of all that is too old at `now`; gives what went.
///
/// # Errors
/// A folder cannot be read, or a file not removed.
pub async fn let_go(config: &Config, now: Millis) -> Result<Vec<PathBuf>, Error> {
    let kept_ms = Millis::try_from(KEPT_DAYS).unwrap_or_default() * DAY_MS - MARGIN_MS;
    let before = rfc3339(now - kept_ms).replace(':', "-");
    let mut gone = Vec::new();
    if let Some(folder) = &config.backup_dir {
        gone.extend(older(folder, schedule::NAME, &before).await?);
    }
    if let Some(database) = config.store.file()
        && let (Some(folder), Some(name)) = (database.parent(), database.file_name())
    {
        let replaced = format!("{}.replaced-", name.to_string_lossy());
        gone.extend(older(folder, &replaced, &before).await?);
    }
    for file in &gone {
        fs::remove_file(file).await.map_err(failed("an old copy"))?;
    }
    Ok(gone)
}

/// The files of a folder whose names begin with `name` and then a time before `before`.
async fn older(folder: &Path, name: &str, before: &str) -> Result<Vec<PathBuf>, Error> {
    let failed = failed("the folder of copies");
    if !fs::try_exists(folder).await.map_err(&failed)? {
        return Ok(Vec::new());
    }
    let mut files = fs::read_dir(folder).await.map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(file) = files.next_entry().await.map_err(&failed)? {
        let all = file.file_name();
        let when = all.to_str().and_then(|all| all.strip_prefix(name));
        // Such a time is of one length, so its order is that of its letters.
        let is_time = |when: &&str| when.starts_with(|c: char| c.is_ascii_digit());
        if when.filter(is_time).is_some_and(|when| when < before) {
            found.push(file.path());
        }
    }
    Ok(found)
}
