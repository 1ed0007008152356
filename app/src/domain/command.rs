//! Commands: the intents a member makes, parsed one by one from their kind and JSON body.

use super::{
    attendee::Attendance,
    check_in::{AnswerBack, Feeling, ShareCheckIn, WithdrawAnswer},
    contact::Contact,
    id::{CheckInId, DeviceId, MemberId, SignUpId},
    member::Rename,
    needs::KeepNeeds,
    plain::{self, Plain},
    record::kind,
    sign_up::{Agree, RequestSignUp},
};
use crate::json::{FromJson, Misshapen, field, fields_of};
use serde_json::Value;
use uuid::Uuid;

/// What a member wants. Its JSON form is `kind` and `body` (see [`Command::kind`], [`Command::body`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Send a check-in to a team.
    ShareCheckIn(ShareCheckIn),
    /// Take a shared check-in back.
    WithdrawCheckIn(CheckInId),
    /// Answer back about a shared check-in.
    AnswerBack(AnswerBack),
    /// Take an answer back.
    WithdrawAnswer(WithdrawAnswer),
    /// Ask for a place.
    RequestSignUp(RequestSignUp),
    /// Take a sign-up back.
    WithdrawSignUp(SignUpId),
    /// Agree to the newest agreement.
    Agree(Agree),
    /// Say yes to an offered place.
    AcceptOffer(SignUpId),
    /// Say "not this time" to an offered place.
    DeclineOffer(SignUpId),
    /// Say whether somebody came to a session that I lead.
    MarkAttendance(Attendance),
    /// Sign another phone of mine out.
    SignOutDevice(DeviceId),
    /// Another phone of mine is lost: it clears itself when it next calls.
    LoseDevice(DeviceId),
    /// I want to be called something else.
    Rename(Rename),
    /// Keep for next time what would make it easier for me, or delete that.
    KeepNeeds(KeepNeeds),
    /// Of a newer kind, of which this is all that phones know.
    Plain(Plain),
    /// I leave Chorus, for good. It names who leaves, so that nobody leaves for another.
    Leave(MemberId),
}

/// Why a kind and body are no command.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// This version does not know the kind: the server defers it, the phone keeps it.
    #[error("this version does not know the command {0:?}")]
    UnknownKind(String),
    /// The body has not the shape of its kind.
    #[error("the body of {kind} cannot be read: {source}")]
    Body {
        /// The command's kind.
        kind: String,
        /// Which field.
        source: Misshapen,
    },
    /// A field is longer than its form allows, or has control characters.
    #[error("a field of {0} is too long or has characters that cannot be kept")]
    Field(&'static str),
}

