//! Sign-ups: asking for a place in a session, and what becomes of it.

use super::{
    contact::Contact,
    id::{MemberId, SessionId, SignUpId},
    opportunity::Thanks,
    places::{Moved, Places, Standing},
    refusal::Refusal,
    text,
    time::Millis,
};
use serde::Serialize;

/// `sign_up.request`: I'd like to take part in this session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    pub access_needs_consent: bool,
    /// Whether travel should be paid before, not after.
    pub travel_first: bool,
    /// Anything else; at most [`text::LONG`] characters.
    pub note: Option<String>,
    /// The version of the agreement that was shown and agreed to, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<u32>,
    /// How much of the thank-you the person takes, where they choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks: Option<Thanks>,
}

crate::reads_json!(RequestSignUp {
    sign_up,
    session,
    contact,
    access_needs,
    access_needs_consent,
    travel_first,
    note,
    agreement,
    thanks
});

/// `sign_up.agree`: I've read the agreement as it is now, and I agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agree {
    /// The sign-up.
    pub sign_up: SignUpId,
    /// The version that was shown.
    pub version: u32,
}

crate::reads_json!(Agree { sign_up, version });

impl RequestSignUp {
    /// Whether every field is of the size and shape that the form allows.
    pub fn is_well_formed(&self) -> bool {
        text::fits(self.note.as_deref(), text::LONG)
            && text::fits(self.access_needs.as_deref(), text::LONG)
            && self.contact.as_ref().is_none_or(Contact::is_well_formed)
    }
}

crate::words! {
    /// How far a sign-up has come. *Seen* is a fact beside it.
    pub enum SignUpState {
        /// The server has it; someone looks first.
        Received "received",
        /// On the waiting list.
        Waiting "waiting",
        /// A place is held until the person answers.
        Offered "offered",
        /// They have a place.
        Confirmed "confirmed",
        /// They came.
        Attended "attended",
        /// They couldn't come.
        NotThere "not_there",
        /// They were thanked.
        Thanked "thanked",
        /// They took it back.
        Withdrawn "withdrawn",
        /// The organisation cancelled it, with a message.
        Cancelled "cancelled",
    }
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

/// What the server already has under a sign-up's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSignUp {
    /// Whose it is.
    pub member: MemberId,
    /// The session; none for the mark of a withdrawal that came before its request.
    pub session: Option<SessionId>,
    /// How far it has come.
    pub state: SignUpState,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requested {
    /// It is written with this standing.
    Stands(Standing),
    /// Its withdrawal came first: applied, and nothing is written.
    AlreadyWithdrawn,
    /// It is there already: applied, and nothing is written.
    Already,
}

/// What becomes of a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// Nothing was there: a withdrawn mark is written for this member.
    Mark,
    /// It was withdrawn already: applied, and nothing is written.
    Already,
    /// It is withdrawn, its content removed, and these others move.
    Leaves(Moved),
}

/// `sign_up.request`. `known` is what stands under this id; `has_active` whether the member has
/// another sign-up for the session that stands; `places` the session's, none if there is no such session;
/// `agreement` the version of what is to be agreed to first, if something is. An older version will do: the
/// person is asked again, and keeps their place in the order meanwhile.
///
/// # Errors
/// [`Refusal`]: not theirs, id used for another session, no such session, closed, signed up already, or not
/// agreed to.
pub fn request(
    member: MemberId,
    request: &RequestSignUp,
    known: Option<&KnownSignUp>,
    has_active: bool,
    places: Option<&mut Places>,
    agreement: Option<u32>,
) -> Result<Requested, Refusal> {
    if let Some(known) = known {
        return match known.session {
            _ if known.member != member => Err(Refusal::NotYours),
            _ if known.state == SignUpState::Withdrawn => Ok(Requested::AlreadyWithdrawn),
            Some(session) if session == request.session => Ok(Requested::Already),
            _ => Err(Refusal::IdReused),
        };
    }
    let places = places.ok_or(Refusal::NoSuchSession)?;
    if !places.open {
        return Err(Refusal::SessionClosed);
    }
    if has_active {
        return Err(Refusal::AlreadySignedUp);
    }
    if agreement.is_some_and(|newest| !is_agreed(request.agreement, newest)) {
        return Err(Refusal::AgreementNeeded);
    }
    Ok(Requested::Stands(places.ask(request.sign_up)))
}

