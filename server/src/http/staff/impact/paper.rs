//! The report as a document to print, with the stories that everyone may read. Opening it is putting them on paper: that
//! is noted, and those who told them are told so.

use super::{Asked, report::Report};
use crate::{
    clock,
    commands::experience_desk::printed,
    db::experiences::stories::Told,
    http::staff::{
        desk::{self, Desk},
        experiences::stage_name,
        fault::Fault,
        parts::{Opening, said},
    },
    state::App,
};
use app::lang::en::{impact as words, learning};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

pub(super) async fn print(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    match Opening::of(&method, &headers) {
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => return Ok(StatusCode::OK.into_response()),
        Opening::Real => {}
    }
    let report = Report::load(&app, &desk, asked.period(&desk)).await?;
    let (by, range) = (desk.staff.id, report.period.range(&desk.clock));
    let today = desk.clock.day(&desk.clock.today()).map_or(0, |day| day.0);
    let work = app
        .writer
        .run(move |tx| Box::pin(printed::print(tx, (by, clock::now_ms()), range, today)));
    let stories = work.await?;
    let made = desk.clock.say_in_full(desk.clock.now());
    let main = html! {
        p.no-print { a href={ "/staff/impact?" (report.period.query()) } { (words::BACK.get()) } }
        h1 { (words::PAPER_TITLE.get()) }
        p { (report.period.say(&desk.clock)) }
        button.no-print type="button" data-print hidden { (learning::PRINT.get()) }
        (report.draw())
        @if !stories.is_empty() {
            section.stack {
                h2 { (words::STORIES.get()) }
                @for story in &stories { (told(story)) }
            }
        }
        p.soft { (words::MADE.fill(&[("when", &made)])) }
    };
    Ok(desk::sheet(&app, words::PAPER_TITLE.get(), &main).into_response())
}

fn told(story: &Told) -> Markup {
    html! {
        article.card.keep {
            @if story.stage.is_some() { p.soft { (stage_name(story.stage).get()) } }
            blockquote dir="auto" { (said(&story.text)) }
            @if let Some(name) = &story.name { p { bdi { (name) } } }
        }
    }
}
