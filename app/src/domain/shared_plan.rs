//! A plan that its person shares with their team: a copy of what they wrote, as it was when they sent it. A newer
//! one takes its place, and taking it back removes it.

use super::{
    command::Command,
    id::{MemberId, TeamId},
    plain::{Act, Over, Plain},
    record::kind,
    refusal::Refusal,
    text,
    time::Millis,
};
use crate::json::{FromJson, Misshapen, field, fields_of};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// The version of the words about sharing a plan that a person agrees to when they do.
///
/// 1: who reads it and when, that someone may be told if a person could be badly hurt, and that a note about safety
/// may be written, which stays when the plan is taken back.
pub const CONSENT_VERSION: u32 = 1;
/// The most parts of a plan: the form has few.
const PARTS_MOST: usize = 20;
/// The most people to contact.
const PEOPLE_MOST: usize = 50;
/// The last millisecond of the year 9999: what comes later no calendar says.
const LAST: Millis = 253_402_300_799_999;

const SHARE: &str = "plan.share";
const WITHDRAW: &str = "plan.withdraw";

/// What phones know of these commands.
pub static ACTS: [Act; 2] = [
    Act {
        word: SHARE,
        record: kind::PLAN,
        ids: &["plan"],
        new: Some("sent"),
        over: Over::Nothing,
        undone_by: Some(WITHDRAW),
    },
    Act {
        word: WITHDRAW,
        record: kind::PLAN,
        ids: &["plan"],
        new: None,
        over: Over::Gone("withdrawn"),
        undone_by: None,
    },
];

crate::words! {
    /// How far a shared plan has come.
    pub enum PlanState {
        /// The team has it.
        Sent "sent",
        /// Somebody of the team has read it.
        Seen "seen",
        /// It was taken back, or a newer one took its place.
        Withdrawn "withdrawn",
    }
}

/// What was written in one part of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The part's word.
    pub part: String,
    /// The heading under which it was written.
    pub heading: String,
    /// The words.
    pub words: String,
}

crate::reads_json!(Written {
    part,
    heading,
    words
});

/// Somebody to contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Who.
    pub name: String,
    /// Their number.
    pub number: String,
    /// What is good to know.
    pub note: String,
}

crate::reads_json!(Contact { name, number, note });

/// What a shared plan says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Content {
    /// What was written, by part.
    pub parts: Vec<Written>,
    /// The heading over the people to contact.
    pub people_heading: String,
    /// Who to contact.
    pub people: Vec<Contact>,
    /// When it was last changed, by the phone's clock.
    pub written_at: Millis,
}

crate::reads_json!(Content {
    parts,
    people_heading,
    people,
    written_at
});

impl Content {
    /// Whether there is something in it, every field is of the size that the form allows, and the time is one.
    fn is_well_formed(&self) -> bool {
        let short = |words: &str| text::fits(Some(words), text::SHORT);
        let long = |words: &str| text::fits(Some(words), text::LONG);
        let has_words = |one: &Written| !one.words.trim().is_empty();
        (1..=PARTS_MOST + PEOPLE_MOST).contains(&(self.parts.len() + self.people.len()))
            && self.parts.len() <= PARTS_MOST
            && self.people.len() <= PEOPLE_MOST
            && (0..=LAST).contains(&self.written_at)
            && short(&self.people_heading)
            && (self.parts.iter()).all(|one| {
                has_words(one) && short(&one.part) && short(&one.heading) && long(&one.words)
            })
            && (self.people.iter())
                .all(|one| short(&one.name) && short(&one.number) && long(&one.note))
    }

    /// Whether it says the same, whenever it was written.
    pub fn says_the_same(&self, other: &Self) -> bool {
        (&self.parts, &self.people_heading, &self.people)
            == (&other.parts, &other.people_heading, &other.people)
    }
}

/// `plan.share`: sends a copy of the plan to a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharePlan {
    /// The copy; a new id each time.
    pub plan: Uuid,
    /// Who will read it; the member's own team.
    pub team: TeamId,
    /// What it says.
    pub content: Content,
    /// The version of the sharing words they agreed to.
    pub consent: u32,
}

impl SharePlan {
    /// Reads it; none for another kind, or where a field is of another shape or too long.
    pub fn of(it: &Plain) -> Option<Self> {
        if it.act.word != SHARE {
            return None;
        }
        let said = Self::read(it.says()).ok()?;
        said.content.is_well_formed().then_some(said)
    }

    fn read(body: Value) -> Result<Self, Misshapen> {
        let mut fields = fields_of(body, SHARE)?;
        Ok(Self {
            plan: field(&mut fields, "plan")?,
            team: field(&mut fields, "team")?,
            consent: field(&mut fields, "consent")?,
            content: Content::from_json(Value::Object(fields))?,
        })
    }
}

