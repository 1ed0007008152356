//! What somebody says about their experience of a service, and the rules of it: sending, how it may be used, answering,
//! taking back; [`story`] is what may be told of it in public, [`speaking_up`] whom to turn to about somebody who works here.
//!
//! One reader has it and no other: the member's own team, or one person whom an admin named and whom the member picked.
//! How it may be used is theirs to say at any time, and less always wins over more.

use super::{
    care::{Care, CareState, Message, Not},
    command::{Command, naming, put_id, put_words},
    id::{ChangeId, ExperienceId, IndependentId, MemberId, StaffId, StoryId, TeamId},
    plain::{self, Act, Over, Plain},
    record::kind,
    refusal::Refusal,
    text,
};
use crate::json::{Misshapen, field, fields_of};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

pub mod speaking_up;
pub mod story;

/// The version of the words about sharing an experience that a person agrees to when they send one.
///
/// 1: who reads it, how it may be used, that someone may be told if a person could be badly hurt, and that a note about
/// safety may be written, which stays when it is taken back.
pub const CONSENT_VERSION: u32 = 1;

crate::words! {
    /// A stage of somebody's way through services.
    pub enum Stage {
        /// A hospital.
        Hospital "hospital",
        /// Early intervention.
        EarlyIntervention "early_intervention",
        /// Crisis care.
        CrisisCare "crisis_care",
        /// In the community.
        Community "community",
        /// Housing.
        Housing "housing",
        /// Another one.
        Other "other",
    }
}

impl Stage {
    /// All of them, in the order of the screen.
    pub const ALL: [Self; 6] = [
        Self::Hospital,
        Self::EarlyIntervention,
        Self::CrisisCare,
        Self::Community,
        Self::Housing,
        Self::Other,
    ];
}

crate::words! {
    /// How it may be used. Each allows all that those before it allow.
    pub enum MayUse {
        /// Only to make the service better.
        OnlyImprove "only_improve",
        /// In training, without a name.
        TrainingUnnamed "training_unnamed",
        /// In public, without a name.
        PublicUnnamed "public_unnamed",
        /// In public, with a name.
        PublicNamed "public_named",
    }
}

impl MayUse {
    /// All of them, from the least to the most.
    pub const ALL: [Self; 4] = [
        Self::OnlyImprove,
        Self::TrainingUnnamed,
        Self::PublicUnnamed,
        Self::PublicNamed,
    ];

    /// Whether this allows all that `other` allows.
    pub fn allows(self, other: Self) -> bool {
        self as u8 >= other as u8
    }

    /// Whether a story may be told of it in public.
    pub fn is_public(self) -> bool {
        self.allows(Self::PublicUnnamed)
    }
}

/// Who reads it: nobody else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// The member's own team.
    Team(TeamId),
    /// A person whom an admin named for this, and nobody else, no admin either: it is about somebody who works here.
    Independent(IndependentId),
}

impl Reader {
    /// Out of two columns or fields, of which one says something.
    pub fn of(team: Option<TeamId>, independent: Option<IndependentId>) -> Option<Self> {
        match (team, independent) {
            (Some(team), None) => Some(Self::Team(team)),
            (None, Some(person)) => Some(Self::Independent(person)),
            _ => None,
        }
    }

    /// The team.
    pub fn team(self) -> Option<TeamId> {
        match self {
            Self::Team(team) => Some(team),
            Self::Independent(_) => None,
        }
    }

    /// The independent person.
    pub fn independent(self) -> Option<IndependentId> {
        match self {
            Self::Team(_) => None,
            Self::Independent(person) => Some(person),
        }
    }
}

crate::words! {
    /// What it came to.
    pub enum LinkState {
        /// Something is planned.
        Planned "planned",
        /// Something was made different.
        Made "made",
        /// It cannot be, and why is said.
        NotPossible "not_possible",
    }
}

/// What it came to, in words for whoever said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What.
    pub state: LinkState,
    /// What is planned or was done; why it cannot be.
    pub words: String,
    /// The change that everyone reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeId>,
    /// RFC 3339; since when.
    pub at: String,
}

crate::reads_json!(Link {
    state,
    words,
    change,
    at
});

crate::words! {
    /// Where it was used, outside of what can be taken back.
    pub enum UsedIn {
        /// A report for boards and funders.
        ImpactReport "impact_report",
        /// A sheet that was handed out.
        Handout "handout",
        /// A training.
        Training "training",
    }
}

/// That it was used somewhere. What was printed cannot be called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Used {
    /// Where.
    pub kind: UsedIn,
    /// RFC 3339; when.
    pub at: String,
}

