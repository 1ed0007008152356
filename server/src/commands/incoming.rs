//! Reading commands as they came: each one alone, so that a bad one is refused and its neighbours are not.

use super::said::Said;
use crate::clock;
use app::{
    domain::{
        command::{Command, CommandError},
        id::{CommandId, DeviceId, MemberId},
        plain::Plain,
        refusal::Refusal,
    },
    sync::wire::WireCommand,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, value::RawValue};
use sha2::Sha256;
use std::fmt::Write;

/// The commands of one request, read.
#[derive(Clone, Debug)]
pub struct Push {
    /// Whose session sent them.
    pub member: MemberId,
    /// From which of their phones; none for a plain form of one that never synced.
    pub device: Option<DeviceId>,
    /// In the order of the request.
    pub commands: Vec<Incoming>,
}

impl Push {
    /// Whether it may take away something that the member wrote.
    pub fn takes_away(&self) -> bool {
        self.commands.iter().any(|command| match &command.what {
            What::Command(it) => matches!(
                it,
                Command::WithdrawCheckIn(_)
                    | Command::WithdrawSignUp(_)
                    | Command::WithdrawAnswer(_)
                    | Command::Rename(_)
                    | Command::KeepNeeds(_)
                    | Command::Leave(_)
            ),
            What::Said(_, said) => said.takes_away(),
            What::Refused(_) | What::Unknown => false,
        })
    }
}

/// One command, read.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Its id; none if it is too broken to have one.
    pub id: Option<CommandId>,
    /// Keyed, of its kind and canonical body: the same command sent again has the same.
    pub hash: String,
    /// When the phone says it was made.
    pub made_at: String,
    /// What it is.
    pub what: What,
}

/// What a command turned out to be.
#[derive(Clone, Debug)]
pub enum What {
    /// Something to decide about.
    Command(Command),
    /// The same of a newer kind: as it came, and what it says.
    Said(Plain, Said),
    /// Refused before deciding.
    Refused(Refusal),
    /// Of a kind that this version does not know.
    Unknown,
}

impl What {
    /// A command, with what it says read.
    pub fn of(command: Command) -> Self {
        match command {
            Command::Plain(it) => match Said::read(&it) {
                Some(said) => Self::Said(it, said),
                None => Self::Refused(Refusal::Malformed),
            },
            known => Self::Command(known),
        }
    }
}

/// The key of the command hashes: it stays on this server, so that a stolen list of hashes tells
/// nothing about short bodies.
#[derive(Clone)]
pub struct HashKey(Hmac<Sha256>);

impl HashKey {
    /// From 32 random bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Hmac::new_from_slice(bytes).expect("HMAC takes a key of any length"))
    }

    /// The hash of a kind and a body, in hex.
    pub fn hash(&self, kind: &str, body: &Value) -> String {
        let mut text = String::with_capacity(512);
        text.push_str(kind);
        text.push('\n');
        write_canonical(body, &mut text);
        let mut mac = self.0.clone();
        mac.update(text.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let mut hex = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
        }
        hex
    }
}

/// Reads one command.
pub fn read(key: &HashKey, raw: &RawValue) -> Incoming {
    match serde_json::from_str::<WireCommand>(raw.get()) {
        Ok(command) => read_body(key, command),
        Err(_) => {
            let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
            let id = value.get("id").and_then(Value::as_str);
            Incoming {
                id: id.and_then(|id| id.parse().ok()),
                hash: key.hash("", &value),
                made_at: String::new(),
                what: What::Refused(Refusal::Malformed),
            }
        }
    }
}

fn read_body(key: &HashKey, command: WireCommand) -> Incoming {
    let hash = key.hash(&command.kind, &command.body);
    let what = match Command::parse(&command.kind, command.body) {
        Ok(_) if !clock::is_rfc3339(&command.made_at) => What::Refused(Refusal::Malformed),
        Ok(command) => What::of(command),
        Err(CommandError::UnknownKind(_)) => What::Unknown,
        Err(CommandError::Body { .. } | CommandError::Field(_)) => {
            What::Refused(Refusal::Malformed)
        }
    };
    Incoming {
        id: Some(command.id),
        hash,
        made_at: command.made_at,
        what,
    }
}

/// Keys sorted, nulls dropped: two texts of one intent are one command.
fn write_canonical(value: &Value, to: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            to.push('{');
            for (index, (key, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                write_plain(&Value::String(key.clone()), to);
                to.push(':');
                write_canonical(value, to);
            }
            to.push('}');
        }
        Value::Array(items) => {
            to.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                write_canonical(item, to);
            }
            to.push(']');
        }
        plain => write_plain(plain, to),
    }
}

fn write_plain(value: &Value, to: &mut String) {
    write!(to, "{value}").expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key() -> HashKey {
        HashKey::new(&[7; 32])
    }

    fn raw(value: &Value) -> Box<RawValue> {
        RawValue::from_string(value.to_string()).unwrap()
    }

    #[test]
    fn the_order_of_fields_and_missing_ones_do_not_change_the_hash() {
        let one = json!({ "b": { "y": 1, "x": [1, null] }, "a": "é" });
        let two: Value =
            serde_json::from_str(r#"{"a":"\u00e9","c":null,"b":{"x":[1,null],"y":1}}"#).unwrap();
        assert_eq!(key().hash("k", &one), key().hash("k", &two));
    }

    #[test]
    fn another_kind_another_value_or_another_key_changes_the_hash() {
        let body = json!({ "a": 1 });
        let hash = key().hash("k", &body);
        assert_ne!(hash, key().hash("l", &body));
        assert_ne!(hash, key().hash("k", &json!({ "a": 2 })));
        assert_ne!(hash, HashKey::new(&[8; 32]).hash("k", &body));
    }

    #[test]
    fn a_broken_command_keeps_its_id_if_it_can_be_read() {
        let id = "01930000-0000-7000-8000-000000000001";
        let incoming = read(&key(), &raw(&json!({ "id": id, "kind": 7 })));
        assert_eq!(incoming.id.unwrap().to_string(), id);
        assert!(matches!(incoming.what, What::Refused(Refusal::Malformed)));
        assert_eq!(read(&key(), &raw(&json!("no command"))).id, None);
    }

    #[test]
    fn a_time_that_is_no_time_is_malformed() {
        let command = json!({ "id": "01930000-0000-7000-8000-000000000001", "seq": 1,
            "made_at": "<script>", "kind": "sign_up.withdraw",
            "body": { "sign_up": "01930000-0000-7000-8000-000000000002" } });
        let incoming = read(&key(), &raw(&command));
        assert!(matches!(incoming.what, What::Refused(Refusal::Malformed)));
    }
}
