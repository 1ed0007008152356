//! One sign-up: what the person needs first, then what can be done. Opening it tells them who saw it.

use super::{
    attend,
    desk::{Desk, Run, Way},
    enter,
    fault::Fault,
    parts::{self, Opening},
};
use crate::{
    clock,
    commands::staff::{StaffAction, StaffDone},
    db::{
        desk::sign_ups::{self, Found, Room},
        reach::Reach,
        sessions,
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        id::{SignUpId, StaffId},
        opportunity::{Gives, Session, Thanks},
        sign_up::SignUpState,
        text,
        time::{HOUR_MS, Millis, rfc3339},
    },
    lang::{
        Text,
        en::{board, desk as words, programme as own},
    },
    ui::when,
};
use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;
use std::ops::Deref;

/// `/sign-ups/{id}` and its note.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sign-ups/{id}", get(open))
        .route("/sign-ups/{id}/note", post(note))
}

/// What was just done: said once, at the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// They have a place.
    Confirmed,
    /// It was written down for them.
    Entered,
    /// A place is held for them.
    Offered,
    /// No place was free.
    Waits,
    /// Cancelled.
    Cancelled,
    /// The note is kept.
    Noted,
    /// They came.
    Came,
    /// They couldn't come.
    NotThere,
    /// No place is held for them.
    NoPlace,
    /// They were thanked.
    Thanked,
    /// Nobody said that they came.
    NotYet,
    /// It had ended meanwhile.
    NoLonger,
    /// Nothing.
    #[default]
    #[serde(other)]
    Nothing,
}

impl Done {
    fn words(self) -> Option<Text> {
        match self {
            Self::Confirmed => Some(words::DONE_CONFIRMED),
            Self::Offered => Some(words::DONE_OFFERED),
            Self::Entered => Some(words::DONE_ENTERED),
            Self::Waits => Some(words::DONE_WAITS),
            Self::Cancelled => Some(words::DONE_CANCELLED),
            Self::Noted => Some(words::DONE_NOTED),
            Self::Came => Some(board::DONE_CAME),
            Self::NotThere => Some(board::DONE_NOT_THERE),
            Self::NoPlace => Some(board::DONE_NO_PLACE),
            Self::Thanked => Some(board::DONE_THANKED),
            Self::NotYet => Some(board::DONE_NOT_YET),
            Self::NoLonger => Some(words::DONE_NO_LONGER),
            Self::Nothing => None,
        }
    }
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: Done,
}

/// A sign-up in full, with its session as members see it.
pub struct Whole {
    found: Found,
    /// The session.
    pub session: Session,
}

impl Deref for Whole {
    type Target = Found;

    fn deref(&self) -> &Found {
        &self.found
    }
}

impl Whole {
    /// When an offer that is made now would end, RFC 3339.
    pub fn offer_would_end(&self, now: Millis) -> String {
        let until = now + self.offer_hours * HOUR_MS;
        let starts = self.session.starts_at.as_deref().and_then(clock::instant);
        rfc3339(starts.map_or(until, |starts| until.min(starts)))
    }
}

/// A sign-up by the id in its address, if whoever asks reaches it.
///
/// # Errors
/// Not found, or what the database says.
pub async fn load(app: &App, reach: Reach, id: &str) -> Result<(SignUpId, Whole), Error> {
    let id: SignUpId = id.parse().map_err(|_| Error::NotFound)?;
    let found = sign_ups::find(&app.db.pool, reach, &id.to_string()).await?;
    let found = found.ok_or(Error::NotFound)?;
    let session = sessions::record(&mut *app.db.reader().await?, found.session).await?;
    Ok((id, Whole { found, session }))
}

/// Back to the sign-up, saying what was done.
pub fn back_to(id: SignUpId, done: &str) -> Redirect {
    Redirect::to(&format!("/staff/sign-ups/{id}?done={done}"))
}

async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (id, whole) = load(&app, desk.reach, &id).await?;
    let whole = match Opening::of(&method, &headers) {
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => whole,
        Opening::Real => {
            see(&app, desk.staff.id, id).await?;
            load(&app, desk.reach, &id.to_string()).await?.1
        }
    };
    let desk = desk.about(&format!("sign-ups/{id}"));
    let title = parts::who(whole.line.who.as_deref());
    let day = attend::day(&app, &desk, id, &whole).await?;
    let history = attend::history(&app, &desk, id).await?;
    let main = html! {
        p.back { a href="/staff/sign-ups" { (words::ALL_SIGN_UPS.get()) } }
        (heading(&desk, &whole))
        (enter::note(&app, &whole.line.id).await?)
        @if let Some(done) = asked.done.words() {
            p.notice role="status" { (done.fill(&[("who", parts::they(whole.line.who.as_deref()))])) }
        }
        (needs(&whole))
        (session(&desk, &whole))
        (day)
        (answer(id, &whole))
        // What staff note for each other, no lead reads.
        @if desk.reach == Reach::All && whole.line.state != SignUpState::Withdrawn { (staff_note(id, &whole)) }
        (history)
    };
    Ok(desk.page(Way::SignUps, title, false, &main).await?)
}

