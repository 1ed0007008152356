//! Who read or did what, about whom, for admins. The log is only ever added to.

use super::{
    accounts,
    desk::{Admin, Desk, Way},
    fault::Fault,
    parts, sign_ups,
};
use crate::{
    db::{
        desk::{
            Page,
            audit::{self, Line},
        },
        leaving,
    },
    staff::{accounts::THE_SERVER, people},
    state::App,
};
use app::lang::en::{
    accounts as own_words, desk as words, help_lines as lines, people as own, programme as run,
    retention as keeping,
};
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
    let page = audit::page(&app.db.pool, desk.staff.id, &before).await?;
    let title = words::AUDIT_TITLE.get();
    let main = html! {
        h1 { (title) }
        p.soft { (words::AUDIT_ORDER.get()) }
        @if page.rows.is_empty() {
            p.card { (words::AUDIT_EMPTY.get()) }
        } @else {
            (table(&desk, &page.rows))
        }
        (pages(&before, &page))
    };
    Ok(desk.page(Way::Audit, title, false, &main).await?)
}

const COLUMNS: [app::lang::Text; 5] = [
    words::COLUMN_WHO,
    words::COLUMN_DID,
    words::COLUMN_ABOUT,
    words::COLUMN_TEAM,
    words::COLUMN_WHEN,
];

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in COLUMNS {
                        th role="columnheader" scope="col" { (column.get()) }
                    }
                }
            }
            tbody role="rowgroup" {
                @for line in lines {
                    tr role="row" {
                        td.who role="cell" { (by(line)) }
                        td role="cell" data-label=(COLUMNS[1].get()) { (said(&line.action)) }
                        td role="cell" data-label=(COLUMNS[2].get()) { (about(line)) }
                        td role="cell" data-label=(COLUMNS[3].get()) { (line.team.as_deref().unwrap_or("–")) }
                        td role="cell" data-label=(COLUMNS[4].get()) { (desk.clock.say(line.at)) }
                    }
                }
            }
        }
    }
}

/// Who did it. What nobody on the staff did, the person did.
fn by(line: &Line) -> &str {
    if line.action == leaving::LEFT {
        return words::THEMSELVES.get();
    }
    if line.staff == THE_SERVER.to_string() {
        return own_words::AT_THE_SERVER.get();
    }
    parts::who(line.who.as_deref())
}

/// Whom a line is about, and what they signed up for. A link where the reader may follow it: what it
/// opens is one more reading, and is written down as one.
fn about(line: &Line) -> Markup {
    if let Some(name) = &line.account {
        return html! { (name) };
    }
    if line.member.is_none() {
        return html! { "–" };
    }
    let who = parts::who(line.about.as_deref());
    let they = parts::they(line.about.as_deref());
    let what =
        (line.title.as_deref()).map(|title| sign_ups::what(title, line.local_start.as_deref()));
    let opens = match (&line.sign_up, &what, &line.check_in) {
        (Some(id), Some(what), _) => Some((
            format!("/staff/sign-ups/{id}"),
            words::OPEN_SIGN_UP.fill(&[("who", they), ("what", what)]),
        )),
        (_, _, Some(id)) => Some((
            format!("/staff/check-ins/{id}"),
            words::OPEN_CHECK_IN.fill(&[("who", they)]),
        )),
        _ => None,
    };
    html! {
        div {
            @match opens {
                Some((href, open)) => a href=(href) aria-label=(open) { (who) },
                None => (who),
            }
            @if let Some(what) = what { p.soft { (what) } }
        }
    }
}

/// An action in words; one that has none yet, by its name.
fn said(action: &str) -> &str {
    match action {
        "sign_up.read" => words::AUDIT_SIGN_UP_READ.get(),
        "sign_up.confirm" => words::AUDIT_SIGN_UP_CONFIRM.get(),
        "sign_up.cancel" => words::AUDIT_SIGN_UP_CANCEL.get(),
        "sign_up.note" => words::AUDIT_SIGN_UP_NOTE.get(),
        "check_in.read" => words::AUDIT_CHECK_IN_READ.get(),
        "check_in.take_on" => words::AUDIT_CHECK_IN_TAKE_ON.get(),
        "check_in.hand_over" => words::AUDIT_CHECK_IN_HAND_OVER.get(),
        "check_in.reply" => words::AUDIT_CHECK_IN_REPLY.get(),
        "check_in.rang" => words::AUDIT_CHECK_IN_RANG.get(),
        "check_in.close" => words::AUDIT_CHECK_IN_CLOSE.get(),
        "check_in.copied" => words::AUDIT_CHECK_IN_COPIED.get(),
        "team.edit" => words::AUDIT_TEAM_EDIT.get(),
        "safety.write" => words::AUDIT_SAFETY_WRITE.get(),
        "safety.read" => words::AUDIT_SAFETY_READ.get(),
        "safety.list" => words::AUDIT_SAFETY_LIST.get(),
        "safety.settings" => words::AUDIT_SAFETY_SETTINGS.get(),
        "safety.reader_named" => words::AUDIT_SAFETY_READER_NAMED.get(),
        "safety.reader_removed" => words::AUDIT_SAFETY_READER_REMOVED.get(),
        leaving::LEFT => words::AUDIT_LEFT.get(),
        "mail.default" => words::AUDIT_MAIL_DEFAULT.get(),
        people::NEW_PHONE => own::AUDIT_NEW_PHONE.get(),
        people::LOST => own::AUDIT_LOST.get(),
        "opportunity.start" => run::AUDIT_START.get(),
        "opportunity.edit" => run::AUDIT_EDIT.get(),
        "opportunity.forget" => run::AUDIT_FORGET.get(),
        "opportunity.publish" => run::AUDIT_PUBLISH.get(),
        "opportunity.change" => run::AUDIT_CHANGE.get(),
        "opportunity.pause" => run::AUDIT_PAUSE.get(),
        "opportunity.close" => run::AUDIT_CLOSE.get(),
        "opportunity.report_back" => run::AUDIT_REPORT_BACK.get(),
        "opportunity.archive" => run::AUDIT_ARCHIVE.get(),
        "opportunity.cancel" => run::AUDIT_CANCEL.get(),
        "opportunity.letter" => run::AUDIT_LETTER.get(),
        "session.add" => run::AUDIT_SESSION_ADD.get(),
        "session.change" => run::AUDIT_SESSION_CHANGE.get(),
        "session.move" => run::AUDIT_SESSION_MOVE.get(),
        "session.cancel" => run::AUDIT_SESSION_CANCEL.get(),
        "retention.change" => keeping::AUDITED.get(),
        "help_line.add" => lines::AUDIT_ADD.get(),
        "help_line.change" => lines::AUDIT_CHANGE.get(),
        "help_line.place" => lines::AUDIT_PLACE.get(),
        "help_line.check" => lines::AUDIT_CHECK.get(),
        "help_line.take_away" => lines::AUDIT_TAKE_AWAY.get(),
        "help_line.start" => lines::AUDIT_START.get(),
        other => accounts::said(other).unwrap_or(other),
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