crate::reads_json!(Used { kind, at });

/// The `experience` record, in its member's scope. One that was taken back has nothing that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Experience {
    /// How far it has come.
    pub state: CareState,
    /// At which stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// What was good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good: Option<String>,
    /// What could have been different.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub different: Option<String>,
    /// When about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when_about: Option<String>,
    /// How it may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_use: Option<MayUse>,
    /// The name that may stand with it in public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether somebody may get back to them.
    pub may_reply: bool,
    /// The team that reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The independent person who reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub independent: Option<IndependentId>,
    /// The name of that person, as it was when they were picked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reader: Option<String>,
    /// RFC 3339; when the server had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<String>,
    /// The first name of who read it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_by: Option<String>,
    /// RFC 3339; when that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<String>,
    /// RFC 3339; the end of the reading time that passed before anybody opened it (rule 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed_at: Option<String>,
    /// The first name of who looks into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_on_by: Option<String>,
    /// RFC 3339; since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_on_at: Option<String>,
    /// RFC 3339; when it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    /// What was said about it since, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    /// What it came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Where it was used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Used>,
}

crate::reads_json!(Experience {
    state,
    stage,
    good,
    different,
    when_about,
    may_use,
    name,
    may_reply,
    team,
    independent,
    reader,
    received_at,
    seen_by,
    seen_at,
    passed_at,
    taken_on_by,
    taken_on_at,
    closed_at,
    messages,
    link,
    used
});

impl Experience {
    /// What stands under the id of one that was taken back before it came.
    pub fn mark() -> Self {
        Self {
            state: CareState::Withdrawn,
            stage: None,
            good: None,
            different: None,
            when_about: None,
            may_use: None,
            name: None,
            may_reply: false,
            team: None,
            independent: None,
            reader: None,
            received_at: None,
            seen_by: None,
            seen_at: None,
            passed_at: None,
            taken_on_by: None,
            taken_on_at: None,
            closed_at: None,
            messages: Vec::new(),
            link: None,
            used: Vec::new(),
        }
    }

    /// One that has just come. `reader` is the name of the independent person.
    pub fn new(said: &Send, reader: Option<String>, received_at: String) -> Self {
        let tidy = |words: &Option<String>| text::tidy(words.clone());
        Self {
            state: CareState::Sent,
            stage: said.stage,
            good: tidy(&said.good),
            different: tidy(&said.different),
            when_about: tidy(&said.when_about),
            may_use: Some(said.may_use),
            name: tidy(&said.name).filter(|_| said.may_use == MayUse::PublicNamed),
            may_reply: said.may_reply,
            team: said.reader.team(),
            independent: said.reader.independent(),
            reader,
            received_at: Some(received_at),
            ..Self::mark()
        }
    }

    /// Whether somebody has it to read.
    pub fn stands(&self) -> bool {
        self.state != CareState::Withdrawn
    }

    /// What is decided about its care is decided on these; `owner` is the id of who has it, which no phone is told, and
    /// nobody outside of Chorus has a record of it to copy it to.
    pub fn care<'a>(
        &'a mut self,
        owner: &'a mut Option<StaffId>,
        copied: &'a mut (Option<String>, Option<String>),
    ) -> Care<'a> {
        Care {
            asked: self.may_reply,
            owner,
            state: &mut self.state,
            messages: &mut self.messages,
            taken_on_by: &mut self.taken_on_by,
            taken_on_at: &mut self.taken_on_at,
            closed_at: &mut self.closed_at,
            copied_by: &mut copied.0,
            copied_at: &mut copied.1,
        }
    }

    /// Whether somebody may write to them: they said so, or have written since.
    pub fn may_be_written_to(&self) -> bool {
        self.stands() && (self.may_reply || self.messages.iter().any(|it| it.from.is_none()))
    }

    /// Takes it back: who read it and where it was used stays said.
    pub fn withdraw(&mut self) {
        *self = Self {
            team: self.team,
            independent: self.independent,
            reader: self.reader.take(),
            received_at: self.received_at.take(),
            seen_by: self.seen_by.take(),
            seen_at: self.seen_at.take(),
            used: std::mem::take(&mut self.used),
            ..Self::mark()
        };
    }

    /// Somebody who reads it really read it. The first wins; whether anything changed.
    pub fn see(&mut self, by: &str, at: &str) -> bool {
        let first = self.seen_by.is_none() && self.stands();
        if first {
            self.passed_at = None;
            self.seen_by = Some(by.to_owned());
            self.seen_at = Some(at.to_owned());
        }
        first
    }

    /// What it came to is said; again where that is put right.
    ///
    /// # Errors
    /// [`Not::Withdrawn`].
    pub fn come_to(&mut self, link: Link) -> Result<(), Not> {
        if !self.stands() {
            return Err(Not::Withdrawn);
        }
        self.link = Some(link);
        Ok(())
    }
}

