//! The notes themselves, by how far each has come; and a new one.

use super::{called, credit};
use crate::{
    commands::learning::{NoteAction, NoteDone, Start},
    db::learning::{self, NoteRow},
    http::staff::{
        changes::{choices, groups},
        desk::{Desk, Run, Way},
        fault::Fault,
        parts,
    },
    state::App,
};
use app::{
    domain::{
        id::{GroupId, NoteId},
        learning::{NotePlan, NoteState},
        time::Millis,
    },
    lang::{
        Text,
        en::{changes as change_words, desk as desk_words, learning as words},
    },
};
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// What the address asks for. What it does not ask for rightly is not asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    done: String,
    after_at: String,
    after: String,
}

/// The heading of the list of a state, and its shorter name.
fn names(state: NoteState) -> (Text, Text) {
    match state {
        NoteState::Draft => (words::LIST_DRAFT, words::TAB_DRAFT),
        NoteState::Approved => (words::LIST_APPROVED, words::TAB_APPROVED),
        NoteState::Published => (words::LIST_PUBLISHED, words::TAB_PUBLISHED),
        NoteState::Superseded => (words::LIST_SUPERSEDED, words::TAB_SUPERSEDED),
    }
}

fn address(state: NoteState) -> String {
    format!("/staff/learning/notes?show={}", state.word())
}

pub(super) async fn list(
    State(app): State<App>,
    desk: Run,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let state = NoteState::of_word(&asked.show).unwrap_or(NoteState::Draft);
    let is_later = !asked.after.is_empty();
    let after: Option<Millis> = asked.after_at.parse().ok();
    let after = after.filter(|_| is_later).map(|at| (at, asked.after));
    let counts = learning::counts(&app.db.pool, desk.reach).await?;
    let page = learning::page(&app.db.pool, desk.reach, state, after).await?;
    let title = names(state).0.get();
    let tabs = NoteState::ALL.into_iter().zip(counts);
    let tabs = tabs.map(|(tab, count)| (tab == state, address(tab), names(tab).1.get(), count));
    let main = html! {
        p.back { a href="/staff/learning" { (words::ALL.get()) } }
        h1 { (title) }
        @if asked.done == "thrown" { p.notice role="status" { (change_words::DONE_THROWN.get()) } }
        p { a.button href="/staff/learning/notes/new" { (words::NEW_NOTE.get()) } }
        (parts::lists(words::NOTES.get(), tabs))
        div.stack.whole id="list" {
            @if page.rows.is_empty() { p.card { (change_words::EMPTY.get()) } } @else { (table(&desk, &page.rows)) }
            @if page.more || is_later {
                nav.pages aria-label=(desk_words::PAGES.get()) {
                    @if is_later { a.button.plain href=(address(state)) { (desk_words::TO_THE_FIRST.get()) } }
                    @if page.more && let Some((last, at)) = page.rows.last() {
                        a.button.plain href={ (address(state)) "&after_at=" (at) "&after=" (last.id) } {
                            (desk_words::LATER_ONES.get())
                        }
                    }
                }
            }
        }
    };
    Ok(desk.page(Way::Learning, title, false, &main).await?)
}

fn table(desk: &Desk, lines: &[(NoteRow, Millis)]) -> Markup {
    let columns = [
        words::COLUMN_NOTE,
        change_words::COLUMN_WHO,
        change_words::COLUMN_WHEN,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th role="columnheader" scope="col" { (column.get()) } }
                    th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for (row, at) in lines {
                    @let title = called(row);
                    @let by = row.written.name.as_deref().unwrap_or(change_words::OF_MEMBERS.get());
                    tr role="row" {
                        td.who role="cell" { div { bdi { (title) } (credit(row)) } }
                        td role="cell" data-label=(columns[1].get()) { (by) }
                        td role="cell" data-label=(columns[2].get()) { (desk.clock.say(*at)) }
                        td.act role="cell" {
                            a.button href={ "/staff/learning/notes/" (row.id) }
                                aria-label=(change_words::OPEN_ONE.fill(&[("said", &title)])) { (desk_words::OPEN.get()) }
                        }
                    }
                }
            }
        }
    }
}

/// What is asked before anything is written.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    group: String,
}

pub(super) async fn new(State(app): State<App>, desk: Run) -> Result<Response, Fault> {
    ask(&app, &desk, None, None).await
}

pub(super) async fn start(
    State(app): State<App>,
    desk: Run,
    Form(named): Form<Named>,
) -> Result<Response, Fault> {
    let group: Option<GroupId> = named.group.parse().ok();
    let id = NoteId(Uuid::now_v7());
    let start = Start {
        plan: NotePlan {
            significant: true,
            ..NotePlan::new(group)
        },
        change: None,
    };
    let action = NoteAction::Start(Box::new(start));
    match app.writer.note(desk.staff.id, id, action).await? {
        NoteDone::NotTheirs => {
            let page = ask(&app, &desk, group, Some(change_words::GROUP_NEEDED)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        _ => {
            let form = format!("/staff/learning/notes/{id}/edit?done=started");
            Ok(Redirect::to(&form).into_response())
        }
    }
}

async fn ask(
    app: &App,
    desk: &Desk,
    chosen: Option<GroupId>,
    problem: Option<Text>,
) -> Result<Response, Fault> {
    let choices = choices(app, desk.reach, chosen).await?;
    let title = words::NEW_NOTE.get();
    let main = html! {
        p.back { a href="/staff/learning/notes" { (words::ALL_NOTES.get()) } }
        h1 { (title) }
        p.soft { (words::NEW_NOTE_WHY.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action="/staff/learning/notes" {
            (which_group(desk, &choices, chosen))
            button { (change_words::NEW_DO.get()) }
        }
    };
    Ok(desk.page(Way::Learning, title, false, &main).await?)
}

/// The groups to choose from.
pub(super) fn which_group(
    desk: &Desk,
    choices: &[crate::db::desk::groups::Choice],
    chosen: Option<GroupId>,
) -> Markup {
    let options = groups(desk.reach, choices, chosen);
    let chosen = chosen.map(|group| group.to_string()).unwrap_or_default();
    html! {
        div.field {
            label for="group" { (change_words::FIELD_GROUP.get()) }
            select id="group" name="group" {
                @for (value, name) in options { option value=(value) selected[value == chosen] { (name) } }
            }
        }
    }
}
