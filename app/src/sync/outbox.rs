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

    /// As rows and keys on the phone name it: `local`, or the member's id.
    pub fn name(self) -> String {
        match self {
            Self::Local => "local".to_owned(),
            Self::Member(member) => member.to_string(),
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
    /// seen: it is kept for a while, for a server that goes back in time. One that has no outcome yet has
    /// this when its record says that its thing has ended: nothing is kept of it once that comes.
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

/// What waits of `owner`'s as a person counts it, oldest first, and how far it has come. Something that
/// may have arrived and its withdrawal are one thing: the taking back.
pub fn waiting(rows: &[OutboxRow], owner: Owner) -> Vec<(&OutboxRow, Sent)> {
    let waits = |row: &&OutboxRow| row.owner == owner && row.answered.is_none();
    let undone: Vec<_> = (rows.iter().filter(waits))
        .filter_map(OutboxRow::undoes)
        .collect();
    let mut things = Vec::new();
    for row in rows.iter().filter(waits) {
        // Of the rows about one thing, the withdrawal stands for all.
        match row.undoes() {
            Some(subject) => {
                let about = |other: &OutboxRow| other.id != row.id && other.is_about(&subject);
                let made_here = rows.iter().filter(waits).any(about);
                let sent = if made_here {
                    Sent::TakingBack(row.id)
                } else {
                    row.sent()
                };
                things.push((row, sent));
            }
            None if undone.iter().any(|subject| row.is_about(subject)) => {}
            None => things.push((row, row.sent())),
        }
    }
    things
}

impl OutboxRow {
    /// The command; none for a kind that this version cannot read.
    pub fn command(&self) -> Option<Command> {
        let wire: WireCommand = json::read(&self.text)?;
        Command::parse(&wire.kind, wire.body).ok()
    }

    /// The id of what it takes back. How things stand is asked often and there may be many rows, so only
    /// what may be a withdrawal is read.
    fn undoes(&self) -> Option<String> {
        let may = [".withdraw\"", ".take_back\""];
        let may = may.iter().any(|kind| self.text.contains(kind));
        let command = may.then(|| self.command())??;
        match command {
            Command::WithdrawCheckIn(id) => Some(id.to_string()),
            Command::WithdrawSignUp(id) => Some(id.to_string()),
            Command::Plain(it) if it.act.takes_back() => Some(it.subject.to_string()),
            _ => None,
        }
    }

    /// Whether it is about the thing with this id: nothing else has it in its text.
    fn is_about(&self, subject: &str) -> bool {
        self.text.contains(subject)
    }

    /// Whether all is done with it, and it is kept for a server that goes back in time.
    pub fn is_kept_only(&self) -> bool {
        self.settled.is_some() && self.answered.is_some()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        check_in::{ShareCheckIn, Wants},
        group::{GroupAct, InGroup},
        id::{CheckInId, GroupId, SignUpId, TeamId},
        time::rfc3339,
    };
    use uuid::Uuid;

    const ME: Owner = Owner::Member(MemberId(Uuid::from_u128(1)));

    fn row(n: u128, command: &Command) -> OutboxRow {
        let id = CommandId(Uuid::from_u128(n));
        let wire = WireCommand {
            id,
            seq: 0,
            made_at: rfc3339(0),
            kind: command.kind().to_owned(),
            body: command.body(),
        };
        OutboxRow {
            id,
            seq: 0,
            owner: ME,
            text: serde_json::to_string(&wire).unwrap(),
            made_at: 0,
            attempted: true,
            deferred: false,
            answered: None,
            settled: None,
        }
    }

    fn share(check_in: u128, note: &str) -> Command {
        Command::ShareCheckIn(ShareCheckIn {
            check_in: CheckInId(Uuid::from_u128(check_in)),
            team: TeamId(Uuid::from_u128(2)),
            feeling: None,
            note: Some(note.to_owned()),
            wants: Wants::Know,
            contact: None,
            consent: 1,
        })
    }

    fn take_back(check_in: u128) -> Command {
        Command::WithdrawCheckIn(CheckInId(Uuid::from_u128(check_in)))
    }

    #[test]
    fn what_is_taken_back_and_its_taking_back_are_one_thing() {
        let rows = [
            row(5, &share(8, "Hello")),
            row(6, &share(9, "Stays")),
            row(7, &take_back(8)),
        ];
        let things = waiting(&rows, ME);
        assert_eq!(
            things,
            [
                (&rows[1], Sent::Sending(rows[1].id)),
                (&rows[2], Sent::TakingBack(rows[2].id))
            ]
        );
        assert!(waiting(&rows, Owner::Local).is_empty());
    }

    #[test]
    fn taking_back_what_the_server_has_waits_like_anything_else() {
        let sign_up = Command::WithdrawSignUp(SignUpId(Uuid::from_u128(9)));
        let rows = [row(5, &share(8, "Hello")), row(6, &sign_up)];
        assert_eq!(waiting(&rows, ME).len(), 2);
        let mut answered = row(5, &share(8, "Hello"));
        answered.answered = Some(rfc3339(0));
        let rows = [answered, row(6, &take_back(8))];
        assert_eq!(waiting(&rows, ME), [(&rows[1], Sent::Sending(rows[1].id))]);
    }

    #[test]
    fn words_to_a_group_and_their_taking_back_are_one_thing() {
        let about = |act, message, words: Option<&str>| {
            let (group, message) = (GroupId(Uuid::from_u128(3)), Uuid::from_u128(message));
            let words = words.map(str::to_owned);
            Command::from(InGroup::about(act, group, message, words))
        };
        let rows = [
            row(5, &about(GroupAct::Write, 8, Some("Hello"))),
            row(6, &about(GroupAct::Write, 9, Some("Stays"))),
            row(7, &about(GroupAct::TakeBack, 8, None)),
        ];
        let things = waiting(&rows, ME);
        assert_eq!(
            things,
            [
                (&rows[1], Sent::Sending(rows[1].id)),
                (&rows[2], Sent::TakingBack(rows[2].id))
            ]
        );
    }

    #[test]
    fn only_a_command_takes_back_never_words() {
        let like_one = "\"kind\":\"check_in.withdraw\"";
        assert_eq!(row(5, &share(8, like_one)).undoes(), None);
        assert!(row(6, &take_back(8)).undoes().is_some());
    }
}
