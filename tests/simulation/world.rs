//! The world of a run: virtual time, and the queue of what happens next.

use super::{
    chance::Chance,
    faults::{Fault, Met, Tally},
    mutation::Mutation,
    network::Flight,
    oracle::Oracle,
    phone::{Phone, TabRef},
    server::{Answer, Server},
};
use app::{
    domain::{
        id::{DeviceId, MemberId},
        time::Millis,
    },
    sync::{
        outbox::{self, OutboxRow},
        replica::{Input, RequestId},
        status::Status,
        store::BatchId,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
};

/// When runs begin: Monday 23 November 2026, 09.12.
pub const START: Millis = 1_795_425_120_000;
/// How long faults strike.
pub const STORM_MS: Millis = 15 * 60_000;
/// How often each phone is looked at once faults have stopped, and how long between.
const CALM_ROUNDS: i64 = 8;
const CALM_STEP_MS: Millis = 40_000;

/// The most that happens in one run: more is a loop.
const MOST_EVENTS: u64 = 100_000;

/// What happens at a time.
#[derive(Debug)]
pub enum Event {
    /// A write ends.
    StoreDone(TabRef, BatchId),
    /// The lock may be free.
    LockTurn(usize),
    /// A request arrives at the server.
    Arrive(Box<Flight>),
    /// An answer, or the news that there is none, reaches a tab.
    Answered(TabRef, RequestId, Option<Answer>),
    /// The answer to a renewal.
    Renew(TabRef, MemberId),
    /// A timer rings.
    Wake(TabRef, Millis),
    /// A tab hears that another one wrote.
    News(TabRef),
    /// Something happens on a phone: its person acts.
    PersonActs(usize),
    /// Someone joins on a phone.
    Joins(usize, usize),
    /// Something goes wrong.
    Chaos,
    /// Staff act.
    StaffActs,
    /// A backup is made.
    BackUp,
    /// The server goes back to the last backup.
    Restore,
    /// A new version of the server.
    ServerUpdate,
    /// A tab dies while it writes.
    TabDies(TabRef),
    /// A tab is looked at.
    Look(TabRef),
    /// A tab is loaded anew.
    Anew(TabRef),
    /// A tab goes on sealing rows, or opening them for good.
    Seals(TabRef),
    /// A person uses their PIN again.
    UsesPin(TabRef),
    /// Nobody has used a phone for long, or it is put away.
    Locks(usize),
    /// Somebody types a PIN into a locked phone.
    TypesPin(usize),
    /// What was typed is written.
    Rests(TabRef),
    /// A tab asks whose what was written before joining is, as another one has just asked.
    AsksWhose(usize),
    /// A phone gets another owner.
    ChangesHands(usize),
    /// Staff give somebody the lead of an opportunity, or end it.
    LeadChanges,
    /// Somebody who leads sets the PIN that it needs.
    SetsPin(usize),
    /// Somebody turns their PIN off.
    TurnsPinOff(usize),
    /// Somebody who leads says who came.
    SaysWhoCame(usize),
}

/// One person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who they are to the server.
    pub member: MemberId,
    /// What renews their session.
    pub key: String,
}

/// A run.
pub struct World {
    /// The true time.
    pub now: Millis,
    /// All chance.
    pub chance: Chance,
    /// What went wrong so far, and what phones went through.
    pub tally: Tally,
    /// Who watches.
    pub oracle: Oracle,
    /// The server.
    pub server: Box<dyn Server>,
    /// The phones.
    pub phones: Vec<Phone>,
    /// The people.
    pub people: Vec<Person>,
    /// Members and their devices that the server has heard of.
    pub devices: BTreeSet<(MemberId, DeviceId)>,
    /// Those that somebody on staff was asked to have erased: whoever asked asks again if that is forgotten.
    pub revoked: BTreeSet<(MemberId, DeviceId)>,
    /// Those that the server was told are lost by another phone of theirs.
    pub lost: BTreeSet<(MemberId, DeviceId)>,
    /// All that were ever asked to erase themselves.
    pub ever_lost: BTreeSet<(MemberId, DeviceId)>,
    /// Those that the server had heard of at the last backup, and those that were lost.
    known_then: [BTreeSet<(MemberId, DeviceId)>; 2],
    /// Phones that somebody joined on since the last backup.
    pub joined_since: BTreeSet<usize>,
    /// Lost phones by whose return key a restored server knows nobody.
    pub cut_off: BTreeSet<usize>,
    /// Whether faults have stopped.
    pub calm: bool,
    /// The deliberate mistake of this run.
    pub mutation: Option<Mutation>,
    /// Requests that left phones.
    pub requests: u64,
    events: BTreeMap<(Millis, u64), Event>,
    last_number: u64,
    happened: u64,
}

