//! An opportunity as a member will see it: the member's own screen, with what is written now. It stands under the
//! desk, is for nobody else, and nothing on it can be pressed.

use super::{Whole, load};
use crate::{
    http::{document, staff::desk::Run, staff::fault::Fault},
    state::App,
};
use app::{
    domain::{
        opportunity::{Agreement, OpportunityState},
        plan::Told,
    },
    lang::en::programme as words,
    ui::local::PageData,
};
use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use maud::html;

pub(super) async fn show(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let whole = load(&app, desk.reach, &id).await?;
    let banner = html! {
        p { strong { (words::PREVIEW.get()) } ". " (words::PREVIEW_WHY.get()) }
        p { a href=(whole.path()) { (words::PREVIEW_BACK.get()) } }
    };
    let title = words::PREVIEW_TITLE.get();
    let path = format!("/take-part/{}", whole.id);
    let page = document::preview(&app.assets, title, &banner, &path, data(&whole)).await?;
    Ok(Html(page.into_string()).into_response())
}

/// What the member's screen is drawn from. What is not shown yet is drawn as it will be.
fn data(whole: &Whole) -> PageData {
    let state = match whole.record.state {
        OpportunityState::Draft => OpportunityState::Published,
        shown => shown,
    };
    let plan = whole.plan();
    let last = whole.record.more().and_then(|more| more.agreement);
    let last = last.unwrap_or(Agreement {
        version: 0,
        text: String::new(),
    });
    let shown = plan.shown(state, plan.agreement(Some(&last)), &Told::of(&whole.record));
    let sessions = whole.sessions.iter();
    PageData {
        opportunities: vec![(whole.id.0, shown)],
        sessions: sessions.map(|row| (row.id.0, row.record.clone())).collect(),
        ..PageData::default()
    }
}
