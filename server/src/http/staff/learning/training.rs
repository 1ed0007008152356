//! One training: its notes in their order, as staff find it; and writing it, for whoever runs its group. Who leads the
//! group says yes before staff see it.

use super::{called, notes::which_group};
use crate::{
    commands::trainings::{TrainingAction, TrainingDone},
    db::{
        learning::{self, NoteRow},
        trainings::{self, TrainingRow},
    },
    error::Error,
    http::staff::{
        changes::choices,
        desk::{Desk, Run, Way},
        fault::Fault,
        parts,
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        id::{GroupId, NoteId, TrainingId},
        learning::TrainingState,
        text,
    },
    lang::{
        Text,
        en::{changes as change_words, learning as words, programme},
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

/// A training with all that the desk shows of it.
pub(super) struct Whole {
    pub row: TrainingRow,
    /// Its notes that staff read now, in its order.
    pub notes: Vec<NoteRow>,
    /// Whether who asks may write it.
    pub may_write: bool,
    /// Whether who asks leads the group from the desk.
    pub speaks: bool,
}

impl Whole {
    /// Its address.
    pub fn path(&self) -> String {
        format!("/staff/learning/trainings/{}", self.row.id)
    }
}

/// A training by the id in its address, if staff see it, or whoever asks writes it.
///
/// # Errors
/// Not found, or what the database says.
pub(super) async fn load(app: &App, desk: &Desk, id: &str) -> Result<Whole, Error> {
    let id: TrainingId = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = app.db.reader().await?;
    let row = trainings::find(&mut reader, id).await?;
    let may_write = desk.reach.may_run(&mut reader, row.group.0).await?;
    if row.state == TrainingState::Draft && !may_write {
        return Err(Error::NotFound);
    }
    Ok(Whole {
        notes: trainings::notes(&mut reader, id).await?,
        speaks: learning::speaks_for(&mut *reader, Some(row.group.0), desk.staff.id).await?,
        may_write,
        row,
    })
}

type Page = Result<Response, Fault>;

/// What is asked before anything is written.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    title: String,
    group: String,
}

pub(super) async fn new(State(app): State<App>, desk: Run) -> Page {
    ask(&app, &desk, &Named::default(), None).await
}

pub(super) async fn start(State(app): State<App>, desk: Run, Form(named): Form<Named>) -> Page {
    let Some(title) = parts::short(&named.title) else {
        return again(&app, &desk, &named, words::TITLE_NEEDED).await;
    };
    let Ok(group) = named.group.parse::<GroupId>() else {
        return again(&app, &desk, &named, change_words::GROUP_NEEDED).await;
    };
    let id = TrainingId(Uuid::now_v7());
    let action = TrainingAction::Start(group, title);
    match app.writer.training(desk.staff.id, id, action).await? {
        TrainingDone::Done => {
            Ok(Redirect::to(&format!("/staff/learning/trainings/{id}")).into_response())
        }
        _ => again(&app, &desk, &named, change_words::GROUP_NEEDED).await,
    }
}

async fn again(app: &App, desk: &Desk, named: &Named, problem: Text) -> Page {
    let page = ask(app, desk, named, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn ask(app: &App, desk: &Desk, named: &Named, problem: Option<Text>) -> Page {
    let group: Option<GroupId> = named.group.parse().ok();
    let choices = choices(app, desk.reach, group).await?;
    let title = words::NEW_TRAINING.get();
    let main = html! {
        p.back { a href="/staff/learning" { (words::ALL.get()) } }
        h1 { (title) }
        p.soft { (words::NEW_TRAINING_WHY.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action="/staff/learning/trainings" {
            div.field {
                label for="title" { (words::TRAINING_TITLE.get()) }
                input id="title" name="title" required maxlength=(text::SHORT) autocomplete="off" value=(named.title);
            }
            (which_group(desk, &choices, group))
            button { (change_words::NEW_DO.get()) }
        }
    };
    Ok(desk.page(Way::Learning, title, false, &main).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// The fields of a training as they were typed.
struct Typed {
    title: String,
    introduction: String,
    version: i64,
    lines: Vec<NoteId>,
}

impl Typed {
    fn of(whole: &Whole) -> Self {
        Self {
            title: whole.row.title.clone(),
            introduction: whole.row.introduction.clone(),
            version: whole.row.version,
            lines: whole.notes.iter().map(|note| note.line).collect(),
        }
    }

    /// The notes in the order of the numbers beside them; one without a number is left out.
    fn read(fields: &[(String, String)]) -> Self {
        let form = Typing(fields);
        let mut placed: Vec<(u32, NoteId)> = fields
            .iter()
            .filter_map(|(name, place)| {
                let line = name.strip_prefix("place-")?.parse().ok()?;
                Some((place.trim().parse().ok()?, line))
            })
            .collect();
        placed.sort_by_key(|(place, _)| *place);
        Self {
            title: form.value("title"),
            introduction: form.value("introduction"),
            version: form.value("version").parse().unwrap_or(-1),
            lines: placed.into_iter().map(|(_, line)| line).collect(),
        }
    }
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let done = match asked.done.as_str() {
        "kept" => Some(words::DONE_TRAINING_KEPT),
        "publish" => Some(words::DONE_TRAINING),
        _ => None,
    };
    page(&app, &desk, &whole, &Typed::of(&whole), done, None).await
}

pub(super) async fn write(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let typed = Typed::read(&fields);
    let Some(title) = parts::short(&typed.title) else {
        return wrong(&app, &desk, &whole, &typed, words::TITLE_NEEDED).await;
    };
    if !text::fits(Some(&typed.introduction), text::LONG) {
        return wrong(&app, &desk, &whole, &typed, programme::PROBLEM_LONG).await;
    }
    let action = TrainingAction::Write {
        title,
        introduction: typed.introduction.clone(),
        lines: typed.lines.clone(),
        version: typed.version,
    };
    let id = whole.row.id;
    match app.writer.training(desk.staff.id, id, action).await? {
        TrainingDone::Done => {
            Ok(Redirect::to(&format!("{}?done=kept", whole.path())).into_response())
        }
        _ => wrong(&app, &desk, &whole, &typed, words::TRAINING_CHANGED).await,
    }
}

/// What was typed comes back, with what is wrong. Keeping then is on what is there now, which stands above.
async fn wrong(app: &App, desk: &Desk, whole: &Whole, typed: &Typed, problem: Text) -> Page {
    let typed = Typed {
        title: typed.title.clone(),
        introduction: typed.introduction.clone(),
        version: whole.row.version,
        lines: typed.lines.clone(),
    };
    let page = page(app, desk, whole, &typed, None, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Step {
    version: i64,
}

pub(super) async fn publish(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(step): Form<Step>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let action = TrainingAction::Publish(step.version);
    let problem = match app
        .writer
        .training(desk.staff.id, whole.row.id, action)
        .await?
    {
        TrainingDone::Done => {
            return Ok(Redirect::to(&format!("{}?done=publish", whole.path())).into_response());
        }
        TrainingDone::Changed | TrainingDone::NotTheirs => words::TRAINING_CHANGED,
        TrainingDone::Empty => words::TRAINING_EMPTY,
        TrainingDone::NotTheGroup => words::NOT_THE_GROUP,
    };
    wrong(&app, &desk, &whole, &Typed::of(&whole), problem).await
}

async fn page(
    app: &App,
    desk: &Desk,
    whole: &Whole,
    typed: &Typed,
    done: Option<Text>,
    problem: Option<Text>,
) -> Page {
    let row = &whole.row;
    let is_draft = row.state == TrainingState::Draft;
    let main = html! {
        p.back { a href="/staff/learning" { (words::ALL.get()) } }
        div {
            h1 { bdi { (row.title) } }
            p.soft { (words::MADE_BY.fill(&[("group", &row.group.1)])) }
        }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        @if is_draft { p { span.mark.waits { (words::TRAINING_DRAFT.get()) } } }
        @if !row.introduction.trim().is_empty() { p { (parts::said(&row.introduction)) } }
        @if whole.notes.is_empty() { p.card { (words::TRAINING_EMPTY.get()) } }
        ol {
            @for note in &whole.notes {
                li { a href={ "/staff/learning/" (note.line) } { bdi { (called(note)) } } }
            }
        }
        div.actions {
            a.button href={ (whole.path()) "/present" } { (words::PRESENT.get()) }
            a.button.plain href={ (whole.path()) "/handout" } { (words::HANDOUT.get()) }
        }
        @if whole.may_write && is_draft { (says_yes(whole)) }
        @if whole.may_write { (form(app, whole, typed).await?) }
    };
    Ok(desk.page(Way::Learning, &row.title, false, &main).await?)
}

fn says_yes(whole: &Whole) -> Markup {
    html! {
        section.card aria-labelledby="yes" {
            h2 id="yes" { (change_words::WHAT_NEXT.get()) }
            @if whole.speaks {
                form method="post" action={ (whole.path()) "/step" } {
                    input type="hidden" name="version" value=(whole.row.version);
                    button { (words::TRAINING_YES.get()) }
                }
            } @else {
                p { strong { (words::WAITS_FOR_GROUP.get()) } }
            }
        }
    }
}

/// Writing it: a name, an introduction, and a number beside each note that belongs to it.
async fn form(app: &App, whole: &Whole, typed: &Typed) -> Result<Markup, Error> {
    let all = learning::page(
        &app.db.pool,
        crate::db::reach::Reach::All,
        app::domain::learning::NoteState::Published,
        None,
    );
    let mut notes: Vec<NoteRow> = whole.notes.clone();
    let others = all.await?.rows.into_iter().map(|(row, _)| row);
    let is_new = |row: &NoteRow| !whole.notes.iter().any(|known| known.line == row.line);
    notes.extend(others.filter(is_new));
    let place = |line: NoteId| {
        let place = typed.lines.iter().position(|known| *known == line);
        place
            .map(|place| (place + 1).to_string())
            .unwrap_or_default()
    };
    Ok(html! {
        form.stack.card method="post" action=(whole.path()) {
            h2 { (words::WRITE_TRAINING.get()) }
            p.soft { (words::WRITE_TRAINING_WHY.get()) }
            input type="hidden" name="version" value=(typed.version);
            div.field {
                label for="title" { (words::TRAINING_TITLE.get()) }
                input id="title" name="title" required maxlength=(text::SHORT) autocomplete="off" value=(typed.title);
            }
            div.field {
                label for="introduction" { (words::INTRODUCTION.get()) }
                textarea id="introduction" name="introduction" maxlength=(text::LONG) {
                    @if typed.introduction.starts_with('\n') { "\n" }
                    (typed.introduction)
                }
            }
            @if notes.is_empty() { p { (words::NO_NOTES_YET.get()) } }
            @for note in &notes {
                @let field = format!("place-{}", note.line);
                div.field {
                    label for=(field) { (words::PLACE_OF.fill(&[("note", &called(note))])) }
                    input.short id=(field) name=(field) inputmode="numeric" autocomplete="off" value=(place(note.line));
                }
            }
            button.plain { (change_words::KEEP.get()) }
        }
    })
}
