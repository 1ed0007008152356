//! The list: what somebody waits for first, then the newest. Nothing that people wrote is here, and it is not printed.

use super::stage_name;
use crate::{
    db::{
        desk::{
            Page,
            experiences::{self, After, Filter, Line, Show},
        },
        experiences::desk as stored,
    },
    http::staff::{
        desk::{Desk, Way},
        fault::Fault,
        parts,
    },
    state::App,
};
use app::{
    domain::{care::CareState, experience::Stage, text},
    lang::en::{desk as desk_words, experiences as words},
};
use axum::{
    extract::{Query, State},
    response::Response,
};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address asks for. What it does not ask for rightly is not asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    stage: String,
    tag: String,
    after: String,
    done: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let show = Show::ALL.into_iter().find(|show| word(*show) == self.show);
        let tag = text::tidy(Some(self.tag.clone()));
        Filter {
            show: show.unwrap_or_default(),
            stage: Stage::of_word(&self.stage),
            tag,
        }
    }
}

fn word(show: Show) -> &'static str {
    match show {
        Show::Open => "open",
        Show::New => "new",
        Show::Waits => "waits",
        Show::Mine => "mine",
        Show::Closed => "closed",
    }
}

/// The heading of a list, and its shorter name.
fn names(show: Show) -> (&'static str, &'static str) {
    let (title, tab) = match show {
        Show::Open => (words::LIST_OPEN, words::TAB_OPEN),
        Show::New => (words::LIST_NEW, words::TAB_NEW),
        Show::Waits => (words::LIST_WAITS, words::TAB_WAITS),
        Show::Mine => (words::LIST_MINE, words::TAB_MINE),
        Show::Closed => (words::LIST_CLOSED, words::TAB_CLOSED),
    };
    (title.get(), tab.get())
}

/// The address of a list, narrowed as this filter is.
fn href(show: Show, filter: &Filter, after: Option<&After>) -> String {
    let mut href = format!("/staff/experiences?show={}", word(show));
    if let Some(stage) = filter.stage {
        href.push_str(&format!("&stage={}", stage.word()));
    }
    if let Some(tag) = &filter.tag {
        href.push_str(&format!("&tag={}", parts::escaped(tag)));
    }
    if let Some(after) = after {
        let waits = i32::from(after.waits);
        href.push_str(&format!(
            "&after={waits}.{}.{}",
            after.received_at, after.id
        ));
    }
    href
}

fn read_after(text: &str) -> Option<After> {
    let mut parts = text.splitn(3, '.');
    Some(After {
        waits: parts.next()? == "1",
        received_at: parts.next()?.parse().ok()?,
        id: parts.next()?.to_owned(),
    })
}

pub(super) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let filter = asked.filter();
    let after = read_after(&asked.after);
    let db = &app.db.pool;
    let from = after.clone().unwrap_or_default();
    let page = experiences::page(db, desk.staff.id, &filter, &from).await?;
    let counts = experiences::counts(db, desk.staff.id).await?;
    let tags = stored::all_tags(&mut *app.db.reader().await?).await?;
    let (title, _) = names(filter.show);
    let tabs = Show::ALL.into_iter().zip(counts).map(|(tab, count)| {
        let address = href(tab, &Filter::default(), None);
        (tab == filter.show, address, names(tab).1, count)
    });
    let main = html! {
        h1 { (title) }
        @if asked.done == "handed_on" { p.notice role="status" { (words::HANDED_ON.get()) } }
        p.soft { (words::ORDER.get()) }
        (parts::lists(words::TITLE.get(), tabs))
        (narrow(&filter, &tags))
        p.print-only { (words::NOT_PRINTED.get()) }
        div.no-print id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (words::EMPTY.get()) }
            } @else {
                (table(&desk, &page.rows))
            }
            (pages(&filter, after.is_some(), &page))
        }
    };
    Ok(desk.page(Way::Experiences, title, true, &main).await?)
}

fn narrow(filter: &Filter, tags: &[String]) -> Markup {
    html! {
        form.filters method="get" action="/staff/experiences" {
            input type="hidden" name="show" value=(word(filter.show));
            div.field {
                label for="stage" { (words::STAGE.get()) }
                select id="stage" name="stage" {
                    option value="" { (words::ANY_STAGE.get()) }
                    @for stage in Stage::ALL {
                        option value=(stage.word()) selected[filter.stage == Some(stage)] { (stage_name(Some(stage)).get()) }
                    }
                }
            }
            div.field {
                label for="tag" { (words::TAG.get()) }
                select id="tag" name="tag" {
                    option value="" { (words::ANY_TAG.get()) }
                    @for tag in tags {
                        option value=(tag) selected[filter.tag.as_ref() == Some(tag)] { (tag) }
                    }
                }
            }
            button.plain { (words::SHOW.get()) }
        }
    }
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    let columns = [
        desk_words::COLUMN_WHO,
        words::COLUMN_ABOUT,
        desk_words::COLUMN_SENT,
        desk_words::COLUMN_TEAM,
        desk_words::COLUMN_OPENED,
        desk_words::COLUMN_HAS_IT,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns {
                        th role="columnheader" scope="col" { (column.get()) }
                    }
                    th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for line in lines { (row(desk, line, columns.map(|column| column.get()))) }
            }
        }
    }
}

fn row(desk: &Desk, line: &Line, columns: [&str; 6]) -> Markup {
    let open = words::OPEN_ONE.fill(&[
        ("who", parts::they(line.who.as_deref())),
        ("when", &desk.clock.say_inside(line.received_at)),
    ]);
    html! {
        tr role="row" {
            td.who role="cell" {
                div {
                    (parts::who(line.who.as_deref()))
                    @if line.waits { p { span.mark.waits { (words::WAITS.get()) } } }
                }
            }
            td role="cell" data-label=(columns[1]) {
                div {
                    (stage_name(line.stage).get())
                    @if !line.tags.is_empty() { p.soft { bdi { (line.tags.join(", ")) } } }
                }
            }
            td role="cell" data-label=(columns[2]) { (desk.clock.say(line.received_at)) }
            td role="cell" data-label=(columns[3]) {
                @match &line.team {
                    Some(team) => (team),
                    None => strong { (words::YOURS_ALONE.get()) },
                }
            }
            td role="cell" data-label=(columns[4]) {
                @match &line.seen_by {
                    Some(by) => (by),
                    None => span.mark.waits { (words::NEW.get()) },
                }
            }
            td role="cell" data-label=(columns[5]) {
                @if line.state == CareState::Closed { (words::TAB_CLOSED.get()) " · " }
                (line.taken_on_by.as_deref().unwrap_or("–"))
            }
            td.act role="cell" {
                a.button href={ "/staff/experiences/" (line.id) } aria-label=(open) { (desk_words::OPEN.get()) }
            }
        }
    }
}

fn pages(filter: &Filter, is_later: bool, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if is_later {
                    a.button.plain href=(href(filter.show, filter, None)) { (desk_words::TO_THE_FIRST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href=(href(filter.show, filter, Some(&last.key()))) { (desk_words::LATER_ONES.get()) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_the_list_reads_back() {
        let after = After {
            waits: true,
            received_at: 17,
            id: "a.b".to_owned(),
        };
        let href = href(Show::New, &Filter::default(), Some(&after));
        let (_, place) = href.split_once("after=").unwrap();
        assert_eq!(read_after(place), Some(after));
        assert_eq!(read_after("soon"), None);
    }
}
