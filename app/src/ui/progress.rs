//! How far something has come, in words. The words come from the outbox and the record, never from a
//! remembered flag: "sent" is said only of what the server has.

use super::{local::Sent, reading::Reads};
use crate::{
    domain::{
        care,
        check_in::CheckInState,
        record::{CheckIn, SignUp},
        sign_up::SignUpState,
        team::Team,
    },
    lang::{
        Text,
        en::{care as care_words, check_in, state},
    },
};

/// Says an RFC 3339 time in the person's own words.
pub type SayTime<'a> = &'a dyn Fn(&str) -> String;

/// The one-line state of a sign-up.
pub(super) fn sign_up_line(sign_up: &SignUp, sent: &Sent, say: SayTime) -> String {
    let until = || sign_up.offer_until.as_deref().map_or(String::new(), say);
    match sent {
        // The phone said yes to an offer.
        Sent::NotYet(_) | Sent::Sending(_) if sign_up.state == SignUpState::Offered => {
            return state::SAYING_YES.fill(&[("time", &until())]);
        }
        Sent::Answered if sign_up.state == SignUpState::Offered => {
            return state::SAID_YES.get().to_owned();
        }
        Sent::NotYet(_) => return state::NOT_YET_NO_PLACE.get().to_owned(),
        Sent::Sending(_) => return state::SENDING_NO_PLACE.get().to_owned(),
        Sent::TakingBack(_) => return state::TAKING_BACK.get().to_owned(),
        Sent::Answered | Sent::OnServer => {}
    }
    let words = match sign_up.state {
        SignUpState::Received => return received(sign_up, say),
        SignUpState::Waiting => {
            return sign_up.position.map_or_else(
                || state::WAITING.get().to_owned(),
                |position| state::WAITING_AT.fill(&[("position", &position.to_string())]),
            );
        }
        SignUpState::Offered => return state::OFFERED.fill(&[("time", &until())]),
        SignUpState::Confirmed => state::PLACE,
        SignUpState::Attended => state::ATTENDED,
        SignUpState::NotThere => state::NOT_THERE,
        SignUpState::Thanked => state::THANKED,
        SignUpState::Withdrawn => state::WITHDRAWN,
        SignUpState::Cancelled => state::CANCELLED,
    };
    words.get().to_owned()
}

fn received(sign_up: &SignUp, say: SayTime) -> String {
    let first = match &sign_up.seen_by {
        Some(name) => state::SEEN.fill(&[("name", name)]),
        None => sent_at(sign_up.received_at.as_deref(), say),
    };
    format!("{first}. {}", state::LOOKING.get())
}

/// The steps that a sign-up has gone through, oldest first; the last is where it stands.
pub fn sign_up_steps(sign_up: &SignUp, sent: &Sent, say: SayTime) -> Vec<String> {
    let mut steps = Vec::new();
    if let Some(made) = &sign_up.made_at {
        steps.push(state::MADE_AT.fill(&[("time", &say(made))]));
    }
    match sent {
        Sent::OnServer | Sent::Answered => {
            if sign_up.received_at.is_some() || *sent == Sent::Answered {
                steps.push(sent_at(sign_up.received_at.as_deref(), say));
            }
            if let Some(name) = &sign_up.seen_by {
                steps.push(state::SEEN.fill(&[("name", name)]));
            }
            if sign_up.state != SignUpState::Received {
                steps.push(sign_up_line(sign_up, sent, say));
            }
        }
        Sent::NotYet(_) => steps.push(state::NOT_YET.get().to_owned()),
        Sent::Sending(_) => steps.push(state::SENDING.get().to_owned()),
        Sent::TakingBack(_) => steps.push(state::TAKING_BACK.get().to_owned()),
    }
    steps
}

/// How far something in the outbox has come.
pub(super) fn waiting_words(sent: &Sent) -> Text {
    match sent {
        Sent::NotYet(_) | Sent::TakingBack(_) => state::NOT_YET,
        Sent::Sending(_) => state::SENDING,
        Sent::Answered | Sent::OnServer => state::SENT,
    }
}

fn sent_at(received_at: Option<&str>, say: SayTime) -> String {
    received_at.map_or_else(
        || state::SENT.get().to_owned(),
        |at| state::SENT_AT.fill(&[("time", &say(at))]),
    )
}

