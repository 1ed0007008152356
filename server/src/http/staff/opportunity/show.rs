//! The page of one opportunity.

use super::{Page, Whole, load};
use crate::{
    db::sessions::SessionRow,
    http::staff::{
        changes::state_name,
        desk::{Desk, Run, Way},
        groups, parts,
    },
    state::App,
};
use app::{
    domain::{
        opportunity::{OpportunityState, SessionState},
        plan::{Part, Told},
        programme::{self, Step},
    },
    lang::{
        Text, area_name,
        en::{board, changes, desk as desk_words, poster, programme as words},
    },
    ui::when,
};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// What was just done, said once.
fn done(word: &str) -> Option<Text> {
    Some(match word {
        "kept" => words::DONE_KEPT,
        "publish" => words::DONE_PUBLISH,
        "change" => words::DONE_CHANGE,
        "pause" => words::DONE_PAUSE,
        "close" => words::DONE_CLOSE,
        "report_back" => words::DONE_REPORT_BACK,
        "archive" => words::DONE_ARCHIVE,
        "cancel" => words::DONE_CANCEL,
        "forget" => words::DONE_FORGET,
        "added" => words::DONE_ADDED,
        "moved" => words::DONE_MOVED,
        "called_off" => words::DONE_CALLED_OFF,
        _ => return None,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    page(&desk, &whole, done(&asked.done), None).await
}

/// The page, with what was done or what holds something up.
pub(super) async fn page(
    desk: &Desk,
    whole: &Whole,
    done: Option<Text>,
    problem: Option<&str>,
) -> Page {
    let title = whole.title();
    let main = html! {
        p.back { a href={ "/staff/opportunities?show=" (whole.record.state.word()) } { (words::ALL.get()) } }
        div {
            h1 { (title) }
            p.soft { (area_name(whole.plan().area).get()) }
            @if let Some(group) = whole.group() {
                p { (groups::belongs(group.id, &group.title)) }
            }
        }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        (state_mark(whole.record.state))
        (told(whole))
        (written(desk, whole))
        (sessions(whole))
        (what_changed(whole))
        (next_steps(whole))
    };
    Ok(desk.page(Way::Opportunities, &title, false, &main).await?)
}

fn state_mark(state: OpportunityState) -> Markup {
    let (class, words) = match state {
        OpportunityState::Draft => ("mark waits", words::STATE_DRAFT),
        OpportunityState::Published => ("mark", words::STATE_PUBLISHED),
        OpportunityState::Paused => ("mark waits", words::STATE_PAUSED),
        OpportunityState::Closed => ("mark waits", words::STATE_CLOSED),
        OpportunityState::ReportedBack => ("mark", words::STATE_REPORTED_BACK),
        OpportunityState::Archived => ("mark over", words::STATE_ARCHIVED),
        OpportunityState::Cancelled => ("mark over", words::STATE_CANCELLED),
    };
    html! { p { span class=(class) { (words.get()) } } }
}

/// What members were told when it ended.
fn told(whole: &Whole) -> Markup {
    let Told { came_of_it, reason } = Told::of(&whole.record);
    let all = [
        (words::TOLD_CAME_OF_IT, came_of_it),
        (words::TOLD_REASON, reason),
    ];
    html! {
        @for (heading, text) in all {
            @if let Some(text) = text {
                section.card {
                    h2 { (heading.get()) }
                    p { (parts::said(&text)) }
                }
            }
        }
    }
}

/// What is written, what of it members do not see, and what is still missing.
fn written(desk: &Desk, whole: &Whole) -> Markup {
    let path = whole.path();
    let state = whole.record.state;
    let may_edit = programme::may_edit(state);
    let is_draft = state == OpportunityState::Draft;
    let missing = if is_draft || whole.edit.is_some() {
        whole.plan().missing()
    } else {
        Vec::new()
    };
    html! {
        section.card aria-labelledby="written" {
            @if let Some(edit) = &whole.edit {
                h2 id="written" { (words::EDIT_TITLE.get()) }
                p { (words::EDIT_BY.fill(&[("who", &edit.by_name), ("when", &desk.clock.say_inside(edit.at))])) }
            } @else {
                h2 id="written" { (words::PREVIEW_TITLE.get()) }
                p { (words::EDIT_NONE.get()) }
            }
            @if may_edit && !missing.is_empty() { (missing_parts(&missing)) }
            div.actions {
                @if may_edit {
                    a.button.plain href={ (path) "/edit" } {
                        (if whole.edit.is_some() { words::EDIT_GO_ON } else { words::EDIT_START }.get())
                    }
                }
                a.button.plain href={ (path) "/preview" } { (words::SEE.get()) }
                @if may_edit && missing.is_empty() {
                    @if is_draft {
                        (button(&path, Step::Publish, words::PUBLISH, ""))
                    } @else if whole.edit.is_some() {
                        (button(&path, Step::Change, words::EDIT_SHOW, ""))
                    }
                }
            }
            @if may_edit && (is_draft || whole.edit.is_some()) {
                p { a href={ (path) "/forget" } {
                    (if is_draft { words::THROW_AWAY } else { words::EDIT_FORGET }.get())
                } }
            }
        }
    }
}

fn missing_parts(missing: &[Part]) -> Markup {
    let named = missing.iter().map(|part| part_name(*part).get());
    let named: Vec<&str> = named.collect();
    html! {
        p { strong { (words::MISSING.fill(&[("parts", &named.join(", "))])) } }
    }
}

fn part_name(part: Part) -> Text {
    match part {
        Part::Title => words::PART_TITLE,
        Part::Purpose => words::PART_PURPOSE,
        Part::WhatHappens => words::PART_WHAT_HAPPENS,
        Part::WhatNext => words::PART_WHAT_NEXT,
        Part::Contact => words::PART_CONTACT,
    }
}

fn button(path: &str, step: Step, words: Text, class: &str) -> Markup {
    html! {
        form method="post" action={ (path) "/step" } {
            button class=(class) name="step" value=(step.word()) { (words.get()) }
        }
    }
}

fn sessions(whole: &Whole) -> Markup {
    let path = whole.path();
    let none = if whole.plan().comment_only {
        words::SESSIONS_NOT_NEEDED
    } else {
        words::SESSIONS_NONE
    };
    html! {
        section.stack.whole aria-labelledby="sessions" {
            h2 id="sessions" { (words::SESSIONS.get()) }
            @if whole.sessions.is_empty() { p { (none.get()) } } @else { (session_table(&whole.sessions)) }
            div.actions {
                @if programme::may_edit(whole.record.state) {
                    a.button href={ (path) "/sessions/new" } { (words::SESSION_ADD.get()) }
                }
                a.button.plain href={ "/staff/sign-ups?opportunity=" (whole.id) } { (words::SIGN_UPS.get()) }
            }
        }
    }
}

fn session_table(rows: &[SessionRow]) -> Markup {
    let columns = [
        words::COLUMN_WHEN,
        words::COLUMN_WHERE,
        words::COLUMN_ROOM,
        words::COLUMN_LEAD,
        words::COLUMN_HOW_FAR,
    ];
    let columns = columns.map(Text::get);
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th role="columnheader" scope="col" { (column) } }
                    th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for row in rows {
                    @let when = when::session_time(&row.record);
                    tr role="row" {
                        td.who role="cell" { (when) }
                        td role="cell" data-label=(columns[1]) { (when::session_place(&row.record)) }
                        td role="cell" data-label=(columns[2]) { (parts::room(room(row))) }
                        td role="cell" data-label=(columns[3]) { (row.record.lead.as_deref().unwrap_or("–")) }
                        td role="cell" data-label=(columns[4]) { (session_state(row.record.state).get()) }
                        td.act role="cell" {
                            a.button href={ "/staff/sessions/" (row.id) }
                                aria-label=(words::OPEN_SESSION.fill(&[("when", &when)])) { (desk_words::OPEN.get()) }
                            (files(row, &when))
                        }
                    }
                }
            }
        }
    }
}

