//! What crosses the network at `POST /api/sync`, `/api/join` and `/api/return`.
//!
//! Commands travel as the exact text that the phone stored, so a retry sends the same bytes and the
//! server can read each one alone: a bad command is refused, never a broken push.

use crate::{
    domain::id::{CommandId, DeviceId, MemberId},
    flat_map::FlatMap,
    json::{FromJson, Misshapen, field, fields_of},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

/// The protocol spoken by this version.
pub const PROTOCOL: u32 = 1;
/// The most commands in one request.
pub const MAX_COMMANDS: usize = 200;
/// The most bytes in one request, after decompression.
pub const MAX_REQUEST_BYTES: usize = 256 * 1024;
/// The most changes in one response.
pub const PAGE: usize = 500;

/// A push and a pull in one round trip.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SyncRequest {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// Which browser asks.
    pub device: DeviceId,
    /// Who the phone believes it is; none before joining.
    pub member: Option<MemberId>,
    /// Where the last reply ended; none for "from the start".
    pub cursor: Option<String>,
    /// Commands as stored, oldest first; each is a [`WireCommand`].
    #[serde(default)]
    pub commands: Vec<Box<RawValue>>,
    /// Whether what the phone keeps of its owner is sealed with a PIN: only then is it sent what other people
    /// told about themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sealed: bool,
}

/// One command as it stands in the outbox and on the wire.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WireCommand {
    /// UUIDv7 made on the phone.
    pub id: CommandId,
    /// The order on that phone; the server does not order by it.
    pub seq: u64,
    /// RFC 3339, by the phone's clock; for display alone.
    pub made_at: String,
    /// See [`crate::domain::command::Command::kind`].
    pub kind: String,
    /// See [`crate::domain::command::Command::body`].
    pub body: Value,
}

crate::reads_json!(WireCommand {
    id,
    seq,
    made_at,
    kind,
    body
});

/// What the server answers, once everything in it is durable.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SyncResponse {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// One for each command, in order.
    pub outcomes: Vec<CommandOutcome>,
    /// The newest version of each record past the cursor, at most [`PAGE`].
    pub changes: Vec<RecordChange>,
    /// Where to go on from.
    pub cursor: String,
    /// Whether to ask again at once.
    pub more: bool,
    /// Per readable scope, when `more` is false.
    pub sums: Option<FlatMap<ScopeSum>>,
    /// RFC 3339.
    pub server_time: String,
    /// Names the server's past: another one after it was restored from a backup, and then a cursor
    /// or a seq from before means nothing. None from a server of a version without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
}

crate::reads_json!(SyncResponse {
    protocol,
    outcomes,
    changes,
    cursor,
    more,
    sums,
    server_time,
    epoch
});

crate::words! {
    /// What the server decided about a command.
    pub enum Outcome {
        /// Done; stored for ever.
        Applied "applied",
        /// Not done, for a reason; stored for ever.
        Refused "refused",
        /// This server does not know the kind; never stored, kept on the phone.
        Deferred "deferred",
    }
}

/// The outcome of one command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandOutcome {
    /// The command's id; none if it was too broken to have one.
    pub id: Option<CommandId>,
    /// What was decided.
    pub outcome: Outcome,
    /// RFC 3339; when the server first had it.
    pub received_at: String,
    /// Why it was refused.
    pub reason: Option<Reason>,
}

crate::reads_json!(CommandOutcome {
    id,
    outcome,
    received_at,
    reason
});

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// For code: `malformed`, `id_reused`, `session_closed`, …
    pub code: String,
    /// Fit to show a person.
    pub message: String,
}

crate::reads_json!(Reason { code, message });

/// A record's newest version in one scope.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordChange {
    /// Who may read it: `public`, `member:<uuid>`, `team:<uuid>`.
    pub scope: String,
    /// See [`crate::domain::record::kind`].
    pub kind: String,
    /// The thing's id.
    pub id: String,
    /// The scope's counter at the write.
    pub seq: u64,
    /// A tombstone: `body` is none.
    pub deleted: bool,
    /// The record.
    pub body: Option<RawJson>,
}

