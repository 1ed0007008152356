//! What a group of commands touches: loaded in bulk, decided about in memory, written in bulk.

use super::{
    experiences::{self, Experiences, Here},
    groups::{self, Groups},
    peers::{self, Peers},
    plans::{self, Plans},
    words::{self, Words},
};
use crate::{
    db::{
        check_ins::{self, CheckInRow},
        devices,
        feed::{self, Entry, member_scope},
        groups::people,
        hand_overs::{self, HandOver},
        leads, leaving, members,
        needs::{self, Kept},
        opportunities::{self, PlacesRow},
        peers as db_peers,
        plans::PlanRow,
        sessions as db_sessions,
        sign_ups::{self, SignUpRow},
        teams,
        withdrawn::{self, Mark},
        word::json,
        words::suggestions,
    },
    error::Error,
    reading,
    state::Arrival,
};
use app::domain::{
    care::{Care, Not},
    check_in::{CheckInState, KnownCheckIn},
    device::DeviceState,
    experience::{Experience, Says as SaysExperience},
    group::InGroup,
    hours::Hours,
    id::{
        CheckInId, DeviceId, ExperienceId, MemberId, OpportunityId, SessionId, SignUpId, StaffId,
        TeamId,
    },
    member::Named,
    peer::Does,
    places::{Moved, Places, Standing},
    record::{CheckIn, SignUp, kind},
    refusal::Refusal,
    shared_plan::{self, KnownPlan, PlanState, SharePlan, SharedPlan, TakenBack},
    sign_up::{KnownSignUp, SignUpState},
    time::Millis,
    words::suggestion::Says,
};
use sqlx::AnyConnection;
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What is to be loaded.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Members whose team matters.
    pub members: BTreeSet<MemberId>,
    /// Sign-ups, and with them their sessions.
    pub sign_ups: BTreeSet<SignUpId>,
    /// Sessions that someone asks for.
    pub sessions: BTreeSet<SessionId>,
    /// Who asks for which.
    pub asking: BTreeSet<(MemberId, SessionId)>,
    /// Check-ins.
    pub check_ins: BTreeSet<CheckInId>,
    /// Who sends something: a member who has left sends nothing any more.
    pub authors: BTreeSet<MemberId>,
    /// Members all of whose sign-ups matter.
    pub all_sign_ups: BTreeSet<MemberId>,
    /// Members who leave, and with them all that is theirs.
    pub leaving: BTreeSet<MemberId>,
    /// Phones that are to be signed out or cleared.
    pub devices: BTreeSet<(MemberId, DeviceId)>,
    /// Withdrawals that may have come before.
    pub marks: BTreeSet<Mark>,
    /// What acts in involvement groups touch.
    pub groups: groups::Wanted,
    /// Shared plans.
    pub plans: plans::Wanted,
    /// What is said about words touches.
    pub words: words::Wanted,
    /// What is said about experiences touches.
    pub experiences: experiences::Wanted,
    /// What is done about peer support touches.
    pub peers: peers::Wanted,
}

/// What was loaded, with what was decided so far.
#[derive(Debug)]
pub struct World {
    /// One instant for the whole group.
    pub now: Millis,
    teams: HashMap<MemberId, Option<TeamId>>,
    hours: HashMap<TeamId, Hours>,
    sign_ups: HashMap<SignUpId, SignUpRow>,
    sessions: HashMap<SessionId, PlacesRow>,
    active: HashSet<(MemberId, SessionId)>,
    check_ins: HashMap<CheckInId, CheckInRow>,
    devices: HashMap<(MemberId, DeviceId), DeviceState>,
    left: HashSet<MemberId>,
    /// Who leads what the loaded sessions belong to.
    leads: HashSet<(OpportunityId, MemberId)>,
    marks: HashSet<Mark>,
    /// Involvement groups, with what was decided about them.
    groups: Groups,
    /// Shared plans, with what was decided about them.
    plans: Plans,
    /// Documents, with what was decided about what is said of them.
    words: Words,
    /// Experiences and their stories, with what was decided about them.
    experiences: Experiences,
    /// Peer support, with what was decided about it.
    peers: Peers,
    changed: Changed,
}

