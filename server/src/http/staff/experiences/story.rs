//! The story that is told of an experience: written here, checked by somebody of the team, approved by its member word
//! for word, and only then published. Opening it is reading the experience, and is written down as that.

use super::whole::{Whole, load};
use crate::{
    commands::experience_desk::{ExperienceAction, ExperienceDone, StoryStep},
    db::experiences::stories::{self, Hands, StoryRow},
    error::Error,
    http::staff::{
        desk::{Desk, Way},
        fault::Fault,
        parts::{self, Opening},
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        experience::{
            MayUse,
            story::{Not, StoryState},
        },
        id::ExperienceId,
        text,
    },
    lang::{Text, en::story_desk as words},
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

type Page = Result<Response, Fault>;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// What is said at the top, and words that were typed and not kept.
#[derive(Default)]
struct Said {
    done: Option<Text>,
    problem: Option<Text>,
    typed: Option<String>,
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Page {
    let id: ExperienceId = id.parse().map_err(|_| Error::NotFound)?;
    match Opening::of(&method, &headers) {
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => return Ok(StatusCode::OK.into_response()),
        Opening::Real => {}
    }
    let done = match asked.done.as_str() {
        "write" => Some(words::DONE_WRITE),
        "check" => Some(words::DONE_CHECK),
        "publish" => Some(words::DONE_PUBLISH),
        "take_down" => Some(words::DONE_TAKE_DOWN),
        _ => None,
    };
    let said = Said {
        done,
        ..Said::default()
    };
    show(&app, desk, id, said).await
}

pub(super) async fn act(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let id: ExperienceId = id.parse().map_err(|_| Error::NotFound)?;
    let form = Typing(&fields);
    let version = || form.value("version").parse().map_err(|_| Error::Malformed);
    let is_checked = !form.value("checked").is_empty();
    let typed = form.value("text");
    let (done, step) = match form.value("step").as_str() {
        "write" => {
            let tidy = text::tidy(Some(typed.clone()));
            let Some(text) = tidy.filter(|words| text::fits(Some(words), text::LONG)) else {
                return again(&app, desk, id, words::NO_WORDS, Some(typed)).await;
            };
            let write = StoryStep::Write {
                text,
                over: version()?,
                checked: is_checked,
            };
            ("write", write)
        }
        "check" if !is_checked => {
            return again(&app, desk, id, words::CHECK_TICK, None).await;
        }
        "check" => ("check", StoryStep::Check(version()?)),
        "publish" => ("publish", StoryStep::Publish(version()?)),
        "take_down" => ("take_down", StoryStep::TakeDown),
        _ => return Err(Error::Malformed.into()),
    };
    let kept = (done == "write").then_some(typed);
    let action = ExperienceAction::Story(step);
    match app.writer.experience(desk.staff.id, id, action).await? {
        ExperienceDone::Story(not) => again(&app, desk, id, why(not), kept).await,
        _ => {
            let to = format!("/staff/experiences/{id}/story?done={done}");
            Ok(Redirect::to(&to).into_response())
        }
    }
}

fn why(not: Not) -> Text {
    match not {
        Not::NotAllowed => words::NOT_ALLOWED,
        Not::TakenDown => words::STATE_TAKEN_DOWN,
        Not::OtherText => words::OTHER_TEXT,
        Not::Already => words::ALREADY,
        Not::Unchecked => words::UNCHECKED,
        Not::Unapproved => words::UNAPPROVED,
    }
}

async fn again(
    app: &App,
    desk: Desk,
    id: ExperienceId,
    problem: Text,
    typed: Option<String>,
) -> Page {
    let said = Said {
        done: None,
        problem: Some(problem),
        typed,
    };
    let page = show(app, desk, id, said).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn show(app: &App, desk: Desk, id: ExperienceId, said: Said) -> Page {
    app.writer
        .experience(desk.staff.id, id, ExperienceAction::Read)
        .await?;
    let whole = load(app, &desk, id).await?;
    if whole.alone.is_some() {
        return Err(Error::NotFound.into());
    }
    let hands = match &whole.story {
        Some(story) => {
            let mut reader = app.db.reader().await?;
            stories::hands(&mut reader, story.id, story.standing.version).await?
        }
        None => None,
    };
    let title = words::TITLE.get();
    let main = page(&desk, &whole, hands.as_ref(), &said);
    let desk = desk.about(&format!("experiences/{id}"));
    Ok(desk.page(Way::Experiences, title, false, &main).await?)
}

fn page(desk: &Desk, whole: &Whole, hands: Option<&Hands>, said: &Said) -> Markup {
    let gaps = [("who", whole.they())];
    let may = whole.row.record.may_use.is_some_and(MayUse::is_public);
    html! {
        p.back { a href=(whole.path()) { (words::BACK.get()) } }
        h1 { (words::TITLE.get()) }
        @if let Some(done) = said.done { p.notice role="status" { (done.fill(&gaps)) } }
        @if let Some(problem) = said.problem { p.problem role="alert" { (problem.fill(&gaps)) } }
        @match &whole.story {
            None => p { span.mark.waits { (words::STATE_NONE.get()) } },
            Some(story) => p { span.mark.waits[story.standing.state == StoryState::Proposed] { (state(story).fill(&gaps)) } },
        }
        @if !may { p.card { (words::NOT_ALLOWED.fill(&gaps)) } }
        @if may { p.soft { (words::HOW.fill(&gaps)) } }
        @if let Some(story) = &whole.story { (stands(desk, whole, story, hands)) }
        @let is_down = whole.story.as_ref().is_some_and(|story| story.standing.state == StoryState::TakenDown);
        @if may && !is_down { (write(whole, said.typed.as_deref())) }
    }
}

fn state(story: &StoryRow) -> Text {
    match story.standing.state {
        StoryState::Proposed => words::STATE_PROPOSED,
        StoryState::Approved => words::STATE_APPROVED,
        StoryState::Published => words::STATE_PUBLISHED,
        StoryState::TakenDown => words::STATE_TAKEN_DOWN,
    }
}

/// The text that stands, who had a hand in it, and what can be done with it.
fn stands(desk: &Desk, whole: &Whole, story: &StoryRow, hands: Option<&Hands>) -> Markup {
    let gaps = [("who", whole.they())];
    let it = &story.standing;
    let is_checked = it.checked == Some(it.version);
    let (address, version) = (format!("{}/story", whole.path()), it.version);
    html! {
        @if let Some(text) = &story.text {
            section.card {
                blockquote dir="auto" { (parts::said(text)) }
                @if it.state != StoryState::Proposed {
                    p {
                        @match &story.name {
                            Some(name) => bdi { (words::NAMED.fill(&[("name", name)])) },
                            None => (words::UNNAMED.get()),
                        }
                    }
                }
                @if let Some(hands) = hands {
                    p.soft { (words::WROTE.fill(&[("who", &hands.wrote), ("when", &desk.clock.say_inside(hands.wrote_at))])) }
                    @match &hands.checked {
                        Some((who, at)) if is_checked => p.soft {
                            (words::CHECKED_BY.fill(&[("who", who), ("when", &desk.clock.say_inside(*at))]))
                        },
                        _ => p { (words::NOT_CHECKED.get()) },
                    }
                }
                @if !is_checked {
                    form.stack method="post" action=(address) {
                        input type="hidden" name="version" value=(version);
                        label.tick {
                            input type="checkbox" name="checked" value="yes" required;
                            span { (words::CHECKED.get()) }
                        }
                        button.plain name="step" value="check" { (words::CHECK_DO.get()) }
                    }
                }
                @if it.state == StoryState::Approved && is_checked {
                    form.stack method="post" action=(address) {
                        p { (words::PUBLISH_WHY.fill(&gaps)) }
                        input type="hidden" name="version" value=(version);
                        button name="step" value="publish" { (words::PUBLISH.get()) }
                    }
                }
                @if it.state == StoryState::Published {
                    p { a href={ "/stories/" (story.id) } { (words::PUBLIC_PAGE.get()) } }
                }
            }
            form.stack.card method="post" action=(address) {
                p { (words::TAKE_DOWN_WHY.get()) }
                button.plain name="step" value="take_down" { (words::TAKE_DOWN.get()) }
            }
        }
    }
}

/// The words: at first the member's own, who allows that they are told.
fn write(whole: &Whole, typed: Option<&str>) -> Markup {
    let gaps = [("who", whole.they())];
    let it = &whole.row.record;
    let own = [it.good.as_deref(), it.different.as_deref()];
    let own: Vec<&str> = own.into_iter().flatten().collect();
    let stands = whole.story.as_ref().and_then(|story| story.text.clone());
    let is_new = stands.is_none();
    let begin = typed.map(str::to_owned).or(stands);
    let begin = begin.unwrap_or_else(|| own.join("\n\n"));
    let version = whole
        .story
        .as_ref()
        .map_or(0, |story| story.standing.version);
    html! {
        form.stack.card method="post" action={ (whole.path()) "/story" } autocomplete="off" {
            @if !is_new {
                h2 { (words::REWRITE.get()) }
                p { (words::REWRITE_WHY.get()) }
            }
            input type="hidden" name="version" value=(version);
            div.field {
                label for="text" { (words::TEXT.get()) }
                p.soft id="text-hint" { (words::TEXT_HINT.get()) }
                textarea.tall id="text" name="text" required maxlength=(text::LONG) aria-describedby="text-hint" {
                    @if begin.starts_with('\n') { "\n" }
                    (begin)
                }
            }
            label.tick {
                input type="checkbox" name="checked" value="yes";
                span { (words::CHECKED.get()) }
            }
            @if is_new {
                button name="step" value="write" { (words::PROPOSE.fill(&gaps)) }
            } @else {
                button.plain name="step" value="write" { (words::REWRITE_DO.fill(&gaps)) }
            }
        }
    }
}
