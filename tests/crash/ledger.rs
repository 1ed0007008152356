//! What the phones sent and were told, and whether the database agrees. Pure, so that it can be shown
//! to notice what it is there to notice.

use crate::evidence::{Evidence, StoredOutcome, Thing};
use app::{
    domain::{
        command::Command,
        id::{CommandId, MemberId, SessionId},
        record::kind,
        sign_up::SignUpState,
        time::rfc3339,
    },
    sync::wire::{CommandOutcome, Outcome, ScopeSum},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Something that must never be.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It was answered and is not there.
    Lost(CommandId),
    /// It stands there twice.
    Twice(CommandId),
    /// It is there and nobody sent it, or someone else did.
    NeverSent(CommandId),
    /// It was answered otherwise before, or is stored otherwise than it was answered.
    Changed(CommandId),
    /// It was never answered. (A fault only once all is settled.)
    Unanswered(CommandId),
    /// It was applied, and what it makes is not there, is there twice, or is not as it should be.
    WrongEffect(CommandId),
    /// It was applied at another moment than what it made: once more, or half.
    AppliedTwice(CommandId),
    /// Something is there that no applied command made.
    FromNowhere(Uuid),
    /// More places are held than there are, or other numbers of people hold one or wait than are counted.
    WrongPlaces(SessionId),
    /// Someone has two sign-ups for one session that stand.
    TwoActive(MemberId, SessionId),
    /// The counters of a scope do not agree with its records.
    WrongSums(String),
    /// A thing's record is not in its member's scope.
    NotInFeed(Uuid),
}

/// What was sent and answered.
#[derive(Debug, Default)]
pub struct Ledger {
    sent: BTreeMap<CommandId, (MemberId, Command)>,
    answers: BTreeMap<CommandId, CommandOutcome>,
    contradicted: Vec<Fault>,
}

impl Ledger {
    /// A phone is about to send a command.
    pub fn sent(&mut self, id: CommandId, member: MemberId, command: Command) {
        self.sent.insert(id, (member, command));
    }

    /// A phone was told what became of a command, for the first time or again.
    pub fn answered(&mut self, id: CommandId, outcome: CommandOutcome) {
        let first = self.answers.entry(id).or_insert_with(|| outcome.clone());
        if *first != outcome {
            self.contradicted.push(Fault::Changed(id));
        }
    }

    /// Commands without an answer.
    pub fn unanswered(&self) -> Vec<Fault> {
        let open = self.sent.keys().filter(|id| !self.answers.contains_key(id));
        open.map(|id| Fault::Unanswered(*id)).collect()
    }

    /// How much was done.
    pub fn summary(&self) -> String {
        let refused = |outcome: &&CommandOutcome| outcome.outcome == Outcome::Refused;
        let refused = self.answers.values().filter(refused).count();
        format!(
            "{} commands answered, {refused} of them refused",
            self.answers.len()
        )
    }

    /// Everything that is wrong in the database.
    pub fn faults(&self, evidence: &Evidence) -> Vec<Fault> {
        let mut faults = self.contradicted.clone();
        self.outcomes(evidence, &mut faults);
        self.effects(evidence, &mut faults);
        places(evidence, &mut faults);
        feed(evidence, &mut faults);
        faults
    }

    /// Answered: there once, as answered. Not answered: there at most once.
    fn outcomes(&self, evidence: &Evidence, faults: &mut Vec<Fault>) {
        let mut there = BTreeMap::new();
        for stored in &evidence.outcomes {
            if there.insert(stored.id, stored).is_some() {
                faults.push(Fault::Twice(stored.id));
            }
            if self
                .sent
                .get(&stored.id)
                .is_none_or(|(member, _)| *member != stored.member)
            {
                faults.push(Fault::NeverSent(stored.id));
            }
        }
        for (id, answer) in &self.answers {
            match there.get(id) {
                None => faults.push(Fault::Lost(*id)),
                Some(stored) if !is_as_answered(stored, answer) => faults.push(Fault::Changed(*id)),
                Some(_) => {}
            }
        }
    }

