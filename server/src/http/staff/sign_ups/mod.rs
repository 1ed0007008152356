//! The board of sign-ups: each list oldest first, of all, an opportunity or a session; by name; one page
//! at a time. What is chosen on it can be done with many at once (`many`), and saved (`export`).

mod export;
mod filter;
mod many;

use super::{
    desk::{Desk, Run, Way},
    fault::Fault,
    parts, when,
};
use crate::{
    db::desk::{
        ONE_MORE, Page,
        board::{self, Show},
        sign_ups::Line,
    },
    error::Error,
    state::App,
};
use app::{
    domain::sign_up::SignUpState,
    lang::{
        Text,
        en::{board as words, desk as desk_words, entering},
    },
};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use filter::{Asked, Filter, names};
use many::Became;
use maud::{Markup, html};

/// `/sign-ups`, and what is done with many of them.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sign-ups", get(list))
        .merge(many::router())
        .merge(export::router())
}

async fn list(
    State(app): State<App>,
    desk: Run,
    Query(asked): Query<Asked>,
    Query(became): Query<Became>,
) -> Result<Response, Fault> {
    let filter = Filter::read(&asked).settled(&app, desk.reach).await?;
    let db = &app.db.pool;
    let after = filter.after.clone().unwrap_or_default();
    let lines = board::page(db, filter.show, filter.narrow(desk.reach), &after, ONE_MORE)
        .await
        .map_err(Error::from)?;
    let page = Page::cut(lines);
    let counts = board::counts(db, filter.narrow(desk.reach))
        .await
        .map_err(Error::from)?;
    let (title, _) = names(filter.show);
    let hint = if filter.show == Show::New {
        desk_words::LIST_ORDER
    } else {
        words::ORDER
    };
    let main = html! {
        h1 { (title) }
        p.soft { (hint.get()) }
        p { a.button.plain href="/staff/enter" { (entering::WAY.get()) } }
        @if let Some(said) = became.said() { p.notice role="status" { (said) } }
        (parts::lists(desk_words::SIGN_UPS.get(), Show::ALL.into_iter().zip(counts).map(|(show, count)| {
            (show == filter.show, filter.href(show, None), names(show).1, count)
        })))
        (filter.form(&app, desk.reach).await?)
        @if let Some(session) = filter.session { (of_session(&session.to_string())) }
        div id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (desk_words::LIST_EMPTY.get()) }
            } @else {
                (many::bar(&filter))
                (table(&desk, &filter, &page.rows))
            }
            (pages(&filter, &page))
        }
        @if !page.rows.is_empty() { (export::form(&filter)) }
    };
    Ok(desk.page(Way::SignUps, title, true, &main).await?)
}

/// What there is for one session.
fn of_session(session: &str) -> Markup {
    html! {
        p.actions {
            a.button.plain href={ "/staff/sessions/" (session) "/register" } { (words::REGISTER.get()) }
            a.button.plain href={ "/staff/sessions/" (session) "/calendar.ics" } download { (words::CALENDAR.get()) }
        }
    }
}

fn table(desk: &Desk, filter: &Filter, lines: &[Line]) -> Markup {
    let columns = [
        desk_words::COLUMN_WHO,
        desk_words::COLUMN_FOR,
        desk_words::COLUMN_SENT,
        fourth(filter.show),
        desk_words::COLUMN_ON_IT,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @if many::has_any(filter.show) {
                        th role="columnheader" scope="col" { span.unseen { (words::CHOOSE.get()) } }
                    }
                    @for column in columns {
                        th role="columnheader" scope="col" { (column.get()) }
                    }
                    th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for line in lines { (row(desk, filter, line)) }
            }
        }
    }
}

/// Whether there is room, where it matters; else where a sign-up stands, in lists that mix.
fn fourth(show: Show) -> Text {
    match show {
        Show::New | Show::ToAnswer | Show::Waiting | Show::Offered => desk_words::COLUMN_ROOM,
        _ => words::COLUMN_STANDS,
    }
}

fn row(desk: &Desk, filter: &Filter, line: &Line) -> Markup {
    let who = parts::who(line.who.as_deref());
    let what = what(&line.title, line.local_start.as_deref());
    let gaps = [("who", parts::they(line.who.as_deref())), ("what", &what)];
    let fourth = fourth(filter.show);
    html! {
        tr role="row" {
            @if many::has_any(filter.show) {
                td.pick role="cell" { (many::tick(line, &words::CHOOSE_ONE.fill(&gaps))) }
            }
            td.who role="cell" { (who) }
            td role="cell" data-label=(desk_words::COLUMN_FOR.get()) { (what) }
            td role="cell" data-label=(desk_words::COLUMN_SENT.get()) {
                (desk.clock.say_sent(line.received_at, &line.made_at))
            }
            td role="cell" data-label=(fourth.get()) {
                @if fourth == words::COLUMN_STANDS { (stands(line.state)) } @else { (parts::room(line.room)) }
            }
            td role="cell" data-label=(desk_words::COLUMN_ON_IT.get()) {
                (line.seen_by.as_deref().unwrap_or(desk_words::NOBODY_YET.get()))
            }
            td.act role="cell" {
                a.button href={ "/staff/sign-ups/" (line.id) }
                    aria-label=(desk_words::OPEN_SIGN_UP.fill(&gaps)) { (desk_words::OPEN.get()) }
            }
        }
    }
}

/// Where a sign-up stands, in a word or two.
pub fn stands(state: SignUpState) -> &'static str {
    let text = match state {
        SignUpState::Received => desk_words::STATE_RECEIVED,
        SignUpState::Waiting => desk_words::LIST_WAITING,
        SignUpState::Offered => desk_words::STATE_OFFERED,
        SignUpState::Confirmed => desk_words::STATE_CONFIRMED,
        SignUpState::Attended => desk_words::STATE_ATTENDED,
        SignUpState::Thanked => words::STATE_THANKED,
        SignUpState::NotThere => desk_words::STATE_NOT_THERE,
        SignUpState::Withdrawn => desk_words::STATE_WITHDRAWN,
        SignUpState::Cancelled => desk_words::STATE_CANCELLED,
    };
    text.get()
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
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if filter.after.is_some() {
                    a.button.plain href=(filter.href(filter.show, None)) { (desk_words::TO_THE_OLDEST.get()) }
                }
                @if page.more && let Some(after) = filter::after(&page.rows) {
                    a.button.plain href=(filter.href(filter.show, Some(&after))) { (desk_words::LATER_ONES.get()) }
                }
            }
        }
    }
}
