//! One edition of a note at the desk: its words, how far it has come, what is asked about it, and what may be done
//! next.

use super::{called, credit, told};
use crate::{
    commands::learning::{NoteAction, NoteDone},
    db::{
        changes::Did,
        desk::groups::Choice,
        learning::{self, NoteRow, Question, Reader},
        staff::Role,
    },
    error::Error,
    http::staff::{
        changes::choices,
        desk::{Desk, Run, Way},
        fault::Fault,
        parts,
    },
    state::App,
};
use app::{
    domain::{
        id::NoteId,
        learning::{NotYet, NotePart, NoteState, NoteStep, has_read},
        text,
    },
    lang::{
        Text,
        en::{changes as change_words, learning as words},
    },
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// An edition with all that the desk shows of it.
pub(super) struct Whole {
    pub row: NoteRow,
    /// The groups whose work it may be.
    pub groups: Vec<Choice>,
    /// The edition that is being written after this one.
    pub begun: Option<NoteId>,
    pub questions: Vec<Question>,
    pub readers: Vec<Reader>,
    /// Whether who asks leads the group from the desk.
    pub speaks: bool,
}

impl Whole {
    /// Its address.
    pub fn path(&self) -> String {
        format!("/staff/learning/notes/{}", self.row.id)
    }

    /// "Back to this note", for pages below it.
    pub fn back(&self) -> Markup {
        html! { p.back { a href=(self.path()) { (words::BACK.get()) } } }
    }

    /// Whether who asks is told who has read it: admins, and who leads the group.
    pub fn may_see_readers(&self, desk: &Desk) -> bool {
        self.row.state == NoteState::Published && (self.speaks || desk.staff.role == Role::Admin)
    }
}

/// An edition by the id in its address, if whoever asks reaches it.
///
/// # Errors
/// Not found, or what the database says.
pub(super) async fn load(app: &App, desk: &Desk, id: &str) -> Result<Whole, Error> {
    let id: NoteId = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = app.db.reader().await?;
    desk.reach.note(&mut *reader, id).await?;
    let row = learning::find(&mut reader, id).await?;
    let begun = learning::begun(&mut reader, row.line).await?;
    let questions = learning::questions(&mut reader, row.line).await?;
    let readers = learning::readers(&mut reader, row.line).await?;
    let speaks = learning::speaks_for(&mut *reader, row.plan.group, desk.staff.id).await?;
    // The groups are asked for with a reader of their own.
    drop(reader);
    Ok(Whole {
        groups: choices(app, desk.reach, row.plan.group).await?,
        row,
        begun,
        questions,
        readers,
        speaks,
    })
}

/// Why nothing was changed, in words; none if it was done.
pub(super) fn held_up(done: &NoteDone) -> Option<String> {
    Some(match done {
        NoteDone::Done | NoteDone::Kept(_) | NoteDone::Begun(_) => return None,
        NoteDone::Changed => change_words::NOT_CHANGED.get().to_owned(),
        NoteDone::Not(NotYet::From(_)) => change_words::NOT_FROM.get().to_owned(),
        NoteDone::Not(NotYet::Missing(parts)) => missing_parts(parts),
        NoteDone::Not(NotYet::NotTheGroup) => words::NOT_THE_GROUP.get().to_owned(),
        NoteDone::NotTheirs => change_words::GROUP_NEEDED.get().to_owned(),
    })
}

fn missing_parts(parts: &[NotePart]) -> String {
    let name = |part: &NotePart| match part {
        NotePart::NewWords => words::PART_NEW_WORDS,
        NotePart::Why => words::PART_WHY,
        NotePart::Differently => words::PART_DIFFERENTLY,
        NotePart::Group => words::PART_GROUP,
    };
    let named: Vec<&str> = parts.iter().map(|part| name(part).get()).collect();
    words::MISSING.fill(&[("parts", &named.join(", "))])
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub done: String,
}

pub(super) type Page = Result<Response, Fault>;

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let done = match asked.done.as_str() {
        "kept" => Some(words::DONE_KEPT),
        "approve" => Some(words::DONE_APPROVE),
        "publish" => Some(words::DONE_PUBLISH),
        "answer" => Some(words::DONE_ANSWER),
        _ => None,
    };
    page(&desk, &whole, done, None).await
}

