//! Reading JSON bodies: a limit on what comes and on what it unpacks to, gzip or plain, and the
//! envelope errors of the protocol.

use crate::error::Error;
use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderMap, header},
};
use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use std::io::Read;

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
    let body = to_bytes(request.into_body(), most_bytes)
        .await
        .map_err(|_| Error::TooLarge)?;
    if !is_gzip {
        return Ok(body.into());
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
