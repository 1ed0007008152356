//! A phone's IndexedDB: transactions that happen or do not. What is kept was written as the text that a
//! browser would keep, and read back from it.

use app::{
    domain::id::CommandId,
    sync::{
        outbox::{OutboxRow, Owner},
        store::{Batch, Meta, RecordKey, Refused, Saved, Write},
    },
};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// The stores of one browser. All its tabs share them.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// The row `sync` of `meta`.
    meta: Option<Meta>,
    outbox: BTreeMap<CommandId, OutboxRow>,
    /// Bodies by the text of their key.
    pub records: BTreeMap<String, String>,
    /// The version that each record had before this one, by its scope and name: what a store that
    /// breaks may go back to.
    before: BTreeMap<(String, String), (String, String)>,
    /// Rows that are never sent, with their owner.
    pub private: BTreeMap<String, (Owner, String)>,
    /// Refused commands given back, with their owner.
    pub refused: BTreeMap<String, (Owner, Refused)>,
    /// The driver's own rows: return keys.
    pub own_meta: BTreeMap<String, String>,
}

impl Store {
    /// The sync state; the default where there is none yet.
    pub fn meta(&self) -> Meta {
        self.meta.clone().unwrap_or_default()
    }

    /// How often the sync state was written.
    pub fn revision(&self) -> u64 {
        self.meta.as_ref().map_or(0, |meta| meta.revision)
    }

    /// All rows of the outbox in order.
    pub fn outbox(&self) -> Vec<OutboxRow> {
        let mut rows: Vec<OutboxRow> = self.outbox.values().cloned().collect();
        rows.sort_by_key(|row| row.seq);
        rows
    }

    /// All rows of the outbox in no order.
    pub fn rows(&self) -> impl Iterator<Item = &OutboxRow> {
        self.outbox.values()
    }

    /// One row of the outbox.
    pub fn row(&self, id: CommandId) -> Option<&OutboxRow> {
        self.outbox.get(&id)
    }

    /// What a start reads.
    pub fn saved(&self) -> Saved {
        Saved {
            meta: self.meta.clone(),
            outbox: self.outbox(),
            records: self.records.keys().cloned().collect(),
        }
    }

    /// Does a batch, all of it. The caller has compared the revision.
    pub fn commit(&mut self, batch: &Batch) {
        for write in &batch.writes {
            self.write(write);
        }
        self.set_meta(&batch.meta);
    }

    /// Keeps the sync state alone.
    pub fn set_meta(&mut self, meta: &Meta) {
        self.meta = Some(through_text(meta));
    }

    /// Does one write.
    pub fn write(&mut self, write: &Write) {
        match write {
            Write::PutRecord(key, body) => {
                self.records.insert(key.to_text(), body.clone());
            }
            Write::DeleteRecord(key) => {
                if let Some(gone) = self.records.remove_entry(&key.to_text()) {
                    let name = (key.scope.clone(), key.name.clone());
                    self.before.insert(name, gone);
                }
            }
            Write::PutOutbox(row) => {
                self.outbox.insert(row.id, through_text(row));
            }
            Write::DeleteOutbox(id) => {
                self.outbox.remove(id);
            }
            Write::PutRefused(refused) => {
                let row = (refused.row.owner, refused.clone());
                self.refused.insert(refused.key(), row);
            }
            Write::PutPrivate { owner, key, text } => {
                self.private.insert(key.clone(), (*owner, text.clone()));
            }
            Write::DeleteDraft(_) => {}
            Write::PutMeta { key, text } => {
                self.own_meta.insert(key.clone(), text.clone());
            }
            Write::AdoptLocal(member) => {
                let to = Owner::Member(*member);
                let owners = self.private.values_mut().map(|(owner, _)| owner);
                for owner in owners.chain(self.refused.values_mut().map(|(owner, _)| owner)) {
                    if *owner == Owner::Local {
                        *owner = to;
                    }
                }
            }
            Write::EraseOwn(gone) | Write::EraseButUnsent(gone) => {
                self.private.retain(|_, (owner, _)| owner != gone);
                if matches!(write, Write::EraseOwn(_)) {
                    self.refused.retain(|_, (owner, _)| owner != gone);
                }
                if let Owner::Member(member) = gone {
                    self.own_meta.remove(&key_of(*member));
                }
            }
        }
    }

    /// The records whose version before this one is known.
    pub fn changed_records(&self) -> Vec<String> {
        let known = |text: &&String| name_of(text).is_some_and(|it| self.before.contains_key(&it));
        self.records.keys().filter(known).cloned().collect()
    }

    /// The store breaks: a record is what it was before its last change.
    pub fn go_back(&mut self, text: &str) {
        if let Some((old, body)) = name_of(text).and_then(|it| self.before.remove(&it)) {
            self.records.remove(text);
            self.records.insert(old, body);
        }
    }
}

fn name_of(key: &str) -> Option<(String, String)> {
    RecordKey::parse(key).map(|key| (key.scope, key.name))
}

/// What a row is once it was written and read again.
fn through_text<T: Serialize + DeserializeOwned>(row: &T) -> T {
    let text = serde_json::to_string(row).expect("rows always serialise");
    serde_json::from_str(&text).expect("the store keeps what it was given")
}

/// Where a member's return key is kept.
pub fn key_of(member: app::domain::id::MemberId) -> String {
    format!("return_key/{member}")
}
