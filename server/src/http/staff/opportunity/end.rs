//! What members read when it ends: what came of it, or why it is called off. Both are seen as members will see them
//! before they go, and neither goes without words.

use super::{Page, Whole, back_to, held_up, load, show_problem};
use crate::{
    commands::programme::ProgrammeAction,
    db::{desk::opportunities::signed_up, sessions::is_to_come},
    http::staff::{
        desk::{Desk, Run, Way},
        parts,
        wording::{self, Step as Stage, Typed},
    },
    state::App,
};
use app::{
    domain::{
        plan::Told,
        programme::{self, Step},
        text,
    },
    lang::en::{self, programme as words, take_part},
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use maud::{Markup, html};

pub(super) async fn ask_report(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    if programme::after(whole.record.state, Step::ReportBack).is_none() {
        return show_problem(&desk, &whole, words::NOT_FROM.get()).await;
    }
    let before = Told::of(&whole.record).came_of_it.unwrap_or_default();
    report_form(&desk, &whole, &before, false).await
}

pub(super) async fn report(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    let Some(message) = typed.message()? else {
        let page = report_form(&desk, &whole, "", true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    match typed.step {
        Stage::Edit => report_form(&desk, &whole, &message, false).await,
        Stage::Preview | Stage::Send => report_seen(&desk, &whole, &message).await,
        Stage::Previewed => finish(&app, &desk, &whole, Step::ReportBack, message).await,
    }
}

async fn finish(app: &App, desk: &Desk, whole: &Whole, step: Step, message: String) -> Page {
    let action = ProgrammeAction::Take(whole.id, step, Some(message));
    let done = app.writer.programme(desk.staff.id, action).await?;
    match held_up(&done) {
        Some(problem) => {
            let whole = load(app, desk.reach, &whole.id.to_string()).await?;
            show_problem(desk, &whole, &problem).await
        }
        None => Ok(back_to(whole.id, step.word())),
    }
}

async fn report_form(desk: &Desk, whole: &Whole, message: &str, missing: bool) -> Page {
    let title = words::REPORT_TITLE.get();
    let main = html! {
        p.back { a href=(whole.path()) { (words::SESSION_BACK.fill(&[("title", &whole.title())])) } }
        h1 { (title) }
        p.soft { (whole.title()) }
        @if missing { p.problem role="alert" { (words::REPORT_MISSING.get()) } }
        form.stack.card method="post" action={ (whole.path()) "/report" } {
            div.field {
                label for="words" { (words::REPORT_LABEL.get()) }
                p.soft id="words-hint" { (words::REPORT_HINT.get()) }
                textarea id="words" name="message" required maxlength=(text::LONG) aria-describedby="words-hint" {
                    (message)
                }
            }
            button name="step" value="preview" { (words::REPORT_SEE.get()) }
        }
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}

async fn report_seen(desk: &Desk, whole: &Whole, message: &str) -> Page {
    let title = words::REPORT_SEEN.get();
    let action = format!("{}/report", whole.path());
    let main = html! {
        h1 { (title) }
        p.soft { (en::desk::PREVIEW_WHY.get()) }
        section.card.phone aria-label=(en::desk::PREVIEW_LABEL.get()) {
            h2 { (whole.title()) }
            h3 { (take_part::CAME_OF_IT.get()) }
            p { (parts::said(message)) }
        }
        (wording::send_or_change(&action, message, words::REPORT_DO.get(), &html! {}))
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}

/// How many people calling it off would tell.
async fn told(app: &App, desk: &Desk, whole: &Whole) -> Result<i64, sqlx::Error> {
    let coming = whole.sessions.iter();
    let coming = coming.filter(|row| is_to_come(&row.record, desk.clock.now()));
    let coming: Vec<String> = coming.map(|row| row.id.to_string()).collect();
    signed_up(&app.db.pool, &coming).await
}

/// Who gets the words when sign-ups end.
pub fn sends(count: i64) -> String {
    match count {
        0 => words::SENDS_NONE.get().to_owned(),
        1 => words::SENDS_ONE.get().to_owned(),
        many => words::SENDS_MANY.fill(&[("count", &many.to_string())]),
    }
}

pub(super) async fn ask_cancel(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    if programme::after(whole.record.state, Step::Cancel).is_none() {
        return show_problem(&desk, &whole, words::NOT_FROM.get()).await;
    }
    cancel_form(&app, &desk, &whole, "", false).await
}

pub(super) async fn cancel(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let whole = load(&app, desk.reach, &id).await?;
    let Some(message) = typed.message()? else {
        let page = cancel_form(&app, &desk, &whole, "", true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    match typed.step {
        Stage::Edit => cancel_form(&app, &desk, &whole, &message, false).await,
        Stage::Preview | Stage::Send => cancel_seen(&app, &desk, &whole, &message).await,
        Stage::Previewed => finish(&app, &desk, &whole, Step::Cancel, message).await,
    }
}

async fn cancel_form(app: &App, desk: &Desk, whole: &Whole, message: &str, missing: bool) -> Page {
    let title = words::CANCEL_TITLE.fill(&[("title", &whole.title())]);
    let everyone = words::EVERYONE.get();
    let count = told(app, desk, whole).await?;
    let hint = html! { (words::CANCEL_HINT.get()) };
    let action = format!("{}/cancel", whole.path());
    let main = html! {
        p.back { a href=(whole.path()) { (words::SESSION_BACK.fill(&[("title", &whole.title())])) } }
        h1 { (title) }
        p { (sends(count)) }
        @if missing { p.problem role="alert" { (words::NOT_SAY_MORE.get()) } }
        (wording::form(&action, everyone, &hint, message, &html! {}))
    };
    Ok(desk.page(Way::Opportunities, &title, false, &main).await?)
}

async fn cancel_seen(app: &App, desk: &Desk, whole: &Whole, message: &str) -> Page {
    let title = words::MOVE_SEEN.get();
    let count = told(app, desk, whole).await?;
    let action = format!("{}/cancel", whole.path());
    let main = html! {
        h1 { (title) }
        p.soft { (en::desk::PREVIEW_WHY.get()) " " (sends(count)) }
        (ended_card(&whole.title(), None, message))
        (wording::send_or_change(&action, message, words::CANCEL_DO.get(), &html! {}))
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}

/// A sign-up that ends, as its member will see it.
pub fn ended_card(title: &str, when: Option<&str>, message: &str) -> Markup {
    html! {
        section.card.phone aria-label=(en::desk::PREVIEW_LABEL.get()) {
            h2 { (title) }
            @if let Some(when) = when { p.soft { (when) } }
            ol.steps { li { (en::state::CANCELLED.get()) } }
            p { (parts::said(&en::sign_ups::QUOTE.fill(&[("words", message)]))) }
        }
    }
}
