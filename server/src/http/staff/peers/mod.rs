//! Peer support on the desk: who would like to talk to a peer, who supports others, and what is done about it. The lists
//! hold nothing that anybody wrote; each reading is written in the audit log before a word of it is shown.

mod agreement;
mod ask;
mod supporter;
mod talk;

use super::{
    desk::{Desk, Matches, Way},
    fault::Fault,
    parts,
};
use crate::{
    db::{
        desk::peers::{self as lists, Line},
        peers::{self, supporters, supporters::SupporterRow},
        reach::Reach,
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        id::PeerMatchId,
        peer::{AskState, Missing},
    },
    lang::{
        Text,
        en::{desk as desk_words, peers as words},
    },
};
use axum::{Router, extract::State, response::Response, routing::get};
use maud::{Markup, html};
pub use supporter::section;

/// What a page gives back.
type Page = Result<Response, Fault>;

/// `/peers` and what is below it, and `/people/{id}/supporter`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/peers", get(list))
        .route("/peers/asks/{id}", get(ask::open).post(ask::act))
        .route("/peers/matches/{id}", get(talk::open).post(talk::act))
        .route(
            "/peers/supporters/{id}",
            get(supporter::open).post(supporter::act),
        )
        .route(
            "/peers/agreement",
            get(agreement::open).post(agreement::write),
        )
        .merge(supporter::router())
}

/// How an ask stands, in words.
fn state_name(state: AskState) -> Text {
    match state {
        AskState::Sent => words::STATE_SENT,
        AskState::NobodyYet => words::STATE_NOBODY_YET,
        AskState::AskedPeer => words::STATE_ASKED_PEER,
        AskState::Offered => words::STATE_OFFERED,
        AskState::Matched => words::STATE_MATCHED,
        AskState::Suggested => words::STATE_SUGGESTED,
        AskState::Ended => words::STATE_ENDED,
        AskState::Withdrawn => words::STATE_WITHDRAWN,
    }
}

/// What somebody lacks before they are asked, in words.
fn missing_name(it: Missing) -> Text {
    match it {
        Missing::Agreement => words::MISSING_AGREEMENT,
        Missing::Training => words::MISSING_TRAINING,
        Missing::Supervisor => words::MISSING_SUPERVISOR,
        Missing::Pin => words::MISSING_PIN,
        Missing::Pause => words::MISSING_PAUSE,
    }
}

/// The way back to the lists.
fn back() -> Markup {
    html! { p.back { a href="/staff/peers" { (words::ALL.get()) } } }
}

/// Everyone who supports others, and the version of what they agree to.
async fn everyone(app: &App) -> Result<(Vec<SupporterRow>, Option<u32>), Error> {
    let mut reader = app.db.reader().await?;
    let all = supporters::all(&mut reader).await?;
    let agreement = peers::agreement(&mut reader).await?;
    Ok((all, agreement.map(|it| it.version)))
}

async fn list(State(app): State<App>, desk: Matches) -> Page {
    let db = &app.db.pool;
    let waiting = lists::waiting(db).await?;
    let going_on = lists::going_on(db).await?;
    let over = lists::over(db).await?;
    let to_look = lists::to_look(db, desk.staff.id).await?;
    let (all, agreement) = everyone(&app).await?;
    let main = html! {
        h1 { (words::TITLE.get()) }
        p.soft { (words::INTRO.get()) }
        div.stack id="list" data-live {
            (looks(&to_look))
            section.stack aria-labelledby="waiting" {
                h2 id="waiting" { (words::WAITING.get()) }
                @if waiting.is_empty() { p.card { (words::WAITING_NONE.get()) } }
                @else { (table(&desk, &waiting)) }
            }
            @if !going_on.is_empty() {
                section.stack aria-labelledby="going-on" {
                    h2 id="going-on" { (words::GOING_ON.get()) }
                    (table(&desk, &going_on))
                }
            }
            section.stack aria-labelledby="supporters" {
                h2 id="supporters" { (words::SUPPORTERS.get()) }
                p.soft { (words::SUPPORTERS_WHAT.get()) }
                @if all.is_empty() { p.card { (words::SUPPORTERS_NONE.get()) } }
                @else { (supporter_table(&desk, &all, agreement)) }
                @if desk.reach == Reach::All {
                    p { a.button.plain href="/staff/peers/agreement" { (words::AGREEMENT_WAY.get()) } }
                }
            }
            @if !over.is_empty() {
                section.stack aria-labelledby="over" {
                    h2 id="over" { (words::OVER.get()) }
                    (table(&desk, &over))
                }
            }
        }
    };
    Ok(desk
        .page(Way::Peers, words::TITLE.get(), true, &main)
        .await?)
}