    /// What applied commands make is there exactly once, from the same moment, unless it was taken
    /// back; and nothing else is.
    fn effects(&self, evidence: &Evidence, faults: &mut Vec<Fault>) {
        let applied: Vec<(&StoredOutcome, &Command)> = evidence
            .outcomes
            .iter()
            .filter(|stored| stored.outcome == Outcome::Applied)
            .filter_map(|stored| Some((stored, &self.sent.get(&stored.id)?.1)))
            .collect();
        let taken_back: BTreeSet<_> = applied
            .iter()
            .filter(|(_, command)| !makes(command))
            .map(|(_, command)| command.subject())
            .collect();
        let mut things: HashMap<_, Vec<&Thing>> = HashMap::new();
        for thing in &evidence.things {
            things
                .entry((thing.kind, thing.id))
                .or_default()
                .push(thing);
        }
        for (stored, command) in applied.into_iter().filter(|(_, command)| makes(command)) {
            let subject = command.subject();
            let made = things.remove(&subject).unwrap_or_default();
            let is_withdrawn = taken_back.contains(&subject);
            match made.as_slice() {
                [] if is_withdrawn => {}
                [one] if one.received_at != stored.received_at => {
                    faults.push(Fault::AppliedTwice(stored.id));
                }
                [one] if is_right(one, stored, command) && one.withdrawn == is_withdrawn => {}
                _ => faults.push(Fault::WrongEffect(stored.id)),
            }
        }
        faults.extend(things.into_keys().map(|(_, id)| Fault::FromNowhere(id)));
    }
}

fn is_as_answered(stored: &StoredOutcome, answer: &CommandOutcome) -> bool {
    stored.outcome == answer.outcome && rfc3339(stored.received_at) == answer.received_at
}

fn makes(command: &Command) -> bool {
    matches!(
        command,
        Command::ShareCheckIn(_) | Command::RequestSignUp(_)
    )
}

fn is_right(thing: &Thing, stored: &StoredOutcome, command: &Command) -> bool {
    let session = match command {
        Command::RequestSignUp(request) => Some(request.session),
        _ => None,
    };
    thing.member == stored.member && thing.sign_up.map(|(session, _)| session) == session
}

fn places(evidence: &Evidence, faults: &mut Vec<Fault>) {
    let sign_ups: Vec<(MemberId, SessionId, SignUpState)> = evidence
        .things
        .iter()
        .filter_map(|thing| {
            thing
                .sign_up
                .map(|(session, state)| (thing.member, session, state))
        })
        .collect();
    for session in &evidence.sessions {
        let count = |wanted: fn(SignUpState) -> bool| {
            let of_it = sign_ups
                .iter()
                .filter(|(_, id, state)| *id == session.id && wanted(*state));
            i64::try_from(of_it.count()).unwrap_or(i64::MAX)
        };
        let held = count(SignUpState::holds_place);
        let waiting = count(|state| state == SignUpState::Waiting);
        let too_many = session.places.is_some_and(|places| held > places);
        if too_many || (held, waiting) != (session.taken, session.waiting) {
            faults.push(Fault::WrongPlaces(session.id));
        }
    }
    let mut active = BTreeSet::new();
    for (member, session, state) in sign_ups {
        if state.is_active() && !active.insert((member, session)) {
            faults.push(Fault::TwoActive(member, session));
        }
    }
}

fn feed(evidence: &Evidence, faults: &mut Vec<Fault>) {
    let mut sums: BTreeMap<&str, ScopeSum> = BTreeMap::new();
    let mut records = BTreeSet::new();
    for (scope, kind, id, seq) in &evidence.feed {
        sums.entry(scope).or_default().add(kind, id, *seq);
        records.insert((scope.as_str(), kind.as_str(), id.as_str()));
    }
    for (scope, told) in &evidence.scopes {
        if sums.remove(scope.as_str()).unwrap_or_default() != *told {
            faults.push(Fault::WrongSums(scope.clone()));
        }
    }
    faults.extend(
        sums.into_keys()
            .map(|scope| Fault::WrongSums(scope.to_owned())),
    );
    for thing in &evidence.things {
        let (scope, id) = (format!("member:{}", thing.member), thing.id.to_string());
        if !records.contains(&(scope.as_str(), thing.kind, id.as_str())) {
            faults.push(Fault::NotInFeed(thing.id));
        }
    }
}

