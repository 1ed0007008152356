//! The phone's memory: IndexedDB through rexie, every row a text under a text key.
//!
//! One batch is one transaction, and it is told as kept only after the browser has said that it is
//! committed (durably: the boot script asks for `strict` in every store but `drafts`). Nothing but
//! IndexedDB is ever awaited inside a transaction, for the browser would end it. A handle that fails
//! is thrown away and the work is tried once more with a fresh one; then the failure is the caller's
//! to say.

use super::{platform, rows};
use app::order;
use app::sync::{
    outbox::{OutboxRow, Owner},
    store::{Batch, Meta, Saved, Write},
};
use futures::future::{Either, select};
use rexie::{KeyRange, ObjectStore, Rexie, Transaction, TransactionMode};
use std::{cell::RefCell, pin::pin, rc::Rc};
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

/// What a screen is drawn from, out of one snapshot.
pub struct View {
    /// All rows of the outbox, whoever's, oldest first.
    pub outbox: Vec<OutboxRow>,
    /// `(key, body)` of the records of one kind, in every scope.
    pub records: Vec<Found>,
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

    /// Everything that a replica starts from, out of one snapshot.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn saved(&self) -> Result<Saved, StoreError> {
        let transaction = self.begin(&[META, OUTBOX, RECORDS]).await?;
        let records = transaction.store(RECORDS)?.get_all_keys(None, None).await?;
        Ok(Saved {
            meta: read_meta(&transaction).await?,
            outbox: read_outbox(&transaction).await?,
            records: texts(records).collect(),
        })
    }

    /// The revision that is stored; 0 on a phone that has kept nothing yet.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn revision(&self) -> Result<u64, StoreError> {
        let transaction = self.begin(&[META]).await?;
        Ok(read_meta(&transaction).await?.unwrap_or_default().revision)
    }

    /// The records of one kind with what is to be laid over them.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn view(&self, kind: &str) -> Result<View, StoreError> {
        let transaction = self.begin(&[META, OUTBOX, RECORDS]).await?;
        let store = transaction.store(RECORDS)?;
        let mut records = Vec::new();
        let mut after = String::new();
        // From scope to scope, without reading what lies between.
        while let Some(key) = texts(store.get_all_keys(beyond(&after), Some(1)).await?).next() {
            let scope = key.split('/').next().unwrap_or_default();
            let range = under(&format!("{scope}/{kind}/"));
            let keys = store.get_all_keys(range, None).await?;
            let bodies = store
                .get_all(under(&format!("{scope}/{kind}/")), None)
                .await?;
            records.extend(texts(keys).zip(texts(bodies)));
            after = format!("{scope}/\u{ffff}");
        }
        Ok(View {
            outbox: read_outbox(&transaction).await?,
            records,
        })
    }

    /// All rows of the outbox, whoever's, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        read_outbox(&self.begin(&[OUTBOX]).await?).await
    }

    /// Every row of a store whose key begins with `prefix`, in key order.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn rows(&self, store: &'static str, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let transaction = self.begin(&[store]).await?;
        let store = transaction.store(store)?;
        let keys = store.get_all_keys(under(prefix), None).await?;
        let values = store.get_all(under(prefix), None).await?;
        Ok(texts(keys).zip(texts(values)).collect())
    }

    /// One row of a store.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn row(&self, store: &'static str, key: &str) -> Result<Option<String>, StoreError> {
        let transaction = self.begin(&[store]).await?;
        let found = transaction.store(store)?.get(key.into()).await?;
        Ok(found.and_then(|text| text.as_string()))
    }

    /// A transaction that only reads, on a fresh handle if the one at hand has died.
    async fn begin(&self, stores: &[&str]) -> Result<Transaction, StoreError> {
        let transaction = self
            .open()
            .await?
            .transaction(stores, TransactionMode::ReadOnly);
        if let Ok(transaction) = transaction {
            return Ok(transaction);
        }
        self.let_go();
        Ok(self
            .open()
            .await?
            .transaction(stores, TransactionMode::ReadOnly)?)
    }

    async fn try_write(&self, changes: &[Change], expected: Option<u64>) -> Result<(), StoreError> {
        let database = self.open().await?;
        let drafts_alone = changes.iter().all(|change| {
            matches!(change, Change::Put(store, ..) | Change::Delete(store, _) if *store == DRAFTS)
        });
        let stores: &[&str] = if drafts_alone { &[DRAFTS] } else { &STORES };
        let transaction = database.transaction(stores, TransactionMode::ReadWrite)?;
        if let Some(expected) = expected
            && read_meta(&transaction).await?.unwrap_or_default().revision != expected
        {
            // Nothing was asked of it yet, so there is nothing to learn from how it ends.
            let _ = transaction.abort().await;
            return Err(StoreError::Stale);
        }
        // Puts into one store are asked for together: a page of records is one wait, not hundreds.
        for run in
            changes.chunk_by(|a, b| a.puts_into().is_some() && a.puts_into() == b.puts_into())
        {
            do_changes(&transaction, run).await?;
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
            Write::PutMeta { key, text } => Self::Put(META, key, text),
            Write::AdoptLocal(member) => Self::Give(Owner::Local, Owner::Member(member)),
            Write::EraseOwn(owner) => Self::Erase(owner),
        }
    }
}

