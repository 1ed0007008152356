//! A phone's rows as they lie in its browser, sealed or plain: every store a map of texts. They are made
//! and swept by what the app shares with the browser (`app::sync::rows`), sealed by [`super::lock`].

use super::lock;
use app::{
    json::read,
    sync::{
        outbox::OutboxRow,
        rows::{self, Change, META, OUTBOX, RECORDS, SYNC},
        sealed::{Known, LOCK},
        store::{Meta, Saved},
    },
};
use std::collections::BTreeMap;

/// Everything in one browser's store.
#[derive(Clone, Debug, Default)]
pub struct Rest(BTreeMap<&'static str, BTreeMap<String, String>>);

/// Why a transaction did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// The tab has no key for the lock that it knows.
    Locked,
    /// The lock is not the one that the tab knows.
    Relocked,
    /// It would give somebody what they said is not theirs, or leave something in the wrong place.
    Forbidden,
}

impl Rest {
    /// One store.
    pub fn of(&self, store: &'static str) -> impl Iterator<Item = (&String, &String)> {
        self.0.get(store).into_iter().flatten()
    }

    /// One row.
    pub fn row(&self, store: &'static str, key: &str) -> Option<&String> {
        self.0.get(store)?.get(key)
    }

    /// Puts a row as it is.
    pub fn put(&mut self, store: &'static str, key: &str, row: String) {
        self.0.entry(store).or_default().insert(key.to_owned(), row);
    }

    /// Lets a row go.
    pub fn remove(&mut self, store: &'static str, key: &str) {
        if let Some(rows) = self.0.get_mut(store) {
            rows.remove(key);
        }
    }

    /// Every row with its store and key.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &String, &String)> {
        let stores = self.0.iter();
        stores.flat_map(|(store, rows)| rows.iter().map(move |(key, row)| (*store, key, row)))
    }

    /// The replica's own row.
    pub fn meta(&self) -> Meta {
        let row = self.row(META, SYNC);
        row.and_then(|row| read(row)).unwrap_or_default()
    }

    /// What a look at the lock tells: whose the phone is, and how their lock stands. The keys are the tab's.
    pub fn look(&self, keys: &[String]) -> Known {
        let owner = self.meta().owner;
        Known {
            owner,
            row: self.row(META, &rows::about(LOCK, owner)).cloned(),
            keys: keys.to_vec(),
        }
    }

    /// Whether the lock still stands as a tab knows it.
    pub fn is_as(&self, known: &Known) -> bool {
        self.row(META, &known.key()) == known.row.as_ref()
    }

    /// Does the changes of a tab, all of them, sealed as its lock says.
    ///
    /// # Errors
    /// Nothing was written.
    pub fn write(&mut self, known: &Known, changes: Vec<Change>) -> Result<(), NotWritten> {
        if known.is_locked() && lock::needs_key(known, &changes) {
            return Err(NotWritten::Locked);
        }
        if !self.is_as(known) {
            return Err(NotWritten::Relocked);
        }
        let has = |key: &str| self.row(META, key).is_some();
        if self.declines(&changes) || known.misplaces(&changes, self.meta().owner, has) {
            return Err(NotWritten::Forbidden);
        }
        for change in lock::sealed(known, changes) {
            self.change(change);
        }
        Ok(())
    }

    /// Whether these would give somebody what they said is not theirs.
    pub fn declines(&self, changes: &[Change]) -> bool {
        rows::is_declined(changes, |key| self.row(META, key).is_some())
    }

    /// One change as it is.
    pub fn change(&mut self, change: Change) {
        match change {
            Change::Put(store, key, row) => self.put(store, &key, row),
            Change::Delete(store, key) => self.remove(store, &key),
            Change::Give(from, to) => {
                for store in [rows::PRIVATE, rows::DRAFTS] {
                    for row in self.0.entry(store).or_default().values_mut() {
                        *row = rows::given(from, to, row).unwrap_or_else(|| row.clone());
                    }
                }
            }
            Change::Erase(owner) => self.erase(owner, false),
            Change::EraseButDrafts(owner) => self.erase(owner, true),
        }
    }

    fn erase(&mut self, owner: app::sync::outbox::Owner, keeps_unsent: bool) {
        for store in rows::OWNED {
            let rows = self.0.entry(store).or_default();
            rows.retain(|key, row| !rows::is_erased(owner, keeps_unsent, store, key, row));
        }
    }

    /// What a start reads; none while the phone is locked for this tab.
    pub fn saved(&self, known: &Known) -> Option<Saved> {
        if known.is_locked() {
            return None;
        }
        Some(Saved {
            meta: self.row(META, SYNC).and_then(|row| read(row)),
            outbox: self.outbox(&known.keys),
            records: self.of(RECORDS).map(|(key, _)| key.clone()).collect(),
        })
    }

    /// The rows of the outbox that these keys open, in order.
    pub fn outbox(&self, keys: &[String]) -> Vec<OutboxRow> {
        let opened = self
            .of(OUTBOX)
            .filter_map(|(key, row)| read(&lock::opened(keys, OUTBOX, key, row)?));
        let mut rows: Vec<OutboxRow> = opened.collect();
        rows.sort_by_key(|row| row.seq);
        rows
    }
}
