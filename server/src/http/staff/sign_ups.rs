//! The list of sign-ups: not looked at first, oldest first.

use super::{
    desk::{Desk, Way},
    fault::Fault,
    parts, when,
};
use crate::{
    db::desk::{
        Page,
        sign_ups::{self, After, Line, Show},
    },
    state::App,
};
use app::{
    domain::id::OpportunityId,
    lang::en::{desk as words, entering},
};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/sign-ups`.
pub fn router() -> Router<App> {
    Router::new().route("/sign-ups", get(list))
}

/// What the address asks for. What it does not ask for rightly is not asked for.
#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    opportunity: String,
    #[serde(default)]
    after: String,
}

/// The same, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Filter {
    show: Show,
    opportunity: Option<OpportunityId>,
    after: Option<After>,
}

impl Filter {
    fn read(asked: &Asked) -> Self {
        Self {
            show: Show::ALL
                .into_iter()
                .find(|show| word(*show) == asked.show)
                .unwrap_or_default(),
            opportunity: asked.opportunity.parse().ok(),
            after: read_after(&asked.after),
        }
    }

    /// The address of the same list, from another place.
    fn href(&self, show: Show, after: Option<&Line>) -> String {
        let mut href = format!("/staff/sign-ups?show={}", word(show));
        if let Some(opportunity) = self.opportunity {
            href.push_str(&format!("&opportunity={opportunity}"));
        }
        if let Some(line) = after {
            href.push_str(&format!("&after={}.{}", line.received_at, line.id));
        }
        href
    }
}

fn read_after(text: &str) -> Option<After> {
    let (received_at, id) = text.split_once('.')?;
    Some(After {
        received_at: received_at.parse().ok()?,
        id: id.to_owned(),
    })
}

fn word(show: Show) -> &'static str {
    match show {
        Show::New => "new",
        Show::ToAnswer => "to-answer",
        Show::Waiting => "waiting",
        Show::Placed => "placed",
        Show::Ended => "ended",
    }
}

/// The heading of each list, and its shorter name.
fn names(show: Show) -> (&'static str, &'static str) {
    let (title, tab) = match show {
        Show::New => (words::LIST_NEW, words::TAB_NEW),
        Show::ToAnswer => (words::LIST_TO_ANSWER, words::TAB_TO_ANSWER),
        Show::Waiting => (words::LIST_WAITING, words::TAB_WAITING),
        Show::Placed => (words::LIST_PLACED, words::TAB_PLACED),
        Show::Ended => (words::LIST_ENDED, words::TAB_ENDED),
    };
    (title.get(), tab.get())
}

async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let filter = Filter::read(&asked);
    let db = &app.db.pool;
    let after = filter.after.clone().unwrap_or_default();
    let page = sign_ups::page(db, filter.show, filter.opportunity, &after).await?;
    let counts = sign_ups::counts(db, filter.opportunity).await?;
    let opportunities = sign_ups::opportunities(db).await?;
    let (title, _) = names(filter.show);
    let main = html! {
        h1 { (title) }
        p.soft { (words::LIST_ORDER.get()) }
        p { a.button.plain href="/staff/enter" { (entering::WAY.get()) } }
        (parts::lists(words::SIGN_UPS.get(), Show::ALL.into_iter().zip(counts).map(|(show, count)| {
            (show == filter.show, filter.href(show, None), names(show).1, count)
        })))
        (opportunity_filter(&filter, &opportunities))
        div id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (words::LIST_EMPTY.get()) }
            } @else {
                (table(&desk, &page.rows))
            }
            (pages(&filter, &page))
        }
    };
    Ok(desk.page(Way::SignUps, title, true, &main).await?)
}

fn opportunity_filter(filter: &Filter, opportunities: &[(String, String)]) -> Markup {
    let chosen = filter.opportunity.map(|id| id.to_string());
    html! {
        form.row method="get" action="/staff/sign-ups" {
            input type="hidden" name="show" value=(word(filter.show));
            div.field {
                label for="opportunity" { (words::FILTER_OPPORTUNITY.get()) }
                select id="opportunity" name="opportunity" {
                    option value="" { (words::FILTER_ALL.get()) }
                    @for (id, title) in opportunities {
                        option value=(id) selected[chosen.as_ref() == Some(id)] { (title) }
                    }
                }
            }
            button.plain { (words::FILTER_DO.get()) }
        }
    }
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    let columns = [
        words::COLUMN_WHO,
        words::COLUMN_FOR,
        words::COLUMN_SENT,
        words::COLUMN_ROOM,
        words::COLUMN_ON_IT,
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
    let who = parts::who(line.who.as_deref());
    let what = what(&line.title, line.local_start.as_deref());
    let open =
        words::OPEN_SIGN_UP.fill(&[("who", parts::they(line.who.as_deref())), ("what", &what)]);
    html! {
        tr role="row" {
            td.who role="cell" { (who) }
            td role="cell" data-label=(words::COLUMN_FOR.get()) { (what) }
            td role="cell" data-label=(words::COLUMN_SENT.get()) {
                (desk.clock.say_sent(line.received_at, &line.made_at))
            }
            td role="cell" data-label=(words::COLUMN_ROOM.get()) { (parts::room(line.room)) }
            td role="cell" data-label=(words::COLUMN_ON_IT.get()) {
                (line.seen_by.as_deref().unwrap_or(words::NOBODY_YET.get()))
            }
            td.act role="cell" {
                a.button href={ "/staff/sign-ups/" (line.id) } aria-label=(open) { (words::OPEN.get()) }
            }
        }
    }
}

/// "Look at our letters, 1 Dec".
pub fn what(title: &str, local_start: Option<&str>) -> String {
    local_start.map_or_else(
        || title.to_owned(),
        |start| format!("{title}, {}", when::say_day(start)),
    )
}

fn pages(filter: &Filter, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || filter.after.is_some() {
            nav.pages aria-label=(words::PAGES.get()) {
                @if filter.after.is_some() {
                    a.button.plain href=(filter.href(filter.show, None)) { (words::TO_THE_OLDEST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href=(filter.href(filter.show, Some(last))) { (words::LATER_ONES.get()) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_asks_for_nothing_real_shows_what_is_new() {
        let asked = Asked {
            show: "everything".to_owned(),
            opportunity: "' or 1 = 1".to_owned(),
            after: "yesterday".to_owned(),
        };
        assert_eq!(Filter::read(&asked), Filter::default());
    }

    #[test]
    fn the_place_in_a_list_reads_back() {
        let after = After {
            received_at: 17,
            id: "a-b".to_owned(),
        };
        assert_eq!(read_after("17.a-b"), Some(after));
    }
}
