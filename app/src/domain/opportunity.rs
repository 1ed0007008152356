//! Opportunities to take part, and their sessions.

use super::id::OpportunityId;
use serde::{Deserialize, Serialize};

/// The kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Communications.
    Communications,
    /// Recruitment panels.
    Recruitment,
    /// Planning new work.
    BusinessDevelopment,
    /// Paperwork and wording.
    Wording,
    /// Training.
    Training,
    /// Peer support.
    PeerSupport,
    /// Anything else.
    Other,
}

/// How far an opportunity has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpportunityState {
    /// Not shown yet.
    Draft,
    /// Open.
    Published,
    /// Shown, taking nobody for now.
    Paused,
    /// Over.
    Closed,
    /// What came of it was told.
    ReportedBack,
    /// Put away.
    Archived,
    /// Called off.
    Cancelled,
}

/// The `opportunity` record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opportunity {
    /// The kind of work.
    pub area: Area,
    /// Its name.
    pub title: String,
    /// Why it is done.
    pub purpose: String,
    /// What a person would do there.
    pub what_happens: String,
    /// What happens after.
    pub what_next: String,
    /// How long and how often.
    pub commitment: Option<String>,
    /// Who is there before and after.
    pub support: Option<String>,
    /// How travel is paid.
    pub travel: Option<String>,
    /// The thank-you, and where to ask about benefits.
    pub thank_you: Option<String>,
    /// Access offered.
    pub access: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// How far it has come.
    pub state: OpportunityState,
}

/// How the places of a session are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// Someone looks first.
    Staff,
    /// The server at once, in order received.
    FirstReceived,
    /// Drawn at a set time.
    Ballot,
}

/// How much room there is, told without numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    /// Plenty.
    Plenty,
    /// A few places left.
    Few,
    /// New people join the waiting list.
    WaitingList,
}

/// Where people meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// In a place.
    InPerson,
    /// Online.
    Online,
    /// By phone.
    Phone,
    /// In a place, or online.
    Either,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// To come.
    Scheduled,
    /// It happened.
    Happened,
    /// It moved to another time.
    Moved,
    /// It was called off.
    Cancelled,
}

/// The `session` record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The opportunity it belongs to.
    pub opportunity: OpportunityId,
    /// RFC 3339 instant; none when there is no fixed time.
    pub starts_at: Option<String>,
    /// The wall-clock time in its own zone, `2026-12-01T14:00`; shown as it is.
    pub local_start: Option<String>,
    /// IANA zone name, `Europe/London`.
    pub zone: Option<String>,
    /// Length in minutes.
    pub length_min: Option<u32>,
    /// Breaks, in words.
    pub breaks: Option<String>,
    /// Where people meet.
    pub mode: Mode,
    /// The address, in words.
    pub place: Option<String>,
    /// How many places there are; none for no limit.
    pub places: Option<u32>,
    /// How places are given.
    pub gives: Gives,
    /// How much room there is.
    pub room: Room,
    /// How far it has come.
    pub state: SessionState,
}