impl From<SharePlan> for Command {
    fn from(it: SharePlan) -> Self {
        let mut body = json!(it.content);
        body["plan"] = it.plan.to_string().into();
        body["team"] = it.team.to_string().into();
        body["consent"] = it.consent.into();
        said(&ACTS[0], it.plan, &body)
    }
}

/// `plan.withdraw`: takes a shared plan back.
pub fn withdrawal(plan: Uuid) -> Command {
    said(&ACTS[1], plan, &json!({ "plan": plan.to_string() }))
}

/// The plan that a command takes back; none for another kind.
pub fn taken_back(it: &Plain) -> Option<Uuid> {
    (it.act.word == WITHDRAW).then_some(it.subject)
}

fn said(act: &'static Act, subject: Uuid, body: &Value) -> Command {
    Command::Plain(Plain {
        act,
        subject,
        body: body.to_string(),
    })
}

/// The `plan` record: what the member's phones are told of a plan that they shared. One that was taken back keeps no
/// content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SharedPlan {
    /// How far it has come.
    pub state: PlanState,
    /// Who reads it.
    pub team: Option<TeamId>,
    /// What was written, by part.
    pub parts: Vec<Written>,
    /// The heading over the people to contact.
    pub people_heading: Option<String>,
    /// Who to contact.
    pub people: Vec<Contact>,
    /// When it was last changed before it was sent.
    pub written_at: Option<Millis>,
    /// RFC 3339; when the server had it.
    pub received_at: Option<String>,
    /// The first name of who read it first.
    pub seen_by: Option<String>,
    /// RFC 3339; when that was.
    pub seen_at: Option<String>,
}

crate::reads_json!(SharedPlan {
    state,
    team,
    parts,
    people_heading,
    people,
    written_at,
    received_at,
    seen_by,
    seen_at
});

impl SharedPlan {
    /// What stands under the id of one that was taken back before it came.
    pub fn mark() -> Self {
        Self {
            state: PlanState::Withdrawn,
            team: None,
            parts: Vec::new(),
            people_heading: None,
            people: Vec::new(),
            written_at: None,
            received_at: None,
            seen_by: None,
            seen_at: None,
        }
    }

    /// One that has just come.
    pub fn new(share: &SharePlan, received_at: String) -> Self {
        let said = share.content.clone();
        Self {
            state: PlanState::Sent,
            team: Some(share.team),
            parts: said.parts,
            people_heading: Some(said.people_heading),
            people: said.people,
            written_at: Some(said.written_at),
            received_at: Some(received_at),
            ..Self::mark()
        }
    }

    /// What it says.
    pub fn content(&self) -> Content {
        Content {
            parts: self.parts.clone(),
            people_heading: self.people_heading.clone().unwrap_or_default(),
            people: self.people.clone(),
            written_at: self.written_at.unwrap_or_default(),
        }
    }

    /// Whether the team has it.
    pub fn stands(&self) -> bool {
        self.state != PlanState::Withdrawn
    }

    /// Takes it back: who read it stays said.
    pub fn withdraw(&mut self) {
        *self = Self {
            team: self.team,
            received_at: self.received_at.take(),
            seen_by: self.seen_by.take(),
            seen_at: self.seen_at.take(),
            ..Self::mark()
        };
    }

    /// Somebody of the team really read it. The first wins; whether anything changed.
    pub fn see(&mut self, by: &str, at: &str) -> bool {
        let first = self.state == PlanState::Sent;
        if first {
            self.state = PlanState::Seen;
            self.seen_by = Some(by.to_owned());
            self.seen_at = Some(at.to_owned());
        }
        first
    }
}

/// What the server already has under a plan's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownPlan {
    /// Whose it is.
    pub member: MemberId,
    /// How far it has come.
    pub state: PlanState,
}

/// `plan.share`: whether it is written. False where it is there already, or was taken back before it came.
///
/// # Errors
/// [`Refusal`]: not theirs, not their team, or the words about sharing not agreed to.
pub fn share(
    member: MemberId,
    share: &SharePlan,
    known: Option<KnownPlan>,
    team: Option<TeamId>,
) -> Result<bool, Refusal> {
    if let Some(known) = known {
        return if known.member == member {
            Ok(false)
        } else {
            Err(Refusal::NotYours)
        };
    }
    if team != Some(share.team) {
        return Err(Refusal::NotYourTeam);
    }
    if !(1..=CONSENT_VERSION).contains(&share.consent) {
        return Err(Refusal::ConsentNeeded);
    }
    Ok(true)
}

/// What becomes of taking a plan back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// Nothing was there: a mark is written for this member.
    Mark,
    /// It was taken back already.
    Already,
    /// Its content is removed.
    Removed,
}

