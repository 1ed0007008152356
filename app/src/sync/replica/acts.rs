//! What a person asks for, turned into one batch of writes.

use super::{Act, Millis, NotKept, Output, Replica, Then, Ticket};
use crate::{
    domain::{
        check_in::WithdrawAnswer,
        command::Command,
        id::{CommandId, MemberId},
        time::rfc3339,
    },
    json,
    sync::{
        outbox::{OutboxRow, Owner, waiting},
        store::{CLEARED, DEVICE, LEFT, Meta, Write},
        wire::{MAX_REQUEST_BYTES, WireCommand},
    },
};
use serde_json::Value;
use uuid::Uuid;

/// The most bytes of commands in one request: the rest is for the envelope and its cursor.
pub(super) const MAX_COMMAND_BYTES: usize = MAX_REQUEST_BYTES - 16 * 1024;

/// Turns a command's id into the id of what is left to ask for where its words were deleted.
const LESS_SAID: u128 = 0x0000_0000_0000_0000_0000_6c65_7373_0000;

impl Replica {
    /// Asks for the writes of `act`, or answers at once if there is nothing to write.
    pub(super) fn begin_act(&mut self, now: Millis, ticket: Ticket, act: Act) {
        match self.writes_of(now, &act) {
            Ok((writes, meta)) => self.write(writes, meta, Then::Act(ticket, act)),
            Err(answer) => self.outputs.push_back(Output::Done(ticket, answer)),
        }
    }

    /// The act is durable.
    pub(super) fn act_ended(&mut self, now: Millis, ticket: Ticket, act: &Act) {
        self.outputs.push_back(Output::Done(ticket, Ok(())));
        if matches!(act, Act::Become { .. } | Act::Leave { .. }) {
            self.start_over();
            // A pause that the server asked for was for who called before: for one who may have been unknown.
            self.timers.forget_pause();
        }
        self.timers.try_at(now);
    }

    /// What to write; as an error, the answer when there is nothing to write.
    fn writes_of(&self, now: Millis, act: &Act) -> Result<(Vec<Write>, Meta), Result<(), NotKept>> {
        // Whoever asked has the phone no more: nobody else's lock seals what is theirs, and what they said
        // is nobody else's to have said.
        if asked_by(act).is_some_and(|who| who != self.meta.owner) {
            return Err(Err(NotKept::TooLate));
        }
        match act {
            Act::Do {
                id,
                owner,
                command,
                with,
            } => self.do_command(now, *id, *owner, command, with),
            Act::DoAll {
                owner,
                commands,
                with,
            } => self.do_all(now, *owner, commands, with),
            Act::Undo {
                command,
                withdrawal,
                with,
            } => self.undo(now, *command, *withdrawal, with),
            Act::Become { member, with } => Ok(self.become_member(*member, with)),
            Act::Adopt(member) => Ok(self.adopt(*member)),
            Act::Leave {
                owner,
                keep_unsent,
                with,
            } => Ok(self.leave(*owner, *keep_unsent, with)),
        }
    }

    fn do_command(
        &self,
        now: Millis,
        id: CommandId,
        owner: Owner,
        command: &Command,
        with: &[Write],
    ) -> Result<(Vec<Write>, Meta), Result<(), NotKept>> {
        let (mut writes, mut meta) = (with.to_vec(), self.meta.clone());
        self.add(now, id, owner, command, &mut writes, &mut meta)?;
        Ok((writes, meta))
    }

    /// All of them, or none. One that waits already waits on.
    fn do_all(
        &self,
        now: Millis,
        owner: Owner,
        commands: &[(CommandId, Command)],
        with: &[Write],
    ) -> Result<(Vec<Write>, Meta), Result<(), NotKept>> {
        let (mut writes, mut meta) = (with.to_vec(), self.meta.clone());
        for (id, command) in commands {
            let added = self.add(now, *id, owner, command, &mut writes, &mut meta);
            if let Err(Err(why)) = added {
                return Err(Err(why));
            }
        }
        Ok((writes, meta))
    }