/// JSON of what the phone keeps.
pub fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value)
        .expect("rows are plain structs with string keys, which always serialise")
}

/// One change, or many puts into one store.
async fn do_changes(transaction: &Transaction, changes: &[Change]) -> Result<(), StoreError> {
    match &changes[0] {
        Change::Put(store, ..) => put_all(transaction, store, changes).await,
        Change::Delete(store, key) => Ok(transaction
            .store(store)?
            .delete(key.as_str().into())
            .await?),
        Change::Give(from, to) => sweep(transaction, *from, Some(*to)).await,
        Change::Erase(owner) => {
            sweep(transaction, *owner, None).await?;
            let meta = transaction.store(META)?;
            let end = rows::about("", *owner);
            for key in texts(meta.get_all_keys(None, None).await?).filter(|key| key.ends_with(&end))
            {
                meta.delete(key.as_str().into()).await?;
            }
            Ok(())
        }
    }
}

/// Gives the private rows and drafts of `from` to another owner, or to nobody.
async fn sweep(
    transaction: &Transaction,
    from: Owner,
    to: Option<Owner>,
) -> Result<(), StoreError> {
    for name in [PRIVATE, DRAFTS] {
        let store = transaction.store(name)?;
        let keys = texts(store.get_all_keys(None, None).await?);
        for (key, row) in keys.zip(texts(store.get_all(None, None).await?)) {
            let Some(content) = rows::of(from, &row) else {
                continue;
            };
            match to {
                Some(to) => {
                    let row = JsValue::from(rows::own(to, content));
                    store.put(&row, Some(&key.into())).await?;
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

async fn read_meta(transaction: &Transaction) -> Result<Option<Meta>, StoreError> {
    let found = transaction.store(META)?.get(SYNC.into()).await?;
    Ok(found
        .and_then(|text| text.as_string())
        .and_then(|text| serde_json::from_str(&text).ok()))
}

async fn read_outbox(transaction: &Transaction) -> Result<Vec<OutboxRow>, StoreError> {
    let found = transaction.store(OUTBOX)?.get_all(None, None).await?;
    let rows = texts(found).filter_map(|row| serde_json::from_str(&row).ok());
    let mut rows: Vec<OutboxRow> = rows.collect();
    order::by_key(&mut rows, |row| row.seq);
    Ok(rows)
}

fn texts(values: Vec<JsValue>) -> impl Iterator<Item = String> {
    values.into_iter().filter_map(|value| value.as_string())
}

fn under(prefix: &str) -> Option<KeyRange> {
    let end = format!("{prefix}\u{ffff}");
    KeyRange::bound(&prefix.into(), &end.into(), None, None).ok()
}

fn beyond(key: &str) -> Option<KeyRange> {
    KeyRange::lower_bound(&key.into(), Some(true)).ok()
}
