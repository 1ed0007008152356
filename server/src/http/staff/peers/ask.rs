//! One ask: what somebody said, and what is done about it next. Who they would rather not talk with stands here and
//! nowhere else.

use super::{Page, back, everyone, missing_name, state_name};
use crate::{
    commands::peers_desk::{OnAsk, PeerAction, PeerDone},
    db::{
        desk::peers as lists,
        peers::{
            asks::{self, AskRow},
            matches::{self, MatchRow},
            supporters::SupporterRow,
        },
        reach::Reach,
    },
    error::Error,
    http::staff::{
        desk::{Desk, Matches, Way},
        parts::{self, Opening},
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        id::{MemberId, OpportunityId, PeerAskId},
        peer::{AskState, MatchState, NotAsked},
        text,
    },
    lang::{Text, en::peers as words},
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

fn done(word: &str) -> Option<Text> {
    Some(match word {
        "ask_peer" => words::DONE_ASK_PEER,
        "apart" => words::DONE_APART,
        "ask_no_more" => words::DONE_ASK_NO_MORE,
        "suggest" => words::DONE_SUGGEST,
        "nobody_yet" => words::DONE_NOBODY_YET,
        "look_on" => words::DONE_LOOK_ON,
        "end" => words::DONE_END,
        "end_match" => words::DONE_END_MATCH,
        _ => return None,
    })
}

/// What the page says of what was just done, or not, and the words that were typed.
#[derive(Default)]
struct Said {
    done: Option<Text>,
    problem: Option<Text>,
    typed: [String; 3],
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Matches,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Page {
    let id: PeerAskId = id.parse().map_err(|_| Error::NotFound)?;
    match Opening::of(&method, &headers) {
        // What is not a reading is not shown.
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => return Ok(StatusCode::OK.into_response()),
        Opening::Real => {}
    }
    let said = Said {
        done: done(&asked.done),
        ..Said::default()
    };
    Ok(page(&app, &desk, id, said).await?.into_response())
}

/// All that the page draws.
struct There {
    row: AskRow,
    before: Vec<MatchRow>,
    apart: Vec<MemberId>,
    peers: Vec<SupporterRow>,
    agreement: Option<u32>,
    suggestable: Vec<(OpportunityId, String)>,
    suggested: Option<String>,
}

/// Written down as a reading first.
async fn load(app: &App, desk: &Desk, id: PeerAskId) -> Result<There, Error> {
    app.writer
        .peers(desk.staff.id, PeerAction::Open(id))
        .await?;
    let (peers, agreement) = everyone(app).await?;
    let mut reader = app.db.reader().await?;
    let row = asks::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
    Ok(There {
        before: matches::of_ask(&mut reader, id).await?,
        apart: asks::apart(&mut reader, id).await?,
        peers,
        agreement,
        suggestable: lists::suggestable(&app.db.pool).await?,
        suggested: match row.opportunity {
            Some(id) => lists::title(&app.db.pool, id).await?,
            None => None,
        },
        row,
    })
}

async fn page(
    app: &App,
    desk: &Desk,
    id: PeerAskId,
    said: Said,
) -> Result<axum::response::Response, Error> {
    let there = load(app, desk, id).await?;
    let row = &there.row;
    let title = words::ASK_TITLE.fill(&[("who", parts::who(row.name.as_deref()))]);
    let when = desk.clock.say_inside(row.received_at);
    let seen = row.seen_by.as_deref().unwrap_or_default();
    let main = html! {
        (back())
        div {
            h1 { (title) }
            p.soft { (words::ASKED_WHEN.fill(&[("when", &when), ("name", seen)])) }
            p { span.mark.waits[row.state.waits()] { (state_name(row.state).get()) } }
        }
        @if let Some(done) = said.done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = said.problem { p.problem role="alert" { (problem.get()) } }
        (what(row))
        (not_with(row))
        (asked(desk, &there))
        (next(&there, &said))
    };
    desk.page(Way::Peers, &title, false, &main).await
}

fn what(row: &AskRow) -> Markup {
    let about = if row.show_about {
        words::ABOUT_SHOWN
    } else {
        words::ABOUT_HIDDEN
    };
    let reach = if row.show_contact {
        words::REACH_SHOWN
    } else {
        words::REACH_HIDDEN
    };
    html! {
        section.card {
            dl.facts {
                dt { (words::ABOUT.get()) }
                dd {
                    @match &row.about {
                        Some(said) => { p dir="auto" { (parts::said(said)) } p.soft { (about.get()) } },
                        None => (words::ABOUT_NONE.get()),
                    }
                }
                dt { (words::SUITS.get()) }
                dd dir="auto" {
                    @match &row.suits {
                        Some(said) => (parts::said(said)),
                        None => (words::SUITS_NONE.get()),
                    }
                }
                dt { (words::REACH.get()) }
                dd {
                    @match &row.contact {
                        Some(it) => { p { (parts::contact(it)) } p.soft { (reach.get()) } },
                        None => (words::REACH_CHORUS.get()),
                    }
                }
            }
        }
    }
}

fn not_with(row: &AskRow) -> Markup {
    html! {
        section.card aria-labelledby="not-with" {
            h2 id="not-with" { (words::NOT_WITH.get()) }
            @match &row.not_with {
                Some(said) => {
                    p dir="auto" { (parts::said(said)) }
                    p.soft { (words::NOT_WITH_ONLY.get()) }
                },
                None => p { (words::NOT_WITH_NONE.get()) },
            }
        }
    }
}

fn match_name(state: MatchState) -> Text {
    match state {
        MatchState::Asked => words::MATCH_ASKED,
        MatchState::Offered => words::MATCH_OFFERED,
        MatchState::Matched => words::MATCH_MATCHED,
        MatchState::NotThisTime => words::MATCH_NOT_THIS_TIME,
        MatchState::Ended => words::MATCH_ENDED,
    }
}

/// Who was asked, and that nobody reads what the two write.
fn asked(desk: &Desk, there: &There) -> Markup {
    let line = |it: &MatchRow| {
        words::MATCH_LINE.fill(&[
            ("peer", parts::who(it.peer_name.as_deref())),
            ("state", match_name(it.state).get()),
            ("when", &desk.clock.say_inside(it.since)),
        ])
    };
    html! {
        @if !there.before.is_empty() {
            section.card aria-labelledby="asked" {
                h2 id="asked" { (words::ASKED_BEFORE.get()) }
                ul { @for it in &there.before { li { (line(it)) } } }
                @for it in there.before.iter().filter(|it| it.state == MatchState::Matched) {
                    (closed(desk, it))
                    @if desk.reach == Reach::All {
                        form.stack method="post" action={ "/staff/peers/matches/" (it.id) } {
                            p.soft { (words::END_MATCH_WHAT.get()) }
                            button.plain name="step" value="end" { (words::END_MATCH.get()) }
                        }
                    }
                }
            }
        }
    }
}

/// Who can read what the two write, and when.
fn closed(desk: &Desk, it: &MatchRow) -> Markup {
    let name = it.supervisor_name.as_deref();
    let is_mine = it.supervisor == Some(desk.staff.id);
    html! {
        p.soft {
            @match name {
                Some(name) => (words::MESSAGES_CLOSED.fill(&[("name", name)])),
                None => (words::MESSAGES_NOBODY.get()),
            }
        }
        @if let Some(name) = name && it.looks_since.is_some() {
            p { strong { (words::MESSAGES_ASKED.fill(&[("name", name)])) } }
            @if is_mine {
                p { a.button href={ "/staff/peers/matches/" (it.id) } { (words::READ_MESSAGES.get()) } }
            }
        }
    }
}

/// What can be done next.
fn next(there: &There, said: &Said) -> Markup {
    let state = there.row.state;
    let address = format!("/staff/peers/asks/{}", there.row.id);
    html! {
        @if let Some(title) = &there.suggested { p.card dir="auto" { (title) } }
        @if let Some(message) = &there.row.message { p.card dir="auto" { (parts::said(message)) } }
        @if state.waits() {
            (ask_a_peer(there, &address))
            (suggest(there, &address, &said.typed[0]))
            (nobody_yet(&address, &said.typed[1]))
        }
        @if matches!(state, AskState::Suggested | AskState::NobodyYet) {
            form method="post" action=(address) {
                button.plain name="step" value="look_on" { (words::LOOK_ON.get()) }
            }
        }
        @if matches!(state, AskState::AskedPeer | AskState::Offered) {
            form.stack.card method="post" action=(address) {
                p.soft { (words::ASK_NO_MORE_WHAT.get()) }
                button.plain name="step" value="ask_no_more" { (words::ASK_NO_MORE.get()) }
            }
        }
        @if state.is_open() { (end(&address, &said.typed[2])) }
    }
}

/// Whether this peer stands in the list: neither kept apart, nor asked before, nor the one who asks.
fn may_be_asked(there: &There, it: &SupporterRow) -> bool {
    it.member != there.row.member
        && !there.apart.contains(&it.member)
        && !there.before.iter().any(|before| before.peer == it.member)
}

fn ask_a_peer(there: &There, address: &str) -> Markup {
    let others = there.peers.iter();
    let others: Vec<_> = others.filter(|it| it.member != there.row.member).collect();
    let ready = |it: &&&SupporterRow| {
        may_be_asked(there, it) && it.ready(there.agreement).missing().is_empty()
    };
    let can: Vec<_> = others.iter().filter(ready).collect();
    html! {
        section.card aria-labelledby="ask-a-peer" {
            h2 id="ask-a-peer" { (words::ASK_A_PEER.get()) }
            p.soft { (words::ASK_A_PEER_WHAT.get()) }
            @if can.is_empty() {
                p { (words::NOBODY_READY.get()) }
            } @else {
                form.stack method="post" action=(address) {
                    div.field {
                        label for="peer" { (words::WHICH_PEER.get()) }
                        select id="peer" name="peer" required {
                            @for it in &can { option value=(it.member) { (parts::who(it.name.as_deref())) } }
                        }
                    }
                    @if there.row.not_with.is_some() {
                        label.tick {
                            input type="checkbox" name="looked" value="yes" required;
                            (words::LOOKED.get())
                        }
                    }
                    button name="step" value="ask_peer" { (words::ASK_PEER_DO.get()) }
                }
            }
            @if !others.is_empty() { (keep_apart(there, &others, address)) }
        }
    }
}

fn keep_apart(there: &There, others: &[&SupporterRow], address: &str) -> Markup {
    html! {
        details {
            summary { (words::APART.get()) }
            p.soft { (words::APART_WHAT.get()) }
            @for it in others {
                @let who = parts::who(it.name.as_deref());
                form.phone-row method="post" action=(address) {
                    p {
                        strong { (who) }
                        @for one in it.ready(there.agreement).missing() { " " span.soft { (missing_name(one).get()) } }
                    }
                    input type="hidden" name="peer" value=(it.member);
                    @if there.apart.contains(&it.member) {
                        button.plain name="step" value="apart_end" { (words::APART_END.fill(&[("who", who)])) }
                    } @else {
                        button.plain name="step" value="apart" { (words::APART_DO.fill(&[("who", who)])) }
                    }
                }
            }
        }
    }
}

fn words_field(id: &str, typed: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (words::WORDS_TO_THEM.get()) }
            textarea.low id=(id) name="words" maxlength=(text::LONG) {
                @if typed.starts_with('\n') { "\n" }
                (typed)
            }
        }
    }
}

