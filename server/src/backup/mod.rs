//! Copies of the database, and going back to one.
//!
//! A backup is made while the server runs, read back, and only then gets its name. A restore goes the
//! other way: it reads the copy first, gives it a new epoch (so that every phone hears that the server
//! went back in time, and offers again what it no longer knows), and puts it in the place of the
//! database, which is kept beside it. Nothing here contains SQL.

mod carry;
mod lock;
mod make;
mod old;
mod restore;
pub mod schedule;

pub use carry::Carried;
pub use lock::Lock;
pub use make::make;
pub use old::let_go;
pub use restore::{Restored, new_epoch, restore};

use crate::error::Error;
use std::path::{Path, PathBuf};

/// How long a member's words may stand in a backup after they took them back. Members are told so.
pub const KEPT_DAYS: u64 = 30;

/// `chorus.db` with `.ending` after it.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// What was renamed or linked in a file's folder survives a power cut from here on.
async fn sync_folder(file: &Path) -> Result<(), Error> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = tokio::fs::File::open(folder).await;
    folder
        .map_err(failed("the folder"))?
        .sync_all()
        .await
        .map_err(failed("the folder"))
}

fn failed(what: &str) -> impl Fn(std::io::Error) -> Error {
    move |problem| Error::Internal(format!("{what}: {problem}"))
}
