//! `POST /api/pair`: a code, and the same as a picture, that adds another phone of the member who asks.

use super::session::Member;
use crate::{
    error::Error,
    phones::{self, Code},
    state::App,
};
use app::domain::{
    pair_code::{self, PairCode},
    time::rfc3339,
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
    routing::post,
};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// The edge around the picture that cameras need, in squares.
const QUIET: usize = 4;

/// `/api/pair`.
pub fn router() -> Router<App> {
    Router::new().route("/api/pair", post(pair))
}

async fn pair(
    State(app): State<App>,
    member: Member,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Error> {
    let (key, id) = (app.hash_key.clone(), member.id);
    let code = app
        .writer
        .run(move |tx| Box::pin(async move { phones::make_code(tx, &key, id, None).await }))
        .await?;
    let address = format!("{}/join/{}", origin(&app, &headers), code.digits);
    // What opens somebody's things is kept by no cache.
    let unkept = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((unkept, Json(answer(&code, address)?)))
}

fn answer(code: &Code, address: String) -> Result<PairCode, Error> {
    let (qr_size, qr_path) = picture(&address)?;
    Ok(PairCode {
        code: pair_code::spoken(&code.digits),
        ends_at: rfc3339(code.ends_at),
        address,
        qr_size,
        qr_path,
    })
}

/// Where people reach this server: as it was set up, or else as this very request did.
fn origin(app: &App, headers: &HeaderMap) -> String {
    let given = app.config.public_url.as_deref();
    let host = || {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        format!("http://{}", host.unwrap_or("localhost"))
    };
    given.map_or_else(host, |url| url.trim_end_matches('/').to_owned())
}

/// The QR code of `text`: how wide it is, and its dark squares as an SVG path, run by run.
fn picture(text: &str) -> Result<(u32, String), Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|problem| Error::Internal(format!("a QR code: {problem}")))?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (at, down, long) = (x + QUIET, y + QUIET, run.len());
                write!(path, "M{at} {down}h{long}v1h-{long}z")
                    .expect("writing to a string cannot fail");
            }
            x += run.len();
        }
    }
    Ok((u32::try_from(width + 2 * QUIET).unwrap_or(u32::MAX), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_quiet_edge_and_the_three_corners_that_cameras_look_for() {
        let (size, path) = picture("https://chorus.example/join/482190357716").unwrap();
        assert_eq!(size, 29 + 8);
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        assert!(path.contains("M26 4h7v1h-7z") && path.contains("M4 26h7v1h-7z"));
        assert!(path.bytes().all(|byte| b"Mhvz -0123456789".contains(&byte)));
    }
}
