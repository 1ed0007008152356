//! One session: how it is, and other details for it.

use super::{
    Held, Page,
    fields::{Fields, Typed, Wrong},
    load, told,
};
use crate::{
    commands::{
        programme::ProgrammeAction,
        sessions::{Details, SessionAction},
    },
    error::Error,
    http::staff::{
        desk::{Desk, Way},
        opportunity::{held_up, room, session_state},
        parts,
    },
    state::App,
};
use app::{
    domain::{opportunity::Session, text},
    lang::en::{self, board, desk as desk_words, programme as words},
    ui::when,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let held = load(&app, &id).await?;
    let typed = Typed::of(&held.row, &app.config.zone);
    let done = match asked.done.as_str() {
        "changed" => Some(words::DONE_CHANGED),
        "moved" => Some(words::DONE_MOVED),
        "called_off" => Some(words::DONE_CALLED_OFF),
        _ => None,
    };
    let above = html! {
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
    };
    page(&app, &desk, &held, &typed, None, &above).await
}

pub(super) async fn keep(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let held = load(&app, &id).await?;
    let message = text::tidy(Some(typed.message.clone()));
    if !text::fits(message.as_deref(), text::LONG) {
        return Err(Error::TooLarge.into());
    }
    // The zone is the session's, which only moving changes.
    let typed = Typed {
        zone: Typed::of(&held.row, &app.config.zone).zone,
        ..typed
    };
    let read = typed.details().and_then(|details| {
        let ballot_at = typed.ballot_of(&held.row, desk.clock.now())?;
        Ok(Details {
            ballot_at,
            ..details
        })
    });
    let details = match read {
        Ok(details) => details,
        Err(wrong) => return refused(&app, &desk, &held, &typed, &wrong).await,
    };
    match (typed.step.as_str(), &message) {
        ("edit", _) => return page(&app, &desk, &held, &typed, None, &html! {}).await,
        ("previewed", _) | (_, None) => {}
        // Nothing is sent to anyone that was not seen as they will see it.
        (_, Some(message)) => return seen(&app, &desk, &held, &typed, message).await,
    }
    let action = SessionAction::Change(held.row.id, details, message);
    let action = ProgrammeAction::Hold(action);
    let done = app.writer.programme(desk.staff.id, action).await?;
    match held_up(&done) {
        Some(problem) => refused(&app, &desk, &held, &typed, &("", problem)).await,
        None => Ok(Redirect::to(&format!("{}?done=changed", held.path())).into_response()),
    }
}

