//! The outbox: commands that have not ended, each as the exact text that is sent.

use super::{status::Sent, wire::WireCommand};
use crate::{
    domain::{
        command::Command,
        id::{CommandId, MemberId},
        time::Millis,
    },
    json::{self, FromJson, Misshapen, field, fields_of},
};
use serde::Serialize;
use serde_json::Value;

/// Whose a row on the phone is. Only the owner's rows are shown or sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Written before joining: adopted only after "Is this yours?".
    #[default]
    Local,
    /// A member's.
    Member(MemberId),
}

impl FromJson for Owner {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        match json {
            Value::String(word) if word == "local" => Ok(Self::Local),
            json => field(&mut fields_of(json, "Owner")?, "member").map(Self::Member),
        }
    }
}

impl Owner {
    /// The member; none before joining.
    pub fn member(self) -> Option<MemberId> {
        match self {
            Self::Local => None,
            Self::Member(member) => Some(member),
        }
    }
}

/// One command on the phone, stored under its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutboxRow {
    /// The command's id, and the row's key.
    pub id: CommandId,
    /// The order in which commands were made on this phone.
    pub seq: u64,
    /// Whose it is.
    pub owner: Owner,
    /// The [`WireCommand`] as JSON: these bytes are sent, every time.
    pub text: String,
    /// When it was made, by the phone's clock.
    pub made_at: Millis,
    /// A send may have begun: set durably before the first one.
    pub attempted: bool,
    /// The server did not know the kind: tried again at start and after an update.
    pub deferred: bool,
    /// When the server had it (RFC 3339), once it was applied. The row stays, laid over the records,
    /// until a complete pull has brought its record.
    pub answered: Option<String>,
    /// When its record had come (by the phone's clock). From then on the row is no part of what is
    /// seen: it is kept for a while, for a server that goes back in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<Millis>,
}

crate::reads_json!(OutboxRow {
    id,
    seq,
    owner,
    text,
    made_at,
    attempted,
    deferred,
    answered,
    settled
});

impl OutboxRow {
    /// The command; none for a kind that this version cannot read.
    pub fn command(&self) -> Option<Command> {
        let wire: WireCommand = json::read(&self.text)?;
        Command::parse(&wire.kind, wire.body).ok()
    }

    /// How far the command has come.
    pub fn sent(&self) -> Sent {
        if self.answered.is_some() {
            Sent::Answered
        } else if self.attempted {
            Sent::Sending(self.id)
        } else {
            Sent::NotYet(self.id)
        }
    }
}
