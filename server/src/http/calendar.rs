//! Private calendar addresses. Whoever leads makes and ends theirs here, from their phone; calendars then ask for
//! `/calendar/{secret}.ics`, with no cookie. What it tells is when sessions are: no name, no place, no word of what for.

use super::{client::ClientAddress, client::origin, session::Member};
use crate::{
    calendars::{self, Secret, to_subscribe},
    clock,
    db::calendars::{self as db, Found},
    error::Error,
    ics,
    state::App,
};
use app::domain::time::{DAY_MS, Millis};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

/// How long what has been stays in a calendar.
const KEPT_MS: Millis = 90 * DAY_MS;

/// `/api/calendar` and its end.
pub fn router() -> Router<App> {
    Router::new()
        .route("/api/calendar", post(make))
        .route("/api/calendar/end", post(end))
}

/// `/calendar/{file}`: what calendars ask for. The log has this route, never the address.
pub fn feed_router() -> Router<App> {
    Router::new().route("/calendar/{file}", get(feed))
}

/// A new address, which is shown this once.
async fn make(
    State(app): State<App>,
    member: Member,
    headers: HeaderMap,
) -> Result<Json<Value>, Error> {
    let secret = Secret::new();
    let hash = secret.hash();
    let (id, device) = (member.id, member.device);
    app.writer
        .run(move |tx| {
            Box::pin(async move { calendars::make_for_lead(tx, id, device, &hash).await })
        })
        .await?;
    let address = secret.address(&origin(&app, &headers));
    let subscribe = to_subscribe(&address);
    Ok(Json(json!({ "calendar": address, "subscribe": subscribe })))
}

async fn end(State(app): State<App>, member: Member) -> Result<Json<Value>, Error> {
    let id = member.id;
    app.writer
        .run(move |tx| Box::pin(calendars::end_for_lead(tx, id)))
        .await?;
    Ok(Json(json!({})))
}

/// One that ended is gone, which is no guess: calendars of people who share an address with others go on asking for a
/// while. Guesses are counted; a right address opens also where somebody guessed before, for many people's calendars
/// are fetched from the same few places.
async fn feed(
    State(app): State<App>,
    address: ClientAddress,
    Path(file): Path<String>,
) -> Result<Response, Error> {
    let mut reader = app.db.reader().await?;
    let found = match Secret::read(&file) {
        Some(secret) => db::look(&mut reader, &secret.hash()).await?,
        None => Found::Nothing,
    };
    let now = clock::now_ms();
    let sessions = match found {
        Found::Of(whose, picked) => {
            db::sessions(&mut reader, (whose, picked), now - KEPT_MS).await?
        }
        Found::Ended => return Ok((StatusCode::GONE, UNKEPT).into_response()),
        Found::Nothing => {
            drop(reader);
            let account = format!("calendar from {}", address.0);
            let from = format!("calendar {}", address.0);
            let waits = app.failures.begin(&account, &from, now).err();
            return Err(waits.map_or(Error::NotFound, |wait| Error::TooMany {
                retry_after_s: wait.0,
            }));
        }
    };
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"chorus.ics\"",
        ),
    ];
    Ok((UNKEPT, kind, ics::feed(&sessions, now)).into_response())
}

/// Nothing on the way keeps it, and nothing lists it.
const UNKEPT: [(header::HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "private, no-store"),
    (
        header::HeaderName::from_static("x-robots-tag"),
        "noindex, nofollow",
    ),
];
