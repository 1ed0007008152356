//! The phone's memory: IndexedDB through rexie, every row a text under a text key.
//!
//! One batch is one transaction, and it is told as kept only after the browser has said that it is
//! committed (durably: the boot script asks for `strict` in every store but `drafts`). Nothing but
//! IndexedDB is ever awaited inside a transaction, for the browser would end it. A handle that fails
//! is thrown away and the work is tried once more with a fresh one; then the failure is the caller's
//! to say.

use super::{platform, rows};
use app::sync::{
    outbox::{OutboxRow, Owner},
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
const STORES: [&str; 5] = [RECORDS, OUTBOX, PRIVATE, DRAFTS, META];
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
    /// Deletes every private row and draft, and every row of [`META`] about this owner.
    Erase(Owner),
    /// The same, but their drafts stay.
    EraseButDrafts(Owner),
}

/// Why nothing was kept.
#[derive(Debug)]
pub enum StoreError {
    /// Another tab has written since: what was decided rests on an old state.
    Stale,
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
        let meta = json(&batch.meta);
        let mut changes: Vec<_> = batch.writes.into_iter().map(Change::from).collect();
        changes.push(Change::Put(META, SYNC.to_owned(), meta));
        self.write(&changes, Some(batch.expect)).await
    }

    /// Writes in one transaction, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Failed`]: nothing was kept. [`StoreError::Stale`] only with `expected`.
    pub async fn write(&self, changes: &[Change], expected: Option<u64>) -> Result<(), StoreError> {
        match self.try_write(changes, expected).await {
            Err(StoreError::Failed) => {
                self.let_go();
                self.try_write(changes, expected).await
            }
            other => other,
        }
    }

    /// The rows under each prefix, in key order, out of one snapshot.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn read<const N: usize>(
        &self,
        asks: [Ask; N],
    ) -> Result<[Vec<Found>; N], StoreError> {
        let mut found = self.read_all(&asks).await?.into_iter();
        Ok(asks.map(|_| found.next().unwrap_or_default()))
    }

    async fn read_all(&self, asks: &[Ask]) -> Result<Vec<Vec<Found>>, StoreError> {
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
        changes.iter().for_each(|change| change.touch(&mut stores));
        if expected.is_some() {
            stores.add(META);
        }
        let transaction = database.transaction(&stores.0, TransactionMode::ReadWrite)?;
        if let Some(expected) = expected
            && meta(&range(&transaction, &sync_row()).await?).revision != expected
        {
            // Nothing was asked of it yet, so there is nothing to learn from how it ends.
            let _ = transaction.abort().await;
            return Err(StoreError::Stale);
        }
        // All is asked for before any of it is awaited: a save is one wait, and so is a page of records.
        // Only a sweep, which reads, takes its turn.
        let mut asked = Vec::new();
        for run in
            changes.chunk_by(|a, b| a.puts_into().is_some() && a.puts_into() == b.puts_into())
        {
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

impl Change {
    fn touch(&self, stores: &mut Touched) {
        match self {
            Self::Put(store, ..) | Self::Delete(store, _) => stores.add(store),
            Self::Give(..) | Self::Erase(_) | Self::EraseButDrafts(_) => {
                [PRIVATE, DRAFTS, META]
                    .into_iter()
                    .for_each(|store| stores.add(store));
            }
        }
    }

    fn puts_into(&self) -> Option<&'static str> {
        match self {
            Self::Put(store, ..) => Some(store),
            _ => None,
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
            // In the same transaction: tabs that start at once must not take this for two browsers.
            Write::PutMeta { key, .. } if key == DEVICE => {
                Self::Put(META, key, Uuid::new_v4().to_string())
            }
            Write::PutMeta { key, text } => Self::Put(META, key, text),
            Write::AdoptLocal(member) => Self::Give(Owner::Local, Owner::Member(member)),
            Write::EraseOwn(owner) => Self::Erase(owner),
            Write::EraseButUnsent(owner) => Self::EraseButDrafts(owner),
        }
    }
}

/// JSON of what the phone keeps.
pub fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value)
        .expect("rows are plain structs with string keys, which always serialise")
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
}

/// One change, or many puts into one store.
async fn do_changes(transaction: &Transaction, changes: &[Change]) -> Result<(), StoreError> {
    match &changes[0] {
        Change::Put(store, ..) => put_all(transaction, store, changes).await,
        Change::Delete(store, key) => Ok(transaction
            .store(store)?
            .delete(key.as_str().into())
            .await?),
        Change::Give(from, to) => sweep(transaction, &[PRIVATE, DRAFTS], *from, Some(*to)).await,
        Change::Erase(owner) | Change::EraseButDrafts(owner) => {
            let stores: &[_] = if matches!(changes[0], Change::Erase(_)) {
                &[PRIVATE, DRAFTS]
            } else {
                &[PRIVATE]
            };
            sweep(transaction, stores, *owner, None).await?;
            let store = transaction.store(META)?;
            let end = rows::about("", *owner);
            for (key, _) in range(transaction, &keys(META)).await? {
                if key.ends_with(&end) {
                    store.delete(key.into()).await?;
                }
            }
            Ok(())
        }
    }
}

/// Gives the private rows and drafts of `from` to another owner, or to nobody.
async fn sweep(
    transaction: &Transaction,
    stores: &[&'static str],
    from: Owner,
    to: Option<Owner>,
) -> Result<(), StoreError> {
    for name in stores {
        let found = range(transaction, &all(name)).await?;
        let store = transaction.store(name)?;
        for (key, row) in found {
            let Some(content) = rows::of(from, &row) else {
                continue;
            };
            match to {
                Some(to) => {
                    let change = Change::Put(name, key, rows::own(to, content));
                    put_all(transaction, name, &[change]).await?;
                }
                None => store.delete(key.into()).await?,
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
