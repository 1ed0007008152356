//! What peer supporters agree to: each version is kept, and a new one asks all of them again.

use super::{Page, back};
use crate::{
    commands::peers_desk::PeerAction,
    db::peers,
    error::Error,
    http::staff::{
        desk::{Desk, Way},
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::text,
    lang::{Text, en::peers as words},
};
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

pub(super) async fn open(State(app): State<App>, desk: Desk, Query(asked): Query<Asked>) -> Page {
    let done = (asked.done == "written").then_some(words::DONE_WRITTEN);
    Ok(page(&app, &desk, None, (done, None)).await?)
}

async fn page(
    app: &App,
    desk: &Desk,
    typed: Option<String>,
    (done, problem): (Option<Text>, Option<Text>),
) -> Result<Response, Error> {
    let now = peers::agreement(&mut *app.db.reader().await?).await?;
    let version = now.as_ref().map(|it| it.version.to_string());
    let begin = now.map_or_else(
        || words::BUILT_IN_AGREEMENT.get().to_owned(),
        |now| now.text,
    );
    let begin = typed.unwrap_or(begin);
    let main = html! {
        (back())
        h1 { (words::AGREEMENT_TITLE.get()) }
        @if let Some(version) = version { p.soft { (words::AGREEMENT_NOW.fill(&[("version", &version)])) } }
        p { (words::AGREEMENT_WHAT.get()) }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action="/staff/peers/agreement" {
            div.field {
                label for="words" { (words::AGREEMENT_WORDS.get()) }
                textarea id="words" name="words" required maxlength=(text::LONG) {
                    @if begin.starts_with('\n') { "\n" }
                    (begin)
                }
            }
            button { (words::AGREEMENT_DO.get()) }
        }
    };
    desk.page(Way::Peers, words::AGREEMENT_TITLE.get(), false, &main)
        .await
}

pub(super) async fn write(
    State(app): State<App>,
    desk: Desk,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typing(&fields).value("words");
    let said = text::tidy(Some(typed.clone()));
    let Some(said) = said.filter(|said| text::fits(Some(said), text::LONG)) else {
        let problem = (None, Some(words::WORDS_NEEDED));
        let page = page(&app, &desk, Some(typed), problem).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    app.writer
        .peers(desk.staff.id, PeerAction::Agreement(said))
        .await?;
    Ok(Redirect::to("/staff/peers/agreement?done=written").into_response())
}
