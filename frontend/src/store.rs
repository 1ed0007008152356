//! The phone's memory: IndexedDB through rexie, every row a text under a text key.
//!
//! One batch is one transaction, and it is told as kept only after the browser has said that it is
//! committed (durably: the boot script asks for `strict` in every store but `drafts`). Nothing but
//! IndexedDB is ever awaited inside a transaction, for the browser would end it. A handle that fails
//! is thrown away and the work is tried once more with a fresh one; then the failure is the caller's
//! to say.

use rexie::{KeyRange, ObjectStore, Rexie, Transaction, TransactionMode};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsValue;

const NAME: &str = "chorus";
/// For ever: rexie deletes stores that a new version does not list.
const VERSION: u32 = 1;
/// The names of the stores, which stand for ever too.
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
/// The key in [`META`] that every write of sync state moves.
pub const REVISION: &str = "revision";

/// A text to keep under a key, or the key to let go.
#[derive(Clone, Debug)]
pub struct Row {
    /// One of the stores above.
    pub store: &'static str,
    /// The row's key in it.
    pub key: String,
    /// The text; none deletes.
    pub text: Option<String>,
}

/// Why nothing was kept.
#[derive(Debug)]
pub enum StoreError {
    /// Another tab has written since: what was decided rests on an old state.
    Stale,
    /// The browser would not.
    Failed(String),
}

impl From<rexie::Error> for StoreError {
    fn from(error: rexie::Error) -> Self {
        Self::Failed(format!("{error:?}"))
    }
}

/// A key and its text.
pub type Found = (String, String);

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

    /// Writes a batch in one transaction, all or nothing. With `expected`, only if [`REVISION`] is
    /// still that; the batch then moves it on by one.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was kept.
    pub async fn write(&self, rows: &[Row], expected: Option<u64>) -> Result<(), StoreError> {
        match self.try_write(rows, expected).await {
            Err(StoreError::Failed(_)) => {
                self.let_go();
                self.try_write(rows, expected).await
            }
            other => other,
        }
    }

    /// Every row under each of `ranges` (store and key prefix), in key order, from one snapshot.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn read(&self, ranges: &[(&str, &str)]) -> Result<Vec<Vec<Found>>, StoreError> {
        match self.try_read(ranges).await {
            Err(_) => {
                self.let_go();
                self.try_read(ranges).await
            }
            found => found,
        }
    }

    async fn try_read(&self, ranges: &[(&str, &str)]) -> Result<Vec<Vec<Found>>, StoreError> {
        let database = self.open().await?;
        let transaction = database.transaction(&STORES, TransactionMode::ReadOnly)?;
        let mut all = Vec::with_capacity(ranges.len());
        for (store, prefix) in ranges {
            let store = transaction.store(store)?;
            let keys = store.get_all_keys(under(prefix), None).await?;
            let texts = store.get_all(under(prefix), None).await?;
            let rows = keys.iter().zip(&texts);
            all.push(rows.filter_map(|(key, text)| Some((key.as_string()?, text.as_string()?))).collect());
        }
        Ok(all)
    }

    async fn try_write(&self, rows: &[Row], expected: Option<u64>) -> Result<(), StoreError> {
        let database = self.open().await?;
        let mut stores: Vec<_> = rows.iter().map(|row| row.store).collect();
        if expected.is_some() {
            stores.push(META);
        }
        stores.sort_unstable();
        stores.dedup();
        let transaction = database.transaction(&stores, TransactionMode::ReadWrite)?;
        if let Some(expected) = expected
            && !move_revision(&transaction, expected).await?
        {
            // Nothing was asked of it, so the answer to aborting says nothing.
            let _ = transaction.abort().await;
            return Err(StoreError::Stale);
        }
        for store in stores {
            write_store(&transaction, store, rows).await?;
        }
        // `done` may answer well for an aborted transaction; `commit` does not.
        Ok(transaction.commit().await?)
    }

    async fn open(&self) -> Result<Rc<Rexie>, StoreError> {
        if let Some(open) = &*self.handle.borrow() {
            return Ok(Rc::clone(open));
        }
        let database = STORES
            .iter()
            .fold(Rexie::builder(NAME).version(VERSION), |builder, name| {
                builder.add_object_store(ObjectStore::new(name))
            })
            .build()
            .await?;
        let database = Rc::new(database);
        self.handle.replace(Some(Rc::clone(&database)));
        Ok(database)
    }
}

/// Whether [`REVISION`] was `expected`; if so it is one more now.
async fn move_revision(transaction: &Transaction, expected: u64) -> Result<bool, StoreError> {
    let meta = transaction.store(META)?;
    let found = meta.get(REVISION.into()).await?.and_then(|text| text.as_string());
    if revision(found.as_deref()) != expected {
        return Ok(false);
    }
    let next = JsValue::from_str(&(expected + 1).to_string());
    meta.put(&next, Some(&REVISION.into())).await?;
    Ok(true)
}

/// The revision as its text says; 0 for a phone that has kept nothing yet.
pub fn revision(text: Option<&str>) -> u64 {
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

async fn write_store(transaction: &Transaction, name: &str, rows: &[Row]) -> Result<(), StoreError> {
    let store = transaction.store(name)?;
    let rows = || rows.iter().filter(|row| row.store == name);
    for row in rows().filter(|row| row.text.is_none()) {
        store.delete(row.key.as_str().into()).await?;
    }
    let puts = rows().filter_map(|row| Some((row.text.as_deref()?.into(), Some(row.key.as_str().into()))));
    Ok(store.put_all(puts).await?)
}

fn under(prefix: &str) -> Option<KeyRange> {
    let end = format!("{prefix}\u{ffff}");
    KeyRange::bound(&prefix.into(), &end.into(), None, None).ok()
}