    /// The writes of one command; as an error, the answer when there is nothing to write.
    fn add(
        &self,
        now: Millis,
        id: CommandId,
        owner: Owner,
        command: &Command,
        writes: &mut Vec<Write>,
        meta: &mut Meta,
    ) -> Result<(), Result<(), NotKept>> {
        let mut never_left = false;
        let takes_back = is_withdrawal(command) || is_leaving(command);
        for row in self.outbox.iter().filter(|row| row.owner == owner) {
            if let Command::KeepNeeds(said) = command {
                writes.extend(less_said(row, Some(said.sign_ups)));
                continue;
            }
            let Some(other) = row.command().filter(|_| takes_back) else {
                continue;
            };
            if other == *command {
                return Err(Ok(()));
            }
            if !row.attempted && undoes(command, &other) {
                writes.push(Write::DeleteOutbox(row.id));
                // Of a thing that was sent only an answer waited: the thing itself goes by a command.
                never_left |= takes_all_back(command, &other);
            }
        }
        if never_left {
            return Ok(());
        }
        let row = self.row(now, meta.next_seq, id, owner, command);
        // What this phone could not read back it could not show either, and the server would refuse it.
        if row.text.len() > MAX_COMMAND_BYTES || row.command().is_none() {
            return Err(Err(NotKept::TooLarge));
        }
        writes.push(Write::PutOutbox(row));
        meta.next_seq += 1;
        Ok(())
    }

    fn undo(
        &self,
        now: Millis,
        command: CommandId,
        withdrawal: CommandId,
        with: &[Write],
    ) -> Result<(Vec<Write>, Meta), Result<(), NotKept>> {
        let too_late = Err(NotKept::TooLate);
        let row = self.outbox.iter().find(|row| row.id == command);
        let row = row.filter(|row| row.owner == self.meta.owner);
        let row = row.ok_or(too_late)?;
        if !row.attempted {
            let mut writes = with.to_vec();
            writes.push(Write::DeleteOutbox(command));
            return Ok((writes, self.meta.clone()));
        }
        let undoing = match row.command() {
            Some(Command::ShareCheckIn(share)) => Command::WithdrawCheckIn(share.check_in),
            Some(Command::RequestSignUp(request)) => Command::WithdrawSignUp(request.sign_up),
            Some(Command::AnswerBack(answer)) => Command::WithdrawAnswer(WithdrawAnswer {
                check_in: answer.check_in,
                message: answer.message,
            }),
            Some(Command::Plain(it)) => match it.undoing() {
                Some(undoing) => Command::Plain(undoing),
                None => return Err(too_late),
            },
            _ => return Err(too_late),
        };
        self.do_command(now, withdrawal, row.owner, &undoing, with)
    }

    /// A new row of the outbox.
    pub(super) fn row(
        &self,
        now: Millis,
        seq: u64,
        id: CommandId,
        owner: Owner,
        command: &Command,
    ) -> OutboxRow {
        let wire = WireCommand {
            id,
            seq,
            made_at: rfc3339(now),
            kind: command.kind().to_owned(),
            body: command.body(),
        };
        OutboxRow {
            id,
            seq: wire.seq,
            owner,
            text: serde_json::to_string(&wire)
                .expect("a command is a plain struct with string keys, which always serialises"),
            made_at: now,
            attempted: false,
            deferred: false,
            answered: None,
            settled: None,
        }
    }

    fn become_member(&self, member: MemberId, with: &[Write]) -> (Vec<Write>, Meta) {
        let owner = Owner::Member(member);
        let mut writes = with.to_vec();
        if owner == self.meta.owner {
            return (writes, self.meta.clone());
        }
        // What the last owner sent goes with their records; what waits of theirs stays theirs.
        let answered = self.outbox.iter().filter(|row| row.answered.is_some());
        writes.extend(answered.map(|row| Write::DeleteOutbox(row.id)));
        writes.extend(self.owned_records().into_iter().map(Write::DeleteRecord));
        (writes, self.start_as(owner))
    }

    fn adopt(&self, member: MemberId) -> (Vec<Write>, Meta) {
        let mut writes = vec![Write::AdoptLocal(member)];
        for row in self.outbox.iter().filter(|row| row.owner == Owner::Local) {
            let owner = Owner::Member(member);
            writes.push(Write::PutOutbox(OutboxRow {
                owner,
                ..row.clone()
            }));
        }
        (writes, self.meta.clone())
    }

