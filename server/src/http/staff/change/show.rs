//! The page of one change: its words as everyone reads them, who did what, and what may be done next.

use super::{Page, Whole, load, missing_parts, preview};
use crate::{
    db::changes::Did,
    http::staff::{
        changes::again,
        desk::{Desk, Run, Way},
        parts,
    },
    state::App,
};
use app::{
    domain::change::{ChangeState, SourceKind},
    lang::{Text, area_name, en::changes as words},
};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

fn done(done: &str) -> Option<Text> {
    Some(match done {
        "kept" => words::DONE_KEPT,
        "agree" => words::DONE_AGREE,
        "publish" => words::DONE_PUBLISH,
        "take_down" => words::DONE_TAKE_DOWN,
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
    let state = whole.row.state;
    let heading = match state {
        ChangeState::Draft | ChangeState::Agreed => words::AS_MEMBERS,
        ChangeState::Published | ChangeState::Superseded => words::AS_MEMBERS_NOW,
        ChangeState::TakenDown => words::AS_MEMBERS_WAS,
    };
    let group = whole.row.plan.group;
    let group = whole.groups.iter().find(|choice| Some(choice.id) == group);
    let look_again = Some(whole.row.plan.look_again.as_str()).filter(|day| !day.is_empty());
    let main = html! {
        p.back { a href={ "/staff/changes?show=" (state.word()) } { (words::ALL.get()) } }
        div {
            h1 { bdi { (title) } }
            p.soft { (area_name(whole.row.plan.area).get()) }
            @if let Some(group) = group { p { (crate::http::staff::groups::belongs(group.id, &group.title)) } }
        }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        (state_mark(state))
        @if state == ChangeState::Published { (again(desk, look_again)) }
        (linked(whole))
        div.stack.whole {
            h2 { (heading.get()) }
            (preview::card(whole, heading.get()))
        }
        (next_steps(desk, whole))
        (history(desk, whole))
    };
    Ok(desk.page(Way::Changes, &title, false, &main).await?)
}

fn state_mark(state: ChangeState) -> Markup {
    let (class, words) = match state {
        ChangeState::Draft => ("mark waits", words::STATE_DRAFT),
        ChangeState::Agreed => ("mark waits", words::STATE_AGREED),
        ChangeState::Published => ("mark", words::STATE_PUBLISHED),
        ChangeState::Superseded => ("mark over", words::STATE_SUPERSEDED),
        ChangeState::TakenDown => ("mark over", words::STATE_TAKEN_DOWN),
    };
    html! { p { span class=(class) { (words.get()) } } }
}

/// What it came from, and the ones before and after it.
fn linked(whole: &Whole) -> Markup {
    let row = &whole.row;
    let replaces = if row.state.may_edit() {
        words::REPLACES
    } else {
        words::REPLACES_NOW
    };
    let older = row.replaces.map(|id| (replaces, words::SEE_OLDER, id));
    let newer = row.replaced_by;
    html! {
        @match row.source {
            Some((SourceKind::Opportunity, id)) => p {
                (words::FROM_OPPORTUNITY.get()) ". "
                a href={ "/staff/opportunities/" (id) } { (words::SEE_OPPORTUNITY.get()) }
            },
            Some((SourceKind::Suggestion, _)) => p { (words::FROM_SUGGESTION.get()) "." },
            Some((SourceKind::Experience, _)) => p { (words::FROM_EXPERIENCE.get()) "." },
            None => {},
        }
        @if let Some((what, see, id)) = older {
            p { (what.get()) " " a href={ "/staff/changes/" (id) } { (see.get()) } }
        }
        @if let Some(id) = newer {
            p { a href={ "/staff/changes/" (id) } { (words::SEE_NEWER.get()) } }
        }
    }
}

/// What may follow.
fn next_steps(desk: &Desk, whole: &Whole) -> Markup {
    let path = whole.path();
    let row = &whole.row;
    html! {
        @if row.state != ChangeState::TakenDown {
            section.card aria-labelledby="next" {
                h2 id="next" { (words::WHAT_NEXT.get()) }
                @match row.state {
                    ChangeState::Draft => (of_draft(desk, whole)),
                    ChangeState::Agreed => {
                        p.soft { (words::PUBLISH_UNDER.get()) }
                        (button(whole, "publish", words::PUBLISH))
                    },
                    ChangeState::Published => (of_published(whole)),
                    ChangeState::Superseded | ChangeState::TakenDown => {},
                }
                @if row.state.may_edit() {
                    div.actions {
                        a.button.plain href={ (path) "/edit" } { (words::EDIT.get()) }
                        a.button.plain href={ (path) "/preview" } { (words::SEE.get()) }
                    }
                    @if row.state == ChangeState::Agreed { p.soft { (words::EDIT_AGREED.get()) } }
                    p { a href={ (path) "/forget" } { (words::THROW_AWAY.get()) } }
                }
                @if row.state.is_shown() {
                    p { a href={ "/what-changed/" (row.id) } { (words::PUBLIC_PAGE.get()) } }
                    p { a href={ (path) "/take-down" } { (words::TAKE_DOWN.get()) } }
                }
            }
        }
    }
}

fn of_draft(desk: &Desk, whole: &Whole) -> Markup {
    let missing = whole.row.plan.missing();
    let is_own = whole.row.written.by == Some(desk.staff.id);
    html! {
        @if !missing.is_empty() {
            p { strong { (missing_parts(&missing)) } }
        } @else if is_own {
            p { strong { (words::OWN_WORDS.get()) } }
        } @else {
            p.soft { (words::AGREE_UNDER.get()) }
            (button(whole, "agree", words::AGREE))
        }
    }
}

fn of_published(whole: &Whole) -> Markup {
    html! {
        @if let Some(id) = whole.correction {
            p { (words::CORRECTING.get()) " " a href={ "/staff/changes/" (id) } { (words::SEE_NEWER.get()) } }
        } @else {
            form method="post" action={ (whole.path()) "/correct" } {
                button.plain { (words::CORRECT.get()) }
            }
            p.soft { (words::CORRECT_UNDER.get()) }
        }
    }
}

fn button(whole: &Whole, step: &str, words: Text) -> Markup {
    html! {
        form method="post" action={ (whole.path()) "/step" } {
            input type="hidden" name="version" value=(whole.row.version);
            button name="step" value=(step) { (words.get()) }
        }
    }
}

/// Who did what, in order.
fn history(desk: &Desk, whole: &Whole) -> Markup {
    let row = &whole.row;
    let say = |text: Text, did: &Did, why: &str| {
        let who = parts::who(did.name.as_deref());
        let when = desk.clock.say_inside(did.at);
        text.fill(&[("who", who), ("when", &when), ("why", why)])
    };
    let wrote = match row.written.by {
        Some(_) => words::WROTE,
        None => words::WROTE_NOBODY,
    };
    let mut lines = vec![say(wrote, &row.written, "")];
    let agreed = row.agreed.iter().map(|did| say(words::AGREED_IT, did, ""));
    lines.extend(agreed);
    let published = row.published.iter();
    lines.extend(published.map(|did| say(words::PUBLISHED_IT, did, "")));
    let ended = row.ended.iter();
    lines.extend(ended.map(|(did, why)| say(words::TOOK_DOWN, did, why)));
    html! {
        section.card aria-labelledby="history" {
            h2 id="history" { (words::HISTORY.get()) }
            ul {
                @for line in lines { li { (parts::said(&line)) } }
            }
        }
    }
}
