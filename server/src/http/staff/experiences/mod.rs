//! What people say about their experience, for those who may read it: their team and its cover, or one independent
//! person. The list holds nothing that people wrote. Each reading is written in the audit log before a word is shown,
//! and the person is told who read it first.

mod list;
mod one;
mod settings;
mod story;
mod whole;

use crate::state::App;
use app::{
    domain::experience::Stage,
    lang::{Text, en::experiences as words},
};
use axum::{
    Router,
    routing::{get, post},
};

/// `/experiences` and what is below it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/experiences", get(list::list))
        .route(
            "/experiences/settings",
            get(settings::ask).post(settings::save),
        )
        .route("/experiences/{id}", get(one::open).post(one::act))
        .route("/experiences/{id}/reply", post(one::reply))
        .route("/experiences/{id}/came-to", post(one::came_to))
        .route("/experiences/{id}/story", get(story::open).post(story::act))
}

/// A stage as staff read it.
pub fn stage_name(stage: Option<Stage>) -> Text {
    match stage {
        Some(Stage::Hospital) => words::STAGE_HOSPITAL,
        Some(Stage::EarlyIntervention) => words::STAGE_EARLY_INTERVENTION,
        Some(Stage::CrisisCare) => words::STAGE_CRISIS_CARE,
        Some(Stage::Community) => words::STAGE_COMMUNITY,
        Some(Stage::Housing) => words::STAGE_HOUSING,
        Some(Stage::Other) => words::STAGE_OTHER,
        None => words::NO_STAGE,
    }
}
