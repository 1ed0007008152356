//! What members say about their experience: loaded with their other commands, decided by `app::domain::experience`, and
//! written one by one, in order: there are few of them. A story follows how its member's words may be used, in the same
//! transaction.

use crate::{
    db::{
        experiences::{
            self, ExperienceRow, people,
            stories::{self, StoryRow},
        },
        withdrawn::Mark,
    },
    error::Error,
    state::Arrival,
};
use app::domain::{
    care::{Care, CareState, Not},
    check_in::answered,
    experience::{
        self, Experience, Known, MayUse, Says, Send, Standing, TakenBack, Use, change_use,
        may_answer, story,
    },
    id::{ExperienceId, IndependentId, MemberId, StoryId, TeamId},
    record::kind,
    refusal::Refusal,
    text,
    time::{Millis, rfc3339},
};
use sqlx::AnyConnection;
use std::collections::{BTreeSet, HashMap};

/// What is to be loaded.
#[derive(Debug, Default)]
pub struct Wanted {
    experiences: BTreeSet<ExperienceId>,
    stories: BTreeSet<StoryId>,
    members: BTreeSet<MemberId>,
    readers: bool,
}

impl Wanted {
    /// What something that is said touches.
    pub fn add(&mut self, it: &Says) {
        match it {
            Says::Send(it) => {
                self.experiences.insert(it.experience);
                self.readers |= it.reader.independent().is_some();
            }
            Says::Use(Use { experience: id, .. })
            | Says::Withdraw(id)
            | Says::Answer(id, ..)
            | Says::TakeBack(id, _) => {
                self.experiences.insert(*id);
            }
            Says::Approve(id, ..) | Says::TakeDown(id) => {
                self.stories.insert(*id);
            }
        }
    }

    /// All that stand of a member's.
    pub fn add_all_of(&mut self, member: MemberId) {
        self.members.insert(member);
    }
}

/// What stands of the one who says something.
#[derive(Clone, Copy, Debug)]
pub struct Here {
    /// Who says it.
    pub member: MemberId,
    /// Their own team.
    pub team: Option<TeamId>,
    /// Whether they took it back before it came.
    pub is_marked: bool,
    /// By when what their team gets now should have been opened.
    pub due: Option<Millis>,
    /// When.
    pub now: Millis,
}

/// Experiences with their stories as loaded, with what was decided so far.
#[derive(Debug, Default)]
pub struct Experiences {
    rows: HashMap<ExperienceId, ExperienceRow>,
    stories: HashMap<StoryId, StoryRow>,
    readers: HashMap<IndependentId, String>,
    /// Those that changed, in the order of their first change.
    touched: Vec<ExperienceId>,
    touched_stories: Vec<StoryId>,
}