impl World {
    /// The world of a seed.
    pub fn new(seed: u64, server: Box<dyn Server>, mutation: Option<Mutation>) -> Self {
        Self {
            now: START,
            chance: Chance::new(seed),
            tally: Tally::default(),
            oracle: Oracle::default(),
            server,
            phones: Vec::new(),
            people: Vec::new(),
            devices: BTreeSet::new(),
            revoked: BTreeSet::new(),
            lost: BTreeSet::new(),
            ever_lost: BTreeSet::new(),
            known_then: Default::default(),
            joined_since: BTreeSet::new(),
            cut_off: BTreeSet::new(),
            calm: false,
            mutation,
            requests: 0,
            events: BTreeMap::new(),
            last_number: 0,
            happened: 0,
        }
    }

    /// Lives from the first act to the verdict.
    ///
    /// # Errors
    /// The invariant that did not hold.
    pub fn live(&mut self) -> Result<(), String> {
        self.begin()?;
        self.run_until(START + STORM_MS)?;
        self.calm_down()?;
        for round in 1..=CALM_ROUNDS {
            for at in 0..self.phones.len() {
                self.look_at(at);
            }
            self.run_until(START + STORM_MS + round * CALM_STEP_MS)?;
        }
        self.judge()
    }

    /// Whether this run makes this mistake.
    pub fn is(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }

    /// Whether a fault strikes now, once in `n` times; counted if it does.
    pub fn strikes(&mut self, fault: Fault, n: usize) -> bool {
        let strikes = !self.calm && self.chance.one_in(n);
        if strikes {
            self.tally.faults.count(fault);
        }
        strikes
    }

    /// Tells what happens, if somebody wants to know.
    pub fn tell(&self, what: impl FnOnce() -> String) {
        if super::TELLS.load(Ordering::Relaxed) {
            println!("{} {}", self.now, what());
        }
    }

    /// Puts something in the queue.
    pub fn later(&mut self, delay: Millis, event: Event) {
        let number = self.number();
        self.events.insert((self.now + delay.max(0), number), event);
    }

    /// A number that was not used before.
    pub fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// The lines between members, phones and time at the start: two members with two phones or tabs
    /// each, and a phone that two people share.
    fn begin(&mut self) -> Result<(), String> {
        for n in 0..4 {
            self.meet(usize::from(n == 3))?;
        }
        self.back_up();
        self.plan_restores();
        let owners = [0, 0, 1, 2];
        for (at, person) in owners.into_iter().enumerate() {
            let device = DeviceId(self.chance.id(self.now));
            self.phones.push(Phone::new(device));
            self.phones[at].skew = match self.chance.below(4) {
                0 => self.chance.time(-90_000_000, 90_000_000),
                _ => 0,
            };
            for _ in 0..=usize::from(at == 0 || self.chance.one_in(4)) {
                self.open_tab(at)?;
            }
            let joins = self.chance.time(0, 120_000);
            self.later(joins, Event::Joins(at, person));
            for _ in 0..self.chance.below(12) {
                let acts = self.chance.time(0, STORM_MS);
                self.later(acts, Event::PersonActs(at));
            }
        }
        // Two people are one for a while: somebody else joins on the last phone.
        if self.chance.one_in(2) {
            let joins = self.chance.time(180_000, STORM_MS);
            self.later(joins, Event::Joins(3, 3));
        }
        for _ in 0..self.chance.below(16) {
            let at = self.chance.time(0, STORM_MS);
            self.later(at, Event::StaffActs);
        }
        for _ in 0..self.chance.below(30) {
            let at = self.chance.time(0, STORM_MS);
            self.later(at, Event::Chaos);
        }
        self.later(STORM_MS / 2, Event::ServerUpdate);
        self.plan_leads();
        Ok(())
    }

