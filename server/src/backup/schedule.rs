//! Backups by themselves, with a number of them to keep. The oldest go only once a newer one has been
//! read back, so there is always one that was sound when it was made; where none succeeds for as long as
//! members are told that copies stay, they go all the same (`old`).

use super::{KEPT_DAYS, failed, make};
use crate::{clock, config::Store, error::Error, verify};
use app::domain::time::rfc3339;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{fs, time::sleep};

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Where the backups go.
    pub folder: PathBuf,
    /// How often one is made.
    pub every: Duration,
    /// How many are kept.
    pub keep: usize,
}

const DAY_S: u64 = 24 * 60 * 60;

impl Schedule {
    /// Whether what members are told holds: that words which they took back are gone from backups in time.
    pub fn clears_in_time(&self) -> bool {
        let keep = u32::try_from(self.keep).unwrap_or(u32::MAX);
        self.every.saturating_mul(keep) <= Duration::from_secs(KEPT_DAYS * DAY_S)
    }

    /// Makes backups for ever. One that fails is said in the log and tried again in its turn.
    pub async fn run(self, store: Store) {
        loop {
            sleep(self.wait().await).await;
            match self.make_one(&store).await {
                Ok(file) => {
                    let log = verify::audit_head(&file).await.ok().flatten();
                    let log = log.map(|head| head.in_full()).unwrap_or_default();
                    tracing::info!(file = %file.display(), audit_log = log, "a backup was made");
                }
                Err(problem) => {
                    tracing::error!(error = %problem, "no backup was made");
                    sleep(self.every.min(Duration::from_secs(60 * 60))).await;
                }
            }
        }
    }

    /// Makes one, and lets the oldest go.
    ///
    /// # Errors
    /// It could not be made or read back: no other one was let go then.
    pub async fn make_one(&self, store: &Store) -> Result<PathBuf, Error> {
        fs::create_dir_all(&self.folder)
            .await
            .map_err(failed("the folder of backups"))?;
        let when = rfc3339(clock::now_ms()).replace(':', "-");
        let file = self.folder.join(format!("{NAME}{when}{ENDING}"));
        make(store, &file).await?;
        let all = backups(&self.folder).await?;
        for old in &all[..all.len().saturating_sub(self.keep.max(1))] {
            fs::remove_file(old)
                .await
                .map_err(failed("an old backup"))?;
        }
        Ok(file)
    }

    /// How long until the next one is due: at once when the newest is old enough.
    async fn wait(&self) -> Duration {
        let newest = backups(&self.folder)
            .await
            .ok()
            .and_then(|all| all.last().cloned());
        let age = match newest {
            Some(file) => fs::metadata(file).await.and_then(|it| it.modified()).ok(),
            None => None,
        };
        let age = age.and_then(|at| at.elapsed().ok());
        age.map_or(Duration::ZERO, |age| self.every.saturating_sub(age))
    }
}

/// What the name of each begins with, before its time.
pub(super) const NAME: &str = "chorus-";
const ENDING: &str = ".db";

/// The backups of a folder, oldest first: their names begin with their time.
async fn backups(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = failed("the folder of backups");
    let mut files = fs::read_dir(folder).await.map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(file) = files.next_entry().await.map_err(&failed)? {
        let name = file.file_name();
        let is_one = name
            .to_str()
            .is_some_and(|name| name.starts_with(NAME) && name.ends_with(ENDING));
        if is_one {
            found.push(file.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Reads `12h`, `1d` or `30m`.
///
/// # Errors
/// In words for whoever typed it.
pub fn read_every(text: &str) -> Result<Duration, String> {
    let unit_s = match text.chars().last() {
        Some('m') => 60,
        Some('h') => 60 * 60,
        Some('d') => DAY_S,
        _ => 0,
    };
    let number: Option<u64> = text
        .get(..text.len().saturating_sub(1))
        .and_then(|it| it.parse().ok());
    match number.filter(|number| *number > 0 && unit_s > 0) {
        Some(number) => Ok(Duration::from_secs(number.saturating_mul(unit_s))),
        None => Err("say how often as 30m, 12h or 1d".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_often_is_read_in_minutes_hours_and_days() {
        assert_eq!(read_every("30m"), Ok(Duration::from_secs(1_800)));
        assert_eq!(read_every("1d"), Ok(Duration::from_secs(86_400)));
        for text in ["", "d", "0h", "1w", "-1d", "é"] {
            assert!(read_every(text).is_err(), "{text}");
        }
    }

    #[test]
    fn backups_that_would_outlive_what_members_are_told_are_noticed() {
        let schedule = |every, keep| Schedule {
            folder: PathBuf::new(),
            every: read_every(every).unwrap(),
            keep,
        };
        assert!(schedule("1d", 30).clears_in_time());
        assert!(!schedule("1d", 31).clears_in_time());
        assert!(!schedule("7d", 5).clears_in_time());
    }
}
