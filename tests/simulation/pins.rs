//! What people do with a PIN, and what a browser does where there is one: rows are sealed, one handful
//! after the other; tabs lock; a locked page asks for the PIN and says no more to the server than who it is.

use super::{
    faults::{Fault, Met},
    lock::{Settling, Step, put_lock},
    mutation::Mutation,
    network::link_error,
    phone::{Phone, TabRef},
    rest::NotWritten,
    store::Store,
    world::{Event, World},
};
use app::{
    domain::pin::{Lock, LockState, Tries},
    json::read,
    sync::{
        link::LinkError,
        outbox::Owner,
        rows::{self, Change, META, json},
        sealed::{Known, TRIES},
        store::{Batch, CLEARED, DEVICE, Meta, RecordKey, Write},
        wire::{PROTOCOL, SyncRequest},
    },
};
use serde_json::value::RawValue;

type Done = Result<(), String>;

/// More wrong tries than this nobody makes: the wait would be longer than a run.
const MOST_WRONG: u32 = 6;

impl World {
    /// A person does something with their PIN.
    pub fn uses_pin(&mut self, tab: TabRef) -> Done {
        let Some(known) = self.known(tab) else {
            return Ok(());
        };
        match known.lock() {
            None => self.sets_pin(tab, &known),
            Some(lock) => match self.chance.below(6) {
                0 => self.changes_pin(tab, &known, lock),
                1 | 2 => self.turns_off(tab, &known, lock),
                _ => self.locks(tab.phone),
            },
        }
    }

    /// Has second thoughts, while rows may still be being sealed.
    pub fn uses_pin_again(&mut self, tab: TabRef) -> Done {
        match self.known(tab) {
            Some(known) if known.lock().is_some() => self.uses_pin(tab),
            _ => Ok(()),
        }
    }

    /// Somebody who leads sets the PIN that it needs, if there is none yet.
    pub fn sets_first_pin(&mut self, phone: usize) -> Done {
        let Some(tab) = self.some_tab(phone) else {
            return Ok(());
        };
        match self.known(tab) {
            Some(known) if known.lock().is_none() => self.sets_pin(tab, &known),
            _ => Ok(()),
        }
    }

    /// Somebody turns their PIN off.
    pub fn turns_pin_off(&mut self, phone: usize) -> Done {
        let Some(tab) = self.some_tab(phone) else {
            return Ok(());
        };
        let known = self.known(tab);
        match known.as_ref().and_then(Known::lock).zip(known.as_ref()) {
            Some((lock, known)) => self.turns_off(tab, known, lock),
            None => Ok(()),
        }
    }

    fn sets_pin(&mut self, tab: TabRef, known: &Known) -> Done {
        let id = format!("lock{}", self.number());
        let lock = Lock {
            wrapped: format!("{id} under a PIN"),
            id,
            salt: "salt".into(),
            count: 1,
            state: if self.is(Mutation::PhoneSaysSealedFirst) {
                LockState::Sealed
            } else {
                LockState::Sealing
            },
            turn: 0,
            numbers: true,
            after_min: 5,
        };
        let pin = format!("pin{}", self.number());
        if let Some(open) = self.phones[tab.phone].tab(tab.tab) {
            open.known.keys.push(lock.id.clone());
        }
        self.phones[tab.phone].pins.insert(lock.id.clone(), pin);
        self.tally.met.count(Met::PinSet);
        if self.chance.one_in(4) {
            let again = self.chance.time(50, 3_000);
            self.later(again, Event::UsesPin(tab));
        }
        self.puts_lock(tab, known, lock)
    }

    /// The key stays: one row is written.
    fn changes_pin(&mut self, tab: TabRef, known: &Known, lock: Lock) -> Done {
        let pin = format!("pin{}", self.number());
        self.phones[tab.phone].pins.insert(lock.id.clone(), pin);
        self.tally.met.count(Met::PinChanged);
        let lock = Lock {
            wrapped: format!("{} under another PIN", lock.id),
            ..lock
        };
        self.puts_lock(tab, known, lock)
    }

