//! The people of a group, for those who look after it: who belongs, who leads, and whose writing is paused. Within the
//! group a person has an id of its own: nothing here leads to what else is known of a member.

use super::{Page, Whole, held_up, inside, show_problem};
use crate::{
    commands::group_desk::{GroupAction, Inside},
    db::groups::people::{self, PersonRow},
    error::Error,
    http::staff::{
        desk::{Desk, Run, Way},
        parts,
    },
    state::App,
};
use app::{
    domain::{group::Belongs, id::PersonId, text},
    lang::{
        Text,
        en::{desk as desk_words, groups as words},
    },
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};
use serde::Deserialize;

pub(super) async fn list(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = inside(&app, &desk, &id).await?;
    let everyone = people::all(&mut *app.db.reader().await?, whole.id()).await?;
    let title = words::PEOPLE_TITLE.fill(&[("title", whole.title())]);
    let main = html! {
        (whole.back())
        h1 { (title) }
        div.stack.whole id="list" data-live {
            @if everyone.is_empty() {
                p.card { (words::PEOPLE_NONE.get()) }
            } @else {
                (table(&desk, &whole, &everyone))
            }
        }
    };
    Ok(desk.page(Way::Groups, &title, true, &main).await?)
}

fn table(desk: &Desk, whole: &Whole, everyone: &[PersonRow]) -> Markup {
    let columns = [
        words::COLUMN_PERSON,
        words::COLUMN_SINCE,
        words::COLUMN_STANDING,
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
                @for person in everyone {
                    @let name = parts::who(person.name.as_deref());
                    tr role="row" {
                        td.who role="cell" { (name) }
                        td role="cell" data-label=(words::COLUMN_SINCE.get()) { (desk.clock.say(person.joined_at)) }
                        td role="cell" data-label=(words::COLUMN_STANDING.get()) {
                            div { (words::PERSON_IN.get()) (standing(whole, person)) }
                        }
                        td.act role="cell" {
                            a.button href={ (whole.path()) "/people/" (person.id) }
                                aria-label=(words::OPEN_PERSON.fill(&[("who", name)])) { (desk_words::OPEN.get()) }
                        }
                    }
                }
            }
        }
    }
}

/// What more there is to say of how somebody stands in the group.
fn standing(whole: &Whole, person: &PersonRow) -> Markup {
    let to_agree = person.agreement < whole.row.record.agreement.version;
    html! {
        @if person.leads { p { span.mark { (words::PERSON_LEADS.get()) } } }
        @if person.paused.is_some() { p { span.mark.waits { (words::PERSON_PAUSED.get()) } } }
        @if to_agree { p { span.mark.waits { (words::PERSON_TO_AGREE.get()) } } }
    }
}

