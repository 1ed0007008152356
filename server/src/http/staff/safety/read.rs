//! Safety records, for those alone whom an admin named. Each opening of the list and of a record is in
//! the audit log before anything is shown.

use super::{
    form::{Kind, Typed},
    write::{not_kept, signed_out, write_down},
};
use crate::{
    clock,
    commands::safety,
    db::{
        desk::Page,
        safety::records::{self, Entry, Line, NewEntry, Thing},
    },
    error::Error,
    http::staff::{
        desk::{Desk, Way},
        fault::Fault,
        parts::{self, Opening, fact, said},
        when,
    },
    state::App,
};
use app::{
    domain::{record::kind, time::Millis},
    lang::{
        Text,
        en::{desk as desk_words, safety as words},
    },
};
use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/safety` and `/safety/{record}`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/safety", get(list))
        .route("/safety/{record}", get(open).post(add))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    before: String,
    done: String,
}

/// The answer to what is no person who reads: it is shown nothing and written down nowhere.
fn no_reading(method: &Method, headers: &HeaderMap) -> Option<Response> {
    match Opening::of(method, headers) {
        Opening::Real => None,
        Opening::Ahead => Some(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => Some(StatusCode::OK.into_response()),
    }
}

async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if let Some(nothing) = no_reading(&method, &headers) {
        return Ok(nothing);
    }
    let reader = desk.staff.id;
    app.writer
        .run(move |tx| Box::pin(safety::open_list(tx, clock::now_ms(), reader)))
        .await?;
    let before = read_before(&asked.before).unwrap_or((Millis::MAX, String::new()));
    let page = records::page(&app.db.pool, reader, &before).await?;
    let main = html! {
        h1 { (words::RECORDS.get()) }
        p.soft { (words::RECORDS_ORDER.get()) }
        @if page.rows.is_empty() {
            p.card { (words::RECORDS_EMPTY.get()) }
        } @else {
            (table(&desk, &page.rows))
        }
        (pages(&asked.before, &page))
    };
    Ok(desk
        .page(Way::Safety, words::RECORDS.get(), false, &main)
        .await?)
}

fn read_before(text: &str) -> Option<(Millis, String)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.to_owned()))
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in COLUMNS {
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

const COLUMNS: [Text; 5] = [
    desk_words::COLUMN_WHO,
    words::COLUMN_ABOUT,
    words::COLUMN_BY,
    words::COLUMN_LAST,
    words::COLUMN_ENTRIES,
];

fn row(desk: &Desk, line: &Line) -> Markup {
    let last = desk.clock.say(line.last_at);
    let open = words::OPEN_RECORD.fill(&[
        ("who", parts::they(line.member_name.as_deref())),
        ("when", &desk.clock.say_inside(line.last_at)),
    ]);
    html! {
        tr role="row" {
            td.who role="cell" { (who(line.about_kind.is_some(), line.member_name.as_deref())) }
            td role="cell" data-label=(COLUMNS[1].get()) { (about(line.about_kind.as_deref()).get()) }
            td role="cell" data-label=(COLUMNS[2].get()) { (line.staff_name) }
            td role="cell" data-label=(COLUMNS[3].get()) {
                (last)
                @if line.is_new { " " span.mark.waits { (words::IS_NEW.get()) } }
            }
            td role="cell" data-label=(COLUMNS[4].get()) { (line.entries) }
            td.act role="cell" {
                a.button href={ "/staff/safety/" (line.record) } aria-label=(open) { (desk_words::OPEN.get()) }
            }
        }
    }
}

/// Whom it is about: who has no name on the desk has none here, and what is about nothing in Chorus
/// says whom in its words.
fn who(is_about: bool, name: Option<&str>) -> &str {
    if is_about { parts::who(name) } else { "–" }
}

fn about(kind_word: Option<&str>) -> Text {
    match kind_word {
        Some(kind::CHECK_IN) => words::A_CHECK_IN,
        Some(kind::SIGN_UP) => words::A_SIGN_UP,
        Some(kind::EXPERIENCE) => words::AN_EXPERIENCE,
        Some(kind::PEER_MATCH) => words::A_PEER,
        _ => words::NOT_IN_CHORUS,
    }
}

fn pages(before: &str, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || !before.is_empty() {
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if !before.is_empty() {
                    a.button.plain href="/staff/safety" { (desk_words::TO_THE_NEWEST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href={ "/staff/safety?before=" (last.last_at) "." (last.record) } {
                        (desk_words::EARLIER_ONES.get())
                    }
                }
            }
        }
    }
}

async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(record): Path<String>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if let Some(nothing) = no_reading(&method, &headers) {
        return Ok(nothing);
    }
    let record: Uuid = record.parse().map_err(|_| Error::NotFound)?;
    let kept = asked.done == "kept";
    Ok(whole(&app, &desk, record, &Typed::default(), None, kept).await?)
}

/// The record with its form. Written down as a reading first.
async fn whole(
    app: &App,
    desk: &Desk,
    record: Uuid,
    typed: &Typed,
    problem: Option<&str>,
    kept: bool,
) -> Result<Response, Error> {
    let reader = desk.staff.id;
    app.writer
        .run(move |tx| Box::pin(safety::open(tx, clock::now_ms(), reader, record)))
        .await?;
    let entries = records::find(&app.db.pool, reader, record).await?;
    let first = entries.first().ok_or(Error::NotFound)?;
    let title = match (&first.thing, first.member_name.as_deref()) {
        (Some(_), name) => parts::who(name),
        (None, _) => words::RECORD.get(),
    };
    let main = html! {
        p.back { a href="/staff/safety" { (words::ALL_RECORDS.get()) } }
        div {
            h1 { (title) }
            p.soft { (about_line(first)) }
            p.soft {
                (words::RECORD_NUMBER.fill(&[("number", &record.to_string())])) " "
                @if let Some(thing) = first.thing {
                    (words::ITS_NUMBER.fill(&[("number", &thing.id().to_string())]))
                }
            }
        }
        @if kept { p.notice role="status" { (words::ENTRY_KEPT.get()) } }
        @for (number, entry) in entries.iter().enumerate() { (draw(desk, number, entry)) }
        section.card aria-labelledby="add" {
            h2 id="add" { (words::ADD.get()) }
            p { (words::ADD_WHY.get()) }
            (typed.draw(Kind::Further, &href(record), problem))
        }
    };
    desk.page(Way::Safety, title, false, &main).await
}

fn href(record: Uuid) -> String {
    format!("/staff/safety/{record}")
}

fn about_line(first: &Entry) -> String {
    let who = parts::they(first.member_name.as_deref());
    match first.thing {
        None => words::NOT_IN_CHORUS.get().to_owned(),
        Some(Thing::CheckIn(_)) => words::ABOUT_CHECK_IN.fill(&[("who", who)]),
        Some(Thing::SignUp(_)) => words::ABOUT_SIGN_UP.fill(&[("who", who)]),
        Some(Thing::Experience(_)) => words::ABOUT_EXPERIENCE.fill(&[("who", who)]),
        Some(Thing::PeerMatch(_)) => words::ABOUT_PEER.fill(&[("who", who)]),
    }
}

fn draw(desk: &Desk, number: usize, entry: &Entry) -> Markup {
    let id = format!("entry-{number}");
    let gaps = [
        ("who", entry.staff_name.as_str()),
        ("when", &desk.clock.say_in_full(entry.at)),
    ];
    let written = &entry.written;
    let worry = match number {
        0 => words::WORRY_OF.fill(&gaps),
        _ => words::ADDED.get().to_owned(),
    };
    html! {
        section.card aria-labelledby=(id) {
            h2 id=(id) { (words::ENTRY.fill(&gaps)) }
            dl.facts {
                (fact(&worry, &said(&written.worry)))
                @if let Some(told) = &written.told { (fact(words::TOLD.get(), &said(told))) }
                @if let Some(at) = &written.told_at { (fact(words::TOLD_AT.get(), &html! { (when::say_civil(at)) })) }
                @if let Some(decided) = &written.decided { (fact(words::DECIDED.get(), &said(decided))) }
                @if let Some(by) = &written.decided_by { (fact(words::DECIDED_BY.get(), &html! { (by) })) }
            }
        }
    }
}

async fn add(
    State(app): State<App>,
    desk: Result<Desk, Fault>,
    Path(record): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let record: Uuid = record.parse().map_err(|_| Error::NotFound)?;
    let desk = match desk {
        Err(Fault::SignIn(_)) => {
            let out = Some(words::SIGNED_OUT.get());
            return Ok(signed_out(
                &app,
                &typed.draw(Kind::Further, &href(record), out),
            ));
        }
        desk => desk?,
    };
    let written = match typed.written(Kind::Further) {
        Ok(written) => written,
        Err(why) => {
            let page = whole(&app, &desk, record, &typed, Some(&why), false).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let entry = NewEntry {
        id: typed.id(),
        record: Some(record),
        staff: desk.staff.id,
        staff_name: desk.staff.name,
        about: None,
        written,
    };
    match write_down(&app, entry).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=kept", href(record))).into_response()),
        Err(problem @ (Error::Forbidden | Error::NotFound)) => Err(problem.into()),
        Err(problem) => Ok(not_kept(
            &app,
            &href(record),
            &typed,
            Kind::Further,
            &problem,
        )),
    }
}
