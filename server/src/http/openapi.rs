//! `/api/openapi.json`: what phones say to the server, for programs. Written by hand; a test holds
//! it against the routes.

use crate::state::App;
use axum::{Router, http::header, routing::get};

/// The description.
pub fn router() -> Router<App> {
    let description = async || {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (kind, include_str!("openapi.json"))
    };
    Router::new().route("/api/openapi.json", get(description))
}
