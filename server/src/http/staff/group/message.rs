//! One message of a group, for those who look after it: why it was to be looked at, and what is done about it.

use super::{
    Page, Whole, held_up, inside,
    messages::{reads, said_there, writer},
    people::why,
    show_problem,
};
use crate::{
    commands::group_desk::{GroupAction, Inside, OnMessage},
    db::desk::groups::{self, Reason, Said},
    error::Error,
    http::staff::{
        desk::{Desk, Run, Way},
        parts,
    },
    state::App,
};
use app::{
    domain::{group::MessageState, text},
    lang::{Text, en::groups as words},
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// What was just done, said once.
fn done(word: &str) -> Option<Text> {
    Some(match word {
        "hide" => words::DONE_HIDE,
        "show" => words::DONE_SHOW,
        "looked" => words::DONE_LOOKED,
        "take_back" => words::DONE_TAKE_BACK,
        _ => return None,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path((id, message)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Page {
    let whole = inside(&app, &desk, &id).await?;
    let message = message.parse().map_err(|_| Error::NotFound)?;
    if let Some(answer) = reads(&app, &desk, &whole, (&method, &headers)).await? {
        return Ok(answer);
    }
    page(&app, &desk, &whole, message, done(&asked.done), None).await
}

/// The page, with what was done; or a reason that was typed, and what is wrong with it.
async fn page(
    app: &App,
    desk: &Desk,
    whole: &Whole,
    id: Uuid,
    done: Option<Text>,
    typed: Option<(&str, Text)>,
) -> Page {
    let mut reader = app.db.reader().await?;
    let said = groups::message(&mut reader, whole.id(), id).await?;
    let reasons = groups::reasons(&mut reader, id).await?;
    drop(reader);
    let who = writer(&said);
    let title = words::MESSAGE_TITLE.fill(&[("who", &who)]);
    let back = words::MESSAGES_TITLE.fill(&[("title", whole.title())]);
    let main = html! {
        p.back { a href={ (whole.path()) "/messages" } { (back) } }
        div {
            h1 { (title) }
            p.soft { (desk.clock.say(said.at)) }
        }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some((_, problem)) = typed { p.problem role="alert" { (problem.get()) } }
        section.card { (said_there(desk, &said)) }
        (asked(desk, whole, &said, &reasons))
        (sight(whole, &said, typed.map_or("", |(typed, _)| typed)))
        (own(desk, whole, &said))
        @if let Some(person) = said.person {
            p { a href={ (whole.path()) "/people/" (person) } { (words::SEE_WRITER.fill(&[("who", &who)])) } }
        }
    };
    Ok(desk.page(Way::Groups, &title, false, &main).await?)
}

fn address(whole: &Whole, said: &Said) -> String {
    format!("{}/messages/{}", whole.path(), said.id)
}

/// Why people asked to have it looked at, and who looked.
fn asked(desk: &Desk, whole: &Whole, said: &Said, reasons: &[Reason]) -> Markup {
    html! {
        @if !reasons.is_empty() {
            section.card aria-labelledby="asked" {
                h2 id="asked" { (words::ASKED_TITLE.get()) }
                p.soft { (words::ASKED_WHY.get()) }
                @for reason in reasons { (one_reason(desk, reason)) }
                @if said.reports > 0 {
                    form.stack method="post" action=(address(whole, said)) {
                        p.soft { (words::LOOKED_UNDER.get()) }
                        button name="step" value="looked" { (words::LOOKED.get()) }
                    }
                }
            }
        }
    }
}

fn one_reason(desk: &Desk, reason: &Reason) -> Markup {
    let when = desk.clock.say(reason.at);
    html! {
        div {
            p { (parts::said(&words::REASON.fill(&[("when", &when), ("why", &reason.why)]))) }
            @if let Some((by, at)) = &reason.looked {
                @let when = desk.clock.say(*at);
                p.soft { (words::LOOKED_BY.fill(&[("who", parts::who(by.as_deref())), ("when", &when)])) }
            }
        }
    }
}

/// Taking it out of sight, with a reason; or showing it again.
fn sight(whole: &Whole, said: &Said, typed: &str) -> Markup {
    let action = address(whole, said);
    html! {
        @match said.state {
            MessageState::Shown => section.card aria-labelledby="hide" {
                h2 id="hide" { (words::HIDE_TITLE.get()) }
                p.soft { (words::HIDE_WHAT.get()) }
                form.stack method="post" action=(action) {
                    div.field {
                        label for="why" { (words::HIDE_WHY.get()) }
                        textarea.low id="why" name="why" required maxlength=(text::LONG) { (typed) }
                    }
                    button.plain name="step" value="hide" { (words::HIDE_DO.get()) }
                }
            },
            MessageState::Hidden => form method="post" action=(action) {
                button.plain name="step" value="show" { (words::SHOW.get()) }
            },
            MessageState::TakenBack => {},
        }
    }
}

/// What one wrote oneself can be taken back.
fn own(desk: &Desk, whole: &Whole, said: &Said) -> Markup {
    let is_own = said
        .staff
        .as_ref()
        .is_some_and(|(who, _)| *who == desk.staff.id);
    html! {
        @if is_own && said.state != MessageState::TakenBack {
            form.stack method="post" action=(address(whole, said)) {
                p.soft { (words::TAKE_BACK_UNDER.get()) }
                button.plain name="step" value="take_back" { (words::TAKE_BACK.get()) }
            }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Act {
    #[serde(default)]
    step: String,
    #[serde(default)]
    why: String,
}

pub(super) async fn act(
    State(app): State<App>,
    desk: Run,
    Path((id, message)): Path<(String, String)>,
    Form(typed): Form<Act>,
) -> Page {
    let whole = inside(&app, &desk, &id).await?;
    let message: Uuid = message.parse().map_err(|_| Error::NotFound)?;
    let action = match typed.step.as_str() {
        "show" => OnMessage::Show,
        "looked" => OnMessage::Looked,
        "take_back" => OnMessage::TakeBack,
        "hide" => match why(&typed.why) {
            Ok(why) => OnMessage::Hide(why),
            Err(problem) => {
                let typed = (typed.why.as_str(), problem.unwrap_or(words::HIDE_NEEDED));
                let page = page(&app, &desk, &whole, message, None, Some(typed)).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
        },
        _ => return Err(Error::Malformed.into()),
    };
    let action = GroupAction::Inside(Inside::Message(message, action));
    let done = app.writer.group(desk.staff.id, whole.id(), action).await?;
    match held_up(&done) {
        None => {
            let to = format!("{}/messages/{message}?done={}", whole.path(), typed.step);
            Ok(Redirect::to(&to).into_response())
        }
        Some(problem) => show_problem(&app, &desk, &whole, &problem).await,
    }
}
