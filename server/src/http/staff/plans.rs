//! Plans that members share with the staff member's own teams and those they cover for: the list, which holds nothing
//! that people wrote, and one plan. Each reading is written in the audit log before anything of it is shown, and the
//! person is told who read it first.

use super::{
    desk::{Desk, Way},
    fault::Fault,
    parts::{self, Opening},
};
use crate::{
    commands::staff::StaffAction,
    db::desk::{
        Page,
        plans::{self, After, Line},
    },
    error::Error,
    state::App,
};
use app::{
    domain::shared_plan::{Contact, Content, Written},
    lang::en::{desk as desk_words, plans as words},
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
use uuid::Uuid;

/// `/plans`, `/plans/{id}`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/plans", get(list))
        .route("/plans/{id}", get(open))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    after: String,
}

fn read_after(text: &str) -> Option<After> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.to_owned()))
}

async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let after = read_after(&asked.after);
    let from = after.clone().unwrap_or_else(plans::first);
    let page = plans::page(&app.db.pool, desk.staff.id, &from).await?;
    let main = html! {
        h1 { (words::TITLE.get()) }
        p.soft { (words::ORDER.get()) }
        p.print-only { (words::NOT_PRINTED.get()) }
        div.no-print id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (words::EMPTY.get()) }
            } @else {
                (table(&desk, &page.rows))
            }
            (pages(after.is_some(), &page))
        }
    };
    Ok(desk
        .page(Way::Plans, words::TITLE.get(), true, &main)
        .await?)
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    let columns = [
        desk_words::COLUMN_WHO,
        desk_words::COLUMN_SENT,
        desk_words::COLUMN_TEAM,
        words::COLUMN_READ,
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
                @for line in lines { (row(desk, line)) }
            }
        }
    }
}

fn row(desk: &Desk, line: &Line) -> Markup {
    let open = words::OPEN.fill(&[("who", parts::they(line.who.as_deref()))]);
    html! {
        tr role="row" {
            td.who role="cell" { (parts::who(line.who.as_deref())) }
            td role="cell" data-label=(desk_words::COLUMN_SENT.get()) {
                (desk.clock.say(line.received_at))
            }
            td role="cell" data-label=(desk_words::COLUMN_TEAM.get()) { (line.team) }
            td role="cell" data-label=(words::COLUMN_READ.get()) {
                @match &line.seen_by {
                    Some(by) => (by),
                    None => span.mark.waits { (words::NEW.get()) },
                }
            }
            td.act role="cell" {
                a.button href={ "/staff/plans/" (line.id) } aria-label=(open) { (desk_words::OPEN.get()) }
            }
        }
    }
}

fn pages(is_later: bool, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if is_later {
                    a.button.plain href="/staff/plans" { (desk_words::TO_THE_FIRST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href={ "/staff/plans?after=" (last.received_at) "." (last.id) } { (words::LATER.get()) }
                }
            }
        }
    }
}

async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    match Opening::of(&method, &headers) {
        // What is not a reading is not shown.
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => return Ok(StatusCode::OK.into_response()),
        Opening::Real => {}
    }
    app.writer
        .staff(desk.staff.id, StaffAction::OpenPlan(id))
        .await?;
    let (line, content) = plans::find(&app.db.pool, desk.staff.id, &id.to_string())
        .await?
        .ok_or(Error::NotFound)?;
    let title = parts::who(line.who.as_deref());
    let main = page(&desk, &line, &content);
    Ok(desk.page(Way::Plans, title, false, &main).await?)
}

fn page(desk: &Desk, line: &Line, content: &Content) -> Markup {
    let they = parts::they(line.who.as_deref());
    let sent = desk.clock.say_inside(line.received_at);
    let written = desk.clock.say_inside(content.written_at);
    html! {
        p.back { a href="/staff/plans" { (words::ALL.get()) } }
        div {
            h1 { (parts::who(line.who.as_deref())) }
            p.soft { (words::SHARED.fill(&[("team", &line.team), ("when", &sent)])) }
            p.soft { (words::WRITTEN.fill(&[("when", &written)])) }
        }
        p.notice { (words::SNAPSHOT.get()) " " (words::THEIRS.get()) }
        @for part in &content.parts { (one_part(part)) }
        @if !content.people.is_empty() {
            section.card {
                h2 { (parts::said(&content.people_heading)) }
                @for person in &content.people { (contact(person)) }
            }
        }
        p.soft {
            @if let Some(by) = &line.seen_by {
                (words::TOLD.fill(&[("who", they), ("by", by)])) " "
            }
            (words::READING_IS_WRITTEN.get())
        }
    }
}

fn one_part(part: &Written) -> Markup {
    html! {
        section.card {
            h2 { (parts::said(&part.heading)) }
            p { (parts::said(&part.words)) }
        }
    }
}

fn contact(person: &Contact) -> Markup {
    html! {
        div {
            @if !person.name.is_empty() { h3 { (parts::said(&person.name)) } }
            @if !person.number.is_empty() { p { (words::CALL.fill(&[("number", &person.number)])) } }
            @if !person.note.is_empty() { p { (parts::said(&person.note)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_the_list_reads_back() {
        assert_eq!(read_after("17.a.b"), Some((17, "a.b".to_owned())));
        assert_eq!(read_after("soon"), None);
    }
}
