//! Opportunities by how far each has come, with the next session and how full that is; and a new one.

use super::{
    desk::{Desk, Run, Way},
    fault::Fault,
    groups::options,
    parts, when,
};
use crate::{
    commands::programme::{ProgrammeAction, ProgrammeDone},
    db::{
        desk::{
            Page,
            groups::{Choice, choices},
            opportunities::{self, After, Line, Next},
        },
        groups::{self as groups_db, GroupRow},
        reach::Reach,
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        id::{GroupId, OpportunityId},
        opportunity::{Area, OpportunityState},
        plan::Plan,
        text,
    },
    lang::{
        Text, area_name,
        en::{desk as desk_words, groups, programme as words},
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

/// `/opportunities` and `/opportunities/new`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/opportunities", get(list).post(start))
        .route("/opportunities/new", get(new))
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
fn names(state: OpportunityState) -> (Text, Text) {
    match state {
        OpportunityState::Draft => (words::LIST_DRAFT, words::TAB_DRAFT),
        OpportunityState::Published => (words::LIST_PUBLISHED, words::TAB_PUBLISHED),
        OpportunityState::Paused => (words::LIST_PAUSED, words::TAB_PAUSED),
        OpportunityState::Closed => (words::LIST_CLOSED, words::TAB_CLOSED),
        OpportunityState::ReportedBack => (words::LIST_REPORTED_BACK, words::TAB_REPORTED_BACK),
        OpportunityState::Archived => (words::LIST_ARCHIVED, words::TAB_ARCHIVED),
        OpportunityState::Cancelled => (words::LIST_CANCELLED, words::TAB_CANCELLED),
    }
}

/// How far an opportunity has come, in short.
pub fn state_name(state: OpportunityState) -> Text {
    names(state).1
}

fn address(state: OpportunityState) -> String {
    format!("/staff/opportunities?show={}", state.word())
}

async fn list(
    State(app): State<App>,
    desk: Run,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let state = OpportunityState::of_word(&asked.show).unwrap_or(OpportunityState::Published);
    let after = After {
        title: asked.after_title,
        id: asked.after,
    };
    let counts = opportunities::counts(&app.db.pool, desk.reach).await?;
    let page =
        opportunities::page(&app.db.pool, desk.reach, state, desk.clock.now(), &after).await?;
    let title = names(state).0.get();
    let tabs = OpportunityState::ALL.into_iter().zip(counts);
    let tabs = tabs.map(|(tab, count)| (tab == state, address(tab), names(tab).1.get(), count));
    let main = html! {
        h1 { (title) }
        @if asked.done == "thrown" { p.notice role="status" { (words::DONE_THROWN.get()) } }
        p { a.button href="/staff/opportunities/new" { (words::NEW.get()) } }
        (parts::lists(words::TITLE.get(), tabs))
        div.stack.whole id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (words::EMPTY.get()) }
            } @else {
                (table(&page.rows))
            }
            (pages(state, !after.id.is_empty(), &page))
        }
    };
    Ok(desk.page(Way::Opportunities, title, true, &main).await?)
}

