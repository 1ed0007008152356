//! Every answer that is not a success, as `{code, message}`: the code is for programs, the message
//! is fit to show a person. Causes go to the log, never to the answer.

use crate::db::join_codes::Closed;
use app::{
    domain::{id::DeviceId, refusal::Refusal},
    lang::{en::refused, refusal},
    sync::wire::ErrorBody,
};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};

/// What a handler answers when it cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The envelope or the form cannot be read.
    #[error("the request cannot be read")]
    Malformed,
    /// Nobody is signed in.
    #[error("sign-in required")]
    SignInRequired,
    /// The return key is not this member's.
    #[error("unknown return key")]
    UnknownReturnKey,
    /// Signed in, and not allowed.
    #[error("not allowed")]
    Forbidden,
    /// The request comes from another site's page.
    #[error("cross-site request")]
    CrossSite,
    /// The person asked for this device to be erased.
    #[error("device revoked")]
    DeviceRevoked(DeviceId),
    /// No such page or thing, or not this person's.
    #[error("not found")]
    NotFound,
    /// The cookie belongs to someone else than the phone believes.
    #[error("another member's session")]
    OtherMember,
    /// Over a limit of size.
    #[error("too large")]
    TooLarge,
    /// Not JSON, or an encoding that is not gzip.
    #[error("unsupported media type")]
    UnsupportedMedia,
    /// No join code like this.
    #[error("unknown join code")]
    UnknownCode,
    /// A join code that does not open any more.
    #[error("a join code that is {0:?}")]
    ClosedCode(Closed),
    /// A protocol that this server does not speak.
    #[error("update required")]
    UpdateRequired,
    /// Too many failures from there.
    #[error("too many failures")]
    TooMany {
        /// Seconds until it is worth trying again.
        retry_after_s: u32,
    },
    /// The rules said no.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// Nothing was changed; trying again may work.
    #[error("busy")]
    Busy,
    /// The database said no.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A defect.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// The status, the code and the words.
    pub fn describe(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::Malformed => (S::BAD_REQUEST, "malformed", refused::MALFORMED.get()),
            Self::Database(problem) if is_no_text(problem) => Self::Malformed.describe(),
            Self::SignInRequired => (S::UNAUTHORIZED, "sign_in_required", refused::SIGN_IN.get()),
            Self::UnknownReturnKey => (
                S::UNAUTHORIZED,
                "unknown_return_key",
                refused::SIGN_IN.get(),
            ),
            Self::Forbidden => (S::FORBIDDEN, "forbidden", refused::FORBIDDEN.get()),
            Self::CrossSite => (S::FORBIDDEN, "cross_site", refused::CROSS_SITE.get()),
            Self::DeviceRevoked(_) => (
                S::FORBIDDEN,
                "device_revoked",
                refused::DEVICE_REVOKED.get(),
            ),
            Self::NotFound => (S::NOT_FOUND, "not_found", refused::NOT_FOUND.get()),
            Self::OtherMember => (S::CONFLICT, "other_member", refused::OTHER_MEMBER.get()),
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too_large", refused::TOO_LARGE.get()),
            Self::UnsupportedMedia => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                refused::MALFORMED.get(),
            ),
            Self::UnknownCode => (
                S::UNPROCESSABLE_ENTITY,
                "unknown_code",
                refused::UNKNOWN_CODE.get(),
            ),
            Self::ClosedCode(why) => (
                S::UNPROCESSABLE_ENTITY,
                match why {
                    Closed::Stopped => "code_stopped",
                    Closed::Ended => "code_ended",
                    Closed::Full => "code_full",
                },
                match why {
                    Closed::Stopped => refused::CODE_STOPPED,
                    Closed::Ended => refused::CODE_ENDED,
                    Closed::Full => refused::CODE_FULL,
                }
                .get(),
            ),
            Self::UpdateRequired => (
                S::UPGRADE_REQUIRED,
                "update_required",
                refused::UPDATE_REQUIRED.get(),
            ),
            Self::TooMany { .. } => (S::TOO_MANY_REQUESTS, "too_many", refused::TOO_MANY.get()),
            Self::Refused(why) => (S::UNPROCESSABLE_ENTITY, why.code(), refusal(*why).get()),
            Self::Busy => (S::SERVICE_UNAVAILABLE, "busy", refused::BUSY.get()),
            Self::Database(_) | Self::Internal(_) => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                refused::INTERNAL.get(),
            ),
        }
    }
}

/// Whether PostgreSQL refused what was sent as no text: so it does with the character NUL, which nobody can type.
fn is_no_text(problem: &sqlx::Error) -> bool {
    const CHARACTER_NOT_IN_REPERTOIRE: &str = "22021";
    let code = problem.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == CHARACTER_NOT_IN_REPERTOIRE)
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code, message) = self.describe();
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(error = %self, "a request failed");
        }
        let device = match &self {
            Self::DeviceRevoked(device) => Some(*device),
            _ => None,
        };
        let body = ErrorBody {
            code: code.to_owned(),
            message: message.to_owned(),
            device,
        };
        let mut response = (status, Json(body)).into_response();
        let wait_s = match self {
            Self::TooMany { retry_after_s } => Some(retry_after_s),
            Self::Busy => Some(2),
            _ => None,
        };
        if let Some(wait_s) = wait_s {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(wait_s));
        }
        response
    }
}
