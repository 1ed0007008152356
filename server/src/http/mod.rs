//! What the server answers: each module owns its `router()`.

pub mod assets;
pub mod cookies;
pub mod document;
pub mod health;
pub mod pages;

use crate::state::App;
use axum::Router;

/// All routes, with what every answer carries.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(health::router())
        .merge(pages::router(&app))
        .with_state(app)
}
