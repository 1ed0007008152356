//! My calendar: one's own private address, which calendars ask for when sessions are. It is shown once, in the answer
//! that makes it: it stands in no table and in no other page.

use super::super::{
    desk::{Desk, Way},
    fault::Fault,
};
use crate::{
    calendars::{self as work, Secret, to_subscribe},
    db::{calendars as db, desk::opportunities},
    error::Error,
    http::client::origin,
    staff::accounts::By,
    state::App,
};
use app::{
    domain::id::OpportunityId,
    lang::{
        Text,
        en::{accounts, own_calendar as words},
    },
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashSet;

/// `/account/calendar` and what is below it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/account/calendar", get(show).post(make))
        .route("/account/calendar/sessions", post(change))
        .route("/account/calendar/end", get(ask_end).post(end))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

/// Which sessions: all, or those of some opportunities.
struct Which(Option<Vec<OpportunityId>>);

impl Which {
    /// As a form says; none if only some are wanted, and none was ticked.
    fn read(fields: &[(String, String)]) -> Option<Self> {
        if !fields
            .iter()
            .any(|(name, value)| name == "which" && value == "some")
        {
            return Some(Self(None));
        }
        let picked = fields.iter().filter(|(name, _)| name == "opportunity");
        let picked: Vec<_> = picked.filter_map(|(_, id)| id.parse().ok()).collect();
        (!picked.is_empty()).then_some(Self(Some(picked)))
    }
}

async fn show(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let done = match asked.done.as_str() {
        "changed" => Some(words::DONE_CHANGED),
        "ended" => Some(words::DONE_ENDED),
        _ => None,
    };
    Ok(page(&app, &desk, done, None).await?)
}

async fn make(
    State(app): State<App>,
    desk: Desk,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let Some(Which(only)) = Which::read(&fields) else {
        return refused(&app, &desk).await;
    };
    let secret = Secret::new();
    let (hash, by) = (secret.hash(), By::now(desk.staff.id));
    app.writer
        .run(move |tx| {
            Box::pin(async move { work::make_for_staff(tx, by, &hash, only.as_deref()).await })
        })
        .await?;
    let address = secret.address(&origin(&app, &headers));
    Ok(made(&desk, &address).await?)
}

async fn change(
    State(app): State<App>,
    desk: Desk,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let Some(Which(only)) = Which::read(&fields) else {
        return refused(&app, &desk).await;
    };
    let id = desk.staff.id;
    app.writer
        .run(move |tx| Box::pin(async move { db::pick(tx, id, only.as_deref()).await }))
        .await?;
    Ok(Redirect::to("/staff/account/calendar?done=changed").into_response())
}

async fn ask_end(State(_): State<App>, desk: Desk) -> Result<Response, Fault> {
    let title = words::END_TITLE.get();
    let main = html! {
        p.back { a href="/staff/account/calendar" { (words::BACK.get()) } }
        h1 { (title) }
        p { (words::END_WHAT.get()) }
        div.actions {
            form method="post" action="/staff/account/calendar/end" { button { (words::END_YES.get()) } }
            a.button.plain href="/staff/account/calendar" { (words::END_NO.get()) }
        }
    };
    Ok(desk.page(Way::Account, title, false, &main).await?)
}

async fn end(State(app): State<App>, desk: Desk) -> Result<Redirect, Fault> {
    let by = By::now(desk.staff.id);
    app.writer
        .run(move |tx| Box::pin(work::end_for_staff(tx, by)))
        .await?;
    Ok(Redirect::to("/staff/account/calendar?done=ended"))
}

async fn refused(app: &App, desk: &Desk) -> Result<Response, Fault> {
    let page = page(app, desk, None, Some(words::NONE_PICKED)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(
    app: &App,
    desk: &Desk,
    done: Option<Text>,
    problem: Option<Text>,
) -> Result<Response, Error> {
    let own = db::of_staff(&mut *app.db.reader().await?, desk.staff.id).await?;
    let all = opportunities::going_on(&app.db.pool).await?;
    let picks = own.as_ref().and_then(|(_, picks)| picks.clone());
    // Who is told to tick some wanted some.
    let picks = picks.or(problem.map(|_| HashSet::new()));
    let title = words::TITLE.get();
    let main = html! {
        p.back { a href="/staff/account" { (accounts::TO_MINE.get()) } }
        h1 { (title) }
        p.soft { (words::WHAT.get()) }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        @if let Some((since, _)) = own {
            section.card aria-labelledby="there" {
                h2 id="there" { (words::THERE.get()) }
                p { (words::SINCE.fill(&[("when", &desk.clock.say_inside(since))])) }
                p { a.button.plain href="/staff/account/calendar/end" { (words::END.get()) } }
            }
        }
        form.stack.card method="post" action="/staff/account/calendar" {
            (which(&all, picks.as_ref()))
            @if own.is_some() {
                div.actions {
                    button formaction="/staff/account/calendar/sessions" { (words::CHANGE.get()) }
                    button.plain { (words::MAKE_NEW.get()) }
                }
                p.soft { (words::MAKE_NEW_WHAT.get()) }
            } @else {
                button { (words::MAKE.get()) }
            }
        }
    };
    desk.page(Way::Account, title, false, &main).await
}

fn which(all: &[(OpportunityId, String)], picks: Option<&HashSet<OpportunityId>>) -> Markup {
    html! {
        fieldset {
            legend { (words::WHICH.get()) }
            label.choice {
                input type="radio" name="which" value="all" checked[picks.is_none()];
                (words::WHICH_ALL.get())
            }
            @if !all.is_empty() {
                label.choice {
                    input type="radio" name="which" value="some" checked[picks.is_some()];
                    (words::WHICH_SOME.get())
                }
            }
        }
        @if !all.is_empty() {
            fieldset {
                legend { (words::WHICH_ONES.get()) }
                @for (id, title) in all {
                    label.choice {
                        input type="checkbox" name="opportunity" value=(id)
                            checked[picks.is_some_and(|picks| picks.contains(id))];
                        (title)
                    }
                }
            }
        }
    }
}

async fn made(desk: &Desk, address: &str) -> Result<Response, Error> {
    let title = words::MADE_TITLE.get();
    let main = html! {
        h1 { (title) }
        section.card {
            p { (words::MADE_HOW.get()) }
            p.key { (address) }
            p { a.button.plain href=(to_subscribe(address)) { (words::OPEN.get()) } }
            p { (words::MADE_OPEN.get()) }
            p { strong { (words::MADE_ONCE.get()) } }
            p.soft { (words::MADE_PRIVATE.get()) }
        }
        p { a.button href="/staff/account/calendar" { (words::MADE_DONE.get()) } }
    };
    desk.page(Way::Account, title, false, &main).await
}

/// On one's account: the way here.
pub fn section() -> Markup {
    html! {
        section.card aria-labelledby="calendar" {
            h2 id="calendar" { (words::TITLE.get()) }
            p.soft { (words::WHAT.get()) }
            p { a.button.plain href="/staff/account/calendar" { (words::WAY.get()) } }
        }
    }
}