async fn see(app: &App, by: StaffId, id: SignUpId) -> Result<StaffDone, Error> {
    app.writer.staff(by, StaffAction::OpenSignUp(id)).await
}

fn heading(desk: &Desk, whole: &Whole) -> Markup {
    let line = &whole.line;
    html! {
        div {
            h1 { (parts::who(line.who.as_deref())) }
            p.soft { (line.title) }
        }
        (parts::standing(line.state, whole.position))
        @if let Some(until) = whole.offer_until {
            p { (words::HELD_UNTIL.fill(&[("when", &desk.clock.say_inside(until))])) }
        }
        p.soft {
            (words::SENT.fill(&[("when", &desk.clock.say_sent(line.received_at, &line.made_at))]))
            @if let (Some(by), Some(at)) = (&line.seen_by, whole.seen_at) {
                " " (words::SEEN_BY.fill(&[("who", by), ("when", &desk.clock.say_inside(at))]))
            }
        }
    }
}

/// What the person needs stands before what can be done, so that it is read first.
fn needs(whole: &Whole) -> Markup {
    let they = parts::they(whole.line.who.as_deref());
    let silent = whole.contact.is_none()
        && whole.access_needs.is_none()
        && !whole.travel_first
        && whole.thanks.is_none()
        && whole.agreement.is_none()
        && whole.note.is_none();
    let ended = matches!(
        whole.line.state,
        SignUpState::Withdrawn | SignUpState::Cancelled
    );
    html! {
        section.card aria-labelledby="needs" {
            h2 id="needs" { (words::NEEDS.fill(&[("who", they)])) }
            @if ended {
                p { (words::NEEDS_GONE.get()) }
            } @else if silent {
                p { (words::NEEDS_NOTHING.get()) }
            } @else {
                dl.facts { (needs_facts(whole)) }
            }
        }
    }
}

/// What would make it easier is for those who run the session, and only where its person ticked that.
fn needs_facts(whole: &Whole) -> Markup {
    html! {
        @if let Some(contact) = &whole.contact {
            (parts::fact(words::REACH.get(), &parts::contact(contact)))
        }
        @if let Some(needs) = &whole.access_needs {
            (parts::fact(words::ACCESS.get(), &html! {
                @if whole.access_needs_consent {
                    (parts::said(needs)) br; span.soft { (words::ACCESS_MAY_BE_TOLD.get()) }
                } @else {
                    strong { (words::ACCESS_NOT_TO_BE_TOLD.get()) }
                }
            }))
        }
        @if whole.travel_first {
            (parts::fact(words::TRAVEL.get(), &html! { (words::TRAVEL_FIRST.get()) }))
        }
        @if let Some(thanks) = whole.thanks {
            (parts::fact(own::THANKS.get(), &html! { (thanks_words(thanks).get()) }))
        }
        @if let Some(newest) = whole.agreement {
            (parts::fact(own::AGREED.get(), &html! { (agreed_words(newest, whole.agreed)) }))
        }
        @if let Some(note) = &whole.note {
            (parts::fact(words::ANYTHING_ELSE.get(), &parts::said(note)))
        }
    }
}

fn thanks_words(thanks: Thanks) -> Text {
    match thanks {
        Thanks::Full => own::THANKS_FULL,
        Thanks::Less => own::THANKS_LESS,
        Thanks::Nothing => own::THANKS_NONE,
    }
}

/// Whether they said yes to the agreement as it is now.
fn agreed_words(newest: i64, agreed: Option<i64>) -> String {
    match agreed {
        None => own::AGREED_NOT.get().to_owned(),
        Some(version) => {
            let words = if version < newest {
                own::AGREED_OLDER
            } else {
                own::AGREED_NEWEST
            };
            words.fill(&[("version", &version.to_string())])
        }
    }
}

fn session(desk: &Desk, whole: &Whole) -> Markup {
    let gives = match whole.session.gives {
        Gives::FirstReceived => words::GIVES_FIRST,
        Gives::Staff => words::GIVES_STAFF,
        Gives::Ballot => words::GIVES_BALLOT,
    };
    let ballot = whole.session.ballot_at.as_deref();
    html! {
        section.card aria-labelledby="session" {
            h2 id="session" { (words::SESSION.get()) }
            dl.facts {
                (parts::fact(words::WHEN.get(), &html! { (when::session_time(&whole.session)) }))
                (parts::fact(words::WHERE.get(), &html! { (when::session_place(&whole.session)) }))
                (parts::fact(words::COLUMN_ROOM.get(), &html! { (parts::room(whole.line.room)) }))
                (parts::fact(words::PLACES_GIVEN.get(), &html! {
                    (gives.get())
                    @if let Some(at) = ballot { " " (words::DRAWN_AT.fill(&[("when", &desk.clock.say_text(at))])) }
                }))
            }
        }
    }
}