/// What is to be written, in the order that it was decided.
#[derive(Debug, Default)]
struct Changed {
    touched: Vec<Touched>,
    seen: HashSet<Touched>,
    new: HashSet<Touched>,
    standings: HashMap<SignUpId, Standing>,
    sessions: BTreeSet<SessionId>,
    marks: Vec<Mark>,
    hand_overs: Vec<HandOver>,
    devices: Vec<(MemberId, DeviceId, DeviceState)>,
    names: HashMap<MemberId, Option<String>>,
    needs: HashMap<MemberId, Option<Kept>>,
    leaving: Vec<MemberId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Touched {
    SignUp(SignUpId),
    CheckIn(CheckInId),
    Mark(Mark),
}

impl World {
    /// Loads what is wanted.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(
        connection: &mut AnyConnection,
        now: Millis,
        mut wanted: Wanted,
    ) -> Result<Self, Error> {
        for member in std::mem::take(&mut wanted.all_sign_ups) {
            (wanted.sign_ups).extend(leaving::sign_ups(connection, member).await?);
        }
        for member in std::mem::take(&mut wanted.leaving) {
            (wanted.sign_ups).extend(leaving::sign_ups(connection, member).await?);
            (wanted.check_ins).extend(leaving::check_ins(connection, member).await?);
            wanted.plans.add_all_of(member);
            wanted.experiences.add_all_of(member);
        }
        let authors: Vec<_> = wanted.authors.into_iter().collect();
        let sign_up_ids: Vec<_> = wanted.sign_ups.into_iter().collect();
        let sign_ups = sign_ups::by_id(connection, &sign_up_ids).await?;
        let mut session_ids = wanted.sessions;
        session_ids.extend(sign_ups.iter().map(|row| row.session));
        let session_ids: Vec<_> = session_ids.into_iter().collect();
        let mut sessions: HashMap<_, _> = opportunities::places(connection, &session_ids)
            .await?
            .into_iter()
            .collect();
        load_queues(connection, &mut sessions).await?;
        load_offers(connection, &mut sessions).await?;
        let opportunities: BTreeSet<_> = sessions.values().map(|row| row.opportunity).collect();
        let opportunities: Vec<_> = opportunities.into_iter().collect();
        let leads = leads::of(connection, &opportunities).await?;
        let asking: Vec<_> = wanted.asking.into_iter().collect();
        let check_in_ids: Vec<_> = wanted.check_ins.into_iter().collect();
        let member_ids: Vec<_> = wanted.members.into_iter().collect();
        let marks: Vec<_> = wanted.marks.into_iter().collect();
        let teams = members::teams(connection, &member_ids).await?;
        let team_ids: BTreeSet<TeamId> = teams.values().copied().flatten().collect();
        let team_ids: Vec<_> = team_ids.into_iter().collect();
        let devices = load_devices(connection, wanted.devices).await?;
        let words = Words::load(connection, wanted.words, &mut wanted.groups).await?;
        Ok(Self {
            now,
            hours: teams::hours(connection, &team_ids).await?,
            teams,
            sign_ups: sign_ups.into_iter().map(|row| (row.id, row)).collect(),
            sessions,
            active: sign_ups::active(connection, &asking)
                .await?
                .into_iter()
                .collect(),
            check_ins: check_ins::by_id(connection, &check_in_ids)
                .await?
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            devices,
            left: leaving::left(connection, &authors).await?,
            leads,
            marks: withdrawn::marks(connection, &marks)
                .await?
                .into_iter()
                .collect(),
            groups: Groups::load(connection, wanted.groups).await?,
            plans: Plans::load(connection, wanted.plans).await?,
            words,
            experiences: Experiences::load(connection, wanted.experiences).await?,
            peers: Peers::load(connection, wanted.peers).await?,
            changed: Changed::default(),
        })
    }
}

/// One by one: few of them are ever ended.
async fn load_devices(
    connection: &mut AnyConnection,
    wanted: BTreeSet<(MemberId, DeviceId)>,
) -> Result<HashMap<(MemberId, DeviceId), DeviceState>, Error> {
    let mut found = HashMap::new();
    for (member, device) in wanted {
        if let Some(row) = devices::find(&mut *connection, member, device).await? {
            found.insert((member, device), row.state());
        }
    }
    Ok(found)
}