fn is_agreed(version: Option<u32>, newest: u32) -> bool {
    version.is_some_and(|version| (1..=newest).contains(&version))
}

/// `sign_up.agree`: `newest` is the version of the agreement now, if there is one. Whether it is to be written:
/// not for a sign-up that has ended meanwhile.
///
/// # Errors
/// [`Refusal`]: no such sign-up, not theirs, or a version that there is not.
pub fn agree(
    member: MemberId,
    version: u32,
    known: Option<&KnownSignUp>,
    newest: Option<u32>,
) -> Result<bool, Refusal> {
    match known {
        None => Err(Refusal::NoSuchSession),
        Some(known) if known.member != member => Err(Refusal::NotYours),
        Some(known) if !known.state.is_active() => Ok(false),
        Some(_) if newest.is_some_and(|newest| !is_agreed(Some(version), newest)) => {
            Err(Refusal::AgreementNeeded)
        }
        Some(_) => Ok(true),
    }
}

/// `sign_up.withdraw`: always wins, whatever the order. `places` are those of the known session.
///
/// # Errors
/// [`Refusal::NotYours`].
pub fn withdraw(
    member: MemberId,
    id: SignUpId,
    known: Option<&KnownSignUp>,
    places: Option<&mut Places>,
    now: Millis,
) -> Result<Withdrawal, Refusal> {
    match known {
        None => Ok(Withdrawal::Mark),
        Some(known) if known.member != member => Err(Refusal::NotYours),
        Some(known) if known.state == SignUpState::Withdrawn => Ok(Withdrawal::Already),
        Some(known) => {
            Ok(Withdrawal::Leaves(places.map_or_else(Vec::new, |places| {
                places.leave(id, known.state, now)
            })))
        }
    }
}

/// `sign_up.accept_offer`: yes to a place that is held. `places` are those of the known session; none is
/// written where the place is theirs already.
///
/// # Errors
/// [`Refusal`]: not theirs; or no offer, because it ran out before the answer came: then they are still
/// on the waiting list.
pub fn accept_offer(
    member: MemberId,
    id: SignUpId,
    known: Option<&KnownSignUp>,
    places: Option<&mut Places>,
    now: Millis,
) -> Result<Option<Standing>, Refusal> {
    match known {
        Some(known) if known.member != member => Err(Refusal::NotYours),
        Some(known) if known.state == SignUpState::Confirmed => Ok(None),
        _ => places
            .and_then(|places| places.accept(id, now))
            .map(Some)
            .ok_or(Refusal::NoOffer),
    }
}

/// `sign_up.decline_offer`: no to a place that is held; the sign-up ends as if it were withdrawn, and the
/// place goes on. None where it has ended already.
///
/// # Errors
/// [`Refusal`]: not theirs; or no offer: whoever is on the waiting list again stays there.
pub fn decline_offer(
    member: MemberId,
    id: SignUpId,
    known: Option<&KnownSignUp>,
    places: Option<&mut Places>,
    now: Millis,
) -> Result<Option<Moved>, Refusal> {
    match known {
        Some(known) if known.member != member => Err(Refusal::NotYours),
        Some(known) if known.state == SignUpState::Withdrawn => Ok(None),
        Some(known) if known.state == SignUpState::Offered => {
            Ok(places.map(|places| places.leave(id, known.state, now)))
        }
        _ => Err(Refusal::NoOffer),
    }
}

/// Staff give a place. None if the sign-up no longer stands (withdrawn meanwhile); with no place
/// free its new standing is [`SignUpState::Waiting`].
pub fn confirm(id: SignUpId, state: SignUpState, places: &mut Places) -> Option<(Standing, Moved)> {
    may_be_given(state, places).then(|| places.confirm(id, state))
}

/// Staff hold a place for a sign-up until it is answered. None if it no longer stands; with no place free
/// it waits.
pub fn offer(
    id: SignUpId,
    state: SignUpState,
    places: &mut Places,
    now: Millis,
) -> Option<(Standing, Moved)> {
    may_be_given(state, places).then(|| places.offer(id, state, now))
}

