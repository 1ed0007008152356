//! The records that only their member reads: the server's current copy of a sign-up or a shared check-in.

use super::{
    care::{Care, Message},
    check_in::{CheckInState, Feeling, ShareCheckIn, Wants},
    contact::Contact,
    id::{SessionId, StaffId, TeamId},
    opportunity::Thanks,
    places::Standing,
    sign_up::{RequestSignUp, SignUpState},
    time::rfc3339,
};
use serde::Serialize;

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
    /// A phone of the member's own.
    pub const DEVICE: &str = "device";
    /// A member: what they want to be called, once they have changed it.
    pub const MEMBER: &str = "member";
    /// What would make taking part easier for the member, while it is kept for next time.
    pub const NEEDS: &str = "needs";
    /// How long things are kept.
    pub const RETENTION: &str = "retention";
    /// Somebody who comes to a session, for its leads.
    pub const ATTENDEE: &str = "attendee";
    /// An opportunity that the member leads.
    pub const LEAD: &str = "lead";
    /// An involvement group.
    pub const GROUP: &str = "group";
    /// A group that the member belongs to.
    pub const MEMBERSHIP: &str = "membership";
    /// Somebody who belongs to a group.
    pub const GROUP_PERSON: &str = "group_person";
    /// What somebody wrote in a group.
    pub const GROUP_MESSAGE: &str = "group_message";
    /// A message that those who lead are asked to look at.
    pub const GROUP_REPORT: &str = "group_report";
    /// Whose writing in a group the member does not want to see.
    pub const GROUP_MUTE: &str = "group_mute";
    /// That the member has a private calendar address: a `Lead` with its day, under their own id.
    pub const CALENDAR: &str = "calendar";
    /// The organisation's own words in place of built-in ones.
    pub const WORDING: &str = "wording";
    /// Something that changed because of what people said.
    pub const CHANGE: &str = "change";
    /// The member's plan: of their own on the phone, and as a record what they shared of it.
    pub const PLAN: &str = "plan";
    /// A note that tells staff of a change; no phone has it.
    pub const NOTE: &str = "note";
    /// Notes in an order; no phone has it.
    pub const TRAINING: &str = "training";
    /// A help line.
    pub const HELP_LINE: &str = "help_line";
    /// A document whose words are reviewed.
    pub const DOCUMENT: &str = "document";
    /// What the member said about a phrase of a document.
    pub const SUGGESTION: &str = "suggestion";
    /// That a suggestion speaks for the member too; its id is the suggestion's.
    pub const SUPPORT: &str = "support";
    /// What somebody said about a phrase, for the people of the group that works on it.
    pub const GROUP_SUGGESTION: &str = "group_suggestion";
    /// What somebody of the group wrote about a suggestion.
    pub const SUGGESTION_COMMENT: &str = "suggestion_comment";
    /// What the member said about their experience of a service.
    pub const EXPERIENCE: &str = "experience";
    /// What the member answered about it, while it waits on their phone.
    pub const EXPERIENCE_ANSWER: &str = "experience_answer";
    /// The story that is told of an experience of the member's.
    pub const STORY: &str = "story";
    /// Whom to turn to about somebody who works here: one record, under the id that is all noughts.
    pub const SPEAKING_UP: &str = "speaking_up";
    /// That the member would like to talk to a peer.
    pub const PEER_ASK: &str = "peer_ask";
    /// The member and a peer: for both of them, each with what they may know of the other.
    pub const PEER_MATCH: &str = "peer_match";
    /// What the two wrote to each other.
    pub const PEER_MESSAGE: &str = "peer_message";
    /// That the member supports others; its id is theirs.
    pub const PEER_SUPPORTER: &str = "peer_supporter";
    /// That a peer wrote down a worry about someone's safety.
    pub const PEER_WORRY: &str = "peer_worry";
}

/// The `sign_up` record. Withdrawn and cancelled ones keep no request fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    pub access_needs_consent: bool,
    /// Travel paid before.
    pub travel_first: bool,
    /// Anything else.
    pub note: Option<String>,
    /// The version of the agreement that the person agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<u32>,
    /// How much of the thank-you they take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks: Option<Thanks>,
    /// How to get in online: only while the person has a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