    /// In some runs the server goes back in time, once or twice.
    fn plan_restores(&mut self) {
        if !self.chance.one_in(3) {
            return;
        }
        for _ in 0..=self.chance.below(2) {
            let backed_up = self.chance.time(0, STORM_MS);
            self.later(backed_up, Event::BackUp);
            let restored = self.chance.time(backed_up, STORM_MS);
            self.later(restored, Event::Restore);
        }
    }

    fn back_up(&mut self) {
        self.server.back_up();
        self.oracle.back_up();
        self.known_then = [self.devices.clone(), self.lost.clone()];
        self.joined_since.clear();
    }

    fn restore(&mut self) {
        self.tally.faults.count(Fault::Restored);
        self.server.restore(self.now);
        self.oracle.restore();
        let [known, lost] = self.known_then.clone();
        if self.lost.difference(&lost).next().is_some() {
            self.tally.met.count(Met::LossForgotten);
        }
        if !self.joined_since.is_empty() {
            self.tally.met.count(Met::JoinForgotten);
        }
        (self.devices, self.lost) = (known, lost);
        // Whoever lost a phone asks for it again, and for one that is not known yet once it has called.
        for (member, device) in self.devices.intersection(&self.revoked) {
            self.server.revoke(*member, *device);
        }
    }

