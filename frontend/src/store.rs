//! The phone's memory: every row a text under a text key, in five stores of IndexedDB.
//!
//! One batch is one transaction, and it is told as kept only after the browser has said that it is
//! committed. The transactions themselves are a small script, `frontend/static/store.js`: see
//! docs/decisions/006. Where the owner has a PIN, `seal` stands between every row and the store.

use super::{
    platform, rows,
    seal::{Seal, locks},
};
use app::sync::{
    outbox::{OutboxRow, Owner},
    sealed,
    store::{Batch, Meta, Saved, Write},
};
use app::{json::read, order};
use std::{borrow::Cow, cell::RefCell, rc::Rc};
use wasm_bindgen::JsValue;

/// The server's records.
pub const RECORDS: &str = "records";
/// Commands that have not ended.
pub const OUTBOX: &str = "outbox";
/// The person's own, never synced.
pub const PRIVATE: &str = "private";
/// What was typed and not kept or sent yet.
pub const DRAFTS: &str = "drafts";
/// Where the sync stands, and whose the phone is.
pub const META: &str = "meta";
/// The key in [`META`] of the replica's own row.
const SYNC: &str = "sync";

/// A key and its text.
pub type Found = (String, String);

/// One change. All changes of a transaction happen, or none.
#[derive(Clone, Debug)]
pub enum Change {
    /// Keeps a text under a key of a store.
    Put(&'static str, String, String),
    /// Lets a key of a store go.
    Delete(&'static str, String),
    /// Gives every private row and draft of the first to the second.
    Give(Owner, Owner),
    /// Deletes every private row and draft, every waiting command, and every row of [`META`] about this
    /// owner, without reading any.
    Erase(Owner),
}

/// Why nothing was kept.
#[derive(Debug)]
pub enum StoreError {
    /// Another tab has written since: what was decided rests on an old state.
    Stale,
    /// There is a PIN, and this tab has not been opened with it.
    Locked,
    /// The PIN was turned on or off, or changed, since this tab looked.
    Relocked,
    /// The browser would not, not even with a fresh handle.
    Failed,
}

/// What to read.
pub struct Ask {
    store: &'static str,
    prefix: String,
    keys_alone: bool,
}

/// The rows of a store whose keys begin so.
pub fn under_key(store: &'static str, prefix: &str) -> Ask {
    Ask {
        store,
        prefix: prefix.to_owned(),
        keys_alone: false,
    }
}

/// Every row of a store.
pub fn all(store: &'static str) -> Ask {
    under_key(store, "")
}

/// Every key of a store, without the rows: with ten thousand records, a start reads no body.
pub fn keys(store: &'static str) -> Ask {
    Ask {
        keys_alone: true,
        ..all(store)
    }
}

/// The records of one kind in a scope.
pub fn records_of(scope: impl AsRef<str>, kind: &str) -> Ask {
    under_key(RECORDS, &format!("{}/{kind}/", scope.as_ref()))
}

/// The replica's own row.
pub fn sync_row() -> Ask {
    under_key(META, SYNC)
}

/// The replica's own row, as read by [`sync_row`].
pub fn meta(found: &[Found]) -> Meta {
    first_meta(found).unwrap_or_default()
}

fn first_meta(found: &[Found]) -> Option<Meta> {
    read(&found.first()?.1)
}

/// All rows of the outbox, whoever's, oldest first.
pub fn outbox(found: &[Found]) -> Vec<OutboxRow> {
    let rows = found.iter().filter_map(|(_, row)| read(row));
    let mut rows: Vec<OutboxRow> = rows.collect();
    order::by_key(&mut rows, |row| row.seq);
    rows
}

/// What a replica starts from, as read by [`sync_row`], [`all`] of [`OUTBOX`] and [`keys`] of [`RECORDS`].
pub fn saved(sync: &[Found], waiting: &[Found], records: Vec<Found>) -> Saved {
    Saved {
        meta: first_meta(sync),
        outbox: outbox(waiting),
        records: records.into_iter().map(|(key, _)| key).collect(),
    }
}

/// The store. Cheap to clone; every clone is the same store.
#[derive(Clone, Default)]
pub struct Store {
    pub(super) seal: Rc<RefCell<Seal>>,
}

impl Store {
    /// Does a batch of the replica in one transaction, if the store still has the revision that the
    /// batch was decided on.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was kept.
    pub async fn keep(&self, batch: Batch) -> Result<(), StoreError> {
        let next = self.lock_of_next(batch.meta.owner).await?;
        let mut changes: Vec<_> = batch.writes.into_iter().map(Change::from).collect();
        changes.extend(next);
        changes.push(put_sync(&batch.meta));
        self.write(&changes, Some(batch.expect)).await?;
        self.owner_is(batch.meta.owner).await
    }

    /// Everything that a start reads, out of one snapshot.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn read_saved(&self) -> Result<Saved, StoreError> {
        let asks = [sync_row(), locks(), all(OUTBOX), keys(RECORDS)];
        let mut found = self.read_as_is(&asks).await?;
        let (records, waiting) = (found.pop(), found.pop());
        self.learn(&found[0], &found[1]);
        if self.is_locked() {
            return Err(StoreError::Locked);
        }
        let waiting = self.opened(OUTBOX, waiting.unwrap_or_default()).await?;
        Ok(saved(&found[0], &waiting, records.unwrap_or_default()))
    }

    /// Deletes everything of the owner's without reading any of it: the PIN is forgotten, or the phone
    /// was lost. Afterwards the phone is nobody's.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was deleted.
    pub async fn erase_unread(&self) -> Result<(), StoreError> {
        let found = self.read_as_is(&[sync_row(), keys(RECORDS)]).await?;
        let old = meta(&found[0]);
        let mut changes = Vec::new();
        for (key, _) in &found[1] {
            if !sealed::is_public(key) {
                changes.push(Change::Delete(RECORDS, key.clone()));
            }
        }
        changes.push(Change::Erase(old.owner));
        changes.push(put_sync(&Meta {
            revision: old.revision + 1,
            next_seq: old.next_seq,
            resyncing: true,
            ..Meta::default()
        }));
        self.write(&changes, Some(old.revision)).await
    }

    /// Writes in one transaction, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Failed`]: nothing was kept. [`StoreError::Stale`] only with `expected`.
    pub async fn write(&self, changes: &[Change], expected: Option<u64>) -> Result<(), StoreError> {
        let mut tries = 0;
        loop {
            let sealed = self.sealed(changes).await?;
            let ready = sealed.as_deref().unwrap_or(changes);
            let done = self.try_write(ready, expected).await;
            tries += 1;
            match done {
                Ok(()) => {
                    self.wrote(ready);
                    return Ok(());
                }
                Err(StoreError::Relocked) => {
                    self.look_at_lock().await?;
                    // What was decided under the old lock means nothing under the new one.
                    if tries > 2 || changes.iter().any(is_of_lock) {
                        return Err(StoreError::Failed);
                    }
                }
                other => return other,
            }
        }
    }

    /// The rows under each prefix, in key order, out of one snapshot. Sealed ones that this tab may not
    /// open are left out.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn read<const N: usize>(
        &self,
        asks: [Ask; N],
    ) -> Result<[Vec<Found>; N], StoreError> {
        let mut all = self.read_opened(&asks).await?.into_iter();
        Ok(asks.map(|_| all.next().unwrap_or_default()))
    }