/// The steps that a shared check-in has gone through, oldest first; the last is where it stands.
pub fn check_in_steps(
    check_in: &CheckIn,
    sent: &Sent,
    team: Option<&Team>,
    say: SayTime,
) -> Vec<String> {
    let gone = check_in.state == CheckInState::Withdrawn;
    let only = match (sent, &check_in.seen_by) {
        (Sent::NotYet(_), _) => Some(state::NOT_YET.get().to_owned()),
        (Sent::Sending(_), _) => Some(state::SENDING.get().to_owned()),
        (Sent::TakingBack(_), _) => Some(state::UNSHARING.get().to_owned()),
        (_, Some(by)) if gone => Some(state::UNSHARED_SEEN.fill(&[("name", by)])),
        (_, None) if gone => Some(state::UNSHARED.get().to_owned()),
        _ => None,
    };
    if let Some(only) = only {
        return vec![only];
    }
    let mut steps = vec![sent_at(check_in.received_at.as_deref(), say)];
    if check_in.passed_at.is_some() && check_in.seen_by.is_none() {
        steps.push(nobody_opened(team));
    }
    if let Some(name) = &check_in.seen_by {
        steps.push(state::SEEN.fill(&[("name", name)]));
    }
    if let Some(name) = &check_in.taken_on_by {
        steps.push(state::TAKEN_ON.fill(&[("name", name)]));
    }
    if care::is_answered(&check_in.messages) {
        steps.push(state::REPLIED.get().to_owned());
    }
    if let Some(at) = &check_in.closed_at {
        steps.push(care_words::CLOSED.fill(&[("time", &say(at))]));
    }
    steps
}

pub(super) fn nobody_opened(team: Option<&Team>) -> String {
    match team.and_then(|team| team.phone.as_deref()) {
        Some(phone) => state::NOBODY_OPENED_RING.fill(&[("phone", phone)]),
        None => state::NOBODY_OPENED.get().to_owned(),
    }
}

/// Rule 9: who knows, the first thing said after a check-in. `shared` is how far a shared one has
/// come; none for one that stays on this phone. `no_signal` says that the last try had no answer.
/// `reads` is what is known of the team's reading.
pub(super) fn who_knows(shared: Option<&Sent>, no_signal: bool, reads: &Reads) -> String {
    match shared {
        None => check_in::KEPT.get().to_owned(),
        Some(Sent::NotYet(_)) if no_signal => check_in::NOT_REACHED.get().to_owned(),
        Some(Sent::NotYet(_)) => check_in::WAITING.get().to_owned(),
        Some(Sent::Sending(_)) => check_in::SENDING.get().to_owned(),
        Some(Sent::TakingBack(_)) => state::UNSHARING.get().to_owned(),
        Some(Sent::Answered | Sent::OnServer) => team_reads(reads),
    }
}