    fn turns_off(&mut self, tab: TabRef, known: &Known, lock: Lock) -> Done {
        self.tally.met.count(Met::PinOff);
        if self.is(Mutation::PhoneLetsLockGoFirst) {
            let rest = &mut self.phones[tab.phone].store.rest;
            put_lock(rest, &known.key(), &lock.id, None);
            self.looks_at_lock(tab);
            return Ok(());
        }
        let lock = Lock {
            state: LockState::Opening,
            turn: lock.turn + 1,
            ..lock
        };
        self.puts_lock(tab, known, lock)
    }

    /// Writes a lock in the place of the one that the tab knows, and begins what it asks for.
    fn puts_lock(&mut self, tab: TabRef, known: &Known, lock: Lock) -> Done {
        let rest = &mut self.phones[tab.phone].store.rest;
        if rest.is_as(known) {
            put_lock(rest, &known.key(), &lock.id, Some(&lock));
            self.spread_news(tab);
        }
        self.looks_at_lock(tab);
        self.phones[tab.phone].checks_sealed()?;
        self.begins_sealing(tab);
        self.lock_if_due(tab)
    }

    /// A tab reads how the lock of whose rows it shows stands.
    pub fn looks_at_lock(&mut self, tab: TabRef) {
        let phone = &mut self.phones[tab.phone];
        let rest = &phone.store.rest;
        if let Some(open) = phone.tabs.iter_mut().find(|open| open.number == tab.tab) {
            open.known.row = rest.row(META, &open.known.key()).cloned();
        }
    }

    /// A tab learns whose the phone is, and how their lock stands.
    pub fn learns_owner(&mut self, tab: TabRef) {
        let phone = &mut self.phones[tab.phone];
        let rest = &phone.store.rest;
        if let Some(open) = phone.tabs.iter_mut().find(|open| open.number == tab.tab) {
            open.known = rest.look(&open.known.keys);
        }
    }

    /// Before a write: a lock that is another than this tab knows is looked at. Whether it may write.
    pub fn knows_lock(&mut self, tab: TabRef) -> bool {
        let phone = &self.phones[tab.phone];
        let Some(open) = phone.tabs.iter().find(|open| open.number == tab.tab) else {
            return false;
        };
        if self.is(Mutation::PhoneIgnoresLock) {
            return true;
        }
        if phone.store.rest.is_as(&open.known) {
            return !open.known.is_locked();
        }
        self.tally.met.count(Met::FoundOtherLock);
        self.looks_at_lock(tab);
        self.known(tab).is_some_and(|known| !known.is_locked())
    }

    /// A write that is no batch's. Whether it was kept.
    pub fn writes(
        &mut self,
        tab: TabRef,
        write: impl FnOnce(&mut Store, &Known) -> Result<(), NotWritten>,
    ) -> Result<bool, String> {
        let kept = self.knows_lock(tab)
            && self
                .known(tab)
                .is_some_and(|known| write(&mut self.phones[tab.phone].store, &known).is_ok());
        self.lock_if_due(tab)?;
        self.phones[tab.phone].checks_sealed()?;
        Ok(kept)
    }

    /// Goes on with what was begun and cut: at a start, and whenever a write finds it so.
    pub fn goes_on_sealing(&mut self, tab: TabRef, starts: bool) {
        if self.is(Mutation::PhoneForgetsToGoOn) {
            return;
        }
        let begun = self.begins_sealing(tab);
        if begun && starts {
            self.tally.met.count(Met::WentOnSealing);
        }
    }

    /// Begins to seal, or to open for good, what is still to be; whether there was anything.
    pub fn begins_sealing(&mut self, tab: TabRef) -> bool {
        let phone = &mut self.phones[tab.phone];
        let owner = phone.store.rest.meta().owner;
        let begun = Settling::begin(&phone.store.rest, owner);
        let Some(open) = phone.tab(tab.tab) else {
            return false;
        };
        if begun.is_none() || open.settling.is_some() || open.known.is_locked() {
            return false;
        }
        open.settling = begun;
        self.later(1, Event::Seals(tab));
        true
    }

