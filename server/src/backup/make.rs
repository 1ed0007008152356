//! Making a backup: a copy as of one moment, read back before it gets its name.

use super::{beside, failed, sync_folder};
use crate::{config::Store, db, error::Error, verify};
use std::{os::unix::fs::PermissionsExt, path::Path};
use tokio::fs;

/// Writes a whole copy of the database, as of one moment, to `file`, which must not be there yet.
/// Whoever finds `file` finds a copy that was verified.
///
/// # Errors
/// The file is there, the database cannot be copied, or the copy has faults: it is kept under
/// another name then.
pub async fn make(store: &Store, file: &Path) -> Result<(), Error> {
    if fs::try_exists(file).await.map_err(failed("the file"))? {
        return Err(Error::Internal(format!(
            "{} is there already",
            file.display()
        )));
    }
    let part = beside(file, "part");
    // Left by a backup that was cut off.
    let _ = fs::remove_file(&part).await;
    let path = part
        .to_str()
        .ok_or_else(|| Error::Internal("the file's name is no text".into()))?;
    db::backup::copy(store, path).await?;
    let failed = failed("the copy");
    let only_us = std::fs::Permissions::from_mode(0o600);
    fs::set_permissions(&part, only_us).await.map_err(&failed)?;
    let faults = verify::file(&part).await?;
    if !faults.is_empty() {
        let kept = beside(file, "faulty");
        fs::rename(&part, &kept).await.map_err(&failed)?;
        return Err(Error::Internal(format!(
            "the copy has faults (it is kept as {}):\n{}",
            kept.display(),
            faults.join("\n")
        )));
    }
    let copy = fs::File::open(&part).await.map_err(&failed)?;
    copy.sync_all().await.map_err(&failed)?;
    // A link, unlike a rename, never takes the place of a file that came meanwhile.
    fs::hard_link(&part, file).await.map_err(&failed)?;
    fs::remove_file(&part).await.map_err(&failed)?;
    sync_folder(file).await
}
