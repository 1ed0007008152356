//! The phone's memory: IndexedDB through rexie, every row a text under a text key.
//!
//! One batch is one transaction, and it is told as kept only after the browser has said that it is
//! committed (durably: the boot script asks for `strict` in every store but `drafts`). Nothing but
//! IndexedDB is ever awaited inside a transaction, for the browser would end it. A handle that fails
//! is thrown away and the work is tried once more with a fresh one; then the failure is the caller's
//! to say. Where the owner has a PIN, `seal` stands between every row and the store.

use super::{platform, rows, seal::locks};
pub use app::sync::rows::{Change, DRAFTS, Found, META, OUTBOX, PRIVATE, RECORDS, STORES, json};
use app::sync::{
    outbox::{OutboxRow, Owner},
    rows::{OWNED, SYNC, is_declined, put_sync},
    sealed::{Known, LOCK},
    store::{Batch, DEVICE, Meta, Saved, Write},
};
use app::{json::read, order};
use futures::{
    FutureExt,
    future::{Either, select},
};
use rexie::{KeyRange, ObjectStore, Rexie, Transaction, TransactionMode};
use std::{cell::RefCell, pin::pin, rc::Rc};
use uuid::Uuid;
use wasm_bindgen::JsValue;

const NAME: &str = "chorus";
/// For ever: rexie deletes stores that a new version does not list.
const VERSION: u32 = 1;
/// Some browsers never answer when their storage is broken.
const OPEN_LIMIT_MS: i64 = 8_000;

/// Why nothing was kept.
#[derive(Debug)]
pub enum StoreError {
    /// Another tab has written since: what was decided rests on an old state, or may not be kept as things
    /// stand now.
    Stale,
    /// There is a PIN, and this tab has not been opened with it.
    Locked,
    /// The PIN was turned on or off, or changed, since this tab looked.
    Relocked,
    /// The browser would not, not even with a fresh handle.
    Failed,
}

impl From<rexie::Error> for StoreError {
    fn from(_: rexie::Error) -> Self {
        Self::Failed
    }
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
    handle: Rc<RefCell<Option<Rc<Rexie>>>>,
    pub(super) seal: Rc<RefCell<Known>>,
}

impl Store {
    /// Lets the handle go: the next use opens a fresh one.
    pub fn let_go(&self) {
        self.handle.take();
    }

    /// Does a batch of the replica in one transaction, if the store still has the revision that the
    /// batch was decided on.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was kept.
    pub async fn keep(&self, batch: Batch) -> Result<(), StoreError> {
        let next = self.lock_of_next(batch.meta.owner).await?;
        let mut changes: Vec<_> = batch.writes.into_iter().map(change).collect();
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
        self.learn(meta(&found[0]).owner, &found[1]);
        if self.is_locked() {
            return Err(StoreError::Locked);
        }
        let waiting = self.opened(OUTBOX, waiting.unwrap_or_default()).await?;
        Ok(saved(&found[0], &waiting, records.unwrap_or_default()))
    }

    /// Deletes everything of the owner's without opening any of it: the PIN is forgotten, or the phone
    /// was lost. Afterwards the phone is nobody's.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was deleted.
    pub async fn erase_unread(&self, with: Vec<Write>) -> Result<(), StoreError> {
        let found = self.read_as_is(&[sync_row(), keys(RECORDS)]).await?;
        let old = meta(&found[0]);
        let mut changes: Vec<_> = with.into_iter().map(change).collect();
        let records = found[1].iter().map(|(key, _)| key);
        changes.extend(rows::erase_unread(&old, records));
        self.write(&changes, Some(old.revision)).await
    }