    /// Deletes what this person has here; afterwards the phone is nobody's, unless it is somebody else's by now.
    fn leave(&self, owner: Owner, keep_unsent: bool, with: &[Write]) -> (Vec<Write>, Meta) {
        let erase = if keep_unsent {
            Write::EraseButUnsent(owner)
        } else {
            Write::EraseOwn(owner)
        };
        let mut writes = with.to_vec();
        writes.push(erase);
        for row in self.outbox.iter().filter(|row| row.owner == owner) {
            if !keep_unsent || row.answered.is_some() {
                writes.push(Write::DeleteOutbox(row.id));
            }
        }
        if owner != self.meta.owner {
            return (writes, self.meta.clone());
        }
        writes.extend(self.owned_records().into_iter().map(Write::DeleteRecord));
        (writes, self.start_as(Owner::Local))
    }

    /// Deletes what the owner has here, as they asked for from elsewhere or by leaving Chorus, and says
    /// so to whoever looks next, with how many things were never sent: nothing is lost in silence. The
    /// browser is a new device from then on: the one that was lost never calls again.
    pub(super) fn erase(&self) -> (Vec<Write>, Meta) {
        let owner = self.meta.owner;
        let mut own = self.outbox.iter().filter(|row| row.owner == owner);
        let left = own.any(|row| row.attempted && row.command().is_some_and(|it| is_leaving(&it)));
        let why = if left {
            LEFT.to_owned()
        } else {
            waiting(&self.outbox, owner).len().to_string()
        };
        let note = |key: &str, text| Write::PutMeta {
            key: key.to_owned(),
            text,
        };
        self.leave(
            owner,
            false,
            &[note(DEVICE, String::new()), note(CLEARED, why)],
        )
    }

    /// The sync state of a new owner: everything is asked for from the start, nothing is remembered.
    fn start_as(&self, owner: Owner) -> Meta {
        Meta {
            revision: self.meta.revision,
            next_seq: self.meta.next_seq,
            owner,
            resyncing: true,
            ..Meta::default()
        }
    }
}

/// Whose phone it must be for this to be done.
fn asked_by(act: &Act) -> Option<Owner> {
    match act {
        Act::Do { owner, .. } | Act::DoAll { owner, .. } => Some(*owner),
        Act::Adopt(member) => Some(Owner::Member(*member)),
        Act::Undo { .. } | Act::Become { .. } | Act::Leave { .. } => None,
    }
}

/// What is left of a row after something was said about needs `later`, which takes the place of older words; with
/// true it takes them out of sign-ups too. A row whose sending may be under way stays as it is: its outcome is
/// still to come.
pub(super) fn less_said(row: &OutboxRow, later: Option<bool>) -> Vec<Write> {
    let mut writes = Vec::new();
    let is_under_way = row.attempted && row.answered.is_none();
    let (Some(sign_ups), false) = (later, is_under_way) else {
        return writes;
    };
    let mut wire: Value = json::read(&row.text).unwrap_or_default();
    if wire["kind"] == "member.needs" {
        if wire["body"]["sign_ups"] != true {
            writes.push(Write::DeleteOutbox(row.id));
        }
    } else if sign_ups && !wire["body"]["access_needs"].is_null() {
        let mut less = row.clone();
        if row.attempted {
            // The server knows the old words under the old id.
            less.id = CommandId(Uuid::from_u128(row.id.0.as_u128() ^ LESS_SAID));
            wire["id"] = less.id.to_string().into();
            writes.push(Write::DeleteOutbox(row.id));
        }
        wire["body"]["access_needs"] = Value::Null;
        wire["body"]["access_needs_consent"] = false.into();
        less.text = wire.to_string();
        writes.push(Write::PutOutbox(less));
    }
    writes
}

/// Whether the command takes something back.
pub(super) fn is_withdrawal(command: &Command) -> bool {
    match command {
        Command::WithdrawCheckIn(_) | Command::WithdrawSignUp(_) | Command::WithdrawAnswer(_) => {
            true
        }
        Command::Plain(it) => it.act.takes_back(),
        _ => false,
    }
}

