//! Who read or did what, about whom, for admins. The log is only ever added to, and each line is a link
//! of a chain that shows whether any was changed.

mod export;
mod filter;
mod line;

pub use line::said;

use super::{
    desk::{Admin, Desk, Way},
    fault::Fault,
    parts,
};
use crate::{
    audit::Head,
    db::{
        audit::chain,
        desk::{
            ONE_MORE, Page,
            audit::{self, Line},
        },
    },
    state::App,
};
use app::lang::en::{audit as words, desk as desk_words};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use filter::{Asked, Choices};
use maud::{Markup, html};

/// `/audit` and what is done with it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/audit", get(list))
        .merge(export::router())
}

async fn list(
    State(app): State<App>,
    Admin(desk): Admin,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let db = &app.db.pool;
    let filter = asked.filter(&desk);
    let after = asked.after();
    let lines = audit::page(db, desk.staff.id, &filter, after.as_ref(), ONE_MORE).await?;
    let page = Page::cut(lines);
    let choices = Choices::load(db, &asked).await?;
    let head = chain::head(&mut *app.db.reader().await?).await?;
    let title = words::TITLE.get();
    let main = html! {
        h1 { (title) }
        p.soft { (words::ORDER.get()) }
        (filter::form(&asked, &choices))
        @if asked.has_wrong_day(&desk) { p.problem role="alert" { (words::PROBLEM_DAY.get()) } }
        @let summary = choices.summary(&asked);
        @if !summary.is_empty() {
            p { (words::SHOWN.get()) " " (summary) " "
                a href="/staff/audit" { (words::SHOW_ALL.get()) } }
        }
        @if page.rows.is_empty() {
            p.card { (if asked.is_filtered() { words::NONE } else { words::EMPTY }.get()) }
        } @else {
            (table(&desk, &page.rows))
            (pages(&asked, after.is_some(), &page))
            (export::button(&asked))
        }
        @if let Some(head) = head { (chain_note(&head)) }
    };
    Ok(desk.page(Way::Audit, title, false, &main).await?)
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    let columns = [
        desk_words::COLUMN_WHO,
        words::COLUMN_DID,
        words::COLUMN_ABOUT,
        desk_words::COLUMN_TEAM,
        words::COLUMN_WHEN,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns {
                        th role="columnheader" scope="col" { (column.get()) }
                    }
                }
            }
            tbody role="rowgroup" {
                @for line in lines {
                    tr role="row" {
                        td.who role="cell" { (line::by(line)) }
                        td role="cell" data-label=(columns[1].get()) {
                            div {
                                (line::said(&line.action))
                                @if let Some(detail) = line::detail(line) { p.soft { (detail) } }
                            }
                        }
                        td role="cell" data-label=(columns[2].get()) { (line::about(line)) }
                        td role="cell" data-label=(columns[3].get()) { (line.team.as_deref().unwrap_or("–")) }
                        td role="cell" data-label=(columns[4].get()) {
                            div {
                                (desk.clock.say(line.at))
                                @if let Some(n) = line.n { p.soft { (words::LINE.fill(&[("n", &n.to_string())])) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn pages(asked: &Asked, is_later: bool, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if is_later {
                    a.button.plain href=(asked.href(None)) { (desk_words::TO_THE_NEWEST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href=(asked.href(Some(&last.key()))) { (desk_words::EARLIER_ONES.get()) }
                }
            }
        }
    }
}

/// Where the chain ends, to be written down: whoever could change the file could also make the chain
/// anew, but not what stands on a piece of paper.
fn chain_note(head: &Head) -> Markup {
    html! {
        section.card aria-labelledby="chain" {
            h2 id="chain" { (words::CHAIN.get()) }
            p { (words::CHAIN_WHAT.get()) }
            p { (words::CHAIN_ALONE.get()) }
            p.mark-line { (words::CHAIN_ENDS.fill(&[("n", &head.n.to_string()), ("mark", &head.short())])) }
            p.soft { (words::CHAIN_HOW.get()) " " code { "chorus audit verify --noted \"" (head.n) " " (head.short()) "\"" } }
        }
    }
}

/// The address of all lines about one thing, for other pages of the desk.
pub fn href_about(id: &str) -> String {
    format!("/staff/audit?about={}", parts::escaped(id))
}
