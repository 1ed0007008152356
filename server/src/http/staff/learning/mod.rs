//! Staff learning: what changed in the organisation's words and why, as short lessons that the people who changed them
//! made. Everyone at the desk reads; whoever runs a group writes its notes and trainings; who leads it approves.
//! Nobody is scored, and who has read what is shown only to those whose job it is.

mod lesson;
mod note;
mod note_edit;
mod notes;
mod present;
mod readers;
mod training;

use super::{
    desk::{Run, Way},
    fault::Fault,
    when,
};
use crate::{
    db::{
        learning::{self, Lesson, NoteRow},
        reach::Reach,
        trainings,
    },
    state::App,
};
use app::{
    domain::{change::brief, learning::TrainingState},
    lang::{Text, en::learning as words},
};
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/learning` and what is below it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/learning", get(list))
        .route("/learning/{id}", get(lesson::open).post(lesson::understood))
        .route("/learning/notes", get(notes::list).post(notes::start))
        .route("/learning/notes/new", get(notes::new))
        .route("/learning/notes/{id}", get(note::open))
        .route(
            "/learning/notes/{id}/edit",
            get(note_edit::open).post(note_edit::keep),
        )
        .route("/learning/notes/{id}/autosave", post(note_edit::autosave))
        .route("/learning/notes/{id}/step", post(note::step))
        .route("/learning/notes/{id}/again", post(note::again))
        .route(
            "/learning/notes/{id}/forget",
            get(note::sure_to_throw).post(note::throw_away),
        )
        .route("/learning/notes/{id}/answer", post(note::answer))
        .route("/learning/notes/{id}/readers", get(readers::open))
        .route("/learning/trainings", post(training::start))
        .route("/learning/trainings/new", get(training::new))
        .route(
            "/learning/trainings/{training}",
            get(training::open).post(training::write),
        )
        .route(
            "/learning/trainings/{training}/step",
            post(training::publish),
        )
        .route(
            "/learning/trainings/{training}/present",
            get(present::present),
        )
        .route(
            "/learning/trainings/{training}/handout",
            get(present::handout),
        )
}

/// How much of the words names a note.
const BRIEF: usize = 80;

/// How many notes a list shows.
const MOST: i64 = 100;

/// What a note is called: the beginning of how it is said now.
pub fn called(row: &NoteRow) -> String {
    let said = brief(&row.plan.new_words, BRIEF);
    if said.is_empty() {
        words::NO_WORDS.get().to_owned()
    } else {
        said
    }
}

/// All that a note tells, in the order in which it is read. What is not said is not there.
pub fn told(row: &NoteRow) -> Vec<(Text, String)> {
    let plan = &row.plan;
    let from = match plan.from_day.as_str() {
        "" => String::new(),
        day => when::say_date(day),
    };
    let all = [
        (words::OLD_WORDS, plan.old_words.clone()),
        (words::NEW_WORDS, plan.new_words.clone()),
        (words::WHY, plan.why.clone()),
        (words::DIFFERENTLY, plan.differently.clone()),
        (words::FROM, from),
    ];
    let said = all.into_iter();
    said.filter(|(_, words)| !words.trim().is_empty()).collect()
}

/// Whose work it is.
pub fn credit(row: &NoteRow) -> Markup {
    html! {
        @if let Some(group) = &row.group {
            p.soft { (words::MADE_BY.fill(&[("group", group)])) }
        }
    }
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn list(
    State(app): State<App>,
    desk: Run,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let db = &app.db.pool;
    let to_read = learning::to_read(db, desk.staff.id, MOST).await?;
    let others = learning::others(db, desk.staff.id, MOST).await?;
    let trainings = trainings::all(db, Reach::All, TrainingState::Published).await?;
    let title = words::TITLE.get();
    let done = match asked.done.as_str() {
        "read" => Some(words::DONE_READ),
        _ => None,
    };
    let main = html! {
        h1 { (title) }
        p.soft { (words::INTRO.get()) }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        section.stack.whole aria-labelledby="to-read" {
            h2 id="to-read" { (words::TO_READ.get()) }
            @if let Some(first) = to_read.first() {
                p { a.button href=(path(first)) { (words::START_READING.get()) } }
                (lessons(&to_read))
            } @else {
                p.card { (words::NOTHING_TO_READ.get()) }
            }
        }
        @if !others.is_empty() {
            section.stack.whole aria-labelledby="others" {
                h2 id="others" { (words::OTHERS.get()) }
                (lessons(&others))
            }
        }
        section.stack.whole aria-labelledby="trainings" {
            h2 id="trainings" { (words::TRAININGS.get()) }
            @if trainings.is_empty() { p.card { (words::NO_TRAININGS.get()) } }
            @for training in &trainings {
                div.card {
                    h3 { a href={ "/staff/learning/trainings/" (training.id) } { bdi { (training.title) } } }
                    p.soft { (words::MADE_BY.fill(&[("group", &training.group.1)])) }
                }
            }
        }
        section.card aria-labelledby="make" {
            h2 id="make" { (words::MAKE.get()) }
            div.actions {
                a.button.plain href="/staff/learning/notes" { (words::NOTES.get()) }
                a.button.plain href="/staff/learning/trainings/new" { (words::NEW_TRAINING.get()) }
            }
        }
    };
    Ok(desk.page(Way::Learning, title, false, &main).await?)
}

/// The address of a lesson.
fn path(lesson: &Lesson) -> String {
    format!("/staff/learning/{}", lesson.row.line)
}

fn lessons(lessons: &[Lesson]) -> Markup {
    html! {
        ul.lessons {
            @for lesson in lessons {
                li.card {
                    h3 { a href=(path(lesson)) { bdi { (called(&lesson.row)) } } }
                    (credit(&lesson.row))
                    @if lesson.read == Some(lesson.row.edition) { p { span.mark { (words::YOU_READ.get()) } } }
                }
            }
        }
    }
}
