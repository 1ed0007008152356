//! Looking after a shared check-in: taking it on, handing it over, replying, closing. What the person
//! will read is seen first; the note between colleagues is another field and never leaves the server.

use super::{
    desk::{Desk, Way},
    fault::Fault,
    parts,
    wording::{self, Step, Typed},
};
use crate::{
    commands::{
        care::CareAction,
        staff::{StaffAction, StaffDone},
    },
    db::{
        desk::check_ins::{self, Whole},
        hand_overs, staff,
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        care::{By, Care, CareState, Message, Not, is_answered},
        id::{CheckInId, StaffId, TeamId},
        record::kind,
        text,
        time::rfc3339,
    },
    lang::{Text, en, en::desk as words},
};
use axum::{
    Form, Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/check-ins/{id}/…`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/check-ins/{id}/take-on", post(take_on))
        .route("/check-ins/{id}/hand-over", post(hand_over))
        .route("/check-ins/{id}/reply", post(reply))
        .route("/check-ins/{id}/rang", post(rang))
        .route("/check-ins/{id}/close", post(close))
        .route("/check-ins/{id}/copied", get(ask_copied).post(copied))
}

/// What was just done: said once, at the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// They have it.
    TakenOn,
    /// A colleague has it.
    HandedOver,
    /// The words went.
    Replied,
    /// The call is noted.
    Rang,
    /// It is closed.
    Closed,
    /// The copy is noted.
    Copied,
    /// It was asked for and nobody replied.
    Unanswered,
    /// Something came meanwhile.
    NewWords,
    /// It was closed, or done already.
    Already,
    /// The thread has no room.
    Full,
    /// Nothing.
    #[default]
    #[serde(other)]
    Nothing,
}

impl Done {
    /// What is said of it.
    pub fn words(self) -> Option<Text> {
        match self {
            Self::TakenOn => Some(words::CARE_TAKEN_ON),
            Self::HandedOver => Some(words::CARE_HANDED_OVER),
            Self::Replied => Some(words::CARE_REPLIED),
            Self::Rang => Some(words::CARE_RANG),
            Self::Closed => Some(words::CARE_CLOSED),
            Self::Copied => Some(words::CARE_COPIED),
            Self::Unanswered => Some(words::CARE_UNANSWERED),
            Self::NewWords => Some(words::CARE_NEW_WORDS),
            Self::Already => Some(words::CARE_ALREADY),
            Self::Full => Some(words::CARE_FULL),
            Self::Nothing => None,
        }
    }
}

/// Does it, and goes back to the check-in saying what came of it.
async fn does(
    app: &App,
    desk: &Desk,
    id: CheckInId,
    action: CareAction,
    done: &str,
) -> Result<Response, Fault> {
    let action = StaffAction::Care(id, action);
    let done = match app.writer.staff(desk.staff.id, action).await? {
        StaffDone::Not(Not::Unanswered) => "unanswered",
        StaffDone::Not(Not::NewWords) => "new_words",
        StaffDone::Not(Not::Full) => "full",
        StaffDone::Not(Not::Already | Not::Closed) => "already",
        StaffDone::Not(Not::Withdrawn) => return Err(Error::NotFound.into()),
        StaffDone::Done | StaffDone::Waits(_) | StaffDone::NoLonger => done,
    };
    Ok(Redirect::to(&format!("/staff/check-ins/{id}?done={done}")).into_response())
}

fn parse(id: &str) -> Result<CheckInId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn load(app: &App, desk: &Desk, id: &str) -> Result<(CheckInId, Whole), Error> {
    let id = parse(id)?;
    let whole = check_ins::find(&app.db.pool, desk.staff.id, &id.to_string()).await?;
    Ok((id, whole.ok_or(Error::NotFound)?))
}

async fn take_on(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    does(&app, &desk, parse(&id)?, CareAction::TakeOn, "taken_on").await
}

#[derive(Deserialize)]
struct HandOver {
    to: String,
    #[serde(default)]
    note: String,
}

async fn hand_over(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<HandOver>,
) -> Result<Response, Fault> {
    let to: StaffId = typed.to.parse().map_err(|_| Error::Malformed)?;
    let note = text::tidy(Some(typed.note));
    if !text::fits(note.as_deref(), text::LONG) {
        return Err(Error::TooLarge.into());
    }
    let action = CareAction::HandOver { to, note };
    does(&app, &desk, parse(&id)?, action, "handed_over").await
}

async fn reply(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let (id, whole) = load(&app, &desk, &id).await?;
    let message: Uuid = typed.id.parse().map_err(|_| Error::Malformed)?;
    match (typed.step, typed.message()?) {
        (Step::Previewed, Some(text)) => {
            let action = CareAction::Reply { message, text };
            does(&app, &desk, id, action, "replied").await
        }
        (Step::Preview | Step::Send, Some(text)) => {
            Ok(preview(&desk, id, &whole, message, text).await?)
        }
        _ => Ok(ask_reply(&desk, id, &whole, message, &typed.message).await?),
    }
}

/// The form for the words.
async fn ask_reply(
    desk: &Desk,
    id: CheckInId,
    whole: &Whole,
    message: Uuid,
    typed: &str,
) -> Result<Response, Error> {
    let they = parts::they(whole.line.who.as_deref());
    let title = words::CARE_REPLY_TO.fill(&[("who", they)]);
    let main = html! {
        p.back { a href={ "/staff/check-ins/" (id) } { (words::BACK.get()) } }
        h1 { (title) }
        (wording::form(&reply_to(id), they, &html! {}, typed, &own_id(message)))
    };
    desk.page(Way::CheckIns, &title, false, &main).await
}

/// Exactly what the person will see, before it is sent.
async fn preview(
    desk: &Desk,
    id: CheckInId,
    whole: &Whole,
    message: Uuid,
    text: String,
) -> Result<Response, Error> {
    let they = parts::they(whole.line.who.as_deref());
    let gaps = [("who", they)];
    let title = words::PREVIEW.fill(&gaps);
    let send = words::CARE_SEND.fill(&gaps);
    let seen = with_reply(desk, whole, message, text.clone());
    let main = html! {
        h1 { (title) }
        p.soft { (words::PREVIEW_WHY.fill(&gaps)) }
        section.card.phone aria-label=(words::PREVIEW_LABEL.get()) {
            (thread(desk, &seen, "you"))
        }
        (wording::send_or_change(&reply_to(id), &text, &send, &own_id(message)))
    };
    desk.page(Way::CheckIns, &title, false, &main).await
}

/// The thread as it will be: by the rules themselves.
fn with_reply(desk: &Desk, whole: &Whole, message: Uuid, text: String) -> Vec<Message> {
    let mut messages = whole.messages.clone();
    let mut state = whole.line.state;
    let [
        mut by,
        mut taken_on_at,
        mut closed_at,
        mut copied_by,
        mut copied_at,
    ] = [const { None }; 5];
    let care = Care {
        asked: false,
        owner: &mut None,
        state: &mut state,
        messages: &mut messages,
        taken_on_by: &mut by,
        taken_on_at: &mut taken_on_at,
        closed_at: &mut closed_at,
        copied_by: &mut copied_by,
        copied_at: &mut copied_at,
    };
    let me = By {
        id: desk.staff.id,
        name: &desk.staff.name,
        at: &rfc3339(desk.clock.now()),
    };
    // What the rules do not take is not shown either; sending it says why.
    let _ = care.reply(me, message, Some(text));
    messages
}

fn reply_to(id: CheckInId) -> String {
    format!("/staff/check-ins/{id}/reply")
}

fn own_id(message: Uuid) -> Markup {
    html! { input type="hidden" name="id" value=(message); }
}

#[derive(Deserialize)]
struct Rang {
    id: Uuid,
}

async fn rang(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<Rang>,
) -> Result<Response, Fault> {
    let action = CareAction::Rang { message: typed.id };
    does(&app, &desk, parse(&id)?, action, "rang").await
}

#[derive(Deserialize)]
struct Close {
    read: usize,
}

async fn close(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<Close>,
) -> Result<Response, Fault> {
    let action = CareAction::Close { read: typed.read };
    does(&app, &desk, parse(&id)?, action, "closed").await
}

async fn ask_copied(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (id, whole) = load(&app, &desk, &id).await?;
    let gaps = [
        ("who", parts::they(whole.line.who.as_deref())),
        ("by", desk.staff.name.as_str()),
    ];
    let title = words::COPIED_ASK.get();
    let main = html! {
        p.back { a href={ "/staff/check-ins/" (id) } { (words::BACK.get()) } }
        h1 { (title) }
        p { (words::COPIED_MEANS.fill(&gaps)) }
        form method="post" action={ "/staff/check-ins/" (id) "/copied" } {
            button { (words::COPIED_YES.get()) }
        }
    };
    Ok(desk.page(Way::CheckIns, title, false, &main).await?)
}

async fn copied(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    does(&app, &desk, parse(&id)?, CareAction::CopyToRecord, "copied").await
}

/// The part of a check-in's page where it is looked after.
///
/// # Errors
/// What the database says.
pub async fn section(
    app: &App,
    desk: &Desk,
    id: CheckInId,
    whole: &Whole,
) -> Result<Markup, Error> {
    let team: TeamId = whole.team.parse().map_err(|_| Error::NotFound)?;
    let colleagues = staff::readers(&app.db.pool, team).await?;
    let given = hand_overs::of(&app.db.pool, kind::CHECK_IN, id.0).await?;
    Ok(html! {
        (who_has_it(desk, id, whole))
        (talk(desk, id, whole))
        (hand_on(desk, id, whole, &colleagues, &given))
        (ends(desk, id, whole))
    })
}

fn who_has_it(desk: &Desk, id: CheckInId, whole: &Whole) -> Markup {
    let line = &whole.line;
    let mine = line.owner.as_deref() == Some(desk.staff.id.to_string().as_str());
    let closed = line.state == CareState::Closed;
    html! {
        section.card aria-labelledby="has-it" {
            h2 id="has-it" { (words::CARE_WHO.get()) }
            p {
                strong {
                    @match &line.taken_on_by {
                        Some(_) if mine => (words::CARE_YOU.get()),
                        Some(name) => (name),
                        None => (words::NOBODY_YET.get()),
                    }
                }
            }
            @if !mine && !closed {
                form method="post" action={ "/staff/check-ins/" (id) "/take-on" } {
                    button { (words::CARE_TAKE_ON.get()) }
                }
            }
        }
    }
}

fn talk(desk: &Desk, id: CheckInId, whole: &Whole) -> Markup {
    let they = parts::they(whole.line.who.as_deref());
    let gaps = [("who", they)];
    let message = Uuid::now_v7();
    html! {
        section.card aria-labelledby="talk" {
            h2 id="talk" { (words::CARE_TALK.fill(&gaps)) }
            @if !whole.messages.is_empty() { (thread(desk, &whole.messages, they)) }
            form.stack method="post" action=(reply_to(id)) {
                (own_id(message))
                div.field {
                    label for="words" { (words::WORDS_FOR.fill(&gaps)) }
                    p.soft id="words-hint" { (words::WORDS_HINT.fill(&gaps)) }
                    textarea id="words" name="message" required maxlength=(text::LONG) aria-describedby="words-hint" {}
                }
                button name="step" value="preview" { (words::SEE_FIRST.fill(&gaps)) }
            }
            form method="post" action={ "/staff/check-ins/" (id) "/rang" } {
                (own_id(Uuid::now_v7()))
                button.plain { (words::CARE_I_RANG.get()) }
            }
        }
    }
}

/// The messages with who said them; `they` is what the person is called here.
pub fn thread(desk: &Desk, messages: &[Message], they: &str) -> Markup {
    let head = |one: &Message| {
        let time = one.at.as_deref().map(|at| desk.clock.say_text(at));
        let time = time.unwrap_or_default();
        match (&one.from, one.rang) {
            (Some(name), true) => en::care::RANG.fill(&[("name", name), ("time", &time)]),
            (Some(name), false) => en::care::SAID.fill(&[("name", name), ("time", &time)]),
            (None, _) if one.text.is_none() => words::CARE_TAKEN_BACK.fill(&[("who", they)]),
            (None, _) if they == "you" => en::care::YOU_SAID.fill(&[("time", &time)]),
            (None, _) => en::care::SAID.fill(&[("name", they), ("time", &time)]),
        }
    };
    html! {
        ul.thread {
            @for one in messages {
                li.theirs[one.from.is_none()] {
                    p.soft { (head(one)) }
                    @if let Some(text) = &one.text { p { (parts::said(text)) } }
                }
            }
        }
    }
}

fn hand_on(
    desk: &Desk,
    id: CheckInId,
    whole: &Whole,
    colleagues: &[(StaffId, String, String)],
    given: &[hand_overs::Line],
) -> Markup {
    let owner = whole.line.owner.as_deref().unwrap_or_default();
    let may_get = |staff: &StaffId| *staff != desk.staff.id && staff.to_string() != owner;
    let others: Vec<_> = colleagues
        .iter()
        .filter(|(staff, ..)| may_get(staff))
        .collect();
    html! {
        @if !given.is_empty() || !(others.is_empty() || whole.line.state == CareState::Closed) {
            section.card aria-labelledby="hand-on" {
                h2 id="hand-on" { (words::CARE_HAND_ON.get()) }
                @for one in given {
                    p {
                        (words::CARE_GIVEN.fill(&[
                            ("by", &one.by), ("to", &one.to), ("when", &desk.clock.say_inside(one.at)),
                        ]))
                        @if let Some(note) = &one.note { br; (parts::said(note)) }
                    }
                }
                @if !others.is_empty() && whole.line.state != CareState::Closed {
                    form.stack method="post" action={ "/staff/check-ins/" (id) "/hand-over" } {
                        div.field {
                            label for="to" { (words::CARE_TO.get()) }
                            select id="to" name="to" required {
                                @for (staff, name, team) in others {
                                    option value=(staff) { (name) ", " (team) }
                                }
                            }
                        }
                        div.field {
                            label for="note" { (words::CARE_NOTE.get()) }
                            p.soft id="note-hint" { (words::STAFF_NOTE_HINT.get()) }
                            textarea id="note" name="note" maxlength=(text::LONG) aria-describedby="note-hint" {}
                        }
                        button.plain { (words::CARE_HAND_OVER.get()) }
                    }
                }
            }
        }
    }
}

/// Closing, and the one copy that may be made.
fn ends(desk: &Desk, id: CheckInId, whole: &Whole) -> Markup {
    let they = parts::they(whole.line.who.as_deref());
    let gaps = [("who", they)];
    let line = &whole.line;
    let unanswered = line.wants.asks_for_something() && !is_answered(&whole.messages);
    let copied = whole.copied_by.as_ref().zip(whole.copied_at.as_ref());
    html! {
        section.card aria-labelledby="ends" {
            h2 id="ends" { (words::CARE_ENDS.get()) }
            @if let Some(at) = &whole.closed_at {
                p { (words::CARE_CLOSED_AT.fill(&[("when", &desk.clock.say_text(at))])) }
            } @else if unanswered {
                p { (words::CARE_UNANSWERED.fill(&gaps)) }
            } @else {
                form method="post" action={ "/staff/check-ins/" (id) "/close" } {
                    input type="hidden" name="read" value=(whole.messages.len());
                    button.plain { (words::CARE_CLOSE.get()) }
                }
            }
            @match copied {
                Some((by, at)) => p {
                    (words::COPIED_BY.fill(&[("by", by), ("when", &desk.clock.say_text(at))]))
                },
                None => p {
                    a href={ "/staff/check-ins/" (id) "/copied" } { (words::COPIED_ASK.get()) }
                },
            }
        }
    }
}
