//! Opportunities to take part, and their sessions.

use super::id::OpportunityId;
use serde::Serialize;

crate::words! {
    /// The kind of work.
    pub enum Area {
        /// Communications.
        Communications "communications",
        /// Recruitment panels.
        Recruitment "recruitment",
        /// Planning new work.
        BusinessDevelopment "business_development",
        /// Paperwork and wording.
        Wording "wording",
        /// Training.
        Training "training",
        /// Peer support.
        PeerSupport "peer_support",
        /// Anything else.
        Other "other",
    }
}

crate::words! {
    /// How far an opportunity has come.
    pub enum OpportunityState {
        /// Not shown yet.
        Draft "draft",
        /// Open.
        Published "published",
        /// Shown, taking nobody for now.
        Paused "paused",
        /// Over.
        Closed "closed",
        /// What came of it was told.
        ReportedBack "reported_back",
        /// Put away.
        Archived "archived",
        /// Called off.
        Cancelled "cancelled",
    }
}

/// The `opportunity` record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

crate::reads_json!(Opportunity {
    area,
    title,
    purpose,
    what_happens,
    what_next,
    commitment,
    support,
    travel,
    thank_you,
    access,
    contact,
    state
});

crate::words! {
    /// How the places of a session are given.
    pub enum Gives {
        /// Someone looks first.
        Staff "staff",
        /// The server at once, in order received.
        FirstReceived "first_received",
        /// Drawn at a set time.
        Ballot "ballot",
    }
}

crate::words! {
    /// How much room there is, told without numbers.
    pub enum Room {
        /// Plenty.
        Plenty "plenty",
        /// A few places left.
        Few "few",
        /// New people join the waiting list.
        WaitingList "waiting_list",
    }
}

crate::words! {
    /// Where people meet.
    pub enum Mode {
        /// In a place.
        InPerson "in_person",
        /// Online.
        Online "online",
        /// By phone.
        Phone "phone",
        /// In a place, or online.
        Either "either",
    }
}

crate::words! {
    /// How far a session has come.
    pub enum SessionState {
        /// To come.
        Scheduled "scheduled",
        /// It happened.
        Happened "happened",
        /// It moved to another time.
        Moved "moved",
        /// It was called off.
        Cancelled "cancelled",
    }
}

/// The `session` record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// RFC 3339; when the ballot is drawn, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ballot_at: Option<String>,
    /// How much room there is.
    pub room: Room,
    /// How far it has come.
    pub state: SessionState,
}

crate::reads_json!(Session {
    opportunity,
    starts_at,
    local_start,
    zone,
    length_min,
    breaks,
    mode,
    place,
    places,
    gives,
    ballot_at,
    room,
    state
});
