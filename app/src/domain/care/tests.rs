//! Whatever is done in whatever order, nothing is left hanging.

use super::{
    super::{
        check_in::{ShareCheckIn, Wants},
        id::{CheckInId, StaffId, TeamId},
        record::CheckIn,
    },
    By, CareState, MOST_MESSAGES, Message, Not, waits_for_reading,
};
use uuid::Uuid;

const PRIYA: By = By {
    id: StaffId(Uuid::from_u128(1)),
    name: "Priya",
    at: "2026-11-23T14:02:00.000Z",
};
const SAM: By = By {
    id: StaffId(Uuid::from_u128(2)),
    name: "Sam",
    at: "2026-11-23T15:00:00.000Z",
};

/// A shared thing and who has it.
struct Thing {
    record: CheckIn,
    owner: Option<StaffId>,
}

impl Thing {
    fn new(wants: Wants) -> Self {
        let share = ShareCheckIn {
            check_in: CheckInId(Uuid::nil()),
            team: TeamId(Uuid::nil()),
            feeling: None,
            note: Some("Hello".into()),
            wants,
            contact: None,
            consent: 1,
        };
        Self {
            record: CheckIn::from_share(&share, PRIYA.at),
            owner: None,
        }
    }

    fn care(&mut self) -> super::Care<'_> {
        self.record.care(&mut self.owner)
    }

    fn read(&self) -> usize {
        self.record.messages.len()
    }
}

fn words(n: u128) -> (Uuid, Option<String>) {
    (Uuid::from_u128(n), Some(format!("words {n}")))
}

fn reply(thing: &mut Thing, by: By, n: u128) -> Result<(), Not> {
    let (id, text) = words(n);
    thing.care().reply(by, id, text)
}

fn answer(thing: &mut Thing, n: u128) -> Result<(), Not> {
    thing
        .care()
        .answer_back(Uuid::from_u128(n), format!("words {n}"), SAM.at)
}

#[test]
fn what_was_asked_for_is_not_closed_without_a_reply() {
    let mut thing = Thing::new(Wants::Call);
    assert_eq!(thing.care().take_on(PRIYA), Ok(()));
    assert_eq!(thing.care().close(PRIYA, 0), Err(Not::Unanswered));
    // "I rang" is a reply.
    assert_eq!(thing.care().reply(PRIYA, Uuid::from_u128(9), None), Ok(()));
    assert!(thing.record.messages[0].rang);
    assert_eq!(thing.care().close(PRIYA, 1), Ok(()));
    assert_eq!(thing.record.state, CareState::Closed);
}

#[test]
fn just_so_you_know_may_be_closed_by_who_read_it_and_they_have_it_then() {
    let mut thing = Thing::new(Wants::Know);
    assert_eq!(thing.care().close(PRIYA, 0), Ok(()));
    assert_eq!(thing.owner, Some(PRIYA.id));
    assert_eq!(thing.care().close(SAM, 0), Err(Not::Already));
    assert_eq!(thing.care().take_on(SAM), Err(Not::Closed));
}

#[test]
fn what_came_since_it_was_read_keeps_it_open() {
    let mut thing = Thing::new(Wants::Message);
    reply(&mut thing, PRIYA, 1).unwrap();
    let read = thing.read();
    answer(&mut thing, 2).unwrap();
    assert_eq!(thing.care().close(PRIYA, read), Err(Not::NewWords));
    assert_eq!(thing.care().close(PRIYA, read + 1), Ok(()));
}

#[test]
fn an_answer_opens_again_what_was_closed_and_its_owner_has_it_still() {
    let mut thing = Thing::new(Wants::Message);
    reply(&mut thing, PRIYA, 1).unwrap();
    thing.care().close(PRIYA, 1).unwrap();
    answer(&mut thing, 2).unwrap();
    assert_eq!(thing.record.state, CareState::TakenOn);
    assert_eq!(thing.record.closed_at, None);
    assert_eq!(thing.owner, Some(PRIYA.id));
    assert!(waits_for_reading(&thing.record.messages));
}

#[test]
fn a_colleague_takes_over_and_hands_on() {
    let mut thing = Thing::new(Wants::Message);
    thing.care().take_on(PRIYA).unwrap();
    assert_eq!(thing.care().take_on(PRIYA), Err(Not::Already));
    thing.care().hand_over(SAM).unwrap();
    assert_eq!(thing.owner, Some(SAM.id));
    assert_eq!(thing.record.taken_on_by.as_deref(), Some("Sam"));
    assert_eq!(thing.record.taken_on_at.as_deref(), Some(SAM.at));
}

