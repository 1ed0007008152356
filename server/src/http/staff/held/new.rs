//! New sessions: one, a copy of one, or all that a repeat makes.

use super::{
    Page,
    fields::{Fields, Typed, Wrong},
    load,
};
use crate::{
    commands::{programme::ProgrammeAction, sessions::SessionAction},
    http::staff::{
        desk::{Desk, Run, Way},
        opportunity::{self, Whole, held_up},
    },
    publish::OFFER_HOURS,
    state::App,
};
use app::{
    domain::{
        id::SessionId,
        opportunity::{Gives, Mode},
    },
    lang::en::programme as words,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::html;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    copy: String,
}

pub(super) async fn ask(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = opportunity::load(&app, desk.reach, &id).await?;
    let typed = match load(&app, desk.reach, &asked.copy).await {
        // The same but for its day, which is over or taken.
        Ok(held) if held.row.record.opportunity == whole.id => Typed {
            day: String::new(),
            ballot_day: String::new(),
            ..Typed::of(&held.row, &app.config.zone)
        },
        _ => Typed {
            zone: app.config.zone.clone(),
            mode: Mode::InPerson.word().to_owned(),
            gives: Gives::Staff.word().to_owned(),
            offer_hours: OFFER_HOURS.to_string(),
            ..Typed::default()
        },
    };
    form(&desk, &whole, &typed, None).await
}

pub(super) async fn add(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let whole = opportunity::load(&app, desk.reach, &id).await?;
    let read = typed.details().and_then(|details| {
        let added = typed.added(desk.clock.now(), || SessionId(Uuid::now_v7()))?;
        Ok((details, added))
    });
    let (details, added) = match read {
        Ok(read) => read,
        Err(wrong) => {
            let page = form(&desk, &whole, &typed, Some(&wrong)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let action = SessionAction::Add(whole.id, details, added);
    let action = ProgrammeAction::Hold(action);
    let done = app.writer.programme(desk.staff.id, action).await?;
    match held_up(&done) {
        Some(problem) => {
            let page = form(&desk, &whole, &typed, Some(&("", problem))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        None => Ok(Redirect::to(&format!("{}?done=added", whole.path())).into_response()),
    }
}

async fn form(desk: &Desk, whole: &Whole, typed: &Typed, wrong: Option<&Wrong>) -> Page {
    let title = words::SESSION_NEW.fill(&[("title", &whole.title())]);
    let fields = Fields { typed, wrong };
    let main = html! {
        p.back { a href=(whole.path()) { (words::SESSION_BACK.fill(&[("title", &whole.title())])) } }
        h1 { (title) }
        @if let Some((_, problem)) = wrong { p.problem role="alert" { (problem) } }
        form.stack.card method="post" action={ (whole.path()) "/sessions" } autocomplete="off" novalidate {
            p.soft { (words::TIME_HINT.get()) }
            (fields.time())
            (fields.details())
            (fields.repeat())
            button { (words::SESSION_ADD_DO.get()) }
        }
    };
    Ok(desk.page(Way::Opportunities, &title, false, &main).await?)
}