/// An `experience_answer`: what the member answered, or takes back of that, while it waits on their phone. Nobody else
/// ever has such a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it is about.
    pub experience: ExperienceId,
    /// The words; none where it is taken back.
    pub words: Option<String>,
}

crate::reads_json!(Answer { experience, words });

/// The kinds of what members say, on the wire.
pub mod act {
    /// I say how it was.
    pub const SEND: &str = "experience.send";
    /// I say anew how it may be used.
    pub const USE: &str = "experience.use";
    /// I take all of it back.
    pub const WITHDRAW: &str = "experience.withdraw";
    /// I answer somebody's words about it.
    pub const ANSWER: &str = "experience.answer";
    /// I take that back.
    pub const TAKE_BACK: &str = "experience.take_back";
    /// I approve a story, word for word.
    pub const APPROVE: &str = "story.approve";
    /// I take a story down.
    pub const TAKE_DOWN: &str = "story.take_down";
}

/// What phones know of what members say about their experience. An answer that waits is shown as a record of its own:
/// once it has come it stands in the thread.
pub static ACTS: [Act; 7] = [
    Act {
        new: Some("sent"),
        undone_by: Some(act::WITHDRAW),
        ..about(act::SEND, kind::EXPERIENCE, &["experience"], Over::Nothing)
    },
    about(
        act::USE,
        kind::EXPERIENCE,
        &["experience"],
        Over::Field("may_use"),
    ),
    about(
        act::WITHDRAW,
        kind::EXPERIENCE,
        &["experience"],
        Over::Gone("withdrawn"),
    ),
    Act {
        new: Some("sent"),
        undone_by: Some(act::TAKE_BACK),
        ..about(act::ANSWER, kind::EXPERIENCE_ANSWER, ANSWER, Over::Nothing)
    },
    // The record that it takes words out of is another one: until that comes, this says so.
    Act {
        new: Some("taken_back"),
        ..about(
            act::TAKE_BACK,
            kind::EXPERIENCE_ANSWER,
            ANSWER,
            Over::Gone("taken_back"),
        )
    },
    about(
        act::APPROVE,
        kind::STORY,
        &["story"],
        Over::State("approved"),
    ),
    about(
        act::TAKE_DOWN,
        kind::STORY,
        &["story"],
        Over::State("taken_down"),
    ),
];

const ANSWER: &[&str] = &["message", "experience"];

const fn about(
    word: &'static str,
    record: &'static str,
    ids: &'static [&'static str],
    over: Over,
) -> Act {
    Act {
        word,
        record,
        ids,
        new: None,
        over,
        undone_by: None,
    }
}

/// What is said about an experience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// A new id.
    pub experience: ExperienceId,
    /// At which stage.
    pub stage: Option<Stage>,
    /// What was good.
    pub good: Option<String>,
    /// What could have been different.
    pub different: Option<String>,
    /// When about.
    pub when_about: Option<String>,
    /// How it may be used.
    pub may_use: MayUse,
    /// The name that may stand with it in public.
    pub name: Option<String>,
    /// Whether somebody may get back to them.
    pub may_reply: bool,
    /// Who reads it.
    pub reader: Reader,
    /// The version of the words about sharing that they agreed to.
    pub consent: u32,
}

impl Send {
    fn is_well_formed(&self) -> bool {
        let says = |words: &Option<String>| text::tidy(words.clone()).is_some();
        let long = |words: &Option<String>| text::fits(words.as_deref(), text::LONG);
        let short = |words: &Option<String>| text::fits(words.as_deref(), text::SHORT);
        (says(&self.good) || says(&self.different))
            && long(&self.good)
            && long(&self.different)
            && short(&self.when_about)
            && short(&self.name)
    }
}

/// How an experience may be used from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Which.
    pub experience: ExperienceId,
    /// What it was when they said this: more is allowed only by who saw what stands.
    pub was: MayUse,
    /// What it is to be.
    pub may_use: MayUse,
    /// The name that may stand with it in public.
    pub name: Option<String>,
}

/// What a member says or does about their experience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// How it was.
    Send(Box<Send>),
    /// How it may be used.
    Use(Use),
    /// That all of it is taken back.
    Withdraw(ExperienceId),
    /// An answer: about what, under which new id, and the words.
    Answer(ExperienceId, Uuid, String),
    /// That this is taken back.
    TakeBack(ExperienceId, Uuid),
    /// That this version of a story may be told, with this name.
    Approve(StoryId, u32, Option<String>),
    /// That it is not to be told any more.
    TakeDown(StoryId),
}

