//! The end of a run: faults have stopped, and everything must have come right.

use super::{
    groups::group_scope,
    leads::{Others, judge_told},
    model::judge_check_in,
    oracle::{is_gone, is_over, is_withdrawal},
    server::SessionFacts,
    store::Store,
    world::World,
};
use app::{
    domain::{
        check_in::CheckInState,
        command::Command,
        id::{DeviceId, MemberId},
        member::Named,
        needs::Needs,
        opportunity::Gives,
        record::{CheckIn, SignUp, kind},
        sign_up::SignUpState,
        time::rfc3339,
        words::{Document, suggestion::Suggestion},
    },
    flat_map::FlatMap,
    sync::{
        outbox::Owner,
        sealed::is_of_others,
        store::RecordKey,
        wire::{PROTOCOL, ScopeSum, SyncRequest, SyncResponse},
    },
};
use std::collections::{BTreeMap, BTreeSet};

type Check = Result<(), String>;

/// A member's records on the server: bodies by key.
pub type Truth = BTreeMap<String, String>;

impl World {
    /// Whether everything came right.
    ///
    /// # Errors
    /// The invariant that did not hold.
    pub fn judge(&mut self) -> Check {
        self.server.check()?;
        self.server.verify()?;
        let mut sign_ups = Vec::new();
        let mut truths = BTreeMap::new();
        let mut others = Others::new();
        for person in self.people.clone() {
            if self.oracle.has_left(person.member) {
                continue;
            }
            let truth = self.pull(Some((person.member, &person.key)))?;
            self.judge_member(person.member, &truth, &mut sign_ups)?;
            self.judge_words(person.member, &truth)?;
            others.extend(self.who_comes(&truth)?);
            truths.insert(Some(person.member), truth);
        }
        truths.insert(None, self.pull(None)?);
        for (member, truth) in &truths {
            if let Some(member) = member {
                judge_told(&self.server.led_by(*member), truth, &others)?;
            }
        }
        for facts in self.server.sessions() {
            judge_session(&facts, &sign_ups)?;
        }
        for at in 0..self.phones.len() {
            self.judge_phone(at, &truths)?;
        }
        Ok(())
    }

    /// Everything that a member may read, asked for by someone with a clean slate.
    fn pull(&mut self, who: Option<(MemberId, &str)>) -> Result<Truth, String> {
        let cookie = match who {
            Some((member, key)) => self.come_back(member, key, None)?.set_cookie,
            None => None,
        };
        let device = DeviceId(self.chance.id(self.now));
        let mut truth = Truth::new();
        let mut sums = FlatMap::<ScopeSum>::default();
        let mut cursor = None;
        for _ in 0..1_000 {
            let request = SyncRequest {
                protocol: PROTOCOL,
                device,
                member: who.map(|(member, _)| member),
                cursor,
                commands: Vec::new(),
                sealed: true,
            };
            let answer = self.call("/api/sync", cookie.clone(), &request)?;
            let page: SyncResponse = serde_json::from_slice(&answer.body)
                .map_err(|error| format!("a pull answered {}: {error}", answer.status))?;
            for change in page.changes {
                let Some(body) = change.body.filter(|_| !change.deleted) else {
                    continue;
                };
                let sum = sums.entry(&change.scope);
                sum.add(&change.kind, &change.id, change.seq);
                // The phone that looks here is new to the server; nobody else has heard of it yet.
                if change.id == device.to_string() {
                    continue;
                }
                let key = RecordKey {
                    scope: change.scope,
                    name: format!("{}/{}", change.kind, change.id),
                    seq: change.seq,
                };
                truth.insert(key.to_text(), body.0.get().to_owned());
            }
            if !page.more {
                return match page.sums.unwrap_or_default() {
                    told if told.iter().all(|(scope, sum)| {
                        sums.get(scope).copied().unwrap_or_default() == *sum
                    }) =>
                    {
                        Ok(truth)
                    }
                    told => Err(format!("{told:?} was told and {sums:?} came")),
                };
            }
            cursor = Some(page.cursor);
        }
        Err("a pull does not end".into())
    }

