//! Taking a line away: asked once more, with what then stands on phones.

use super::{back, preview, read_id};
use crate::{
    clock,
    commands::help_lines as commands,
    db::help_lines,
    error::Error,
    http::staff::{
        desk::{Admin, Way},
        fault::Fault,
    },
    state::App,
};
use app::lang::en::help_lines as words;
use axum::{
    Router,
    extract::{Path, State},
    response::{Redirect, Response},
    routing::get,
};
use maud::html;

/// `/help-now/{id}/take-away`.
pub fn router() -> Router<App> {
    Router::new().route("/help-now/{id}/take-away", get(ask).post(take_away))
}

async fn ask(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = read_id(&id)?;
    let lines = help_lines::all(&mut *app.db.reader().await?).await?;
    let found = lines.iter().find(|(found, _)| *found == id);
    let (_, kept) = found.ok_or(Error::NotFound)?;
    let title = words::TAKE_AWAY_TITLE.fill(&[("label", &kept.line.label)]);
    let main = html! {
        p.back { a href="/staff/help-now" { (words::BACK.get()) } }
        h1 { (title) }
        section.card.phone aria-label=(words::PREVIEW.get()) { (preview::one(&kept.line)) }
        p {
            (words::TAKE_AWAY_WHAT.get()) " "
            @if lines.len() == 1 { (words::TAKE_AWAY_LAST.get()) }
        }
        div.actions {
            form method="post" action={ "/staff/help-now/" (id) "/take-away" } {
                button { (words::TAKE_AWAY_YES.get()) }
            }
            a.button.plain href="/staff/help-now" { (words::TAKE_AWAY_NO.get()) }
        }
    };
    Ok(desk.page(Way::HelpNow, &title, false, &main).await?)
}

async fn take_away(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
) -> Result<Redirect, Fault> {
    let id = read_id(&id)?;
    let by = desk.staff.id;
    app.writer
        .run(move |tx| Box::pin(commands::take_away(tx, clock::now_ms(), by, id)))
        .await?;
    Ok(back("gone", id))
}
