//! Putting a suggestion together with another one that says the same. Both writers are told.

use super::{
    Page, Whole,
    decide::long,
    find, load,
    parts::{by, said},
    suggestion::{after_done, path},
};
use crate::{
    commands::words_desk::{OnSuggestion, WordsAction},
    db::words::suggestions::{self, SuggestionRow},
    http::staff::{
        desk::{Desk, Run, Way},
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        id::SuggestionId,
        text,
        words::suggestion::{Step, SuggestionState, after},
    },
    lang::{Text, en::words},
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use maud::html;

type Fields = Vec<(String, String)>;

fn read(fields: &Fields) -> Result<OnSuggestion, Text> {
    let form = Typing(fields);
    let into: SuggestionId = form
        .value("into")
        .parse()
        .map_err(|_| words::PROBLEM_MERGE)?;
    let tidy = |name: &str| text::tidy(Some(form.value(name)));
    let reason = tidy("reason").ok_or(words::PROBLEM_REASON)?;
    let took_part = tidy("took_part").ok_or(words::PROBLEM_TOOK_PART)?;
    let fits = |words: &String| text::fits(Some(words), text::LONG);
    if !fits(&reason) || !fits(&took_part) {
        return Err(words::PROBLEM_WORDS);
    }
    Ok(OnSuggestion::Merge {
        into,
        reason,
        took_part,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path((id, suggestion)): Path<(String, String)>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let row = find(&app, &whole, &suggestion).await?;
    page(&app, &desk, (&whole, &row), &Vec::new(), None).await
}

pub(super) async fn merge(
    State(app): State<App>,
    desk: Run,
    Path((id, suggestion)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let row = find(&app, &whole, &suggestion).await?;
    let action = match read(&fields) {
        Ok(action) => action,
        Err(problem) => {
            let page = page(&app, &desk, (&whole, &row), &fields, Some(problem)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let action = WordsAction::On(row.id, Box::new(action));
    let done = app.writer.words(desk.staff.id, whole.id(), action).await?;
    after_done(&app, &desk, (&whole, &row), ("merge", done)).await
}

/// Those that it may go on with: about the same phrase first.
async fn others(
    app: &App,
    whole: &Whole,
    row: &SuggestionRow,
) -> Result<Vec<SuggestionRow>, crate::error::Error> {
    let mut reader = app.db.reader().await?;
    let mut all = suggestions::of_document(&mut reader, whole.id()).await?;
    all.retain(|one| {
        let waits = !matches!(
            one.state,
            SuggestionState::Decided | SuggestionState::Withdrawn
        );
        waits && one.id != row.id
    });
    all.sort_by_key(|one| one.phrase != row.phrase);
    Ok(all)
}

async fn page(
    app: &App,
    desk: &Desk,
    (whole, row): (&Whole, &SuggestionRow),
    fields: &Fields,
    problem: Option<Text>,
) -> Page {
    let others = others(app, whole, row).await?;
    let title = words::MERGE_TITLE.get();
    let form = Typing(fields);
    let may = row.merged_into.is_none() && after(row.state, Step::Merge).is_some();
    let chosen = form.value("into");
    let main = html! {
        p.back { a href=(path(whole, row)) { (words::SUGGESTION_TITLE.get()) } }
        h1 { (title) }
        p.soft { (words::MERGE_WHY.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        @if !may {
            p.problem role="alert" { (words::NOT_FROM.get()) }
        } @else if others.is_empty() {
            p.card { (words::MERGE_NONE.get()) }
        } @else {
            form.stack.card method="post" action={ (path(whole, row)) "/merge" } autocomplete="off" {
                fieldset {
                    legend { (words::MERGE_INTO.get()) }
                    @for other in &others {
                        @let id = other.id.to_string();
                        label.choice {
                            input type="radio" name="into" value=(id) checked[id == chosen];
                            span { (by(desk, other)) (said(other)) }
                        }
                    }
                }
                (long("reason", words::REASON, Some(words::REASON_HINT), &form.value("reason"), true))
                (long("took_part", words::TOOK_PART, Some(words::TOOK_PART_HINT), &form.value("took_part"), true))
                button { (words::MERGE_DO.get()) }
            }
        }
    };
    Ok(desk.page(Way::Words, title, false, &main).await?)
}
