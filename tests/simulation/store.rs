//! A phone's IndexedDB: transactions that happen or do not, rows as the text that a browser would keep.

use app::{
    domain::id::CommandId,
    sync::{
        outbox::{OutboxRow, Owner},
        store::{Batch, Meta, Refused, Saved, Write},
    },
};
use std::collections::BTreeMap;

/// The stores of one browser. All its tabs share them.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// The row `sync` of `meta`, as JSON.
    meta: Option<String>,
    outbox: BTreeMap<CommandId, String>,
    /// Bodies by the text of their key.
    pub records: BTreeMap<String, String>,
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
        self.meta.as_ref().map_or_else(Meta::default, |text| {
            serde_json::from_str(text).expect("the store keeps what it was given")
        })
    }

    /// All rows of the outbox in order.
    pub fn outbox(&self) -> Vec<OutboxRow> {
        let mut rows: Vec<OutboxRow> = self
            .outbox
            .values()
            .map(|text| serde_json::from_str(text).expect("the store keeps what it was given"))
            .collect();
        rows.sort_by_key(|row| row.seq);
        rows
    }

    /// One row of the outbox.
    pub fn row(&self, id: CommandId) -> Option<OutboxRow> {
        let text = self.outbox.get(&id)?;
        Some(serde_json::from_str(text).expect("the store keeps what it was given"))
    }

    /// What a start reads.
    pub fn saved(&self) -> Saved {
        Saved {
            meta: self.meta.as_ref().map(|_| self.meta()),
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
        self.meta = Some(serde_json::to_string(meta).expect("meta always serialises"));
    }

    /// Does one write.
    pub fn write(&mut self, write: &Write) {
        match write {
            Write::PutRecord(key, body) => {
                self.records.insert(key.to_text(), body.clone());
            }
            Write::DeleteRecord(key) => {
                self.records.remove(&key.to_text());
            }
            Write::PutOutbox(row) => {
                let text = serde_json::to_string(row).expect("rows always serialise");
                self.outbox.insert(row.id, text);
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
            Write::EraseOwn(gone) => {
                self.private.retain(|_, (owner, _)| owner != gone);
                self.refused.retain(|_, (owner, _)| owner != gone);
                if let Owner::Member(member) = gone {
                    self.own_meta.remove(&key_of(*member));
                }
            }
        }
    }
}

/// Where a member's return key is kept.
pub fn key_of(member: app::domain::id::MemberId) -> String {
    format!("return_key/{member}")
}