/// Whether a place is free to give.
fn is_free(room: Room) -> bool {
    room.places.is_none_or(|places| room.taken < places)
}

fn answer(id: SignUpId, whole: &Whole) -> Markup {
    let they = parts::they(whole.line.who.as_deref());
    let gaps = [("who", they)];
    let state = whole.line.state;
    let is_free = is_free(whole.line.room);
    let in_ballot = whole.session.gives == Gives::Ballot && !whole.drawn;
    let (do_confirm, hint) = match (state, is_free) {
        (SignUpState::Received, _) if in_ballot => (None, Some(words::IN_BALLOT)),
        (SignUpState::Offered, _) => (Some(words::DO_CONFIRM_OFFERED), None),
        (SignUpState::Received | SignUpState::Waiting, true) => (Some(words::DO_CONFIRM), None),
        (SignUpState::Received, false) => (Some(words::DO_WAIT), Some(words::FULL_SO_WAIT)),
        (SignUpState::Waiting, false) => (None, Some(words::FULL_STILL)),
        _ => (None, None),
    };
    html! {
        @if let Some(message) = &whole.message {
            section.card aria-labelledby="message" {
                h2 id="message" { (words::MESSAGE_SENT.fill(&gaps)) }
                p { (parts::said(message)) }
            }
        }
        @if state.is_active() {
            section.card aria-labelledby="answer" {
                h2 id="answer" { (words::ANSWER.fill(&gaps)) }
                @if let Some(hint) = hint { p { (hint.fill(&gaps)) } }
                @if let Some(confirm) = do_confirm {
                    form.stack method="post" action={ "/staff/sign-ups/" (id) "/confirm" } {
                        // Words of welcome go only with a place.
                        @if is_free || state == SignUpState::Offered {
                            div.field {
                                label for="words" { (words::WORDS_IF_YOU_LIKE.fill(&gaps)) }
                                p.soft id="words-hint" { (words::WORDS_HINT.fill(&gaps)) }
                                textarea id="words" name="message" maxlength=(text::LONG) aria-describedby="words-hint" {}
                            }
                        }
                        button name="step" value="send" { (confirm.fill(&gaps)) }
                        @if is_free && state != SignUpState::Offered {
                            button.plain name="step" value="send"
                                formaction={ "/staff/sign-ups/" (id) "/offer" } {
                                (words::DO_OFFER.fill(&gaps))
                            }
                            p.soft { (words::OFFER_HINT.fill(&[("hours", &whole.offer_hours.to_string())])) }
                        }
                    }
                }
                p {
                    a.button.plain href={ "/staff/sign-ups/" (id) "/cancel" } {
                        (cancel_words(state).fill(&gaps))
                    }
                }
            }
        }
    }
}

/// Turning down is not the same as taking a place away.
fn cancel_words(state: SignUpState) -> Text {
    if state.holds_place() {
        words::DO_CANCEL
    } else {
        words::DO_NOT_THIS_TIME
    }
}

fn staff_note(id: SignUpId, whole: &Whole) -> Markup {
    html! {
        section.card aria-labelledby="note-title" {
            h2 id="note-title" { (words::STAFF_NOTE.get()) }
            form.stack method="post" action={ "/staff/sign-ups/" (id) "/note" } {
                div.field {
                    label.unseen for="note" { (words::STAFF_NOTE.get()) }
                    p.soft id="note-hint" { (words::STAFF_NOTE_HINT.get()) }
                    textarea id="note" name="note" maxlength=(text::LONG) aria-describedby="note-hint" {
                        (whole.staff_note.as_deref().unwrap_or_default())
                    }
                }
                button.plain { (words::KEEP_NOTE.get()) }
            }
        }
    }
}

#[derive(Deserialize)]
struct Noted {
    note: String,
}

async fn note(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(noted): Form<Noted>,
) -> Result<Redirect, Fault> {
    let sign_up: SignUpId = id.parse().map_err(|_| Error::NotFound)?;
    let note = text::tidy(Some(noted.note));
    if !text::fits(note.as_deref(), text::LONG) {
        return Err(Error::TooLarge.into());
    }
    let kept = app
        .writer
        .staff(desk.staff.id, StaffAction::Note { sign_up, note })
        .await?;
    Ok(back_to(
        sign_up,
        if kept == StaffDone::Done {
            "noted"
        } else {
            "no_longer"
        },
    ))
}
