//! What a simulated network delivers to: the model server and the real one both answer calls.

use super::chance::Chance;
use app::domain::{
    id::{
        DeviceId, DocumentId, GroupId, HelpLineId, MemberId, OpportunityId, PhraseId, SessionId,
        TeamId,
    },
    opportunity::Gives,
    time::Millis,
    words::{Document, DocumentKind, DocumentState, Part, Phrase},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most changes in one page: so few that every pull of any size takes several.
pub const PAGE: usize = 4;

/// The help line that comes and goes: what is taken away leaves a tombstone in the feed.
pub const HELP_LINE: HelpLineId = HelpLineId(Uuid::from_u128(0x4e19));

/// The involvement group of every run.
pub const GROUP: GroupId = GroupId(Uuid::from_u128(0x6909));

/// The document that it works on.
pub const DOCUMENT: DocumentId = DocumentId(Uuid::from_u128(0xd0c));

/// How many versions of that there may be.
pub const VERSIONS: u32 = 9;

/// The phrases of a version: each says something else every so many versions, and the last is gone from the fourth on.
pub fn phrases(version: u32) -> Vec<Phrase> {
    let there = if version < 4 { 4 } else { 3 };
    let phrase = |n: u32| Phrase {
        id: PhraseId(Uuid::from_u128(0x9459_0000 + u128::from(n))),
        part: Part::Text,
        text: format!(
            "Phrase {n}, as it was said first in version {}.",
            version - version % n
        ),
        joins: false,
        key: None,
    };
    (1..=there).map(phrase).collect()
}

/// What a phrase says in a version that has it.
pub fn words_of(phrase: PhraseId, version: u32) -> Option<String> {
    let all = phrases(version).into_iter();
    all.map(|one| (one.id, one.text))
        .find(|(id, _)| *id == phrase)
        .map(|(_, words)| words)
}

/// The document in a version.
pub fn document(version: u32) -> Document {
    Document {
        title: "The plan".into(),
        about: None,
        kind: DocumentKind::Form,
        group: Some(GROUP),
        version,
        state: DocumentState::Open,
        phrases: phrases(version),
    }
}

/// A request as it arrives.
#[derive(Clone, Debug)]
pub struct Call {
    /// `/api/sync`, `/api/join`, `/api/return` or `/api/return-key`.
    pub path: &'static str,
    /// The browser's cookie.
    pub cookie: Option<String>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// What is answered.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds.
    pub retry_after_s: Option<i64>,
    /// The cookie that the browser keeps from now on.
    pub set_cookie: Option<String>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether it is a yes.
    pub fn is_ok(&self) -> bool {
        matches!(self.status, 200..=204)
    }
}

/// What the people of a run know about a session.
#[derive(Clone, Copy, Debug)]
pub struct SessionFacts {
    /// Its id.
    pub id: SessionId,
    /// What it is part of.
    pub opportunity: OpportunityId,
    /// How places are given.
    pub gives: Gives,
    /// How many there are.
    pub limit: Option<u32>,
    /// Whether it takes people.
    pub open: bool,
}

/// The sessions of every run, of two opportunities.
pub fn sessions() -> Vec<SessionFacts> {
    let session = |n: u128, gives, limit, open| SessionFacts {
        id: SessionId(Uuid::from_u128(0x5e55_0000 + n)),
        opportunity: OpportunityId(Uuid::from_u128(0x0bb0 + n / 4)),
        gives,
        limit,
        open,
    };
    vec![
        session(1, Gives::FirstReceived, Some(1), true),
        session(2, Gives::Staff, Some(2), true),
        session(3, Gives::FirstReceived, None, true),
        session(4, Gives::FirstReceived, Some(1), false),
        session(5, Gives::Ballot, Some(1), true),
    ]
}

/// The server of a run.
pub trait Server {
    /// Answers a call that arrives at `now`.
    fn call(&mut self, now: Millis, call: &Call) -> Answer;
    /// The sessions that people may sign up for.
    fn sessions(&self) -> Vec<SessionFacts>;
    /// The team of those who joined with the team's code.
    fn team(&self) -> TeamId;
    /// The join code with a team, and the one without.
    fn join_codes(&self) -> [String; 2];
    /// A member asks for one of their devices, which has synced, to be erased.
    fn revoke(&mut self, member: MemberId, device: DeviceId);
    /// Time passes, and someone on staff sees, confirms, offers or cancels something.
    fn staff_act(&mut self, now: Millis, chance: &mut Chance);
    /// Someone on staff gives a member the lead of an opportunity, or ends it.
    fn lead(&mut self, now: Millis, opportunity: OpportunityId, member: MemberId, leads: bool);
    /// What a member leads.
    fn led_by(&self, member: MemberId) -> BTreeSet<OpportunityId>;
    /// Whether a member belongs to the group.
    fn is_in_group(&self, member: MemberId) -> bool;
    /// Staff publish another version of the document, or give the group what was said about it.
    fn staff_words(&mut self, chance: &mut Chance);
    /// Someone on staff shows the one help line that comes and goes, or takes it away.
    fn show_help_line(&mut self, shown: bool);
    /// The process dies and starts again.
    fn crash(&mut self);
    /// Makes a backup.
    fn back_up(&mut self);
    /// Goes back to the last backup.
    fn restore(&mut self, now: Millis);
    /// A new version of the server: it knows kinds that it deferred before.
    fn update(&mut self);
    /// What must hold inside at any time.
    ///
    /// # Errors
    /// What does not hold.
    fn check(&self) -> Result<(), String>;
    /// What must hold inside at the end of a run, and takes long to look at.
    ///
    /// # Errors
    /// What does not hold.
    fn verify(&self) -> Result<(), String> {
        Ok(())
    }
}
