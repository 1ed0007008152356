//! What staff write down about someone's safety, what admins set about it, and who looked: each in one
//! transaction with its line in the audit log.

use crate::{
    db::{
        audit, peers,
        safety::{
            records::{self, Added, NewEntry},
            settings::{self, Checked, Procedure},
        },
        staff,
    },
    error::Error,
    safety,
};
use app::domain::{id::StaffId, time::Millis};
use sqlx::AnyConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// How safety records are named in the audit log.
const KIND: &str = "safety";
/// The audit line of what a peer wrote down. Nobody on the staff did it.
pub const BY_PEER: &str = "safety.write_peer";

/// Keeps an entry; keeping it again changes nothing.
///
/// # Errors
/// [`Error::Forbidden`] for adding to a record that they do not read; as [`records::add`].
pub async fn write_down(
    tx: &mut AnyConnection,
    now: Millis,
    mut new: NewEntry,
) -> Result<Added, Error> {
    if let Some(record) = new.record {
        must_read(tx, new.staff).await?;
        new.about = records::about_of(tx, record).await?;
    }
    let added = records::add(tx, now, &new).await?;
    if added.is_new {
        audit::add(
            tx,
            now,
            new.staff,
            "safety.write",
            (KIND, added.record),
            None,
        )
        .await?;
    }
    Ok(added)
}

/// What a peer wrote down, as an entry like any other: about the match, where it is one of theirs. It is in the audit
/// log as theirs, not as anybody's of staff.
///
/// # Errors
/// What the database says.
pub async fn write_down_of_peer(
    tx: &mut AnyConnection,
    now: Millis,
    new: NewEntry,
) -> Result<(), Error> {
    let added = match records::add(tx, now, &new).await {
        // Something else stands under that id: no phone of ours makes one twice.
        Err(Error::Forbidden) => return Ok(()),
        added => added?,
    };
    let nobody = StaffId(Uuid::nil());
    audit::add(tx, now, nobody, BY_PEER, (KIND, added.record), None).await
}

/// Writes down that a named reader opens a record, before anything of it is shown.
///
/// # Errors
/// [`Error::Forbidden`] for anybody else; what the database says.
pub async fn open(
    tx: &mut AnyConnection,
    now: Millis,
    reader: StaffId,
    record: Uuid,
) -> Result<(), Error> {
    must_read(tx, reader).await?;
    records::about_of(tx, record).await?;
    audit::add(tx, now, reader, "safety.read", (KIND, record), None).await
}

/// Writes down that a named reader opens the list.
///
/// # Errors
/// [`Error::Forbidden`] for anybody else; what the database says.
pub async fn open_list(tx: &mut AnyConnection, now: Millis, reader: StaffId) -> Result<(), Error> {
    must_read(tx, reader).await?;
    audit::add(tx, now, reader, "safety.list", (KIND, Uuid::nil()), None).await
}

async fn must_read(tx: &mut AnyConnection, staff: StaffId) -> Result<(), Error> {
    if settings::is_reader(tx, staff).await? {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// What an admin saves.
#[derive(Clone, Debug)]
pub struct NewSettings {
    /// The version that they saw.
    pub over: i64,
    /// Who saves it.
    pub by: StaffId,
    /// The procedure and the named people.
    pub procedure: Procedure,
    /// "I have checked this today."
    pub checked: Option<Checked>,
    /// Who reads safety records.
    pub readers: BTreeSet<StaffId>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is the newest version now.
    Saved,
    /// Someone else saved this version meanwhile: nothing was changed.
    ChangedMeanwhile(i64),
}

/// Saves the next version of the settings, with a line in the audit log for each reader who was named
/// or whose reading ended.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut AnyConnection, now: Millis, new: NewSettings) -> Result<Saved, Error> {
    let old = settings::newest(&mut *tx).await?;
    let old = old.unwrap_or_else(safety::built_in);
    if old.version != new.over {
        return Ok(Saved::ChangedMeanwhile(old.version));
    }
    let mut readers = Vec::new();
    for reader in &new.readers {
        if staff::find(&mut *tx, *reader).await?.is_some() {
            readers.push(*reader);
        }
    }
    let before = settings::readers(&mut *tx).await?;
    let before: BTreeSet<StaffId> = before.into_iter().map(|(id, _)| id).collect();
    let after: BTreeSet<StaffId> = readers.iter().copied().collect();
    let next = safety::next(&old, new.procedure, new.checked);
    settings::add(tx, now, new.by, &next, &readers).await?;
    peers::supporters::tell_all(&mut *tx).await?;
    let version = (
        "safety_settings",
        Uuid::from_u64_pair(0, next.version.unsigned_abs()),
    );
    audit::add(tx, now, new.by, "safety.settings", version, None).await?;
    let named = after
        .difference(&before)
        .map(|id| ("safety.reader_named", id));
    let ended = before
        .difference(&after)
        .map(|id| ("safety.reader_removed", id));
    for (action, reader) in named.chain(ended) {
        audit::add(tx, now, new.by, action, ("staff", reader.0), None).await?;
    }
    Ok(Saved::Saved)
}