/// Whether the command ends everything of the person's.
pub(super) fn is_leaving(command: &Command) -> bool {
    matches!(command, Command::Leave(_))
}

/// Whether `made`, if it was never attempted, has nothing left to say once `withdrawal` is asked for.
fn undoes(withdrawal: &Command, made: &Command) -> bool {
    match (withdrawal, made) {
        // What was to be sent first was sent before this was asked for.
        (Command::Leave(_), _) => true,
        (Command::WithdrawCheckIn(gone), Command::AnswerBack(answer)) => answer.check_in == *gone,
        _ => takes_all_back(withdrawal, made),
    }
}

/// Whether `withdrawal` takes back what `said` says: one answer, one message, or all that was asked for about its thing.
/// What is asked for about a withdrawn thing's answers has nothing left to take back.
pub(super) fn takes_back(withdrawal: &Command, said: &Command) -> bool {
    match (withdrawal, said) {
        (Command::WithdrawAnswer(_) | Command::Plain(_), _) => takes_all_back(withdrawal, said),
        (_, Command::WithdrawCheckIn(_) | Command::WithdrawSignUp(_)) => false,
        (_, Command::Plain(it)) if it.act.takes_back() => false,
        _ => is_withdrawal(withdrawal) && withdrawal.subject() == said.subject(),
    }
}