/// A session's list of waiting people is read only if someone waits.
async fn load_queues(
    connection: &mut AnyConnection,
    sessions: &mut HashMap<SessionId, PlacesRow>,
) -> Result<(), Error> {
    let with_queue: Vec<SessionId> = sessions
        .iter()
        .filter(|(_, row)| row.waiting > 0)
        .map(|(id, _)| *id)
        .collect();
    for (session, sign_up) in sign_ups::queues(connection, &with_queue).await? {
        if let Some(row) = sessions.get_mut(&session) {
            row.places.queue.push(sign_up);
        }
    }
    Ok(())
}

/// Offers are read only where someone holds a place.
async fn load_offers(
    connection: &mut AnyConnection,
    sessions: &mut HashMap<SessionId, PlacesRow>,
) -> Result<(), Error> {
    let with_holders: Vec<SessionId> = sessions
        .iter()
        .filter(|(_, row)| row.places.taken > 0)
        .map(|(id, _)| *id)
        .collect();
    for (session, offer) in sign_ups::offers(connection, &with_holders).await? {
        if let Some(row) = sessions.get_mut(&session) {
            row.places.offers.push(offer);
        }
    }
    Ok(())
}

impl World {
    /// The member's team.
    pub fn team(&self, member: MemberId) -> Option<TeamId> {
        self.teams.get(&member).copied().flatten()
    }

    /// By when something that the team gets now should have been opened; none if it has no hours.
    pub fn due(&self, team: TeamId) -> Option<Millis> {
        reading::due(self.hours.get(&team)?, self.now)
    }

    /// Whether the member leads what the session belongs to.
    pub fn leads(&self, member: MemberId, session: SessionId) -> bool {
        let session = self.sessions.get(&session);
        session.is_some_and(|row| self.leads.contains(&(row.opportunity, member)))
    }

    /// Whether the member has left Chorus.
    pub fn has_left(&self, member: MemberId) -> bool {
        self.left.contains(&member)
    }

    /// The sign-ups that are known of a member, those of this group among them, oldest first.
    pub fn sign_ups_of(&self, member: MemberId) -> BTreeSet<SignUpId> {
        let all = self.sign_ups.values();
        all.filter(|row| row.member == member)
            .map(|row| row.id)
            .collect()
    }

    /// The same of check-ins.
    pub fn check_ins_of(&self, member: MemberId) -> BTreeSet<CheckInId> {
        let all = self.check_ins.values();
        all.filter(|row| row.member == member)
            .map(|row| row.id)
            .collect()
    }

    /// The member leaves: what is left of them ends when all is written.
    pub fn leave(&mut self, member: MemberId) {
        self.left.insert(member);
        self.changed.leaving.push(member);
    }

    /// The member is called so from now on.
    pub fn rename(&mut self, member: MemberId, name: Option<String>) {
        self.changed.names.insert(member, name);
    }

    /// What would make it easier for the member is kept so from now on; none lets go of it.
    pub fn keep_needs(&mut self, member: MemberId, kept: Option<Kept>) {
        self.changed.needs.insert(member, kept);
    }

    /// A sign-up as it stands now.
    pub fn sign_up(&self, id: SignUpId) -> Option<&SignUpRow> {
        self.sign_ups.get(&id)
    }

    /// A check-in as it stands now.
    pub fn check_in(&self, id: CheckInId) -> Option<&CheckInRow> {
        self.check_ins.get(&id)
    }

    /// How a phone of this member stands.
    pub fn device(&self, member: MemberId, id: DeviceId) -> Option<DeviceState> {
        self.devices.get(&(member, id)).copied()
    }

    /// A phone of this member is signed out or lost.
    pub fn end_device(&mut self, member: MemberId, id: DeviceId, state: DeviceState) {
        self.devices.insert((member, id), state);
        self.changed.devices.push((member, id, state));
    }

    /// What stands under a sign-up's id for this member: someone's sign-up, or the mark of the
    /// member's own withdrawal.
    pub fn known_sign_up(&self, member: MemberId, id: SignUpId) -> Option<KnownSignUp> {
        let mark = || {
            let marked = self.marks.contains(&(member, kind::SIGN_UP, id.0));
            marked.then_some(KnownSignUp {
                member,
                session: None,
                state: SignUpState::Withdrawn,
            })
        };
        self.sign_ups.get(&id).map(SignUpRow::known).or_else(mark)
    }