/// Nobody is given a place before a ballot: all who asked are in it.
fn may_be_given(state: SignUpState, places: &Places) -> bool {
    state.is_active() && !places.awaits_ballot()
}

/// Whoever leads, or staff, say whether the person came. None where that is said already. A person who
/// couldn't come frees the place, which goes on as long as the session has not started.
///
/// # Errors
/// [`Refusal::NoPlace`]: they had none, or it went to someone else meanwhile.
pub fn attend(
    id: SignUpId,
    state: SignUpState,
    came: bool,
    places: &mut Places,
    now: Millis,
) -> Result<Option<(Standing, Moved)>, Refusal> {
    use SignUpState::{Attended, Confirmed, NotThere, Offered, Thanked};
    match (state, came) {
        (Attended | Thanked, true) | (NotThere, false) => Ok(None),
        (Confirmed | Offered, true) => Ok(Some((places.came(id), Moved::new()))),
        (Confirmed | Offered | Attended | Thanked, false) => {
            let moved = places.leave(id, state, now);
            Ok(Some((Standing::is(NotThere), moved)))
        }
        (NotThere, true) if places.has_free() => Ok(Some((places.came_after_all(), Moved::new()))),
        _ => Err(Refusal::NoPlace),
    }
}

/// Staff say thank you, once the person came. None if they did not, or were thanked.
pub fn thank(state: SignUpState) -> Option<Standing> {
    (state == SignUpState::Attended).then(|| Standing::is(SignUpState::Thanked))
}

/// Staff cancel, with a message for the member. None if the sign-up no longer stands.
pub fn cancel(id: SignUpId, state: SignUpState, places: &mut Places, now: Millis) -> Option<Moved> {
    state.is_active().then(|| places.leave(id, state, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::opportunity::Gives;
    use uuid::Uuid;

    const ME: MemberId = MemberId(Uuid::from_u128(1));

    fn asks(agreement: Option<u32>, needed: Option<u32>) -> Result<Requested, Refusal> {
        let id = Uuid::from_u128(2);
        let wanted = RequestSignUp {
            sign_up: SignUpId(id),
            session: SessionId(id),
            contact: None,
            access_needs: None,
            access_needs_consent: false,
            travel_first: false,
            note: None,
            agreement,
            thanks: None,
        };
        let mut places = Places {
            limit: None,
            gives: Gives::FirstReceived,
            drawn: false,
            open: true,
            taken: 0,
            queue: Vec::new(),
            offers: Vec::new(),
            offer_ms: 0,
            starts: None,
        };
        request(ME, &wanted, None, false, Some(&mut places), needed)
    }

    fn known(member: MemberId, state: SignUpState) -> KnownSignUp {
        KnownSignUp {
            member,
            session: Some(SessionId(Uuid::from_u128(2))),
            state,
        }
    }

    #[test]
    fn what_is_to_be_agreed_to_is_and_an_older_version_of_it_will_do_for_now() {
        assert!(asks(None, None).is_ok());
        assert!(
            asks(Some(7), None).is_ok(),
            "there is no agreement any more"
        );
        assert!(asks(Some(2), Some(2)).is_ok());
        assert!(asks(Some(1), Some(2)).is_ok());
        for not in [None, Some(0), Some(3)] {
            assert_eq!(asks(not, Some(2)), Err(Refusal::AgreementNeeded), "{not:?}");
        }
    }

    #[test]
    fn agreeing_again_is_for_ones_own_sign_up_that_stands_and_a_version_that_there_is() {
        let mine = known(ME, SignUpState::Confirmed);
        assert_eq!(agree(ME, 2, Some(&mine), Some(2)), Ok(true));
        let other = known(MemberId(Uuid::from_u128(9)), SignUpState::Confirmed);
        assert_eq!(agree(ME, 2, Some(&other), Some(2)), Err(Refusal::NotYours));
        assert_eq!(agree(ME, 2, None, Some(2)), Err(Refusal::NoSuchSession));
        assert_eq!(
            agree(ME, 3, Some(&mine), Some(2)),
            Err(Refusal::AgreementNeeded)
        );
        let gone = known(ME, SignUpState::Withdrawn);
        assert_eq!(agree(ME, 2, Some(&gone), Some(2)), Ok(false));
    }
}