    /// One transaction more of sealing, or of opening for good.
    pub fn seals(&mut self, tab: TabRef) -> Done {
        let calm = self.calm;
        let phone = &mut self.phones[tab.phone];
        let Some(open) = phone.tabs.iter_mut().find(|open| open.number == tab.tab) else {
            return Ok(());
        };
        let Some(settling) = &mut open.settling else {
            return Ok(());
        };
        match settling.step(&mut phone.store.rest, &open.known.keys) {
            Step::On => {
                let pause = if calm { 1 } else { self.chance.time(1, 400) };
                self.later(pause, Event::Seals(tab));
                if !calm && self.chance.one_in(20) {
                    self.later(pause / 2, Event::TabDies(tab));
                }
                return Ok(());
            }
            Step::Done => {
                open.settling = None;
                if self.is(Mutation::PhoneCallsOthersSealed) {
                    self.calls_others_sealed(tab);
                }
                self.spread_news(tab);
            }
            Step::Stopped => {
                open.settling = None;
                self.tally.met.count(Met::SealingStopped);
            }
        }
        self.looks_at_lock(tab);
        self.phones[tab.phone].checks_sealed()?;
        self.lock_if_due(tab)
    }

    /// Goes on until all is sealed, or opened for good.
    pub fn ends_sealing(&mut self, tab: TabRef) -> Done {
        let is_sealing = |world: &mut Self| {
            let open = world.phones[tab.phone].tab(tab.tab);
            open.is_some_and(|open| open.settling.is_some())
        };
        while is_sealing(self) {
            self.seals(tab)?;
        }
        Ok(())
    }

    /// The mistake of taking everybody's rows for sealed who has the same lock.
    fn calls_others_sealed(&mut self, tab: TabRef) {
        let rest = &mut self.phones[tab.phone].store.rest;
        let known = rest.look(&[]);
        let locks = rest.of(META).filter(|(key, _)| key.starts_with("lock/"));
        let locks: Vec<(String, Lock)> = locks
            .filter_map(|(key, row)| Some((key.clone(), read(row)?)))
            .collect();
        for (key, lock) in locks {
            if known.lock().is_some_and(|known| known.id == lock.id) {
                let state = LockState::Sealed;
                rest.put(META, &key, json(&Lock { state, ..lock }));
            }
        }
    }

    /// A tab died: was it sealing?
    pub fn cut_while_sealing(&mut self, settling: bool, known: &Known) {
        if settling && let Some(lock) = known.lock() {
            self.tally.faults.count(match lock.state {
                LockState::Opening => Fault::CutWhileOpening,
                _ => Fault::CutWhileSealing,
            });
        }
    }

    /// Whether somebody has set a PIN on this phone.
    pub fn has_pin(&self, phone: usize) -> bool {
        self.phones[phone].store.rest.look(&[]).lock().is_some()
    }

    /// The person hides Chorus, or puts the phone away: every tab locks.
    pub fn locks(&mut self, phone: usize) -> Done {
        let tabs = self.phones[phone].tabs.iter().map(|tab| tab.number);
        for tab in tabs.collect::<Vec<_>>() {
            self.lock_up(TabRef { phone, tab })?;
        }
        Ok(())
    }

    /// Another tab has set or changed a PIN, or the next owner has one: this tab locks too.
    pub fn lock_if_due(&mut self, tab: TabRef) -> Done {
        match self.known(tab) {
            Some(known) if known.is_locked() => {
                self.tally.met.count(Met::LockedByAnother);
                self.lock_up(tab)
            }
            _ => Ok(()),
        }
    }

    /// A tab locks: what was typed is kept first, then the page is loaded anew.
    pub fn lock_up(&mut self, tab: TabRef) -> Done {
        self.looks_at_lock(tab);
        let in_round = self.phones[tab.phone].lock == Some(tab.tab);
        let Some(open) = self.phones[tab.phone].tab(tab.tab) else {
            return Ok(());
        };
        let typed = open.typed.take();
        let (writes, draft) = (open.pending.is_some(), typed.is_some());
        let known = open.known.clone();
        if known.lock().is_none() {
            open.typed = typed;
            return Ok(());
        }
        for (fault, strikes) in [
            (Fault::Locked, true),
            (Fault::LockedInRound, in_round),
            (Fault::LockedWhileWriting, writes),
            (Fault::LockedWithDraft, draft),
        ] {
            if strikes {
                self.tally.faults.count(fault);
            }
        }
        let phone = &mut self.phones[tab.phone];
        if let Some(typed) = typed
            && phone.store.write_draft(&typed, &known).is_err()
        {
            phone.typed.push(typed);
        }
        self.kill(tab.phone, tab.tab, false)?;
        self.open_tab(tab.phone)
    }

