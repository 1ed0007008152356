//! Whether the process runs, and whether it can serve.

use crate::{error::Error, state::App};
use axum::{Router, extract::State, routing::get};

/// `/health/live` and `/health/ready`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/health/live", get(async || "alive"))
        .route("/health/ready", get(ready))
}

async fn ready(State(app): State<App>) -> Result<&'static str, Error> {
    app.db.answers().await?;
    Ok("ready")
}
