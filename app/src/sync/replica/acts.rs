//! What a person asks for, turned into one batch of writes.

use super::{Act, Millis, NotKept, Output, Replica, Then, Ticket};
use crate::{
    domain::{
        command::Command,
        id::{CommandId, MemberId},
        time::rfc3339,
    },
    sync::{
        outbox::{OutboxRow, Owner},
        store::{Meta, Write},
        wire::{MAX_REQUEST_BYTES, WireCommand},
    },
};

/// The most bytes of commands in one request: the rest is for the envelope and its cursor.
pub(super) const MAX_COMMAND_BYTES: usize = MAX_REQUEST_BYTES - 16 * 1024;

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
        if matches!(act, Act::Become { .. } | Act::Erase) {
            self.start_over();
        }
        self.timers.try_at(now);
    }

    /// What to write; as an error, the answer when there is nothing to write.
    fn writes_of(&self, now: Millis, act: &Act) -> Result<(Vec<Write>, Meta), Result<(), NotKept>> {
        match act {
            Act::Do {
                id,
                owner,
                command,
                with,
            } => self.do_command(now, *id, *owner, command, with),
            Act::Undo {
                command,
                withdrawal,
                with,
            } => self.undo(now, *command, *withdrawal, with),
            Act::Become { member, with } => Ok(self.become_member(*member, with)),
            Act::Adopt => self.adopt().ok_or(Err(NotKept::TooLate)),
            Act::Erase => Ok(self.erase()),
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
        let mut writes = with.to_vec();
        if is_withdrawal(command) {
            let same = |row: &&OutboxRow| {
                row.owner == owner
                    && row
                        .command()
                        .is_some_and(|other| other.subject() == command.subject())
            };
            let rows: Vec<_> = self.outbox.iter().filter(same).collect();
            if rows
                .iter()
                .any(|row| row.command().is_some_and(|other| other == *command))
            {
                return Err(Ok(()));
            }
            if let Some(made) = rows.iter().find(|row| !row.attempted && makes(row)) {
                writes.push(Write::DeleteOutbox(made.id));
                return Ok((writes, self.meta.clone()));
            }
        }
        let row = self.row(now, self.meta.next_seq, id, owner, command);
        // What this phone could not read back it could not show either, and the server would refuse it.
        if row.text.len() > MAX_COMMAND_BYTES || row.command().is_none() {
            return Err(Err(NotKept::TooLarge));
        }
        writes.push(Write::PutOutbox(row));
        let meta = Meta {
            next_seq: self.meta.next_seq + 1,
            ..self.meta.clone()
        };
        Ok((writes, meta))
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
        let row = row.ok_or(too_late)?;
        if !row.attempted {
            let mut writes = with.to_vec();
            writes.push(Write::DeleteOutbox(command));
            return Ok((writes, self.meta.clone()));
        }
        let undoing = match row.command() {
            Some(Command::ShareCheckIn(share)) => Command::WithdrawCheckIn(share.check_in),
            Some(Command::RequestSignUp(request)) => Command::WithdrawSignUp(request.sign_up),
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

    fn adopt(&self) -> Option<(Vec<Write>, Meta)> {
        let member = self.meta.owner.member()?;
        let mut writes = vec![Write::AdoptLocal(member)];
        for row in self.outbox.iter().filter(|row| row.owner == Owner::Local) {
            let owner = Owner::Member(member);
            writes.push(Write::PutOutbox(OutboxRow {
                owner,
                ..row.clone()
            }));
        }
        Some((writes, self.meta.clone()))
    }

    /// Deletes what the owner has here; afterwards the phone is nobody's.
    pub(super) fn erase(&self) -> (Vec<Write>, Meta) {
        let owner = self.meta.owner;
        let mut writes = vec![Write::EraseOwn(owner)];
        for row in self.outbox.iter().filter(|row| row.owner == owner) {
            writes.push(Write::DeleteOutbox(row.id));
        }
        writes.extend(self.owned_records().into_iter().map(Write::DeleteRecord));
        (writes, self.start_as(Owner::Local))
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

/// Whether the command takes its subject back.
pub(super) fn is_withdrawal(command: &Command) -> bool {
    command.kind().ends_with(".withdraw")
}

/// Whether the row's command makes its subject, so that undoing it before any attempt leaves nothing.
fn makes(row: &OutboxRow) -> bool {
    matches!(
        row.command(),
        Some(Command::ShareCheckIn(_) | Command::RequestSignUp(_))
    )
}