    /// The same for a check-in.
    pub fn known_check_in(&self, member: MemberId, id: CheckInId) -> Option<KnownCheckIn> {
        let mark = || {
            let marked = self.marks.contains(&(member, kind::CHECK_IN, id.0));
            marked.then_some(KnownCheckIn {
                member,
                state: CheckInState::Withdrawn,
            })
        };
        self.check_ins.get(&id).map(CheckInRow::known).or_else(mark)
    }

    /// Whether the member has a sign-up that stands for the session.
    pub fn has_active(&self, member: MemberId, session: SessionId) -> bool {
        self.active.contains(&(member, session))
    }

    /// What is to be agreed to before someone signs up for the session, by its version.
    pub fn agreement(&self, session: SessionId) -> Option<u32> {
        self.sessions.get(&session)?.agreement
    }

    /// Another way to get in online: whoever has a place is told, if their sign-up is here.
    pub fn relink(&mut self, session: SessionId, link: Option<String>) {
        let Some(row) = self.sessions.get_mut(&session) else {
            return;
        };
        row.link = link;
        let all = self.sign_ups.values();
        let has_place =
            |row: &&SignUpRow| row.session == session && row.record.state == SignUpState::Confirmed;
        let told: Vec<SignUpId> = all.filter(has_place).map(|row| row.id).collect();
        for id in told {
            self.touch(Touched::SignUp(id));
        }
    }

    /// The session is over or called off: from now on nobody moves up in it.
    pub fn shut(&mut self, session: SessionId) {
        if let Some(places) = self.places(session) {
            places.open = false;
        }
    }

    /// A session's places, to decide with. They are written back whatever was decided.
    pub fn places(&mut self, session: SessionId) -> Option<&mut Places> {
        let row = self.sessions.get_mut(&session)?;
        self.changed.sessions.insert(session);
        Some(&mut row.places)
    }