crate::reads_json!(RecordChange {
    scope,
    kind,
    id,
    seq,
    deleted,
    body
});

/// Raw JSON that compares by its text.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct RawJson(pub Box<RawValue>);

impl FromJson for RawJson {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        serde_json::value::to_raw_value(&json)
            .map(Self)
            .map_err(|_| Misshapen("body"))
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

/// What a scope holds, for comparing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScopeSum {
    /// Live records.
    pub count: u64,
    /// The wrapping sum of [`record_hash`] over them.
    #[serde(serialize_with = "as_hex")]
    pub sum: u64,
}

impl FromJson for ScopeSum {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        let mut fields = fields_of(json, "ScopeSum")?;
        let sum: String = field(&mut fields, "sum")?;
        Ok(Self {
            count: field(&mut fields, "count")?,
            sum: u64::from_str_radix(&sum, 16).map_err(|_| Misshapen("sum"))?,
        })
    }
}
crate::deserializes_from_json!(ScopeSum);

impl ScopeSum {
    /// Counts a record in.
    pub fn add(&mut self, kind: &str, id: &str, seq: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(record_hash(kind, id, seq));
    }

    /// Counts a record out.
    pub fn remove(&mut self, kind: &str, id: &str, seq: u64) {
        self.count -= 1;
        self.sum = self.sum.wrapping_sub(record_hash(kind, id, seq));
    }
}

/// FNV-1a-64 of `kind/id/seq`.
pub fn record_hash(kind: &str, id: &str, seq: u64) -> u64 {
    let seq = seq.to_string();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in [kind.as_bytes(), b"/", id.as_bytes(), b"/", seq.as_bytes()].concat() {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}

/// The body of every answer that is not 200.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorBody {
    /// For code.
    pub code: String,
    /// Fit to show a person.
    pub message: String,
    /// With `device_revoked`: the device that must erase itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
}

crate::reads_json!(ErrorBody {
    code,
    message,
    device
});

/// `POST /api/join`.
#[derive(Clone, Debug, Serialize)]
pub struct JoinRequest {
    /// The join code as typed; case, spaces and dashes are forgiven.
    pub code: String,
    /// What to call the person; they need not say.
    pub name: Option<String>,
    /// Which browser asks, so that a code for another phone of the same person adds this one. Phones of
    /// the first release do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// Who the phone was before, when the server does not know them: it went back to a time before
    /// they joined, and they stay who they are. Nobody whom it knows is taken over so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ReturnRequest>,
}

crate::reads_json!(JoinRequest {
    code,
    name,
    device,
    was
});

/// The answer to joining.
#[derive(Clone, Debug, Serialize)]
pub struct JoinResponse {
    /// Who they are now.
    pub member: MemberId,
    /// 256 random bits, hex: renews a lost session. Kept on the phone, stored hashed on the server.
    /// None when a live session was already there.
    pub return_key: Option<String>,
    /// The team that the code belongs to.
    pub team: Option<crate::domain::id::TeamId>,
    /// The name as kept.
    pub name: Option<String>,
}

crate::reads_json!(JoinResponse {
    member,
    return_key,
    team,
    name
});

/// `POST /api/return`: renews a lost or expired session.
#[derive(Clone, Debug, Serialize)]
pub struct ReturnRequest {
    /// Who they say they are.
    pub member: MemberId,
    /// Their return key.
    pub return_key: String,
    /// Which browser asks, so that one whose erasing was asked for learns of it here as well. Phones of
    /// the first release do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
}

crate::reads_json!(ReturnRequest {
    member,
    return_key,
    device
});

/// `POST /api/leave`: ends the browser's session.
#[derive(Clone, Debug, Serialize)]
pub struct LeaveRequest {
    /// Who leaves (see [`member_mark`]), so that it is not ended for somebody who has joined since.
    pub of: Option<String>,
}

crate::reads_json!(LeaveRequest { of });

/// What a phone notes of a member who leaves: enough to tell them apart, and nothing to find them by.
pub fn member_mark(member: MemberId) -> String {
    record_hash("member", &member.to_string(), 0).to_string()
}

fn as_hex<S: serde::Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&format!("{value:016x}"))
}
