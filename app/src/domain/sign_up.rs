//! Sign-ups: asking for a place in a session, and what becomes of it.

use super::{
    contact::Contact,
    id::{SessionId, SignUpId},
    text,
};
use serde::{Deserialize, Serialize};

/// `sign_up.request`: I'd like to take part in this session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSignUp {
    /// The sign-up; a new id each time a person asks.
    pub sign_up: SignUpId,
    /// The session.
    pub session: SessionId,
    /// How to reach the person.
    pub contact: Option<Contact>,
    /// "What would make this easier for you?"; at most [`text::LONG`] characters.
    pub access_needs: Option<String>,
    /// Whether the access needs may be shown to the people who run the session.
    #[serde(default)]
    pub access_needs_consent: bool,
    /// Whether travel should be paid before, not after.
    #[serde(default)]
    pub travel_first: bool,
    /// Anything else; at most [`text::LONG`] characters.
    pub note: Option<String>,
}

impl RequestSignUp {
    /// Whether every field is of the size and shape that the form allows.
    pub fn is_well_formed(&self) -> bool {
        text::fits(self.note.as_deref(), text::LONG)
            && text::fits(self.access_needs.as_deref(), text::LONG)
            && self.contact.as_ref().is_none_or(Contact::is_well_formed)
    }
}

/// How far a sign-up has come. *Seen* is a fact beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUpState {
    /// The server has it; someone looks first.
    Received,
    /// On the waiting list.
    Waiting,
    /// A place is held until the person answers.
    Offered,
    /// They have a place.
    Confirmed,
    /// They came.
    Attended,
    /// They couldn't come.
    NotThere,
    /// They were thanked.
    Thanked,
    /// They took it back.
    Withdrawn,
    /// The organisation cancelled it, with a message.
    Cancelled,
}

impl SignUpState {
    /// Whether it still stands: one active sign-up per person and session.
    pub fn is_active(self) -> bool {
        matches!(
            self,
            Self::Received | Self::Waiting | Self::Offered | Self::Confirmed
        )
    }

    /// Whether it takes one of the session's places.
    pub fn holds_place(self) -> bool {
        matches!(
            self,
            Self::Offered | Self::Confirmed | Self::Attended | Self::Thanked
        )
    }
}
