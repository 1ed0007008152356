//! A poster of an opportunity on one A4 page: what it is, when and where, and an address that a camera reads. It leads
//! somebody new to joining and then to the opportunity, and a person who has joined to the opportunity itself. Which
//! team its join code belongs to is not on it: others read a wall too.

use super::{Page, Whole, load};
use crate::{
    db::{
        desk::join_codes::{self as codes, After, Line},
        opportunities, sessions,
    },
    error::Error,
    http::{
        client,
        staff::{
            desk::{self, Desk, Way},
            join_codes as shared, parts,
            people::sees,
            when::say_date,
        },
    },
    join_codes,
    state::App,
};
use app::{
    domain::opportunity::{OpportunityState, Session},
    lang::{
        Text,
        en::{join_codes as code_words, poster as words, take_part},
    },
    ui::when,
};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

/// How many sessions are named; of more it is said that there are more.
const SESSIONS: usize = 4;
/// How many codes are offered, the newest first.
const CODES: usize = 200;

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    /// The join code that goes on it, as compared.
    #[serde(default)]
    code: String,
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Desk,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, &id).await?;
    if whole.record.state != OpportunityState::Published {
        let page = not_open(&desk, &whole).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    if asked.code.is_empty() {
        return choose(&app, &desk, &whole, false).await;
    }
    let line = codes::find(&app.db.pool, sees(&desk), &asked.code).await;
    let line = line.map_err(Error::from)?;
    let opens = |line: &Line| join_codes::opens(line, desk.clock.now());
    let Some(line) = line.filter(opens) else {
        let page = choose(&app, &desk, &whole, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let end = opportunities::short_id(&mut *app.db.reader().await?, whole.id).await?;
    let address = format!(
        "{}/join/{}/{end}",
        client::origin(&app, &headers),
        line.shown
    );
    let facts = facts(&desk, &whole);
    let size = size(whole.record.what_happens.len(), &facts);
    let poster = html! {
        section class=(format!("poster for-one {size}")) {
            (poster(&whole, &facts))
            (way_in(&desk, &line, &address)?)
        }
    };
    Ok(sheet(&app, &whole, size == LONGEST, &poster))
}

fn back(whole: &Whole) -> Markup {
    html! { p.back { a href=(whole.path()) { (words::BACK.fill(&[("title", &whole.title())])) } } }
}

/// Why there can be none now, and what would help.
async fn not_open(desk: &Desk, whole: &Whole) -> Page {
    let title = words::TITLE.get();
    let why = match whole.record.state {
        OpportunityState::Draft => words::NOT_A_DRAFT,
        OpportunityState::Paused => words::NOT_PAUSED,
        _ => words::NOT_OVER,
    };
    let main = html! {
        (back(whole))
        h1 { (title) }
        p.card { (why.get()) }
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}

/// Asks which of the codes that open goes on it.
async fn choose(app: &App, desk: &Desk, whole: &Whole, has_ended: bool) -> Page {
    let lines = open_codes(app, desk).await?;
    let title = words::TITLE.get();
    let main = html! {
        (back(whole))
        h1 { (title) }
        p.soft { (words::WHY.get()) }
        @if has_ended { p.problem role="alert" { (words::CODE_OVER.get()) } }
        @if lines.is_empty() {
            p.card { (words::NO_CODE.get()) }
        } @else {
            form.stack.card action={ (whole.path()) "/poster" } {
                fieldset {
                    legend { (words::WHICH.get()) }
                    @for (at, line) in lines.iter().enumerate() {
                        label.choice {
                            input type="radio" name="code" value=(line.code) required checked[at == 0];
                            span {
                                (shared::called(line))
                                span.soft { ": " (line.shown) ". " (shared::team(line)) ". " (until(desk, line)) }
                            }
                        }
                    }
                }
                button { (words::MAKE.get()) }
            }
        }
        p { a.button.plain href={ "/staff/join-codes?poster=" (whole.id) "#new" } { (words::NEW_CODE.get()) } }
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}

async fn open_codes(app: &App, desk: &Desk) -> Result<Vec<Line>, Error> {
    let now = desk.clock.now();
    let mut all = Vec::new();
    let mut after = After::start();
    loop {
        let page = codes::page(&app.db.pool, sees(desk), (true, now), &after).await?;
        all.extend(page.rows);
        match all.last() {
            Some(last) if page.more && all.len() < CODES => {
                (after.at, after.id) = (last.made_at, last.code.clone());
            }
            _ => return Ok(all),
        }
    }
}

fn until(desk: &Desk, line: &Line) -> String {
    match last_day(desk, line) {
        Some(day) => code_words::POSTER_UNTIL.fill(&[("day", &day)]),
        None => String::new(),
    }
}

fn last_day(desk: &Desk, line: &Line) -> Option<String> {
    let ends_at = line.ends_at?;
    Some(say_date(&desk.clock.day_of(ends_at - 1)))
}

fn sheet(app: &App, whole: &Whole, is_long: bool, poster: &Markup) -> Response {
    let main = html! {
        div.no-print.stack {
            (back(whole))
            p { a href={ (whole.path()) "/poster" } { (words::OTHER_CODE.get()) } }
            p { (if is_long { words::LONG } else { code_words::PRINT_HOW }.get()) }
            button data-print hidden { (code_words::PRINT.get()) }
        }
        (poster)
    };
    desk::sheet(app, words::TITLE.get(), &main).into_response()
}

fn poster(whole: &Whole, facts: &Facts) -> Markup {
    let it = &whole.record;
    html! {
        p.poster-brand { (desk::star()) "Chorus" }
        h1 { (it.title) }
        p.poster-lead { (parts::said(it.what_happens.trim())) }
        dl.facts {
            @for (name, lines) in facts {
                dt { (name.get()) }
                dd { @for line in lines { p { (parts::said(line)) } } }
            }
        }
    }
}

/// The way from the wall to a phone.
fn way_in(desk: &Desk, line: &Line, address: &str) -> Result<Markup, Error> {
    let typed = address
        .split_once("://")
        .map_or(address, |(_, behind)| behind);
    // It breaks behind the host alone: whoever types it should see each part whole.
    let (front, end) = typed.split_at(typed.find('/').map_or(0, |at| at + 1));
    Ok(html! {
        div.poster-way {
            (shared::picture(address)?)
            div {
                p { strong { (words::CAMERA.get()) } }
                p { (words::TYPE.get()) br; strong.code { (front) wbr; span.unbroken { (end) } } }
                p { (code_words::POSTER_CODE.get()) " " strong.code { (line.shown) } }
                p { (words::FREE.get()) }
                @if let Some(day) = last_day(desk, line) {
                    p.soft { (code_words::POSTER_UNTIL.fill(&[("day", &day)])) }
                }
            }
        }
    })
}

type Facts = Vec<(Text, Vec<String>)>;

/// How large the letters are: what is long has to fit the page too.
fn size(what_happens: usize, facts: &Facts) -> &'static str {
    let lines = facts.iter().flat_map(|(_, lines)| lines);
    // A line of facts takes as much room as a row of letters, however short it is.
    let facts: usize = lines.map(|line| line.len().max(60)).sum();
    match what_happens + facts {
        0..=700 => "",
        701..=1100 => "long",
        _ => LONGEST,
    }
}

/// The smallest letters that still read from a step away: what is longer goes on on a second page.
const LONGEST: &str = "longest";

/// What a person wants to know before they come, in the order in which they may ask it.
fn facts(desk: &Desk, whole: &Whole) -> Facts {
    let it = &whole.record;
    let more = it.more().unwrap_or_default();
    let (when, place) = sessions(desk, whole, more.comment_only);
    let also = |words: &Option<String>, more: bool, line: Text| -> Vec<String> {
        let line = more.then(|| line.get().to_owned());
        words.clone().into_iter().chain(line).collect()
    };
    let talk_to = more.talk_to.as_deref();
    let talk_to = talk_to.map(|name| take_part::TALK_TO_WHEN.fill(&[("name", name)]));
    let all = [
        (take_part::WHEN, when),
        (take_part::WHERE, place.into_iter().collect()),
        (
            take_part::TRAVEL,
            also(&it.travel, more.travel_first, take_part::TRAVEL_FIRST),
        ),
        (
            take_part::THANK_YOU,
            also(&it.thank_you, more.choose_thanks, take_part::CHOOSE_THANKS),
        ),
        (take_part::ACCESS, it.access.clone().into_iter().collect()),
        (take_part::TALK_TO, talk_to.into_iter().collect()),
        (take_part::ASK, it.contact.clone().into_iter().collect()),
    ];
    all.into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .collect()
}

/// When the next ones are; and where, if they are all in one place.
fn sessions(desk: &Desk, whole: &Whole, comment_only: bool) -> (Vec<String>, Option<String>) {
    let now = desk.clock.now();
    let coming = whole.sessions.iter().map(|row| &row.record);
    let coming: Vec<&Session> = coming.filter(|it| sessions::is_to_come(it, now)).collect();
    let Some(first) = coming.first() else {
        let none = if comment_only {
            take_part::COMMENT_ONLY
        } else {
            words::NO_DATES
        };
        return (vec![none.get().to_owned()], None);
    };
    let place = when::session_place(first);
    let is_one_place = coming.iter().all(|it| when::session_place(it) == place);
    let say = |it: &&Session| {
        let time = when::session_time(it);
        if is_one_place {
            time
        } else {
            words::WHEN_AND_WHERE.fill(&[("when", &time), ("where", &when::session_place(it))])
        }
    };
    let mut lines: Vec<String> = coming.iter().take(SESSIONS).map(say).collect();
    if coming.len() > SESSIONS {
        lines.push(words::MORE_DATES.get().to_owned());
    }
    (lines, is_one_place.then_some(place))
}
