//! Moving a session, or it and all later ones of its repeat by as much, to another time. Who signed up keeps their
//! place and is told both times and why.

use super::{
    Held, Page,
    fields::{Fields, Typed as Times, Wrong},
    load, no_time, tells, told,
};
use crate::{
    commands::{
        programme::ProgrammeAction,
        sessions::{SessionAction, moved_words},
    },
    http::staff::{
        desk::{Desk, Run, Way},
        opportunity::held_up,
        parts,
        when::Clock,
    },
    state::App,
    wall_clock::Start,
};
use app::{
    domain::{
        id::SessionId,
        opportunity::{OpportunityState, Session},
        text,
    },
    lang::en::{self, programme as words},
    ui::when,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};
use serde::Deserialize;

/// What was typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    day: String,
    time: String,
    zone: String,
    /// `all` for this one and all later ones.
    which: String,
    reason: String,
    step: String,
}

impl Typed {
    fn times(&self) -> Times {
        Times {
            day: self.day.clone(),
            time: self.time.clone(),
            zone: self.zone.clone(),
            ..Times::default()
        }
    }

    fn reason(&self) -> Result<Option<String>, Wrong> {
        let reason = text::tidy(Some(self.reason.replace("\r\n", "\n")));
        if text::fits(reason.as_deref(), text::LONG) {
            Ok(reason)
        } else {
            Err(("reason", words::PROBLEM_LONG.get().to_owned()))
        }
    }
}

/// What is to be done, once it is all right.
struct Plan {
    moves: Vec<(SessionId, Start)>,
    reason: Option<String>,
}

fn plan(held: &Held, typed: &Typed, clock: &Clock) -> Result<Plan, Wrong> {
    let start = typed.times().start(clock.now())?;
    let start = start.ok_or_else(|| ("day", words::PROBLEM_DAY.get().to_owned()))?;
    let reason = typed.reason()?;
    // A draft has told nobody.
    if reason.is_none() && held.of.record.state != OpportunityState::Draft {
        return Err(("reason", words::MOVE_NEEDED.get().to_owned()));
    }
    let wrong = |problem| ("time", no_time(problem));
    let mut moves = vec![(held.row.id, start.clone())];
    let before = held.row.record.local_start.as_deref();
    if let (true, Some(before)) = (typed.which == "all", before) {
        let by = start.later_than(before).map_err(wrong)?;
        for row in &held.following {
            let local = row.record.local_start.as_deref();
            if let Some(local) = local.filter(|_| row.id != held.row.id) {
                moves.push((
                    row.id,
                    Start::shifted(local, &start.zone, by).map_err(wrong)?,
                ));
            }
        }
    }
    let all = held.meant(typed.which == "all");
    for (id, start) in &moves {
        let row = all.iter().find(|row| row.id == *id && !row.drawn);
        let draw = row.and_then(|row| row.record.ballot_at.as_deref());
        let late = draw.filter(|draw| **draw >= *start.instant_text());
        if let Some(late) = late {
            let when = clock.say_text(late);
            return Err(("day", words::PROBLEM_BALLOT_MOVE.fill(&[("when", &when)])));
        }
    }
    Ok(Plan { moves, reason })
}

pub(super) async fn ask(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let held = load(&app, desk.reach, &id).await?;
    if !held.is_to_come() {
        return Ok(Redirect::to(&held.path()).into_response());
    }
    let times = Times::of(&held.row, &app.config.zone);
    let typed = Typed {
        day: times.day,
        time: times.time,
        zone: times.zone,
        ..Typed::default()
    };
    form(&app, &desk, &held, &typed, None).await
}

pub(super) async fn take(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let held = load(&app, desk.reach, &id).await?;
    if typed.step == "edit" {
        return form(&app, &desk, &held, &typed, None).await;
    }
    let plan = match plan(&held, &typed, &desk.clock) {
        Ok(plan) => plan,
        Err(wrong) => return refused(&app, &desk, &held, &typed, &wrong).await,
    };
    if typed.step != "previewed" {
        return seen(&app, &desk, &held, &typed, &plan).await;
    }
    let action = SessionAction::Move(plan.moves, plan.reason);
    let action = ProgrammeAction::Hold(action);
    let done = app.writer.programme(desk.staff.id, action).await?;
    match held_up(&done) {
        Some(problem) => refused(&app, &desk, &held, &typed, &("", problem)).await,
        None => Ok(Redirect::to(&format!("{}?done=moved", held.path())).into_response()),
    }
}

