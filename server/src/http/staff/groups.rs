//! Involvement groups by how far each has come, with who looks after them; and a new one.

use super::{
    desk::{Desk, Run, Way},
    fault::Fault,
    opportunities::areas,
    parts,
};
use crate::{
    commands::group_desk::GroupAction,
    db::{
        desk::{
            Page,
            groups::{self, After, Choice, Line},
        },
        reach::Reach,
    },
    state::App,
};
use app::{
    domain::{group::GroupState, id::GroupId, opportunity::Area, text},
    lang::{
        Text, area_name,
        en::{desk as desk_words, groups as words, programme},
    },
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/groups` and `/groups/new`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/groups", get(list).post(start))
        .route("/groups/new", get(new))
}

/// What the address asks for. What it does not ask for rightly is not asked for.
#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    after_title: String,
    #[serde(default)]
    after: String,
}

/// The heading of the list of a state, and its shorter name.
fn names(state: GroupState) -> (Text, Text) {
    match state {
        GroupState::Draft => (words::LIST_DRAFT, words::TAB_DRAFT),
        GroupState::Open => (words::LIST_OPEN, words::TAB_OPEN),
        GroupState::Paused => (words::LIST_PAUSED, words::TAB_PAUSED),
        GroupState::Ended => (words::LIST_ENDED, words::TAB_ENDED),
    }
}

fn address(state: GroupState) -> String {
    format!("/staff/groups?show={}", state.word())
}

async fn list(
    State(app): State<App>,
    desk: Run,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let state = GroupState::of_word(&asked.show).unwrap_or(GroupState::Open);
    let after = After {
        title: asked.after_title,
        id: asked.after,
    };
    let counts = groups::counts(&app.db.pool, desk.reach).await?;
    let page = groups::page(&app.db.pool, desk.reach, state, &after).await?;
    let title = names(state).0.get();
    let tabs = GroupState::ALL.into_iter().zip(counts);
    let tabs = tabs.map(|(tab, count)| (tab == state, address(tab), names(tab).1.get(), count));
    let main = html! {
        h1 { (title) }
        @if asked.done == "thrown" { p.notice role="status" { (words::DONE_THROWN.get()) } }
        @if desk.reach == Reach::All { p { a.button href="/staff/groups/new" { (words::NEW.get()) } } }
        (parts::lists(words::TITLE.get(), tabs))
        div.stack.whole id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (words::EMPTY.get()) }
            } @else {
                (table(state, &page.rows))
            }
            (pages(state, !after.id.is_empty(), &page))
        }
    };
    Ok(desk.page(Way::Groups, title, true, &main).await?)
}

fn table(state: GroupState, lines: &[Line]) -> Markup {
    let columns = [
        words::COLUMN_NAME,
        words::COLUMN_PEOPLE,
        words::COLUMN_LEADS,
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
                @for line in lines { (row(state, line)) }
            }
        }
    }
}

fn row(state: GroupState, line: &Line) -> Markup {
    html! {
        tr role="row" {
            td.who role="cell" {
                div { (line.title) p.soft { (area_name(line.area).get()) } }
            }
            td role="cell" data-label=(words::COLUMN_PEOPLE.get()) { (line.people) }
            td role="cell" data-label=(words::COLUMN_LEADS.get()) { (looked_after(state, line)) }
            td.act role="cell" {
                a.button href={ "/staff/groups/" (line.id) }
                    aria-label=(words::OPEN_ONE.fill(&[("title", &line.title)])) { (desk_words::OPEN.get()) }
            }
        }
    }
}

/// Who looks after a group; of one that goes on, what is missing stands out.
fn looked_after(state: GroupState, line: &Line) -> Markup {
    let goes_on = state.goes_on();
    html! {
        div {
            @match line.leads {
                0 if goes_on => p { span.mark.waits { (words::NOBODY_LEADS.get()) } },
                0 => "–",
                1 => (words::LEADS_ONE.get()),
                many => (words::LEADS_MANY.fill(&[("count", &many.to_string())])),
            }
            @match &line.backup {
                Some(name) => p.soft { (words::BACKUP_IS.fill(&[("name", name)])) },
                None if goes_on => p { span.mark.waits { (words::NO_BACKUP.get()) } },
                None => {},
            }
        }
    }
}

fn pages(state: GroupState, is_later: bool, page: &Page<Line>) -> Markup {
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

/// What is asked before anything is written.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    title: String,
    #[serde(default)]
    area: String,
}

async fn new(desk: Desk) -> Result<Response, Fault> {
    ask(&desk, "", Area::Other, None).await
}

async fn start(
    State(app): State<App>,
    desk: Desk,
    Form(named): Form<Named>,
) -> Result<Response, Fault> {
    let area = Area::of_word(&named.area).unwrap_or(Area::Other);
    let title = text::tidy(Some(named.title.clone()));
    let title = title.filter(|title| text::fits(Some(title), text::SHORT));
    let Some(title) = title else {
        let page = ask(&desk, &named.title, area, Some(words::TITLE_NEEDED)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let id = GroupId(Uuid::now_v7());
    let action = GroupAction::Start(area, title);
    app.writer.group(desk.staff.id, id, action).await?;
    Ok(Redirect::to(&format!("/staff/groups/{id}/edit?done=started")).into_response())
}

async fn ask(
    desk: &Desk,
    title: &str,
    area: Area,
    problem: Option<Text>,
) -> Result<Response, Fault> {
    let main = html! {
        p.back { a href="/staff/groups" { (words::ALL.get()) } }
        h1 { (words::NEW_TITLE.get()) }
        p.soft { (words::NEW_WHY.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action="/staff/groups" {
            div.field {
                label for="title" { (words::FIELD_TITLE.get()) }
                input id="title" name="title" required maxlength=(text::SHORT) autocomplete="off" value=(title);
            }
            (areas(area))
            button { (words::NEW_DO.get()) }
        }
    };
    let page = desk.page(Way::Groups, words::NEW_TITLE.get(), false, &main);
    Ok(page.await?)
}

/// What stands for no group: an opportunity may stand alone, but no lead's.
pub fn none(reach: Reach, choices: &[Choice], chosen: Option<GroupId>) -> Option<Text> {
    let is_one = choices.iter().any(|choice| Some(choice.id) == chosen);
    match reach {
        Reach::All => Some(words::WHICH_NONE),
        Reach::Led(_) => (!is_one).then_some(programme::GROUP_PICK),
    }
}

/// What stands for no group, if that may be chosen, and the groups to which an opportunity may belong: each value with
/// its name.
pub fn options(choices: &[Choice], none: Option<Text>) -> Vec<(String, String)> {
    let none = none.map(|none| (String::new(), none.get().to_owned()));
    let called = |choice: &Choice| {
        let title = [("title", choice.title.as_str())];
        match choice.state {
            GroupState::Draft => words::WHICH_DRAFT.fill(&title),
            GroupState::Ended => words::WHICH_ENDED.fill(&title),
            GroupState::Open | GroupState::Paused => choice.title.clone(),
        }
    };
    let groups = choices.iter();
    let groups = groups.map(|choice| (choice.id.to_string(), called(choice)));
    none.into_iter().chain(groups).collect()
}

/// The way to the group that something belongs to.
pub fn belongs(id: GroupId, title: &str) -> Markup {
    html! {
        a href={ "/staff/groups/" (id) } { (words::OF_GROUP.fill(&[("title", title)])) }
    }
}
