//! What a browser's driver does: transactions, the lock, timers, and other tabs' news.

use super::{
    faults::{Fault, Met},
    mutation::Mutation,
    phone::{Asked, TabRef},
    world::{Event, World},
};
use app::{
    domain::{
        check_in::{AnswerBack, CheckInState},
        command::Command,
        record::{CheckIn, kind},
        time::Millis,
    },
    sync::{
        outbox::{OutboxRow, Owner},
        overlay,
        replica::{Input, Output},
        rows::{Change, RECORDS},
        sealed::{Known, MARK, is_of_others},
        store::{Batch, BatchId, DEVICE, RecordKey, Saved, Write},
    },
};
use std::collections::{BTreeMap, BTreeSet};

type Done = Result<(), String>;

/// With more rows than this in the outbox, not every change is looked at: it would take too long.
const FEW: usize = 8;

impl World {
    /// Opens a tab: it restores and is looked at, or asks for the PIN.
    pub fn open_tab(&mut self, phone: usize) -> Done {
        self.open_with(phone, &[])
    }

    /// Opens a tab with the keys of these locks.
    pub fn open_with(&mut self, phone: usize, keys: &[String]) -> Done {
        if self.phones[phone].store.rest.look(keys).is_locked() {
            return self.shows_lock(phone);
        }
        let (number, seed, mutation) = (self.number(), self.chance.any(), self.mutation);
        self.phones[phone].open(number, seed, mutation, keys);
        let tab = TabRef { phone, tab: number };
        self.goes_on_sealing(tab, true);
        self.give(tab, Input::Visible)
    }

    /// A tab dies in the middle of something; sometimes the person opens it again.
    pub fn tab_dies(&mut self, tab: TabRef) -> Done {
        self.kill(tab.phone, tab.tab, true)?;
        let phone = &self.phones[tab.phone];
        if phone.tabs.is_empty() && !phone.is_locked {
            return self.open_tab(tab.phone);
        }
        Ok(())
    }

    /// A tab dies. The write under way may have been kept.
    pub fn kill(&mut self, phone: usize, number: u64, counted: bool) -> Done {
        let at = self.phones[phone]
            .tabs
            .iter()
            .position(|tab| tab.number == number);
        let Some(at) = at else {
            return Ok(());
        };
        let tab = self.phones[phone].tabs.remove(at);
        for asked in tab.asked.values() {
            if let Asked::Become(person) = *asked {
                // Nobody told them that they have joined: they try again.
                self.later(2_000, Event::Joins(phone, person));
            }
        }
        let fault = match tab.pending {
            None => Fault::Crash,
            Some(batch) if self.chance.one_in(2) => {
                let store = &self.phones[phone].store;
                let may = store.rest.is_as(&tab.known) && !tab.known.is_locked();
                if may
                    && batch.expect == store.revision()
                    && self.forbids(phone, &batch, &tab.known).is_none()
                {
                    self.commit(phone, &batch, &tab.known)?;
                }
                Fault::CrashAfterWrite
            }
            Some(_) => Fault::CrashBeforeWrite,
        };
        if counted {
            self.tally.faults.count(fault);
            self.cut_while_sealing(tab.settling.is_some(), &tab.known);
        }
        self.let_lock_go(TabRef { phone, tab: number });
        Ok(())
    }

    /// Gives a replica its input, and does what it asks for.
    pub fn give(&mut self, tab: TabRef, input: Input) -> Done {
        let now = self.now + self.phones[tab.phone].skew;
        let Some(open) = self.phones[tab.phone].tab(tab.tab) else {
            return Ok(());
        };
        open.replica.handle(now, input);
        while let Some(output) = self.poll(tab) {
            self.do_output(tab, output)?;
        }
        Ok(())
    }

    fn poll(&mut self, tab: TabRef) -> Option<Output> {
        self.phones[tab.phone].tab(tab.tab)?.replica.poll()
    }

