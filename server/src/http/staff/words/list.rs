//! The list of documents.

use super::{Page, parts::kind_name};
use crate::{
    db::desk::{
        Page as Rows,
        words::{self as db, Line},
    },
    http::staff::{
        desk::{Run, Way},
        parts,
    },
    state::App,
};
use app::{
    domain::words::DocumentState,
    lang::{
        Text,
        en::{desk as desk_words, words},
    },
};
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address asks for. What it does not ask for rightly is not asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    after_title: String,
    after: String,
}

/// The heading of the list of a state, and its shorter name.
fn names(state: DocumentState) -> (Text, Text) {
    match state {
        DocumentState::Open => (words::LIST_OPEN, words::TAB_OPEN),
        DocumentState::Closed => (words::LIST_CLOSED, words::TAB_CLOSED),
    }
}

fn address(state: DocumentState) -> String {
    format!("/staff/words?show={}", state.word())
}

pub(super) async fn list(State(app): State<App>, desk: Run, Query(asked): Query<Asked>) -> Page {
    let state = DocumentState::of_word(&asked.show).unwrap_or(DocumentState::Open);
    let counts = db::counts(&app.db.pool, desk.reach).await?;
    let after = (asked.after_title.as_str(), asked.after.as_str());
    let page = db::page(&app.db.pool, desk.reach, state, after).await?;
    let title = names(state).0.get();
    let tabs = DocumentState::ALL.into_iter().zip(counts);
    let tabs = tabs.map(|(tab, count)| (tab == state, address(tab), names(tab).1.get(), count));
    let main = html! {
        h1 { (title) }
        p { a.button href="/staff/words/new" { (words::NEW.get()) } }
        (parts::lists(words::TITLE.get(), tabs))
        div.stack.whole id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (words::EMPTY.get()) }
            } @else {
                (table(&page.rows))
            }
            (pages(state, !asked.after.is_empty(), &page))
        }
    };
    Ok(desk.page(Way::Words, title, true, &main).await?)
}

fn table(lines: &[Line]) -> Markup {
    let columns = [
        words::COLUMN_NAME,
        words::COLUMN_GROUP,
        words::COLUMN_NEW,
        words::COLUMN_OPEN,
        words::COLUMN_DECIDED,
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
                @for line in lines { (row(line)) }
            }
        }
    }
}

fn row(line: &Line) -> Markup {
    let version = words::VERSION.fill(&[("version", &line.version.to_string())]);
    let group = line.group.as_deref();
    html! {
        tr role="row" {
            td.who role="cell" {
                div { (line.title) p.soft { (kind_name(line.kind).get()) ". " (version) } }
            }
            td role="cell" data-label=(words::COLUMN_GROUP.get()) { (group.unwrap_or(words::NO_GROUP.get())) }
            td role="cell" data-label=(words::COLUMN_NEW.get()) {
                @if line.new > 0 { span.mark.waits { (line.new) } } @else { "0" }
            }
            td role="cell" data-label=(words::COLUMN_OPEN.get()) { (line.open) }
            td role="cell" data-label=(words::COLUMN_DECIDED.get()) { (line.decided) }
            td.act role="cell" {
                a.button href={ "/staff/words/" (line.id) }
                    aria-label=(words::OPEN_ONE.fill(&[("title", &line.title)])) { (desk_words::OPEN.get()) }
            }
        }
    }
}

fn pages(state: DocumentState, is_later: bool, page: &Rows<Line>) -> Markup {
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if is_later {
                    a.button.plain href=(address(state)) { (desk_words::TO_THE_FIRST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href={
                        (address(state)) "&after_title=" (parts::escaped(&last.title)) "&after=" (last.id)
                    } { (desk_words::LATER_ONES.get()) }
                }
            }
        }
    }
}
