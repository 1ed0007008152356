//! A phone's IndexedDB: transactions that happen or do not. Every batch is done twice: plainly here, as a
//! person would say it, which is what must be there; and in [`Rest`], row by row, as a browser does it,
//! which is what phones read. Where the two differ something was lost, or is read that should be gone.

use super::{
    lock,
    phone::Typed,
    rest::{NotWritten, Rest},
};
use app::{
    domain::{
        id::CommandId,
        pin::{Lock, LockState},
    },
    json::read,
    sync::{
        outbox::{OutboxRow, Owner},
        rows::{self, Change, DRAFTS, META, OUTBOX, PRIVATE, RECORDS, SYNC, put_sync},
        sealed::{Known, LOCK, MARK, TRIES, is_public},
        store::{Batch, DEVICE, Meta, RecordKey, Refused, Write},
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
    /// What was typed and not kept or sent yet, with its owner.
    pub drafts: BTreeMap<String, (Owner, String)>,
    /// The driver's own rows: return keys, what was answered to "Is this yours?".
    pub own_meta: BTreeMap<String, String>,
    /// All of it as it lies there.
    pub rest: Rest,
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

    /// Does a batch, all of it. The caller has compared the revision.
    ///
    /// # Errors
    /// [`NotWritten`]: the lock forbids it.
    pub fn commit(&mut self, batch: &Batch, known: &Known) -> Result<(), NotWritten> {
        let changes = self.changes(batch, known);
        self.rest.write(known, changes)?;
        self.follow(batch);
        Ok(())
    }

    /// The changes that a batch is made of.
    pub fn changes(&self, batch: &Batch, known: &Known) -> Vec<Change> {
        let mut changes: Vec<Change> = batch.writes.iter().cloned().map(Change::from).collect();
        let next = batch.meta.owner;
        let theirs = self.rest.row(META, &rows::about(LOCK, next));
        changes.extend(known.lock_of_next(next, theirs.map(String::as_str)));
        changes.push(put_sync(&batch.meta));
        changes
    }

    /// The same, plainly.
    pub fn follow(&mut self, batch: &Batch) {
        for write in &batch.writes {
            self.write(write);
        }
        self.meta = Some(through_text(&batch.meta));
    }

    /// Keeps the sync state alone.
    pub fn set_meta(&mut self, meta: &Meta) {
        self.meta = Some(through_text(meta));
        self.rest.change(put_sync(meta));
    }

    /// Does one write that is no batch's.
    ///
    /// # Errors
    /// [`NotWritten`]: the lock forbids it.
    pub fn write_one(&mut self, write: &Write, known: &Known) -> Result<(), NotWritten> {
        self.rest.write(known, vec![write.clone().into()])?;
        self.write(write);
        Ok(())
    }

    /// Keeps what is being typed.
    ///
    /// # Errors
    /// [`NotWritten`]: the lock forbids it.
    pub fn write_draft(&mut self, typed: &Typed, known: &Known) -> Result<(), NotWritten> {
        let Typed { owner, key, text } = typed;
        let row = rows::own(*owner, text);
        let change = Change::Put(DRAFTS, key.clone(), row);
        self.rest.write(known, vec![change])?;
        self.drafts.insert(key.clone(), (*owner, text.clone()));
        Ok(())
    }

    /// Does one write.
    fn write(&mut self, write: &Write) {
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
            Write::DeleteDraft(key) => {
                self.drafts.remove(key);
            }
            Write::PutMeta { key, text } => {
                self.own_meta.insert(key.clone(), text.clone());
            }
            Write::AdoptLocal(member) => {
                let to = Owner::Member(*member);
                let owners = self.private.values_mut().chain(self.drafts.values_mut());
                let owners = owners.map(|(owner, _)| owner);
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
                    self.drafts.retain(|_, (owner, _)| owner != gone);
                }
                let theirs = rows::about("", *gone);
                self.own_meta.retain(|key, _| !key.ends_with(&theirs));
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
            self.lose(text);
            let known = self.rest.look(&[]);
            let row = known.seals().map_or_else(
                || body.clone(),
                |lock| lock::seal(known.owner, &lock.id, RECORDS, &old, &body),
            );
            self.rest.put(RECORDS, &old, row);
            self.records.insert(old, body);
        }
    }

    /// The store breaks: a record is gone.
    pub fn lose(&mut self, text: &str) {
        self.records.remove(text);
        self.rest.remove(RECORDS, text);
    }

    /// The browser has its new id.
    pub fn is_new_device(&mut self) {
        self.own_meta.remove(DEVICE);
        self.rest.remove(META, DEVICE);
    }

    /// While a PIN is set and all is sealed, nobody reads anything of its owner's, whatever row it is in.
    ///
    /// # Errors
    /// What can be read.
    pub fn check_unreadable(&self) -> Result<(), String> {
        for (key, row) in self.rest.of(META) {
            let sealed = |lock: Lock| lock.state == LockState::Sealed;
            if let Some(name) = key.strip_prefix("lock/")
                && read(row).is_some_and(sealed)
            {
                let owner = name.parse().map_or(Owner::Local, Owner::Member);
                self.check_unreadable_of(owner)?;
            }
        }
        Ok(())
    }

    fn check_unreadable_of(&self, owner: Owner) -> Result<(), String> {
        let here = self.rest.meta().owner == owner;
        for (store, key, row) in self.rest.all() {
            let theirs = match store {
                RECORDS => here && !is_public(key),
                META => {
                    let own = |what| key == &rows::about(what, owner);
                    key.ends_with(&rows::about("", owner)) && !own(LOCK) && !own(TRIES)
                }
                OUTBOX => read::<OutboxRow>(row).is_none_or(|row| row.owner == owner),
                _ => rows::owned(row).is_none_or(|(whose, _)| whose == owner),
            };
            let typed = row.contains(TYPED) && (theirs || row.contains(MARK));
            if typed || (theirs && !row.contains(MARK)) {
                return Err(format!("{store} {key} is readable with a PIN set: {row}"));
            }
        }
        Ok(())
    }

    /// With the PINs that are on this phone everything can be read that must be there, and nothing else.
    ///
    /// # Errors
    /// What differs.
    pub fn check_rest(&self) -> Result<(), String> {
        let locks = self.rest.of(META).filter(|(key, _)| key.starts_with(LOCK));
        let keys: Vec<String> = locks
            .filter_map(|(_, row)| read::<Lock>(row))
            .map(|lock| lock.id)
            .collect();
        let mut found = BTreeMap::new();
        for (store, key, row) in self.rest.all() {
            let ours = store == META
                && (key == SYNC
                    || [LOCK, TRIES]
                        .iter()
                        .any(|what| key.starts_with(&format!("{what}/"))));
            let row = match lock::opened(&keys, store, key, row) {
                Some(row) => row,
                None => return Err(format!("{store} {key} cannot be opened by anyone")),
            };
            if !ours {
                found.insert((store, key.clone()), row);
            }
        }
        let wanted = self.plain_rows();
        if found == wanted && self.rest.meta() == self.meta() {
            return Ok(());
        }
        let gone = wanted
            .iter()
            .find(|(key, row)| found.get(*key) != Some(*row));
        let more = found.keys().find(|key| !wanted.contains_key(*key));
        Err(format!(
            "what lies in the store differs: {gone:?} should be there, {more:?} should not"
        ))
    }

    fn plain_rows(&self) -> BTreeMap<(&'static str, String), String> {
        let mut all = BTreeMap::new();
        let own = |(owner, text): &(Owner, String)| rows::own(*owner, text);
        for (key, body) in &self.records {
            all.insert((RECORDS, key.clone()), body.clone());
        }
        for (id, row) in &self.outbox {
            all.insert((OUTBOX, id.to_string()), rows::json(row));
        }
        for (key, row) in &self.private {
            all.insert((PRIVATE, key.clone()), own(row));
        }
        for (key, row) in &self.drafts {
            all.insert((DRAFTS, key.clone()), own(row));
        }
        for (key, (owner, refused)) in &self.refused {
            let row = rows::own(*owner, &rows::json(refused));
            all.insert((DRAFTS, key.clone()), row);
        }
        for (key, text) in &self.own_meta {
            all.insert((META, key.clone()), text.clone());
        }
        all
    }
}

/// Stands in every text that a person of a run typed.
const TYPED: &str = "mark-";

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
    rows::about(rows::RETURN_KEY, Owner::Member(member))
}