    fn run_until(&mut self, end: Millis) -> Result<(), String> {
        while let Some(next) = self.events.first_entry() {
            let at = next.key().0;
            if at > end {
                break;
            }
            let event = next.remove();
            self.now = at;
            self.happened += 1;
            if self.happened > MOST_EVENTS {
                return Err(format!("this does not end; next is {event:?}"));
            }
            self.happen(event)?;
        }
        self.now = end;
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Result<(), String> {
        let told = matches!(event, Event::Arrive(_) | Event::Answered(..));
        if !told {
            self.tell(|| format!("{event:?}"));
        }
        match event {
            Event::StoreDone(tab, batch) => self.store_done(tab, batch),
            Event::LockTurn(phone) => self.lock_turn(phone),
            Event::Arrive(flight) => self.arrive(*flight),
            Event::Answered(tab, request, answer) => self.answered(tab, request, answer),
            Event::Renew(tab, member) => self.renew(tab, member),
            Event::Wake(tab, at) => self.wake(tab, at),
            Event::News(tab) => self.news(tab),
            Event::PersonActs(phone) => self.person_acts(phone),
            Event::Joins(phone, person) => self.join(phone, person),
            Event::Chaos => self.chaos(),
            Event::StaffActs => {
                if self.chance.one_in(4) {
                    self.server.show_help_line(self.chance.one_in(2));
                } else if self.chance.one_in(3) {
                    self.server.staff_words(&mut self.chance);
                } else {
                    self.server.staff_act(self.now, &mut self.chance);
                }
                self.server.check()
            }
            Event::BackUp => {
                self.back_up();
                Ok(())
            }
            Event::Restore => {
                self.restore();
                self.server.check()
            }
            Event::ServerUpdate => {
                self.server.update();
                Ok(())
            }
            Event::TabDies(_) if self.calm => Ok(()),
            Event::TabDies(tab) => self.tab_dies(tab),
            Event::Look(tab) => self.give(tab, Input::Try),
            Event::Anew(tab) => self.anew(tab),
            Event::Seals(tab) => self.seals(tab),
            Event::Locks(phone) if !self.calm => self.locks(phone),
            Event::UsesPin(tab) if !self.calm => self.uses_pin_again(tab),
            Event::AsksWhose(phone) if !self.calm => self.asks_whose(phone),
            Event::ChangesHands(phone) if !self.calm => self.changes_hands(phone),
            Event::LeadChanges => self.lead_changes(),
            Event::SetsPin(phone) if !self.calm => self.sets_first_pin(phone),
            Event::TurnsPinOff(phone) if !self.calm => self.turns_pin_off(phone),
            Event::SaysWhoCame(phone) if !self.calm => self.says_who_came(phone),
            Event::Locks(_)
            | Event::UsesPin(_)
            | Event::AsksWhose(_)
            | Event::ChangesHands(_)
            | Event::SetsPin(_)
            | Event::TurnsPinOff(_)
            | Event::SaysWhoCame(_) => Ok(()),
            Event::TypesPin(phone) => self.types_pin(phone),
            Event::Rests(tab) => self.keep_typed(tab),
        }
    }

    /// Faults stop; what a person would put right by hand is put right.
    fn calm_down(&mut self) -> Result<(), String> {
        self.calm = true;
        let anew = self.chance.one_in(2);
        self.server.update();
        self.server.crash();
        for at in 0..self.phones.len() {
            self.phones[at].cookie = None;
            self.join_again(at)?;
            let look = self.phones[at].store.rest.look(&[]);
            if anew || self.phones[at].tabs.is_empty() || !look.is_settled() {
                self.start_anew(at)?;
            }
            let person = self.phones[at].person;
            let owner = self.phones[at].store.meta().owner.member();
            if let Some(person) = person
                && owner != Some(self.people[person].member)
            {
                self.join(at, person)?;
            }
        }
        Ok(())
    }

    /// A restored server may not know the key of a phone any more: its person joins again, unless it is lost.
    fn join_again(&mut self, at: usize) -> Result<(), String> {
        let Some(person) = self.phones[at].person else {
            return Ok(());
        };
        let (member, device) = (self.people[person].member, self.phones[at].device);
        let Some(key) = self.phones[at].key(member) else {
            return Ok(());
        };
        if self.come_back(member, &key, Some(device))?.status != 401 {
            return Ok(());
        }
        let ended =
            self.revoked.contains(&(member, device)) || self.lost.contains(&(member, device));
        if ended || self.oracle.has_left(member) {
            self.cut_off.insert(at);
            return Ok(());
        }
        self.join(at, person)
    }

    /// All tabs are closed and one is opened: what was deferred is tried again.
    pub fn start_anew(&mut self, phone: usize) -> Result<(), String> {
        self.phones[phone].is_locked = false;
        while let Some(tab) = self.phones[phone].tabs.first().map(|tab| tab.number) {
            self.kill(phone, tab, false)?;
        }
        self.open_tab(phone)
    }

    fn look_at(&mut self, phone: usize) {
        let numbers: Vec<_> = self.phones[phone]
            .tabs
            .iter()
            .map(|tab| tab.number)
            .collect();
        for (nth, tab) in (0..).zip(numbers) {
            self.later(nth * 500, Event::Look(TabRef { phone, tab }));
        }
    }

    /// A status must count what the store counts.
    pub fn status_told(&self, tab: TabRef, status: Status) -> Result<(), String> {
        let phone = &self.phones[tab.phone];
        let Some(open) = phone.tabs.iter().find(|open| open.number == tab.tab) else {
            return Ok(());
        };
        // A tab that has just found itself locked is about to be loaded anew.
        if open.known.is_locked()
            || open.pending.is_some()
            || open.replica.revision() != phone.store.revision()
        {
            return Ok(());
        }
        if self.is(Mutation::PhoneMixesOwners) || self.is(Mutation::PhoneKeepsNoWithdrawals) {
            return Ok(());
        }
        let rows = open.replica.outbox();
        let stored = |row: &OutboxRow| phone.store.row(row.id) == Some(row);
        // What another person left under their own PIN only their tab can read.
        let counts = |row: &&OutboxRow| phone.pins.is_empty() || row.owner == status.owner;
        let (here, there) = (
            rows.iter().filter(counts).count(),
            phone.store.rows().filter(counts).count(),
        );
        if here != there || !rows.iter().all(stored) {
            let other = rows.iter().find(|row| !stored(row));
            return Err(format!(
                "tab {} and its store have other rows: {here}, {there}, {other:?}",
                tab.tab
            ));
        }
        let count = outbox::waiting(rows, status.owner).len();
        if count != status.unsent {
            return Err(format!("{} are called unsent, {count} are", status.unsent));
        }
        Ok(())
    }
}