fn table(lines: &[Line]) -> Markup {
    let columns = [
        words::COLUMN_NAME,
        words::COLUMN_NEXT,
        words::COLUMN_ROOM,
        words::COLUMN_STATE,
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

/// What an opportunity is called on the desk.
pub fn called(title: &str) -> &str {
    if title.trim().is_empty() {
        words::NO_NAME.get()
    } else {
        title
    }
}

fn row(line: &Line) -> Markup {
    let title = called(&line.title);
    let room = line.next.as_ref().map(|next| parts::room(next.room));
    let edited = line.is_edited.then(|| words::WAITING_EDIT.get());
    html! {
        tr role="row" {
            td.who role="cell" {
                div {
                    (title) p.soft { (area_name(line.area).get()) }
                    @if let Some(group) = &line.group {
                        p.soft { (groups::OF_GROUP.fill(&[("title", group)])) }
                    }
                }
            }
            td role="cell" data-label=(words::COLUMN_NEXT.get()) { (next(line)) }
            td role="cell" data-label=(words::COLUMN_ROOM.get()) { (room.unwrap_or("–".to_owned())) }
            td role="cell" data-label=(words::COLUMN_STATE.get()) { (edited.unwrap_or("–")) }
            td.act role="cell" {
                a.button href={ "/staff/opportunities/" (line.id) }
                    aria-label=(words::OPEN_ONE.fill(&[("title", title)])) { (desk_words::OPEN.get()) }
            }
        }
    }
}

fn next(line: &Line) -> String {
    let Some(Next { local_start, .. }) = &line.next else {
        return words::NEXT_NONE.get().to_owned();
    };
    let day = local_start.as_deref().map(when::say_civil);
    let day = day.unwrap_or_else(|| app::lang::en::when::NO_FIXED_TIME.get().to_owned());
    match line.to_come - 1 {
        ..=0 => day,
        more => words::NEXT_AND.fill(&[("when", &day), ("count", &more.to_string())]),
    }
}

fn pages(state: OpportunityState, is_later: bool, page: &Page<Line>) -> Markup {
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
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    title: String,
    area: String,
    group: String,
}

impl Named {
    fn area(&self) -> Area {
        Area::of_word(&self.area).unwrap_or(Area::Other)
    }

    fn group(&self) -> Option<GroupId> {
        self.group.parse().ok()
    }
}

async fn new(
    State(app): State<App>,
    desk: Run,
    Query(named): Query<Named>,
) -> Result<Response, Fault> {
    let (group, _) = in_group(&app, &desk, &named).await?;
    let area = group.map_or(Area::Other, |row| row.record.area);
    let named = Named {
        title: String::new(),
        area: area.word().to_owned(),
        ..named
    };
    ask(&app, &desk, &named, None).await
}

async fn start(
    State(app): State<App>,
    desk: Run,
    Form(named): Form<Named>,
) -> Result<Response, Fault> {
    let title = text::tidy(Some(named.title.clone()));
    let title = title.filter(|title| text::fits(Some(title), text::SHORT));
    let Some(title) = title else {
        return again(&app, &desk, &named, words::TITLE_NEEDED).await;
    };
    let id = OpportunityId(Uuid::now_v7());
    let plan = Plan {
        group: named.group(),
        ..Plan::new(named.area(), title)
    };
    let action = ProgrammeAction::Start(id, Box::new(plan));
    match app.writer.programme(desk.staff.id, action).await? {
        ProgrammeDone::NotTheirs => again(&app, &desk, &named, words::GROUP_NEEDED).await,
        _ => {
            let form = format!("/staff/opportunities/{id}/edit?done=started");
            Ok(Redirect::to(&form).into_response())
        }
    }
}

async fn again(app: &App, desk: &Desk, named: &Named, problem: Text) -> Result<Response, Fault> {
    let page = ask(app, desk, named, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The group in which it is started, where there is one that they run; and those that a lead may choose from.
async fn in_group(
    app: &App,
    desk: &Desk,
    named: &Named,
) -> Result<(Option<GroupRow>, Vec<Choice>), Error> {
    let mut reader = app.db.reader().await?;
    let choices = match desk.reach {
        Reach::All => Vec::new(),
        Reach::Led(_) => choices(&mut reader, desk.reach, &[]).await?,
    };
    let Some(id) = named.group() else {
        return Ok((None, choices));
    };
    if !desk.reach.may_run(&mut reader, id).await? {
        return Ok((None, choices));
    }
    Ok((groups_db::find(&mut reader, id).await?, choices))
}

async fn ask(
    app: &App,
    desk: &Desk,
    named: &Named,
    problem: Option<Text>,
) -> Result<Response, Fault> {
    let (group, mine) = in_group(app, desk, named).await?;
    let is_nobodys = desk.reach != Reach::All && mine.is_empty();
    let main = html! {
        p.back { a href="/staff/opportunities" { (words::ALL.get()) } }
        h1 { (words::NEW_TITLE.get()) }
        p.soft { (words::NEW_WHY.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        @if is_nobodys { p.card { (words::NO_GROUP_YET.get()) } }
        form.stack.card method="post" action="/staff/opportunities" {
            div.field {
                label for="title" { (words::FIELD_TITLE.get()) }
                input id="title" name="title" required maxlength=(text::SHORT) autocomplete="off" value=(named.title);
            }
            (areas(named.area()))
            @if let Some(group) = group {
                input type="hidden" name="group" value=(group.id);
                p { (groups::OF_GROUP.fill(&[("title", &group.record.title)])) }
            } @else if !mine.is_empty() {
                (which_group(&mine))
            }
            button { (words::NEW_DO.get()) }
        }
    };
    let page = desk.page(Way::Opportunities, words::NEW_TITLE.get(), false, &main);
    Ok(page.await?)
}

/// The kinds of work to choose from.
pub fn areas(chosen: Area) -> Markup {
    html! {
        div.field {
            label for="area" { (words::FIELD_AREA.get()) }
            select id="area" name="area" {
                @for area in Area::ALL {
                    option value=(area.word()) selected[area == chosen] { (area_name(area).get()) }
                }
            }
        }
    }
}

/// The group that a lead starts it in: one of theirs.
fn which_group(mine: &[Choice]) -> Markup {
    let pick = (mine.len() > 1).then_some(words::GROUP_PICK);
    html! {
        div.field {
            label for="group" { (groups::WHICH.get()) }
            select id="group" name="group" required {
                @for (value, name) in options(mine, pick) { option value=(value) { (name) } }
            }
        }
    }
}
