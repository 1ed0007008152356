//! Teams, for admins: when each reads what is shared with it, who covers, how to ring it. Members' phones
//! say these, so that changing them tells every phone of the team.

use super::{
    desk::{Admin, Desk, Way},
    fault::Fault,
    parts,
};
use crate::{
    clock,
    db::{
        audit,
        teams::{self, Details, TeamRow},
    },
    error::Error,
    reading,
    state::App,
};
use app::{
    domain::{
        hours::{DAYS, Hours, HoursError, parse_closed, parse_day, write_day},
        id::TeamId,
        record::kind,
        text,
    },
    lang::{Text, en::desk as words},
};
use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/teams` and `/teams/{id}`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/teams", get(list))
        .route("/teams/{id}", get(open).post(keep))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn list(
    State(app): State<App>,
    Admin(desk): Admin,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let all = teams::all(&mut *app.db.reader().await?).await?;
    let title = words::TEAMS.get();
    let columns = [
        words::COLUMN_TEAM,
        words::TEAM_COLUMN_HOURS,
        words::TEAM_COLUMN_COVER,
        words::TEAM_COLUMN_PHONE,
    ];
    let main = html! {
        h1 { (title) }
        p.soft { (words::TEAMS_INTRO.get()) }
        @if asked.done == "kept" { p.notice role="status" { (words::TEAM_KEPT.get()) } }
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th role="columnheader" scope="col" { (column.get()) } }
                    th role="columnheader" scope="col" { span.unseen { (words::OPEN.get()) } }
                }
            }
            tbody role="rowgroup" {
                @for team in &all { (row(team)) }
            }
        }
    };
    Ok(desk.page(Way::Teams, title, false, &main).await?)
}

fn row(team: &TeamRow) -> Markup {
    let hours = team.hours_words();
    html! {
        tr role="row" {
            td.who role="cell" { (team.name) }
            td role="cell" data-label=(words::TEAM_COLUMN_HOURS.get()) {
                @if hours.is_empty() { (words::TEAM_NO_HOURS.get()) } @else { (hours) }
            }
            td role="cell" data-label=(words::TEAM_COLUMN_COVER.get()) {
                (team.cover_name.as_deref().unwrap_or(words::TEAM_COVER_NONE.get()))
            }
            td role="cell" data-label=(words::TEAM_COLUMN_PHONE.get()) {
                (team.phone.as_deref().unwrap_or("–"))
            }
            td.act role="cell" {
                a.button href={ "/staff/teams/" (team.id) } {
                    (words::OPEN.get()) span.unseen { " " (team.name) }
                }
            }
        }
    }
}

/// The form's fields, as they were typed.
#[derive(Default, Deserialize)]
struct Typed {
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    cover: String,
    #[serde(default)]
    closed: String,
    #[serde(default)]
    mon: String,
    #[serde(default)]
    tue: String,
    #[serde(default)]
    wed: String,
    #[serde(default)]
    thu: String,
    #[serde(default)]
    fri: String,
    #[serde(default)]
    sat: String,
    #[serde(default)]
    sun: String,
}

impl Typed {
    fn of(team: &TeamRow, zone: &str) -> Self {
        let hours = team.hours.clone().unwrap_or_else(|| Hours {
            zone: zone.to_owned(),
            ..Hours::default()
        });
        let mut days = (0..7).map(|day| write_day(&hours.openings, day));
        let mut day = || days.next().unwrap_or_default();
        Self {
            name: team.name.clone(),
            phone: team.phone.clone().unwrap_or_default(),
            cover: team
                .cover
                .map(|cover| cover.to_string())
                .unwrap_or_default(),
            closed: hours.closed.join("\n"),
            mon: day(),
            tue: day(),
            wed: day(),
            thu: day(),
            fri: day(),
            sat: day(),
            sun: day(),
            zone: hours.zone,
        }
    }

    fn days(&self) -> [&String; 7] {
        [
            &self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun,
        ]
    }

    /// What was typed, read; or what is to be put right, in words.
    fn details(&self, id: TeamId) -> Result<Details, String> {
        let name = parts::short(&self.name).ok_or_else(|| said(words::TEAM_PROBLEM_NAME))?;
        let zone = self.zone.trim();
        jiff::tz::TimeZone::get(zone).map_err(|_| said(words::TEAM_PROBLEM_ZONE))?;
        let mut openings = Vec::new();
        for (day, typed) in (0..).zip(self.days()) {
            openings.extend(parse_day(day, typed).map_err(|problem| wrong_day(day, &problem))?);
        }
        let closed = parse_closed(&self.closed).map_err(|_| said(words::TEAM_PROBLEM_CLOSED))?;
        let cover: Option<TeamId> = self.cover.parse().ok();
        if cover == Some(id) {
            return Err(said(words::TEAM_PROBLEM_COVER));
        }
        let hours = Hours {
            zone: zone.to_owned(),
            openings,
            closed,
        };
        Ok(Details {
            name,
            hours: (!hours.openings.is_empty()).then_some(hours),
            phone: parts::short(&self.phone),
            cover,
        })
    }
}

fn said(words: Text) -> String {
    words.get().to_owned()
}

fn wrong_day(day: u32, problem: &HoursError) -> String {
    let words = match problem {
        HoursError::Overlap => words::TEAM_PROBLEM_OVERLAP,
        HoursError::Opening(_) | HoursError::Date(_) => words::TEAM_PROBLEM_HOURS,
    };
    words.fill(&[("day", reading::day_name(day))])
}

async fn find(app: &App, id: &str) -> Result<(TeamRow, Vec<TeamRow>), Error> {
    let id: TeamId = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = app.db.reader().await?;
    let team = teams::find(&mut reader, id).await?;
    Ok((team, teams::all(&mut reader).await?))
}

async fn open(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (team, all) = find(&app, &id).await?;
    let typed = Typed::of(&team, &app.config.zone);
    Ok(form(&desk, &team, &all, &typed, None).await?)
}

async fn keep(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let (team, all) = find(&app, &id).await?;
    let id = team.id;
    let details = match typed.details(id) {
        Ok(details) => details,
        Err(problem) => {
            let page = form(&desk, &team, &all, &typed, Some(&problem)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if details
        .cover
        .is_some_and(|cover| all.iter().all(|team| team.id != cover))
    {
        return Err(Error::NotFound.into());
    }
    let (by, now) = (desk.staff.id, clock::now_ms());
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                teams::change(tx, id, &details).await?;
                audit::add(tx, now, by, "team.edit", (kind::TEAM, id.0), Some(id)).await
            })
        })
        .await?;
    reading::tell(&app, id, now).await?;
    // Teams for which this one covers say its name.
    for other in all.iter().filter(|other| other.cover == Some(id)) {
        reading::tell(&app, other.id, now).await?;
    }
    Ok(Redirect::to("/staff/teams?done=kept").into_response())
}

async fn form(
    desk: &Desk,
    team: &TeamRow,
    all: &[TeamRow],
    typed: &Typed,
    problem: Option<&str>,
) -> Result<Response, Error> {
    let title = words::TEAM_EDIT.fill(&[("team", &team.name)]);
    let others = all.iter().filter(|other| other.id != team.id);
    let main = html! {
        p.back { a href="/staff/teams" { (words::TEAM_ALL.get()) } }
        h1 { (title) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        form.stack.card method="post" action={ "/staff/teams/" (team.id) } {
            (field("name", words::TEAM_NAME, None, &typed.name))
            (field("phone", words::TEAM_PHONE, Some(words::TEAM_PHONE_HINT), &typed.phone))
            fieldset.stack aria-describedby="hours-hint" {
                legend { (words::TEAM_HOURS.get()) }
                p.soft id="hours-hint" { (words::TEAM_HOURS_HINT.get()) }
                @for ((day, name), value) in (0..).zip(DAYS).zip(typed.days()) {
                    div.field {
                        label for=(name) { (reading::day_name(day)) }
                        input id=(name) name=(name) value=(value) autocomplete="off";
                    }
                }
            }
            (field("zone", words::TEAM_ZONE, Some(words::TEAM_ZONE_HINT), &typed.zone))
            div.field {
                label for="closed" { (words::TEAM_CLOSED.get()) }
                p.soft id="closed-hint" { (words::TEAM_CLOSED_HINT.get()) }
                textarea id="closed" name="closed" aria-describedby="closed-hint" { (typed.closed) }
            }
            div.field {
                label for="cover" { (words::TEAM_COVER.get()) }
                p.soft id="cover-hint" { (words::TEAM_COVER_HINT.get()) }
                select id="cover" name="cover" aria-describedby="cover-hint" {
                    option value="" { (words::TEAM_COVER_NONE.get()) }
                    @for other in others {
                        option value=(other.id) selected[typed.cover == other.id.to_string()] { (other.name) }
                    }
                }
            }
            button { (words::TEAM_KEEP.get()) }
        }
    };
    desk.page(Way::Teams, &title, false, &main).await
}

fn field(name: &str, label: Text, hint: Option<Text>, value: &str) -> Markup {
    let hint_id = format!("{name}-hint");
    html! {
        div.field {
            label for=(name) { (label.get()) }
            @if let Some(hint) = hint { p.soft id=(hint_id) { (hint.get()) } }
            input id=(name) name=(name) value=(value) maxlength=(text::SHORT) autocomplete="off"
                aria-describedby=[hint.map(|_| &hint_id)];
        }
    }
}
