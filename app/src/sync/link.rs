//! Every answer that is not a page: what each means for the phone. None of them costs it anything it wrote.

use super::wire::ErrorBody;
use crate::domain::{id::DeviceId, time::Millis};

/// Why a request brought no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// No answer, or half of one: whether it arrived is unknown, the same bytes are sent again.
    NoAnswer,
    /// 400 `malformed`: ask with fewer commands, then without, then from the start.
    Malformed,
    /// 401 `sign_in_required`: renew the session, keep working meanwhile. `unknown_return_key` says that
    /// it cannot be renewed.
    SignInRequired,
    /// 403 `device_revoked` with this very device in the body: the person asked for this phone to be erased.
    Revoked,
    /// 409 `other_member`: the cookie belongs to someone else; nothing was applied.
    OtherMember,
    /// 413 `too_large`: ask with fewer commands.
    TooLarge,
    /// 426 `update_required`: this version is too old; the outbox waits for the update.
    UpdateRequired,
    /// 429 or 503: not before this many milliseconds, if the server said.
    Busy(Option<Millis>),
    /// Anything else (5xx, 415, a proxy's own page): try again later.
    Failed,
}

/// The longest wait that a server may ask for.
const LONGEST_WAIT_S: i64 = 3_600;

impl LinkError {
    /// Reads an answer that is not 200. `body` is the JSON error body, if it was one; `retry_after_s`
    /// the header in seconds. A status that comes without Chorus's own code (a hotel's sign-in page,
    /// a proxy) is only a failure to try again after.
    pub fn read(
        status: u16,
        body: Option<&ErrorBody>,
        retry_after_s: Option<i64>,
        device: DeviceId,
    ) -> Self {
        let code = body.map_or("", |body| body.code.as_str());
        match (status, code) {
            (400, "malformed") => Self::Malformed,
            // A server that does not know the key any more cannot renew: the person joins again.
            (401, "sign_in_required" | "unknown_return_key") => Self::SignInRequired,
            (403, "device_revoked") if body.and_then(|body| body.device) == Some(device) => {
                Self::Revoked
            }
            (409, "other_member") => Self::OtherMember,
            (413, _) => Self::TooLarge,
            (426, "update_required") => Self::UpdateRequired,
            (429 | 503, _) => Self::Busy(retry_after_s.map(|s| s.clamp(0, LONGEST_WAIT_S) * 1_000)),
            _ => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn answer(status: u16, code: &str, device: Option<u128>) -> LinkError {
        let body = ErrorBody {
            code: code.into(),
            message: String::new(),
            device: device.map(|id| DeviceId(Uuid::from_u128(id))),
        };
        LinkError::read(status, Some(&body), Some(7), DeviceId(Uuid::from_u128(1)))
    }

    #[test]
    fn only_the_exact_answer_with_this_device_erases() {
        assert_eq!(answer(403, "device_revoked", Some(1)), LinkError::Revoked);
        assert_eq!(answer(403, "device_revoked", Some(2)), LinkError::Failed);
        assert_eq!(answer(403, "device_revoked", None), LinkError::Failed);
        assert_eq!(answer(403, "cross_site", Some(1)), LinkError::Failed);
        assert_eq!(answer(401, "device_revoked", Some(1)), LinkError::Failed);
    }

    #[test]
    fn a_return_key_that_opens_nothing_means_joining_again() {
        let answer = answer(401, "unknown_return_key", None);
        assert_eq!(answer, LinkError::SignInRequired);
    }

    #[test]
    fn an_answer_without_our_own_code_is_only_tried_again() {
        let device = DeviceId(Uuid::from_u128(1));
        for status in [400, 401, 403, 404, 409, 415, 426, 500, 502] {
            assert_eq!(
                LinkError::read(status, None, None, device),
                LinkError::Failed
            );
        }
        assert_eq!(
            LinkError::read(413, None, None, device),
            LinkError::TooLarge
        );
    }

    #[test]
    fn a_wait_that_the_server_asks_for_is_kept_within_an_hour() {
        assert_eq!(answer(503, "busy", None), LinkError::Busy(Some(7_000)));
        let device = DeviceId(Uuid::from_u128(1));
        assert_eq!(
            LinkError::read(429, None, Some(i64::MAX), device),
            LinkError::Busy(Some(3_600_000))
        );
    }
}
