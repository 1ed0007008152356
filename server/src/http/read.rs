//! Reading JSON bodies: a limit on what comes and on what it unpacks to, gzip or plain, and the
//! envelope errors of the protocol.

use crate::error::Error;
use axum::{
    body::{Body, BodyDataStream},
    extract::Request,
    http::{HeaderMap, header},
};
use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use std::{io::Read, time::Duration};
use tokio::time::timeout;
use tokio_stream::StreamExt;

/// How much of a body that is too large is read and dropped, and for how long.
const MOST_DROPPED: usize = 4 * 1024 * 1024;
const DROP_FOR: Duration = Duration::from_secs(20);

/// The body as `T`.
///
/// # Errors
/// [`Error::UnsupportedMedia`], [`Error::TooLarge`], [`Error::Malformed`].
pub async fn json<T: DeserializeOwned>(request: Request, most_bytes: usize) -> Result<T, Error> {
    let body = bytes(request, most_bytes).await?;
    serde_json::from_slice(&body).map_err(|_| Error::Malformed)
}

/// The body of a JSON request, unpacked: at most `most_bytes`, packed and unpacked.
///
/// # Errors
/// [`Error::UnsupportedMedia`]; [`Error::TooLarge`]; [`Error::Malformed`] for what is no gzip.
pub async fn bytes(request: Request, most_bytes: usize) -> Result<Vec<u8>, Error> {
    let is_gzip = encoding(request.headers())?;
    let body = whole(request.into_body(), most_bytes).await?;
    if !is_gzip {
        return Ok(body);
    }
    let mut plain = Vec::with_capacity(body.len() * 4);
    let limit = u64::try_from(most_bytes).unwrap_or(u64::MAX) + 1;
    GzDecoder::new(&body[..])
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|_| Error::Malformed)?;
    if plain.len() > most_bytes {
        return Err(Error::TooLarge);
    }
    Ok(plain)
}

async fn whole(body: Body, most_bytes: usize) -> Result<Vec<u8>, Error> {
    let mut coming = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(part) = coming.next().await {
        // Whoever sent it has gone: nobody reads the answer.
        let part = part.map_err(|_| Error::Malformed)?;
        if whole.len() + part.len() > most_bytes {
            drop_rest(coming).await;
            return Err(Error::TooLarge);
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole)
}

/// Reads and drops what is still coming of a body that is too large. An answer to a request that is
/// still being sent is lost with its connection: the phone would never hear that it has to send less.
pub async fn drop_rest(mut coming: BodyDataStream) {
    let dropping = async {
        let mut dropped = 0;
        while let Some(Ok(part)) = coming.next().await
            && dropped < MOST_DROPPED
        {
            dropped += part.len();
        }
    };
    // It took too long: then the answer is lost.
    let _ = timeout(DROP_FOR, dropping).await;
}

/// Whether the body is gzip; it must be JSON, and gzip or plain.
fn encoding(headers: &HeaderMap) -> Result<bool, Error> {
    let text = |name| {
        headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap_or("?"))
    };
    let kind = text(header::CONTENT_TYPE).split(';').next().unwrap_or("");
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(Error::UnsupportedMedia);
    }
    match text(header::CONTENT_ENCODING).to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(false),
        "gzip" => Ok(true),
        _ => Err(Error::UnsupportedMedia),
    }
}
