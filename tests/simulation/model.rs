//! The model server: the protocol in memory, as plainly as it can be said, with the real rules.

mod groups;

use super::{
    chance::Chance,
    mutation::Mutation,
    server::{self, Answer, Call, HELP_LINE, PAGE, Server, SessionFacts},
};
use app::{
    domain::{
        attendee::{Attendance, Attendee, Lead},
        care::{By, Care, Not, is_answered},
        check_in::{self, CheckInState, KnownCheckIn, ShareCheckIn, Shared, TakenBack},
        command::{Command, CommandError},
        device::{self, DeviceState},
        id::{
            CheckInId, CommandId, DeviceId, MemberId, OpportunityId, SessionId, SignUpId, StaffId,
            TeamId,
        },
        member::Named,
        needs::{self, Needs},
        opportunity::Gives,
        places::{Moved, Offer, Places, Standing},
        record::{CheckIn, SignUp, kind},
        refusal::Refusal,
        sign_up::{self, Agree, KnownSignUp, RequestSignUp, Requested, SignUpState, Withdrawal},
        time::{Millis, rfc3339},
    },
    flat_map::FlatMap,
    lang,
    sync::wire::{
        CommandOutcome, ErrorBody, JoinRequest, JoinResponse, MAX_COMMANDS, MAX_REQUEST_BYTES,
        Outcome, PROTOCOL, RawJson, Reason, RecordChange, ReturnRequest, ScopeSum, SyncRequest,
        SyncResponse, WireCommand,
    },
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How long an offer holds a place: some run out within a run, some are answered.
const OFFER_MS: Millis = 4 * 60_000;

/// Who works at the model's desk.
const STAFF: StaffId = StaffId(Uuid::from_u128(0x57af));

/// All that the server keeps. Cloned before each call when a crash may undo it.
#[derive(Clone, Debug, Default)]
struct Kept {
    cookies: BTreeMap<String, MemberId>,
    keys: BTreeMap<String, MemberId>,
    teams: BTreeMap<MemberId, TeamId>,
    /// Those that have called.
    devices: BTreeSet<(MemberId, DeviceId)>,
    revoked: BTreeSet<(MemberId, DeviceId)>,
    /// Members who have left.
    left: BTreeSet<MemberId>,
    /// What members want to be called.
    names: BTreeMap<MemberId, Option<String>>,
    /// The involvement group, and what is said about its document.
    group: groups::Kept,
    /// Who leads what.
    leads: BTreeSet<(OpportunityId, MemberId)>,
    sign_ups: BTreeMap<SignUpId, (MemberId, u64, SignUp)>,
    check_ins: BTreeMap<CheckInId, (MemberId, CheckIn)>,
    /// Who has which check-in.
    owners: BTreeMap<CheckInId, StaffId>,
    /// Until when a place is held for whom.
    offers: BTreeMap<SignUpId, Millis>,
    /// Sessions whose ballot was drawn.
    drawn: BTreeSet<SessionId>,
    outcomes: BTreeMap<(MemberId, CommandId), (String, CommandOutcome)>,
    feed: BTreeMap<String, BTreeMap<(String, String), Entry>>,
    /// How often each command was carried out.
    carried_out: BTreeMap<(MemberId, CommandId), u32>,
    counter: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    seq: u64,
    body: Option<String>,
}

/// The model server.
#[derive(Debug)]
pub struct Model {
    kept: Kept,
    /// What was kept before the last push, for the mutation that answers before it is durable.
    before: Kept,
    /// The last backup.
    copy: Kept,
    /// Names the past of what is kept.
    epoch: u32,
    sessions: Vec<SessionFacts>,
    team: TeamId,
    knows_offers: bool,
    mutation: Option<Mutation>,
}

impl Model {
    /// A fresh server with five sessions and a team.
    pub fn new(mutation: Option<Mutation>) -> Self {
        let mut model = Self {
            kept: Kept::default(),
            before: Kept::default(),
            copy: Kept::default(),
            epoch: 1,
            sessions: server::sessions(),
            team: TeamId(Uuid::from_u128(0x7ea0)),
            knows_offers: false,
            mutation,
        };
        for session in model.sessions.clone() {
            model.write_session(session.id);
        }
        model.write_document();
        let scope = format!("team:{}", model.team);
        let name = serde_json::json!({ "name": "Harbour", "hours": "9 to 5" });
        model.write(&scope, kind::TEAM, &model.team.to_string(), Some(&name));
        model
    }

    fn is(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }

    /// What other people told about themselves goes only to a phone that keeps it sealed.
    fn scopes_of(&self, member: Option<MemberId>, sealed: bool) -> Vec<String> {
        let mut scopes = vec!["public".to_owned()];
        if let Some(member) = member {
            scopes.push(format!("member:{member}"));
            let team = self.kept.teams.get(&member);
            scopes.extend(team.map(|team| format!("team:{team}")));
            scopes.extend(self.reads_group(member).then(groups::group_scope));
            if sealed || self.is(Mutation::ServerTellsUnsealed) {
                scopes.extend(self.led_by(member).into_iter().map(lead_scope));
            }
        }
        scopes
    }

    /// Writes the newest version of a record in one scope.
    fn write<T: Serialize>(&mut self, scope: &str, kind: &str, id: &str, body: Option<&T>) {
        let seqs = self.kept.feed.entry(scope.to_owned()).or_default();
        let seq = seqs.values().map(|entry| entry.seq).max().unwrap_or(0) + 1;
        let body = body.map(|body| serde_json::to_string(body).expect("records serialise"));
        seqs.insert((kind.to_owned(), id.to_owned()), Entry { seq, body });
    }

    fn facts(&self, session: SessionId) -> Option<SessionFacts> {
        self.sessions
            .iter()
            .find(|facts| facts.id == session)
            .copied()
    }

    fn places(&self, session: SessionId) -> Option<Places> {
        let facts = self.facts(session)?;
        let mut places = Places {
            limit: facts.limit,
            gives: facts.gives,
            open: facts.open,
            drawn: self.kept.drawn.contains(&session),
            taken: 0,
            queue: Vec::new(),
            offers: Vec::new(),
            offer_ms: OFFER_MS,
            starts: None,
        };
        let mut waiting = BTreeMap::new();
        for (id, (_, order, sign_up)) in &self.kept.sign_ups {
            if sign_up.session == Some(session) {
                places.taken += u32::from(sign_up.state.holds_place());
                if sign_up.state == SignUpState::Waiting {
                    waiting.insert((sign_up.position, *order), *id);
                }
                let until = self.kept.offers.get(id);
                let offer = until.map(|until| Offer {
                    id: *id,
                    until: *until,
                });
                places.offers.extend(offer);
            }
        }
        places.queue = waiting.into_values().collect();
        if self.is(Mutation::ServerOverbooks) {
            places.limit = None;
        }
        Some(places)
    }

    fn write_session(&mut self, session: SessionId) {
        let Some(room) = self.places(session).map(|places| places.room()) else {
            return;
        };
        let id = session.to_string();
        let body = serde_json::json!({ "room": room });
        let public = self.kept.feed.get("public");
        let old = public.and_then(|feed| feed.get(&(kind::SESSION.to_owned(), id.clone())));
        if old.and_then(|entry| entry.body.clone()) != Some(body.to_string()) {
            self.write("public", kind::SESSION, &id, Some(&body));
        }
    }

    fn write_sign_up(&mut self, id: SignUpId) {
        if let Some((member, _, sign_up)) = self.kept.sign_ups.get(&id).cloned() {
            let scope = format!("member:{member}");
            self.write(&scope, kind::SIGN_UP, &id.to_string(), Some(&sign_up));
            self.write_attendee(id);
        }
    }

    /// Whoever leads is told of a sign-up as it stands now.
    fn write_attendee(&mut self, id: SignUpId) {
        let Some((member, _, sign_up)) = self.kept.sign_ups.get(&id) else {
            return;
        };
        let facts = sign_up.session.and_then(|session| self.facts(session));
        let Some(opportunity) = facts.map(|facts| facts.opportunity) else {
            return;
        };
        if !self.kept.leads.iter().any(|(led, _)| *led == opportunity) {
            return;
        }
        let name = self.kept.names.get(member).and_then(Option::as_deref);
        let attendee = Attendee::of(sign_up, name);
        let (scope, id) = (lead_scope(opportunity), id.to_string());
        if attendee.is_some() {
            self.write(&scope, kind::ATTENDEE, &id, attendee.as_ref());
        } else if !self.is(Mutation::ServerTellsLeadsNoEnd) {
            self.ends_in(&scope, &id);
        }
    }

    /// A record of a lead's scope is gone, if it was there.
    fn ends_in(&mut self, scope: &str, id: &str) {
        let key = (kind::ATTENDEE.to_owned(), id.to_owned());
        let feed = self.kept.feed.get(scope);
        let entry = feed.and_then(|feed| feed.get(&key));
        if entry.is_some_and(|entry| entry.body.is_some()) {
            self.write(scope, kind::ATTENDEE, id, None::<&Attendee>);
        }
    }

    fn sign_ups_of(&self, member: MemberId) -> Vec<SignUpId> {
        let all = self.kept.sign_ups.iter();
        let theirs = all.filter(|(_, (whose, ..))| *whose == member);
        theirs.map(|(id, _)| *id).collect()
    }

    /// A member leads no more. With the last lead what was told to them is gone.
    fn end_lead(&mut self, opportunity: OpportunityId, member: MemberId) {
        if !self.kept.leads.remove(&(opportunity, member)) {
            return;
        }
        let (scope, id) = (format!("member:{member}"), opportunity.to_string());
        self.write(&scope, kind::LEAD, &id, None::<&Lead>);
        if self.kept.leads.iter().any(|(led, _)| *led == opportunity) {
            return;
        }
        let scope = lead_scope(opportunity);
        let feed = self.kept.feed.get(&scope).into_iter().flatten();
        let ids: Vec<_> = feed.map(|((_, id), _)| id.clone()).collect();
        for id in ids {
            self.ends_in(&scope, &id);
        }
    }

    /// Whoever leads says whether somebody came.
    fn attend(&mut self, now: Millis, member: MemberId, said: Attendance) -> Result<(), Refusal> {
        let known = self.known_sign_up(said.sign_up).ok_or(Refusal::NotYours)?;
        let session = known.session.ok_or(Refusal::NotYours)?;
        let facts = self.facts(session).ok_or(Refusal::NotYours)?;
        if !self.kept.leads.contains(&(facts.opportunity, member)) {
            return Err(Refusal::NotYours);
        }
        let mut places = self.places(session).ok_or(Refusal::NoPlace)?;
        let (id, state) = (said.sign_up, known.state);
        let done = sign_up::attend(id, state, said.came, &mut places, now)?;
        if let Some((standing, moved)) = done
            && !self.is(Mutation::ServerDropsAttendance)
        {
            self.stand(id, standing);
            self.stand_all(moved);
            self.write_session(session);
        }
        Ok(())
    }

    fn write_check_in(&mut self, id: CheckInId) {
        if let Some((member, check_in)) = self.kept.check_ins.get(&id).cloned() {
            let scope = format!("member:{member}");
            self.write(&scope, kind::CHECK_IN, &id.to_string(), Some(&check_in));
        }
    }

    fn stand(&mut self, id: SignUpId, standing: Standing) {
        if let Some((_, _, sign_up)) = self.kept.sign_ups.get_mut(&id) {
            sign_up.stand(standing);
            self.kept.offers.remove(&id);
            let until = standing.until.map(|until| (id, until));
            self.kept.offers.extend(until);
            self.write_sign_up(id);
        }
    }

    fn stand_all(&mut self, moved: Moved) {
        for (id, standing) in moved {
            if self.is(Mutation::ServerKeepsFreedPlace) && standing.state == SignUpState::Offered {
                continue;
            }
            self.stand(id, standing);
        }
    }

    fn known_sign_up(&self, id: SignUpId) -> Option<KnownSignUp> {
        let (member, _, sign_up) = self.kept.sign_ups.get(&id)?;
        Some(KnownSignUp {
            member: *member,
            session: sign_up.session,
            state: sign_up.state,
        })
    }

    fn known_check_in(&self, id: CheckInId) -> Option<KnownCheckIn> {
        let (member, check_in) = self.kept.check_ins.get(&id)?;
        Some(KnownCheckIn {
            member: *member,
            state: check_in.state,
        })
    }

    fn carry_out(
        &mut self,
        now: Millis,
        member: MemberId,
        from: DeviceId,
        wire: &WireCommand,
    ) -> Result<Outcome, Refusal> {
        let command = match Command::parse(&wire.kind, wire.body.clone()) {
            Ok(Command::AcceptOffer(_) | Command::DeclineOffer(_)) if !self.knows_offers => {
                return Ok(Outcome::Deferred);
            }
            Ok(command) => command,
            Err(CommandError::UnknownKind(_)) => return Ok(Outcome::Deferred),
            Err(_) => return Err(Refusal::Malformed),
        };
        let has_left = self.kept.left.contains(&member);
        if has_left && !matches!(command, Command::Leave(_)) {
            return Err(Refusal::Left);
        }
        *self.kept.carried_out.entry((member, wire.id)).or_default() += 1;
        match command {
            Command::RequestSignUp(request) => {
                self.request(now, member, &request, &wire.made_at)?
            }
            Command::WithdrawSignUp(id) => self.withdraw(now, member, id)?,
            Command::Agree(agree) => self.agree(member, agree)?,
            Command::AcceptOffer(id) => self.accept(now, member, id)?,
            Command::DeclineOffer(id) => self.decline(now, member, id)?,
            Command::ShareCheckIn(share) => self.share(now, member, &share, &wire.made_at)?,
            Command::WithdrawCheckIn(id) => self.take_back(member, id)?,
            Command::AnswerBack(answer) => {
                let at = rfc3339(now);
                self.in_thread(member, answer.check_in, |care| {
                    care.answer_back(answer.message, answer.words, &at)
                })?;
            }
            Command::WithdrawAnswer(answer) => {
                self.in_thread(member, answer.check_in, |care| {
                    care.take_answer_back(answer.message)
                })?;
            }
            Command::Plain(it) => self.plain(now, member, &it)?,
            Command::MarkAttendance(said) => self.attend(now, member, said)?,
            Command::LoseDevice(device) => self.lose(member, from, device)?,
            Command::SignOutDevice(_) => return Err(Refusal::NoSuchDevice),
            Command::Rename(new) if new.member != member => return Err(Refusal::NotYours),
            Command::Rename(new) => {
                let (scope, id) = (format!("member:{member}"), member.to_string());
                self.kept.names.insert(member, new.name.clone());
                let named = Named { name: new.name };
                self.write(&scope, kind::MEMBER, &id, Some(&named));
                if !self.is(Mutation::ServerTellsLeadsNoName) {
                    for id in self.sign_ups_of(member) {
                        self.write_attendee(id);
                    }
                }
            }
            Command::KeepNeeds(said) => {
                needs::keep(member, &said)?;
                let (scope, id) = (format!("member:{member}"), member.to_string());
                let kept = said.needs.map(|needs| Needs { needs: Some(needs) });
                self.write(&scope, kind::NEEDS, &id, kept.as_ref());
            }
            Command::Leave(who) if who != member => return Err(Refusal::NotYours),
            Command::Leave(_) => self.leave(now, member)?,
        }
        Ok(Outcome::Applied)
    }

    /// All that is the member's is taken back, and they are nobody any more.
    fn leave(&mut self, now: Millis, member: MemberId) -> Result<(), Refusal> {
        let all = self.kept.check_ins.iter();
        let check_ins: Vec<_> = all
            .filter(|(_, (whose, _))| *whose == member)
            .map(|(id, _)| *id)
            .collect();
        for id in check_ins {
            self.take_back(member, id)?;
        }
        for id in self.sign_ups_of(member) {
            self.withdraw(now, member, id)?;
        }
        for opportunity in self.led_by(member) {
            self.end_lead(opportunity, member);
        }
        self.goes_from_group(now, member)?;
        let (scope, id) = (format!("member:{member}"), member.to_string());
        self.write(&scope, kind::MEMBER, &id, None::<&Named>);
        self.write(&scope, kind::NEEDS, &id, None::<&Needs>);
        self.kept.left.insert(member);
        Ok(())
    }

    fn lose(&mut self, member: MemberId, from: DeviceId, id: DeviceId) -> Result<(), Refusal> {
        let lost = self.kept.revoked.contains(&(member, id));
        let known = self.kept.devices.contains(&(member, id));
        let state = match lost {
            true => DeviceState::Lost,
            false => DeviceState::InUse,
        };
        device::lose(from == id, known.then_some(state))?;
        self.kept.revoked.insert((member, id));
        Ok(())
    }

    fn request(
        &mut self,
        now: Millis,
        member: MemberId,
        request: &RequestSignUp,
        made_at: &str,
    ) -> Result<(), Refusal> {
        let known = self.known_sign_up(request.sign_up);
        let has_active = self.kept.sign_ups.iter().any(|(id, (whose, _, sign_up))| {
            *whose == member
                && *id != request.sign_up
                && sign_up.session == Some(request.session)
                && sign_up.state.is_active()
        });
        let mut places = self.places(request.session);
        let requested = sign_up::request(
            member,
            request,
            known.as_ref(),
            has_active,
            places.as_mut(),
            None,
        )?;
        if let Requested::Stands(standing) = requested {
            let mut sign_up = SignUp::from_request(request, made_at);
            sign_up.received_at = Some(rfc3339(now));
            self.kept.counter += 1;
            let row = (member, self.kept.counter, sign_up);
            self.kept.sign_ups.insert(request.sign_up, row);
            self.stand(request.sign_up, standing);
            self.write_session(request.session);
        }
        Ok(())
    }

    /// There is no agreement in these sessions, so any version will do; the newest stays.
    fn agree(&mut self, member: MemberId, agree: Agree) -> Result<(), Refusal> {
        let known = self.known_sign_up(agree.sign_up);
        if sign_up::agree(member, agree.version, known.as_ref(), None)?
            && let Some((_, _, sign_up)) = self.kept.sign_ups.get_mut(&agree.sign_up)
        {
            sign_up.agreement = sign_up.agreement.max(Some(agree.version));
            self.write_sign_up(agree.sign_up);
        }
        Ok(())
    }

    fn withdraw(&mut self, now: Millis, member: MemberId, id: SignUpId) -> Result<(), Refusal> {
        let known = self.known_sign_up(id);
        let session = known.and_then(|known| known.session);
        let mut places = session.and_then(|session| self.places(session));
        match sign_up::withdraw(member, id, known.as_ref(), places.as_mut(), now)? {
            Withdrawal::Mark if self.is(Mutation::ServerForgetsEarlyWithdrawal) => {}
            Withdrawal::Mark => {
                self.kept.sign_ups.insert(id, (member, 0, SignUp::mark()));
                self.write_sign_up(id);
            }
            Withdrawal::Already => {}
            Withdrawal::Leaves(moved) => {
                self.takes_out(id, moved);
            }
        }
        Ok(())
    }

    fn takes_out(&mut self, id: SignUpId, moved: Moved) {
        self.stand(id, Standing::is(SignUpState::Withdrawn));
        self.stand_all(moved);
        if let Some(session) = self.known_sign_up(id).and_then(|known| known.session) {
            self.write_session(session);
        }
    }

    fn accept(&mut self, now: Millis, member: MemberId, id: SignUpId) -> Result<(), Refusal> {
        let known = self.known_sign_up(id);
        let session = known.and_then(|known| known.session);
        let mut places = session.and_then(|session| self.places(session));
        if let Some(standing) =
            sign_up::accept_offer(member, id, known.as_ref(), places.as_mut(), now)?
        {
            self.stand(id, standing);
        }
        Ok(())
    }

    fn decline(&mut self, now: Millis, member: MemberId, id: SignUpId) -> Result<(), Refusal> {
        let known = self.known_sign_up(id);
        let session = known.and_then(|known| known.session);
        let mut places = session.and_then(|session| self.places(session));
        let moved = sign_up::decline_offer(member, id, known.as_ref(), places.as_mut(), now)?;
        if let Some(moved) = moved {
            self.takes_out(id, moved);
        }
        Ok(())
    }

    /// What the clock brings about: offers run out, and now and then a ballot is drawn.
    fn time_passes(&mut self, now: Millis, chance: &mut Chance) {
        for facts in self.sessions.clone() {
            let Some(mut places) = self.places(facts.id) else {
                continue;
            };
            let mut moved = places.expire(now);
            let draws = facts.gives == Gives::Ballot && !places.drawn && chance.one_in(3);
            if draws {
                self.kept.drawn.insert(facts.id);
                let is_in = |sign_up: &SignUp| {
                    sign_up.session == Some(facts.id) && sign_up.state == SignUpState::Received
                };
                let all = self.kept.sign_ups.iter();
                let asked = all.filter(|(_, (_, _, sign_up))| is_in(sign_up));
                let mut drawn: Vec<_> = asked.map(|(id, _)| *id).collect();
                if chance.one_in(2) {
                    drawn.reverse();
                }
                moved.extend(places.draw(&drawn));
            }
            self.stand_all(moved);
            self.write_session(facts.id);
        }
    }

    fn share(
        &mut self,
        now: Millis,
        member: MemberId,
        share: &ShareCheckIn,
        made_at: &str,
    ) -> Result<(), Refusal> {
        let known = self.known_check_in(share.check_in);
        let team = self.kept.teams.get(&member).copied();
        if check_in::share(member, share, known.as_ref(), team)? == Shared::Sent {
            let mut check_in = CheckIn::from_share(share, made_at);
            check_in.received_at = Some(rfc3339(now));
            self.kept
                .check_ins
                .insert(share.check_in, (member, check_in));
            self.write_check_in(share.check_in);
        }
        Ok(())
    }

    fn take_back(&mut self, member: MemberId, id: CheckInId) -> Result<(), Refusal> {
        let known = self.known_check_in(id);
        match check_in::withdraw(member, known.as_ref())? {
            TakenBack::Already => {}
            TakenBack::Mark if self.is(Mutation::ServerForgetsEarlyWithdrawal) => {}
            TakenBack::Mark => {
                self.kept.check_ins.insert(id, (member, CheckIn::mark()));
                self.write_check_in(id);
            }
            TakenBack::Removed => {
                if let Some((_, check_in)) = self.kept.check_ins.get_mut(&id) {
                    check_in.withdraw();
                }
                self.write_check_in(id);
            }
        }
        Ok(())
    }

    /// What staff or the person say about a check-in.
    fn care_for(
        &mut self,
        id: CheckInId,
        decide: impl FnOnce(Care) -> Result<(), Not>,
    ) -> Result<(), Not> {
        let Some((_, check_in)) = self.kept.check_ins.get_mut(&id) else {
            return Ok(());
        };
        let mut owner = self.kept.owners.get(&id).copied();
        let done = decide(check_in.care(&mut owner));
        if done.is_ok() {
            self.kept.owners.extend(owner.map(|owner| (id, owner)));
            self.write_check_in(id);
        }
        done
    }

    fn in_thread(
        &mut self,
        member: MemberId,
        id: CheckInId,
        say: impl FnOnce(Care) -> Result<(), Not>,
    ) -> Result<(), Refusal> {
        let known = self.known_check_in(id);
        if check_in::may_answer(member, known.as_ref())? && !self.is(Mutation::ServerDropsAnswers) {
            check_in::answered(self.care_for(id, say))?;
        }
        Ok(())
    }

    /// One command: its stored outcome, or a new one.
    fn decide(
        &mut self,
        now: Millis,
        member: MemberId,
        from: DeviceId,
        text: &str,
    ) -> CommandOutcome {
        let received_at = rfc3339(now);
        let refused = |id, why: Refusal| CommandOutcome {
            id,
            outcome: Outcome::Refused,
            received_at: rfc3339(now),
            reason: Some(Reason {
                code: why.code().into(),
                message: lang::refusal(why).get().into(),
            }),
        };
        let Ok(wire) = serde_json::from_str::<WireCommand>(text) else {
            return refused(None, Refusal::Malformed);
        };
        let canonical = format!("{} {}", wire.kind, wire.body);
        if let Some((was, outcome)) = self.kept.outcomes.get(&(member, wire.id)) {
            if *was != canonical {
                return refused(Some(wire.id), Refusal::IdReused);
            }
            if !self.is(Mutation::ServerSkipsStoredOutcome) {
                return outcome.clone();
            }
        }
        let outcome = match self.carry_out(now, member, from, &wire) {
            Ok(outcome) => CommandOutcome {
                id: Some(wire.id),
                outcome,
                received_at,
                reason: None,
            },
            Err(why) => refused(Some(wire.id), why),
        };
        if outcome.outcome != Outcome::Deferred {
            let row = (canonical, outcome.clone());
            self.kept.outcomes.insert((member, wire.id), row);
        }
        outcome
    }

    fn sync(&mut self, now: Millis, member: Option<MemberId>, body: &[u8]) -> Answer {
        if body.len() > MAX_REQUEST_BYTES {
            return failed(413, "too_large");
        }
        let Ok(request) = serde_json::from_slice::<SyncRequest>(body) else {
            return failed(400, "malformed");
        };
        let Some(mut positions) = read_cursor(request.cursor.as_deref(), self.epoch) else {
            return failed(400, "malformed");
        };
        if request.commands.len() > MAX_COMMANDS {
            return failed(413, "too_large");
        }
        // Who asks as nobody is shown what everybody may see, whatever the cookie.
        let asked = request.member;
        let member = match (member, asked) {
            (Some(cookie), Some(asked)) if cookie != asked => {
                if !self.is(Mutation::ServerTakesAnyCookie) {
                    return failed(409, "other_member");
                }
                Some(cookie)
            }
            (None, Some(_)) => return failed(401, "sign_in_required"),
            (_, None) if !request.commands.is_empty() => return failed(401, "sign_in_required"),
            (_, asked) => asked,
        };
        if let Some(member) = member {
            let device = (member, request.device);
            let lost =
                self.kept.revoked.contains(&device) && !self.is(Mutation::ServerForgetsTheLost);
            if lost || self.kept.left.contains(&member) {
                return failed_for(403, "device_revoked", Some(request.device));
            }
            self.kept.devices.insert(device);
        }
        self.before = self.kept.clone();
        let outcomes = member.map_or_else(Vec::new, |member| {
            let texts = request.commands.iter().map(|text| text.get());
            let from = request.device;
            texts
                .map(|text| self.decide(now, member, from, text))
                .collect()
        });
        let scopes = self.scopes_of(member, request.sealed);
        let (changes, more) = self.changes(&scopes, &mut positions);
        let response = SyncResponse {
            protocol: PROTOCOL,
            outcomes,
            changes,
            cursor: write_cursor(&positions, self.epoch),
            more,
            sums: (!more).then(|| self.sums(&scopes)),
            server_time: rfc3339(now),
            epoch: Some(self.epoch.to_string()),
        };
        ok(&response)
    }

    fn changes(
        &self,
        scopes: &[String],
        positions: &mut BTreeMap<String, u64>,
    ) -> (Vec<RecordChange>, bool) {
        // How far a phone had read a scope that it may not read now means nothing once it may again.
        positions.retain(|scope, _| scopes.contains(scope));
        let mut changes = Vec::new();
        for scope in scopes {
            let position = positions.entry(scope.clone()).or_default();
            let Some(feed) = self.kept.feed.get(scope) else {
                continue;
            };
            let mut after: Vec<_> = feed
                .iter()
                .filter(|(_, entry)| entry.seq > *position)
                .collect();
            after.sort_by_key(|(_, entry)| entry.seq);
            for ((kind, id), entry) in after {
                if changes.len() == PAGE {
                    return (changes, true);
                }
                *position = entry.seq;
                if entry.body.is_none() && self.is(Mutation::ServerSendsNoTombstones) {
                    continue;
                }
                let body = entry.body.as_ref();
                changes.push(RecordChange {
                    scope: scope.clone(),
                    kind: kind.clone(),
                    id: id.clone(),
                    seq: entry.seq,
                    deleted: body.is_none(),
                    body: body.map(|text| {
                        let value = serde_json::value::RawValue::from_string(text.clone());
                        RawJson(value.expect("the feed holds JSON"))
                    }),
                });
            }
        }
        (changes, false)
    }

    fn sums(&self, scopes: &[String]) -> FlatMap<ScopeSum> {
        let mut sums = FlatMap::default();
        for scope in scopes {
            let mut sum = ScopeSum::default();
            for ((kind, id), entry) in self.kept.feed.get(scope).into_iter().flatten() {
                if entry.body.is_some() {
                    sum.add(kind, id, entry.seq);
                }
            }
            sums.insert(scope.clone(), sum);
        }
        sums
    }

    fn join(&mut self, body: &[u8]) -> Answer {
        let Ok(request) = serde_json::from_slice::<JoinRequest>(body) else {
            return failed(400, "malformed");
        };
        self.kept.counter += 1;
        let member = MemberId(Uuid::from_u128(0x3e3b_0000 + u128::from(self.kept.counter)));
        let team = (request.code == self.join_codes()[0]).then_some(self.team);
        if let Some(team) = team {
            self.kept.teams.insert(member, team);
        }
        self.kept.names.insert(member, request.name.clone());
        let mut answer = ok(&JoinResponse {
            member,
            return_key: Some(self.new_key(member)),
            team,
            name: request.name,
        });
        answer.set_cookie = Some(self.sign_in(member));
        answer
    }

    fn renew(&mut self, body: &[u8]) -> Answer {
        let Ok(request) = serde_json::from_slice::<ReturnRequest>(body) else {
            return failed(400, "malformed");
        };
        if self.kept.keys.get(&request.return_key) != Some(&request.member) {
            return failed(401, "unknown_return_key");
        }
        let device = request.device;
        if self.kept.left.contains(&request.member) {
            return failed_for(403, "device_revoked", device);
        }
        let lost = |device| self.kept.revoked.contains(&(request.member, device));
        if device.is_some_and(lost) && !self.is(Mutation::ServerForgetsTheLost) {
            return failed_for(403, "device_revoked", device);
        }
        let mut answer = ok(&request.member);
        answer.set_cookie = Some(self.sign_in(request.member));
        answer
    }

    fn return_key(&mut self, member: Option<MemberId>) -> Answer {
        let Some(member) = member else {
            return failed(401, "sign_in_required");
        };
        ok(&JoinResponse {
            member,
            return_key: Some(self.new_key(member)),
            team: self.kept.teams.get(&member).copied(),
            name: None,
        })
    }

    fn new_key(&mut self, member: MemberId) -> String {
        self.kept.counter += 1;
        let key = format!("key-{}", self.kept.counter);
        self.kept.keys.insert(key.clone(), member);
        key
    }

    fn sign_in(&mut self, member: MemberId) -> String {
        self.kept.counter += 1;
        let cookie = format!("cookie-{}", self.kept.counter);
        self.kept.cookies.insert(cookie.clone(), member);
        cookie
    }
}

impl Model {
    /// Staff open a check-in, take it on, reply, ring, close it.
    fn staff_care(&mut self, now: Millis, chance: &mut Chance) {
        let ids: Vec<_> = self.kept.check_ins.keys().copied().collect();
        let Some(id) = chance.pick(&ids).copied() else {
            return;
        };
        let at = rfc3339(now);
        let me = By {
            id: STAFF,
            name: "Priya",
            at: &at,
        };
        let message = chance.id(now);
        let read = self.kept.check_ins[&id].1.messages.len();
        let closes_anyway = self.is(Mutation::ServerClosesUnanswered);
        // What is refused changes nothing, which is what is tested.
        let _ = match chance.below(6) {
            0 => {
                let row = self.kept.check_ins.get_mut(&id);
                if row.is_some_and(|(_, check_in)| check_in.see("Priya", &at)) {
                    self.write_check_in(id);
                }
                Ok(())
            }
            1 => self.care_for(id, |care| care.take_on(me)),
            2 => self.care_for(id, |care| care.reply(me, message, Some("Hello".into()))),
            3 => self.care_for(id, |care| care.reply(me, message, None)),
            _ if closes_anyway => self.care_for(id, |mut care| {
                care.asked = false;
                care.close(me, read)
            }),
            _ => self.care_for(id, |care| care.close(me, read)),
        };
    }
}

impl Server for Model {
    fn call(&mut self, now: Millis, call: &Call) -> Answer {
        let cookie = call.cookie.as_ref();
        let member = cookie.and_then(|cookie| self.kept.cookies.get(cookie).copied());
        match call.path {
            "/api/join" => self.join(&call.body),
            "/api/return" => self.renew(&call.body),
            "/api/return-key" => self.return_key(member),
            _ => self.sync(now, member, &call.body),
        }
    }

    fn sessions(&self) -> Vec<SessionFacts> {
        self.sessions.clone()
    }

    fn team(&self) -> TeamId {
        self.team
    }

    fn join_codes(&self) -> [String; 2] {
        ["STAR-DEMO".into(), "LOOK-DEMO".into()]
    }

    fn revoke(&mut self, member: MemberId, device: DeviceId) {
        self.kept.revoked.insert((member, device));
    }

    fn staff_act(&mut self, now: Millis, chance: &mut Chance) {
        self.time_passes(now, chance);
        if chance.one_in(2) {
            return self.staff_care(now, chance);
        }
        let ids: Vec<_> = self.kept.sign_ups.keys().copied().collect();
        let Some(id) = chance.pick(&ids).copied() else {
            return;
        };
        let Some((_, _, sign_up)) = self.kept.sign_ups.get_mut(&id) else {
            return;
        };
        let (state, session) = (sign_up.state, sign_up.session);
        let Some(mut places) = session.and_then(|session| self.places(session)) else {
            return;
        };
        match chance.below(5) {
            0 => {
                if let Some(moved) = sign_up::cancel(id, state, &mut places, now) {
                    self.stand(id, Standing::is(SignUpState::Cancelled));
                    self.stand_all(moved);
                }
            }
            1 => {
                let row = self.kept.sign_ups.get_mut(&id);
                if row.is_some_and(|(_, _, sign_up)| sign_up.see("Priya", &rfc3339(now))) {
                    self.write_sign_up(id);
                }
            }
            2 => {
                if let Some((standing, moved)) = sign_up::offer(id, state, &mut places, now) {
                    self.stand(id, standing);
                    self.stand_all(moved);
                }
            }
            _ => {
                if let Some((standing, moved)) = sign_up::confirm(id, state, &mut places) {
                    self.stand(id, standing);
                    self.stand_all(moved);
                }
            }
        }
        if let Some(session) = session {
            self.write_session(session);
        }
    }

    fn lead(&mut self, now: Millis, opportunity: OpportunityId, member: MemberId, leads: bool) {
        if !leads {
            return self.end_lead(opportunity, member);
        }
        if !self.kept.leads.insert((opportunity, member)) {
            return;
        }
        let (scope, id) = (format!("member:{member}"), opportunity.to_string());
        let since = rfc3339(now);
        self.write(&scope, kind::LEAD, &id, Some(&Lead { since }));
        let ids: Vec<_> = self.kept.sign_ups.keys().copied().collect();
        let here = |id: &SignUpId| {
            let session = self.known_sign_up(*id)?.session?;
            Some(self.facts(session)?.opportunity == opportunity)
        };
        let here: Vec<_> = ids
            .into_iter()
            .filter(|id| here(id) == Some(true))
            .collect();
        for id in here {
            self.write_attendee(id);
        }
    }

    fn led_by(&self, member: MemberId) -> BTreeSet<OpportunityId> {
        let leads = self.kept.leads.iter();
        let theirs = leads.filter(|(_, who)| *who == member);
        theirs.map(|(opportunity, _)| *opportunity).collect()
    }

    fn is_in_group(&self, member: MemberId) -> bool {
        Model::is_in_group(self, member)
    }

    fn staff_words(&mut self, chance: &mut Chance) {
        Model::staff_words(self, chance);
    }

    fn show_help_line(&mut self, shown: bool) {
        let body = shown.then_some("116 123");
        let id = HELP_LINE.to_string();
        self.write("public", kind::HELP_LINE, &id, body.as_ref());
    }

    fn crash(&mut self) {
        if self.is(Mutation::ServerAnswersBeforeDurable) {
            self.kept = self.before.clone();
        }
    }

    fn back_up(&mut self) {
        self.copy = self.kept.clone();
    }

    fn restore(&mut self, now: Millis) {
        // Ids, keys and cookies are chance: none of those that were given out comes again.
        self.copy.counter = self.kept.counter;
        let left = self.kept.left.clone();
        self.kept = self.copy.clone();
        // Who has left has no phone that could say it again: it is carried over.
        for member in left {
            let _ = self.leave(now, member);
        }
        self.before = self.kept.clone();
        if !self.is(Mutation::ServerKeepsItsEpoch) {
            self.epoch += 1;
        }
    }

    fn update(&mut self) {
        self.knows_offers = true;
    }

    fn check(&self) -> Result<(), String> {
        if let Some((at, times)) = self.kept.carried_out.iter().find(|(_, times)| **times > 1) {
            return Err(format!("command {at:?} was carried out {times} times"));
        }
        for facts in &self.sessions {
            self.judge_offers(facts.id)?;
            let taken = self.places(facts.id).map_or(0, |places| places.taken);
            if facts.limit.is_some_and(|limit| taken > limit) {
                return Err(format!("session {} gave {taken} places", facts.id));
            }
        }
        for (id, (_, check_in)) in &self.kept.check_ins {
            judge_check_in(*id, check_in)?;
            let has_owner = self.kept.owners.contains_key(id);
            if check_in.taken_on_by.is_some() && !has_owner {
                return Err(format!("check-in {id} was taken on and nobody has it"));
            }
        }
        Ok(())
    }
}

impl Model {
    /// Whoever has an offer has one that is held for them.
    fn judge_offers(&self, session: SessionId) -> Result<(), String> {
        for (id, (_, _, sign_up)) in &self.kept.sign_ups {
            let offered = sign_up.state == SignUpState::Offered;
            let held = self.kept.offers.get(id).copied().map(rfc3339);
            let told = sign_up.offer_until.clone();
            if sign_up.session == Some(session) && (offered != held.is_some() || held != told) {
                return Err(format!(
                    "{id} is {:?} until {told:?}, not {held:?}",
                    sign_up.state
                ));
            }
        }
        Ok(())
    }
}

/// What must hold of every check-in, wherever it is read.
///
/// # Errors
/// The invariant that does not hold.
pub fn judge_check_in(id: impl std::fmt::Display, check_in: &CheckIn) -> Result<(), String> {
    let withdrawn = check_in.state == CheckInState::Withdrawn;
    if withdrawn && check_in.note.is_some() {
        return Err(format!("{id} was withdrawn and keeps its note"));
    }
    if withdrawn && !check_in.messages.is_empty() {
        return Err(format!("{id} was withdrawn and keeps its thread"));
    }
    let closed = check_in.state == CheckInState::Closed;
    if closed && check_in.wants.asks_for_something() && !is_answered(&check_in.messages) {
        return Err(format!("{id} was closed unanswered"));
    }
    let taken = matches!(
        check_in.state,
        CheckInState::TakenOn | CheckInState::Replied | CheckInState::Closed
    );
    if taken && check_in.taken_on_by.is_none() {
        return Err(format!("{id} is {:?} and nobody has it", check_in.state));
    }
    Ok(())
}

/// The scope of what those who lead an opportunity read.
fn lead_scope(opportunity: OpportunityId) -> String {
    format!("lead:{opportunity}")
}

fn ok<T: Serialize>(body: &T) -> Answer {
    Answer {
        status: 200,
        body: serde_json::to_vec(body).expect("answers serialise"),
        ..Answer::default()
    }
}

/// An answer that is no page.
pub fn failed(status: u16, code: &str) -> Answer {
    failed_for(status, code, None)
}

/// An answer that is no page, about a device.
pub fn failed_for(status: u16, code: &str, device: Option<DeviceId>) -> Answer {
    let body = ErrorBody {
        code: code.into(),
        message: code.into(),
        device,
    };
    Answer {
        status,
        ..ok(&body)
    }
}

/// Reads a cursor; one of another epoch is the start.
pub fn read_cursor(cursor: Option<&str>, epoch: u32) -> Option<BTreeMap<String, u64>> {
    let Some(cursor) = cursor else {
        return Some(BTreeMap::new());
    };
    let (of, positions) = cursor.split_once('@')?;
    if of != epoch.to_string() {
        return Some(BTreeMap::new());
    }
    let parts = positions.split(';').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (scope, seq) = part.split_once('=')?;
            Some((scope.to_owned(), seq.parse().ok()?))
        })
        .collect()
}

/// A cursor as text.
pub fn write_cursor(positions: &BTreeMap<String, u64>, epoch: u32) -> String {
    let parts: Vec<_> = positions
        .iter()
        .map(|(scope, seq)| format!("{scope}={seq}"))
        .collect();
    format!("{epoch}@{}", parts.join(";"))
}