    /// The offers that have run out end.
    pub fn end_offers(&mut self) {
        let now = self.now;
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            let moved = self.places(id).map(|places| places.expire(now));
            self.move_all(moved.unwrap_or_default());
        }
    }

    /// A session's ballot is drawn, in this order.
    pub fn draw(&mut self, session: SessionId, drawn: &[SignUpId]) {
        let moved = self.places(session).map(|places| places.draw(drawn));
        self.move_all(moved.unwrap_or_default());
    }

    /// Adds a new sign-up.
    pub fn add_sign_up(&mut self, row: SignUpRow, standing: Standing) {
        let id = row.id;
        self.active.insert((row.member, row.session));
        self.changed.new.insert(Touched::SignUp(id));
        self.sign_ups.insert(id, row);
        self.stand(id, standing);
    }

    /// A sign-up takes this standing. One that ends keeps nothing that the person wrote.
    pub fn stand(&mut self, id: SignUpId, standing: Standing) {
        self.touch(Touched::SignUp(id));
        self.changed.standings.insert(id, standing);
        // Those that only moved up are loaded when they are written.
        let Some(row) = self.sign_ups.get_mut(&id) else {
            return;
        };
        let joins_queue = standing.state == SignUpState::Waiting
            && (row.record.state != SignUpState::Waiting || row.queue == 0);
        if joins_queue && let Some(session) = self.sessions.get_mut(&row.session) {
            row.queue = session.next_queue;
            session.next_queue += 1;
        }
        row.stand(standing);
        if standing.state == SignUpState::Withdrawn {
            // What staff wrote about it may say what the person wrote.
            row.staff_note = None;
        }
        if !standing.state.is_active() {
            self.active.remove(&(row.member, row.session));
        }
    }

    /// Others move because of what one did.
    pub fn move_all(&mut self, moved: Moved) {
        for (id, standing) in moved {
            self.stand(id, standing);
        }
    }

    /// Changes a sign-up's row in another way than its standing.
    pub fn edit_sign_up(&mut self, id: SignUpId) -> Option<&mut SignUpRow> {
        self.touch(Touched::SignUp(id));
        self.sign_ups.get_mut(&id)
    }

    /// Adds a newly shared check-in.
    pub fn add_check_in(&mut self, row: CheckInRow) {
        let touched = Touched::CheckIn(row.id);
        self.changed.new.insert(touched);
        self.touch(touched);
        self.check_ins.insert(row.id, row);
    }

    /// Changes a check-in.
    pub fn edit_check_in(&mut self, id: CheckInId) -> Option<&mut CheckInRow> {
        self.touch(Touched::CheckIn(id));
        self.check_ins.get_mut(&id)
    }

    /// Decides about a check-in's care; it is written only if something changed. None if it is not there.
    pub fn care_for(
        &mut self,
        id: CheckInId,
        decide: impl FnOnce(Care) -> Result<(), Not>,
    ) -> Option<Result<(), Not>> {
        let done = decide(self.check_ins.get_mut(&id)?.care());
        if done.is_ok() {
            self.touch(Touched::CheckIn(id));
        }
        Some(done)
    }

    /// Notes who gave what to whom.
    pub fn hand_over(&mut self, it: HandOver) {
        self.changed.hand_overs.push(it);
    }

    /// Decides about what a member does in a group.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn in_group(&mut self, member: MemberId, it: &InGroup) -> Result<(), Refusal> {
        let mark = it
            .message
            .map(|message| (member, kind::GROUP_MESSAGE, message));
        let was_taken_back = mark.is_some_and(|mark| self.marks.contains(&mark));
        self.groups.decide(member, it, was_taken_back)
    }

    /// A shared plan as it stands now.
    pub fn plan(&self, id: Uuid) -> Option<&PlanRow> {
        self.plans.get(id)
    }

    /// The plans that are known of a member and stand.
    pub fn plans_of(&self, member: MemberId) -> Vec<Uuid> {
        self.plans.of(member)
    }

    /// A member shares their plan: it takes the place of the one before.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn share_plan(&mut self, member: MemberId, it: &SharePlan) -> Result<(), Refusal> {
        let known = self.known_plan(member, it.plan);
        if shared_plan::share(member, it, known, self.team(member))? {
            self.plans.add(member, it, self.now);
        }
        Ok(())
    }

    /// A member takes a shared plan back.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn withdraw_plan(&mut self, member: MemberId, id: Uuid) -> Result<(), Refusal> {
        match shared_plan::withdraw(member, self.known_plan(member, id))? {
            TakenBack::Already => {}
            TakenBack::Mark => self.mark((member, kind::PLAN, id)),
            TakenBack::Removed => self.plans.edit(id, |row| row.record.withdraw()),
        }
        Ok(())
    }

    /// Somebody of the team reads a plan.
    pub fn see_plan(&mut self, id: Uuid, by: (StaffId, &str)) {
        let now = self.now;
        if self.plan(id).is_some_and(|row| row.seen_by.is_none()) {
            self.plans.edit(id, |row| row.see(by, now));
        }
    }

    fn known_plan(&self, member: MemberId, id: Uuid) -> Option<KnownPlan> {
        let mark = || {
            let marked = self.marks.contains(&(member, kind::PLAN, id));
            marked.then_some(KnownPlan {
                member,
                state: PlanState::Withdrawn,
            })
        };
        self.plans.get(id).map(PlanRow::known).or_else(mark)
    }

    /// Decides about what a member says of the words of a document.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn says(&mut self, member: MemberId, it: &Says) -> Result<(), Refusal> {
        let marks = &self.marks;
        let is_marked = |kind: &'static str, id| marks.contains(&(member, kind, id));
        self.words.decide(&self.groups, member, it, is_marked)
    }

    /// The experiences that are known of a member and stand.
    pub fn experiences_of(&self, member: MemberId) -> Vec<ExperienceId> {
        self.experiences.of(member)
    }

    /// Decides about what a member says of their experience.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn says_experience(
        &mut self,
        member: MemberId,
        it: &SaysExperience,
    ) -> Result<(), Refusal> {
        let mark = it.experience().map(|id| (member, kind::EXPERIENCE, id.0));
        let here = Here {
            member,
            team: self.team(member),
            is_marked: mark.is_some_and(|mark| self.marks.contains(&mark)),
            due: self.team(member).and_then(|team| self.due(team)),
            now: self.now,
        };
        if let Some(mark) = self.experiences.decide(here, it)? {
            self.mark(mark);
        }
        Ok(())
    }

    /// Decides about what a member does about peer support.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn does(&mut self, member: MemberId, it: &Does) -> Result<(), Refusal> {
        let marks = &self.marks;
        let is_marked = |kind: &'static str, id| marks.contains(&(member, kind, id));
        self.peers.decide(member, it, is_marked)
    }

    /// Leaves the mark of a withdrawal that came first.
    pub fn mark(&mut self, mark: Mark) {
        if self.marks.insert(mark) {
            self.changed.marks.push(mark);
            self.changed.new.insert(Touched::Mark(mark));
            self.touch(Touched::Mark(mark));
        }
    }

    fn touch(&mut self, it: Touched) {
        if self.changed.seen.insert(it) {
            self.changed.touched.push(it);
        }
    }

    /// Writes everything that changed, and the feed; says what the desk should look at again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn write(mut self, transaction: &mut AnyConnection) -> Result<Vec<Arrival>, Error> {
        self.load_moved(transaction).await?;
        let mut entries = Vec::with_capacity(self.changed.touched.len());
        let mut arrivals = HashSet::new();
        let (mut sign_ups, mut check_ins) = (Vec::new(), Vec::new());
        for touched in std::mem::take(&mut self.changed.touched) {
            entries.push(self.entry(touched)?);
            match touched {
                Touched::SignUp(id) => {
                    let row = self.sign_ups.remove(&id).ok_or(Error::NotFound)?;
                    let session = self.sessions.get(&row.session);
                    arrivals.extend(session.map(|session| Arrival::SignUp(session.opportunity)));
                    sign_ups.push(row);
                }
                Touched::CheckIn(id) => {
                    let row = self.check_ins.remove(&id).ok_or(Error::NotFound)?;
                    arrivals.insert(Arrival::CheckIn(row.team));
                    check_ins.push(row);
                }
                Touched::Mark(_) => {}
            }
        }
        entries.extend(self.attendees(transaction, &sign_ups).await?);
        sign_ups::write(transaction, sign_ups).await?;
        let gone = check_ins.iter();
        let gone = gone.filter(|row| row.record.state == CheckInState::Withdrawn);
        let gone: Vec<_> = gone.map(|row| row.id.0).collect();
        check_ins::write(transaction, check_ins).await?;
        hand_overs::add(transaction, &self.changed.hand_overs).await?;
        hand_overs::forget(transaction, &gone).await?;
        withdrawn::write(transaction, &self.changed.marks, self.now).await?;
        entries.extend(self.write_sessions(transaction).await?);
        let renamed: Vec<_> = self.changed.names.keys().copied().collect();
        entries.extend(self.write_names(transaction).await?);
        for (member, kept) in std::mem::take(&mut self.changed.needs) {
            entries.extend(needs::write(transaction, member, kept.as_ref(), self.now).await?);
        }
        feed::write(transaction, entries).await?;
        for member in renamed {
            leads::renamed(&mut *transaction, member).await?;
            people::renamed(&mut *transaction, member).await?;
            suggestions::renamed(&mut *transaction, member).await?;
            db_peers::renamed(&mut *transaction, member).await?;
        }
        arrivals.extend(self.groups.write(&mut *transaction, self.now).await?);
        arrivals.extend(self.plans.write(&mut *transaction).await?);
        arrivals.extend(self.words.write(&mut *transaction, self.now).await?);
        arrivals.extend(self.experiences.write(&mut *transaction, self.now).await?);
        arrivals.extend(self.peers.write(&mut *transaction, self.now).await?);
        for (member, device, state) in std::mem::take(&mut self.changed.devices) {
            end_device(transaction, member, device, state, self.now).await?;
        }
        for member in std::mem::take(&mut self.changed.leaving) {
            leaving::end(transaction, member, self.now).await?;
        }
        Ok(arrivals.into_iter().collect())
    }

    /// What those who lead are told of these sign-ups.
    async fn attendees(
        &self,
        connection: &mut AnyConnection,
        rows: &[SignUpRow],
    ) -> Result<Vec<Entry>, Error> {
        let led: HashSet<_> = self.leads.iter().map(|(led, _)| *led).collect();
        let of = |row: &SignUpRow| Some(self.sessions.get(&row.session)?.opportunity);
        let rows: Vec<_> = rows
            .iter()
            .filter_map(|row| Some((of(row).filter(|it| led.contains(it))?, row)))
            .collect();
        let members: Vec<_> = rows.iter().map(|(_, row)| row.member).collect();
        let names = leads::names(connection, &members).await?;
        let entry = |(opportunity, row): &(OpportunityId, &SignUpRow)| {
            let name = names.get(&row.member).and_then(Option::as_deref);
            let is_new = self.changed.new.contains(&Touched::SignUp(row.id));
            leads::attendee(*opportunity, row, name, is_new)
        };
        Ok(rows.iter().map(entry).collect())
    }

    async fn load_moved(&mut self, transaction: &mut AnyConnection) -> Result<(), Error> {
        let missing: Vec<SignUpId> = self.changed.standings.keys().copied().collect();
        let missing: Vec<SignUpId> = missing
            .into_iter()
            .filter(|id| !self.sign_ups.contains_key(id))
            .collect();
        for mut row in sign_ups::by_id(transaction, &missing).await? {
            if let Some(standing) = self.changed.standings.get(&row.id) {
                row.stand(*standing);
            }
            self.sign_ups.insert(row.id, row);
        }
        Ok(())
    }

    fn entry(&self, touched: Touched) -> Result<Entry, Error> {
        let (member, kind, id, body) = match touched {
            Touched::SignUp(id) => {
                let row = self.sign_ups.get(&id).ok_or(Error::NotFound)?;
                let session = self.sessions.get(&row.session);
                let link = session.and_then(|session| session.link.as_ref());
                let record = row.told(self.position(row), link);
                (row.member, kind::SIGN_UP, id.0, json(&record))
            }
            Touched::CheckIn(id) => {
                let row = self.check_ins.get(&id).ok_or(Error::NotFound)?;
                (row.member, kind::CHECK_IN, id.0, json(&row.record))
            }
            Touched::Mark((member, kind, id)) if kind == kind::SIGN_UP => {
                (member, kind::SIGN_UP, id, json(&SignUp::mark()))
            }
            Touched::Mark((member, kind, id)) if kind == kind::PLAN => {
                (member, kind::PLAN, id, json(&SharedPlan::mark()))
            }
            Touched::Mark((member, kind, id)) if kind == kind::EXPERIENCE => {
                (member, kind::EXPERIENCE, id, json(&Experience::mark()))
            }
            Touched::Mark((member, _, id)) => (member, kind::CHECK_IN, id, json(&CheckIn::mark())),
        };
        Ok(Entry {
            scope: member_scope(member),
            kind,
            id: id.to_string(),
            body: Some(body),
            is_new: self.changed.new.contains(&touched),
        })
    }

    fn position(&self, row: &SignUpRow) -> Option<u32> {
        if row.record.state != SignUpState::Waiting {
            return None;
        }
        if let Some(standing) = self.changed.standings.get(&row.id) {
            return standing.position;
        }
        let queue = &self.sessions.get(&row.session)?.places.queue;
        let index = queue.iter().position(|waiting| *waiting == row.id)?;
        u32::try_from(index + 1).ok()
    }

    async fn write_names(&mut self, transaction: &mut AnyConnection) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        for (member, name) in std::mem::take(&mut self.changed.names) {
            members::rename(transaction, member, name.as_deref()).await?;
            entries.push(Entry {
                scope: member_scope(member),
                kind: kind::MEMBER,
                id: member.to_string(),
                body: Some(json(&Named { name })),
                is_new: false,
            });
        }
        Ok(entries)
    }

    /// Phones hear of a session only when its room changes.
    async fn write_sessions(
        &mut self,
        transaction: &mut AnyConnection,
    ) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        for id in &self.changed.sessions {
            let Some(row) = self.sessions.get_mut(id) else {
                continue;
            };
            let room_before = std::mem::replace(&mut row.room, row.places.room());
            opportunities::write_places(transaction, *id, row).await?;
            if row.room != room_before && row.is_shown {
                let session = db_sessions::record(transaction, *id).await?;
                entries.push(Entry {
                    scope: feed::PUBLIC.to_owned(),
                    kind: kind::SESSION,
                    id: id.to_string(),
                    body: Some(json(&session)),
                    is_new: false,
                });
            }
        }
        Ok(entries)
    }
}

async fn end_device(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    state: DeviceState,
    now: Millis,
) -> Result<(), Error> {
    if state == DeviceState::Lost {
        devices::lose(transaction, member, device, None, now).await
    } else {
        devices::sign_out(transaction, member, device, now).await
    }
}