    fn judge_member(&self, member: MemberId, truth: &Truth, all: &mut Vec<SignUp>) -> Check {
        let led = self.scopes_led(member);
        let mut there = BTreeSet::new();
        let mut over = BTreeSet::new();
        let mut active = BTreeSet::new();
        let mut said = BTreeMap::new();
        let mut named: Option<Named> = None;
        let mut needs: Option<Needs> = None;
        for (key, body) in truth {
            let Some(key) = RecordKey::parse(key) else {
                return Err(format!("{key} is no key"));
            };
            if key.scope != "public"
                && !key.scope.contains(&member.to_string())
                && !key.scope.starts_with("team:")
                && !led.contains(&key.scope)
                && key.scope != group_scope()
            {
                return Err(format!("{member} may read {}", key.scope));
            }
            let read = |error| format!("{body} cannot be read: {error}");
            match key.kind() {
                kind::SIGN_UP => {
                    let sign_up: SignUp = serde_json::from_str(body).map_err(read)?;
                    there.insert(key.id().to_owned());
                    if matches!(
                        sign_up.state,
                        SignUpState::Withdrawn | SignUpState::Cancelled
                    ) {
                        over.insert(key.id().to_owned());
                        if sign_up.note.is_some() {
                            return Err(format!("{} ended and keeps its note", key.id()));
                        }
                    }
                    if sign_up.state.is_active() && !active.insert(sign_up.session) {
                        return Err(format!("{member} has two sign-ups for one session"));
                    }
                    self.oracle.check_came(key.id(), sign_up.state)?;
                    all.push(sign_up);
                }
                kind::CHECK_IN => {
                    let check_in: CheckIn = serde_json::from_str(body).map_err(read)?;
                    there.insert(key.id().to_owned());
                    judge_check_in(key.id(), &check_in)?;
                    if check_in.state == CheckInState::Withdrawn {
                        over.insert(key.id().to_owned());
                    }
                    said.extend(
                        check_in
                            .messages
                            .iter()
                            .map(|one| (one.id, one.text.clone())),
                    );
                }
                kind::SUGGESTION => {
                    there.insert(key.id().to_owned());
                    if is_over(body) {
                        over.insert(key.id().to_owned());
                    }
                }
                kind::MEMBER => named = Some(serde_json::from_str(body).map_err(read)?),
                kind::NEEDS => needs = Some(serde_json::from_str(body).map_err(read)?),
                _ => {}
            }
        }
        self.oracle.check_name(member, named.as_ref())?;
        self.oracle.check_needs(member, needs.as_ref())?;
        self.oracle.check_truth(member, &there, &over)?;
        self.oracle.check_threads(member, &over, &said)
    }

    /// The group's scope, and what was said about words.
    fn judge_words(&mut self, member: MemberId, truth: &Truth) -> Check {
        let keys = truth.keys().filter_map(|key| RecordKey::parse(key));
        let reads = keys
            .map(|key| key.scope)
            .any(|scope| scope == group_scope());
        self.judge_group(member, reads)?;
        let mut newest = 1;
        let mut said = Vec::new();
        for (key, body) in truth {
            let key = RecordKey::parse(key).ok_or("no key")?;
            let read = |error| format!("{body} cannot be read: {error}");
            match key.kind() {
                kind::DOCUMENT => {
                    newest = serde_json::from_str::<Document>(body)
                        .map_err(read)?
                        .version;
                }
                kind::SUGGESTION => {
                    let one: Suggestion = serde_json::from_str(body).map_err(read)?;
                    said.push((key.id().to_owned(), one));
                }
                _ => {}
            }
        }
        for (id, one) in said {
            self.judge_suggestion(&id, &one, newest)?;
        }
        Ok(())
    }

    fn judge_phone(&self, at: usize, truths: &BTreeMap<Option<MemberId>, Truth>) -> Check {
        let phone = &self.phones[at];
        let meta = phone.store.meta();
        let cut_off = self.cut_off.contains(&at);
        self.oracle.check_phone(at, &phone.store, cut_off)?;
        phone.store.check_rest()?;
        phone.checks_sealed()?;
        if !phone.store.rest.look(&[]).is_settled() {
            return Err(format!("phone {at} does not go on sealing"));
        }
        if meta.resynced_at.is_some() && !phone.broke {
            return Err(format!("phone {at} found that sums disagree"));
        }
        let owner = phone.person.map(|person| self.people[person].member);
        let lost = |device| self.revoked.contains(&device) || self.lost.contains(&device);
        if owner.is_some_and(|owner| lost((owner, phone.device))) {
            return match meta.owner {
                Owner::Local => Ok(()),
                // The server went back to before it knew this phone: it cannot tell who calls.
                _ if self.cut_off.contains(&at) => Ok(()),
                owner => Err(format!("revoked phone {at} still has {owner:?}")),
            };
        }
        if owner.is_some_and(|owner| self.oracle.has_left(owner)) {
            return match meta.owner {
                Owner::Local => Ok(()),
                // As above.
                _ if self.cut_off.contains(&at) => Ok(()),
                owner => Err(format!("phone {at} still has {owner:?}, who has left")),
            };
        }
        if meta.owner.member() != owner {
            return Err(format!("phone {at} belongs to {owner:?} and has {meta:?}"));
        }
        let waits = |row: &&app::sync::outbox::OutboxRow| {
            row.owner == meta.owner && owner.is_some() && !row.deferred && !row.is_kept_only()
        };
        if let Some(row) = phone.store.outbox().iter().find(waits) {
            return Err(format!("phone {at} still has {row:?}"));
        }
        judge_can_take_back(&phone.store)?;
        let mut truth = truths.get(&owner).cloned().unwrap_or_default();
        if phone.store.rest.look(&[]).lock().is_none() {
            truth.retain(|key, _| !is_of_others(key));
        }
        judge_taken_back(&phone.store, &truth)?;
        if phone.store.records != truth {
            return Err(format!(
                "phone {at} does not hold what the server has: {}",
                difference(&phone.store.records, &truth)
            ));
        }
        for tab in &phone.tabs {
            let status = tab.replica.status();
            if tab.replica.record_count() != phone.store.records.len() {
                return Err(format!("a tab of phone {at} counts other records"));
            }
            if status.link != app::sync::status::Link::Reached {
                return Err(format!("a tab of phone {at} is {:?} in calm", status.link));
            }
        }
        Ok(())
    }
}