    /// Writes in one transaction, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Failed`]: nothing was kept. [`StoreError::Stale`] only with `expected`, of a batch.
    pub async fn write(&self, changes: &[Change], expected: Option<u64>) -> Result<(), StoreError> {
        let mut tries = 0;
        loop {
            if self.seal.borrow().forbids(changes) {
                return Err(StoreError::Stale);
            }
            let sealed = self.sealed(changes).await?;
            let ready = sealed.as_deref().unwrap_or(changes);
            let done = self.try_write(ready, expected).await;
            tries += 1;
            match done {
                Ok(()) => {
                    self.wrote(ready);
                    return Ok(());
                }
                Err(StoreError::Failed) if tries == 1 => self.let_go(),
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
        Ok(std::array::from_fn(|_| all.next().unwrap_or_default()))
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
        let mut stores = Touched::default();
        asks.iter().for_each(|ask| stores.add(ask.store));
        let stores = stores.0;
        let begun = self
            .open()
            .await?
            .transaction(&stores, TransactionMode::ReadOnly);
        let transaction = match begun {
            Ok(transaction) => transaction,
            Err(_) => {
                // The handle has died unseen.
                self.let_go();
                self.open()
                    .await?
                    .transaction(&stores, TransactionMode::ReadOnly)?
            }
        };
        let mut all = Vec::with_capacity(asks.len());
        for ask in asks {
            all.push(range(&transaction, ask).await?);
        }
        Ok(all)
    }

    async fn try_write(&self, changes: &[Change], expected: Option<u64>) -> Result<(), StoreError> {
        let database = self.open().await?;
        let mut stores = Touched::default();
        if expected.is_none() {
            // Drafts alone may be relaxed; the boot script knows them by these two names in this order.
            stores.add(META);
        }
        changes
            .iter()
            .for_each(|change| stores.add_those_of(change));
        stores.add(META);
        let transaction = database.transaction(&stores.0, TransactionMode::ReadWrite)?;
        let rows = range(&transaction, &all(META)).await?;
        if let Err(other) = self.may_write(&rows, changes, expected) {
            // Nothing was asked of it yet, so there is nothing to learn from how it ends.
            let _ = transaction.abort().await;
            return Err(other);
        }
        // All is asked for before any of it is awaited: a save is one wait, and so is a page of records.
        // Only a sweep, which reads, takes its turn.
        let mut asked = Vec::new();
        for run in changes.chunk_by(|a, b| puts_into(a).is_some() && puts_into(a) == puts_into(b)) {
            let sweeps = matches!(
                run[0],
                Change::Give(..) | Change::Erase(_) | Change::EraseButDrafts(_)
            );
            let mut run = Box::pin(do_changes(&transaction, run));
            if sweeps {
                run.await?;
            } else if let Some(ended) = run.as_mut().now_or_never() {
                ended?;
            } else {
                asked.push(run);
            }
        }
        for run in asked {
            run.await?;
        }
        // `done` may answer well for an aborted transaction; `commit` does not.
        Ok(transaction.commit().await?)
    }

    /// Whether the store still has what a write was decided on, the revision and the lock, and nothing that
    /// forbids it.
    fn may_write(
        &self,
        meta_rows: &[Found],
        changes: &[Change],
        expected: Option<u64>,
    ) -> Result<(), StoreError> {
        let row = |wanted: &str| meta_rows.iter().position(|(key, _)| key == wanted);
        let row = |wanted| row(wanted).map_or(&[][..], |at| &meta_rows[at..]);
        let has = |key: &str| meta_rows.iter().any(|(found, _)| found == key);
        let Meta {
            revision, owner, ..
        } = meta(row(SYNC));
        let (lock, known) = self.known_lock();
        if row(&lock).first().map(|(_, row)| row) != known.as_ref() {
            Err(StoreError::Relocked)
        } else if expected.is_some_and(|expected| expected != revision)
            || is_declined(changes, has)
            || self.seal.borrow().misplaces(changes, owner, has)
        {
            Err(StoreError::Stale)
        } else {
            Ok(())
        }
    }

    async fn open(&self) -> Result<Rc<Rexie>, StoreError> {
        if let Some(open) = &*self.handle.borrow() {
            return Ok(Rc::clone(open));
        }
        let opening = STORES
            .iter()
            .fold(Rexie::builder(NAME).version(VERSION), |builder, name| {
                builder.add_object_store(ObjectStore::new(name))
            })
            .build();
        let database = match select(pin!(opening), pin!(platform::pause(OPEN_LIMIT_MS))).await {
            Either::Left((opened, _)) => Rc::new(opened?),
            Either::Right(_) => return Err(StoreError::Failed),
        };
        self.handle.replace(Some(Rc::clone(&database)));
        Ok(database)
    }
}

/// A write as a change.
fn change(write: Write) -> Change {
    match write {
        // In the same transaction: tabs that start at once must not take this for two browsers.
        Write::PutMeta { key, .. } if key == DEVICE => {
            Change::Put(META, key, Uuid::new_v4().to_string())
        }
        other => other.into(),
    }
}

fn puts_into(change: &Change) -> Option<&'static str> {
    match change {
        Change::Put(store, ..) => Some(store),
        _ => None,
    }
}

/// Whether a change says itself how the lock stands.
fn is_of_lock(change: &Change) -> bool {
    matches!(change, Change::Put(META, key, _) if key.starts_with(LOCK))
}

/// The stores that a transaction names: no more than it touches, since it waits for every other one
/// on any of them, and a person waits for it.
#[derive(Default)]
struct Touched(Vec<&'static str>);

impl Touched {
    fn add(&mut self, store: &'static str) {
        if !self.0.contains(&store) {
            self.0.push(store);
        }
    }

    fn add_those_of(&mut self, change: &Change) {
        match change {
            Change::Put(store, ..) | Change::Delete(store, _) => self.add(store),
            Change::Give(..) | Change::Erase(_) | Change::EraseButDrafts(_) => {
                OWNED.into_iter().for_each(|store| self.add(store));
            }
        }
    }
}

/// One change, or many puts into one store.
async fn do_changes(transaction: &Transaction, changes: &[Change]) -> Result<(), StoreError> {
    match &changes[0] {
        Change::Put(store, ..) => put_all(transaction, store, changes).await,
        Change::Delete(store, key) => Ok(transaction
            .store(store)?
            .delete(key.as_str().into())
            .await?),
        Change::Give(from, to) => give(transaction, *from, *to).await,
        Change::Erase(owner) | Change::EraseButDrafts(owner) => {
            let keeps_unsent = matches!(changes[0], Change::EraseButDrafts(_));
            erase(transaction, *owner, keeps_unsent).await
        }
    }
}

/// Deletes what is the owner's, unread: see [`rows::is_erased`].
async fn erase(
    transaction: &Transaction,
    owner: Owner,
    keeps_unsent: bool,
) -> Result<(), StoreError> {
    for store in OWNED {
        let found = range(transaction, &all(store)).await?;
        let from = transaction.store(store)?;
        for (key, row) in found {
            if rows::is_erased(owner, keeps_unsent, store, &key, &row) {
                from.delete(key.into()).await?;
            }
        }
    }
    Ok(())
}

/// Gives the private rows and drafts of `from` to another owner.
async fn give(transaction: &Transaction, from: Owner, to: Owner) -> Result<(), StoreError> {
    for name in [PRIVATE, DRAFTS] {
        for (key, row) in range(transaction, &all(name)).await? {
            if let Some(row) = rows::given(from, to, &row) {
                put_all(transaction, name, &[Change::Put(name, key, row)]).await?;
            }
        }
    }
    Ok(())
}

async fn put_all(
    transaction: &Transaction,
    store: &str,
    puts: &[Change],
) -> Result<(), StoreError> {
    let rows = puts.iter().filter_map(|change| match change {
        Change::Put(_, key, text) => Some((text.as_str().into(), Some(key.as_str().into()))),
        _ => None,
    });
    Ok(transaction.store(store)?.put_all(rows).await?)
}

async fn range(transaction: &Transaction, ask: &Ask) -> Result<Vec<Found>, StoreError> {
    let store = transaction.store(ask.store)?;
    let keys = texts(store.get_all_keys(under(&ask.prefix), None).await?);
    if ask.keys_alone {
        return Ok(keys.map(|key| (key, String::new())).collect());
    }
    Ok(keys
        .zip(texts(store.get_all(under(&ask.prefix), None).await?))
        .collect())
}

fn texts(values: Vec<JsValue>) -> impl Iterator<Item = String> {
    values.into_iter().filter_map(|value| value.as_string())
}

fn under(prefix: &str) -> Option<KeyRange> {
    let end = format!("{prefix}\u{ffff}");
    KeyRange::bound(&prefix.into(), &end.into(), None, None).ok()
}
