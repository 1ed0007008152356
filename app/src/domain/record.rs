//! The records that only their member reads: the server's current copy of a sign-up or a shared check-in.

use super::{
    check_in::{CheckInState, Feeling, ShareCheckIn, Wants},
    contact::Contact,
    id::{SessionId, TeamId},
    sign_up::{RequestSignUp, SignUpState},
};
use serde::{Deserialize, Serialize};

/// The kinds of record, as they stand on the wire.
pub mod kind {
    /// An opportunity.
    pub const OPPORTUNITY: &str = "opportunity";
    /// A session.
    pub const SESSION: &str = "session";
    /// A sign-up.
    pub const SIGN_UP: &str = "sign_up";
    /// A shared check-in.
    pub const CHECK_IN: &str = "check_in";
    /// A team.
    pub const TEAM: &str = "team";
    /// A help line.
    pub const HELP_LINE: &str = "help_line";
}

/// The `sign_up` record. Withdrawn and cancelled ones keep no request fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUp {
    /// The session; none when only a withdrawal ever arrived.
    pub session: Option<SessionId>,
    /// How far it has come.
    pub state: SignUpState,
    /// Place on the waiting list, from 1.
    pub position: Option<u32>,
    /// RFC 3339; when an offered place passes on.
    pub offer_until: Option<String>,
    /// The first name of who opened it first.
    pub seen_by: Option<String>,
    /// RFC 3339; when it was first opened.
    pub seen_at: Option<String>,
    /// Staff's words to the member.
    pub message: Option<String>,
    /// RFC 3339; when the server first had it.
    pub received_at: Option<String>,
    /// RFC 3339; when the phone says it was made.
    pub made_at: Option<String>,
    /// How to reach the person.
    pub contact: Option<Contact>,
    /// What would make it easier.
    pub access_needs: Option<String>,
    /// Whether the access needs may be shown.
    #[serde(default)]
    pub access_needs_consent: bool,
    /// Travel paid before.
    #[serde(default)]
    pub travel_first: bool,
    /// Anything else.
    pub note: Option<String>,
}

impl SignUp {
    /// What a request looks like before the server answered: received by nobody yet.
    pub fn from_request(request: &RequestSignUp, made_at: &str) -> Self {
        Self {
            session: Some(request.session),
            state: SignUpState::Received,
            position: None,
            offer_until: None,
            seen_by: None,
            seen_at: None,
            message: None,
            received_at: None,
            made_at: Some(made_at.to_owned()),
            contact: request.contact.clone(),
            access_needs: request.access_needs.clone(),
            access_needs_consent: request.access_needs_consent,
            travel_first: request.travel_first,
            note: request.note.clone(),
        }
    }
}

/// The `check_in` record: a shared one. A withdrawn one keeps no content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    /// How things are.
    pub feeling: Option<Feeling>,
    /// What was added.
    pub note: Option<String>,
    /// What was asked for.
    pub wants: Wants,
    /// Who reads it.
    pub team: Option<TeamId>,
    /// The first name of who opened it first.
    pub seen_by: Option<String>,
    /// RFC 3339; when it was first opened.
    pub seen_at: Option<String>,
    /// The first name of who took it on.
    pub taken_on_by: Option<String>,
    /// Replies, oldest first.
    #[serde(default)]
    pub replies: Vec<String>,
    /// How far it has come.
    pub state: CheckInState,
    /// RFC 3339; when the server first had it.
    pub received_at: Option<String>,
    /// RFC 3339; when the phone says it was made.
    pub made_at: Option<String>,
    /// How to reach the person.
    pub contact: Option<Contact>,
}

impl CheckIn {
    /// What a share looks like before the server answered.
    pub fn from_share(share: &ShareCheckIn, made_at: &str) -> Self {
        Self {
            feeling: share.feeling,
            note: share.note.clone(),
            wants: share.wants,
            team: Some(share.team),
            seen_by: None,
            seen_at: None,
            taken_on_by: None,
            replies: Vec::new(),
            state: CheckInState::Sent,
            received_at: None,
            made_at: Some(made_at.to_owned()),
            contact: share.contact.clone(),
        }
    }
}