impl Experiences {
    /// Loads what is wanted.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(connection: &mut AnyConnection, wanted: Wanted) -> Result<Self, Error> {
        let mut loaded = Self::default();
        let mut rows = Vec::new();
        for id in wanted.experiences {
            rows.extend(experiences::find(&mut *connection, id).await?);
        }
        for member in wanted.members {
            rows.extend(experiences::standing_of(&mut *connection, member).await?);
        }
        for id in wanted.stories {
            if let Some(story) = stories::find(&mut *connection, id).await? {
                rows.extend(experiences::find(&mut *connection, story.experience).await?);
            }
        }
        for row in rows {
            let story = stories::of_experience(&mut *connection, row.id).await?;
            loaded.stories.extend(story.map(|story| (story.id, story)));
            loaded.rows.insert(row.id, row);
        }
        if wanted.readers {
            let named = people::named(&mut *connection).await?.into_iter();
            loaded.readers = named.map(|it| (it.shown.id, it.shown.name)).collect();
        }
        Ok(loaded)
    }

    /// Those of a member that stand.
    pub fn of(&self, member: MemberId) -> Vec<ExperienceId> {
        let rows = self.rows.values();
        let standing = rows.filter(|row| row.member == member && row.record.stands());
        standing.map(|row| row.id).collect()
    }

    /// Runs the rules for one thing that is said, and notes what they changed. Gives the mark to be left where something
    /// is taken back before it came.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn decide(&mut self, here: Here, it: &Says) -> Result<Option<Mark>, Refusal> {
        match it {
            Says::Send(it) => self.send(here, it).map(|()| None),
            Says::Use(it) => self.change_use(here, it).map(|()| None),
            Says::Withdraw(id) => self.withdraw(here, *id),
            Says::Answer(id, message, words) => {
                let at = rfc3339(here.now);
                let say = |care: Care| care.answer_back(*message, words.clone(), &at);
                self.in_thread(here, *id, say).map(|()| None)
            }
            Says::TakeBack(id, message) => {
                let take_back = |care: Care| care.take_answer_back(*message);
                self.in_thread(here, *id, take_back).map(|()| None)
            }
            Says::Approve(id, version, name) => self
                .approve(here, *id, *version, name.clone())
                .map(|()| None),
            Says::TakeDown(id) => self.take_down(here, *id).map(|()| None),
        }
    }

    /// Marks one that nobody opened in the reading time that was promised.
    fn pass(&mut self, id: ExperienceId) {
        if let Some(row) = self.rows.get_mut(&id)
            && row.record.state == CareState::Sent
        {
            row.record.passed_at = row.due_at.map(rfc3339);
            self.touch(id);
        }
    }

    fn send(&mut self, here: Here, it: &Send) -> Result<(), Refusal> {
        let reader = it.reader.independent().and_then(|id| self.readers.get(&id));
        let standing = Standing {
            known: self.known(here, it.experience),
            team: here.team,
            is_reader: reader.is_some(),
        };
        if experience::send(here.member, it, standing)? {
            let row = ExperienceRow {
                id: it.experience,
                member: here.member,
                reader: it.reader,
                consent: it.consent,
                seen_by: None,
                seen_at: None,
                owner: None,
                due_at: here.due.filter(|_| it.reader.team().is_some()),
                received_at: here.now,
                record: Experience::new(it, reader.cloned(), rfc3339(here.now)),
            };
            self.rows.insert(it.experience, row);
            self.touch(it.experience);
        }
        Ok(())
    }

    fn change_use(&mut self, here: Here, it: &Use) -> Result<(), Refusal> {
        let known = self.known(here, it.experience);
        if !change_use(here.member, it, known)? {
            return Ok(());
        }
        let Some(row) = self.rows.get_mut(&it.experience) else {
            return Ok(());
        };
        let was = row.record.may_use.replace(it.may_use);
        let is_named = it.may_use == MayUse::PublicNamed;
        row.record.name = text::tidy(it.name.clone()).filter(|_| is_named);
        self.touch(it.experience);
        self.follow(it.experience, |story| {
            story.follow(was, it.may_use, here.now)
        });
        Ok(())
    }

    fn withdraw(&mut self, here: Here, id: ExperienceId) -> Result<Option<Mark>, Refusal> {
        match experience::withdraw(here.member, self.known(here, id))? {
            TakenBack::Already => {}
            TakenBack::Mark => return Ok(Some((here.member, kind::EXPERIENCE, id.0))),
            TakenBack::Removed => {
                if let Some(row) = self.rows.get_mut(&id) {
                    row.record.withdraw();
                    row.owner = None;
                }
                self.touch(id);
                self.follow(id, |story| story.take_down(here.now));
            }
        }
        Ok(None)
    }

    fn in_thread(
        &mut self,
        here: Here,
        id: ExperienceId,
        say: impl FnOnce(Care) -> Result<(), Not>,
    ) -> Result<(), Refusal> {
        if !may_answer(here.member, self.known(here, id))? {
            return Ok(());
        }
        let said = self.rows.get_mut(&id).map(|row| row.care_for(say));
        if said == Some(Ok(())) {
            self.touch(id);
        }
        answered(said.unwrap_or(Ok(())))
    }

    fn approve(
        &mut self,
        here: Here,
        id: StoryId,
        version: u32,
        name: Option<String>,
    ) -> Result<(), Refusal> {
        let story = self.stories.get_mut(&id);
        let standing = story.map(|story| &mut story.standing);
        if story::approve(here.member, version, standing)?
            && let Some(story) = self.stories.get_mut(&id)
        {
            story.approved_at = Some(here.now);
            let of = self.rows.get(&story.experience);
            let is_named = of.is_some_and(|of| of.record.may_use == Some(MayUse::PublicNamed));
            story.name = text::tidy(name).filter(|_| is_named);
            self.touch_story(id);
        }
        Ok(())
    }

    fn take_down(&mut self, here: Here, id: StoryId) -> Result<(), Refusal> {
        let story = self.stories.get_mut(&id);
        // The rule decides on a copy: taking down does more to the row than to its standing.
        let mut standing = story.as_ref().map(|story| story.standing);
        if story::take_down(here.member, standing.as_mut())?
            && let Some(story) = story
        {
            story.take_down(here.now);
            self.touch_story(id);
        }
        Ok(())
    }

    /// The story of an experience follows it; `change` says whether anything changed.
    fn follow(&mut self, id: ExperienceId, change: impl FnOnce(&mut StoryRow) -> bool) {
        let mut all = self.stories.values_mut();
        let Some(story) = all.find(|story| story.experience == id) else {
            return;
        };
        let story_id = story.id;
        if change(story) {
            self.touch_story(story_id);
        }
    }

    fn known(&self, here: Here, id: ExperienceId) -> Option<Known> {
        let mark = here.is_marked.then_some(Known {
            member: here.member,
            state: CareState::Withdrawn,
            may_use: None,
        });
        self.rows.get(&id).map(ExperienceRow::known).or(mark)
    }

    fn touch(&mut self, id: ExperienceId) {
        if !self.touched.contains(&id) {
            self.touched.push(id);
        }
    }

    fn touch_story(&mut self, id: StoryId) {
        if !self.touched_stories.contains(&id) {
            self.touched_stories.push(id);
        }
    }

    /// Writes what changed; says what the desk should look at again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn write(
        self,
        transaction: &mut AnyConnection,
        now: Millis,
    ) -> Result<Vec<Arrival>, Error> {
        let mut arrivals = Vec::new();
        for id in &self.touched {
            let row = self.rows.get(id).ok_or(Error::NotFound)?;
            experiences::write(&mut *transaction, row, now).await?;
            arrivals.push(Arrival::Experience(row.reader));
        }
        for id in &self.touched_stories {
            let story = self.stories.get(id).ok_or(Error::NotFound)?;
            stories::write(&mut *transaction, story, now).await?;
            let of = self.rows.get(&story.experience);
            arrivals.extend(of.map(|row| Arrival::Experience(row.reader)));
        }
        Ok(arrivals)
    }
}

/// How many are marked in one piece of work.
const AT_ONCE: i64 = 200;

/// Marks what nobody opened in the reading time that was promised: the person is told (rule 7).
///
/// # Errors
/// What the database says.
pub async fn reading_times_passed(
    transaction: &mut AnyConnection,
    now: Millis,
) -> Result<Vec<Arrival>, Error> {
    let late = experiences::passed(transaction, now, AT_ONCE).await?;
    let wanted = Wanted {
        experiences: late.iter().copied().collect(),
        ..Wanted::default()
    };
    let mut loaded = Experiences::load(transaction, wanted).await?;
    for id in late {
        loaded.pass(id);
    }
    loaded.write(transaction, now).await
}