    async fn read_opened(&self, asks: &[Ask]) -> Result<Vec<Vec<Found>>, StoreError> {
        let mut all = self.read_as_is(asks).await?;
        for (ask, found) in asks.iter().zip(&mut all) {
            *found = self.opened(ask.store, std::mem::take(found)).await?;
        }
        Ok(all)
    }

    /// The rows as they stand, sealed or not: one list for each ask.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn read_as_is(&self, asks: &[Ask]) -> Result<Vec<Vec<Found>>, StoreError> {
        let mut flat = Vec::new();
        for ask in asks {
            let alone = if ask.keys_alone { "keys" } else { "" };
            flat.extend([ask.store, &ask.prefix, alone]);
        }
        let found = platform::read(&flat).await.ok_or(StoreError::Failed)?;
        let lists = asks.iter().zip(found);
        Ok(lists
            .map(|(ask, found)| rows_of(found, ask.keys_alone))
            .collect())
    }

    async fn try_write(&self, changes: &[Change], expected: Option<u64>) -> Result<(), StoreError> {
        let (key, row) = self.known_lock();
        let mut lock = vec![key.as_str()];
        lock.extend(row.as_deref());
        let named: Vec<_> = changes.iter().map(Change::flat).collect();
        let flat: Vec<&str> = named.iter().flatten().map(AsRef::as_ref).collect();
        let answer = platform::write(expected, &lock, &flat).await;
        match answer.as_deref() {
            Some("kept") => Ok(()),
            Some("stale") => Err(StoreError::Stale),
            Some(_) => Err(StoreError::Relocked),
            None => Err(StoreError::Failed),
        }
    }
}

fn rows_of(found: JsValue, keys_alone: bool) -> Vec<Found> {
    let mut texts = platform::texts(found).into_iter().flatten().flatten();
    let mut rows = Vec::new();
    while let Some(key) = texts.next() {
        let row = if keys_alone { None } else { texts.next() };
        rows.push((key, row.unwrap_or_default()));
    }
    rows
}

impl Change {
    /// As the script takes it: what, store, key, row.
    fn flat(&self) -> [Cow<'_, str>; 4] {
        let empty = Cow::Borrowed("");
        match self {
            Self::Put(store, key, row) => ["put".into(), (*store).into(), key.into(), row.into()],
            Self::Delete(store, key) => ["delete".into(), (*store).into(), key.into(), empty],
            Self::Give(from, to) => ["give".into(), from.name().into(), to.name().into(), empty],
            Self::Erase(owner) => ["erase".into(), owner.name().into(), empty.clone(), empty],
        }
    }
}

impl From<Write> for Change {
    fn from(write: Write) -> Self {
        match write {
            Write::PutRecord(key, body) => Self::Put(RECORDS, key.to_text(), body),
            Write::DeleteRecord(key) => Self::Delete(RECORDS, key.to_text()),
            Write::PutOutbox(row) => Self::Put(OUTBOX, row.id.to_string(), json(&row)),
            Write::DeleteOutbox(id) => Self::Delete(OUTBOX, id.to_string()),
            Write::PutRefused(refused) => {
                let row = rows::own(refused.row.owner, &json(&refused));
                Self::Put(DRAFTS, refused.key(), row)
            }
            Write::PutPrivate { owner, key, text } => {
                Self::Put(PRIVATE, key, rows::own(owner, &text))
            }
            Write::DeleteDraft(key) => Self::Delete(DRAFTS, key),
            Write::PutMeta { key, text } => Self::Put(META, key, text),
            Write::AdoptLocal(member) => Self::Give(Owner::Local, Owner::Member(member)),
            Write::EraseOwn(owner) => Self::Erase(owner),
        }
    }
}

fn put_sync(meta: &Meta) -> Change {
    Change::Put(META, SYNC.to_owned(), json(meta))
}

/// Whether a change says itself how the lock stands.
fn is_of_lock(change: &Change) -> bool {
    matches!(change, Change::Put(META, key, _) if key.starts_with(sealed::LOCK))
}

/// JSON of what the phone keeps.
pub fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value)
        .expect("rows are plain structs with string keys, which always serialise")
}