    /// A page says that the phone is locked, asks whether it is lost, and waits for the PIN.
    pub fn shows_lock(&mut self, phone: usize) -> Done {
        self.phones[phone].is_locked = true;
        self.phones[phone].checks_sealed()?;
        self.asks_if_lost(phone)?;
        if self.phones[phone].is_locked {
            let typed = if self.calm {
                1
            } else {
                self.chance.time(500, 60_000)
            };
            self.later(typed, Event::TypesPin(phone));
        }
        Ok(())
    }

    /// Nothing is sent but who asks, and nothing of the answer is kept.
    fn asks_if_lost(&mut self, phone: usize) -> Done {
        let it = &self.phones[phone];
        let kept = it.store.rest.meta();
        let mut request = SyncRequest {
            protocol: PROTOCOL,
            device: it.device,
            member: kept.owner.member(),
            cursor: kept.cursor,
            commands: Vec::new(),
            sealed: false,
        };
        if self.is(Mutation::PhoneSendsWhileLocked) {
            let waits = it.store.outbox().into_iter();
            let texts = waits.filter_map(|row| RawValue::from_string(row.text).ok());
            request.commands = texts.collect();
        }
        let (device, cookie) = (it.device, it.cookie.clone());
        let body = serde_json::to_vec(&request).map_err(|error| error.to_string())?;
        self.oracle.sending_locked(&request, &body)?;
        let no_signal = !self.calm && (self.now < it.no_signal_until || self.chance.one_in(4));
        if no_signal {
            return Ok(());
        }
        let answer = self.call("/api/sync", cookie, &request)?;
        if let (200, Some(member)) = (answer.status, request.member) {
            self.has_called(member, device);
        }
        if answer.status != 200 && link_error(&answer, device) == LinkError::Revoked {
            self.tally.met.count(Met::ErasedWhileLocked);
            self.may_be_erased(phone)?;
            self.erase_unread(phone, &[DEVICE, CLEARED])?;
            return self.is_cleared(phone);
        }
        Ok(())
    }

    /// The person types their PIN, or what they take for it; or has forgotten it.
    pub fn types_pin(&mut self, phone: usize) -> Done {
        let look = self.phones[phone].store.rest.look(&[]);
        if !self.phones[phone].is_locked {
            return Ok(());
        }
        let Some(lock) = look.lock() else {
            // Another tab has turned it off meanwhile, or somebody has left.
            self.phones[phone].is_locked = false;
            return self.open_tab(phone);
        };
        if !self.calm && self.chance.one_in(14) {
            return self.forgets_pin(phone);
        }
        let now = self.now + self.phones[phone].skew;
        let key = rows::about(TRIES, look.owner);
        let rest = &mut self.phones[phone].store.rest;
        let tries: Tries = rest
            .row(META, &key)
            .and_then(|row| read(row))
            .unwrap_or_default();
        let free = tries.next_at(now) <= now;
        let counted = if free {
            tries.one_more(now)
        } else {
            tries.seen(now)
        };
        rest.put(META, &key, json(&counted));
        if !free {
            self.tally.met.count(Met::PinTooSoon);
            let wait = tries.next_at(now) - now;
            self.later(wait, Event::TypesPin(phone));
            return Ok(());
        }
        // Who has it wrong once often has it wrong again.
        let wrong = match tries.wrong {
            0 => self.chance.one_in(3),
            1..MOST_WRONG => !self.chance.one_in(4),
            _ => false,
        };
        let wrong = wrong && !self.calm;
        let pin = &self.phones[phone].pins[&lock.id];
        let typed = if wrong { "another" } else { pin.as_str() };
        let opens = typed == pin || self.is(Mutation::PhoneOpensWithAnyPin);
        if opens && typed != pin {
            return Err(format!("phone {phone} was opened with a wrong PIN"));
        }
        if !opens {
            self.tally.faults.count(Fault::WrongPin);
            let again = self.chance.time(500, 20_000);
            self.later(again, Event::TypesPin(phone));
            return Ok(());
        }
        self.phones[phone].store.rest.remove(META, &key);
        self.opens(phone, lock.id)
    }

