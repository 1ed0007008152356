//! Who read or did what, for admins. The log is only ever added to.

use super::{
    desk::{Admin, Way},
    fault::Fault,
};
use crate::{
    db::desk::{
        Page,
        audit::{self, Line},
    },
    state::App,
};
use app::lang::en::{desk as words, retention as keeping};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/audit`.
pub fn router() -> Router<App> {
    Router::new().route("/audit", get(list))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    before: String,
}

async fn list(
    State(app): State<App>,
    Admin(desk): Admin,
    Query(Asked { before }): Query<Asked>,
) -> Result<Response, Fault> {
    let page = audit::page(&app.db.pool, &before).await?;
    let title = words::AUDIT_TITLE.get();
    let main = html! {
        h1 { (title) }
        p.soft { (words::AUDIT_ORDER.get()) }
        @if page.rows.is_empty() {
            p.card { (words::AUDIT_EMPTY.get()) }
        } @else {
            table role="table" {
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in COLUMNS {
                            th role="columnheader" scope="col" { (column.get()) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for line in &page.rows {
                        tr role="row" {
                            td.who role="cell" { (line.who.as_deref().unwrap_or(words::NO_NAME.get())) }
                            td role="cell" data-label=(COLUMNS[1].get()) { (said(&line.action)) }
                            td role="cell" data-label=(COLUMNS[2].get()) { (desk.clock.say(line.at)) }
                            td role="cell" data-label=(COLUMNS[3].get()) { (line.team.as_deref().unwrap_or("–")) }
                            td role="cell" data-label=(COLUMNS[4].get()) { code { (line.subject) } }
                        }
                    }
                }
            }
        }
        (pages(&before, &page))
    };
    Ok(desk.page(Way::Audit, title, false, &main).await?)
}

const COLUMNS: [app::lang::Text; 5] = [
    words::COLUMN_WHO,
    words::COLUMN_DID,
    words::COLUMN_WHEN,
    words::COLUMN_TEAM,
    words::COLUMN_THING,
];

/// An action in words; one that has none yet, by its name.
fn said(action: &str) -> &str {
    match action {
        "sign_up.read" => words::AUDIT_SIGN_UP_READ.get(),
        "sign_up.confirm" => words::AUDIT_SIGN_UP_CONFIRM.get(),
        "sign_up.cancel" => words::AUDIT_SIGN_UP_CANCEL.get(),
        "sign_up.note" => words::AUDIT_SIGN_UP_NOTE.get(),
        "check_in.read" => words::AUDIT_CHECK_IN_READ.get(),
        "retention.change" => keeping::AUDITED.get(),
        other => other,
    }
}

fn pages(before: &str, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || !before.is_empty() {
            nav.pages aria-label=(words::PAGES.get()) {
                @if !before.is_empty() {
                    a.button.plain href="/staff/audit" { (words::TO_THE_NEWEST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href={ "/staff/audit?before=" (last.id) } { (words::EARLIER_ONES.get()) }
                }
            }
        }
    }
}
