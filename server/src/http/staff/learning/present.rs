//! A training at a meeting: one change a screen, large, with the buttons of a presenter; and on paper, as a handout.

use super::{
    told,
    training::{Whole, load},
};
use crate::{
    http::staff::{
        desk::{self, Run},
        fault::Fault,
        parts,
    },
    state::App,
};
use app::lang::en::learning as words;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

pub(super) async fn present(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let whole = load(&app, &desk, &id).await?;
    let last = whole.notes.len() + 1;
    let main = html! {
        (slide(0, last, &html! {
            h1 { bdi { (whole.row.title) } }
            p { (words::MADE_BY.fill(&[("group", &whole.row.group.1)])) }
            @if !whole.row.introduction.trim().is_empty() { p { (parts::said(&whole.row.introduction)) } }
            button.plain type="button" data-fullscreen hidden { (words::FULL_SCREEN.get()) }
        }))
        @for (place, note) in whole.notes.iter().enumerate() {
            (slide(place + 1, last, &html! {
                h2 { (words::CHANGE_OF.fill(&[("n", &(place + 1).to_string()), ("all", &whole.notes.len().to_string())])) }
                (body(note))
            }))
        }
        (slide(last, last, &html! {
            h2 { (words::END_TITLE.get()) }
            p { (words::MADE_BY.fill(&[("group", &whole.row.group.1)])) }
            p { a href=(whole.path()) { (words::END_BACK.get()) } }
        }))
    };
    Ok(desk::stage(&app, &whole.row.title, &main).into_response())
}

/// One screen, with the ways to the one before and the one after.
fn slide(place: usize, last: usize, inside: &Markup) -> Markup {
    html! {
        section.slide id={ "slide-" (place) } tabindex="-1" {
            div.stack { (inside) }
            nav.turn aria-label=(words::TURN.fill(&[("n", &(place + 1).to_string())])) {
                @if place > 0 { a.button.plain href={ "#slide-" (place - 1) } { (words::TURN_BACK.get()) } }
                @if place < last { a.button href={ "#slide-" (place + 1) } { (words::TURN_ON.get()) } }
            }
        }
    }
}

/// What a note tells, and what to think about.
fn body(note: &crate::db::learning::NoteRow) -> Markup {
    html! {
        @for (heading, words) in told(note) {
            h3 { (heading.get()) }
            p { (parts::said(&words)) }
        }
        @if !note.plan.question.trim().is_empty() {
            h3 { (words::THINK.get()) }
            p { (parts::said(&note.plan.question)) }
        }
    }
}

pub(super) async fn handout(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let whole: Whole = load(&app, &desk, &id).await?;
    let main = html! {
        p.no-print { a href=(whole.path()) { (words::END_BACK.get()) } }
        h1 { bdi { (whole.row.title) } }
        p { (words::MADE_BY.fill(&[("group", &whole.row.group.1)])) }
        @if !whole.row.introduction.trim().is_empty() { p { (parts::said(&whole.row.introduction)) } }
        button.no-print type="button" data-print hidden { (words::PRINT.get()) }
        @for (place, note) in whole.notes.iter().enumerate() {
            section.keep {
                h2 { (words::CHANGE_OF.fill(&[("n", &(place + 1).to_string()), ("all", &whole.notes.len().to_string())])) }
                (body(note))
            }
        }
    };
    Ok(desk::sheet(&app, &whole.row.title, &main).into_response())
}
