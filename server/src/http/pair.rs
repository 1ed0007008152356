//! `POST /api/pair`: a code, and the same as a picture, that adds another phone of the member who asks.

use super::{client::origin, qr, session::Member};
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
    let (qr_size, qr_path) = qr::picture(&address)?;
    Ok(PairCode {
        code: pair_code::spoken(&code.digits),
        ends_at: rfc3339(code.ends_at),
        address,
        qr_size,
        qr_path,
    })
}
