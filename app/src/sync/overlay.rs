//! What a person sees: the server's records with the waiting commands laid over. Overlays set, they never add.

use super::{
    outbox::{OutboxRow, Owner},
    status::Sent,
};
use crate::{
    domain::{
        command::Command,
        plain::{Over, Plain},
        record::kind,
        time::rfc3339,
    },
    json,
};
use serde_json::{Value, json};
use uuid::Uuid;

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
    // No record says that somebody asked to have a message looked at: their own phone remembers it for them.
    let stays = |row: &OutboxRow| row.text.contains("\"kind\":\"group.report\"");
    let laid_over = |row: &&OutboxRow| row.owner == owner && (!row.is_kept_only() || stays(row));
    for row in outbox.iter().filter(laid_over) {
        let Some(command) = row.command() else {
            continue;
        };
        let (subject, id) = command.subject();
        if subject == kind {
            lay_one(&mut seen, &id.to_string(), row, &command);
        } else if kind == kind::SIGN_UP
            && let Command::KeepNeeds(said) = command
            && said.sign_ups
        {
            // What was asked for before this loses its words too.
            for laid in &mut seen {
                laid.body = with(&laid.body, "access_needs", Value::Null);
            }
        }
    }
    seen
}

fn lay_one(seen: &mut Vec<Laid>, id: &str, row: &OutboxRow, command: &Command) {
    let here = seen.iter_mut().find(|laid| laid.id == id);
    match (command, here) {
        (
            Command::WithdrawCheckIn(_) | Command::WithdrawSignUp(_) | Command::DeclineOffer(_),
            Some(laid),
        ) => {
            laid.body = withdrawn(&laid.body);
            laid.sent = match row.sent() {
                Sent::Answered => Sent::Answered,
                _ => Sent::TakingBack(row.id),
            };
        }
        (Command::AnswerBack(answer), Some(laid)) => {
            let waits = row.answered.is_none().then_some(row.id);
            let said = json!({
                "id": answer.message, "text": answer.words, "at": row.answered, "waits": waits,
            });
            laid.body = in_thread(&laid.body, answer.message, Some(said));
        }
        (Command::WithdrawAnswer(gone), Some(laid)) => {
            laid.body = in_thread(&laid.body, gone.message, None);
        }
        (Command::AcceptOffer(_), Some(laid)) => laid.sent = row.sent(),
        (Command::MarkAttendance(said), Some(laid)) => {
            let state = if said.came { "attended" } else { "not_there" };
            laid.body = with_state(&laid.body, state);
            laid.sent = row.sent();
        }
        // Where it stands stays said: that it was agreed to is beside it.
        (Command::Agree(agree), Some(laid)) => {
            laid.body = with(&laid.body, "agreement", agree.version.into());
        }
        (Command::SignOutDevice(_) | Command::LoseDevice(_), Some(laid)) => {
            let lost = matches!(command, Command::LoseDevice(_));
            laid.body = with_state(&laid.body, if lost { "lost" } else { "signed_out" });
            laid.sent = row.sent();
        }
        (Command::Plain(it), Some(laid)) => lay_plain(laid, row, command, it),
        (Command::Plain(it), None) => {
            seen.extend(it.act.new.map(|state| new(id, row, command, state)));
        }
        // What is said last stands.
        (Command::Rename(_) | Command::KeepNeeds(_), Some(laid)) => {
            *laid = new(id, row, command, "");
        }
        (Command::Rename(_) | Command::KeepNeeds(_), None) => {
            seen.push(new(id, row, command, ""));
        }
        (Command::ShareCheckIn(_), None) => seen.push(new(id, row, command, "sent")),
        (Command::RequestSignUp(_), None) => seen.push(new(id, row, command, "received")),
        _ => {}
    }
}

/// What a newer kind of command does to something that is here.
fn lay_plain(laid: &mut Laid, row: &OutboxRow, command: &Command, it: &Plain) {
    laid.body = match it.act.over {
        Over::Nothing => return,
        Over::State(state) | Over::Gone(state) => with_state(&laid.body, state),
        Over::Mark => with(&laid.body, "marked", it.act.word.into()),
        Over::Field(name) => {
            let body = with(&laid.body, name, it.says()[name].take());
            match it.act.new {
                Some(state) => with_state(&body, state),
                None => body,
            }
        }
        Over::Anew => return *laid = new(&laid.id, row, command, it.act.new.unwrap_or_default()),
    };
    laid.sent = match (&it.act.over, row.sent()) {
        (Over::Gone(_), sent) if sent != Sent::Answered => Sent::TakingBack(row.id),
        (_, sent) => sent,
    };
}