async fn find(app: &App, whole: &Whole, person: &str) -> Result<PersonRow, Error> {
    let id: PersonId = person.parse().map_err(|_| Error::NotFound)?;
    let found = people::find(&mut *app.db.reader().await?, whole.id(), id).await?;
    let found = found.filter(|found| found.belongs == Belongs::In);
    found.ok_or(Error::NotFound)
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// What was just done, said once.
fn done(word: &str) -> Option<Text> {
    Some(match word {
        "give" | "end" => words::DONE_LEAD,
        "pause" | "write" => words::DONE_PAUSED,
        _ => return None,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path((id, person)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = inside(&app, &desk, &id).await?;
    let person = find(&app, &whole, &person).await?;
    page(&desk, &whole, &person, done(&asked.done), None).await
}

/// What was typed for a reason, and what is wrong with it.
struct Reason<'a> {
    typed: &'a str,
    problem: String,
}

async fn page(
    desk: &Desk,
    whole: &Whole,
    person: &PersonRow,
    done: Option<Text>,
    reason: Option<Reason<'_>>,
) -> Page {
    let name = parts::who(person.name.as_deref());
    let they = [("who", parts::they(person.name.as_deref()))];
    let since = desk.clock.say(person.joined_at);
    let people = words::PEOPLE_TITLE.fill(&[("title", whole.title())]);
    let main = html! {
        p.back { a href={ (whole.path()) "/people" } { (people) } }
        div {
            h1 { (name) }
            p.soft { (words::PERSON_SINCE.fill(&[("day", &since)])) }
        }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(reason) = &reason { p.problem role="alert" { (reason.problem) } }
        (standing(whole, person))
        (lead(whole, person, &they))
        (writing(whole, person, &they, reason.as_ref().map_or("", |reason| reason.typed)))
    };
    Ok(desk.page(Way::Groups, name, false, &main).await?)
}

fn address(whole: &Whole, person: &PersonRow) -> String {
    format!("{}/people/{}", whole.path(), person.id)
}

fn lead(whole: &Whole, person: &PersonRow, they: &[(&str, &str)]) -> Markup {
    html! {
        section.card aria-labelledby="lead" {
            h2 id="lead" { (words::LEADS.get()) }
            p.soft { (words::LEAD_WHAT.get()) }
            form method="post" action=(address(whole, person)) {
                @if person.leads {
                    button.plain name="step" value="end" { (words::LEAD_END.fill(they)) }
                } @else {
                    button.plain name="step" value="give" { (words::LEAD_GIVE.fill(they)) }
                }
            }
        }
    }
}

fn writing(whole: &Whole, person: &PersonRow, they: &[(&str, &str)], typed: &str) -> Markup {
    let address = address(whole, person);
    html! {
        section.card aria-labelledby="writing" {
            h2 id="writing" { (words::PAUSE_TITLE.get()) }
            @if let Some(why) = &person.paused {
                p { (words::PAUSED_SINCE.fill(they)) }
                p { strong { (parts::said(why)) } }
                form method="post" action=(address) {
                    button.plain name="step" value="write" { (words::LET_WRITE.fill(they)) }
                }
            } @else {
                p.soft { (words::PAUSE_WHAT.fill(they)) }
                form.stack method="post" action=(address) {
                    div.field {
                        label for="why" { (words::PAUSE_WHY.fill(they)) }
                        p.soft id="why-hint" { (words::PAUSE_WHY_HINT.get()) }
                        textarea.low id="why" name="why" required maxlength=(text::LONG) aria-describedby="why-hint" { (typed) }
                    }
                    button.plain name="step" value="pause" { (words::PAUSE_DO.get()) }
                }
            }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Act {
    #[serde(default)]
    step: String,
    #[serde(default)]
    why: String,
}

pub(super) async fn act(
    State(app): State<App>,
    desk: Run,
    Path((id, person)): Path<(String, String)>,
    Form(typed): Form<Act>,
) -> Page {
    let whole = inside(&app, &desk, &id).await?;
    let person = find(&app, &whole, &person).await?;
    let action = match typed.step.as_str() {
        "give" => Inside::Lead(person.id, true),
        "end" => Inside::Lead(person.id, false),
        "write" => Inside::Pause(person.id, None),
        "pause" => match why(&typed.why) {
            Ok(why) => Inside::Pause(person.id, Some(why)),
            Err(problem) => {
                let they = [("who", parts::they(person.name.as_deref()))];
                let reason = Reason {
                    typed: &typed.why,
                    problem: problem.unwrap_or(words::PAUSE_NEEDED).fill(&they),
                };
                let page = page(&desk, &whole, &person, None, Some(reason)).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
        },
        _ => return Err(Error::Malformed.into()),
    };
    let action = GroupAction::Inside(action);
    let done = app.writer.group(desk.staff.id, whole.id(), action).await?;
    match held_up(&done) {
        None => {
            let to = format!("{}?done={}", address(&whole, &person), typed.step);
            Ok(Redirect::to(&to).into_response())
        }
        Some(problem) => show_problem(&app, &desk, &whole, &problem).await,
    }
}

/// A reason as it was typed, tidied.
///
/// # Errors
/// There is none; or what is wrong with it.
pub(super) fn why(typed: &str) -> Result<String, Option<Text>> {
    let tidy = text::tidy(Some(typed.replace("\r\n", "\n"))).ok_or(None)?;
    if text::fits(Some(&tidy), text::LONG) {
        Ok(tidy)
    } else {
        Err(Some(words::WRITE_LONG))
    }
}
