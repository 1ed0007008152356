//! The list of check-ins that were shared with the staff member's own teams and those they cover for:
//! those that a promised reading time passed unopened first, then those that asked for something, because
//! it was asked for, then the oldest. Nothing that people wrote is here, and it prints no check-in.

use super::{
    desk::{Desk, Way},
    fault::Fault,
    parts,
};
use crate::{
    db::desk::{
        Page,
        check_ins::{self, After, Line, Show},
    },
    state::App,
};
use app::{
    domain::check_in::{CheckInState, Wants},
    lang::{Text, en::desk as words},
};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/check-ins`.
pub fn router() -> Router<App> {
    Router::new().route("/check-ins", get(list))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
}

fn word(show: Show) -> &'static str {
    match show {
        Show::New => "new",
        Show::Opened => "opened",
        Show::Mine => "mine",
        Show::Closed => "closed",
    }
}

fn names(show: Show) -> (&'static str, &'static str) {
    let (title, tab) = match show {
        Show::New => (words::CHECK_INS_NEW, words::TAB_CHECK_INS_NEW),
        Show::Opened => (words::CHECK_INS_OPENED, words::TAB_CHECK_INS_OPENED),
        Show::Mine => (words::CHECK_INS_MINE, words::TAB_CHECK_INS_MINE),
        Show::Closed => (words::CHECK_INS_CLOSED, words::TAB_CHECK_INS_CLOSED),
    };
    (title.get(), tab.get())
}

/// What was asked for, as the list says it.
pub fn wants(wants: Wants) -> Text {
    match wants {
        Wants::Know => words::WANTS_KNOW,
        Wants::Message => words::WANTS_MESSAGE,
        Wants::Call => words::WANTS_CALL,
    }
}

fn href(show: Show, after: Option<&After>) -> String {
    let href = format!("/staff/check-ins?show={}", word(show));
    match after {
        Some(after) => format!(
            "{href}&after={}.{}.{}.{}",
            i32::from(after.passed),
            i32::from(after.asks),
            after.received_at,
            after.id
        ),
        None => href,
    }
}

fn read_after(text: &str) -> Option<After> {
    let mut parts = text.splitn(4, '.');
    Some(After {
        passed: parts.next()? == "1",
        asks: parts.next()? == "1",
        received_at: parts.next()?.parse().ok()?,
        id: parts.next()?.to_owned(),
    })
}

async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let show = Show::ALL
        .into_iter()
        .find(|show| word(*show) == asked.show)
        .unwrap_or_default();
    let after = read_after(&asked.after);
    let db = &app.db.pool;
    let page = check_ins::page(db, desk.staff.id, show, &after.clone().unwrap_or_default()).await?;
    let counts = check_ins::counts(db, desk.staff.id).await?;
    let (title, _) = names(show);
    let main = html! {
        h1 { (title) }
        p.soft { (words::CHECK_INS_ORDER.get()) }
        (parts::lists(words::CHECK_INS.get(), Show::ALL.into_iter().zip(counts).map(|(tab, count)| {
            (tab == show, href(tab, None), names(tab).1, count)
        })))
        p.print-only { (words::CHECK_INS_NOT_PRINTED.get()) }
        div.no-print id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (words::CHECK_INS_EMPTY.get()) }
            } @else {
                (table(&desk, &page.rows))
            }
            (pages(show, after.is_some(), &page))
        }
    };
    Ok(desk.page(Way::CheckIns, title, true, &main).await?)
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    let columns = [
        words::COLUMN_WHO,
        words::COLUMN_WANTS,
        words::COLUMN_SENT,
        words::COLUMN_TEAM,
        words::COLUMN_OPENED,
        words::COLUMN_HAS_IT,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns {
                        th role="columnheader" scope="col" { (column.get()) }
                    }
                    th role="columnheader" scope="col" { span.unseen { (words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for line in lines { (row(desk, line)) }
            }
        }
    }
}

fn row(desk: &Desk, line: &Line) -> Markup {
    let open = words::OPEN_CHECK_IN.fill(&[("who", parts::they(line.who.as_deref()))]);
    html! {
        tr role="row" {
            td.who role="cell" { (parts::who(line.who.as_deref())) }
            td role="cell" data-label=(words::COLUMN_WANTS.get()) {
                @if line.wants.asks_for_something() {
                    strong { (wants(line.wants).get()) }
                } @else {
                    (wants(line.wants).get())
                }
                @if let Some(passed_at) = line.passed_at {
                    br;
                    span.mark.waits { (words::PROMISED_BY.fill(&[("when", &desk.clock.say_inside(passed_at))])) }
                }
                @if line.answered_back && line.state != CheckInState::Closed {
                    br;
                    span.mark.waits { (words::ANSWERED_BACK.get()) }
                }
            }
            td role="cell" data-label=(words::COLUMN_SENT.get()) {
                (desk.clock.say_sent(line.received_at, &line.made_at))
            }
            td role="cell" data-label=(words::COLUMN_TEAM.get()) { (line.team) }
            td role="cell" data-label=(words::COLUMN_OPENED.get()) {
                (line.seen_by.as_deref().unwrap_or(words::NOBODY_YET.get()))
            }
            td role="cell" data-label=(words::COLUMN_HAS_IT.get()) {
                (line.taken_on_by.as_deref().unwrap_or(words::NOBODY_YET.get()))
            }
            td.act role="cell" {
                a.button href={ "/staff/check-ins/" (line.id) } aria-label=(open) { (words::OPEN.get()) }
            }
        }
    }
}

fn pages(show: Show, is_later: bool, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(words::PAGES.get()) {
                @if is_later {
                    a.button.plain href=(href(show, None)) { (words::TO_THE_FIRST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href=(href(show, Some(&last.key()))) { (words::LATER_ONES.get()) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_a_list_reads_back() {
        let after = After {
            passed: false,
            asks: true,
            received_at: 17,
            id: "a.b".to_owned(),
        };
        let href = href(Show::New, Some(&after));
        let (_, text) = href.split_once("after=").unwrap();
        assert_eq!(read_after(text), Some(after));
        assert_eq!(read_after("soon"), None);
    }
}