/// A record's fields are its command's and more: what the server would say of it before anybody saw it.
fn new(id: &str, row: &OutboxRow, command: &Command, state: &str) -> Laid {
    let mut body = command.body();
    body["state"] = state.into();
    body["made_at"] = rfc3339(row.made_at).into();
    Laid {
        id: id.to_owned(),
        body: body.to_string(),
        sent: row.sent(),
    }
}

/// The thread with the person's own words in it, unless they are there already; with none, they are gone
/// from it. A thing that was taken back has no thread any more.
fn in_thread(body: &str, id: Uuid, said: Option<Value>) -> String {
    let Some(Value::Object(mut fields)) = json::read(body) else {
        return body.to_owned();
    };
    let mut thread = match fields.get_mut("messages").map(Value::take) {
        Some(Value::Array(thread)) => thread,
        _ => Vec::new(),
    };
    let id = id.to_string();
    let own = |one: &&mut Value| one["id"] == *id && one["from"].is_null();
    match (thread.iter_mut().find(own), said) {
        (Some(one), None) => one["text"] = Value::Null,
        (None, Some(said)) if fields.get("state") != Some(&Value::from("withdrawn")) => {
            thread.push(said);
        }
        _ => {}
    }
    fields.insert("messages".into(), Value::Array(thread));
    Value::Object(fields).to_string()
}

/// The person's own words stay readable on their phone; only the state is set.
fn withdrawn(body: &str) -> String {
    with_state(body, "withdrawn")
}

/// The body in another state. A place on a waiting list is of the state before.
fn with_state(body: &str, state: &str) -> String {
    let Some(Value::Object(mut fields)) = json::read(body) else {
        return body.to_owned();
    };
    fields.insert("state".into(), Value::from(state));
    if fields.contains_key("position") {
        fields.insert("position".into(), Value::Null);
    }
    Value::Object(fields).to_string()
}

