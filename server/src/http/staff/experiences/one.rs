//! One experience: what is done with it. How its page looks is in [`draw`].

mod draw;

use super::whole::{Whole, load};
use crate::{
    commands::experience_desk::{ExperienceAction, ExperienceDone, MOST_TAGS},
    error::Error,
    http::staff::{
        care::thread,
        desk::{Desk, Way},
        fault::Fault,
        parts::{self, Opening},
        wording::{self, Step, Typed},
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        care::{By, Not},
        experience::LinkState,
        id::{ChangeId, ExperienceId},
        text,
        time::rfc3339,
    },
    lang::en::{desk as desk_words, experiences as words},
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

type Page = Result<Response, Fault>;

/// The most characters of a tag.
const TAG_LONGEST: usize = 40;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// What is said at the top of the page, once.
#[derive(Default)]
struct Said {
    done: Option<String>,
    problem: Option<String>,
    /// A tag that was typed.
    tag: String,
}

fn parse(id: &str) -> Result<ExperienceId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Page {
    let id = parse(&id)?;
    match Opening::of(&method, &headers) {
        // What is not a reading is not shown.
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => return Ok(StatusCode::OK.into_response()),
        Opening::Real => {}
    }
    show(&app, desk, id, |whole| Said {
        done: done(&asked.done, whole.they()),
        ..Said::default()
    })
    .await
}

/// What was just done, in words.
fn done(word: &str, they: &str) -> Option<String> {
    let text = match word {
        "taken_on" => words::TAKEN_ON,
        "replied" => words::REPLIED,
        "closed" => words::CLOSED,
        "tag" => words::TAG_DONE,
        "came_to" => words::CAME_TO_DONE,
        "change" => words::CHANGE_DONE,
        "about" => words::ABOUT_DONE,
        _ => return None,
    };
    Some(text.fill(&[("who", they)]))
}

/// The page. It is read: that is written down before any of it is shown.
async fn show(app: &App, desk: Desk, id: ExperienceId, says: impl FnOnce(&Whole) -> Said) -> Page {
    app.writer
        .experience(desk.staff.id, id, ExperienceAction::Read)
        .await?;
    let whole = load(app, &desk, id).await?;
    let said = says(&whole);
    let main = draw::page(&desk, &whole, &said);
    // A worry about what one person reads is not tied to it: who reads about safety would be led here.
    let desk = match whole.alone {
        None => desk.about(&format!("experiences/{id}")),
        Some(_) => desk,
    };
    let title = parts::who(whole.who.as_deref());
    Ok(desk.page(Way::Experiences, title, false, &main).await?)
}

pub(super) async fn act(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let id = parse(&id)?;
    let form = Typing(&fields);
    let step = form.value("step");
    let action = match step.as_str() {
        "tag" => match tag(&form.value("tag")) {
            Some(tag) => ExperienceAction::Tag(tag),
            None => return wrong_tag(&app, desk, id, form.value("tag")).await,
        },
        _ => read(&step, &form)?,
    };
    let word = match &action {
        ExperienceAction::TakeOn => "taken_on",
        ExperienceAction::Close(_) => "closed",
        ExperienceAction::About(_) => "about",
        ExperienceAction::Tag(_) | ExperienceAction::Untag(_) => "tag",
        _ => "change",
    };
    let to = match &action {
        ExperienceAction::HandOn(..) => "/staff/experiences?done=handed_on".to_owned(),
        ExperienceAction::Begin(change) => format!("/staff/changes/{change}/edit?done=started"),
        _ => format!("/staff/experiences/{id}?done={word}"),
    };
    match app.writer.experience(desk.staff.id, id, action).await? {
        ExperienceDone::Done => Ok(Redirect::to(&to).into_response()),
        not => refused(&app, desk, id, not).await,
    }
}

/// What a form asks for, but for a new tag.
fn read(step: &str, form: &Typing<'_>) -> Result<ExperienceAction, Error> {
    let change = || form.value("change").parse().map_err(|_| Error::Malformed);
    Ok(match step {
        "take_on" => ExperienceAction::TakeOn,
        "close" => {
            let read = form.value("read").parse().map_err(|_| Error::Malformed)?;
            ExperienceAction::Close(read)
        }
        "untag" => ExperienceAction::Untag(form.value("tag")),
        "begin" => ExperienceAction::Begin(ChangeId(Uuid::now_v7())),
        "link" => ExperienceAction::Link(change()?),
        "unlink" => ExperienceAction::Unlink(change()?),
        "about" => {
            let staff = form.value("staff").parse().map_err(|_| Error::Malformed)?;
            ExperienceAction::About(staff)
        }
        "hand_on" => {
            let to = form.value("to").parse().map_err(|_| Error::Malformed)?;
            ExperienceAction::HandOn(to, !form.value("me").is_empty())
        }
        _ => return Err(Error::Malformed),
    })
}

/// A tag that can be kept.
fn tag(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let tag = parts::short(&words.join(" "))?;
    (tag.chars().count() <= TAG_LONGEST).then_some(tag)
}

async fn wrong_tag(app: &App, desk: Desk, id: ExperienceId, typed: String) -> Page {
    let most = TAG_LONGEST.to_string();
    let says = |_: &Whole| Said {
        problem: Some(words::TAG_WRONG.fill(&[("most", &most)])),
        tag: typed,
        ..Said::default()
    };
    let page = show(app, desk, id, says).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The page with why nothing was done.
async fn refused(app: &App, desk: Desk, id: ExperienceId, not: ExperienceDone) -> Page {
    let says = |whole: &Whole| Said {
        problem: Some(why(not, whole.they())),
        ..Said::default()
    };
    let page = show(app, desk, id, says).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

fn why(not: ExperienceDone, they: &str) -> String {
    let many = MOST_TAGS.to_string();
    let text = match not {
        ExperienceDone::NotWrittenTo => words::NOT_WRITTEN_TO,
        ExperienceDone::ManyTags => words::TAG_MANY,
        ExperienceDone::NotThat => words::NOT_THAT,
        ExperienceDone::Not(Not::Unanswered) => words::UNANSWERED,
        ExperienceDone::Not(Not::NewWords) => desk_words::CARE_NEW_WORDS,
        ExperienceDone::Not(Not::Full) => desk_words::CARE_FULL,
        _ => desk_words::CARE_ALREADY,
    };
    text.fill(&[("who", they), ("most", &many)])
}

pub(super) async fn reply(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let whole = load(&app, &desk, parse(&id)?).await?;
    let message: Uuid = typed.id.parse().map_err(|_| Error::Malformed)?;
    match (typed.step, typed.message()?) {
        (Step::Previewed, Some(text)) => {
            let action = ExperienceAction::Reply(message, text);
            let id = whole.row.id;
            match app.writer.experience(desk.staff.id, id, action).await? {
                ExperienceDone::Done => {
                    Ok(Redirect::to(&format!("{}?done=replied", whole.path())).into_response())
                }
                not => refused(&app, desk, id, not).await,
            }
        }
        (Step::Preview | Step::Send, Some(text)) => {
            preview_reply(&desk, &whole, message, text).await
        }
        _ => ask_reply(&desk, &whole, message, &typed.message).await,
    }
}

fn own_id(message: Uuid) -> Markup {
    html! { input type="hidden" name="id" value=(message); }
}

async fn ask_reply(desk: &Desk, whole: &Whole, message: Uuid, typed: &str) -> Page {
    let title = words::REPLY_TO.fill(&[("who", whole.they())]);
    let to = format!("{}/reply", whole.path());
    let main = html! {
        p.back { a href=(whole.path()) { (desk_words::BACK.get()) } }
        h1 { (title) }
        (wording::form(&to, whole.they(), &html! {}, typed, &own_id(message)))
    };
    Ok(desk.page(Way::Experiences, &title, false, &main).await?)
}

/// The thread as it will be, by the rules themselves.
async fn preview_reply(desk: &Desk, whole: &Whole, message: Uuid, text: String) -> Page {
    let gaps = [("who", whole.they())];
    let title = desk_words::PREVIEW.fill(&gaps);
    let mut row = whole.row.clone();
    let shown = row.record.reader.clone();
    let me = By {
        id: desk.staff.id,
        name: shown.as_deref().unwrap_or(&desk.staff.name),
        at: &rfc3339(desk.clock.now()),
    };
    // What the rules do not take is not shown either; sending it says why.
    let _ = row.care_for(|care| care.reply(me, message, Some(text.clone())));
    let to = format!("{}/reply", whole.path());
    let main = html! {
        h1 { (title) }
        p.soft { (desk_words::PREVIEW_WHY.fill(&gaps)) }
        section.card.phone aria-label=(desk_words::PREVIEW_LABEL.get()) {
            (thread(desk, &row.record.messages, "you"))
        }
        (wording::send_or_change(&to, &text, desk_words::CARE_SEND.get(), &own_id(message)))
    };
    Ok(desk.page(Way::Experiences, &title, false, &main).await?)
}

/// What it came to, as it was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CameTo {
    state: String,
    message: String,
    step: Step,
}

pub(super) async fn came_to(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<CameTo>,
) -> Page {
    let whole = load(&app, &desk, parse(&id)?).await?;
    let tidy = text::tidy(Some(typed.message.clone()));
    let message = tidy.filter(|words| text::fits(Some(words), text::LONG));
    let state = LinkState::of_word(&typed.state);
    match (typed.step, state.zip(message)) {
        (Step::Previewed, Some((state, message))) => {
            let action = ExperienceAction::ComeTo(state, message);
            let id = whole.row.id;
            match app.writer.experience(desk.staff.id, id, action).await? {
                ExperienceDone::Done => {
                    Ok(Redirect::to(&format!("{}?done=came_to", whole.path())).into_response())
                }
                not => refused(&app, desk, id, not).await,
            }
        }
        (Step::Preview | Step::Send, Some((state, message))) => {
            preview_came_to(&desk, &whole, state, &message).await
        }
        (Step::Edit, _) => ask_came_to(&desk, &whole, &typed, false).await,
        (_, None) => {
            let page = ask_came_to(&desk, &whole, &typed, true).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn ask_came_to(desk: &Desk, whole: &Whole, typed: &CameTo, is_wrong: bool) -> Page {
    let title = words::CAME_TO_TITLE.fill(&[("who", whole.they())]);
    let main = html! {
        p.back { a href=(whole.path()) { (desk_words::BACK.get()) } }
        h1 { (title) }
        @if is_wrong { p.problem role="alert" { (words::CAME_TO_MISSING.get()) } }
        section.card { (draw::came_to_form(whole, &typed.state, &typed.message)) }
    };
    Ok(desk.page(Way::Experiences, &title, false, &main).await?)
}

async fn preview_came_to(desk: &Desk, whole: &Whole, state: LinkState, message: &str) -> Page {
    let gaps = [("who", whole.they())];
    let title = desk_words::PREVIEW.fill(&gaps);
    let to = format!("{}/came-to", whole.path());
    let unseen = html! { input type="hidden" name="state" value=(state.word()); };
    let main = html! {
        h1 { (title) }
        p.soft { (desk_words::PREVIEW_WHY.fill(&gaps)) }
        section.card.phone aria-label=(desk_words::PREVIEW_LABEL.get()) {
            p { strong { (draw::told(state).get()) } }
            p dir="auto" { (parts::said(message)) }
        }
        (wording::send_or_change(&to, message, words::CAME_TO_SEND.get(), &unseen))
    };
    Ok(desk.page(Way::Experiences, &title, false, &main).await?)
}