crate::reads_json!(SignUp {
    session,
    state,
    position,
    offer_until,
    seen_by,
    seen_at,
    message,
    received_at,
    made_at,
    contact,
    access_needs,
    access_needs_consent,
    travel_first,
    note,
    agreement,
    thanks,
    link
});

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
            agreement: request.agreement,
            thanks: request.thanks,
            link: None,
        }
    }

    /// The mark of a withdrawal: no session, no content.
    pub fn mark() -> Self {
        Self {
            session: None,
            state: SignUpState::Withdrawn,
            position: None,
            offer_until: None,
            seen_by: None,
            seen_at: None,
            message: None,
            received_at: None,
            made_at: None,
            contact: None,
            access_needs: None,
            access_needs_consent: false,
            travel_first: false,
            note: None,
            agreement: None,
            thanks: None,
            link: None,
        }
    }

    /// Takes this standing; a sign-up that has ended keeps the session, the times and who saw it, and
    /// nothing that the person wrote. Staff's words stay with one that they cancelled, and say why.
    pub fn stand(&mut self, standing: Standing) {
        let Standing {
            state,
            position,
            until,
        } = standing;
        if matches!(state, SignUpState::Withdrawn | SignUpState::Cancelled) {
            *self = Self {
                session: self.session,
                seen_by: self.seen_by.take(),
                seen_at: self.seen_at.take(),
                message: (self.message.take()).filter(|_| state == SignUpState::Cancelled),
                received_at: self.received_at.take(),
                made_at: self.made_at.take(),
                ..Self::mark()
            };
        }
        self.state = state;
        self.position = position;
        self.offer_until = until.map(rfc3339);
    }

    /// Someone on staff really opened it. The first wins; whether anything changed.
    pub fn see(&mut self, by: &str, at: &str) -> bool {
        let first = self.seen_by.is_none() && self.state != SignUpState::Withdrawn;
        if first {
            self.seen_by = Some(by.to_owned());
            self.seen_at = Some(at.to_owned());
        }
        first
    }
}

/// The `check_in` record: a shared one. A withdrawn one keeps no content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// Never filled by any server that was released; read all the same.
    pub replies: Vec<String>,
    /// How far it has come.
    pub state: CheckInState,
    /// RFC 3339; when the server first had it.
    pub received_at: Option<String>,
    /// RFC 3339; when the phone says it was made.
    pub made_at: Option<String>,
    /// How to reach the person.
    pub contact: Option<Contact>,
    /// What was said about it since, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    /// RFC 3339; since when who has it has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_on_at: Option<String>,
    /// RFC 3339; when it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    /// The first name of who copied it to the person's record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copied_by: Option<String>,
    /// RFC 3339; when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copied_at: Option<String>,
    /// RFC 3339; the end of the reading time that passed before anybody opened it (rule 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed_at: Option<String>,
}

crate::reads_json!(CheckIn {
    feeling,
    note,
    wants,
    team,
    seen_by,
    seen_at,
    taken_on_by,
    replies,
    state,
    received_at,
    made_at,
    contact,
    messages,
    taken_on_at,
    closed_at,
    copied_by,
    copied_at,
    passed_at
});

impl CheckIn {
    /// What a share looks like before the server answered.
    pub fn from_share(share: &ShareCheckIn, made_at: &str) -> Self {
        Self {
            feeling: share.feeling,
            note: share.note.clone(),
            wants: share.wants,
            team: Some(share.team),
            state: CheckInState::Sent,
            made_at: Some(made_at.to_owned()),
            contact: share.contact.clone(),
            ..Self::mark()
        }
    }

    /// The mark of a check-in taken back: no content.
    pub fn mark() -> Self {
        Self {
            feeling: None,
            note: None,
            wants: Wants::Know,
            team: None,
            seen_by: None,
            seen_at: None,
            taken_on_by: None,
            replies: Vec::new(),
            state: CheckInState::Withdrawn,
            received_at: None,
            made_at: None,
            contact: None,
            messages: Vec::new(),
            taken_on_at: None,
            closed_at: None,
            copied_by: None,
            copied_at: None,
            passed_at: None,
        }
    }

    /// What is decided about its care is decided on these; `owner` is the id of who has it, which no
    /// phone is told.
    pub fn care<'a>(&'a mut self, owner: &'a mut Option<StaffId>) -> Care<'a> {
        Care {
            asked: self.wants.asks_for_something(),
            owner,
            state: &mut self.state,
            messages: &mut self.messages,
            taken_on_by: &mut self.taken_on_by,
            taken_on_at: &mut self.taken_on_at,
            closed_at: &mut self.closed_at,
            copied_by: &mut self.copied_by,
            copied_at: &mut self.copied_at,
        }
    }

    /// Takes it back: keeps who had read or copied it and the times, and nothing that was written, also
    /// not in its thread.
    pub fn withdraw(&mut self) {
        *self = Self {
            team: self.team,
            copied_by: self.copied_by.take(),
            copied_at: self.copied_at.take(),
            seen_by: self.seen_by.take(),
            seen_at: self.seen_at.take(),
            received_at: self.received_at.take(),
            made_at: self.made_at.take(),
            ..Self::mark()
        };
    }

    /// Someone of the team really opened it. The first wins; whether anything changed.
    pub fn see(&mut self, by: &str, at: &str) -> bool {
        let first = self.seen_by.is_none() && self.state != CheckInState::Withdrawn;
        if first {
            self.passed_at = None;
            self.seen_by = Some(by.to_owned());
            self.seen_at = Some(at.to_owned());
        }
        first
    }
}
