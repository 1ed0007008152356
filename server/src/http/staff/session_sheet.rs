//! What leaves the desk for one session: a register to print, and a calendar entry. The register shows what
//! makes it easier only where the person agreed that it may be told; each opening of it is written down.

use super::{
    desk::{Desk, Way},
    fault::Fault,
    parts::{self, Opening},
};
use crate::{
    clock,
    db::{
        audit, calendars,
        desk::board::{self, After, Of, Show, Whole},
        sessions,
    },
    error::Error,
    ics,
    state::App,
};
use app::{
    domain::{id::SessionId, opportunity::Session, record::kind, sign_up::SignUpState},
    lang::en::{board as words, desk as desk_words},
    ui::when,
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use maud::{Markup, html};

/// As it stands in the audit log.
const OPENED: &str = "sign_ups.register";
/// More than any room holds.
const MOST: i64 = 2000;
/// Lines to write on, for who comes without a sign-up.
const BLANK: usize = 4;

/// `/sessions/{id}/register` and `/calendar.ics`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sessions/{id}/register", get(register))
        .route("/sessions/{id}/calendar.ics", get(calendar))
}

async fn session(app: &App, id: &str) -> Result<(SessionId, Session), Error> {
    let id: SessionId = id.parse().map_err(|_| Error::NotFound)?;
    let session = sessions::record(&mut *app.db.reader().await?, id).await?;
    Ok((id, session))
}

async fn calendar(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: SessionId = id.parse().map_err(|_| Error::NotFound)?;
    let held = calendars::session(&mut *app.db.reader().await?, id).await?;
    let file = ics::session(&held.ok_or(Error::NotFound)?, desk.clock.now());
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"chorus.ics\"",
        ),
    ];
    Ok((headers, file).into_response())
}

async fn register(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (id, session) = session(&app, &id).await?;
    match Opening::of(&method, &headers) {
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => {}
        Opening::Real => note(&app, &desk, id).await?,
    }
    let people = people(&app, id).await?;
    let title = words::REGISTER_TITLE.get();
    let count = people.len().to_string();
    let main = html! {
        p.back.no-print { a href={ "/staff/sign-ups?show=placed&session=" (id) } { (words::TO_THE_BOARD.get()) } }
        div.register {
            h1 { (title) @if let Some(first) = people.first() { ": " (first.line.title) } }
            p { (when::session_time(&session)) ". " (when::session_place(&session)) "." }
            @if people.is_empty() {
                p { (words::REGISTER_EMPTY.get()) }
            } @else {
                p.soft { (words::REGISTER_ORDER.fill(&[("count", &count)])) }
            }
            (table(&people))
        }
        p.soft.no-print { (words::PRINT.get()) }
    };
    Ok(desk.page(Way::SignUps, title, false, &main).await?)
}

async fn note(app: &App, desk: &Desk, id: SessionId) -> Result<(), Error> {
    let by = desk.staff.id;
    let subject = (kind::SESSION, id.0);
    let work = app.writer.run(move |tx| {
        Box::pin(async move { audit::add(tx, clock::now_ms(), by, OPENED, subject, None).await })
    });
    work.await
}

/// Who has a place or an offer of one, by name.
async fn people(app: &App, id: SessionId) -> Result<Vec<Whole>, Error> {
    let narrow = (Of::Session(id), "");
    let mut people = Vec::new();
    for show in [Show::Placed, Show::Offered, Show::Came] {
        let some = board::wholes(&app.db.pool, show, narrow, &After::default(), MOST).await?;
        people.extend(some);
    }
    people.sort_by_cached_key(|one| parts::who(one.line.who.as_deref()).to_lowercase());
    Ok(people)
}

fn table(people: &[Whole]) -> Markup {
    let columns = [
        words::COLUMN_HERE,
        desk_words::COLUMN_WHO,
        desk_words::ACCESS,
        words::COLUMN_TRAVEL,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" { @for column in columns { th role="columnheader" scope="col" { (column.get()) } } }
            }
            tbody role="rowgroup" {
                @for one in people { (row(one, columns.map(|column| column.get()))) }
                @for _ in 0..BLANK {
                    tr.print-only-row role="row" {
                        td role="cell" { span.box {} }
                        td role="cell" colspan="3" { (words::ALSO_HERE.get()) }
                    }
                }
            }
        }
    }
}

fn row(one: &Whole, columns: [&str; 4]) -> Markup {
    let has_come = matches!(one.line.state, SignUpState::Attended | SignUpState::Thanked);
    html! {
        tr role="row" {
            td role="cell" data-label=(columns[0]) {
                @if has_come { "✓ " (words::YES.get()) } @else { span.box {} }
            }
            td.who role="cell" {
                (parts::who(one.line.who.as_deref()))
                @if one.line.state == SignUpState::Offered { p.soft { (words::NOT_ANSWERED.get()) } }
            }
            td role="cell" data-label=(columns[2]) {
                @if let Some(needs) = &one.needs { (parts::said(needs)) } @else { "–" }
            }
            td role="cell" data-label=(columns[3]) {
                @if one.travel_first { (words::YES.get()) } @else { "–" }
            }
        }
    }
}
