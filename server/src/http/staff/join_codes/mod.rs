//! Join codes: making one, and the list of those that open and those that do not any more. Staff make and
//! see the codes of their own teams, as they see the people of those; admins all.

mod one;
mod print;

pub use one::picture;

use super::{
    desk::{Desk, Way},
    fault::Fault,
    parts,
    people::sees,
    when::say_date,
};
use crate::{
    clock,
    db::{
        desk::{
            Page,
            join_codes::{self as codes, After, Line},
        },
        join_codes::NewCode,
        staff::{self, Role},
        teams,
    },
    error::Error,
    join_codes,
    state::App,
};
use app::{
    domain::{
        id::{OpportunityId, TeamId},
        text,
    },
    lang::{
        Text,
        en::{desk as desk_words, join_codes as words},
    },
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/join-codes` and what is under it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/join-codes", get(list).post(make))
        .merge(one::router())
        .merge(print::router())
}

/// The most that a limit may be.
const MOST: i64 = 100_000;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    show: String,
    after: String,
    /// The opportunity whose poster the new code is for.
    poster: String,
}

impl Asked {
    fn open(&self) -> bool {
        self.show != "over"
    }

    fn href(open: bool, after: Option<&Line>) -> String {
        let show = if open { "open" } else { "over" };
        let after = after.map(|line| format!("&after={}.{}", line.made_at, line.code));
        format!("/staff/join-codes?show={show}{}", after.unwrap_or_default())
    }
}

/// Behind which time and id a page goes on; none if it says nothing that makes sense.
fn read_after(text: &str) -> Option<After> {
    let (at, id) = text.split_once('.')?;
    Some(After {
        at: at.parse().ok()?,
        id: id.to_owned(),
    })
}

/// The form's fields, as they were typed.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    /// The form's own id: sending it twice makes one code.
    id: String,
    name: String,
    team: String,
    until: String,
    limit: String,
    /// The opportunity whose poster it is made for, if it is.
    poster: String,
}

impl Typed {
    fn new(teams: &Teams, poster: String) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            team: teams.first(),
            poster,
            ..Self::default()
        }
    }

    /// What was typed, read; or what is to be put right.
    fn read(&self, app: &App, desk: &Desk, teams: &Teams) -> Result<NewCode, Text> {
        let form: Uuid = self.id.parse().map_err(|_| words::PROBLEM_ID)?;
        let name = text::tidy(Some(self.name.clone())).ok_or(words::PROBLEM_NAME)?;
        if !text::fits(Some(&name), text::SHORT) || name.chars().any(char::is_control) {
            return Err(words::PROBLEM_LONG);
        }
        let ends_at = match self.until.trim() {
            "" => None,
            day => {
                let ends_at = clock::end_of(&app.config.zone, day).ok_or(words::PROBLEM_DAY)?;
                let is_past = ends_at <= desk.clock.now();
                (!is_past)
                    .then_some(Some(ends_at))
                    .ok_or(words::PROBLEM_DAY_PAST)?
            }
        };
        let most = match self.limit.trim() {
            "" => None,
            limit => {
                let limit = limit
                    .parse()
                    .ok()
                    .filter(|limit| (1..=MOST).contains(limit));
                Some(limit.ok_or(words::PROBLEM_LIMIT)?)
            }
        };
        Ok(NewCode {
            shown: join_codes::of_form(&app.hash_key, form),
            name: Some(name),
            team: teams.chosen(&self.team).ok_or(words::PROBLEM_TEAM)?,
            ends_at,
            most,
            made_by: Some(desk.staff.id),
        })
    }
}

/// The teams for which this member of staff may make codes, and whether also for none.
struct Teams {
    all: Vec<(TeamId, String)>,
    also_none: bool,
}

impl Teams {
    async fn load(app: &App, desk: &Desk) -> Result<Self, Error> {
        let mut reader = app.db.reader().await?;
        let is_admin = desk.staff.role == Role::Admin;
        let own = staff::own_teams(&mut *reader, desk.staff.id).await?;
        let all = teams::all(&mut reader).await?.into_iter();
        let all = all.filter(|team| is_admin || own.contains(&team.id));
        Ok(Self {
            all: all.map(|team| (team.id, team.name)).collect(),
            also_none: is_admin,
        })
    }

    fn first(&self) -> String {
        let first = self.all.first().filter(|_| !self.also_none);
        first.map(|(id, _)| id.to_string()).unwrap_or_default()
    }

    /// The team that was chosen, or no team; none if that is not this person's to choose.
    fn chosen(&self, typed: &str) -> Option<Option<TeamId>> {
        if typed.is_empty() {
            return self.also_none.then_some(None);
        }
        let found = self.all.iter().find(|(id, _)| id.to_string() == typed);
        found.map(|(id, _)| Some(*id))
    }
}

async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let teams = Teams::load(&app, &desk).await?;
    let typed = Typed::new(&teams, asked.poster.clone());
    Ok(page(&app, &desk, &asked, &teams, &typed, None).await?)
}

async fn make(
    State(app): State<App>,
    desk: Desk,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let teams = Teams::load(&app, &desk).await?;
    let new = match typed.read(&app, &desk, &teams) {
        Ok(new) => new,
        Err(why) => {
            let asked = Asked::default();
            let page = page(&app, &desk, &asked, &teams, &typed, Some(why)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let code = crate::db::members::normal_code(&new.shown);
    let by = desk.staff.id;
    app.writer
        .run(move |tx| {
            Box::pin(async move { join_codes::make(tx, clock::now_ms(), by, &new).await })
        })
        .await?;
    let to = match typed.poster.parse::<OpportunityId>() {
        Ok(id) => format!("/staff/opportunities/{id}/poster?code={code}"),
        Err(_) => format!("/staff/join-codes/{code}?done=made"),
    };
    Ok(Redirect::to(&to).into_response())
}

async fn page(
    app: &App,
    desk: &Desk,
    asked: &Asked,
    teams: &Teams,
    typed: &Typed,
    problem: Option<Text>,
) -> Result<Response, Error> {
    let (db, now) = (&app.db.pool, desk.clock.now());
    let open = asked.open();
    let after = read_after(&asked.after);
    let start = after.clone().unwrap_or_else(After::start);
    let page = codes::page(db, sees(desk), (open, now), &start).await?;
    let [opens, over] = codes::counts(db, sees(desk), now).await?;
    let title = words::TITLE.get();
    let tabs = [(true, words::OPEN, opens), (false, words::OVER, over)];
    let main = html! {
        h1 { (title) }
        p.soft { (words::UNDER.get()) }
        (parts::lists(title, tabs.into_iter().map(|(is_open, name, count)| {
            (is_open == open, Asked::href(is_open, None), name.get(), count)
        })))
        @if page.rows.is_empty() {
            p.card { (if open { words::EMPTY } else { words::EMPTY_OVER }.get()) }
        } @else {
            (table(desk, &page.rows))
        }
        (pages(open, after.is_some(), &page))
        (form(teams, typed, problem))
    };
    desk.page(Way::JoinCodes, title, false, &main).await
}

fn table(desk: &Desk, lines: &[Line]) -> Markup {
    let columns = [
        words::COLUMN_NAME,
        words::COLUMN_CODE,
        desk_words::COLUMN_TEAM,
        words::COLUMN_JOINED,
        words::COLUMN_UNTIL,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th role="columnheader" scope="col" { (column.get()) } }
                    th role="columnheader" scope="col" { span.unseen { (desk_words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for line in lines {
                    tr role="row" {
                        td.who role="cell" { (called(line)) }
                        td role="cell" data-label=(columns[1].get()) { span.code { (line.shown) } }
                        td role="cell" data-label=(columns[2].get()) { (team(line)) }
                        td role="cell" data-label=(columns[3].get()) { (how_many(line)) }
                        td role="cell" data-label=(columns[4].get()) { (until(desk, line)) }
                        td.act role="cell" {
                            a.button href={ "/staff/join-codes/" (line.code) } {
                                (desk_words::OPEN.get()) span.unseen { " " (called(line)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What staff know a code by; one that has no name, by itself.
pub fn called(line: &Line) -> &str {
    line.name.as_deref().unwrap_or(&line.shown)
}

/// The name of its team, or that it has none.
pub fn team(line: &Line) -> &str {
    line.team.as_deref().unwrap_or(words::NO_TEAM.get())
}

/// "3", "3 of 30".
fn how_many(line: &Line) -> String {
    let used = line.used.to_string();
    match line.most {
        Some(most) => words::USED_OF.fill(&[("used", &used), ("most", &most.to_string())]),
        None => used,
    }
}

/// Until when it opens, or why it does not any more.
fn until(desk: &Desk, line: &Line) -> String {
    if let Some(at) = line.stopped_at {
        return words::IS_STOPPED.fill(&[("when", &desk.clock.say_inside(at))]);
    }
    if line.most.is_some_and(|most| line.used >= most) {
        return words::IS_FULL.get().to_owned();
    }
    let Some(ends_at) = line.ends_at else {
        return words::NO_END.get().to_owned();
    };
    let day = say_date(&desk.clock.day_of(ends_at - 1));
    if ends_at <= desk.clock.now() {
        words::HAS_ENDED.fill(&[("day", &day)])
    } else {
        day
    }
}

fn pages(open: bool, is_later: bool, page: &Page<Line>) -> Markup {
    html! {
        @if page.more || is_later {
            nav.pages aria-label=(desk_words::PAGES.get()) {
                @if is_later {
                    a.button.plain href=(Asked::href(open, None)) { (desk_words::TO_THE_NEWEST.get()) }
                }
                @if page.more && let Some(last) = page.rows.last() {
                    a.button.plain href=(Asked::href(open, Some(last))) { (desk_words::EARLIER_ONES.get()) }
                }
            }
        }
    }
}

fn form(teams: &Teams, typed: &Typed, problem: Option<Text>) -> Markup {
    html! {
        section.card aria-labelledby="new" {
            h2 id="new" { (words::NEW.get()) }
            @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
            @if teams.all.is_empty() && !teams.also_none {
                p { (words::NO_TEAMS.get()) }
            } @else {
                form.stack method="post" action="/staff/join-codes" {
                    input type="hidden" name="id" value=(typed.id);
                    @if !typed.poster.is_empty() { input type="hidden" name="poster" value=(typed.poster); }
                    div.field {
                        label for="name" { (words::NAME.get()) }
                        p.soft id="name-hint" { (words::NAME_HINT.get()) }
                        input id="name" name="name" required maxlength=(text::SHORT) autocomplete="off"
                            aria-describedby="name-hint" value=(typed.name);
                    }
                    div.field {
                        label for="team" { (desk_words::COLUMN_TEAM.get()) }
                        p.soft id="team-hint" { (words::TEAM_HINT.get()) }
                        select id="team" name="team" aria-describedby="team-hint" {
                            @if teams.also_none { option value="" { (words::NO_TEAM.get()) } }
                            @for (id, name) in &teams.all {
                                option value=(id) selected[typed.team == id.to_string()] { (name) }
                            }
                        }
                    }
                    div.field {
                        label for="until" { (words::UNTIL.get()) }
                        p.soft id="until-hint" { (words::UNTIL_HINT.get()) }
                        input id="until" name="until" type="date" aria-describedby="until-hint" value=(typed.until);
                    }
                    div.field {
                        label for="limit" { (words::LIMIT.get()) }
                        p.soft id="limit-hint" { (words::LIMIT_HINT.get()) }
                        input id="limit" name="limit" type="number" inputmode="numeric" min="1" max=(MOST)
                            aria-describedby="limit-hint" value=(typed.limit);
                    }
                    button { (words::MAKE.get()) }
                }
            }
        }
    }
}