#[test]
fn words_taken_back_are_gone_whichever_came_first() {
    let id = Uuid::from_u128(2);
    let (mut late, mut early) = (Thing::new(Wants::Know), Thing::new(Wants::Know));
    answer(&mut late, 2).unwrap();
    late.care().take_answer_back(id).unwrap();
    early.care().take_answer_back(id).unwrap();
    assert_eq!(answer(&mut early, 2), Err(Not::Already));
    for thing in [&mut late, &mut early] {
        assert!(thing.record.messages.iter().all(|one| one.text.is_none()));
        assert!(!waits_for_reading(&thing.record.messages));
        assert_eq!(thing.care().take_answer_back(id), Err(Not::Already));
    }
    // Staff's words are not the person's to take back.
    let mut thing = Thing::new(Wants::Know);
    reply(&mut thing, PRIYA, 2).unwrap();
    thing.care().take_answer_back(id).unwrap();
    assert_eq!(thing.record.messages[0].text.as_deref(), Some("words 2"));
}

#[test]
fn it_is_copied_once() {
    let mut thing = Thing::new(Wants::Know);
    thing.care().copied_to_record(PRIYA).unwrap();
    assert_eq!(thing.care().copied_to_record(SAM), Err(Not::Already));
    assert_eq!(thing.record.copied_by.as_deref(), Some("Priya"));
}

#[test]
fn a_thread_has_an_end() {
    let mut thing = Thing::new(Wants::Know);
    for n in 0..MOST_MESSAGES as u128 {
        answer(&mut thing, n).unwrap();
    }
    assert_eq!(answer(&mut thing, 1_000), Err(Not::Full));
    assert_eq!(reply(&mut thing, PRIYA, 1_001), Err(Not::Full));
    for n in 0..3 * MOST_MESSAGES as u128 {
        let _ = thing.care().take_answer_back(Uuid::from_u128(5_000 + n));
    }
    assert!(thing.read() <= 2 * MOST_MESSAGES);
}

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % n
    }
}

/// Does one thing to it at random; whether the person took it back.
fn step(thing: &mut Thing, chance: &mut Chance, n: u128) -> bool {
    let by = if chance.below(2) == 0 { PRIYA } else { SAM };
    // Some ids come twice: a form sent again, a request that was repeated.
    let id = Uuid::from_u128(n - u128::from(chance.below(3)));
    let before = thing.record.state;
    let read = thing.read() - usize::from(thing.read() > 0 && chance.below(4) == 0);
    let done = match chance.below(9) {
        0 => thing.care().take_on(by),
        1 => thing.care().hand_over(by),
        2 => thing.care().reply(by, id, Some("reply".into())),
        3 => thing.care().reply(by, id, None),
        4 | 5 => thing.care().close(by, read),
        6 => thing.care().answer_back(id, "answer".into(), by.at),
        7 => thing.care().take_answer_back(id),
        _ => thing.care().copied_to_record(by),
    };
    if before == CareState::Withdrawn {
        assert_eq!(done, Err(Not::Withdrawn));
    }
    let withdraws = chance.below(25) == 0;
    if withdraws {
        thing.record.withdraw();
    }
    withdraws
}

fn judge(thing: &Thing, withdrawn: bool) {
    let record = &thing.record;
    if withdrawn {
        assert_eq!(
            record.state,
            CareState::Withdrawn,
            "withdrawing always wins"
        );
        assert!(record.messages.is_empty() && record.note.is_none());
        return;
    }
    if record.wants.asks_for_something() && record.state == CareState::Closed {
        assert!(
            record.messages.iter().any(|said| said.from.is_some()),
            "closed and unanswered"
        );
    }
    if record.state == CareState::Sent {
        assert!(record.closed_at.is_none());
    } else {
        assert!(thing.owner.is_some(), "nobody has it");
        assert!(record.taken_on_by.is_some() && record.taken_on_at.is_some());
    }
    assert_eq!(
        record.closed_at.is_some(),
        record.state == CareState::Closed
    );
    let mut ids: Vec<Uuid> = record.messages.iter().map(|said| said.id).collect();
    ids.sort();
    ids.dedup();
    // The same id may stand for words of staff and of the person; never twice for the same side.
    let sides = |staff: bool| {
        let side = |said: &&Message| said.from.is_some() == staff;
        record.messages.iter().filter(side).count()
    };
    assert!(sides(true) <= ids.len() && sides(false) <= ids.len());
}

#[test]
fn whatever_is_done_in_whatever_order_nothing_is_left_hanging() {
    let mut closed = 0;
    for seed in 0..2_000 {
        let mut chance = Chance(seed);
        let wants = [Wants::Know, Wants::Message, Wants::Call];
        let mut thing = Thing::new(wants[usize::try_from(seed % 3).unwrap()]);
        let mut withdrawn = false;
        for n in 10..40 {
            withdrawn |= step(&mut thing, &mut chance, n);
            judge(&thing, withdrawn);
            closed += u32::from(thing.record.state == CareState::Closed);
        }
    }
    assert!(closed > 1_000, "closing was tried in earnest");
}