fn suggest(there: &There, address: &str, typed: &str) -> Markup {
    html! {
        section.card aria-labelledby="suggest" {
            h2 id="suggest" { (words::SUGGEST.get()) }
            @if there.suggestable.is_empty() {
                p { (words::SUGGEST_NONE.get()) }
            } @else {
                form.stack method="post" action=(address) {
                    div.field {
                        label for="opportunity" { (words::SUGGEST_WHICH.get()) }
                        select id="opportunity" name="opportunity" required {
                            @for (id, title) in &there.suggestable { option value=(id) { (title) } }
                        }
                    }
                    (words_field("suggest-words", typed))
                    button.plain name="step" value="suggest" { (words::SUGGEST_DO.get()) }
                }
            }
        }
    }
}

fn nobody_yet(address: &str, typed: &str) -> Markup {
    html! {
        form.stack.card method="post" action=(address) aria-labelledby="nobody-yet" {
            h2 id="nobody-yet" { (words::NOBODY_YET.get()) }
            p.soft { (words::NOBODY_YET_WHAT.get()) }
            (words_field("nobody-words", typed))
            button.plain name="step" value="nobody_yet" { (words::NOBODY_YET_DO.get()) }
        }
    }
}

fn end(address: &str, typed: &str) -> Markup {
    html! {
        form.stack.card method="post" action=(address) aria-labelledby="end" {
            h2 id="end" { (words::END.get()) }
            p.soft { (words::END_WHAT.get()) }
            (words_field("end-words", typed))
            button.plain name="step" value="end" { (words::END_DO.get()) }
        }
    }
}