/// "Sent. Your team next reads these Monday 9am."
pub(super) fn team_reads(reads: &Reads) -> String {
    match reads {
        Reads::Unknown => check_in::SENT_PLAIN.get().to_owned(),
        Reads::Hours(hours) => check_in::SENT.fill(&[("hours", hours)]),
        Reads::Now(until) => check_in::SENT_NOW.fill(&[("until", until)]),
        Reads::Next(next) => check_in::SENT_NEXT.fill(&[("next", next)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        care::Message,
        id::{CommandId, SessionId},
    };
    use uuid::Uuid;

    const COMMAND: CommandId = CommandId(Uuid::nil());

    fn say(_: &str) -> String {
        "2.02pm".to_owned()
    }

    fn sign_up(state: SignUpState) -> SignUp {
        SignUp {
            session: Some(SessionId(Uuid::nil())),
            state,
            received_at: Some("2026-11-23T14:02:00Z".into()),
            ..SignUp::mark()
        }
    }

    fn check_in(state: CheckInState) -> CheckIn {
        CheckIn {
            state,
            received_at: Some("2026-11-23T14:02:00Z".into()),
            ..CheckIn::mark()
        }
    }

    fn team() -> Team {
        Team {
            name: "Harbour team".into(),
            hours: "Monday to Friday, 9 to 5".into(),
            next_read_at: None,
            phone: Some("01632 960 001".into()),
            reads: Vec::new(),
            cover: None,
        }
    }

    const UNSENT: [Sent; 2] = [Sent::NotYet(COMMAND), Sent::Sending(COMMAND)];

    #[test]
    fn nothing_says_sent_or_a_place_before_the_server_has_it() {
        for sent in UNSENT {
            let line = sign_up_line(&sign_up(SignUpState::Confirmed), &sent, &say);
            assert!(!line.contains("Sent"), "{line}");
            assert!(!line.contains("have a place"), "{line}");
            let steps = sign_up_steps(&sign_up(SignUpState::Confirmed), &sent, &say);
            assert!(
                !steps.iter().any(|step| step.starts_with("Sent")),
                "{steps:?}"
            );
            let steps = check_in_steps(&check_in(CheckInState::Sent), &sent, None, &say);
            assert_eq!(steps.len(), 1);
            assert!(!steps[0].contains("Sent"), "{steps:?}");
            assert!(!who_knows(Some(&sent), false, &hours()).contains("Sent"));
        }
    }

    #[test]
    fn a_sign_up_walks_from_sent_over_seen_to_a_place() {
        let mut one = sign_up(SignUpState::Received);
        assert!(sign_up_line(&one, &Sent::OnServer, &say).starts_with("Sent 2.02pm. "));
        one.seen_by = Some("Priya".into());
        assert!(sign_up_line(&one, &Sent::OnServer, &say).starts_with("Seen by Priya. "));
        one.state = SignUpState::Confirmed;
        assert_eq!(
            sign_up_line(&one, &Sent::OnServer, &say),
            "You have a place"
        );
        assert_eq!(
            sign_up_steps(&one, &Sent::OnServer, &say),
            ["Sent 2.02pm", "Seen by Priya", "You have a place"]
        );
    }

    #[test]
    fn withdrawing_is_told_as_waiting_until_the_server_has_it() {
        let one = sign_up(SignUpState::Confirmed);
        assert_eq!(
            sign_up_line(&one, &Sent::TakingBack(COMMAND), &say),
            state::TAKING_BACK.get()
        );
        assert_eq!(
            sign_up_line(&sign_up(SignUpState::Withdrawn), &Sent::OnServer, &say),
            state::WITHDRAWN.get()
        );
    }

    #[test]
    fn the_waiting_list_says_the_place_in_it_if_known() {
        let mut one = sign_up(SignUpState::Waiting);
        assert_eq!(
            sign_up_line(&one, &Sent::OnServer, &say),
            state::WAITING.get()
        );
        one.position = Some(2);
        assert!(sign_up_line(&one, &Sent::OnServer, &say).contains("number 2"));
    }

    fn hours() -> Reads {
        Reads::Hours(team().hours)
    }

    #[test]
    fn a_check_in_that_nobody_opened_in_time_says_sorry_and_whom_to_ring() {
        let mut late = check_in(CheckInState::Sent);
        let said = |one: &CheckIn| {
            let steps = check_in_steps(one, &Sent::OnServer, Some(&team()), &say);
            steps.join(". ")
        };
        assert!(!said(&late).contains("Nobody"), "it claims nothing");
        late.passed_at = Some("2026-11-23T17:00:00Z".into());
        assert!(said(&late).contains("Nobody has opened this yet. Sorry."));
        assert!(said(&late).contains("01632 960 001"));
        late.seen_by = Some("Priya".into());
        assert!(!said(&late).contains("Nobody"));
    }

    #[test]
    fn a_check_in_walks_from_sent_to_finished_and_each_step_is_told() {
        let mut one = check_in(CheckInState::Closed);
        one.seen_by = Some("Sam".into());
        one.taken_on_by = Some("Priya".into());
        one.messages = vec![Message {
            from: Some("Priya".into()),
            ..Message::own(Uuid::nil(), "Hello".into(), None)
        }];
        one.closed_at = Some("2026-11-23T17:00:00Z".into());
        let steps = check_in_steps(&one, &Sent::OnServer, None, &say);
        assert_eq!(
            steps,
            [
                "Sent 2.02pm",
                "Seen by Sam",
                "Priya is looking after this",
                "You have a reply",
                "Finished 2.02pm. You can still answer back."
            ]
        );
    }

    #[test]
    fn taking_back_after_it_was_read_says_who_read_it() {
        let mut gone = check_in(CheckInState::Withdrawn);
        gone.seen_by = Some("Priya".into());
        let steps = check_in_steps(&gone, &Sent::OnServer, None, &say);
        assert_eq!(steps.len(), 1);
        assert!(steps[0].contains("Priya has already read it"));
        assert!(steps[0].contains("30 days"));
    }

    #[test]
    fn after_a_check_in_the_truth_about_who_knows_is_told() {
        let waiting = Sent::NotYet(COMMAND);
        assert_eq!(who_knows(None, true, &hours()), check_in::KEPT.get());
        assert_eq!(
            who_knows(Some(&waiting), true, &hours()),
            check_in::NOT_REACHED.get()
        );
        assert!(who_knows(Some(&Sent::OnServer), false, &hours()).contains("Monday to Friday"));
        let next = Reads::Next("Monday 9am".into());
        assert!(who_knows(Some(&Sent::Answered), true, &next).contains("next reads these Monday"));
    }
}