async fn refused(app: &App, desk: &Desk, held: &Held, typed: &Typed, wrong: &Wrong) -> Page {
    let page = form(app, desk, held, typed, Some(wrong)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn form(app: &App, desk: &Desk, held: &Held, typed: &Typed, wrong: Option<&Wrong>) -> Page {
    let title = words::MOVE_TITLE.fill(&[("when", &held.when())]);
    let count = told(app, &held.meant(typed.which == "all")).await?;
    let times = typed.times();
    let fields = Fields {
        typed: &times,
        wrong,
    };
    let main = html! {
        p.back { a href=(held.path()) { (words::SESSION_TITLE.fill(&[("when", &held.when())])) } }
        h1 { (title) }
        p.soft { (held.of.title()) }
        p { (tells(count)) }
        @if let Some((_, problem)) = wrong { p.problem role="alert" { (problem) } }
        form.stack.card method="post" action={ (held.path()) "/move" } autocomplete="off" novalidate {
            (fields.time())
            (which(held, &typed.which))
            div.field {
                label for="reason" { (words::MOVE_REASON.get()) }
                p.soft id="reason-hint" { (words::MOVE_REASON_HINT.get()) }
                textarea id="reason" name="reason" maxlength=(text::LONG) aria-describedby="reason-hint" { (typed.reason) }
            }
            button name="step" value="preview" { (words::MOVE_SEE.get()) }
        }
    };
    Ok(desk.page(Way::Opportunities, &title, false, &main).await?)
}

/// Only this one, or all later ones too: asked where there are some.
pub(super) fn which(held: &Held, chosen: &str) -> Markup {
    let later = held.later();
    let all = words::ALL_LATER.fill(&[("count", &later.to_string())]);
    html! {
        @if later > 0 {
            fieldset {
                legend { (words::MOVE_WHICH.get()) }
                label.choice {
                    input type="radio" name="which" value="one" checked[chosen != "all"];
                    (words::ONLY_THIS.get())
                }
                label.choice {
                    input type="radio" name="which" value="all" checked[chosen == "all"];
                    (all)
                }
            }
        }
    }
}

/// Each with its old and its new time, and the words that people read.
async fn seen(app: &App, desk: &Desk, held: &Held, typed: &Typed, plan: &Plan) -> Page {
    let title = words::MOVE_SEEN.get();
    let rows = held.meant(typed.which == "all");
    let count = told(app, &rows).await?;
    let cards = plan.moves.iter().filter_map(|(id, start)| {
        let row = rows.iter().find(|row| row.id == *id)?;
        let after = Session {
            local_start: Some(start.local_text()),
            ..row.record.clone()
        };
        let words = moved_words(&row.record, &after, plan.reason.as_deref());
        Some((when::session_time(&after), words))
    });
    let main = html! {
        h1 { (title) }
        p.soft { (en::desk::PREVIEW_WHY.get()) " " (tells(count)) }
        @for (time, words) in cards {
            section.card.phone aria-label=(en::desk::PREVIEW_LABEL.get()) {
                h2 { (held.of.title()) }
                p.soft { (time) }
                p { (parts::said(&en::sign_ups::QUOTE.fill(&[("words", &words)]))) }
            }
        }
        div.actions {
            @for (step, class, label) in [("previewed", "", words::MOVE_DO), ("edit", "plain", words::MOVE_CHANGE)] {
                form method="post" action={ (held.path()) "/move" } {
                    @for (name, value) in [
                        ("day", &typed.day), ("time", &typed.time), ("zone", &typed.zone),
                        ("which", &typed.which), ("reason", &typed.reason),
                    ] {
                        input type="hidden" name=(name) value=(value);
                    }
                    button class=(class) name="step" value=(step) { (label.get()) }
                }
            }
        }
    };
    Ok(desk.page(Way::Opportunities, title, false, &main).await?)
}