    /// The right PIN: the page that was locked goes on, with what was typed in it.
    fn opens(&mut self, phone: usize, id: String) -> Done {
        self.tally.met.count(Met::Opened);
        self.phones[phone].is_locked = false;
        self.phones[phone].store.check_rest()?;
        self.open_with(phone, &[id])?;
        let typed = std::mem::take(&mut self.phones[phone].typed);
        let Some(tab) = self.phones[phone].tabs.last().map(|tab| tab.number) else {
            return Ok(());
        };
        let tab = TabRef { phone, tab };
        for typed in typed {
            self.writes(tab, |store, known| store.write_draft(&typed, known))?;
        }
        Ok(())
    }

    /// Begins anew: what is the owner's goes unread, and they join again.
    fn forgets_pin(&mut self, phone: usize) -> Done {
        self.tally.faults.count(Fault::PinForgotten);
        let person = self.phones[phone].person;
        let owner = self.phones[phone].store.meta().owner;
        self.oracle.leaves(phone, owner);
        self.erase_unread(phone, &[])?;
        self.phones[phone].person = None;
        self.start_anew(phone)?;
        if let Some(person) = person {
            let joins = self.chance.time(1_000, 60_000);
            self.later(joins, Event::Joins(phone, person));
        }
        Ok(())
    }

    fn erase_unread(&mut self, at: usize, notes: &[&str]) -> Done {
        let store = &self.phones[at].store;
        let old = store.rest.meta();
        let note = |key: &&str| Write::PutMeta {
            key: (*key).to_owned(),
            text: String::new(),
        };
        let with: Vec<Write> = notes.iter().map(note).collect();
        let mut writes = with.clone();
        let records = store.records.keys().filter_map(|key| RecordKey::parse(key));
        let own = records.filter(|key| key.scope != "public");
        writes.extend(own.map(Write::DeleteRecord));
        let waits = store.rows().filter(|row| row.owner == old.owner);
        writes.extend(waits.map(|row| Write::DeleteOutbox(row.id)));
        writes.push(Write::EraseOwn(old.owner));
        let batch = Batch {
            id: 0,
            expect: old.revision,
            writes,
            meta: Meta {
                revision: old.revision + 1,
                next_seq: old.next_seq,
                resyncing: true,
                ..Meta::default()
            },
        };
        self.oracle.committing(at, store, &batch)?;
        let mut changes: Vec<Change> = with.into_iter().map(Change::from).collect();
        let keys: Vec<String> = store.records.keys().cloned().collect();
        changes.extend(rows::erase_unread(&old, keys.iter()));
        let store = &mut self.phones[at].store;
        let known = store.rest.look(&[]);
        let erased = store.rest.write(&known, changes);
        erased.map_err(|why| format!("what is locked could not be erased: {why:?}"))?;
        store.follow(&batch);
        self.phones[at].typed.clear();
        Ok(())
    }

    /// The mistake of erasing what is anybody's.
    pub fn erases_everybody(&mut self, phone: usize, batch: &Batch) {
        let erases = |write: &Write| matches!(write, Write::EraseOwn(_));
        if batch.writes.iter().any(erases) {
            let people = self.people.iter().map(|person| person.member);
            for member in people.collect::<Vec<_>>() {
                let rest = &mut self.phones[phone].store.rest;
                rest.change(Change::Erase(Owner::Member(member)));
            }
        }
    }
}

impl Phone {
    /// Where all is sealed, nothing of the owner's can be read.
    ///
    /// # Errors
    /// What can be.
    pub fn checks_sealed(&self) -> Result<(), String> {
        if self.pins.is_empty() {
            return Ok(());
        }
        self.store.check_unreadable()
    }
}
