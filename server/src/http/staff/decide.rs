//! Giving a place, holding one, and cancelling. Words for the member are always seen first as the member will see
//! them; the note for staff is another field, another route, and never leaves the server.

use super::{
    desk::{Desk, Run, Way},
    fault::Fault,
    parts,
    sign_up::{Whole, back_to, load},
    wording::{self, Step, Typed},
};
use crate::{
    commands::staff::{StaffAction, StaffDone},
    error::Error,
    state::App,
};
use app::{
    domain::{id::SignUpId, record::SignUp, sign_up::SignUpState, time::rfc3339},
    lang::en::{self, desk as words},
    ui::{local::Sent, progress, when},
};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use maud::{Markup, html};

/// `/sign-ups/{id}/confirm`, `/offer` and `/cancel`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sign-ups/{id}/confirm", post(confirm))
        .route("/sign-ups/{id}/offer", post(offer))
        .route("/sign-ups/{id}/cancel", get(ask_cancel).post(cancel))
}

/// What is being decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Confirm,
    Offer,
    Cancel,
}

impl Decision {
    fn word(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Offer => "offer",
            Self::Cancel => "cancel",
        }
    }

    /// Where the sign-up stands afterwards.
    fn state(self) -> SignUpState {
        match self {
            Self::Confirm => SignUpState::Confirmed,
            Self::Offer => SignUpState::Offered,
            Self::Cancel => SignUpState::Cancelled,
        }
    }
}

async fn confirm(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    give(&app, desk, &id, &typed, Decision::Confirm).await
}

async fn offer(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    give(&app, desk, &id, &typed, Decision::Offer).await
}

/// A place is given or held, with or without words.
async fn give(
    app: &App,
    desk: Run,
    id: &str,
    typed: &Typed,
    decision: Decision,
) -> Result<Response, Fault> {
    let (id, whole) = load(app, desk.reach, id).await?;
    let desk = desk.about(&format!("sign-ups/{id}"));
    let message = typed.message()?;
    match (typed.step, &message) {
        (Step::Edit, _) => {
            return Ok(ask(&desk, decision, id, &whole, &typed.message, false).await?);
        }
        (Step::Preview | Step::Send, Some(message)) => {
            return Ok(preview(&desk, decision, id, &whole, message).await?);
        }
        _ => {}
    }
    let (action, done) = match decision {
        Decision::Offer => (
            StaffAction::Offer {
                sign_up: id,
                message,
            },
            "offered",
        ),
        _ => (
            StaffAction::Confirm {
                sign_up: id,
                message,
            },
            "confirmed",
        ),
    };
    let done = match app.writer.staff(desk.staff.id, action).await? {
        StaffDone::Done => done,
        StaffDone::Waits(_) => "waits",
        StaffDone::NoLonger | StaffDone::Not(_) => "no_longer",
    };
    Ok(back_to(id, done).into_response())
}

async fn ask_cancel(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (id, whole) = load(&app, desk.reach, &id).await?;
    let desk = desk.about(&format!("sign-ups/{id}"));
    if !whole.line.state.is_active() {
        return Ok(back_to(id, "no_longer").into_response());
    }
    Ok(ask(&desk, Decision::Cancel, id, &whole, "", false).await?)
}

