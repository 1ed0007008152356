//! Who comes to a session, as whoever leads it sees them: no more than running the session needs.

use super::{
    id::{SessionId, SignUpId},
    record::SignUp,
    sign_up::SignUpState,
};
use serde::Serialize;

/// The `attendee` record, in the scope of an opportunity's leads; its id is the sign-up's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attendee {
    /// The session.
    pub session: SessionId,
    /// What the person wants to be called.
    pub name: Option<String>,
    /// How far the sign-up has come.
    pub state: SignUpState,
    /// What would make it easier, where the person said that it may be told.
    pub access_needs: Option<String>,
}

crate::reads_json!(Attendee {
    session,
    name,
    state,
    access_needs
});

impl Attendee {
    /// Of a sign-up and its person's name; none of one that has ended.
    pub fn of(sign_up: &SignUp, name: Option<&str>) -> Option<Self> {
        let state = sign_up.state;
        let ended = matches!(state, SignUpState::Withdrawn | SignUpState::Cancelled);
        Some(Self {
            session: sign_up.session.filter(|_| !ended)?,
            name: name.filter(|name| !name.is_empty()).map(str::to_owned),
            state,
            access_needs: (sign_up.access_needs.clone())
                .filter(|_| sign_up.access_needs_consent && state.holds_place()),
        })
    }
}

/// The `lead` record, in the member's own scope; its id is the opportunity's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lead {
    /// RFC 3339; since when.
    pub since: String,
}

crate::reads_json!(Lead { since });

/// `sign_up.attendance`: whoever leads says whether a person came. What is said last stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Attendance {
    /// Whose sign-up.
    pub sign_up: SignUpId,
    /// Whether they came; else they couldn't.
    pub came: bool,
}

crate::reads_json!(Attendance { sign_up, came });