/// Matches that whoever is here was asked to read.
fn looks(all: &[(PeerMatchId, Option<String>, Option<String>)]) -> Markup {
    html! {
        @if !all.is_empty() {
            section.card aria-labelledby="to-look" {
                h2 id="to-look" { (words::TO_LOOK.get()) }
                p { (words::TO_LOOK_WHAT.get()) }
                ul {
                    @for (id, who, peer) in all {
                        @let names = [("who", parts::who(who.as_deref())), ("peer", parts::who(peer.as_deref()))];
                        li { a href={ "/staff/peers/matches/" (id) } { (words::TO_LOOK_ONE.fill(&names)) } }
                    }
                }
            }
        }
    }
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    let columns = [
        desk_words::COLUMN_WHO,
        words::COLUMN_STATE,
        words::COLUMN_SINCE,
        words::COLUMN_SEEN,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns {
                        th role="columnheader" scope="col" { (column.get()) }
                    }
                    th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for line in lines { (row(desk, line, columns)) }
            }
        }
    }
}

fn row(desk: &Desk, line: &Line, columns: [Text; 4]) -> Markup {
    let state = state_name(line.state).get();
    let stands = match &line.peer {
        Some(peer) => words::WITH_PEER.fill(&[("state", state), ("peer", parts::who(Some(peer)))]),
        None => state.to_owned(),
    };
    let waits = line.state.waits() && line.state != AskState::Suggested;
    let open = words::OPEN_ASK.fill(&[("who", parts::they(line.who.as_deref()))]);
    html! {
        tr role="row" {
            td.who role="cell" { (parts::who(line.who.as_deref())) }
            td role="cell" data-label=(columns[1].get()) { span.mark.waits[waits] { (stands) } }
            td role="cell" data-label=(columns[2].get()) {
                (desk.clock.say(if waits { line.received_at } else { line.since }))
            }
            td role="cell" data-label=(columns[3].get()) {
                (line.seen_by.as_deref().unwrap_or(words::NOT_READ.get()))
            }
            td.act role="cell" {
                a.button href={ "/staff/peers/asks/" (line.id) } aria-label=(open) { (desk_words::OPEN.get()) }
            }
        }
    }
}

/// A lead sees who can be asked; what makes somebody a peer supporter is the staff's.
fn supporter_table(desk: &Desk, all: &[SupporterRow], agreement: Option<u32>) -> Markup {
    let opens = desk.reach == Reach::All;
    let columns = [
        desk_words::COLUMN_WHO,
        words::COLUMN_READY,
        words::COLUMN_SUPERVISOR,
        words::COLUMN_MATCHES,
        words::COLUMN_ASKED,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns {
                        th role="columnheader" scope="col" { (column.get()) }
                    }
                    @if opens { th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } } }
                }
            }
            tbody role="rowgroup" {
                @for it in all {
                    tr role="row" {
                        td.who role="cell" { (parts::who(it.name.as_deref())) }
                        td role="cell" data-label=(columns[1].get()) { (readiness(it, agreement)) }
                        td role="cell" data-label=(columns[2].get()) {
                            (it.supervisor_name.as_deref().unwrap_or("–"))
                        }
                        td role="cell" data-label=(columns[3].get()) { (it.matched) }
                        td role="cell" data-label=(columns[4].get()) { (it.asked) }
                        @if opens { td.act role="cell" { (open_supporter(it)) } }
                    }
                }
            }
        }
    }
}

fn open_supporter(it: &SupporterRow) -> Markup {
    let called = words::OPEN_SUPPORTER.fill(&[("who", parts::they(it.name.as_deref()))]);
    html! {
        a.button href={ "/staff/peers/supporters/" (it.member) } aria-label=(called) { (desk_words::OPEN.get()) }
    }
}

/// That somebody can be asked, or what is missing.
fn readiness(it: &SupporterRow, agreement: Option<u32>) -> Markup {
    let missing = it.ready(agreement).missing();
    html! {
        @if missing.is_empty() { span.mark { (words::READY.get()) } }
        @for one in missing { p { span.mark.waits { (missing_name(one).get()) } } }
    }
}