/// The body with one field set.
fn with(body: &str, name: &str, value: Value) -> String {
    let Some(Value::Object(mut fields)) = json::read(body) else {
        return body.to_owned();
    };
    fields.insert(name.into(), value);
    Value::Object(fields).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            care::Message,
            check_in::{AnswerBack, CheckInState, Feeling, ShareCheckIn, Wants, WithdrawAnswer},
            contact::{Contact, ContactBy},
            group::{self, GroupAct, InGroup, MessageState},
            id::{CheckInId, CommandId, GroupId, MemberId, PersonId, SessionId, SignUpId, TeamId},
            member::{Named, Rename},
            needs::{KeepNeeds, Needs},
            record::{CheckIn, SignUp, kind},
            sign_up::{Agree, RequestSignUp, SignUpState},
        },
        sync::wire::WireCommand,
    };

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
            agreement: None,
            thanks: None,
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
    fn what_waits_looks_as_the_record_will() {
        let share = ShareCheckIn {
            check_in: check_in(),
            team: TeamId(Uuid::from_u128(3)),
            feeling: Some(Feeling::Hard),
            note: Some("Hello".into()),
            wants: Wants::Call,
            contact: Some(Contact {
                by: ContactBy::Text,
                value: "07700 900123".into(),
                safe_to_leave_message: true,
            }),
            consent: 1,
        };
        let rows = [row(5, &Command::ShareCheckIn(share.clone()))];
        let laid = lay(kind::CHECK_IN, Vec::new(), &rows, ME);
        let seen: CheckIn = serde_json::from_str(&laid[0].body).unwrap();
        assert_eq!(seen, CheckIn::from_share(&share, &rfc3339(0)));
        let asked = request();
        let laid = lay(kind::SIGN_UP, Vec::new(), &[row(5, &asked)], ME);
        let Command::RequestSignUp(asked) = asked else {
            unreachable!("it asks for a place");
        };
        let seen: SignUp = serde_json::from_str(&laid[0].body).unwrap();
        assert_eq!(seen, SignUp::from_request(&asked, &rfc3339(0)));
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

    #[test]
    fn a_new_name_is_seen_at_once_and_the_last_one_wins() {
        let rename = |name: Option<&str>| {
            Command::Rename(Rename {
                member: MemberId(Uuid::from_u128(1)),
                name: name.map(str::to_owned),
            })
        };
        let called = |stored: Option<&str>, rows: &[OutboxRow]| {
            let id = Uuid::from_u128(1).to_string();
            let stored = stored.map(|body| (id, body.to_owned()));
            let laid = lay(kind::MEMBER, stored.into_iter().collect(), rows, ME);
            assert_eq!(laid.len(), 1);
            serde_json::from_str::<Named>(&laid[0].body).unwrap().name
        };
        let rows = [row(5, &rename(Some("Kit"))), row(6, &rename(Some("Kim")))];
        assert_eq!(called(None, &rows).as_deref(), Some("Kim"));
        let known = Some(r#"{"name":"Sam"}"#);
        assert_eq!(called(known, &rows[..1]).as_deref(), Some("Kit"));
        assert_eq!(called(known, &[row(7, &rename(None))]), None);
        assert_eq!(called(known, &[]).as_deref(), Some("Sam"));
        let mut kept = row(5, &rename(Some("Kit")));
        (kept.answered, kept.settled) = (Some(rfc3339(7)), Some(8));
        assert_eq!(called(known, &[kept]).as_deref(), Some("Sam"));
    }

    #[test]
    fn what_is_kept_for_next_time_is_seen_at_once_and_so_is_its_deletion() {
        let me = MemberId(Uuid::from_u128(1));
        let keep = Command::KeepNeeds(KeepNeeds::keep(me, "A ramp".into()));
        let delete = Command::KeepNeeds(KeepNeeds::delete(me, false));
        let kept = |stored: Option<&str>, rows: &[OutboxRow]| {
            let stored = stored.map(|body| (me.to_string(), body.to_owned()));
            let laid = lay(kind::NEEDS, stored.into_iter().collect(), rows, ME);
            assert_eq!(laid.len(), 1);
            serde_json::from_str::<Needs>(&laid[0].body).unwrap().needs
        };
        assert_eq!(kept(None, &[row(5, &keep)]).as_deref(), Some("A ramp"));
        let known = Some(r#"{"needs":"A quiet room"}"#);
        assert_eq!(kept(known, &[]).as_deref(), Some("A quiet room"));
        assert_eq!(kept(known, &[row(5, &keep)]).as_deref(), Some("A ramp"));
        assert_eq!(kept(known, &[row(5, &keep), row(6, &delete)]), None);
        assert!(lay(kind::NEEDS, Vec::new(), &[], ME).is_empty());
    }

    #[test]
    fn sign_ups_show_no_needs_once_that_is_asked_for_and_those_made_after_it_do() {
        let me = MemberId(Uuid::from_u128(1));
        let asks = |n: u128| {
            let Command::RequestSignUp(mut asked) = request() else {
                unreachable!("it asks for a place");
            };
            asked.sign_up = SignUpId(Uuid::from_u128(n));
            asked.access_needs = Some("A ramp".into());
            Command::RequestSignUp(asked)
        };
        for (sign_ups, first) in [(false, Some("A ramp")), (true, None)] {
            let delete = Command::KeepNeeds(KeepNeeds::delete(me, sign_ups));
            let rows = [row(5, &asks(20)), row(6, &delete), row(7, &asks(21))];
            let laid = lay(kind::SIGN_UP, Vec::new(), &rows, ME);
            let shown: Vec<_> = laid.iter().map(|one| seen(one).access_needs).collect();
            assert_eq!(shown, [first.map(str::to_owned), Some("A ramp".into())]);
            assert_eq!(laid[0].sent, Sent::NotYet(rows[0].id));
        }
    }

    fn check_in() -> CheckInId {
        CheckInId(Uuid::from_u128(11))
    }

    fn answers() -> Command {
        Command::AnswerBack(AnswerBack {
            check_in: check_in(),
            message: Uuid::from_u128(12),
            words: "Thank you".into(),
        })
    }

    fn thread(rows: &[OutboxRow], record: &CheckIn) -> Vec<Message> {
        let stored = vec![(
            check_in().to_string(),
            serde_json::to_string(record).unwrap(),
        )];
        let laid = lay(kind::CHECK_IN, stored, rows, ME);
        assert_eq!(laid[0].sent, Sent::OnServer, "the check-in itself was sent");
        serde_json::from_str::<CheckIn>(&laid[0].body)
            .unwrap()
            .messages
    }

    fn replied() -> CheckIn {
        let mut record = CheckIn::mark();
        record.state = CheckInState::Replied;
        record
    }

    #[test]
    fn an_answer_is_seen_as_waiting_until_the_server_has_it_and_never_twice() {
        let waiting = row(5, &answers());
        let said = thread(std::slice::from_ref(&waiting), &replied());
        assert_eq!(said[0].text.as_deref(), Some("Thank you"));
        assert_eq!((said[0].waits, &said[0].at), (Some(waiting.id), &None));

        let mut answered = waiting;
        answered.answered = Some(rfc3339(7));
        let said = thread(std::slice::from_ref(&answered), &replied());
        assert_eq!((said[0].waits, &said[0].at), (None, &Some(rfc3339(7))));

        let mut record = replied();
        record.messages = said;
        assert_eq!(thread(&[answered], &record), record.messages);
    }

    #[test]
    fn an_answer_that_is_taken_back_is_gone_from_the_thread() {
        let gone = Command::WithdrawAnswer(WithdrawAnswer {
            check_in: check_in(),
            message: Uuid::from_u128(12),
        });
        let said = thread(&[row(5, &answers()), row(6, &gone)], &replied());
        assert_eq!(said[0].text, None);
    }

    #[test]
    fn a_check_in_that_was_taken_back_has_no_thread() {
        assert!(thread(&[row(5, &answers())], &CheckIn::mark()).is_empty());
    }

    #[test]
    fn agreeing_shows_at_once_and_leaves_where_it_stands() {
        let id = Uuid::from_u128(7);
        let mut held = SignUp::mark();
        held.state = SignUpState::Confirmed;
        held.agreement = Some(1);
        let held = (id.to_string(), serde_json::to_string(&held).unwrap());
        let agree = Command::Agree(Agree {
            sign_up: SignUpId(id),
            version: 2,
        });
        let laid = lay(kind::SIGN_UP, vec![held], &[row(1, &agree)], ME);
        let shown = seen(&laid[0]);
        assert_eq!(shown.agreement, Some(2));
        assert_eq!(shown.state, SignUpState::Confirmed);
        assert_eq!(laid[0].sent, Sent::OnServer);
        assert!(lay(kind::SIGN_UP, Vec::new(), &[row(1, &agree)], ME).is_empty());
    }

    fn in_a_group(act: GroupAct, words: Option<&str>) -> Command {
        let group = GroupId(Uuid::from_u128(20));
        let it = match act {
            GroupAct::Join | GroupAct::Leave => InGroup::new(act, group),
            GroupAct::Mute | GroupAct::Unmute => InGroup {
                person: Some(PersonId(Uuid::from_u128(22))),
                ..InGroup::new(act, group)
            },
            _ => InGroup::about(act, group, message(), words.map(str::to_owned)),
        };
        let agreement = (act == GroupAct::Join).then_some(2);
        Command::from(InGroup { agreement, ..it })
    }

    fn message() -> Uuid {
        Uuid::from_u128(21)
    }

    fn shown_message() -> (String, String) {
        let said = group::Message {
            group: GroupId(Uuid::from_u128(20)),
            person: Some(PersonId(Uuid::from_u128(22))),
            staff: None,
            words: Some("Hello".into()),
            at: Some(rfc3339(1)),
            state: MessageState::Shown,
            why: None,
            marked: None,
        };
        (message().to_string(), serde_json::to_string(&said).unwrap())
    }

    fn read_one<T: json::FromJson>(laid: &[Laid]) -> (T, Sent) {
        assert_eq!(laid.len(), 1);
        (json::read(&laid[0].body).unwrap(), laid[0].sent)
    }

    #[test]
    fn what_is_written_in_a_group_is_seen_as_waiting_and_names_nobody() {
        let waits = row(5, &in_a_group(GroupAct::Write, Some("Hello")));
        let laid = lay(kind::GROUP_MESSAGE, Vec::new(), &[waits], ME);
        let (said, sent) = read_one::<group::Message>(&laid);
        assert_eq!(said.words.as_deref(), Some("Hello"));
        assert_eq!((said.person, said.staff, said.at), (None, None, None));
        assert_eq!(said.state, MessageState::Shown);
        assert!(matches!(sent, Sent::NotYet(_)));
    }

    #[test]
    fn a_message_that_has_come_is_the_truth_about_itself() {
        let mut answered = row(5, &in_a_group(GroupAct::Write, Some("Hello")));
        answered.answered = Some(rfc3339(7));
        let laid = lay(kind::GROUP_MESSAGE, vec![shown_message()], &[answered], ME);
        let (said, sent) = read_one::<group::Message>(&laid);
        assert!(said.person.is_some() && sent == Sent::OnServer);
    }

    #[test]
    fn taking_back_hiding_and_showing_are_seen_at_once() {
        for (act, words, state) in [
            (GroupAct::TakeBack, None, MessageState::TakenBack),
            (GroupAct::Hide, Some("Unkind"), MessageState::Hidden),
            (GroupAct::Show, None, MessageState::Shown),
        ] {
            let waits = row(5, &in_a_group(act, words));
            let laid = lay(kind::GROUP_MESSAGE, vec![shown_message()], &[waits], ME);
            let (said, sent) = read_one::<group::Message>(&laid);
            assert_eq!(said.state, state);
            let taken_back = matches!(sent, Sent::TakingBack(_));
            assert_eq!(taken_back, act == GroupAct::TakeBack, "{act:?}");
            assert!(
                lay(
                    kind::GROUP_MESSAGE,
                    Vec::new(),
                    &[row(5, &in_a_group(act, words))],
                    ME
                )
                .is_empty()
            );
        }
    }

    #[test]
    fn that_somebody_asked_to_have_a_message_looked_at_is_remembered_when_it_is_sent() {
        let mut asked = row(5, &in_a_group(GroupAct::Report, Some("Unkind")));
        let seen = |row: &OutboxRow| {
            let rows = std::slice::from_ref(row);
            read_one::<group::Message>(&lay(kind::GROUP_MESSAGE, vec![shown_message()], rows, ME))
        };
        let (said, sent) = seen(&asked);
        assert_eq!(said.marked.as_deref(), Some("group.report"));
        assert_eq!(said.state, MessageState::Shown);
        assert_eq!(sent, Sent::NotYet(asked.id));
        (asked.attempted, asked.answered, asked.settled) = (true, Some(rfc3339(7)), Some(8));
        let (said, sent) = seen(&asked);
        assert_eq!(said.marked.as_deref(), Some("group.report"));
        assert_eq!(sent, Sent::Answered);
        // Words that look like it are words.
        let mut wrote = row(
            6,
            &in_a_group(GroupAct::Write, Some("\"kind\":\"group.report\"")),
        );
        (wrote.answered, wrote.settled) = (Some(rfc3339(7)), Some(8));
        assert!(lay(kind::GROUP_MESSAGE, Vec::new(), &[wrote], ME).is_empty());
    }

    #[test]
    fn joining_agreeing_and_leaving_are_seen_at_once() {
        let group = Uuid::from_u128(20).to_string();
        let joins = row(5, &in_a_group(GroupAct::Join, None));
        let joined = lay(
            kind::MEMBERSHIP,
            Vec::new(),
            std::slice::from_ref(&joins),
            ME,
        );
        let (asked, sent) = read_one::<group::Membership>(&joined);
        assert_eq!((asked.person, asked.agreement), (None, 2));
        assert_eq!(sent, Sent::NotYet(joins.id));

        let inside =
            r#"{"person":"00000000-0000-0000-0000-000000000016","agreement":1,"leads":true}"#;
        let stored = || vec![(group.clone(), inside.to_owned())];
        let agreed = lay(kind::MEMBERSHIP, stored(), &[joins], ME);
        let (agreed, _) = read_one::<group::Membership>(&agreed);
        assert!(agreed.person.is_some() && agreed.agreement == 2 && agreed.leads);

        let leaves = row(6, &in_a_group(GroupAct::Leave, None));
        let left = lay(kind::MEMBERSHIP, stored(), &[leaves], ME);
        let (left, sent) = read_one::<group::Membership>(&left);
        assert_eq!(left.state.as_deref(), Some("left"));
        assert!(matches!(sent, Sent::TakingBack(_)));
    }

    #[test]
    fn muting_and_wanting_to_see_again_are_seen_at_once() {
        let mutes = row(5, &in_a_group(GroupAct::Mute, None));
        let unmutes = row(6, &in_a_group(GroupAct::Unmute, None));
        let state = |rows: &[OutboxRow]| {
            let laid = lay(kind::GROUP_MUTE, Vec::new(), rows, ME);
            read_one::<group::Mute>(&laid).0.state
        };
        assert_eq!(state(std::slice::from_ref(&mutes)).as_deref(), Some(""));
        assert_eq!(state(&[mutes, unmutes]).as_deref(), Some("unmuted"));
    }
}
