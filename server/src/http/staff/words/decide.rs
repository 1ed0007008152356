//! Deciding about a suggestion: what, why, and who took part. Whoever said it reads that beside their own words, so it is
//! seen first as they will read it. A note for staff is another field, which no phone is ever sent.

use super::{
    Page, Whole, find, load,
    parts::{differs, said, was},
    suggestion::{after_done, decision, path},
};
use crate::{
    commands::words_desk::{OnSuggestion, WordsAction},
    db::words::suggestions::{Deciding, SuggestionRow},
    http::staff::{
        desk::{Desk, Run, Way},
        kept,
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        text,
        time::rfc3339,
        words::suggestion::{Decision, Outcome, Step, after},
    },
    lang::{Text, en::words},
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::civil::Date;
use maud::{Markup, html};

/// What was typed, field by field.
type Fields = Vec<(String, String)>;

/// The names of the fields.
const FIELDS: [&str; 6] = [
    "outcome",
    "reason",
    "took_part",
    "words",
    "look_again",
    "note",
];

/// What a decision says, checked.
///
/// # Errors
/// What is to be put right.
fn read(whole: &Whole, row: &SuggestionRow, fields: &Fields) -> Result<Deciding, Text> {
    let form = Typing(fields);
    let tidy = |name: &str| text::tidy(Some(form.value(name)));
    let outcome = Outcome::of_word(&form.value("outcome"));
    let outcome = outcome.filter(|outcome| Outcome::ALONE.contains(outcome));
    let outcome = outcome.ok_or(words::PROBLEM_OUTCOME)?;
    let reason = tidy("reason").ok_or(words::PROBLEM_REASON)?;
    let took_part = tidy("took_part").ok_or(words::PROBLEM_TOOK_PART)?;
    let new_words = tidy("words");
    let note = tidy("note");
    let all = [
        Some(&reason),
        Some(&took_part),
        new_words.as_ref(),
        note.as_ref(),
    ];
    let fits = |words: &String| text::fits(Some(words), text::LONG);
    if !all.into_iter().flatten().all(fits) {
        return Err(words::PROBLEM_WORDS);
    }
    let look_again = tidy("look_again");
    if look_again
        .as_ref()
        .is_some_and(|day| day.parse::<Date>().is_err())
    {
        return Err(words::PROBLEM_DAY);
    }
    if new_words.is_some() && whole.row.phrase(row.phrase).is_none() {
        return Err(words::PROBLEM_NO_PHRASE);
    }
    Ok(Deciding {
        outcome,
        reason,
        took_part,
        // A phrase is one line: so it stands in its document.
        words: new_words.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" ")),
        look_again,
        note,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path((id, suggestion)): Path<(String, String)>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let row = find(&app, &whole, &suggestion).await?;
    let begin = vec![("words".to_owned(), row.proposed.clone().unwrap_or_default())];
    page(&desk, &whole, &row, &begin, None).await
}

pub(super) async fn decide(
    State(app): State<App>,
    desk: Run,
    Path((id, suggestion)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let row = find(&app, &whole, &suggestion).await?;
    let step = Typing(&fields).value("step");
    if step == "edit" {
        return page(&desk, &whole, &row, &fields, None).await;
    }
    let deciding = match read(&whole, &row, &fields) {
        Ok(deciding) => deciding,
        Err(problem) => {
            let page = page(&desk, &whole, &row, &fields, Some(problem)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if step != "send" {
        return see(&desk, &whole, &row, &fields, deciding).await;
    }
    let action = WordsAction::On(row.id, Box::new(OnSuggestion::Decide(deciding)));
    let done = app.writer.words(desk.staff.id, whole.id(), action).await?;
    after_done(&app, &desk, (&whole, &row), ("decide", done)).await
}

/// As whoever said it will read it: their own words, and the decision.
async fn see(
    desk: &Desk,
    whole: &Whole,
    row: &SuggestionRow,
    fields: &Fields,
    it: Deciding,
) -> Page {
    let title = words::DECIDE_PREVIEW.get();
    let now = whole.row.phrase(row.phrase).map(|now| now.text.as_str());
    let note = it.note.clone();
    let told = Decision {
        outcome: it.outcome,
        reason: it.reason,
        took_part: it.took_part,
        words: it.words,
        look_again: it.look_again,
        at: rfc3339(desk.clock.now()),
    };
    let kept_fields: Fields = (fields.iter())
        .filter(|(name, _)| FIELDS.contains(&name.as_str()))
        .cloned()
        .collect();
    let main = html! {
        p.back { a href=(path(whole, row)) { (words::SUGGESTION_TITLE.get()) } }
        h1 { (title) }
        section.card.phone aria-label=(title) {
            p.phone-title dir="auto" { (was(row)) }
            (said(row))
            (decision(&told))
        }
        @if let (Some(now), Some(new)) = (now, &told.words) {
            section.card { h2 { (words::PROPOSED_DIFFERS.get()) } (differs(now, new)) }
        }
        @if let Some(note) = note { p.soft { (words::NOTE_WAS.fill(&[("words", &note)])) } }
        form method="post" action={ (path(whole, row)) "/decide" } {
            (kept::hidden(&kept_fields))
            div.actions {
                button name="step" value="send" { (words::DECIDE_SEND.get()) }
                button.plain name="step" value="edit" { (words::DECIDE_CHANGE.get()) }
            }
        }
    };
    Ok(desk.page(Way::Words, title, false, &main).await?)
}

async fn page(
    desk: &Desk,
    whole: &Whole,
    row: &SuggestionRow,
    fields: &Fields,
    problem: Option<Text>,
) -> Page {
    let title = words::DECIDE_TITLE.get();
    let form = Typing(fields);
    let may = row.merged_into.is_none() && after(row.state, Step::Decide).is_some();
    let main = html! {
        p.back { a href=(path(whole, row)) { (words::SUGGESTION_TITLE.get()) } }
        h1 { (title) }
        @if !may {
            p.problem role="alert" { (words::NOT_FROM.get()) }
        } @else {
            p.soft { (words::DECIDE_WHY.get()) }
            @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
            section.card { blockquote dir="auto" { (was(row)) } (said(row)) }
            form.stack.card method="post" action={ (path(whole, row)) "/decide" } autocomplete="off" {
                (outcomes(&form.value("outcome")))
                (long("reason", words::REASON, Some(words::REASON_HINT), &form.value("reason"), true))
                (long("took_part", words::TOOK_PART, Some(words::TOOK_PART_HINT), &form.value("took_part"), true))
                @if whole.row.phrase(row.phrase).is_some() {
                    (long("words", words::NEW_WORDS, Some(words::NEW_WORDS_HINT), &form.value("words"), false))
                }
                div.field {
                    label for="look_again" { (words::LOOK_AGAIN.get()) }
                    input id="look_again" name="look_again" type="date" value=(form.value("look_again"));
                }
                (long("note", words::NOTE, Some(words::NOTE_HINT), &form.value("note"), false))
                button name="step" value="see" { (words::DECIDE_SEE.get()) }
            }
        }
    };
    Ok(desk.page(Way::Words, title, false, &main).await?)
}

fn outcomes(chosen: &str) -> Markup {
    let all = [
        (Outcome::Changed, words::OUTCOME_CHANGED),
        (Outcome::Partly, words::OUTCOME_PARTLY),
        (Outcome::NotChanged, words::OUTCOME_NOT_CHANGED),
    ];
    html! {
        fieldset {
            legend { (words::OUTCOME.get()) }
            @for (outcome, name) in all {
                label.choice {
                    input type="radio" name="outcome" value=(outcome.word()) checked[outcome.word() == chosen];
                    span { (name.get()) }
                }
            }
        }
    }
}

/// A long answer.
pub(super) fn long(
    name: &str,
    label: Text,
    hint: Option<Text>,
    value: &str,
    needed: bool,
) -> Markup {
    let hint_id = hint.map(|_| format!("{name}-hint"));
    html! {
        div.field {
            label for=(name) { (label.get()) }
            @if let (Some(hint), Some(id)) = (hint, &hint_id) { p.soft id=(id) { (hint.get()) } }
            textarea.low id=(name) name=(name) maxlength=(text::LONG) required[needed] aria-describedby=[hint_id] {
                @if value.starts_with('\n') { "\n" }
                (value)
            }
        }
    }
}