impl Says {
    /// Out of a command; none for one about something else, or where it does not say what it needs to say.
    pub fn of(it: &Plain) -> Option<Self> {
        let is_known = ACTS.iter().any(|act| act.word == it.act.word);
        let read = is_known.then(|| Self::read(it.act.word, it.says()))?;
        read.ok().filter(Self::is_well_formed)
    }

    fn read(word: &str, body: Value) -> Result<Self, Misshapen> {
        let mut fields = fields_of(body, "experience")?;
        let fields = &mut fields;
        Ok(match word {
            act::SEND => Self::Send(Box::new(Send {
                experience: field(fields, "experience")?,
                stage: field(fields, "stage")?,
                good: field(fields, "good")?,
                different: field(fields, "different")?,
                when_about: field(fields, "when_about")?,
                may_use: field(fields, "may_use")?,
                name: field(fields, "name")?,
                may_reply: field(fields, "may_reply")?,
                reader: Reader::of(field(fields, "team")?, field(fields, "independent")?)
                    .ok_or(Misshapen("team"))?,
                consent: field(fields, "consent")?,
            })),
            act::USE => Self::Use(Use {
                experience: field(fields, "experience")?,
                was: field(fields, "was")?,
                may_use: field(fields, "may_use")?,
                name: field(fields, "name")?,
            }),
            act::WITHDRAW => Self::Withdraw(field(fields, "experience")?),
            act::ANSWER => Self::Answer(
                field(fields, "experience")?,
                field(fields, "message")?,
                field(fields, "words")?,
            ),
            act::TAKE_BACK => {
                Self::TakeBack(field(fields, "experience")?, field(fields, "message")?)
            }
            act::APPROVE => Self::Approve(
                field(fields, "story")?,
                field(fields, "version")?,
                field(fields, "name")?,
            ),
            _ => Self::TakeDown(field(fields, "story")?),
        })
    }

    /// Its kind on the wire.
    fn word(&self) -> &'static str {
        match self {
            Self::Send(_) => act::SEND,
            Self::Use(_) => act::USE,
            Self::Withdraw(_) => act::WITHDRAW,
            Self::Answer(..) => act::ANSWER,
            Self::TakeBack(..) => act::TAKE_BACK,
            Self::Approve(..) => act::APPROVE,
            Self::TakeDown(_) => act::TAKE_DOWN,
        }
    }

    /// The body of the command.
    fn body(&self) -> Value {
        match self {
            Self::Send(it) => sent(it),
            Self::Use(it) => {
                let mut body = naming("experience", it.experience.0);
                put_words(&mut body, "was", Some(it.was.word()));
                put_words(&mut body, "may_use", Some(it.may_use.word()));
                put_words(&mut body, "name", it.name.as_deref());
                body
            }
            Self::Withdraw(id) => naming("experience", id.0),
            Self::Answer(id, message, words) => {
                let mut body = naming("experience", id.0);
                put_id(&mut body, "message", *message);
                put_words(&mut body, "words", Some(words));
                body
            }
            Self::TakeBack(id, message) => {
                let mut body = naming("experience", id.0);
                put_id(&mut body, "message", *message);
                body
            }
            Self::Approve(id, version, name) => {
                let mut body = naming("story", id.0);
                body["version"] = (*version).into();
                put_words(&mut body, "name", name.as_deref());
                body
            }
            Self::TakeDown(id) => naming("story", id.0),
        }
    }

    /// What it is about; none where that is a story.
    pub fn experience(&self) -> Option<ExperienceId> {
        match self {
            Self::Send(it) => Some(it.experience),
            Self::Use(it) => Some(it.experience),
            Self::Withdraw(id) | Self::Answer(id, ..) | Self::TakeBack(id, _) => Some(*id),
            Self::Approve(..) | Self::TakeDown(_) => None,
        }
    }

    /// Whether it says what it needs to say, and no more than can be kept.
    pub fn is_well_formed(&self) -> bool {
        match self {
            Self::Send(it) => it.is_well_formed(),
            Self::Use(Use { name, .. }) | Self::Approve(_, _, name) => {
                text::fits(name.as_deref(), text::SHORT)
            }
            Self::Answer(_, _, words) => {
                !words.trim().is_empty() && text::fits(Some(words), text::LONG)
            }
            Self::Withdraw(_) | Self::TakeBack(..) | Self::TakeDown(_) => true,
        }
    }
}