/// What leaves the desk for a session: a register to print, and a calendar entry if it has a fixed time.
fn files(row: &SessionRow, when: &str) -> Markup {
    let path = format!("/staff/sessions/{}", row.id);
    let about = |what: Text| words::OF_SESSION.fill(&[("what", what.get()), ("when", when)]);
    html! {
        p.links {
            a href={ (path) "/register" } aria-label=(about(board::REGISTER)) { (board::REGISTER_SHORT.get()) }
            @if row.record.starts_at.is_some() {
                a href={ (path) "/calendar.ics" } download aria-label=(about(board::CALENDAR)) { (board::CALENDAR_SHORT.get()) }
            }
        }
    }
}

/// How full a session is.
pub fn room(row: &SessionRow) -> crate::db::desk::sign_ups::Room {
    crate::db::desk::sign_ups::Room {
        places: row.record.places.map(i64::from),
        taken: row.taken,
        waiting: row.waiting,
    }
}

/// How far a session has come.
pub fn session_state(state: SessionState) -> Text {
    match state {
        SessionState::Scheduled => words::SESSION_STATE_SCHEDULED,
        SessionState::Happened => words::SESSION_STATE_HAPPENED,
        SessionState::Moved => words::SESSION_STATE_MOVED,
        SessionState::Cancelled => words::SESSION_STATE_CANCELLED,
    }
}

