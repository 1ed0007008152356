//! Commands that phones carry without knowing what is in them.
//!
//! What a phone needs of a command before any screen is shown is little: what it is about, how it looks until its
//! record comes, and what takes it back. For newer kinds that is a line of a table, an [`Act`], and the body stays as
//! text. What the body holds is read by the server and by the screens that make it, each kind by its own
//! type, so a new kind costs the first part of the wasm next to nothing (see `ui::pages::later`).

use super::{command::Command, experience, group, peer, shared_plan, words::suggestion};
use crate::json::{self, Misshapen};
use serde_json::Value;
use uuid::Uuid;

/// All kinds of them.
static ALL: [&[Act]; 5] = [
    &group::ACTS,
    &shared_plan::ACTS,
    &suggestion::ACTS,
    &experience::ACTS,
    &peer::ACTS,
];

/// What a phone knows of a kind of command.
#[derive(Debug, PartialEq, Eq)]
pub struct Act {
    /// Its kind on the wire, `group.write`.
    pub word: &'static str,
    /// The kind of record that it is about.
    pub record: &'static str,
    /// The fields of its body that are ids. The first is that of the record.
    pub ids: &'static [&'static str],
    /// The state of a new record, where this is what brings it about.
    pub new: Option<&'static str>,
    /// What it does to a record that is here.
    pub over: Over,
    /// The kind of what takes it back, about the same record. All `ids` of that are ids of this.
    pub undone_by: Option<&'static str>,
}

/// What a command that waits does to the record that is here.
#[derive(Debug, PartialEq, Eq)]
pub enum Over {
    /// The record is the truth about it.
    Nothing,
    /// It gets another state.
    State(&'static str),
    /// It is taken back, which this state says.
    Gone(&'static str),
    /// This field of it says what the command says, and it is as new.
    Field(&'static str),
    /// All of it says what the command says.
    Anew,
    /// It stands as it did, and that this was done is beside it, in `marked`.
    Mark,
}

impl Act {
    /// Whether it takes something back.
    pub fn takes_back(&self) -> bool {
        matches!(self.over, Over::Gone(_))
    }
}

/// The act of this kind.
pub fn act(word: &str) -> Option<&'static Act> {
    for acts in ALL {
        for act in acts {
            if act.word == word {
                return Some(act);
            }
        }
    }
    None
}

/// A command of such a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// Its kind.
    pub act: &'static Act,
    /// The id of the record that it is about.
    pub subject: Uuid,
    /// All that it says, as JSON text: an object.
    pub body: String,
}

impl Plain {
    /// One that says this.
    ///
    /// # Errors
    /// [`Misshapen`]: the body does not say what it is about.
    pub fn new(act: &'static Act, body: &Value) -> Result<Self, Misshapen> {
        let name = act.ids[0];
        let subject = body[name].as_str().and_then(|id| id.parse().ok());
        Ok(Self {
            act,
            subject: subject.ok_or(Misshapen(name))?,
            body: body.to_string(),
        })
    }

    /// All that it says: an object.
    pub fn says(&self) -> Value {
        json::read(&self.body).unwrap_or_default()
    }

    /// What takes it back.
    pub fn undoing(&self) -> Option<Self> {
        let act = act(self.act.undone_by?)?;
        let (mut says, mut body) = (self.says(), Value::Null);
        for name in act.ids {
            body[*name] = says[*name].take();
        }
        Self::new(act, &body).ok()
    }

    /// Whether `said` is what this takes back.
    pub fn undoes(&self, said: &Self) -> bool {
        said.act.undone_by == Some(self.act.word) && said.subject == self.subject
    }
}

impl From<Plain> for Command {
    fn from(it: Plain) -> Self {
        Self::Plain(it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_there_once_and_what_takes_it_back_is_about_the_same() {
        let all: Vec<&Act> = ALL.into_iter().flatten().collect();
        for one in &all {
            let same = all.iter().filter(|other| other.word == one.word);
            assert_eq!(same.count(), 1, "{}", one.word);
            assert_eq!(act(one.word), Some(*one));
            if let Some(word) = one.undone_by {
                let back = act(word).unwrap();
                assert_eq!((back.record, back.ids[0]), (one.record, one.ids[0]));
                assert!(back.takes_back() && back.undone_by.is_none(), "{word}");
                assert!(back.ids.iter().all(|name| one.ids.contains(name)), "{word}");
                assert!(
                    one.new.is_some(),
                    "what is taken back was made: {}",
                    one.word
                );
            }
        }
        assert_eq!(act("plan.burn"), None);
    }

    #[test]
    fn a_body_says_what_it_is_about() {
        let write = act("group.write").unwrap();
        for body in [
            Value::Null,
            "words".into(),
            serde_json::json!({ "message": "7" }),
        ] {
            assert!(Plain::new(write, &body).is_err());
        }
    }
}
