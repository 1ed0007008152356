//! What crosses the network. Each request has a time limit: an answer that does not come whole within
//! it is no answer, whatever the server may have done, and the caller sends the same again.

use super::{
    platform::{self, Answer},
    store::json,
};
use app::{
    domain::{id::DeviceId, time::Millis},
    json::read,
    sync::{
        link::LinkError,
        wire::{
            ErrorBody, JoinRequest, JoinResponse, LeaveRequest, ReturnRequest, SyncRequest,
            SyncResponse,
        },
    },
};
use uuid::Uuid;

/// Long enough for a full page on a slow network; another try begins from what was stored.
const SYNC_LIMIT_MS: Millis = 30_000;
/// A person waits for this one.
pub const JOIN_LIMIT_MS: Millis = 20_000;

/// One round trip of the protocol.
///
/// # Errors
/// [`LinkError`]: what any other answer means.
pub async fn sync(request: &SyncRequest) -> Result<Box<SyncResponse>, LinkError> {
    let answer = platform::post("/api/sync", &json(request), SYNC_LIMIT_MS).await;
    match answer {
        // A proxy's own page may come with 200: it is no answer of ours.
        Some(answer) if is_ok(&answer) => read(&answer.text).map(Box::new).ok_or(LinkError::Failed),
        other => Err(error(other, request.device)),
    }
}

/// Renews a lost session of this device.
///
/// # Errors
/// [`LinkError`].
pub async fn renew(request: &ReturnRequest) -> Result<(), LinkError> {
    let answer = platform::post("/api/return", &json(request), SYNC_LIMIT_MS).await;
    match answer {
        Some(answer) if is_ok(&answer) => Ok(()),
        other => Err(error(
            other,
            request.device.unwrap_or(DeviceId(Uuid::nil())),
        )),
    }
}

/// Why joining did not happen.
pub enum NotJoined {
    /// No answer, or none that makes sense.
    NoAnswer,
    /// The server said no, in words fit to show.
    Refused(String),
}

/// Joins with a code.
///
/// # Errors
/// [`NotJoined`].
pub async fn join(request: &JoinRequest) -> Result<JoinResponse, NotJoined> {
    let answer = asked("/api/join", json(request)).await?;
    read(&answer).ok_or(NotJoined::NoAnswer)
}

/// What the server makes to be seen once, as it came.
///
/// # Errors
/// [`NotJoined`].
pub async fn ask_once(address: &'static str) -> Result<String, NotJoined> {
    asked(address, "{}".to_owned()).await
}

/// What a person waits for.
async fn asked(path: &'static str, body: String) -> Result<String, NotJoined> {
    let answer = platform::post(path, &body, JOIN_LIMIT_MS).await;
    let answer = answer.ok_or(NotJoined::NoAnswer)?;
    if is_ok(&answer) {
        return Ok(answer.text);
    }
    Err(match read::<ErrorBody>(&answer.text) {
        Some(body) => NotJoined::Refused(body.message),
        None => NotJoined::NoAnswer,
    })
}

/// A return key for the member whose session the browser has; none without one, or without an answer.
pub async fn return_key(limit_ms: Millis) -> Option<JoinResponse> {
    let answer = platform::post("/api/return-key", "{}", limit_ms).await?;
    is_ok(&answer).then(|| read(&answer.text)).flatten()
}

/// Ends the browser's session if it is of `who` (a [`member_mark`](app::sync::wire::member_mark), or
/// empty for anyone); whether none of theirs is left.
pub async fn leave(who: String, limit_ms: Millis) -> bool {
    let of = Some(who).filter(|who| !who.is_empty());
    let answer = platform::post("/api/leave", &json(&LeaveRequest { of }), limit_ms).await;
    answer.is_some_and(|answer| is_ok(&answer))
}

fn error(answer: Option<Answer>, device: DeviceId) -> LinkError {
    answer.map_or(LinkError::NoAnswer, |answer| {
        let body = read::<ErrorBody>(&answer.text);
        LinkError::read(answer.status, body.as_ref(), answer.retry_after_s, device)
    })
}

fn is_ok(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}
