//! What two people write to each other, for whoever looks after the peer, while one of the two asks for it. Nobody else
//! on the desk has this page, an admin neither.

use super::{Page, back};
use crate::{
    commands::peers_desk::{OnMatch, PeerAction, PeerDone, may_read},
    db::peers::{
        matches::{self, MatchRow},
        messages::{self, MessageRow},
    },
    error::Error,
    http::staff::{
        desk::{Desk, Way},
        parts::{self, Opening},
        written::Form as Typing,
    },
    state::App,
};
use app::{domain::id::PeerMatchId, lang::en::peers as words};
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};

async fn find(app: &App, id: &str) -> Result<MatchRow, Error> {
    let id: PeerMatchId = id.parse().map_err(|_| Error::NotFound)?;
    let found = matches::find(&mut *app.db.reader().await?, id).await?;
    found.ok_or(Error::NotFound)
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Page {
    let row = find(&app, &id).await?;
    match Opening::of(&method, &headers) {
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => return Ok(StatusCode::OK.into_response()),
        Opening::Real => {}
    }
    if !may_read(&row, desk.staff.id) {
        let main = html! {
            (back())
            h1 { (words::TITLE.get()) }
            p.card { (words::FORBIDDEN.get()) }
        };
        let page = desk
            .page(Way::Peers, words::TITLE.get(), false, &main)
            .await?;
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    }
    let desk = desk.about(&format!("peers/matches/{}", row.id));
    // In the log before a word is shown; and asked again in the same transaction.
    let action = PeerAction::OnMatch(row.id, OnMatch::Read);
    app.writer.peers(desk.staff.id, action).await?;
    let said = messages::of_match(&mut *app.db.reader().await?, row.id).await?;
    let names = [
        ("who", parts::who(row.member_name.as_deref())),
        ("peer", parts::who(row.peer_name.as_deref())),
    ];
    let title = words::TALK_TITLE.fill(&names);
    let main = html! {
        (back())
        h1 { (title) }
        p.notice { (words::TALK_WHY.get()) }
        @if said.is_empty() { p.card { (words::TALK_NONE.get()) } }
        @for one in &said { (message(&desk, &row, one)) }
        form method="post" action={ "/staff/peers/matches/" (row.id) } {
            button name="step" value="looked" { (words::TALK_LOOKED.get()) }
        }
    };
    Ok(desk.page(Way::Peers, &title, false, &main).await?)
}

fn message(desk: &Desk, of: &MatchRow, one: &MessageRow) -> Markup {
    let who = if one.by_peer {
        of.peer_name.as_deref()
    } else {
        of.member_name.as_deref()
    };
    html! {
        article.message {
            p { strong { (parts::who(who)) } " " span.soft { (desk.clock.say(one.received_at)) } }
            @match &one.words {
                Some(said) => p dir="auto" { (parts::said(said)) },
                None => p.soft { (words::TALK_GONE.get()) },
            }
        }
    }
}

pub(super) async fn act(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let row = find(&app, &id).await?;
    let step = Typing(&fields).value("step");
    let action = match step.as_str() {
        "end" => OnMatch::End,
        "looked" => OnMatch::Looked,
        _ => return Err(Error::Malformed.into()),
    };
    let action = PeerAction::OnMatch(row.id, action);
    let done = app.writer.peers(desk.staff.id, action).await?;
    let to = match (step.as_str(), done) {
        ("end", PeerDone::Done) => format!("/staff/peers/asks/{}?done=end_match", row.ask),
        ("end", _) => format!("/staff/peers/asks/{}", row.ask),
        _ => "/staff/peers".to_owned(),
    };
    Ok(Redirect::to(&to).into_response())
}
