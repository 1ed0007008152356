//! One join code: its picture and address, who joined by it, and stopping it.

use super::{called, how_many, read_after, team, until};
use crate::{
    clock,
    db::{
        desk::{
            Page,
            join_codes::{self as codes, After, Joined, Line},
        },
        word::read_id,
    },
    error::Error,
    http::{
        client::origin,
        qr,
        staff::{
            desk::{Desk, Way},
            fault::Fault,
            parts,
            people::sees,
        },
    },
    join_codes,
    state::App,
};
use app::lang::en::{desk as desk_words, join_codes as words, people};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/join-codes/{code}` and stopping it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/join-codes/{code}", get(open))
        .route("/join-codes/{code}/stop", get(ask_stop).post(stop))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    done: String,
    after: String,
}

/// The code, if this member of staff may see it.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn find(app: &App, desk: &Desk, code: &str) -> Result<Line, Error> {
    let found = codes::find(&app.db.pool, sees(desk), code).await?;
    found.ok_or(Error::NotFound)
}

/// Where the code leads: the address that a camera reads, and that people may type.
pub fn address(app: &App, headers: &HeaderMap, line: &Line) -> String {
    format!("{}/join/{}", origin(app, headers), line.shown)
}

/// An address that breaks over lines where a reader expects it, if it must.
pub fn broken(address: &str) -> Markup {
    let (before, code) = address.rsplit_once('/').unwrap_or((address, ""));
    html! { (before) "/" wbr; (code) }
}

/// The address as a picture, black on white whatever the screen's colours are: cameras need that.
///
/// # Errors
/// The address is too long for one.
pub fn picture(address: &str) -> Result<Markup, Error> {
    let (size, path) = qr::picture(address)?;
    Ok(html! {
        svg.qr viewBox={ "0 0 " (size) " " (size) } role="img" aria-label=(words::PICTURE.get())
            shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    })
}

async fn open(
    State(app): State<App>,
    desk: Desk,
    headers: HeaderMap,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let line = find(&app, &desk, &code).await?;
    let after = read_after(&asked.after);
    let start = after.clone().unwrap_or_else(After::start);
    let joined = codes::joined(&app.db.pool, sees(&desk), &line.code, &start).await?;
    let is_open = join_codes::opens(&line, desk.clock.now());
    let address = address(&app, &headers, &line);
    let said = match asked.done.as_str() {
        "made" => Some(words::DONE_MADE),
        "stopped" => Some(words::DONE_STOPPED),
        _ => None,
    };
    let title = called(&line);
    let main = html! {
        p.back { a href="/staff/join-codes" { (words::ALL.get()) } }
        div {
            h1 { (title) }
            p.soft { (team(&line)) }
        }
        @if let Some(said) = said { p.notice role="status" { (said.get()) } }
        section.card aria-labelledby="code" {
            h2 id="code" { (words::COLUMN_CODE.get()) }
            p.big-code { (line.shown) }
            @if is_open {
                (picture(&address)?)
                p { (words::ADDRESS.get()) br; strong.code { (broken(&address)) } }
                div.actions {
                    a.button href={ "/staff/join-codes/" (line.code) "/poster" } { (words::POSTER.get()) }
                    a.button.plain href={ "/staff/join-codes/" (line.code) "/cards" } { (words::CARDS.get()) }
                }
            }
            dl.facts {
                (parts::fact(words::COLUMN_UNTIL.get(), &html! { (until(&desk, &line)) }))
                (parts::fact(words::COLUMN_JOINED.get(), &html! { (how_many(&line)) }))
                (parts::fact(words::MADE.get(), &html! { (made(&desk, &line)) }))
                @if let (Some(at), Some(by)) = (line.stopped_at, &line.stopped_by) {
                    (parts::fact(words::STOPPED.get(), &html! { (by_when(&desk, by, at)) }))
                }
            }
            @if is_open {
                a.button.plain href={ "/staff/join-codes/" (line.code) "/stop" } { (words::STOP.get()) }
            }
        }
        (who_joined(&desk, &line, after.is_some(), &joined))
    };
    Ok(desk.page(Way::JoinCodes, title, false, &main).await?)
}

fn made(desk: &Desk, line: &Line) -> String {
    match &line.made_by {
        Some(by) => by_when(desk, by, line.made_at),
        None => desk.clock.say(line.made_at),
    }
}

fn by_when(desk: &Desk, by: &str, at: app::ui::local::Millis) -> String {
    words::BY_WHEN.fill(&[("who", by), ("when", &desk.clock.say_inside(at))])
}

fn who_joined(desk: &Desk, line: &Line, is_later: bool, page: &Page<Joined>) -> Markup {
    html! {
        section.spaced aria-labelledby="joined" {
            h2 id="joined" { (words::WHO.get()) }
            @if page.rows.is_empty() {
                p.card { (words::WHO_EMPTY.get()) }
            } @else {
                ul.people {
                    @for one in &page.rows {
                        li {
                            a href={ "/staff/people/" (one.id) }
                                aria-label=(people::OPEN_PERSON.fill(&[("who", parts::they(one.name.as_deref()))])) {
                                (parts::who(one.name.as_deref()))
                            }
                            " " span.soft { (desk.clock.say(one.joined_at)) }
                        }
                    }
                }
            }
            @if page.more || is_later {
                nav.pages aria-label=(desk_words::PAGES.get()) {
                    @if is_later {
                        a.button.plain href={ "/staff/join-codes/" (line.code) } { (desk_words::TO_THE_NEWEST.get()) }
                    }
                    @if page.more && let Some(last) = page.rows.last() {
                        a.button.plain href={ "/staff/join-codes/" (line.code) "?after=" (last.joined_at) "." (last.id) } {
                            (desk_words::EARLIER_ONES.get())
                        }
                    }
                }
            }
        }
    }
}

async fn ask_stop(
    State(app): State<App>,
    desk: Desk,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let line = find(&app, &desk, &code).await?;
    let title = words::STOP_TITLE.fill(&[("name", called(&line))]);
    let main = html! {
        p.back { a href={ "/staff/join-codes/" (line.code) } { (desk_words::BACK.get()) } }
        h1 { (title) }
        p.big-code { (line.shown) }
        p { (words::STOP_WHAT.get()) }
        div.actions {
            form method="post" action={ "/staff/join-codes/" (line.code) "/stop" } {
                button { (words::STOP_YES.get()) }
            }
            a.button.plain href={ "/staff/join-codes/" (line.code) } { (words::STOP_NO.get()) }
        }
    };
    Ok(desk.page(Way::JoinCodes, &title, false, &main).await?)
}

async fn stop(
    State(app): State<App>,
    desk: Desk,
    Path(code): Path<String>,
) -> Result<Redirect, Fault> {
    let line = find(&app, &desk, &code).await?;
    let (by, code) = (desk.staff.id, line.code.clone());
    let team = line.team_id.as_deref().map(read_id).transpose()?;
    app.writer
        .run(move |tx| {
            Box::pin(async move { join_codes::stop(tx, clock::now_ms(), by, (&code, team)).await })
        })
        .await?;
    Ok(Redirect::to(&format!(
        "/staff/join-codes/{}?done=stopped",
        line.code
    )))
}
