//! Check-ins: how things are, kept on the phone unless the person shares it with their team.

use super::{
    care::Not,
    contact::Contact,
    id::{CheckInId, MemberId, TeamId},
    refusal::Refusal,
    text,
};
use serde::Serialize;
use uuid::Uuid;

crate::words! {
    /// How things are. There is no order and no score: these are words.
    pub enum Feeling {
        /// Good.
        Good "good",
        /// OK.
        Ok "ok",
        /// Up and down.
        UpAndDown "up_and_down",
        /// Hard.
        Hard "hard",
        /// Very hard.
        VeryHard "very_hard",
    }
}

impl Feeling {
    /// All of them, in the order of the screen.
    pub const ALL: [Self; 5] = [
        Self::Good,
        Self::Ok,
        Self::UpAndDown,
        Self::Hard,
        Self::VeryHard,
    ];

    /// Whether the truth about who knows, and Help now, come before anything else (rule 9).
    pub fn needs_help_first(self) -> bool {
        matches!(self, Self::Hard | Self::VeryHard)
    }
}

crate::words! {
    /// What the person would like to happen.
    pub enum Wants {
        /// "Just so you know."
        Know "know",
        /// A message back.
        Message "message",
        /// A call.
        Call "call",
    }
}

impl Wants {
    /// Whether something was asked for: these stand first on the desk (rule 7).
    pub fn asks_for_something(self) -> bool {
        !matches!(self, Self::Know)
    }
}

/// The version of the words about sharing that a person agrees to when they share. A phone that has
/// not updated shares under the words that it showed, and those are what is kept with the check-in.
///
/// 1: who reads it and when, and that someone may be told if a person could be badly hurt.
/// 2: also that a note about safety may be written, which stays when the check-in is taken back.
pub const CONSENT_VERSION: u32 = 2;

/// `check_in.share`: send a check-in to a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShareCheckIn {
    /// The check-in; a new id each time it is shared.
    pub check_in: CheckInId,
    /// Who will read it; the member's own team.
    pub team: TeamId,
    /// How things are; none for "I'd rather not say".
    pub feeling: Option<Feeling>,
    /// Anything the person added; at most [`text::LONG`] characters.
    pub note: Option<String>,
    /// What they would like.
    pub wants: Wants,
    /// How to reach them, if they said.
    pub contact: Option<Contact>,
    /// The version of the sharing words they agreed to.
    pub consent: u32,
}

crate::reads_json!(ShareCheckIn {
    check_in,
    team,
    feeling,
    note,
    wants,
    contact,
    consent
});

impl ShareCheckIn {
    /// Whether every field is of the size and shape that the form allows.
    pub fn is_well_formed(&self) -> bool {
        text::fits(self.note.as_deref(), text::LONG)
            && self.contact.as_ref().is_none_or(Contact::is_well_formed)
    }
}

/// How far a shared check-in has come.
pub use super::care::CareState as CheckInState;

/// `check_in.answer`: the person's words about a shared check-in, after it was shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerBack {
    /// The check-in.
    pub check_in: CheckInId,
    /// The message; a new id.
    pub message: Uuid,
    /// The words; at most [`text::LONG`] characters.
    pub words: String,
}

crate::reads_json!(AnswerBack {
    check_in,
    message,
    words
});

impl AnswerBack {
    /// Whether there are words, of a length that the form allows.
    pub fn is_well_formed(&self) -> bool {
        !self.words.trim().is_empty() && text::fits(Some(&self.words), text::LONG)
    }
}

/// `check_in.withdraw_answer`: takes one's own words about a shared check-in back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawAnswer {
    /// The check-in.
    pub check_in: CheckInId,
    /// The message.
    pub message: Uuid,
}

crate::reads_json!(WithdrawAnswer { check_in, message });

/// What the server already has under a check-in's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownCheckIn {
    /// Whose it is.
    pub member: MemberId,
    /// How far it has come.
    pub state: CheckInState,
}

/// What becomes of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// It is written.
    Sent,
    /// Its withdrawal came first: applied, and nothing is written.
    AlreadyWithdrawn,
    /// It is there already: applied, and nothing is written.
    Already,
}

/// What becomes of taking a check-in back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// Nothing was there: a withdrawn mark is written for this member.
    Mark,
    /// It was withdrawn already: applied, and nothing is written.
    Already,
    /// It is withdrawn and its content removed.
    Removed,
}

/// `check_in.share`. `known` is what stands under this id; `team` the member's own.
///
/// # Errors
/// [`Refusal`]: not theirs, not their team, or the words about sharing not agreed to.
pub fn share(
    member: MemberId,
    share: &ShareCheckIn,
    known: Option<&KnownCheckIn>,
    team: Option<TeamId>,
) -> Result<Shared, Refusal> {
    if let Some(known) = known {
        return match known.state {
            _ if known.member != member => Err(Refusal::NotYours),
            CheckInState::Withdrawn => Ok(Shared::AlreadyWithdrawn),
            _ => Ok(Shared::Already),
        };
    }
    if team != Some(share.team) {
        return Err(Refusal::NotYourTeam);
    }
    if !(1..=CONSENT_VERSION).contains(&share.consent) {
        return Err(Refusal::ConsentNeeded);
    }
    Ok(Shared::Sent)
}

/// `check_in.withdraw`: always wins, whatever the order.
///
/// # Errors
/// [`Refusal::NotYours`].
pub fn withdraw(member: MemberId, known: Option<&KnownCheckIn>) -> Result<TakenBack, Refusal> {
    match known {
        None => Ok(TakenBack::Mark),
        Some(known) if known.member != member => Err(Refusal::NotYours),
        Some(known) if known.state == CheckInState::Withdrawn => Ok(TakenBack::Already),
        Some(_) => Ok(TakenBack::Removed),
    }
}

/// `check_in.answer` and its taking back: whether the thread of this check-in is open to the member. False
/// says that it was taken back: applied, and nothing is written.
///
/// # Errors
/// [`Refusal`]: it is not there, or not theirs.
pub fn may_answer(member: MemberId, known: Option<&KnownCheckIn>) -> Result<bool, Refusal> {
    match known {
        None => Err(Refusal::NoSuchCheckIn),
        Some(known) if known.member != member => Err(Refusal::NotYours),
        Some(known) => Ok(known.state != CheckInState::Withdrawn),
    }
}

/// What a command answers when the thread did not take it.
///
/// # Errors
/// [`Refusal::TooMany`] when the thread is full: the words go back to the person.
pub fn answered(done: Result<(), Not>) -> Result<(), Refusal> {
    match done {
        Err(Not::Full) => Err(Refusal::TooMany),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn shared_under(consent: u32) -> Result<Shared, Refusal> {
        let team = TeamId(Uuid::from_u128(1));
        let words = ShareCheckIn {
            check_in: CheckInId(Uuid::from_u128(2)),
            team,
            feeling: None,
            note: None,
            wants: Wants::Know,
            contact: None,
            consent,
        };
        share(MemberId(Uuid::from_u128(3)), &words, None, Some(team))
    }

    #[test]
    fn a_phone_shares_under_the_words_that_it_showed_old_or_new() {
        for version in 1..=CONSENT_VERSION {
            assert_eq!(shared_under(version), Ok(Shared::Sent), "{version}");
        }
        for never_shown in [0, CONSENT_VERSION + 1] {
            assert_eq!(shared_under(never_shown), Err(Refusal::ConsentNeeded));
        }
    }
}
