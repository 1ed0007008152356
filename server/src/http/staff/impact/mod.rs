//! The impact report for boards and funders: who took part (numbers only), what was said, decided, changed and not.
//! It is a page of the desk, a document to print, and its numbers as a file. No number of it finds a person
//! (`crate::few`), and no words stand in it but those that everyone reads anyway.

mod file;
mod paper;
mod report;

use super::{
    desk::{Desk, Way},
    fault::Fault,
    quarter::{Period, Quarter},
};
use crate::state::App;
use app::lang::{Text, en::impact as words};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use maud::{Markup, html};
use report::Report;
use serde::Deserialize;

/// `/impact`, `/impact/print` and `/impact/numbers`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/impact", get(page))
        .route("/impact/print", get(paper::print))
        .route("/impact/numbers", get(file::numbers))
}

/// The period that an address asks for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    until: String,
}

impl Asked {
    pub fn period(&self, desk: &Desk) -> Period {
        Period::asked(&desk.clock, &self.from, &self.until)
    }
}

async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let report = Report::load(&app, &desk, asked.period(&desk)).await?;
    let query = report.period.query();
    let main = html! {
        h1 { (words::TITLE.get()) }
        p.soft { (words::INTRO.get()) }
        (choose("/staff/impact", &desk, report.period))
        div.actions {
            a.button href={ "/staff/impact/print?" (query) } { (words::PRINTED.get()) }
            a.button.plain href={ "/staff/impact/numbers?" (query) } { (words::FILE.get()) }
        }
        p.soft { (words::STORIES_WHY.get()) }
        h2 { (report.period.say(&desk.clock)) }
        (report.draw())
    };
    Ok(desk
        .page(Way::Impact, words::TITLE.get(), false, &main)
        .await?)
}

/// A form that asks for another period.
pub(super) fn choose(action: &str, desk: &Desk, period: Period) -> Markup {
    let choices = Period::choices(&desk.clock);
    html! {
        form.filters method="get" action=(action) {
            (quarters("from", words::FROM, &choices, period.from))
            (quarters("until", words::UNTIL, &choices, period.until))
            button.plain { (words::SHOW.get()) }
        }
    }
}

fn quarters(name: &str, label: Text, choices: &[Quarter], chosen: Quarter) -> Markup {
    html! {
        div.field {
            label for=(name) { (label.get()) }
            select id=(name) name=(name) {
                @for one in choices {
                    option value=(one.word()) selected[*one == chosen] { (one.say()) }
                }
            }
        }
    }
}
