//! What was promised, and whether it was kept. The oracle sees every act of a person, every
//! transaction of a store, every byte that leaves a phone and every answer of the server.

use super::store::Store;
use app::{
    domain::{
        command::Command,
        id::{CheckInId, CommandId, MemberId, SignUpId},
    },
    sync::{
        outbox::{OutboxRow, Owner},
        store::{Batch, Write},
        wire::{CommandOutcome, Outcome, SyncRequest, WireCommand},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// What stands before the number of a marker in a text.
const MARK: &str = "mark-";

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The person asked; nothing is durable.
    Asked,
    /// It is in the outbox.
    Kept,
    /// Its outcome has come.
    Ended,
    /// It was undone before any attempt.
    Cancelled,
    /// It went with what its owner erased, or what the browser evicted.
    Gone,
}

/// One command of the run.
#[derive(Debug)]
pub struct Made {
    /// The phone it was made on.
    pub phone: usize,
    /// What it is.
    pub command: Command,
    /// What became of it.
    pub fate: Fate,
    /// Whose it is, once it is in an outbox.
    pub owner: Owner,
    marker: Option<u64>,
}

#[derive(Debug)]
struct Marked {
    private: bool,
    seen: bool,
}

/// The memory of a run.
#[derive(Debug, Default)]
pub struct Oracle {
    /// Every command that a person asked for.
    pub made: BTreeMap<CommandId, Made>,
    /// What the server answered, whether or not it reached a phone.
    pub outcomes: BTreeMap<CommandId, CommandOutcome>,
    /// The people's own copies, by phone and key, that must be there at the end.
    own: BTreeSet<(usize, String)>,
    sent: BTreeMap<CommandId, String>,
    markers: Vec<Marked>,
}

type Check = Result<(), String>;

impl Oracle {
    /// A text that can be found again in any request.
    pub fn mark(&mut self, private: bool) -> String {
        self.markers.push(Marked {
            private,
            seen: false,
        });
        format!("{MARK}{};", self.markers.len() - 1)
    }

    /// A person asks for a command.
    pub fn asked(&mut self, phone: usize, id: CommandId, command: Command, marked: &str) {
        let made = Made {
            phone,
            command,
            fate: Fate::Asked,
            owner: Owner::Local,
            marker: markers_in(marked.as_bytes()).first().copied(),
        };
        self.made.insert(id, made);
    }

    /// The person was told that it is kept: it must be durable by now.
    pub fn told_kept(&self, id: CommandId) -> Check {
        let Some(asked) = self.made.get(&id).filter(|made| made.fate == Fate::Asked) else {
            return Ok(());
        };
        // A withdrawal may find that there is nothing left to withdraw, or that it waits already.
        let done = self.made.values().any(|made| {
            made.fate != Fate::Asked && made.command.subject() == asked.command.subject()
        });
        if done && asked.command.kind().ends_with(".withdraw") {
            return Ok(());
        }
        Err(format!("{id} was called kept and is not"))
    }

    /// A transaction is about to happen on a phone. `before` is the store as it was.
    pub fn committing(&mut self, phone: usize, before: &Store, batch: &Batch) -> Check {
        let erases = |owner| batch.writes.contains(&Write::EraseOwn(owner));
        for write in &batch.writes {
            match write {
                Write::PutOutbox(row) => self.row_put(before, row)?,
                Write::DeleteOutbox(id) => {
                    if let Some(row) = before.row(*id) {
                        self.row_deleted(row, batch, erases(row.owner))?;
                    }
                }
                Write::PutPrivate { key, .. } => {
                    self.own.insert((phone, key.clone()));
                }
                Write::EraseOwn(owner) => self.erased(phone, before, *owner),
                _ => {}
            }
        }
        Ok(())
    }

    fn row_put(&mut self, before: &Store, row: &OutboxRow) -> Check {
        let made = self
            .made
            .get_mut(&row.id)
            .ok_or("an unknown row appeared")?;
        made.owner = row.owner;
        match before.row(row.id) {
            None if made.fate == Fate::Asked => made.fate = Fate::Kept,
            None => return Err(format!("{} came back from {:?}", row.id, made.fate)),
            Some(old) if old.text != row.text => {
                return Err(format!("the text of {} changed", row.id));
            }
            Some(old) if old.attempted && !row.attempted => {
                return Err(format!("{} forgot that it was attempted", row.id));
            }
            Some(old) if old.owner != row.owner && old.owner != Owner::Local => {
                return Err(format!("{} changed its owner", row.id));
            }
            Some(_) => {}
        }
        if before
            .rows()
            .any(|old| old.seq == row.seq && old.id != row.id)
        {
            return Err(format!("two rows have seq {}", row.seq));
        }
        Ok(())
    }

    /// Only its own outcome ends a command, or an undo before any attempt, or its owner's erasing.
    fn row_deleted(&mut self, row: &OutboxRow, batch: &Batch, erased: bool) -> Check {
        let id = row.id;
        let given_back = batch.writes.iter().any(|write| match write {
            Write::PutRefused(refused) => refused.row.id == id,
            _ => false,
        });
        let outcome = self.outcomes.get(&id).map(|outcome| outcome.outcome);
        let fate = match outcome {
            _ if erased => Fate::Gone,
            Some(Outcome::Applied) => Fate::Ended,
            Some(Outcome::Refused) if given_back => Fate::Ended,
            Some(Outcome::Refused) => return Err(format!("refused {id} was not given back")),
            _ if !row.attempted => Fate::Cancelled,
            _ if given_back => Fate::Ended,
            _ => return Err(format!("{id} was deleted without an outcome")),
        };
        let made = self.made.get_mut(&id).ok_or("an unknown row was deleted")?;
        made.fate = fate;
        if fate == Fate::Cancelled
            && let Some(marker) = made.marker
        {
            self.keep_private(marker)?;
        }
        Ok(())
    }

    fn keep_private(&mut self, marker: u64) -> Check {
        let index = usize::try_from(marker).unwrap_or(usize::MAX);
        match self.markers.get_mut(index) {
            Some(marked) if marked.seen => Err(format!("mark {marker} left before its undo")),
            Some(marked) => {
                marked.private = true;
                Ok(())
            }
            None => Err(format!("mark {marker} is unknown")),
        }
    }

    fn erased(&mut self, phone: usize, before: &Store, owner: Owner) {
        for (key, (whose, _)) in &before.private {
            if *whose == owner {
                self.own.remove(&(phone, key.clone()));
            }
        }
        for (whose, refused) in before.refused.values() {
            if *whose == owner
                && let Some(made) = self.made.get_mut(&refused.row.id)
            {
                made.fate = Fate::Gone;
            }
        }
    }

    /// The browser evicted a phone's store.
    pub fn evicted(&mut self, phone: usize) {
        self.own.retain(|(at, _)| *at != phone);
        for made in self.made.values_mut().filter(|made| made.phone == phone) {
            made.fate = Fate::Gone;
        }
    }

    /// Bytes leave a phone.
    pub fn sending(&mut self, store: &Store, request: &SyncRequest, body: &[u8]) -> Check {
        for marker in markers_in(body) {
            let index = usize::try_from(marker).unwrap_or(usize::MAX);
            match self.markers.get_mut(index) {
                Some(marked) if marked.private => {
                    return Err(format!("private mark {marker} is in a request"));
                }
                Some(marked) => marked.seen = true,
                None => return Err(format!("unknown mark {marker} is in a request")),
            }
        }
        for text in &request.commands {
            self.sending_command(store, request.member, text.get())?;
        }
        Ok(())
    }

    fn sending_command(&mut self, store: &Store, member: Option<MemberId>, text: &str) -> Check {
        let wire: WireCommand = serde_json::from_str(text)
            .map_err(|error| format!("{text} cannot be read: {error}"))?;
        let id = wire.id;
        let before = self.sent.entry(id).or_insert_with(|| text.to_owned());
        if before != text {
            return Err(format!("{id} was sent with other bytes than before"));
        }
        let Some(row) = store.row(id) else {
            return match self.made.get(&id).map(|made| made.fate) {
                Some(Fate::Gone) => Ok(()),
                fate => Err(format!("{id} was sent from no outbox ({fate:?})")),
            };
        };
        if row.owner.member() != member || member.is_none() {
            return Err(format!("{id} of {:?} was sent as {member:?}", row.owner));
        }
        if !row.attempted {
            return Err(format!("{id} was sent before it was marked as attempted"));
        }
        if row.text != text {
            return Err(format!("{id} was sent with other bytes than stored"));
        }
        Ok(())
    }

    /// The server answered, whether or not it will be heard.
    pub fn answered(&mut self, outcomes: &[CommandOutcome]) -> Check {
        for outcome in outcomes.iter().filter(|it| it.outcome != Outcome::Deferred) {
            let Some(id) = outcome.id else {
                return Err("an outcome names no command".into());
            };
            let first = self.outcomes.entry(id).or_insert_with(|| outcome.clone());
            if first != outcome {
                return Err(format!(
                    "{id} had the outcome {first:?} and now {outcome:?}"
                ));
            }
        }
        Ok(())
    }

    /// At the end of a run: what a phone must still hold.
    pub fn check_phone(&self, phone: usize, store: &Store) -> Check {
        for (_, key) in self.own.iter().filter(|(at, _)| *at == phone) {
            if !store.private.contains_key(key) {
                return Err(format!("phone {phone} lost its own {key}"));
            }
        }
        for (id, made) in self.made.iter().filter(|(_, made)| made.phone == phone) {
            if made.fate == Fate::Kept && store.row(*id).is_none() {
                return Err(format!("phone {phone} lost {id}"));
            }
            let outcome = self.outcomes.get(id).map(|outcome| outcome.outcome);
            let given_back = store.refused.values().any(|(_, back)| back.row.id == *id);
            if made.fate == Fate::Ended && outcome != Some(Outcome::Applied) && !given_back {
                return Err(format!("phone {phone} lost the refused {id}"));
            }
        }
        Ok(())
    }

    /// What a member's commands must have left on the server, given the ids of their sign-ups and
    /// check-ins there, and which of them ended by withdrawal or cancelling.
    pub fn check_truth(
        &self,
        member: MemberId,
        there: &BTreeSet<String>,
        over: &BTreeSet<String>,
    ) -> Check {
        for (id, made) in &self.made {
            let applied = self.outcomes.get(id).map(|outcome| outcome.outcome);
            if made.owner.member() != Some(member) || applied != Some(Outcome::Applied) {
                continue;
            }
            match &made.command {
                Command::RequestSignUp(_) | Command::ShareCheckIn(_) => {
                    let subject = made.command.subject().1.to_string();
                    if !there.contains(&subject) {
                        return Err(format!("{subject} was answered and is not on the server"));
                    }
                }
                Command::WithdrawSignUp(SignUpId(gone))
                | Command::WithdrawCheckIn(CheckInId(gone)) => {
                    let gone = gone.to_string();
                    if there.contains(&gone) && !over.contains(&gone) {
                        return Err(format!("{gone} was withdrawn and lives"));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The numbers of all markers in these bytes.
fn markers_in(bytes: &[u8]) -> Vec<u64> {
    let text = String::from_utf8_lossy(bytes);
    text.match_indices(MARK)
        .map(|(at, _)| {
            let digits = text[at + MARK.len()..]
                .bytes()
                .take_while(|byte| byte.is_ascii_digit());
            digits.fold(0, |number, byte| number * 10 + u64::from(byte - b'0'))
        })
        .collect()
}