#[cfg(test)]
mod tests {
    //! Each test spoils sound evidence in one way that a broken server could, and says what is noticed.

    use super::*;
    use crate::evidence::SessionRow;
    use app::domain::{
        check_in::{ShareCheckIn, Wants},
        id::{CheckInId, SignUpId, TeamId},
        sign_up::RequestSignUp,
    };

    const SAM: MemberId = MemberId(Uuid::from_u128(1));
    const SESSION: SessionId = SessionId(Uuid::from_u128(2));
    const SHARE: CommandId = CommandId(Uuid::from_u128(10));
    const REQUEST: CommandId = CommandId(Uuid::from_u128(11));
    const CHECK_IN: Uuid = Uuid::from_u128(20);
    const SIGN_UP: Uuid = Uuid::from_u128(21);

    fn share() -> Command {
        Command::ShareCheckIn(ShareCheckIn {
            check_in: CheckInId(CHECK_IN),
            team: TeamId(Uuid::from_u128(3)),
            feeling: None,
            note: None,
            wants: Wants::Know,
            contact: None,
            consent: 1,
        })
    }

    fn request() -> Command {
        Command::RequestSignUp(RequestSignUp {
            sign_up: SignUpId(SIGN_UP),
            session: SESSION,
            contact: None,
            access_needs: None,
            access_needs_consent: false,
            travel_first: false,
            note: None,
            agreement: None,
            thanks: None,
        })
    }

    fn answer(id: CommandId) -> CommandOutcome {
        CommandOutcome {
            id: Some(id),
            outcome: Outcome::Applied,
            received_at: rfc3339(5),
            reason: None,
        }
    }

