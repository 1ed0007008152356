//! Opportunities to take part, and their sessions.

use super::{
    id::{GroupId, OpportunityId},
    text,
};
use crate::json::{self, FromJson, Misshapen};
use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::Value;

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

impl Area {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Wording,
        Self::Communications,
        Self::Recruitment,
        Self::Training,
        Self::PeerSupport,
        Self::BusinessDevelopment,
        Self::Other,
    ];
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

impl OpportunityState {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Published,
        Self::Paused,
        Self::Closed,
        Self::ReportedBack,
        Self::Archived,
        Self::Cancelled,
    ];
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
    /// What else it says: [`More`] as JSON. It is taken apart only where it is shown, so that what every phone
    /// loads first has no code for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<Raw>,
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
    state,
    more
});

impl Opportunity {
    /// What else it says. None for one of before there was more to say, or that cannot be read.
    pub fn more(&self) -> Option<More> {
        self.more.as_ref()?.read()
    }
}

/// JSON as text, not taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw(String);

impl Raw {
    /// What is written so.
    pub fn of<T: Serialize>(it: &T) -> Option<Self> {
        Some(Self(serde_json::to_value(it).ok()?.to_string()))
    }

    /// What it says; none if it cannot be read so.
    pub fn read<T: FromJson>(&self) -> Option<T> {
        json::read(&self.0)
    }
}

impl FromJson for Raw {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        Ok(Self(json.to_string()))
    }
}

crate::deserializes_from_json!(Raw);

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let json: Value = serde_json::from_str(&self.0).map_err(S::Error::custom)?;
        json.serialize(to)
    }
}

/// What an opportunity says beside the first fields. Where a field is not there, nothing is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct More {
    /// What is to be learnt before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
    /// What is to be agreed to when signing up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// A named person to talk to before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk_to: Option<String>,
    /// Whether travel is paid before the day for those who want it.
    pub travel_first: bool,
    /// Whether the person chooses how much of the thank-you they take.
    pub choose_thanks: bool,
    /// How a thank-you may touch benefits, and where to get independent advice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benefits: Option<String>,
    /// Whether it is for reading and commenting alone, so that it needs no session.
    pub comment_only: bool,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub came_of_it: Option<String>,
    /// Why it was called off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The involvement group that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
}

crate::reads_json!(More {
    training,
    agreement,
    talk_to,
    travel_first,
    choose_thanks,
    benefits,
    comment_only,
    came_of_it,
    reason,
    group
});

/// What people agree to before they take part, such as keeping what they hear to themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Goes up whenever the text changes: from 1.
    pub version: u32,
    /// The text.
    pub text: String,
}

crate::reads_json!(Agreement { version, text });

impl Agreement {
    /// What is to be agreed to where this is written, after `last`: the newest that there ever was. The same words
    /// are the same version.
    pub fn after(last: Option<&Self>, written: &str) -> Option<Self> {
        let text = text::tidy(Some(written.to_owned()))?;
        let version = match last {
            Some(last) if last.text == text => last.version,
            Some(last) => last.version + 1,
            None => 1,
        };
        Some(Self { version, text })
    }
}

crate::words! {
    /// How much of a thank-you a person takes.
    pub enum Thanks {
        /// All of it.
        Full "full",
        /// Less, which is talked about.
        Less "less",
        /// None of it.
        Nothing "none",
    }
}

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
        /// It moved to another time. No server writes it: a session that moves stays to come, and says when
        /// it was ([`Session::was`]), so that whoever signed up keeps their place.
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
    /// The first name of who leads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// The wall-clock time before it moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// Why it moved or was called off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
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
    state,
    lead,
    was,
    reason
});
