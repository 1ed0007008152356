//! What the server answers: each module owns its `router()`.

pub mod assets;
pub mod calendar;
pub mod client;
pub mod cookies;
pub mod document;
pub mod forms;
pub mod health;
pub mod leaving;
pub mod openapi;
pub mod pages;
pub mod pair;
pub mod qr;
mod read;
pub mod security;
pub mod session;
pub mod staff;
pub mod stories;
pub mod sync;
pub mod what_changed;

use crate::state::App;
use axum::{Router, middleware};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// All routes, with what every answer carries.
pub fn router(app: App) -> Router {
    // Only where no secret is in the answer: packing tells lengths.
    let packed = CompressionLayer::new()
        .br(true)
        .gzip(true)
        .quality(CompressionLevel::Fastest);
    let members = Router::new()
        .merge(sync::router().layer(packed))
        .merge(session::router())
        .merge(pair::router())
        .merge(calendar::router())
        .merge(pages::router(&app))
        .layer(cookies::layer(&app, cookies::MEMBER))
        .layer(middleware::from_fn_with_state(app.clone(), leaving::guard));
    let routes = Router::new()
        .merge(health::router())
        .merge(openapi::router())
        .merge(staff::router(&app))
        .merge(calendar::feed_router())
        .merge(what_changed::router())
        .merge(stories::router())
        .merge(members);
    security::guard(routes, &app).with_state(app)
}