/// What a form asks for; or what is wrong with it, and which of the texts was typed.
fn read(form: &Typing) -> Result<(&'static str, OnAsk), (Text, Option<usize>)> {
    let typed = form.value("words");
    let said = text::tidy(Some(typed));
    let fits = text::fits(said.as_deref(), text::LONG);
    let peer = || {
        let peer: Result<MemberId, _> = form.value("peer").parse();
        peer.map_err(|_| (words::CHOOSE_NEEDED, None))
    };
    Ok(match form.value("step").as_str() {
        "ask_peer" => {
            let looked = !form.value("looked").is_empty();
            let peer = peer()?;
            ("ask_peer", OnAsk::AskPeer { peer, looked })
        }
        "apart" => ("apart", OnAsk::Apart(peer()?, true)),
        "apart_end" => ("apart", OnAsk::Apart(peer()?, false)),
        "ask_no_more" => ("ask_no_more", OnAsk::AskNoMore),
        "look_on" => ("look_on", OnAsk::LookOn),
        "suggest" if !fits => return Err((words::WORDS_NEEDED, Some(0))),
        "suggest" => {
            let id = form.value("opportunity").parse();
            let id = id.map_err(|_| (words::CHOOSE_NEEDED, Some(0)))?;
            ("suggest", OnAsk::Suggest(id, said))
        }
        "nobody_yet" if !fits => return Err((words::WORDS_NEEDED, Some(1))),
        "nobody_yet" => ("nobody_yet", OnAsk::NobodyYet(said)),
        "end" => match said.filter(|_| fits) {
            Some(said) => ("end", OnAsk::End(said)),
            None => return Err((words::WORDS_NEEDED, Some(2))),
        },
        _ => return Err((words::CHOOSE_NEEDED, None)),
    })
}