    fn do_output(&mut self, tab: TabRef, output: Output) -> Done {
        match output {
            Output::Store(batch) => self.begin_write(tab, batch),
            Output::Lock { revision } => {
                self.phones[tab.phone]
                    .lock_queue
                    .push_back((tab.tab, revision));
                self.later(1, Event::LockTurn(tab.phone));
                Ok(())
            }
            Output::Unlock => {
                self.let_lock_go(tab);
                Ok(())
            }
            Output::Send(request, body) => self.send(tab, request, body),
            Output::Renew(member) => {
                let delay = self.chance.time(20, 2_000);
                self.later(delay, Event::Renew(tab, member));
                if !self.calm && self.chance.one_in(60) {
                    // Somebody else joins while the answer is on its way.
                    let next = self.chance.below(self.people.len());
                    self.later(delay / 2, Event::Joins(tab.phone, next));
                }
                Ok(())
            }
            Output::Done(ticket, answer) => {
                let open = self.phones[tab.phone].tab(tab.tab);
                let asked = open.and_then(|open| open.asked.remove(&ticket));
                self.told(tab.phone, asked, answer.is_ok())
            }
            Output::Changed => self.screens_load(tab),
            Output::Status(status) => {
                self.owner_told(tab, status.owner);
                self.status_told(tab, status)
            }
            Output::WakeAt(at) => {
                let skew = self.phones[tab.phone].skew;
                if let Some(open) = self.phones[tab.phone].tab(tab.tab) {
                    open.wake_at = Some(at);
                }
                self.later(at - skew - self.now, Event::Wake(tab, at));
                Ok(())
            }
        }
    }

    /// Nothing of the last owner may stay in memory: every tab begins anew. What was typed is kept first,
    /// unless they left.
    fn owner_told(&mut self, tab: TabRef, now: Owner) {
        let Some(open) = self.phones[tab.phone].tab(tab.tab) else {
            return;
        };
        let before = std::mem::replace(&mut open.shows, now);
        if before == now {
            return;
        }
        if now == Owner::Local {
            open.typed = None;
        }
        if before != Owner::Local {
            self.later(1, Event::Anew(tab));
        }
    }

    /// A tab is loaded anew.
    pub fn anew(&mut self, tab: TabRef) -> Done {
        if self.phones[tab.phone].tab(tab.tab).is_none() {
            return Ok(());
        }
        self.kill(tab.phone, tab.tab, false)?;
        self.open_tab(tab.phone)
    }