async fn show_problem(app: &App, desk: &Desk, id: NoteId, problem: &str) -> Page {
    let whole = load(app, desk, &id.to_string()).await?;
    let page = page(desk, &whole, None, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(desk: &Desk, whole: &Whole, done: Option<Text>, problem: Option<&str>) -> Page {
    let row = &whole.row;
    let title = called(row);
    let main = html! {
        p.back { a href={ "/staff/learning/notes?show=" (row.state.word()) } { (words::ALL_NOTES.get()) } }
        div {
            h1 { bdi { (title) } }
            (credit(row))
            p.soft { (words::EDITION.fill(&[("edition", &row.edition.to_string())])) }
        }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        (state_mark(row.state))
        @if let Some(change) = row.change {
            p { a href={ "/staff/changes/" (change) } { (words::OF_CHANGE.get()) } }
        }
        section.card.lesson aria-label=(words::AS_STAFF.get()) {
            @for (heading, words) in told(row) {
                h2 { (heading.get()) }
                p { (parts::said(&words)) }
            }
            @if !row.plan.question.trim().is_empty() {
                h2 { (words::THINK.get()) }
                p { (parts::said(&row.plan.question)) }
            }
            p.soft { (if row.plan.significant { words::IS_SIGNIFICANT } else { words::IS_SMALL }.get()) }
        }
        (next_steps(whole))
        @if whole.may_see_readers(desk) { (how_many(whole)) }
        (asked(whole))
        (history(desk, row))
    };
    Ok(desk.page(Way::Learning, &title, false, &main).await?)
}

fn state_mark(state: NoteState) -> Markup {
    let (class, words) = match state {
        NoteState::Draft => ("mark waits", words::STATE_DRAFT),
        NoteState::Approved => ("mark waits", words::STATE_APPROVED),
        NoteState::Published => ("mark", words::STATE_PUBLISHED),
        NoteState::Superseded => ("mark over", words::STATE_SUPERSEDED),
    };
    html! { p { span class=(class) { (words.get()) } } }
}

fn next_steps(whole: &Whole) -> Markup {
    let row = &whole.row;
    let path = whole.path();
    let missing = row.plan.missing();
    html! {
        @if row.state != NoteState::Superseded {
            section.card aria-labelledby="next" {
                h2 id="next" { (change_words::WHAT_NEXT.get()) }
                @match row.state {
                    NoteState::Draft if !missing.is_empty() => p { strong { (missing_parts(&missing)) } },
                    NoteState::Draft if !whole.speaks => p { strong { (words::WAITS_FOR_GROUP.get()) } },
                    NoteState::Draft => {
                        p.soft { (words::APPROVE_UNDER.get()) }
                        (button(whole, NoteStep::Approve, words::APPROVE))
                    },
                    NoteState::Approved => {
                        p.soft { (words::PUBLISH_UNDER.get()) }
                        (button(whole, NoteStep::Publish, words::PUBLISH))
                    },
                    NoteState::Published | NoteState::Superseded => {},
                }
                @if row.state.may_edit() {
                    p { a.button.plain href={ (path) "/edit" } { (change_words::EDIT.get()) } }
                    p { a href={ (path) "/forget" } { (change_words::THROW_AWAY.get()) } }
                }
                @if row.state == NoteState::Published {
                    @if let Some(begun) = whole.begun {
                        p { a href={ "/staff/learning/notes/" (begun) } { (words::SEE_NEXT.get()) } }
                    } @else {
                        form method="post" action={ (path) "/again" } { button.plain { (words::AGAIN.get()) } }
                        p.soft { (words::AGAIN_UNDER.get()) }
                    }
                }
            }
        }
    }
}

fn button(whole: &Whole, step: NoteStep, words: Text) -> Markup {
    html! {
        form method="post" action={ (whole.path()) "/step" } {
            input type="hidden" name="version" value=(whole.row.version);
            button name="step" value=(step.word()) { (words.get()) }
        }
    }
}

/// How many have read it, and the way to who, by team.
fn how_many(whole: &Whole) -> Markup {
    let mut people: Vec<&Reader> = Vec::new();
    for reader in &whole.readers {
        if !people.iter().any(|known| known.staff == reader.staff) {
            people.push(reader);
        }
    }
    let since = whole.row.asks_since.max(1);
    let read = people.iter().filter(|it| has_read(it.read, since)).count();
    let [read, all] = [read, people.len()].map(|count| count.to_string());
    let counts = [("read", read.as_str()), ("all", all.as_str())];
    html! {
        section.card aria-labelledby="readers" {
            h2 id="readers" { (words::READERS.get()) }
            p { (words::READERS_COUNT.fill(&counts)) }
            p { a href={ (whole.path()) "/readers" } { (words::READERS_SEE.get()) } }
        }
    }
}

/// What people ask the group, with the way to answer for those who speak for it.
fn asked(whole: &Whole) -> Markup {
    html! {
        @if !whole.questions.is_empty() {
            section.stack.whole aria-labelledby="questions" {
                h2 id="questions" { (words::QUESTIONS.get()) }
                @for question in &whole.questions {
                    div.card {
                        p.soft { bdi { (question.name) } }
                        p { (parts::said(&question.words)) }
                        @match &question.answer {
                            Some(answer) => p { strong { (words::ANSWER.get()) } " " (parts::said(answer)) },
                            None if whole.speaks => (answer_form(whole, question)),
                            None => p.soft { (words::NO_ANSWER_YET.get()) },
                        }
                    }
                }
            }
        }
    }
}

fn answer_form(whole: &Whole, question: &Question) -> Markup {
    let id = format!("answer-{}", question.id);
    html! {
        form.stack method="post" action={ (whole.path()) "/answer" } {
            input type="hidden" name="question" value=(question.id);
            div.field {
                label for=(id) { (words::ANSWER_LABEL.get()) }
                textarea.low id=(id) name="answer" required maxlength=(text::LONG) {}
            }
            button.plain { (words::ANSWER_DO.get()) }
        }
    }
}

fn history(desk: &Desk, row: &NoteRow) -> Markup {
    let say = |text: Text, did: &Did| {
        let who = parts::who(did.name.as_deref());
        let when = desk.clock.say_inside(did.at);
        text.fill(&[("who", who), ("when", &when)])
    };
    let wrote = match row.written.by {
        Some(_) => change_words::WROTE,
        None => change_words::WROTE_NOBODY,
    };
    let mut lines = vec![say(wrote, &row.written)];
    lines.extend(row.approved.iter().map(|did| say(words::APPROVED_IT, did)));
    lines.extend(
        row.published
            .iter()
            .map(|did| say(change_words::PUBLISHED_IT, did)),
    );
    html! {
        section.card aria-labelledby="history" {
            h2 id="history" { (change_words::HISTORY.get()) }
            ul { @for line in lines { li { (parts::said(&line)) } } }
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Step {
    step: String,
    version: i64,
}

pub(super) fn back_to(id: NoteId, done: &str) -> Response {
    Redirect::to(&format!("/staff/learning/notes/{id}?done={done}")).into_response()
}

pub(super) async fn step(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(asked): Form<Step>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let id = whole.row.id;
    let step = NoteStep::of_word(&asked.step).ok_or(Error::Malformed)?;
    let action = NoteAction::Take(step, asked.version);
    let done = app.writer.note(desk.staff.id, id, action).await?;
    match held_up(&done) {
        None => Ok(back_to(id, step.word())),
        Some(problem) => show_problem(&app, &desk, id, &problem).await,
    }
}

pub(super) async fn again(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let id = load(&app, &desk, &id).await?.row.id;
    let action = NoteAction::Again(NoteId(Uuid::now_v7()));
    let done = app.writer.note(desk.staff.id, id, action).await?;
    if let NoteDone::Begun(new) = done {
        return Ok(Redirect::to(&format!("/staff/learning/notes/{new}/edit")).into_response());
    }
    let problem = held_up(&done).unwrap_or_default();
    show_problem(&app, &desk, id, &problem).await
}

pub(super) async fn sure_to_throw(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    if !whole.row.state.may_edit() {
        return show_problem(&app, &desk, whole.row.id, change_words::NOT_FROM.get()).await;
    }
    let title = change_words::SURE_THROW.get();
    let main = html! {
        h1 { (title) }
        p.soft { bdi { (called(&whole.row)) } }
        p { (change_words::SURE_THROW_WHY.get()) }
        div.actions {
            form method="post" action={ (whole.path()) "/forget" } {
                button { (change_words::SURE_THROW_DO.get()) }
            }
            a.button.plain href=(whole.path()) { (change_words::SURE_NOT.get()) }
        }
    };
    Ok(desk.page(Way::Learning, title, false, &main).await?)
}

pub(super) async fn throw_away(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let id = load(&app, &desk, &id).await?.row.id;
    let done = app
        .writer
        .note(desk.staff.id, id, NoteAction::ThrowAway)
        .await?;
    match held_up(&done) {
        None => Ok(Redirect::to("/staff/learning/notes?show=draft&done=thrown").into_response()),
        Some(problem) => show_problem(&app, &desk, id, &problem).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Answered {
    question: Option<Uuid>,
    answer: String,
}

pub(super) async fn answer(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Answered>,
) -> Page {
    let id = load(&app, &desk, &id).await?.row.id;
    let question = typed.question.ok_or(Error::Malformed)?;
    let answer = text::tidy(Some(typed.answer.replace("\r\n", "\n")));
    let answer = answer.filter(|answer| text::fits(Some(answer), text::LONG));
    let Some(answer) = answer else {
        return show_problem(&app, &desk, id, words::ANSWER_MISSING.get()).await;
    };
    let action = NoteAction::Answer(question, answer);
    let done = app.writer.note(desk.staff.id, id, action).await?;
    match held_up(&done) {
        None => Ok(back_to(id, "answer")),
        Some(problem) => show_problem(&app, &desk, id, &problem).await,
    }
}
