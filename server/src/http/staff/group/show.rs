//! The page of one group.

use super::{Page, Whole, load, missing_parts, preview};
use crate::{
    commands::group_desk,
    db::{
        desk::groups::{self, Its},
        reach::Reach,
    },
    http::staff::{
        desk::{Desk, Run, Way},
        opportunities::{called, state_name},
    },
    state::App,
};
use app::{
    domain::group::{GroupState, GroupStep, after},
    lang::{
        Text, area_name,
        en::{desk as desk_words, groups as words, programme},
    },
};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// How many of its opportunities are listed.
const LISTED: usize = 50;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// What was just done, said once.
fn done(word: &str) -> Option<Text> {
    Some(match word {
        "changed" => words::DONE_CHANGED,
        "shown" => words::DONE_SHOWN,
        "open" => words::DONE_OPEN,
        "pause" => words::DONE_PAUSE,
        "end" => words::DONE_END,
        "named" => words::DONE_NAMED,
        _ => return None,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    page(&app, &desk, &whole, done(&asked.done), None).await
}

/// The page, with what was done or what holds something up.
pub(super) async fn page(
    app: &App,
    desk: &Desk,
    whole: &Whole,
    done: Option<Text>,
    problem: Option<&str>,
) -> Page {
    let its = its_opportunities(app, whole).await?;
    let inside = inside(app, whole).await?;
    let leads = super::leads::section(app, whole).await?;
    let main = html! {
        p.back { a href={ "/staff/groups?show=" (whole.state().word()) } { (words::ALL.get()) } }
        div {
            h1 { (whole.title()) }
            p.soft { (area_name(whole.row.record.area).get()) }
        }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        (state_mark(whole.state()))
        (warnings(whole))
        (inside)
        (written(whole))
        (leads)
        (its)
        @if desk.reach == Reach::All { (next_steps(whole)) }
    };
    Ok(desk.page(Way::Groups, whole.title(), true, &main).await?)
}

fn state_mark(state: GroupState) -> Markup {
    let (class, words) = match state {
        GroupState::Draft => ("mark waits", words::STATE_DRAFT),
        GroupState::Open => ("mark", words::STATE_OPEN),
        GroupState::Paused => ("mark waits", words::STATE_PAUSED),
        GroupState::Ended => ("mark over", words::STATE_ENDED),
    };
    html! { p { span class=(class) { (words.get()) } } }
}

/// What a group that goes on has lost since it was opened.
fn warnings(whole: &Whole) -> Markup {
    let goes_on = whole.state().goes_on();
    html! {
        @if goes_on && !whole.leading.has_lead() { p.problem { (words::WARN_LEADS.get()) } }
        @if goes_on && !whole.leading.has_backup() { p.problem { (words::WARN_BACKUP.get()) } }
    }
}

/// How many belong; and for those who look after it, the ways to what is inside.
async fn inside(app: &App, whole: &Whole) -> Result<Markup, crate::error::Error> {
    if whole.state() == GroupState::Draft {
        return Ok(html! {});
    }
    let path = whole.path();
    let people = match whole.people {
        0 => words::PEOPLE_NONE.get().to_owned(),
        1 => words::PEOPLE_ONE.get().to_owned(),
        many => words::PEOPLE_MANY.fill(&[("count", &many.to_string())]),
    };
    let reported = if whole.reads {
        groups::count_reported_in(&app.db.pool, whole.id()).await?
    } else {
        0
    };
    Ok(html! {
        section.card aria-labelledby="inside" {
            h2 id="inside" { (words::INSIDE.get()) }
            div.stack id="now" data-live {
                p { (people) }
                @match reported {
                    0 => {},
                    1 => p { strong { (words::REPORTED_ONE.get()) } },
                    many => p { strong { (words::REPORTED_MANY.fill(&[("count", &many.to_string())])) } },
                }
            }
            @if whole.reads {
                p.soft { (words::INSIDE_WHY.get()) }
                div.actions {
                    a.button.plain href={ (path) "/messages" } { (words::SEE_MESSAGES.get()) }
                    a.button.plain href={ (path) "/people" } { (words::SEE_PEOPLE.get()) }
                }
            } @else {
                p.soft { (words::NOT_YOURS.get()) }
            }
        }
    })
}

/// What members see, or will.
fn written(whole: &Whole) -> Markup {
    let is_draft = whole.state() == GroupState::Draft;
    let heading = if is_draft {
        words::WHAT_MEMBERS_WOULD
    } else {
        words::WHAT_MEMBERS_SEE
    };
    html! {
        section.stack.whole aria-labelledby="written" {
            h2 id="written" { (heading.get()) }
            (preview::card(&whole.row.record))
            div.actions { a.button.plain href={ (whole.path()) "/edit" } { (words::EDIT.get()) } }
        }
    }
}

async fn its_opportunities(app: &App, whole: &Whole) -> Result<Markup, crate::error::Error> {
    let mut reader = app.db.reader().await?;
    let most = i64::try_from(LISTED).unwrap_or(i64::MAX) + 1;
    let mut its = groups::opportunities(&mut reader, whole.id(), most).await?;
    let more = its.len() > LISTED;
    its.truncate(LISTED);
    Ok(html! {
        section.stack.whole aria-labelledby="its" {
            h2 id="its" { (words::OPPORTUNITIES.get()) }
            @if its.is_empty() { p { (words::OPPORTUNITIES_NONE.get()) } } @else { (table(&its)) }
            @if more { p.soft { (words::OPPORTUNITIES_FIRST.fill(&[("count", &LISTED.to_string())])) } }
            @if whole.state() != GroupState::Ended {
                p { a.button.plain href={ "/staff/opportunities/new?group=" (whole.id()) } { (words::OPPORTUNITY_NEW.get()) } }
            }
        }
    })
}

fn table(its: &[Its]) -> Markup {
    let how_far = programme::COLUMN_HOW_FAR.get();
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    th role="columnheader" scope="col" { (words::COLUMN_NAME.get()) }
                    th role="columnheader" scope="col" { (how_far) }
                    th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for one in its {
                    @let title = called(&one.title);
                    tr role="row" {
                        td.who role="cell" { (title) }
                        td role="cell" data-label=(how_far) { (state_name(one.state).get()) }
                        td.act role="cell" {
                            a.button href={ "/staff/opportunities/" (one.id) }
                                aria-label=(programme::OPEN_ONE.fill(&[("title", title)])) { (desk_words::OPEN.get()) }
                        }
                    }
                }
            }
        }
    }
}

