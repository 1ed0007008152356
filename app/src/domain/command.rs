//! Commands: the intents a member makes, parsed one by one from their kind and JSON body.

use super::{
    attendee::Attendance,
    check_in::{AnswerBack, ShareCheckIn, WithdrawAnswer},
    group::{GroupAct, InGroup},
    id::{CheckInId, DeviceId, MemberId, SignUpId},
    member::Rename,
    needs::KeepNeeds,
    record::kind,
    sign_up::{Agree, RequestSignUp},
};
use crate::json::{FromJson, Misshapen, field, fields_of};
use serde_json::{Value, json};

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
    /// Something in an involvement group.
    InGroup(InGroup),
    /// Keep for next time what would make it easier for me, or delete that.
    KeepNeeds(KeepNeeds),
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
            Self::InGroup(it) => it.act.word(),
            Self::KeepNeeds(_) => "member.needs",
            Self::Leave(_) => "member.leave",
        }
    }

    /// The wire body, as a JSON object.
    pub fn body(&self) -> Value {
        match self {
            Self::ShareCheckIn(share) => serde_json::to_value(share),
            Self::RequestSignUp(request) => serde_json::to_value(request),
            Self::MarkAttendance(said) => serde_json::to_value(said),
            Self::Agree(agree) => Ok(json!({ "sign_up": agree.sign_up, "version": agree.version })),
            Self::Rename(rename) => serde_json::to_value(rename),
            Self::InGroup(it) => serde_json::to_value(it),
            Self::KeepNeeds(said) => serde_json::to_value(said),
            Self::AnswerBack(answer) => Ok(json!({
                "check_in": answer.check_in, "message": answer.message, "words": answer.words,
            })),
            Self::WithdrawAnswer(answer) => {
                Ok(json!({ "check_in": answer.check_in, "message": answer.message }))
            }
            Self::WithdrawCheckIn(check_in) => Ok(json!({ "check_in": check_in })),
            Self::WithdrawSignUp(sign_up)
            | Self::AcceptOffer(sign_up)
            | Self::DeclineOffer(sign_up) => Ok(json!({ "sign_up": sign_up })),
            Self::SignOutDevice(device) | Self::LoseDevice(device) => {
                Ok(json!({ "device": device }))
            }
            Self::Leave(member) => Ok(json!({ "member": member })),
        }
        .expect("command bodies are plain structs with string keys, which always serialise")
    }

    /// The record kind and id that the command is about.
    pub fn subject(&self) -> (&'static str, uuid::Uuid) {
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
            Self::InGroup(it) => it.subject(),
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
            "check_in.withdraw" => only(body, "check_in").map(Self::WithdrawCheckIn),
            "check_in.answer" => AnswerBack::from_json(body).map(Self::AnswerBack),
            "check_in.withdraw_answer" => WithdrawAnswer::from_json(body).map(Self::WithdrawAnswer),
            "sign_up.request" => RequestSignUp::from_json(body).map(Self::RequestSignUp),
            "sign_up.withdraw" => only(body, "sign_up").map(Self::WithdrawSignUp),
            "sign_up.agree" => Agree::from_json(body).map(Self::Agree),
            "sign_up.accept_offer" => only(body, "sign_up").map(Self::AcceptOffer),
            "sign_up.decline_offer" => only(body, "sign_up").map(Self::DeclineOffer),
            "sign_up.attendance" => Attendance::from_json(body).map(Self::MarkAttendance),
            "device.sign_out" => only(body, "device").map(Self::SignOutDevice),
            "device.lost" => only(body, "device").map(Self::LoseDevice),
            "member.rename" => Rename::from_json(body).map(Self::Rename),
            "member.needs" => KeepNeeds::from_json(body).map(Self::KeepNeeds),
            "member.leave" => only(body, "member").map(Self::Leave),
            other => match GroupAct::of_word(other) {
                Some(act) => InGroup::read(act, body).map(Self::InGroup),
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
            Self::InGroup(it) => it.is_well_formed(),
            Self::KeepNeeds(said) => said.is_well_formed(),
            _ => true,
        }
    }
}

/// A body that only names its subject.
fn only<T: FromJson>(body: Value, name: &'static str) -> Result<T, Misshapen> {
    field(&mut fields_of(body, name)?, name)
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
            Command::parse("plan.share", Value::Null),
            Err(CommandError::UnknownKind(_))
        ));
        assert!(matches!(
            Command::parse("sign_up.withdraw", Value::Null),
            Err(CommandError::Body { .. })
        ));
    }
}