fn sent(it: &Send) -> Value {
    let mut body = naming("experience", it.experience.0);
    put_words(&mut body, "stage", it.stage.map(Stage::word));
    put_words(&mut body, "good", it.good.as_deref());
    put_words(&mut body, "different", it.different.as_deref());
    put_words(&mut body, "when_about", it.when_about.as_deref());
    put_words(&mut body, "may_use", Some(it.may_use.word()));
    put_words(&mut body, "name", it.name.as_deref());
    body["may_reply"] = it.may_reply.into();
    match it.reader {
        Reader::Team(team) => put_id(&mut body, "team", team.0),
        Reader::Independent(person) => put_id(&mut body, "independent", person.0),
    }
    body["consent"] = it.consent.into();
    body
}

impl From<Says> for Command {
    fn from(it: Says) -> Self {
        let subject = match &it {
            Says::Send(it) => it.experience.0,
            Says::Use(it) => it.experience.0,
            Says::Withdraw(id) => id.0,
            Says::Answer(_, message, _) | Says::TakeBack(_, message) => *message,
            Says::Approve(id, ..) | Says::TakeDown(id) => id.0,
        };
        Self::Plain(Plain {
            act: plain::act(it.word()).expect("each thing that is said has its line in ACTS"),
            subject,
            body: it.body().to_string(),
        })
    }
}

/// What the server already has under an experience's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Whose it is.
    pub member: MemberId,
    /// How far it has come.
    pub state: CareState,
    /// How it may be used.
    pub may_use: Option<MayUse>,
}

/// What stands here that sending is decided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What stands under its id.
    pub known: Option<Known>,
    /// The member's own team.
    pub team: Option<TeamId>,
    /// Whether the independent person who was picked still reads.
    pub is_reader: bool,
}

/// `experience.send`: whether it is written. False where it is there already, or was taken back before it came.
///
/// # Errors
/// [`Refusal`]: not theirs, not their team, nobody's to read, or the words about sharing not agreed to.
pub fn send(member: MemberId, it: &Send, here: Standing) -> Result<bool, Refusal> {
    match here.known {
        Some(known) if known.member != member => return Err(Refusal::NotYours),
        Some(_) => return Ok(false),
        None => {}
    }
    match it.reader {
        Reader::Team(team) if here.team != Some(team) => return Err(Refusal::NotYourTeam),
        Reader::Independent(_) if !here.is_reader => return Err(Refusal::NoSuchReader),
        Reader::Team(_) | Reader::Independent(_) => {}
    }
    if !(1..=CONSENT_VERSION).contains(&it.consent) {
        return Err(Refusal::ConsentNeeded);
    }
    Ok(true)
}

/// What becomes of taking it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// Nothing was there: a mark is written for this member.
    Mark,
    /// It was taken back already.
    Already,
    /// Its content is removed, and its story taken down.
    Removed,
}

/// `experience.withdraw`: always wins, whatever the order.
///
/// # Errors
/// [`Refusal::NotYours`].
pub fn withdraw(member: MemberId, known: Option<Known>) -> Result<TakenBack, Refusal> {
    match known {
        None => Ok(TakenBack::Mark),
        Some(known) if known.member != member => Err(Refusal::NotYours),
        Some(known) if known.state == CareState::Withdrawn => Ok(TakenBack::Already),
        Some(_) => Ok(TakenBack::Removed),
    }
}

/// `experience.use`: whether anything is written. Less is always taken; more only from who saw what stands, so that a
/// phone that was away never undoes what was said since.
///
/// # Errors
/// [`Refusal`]: it is not there, not theirs, or was changed meanwhile.
pub fn change_use(member: MemberId, it: &Use, known: Option<Known>) -> Result<bool, Refusal> {
    let known = known.ok_or(Refusal::NoSuchWords)?;
    if known.member != member {
        return Err(Refusal::NotYours);
    }
    let Some(stands) = known
        .may_use
        .filter(|_| known.state != CareState::Withdrawn)
    else {
        return Ok(false);
    };
    if stands.allows(it.may_use) || stands == it.was {
        Ok(true)
    } else {
        Err(Refusal::Changed)
    }
}

/// `experience.answer` and its taking back: whether the thread is open to the member. False says that it was taken back:
/// applied, and nothing is written.
///
/// # Errors
/// [`Refusal`]: it is not there, or not theirs.
pub fn may_answer(member: MemberId, known: Option<Known>) -> Result<bool, Refusal> {
    let known = known.ok_or(Refusal::NoSuchWords)?;
    if known.member != member {
        return Err(Refusal::NotYours);
    }
    Ok(known.state != CareState::Withdrawn)
}

#[cfg(test)]
mod tests;
