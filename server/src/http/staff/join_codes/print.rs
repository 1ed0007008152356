//! A join code on paper: a poster of one A4 page, or a page of cards to cut out. Neither says which team
//! it leads to: a card in a wallet and a poster on a wall are read by others.

use super::one::{address, broken, find, picture};
use crate::{
    db::desk::join_codes::Line,
    error::Error,
    http::staff::{
        desk::{Desk, sheet, star},
        fault::Fault,
        when::say_date,
    },
    join_codes,
    state::App,
};
use app::lang::en::join_codes as words;
use axum::{
    Router,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::get,
};
use maud::{Markup, html};

/// `/join-codes/{code}/poster` and `/join-codes/{code}/cards`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/join-codes/{code}/poster", get(poster))
        .route("/join-codes/{code}/cards", get(cards))
}

/// How many cards fit an A4 page.
const CARDS: usize = 8;

/// What is printed: of a code that opens, and nothing else.
struct Print {
    line: Line,
    /// What a person types into the browser.
    typed: String,
    picture: Markup,
    until: Option<String>,
}

async fn load(app: &App, desk: &Desk, headers: &HeaderMap, code: &str) -> Result<Print, Error> {
    let line = find(app, desk, code).await?;
    if !join_codes::opens(&line, desk.clock.now()) {
        return Err(Error::NotFound);
    }
    let address = address(app, headers, &line);
    let typed = address
        .split_once("://")
        .map_or(&*address, |(_, rest)| rest);
    let until = line.ends_at.map(|at| say_date(&desk.clock.day_of(at - 1)));
    Ok(Print {
        typed: typed.to_owned(),
        picture: picture(&address)?,
        until,
        line,
    })
}

async fn poster(
    State(app): State<App>,
    desk: Desk,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let it = load(&app, &desk, &headers, &code).await?;
    let body = html! {
        section.poster {
            p.poster-brand { (star()) "Chorus" }
            h1 { (words::POSTER_TITLE.get()) }
            p.poster-lead { (words::POSTER_LEAD.get()) }
            (it.picture)
            p { (words::POSTER_CAMERA.get()) }
            p { (words::POSTER_TYPE.get()) br; strong.code { (broken(&it.typed)) } }
            p { (words::POSTER_CODE.get()) br; strong.poster-code { (it.line.shown) } }
            p { (words::POSTER_NAME.get()) }
            @if let Some(day) = &it.until { p.soft { (words::POSTER_UNTIL.fill(&[("day", day)])) } }
        }
    };
    Ok(page(&app, &it.line, words::POSTER.get(), &body))
}

async fn cards(
    State(app): State<App>,
    desk: Desk,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let it = load(&app, &desk, &headers, &code).await?;
    let body = html! {
        h1.unseen { (words::CARDS.get()) }
        ul.paper-cards {
            @for _ in 0..CARDS {
                li {
                    (it.picture)
                    div {
                        p.poster-brand { (star()) "Chorus" }
                        p { (words::CARD_LEAD.get()) }
                        p { strong.code { (broken(&it.typed)) } }
                        p { (words::CARD_CODE.get()) " " strong.code { (it.line.shown) } }
                        @if let Some(day) = &it.until { p.soft { (words::POSTER_UNTIL.fill(&[("day", day)])) } }
                    }
                }
            }
        }
    };
    Ok(page(&app, &it.line, words::CARDS.get(), &body))
}

fn page(app: &App, line: &Line, title: &str, body: &Markup) -> Response {
    let main = html! {
        div.no-print.stack {
            p.back { a href={ "/staff/join-codes/" (line.code) } { (words::TO_THE_CODE.get()) } }
            p { (words::PRINT_HOW.get()) }
            button data-print hidden { (words::PRINT.get()) }
        }
        (body)
    };
    sheet(app, title, &main).into_response()
}
