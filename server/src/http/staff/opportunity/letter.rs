//! A letter for a benefits office, about someone's part in an opportunity: typed here, printed, signed by hand. Nothing
//! of it is kept but that one was made.

use super::{Page, Whole, load};
use crate::{
    commands::programme::ProgrammeAction,
    http::staff::desk::{self, Desk, Run, Way},
    state::App,
};
use app::{
    domain::text,
    lang::{Text, en::programme as words},
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    gets: String,
    signed: String,
    organisation: String,
}

pub(super) async fn ask(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    let typed = Typed {
        gets: whole.plan().thank_you,
        signed: desk.staff.name.clone(),
        ..Typed::default()
    };
    form(&desk, &whole, &typed, false).await
}

pub(super) async fn make(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    let needed = [&typed.name, &typed.signed, &typed.organisation];
    let fits = |typed: &str| text::fits(Some(typed), text::LONG);
    if needed.iter().any(|it| it.trim().is_empty() || !fits(it)) || !fits(&typed.gets) {
        let page = form(&desk, &whole, &typed, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let action = ProgrammeAction::Letter(whole.id);
    app.writer.programme(desk.staff.id, action).await?;
    let page = desk::sheet(
        &app,
        words::LETTER_TITLE.get(),
        &letter(&desk, &whole, &typed),
    );
    Ok(page.into_response())
}

async fn form(desk: &Desk, whole: &Whole, typed: &Typed, missing: bool) -> Page {
    let title = words::LETTER_TITLE.get();
    let main = html! {
        p.back { a href=(whole.path()) { (words::SESSION_BACK.fill(&[("title", &whole.title())])) } }
        h1 { (title) }
        p.soft { (words::LETTER_WHY.get()) }
        @if missing { p.problem role="alert" { (words::LETTER_NEEDED.get()) } }
        form.stack.card method="post" action={ (whole.path()) "/letter" } autocomplete="off" {
            (short("name", words::LETTER_NAME, &typed.name))
            div.field {
                label for="gets" { (words::LETTER_GETS.get()) }
                p.soft id="gets-hint" { (words::LETTER_GETS_HINT.get()) }
                textarea id="gets" name="gets" maxlength=(text::LONG) aria-describedby="gets-hint" { (typed.gets) }
            }
            (short("signed", words::LETTER_SIGNED, &typed.signed))
            (short("organisation", words::LETTER_ORGANISATION, &typed.organisation))
            button { (words::LETTER_DO.get()) }
        }
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}

fn short(name: &str, label: Text, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label.get()) }
            input id=(name) name=(name) required maxlength=(text::SHORT) autocomplete="off" value=(value);
        }
    }
}

fn letter(desk: &Desk, whole: &Whole, typed: &Typed) -> Markup {
    let plan = whole.plan();
    let line = |text: Text, words: &str| {
        let words = words.trim();
        html! {
            @if !words.is_empty() { p.said { (text.fill(&[("words", words)])) } }
        }
    };
    let named = [("name", typed.name.trim()), ("title", plan.title.trim())];
    html! {
        p.no-print { a href={ (whole.path()) "/letter" } { (words::LETTER_BACK.get()) } ". " (words::LETTER_PRINT.get()) }
        p { (typed.organisation.trim()) }
        p { (app::ui::when::date(&desk.clock.today())) }
        h1 { (words::LETTER_TO.get()) }
        p { (words::LETTER_ONE.fill(&named)) }
        (line(words::LETTER_WHAT, &plan.what_happens))
        (line(words::LETTER_WHY_DONE, &plan.purpose))
        (line(words::LETTER_HOW_LONG, &plan.commitment))
        @if typed.gets.trim().is_empty() {
            p { (words::LETTER_THANKS_NONE.get()) }
        } @else {
            (line(words::LETTER_THANKS, &typed.gets))
        }
        (line(words::LETTER_TRAVEL, &plan.travel))
        p { (words::LETTER_FREE.get()) }
        (line(words::LETTER_ASK, &plan.contact))
        div.signed {
            p { (words::LETTER_SIGN.get()) ":" }
            p { (typed.signed.trim()) }
        }
    }
}