/// `plan.withdraw`: always wins, whatever the order.
///
/// # Errors
/// [`Refusal::NotYours`].
pub fn withdraw(member: MemberId, known: Option<KnownPlan>) -> Result<TakenBack, Refusal> {
    match known {
        None => Ok(TakenBack::Mark),
        Some(known) if known.member != member => Err(Refusal::NotYours),
        Some(known) if known.state == PlanState::Withdrawn => Ok(TakenBack::Already),
        Some(_) => Ok(TakenBack::Removed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: MemberId = MemberId(Uuid::from_u128(1));
    const TEAM: TeamId = TeamId(Uuid::from_u128(2));

    fn a_share() -> SharePlan {
        let written = |heading: &str, words: &str| Written {
            part: "what_helps".into(),
            heading: heading.into(),
            words: words.into(),
        };
        SharePlan {
            plan: Uuid::from_u128(3),
            team: TEAM,
            content: Content {
                parts: vec![written("What helps me", "Tea\n<b>\u{202e}🐦")],
                people_heading: "Who".into(),
                people: vec![Contact {
                    name: "Mum".into(),
                    number: "07700 900123".into(),
                    note: String::new(),
                }],
                written_at: 1_795_443_120_007,
            },
            consent: CONSENT_VERSION,
        }
    }

    fn read(share: &SharePlan) -> Option<SharePlan> {
        let command = Command::from(share.clone());
        let Ok(Command::Plain(it)) = Command::parse(command.kind(), command.body()) else {
            return None;
        };
        SharePlan::of(&it)
    }

    #[test]
    fn a_share_reads_back_as_it_was_written() {
        assert_eq!(read(&a_share()), Some(a_share()));
        let Command::Plain(back) = withdrawal(a_share().plan) else {
            unreachable!("it is of a newer kind");
        };
        assert_eq!(taken_back(&back), Some(a_share().plan));
        assert_eq!(SharePlan::of(&back), None);
        let Command::Plain(share) = Command::from(a_share()) else {
            unreachable!("it is of a newer kind");
        };
        assert_eq!(share.undoing(), Some(back));
    }

    #[test]
    fn what_is_empty_or_too_long_or_has_no_time_is_not_taken() {
        let with = |change: fn(&mut Content)| {
            let mut share = a_share();
            change(&mut share.content);
            read(&share)
        };
        assert!(with(|_| {}).is_some());
        assert!(with(|it| it.people.clear()).is_some());
        assert!(with(|it| it.parts.clear()).is_some());
        for wrong in [
            (|it| (it.parts, it.people) = (Vec::new(), Vec::new())) as fn(&mut Content),
            |it| it.parts[0].words = " \n".into(),
            |it| it.parts[0].words = "a".repeat(text::LONG + 1),
            |it| it.parts[0].heading = "a".repeat(text::SHORT + 1),
            |it| it.people[0].number = "\u{1}".into(),
            |it| it.parts = vec![it.parts[0].clone(); PARTS_MOST + 1],
            |it| it.people = vec![it.people[0].clone(); PEOPLE_MOST + 1],
            |it| it.written_at = -1,
        ] {
            assert!(with(wrong).is_none());
        }
    }

    #[test]
    fn it_goes_to_the_members_own_team_with_a_yes_and_taking_back_wins() {
        let known = |member, state| Some(KnownPlan { member, state });
        let other = MemberId(Uuid::from_u128(9));
        let share = |known, team| super::share(ME, &a_share(), known, team);
        assert_eq!(share(None, Some(TEAM)), Ok(true));
        assert_eq!(share(None, None), Err(Refusal::NotYourTeam));
        assert_eq!(
            share(None, Some(TeamId(Uuid::from_u128(8)))),
            Err(Refusal::NotYourTeam)
        );
        for state in [PlanState::Sent, PlanState::Seen, PlanState::Withdrawn] {
            assert_eq!(share(known(ME, state), Some(TEAM)), Ok(false));
            assert_eq!(
                share(known(other, state), Some(TEAM)),
                Err(Refusal::NotYours)
            );
            assert_eq!(withdraw(ME, known(other, state)), Err(Refusal::NotYours));
        }
        let unasked = SharePlan {
            consent: CONSENT_VERSION + 1,
            ..a_share()
        };
        assert_eq!(
            super::share(ME, &unasked, None, Some(TEAM)),
            Err(Refusal::ConsentNeeded)
        );
        assert_eq!(withdraw(ME, None), Ok(TakenBack::Mark));
        assert_eq!(
            withdraw(ME, known(ME, PlanState::Seen)),
            Ok(TakenBack::Removed)
        );
        assert_eq!(
            withdraw(ME, known(ME, PlanState::Withdrawn)),
            Ok(TakenBack::Already)
        );
    }

    #[test]
    fn one_that_was_taken_back_keeps_who_read_it_and_no_word() {
        let mut record = SharedPlan::new(&a_share(), "then".into());
        assert!(record.see("Priya", "at two"));
        assert!(!record.see("Tom", "at three"));
        record.withdraw();
        assert_eq!(record.seen_by.as_deref(), Some("Priya"));
        assert_eq!(record.content(), Content::default());
        assert!(!record.stands() && !record.see("Tom", "at four"));
    }
}