fn why_not(done: PeerDone) -> Option<Text> {
    Some(match done {
        PeerDone::Done => return None,
        PeerDone::NotFrom => words::NOT_FROM,
        PeerDone::NotAsked(NotAsked::NotWaiting) => words::NOT_ASKED_WAITING,
        PeerDone::NotAsked(NotAsked::Own) => words::NOT_ASKED_OWN,
        PeerDone::NotAsked(NotAsked::Apart) => words::NOT_ASKED_APART,
        PeerDone::NotAsked(NotAsked::Unread) => words::NOT_ASKED_UNREAD,
        PeerDone::NotAsked(NotAsked::NotReady) => words::NOT_ASKED_READY,
    })
}

pub(super) async fn act(
    State(app): State<App>,
    desk: Matches,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let id: PeerAskId = id.parse().map_err(|_| Error::NotFound)?;
    let form = Typing(&fields);
    let (step, action) = match read(&form) {
        Ok(read) => read,
        Err((problem, place)) => {
            let mut said = Said {
                problem: Some(problem),
                ..Said::default()
            };
            if let Some(place) = place {
                said.typed[place] = form.value("words");
            }
            let page = page(&app, &desk, id, said).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let action = PeerAction::OnAsk(id, action);
    let done = app.writer.peers(desk.staff.id, action).await?;
    let Some(problem) = why_not(done) else {
        let to = format!("/staff/peers/asks/{id}?done={step}");
        return Ok(Redirect::to(&to).into_response());
    };
    let said = Said {
        problem: Some(problem),
        ..Said::default()
    };
    let page = page(&app, &desk, id, said).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}