/// What a phone shows as taken back it could take back again, on a server that forgot.
fn judge_can_take_back(store: &Store) -> Check {
    let rows = store.outbox();
    let names: Vec<String> = rows
        .iter()
        .filter_map(|row| row.command())
        .filter(|command| command.kind().ends_with(".withdraw"))
        .map(|command| format!("{}/{}", command.subject().0, command.subject().1))
        .collect();
    for (key, body) in &store.records {
        let key = RecordKey::parse(key).ok_or("no key")?;
        let taken_back = body.contains("\"state\":\"withdrawn\"");
        if taken_back && !names.contains(&key.name) {
            return Err(format!("{} could not be taken back again", key.name));
        }
    }
    Ok(())
}

/// Whether a command holds something that the person wrote. A yes to an offer or to an agreement does not: one that
/// came after its thing had ended may stay until it is old.
fn has_words(command: &Command) -> bool {
    matches!(
        command,
        Command::ShareCheckIn(_)
            | Command::AnswerBack(_)
            | Command::RequestSignUp(_)
            | Command::Rename(_)
            | Command::KeepNeeds(_)
    ) || matches!(command, Command::Plain(it) if it.act.undone_by.is_some())
}

/// What a phone knows to have been taken back is over on the server, whatever happened to it.
fn judge_taken_back(store: &Store, truth: &Truth) -> Check {
    for row in store.outbox() {
        let command = row.command().ok_or("a row cannot be read")?;
        if row.answered.is_none() {
            continue;
        }
        let records = truth
            .iter()
            .filter_map(|(key, body)| Some((RecordKey::parse(key)?.name, body)));
        if !is_withdrawal(&command) {
            // Of what has ended no words stay on the phone.
            if has_words(&command)
                && records
                    .clone()
                    .any(|(name, body)| is_gone(&command, &name, body))
            {
                return Err(format!("the words of {row:?} are gone and are kept"));
            }
            continue;
        }
        if let Command::WithdrawAnswer(gone) = command {
            let name = format!("check_in/{}", gone.check_in);
            let said = |body: &str| {
                let record = serde_json::from_str::<CheckIn>(body).ok();
                record.is_some_and(|record| {
                    let mut thread = record.messages.iter();
                    thread.any(|one| one.id == gone.message && one.text.is_some())
                })
            };
            if records.clone().any(|(it, body)| it == name && said(body)) {
                return Err(format!("{} was taken back and lives again", gone.message));
            }
            continue;
        }
        let (kind, id) = command.subject();
        // Who left a group may have come back to it.
        if kind == kind::MEMBERSHIP {
            continue;
        }
        let name = format!("{kind}/{id}");
        if records
            .clone()
            .any(|(it, body)| it == name && !is_over(body))
        {
            return Err(format!("{name} was taken back and lives again"));
        }
    }
    Ok(())
}

/// Never more places than there are, and none left free while someone waits.
fn judge_session(facts: &SessionFacts, sign_ups: &[SignUp]) -> Check {
    let here = || sign_ups.iter().filter(|it| it.session == Some(facts.id));
    let taken = here().filter(|it| it.state.holds_place()).count();
    let waiting = here().filter(|it| it.state == SignUpState::Waiting);
    let mut positions: Vec<_> = waiting.map(|it| it.position).collect();
    positions.sort_unstable();
    let limit = facts.limit.map_or(usize::MAX, |limit| limit as usize);
    if taken > limit {
        return Err(format!("{} gave {taken} of {limit} places", facts.id));
    }
    // A ballot that is not drawn has nobody on its list.
    let passes_on = facts.open && facts.gives != Gives::Staff;
    if passes_on && taken < limit && !positions.is_empty() {
        return Err(format!("{} keeps a place while people wait", facts.id));
    }
    let in_order = (1..).map(Some).take(positions.len());
    if !positions.iter().copied().eq(in_order) {
        return Err(format!("{} has the positions {positions:?}", facts.id));
    }
    Ok(())
}

fn difference(here: &Truth, there: &Truth) -> String {
    let more: Vec<_> = here
        .keys()
        .filter(|key| !there.contains_key(*key))
        .collect();
    let less: Vec<_> = there
        .keys()
        .filter(|key| !here.contains_key(*key))
        .collect();
    format!("too many {more:?}, missing {less:?}, at {}", rfc3339(0))
}