/// What changed because of it: what is written so far, and the way to write it, once it was reported back.
fn what_changed(whole: &Whole) -> Markup {
    let is_told = matches!(
        whole.record.state,
        OpportunityState::ReportedBack | OpportunityState::Archived
    );
    html! {
        @if is_told {
            section.card aria-labelledby="changes" {
                h2 id="changes" { (changes::OF_OPPORTUNITY.get()) }
                @for (id, state) in &whole.changes {
                    p { a href={ "/staff/changes/" (id) } {
                        (changes::WRITTEN_OF.fill(&[("state", state_name(*state).get())]))
                    } }
                }
                @if whole.changes.is_empty() {
                    form method="post" action="/staff/changes" {
                        input type="hidden" name="opportunity" value=(whole.id);
                        button.plain { (changes::WRITE_OF.get()) }
                    }
                }
            }
        }
    }
}

/// What may follow, and the letter.
fn next_steps(whole: &Whole) -> Markup {
    let path = whole.path();
    let state = whole.record.state;
    let may = |step| programme::after(state, step).is_some();
    let again = match state {
        OpportunityState::ReportedBack => words::REPORT_AGAIN,
        _ => words::REPORT,
    };
    html! {
        section.card aria-labelledby="next" {
            h2 id="next" { (words::WHAT_NEXT.get()) }
            div.actions {
                @if may(Step::Publish) && state == OpportunityState::Paused {
                    (button(&path, Step::Publish, words::PUBLISH_AGAIN, ""))
                }
                @if may(Step::Pause) { (button(&path, Step::Pause, words::PAUSE, "plain")) }
                @if may(Step::Close) {
                    a.button.plain href={ (path) "/step?step=close" } { (words::CLOSE.get()) }
                }
                @if may(Step::ReportBack) {
                    a.button.plain href={ (path) "/report" } { (again.get()) }
                }
                @if may(Step::Archive) { (button(&path, Step::Archive, words::ARCHIVE, "plain")) }
                @if may(Step::Cancel) {
                    a.button.plain href={ (path) "/cancel" } { (words::CANCEL.get()) }
                }
            }
            @if may(Step::Pause) { p.soft { (words::PAUSE_UNDER.get()) } }
            @if state == OpportunityState::Published {
                p { a href={ (path) "/poster" } { (poster::TITLE.get()) } }
            }
            p { a href={ (path) "/letter" } { (words::LETTER.get()) } }
        }
    }
}
