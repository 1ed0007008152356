//! What becomes of an act when the phone changes hands, or another tab says otherwise, before it is written.

use super::*;
use crate::{
    domain::{
        check_in::{AnswerBack, WithdrawAnswer},
        command::Command,
        id::{CheckInId, DeviceId, MemberId},
    },
    sync::outbox::Owner,
};
use uuid::Uuid;

const ME: MemberId = MemberId(Uuid::from_u128(1));
const OTHER: MemberId = MemberId(Uuid::from_u128(2));
const SAID: CommandId = CommandId(Uuid::from_u128(3));

/// A store, and a tab over it.
struct Tab {
    replica: Replica,
    saved: Saved,
}

impl Tab {
    fn new(saved: Saved) -> Self {
        let setup = Setup {
            device: DeviceId(Uuid::from_u128(9)),
            build: "1".to_owned(),
            seed: 1,
        };
        Self {
            replica: Replica::restore(saved.clone(), setup),
            saved,
        }
    }

    /// Gives an input; the batch that it asks for and what the person is told.
    fn give(&mut self, input: Input) -> (Option<Batch>, Option<Result<(), NotKept>>) {
        self.replica.handle(1_000, input);
        let (mut batch, mut told) = (None, None);
        while let Some(output) = self.replica.poll() {
            match output {
                Output::Store(asked) => batch = Some(asked),
                Output::Done(_, answer) => told = Some(answer),
                _ => {}
            }
        }
        (batch, told)
    }

    /// An act that is begun and then finds that another tab has made the phone `next`'s.
    fn loses_to(mut self, act: Act, next: Owner) -> (Option<Batch>, Option<Result<(), NotKept>>) {
        let batch = self.give(Input::Act(1, act)).0.expect("it is begun");
        let meta = Meta {
            revision: 7,
            owner: next,
            ..self.saved.meta.clone().unwrap_or_default()
        };
        self.saved.meta = Some(meta);
        self.give(Input::Conflict(batch.id, Box::new(self.saved.clone())))
    }
}

fn phone_of(owner: Owner) -> Tab {
    let row = |id, seq, owner| OutboxRow {
        id,
        seq,
        owner,
        text: String::new(),
        made_at: 0,
        attempted: false,
        deferred: false,
        answered: None,
        settled: None,
    };
    let before = CommandId(Uuid::from_u128(4));
    Tab::new(Saved {
        meta: Some(Meta {
            revision: 5,
            next_seq: 2,
            owner,
            ..Meta::default()
        }),
        outbox: vec![row(before, 0, Owner::Local), row(SAID, 1, owner)],
        records: Vec::new(),
    })
}

fn answer() -> Command {
    Command::AnswerBack(AnswerBack {
        check_in: CheckInId(Uuid::from_u128(5)),
        message: Uuid::from_u128(6),
        words: "Thank you".to_owned(),
    })
}

const TOO_LATE: Option<Result<(), NotKept>> = Some(Err(NotKept::TooLate));

#[test]
fn what_was_called_mine_is_not_given_to_whoever_joins_meanwhile() {
    let mine = Owner::Member(ME);
    let (batch, told) = phone_of(mine).loses_to(Act::Adopt(ME), Owner::Member(OTHER));
    assert_eq!((batch, told), (None, TOO_LATE));
    let (batch, told) = phone_of(mine).loses_to(Act::Adopt(ME), mine);
    let writes = batch.expect("it is tried again").writes;
    assert_eq!(writes[0], Write::AdoptLocal(ME));
    assert_eq!(told, None);
}

#[test]
fn nothing_is_written_for_someone_who_has_the_phone_no_more() {
    let do_it = Act::Do {
        id: CommandId(Uuid::from_u128(8)),
        owner: Owner::Local,
        command: Box::new(answer()),
        with: Vec::new(),
    };
    let all = Act::DoAll {
        owner: Owner::Local,
        commands: vec![(CommandId(Uuid::from_u128(8)), answer())],
        with: Vec::new(),
    };
    let undo = Act::Undo {
        command: SAID,
        withdrawal: CommandId(Uuid::from_u128(8)),
        with: vec![Write::PutPrivate {
            owner: Owner::Local,
            key: "check_in/1".to_owned(),
            text: "their own".to_owned(),
        }],
    };
    for act in [do_it, all, undo] {
        let (batch, told) = phone_of(Owner::Local).loses_to(act, Owner::Member(ME));
        assert_eq!((batch, told), (None, TOO_LATE));
    }
}

#[test]
fn who_leaves_takes_their_own_and_leaves_the_phone_to_who_joined_meanwhile() {
    let leave = Act::Leave {
        owner: Owner::Member(ME),
        keep_unsent: false,
        with: Vec::new(),
    };
    let tab = phone_of(Owner::Member(ME));
    let (batch, told) = tab.loses_to(leave, Owner::Member(OTHER));
    let batch = batch.expect("it is tried again");
    let erased = [
        Write::EraseOwn(Owner::Member(ME)),
        Write::DeleteOutbox(SAID),
    ];
    assert_eq!(batch.writes, erased);
    assert_eq!(batch.meta.owner, Owner::Member(OTHER));
    assert_eq!(told, None);
}

/// The store refuses what the replica decided on the newest state: trying again would never end.
#[test]
fn what_the_store_forbids_is_not_tried_again() {
    let mut tab = phone_of(Owner::Member(ME));
    let adopts = Input::Act(1, Act::Adopt(ME));
    let batch = tab.give(adopts).0.expect("it is begun");
    let saved = Box::new(tab.saved.clone());
    let (batch, told) = tab.give(Input::Conflict(batch.id, saved));
    assert_eq!((batch, told), (None, TOO_LATE));
    assert!(tab.replica.status().store_works);
}

/// A phone whose key a restored server does not know is soon asked to wait; who joins anew does not.
#[test]
fn who_joins_does_not_wait_for_a_pause_that_was_asked_of_another() {
    let mut tab = phone_of(Owner::Local);
    let outputs = |tab: &mut Tab, input| {
        tab.replica.handle(1_000, input);
        std::iter::from_fn(|| tab.replica.poll()).collect::<Vec<_>>()
    };
    let begins = |outputs: &[Output]| {
        let mut all = outputs.iter();
        all.any(|output| matches!(output, Output::Lock { .. }))
    };
    assert!(begins(&outputs(&mut tab, Input::Visible)));
    let sent = outputs(&mut tab, Input::Locked(None));
    let request = sent.iter().find_map(|output| match output {
        Output::Send(id, _) => Some(*id),
        _ => None,
    });
    let request = request.expect("it asks");
    let busy = Err(LinkError::Busy(Some(900_000)));
    outputs(&mut tab, Input::Reply(request, busy));
    assert!(!begins(&outputs(&mut tab, Input::Try)));
    let joins = Act::Become {
        member: ME,
        with: Vec::new(),
    };
    let batch = tab.give(Input::Act(1, joins)).0.expect("it is begun");
    assert!(begins(&outputs(&mut tab, Input::Stored(batch.id))));
}

#[test]
fn a_withdrawal_of_an_answer_needs_its_owner_too() {
    let gone = WithdrawAnswer {
        check_in: CheckInId(Uuid::from_u128(5)),
        message: Uuid::from_u128(6),
    };
    let act = Act::Do {
        id: CommandId(Uuid::from_u128(8)),
        owner: Owner::Member(ME),
        command: Box::new(Command::WithdrawAnswer(gone)),
        with: Vec::new(),
    };
    let mut tab = phone_of(Owner::Member(OTHER));
    assert_eq!(tab.give(Input::Act(1, act)), (None, TOO_LATE));
}