    fn told(&mut self, phone: usize, asked: Option<Asked>, kept: bool) -> Done {
        match asked {
            Some(Asked::Do(id)) if kept => self.oracle.told_kept(id),
            Some(Asked::Become(person)) if kept => {
                self.phones[phone].person = Some(person);
                Ok(())
            }
            Some(Asked::Become(person)) => {
                let again = self.chance.time(1_000, 20_000);
                self.later(again, Event::Joins(phone, person));
                Ok(())
            }
            Some(Asked::Erase) if kept => {
                if !self.chance.one_in(3) {
                    let left = self.phones[phone].person;
                    let left = left.filter(|_| !self.chance.one_in(3));
                    let next = left.unwrap_or_else(|| self.chance.below(self.people.len()));
                    let joins = self.chance.time(1_000, 200_000);
                    self.later(joins, Event::Joins(phone, next));
                }
                // Somebody else may have joined meanwhile.
                if self.phones[phone].store.meta().owner == Owner::Local {
                    self.phones[phone].person = None;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin_write(&mut self, tab: TabRef, mut batch: Batch) -> Done {
        self.mutate_batch(tab, &mut batch)?;
        let id = batch.id;
        if let Some(open) = self.phones[tab.phone].tab(tab.tab) {
            open.pending = Some(batch);
        }
        let slow = if self.calm {
            4
        } else {
            self.chance.time(1, 400)
        };
        self.later(slow, Event::StoreDone(tab, id));
        if !self.calm && self.chance.one_in(50) {
            self.later(slow / 2, Event::TabDies(tab));
        }
        if !self.calm && self.has_pin(tab.phone) && self.chance.one_in(15) {
            self.later(slow / 2, Event::Locks(tab.phone));
        }
        if self.is(Mutation::PhoneSaysStoredTooSoon) {
            return self.give(tab, Input::Stored(id));
        }
        Ok(())
    }

    fn mutate_batch(&mut self, tab: TabRef, batch: &mut Batch) -> Done {
        match self.mutation {
            Some(Mutation::PhoneForgetsAttempted) => {
                for write in &mut batch.writes {
                    if let Write::PutOutbox(row) = write {
                        row.attempted = false;
                    }
                }
            }
            Some(Mutation::PhoneKeepsNoAnswered) => {
                for write in &mut batch.writes {
                    if let Write::PutOutbox(row) = write
                        && row.settled.is_some()
                        && row.answered.is_some()
                    {
                        *write = Write::DeleteOutbox(row.id);
                    }
                }
            }
            Some(Mutation::PhoneKeepsNoWithdrawals) => {
                let store = &self.phones[tab.phone].store;
                batch.writes.retain(|write| match write {
                    Write::PutOutbox(row) => row.settled.is_none() || store.row(row.id).is_some(),
                    _ => true,
                });
            }
            Some(Mutation::PhoneOffersNothingAgain) => {
                let store = &self.phones[tab.phone].store;
                batch.writes.retain(|write| match write {
                    Write::PutOutbox(row) => {
                        let before = store.row(row.id);
                        row.answered.is_some() || before.is_none_or(|row| row.answered.is_none())
                    }
                    _ => true,
                });
            }
            Some(Mutation::PhoneDropsRefused) => {
                batch
                    .writes
                    .retain(|write| !matches!(write, Write::PutRefused(_)));
            }
            Some(Mutation::PhoneDropsOwnCopy) => {
                // The oracle is told what the replica asked for; the store never sees it.
                self.oracle
                    .committing(tab.phone, &Default::default(), &own_copies(batch))?;
                batch
                    .writes
                    .retain(|write| !matches!(write, Write::PutPrivate { .. }));
            }
            _ => {}
        }
        Ok(())
    }

    /// The write under way ends: kept, failed, or aborted because another tab wrote first.
    pub fn store_done(&mut self, tab: TabRef, id: BatchId) -> Done {
        let Some(open) = self.phones[tab.phone].tab(tab.tab) else {
            return Ok(());
        };
        let Some(batch) = open.pending.take_if(|batch| batch.id == id) else {
            return Ok(());
        };
        if self.strikes(Fault::WriteFailed, 40) {
            let swallowed = self.is(Mutation::PhoneSwallowsFailedWrite);
            let told = if swallowed {
                Input::Stored(id)
            } else {
                Input::StoreFailed(id)
            };
            return self.give(tab, told);
        }
        if !self.knows_lock(tab) {
            self.give(tab, Input::StoreFailed(id))?;
            return self.lock_up(tab);
        }
        let revision = self.phones[tab.phone].store.revision();
        self.tell(|| format!("{tab:?} writes over revision {revision}: {batch:?}"));
        let raced = revision != batch.expect && !self.is(Mutation::PhoneIgnoresOtherTabs);
        let Some(known) = self.known(tab) else {
            return Ok(());
        };
        let forbidden = self.forbids(tab.phone, &batch, &known);
        if raced || forbidden.is_some() {
            match forbidden {
                Some(why) if !raced => self.tally.met.count(why),
                _ => self.tally.faults.count(Fault::TabRace),
            }
            return match self.read(tab) {
                Some(saved) => self.give(tab, Input::Conflict(id, saved)),
                None => self.give(tab, Input::StoreFailed(id)),
            };
        }
        if self.is(Mutation::PhoneStoresCursorBeforePage) && self.cut_in_two(tab, &batch) {
            let number = tab.tab;
            self.kill(tab.phone, number, true)?;
            return self.open_tab(tab.phone);
        }
        let goes_back = batch.meta.restored_at != self.phones[tab.phone].store.meta().restored_at;
        if batch.meta.owner != known.owner {
            self.keep_typed_as_it_is(tab);
        }
        let synced_at = self.phones[tab.phone].store.meta().last_synced_at;
        self.commit(tab.phone, &batch, &known)?;
        if batch.meta.last_synced_at != synced_at {
            self.keeps_what_it_may(tab)?;
        }
        self.learns_owner(tab);
        // Memory knows better than this driver's store, so that is what the replica goes on from.
        if goes_back
            && self.is(Mutation::PhoneOffersNothingAgain)
            && let Some(saved) = self.read(tab)
        {
            return self.give(tab, Input::Conflict(id, saved));
        }
        if self.phones[tab.phone].store.own_meta.contains_key(DEVICE) {
            return self.is_cleared(tab.phone);
        }
        self.spread_news(tab);
        self.give(tab, Input::Stored(id))?;
        self.goes_on_sealing(tab, false);
        self.lock_if_due(tab)
    }

    /// Whether the batch may not be kept as things stand now: the store holds a "no" to what it would give to
    /// somebody, or it would keep as it is what is told of other people.
    fn forbids(&self, phone: usize, batch: &Batch, known: &Known) -> Option<Met> {
        let changes: Vec<Change> = batch.writes.iter().cloned().map(Change::from).collect();
        let declined = self.phones[phone].store.rest.declines(&changes);
        if declined && !self.is(Mutation::PhoneAdoptsAfterNo) {
            return Some(Met::NoAfterYes);
        }
        let plain = known.forbids(&changes) && !self.is(Mutation::PhoneKeepsOthersPlain);
        plain.then_some(Met::OthersNotKept)
    }

    /// What a tab knows of the lock.
    pub fn known(&mut self, tab: TabRef) -> Option<Known> {
        let open = self.phones[tab.phone].tab(tab.tab)?;
        Some(open.known.clone())
    }

    /// What a tab reads of the store, looking at the lock; none if it is locked.
    fn read(&mut self, tab: TabRef) -> Option<Box<Saved>> {
        self.keep_typed_as_it_is(tab);
        self.learns_owner(tab);
        let known = self.known(tab)?;
        let saved = self.phones[tab.phone].read(&known, self.mutation)?;
        Some(Box::new(saved))
    }

    /// What was typed is sealed with the lock of who typed it, as long as the tab takes the phone for theirs.
    fn keep_typed_as_it_is(&mut self, tab: TabRef) {
        let phone = &mut self.phones[tab.phone];
        let Some(open) = phone.tabs.iter_mut().find(|open| open.number == tab.tab) else {
            return;
        };
        if let Some(typed) = open.typed.take()
            && phone.store.write_draft(&typed, &open.known).is_err()
        {
            open.typed = Some(typed);
        }
    }

    /// The mistake of two transactions for one page: the tab dies between them.
    fn cut_in_two(&mut self, tab: TabRef, batch: &Batch) -> bool {
        let page = batch.meta.cursor != self.phones[tab.phone].store.meta().cursor;
        let cut = page && !self.calm && self.chance.one_in(4);
        if cut {
            self.phones[tab.phone].store.set_meta(&batch.meta);
        }
        cut
    }

    /// One transaction, all of it.
    pub fn commit(&mut self, phone: usize, batch: &Batch, known: &Known) -> Done {
        let clears = |write: &Write| matches!(write, Write::PutMeta { key, .. } if key == DEVICE);
        if batch.writes.iter().any(clears) {
            self.may_be_erased(phone)?;
        }
        self.heals(phone, batch);
        let clears = |write: &Write| matches!(write, Write::DeleteRecord(key) if of_others(key));
        let keeps = |write: &Write| matches!(write, Write::PutRecord(key, _) if of_others(key));
        let had = batch.writes.iter().any(clears);
        let careless = self.is(Mutation::PhoneIgnoresLock);
        let everybody = self.is(Mutation::PhoneErasesEverybody);
        let store = &mut self.phones[phone].store;
        self.oracle.committing(phone, store, batch)?;
        if careless {
            for change in store.changes(batch, known) {
                store.rest.change(change);
            }
            store.follow(batch);
        } else if store.commit(batch, known).is_err() {
            return Err("a transaction was asked for that the lock forbids".into());
        }
        if everybody {
            self.erases_everybody(phone, batch);
        }
        let rest = &self.phones[phone].store.rest;
        for write in batch.writes.iter().filter(|write| keeps(write)) {
            if let Write::PutRecord(key, _) = write
                && !rest
                    .row(RECORDS, &key.to_text())
                    .is_some_and(|row| row.contains(MARK))
            {
                return Err(format!(
                    "phone {phone} keeps what is told of others as it is"
                ));
            }
        }
        let records = &self.phones[phone].store.records;
        if had && !records.keys().any(|key| is_of_others(key)) {
            self.tally.met.count(Met::OthersCleared);
        }
        self.phones[phone].checks_sealed()
    }

    /// Follows how sums that disagree are put right, and what is given back as too large.
    fn heals(&mut self, phone: usize, batch: &Batch) {
        let met = &mut self.tally.met;
        let phone = &mut self.phones[phone];
        let after = &batch.meta;
        if after.resynced_at.is_some() && phone.store.meta().resynced_at != after.resynced_at {
            phone.asks_from_start = true;
            phone.is_healing = true;
            met.count(Met::SumsDisagreed);
            if phone.store.rows().any(|row| row.owner == after.owner) {
                met.count(Met::SumsDisagreedWithOutbox);
            }
        }
        if phone.is_healing && !after.resyncing {
            phone.is_healing = false;
            met.count(Met::Healed);
        }
        for write in &batch.writes {
            if matches!(write, Write::PutRefused(back) if back.code == "too_large") {
                met.count(Met::GivenBackAsTooLarge);
            }
        }
    }

    /// Other tabs hear that this one wrote.
    pub fn spread_news(&mut self, from: TabRef) {
        let phone = from.phone;
        if !self.phones[phone].has_other_tab(from.tab) {
            return;
        }
        let others = self.phones[phone].tabs.iter().map(|tab| tab.number);
        let others: Vec<_> = others.filter(|number| *number != from.tab).collect();
        for tab in others {
            if !self.strikes(Fault::NewsLost, 4) {
                let delay = self.chance.time(1, 50);
                self.later(delay, Event::News(TabRef { phone, tab }));
            }
        }
    }

    /// A tab hears that another one wrote, and reads the store.
    pub fn news(&mut self, tab: TabRef) -> Done {
        match self.read(tab) {
            Some(saved) => self.give(tab, Input::Reloaded(saved)),
            None => self.lock_if_due(tab),
        }
    }

    /// Gives the lock to the next tab that waits for it.
    pub fn lock_turn(&mut self, phone: usize) -> Done {
        if self.phones[phone].lock.is_some() {
            return Ok(());
        }
        let Some((number, known)) = self.phones[phone].lock_queue.pop_front() else {
            return Ok(());
        };
        let tab = TabRef { phone, tab: number };
        self.phones[phone].lock = Some(number);
        if self.strikes(Fault::LockFailed, 60) {
            self.let_lock_go(tab);
            return self.give(tab, Input::LockFailed);
        }
        let stored = self.phones[phone].store.revision();
        if stored == known {
            return self.give(tab, Input::Locked(None));
        }
        match self.read(tab) {
            Some(saved) => self.give(tab, Input::Locked(Some(saved))),
            None => {
                self.let_lock_go(tab);
                self.give(tab, Input::LockFailed)?;
                self.lock_if_due(tab)
            }
        }
    }

    fn let_lock_go(&mut self, tab: TabRef) {
        let phone = &mut self.phones[tab.phone];
        phone.lock_queue.retain(|(number, _)| *number != tab.tab);
        if phone.lock == Some(tab.tab) {
            phone.lock = None;
        }
        self.later(1, Event::LockTurn(tab.phone));
    }

    /// A timer rings, if it is still the one that was asked for last.
    pub fn wake(&mut self, tab: TabRef, at: Millis) -> Done {
        let Some(open) = self.phones[tab.phone].tab(tab.tab) else {
            return Ok(());
        };
        if open.wake_at != Some(at) {
            return Ok(());
        }
        self.give(tab, Input::Wake)
    }

    /// An answer that waits is in the thread of its check-in, for its owner, unless either was taken back.
    fn answer_shows(
        &self,
        tab: TabRef,
        rows: &[OutboxRow],
        row: &OutboxRow,
        answer: &AnswerBack,
    ) -> Done {
        let id = answer.check_in.to_string();
        let records = &self.phones[tab.phone].store.records;
        let is_it = |key: &str| RecordKey::parse(key).is_some_and(|key| key.id() == id);
        let record = records.iter().find(|(key, _)| is_it(key));
        let stored = record.map(|(_, body)| (id.clone(), body.clone()));
        let laid = overlay::lay(
            kind::CHECK_IN,
            stored.into_iter().collect(),
            rows,
            row.owner,
        );
        let shown = laid.iter().find(|laid| laid.id == id);
        let shown = shown.and_then(|laid| serde_json::from_str::<CheckIn>(&laid.body).ok());
        let Some(shown) = shown.filter(|shown| shown.state != CheckInState::Withdrawn) else {
            return Ok(());
        };
        if shown.messages.iter().any(|said| said.id == answer.message) {
            Ok(())
        } else {
            Err(format!(
                "the answer {} waits and is not shown",
                answer.message
            ))
        }
    }

    /// Screens load: what waits is always seen by its owner, and by nobody else.
    fn screens_load(&mut self, tab: TabRef) -> Done {
        let phone = &self.phones[tab.phone];
        let Some(open) = phone.tabs.iter().find(|open| open.number == tab.tab) else {
            return Ok(());
        };
        let owner = open.replica.status().owner;
        let rows = open.replica.outbox();
        if rows.len() > FEW && !self.chance.one_in(8) {
            return Ok(());
        }
        let laid = [kind::SIGN_UP, kind::CHECK_IN].map(|kind| {
            let laid = overlay::lay(kind, Vec::new(), rows, owner);
            (kind, laid.into_iter().map(|laid| laid.id).collect())
        });
        let laid = BTreeMap::<_, BTreeSet<_>>::from(laid);
        for row in rows.iter().filter(|row| row.answered.is_none()) {
            let Some(command) = row.command() else {
                return Err(format!("{} cannot be read", row.id));
            };
            if let Command::AnswerBack(answer) = &command {
                self.answer_shows(tab, rows, row, answer)?;
                continue;
            }
            if let Command::MarkAttendance(said) = &command {
                self.attendance_shows(tab, rows, *said)?;
                continue;
            }
            let (kind, id) = command.subject();
            if kind == kind::DEVICE {
                continue;
            }
            let on_one = ["withdraw", "offer", "agree"];
            let makes = !on_one.iter().any(|it| command.kind().contains(it));
            // What leaves Chorus is a thing of no kind that a screen lists.
            let Some(laid) = laid.get(kind) else {
                continue;
            };
            let seen = laid.contains(&id.to_string());
            if makes && seen != (row.owner == owner) && !self.is(Mutation::PhoneMixesOwners) {
                return Err(format!(
                    "{id} of {:?} is seen: {seen}, by {owner:?}",
                    row.owner
                ));
            }
        }
        Ok(())
    }
}

fn of_others(key: &RecordKey) -> bool {
    is_of_others(&key.scope)
}

fn own_copies(batch: &Batch) -> Batch {
    let own = |write: &&Write| matches!(write, Write::PutPrivate { .. });
    Batch {
        writes: batch.writes.iter().filter(own).cloned().collect(),
        ..batch.clone()
    }
}

/// Whose rows a replica shows.
pub fn owner_shown(world: &mut World, tab: TabRef) -> Option<Owner> {
    let open = world.phones[tab.phone].tab(tab.tab)?;
    Some(open.replica.status().owner)
}
