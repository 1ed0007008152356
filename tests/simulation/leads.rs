//! Members who lead opportunities: how they come to, what their phones may be told of other people and keep of
//! it, and what they say about who came.

use super::{
    faults::Met,
    mutation::Mutation,
    network::{Flight, JOINS_AS},
    phone::TabRef,
    verdict::Truth,
    world::{Event, STORM_MS, World},
};
use app::{
    domain::{
        attendee::{Attendance, Attendee},
        command::Command,
        id::{MemberId, OpportunityId, SignUpId},
        member::Named,
        pin::{Lock, LockState},
        record::{SignUp, kind},
        sign_up::SignUpState,
    },
    flat_map::FlatMap,
    json::read,
    sync::{
        outbox::OutboxRow,
        overlay,
        rows::META,
        sealed::is_of_others,
        store::RecordKey,
        wire::{ScopeSum, SyncResponse},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

type Done = Result<(), String>;

/// Who comes to what, as whoever leads it must be told: by opportunity and sign-up.
pub type Others = BTreeMap<(OpportunityId, String), Attendee>;

impl World {
    /// In half of the runs somebody leads, and who does changes a few times.
    pub fn plan_leads(&mut self) {
        if self.chance.one_in(2) {
            return;
        }
        for _ in 0..=self.chance.below(5) {
            let at = self.chance.time(0, STORM_MS);
            self.later(at, Event::LeadChanges);
        }
    }

    /// Staff give somebody the lead of an opportunity, or end it; who leads is asked to set a PIN.
    pub fn lead_changes(&mut self) -> Done {
        let person = match self.chance.one_in(2) {
            true => 0,
            false => self.chance.below(self.people.len()),
        };
        let member = self.people[person].member;
        let sessions = self.server.sessions();
        let opportunity = sessions[self.chance.below(sessions.len())].opportunity;
        if self.oracle.has_left(member) {
            return Ok(());
        }
        let leads = !self.server.led_by(member).contains(&opportunity);
        self.server.lead(self.now, opportunity, member, leads);
        self.tally.met.count(match leads {
            true => Met::LeadGiven,
            false => Met::LeadEnded,
        });
        for phone in 0..self.phones.len() {
            if leads && self.phones[phone].person == Some(person) && !self.chance.one_in(4) {
                let sets = self.chance.time(50, 30_000);
                self.later(sets, Event::SetsPin(phone));
            }
        }
        self.server.check()
    }

    /// Somebody who leads says whether a person came whom their phone has from the server; or somebody who
    /// does not, of nobody.
    pub fn says_who_came(&mut self, phone: usize) -> Done {
        let Some(tab) = self.some_tab(phone) else {
            return Ok(());
        };
        let keys = self.phones[phone].store.records.keys();
        let keys = keys.filter_map(|key| RecordKey::parse(key));
        let ids: Vec<Uuid> = keys
            .filter(|key| key.kind() == kind::ATTENDEE)
            .filter_map(|key| key.id().parse().ok())
            .collect();
        let nobody = self.chance.id(self.now);
        let id = match self.chance.pick(&ids).copied() {
            Some(id) => id,
            None if self.chance.one_in(4) => nobody,
            None => return Ok(()),
        };
        self.tally.met.count(Met::SaidWhoCame);
        let said = Attendance {
            sign_up: SignUpId(id),
            came: self.chance.below(3) > 0,
        };
        self.make(tab, Command::MarkAttendance(said), "", Vec::new())
    }

    /// Whether a request says that the phone seals its rows, with which comes what is told of other people.
    ///
    /// # Errors
    /// It does not.
    pub fn says_that_it_seals(&mut self, tab: TabRef) -> Result<bool, String> {
        self.looks_at_lock(tab);
        let Some(known) = self.known(tab) else {
            return Ok(false);
        };
        let seals = known.lock().is_some() && known.is_settled();
        let leads = known.owner.member().filter(|_| seals && !self.calm);
        let leads = leads.is_some_and(|member| !self.server.led_by(member).is_empty());
        if leads && self.chance.one_in(12) {
            let off = self.chance.time(0, 5_000);
            self.later(off, Event::TurnsPinOff(tab.phone));
        }
        let says = seals || self.is(Mutation::PhoneClaimsToSeal);
        let rest = &self.phones[tab.phone].store.rest;
        let lock: Option<Lock> = rest.row(META, &known.key()).and_then(|row| read(row));
        if says && lock.is_none_or(|lock| lock.state != LockState::Sealed) {
            return Err(format!(
                "phone {} says that it seals and does not",
                tab.phone
            ));
        }
        Ok(says)
    }

    /// What other people told about themselves goes only to a phone that seals, of a member who leads what they
    /// come to, and nothing of who has taken it back.
    pub fn tells_of_others(&mut self, flight: &Flight, page: &SyncResponse) -> Done {
        let sums = page.sums.iter().flat_map(|sums| sums.iter());
        let scopes = page.changes.iter().map(|change| &change.scope);
        let told = scopes.chain(sums.map(|(scope, _)| scope));
        let told: BTreeSet<String> = told.filter(|scope| is_of_others(scope)).cloned().collect();
        if told.is_empty() {
            return Ok(());
        }
        let member = flight.member.ok_or("nobody was told of others")?;
        if !flight.sealed {
            return Err(format!(
                "a phone of {member} was told of others and does not seal"
            ));
        }
        let led = self.scopes_led(member);
        if let Some(scope) = told.difference(&led).next() {
            return Err(format!("{member} was told {scope} and does not lead it"));
        }
        for change in page.changes.iter().filter(|it| is_of_others(&it.scope)) {
            if let Some(body) = change.body.as_ref().filter(|_| !change.deleted) {
                self.oracle.told_of(&change.id, body.0.get())?;
            }
        }
        Ok(())
    }

    /// A page tells of other people, or that some of them come no more.
    pub fn hears_of_others(&mut self, phone: usize, page: &SyncResponse) {
        let belongs_no_more = page.changes.iter();
        let belongs_no_more =
            belongs_no_more.filter(|it| it.kind == kind::MEMBERSHIP && it.deleted);
        for change in belongs_no_more {
            self.oracle.come_no_more(&change.id);
        }
        let of_others = page.changes.iter().filter(|it| is_of_others(&it.scope));
        let (gone, told): (Vec<_>, Vec<_>) = of_others.partition(|change| change.deleted);
        for change in gone {
            self.oracle.come_no_more(&change.id);
        }
        if told.is_empty() {
            return;
        }
        self.tally.met.count(Met::ToldOfOthers);
        if !self.calm && self.chance.one_in(3) {
            let says = self.chance.time(500, 60_000);
            self.later(says, Event::SaysWhoCame(phone));
        }
    }

    /// The mistake of taking every scope for one that may still be read.
    pub fn as_if_still_read(&self, phone: usize, page: &mut SyncResponse) {
        let (Some(sums), records) = (&mut page.sums, &self.phones[phone].store.records) else {
            return;
        };
        let held = records.keys().filter_map(|key| RecordKey::parse(key));
        let mut lost = FlatMap::<ScopeSum>::default();
        for key in held.filter(|key| !sums.contains_key(&key.scope)) {
            lost.entry(&key.scope).add(key.kind(), key.id(), key.seq);
        }
        sums.extend(lost);
    }

    /// After a complete pull a phone holds nothing of a scope that it may not read any more.
    pub fn keeps_what_it_may(&mut self, tab: TabRef) -> Done {
        let phone = &mut self.phones[tab.phone];
        let records = phone.store.records.keys();
        let held: BTreeSet<String> = records
            .filter_map(|key| Some(RecordKey::parse(key)?.scope))
            .collect();
        let Some(may) = phone.tab(tab.tab).and_then(|open| open.may_read.clone()) else {
            return Ok(());
        };
        if let Some(scope) = held.iter().find(|scope| !may.contains(*scope)) {
            return Err(format!(
                "phone {} holds {scope} after a pull that does not tell it",
                tab.phone
            ));
        }
        Ok(())
    }

    /// What was said last of somebody, of what still waits, is what their name stands with. (The network may answer
    /// by itself that one cannot be read: the next one goes first then, and is said no more.)
    pub fn attendance_shows(&self, tab: TabRef, rows: &[OutboxRow], said: Attendance) -> Done {
        let open = self.phones[tab.phone]
            .tabs
            .iter()
            .find(|open| open.number == tab.tab);
        let Some(owner) = open.map(|open| open.replica.status().owner) else {
            return Ok(());
        };
        let last = rows.iter().rev();
        let last = last.filter(|row| row.owner == owner && !row.is_kept_only());
        let mut last = last.filter_map(|row| match row.command() {
            Some(Command::MarkAttendance(it)) if it.sign_up == said.sign_up => Some(it.came),
            _ => None,
        });
        let id = said.sign_up.to_string();
        let records = self.phones[tab.phone].store.records.iter();
        let mut records = records.filter_map(|(key, body)| Some((RecordKey::parse(key)?, body)));
        let record = records.find(|(key, _)| key.kind() == kind::ATTENDEE && key.id() == id);
        let (Some(came), Some((_, body))) = (last.next(), record) else {
            return Ok(());
        };
        let stored = vec![(id, body.clone())];
        let laid = overlay::lay(kind::ATTENDEE, stored, rows, owner);
        let shown: Attendee = serde_json::from_str(&laid[0].body).map_err(|it| it.to_string())?;
        match (shown.state, came) {
            (SignUpState::Attended, true) | (SignUpState::NotThere, false) => Ok(()),
            (state, _) => Err(format!("{said:?} waits, and {state:?} is shown")),
        }
    }

    /// The scopes of what a member leads.
    pub fn scopes_led(&self, member: MemberId) -> BTreeSet<String> {
        let led = self.server.led_by(member);
        led.iter().map(|it| format!("lead:{it}")).collect()
    }

    /// What whoever leads must be told of a member, who may read `truth`.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn who_comes(&self, truth: &Truth) -> Result<Others, String> {
        let sessions = self.server.sessions();
        let mut name = Some(JOINS_AS.to_owned());
        let mut sign_ups = Vec::new();
        for (key, body) in truth {
            let key = RecordKey::parse(key).ok_or("no key")?;
            let read = |error| format!("{body} cannot be read: {error}");
            match key.kind() {
                kind::SIGN_UP => {
                    let sign_up: SignUp = serde_json::from_str(body).map_err(read)?;
                    sign_ups.push((key.id().to_owned(), sign_up));
                }
                kind::MEMBER => name = serde_json::from_str::<Named>(body).map_err(read)?.name,
                _ => {}
            }
        }
        let comes = sign_ups.into_iter().filter_map(|(id, sign_up)| {
            let mut of = sessions.iter();
            let of = of.find(|facts| Some(facts.id) == sign_up.session)?;
            let attendee = Attendee::of(&sign_up, name.as_deref())?;
            Some(((of.opportunity, id), attendee))
        });
        Ok(comes.collect())
    }
}

/// Whoever leads is told of everybody who comes, by the name that they want now, and of nobody else.
pub fn judge_told(led: &BTreeSet<OpportunityId>, truth: &Truth, others: &Others) -> Done {
    let mut told = Others::new();
    for (key, body) in truth {
        let key = RecordKey::parse(key).ok_or("no key")?;
        let Some(opportunity) = key.scope.strip_prefix("lead:") else {
            continue;
        };
        let opportunity = opportunity.parse().map_err(|_| "no opportunity")?;
        let attendee = serde_json::from_str(body)
            .map_err(|error| format!("{body} cannot be read: {error}"))?;
        told.insert((OpportunityId(opportunity), key.id().to_owned()), attendee);
    }
    let here = others.iter().filter(|((of, _), _)| led.contains(of));
    let wanted: Others = here.map(|(key, it)| (key.clone(), it.clone())).collect();
    if told == wanted {
        return Ok(());
    }
    let differs = |(key, it): &(&_, &_)| told.get(*key) != Some(*it);
    let less = wanted.iter().find(differs);
    let more = told.keys().find(|key| !wanted.contains_key(*key));
    Err(format!(
        "{less:?} comes, {more:?} does not, and leads are told otherwise"
    ))
}
