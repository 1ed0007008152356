//! What changed because of what people said, by how far each has come; and a new one.

use super::{
    desk::{Desk, Run, Way},
    fault::Fault,
    groups::{none, options},
    opportunities::areas,
    parts, when,
};
use crate::{
    commands::changes::{ChangeAction, ChangeDone, Start},
    db::{
        desk::{
            Page,
            changes::{self, After, Line},
            groups::{self as groups_db, Choice},
        },
        reach::Reach,
    },
    http::client,
    state::App,
};
use app::{
    domain::{
        change::{ChangeKind, ChangePlan, ChangeState, SourceKind, brief},
        group::GroupState,
        id::{ChangeId, GroupId, OpportunityId},
        opportunity::Area,
    },
    lang::{
        Text, area_name,
        en::{changes as words, desk as desk_words, groups as group_words},
    },
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/changes` and `/changes/new`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/changes", get(list).post(start))
        .route("/changes/new", get(new))
}

/// How much of what people said stands in a list.
const BRIEF: usize = 90;

/// What the address asks for. What it does not ask for rightly is not asked for.
#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    after_at: String,
    #[serde(default)]
    after: String,
}

/// The heading of the list of a state, and its shorter name.
fn names(state: ChangeState) -> (Text, Text) {
    match state {
        ChangeState::Draft => (words::LIST_DRAFT, words::TAB_DRAFT),
        ChangeState::Agreed => (words::LIST_AGREED, words::TAB_AGREED),
        ChangeState::Published => (words::LIST_PUBLISHED, words::TAB_PUBLISHED),
        ChangeState::Superseded => (words::LIST_SUPERSEDED, words::TAB_SUPERSEDED),
        ChangeState::TakenDown => (words::LIST_TAKEN_DOWN, words::TAB_TAKEN_DOWN),
    }
}

/// How far a change has come, in short.
pub fn state_name(state: ChangeState) -> Text {
    names(state).1
}

/// What a change is called on the desk: the beginning of what people said.
pub fn called(you_said: &str) -> String {
    let said = brief(you_said, BRIEF);
    if said.is_empty() {
        words::NO_WORDS.get().to_owned()
    } else {
        said
    }
}

fn address(state: ChangeState) -> String {
    format!("/staff/changes?show={}", state.word())
}

async fn list(
    State(app): State<App>,
    desk: Run,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let state = ChangeState::of_word(&asked.show).unwrap_or(ChangeState::Draft);
    let is_later = !asked.after.is_empty();
    let after = match asked.after_at.parse() {
        Ok(at) if is_later => After {
            at,
            id: asked.after,
        },
        _ => After::default(),
    };
    let counts = changes::counts(&app.db.pool, desk.reach).await?;
    let page = changes::page(&app.db.pool, desk.reach, state, &after).await?;
    let title = names(state).0.get();
    let tabs = ChangeState::ALL.into_iter().zip(counts);
    let tabs = tabs.map(|(tab, count)| (tab == state, address(tab), names(tab).1.get(), count));
    let feed = format!("{}/what-changed.atom", client::origin(&app, &headers));
    let main = html! {
        h1 { (title) }
        @if asked.done == "thrown" { p.notice role="status" { (words::DONE_THROWN.get()) } }
        p { a.button href="/staff/changes/new" { (words::NEW.get()) } }
        (parts::lists(words::TITLE.get(), tabs))
        div.stack.whole id="list" data-live {
            @if page.rows.is_empty() {
                p.card { (words::EMPTY.get()) }
            } @else {
                (table(&desk, state, &page.rows))
            }
            (pages(state, is_later, &page))
        }
        @if state == ChangeState::Published {
            p.soft { (words::FEED.get()) " " a href="/what-changed.atom" { (feed) } }
        }
    };
    Ok(desk.page(Way::Changes, title, true, &main).await?)
}

fn table(desk: &Desk, state: ChangeState, lines: &[Line]) -> Markup {
    let columns = [words::COLUMN_SAID, words::COLUMN_WHO, words::COLUMN_WHEN];
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
                @for line in lines { (row(desk, state, line)) }
            }
        }
    }
}

fn row(desk: &Desk, state: ChangeState, line: &Line) -> Markup {
    let said = called(&line.you_said);
    let by = line.written_by.as_deref();
    html! {
        tr role="row" {
            td.who role="cell" {
                div {
                    bdi { (said) }
                    p.soft {
                        (area_name(line.area).get())
                        @if line.kind == ChangeKind::NotYet { " · " (words::KIND_NOT_YET.get()) }
                    }
                    @if let Some(group) = &line.group {
                        p.soft { (group_words::OF_GROUP.fill(&[("title", group)])) }
                    }
                    @if state == ChangeState::Published { (again(desk, line.look_again.as_deref())) }
                }
            }
            td role="cell" data-label=(words::COLUMN_WHO.get()) { (by.unwrap_or(words::OF_MEMBERS.get())) }
            td role="cell" data-label=(words::COLUMN_WHEN.get()) { (desk.clock.say(line.moved_at)) }
            td.act role="cell" {
                a.button href={ "/staff/changes/" (line.id) }
                    aria-label=(words::OPEN_ONE.fill(&[("said", &said)])) { (desk_words::OPEN.get()) }
            }
        }
    }
}

/// The day on which it is looked at again; once it has come it stands out.
pub fn again(desk: &Desk, day: Option<&str>) -> Markup {
    let said = |day: &str| [("date", when::say_date(day))];
    let fill = |text: Text, day: &str| {
        let [(name, date)] = said(day);
        text.fill(&[(name, &date)])
    };
    html! {
        @match day {
            Some(day) if *day <= *desk.clock.today() => p { span.mark.waits { (fill(words::LOOK_AGAIN_NOW, day)) } },
            Some(day) => p.soft { (fill(words::LOOK_AGAIN_ON, day)) },
            None => {},
        }
    }
}

fn pages(state: ChangeState, is_later: bool, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if is_later {
                    a.button.plain href=(address(state)) { (desk_words::TO_THE_FIRST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href={
                        (address(state)) "&after_at=" (last.moved_at) "&after=" (last.id)
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
    area: String,
    kind: String,
    group: String,
    /// An opportunity that was reported back, of which this is made.
    opportunity: String,
}

impl Named {
    fn plan(&self) -> ChangePlan {
        let group: Option<GroupId> = self.group.parse().ok();
        let area = Area::of_word(&self.area).unwrap_or(Area::Other);
        ChangePlan {
            kind: ChangeKind::of_word(&self.kind).unwrap_or(ChangeKind::Done),
            ..ChangePlan::new(area, group)
        }
    }

    fn source(&self) -> Option<(SourceKind, Uuid)> {
        let id: OpportunityId = self.opportunity.parse().ok()?;
        Some((SourceKind::Opportunity, id.0))
    }
}

/// The groups that a change may be the work of: those that members see.
pub async fn choices(
    app: &App,
    reach: Reach,
    chosen: Option<GroupId>,
) -> Result<Vec<Choice>, crate::error::Error> {
    let mut reader = app.db.reader().await?;
    let chosen: Vec<GroupId> = chosen.into_iter().collect();
    let mut choices = groups_db::choices(&mut reader, reach, &chosen).await?;
    choices.retain(|choice| choice.state != GroupState::Draft);
    Ok(choices)
}

async fn new(
    State(app): State<App>,
    desk: Run,
    Query(named): Query<Named>,
) -> Result<Response, Fault> {
    ask(&app, &desk, &named, None).await
}

async fn start(
    State(app): State<App>,
    desk: Run,
    Form(named): Form<Named>,
) -> Result<Response, Fault> {
    let id = ChangeId(Uuid::now_v7());
    let start = Start {
        plan: named.plan(),
        source: named.source(),
    };
    let action = ChangeAction::Start(Box::new(start));
    match app.writer.change(desk.staff.id, id, action).await? {
        ChangeDone::NotTheirs => {
            let page = ask(&app, &desk, &named, Some(words::GROUP_NEEDED)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        _ => {
            let form = format!("/staff/changes/{id}/edit?done=started");
            Ok(Redirect::to(&form).into_response())
        }
    }
}

async fn ask(
    app: &App,
    desk: &Desk,
    named: &Named,
    problem: Option<Text>,
) -> Result<Response, Fault> {
    let plan = named.plan();
    let choices = choices(app, desk.reach, plan.group).await?;
    let group = groups(desk.reach, &choices, plan.group);
    let chosen = plan
        .group
        .map(|group| group.to_string())
        .unwrap_or_default();
    let main = html! {
        p.back { a href="/staff/changes" { (words::ALL.get()) } }
        h1 { (words::NEW_TITLE.get()) }
        p.soft { (words::NEW_WHY.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action="/staff/changes" {
            div.field {
                label for="kind" { (words::FIELD_KIND.get()) }
                select id="kind" name="kind" {
                    @for (value, name) in kinds() { option value=(value) selected[value == plan.kind.word()] { (name) } }
                }
            }
            (areas(plan.area))
            @if !choices.is_empty() {
                div.field {
                    label for="group" { (words::FIELD_GROUP.get()) }
                    select id="group" name="group" {
                        @for (value, name) in group { option value=(value) selected[value == chosen] { (name) } }
                    }
                }
            }
            button { (words::NEW_DO.get()) }
        }
    };
    Ok(desk
        .page(Way::Changes, words::NEW_TITLE.get(), false, &main)
        .await?)
}

/// The groups to choose from, each value with its name; a lead chooses one.
pub fn groups(reach: Reach, choices: &[Choice], chosen: Option<GroupId>) -> Vec<(String, String)> {
    let none = none(reach, choices, chosen);
    let none = none.map(|none| match reach {
        Reach::All => words::GROUP_NONE,
        Reach::Led(_) => none,
    });
    options(choices, none)
}

/// What can have come of something, each value with its name.
pub fn kinds() -> [(String, String); 2] {
    [
        (ChangeKind::Done, words::KIND_DONE),
        (ChangeKind::NotYet, words::KIND_NOT_YET),
    ]
    .map(|(kind, name)| (kind.word().to_owned(), name.get().to_owned()))
}
