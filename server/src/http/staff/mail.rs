//! "Tell me by email": one's own days and times, and for admins the organisation's usual ones. There is
//! no id in these addresses: nobody sets another person's times.

use super::{
    desk::{Admin, Desk, Run, Way},
    fault::Fault,
    when::say_minute,
};
use crate::{
    clock,
    db::{
        audit,
        mail::{self, State as JobState, Usual},
        staff::Role,
    },
    error::Error,
    mail::times::{MOST_TIMES, Times, read_minute, write_minute},
    state::App,
};
use app::lang::{
    Text,
    en::{desk as desk_words, mail as words},
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/mail` and `/mail/usual`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/mail", get(ask).post(choose))
        .route("/mail/usual", post(set_usual))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    done: String,
}

const DAYS: [Text; 7] = [
    desk_words::MONDAY,
    desk_words::TUESDAY,
    desk_words::WEDNESDAY,
    desk_words::THURSDAY,
    desk_words::FRIDAY,
    desk_words::SATURDAY,
    desk_words::SUNDAY,
];

/// What was typed: as it was, so that it can be shown again.
#[derive(Clone, Default)]
struct Typed {
    days: Vec<i8>,
    times: Vec<String>,
}

impl Typed {
    fn of(times: &Times) -> Self {
        Self {
            days: times.days.iter().copied().collect(),
            times: times.minutes.iter().map(|it| write_minute(*it)).collect(),
        }
    }

    fn read(pairs: &[(String, String)]) -> Self {
        let all = |name: &'static str| pairs.iter().filter(move |(found, _)| found == name);
        Self {
            days: all("day").filter_map(|(_, day)| day.parse().ok()).collect(),
            times: all("time")
                .map(|(_, time)| time.trim().to_owned())
                .filter(|time| !time.is_empty())
                .take(MOST_TIMES)
                .collect(),
        }
    }

    /// The times that it means; none if it means none.
    fn times(&self) -> Option<Times> {
        let minutes: Option<_> = self.times.iter().map(|time| read_minute(time)).collect();
        let times = Times {
            days: self
                .days
                .iter()
                .copied()
                .filter(|day| (1..=7).contains(day))
                .collect(),
            minutes: minutes?,
        };
        (!times.is_never()).then_some(times)
    }
}

/// Which of the buttons was pressed.
fn pressed(pairs: &[(String, String)]) -> &str {
    let found = pairs.iter().find(|(name, _)| name == "do");
    found.map_or("", |(_, value)| value)
}

async fn ask(
    State(app): State<App>,
    desk: Run,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let said = (asked.done == "kept").then_some(words::KEPT);
    Ok(page(&app, &desk, None, None, said.map(|text| (false, text))).await?)
}

async fn choose(
    State(app): State<App>,
    desk: Run,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let typed = Typed::read(&pairs);
    let times = match (pressed(&pairs), typed.times()) {
        ("usual", _) => None,
        ("never", _) => Some(Times::default()),
        (_, Some(times)) => Some(times),
        (_, None) => return wrong(&app, &desk, Some(&typed), None).await,
    };
    let me = desk.staff.id;
    app.writer
        .run(move |tx| {
            Box::pin(async move { mail::choose(tx, clock::now_ms(), me, times.as_ref()).await })
        })
        .await?;
    Ok(Redirect::to("/staff/mail?done=kept").into_response())
}

async fn set_usual(
    State(app): State<App>,
    Admin(desk): Admin,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let typed = Typed::read(&pairs);
    let times = match (pressed(&pairs), typed.times()) {
        ("never", _) => Times::default(),
        (_, Some(times)) => times,
        (_, None) => return wrong(&app, &desk, None, Some(&typed)).await,
    };
    let (me, now) = (desk.staff.id, clock::now_ms());
    let usual = Usual { times, since: now };
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                mail::set_usual(tx, &usual).await?;
                audit::add(tx, now, me, "mail.default", ("mail", Uuid::nil()), None).await
            })
        })
        .await?;
    Ok(Redirect::to("/staff/mail?done=kept").into_response())
}

async fn wrong(
    app: &App,
    desk: &Desk,
    own: Option<&Typed>,
    usual: Option<&Typed>,
) -> Result<Response, Fault> {
    let page = page(app, desk, own, usual, Some((true, words::PICK))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// With what was typed in one of the two forms, if it has to be shown again.
async fn page(
    app: &App,
    desk: &Desk,
    typed_own: Option<&Typed>,
    typed_usual: Option<&Typed>,
    said: Option<(bool, Text)>,
) -> Result<Response, Error> {
    let own = mail::choice(&app.db.pool, desk.staff.id).await?;
    let usual = mail::usual(&app.db.pool).await?.times;
    let last = mail::last(&app.db.pool, desk.staff.id).await?;
    let shown = own.as_ref().unwrap_or(&usual);
    let main = html! {
        h1 { (words::TITLE.get()) }
        p { (words::INTRO.get()) }
        @match said {
            Some((true, why)) => p.problem role="alert" { (why.get()) },
            Some((false, done)) => p.notice role="status" { (done.get()) },
            None => {},
        }
        @if app.config.smtp_url.is_none() {
            p.card { (words::OFF.get()) }
        }
        section.card aria-labelledby="own" {
            h2 id="own" { (words::OWN.get()) }
            p { strong { (now(own.as_ref(), &usual)) } }
            @if let Some((at, state)) = last { p.soft { (told(desk, at, state)) } }
            form.stack method="post" action="/staff/mail" {
                (fields("own", typed_own.unwrap_or(&Typed::of(shown))))
                div.actions {
                    button name="do" value="keep" { (words::KEEP.get()) }
                    @if own.is_some() {
                        button.plain name="do" value="usual" { (words::FOLLOW_USUAL.get()) }
                    }
                    button.plain name="do" value="never" { (words::NEVER.get()) }
                }
            }
        }
        @if desk.staff.role == Role::Admin {
            (usual_form(typed_usual.unwrap_or(&Typed::of(&usual))))
        }
    };
    desk.page(Way::Mail, words::TITLE.get(), false, &main).await
}

fn usual_form(typed: &Typed) -> Markup {
    html! {
        section.card aria-labelledby="usual" {
            h2 id="usual" { (words::USUAL.get()) }
            p.soft { (words::USUAL_HINT.get()) }
            form.stack method="post" action="/staff/mail/usual" {
                (fields("usual", typed))
                div.actions {
                    button.plain name="do" value="keep" { (words::USUAL_KEEP.get()) }
                    button.plain name="do" value="never" { (words::USUAL_NONE.get()) }
                }
            }
        }
    }
}

fn fields(form: &str, typed: &Typed) -> Markup {
    html! {
        fieldset {
            legend { (words::DAYS.get()) }
            div.ticks {
                @for (number, day) in (1_i8..).zip(DAYS) {
                    label.tick {
                        input type="checkbox" name="day" value=(number) checked[typed.days.contains(&number)];
                        span { (day.get()) }
                    }
                }
            }
        }
        fieldset {
            legend { (words::TIMES.get()) }
            div.times {
                @for number in 0..MOST_TIMES {
                    @let id = format!("{form}-time-{number}");
                    div.field {
                        label for=(id) { (words::TIME.fill(&[("number", &(number + 1).to_string())])) }
                        input id=(id) name="time" type="time" value=(typed.times.get(number).map_or("", String::as_str));
                    }
                }
            }
        }
    }
}

/// What holds now, in words.
fn now(own: Option<&Times>, usual: &Times) -> String {
    match own {
        Some(never) if never.is_never() => words::NOW_NEVER.get().to_owned(),
        Some(times) => words::NOW_OWN.fill(&[("times", &say(times))]),
        None if usual.is_never() => words::NOW_NOT_CHOSEN.get().to_owned(),
        None => words::NOW_USUAL.fill(&[("times", &say(usual))]),
    }
}

/// "Monday, Tuesday: 9am, 2.30pm".
fn say(times: &Times) -> String {
    let days = times.days.iter();
    let days = days.filter_map(|day| DAYS.get(usize::from(day.unsigned_abs()).checked_sub(1)?));
    let days: Vec<&str> = days.map(|day| day.get()).collect();
    let minutes: Vec<String> = times.minutes.iter().map(|it| say_minute(*it)).collect();
    format!("{}: {}", days.join(", "), minutes.join(", "))
}

fn told(desk: &Desk, at: app::domain::time::Millis, state: JobState) -> String {
    let words = match state {
        JobState::Waiting => words::LAST_WAITS,
        JobState::Sent => words::LAST_SENT,
        JobState::Nothing => words::LAST_NOTHING,
        JobState::Claimed | JobState::GivenUp => words::LAST_NOT,
    };
    words.fill(&[("when", &desk.clock.say_inside(at))])
}
