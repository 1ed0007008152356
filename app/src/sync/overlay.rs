//! What a person sees: the server's records with the waiting commands laid over. Overlays set, they never add.

use super::{
    outbox::{OutboxRow, Owner},
    status::Sent,
};
use crate::domain::{
    command::Command,
    record::{CheckIn, SignUp},
    time::rfc3339,
};
use crate::json;
use serde_json::Value;

/// One record as the person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// The thing's id.
    pub id: String,
    /// The record's body as JSON text.
    pub body: String,
    /// How far what this phone did to it has come.
    pub sent: Sent,
}

/// Lays `owner`'s rows of the outbox (oldest first) over the live records of `kind`, given as
/// `(id, body)`. Things that the server does not have yet come last. A record that is here already
/// is the truth about its own request; only a withdrawal that waits is laid over it.
pub fn lay(
    kind: &str,
    records: Vec<(String, String)>,
    outbox: &[OutboxRow],
    owner: Owner,
) -> Vec<Laid> {
    let mut seen: Vec<Laid> = records
        .into_iter()
        .map(|(id, body)| Laid {
            id,
            body,
            sent: Sent::OnServer,
        })
        .collect();
    let laid_over = |row: &&OutboxRow| row.owner == owner && row.settled.is_none();
    for row in outbox.iter().filter(laid_over) {
        let Some(command) = row.command() else {
            continue;
        };
        let (subject, id) = command.subject();
        if subject == kind {
            lay_one(&mut seen, &id.to_string(), row, &command);
        }
    }
    seen
}

fn lay_one(seen: &mut Vec<Laid>, id: &str, row: &OutboxRow, command: &Command) {
    let here = seen.iter_mut().find(|laid| laid.id == id);
    match (command, here) {
        (Command::WithdrawCheckIn(_) | Command::WithdrawSignUp(_), Some(laid)) => {
            laid.body = withdrawn(&laid.body);
            laid.sent = match row.sent() {
                Sent::Answered => Sent::Answered,
                _ => Sent::TakingBack(row.id),
            };
        }
        (Command::AcceptOffer(_) | Command::DeclineOffer(_), Some(laid)) => laid.sent = row.sent(),
        (Command::ShareCheckIn(share), None) => {
            let made = CheckIn::from_share(share, &rfc3339(row.made_at));
            seen.extend(new(id, row, serde_json::to_string(&made)));
        }
        (Command::RequestSignUp(request), None) => {
            let made = SignUp::from_request(request, &rfc3339(row.made_at));
            seen.extend(new(id, row, serde_json::to_string(&made)));
        }
        _ => {}
    }
}

fn new(id: &str, row: &OutboxRow, body: serde_json::Result<String>) -> Option<Laid> {
    Some(Laid {
        id: id.to_owned(),
        body: body.ok()?,
        sent: row.sent(),
    })
}

/// The person's own words stay readable on their phone; only the state is set.
fn withdrawn(body: &str) -> String {
    let Some(Value::Object(mut fields)) = json::read(body) else {
        return body.to_owned();
    };
    fields.insert("state".into(), Value::from("withdrawn"));
    fields.insert("position".into(), Value::Null);
    Value::Object(fields).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            id::{CommandId, MemberId, SessionId, SignUpId},
            record::kind,
            sign_up::{RequestSignUp, SignUpState},
        },
        sync::wire::WireCommand,
    };
    use uuid::Uuid;

    const ME: Owner = Owner::Member(MemberId(Uuid::from_u128(1)));

    fn row(n: u128, command: &Command) -> OutboxRow {
        let id = CommandId(Uuid::from_u128(n));
        let wire = WireCommand {
            id,
            seq: 0,
            made_at: rfc3339(0),
            kind: command.kind().into(),
            body: command.body(),
        };
        OutboxRow {
            id,
            seq: 0,
            owner: ME,
            text: serde_json::to_string(&wire).unwrap(),
            made_at: 0,
            attempted: false,
            deferred: false,
            answered: None,
            settled: None,
        }
    }

    fn request() -> Command {
        Command::RequestSignUp(RequestSignUp {
            sign_up: sign_up(),
            session: SessionId(Uuid::from_u128(8)),
            contact: None,
            access_needs: None,
            access_needs_consent: false,
            travel_first: false,
            note: Some("Hello".into()),
        })
    }

    fn sign_up() -> SignUpId {
        SignUpId(Uuid::from_u128(9))
    }

    fn seen(laid: &Laid) -> SignUp {
        serde_json::from_str(&laid.body).unwrap()
    }

    #[test]
    fn a_waiting_request_is_seen_by_its_owner_alone() {
        let rows = [row(5, &request())];
        let laid = lay(kind::SIGN_UP, Vec::new(), &rows, ME);
        assert_eq!(seen(&laid[0]).state, SignUpState::Received);
        assert_eq!(laid[0].sent, Sent::NotYet(rows[0].id));
        assert!(lay(kind::SIGN_UP, Vec::new(), &rows, Owner::Local).is_empty());
        assert!(lay(kind::CHECK_IN, Vec::new(), &rows, ME).is_empty());
    }

    #[test]
    fn a_record_that_has_come_is_not_laid_over_by_its_own_request() {
        let mut record = SignUp::mark();
        record.state = SignUpState::Confirmed;
        let stored = vec![(
            sign_up().to_string(),
            serde_json::to_string(&record).unwrap(),
        )];
        let mut answered = row(5, &request());
        answered.attempted = true;
        let laid = lay(kind::SIGN_UP, stored, &[answered], ME);
        assert_eq!(laid.len(), 1);
        assert_eq!(seen(&laid[0]).state, SignUpState::Confirmed);
        assert_eq!(laid[0].sent, Sent::OnServer);
    }

    #[test]
    fn a_waiting_withdrawal_is_seen_and_keeps_the_words() {
        let mut asked = row(5, &request());
        asked.attempted = true;
        let rows = [asked, row(6, &Command::WithdrawSignUp(sign_up()))];
        let laid = lay(kind::SIGN_UP, Vec::new(), &rows, ME);
        assert_eq!(seen(&laid[0]).state, SignUpState::Withdrawn);
        assert_eq!(seen(&laid[0]).note.as_deref(), Some("Hello"));
        assert_eq!(laid[0].sent, Sent::TakingBack(rows[1].id));
    }

    #[test]
    fn an_answered_command_stays_laid_over_until_its_record_comes() {
        let mut answered = row(5, &request());
        answered.attempted = true;
        answered.answered = Some(rfc3339(7));
        let laid = lay(kind::SIGN_UP, Vec::new(), &[answered], ME);
        assert_eq!(laid[0].sent, Sent::Answered);
    }
}