/// The words as they will look, with the session as it will be.
async fn seen(app: &App, desk: &Desk, held: &Held, typed: &Typed, message: &str) -> Page {
    let title = words::MOVE_SEEN.get();
    let count = told(app, &[&held.row]).await?;
    let main = html! {
        h1 { (title) }
        p.soft { (en::desk::PREVIEW_WHY.get()) " " (super::tells(count)) }
        section.card.phone aria-label=(en::desk::PREVIEW_LABEL.get()) {
            h2 { (held.of.title()) }
            p.soft { (held.when()) }
            p { (parts::said(&en::sign_ups::QUOTE.fill(&[("words", message)]))) }
        }
        div.actions {
            @for (step, class, label) in [
                ("previewed", "", words::SESSION_KEEP_AND_SEND),
                ("edit", "plain", words::MOVE_CHANGE),
            ] {
                form method="post" action=(held.path()) {
                    @for (name, value) in typed.again() { input type="hidden" name=(name) value=(value); }
                    button class=(class) name="step" value=(step) { (label.get()) }
                }
            }
        }
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}

async fn refused(app: &App, desk: &Desk, held: &Held, typed: &Typed, wrong: &Wrong) -> Page {
    let above = html! { p.problem role="alert" { (wrong.1) } };
    let page = page(app, desk, held, typed, Some(wrong), &above).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(
    app: &App,
    desk: &Desk,
    held: &Held,
    typed: &Typed,
    wrong: Option<&Wrong>,
    above: &Markup,
) -> Page {
    let title = words::SESSION_TITLE.fill(&[("when", &held.when())]);
    let count = told(app, &[&held.row]).await?;
    let path = held.path();
    let fields = Fields { typed, wrong };
    let main = html! {
        p.back { a href=(held.of.path()) { (words::SESSION_BACK.fill(&[("title", &held.of.title())])) } }
        div {
            h1 { (title) }
            p.soft { (held.of.title()) }
        }
        (above)
        (facts(held))
        (day(held))
        @if held.is_to_come() {
            div.actions {
                a.button.plain href={ (path) "/move" } { (words::SESSION_MOVE.get()) }
                a.button.plain href={ (path) "/cancel" } { (words::SESSION_CANCEL.get()) }
                a.button.plain href={ (held.of.path()) "/sessions/new?copy=" (held.row.id) } { (words::SESSION_COPY.get()) }
            }
            form.stack.card method="post" action=(path) autocomplete="off" novalidate {
                (fields.details())
                @if count > 0 {
                    div.field {
                        label for="message" { (words::SESSION_WORDS.get()) }
                        p.soft id="message-hint" { (super::tells(count)) }
                        textarea id="message" name="message" maxlength=(text::LONG) aria-describedby="message-hint" {
                            (typed.message)
                        }
                    }
                }
                button { (words::SESSION_KEEP.get()) }
            }
        } @else {
            p { (words::SESSION_OVER.get()) }
            p { a href={ (held.of.path()) "/sessions/new?copy=" (held.row.id) } { (words::SESSION_COPY.get()) } }
        }
    };
    Ok(desk.page(Way::Opportunities, &title, false, &main).await?)
}

/// What is needed for the day: who comes, a register to print, a calendar entry, the list as a file.
fn day(held: &Held) -> Markup {
    let id = held.row.id;
    html! {
        section.card aria-labelledby="day" {
            h2 id="day" { (words::FOR_THE_DAY.get()) }
            div.actions {
                a.button.plain href={ "/staff/sign-ups?show=placed&session=" (id) } { (words::SIGN_UPS.get()) }
                a.button.plain href={ (held.path()) "/register" } { (board::REGISTER.get()) }
                @if held.row.record.starts_at.is_some() {
                    a.button.plain href={ (held.path()) "/calendar.ics" } download { (board::CALENDAR.get()) }
                }
                form method="post" action="/staff/sign-ups/export" {
                    input type="hidden" name="session" value=(id);
                    input type="hidden" name="show" value="all";
                    button.plain aria-describedby="export-hint" { (board::EXPORT_SESSION.get()) }
                }
            }
            p.soft id="export-hint" { (board::EXPORT_HINT.get()) }
        }
    }
}

fn facts(held: &Held) -> Markup {
    let it = &held.row.record;
    html! {
        section.card {
            dl.facts {
                (parts::fact(words::COLUMN_HOW_FAR.get(), &html! { (session_state(it.state).get()) }))
                @if let Some(zone) = &it.zone { (parts::fact(words::ZONE.get(), &html! { (zone) })) }
                (parts::fact(desk_words::WHERE.get(), &html! { (when::session_place(it)) }))
                (parts::fact(words::COLUMN_ROOM.get(), &html! { (parts::room(room(&held.row))) }))
                @if let Some(was) = &it.was { (parts::fact(desk_words::WHEN.get(), &html! { (was_before(it, was)) })) }
                @if let Some(reason) = &it.reason { (parts::fact(words::MOVE_REASON.get(), &parts::said(reason))) }
            }
        }
    }
}

fn was_before(it: &Session, was: &str) -> String {
    let before = Session {
        local_start: Some(was.to_owned()),
        ..it.clone()
    };
    words::WAS.fill(&[("when", &when::session_time(&before))])
}
