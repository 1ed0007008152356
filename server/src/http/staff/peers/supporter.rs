//! One peer supporter: what they need before they are asked, and with how many they talk. They are asked to be one on
//! the page of the person.

use super::{Page, back, readiness};
use crate::{
    commands::peers_desk::{OnSupporter, PeerAction, PeerDone},
    db::{
        desk::people,
        peers::{
            self, matches,
            supporters::{self, SupporterRow},
        },
        safety::settings,
        word::read_id,
    },
    error::Error,
    http::staff::{
        desk::{Desk, Way},
        fault::Fault,
        parts,
        people::sees,
        when,
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        id::{MemberId, StaffId},
        peer::MatchState,
        text,
    },
    lang::{Text, en::peers as words},
};
use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/people/{id}/supporter`.
pub(super) fn router() -> Router<App> {
    Router::new().route("/people/{id}/supporter", post(make))
}

/// On the page of a person: that they support others, or the way to ask them.
///
/// # Errors
/// What the database says.
pub async fn section(app: &App, member: MemberId, they: &str) -> Result<Markup, Error> {
    let found = supporters::find(&mut *app.db.reader().await?, member).await?;
    let supports = found.is_some_and(|it| it.ended_at.is_none());
    Ok(html! {
        section.card aria-labelledby="supporter" {
            h2 id="supporter" { (words::MAKE_TITLE.get()) }
            @if supports {
                p { a href={ "/staff/peers/supporters/" (member) } { (words::IS_SUPPORTER.fill(&[("who", they)])) } }
            } @else {
                p.soft { (words::MAKE_WHAT.fill(&[("who", they)])) }
                form method="post" action={ "/staff/people/" (member) "/supporter" } {
                    button.plain { (words::MAKE_DO.get()) }
                }
            }
        }
    })
}

async fn make(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Redirect, Fault> {
    let line = people::find(&app.db.pool, sees(&desk), &id)
        .await
        .map_err(Error::from)?;
    let member: MemberId = read_id(&line.ok_or(Error::NotFound)?.id)?;
    let action = PeerAction::OnSupporter(member, OnSupporter::Make);
    app.writer.peers(desk.staff.id, action).await?;
    let to = format!("/staff/peers/supporters/{member}?done=make");
    Ok(Redirect::to(&to))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

fn done(word: &str) -> Option<Text> {
    Some(match word {
        "make" => words::DONE_MADE,
        "train" => words::DONE_TRAIN,
        "supervise" => words::DONE_SUPERVISE,
        _ => return None,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let id: MemberId = id.parse().map_err(|_| Error::NotFound)?;
    Ok(page(&app, &desk, id, &Typing(&[]), (done(&asked.done), None)).await?)
}

async fn page(
    app: &App,
    desk: &Desk,
    id: MemberId,
    typed: &Typing<'_>,
    (done, problem): (Option<Text>, Option<Text>),
) -> Result<Response, Error> {
    let mut reader = app.db.reader().await?;
    let row = supporters::find(&mut reader, id).await?;
    let row = row.filter(|row| row.ended_at.is_none());
    let row = row.ok_or(Error::NotFound)?;
    let agreement = peers::agreement(&mut reader).await?.map(|it| it.version);
    let mut all = matches::of_peer(&mut reader, id).await?;
    drop(reader);
    all.retain(|it| it.state == MatchState::Matched || it.state.is_asked());
    let staff = settings::staff(&app.db.pool).await?;
    let who = parts::who(row.name.as_deref());
    let title = words::SUPPORTER_TITLE.fill(&[("who", who)]);
    let address = format!("/staff/peers/supporters/{id}");
    let main = html! {
        (back())
        h1 { (title) }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        section.card {
            (readiness(&row, agreement))
            (facts(desk, &row, agreement))
        }
        (training(&address, typed))
        (supervisor(&address, &row, &staff))
        section.card aria-labelledby="matches" {
            h2 id="matches" { (words::MATCHES.get()) }
            @if all.is_empty() { p { (words::MATCHES_NONE.get()) } }
            ul {
                @for it in &all {
                    li { a href={ "/staff/peers/asks/" (it.ask) } { (parts::who(it.member_name.as_deref())) } }
                }
            }
        }
        form.stack.card method="post" action=(address) aria-labelledby="end" {
            h2 id="end" { (words::END_SUPPORTER.get()) }
            p.soft { (words::END_SUPPORTER_WHAT.get()) }
            button.plain name="step" value="end" { (words::END_SUPPORTER_DO.get()) }
        }
    };
    desk.page(Way::Peers, &title, false, &main).await
}

fn facts(desk: &Desk, row: &SupporterRow, newest: Option<u32>) -> Markup {
    let agreed = row.agreed.map(|version| {
        let is_newest = newest == Some(version);
        let version = version.to_string();
        let when = row.agreed_at.map(|at| desk.clock.say_inside(at));
        if is_newest {
            words::AGREED_WHEN.fill(&[("version", &version), ("when", &when.unwrap_or_default())])
        } else {
            let newest = newest.unwrap_or_default().to_string();
            words::AGREED_OLD.fill(&[("version", &version), ("newest", &newest)])
        }
    });
    let trained = row.trained.as_ref().zip(row.trained_on.as_ref());
    let trained = trained.map(|(what, day)| {
        words::TRAINING_WAS.fill(&[("what", what), ("day", &when::say_date(day))])
    });
    let paused = row.paused_at.map(|at| {
        let when = desk.clock.say_inside(at);
        words::PAUSED_YES.fill(&[("when", &when)])
    });
    let pin = if row.pin {
        words::PIN_YES
    } else {
        words::PIN_NO
    };
    let or = |said: Option<String>, none: Text| said.unwrap_or_else(|| none.get().to_owned());
    html! {
        dl.facts {
            dt { (words::SUPPORTER_SAYS.get()) }
            dd dir="auto" { (parts::said(&or(row.about.clone(), words::SUPPORTER_SAYS_NONE))) }
            dt { (words::AGREED.get()) }
            dd { (or(agreed, words::AGREED_NONE)) }
            dt { (words::TRAINING.get()) }
            dd { (or(trained, words::TRAINING_NONE)) }
            dt { (words::SUPERVISOR.get()) }
            dd { (or(row.supervisor_name.clone(), words::SUPERVISOR_NONE)) }
            dt { (words::PIN.get()) }
            dd { (pin.get()) }
            dt { (words::PAUSED.get()) }
            dd { (or(paused, words::PAUSED_NO)) }
        }
    }
}

fn training(address: &str, typed: &Typing) -> Markup {
    html! {
        form.stack.card method="post" action=(address) aria-labelledby="training" {
            h2 id="training" { (words::TRAINING.get()) }
            div.field {
                label for="what" { (words::TRAINING_WHAT.get()) }
                input id="what" name="what" required maxlength=(text::SHORT) autocomplete="off" value=(typed.value("what"));
            }
            div.field {
                label for="day" { (words::TRAINING_DAY.get()) }
                input id="day" name="day" type="date" required value=(typed.value("day"));
            }
            button.plain name="step" value="train" { (words::TRAINING_DO.get()) }
        }
    }
}

fn supervisor(address: &str, row: &SupporterRow, staff: &[(StaffId, String, String)]) -> Markup {
    html! {
        form.stack.card method="post" action=(address) aria-labelledby="supervisor" {
            h2 id="supervisor" { (words::SUPERVISOR.get()) }
            div.field {
                label for="staff" { (words::SUPERVISOR_WHICH.get()) }
                select id="staff" name="staff" required {
                    @for (id, name, email) in staff {
                        option value=(id) selected[row.supervisor == Some(*id)] { (name) " (" (email) ")" }
                    }
                }
            }
            button.plain name="step" value="supervise" { (words::SUPERVISOR_DO.get()) }
        }
    }
}

/// `2026-11-25`, and nothing else.
fn is_day(typed: &str) -> bool {
    let parts: Vec<&str> = typed.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let number = |text: &str, length: usize| {
        let digits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| digits)
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
}

fn read(form: &Typing) -> Result<(&'static str, OnSupporter), Text> {
    Ok(match form.value("step").as_str() {
        "train" => {
            let (what, day) = (parts::short(&form.value("what")), form.value("day"));
            let what = what.filter(|_| is_day(&day));
            let what = what.ok_or(words::TRAINING_NEEDED)?;
            ("train", OnSupporter::Train(what, day))
        }
        "supervise" => {
            let staff = form.value("staff").parse();
            let staff: StaffId = staff.map_err(|_| words::CHOOSE_NEEDED)?;
            ("supervise", OnSupporter::Supervise(staff))
        }
        "end" => ("end", OnSupporter::End),
        _ => return Err(words::CHOOSE_NEEDED),
    })
}

pub(super) async fn act(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let id: MemberId = id.parse().map_err(|_| Error::NotFound)?;
    let form = Typing(&fields);
    let (step, action) = match read(&form) {
        Ok(read) => read,
        Err(problem) => {
            let page = page(&app, &desk, id, &form, (None, Some(problem))).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let action = PeerAction::OnSupporter(id, action);
    let done = app.writer.peers(desk.staff.id, action).await?;
    Ok(match (step, done) {
        ("end", PeerDone::Done) => Redirect::to("/staff/peers").into_response(),
        _ => Redirect::to(&format!("/staff/peers/supporters/{id}?done={step}")).into_response(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day() {
        assert!(is_day("2026-11-25"));
        for wrong in [
            "",
            "2026-13-01",
            "2026-1-1",
            "yesterday",
            "2026-11-32",
            "+026-11-01",
        ] {
            assert!(!is_day(wrong), "{wrong}");
        }
    }
}