    /// Two commands, both answered.
    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        for (id, command) in [(SHARE, share()), (REQUEST, request())] {
            ledger.sent(id, SAM, command);
            ledger.answered(id, answer(id));
        }
        ledger
    }

    /// What a sound server stored of them.
    fn evidence() -> Evidence {
        let outcome = |id| StoredOutcome {
            id,
            member: SAM,
            outcome: Outcome::Applied,
            received_at: 5,
        };
        let thing = |kind, id, sign_up| Thing {
            kind,
            id,
            member: SAM,
            sign_up,
            withdrawn: false,
            received_at: 5,
        };
        let scope = format!("member:{SAM}");
        let mut evidence = Evidence {
            outcomes: vec![outcome(SHARE), outcome(REQUEST)],
            things: vec![
                thing(kind::CHECK_IN, CHECK_IN, None),
                thing(
                    kind::SIGN_UP,
                    SIGN_UP,
                    Some((SESSION, SignUpState::Confirmed)),
                ),
            ],
            sessions: vec![SessionRow {
                id: SESSION,
                places: Some(1),
                taken: 1,
                waiting: 0,
            }],
            ..Evidence::default()
        };
        let mut sum = ScopeSum::default();
        for (thing, seq) in evidence.things.iter().zip(1..) {
            sum.add(thing.kind, &thing.id.to_string(), seq);
            let row = (
                scope.clone(),
                thing.kind.to_owned(),
                thing.id.to_string(),
                seq,
            );
            evidence.feed.push(row);
        }
        evidence.scopes.insert(scope, sum);
        evidence
    }

    fn faults_when(spoil: impl FnOnce(&mut Evidence)) -> Vec<Fault> {
        let mut evidence = evidence();
        spoil(&mut evidence);
        ledger().faults(&evidence)
    }

    #[test]
    fn sound_evidence_has_no_faults() {
        assert_eq!(faults_when(|_| {}), []);
        assert_eq!(ledger().unanswered(), []);
    }

    #[test]
    fn an_answered_command_that_is_gone_is_noticed() {
        let faults = faults_when(|it| {
            it.outcomes.retain(|stored| stored.id != SHARE);
        });
        assert_eq!(faults, [Fault::Lost(SHARE), Fault::FromNowhere(CHECK_IN)]);
    }

    #[test]
    fn an_answered_command_whose_effect_is_gone_is_noticed() {
        let faults = faults_when(|it| it.things.retain(|thing| thing.id != CHECK_IN));
        assert_eq!(faults, [Fault::WrongEffect(SHARE)]);
    }

    #[test]
    fn a_command_that_is_there_twice_is_noticed() {
        let faults = faults_when(|it| it.outcomes.push(it.outcomes[0].clone()));
        assert!(faults.contains(&Fault::Twice(SHARE)));
        let faults = faults_when(|it| it.things.push(it.things[0].clone()));
        assert_eq!(faults, [Fault::WrongEffect(SHARE)]);
    }

    #[test]
    fn a_command_that_was_applied_again_at_a_retry_is_noticed() {
        // The outcome was lost, the effect was not, and the retry wrote an outcome of its own.
        let mut again = answer(SHARE);
        again.received_at = rfc3339(9);
        let mut ledger = Ledger::default();
        ledger.sent(SHARE, SAM, share());
        ledger.sent(REQUEST, SAM, request());
        ledger.answered(SHARE, again);
        ledger.answered(REQUEST, answer(REQUEST));
        let mut evidence = evidence();
        evidence.outcomes[0].received_at = 9;
        assert_eq!(ledger.faults(&evidence), [Fault::AppliedTwice(SHARE)]);
    }

    #[test]
    fn another_answer_than_the_first_is_noticed() {
        let mut ledger = ledger();
        let mut other = answer(SHARE);
        other.outcome = Outcome::Refused;
        ledger.answered(SHARE, other);
        assert_eq!(ledger.faults(&evidence()), [Fault::Changed(SHARE)]);
        let faults = faults_when(|it| it.outcomes[0].received_at = 6);
        assert!(faults.contains(&Fault::Changed(SHARE)));
    }

    #[test]
    fn what_nobody_sent_and_what_was_never_answered_is_noticed() {
        let mut ledger = ledger();
        ledger.sent.remove(&SHARE);
        ledger.answers.remove(&SHARE);
        let expected = [Fault::NeverSent(SHARE), Fault::FromNowhere(CHECK_IN)];
        assert_eq!(ledger.faults(&evidence()), expected);
        ledger.sent(SHARE, SAM, share());
        assert_eq!(ledger.unanswered(), [Fault::Unanswered(SHARE)]);
    }

    #[test]
    fn a_withdrawal_that_did_not_win_is_noticed() {
        let withdraw = CommandId(Uuid::from_u128(12));
        let mut ledger = ledger();
        ledger.sent(withdraw, SAM, Command::WithdrawCheckIn(CheckInId(CHECK_IN)));
        let mut evidence = evidence();
        let stored = StoredOutcome {
            id: withdraw,
            ..evidence.outcomes[0].clone()
        };
        evidence.outcomes.push(stored);
        assert_eq!(ledger.faults(&evidence), [Fault::WrongEffect(SHARE)]);
        evidence.things[0].withdrawn = true;
        assert_eq!(ledger.faults(&evidence), []);
    }

    #[test]
    fn more_people_than_places_and_wrong_counts_are_noticed() {
        let faults = faults_when(|it| it.sessions[0].places = Some(0));
        assert_eq!(faults, [Fault::WrongPlaces(SESSION)]);
        let faults = faults_when(|it| it.sessions[0].taken = 2);
        assert_eq!(faults, [Fault::WrongPlaces(SESSION)]);
    }

    #[test]
    fn a_record_or_a_sum_that_is_not_right_is_noticed() {
        let scope = format!("member:{SAM}");
        let faults = faults_when(|it| it.feed[0].3 = 7);
        assert_eq!(faults, [Fault::WrongSums(scope.clone())]);
        let faults = faults_when(|it| it.feed.retain(|record| record.1 == kind::SIGN_UP));
        assert_eq!(
            faults,
            [Fault::WrongSums(scope), Fault::NotInFeed(CHECK_IN)]
        );
    }
}
