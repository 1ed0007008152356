//! A note as staff read it: one change a screen, something to think about, and at the end that they have read and
//! understood it.

use super::{Asked, credit, told};
use crate::{
    clock,
    commands::learning as commands,
    db::learning::{self, NoteRow, Question},
    error::Error,
    http::staff::{
        desk::{Desk, Run, Way},
        fault::Fault,
        parts,
    },
    state::App,
};
use app::{
    domain::{id::NoteId, text},
    lang::{
        Text,
        en::{learning as words, programme},
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

/// What was typed at the end of a lesson.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Understood {
    edition: u32,
    question_id: Option<Uuid>,
    question: String,
}

/// A lesson by the id in its address, with what this one asked and read before.
struct Whole {
    row: NoteRow,
    read: Option<u32>,
    questions: Vec<Question>,
}

async fn load(app: &App, desk: &Desk, id: &str) -> Result<Whole, Error> {
    let line: NoteId = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = app.db.reader().await?;
    let row = learning::current(&mut reader, line).await?;
    let mut questions = learning::questions(&mut reader, line).await?;
    questions.retain(|question| question.by == desk.staff.id);
    Ok(Whole {
        row: row.ok_or(Error::NotFound)?,
        read: learning::read_by(&mut reader, line, desk.staff.id).await?,
        questions,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let whole = load(&app, &desk, &id).await?;
    let news = (asked.done == "newer").then_some(words::NEWER);
    Ok(page(&desk, &whole, "", news, None).await?)
}

pub(super) async fn understood(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(typed): Form<Understood>,
) -> Result<Response, Fault> {
    let whole = load(&app, &desk, &id).await?;
    let question = typed.question.replace("\r\n", "\n");
    if !text::fits(Some(&question), text::LONG) {
        let problem = Some(programme::PROBLEM_LONG);
        let page = page(&desk, &whole, &question, None, problem).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let by = (desk.staff.id, clock::now_ms());
    let (line, edition) = (whole.row.line, typed.edition);
    let id = typed.question_id.unwrap_or_else(Uuid::now_v7);
    let asks = text::tidy(Some(question.clone()));
    let read = app.writer.run(move |tx| {
        Box::pin(async move {
            let asks = asks.as_deref().map(|words| (id, words));
            commands::understood(tx, by, (line, edition), asks).await
        })
    });
    if !read.await? {
        // A newer edition came while they read: it is shown, with what they typed.
        let whole = load(&app, &desk, &line.to_string()).await?;
        let page = page(&desk, &whole, &question, Some(words::NEWER), None).await?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let next = learning::to_read(&app.db.pool, desk.staff.id, 1).await?;
    let to = match next.first() {
        Some(next) => format!("/staff/learning/{}", next.row.line),
        None => "/staff/learning?done=read".to_owned(),
    };
    Ok(Redirect::to(&to).into_response())
}

async fn page(
    desk: &Desk,
    whole: &Whole,
    typed: &str,
    news: Option<Text>,
    problem: Option<Text>,
) -> Result<Response, Error> {
    let row = &whole.row;
    let title = words::LESSON_TITLE.get();
    let main = html! {
        p.back { a href="/staff/learning" { (words::ALL.get()) } }
        h1 { (title) }
        (credit(row))
        @if let Some(news) = news { p.notice role="status" { (news.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        article.card.lesson {
            @for (heading, words) in told(row) {
                h2 { (heading.get()) }
                p { (parts::said(&words)) }
            }
        }
        @if !row.plan.question.trim().is_empty() {
            section.card aria-labelledby="think" {
                h2 id="think" { (words::THINK.get()) }
                p { (parts::said(&row.plan.question)) }
                p.soft { (words::THINK_UNDER.get()) }
            }
        }
        (asked_before(&whole.questions))
        form.stack.card method="post" action={ "/staff/learning/" (row.line) } {
            @if whole.read == Some(row.edition) { p { span.mark { (words::YOU_READ.get()) } } }
            input type="hidden" name="edition" value=(row.edition);
            input type="hidden" name="question_id" value=(Uuid::now_v7());
            div.field {
                label for="question" { (words::ASK.get()) }
                p.soft id="question-hint" { (words::ASK_HINT.get()) }
                textarea.low id="question" name="question" maxlength=(text::LONG) aria-describedby="question-hint" {
                    @if typed.starts_with('\n') { "\n" }
                    (typed)
                }
            }
            button { (words::UNDERSTOOD.get()) }
        }
    };
    desk.page(Way::Learning, title, false, &main).await
}

/// What this one asked, and what the group said to it.
fn asked_before(questions: &[Question]) -> Markup {
    html! {
        @if !questions.is_empty() {
            section.card aria-labelledby="asked" {
                h2 id="asked" { (words::YOU_ASKED.get()) }
                @for question in questions {
                    p { (parts::said(&question.words)) }
                    @match &question.answer {
                        Some(answer) => p { strong { (words::ANSWER.get()) } " " (parts::said(answer)) },
                        None => p.soft { (words::NO_ANSWER_YET.get()) },
                    }
                }
            }
        }
    }
}