impl Command {
    /// The wire name of the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ShareCheckIn(_) => "check_in.share",
            Self::WithdrawCheckIn(_) => "check_in.withdraw",
            Self::AnswerBack(_) => "check_in.answer",
            Self::WithdrawAnswer(_) => "check_in.withdraw_answer",
            Self::RequestSignUp(_) => "sign_up.request",
            Self::WithdrawSignUp(_) => "sign_up.withdraw",
            Self::Agree(_) => "sign_up.agree",
            Self::AcceptOffer(_) => "sign_up.accept_offer",
            Self::DeclineOffer(_) => "sign_up.decline_offer",
            Self::MarkAttendance(_) => "sign_up.attendance",
            Self::SignOutDevice(_) => "device.sign_out",
            Self::LoseDevice(_) => "device.lost",
            Self::Rename(_) => "member.rename",
            Self::Plain(it) => it.act.word,
            Self::KeepNeeds(_) => "member.needs",
            Self::Leave(_) => "member.leave",
        }
    }

    /// The wire body, as a JSON object. Fields are put in by name: that is less code on phones than what would be
    /// derived for each struct.
    pub fn body(&self) -> Value {
        match self {
            Self::ShareCheckIn(share) => share_body(share),
            Self::RequestSignUp(request) => request_body(request),
            Self::MarkAttendance(said) => {
                let mut body = naming("sign_up", said.sign_up.0);
                body["came"] = said.came.into();
                body
            }
            Self::Agree(agree) => {
                let mut body = naming("sign_up", agree.sign_up.0);
                body["version"] = agree.version.into();
                body
            }
            Self::Rename(rename) => {
                let mut body = naming("member", rename.member.0);
                put_words(&mut body, "name", rename.name.as_deref());
                body
            }
            Self::KeepNeeds(said) => {
                let mut body = naming("member", said.member.0);
                put_words(&mut body, "needs", said.needs.as_deref());
                body["consent"] = said.consent.into();
                body["sign_ups"] = said.sign_ups.into();
                body
            }
            Self::Plain(it) => it.says(),
            Self::AnswerBack(answer) => {
                let mut body = naming("check_in", answer.check_in.0);
                put_id(&mut body, "message", answer.message);
                put_words(&mut body, "words", Some(&answer.words));
                body
            }
            Self::WithdrawAnswer(answer) => {
                let mut body = naming("check_in", answer.check_in.0);
                put_id(&mut body, "message", answer.message);
                body
            }
            Self::WithdrawCheckIn(id) => naming("check_in", id.0),
            Self::WithdrawSignUp(id) | Self::AcceptOffer(id) | Self::DeclineOffer(id) => {
                naming("sign_up", id.0)
            }
            Self::SignOutDevice(id) | Self::LoseDevice(id) => naming("device", id.0),
            Self::Leave(id) => naming("member", id.0),
        }
    }

    /// The record kind and id that the command is about.
    pub fn subject(&self) -> (&'static str, Uuid) {
        match self {
            Self::ShareCheckIn(share) => (kind::CHECK_IN, share.check_in.0),
            Self::WithdrawCheckIn(id) => (kind::CHECK_IN, id.0),
            Self::AnswerBack(answer) => (kind::CHECK_IN, answer.check_in.0),
            Self::WithdrawAnswer(answer) => (kind::CHECK_IN, answer.check_in.0),
            Self::RequestSignUp(request) => (kind::SIGN_UP, request.sign_up.0),
            Self::Agree(agree) => (kind::SIGN_UP, agree.sign_up.0),
            Self::WithdrawSignUp(id) | Self::AcceptOffer(id) | Self::DeclineOffer(id) => {
                (kind::SIGN_UP, id.0)
            }
            Self::MarkAttendance(said) => (kind::ATTENDEE, said.sign_up.0),
            Self::SignOutDevice(id) | Self::LoseDevice(id) => (kind::DEVICE, id.0),
            Self::Plain(it) => (it.act.record, it.subject),
            Self::KeepNeeds(said) => (kind::NEEDS, said.member.0),
            Self::Rename(Rename { member, .. }) | Self::Leave(member) => (kind::MEMBER, member.0),
        }
    }

    /// Reads a command.
    ///
    /// # Errors
    /// [`CommandError`]: an unknown kind, a body of another shape, or a field over its limit.
    pub fn parse(kind: &str, body: Value) -> Result<Self, CommandError> {
        let parsed = match kind {
            "check_in.share" => ShareCheckIn::from_json(body).map(Self::ShareCheckIn),
            "check_in.withdraw" => {
                only(body, "check_in").map(|id| Self::WithdrawCheckIn(CheckInId(id)))
            }
            "check_in.answer" => AnswerBack::from_json(body).map(Self::AnswerBack),
            "check_in.withdraw_answer" => WithdrawAnswer::from_json(body).map(Self::WithdrawAnswer),
            "sign_up.request" => RequestSignUp::from_json(body).map(Self::RequestSignUp),
            "sign_up.withdraw" => {
                only(body, "sign_up").map(|id| Self::WithdrawSignUp(SignUpId(id)))
            }
            "sign_up.agree" => Agree::from_json(body).map(Self::Agree),
            "sign_up.accept_offer" => {
                only(body, "sign_up").map(|id| Self::AcceptOffer(SignUpId(id)))
            }
            "sign_up.decline_offer" => {
                only(body, "sign_up").map(|id| Self::DeclineOffer(SignUpId(id)))
            }
            "sign_up.attendance" => Attendance::from_json(body).map(Self::MarkAttendance),
            "device.sign_out" => only(body, "device").map(|id| Self::SignOutDevice(DeviceId(id))),
            "device.lost" => only(body, "device").map(|id| Self::LoseDevice(DeviceId(id))),
            "member.rename" => Rename::from_json(body).map(Self::Rename),
            "member.needs" => KeepNeeds::from_json(body).map(Self::KeepNeeds),
            "member.leave" => only(body, "member").map(|id| Self::Leave(MemberId(id))),
            other => match plain::act(other) {
                Some(act) => Plain::new(act, &body).map(Self::Plain),
                None => return Err(CommandError::UnknownKind(other.to_owned())),
            },
        };
        let command = parsed.map_err(|source| CommandError::Body {
            kind: kind.to_owned(),
            source,
        })?;
        if command.is_well_formed() {
            Ok(command)
        } else {
            Err(CommandError::Field(command.kind()))
        }
    }

    fn is_well_formed(&self) -> bool {
        match self {
            Self::ShareCheckIn(share) => share.is_well_formed(),
            Self::RequestSignUp(request) => request.is_well_formed(),
            Self::AnswerBack(answer) => answer.is_well_formed(),
            Self::Rename(rename) => rename.is_well_formed(),
            Self::KeepNeeds(said) => said.is_well_formed(),
            _ => true,
        }
    }
}

