//! Changing what is said about a document: its name, what it is for, which group works on it, who reads it, and whether
//! something can be said about it.

use super::{
    Page, Whole,
    bring_in::{about_fields, details},
    load,
    parts::{back, group_choice},
};
use crate::{
    commands::words_desk::{WordsAction, WordsDone},
    db::{desk::groups, reach::Reach, words::Details},
    http::staff::{
        desk::{Desk, Run, Way},
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::words::DocumentState,
    lang::{Text, en::words},
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::html;

/// What was typed, and on what.
struct Typed {
    title: String,
    about: String,
    group: String,
    only: bool,
    state: DocumentState,
    edit: i64,
}

impl Typed {
    fn read(fields: &[(String, String)]) -> Self {
        let form = Typing(fields);
        Self {
            title: form.value("title"),
            about: form.value("about"),
            group: form.value("group"),
            only: !form.value("only").is_empty(),
            state: DocumentState::of_word(&form.value("state")).unwrap_or(DocumentState::Open),
            edit: form.value("edit").parse().unwrap_or(-1),
        }
    }

    fn of(whole: &Whole) -> Self {
        let details = whole.row.details.clone();
        Self {
            title: details.title,
            about: details.about.unwrap_or_default(),
            group: details
                .group
                .map(|group| group.to_string())
                .unwrap_or_default(),
            only: details.only_group,
            state: details.state,
            edit: whole.row.edit,
        }
    }

    fn details(&self) -> Result<Details, Text> {
        let about = (self.title.as_str(), self.about.as_str());
        details(about, self.group.parse().ok(), self.only, self.state)
    }
}

pub(super) async fn open(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, &desk, &id).await?;
    page(&app, &desk, &whole, &Typed::of(&whole), None).await
}

pub(super) async fn keep(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed::read(&fields);
    let whole = load(&app, &desk, &id).await?;
    let details = match typed.details() {
        Ok(details) => details,
        Err(problem) => return wrong(&app, &desk, &whole, &typed, problem).await,
    };
    let may = desk
        .reach
        .may_put(&mut *app.db.reader().await?, details.group)
        .await?;
    if !may {
        return wrong(&app, &desk, &whole, &typed, words::PROBLEM_GROUP).await;
    }
    let action = WordsAction::Change(Box::new(details), typed.edit);
    match app.writer.words(desk.staff.id, whole.id(), action).await? {
        WordsDone::Done => {
            let to = format!("{}?done=changed", whole.path());
            Ok(Redirect::to(&to).into_response())
        }
        WordsDone::GroupStays => {
            wrong(&app, &desk, &whole, &typed, words::PROBLEM_GROUP_STAYS).await
        }
        _ => {
            let whole = load(&app, &desk, &id).await?;
            let typed = Typed {
                edit: whole.row.edit,
                ..typed
            };
            let problem = Some(words::PROBLEM_CHANGED);
            let page = page(&app, &desk, &whole, &typed, problem).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

async fn wrong(app: &App, desk: &Desk, whole: &Whole, typed: &Typed, problem: Text) -> Page {
    let page = page(app, desk, whole, typed, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(app: &App, desk: &Desk, whole: &Whole, typed: &Typed, problem: Option<Text>) -> Page {
    let mut reader = app.db.reader().await?;
    let chosen: Vec<_> = whole.row.details.group.into_iter().collect();
    let choices = groups::choices(&mut reader, desk.reach, &chosen).await?;
    drop(reader);
    let title = words::CHANGE_TITLE.fill(&[("title", whole.title())]);
    let states = [
        (DocumentState::Open, words::STATE_OPEN_DO),
        (DocumentState::Closed, words::STATE_CLOSED_DO),
    ];
    let main = html! {
        (back(whole))
        h1 { (title) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action={ (whole.path()) "/change" } autocomplete="off" {
            input type="hidden" name="edit" value=(typed.edit);
            (about_fields(&typed.title, &typed.about))
            (group_choice(&choices, typed.group.parse().ok(), desk.reach == Reach::All))
            label.tick {
                input type="checkbox" name="only" value="yes" checked[typed.only];
                (words::FIELD_ONLY.get())
            }
            fieldset {
                legend { (words::FIELD_STATE.get()) }
                @for (state, name) in states {
                    label.choice {
                        input type="radio" name="state" value=(state.word()) checked[state == typed.state];
                        span { (name.get()) }
                    }
                }
            }
            button { (words::CHANGE_DO.get()) }
        }
    };
    Ok(desk.page(Way::Words, &title, false, &main).await?)
}