/// Whether `made` is what `withdrawal` takes back: if it was never attempted, nothing is left of either.
fn takes_all_back(withdrawal: &Command, made: &Command) -> bool {
    match (withdrawal, made) {
        (Command::WithdrawCheckIn(gone), Command::ShareCheckIn(share)) => share.check_in == *gone,
        (Command::WithdrawSignUp(gone), Command::RequestSignUp(request)) => {
            request.sign_up == *gone
        }
        (Command::WithdrawAnswer(gone), Command::AnswerBack(answer)) => {
            (answer.check_in, answer.message) == (gone.check_in, gone.message)
        }
        (Command::Plain(gone), Command::Plain(said)) => gone.undoes(said),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            group::{GroupAct, InGroup},
            id::{DeviceId, GroupId, SessionId, SignUpId},
            needs::KeepNeeds,
            sign_up::RequestSignUp,
        },
        sync::{
            replica::{Input, Setup},
            store::Saved,
        },
    };

    const ME: MemberId = MemberId(Uuid::from_u128(1));

    /// A phone with a store that always works and no signal.
    struct Quiet(Replica);

    impl Quiet {
        fn new() -> Self {
            let setup = Setup {
                device: DeviceId(Uuid::from_u128(2)),
                build: "1".into(),
                seed: 1,
            };
            let mut phone = Self(Replica::restore(Saved::default(), setup));
            let with = Vec::new();
            phone.act(Act::Become { member: ME, with });
            phone
        }

        fn act(&mut self, act: Act) {
            let mut input = Some(Input::Act(0, act));
            while let Some(next) = input.take() {
                self.0.handle(0, next);
                while let Some(output) = self.0.poll() {
                    if let Output::Store(batch) = output {
                        input = Some(Input::Stored(batch.id));
                    }
                }
            }
        }

        fn does(&mut self, n: u128, command: Command) {
            self.act(Act::Do {
                id: CommandId(Uuid::from_u128(n)),
                owner: Owner::Member(ME),
                command: Box::new(command),
                with: Vec::new(),
            });
        }

        fn keeps(&mut self, n: u128, words: &str) {
            self.does(n, Command::KeepNeeds(KeepNeeds::keep(ME, words.into())));
        }

        fn deletes(&mut self, n: u128, sign_ups: bool) {
            self.does(n, Command::KeepNeeds(KeepNeeds::delete(ME, sign_ups)));
        }

        fn asks(&mut self, n: u128, words: &str) {
            self.does(
                n,
                Command::RequestSignUp(RequestSignUp {
                    sign_up: SignUpId(Uuid::from_u128(n + 100)),
                    session: SessionId(Uuid::from_u128(n + 200)),
                    contact: None,
                    access_needs: Some(words.into()),
                    access_needs_consent: true,
                    travel_first: false,
                    note: Some("Hello".into()),
                    agreement: None,
                    thanks: None,
                }),
            );
        }

        /// As after a round: what the rows of these numbers asked for may have arrived, or was answered.
        fn tried(&mut self, n: u128, answered: bool) {
            let id = CommandId(Uuid::from_u128(n));
            let row = self.0.outbox.iter_mut().find(|row| row.id == id);
            let row = row.expect("it is there");
            row.attempted = true;
            row.answered = answered.then(|| rfc3339(1));
            row.settled = answered.then_some(1);
        }

        fn ids(&self) -> Vec<u128> {
            let rows = self.0.outbox().iter();
            rows.map(|row| row.id.0.as_u128()).collect()
        }

        fn text(&self) -> String {
            let rows = self.0.outbox().iter();
            rows.map(|row| row.text.as_str()).collect()
        }
    }

    #[test]
    fn new_words_leave_no_byte_of_the_old_ones_but_of_what_is_under_way() {
        let mut phone = Quiet::new();
        phone.keeps(10, "One");
        phone.keeps(11, "Two");
        assert_eq!(phone.ids(), [11]);
        phone.tried(11, false);
        phone.keeps(12, "Three");
        assert_eq!(phone.ids(), [11, 12], "its outcome is still to come");
        phone.tried(11, true);
        phone.tried(12, true);
        phone.deletes(13, false);
        assert_eq!(phone.ids(), [13]);
        assert!(!phone.text().contains("Three"));
        // A second deletion is one of its own: words came between them.
        phone.tried(13, true);
        phone.keeps(14, "Four");
        phone.deletes(15, false);
        assert_eq!(phone.ids(), [15]);
    }

    #[test]
    fn sign_ups_that_wait_or_are_kept_for_a_restore_lose_the_words_that_are_deleted_and_nothing_else()
     {
        let mut phone = Quiet::new();
        phone.asks(10, "Lampshade one");
        phone.tried(10, true);
        phone.asks(11, "Lampshade two");
        phone.tried(11, false);
        phone.asks(12, "Lampshade three");
        phone.deletes(13, false);
        assert_eq!(phone.text().matches("Lampshade").count(), 3);
        phone.deletes(14, true);
        assert_eq!(phone.ids(), [10 ^ LESS_SAID, 11, 12, 14]);
        assert!(phone.text().contains("Lampshade two"), "it is under way");
        assert_eq!(phone.text().matches("Lampshade").count(), 1);
        assert_eq!(phone.text().matches("Hello").count(), 3);
        let first = &phone.0.outbox()[0];
        assert!(first.is_kept_only() && first.command().is_some());
        // That sign-ups are to lose their words is not unsaid by keeping new ones.
        phone.keeps(15, "Newer");
        assert_eq!(phone.ids(), [10 ^ LESS_SAID, 11, 12, 14, 15]);
    }

    fn about(act: GroupAct, message: u128) -> Command {
        let (group, message) = (GroupId(Uuid::from_u128(1)), Uuid::from_u128(message));
        let words = (act == GroupAct::Write).then(|| "Hello".to_owned());
        Command::from(InGroup::about(act, group, message, words))
    }

    #[test]
    fn what_was_written_in_a_group_is_taken_back_as_anything_else_is() {
        let written = about(GroupAct::Write, 2);
        let gone = about(GroupAct::TakeBack, 2);
        let other = about(GroupAct::TakeBack, 3);
        assert!(is_withdrawal(&gone) && !is_withdrawal(&written));
        // Never attempted: nothing is left of either.
        assert!(takes_all_back(&gone, &written) && !takes_all_back(&other, &written));
        assert!(undoes(&gone, &written) && !undoes(&other, &written));
        // Answered: it is not offered again to a server that went back in time.
        assert!(takes_back(&gone, &written) && !takes_back(&other, &written));
        assert!(!takes_back(&gone, &gone));
        let Command::Plain(it) = written else {
            unreachable!()
        };
        assert_eq!(it.undoing().map(Command::from), Some(gone));
    }
}