/// A body that only names its subject.
fn only(body: Value, name: &'static str) -> Result<Uuid, Misshapen> {
    field(&mut fields_of(body, name)?, name)
}

/// The body that names its subject.
pub(super) fn naming(name: &'static str, id: Uuid) -> Value {
    let mut body = Value::Null;
    put_id(&mut body, name, id);
    body
}

fn share_body(share: &ShareCheckIn) -> Value {
    let mut body = naming("check_in", share.check_in.0);
    put_id(&mut body, "team", share.team.0);
    put_words(&mut body, "feeling", share.feeling.map(Feeling::word));
    put_words(&mut body, "note", share.note.as_deref());
    put_words(&mut body, "wants", Some(share.wants.word()));
    body["contact"] = contact(share.contact.as_ref());
    body["consent"] = share.consent.into();
    body
}

fn request_body(request: &RequestSignUp) -> Value {
    let mut body = naming("sign_up", request.sign_up.0);
    put_id(&mut body, "session", request.session.0);
    body["contact"] = contact(request.contact.as_ref());
    put_words(&mut body, "access_needs", request.access_needs.as_deref());
    body["access_needs_consent"] = request.access_needs_consent.into();
    body["travel_first"] = request.travel_first.into();
    put_words(&mut body, "note", request.note.as_deref());
    // What is not asked is not said, as before it could be.
    if let Some(version) = request.agreement {
        body["agreement"] = version.into();
    }
    if let Some(thanks) = request.thanks {
        put_words(&mut body, "thanks", Some(thanks.word()));
    }
    body
}

fn contact(it: Option<&Contact>) -> Value {
    let Some(it) = it else {
        return Value::Null;
    };
    let mut contact = Value::Null;
    put_words(&mut contact, "by", Some(it.by.word()));
    put_words(&mut contact, "value", Some(&it.value));
    contact["safe_to_leave_message"] = it.safe_to_leave_message.into();
    contact
}

/// Puts words in; null for none.
#[inline(never)]
pub(super) fn put_words(body: &mut Value, name: &'static str, words: Option<&str>) {
    body[name] = words.into();
}

/// Puts another id in.
#[inline(never)]
pub(super) fn put_id(body: &mut Value, name: &'static str, id: Uuid) {
    body[name] = id.to_string().into();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reads_back_from_its_own_kind_and_body() {
        let id = SignUpId(uuid::Uuid::from_u128(7));
        let command = Command::WithdrawSignUp(id);
        assert_eq!(
            Command::parse(command.kind(), command.body()).unwrap(),
            command
        );
    }

    #[test]
    fn an_unknown_kind_is_told_apart_from_a_bad_body() {
        assert!(matches!(
            Command::parse("hat.borrow", Value::Null),
            Err(CommandError::UnknownKind(_))
        ));
        assert!(matches!(
            Command::parse("sign_up.withdraw", Value::Null),
            Err(CommandError::Body { .. })
        ));
    }
}