async fn cancel(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let (id, whole) = load(&app, desk.reach, &id).await?;
    let desk = desk.about(&format!("sign-ups/{id}"));
    let Some(message) = typed.message()? else {
        // Nobody is turned down without a word.
        let page = ask(&desk, Decision::Cancel, id, &whole, "", true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    match typed.step {
        Step::Edit => Ok(ask(&desk, Decision::Cancel, id, &whole, &message, false).await?),
        Step::Preview | Step::Send => {
            Ok(preview(&desk, Decision::Cancel, id, &whole, &message).await?)
        }
        Step::Previewed => {
            let action = StaffAction::Cancel {
                sign_up: id,
                message,
            };
            let done = match app.writer.staff(desk.staff.id, action).await? {
                StaffDone::NoLonger | StaffDone::Not(_) => "no_longer",
                StaffDone::Done | StaffDone::Waits(_) => "cancelled",
            };
            Ok(back_to(id, done).into_response())
        }
    }
}

/// The form for the words.
async fn ask(
    desk: &Desk,
    decision: Decision,
    id: SignUpId,
    whole: &Whole,
    message: &str,
    words_missing: bool,
) -> Result<Response, Error> {
    let gaps = [("who", parts::they(whole.line.who.as_deref()))];
    let title = match decision {
        Decision::Confirm | Decision::Offer => words::WRITE_CONFIRM,
        Decision::Cancel if whole.line.state.holds_place() => words::WRITE_TAKE_AWAY,
        Decision::Cancel => words::WRITE_CANCEL,
    };
    let title = title.fill(&gaps);
    let action = format!("/staff/sign-ups/{id}/{}", decision.word());
    let hint = html! {
        @if decision == Decision::Cancel { (words::WORDS_CANCEL_HINT.get()) }
    };
    let main = html! {
        p.back { a href={ "/staff/sign-ups/" (id) } { (words::BACK.get()) } }
        h1 { (title) }
        p.soft { (whole.line.title) }
        @if words_missing {
            p.problem role="alert" { (words::WORDS_MISSING.fill(&gaps)) }
        }
        (wording::form(&action, parts::they(whole.line.who.as_deref()), &hint, message, &html! {}))
    };
    desk.page(Way::SignUps, &title, false, &main).await
}

/// Exactly what the member will see, before it is sent.
async fn preview(
    desk: &Desk,
    decision: Decision,
    id: SignUpId,
    whole: &Whole,
    message: &str,
) -> Result<Response, Error> {
    let gaps = [("who", parts::they(whole.line.who.as_deref()))];
    let title = words::PREVIEW.fill(&gaps);
    let send = match decision {
        Decision::Confirm => words::SEND_CONFIRM,
        Decision::Offer => words::SEND_OFFER,
        Decision::Cancel => words::SEND_CANCEL,
    };
    let action = format!("/staff/sign-ups/{id}/{}", decision.word());
    let main = html! {
        h1 { (title) }
        p.soft { (words::PREVIEW_WHY.fill(&gaps)) }
        (as_the_member_sees_it(desk, decision.state(), whole, message))
        (wording::send_or_change(&action, message, &send.fill(&gaps), &html! {}))
        @if decision == Decision::Cancel && whole.line.state.holds_place() {
            p.soft { (words::CANCEL_FREES.get()) }
        }
    };
    desk.page(Way::SignUps, &title, false, &main).await
}

/// With the words and the steps of the member's own screen.
pub fn as_the_member_sees_it(
    desk: &Desk,
    state: SignUpState,
    whole: &Whole,
    message: &str,
) -> Markup {
    let decided = SignUp {
        state,
        made_at: Some(whole.line.made_at.clone()),
        received_at: Some(rfc3339(whole.line.received_at)),
        seen_by: whole.line.seen_by.clone(),
        offer_until: (state == SignUpState::Offered)
            .then(|| whole.offer_would_end(desk.clock.now())),
        ..SignUp::mark()
    };
    let say = |at: &str| desk.clock.say_text(at);
    let steps = progress::sign_up_steps(&decided, &Sent::OnServer, &say);
    html! {
        section.card.phone aria-label=(words::PREVIEW_LABEL.get()) {
            h2 { (whole.line.title) }
            p.soft { (when::session_time(&whole.session)) }
            p.soft { (when::session_place(&whole.session)) }
            ol.steps {
                @for step in steps { li { (step) } }
            }
            p { (parts::said(&en::sign_ups::QUOTE.fill(&[("words", message)]))) }
        }
    }
}
