//! One shared check-in. Reading it is written in the audit log before anything of it is shown, and
//! the person is told who opened it first.

use super::{
    care::{self, Done},
    check_ins::wants,
    desk::{Desk, Way},
    fault::Fault,
    parts::{self, Opening},
};
use crate::{
    commands::staff::StaffAction,
    db::desk::check_ins::{self, Whole},
    error::Error,
    state::App,
};
use app::{
    domain::{check_in::Feeling, id::CheckInId},
    lang::en::desk as words,
};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/check-ins/{id}`.
pub fn router() -> Router<App> {
    Router::new().route("/check-ins/{id}", get(open))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: Done,
}

async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id: CheckInId = id.parse().map_err(|_| Error::NotFound)?;
    match Opening::of(&method, &headers) {
        // What is not a reading is not shown.
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => return Ok(StatusCode::OK.into_response()),
        Opening::Real => {}
    }
    app.writer
        .staff(desk.staff.id, StaffAction::OpenCheckIn(id))
        .await?;
    let whole = check_ins::find(&app.db.pool, desk.staff.id, &id.to_string())
        .await?
        .ok_or(Error::NotFound)?;
    let title = parts::who(whole.line.who.as_deref());
    let care = care::section(&app, &desk, id, &whole).await?;
    let main = page(&desk, &whole, asked.done, &care);
    let desk = desk.about(&format!("check-ins/{id}"));
    Ok(desk.page(Way::CheckIns, title, false, &main).await?)
}

fn page(desk: &Desk, whole: &Whole, done: Done, care: &Markup) -> Markup {
    let line = &whole.line;
    let they = parts::they(line.who.as_deref());
    html! {
        p.back { a href="/staff/check-ins" { (words::ALL_CHECK_INS.get()) } }
        div {
            h1 { (parts::who(line.who.as_deref())) }
            p.soft {
                (words::SHARED_WITH.fill(&[
                    ("team", &line.team),
                    ("when", &desk.clock.say_sent(line.received_at, &line.made_at)),
                ]))
            }
            @if let Some(passed_at) = line.passed_at {
                p { span.mark.waits { (words::PROMISED_BY.fill(&[("when", &desk.clock.say_inside(passed_at))])) } }
            }
        }
        @if let Some(done) = done.words() {
            p.notice role="status" { (done.fill(&[("who", they)])) }
        }
        section.card aria-labelledby="asked" {
            h2 id="asked" { (words::ASKED_FOR.fill(&[("who", they)])) }
            p { strong { (wants(line.wants).get()) } }
            @match &whole.contact {
                Some(contact) => p { (parts::contact(contact)) },
                None => p { (words::CANNOT_REACH.get()) },
            }
        }
        section.card aria-labelledby="things" {
            h2 id="things" { (words::HOW_THINGS_ARE.get()) }
            p { strong { (feeling(whole.feeling)) } }
            @if let Some(note) = &whole.note { p { (parts::said(note)) } }
        }
        (care)
        p.soft {
            @if let Some(by) = &line.seen_by {
                (words::TOLD_WHO_OPENED.fill(&[("who", they), ("by", by)])) " "
            }
            (words::READING_IS_WRITTEN.get())
        }
    }
}

fn feeling(feeling: Option<Feeling>) -> &'static str {
    match feeling {
        Some(Feeling::Good) => words::FEELING_GOOD,
        Some(Feeling::Ok) => words::FEELING_OK,
        Some(Feeling::UpAndDown) => words::FEELING_UP_AND_DOWN,
        Some(Feeling::Hard) => words::FEELING_HARD,
        Some(Feeling::VeryHard) => words::FEELING_VERY_HARD,
        None => words::FEELING_NOT_SAID,
    }
    .get()
}
