//! What was promised, and whether it was kept. The oracle sees every act of a person, every
//! transaction of a store, every byte that leaves a phone and every answer of the server.

use super::store::Store;
use app::{
    domain::{
        attendee::Attendee,
        command::Command,
        id::{CheckInId, CommandId, DeviceId, MemberId, SignUpId},
        member::Named,
        needs::Needs,
        plain::Plain,
        record::kind,
        sign_up::SignUpState,
    },
    sync::{
        outbox::{OutboxRow, Owner},
        rows,
        store::{Batch, DEVICE, RecordKey, Write},
        wire::{CommandOutcome, Outcome, SyncRequest, WireCommand},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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
    markers: Vec<u64>,
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
    sent: BTreeMap<(DeviceId, CommandId), String>,
    /// Commands that some server, restored or not, called applied.
    applied: BTreeSet<CommandId>,
    /// Commands that one called refused.
    refused: BTreeSet<CommandId>,
    /// Withdrawals that phones wrote on their own.
    own_withdrawals: BTreeMap<CommandId, Command>,
    /// Whether people came, as whoever leads said last.
    came: BTreeMap<SignUpId, bool>,
    /// Records of which phones were told that they are over: sign-ups, of leads, and belonging to a group.
    no_more: BTreeSet<String>,
    /// Who said, on which phone, that what was written before joining is theirs.
    yes: BTreeSet<(usize, MemberId)>,
    /// Whose things somebody asked to have deleted, on which phone.
    leaving: BTreeSet<(usize, Owner)>,
    /// What members are called, once they have changed it.
    names: BTreeMap<MemberId, Option<String>>,
    /// What members keep for next time, once they have said something of it.
    needs: BTreeMap<MemberId, Option<String>>,
    /// The outcomes, the names and what was kept at the last backup.
    copy: BTreeMap<CommandId, CommandOutcome>,
    names_then: BTreeMap<MemberId, Option<String>>,
    came_then: BTreeMap<SignUpId, bool>,
    needs_then: BTreeMap<MemberId, Option<String>>,
    markers: Vec<Marked>,
}

type Check = Result<(), String>;

impl Oracle {
    /// The server makes a backup.
    pub fn back_up(&mut self) {
        self.copy = self.outcomes.clone();
        self.names_then = self.names.clone();
        self.came_then = self.came.clone();
        self.needs_then = self.needs.clone();
    }

    /// The server goes back to it: what it answered since binds it no longer.
    pub fn restore(&mut self) {
        self.outcomes = self.copy.clone();
        self.names = self.names_then.clone();
        self.came = self.came_then.clone();
        self.needs = self.needs_then.clone();
    }

    /// Whether some server said that this member has left.
    pub fn has_left(&self, member: MemberId) -> bool {
        let mut made = self.made.iter();
        made.any(|(id, made)| made.command == Command::Leave(member) && self.applied.contains(id))
    }

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
            markers: markers_in(marked.as_bytes()),
        };
        self.made.insert(id, made);
    }

    /// A person says that what was written before they joined is theirs.
    pub fn said_mine(&mut self, phone: usize, member: MemberId) {
        self.yes.insert((phone, member));
    }

    /// A person asks to have everything of theirs deleted here.
    pub fn leaves(&mut self, phone: usize, owner: Owner) {
        self.leaving.insert((phone, owner));
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
        let may_wait = matches!(asked.command, Command::Leave(_)) || is_withdrawal(&asked.command);
        if done && may_wait {
            return Ok(());
        }
        Err(format!("{id} was called kept and is not"))
    }

    /// A transaction is about to happen on a phone. `before` is the store as it was.
    pub fn committing(&mut self, phone: usize, before: &Store, batch: &Batch) -> Check {
        let erases = |owner| batch.writes.contains(&Write::EraseOwn(owner));
        let notes = |write: &Write| matches!(write, Write::PutMeta { key, .. } if key == DEVICE);
        // A phone that was asked to clear itself: who may ask for that is checked elsewhere.
        let clears = batch.writes.iter().any(notes);
        for write in &batch.writes {
            match write {
                Write::PutOutbox(row) => self.row_put(before, batch, row)?,
                Write::DeleteOutbox(id) => {
                    if let Some(row) = before.row(*id) {
                        self.row_deleted(before, row, batch, erases(row.owner))?;
                    }
                }
                Write::PutPrivate { key, .. } => {
                    self.own.insert((phone, key.clone()));
                }
                Write::EraseOwn(owner) | Write::EraseButUnsent(owner)
                    if !clears && !self.leaving.contains(&(phone, *owner)) =>
                {
                    return Err(format!("{owner:?} was erased by somebody else's leaving"));
                }
                Write::EraseOwn(owner) => {
                    self.erased_own(phone, before, *owner);
                    self.erased_given_back(before, *owner);
                }
                Write::EraseButUnsent(owner) => self.erased_own(phone, before, *owner),
                Write::AdoptLocal(member) if said_no(before, Owner::Member(*member)) => {
                    return Err(format!("what is not {member}'s was adopted after a no"));
                }
                Write::AdoptLocal(member) if !self.yes.contains(&(phone, *member)) => {
                    return Err(format!(
                        "{member} was given what somebody else said is theirs"
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn row_put(&mut self, before: &Store, batch: &Batch, row: &OutboxRow) -> Check {
        check_seq(before, row)?;
        let old = before.row(row.id);
        let again = row.answered.is_none() && old.as_ref().is_some_and(|it| it.answered.is_some());
        if again {
            check_offered_again(before, batch, row)?;
        }
        let waits = row.answered.is_none() && row.settled.is_some();
        let known_before = old.is_some_and(|old| old.settled.is_some());
        if waits && !known_before && !self.has_ended(before, batch, row) {
            return Err(format!("{} is said to have ended and has not", row.id));
        }
        let is_new = old.is_none() && !self.made.contains_key(&row.id);
        if is_new && row.is_kept_only() {
            let command = row.command().filter(is_withdrawal);
            let command =
                command.ok_or("a phone wrote something of its own that takes nothing back")?;
            self.own_withdrawals.insert(row.id, command);
        }
        if self.own_withdrawals.contains_key(&row.id) {
            return Ok(());
        }
        let made = self
            .made
            .get_mut(&row.id)
            .ok_or("an unknown row appeared")?;
        made.owner = row.owner;
        if again {
            made.fate = Fate::Kept;
        }
        if row.answered.is_some() {
            made.fate = Fate::Ended;
        }
        match old {
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
            Some(old) if old.owner != row.owner && said_no(before, row.owner) => {
                return Err(format!("{} was adopted after a no", row.id));
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Only its own outcome ends a command, or an undo before any attempt, or its owner's erasing. One
    /// that was applied is kept, unless its thing has ended or the phone has another owner.
    fn row_deleted(
        &mut self,
        before: &Store,
        row: &OutboxRow,
        batch: &Batch,
        erased: bool,
    ) -> Check {
        let id = row.id;
        let given_back = batch.writes.iter().any(|write| match write {
            Write::PutRefused(refused) => refused.row.id == id,
            _ => false,
        });
        let (applied, refused) = (self.applied.contains(&id), self.refused.contains(&id));
        let moves_out = row.answered.is_some() && batch.meta.owner != row.owner;
        let fate = if erased {
            Fate::Gone
        } else if given_back
            || moves_out
            // Its end may have been known before a store broke.
            || (row.answered.is_none() && row.settled.is_some())
            || ((applied || row.answered.is_some()) && self.has_ended(before, batch, row))
        {
            Fate::Ended
        } else if applied || row.answered.is_some() {
            return Err(format!(
                "{id} was let go of, and a server may go back in time"
            ));
        } else if refused {
            return Err(format!("refused {id} was not given back"));
        } else if row.attempted {
            return Err(format!("{id} was deleted without an outcome"));
        } else {
            Fate::Cancelled
        };
        if self.own_withdrawals.contains_key(&id) {
            return Ok(());
        }
        let made = self.made.get_mut(&id).ok_or("an unknown row was deleted")?;
        made.fate = fate;
        if fate == Fate::Cancelled {
            for marker in made.markers.clone() {
                self.keep_private(marker)?;
            }
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

    fn erased_own(&mut self, phone: usize, before: &Store, owner: Owner) {
        for (key, (whose, _)) in &before.private {
            if *whose == owner {
                self.own.remove(&(phone, key.clone()));
            }
        }
    }

    fn erased_given_back(&mut self, before: &Store, owner: Owner) {
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
            self.sending_command(store, request, text.get())?;
        }
        Ok(())
    }

    /// A request of a locked phone: it says who asks, and nothing else.
    pub fn sending_locked(&self, request: &SyncRequest, body: &[u8]) -> Check {
        if !request.commands.is_empty() || !markers_in(body).is_empty() {
            return Err("a locked phone says more than who asks".into());
        }
        Ok(())
    }

    fn sending_command(&mut self, store: &Store, request: &SyncRequest, text: &str) -> Check {
        let member = request.member;
        let wire: WireCommand = serde_json::from_str(text)
            .map_err(|error| format!("{text} cannot be read: {error}"))?;
        let id = wire.id;
        let sent = self.sent.entry((request.device, id));
        let before = sent.or_insert_with(|| text.to_owned());
        // What a phone wrote on its own it writes anew, under the same id, for who comes back to it after
        // leaving: the server holds kind and body against what it knows.
        let own = self.own_withdrawals.get(&id);
        if before != text && own != Command::parse(&wire.kind, wire.body).ok().as_ref() {
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
            match outcome.outcome {
                Outcome::Refused => self.refused.insert(id),
                _ => self.applied.insert(id),
            };
            if let (false, Outcome::Applied) = (self.outcomes.contains_key(&id), outcome.outcome) {
                match self.made.get(&id).map(|made| &made.command) {
                    Some(Command::Rename(new)) => {
                        self.names.insert(new.member, new.name.clone());
                    }
                    Some(Command::MarkAttendance(said)) => {
                        self.came.insert(said.sign_up, said.came);
                    }
                    Some(Command::KeepNeeds(said)) => {
                        self.needs.insert(said.member, said.needs.clone());
                    }
                    _ => {}
                }
            }
            let first = self.outcomes.entry(id).or_insert_with(|| outcome.clone());
            if first != outcome {
                return Err(format!(
                    "{id} had the outcome {first:?} and now {outcome:?}"
                ));
            }
        }
        Ok(())
    }

    /// At the end of a run: what is kept for a member is what they said last, as the server got it.
    pub fn check_needs(&self, member: MemberId, kept: Option<&Needs>) -> Check {
        let said = self.needs.get(&member).cloned().flatten();
        let kept = kept.and_then(|kept| kept.needs.clone());
        if said == kept || self.has_left(member) {
            Ok(())
        } else {
            Err(format!("{member} said {said:?} and {kept:?} is kept"))
        }
    }

    /// At the end of a run: what a member is called is what they said last, as the server got it.
    pub fn check_name(&self, member: MemberId, name: Option<&Named>) -> Check {
        match (self.names.get(&member), name) {
            (None, None) => Ok(()),
            (Some(said), Some(named)) if *said == named.name => Ok(()),
            (said, named) => Err(format!("{member} said {said:?} and is called {named:?}")),
        }
    }

    /// At the end of a run: what a phone must still hold.
    pub fn check_phone(&self, phone: usize, store: &Store, cut_off: bool) -> Check {
        for (_, key) in self.own.iter().filter(|(at, _)| *at == phone) {
            if !store.private.contains_key(key) {
                return Err(format!("phone {phone} lost its own {key}"));
            }
        }
        for (id, made) in self.made.iter().filter(|(_, made)| made.phone == phone) {
            if made.fate == Fate::Kept && store.row(*id).is_none() {
                return Err(format!("phone {phone} lost {id}"));
            }
            let given_back = store.refused.values().any(|(_, back)| back.row.id == *id);
            if made.fate == Fate::Ended && !self.applied.contains(id) && !given_back {
                return Err(format!("phone {phone} lost the refused {id}"));
            }
        }
        let owner = store.meta().owner;
        for row in store.outbox() {
            // What only a lost phone held, which no server knows any more, stays lost.
            let held = row.owner == owner && row.answered.is_some() && !cut_off;
            let known =
                self.outcomes.contains_key(&row.id) || self.own_withdrawals.contains_key(&row.id);
            if held && !known {
                return Err(format!(
                    "{} is held and the server does not know it",
                    row.id
                ));
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
                Command::Plain(it) if it.act.record == kind::SUGGESTION => {
                    let subject = it.subject.to_string();
                    let is_there = there.contains(&subject);
                    if it.act.takes_back() && is_there && !over.contains(&subject) {
                        return Err(format!("{subject} was withdrawn and lives"));
                    }
                    if !it.act.takes_back() && !is_there && !self.is_marked(it) {
                        return Err(format!("{subject} was answered and is not on the server"));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Oracle {
    /// Whether what this says was taken back before it came, so that no more than a mark is there.
    fn is_marked(&self, said: &Plain) -> bool {
        let gone = said.act.undone_by;
        gone.is_some_and(|gone| self.is_applied_of(gone, &said.subject.to_string()))
    }

    /// What a member's answers must have left in the threads of their check-ins that stand: an answer that
    /// was taken in is there, once, in the person's own words, unless it was taken back.
    pub fn check_threads(
        &self,
        member: MemberId,
        over: &BTreeSet<String>,
        said: &BTreeMap<Uuid, Option<String>>,
    ) -> Check {
        let applied = |id: &CommandId| {
            let outcome = self.outcomes.get(id).map(|outcome| outcome.outcome);
            outcome == Some(Outcome::Applied)
        };
        let mine = self
            .made
            .iter()
            .filter(|(id, made)| made.owner.member() == Some(member) && applied(id));
        let own = self.own_withdrawals.iter().filter(|(id, _)| applied(id));
        let taken_back = mine.clone().map(|(_, made)| &made.command);
        let gone: BTreeSet<Uuid> = taken_back
            .chain(own.map(|(_, command)| command))
            .filter_map(|command| match command {
                Command::WithdrawAnswer(gone) => Some(gone.message),
                _ => None,
            })
            .collect();
        for (_, made) in mine {
            let Command::AnswerBack(answer) = &made.command else {
                continue;
            };
            if over.contains(&answer.check_in.to_string()) {
                continue;
            }
            let expected = (!gone.contains(&answer.message)).then(|| answer.words.clone());
            if said.get(&answer.message) != Some(&expected) {
                return Err(format!(
                    "the answer {} is not as it was left",
                    answer.message
                ));
            }
        }
        Ok(())
    }
}

impl Oracle {
    /// Withdrawals that phones wrote on their own.
    pub fn own_withdrawals(&self) -> impl Iterator<Item = (&CommandId, &Command)> {
        self.own_withdrawals.iter()
    }

    /// Whether the server took in a command of this kind about this.
    pub fn is_applied_of(&self, kind: &str, id: &str) -> bool {
        let applied = |id: &CommandId| {
            let outcome = self.outcomes.get(id).map(|outcome| outcome.outcome);
            outcome == Some(Outcome::Applied)
        };
        let made = self.made.iter().map(|(id, made)| (id, &made.command));
        let mut all = made.chain(self.own_withdrawals.iter());
        all.any(|(at, command)| {
            command.kind() == kind && command.subject().1.to_string() == id && applied(at)
        })
    }

    /// A phone was told that a record of other people's, or of belonging, is no more.
    pub fn come_no_more(&mut self, id: &str) {
        self.no_more.insert(id.to_owned());
    }

    /// The same, of anything that a row says.
    fn has_ended(&self, before: &Store, batch: &Batch, row: &OutboxRow) -> bool {
        let said = row.command();
        let over = said.is_some_and(|said| {
            let (kind, id) = said.subject();
            let ends = !is_withdrawal(&said) && [kind::ATTENDEE, kind::MEMBERSHIP].contains(&kind);
            ends && self.no_more.contains(&id.to_string())
        });
        over || has_ended(before, batch, row)
    }

    /// Whoever leads is told of a sign-up: nothing of one that was taken back, and needs only as they were
    /// given to be told, with a place.
    pub fn told_of(&self, sign_up: &str, body: &str) -> Check {
        let attendee: Attendee = serde_json::from_str(body)
            .map_err(|error| format!("{body} cannot be read: {error}"))?;
        let applied = |id: &CommandId| {
            let outcome = self.outcomes.get(id).map(|outcome| outcome.outcome);
            outcome == Some(Outcome::Applied)
        };
        let made = self.made.iter().map(|(id, made)| (id, &made.command));
        let mut all = made.chain(self.own_withdrawals.iter());
        let taken_back = all.any(|(id, command)| match command {
            Command::WithdrawSignUp(gone) => gone.to_string() == sign_up && applied(id),
            _ => false,
        });
        if taken_back {
            return Err(format!(
                "{sign_up} was taken back and leads are told otherwise"
            ));
        }
        let asked = self.made.values().find_map(|made| match &made.command {
            Command::RequestSignUp(asked) if asked.sign_up.to_string() == sign_up => {
                Some((made.owner, asked))
            }
            _ => None,
        });
        let Some((owner, asked)) = asked else {
            return Err(format!(
                "leads are told of {sign_up}, which nobody asked for"
            ));
        };
        if owner.member().is_some_and(|member| self.has_left(member)) {
            return Err(format!("{owner:?} has left and leads are told otherwise"));
        }
        let may = asked.access_needs_consent && attendee.state.holds_place();
        if attendee.access_needs.is_some() && (!may || attendee.access_needs != asked.access_needs)
        {
            return Err(format!(
                "leads are told what {sign_up} did not give to be told"
            ));
        }
        Ok(())
    }

    /// At the end of a run: whether people came is what was said last, as the server got it.
    pub fn check_came(&self, sign_up: &str, state: SignUpState) -> Check {
        let mut said = self.came.iter();
        let said = said.find(|(id, _)| id.to_string() == sign_up);
        match (said.map(|(_, came)| *came), state) {
            (None, _)
            | (_, SignUpState::Withdrawn | SignUpState::Cancelled)
            | (Some(true), SignUpState::Attended | SignUpState::Thanked)
            | (Some(false), SignUpState::NotThere) => Ok(()),
            (Some(came), state) => Err(format!(
                "{sign_up} was said to have come: {came}, and is {state:?}"
            )),
        }
    }
}

/// Whether a record's body says that it has ended and holds nothing of its member's any more.
pub fn is_over(body: &str) -> bool {
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    matches!(
        body["state"].as_str(),
        Some("withdrawn" | "cancelled" | "taken_back")
    )
}

/// Whether the owner said that what was written before they joined is not theirs.
pub fn said_no(store: &Store, owner: Owner) -> bool {
    let said = rows::about(rows::NOT_MINE, owner);
    store.own_meta.contains_key(&said)
}

fn check_seq(before: &Store, row: &OutboxRow) -> Check {
    let other = |old: &OutboxRow| old.seq == row.seq && old.id != row.id;
    match before.outbox().iter().any(other) {
        true => Err(format!("two rows have seq {}", row.seq)),
        false => Ok(()),
    }
}

/// Only a server of another epoch is offered again what one answered, and no content that was taken back.
fn check_offered_again(before: &Store, batch: &Batch, row: &OutboxRow) -> Check {
    if batch.meta.epoch == before.meta().epoch {
        return Err(format!("{} is offered again to the same server", row.id));
    }
    if is_taken_back(&before.outbox(), row) {
        return Err(format!(
            "what {} said was taken back and is offered again",
            row.id
        ));
    }
    Ok(())
}

/// Whether the command takes something back.
pub fn is_withdrawal(command: &Command) -> bool {
    match command {
        Command::Plain(it) => it.act.takes_back(),
        other => other.kind().contains(".withdraw"),
    }
}

/// Whether the first command takes back what the second says.
fn takes_back(gone: &Command, said: &Command) -> bool {
    match (gone, said) {
        (Command::WithdrawAnswer(gone), Command::AnswerBack(said)) => gone.message == said.message,
        (Command::Plain(gone), Command::Plain(said)) => gone.undoes(said),
        (Command::WithdrawAnswer(_) | Command::Plain(_), _) | (_, Command::Plain(_)) => false,
        (_, Command::WithdrawCheckIn(_) | Command::WithdrawSignUp(_)) => false,
        _ => is_withdrawal(gone) && gone.subject() == said.subject(),
    }
}

/// Whether the row says something that an answered row takes back.
fn is_taken_back(rows: &[OutboxRow], row: &OutboxRow) -> bool {
    let Some(said) = row.command() else {
        return false;
    };
    let mut answered = rows.iter().filter(|other| other.answered.is_some());
    answered.any(|other| other.command().is_some_and(|gone| takes_back(&gone, &said)))
}

/// Whether the record says that nothing is left of what the command says.
pub fn is_gone(said: &Command, name: &str, body: &str) -> bool {
    let (kind, id) = said.subject();
    if name != format!("{kind}/{id}") {
        return false;
    }
    let Command::AnswerBack(answer) = said else {
        return is_over(body);
    };
    let record: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let thread = record["messages"].as_array().into_iter().flatten();
    let mut own = thread.filter(|one| one["from"].is_null());
    let message = answer.message.to_string();
    is_over(body) || own.any(|one| one["id"] == *message && one["text"].is_null())
}

/// Whether what the row says has ended: by its record, old or new, or by a withdrawal that was answered.
fn has_ended(before: &Store, batch: &Batch, row: &OutboxRow) -> bool {
    let ends = |command: &Command| match command {
        Command::Plain(it) => !it.act.takes_back(),
        other => !other.kind().ends_with(".withdraw"),
    };
    let Some(said) = row.command().filter(ends) else {
        return false;
    };
    let new = batch.writes.iter().any(|write| match write {
        Write::PutRecord(key, body) => is_gone(&said, &key.name, body),
        _ => false,
    });
    let old = before.records.iter().any(|(key, body)| {
        RecordKey::parse(key).is_some_and(|key| is_gone(&said, &key.name, body))
    });
    let puts = batch.writes.iter().filter_map(|write| match write {
        Write::PutOutbox(row) => Some(row.clone()),
        _ => None,
    });
    let rows: Vec<_> = before.outbox().into_iter().chain(puts).collect();
    new || old || is_taken_back(&rows, row) || is_said_anew_or_deleted(before, batch, row, &said)
}

/// Of what is kept for next time the last word alone counts; and where no record of it is left, it was deleted.
fn is_said_anew_or_deleted(before: &Store, batch: &Batch, row: &OutboxRow, said: &Command) -> bool {
    let Command::KeepNeeds(said) = said else {
        return false;
    };
    let anew = |write: &Write| match write {
        Write::PutOutbox(new) => {
            new.seq > row.seq
                && new.owner == row.owner
                && matches!(new.command(), Some(Command::KeepNeeds(_)))
        }
        _ => false,
    };
    let name = format!("{}/{}", kind::NEEDS, said.member);
    let is_it = |key: &RecordKey| key.name == name;
    let mut is_there = before
        .records
        .keys()
        .any(|key| RecordKey::parse(key).is_some_and(|key| is_it(&key)));
    for write in &batch.writes {
        match write {
            Write::PutRecord(key, _) if is_it(key) => is_there = true,
            Write::DeleteRecord(key) if is_it(key) => is_there = false,
            _ => {}
        }
    }
    batch.writes.iter().any(anew) || (said.needs.is_some() && !is_there)
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
