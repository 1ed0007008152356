//! The report as a document to print.

use super::{Asked, report::Report};
use crate::{
    http::staff::{
        desk::{self, Desk},
        fault::Fault,
    },
    state::App,
};
use app::lang::en::{impact as words, learning};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use maud::html;

pub(super) async fn print(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let report = Report::load(&app, &desk, asked.period(&desk)).await?;
    let made = desk.clock.say_in_full(desk.clock.now());
    let main = html! {
        p.no-print { a href={ "/staff/impact?" (report.period.query()) } { (words::BACK.get()) } }
        h1 { (words::PAPER_TITLE.get()) }
        p { (report.period.say(&desk.clock)) }
        button.no-print type="button" data-print hidden { (learning::PRINT.get()) }
        (report.draw())
        p.soft { (words::MADE.fill(&[("when", &made)])) }
    };
    Ok(desk::sheet(&app, words::PAPER_TITLE.get(), &main).into_response())
}
