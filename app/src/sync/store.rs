//! What the phone keeps, as data: the replica asks for writes, the driver does them.
//!
//! Stores and keys (IndexedDB schema version 1, for ever):
//!
//! | store | key | value |
//! | --- | --- | --- |
//! | `records` | [`RecordKey`] as text, `scope/kind/id/seq` | the record's body, JSON text |
//! | `outbox` | the command's id | [`OutboxRow`] as JSON |
//! | `private` | `kind/id` | a row with its `owner`: never in a request |
//! | `drafts` | `form/uuid` | a row with its `owner`; refused commands come back here |
//! | `meta` | `sync` for [`Meta`], and the driver's own rows (device, return keys, names) | JSON |
//!
//! A record's seq is part of its key, so a start reads keys alone (`getAllKeys`) and no body: with
//! 10,000 records that is one request and about a megabyte of text, in order.

use super::outbox::{OutboxRow, Owner};
use crate::domain::{
    id::{CommandId, MemberId},
    time::Millis,
};
use serde::Serialize;

/// The key in `meta` of the browser's own id. A batch that puts an empty row asks the driver for a new one.
pub const DEVICE: &str = "device";
/// The key in `meta` that says: this phone was cleared, and nobody has read that yet.
pub const CLEARED: &str = "cleared";
/// What [`CLEARED`] says where its person has left Chorus on this very phone. Else it says how many
/// things were never sent.
pub const LEFT: &str = "left";

/// Names one batch of writes.
pub type BatchId = u64;

/// Where a record's newest version is kept. A scope's name never holds a `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordKey {
    /// Who may read it.
    pub scope: String,
    /// `kind/id`.
    pub name: String,
    /// The scope's counter at the write.
    pub seq: u64,
}

impl RecordKey {
    /// The key in the store.
    pub fn to_text(&self) -> String {
        [&self.scope, "/", &self.name, "/", &self.seq.to_string()].concat()
    }

    /// Reads a key of the store; none if it is no record key.
    pub fn parse(text: &str) -> Option<Self> {
        let (scope, rest) = text.split_once('/')?;
        let (name, seq) = rest.rsplit_once('/')?;
        Some(Self {
            scope: scope.to_owned(),
            name: name.to_owned(),
            seq: seq.parse().ok()?,
        })
    }

    /// The record's kind.
    pub fn kind(&self) -> &str {
        self.name.split_once('/').map_or("", |(kind, _)| kind)
    }

    /// The record's id.
    pub fn id(&self) -> &str {
        self.name.split_once('/').map_or("", |(_, id)| id)
    }
}

/// How far the phone has come with the server: one row, written with every batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// Goes up with every batch, so that a tab that missed one finds out before it writes.
    pub revision: u64,
    /// The seq of the next command.
    pub next_seq: u64,
    /// Whose rows are shown and sent.
    pub owner: Owner,
    /// Where the last stored page ended; none for "from the start".
    pub cursor: Option<String>,
    /// A resync was begun and not yet ended: a start goes on with it from the beginning.
    pub resyncing: bool,
    /// When sums last disagreed so that a resync began.
    pub resynced_at: Option<Millis>,
    /// The build of the app that began it.
    pub resynced_by: Option<String>,
    /// When a round last ended well.
    pub last_synced_at: Option<Millis>,
    /// When a command last got its outcome.
    pub last_sent_at: Option<Millis>,
    /// The server's epoch, as its last page named it: another one is a server that went back in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
    /// When the phone learned that the server had been restored from a backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored_at: Option<Millis>,
}

crate::reads_json!(Meta {
    revision,
    next_seq,
    owner,
    cursor,
    resyncing,
    resynced_at,
    resynced_by,
    last_synced_at,
    last_sent_at,
    epoch,
    restored_at
});

/// Everything a start reads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saved {
    /// The row `sync` of `meta`; none on a phone that kept nothing yet.
    pub meta: Option<Meta>,
    /// All rows of the outbox, whoever's.
    pub outbox: Vec<OutboxRow>,
    /// All keys of `records`, in any order.
    pub records: Vec<String>,
}

/// A refused command, given back to the person: a row of `drafts` under [`Refused::key`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The command as it stood in the outbox.
    pub row: OutboxRow,
    /// For code.
    pub code: String,
    /// The reason, fit to show a person.
    pub message: String,
    /// When it came back.
    pub refused_at: Millis,
}

crate::reads_json!(Refused {
    row,
    code,
    message,
    refused_at
});

impl Refused {
    /// `refused/<command id>`.
    pub fn key(&self) -> String {
        ["refused/", &self.row.id.to_string()].concat()
    }
}

/// One write. All writes of a batch happen, or none.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Keeps a record's body under its key.
    PutRecord(RecordKey, String),
    /// Lets a record go.
    DeleteRecord(RecordKey),
    /// Keeps a command.
    PutOutbox(OutboxRow),
    /// Lets a command go.
    DeleteOutbox(CommandId),
    /// Gives a refused command back to the person.
    PutRefused(Refused),
    /// Keeps something of the person's own; never sent.
    PutPrivate {
        /// Whose.
        owner: Owner,
        /// `kind/id`.
        key: String,
        /// The content as JSON.
        text: String,
    },
    /// Lets a draft go, as its form was sent or kept.
    DeleteDraft(String),
    /// Keeps a row of the driver's own in `meta` (a return key, a name).
    PutMeta {
        /// Its key.
        key: String,
        /// Its text.
        text: String,
    },
    /// Gives every `private` and `drafts` row of [`Owner::Local`] to a member.
    AdoptLocal(MemberId),
    /// Deletes every `private` and `drafts` row of this owner, and the owner's rows in `meta`.
    /// (The replica itself lists the records and outbox rows to delete.)
    EraseOwn(Owner),
    /// The same, but every `drafts` row of the owner stays.
    EraseButUnsent(Owner),
}

impl Write {
    /// The write as the replica remembers it while it is under way: without what only the store needs.
    pub(super) fn without_body(&self) -> Self {
        match self {
            Self::PutRecord(key, _) => Self::PutRecord(key.clone(), String::new()),
            other => other.clone(),
        }
    }
}

/// Writes for one transaction with strict durability over all stores.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Answered with `Stored`, `StoreFailed` or `Conflict`.
    pub id: BatchId,
    /// The revision that the store must have (0 where there is no `meta` row). With another one the
    /// transaction is aborted and the store read again.
    pub expect: u64,
    /// What to write.
    pub writes: Vec<Write>,
    /// The new `sync` row of `meta`; its revision is `expect + 1`.
    pub meta: Meta,
}