/// What may follow, and what is missing before.
fn next_steps(whole: &Whole) -> Markup {
    let (path, state) = (whole.path(), whole.state());
    let may = |step| after(state, step).is_some();
    let missing = group_desk::missing(&whole.row.record, &whole.leading);
    let open = match state {
        GroupState::Draft => words::DO_OPEN,
        _ => words::DO_OPEN_AGAIN,
    };
    html! {
        @if state != GroupState::Ended {
            section.card aria-labelledby="next" {
                h2 id="next" { (words::WHAT_NEXT.get()) }
                @if may(GroupStep::Open) && !missing.is_empty() {
                    p { strong { (missing_parts(&missing)) } }
                }
                div.actions {
                    @if may(GroupStep::Open) && missing.is_empty() {
                        (button(&path, GroupStep::Open, open, ""))
                    }
                    @if may(GroupStep::Pause) { (button(&path, GroupStep::Pause, words::DO_PAUSE, "plain")) }
                    @if may(GroupStep::End) { a.button.plain href={ (path) "/end" } { (words::DO_END.get()) } }
                }
                @if may(GroupStep::Pause) { p.soft { (words::PAUSE_UNDER.get()) } }
                @if state == GroupState::Draft {
                    p { a href={ (path) "/forget" } { (words::THROW_AWAY.get()) } }
                }
            }
        }
    }
}

fn button(path: &str, step: GroupStep, words: Text, class: &str) -> Markup {
    html! {
        form method="post" action={ (path) "/step" } {
            button class=(class) name="step" value=(step.word()) { (words.get()) }
        }
    }
}
