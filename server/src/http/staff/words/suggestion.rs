//! One suggestion: what was said about which phrase, and what is done about it next.

use super::{
    Page, Whole, find, load,
    parts::{back, by, differs, said, state_name, supports, told, was},
};
use crate::{
    commands::{
        group_desk::{GroupAction, Inside},
        words_desk::{OnSuggestion, WordsAction, WordsDone},
    },
    db::{
        desk::groups as desk_groups,
        words::{
            suggestions::{self, SuggestionRow},
            voices::{self, CommentRow},
        },
    },
    error::Error,
    http::staff::{
        desk::{Desk, Run, Way},
        parts::{self, Opening},
        when,
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        text,
        words::suggestion::{CommentState, Decision, Step, SuggestionState, after},
    },
    lang::{Text, en::words},
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// How a page that is open says that it only looks again (see `desk.js`).
const AGAIN: &str = "x-looks-again";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// What was just done, said once.
fn done(word: &str) -> Option<Text> {
    Some(match word {
        "take_on" => words::DONE_TAKE_ON,
        "give" => words::DONE_GIVE,
        "propose" => words::DONE_PROPOSE,
        "decide" => words::DONE_DECIDE,
        "merge" => words::DONE_MERGE,
        "comment" => words::DONE_COMMENT,
        _ => return None,
    })
}

/// The address of a suggestion.
pub(super) fn path(whole: &Whole, row: &SuggestionRow) -> String {
    format!("{}/suggestions/{}", whole.path(), row.id)
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path((id, suggestion)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let row = find(&app, &whole, &suggestion).await?;
    match Opening::of(&method, &headers) {
        Opening::Ahead => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        Opening::Head => return Ok(StatusCode::OK.into_response()),
        Opening::Real => reads(&app, &desk, &row, headers.contains_key(AGAIN)).await?,
    }
    page(&app, &desk, &whole, &row, done(&asked.done), None).await
}

/// What a group's people wrote is read: that is in the log before a word is shown, as on the group's own pages.
async fn reads(app: &App, desk: &Desk, row: &SuggestionRow, again: bool) -> Result<(), Error> {
    let there = there(app, desk, row).await?;
    if let Some(group) = row
        .group
        .filter(|_| there.reads && !there.comments.is_empty())
    {
        let action = GroupAction::Inside(Inside::Read { again });
        app.writer.group(desk.staff.id, group, action).await?;
    }
    Ok(())
}

/// Back to it, saying what was done; or why nothing was.
pub(super) async fn after_done(
    app: &App,
    desk: &Desk,
    (whole, row): (&Whole, &SuggestionRow),
    (step, done): (&str, WordsDone),
) -> Page {
    let problem = match done {
        WordsDone::Done => {
            let to = format!("{}?done={step}", path(whole, row));
            return Ok(Redirect::to(&to).into_response());
        }
        WordsDone::NoGroup => words::GIVE_NONE,
        _ => words::NOT_FROM,
    };
    let row = find(app, whole, &row.id.to_string()).await?;
    let page = page(app, desk, whole, &row, None, Some(problem)).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// All that the page draws.
struct There {
    decision: Option<Decision>,
    note: Option<String>,
    supports: u32,
    comments: Vec<CommentRow>,
    /// Whether who asks looks after the group.
    reads: bool,
    merged_here: Vec<SuggestionRow>,
    merged_into: Option<SuggestionRow>,
}

async fn there(app: &App, desk: &Desk, row: &SuggestionRow) -> Result<There, Error> {
    let mut reader = app.db.reader().await?;
    let reads = match row.group {
        Some(group) => desk_groups::reads(&mut *reader, desk.staff.id, group).await?,
        None => false,
    };
    let decided = row.state == SuggestionState::Decided;
    Ok(There {
        decision: match decided {
            true => suggestions::decision(&mut reader, row.id).await?,
            false => None,
        },
        note: match decided {
            true => suggestions::note(&mut reader, row.id).await?,
            false => None,
        },
        supports: voices::count_supports(&mut reader, row.id).await?,
        comments: voices::comments(&mut reader, row.id).await?,
        reads,
        merged_here: suggestions::merged_into(&mut reader, row.id).await?,
        merged_into: match row.merged_into {
            Some(into) => suggestions::find(&mut reader, into).await?,
            None => None,
        },
    })
}

async fn page(
    app: &App,
    desk: &Desk,
    whole: &Whole,
    row: &SuggestionRow,
    done: Option<Text>,
    problem: Option<Text>,
) -> Page {
    let there = there(app, desk, row).await?;
    let title = words::SUGGESTION_TITLE.get();
    let is_gone = row.state == SuggestionState::Withdrawn;
    let main = html! {
        (back(whole))
        h1 { (title) }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        @if is_gone {
            p.card { (words::TAKEN_BACK.get()) }
        } @else {
            p { span.mark.waits[row.state == SuggestionState::Received] { (state_name(row.state).get()) } }
            (what(desk, whole, row))
            (decided(desk, &there))
            (merged(desk, whole, &there))
            (group_says(desk, whole, row, &there))
            (steps(whole, row))
        }
    };
    Ok(desk.page(Way::Words, title, true, &main).await?)
}

/// The phrase, and what was said about it.
fn what(desk: &Desk, whole: &Whole, row: &SuggestionRow) -> Markup {
    let now = whole.row.phrase(row.phrase).map(|now| now.text.as_str());
    let version = words::IN_VERSION.fill(&[("version", &row.version.to_string())]);
    html! {
        section.card {
            h2 { (words::PHRASE_WAS.get()) }
            blockquote dir="auto" { (parts::said(was(row))) }
            @match now {
                None => p.soft { (version) ". " (words::GONE_PHRASE.get()) "." },
                Some(now) if now == was(row) => {},
                Some(now) => {
                    p.soft { (version) }
                    h2 { (words::PHRASE_NOW.get()) }
                    (differs(was(row), now))
                },
            }
            h2 { (words::SAYS.get()) }
            p.soft { (by(desk, row)) }
            (said(row))
            @if let Some(owner) = &row.owner { p.soft { (words::OWNER.fill(&[("who", owner)])) } }
        }
        @if let Some(proposed) = &row.proposed {
            section.card {
                h2 { (words::PROPOSED.get()) }
                (differs(now.unwrap_or(was(row)), proposed))
            }
        }
    }
}

/// A decision, as whoever said it reads it.
pub(super) fn decision(it: &Decision) -> Markup {
    let lines = [
        (words::TOLD_WHY, Some(it.reason.as_str())),
        (words::TOLD_TOOK_PART, Some(it.took_part.as_str())),
        (words::TOLD_WORDS, it.words.as_deref()),
    ];
    let day = it.look_again.as_deref().map(when::say_date);
    html! {
        p { strong { (told(it.outcome).get()) } }
        @for (line, said) in lines {
            @if let Some(said) = said { p dir="auto" { (parts::said(&line.fill(&[("words", said)]))) } }
        }
        @if let Some(day) = day { p { (words::TOLD_LOOK_AGAIN.fill(&[("day", &day)])) } }
    }
}

fn decided(desk: &Desk, there: &There) -> Markup {
    html! {
        @if let Some(it) = &there.decision {
            section.card aria-labelledby="decided-there" {
                h2 id="decided-there" { (words::DECIDED.get()) }
                p.soft { (desk.clock.say_text(&it.at)) }
                (decision(it))
                @if let Some(note) = &there.note {
                    p.soft { (parts::said(&words::NOTE_WAS.fill(&[("words", note)]))) }
                }
            }
        }
    }
}

fn merged(desk: &Desk, whole: &Whole, there: &There) -> Markup {
    let one = |row: &SuggestionRow| {
        html! {
            li {
                a href=(path(whole, row)) { (by(desk, row)) }
                @if row.state != SuggestionState::Withdrawn { (said(row)) }
            }
        }
    };
    html! {
        @if let Some(into) = &there.merged_into {
            section.card { h2 { (words::MERGED_INTO.get()) } ul.plain-list { (one(into)) } }
        }
        @if !there.merged_here.is_empty() {
            section.card {
                h2 { (words::MERGED_HERE.get()) }
                ul.plain-list { @for row in &there.merged_here { (one(row)) } }
            }
        }
    }
}

/// What the group's people say to it: their words for those who look after the group alone.
fn group_says(desk: &Desk, whole: &Whole, row: &SuggestionRow, there: &There) -> Markup {
    let shown = there.comments.iter();
    let shown = shown.filter(|one| one.record.state != CommentState::TakenBack);
    let count = shown.count();
    html! {
        @if row.given_at.is_some() {
            section.card aria-labelledby="group-says" {
                h2 id="group-says" { (words::COMMENTS.get()) }
                div.stack id="voices" data-live {
                    p { (supports(there.supports)) }
                    @if !there.reads {
                        @if count > 0 { p.soft { (words::COMMENTS_NOT_YOURS.fill(&[("count", &count.to_string())])) } }
                    } @else {
                        @if there.comments.is_empty() { p.soft { (words::COMMENTS_NONE.get()) } }
                        @for one in &there.comments { (comment(desk, whole, row, one)) }
                    }
                }
            }
        }
    }
}

fn comment(desk: &Desk, whole: &Whole, row: &SuggestionRow, one: &CommentRow) -> Markup {
    let who = parts::who(one.name.as_deref());
    let (step, does) = match one.record.state {
        CommentState::Hidden => ("show", words::COMMENT_SHOW),
        _ => ("hide", words::COMMENT_HIDE),
    };
    html! {
        article.message {
            p { strong { (who) } " " span.soft { (desk.clock.say(one.received_at)) } }
            @match &one.record.words {
                Some(words) => p dir="auto" { (parts::said(words)) },
                None => p.soft { (words::COMMENT_GONE.get()) },
            }
            @if one.record.state == CommentState::Hidden { p { span.mark.over { (words::COMMENT_HIDDEN.get()) } } }
            @if one.record.state != CommentState::TakenBack {
                form method="post" action=(path(whole, row)) {
                    input type="hidden" name="comment" value=(one.id);
                    button.quiet name="step" value=(step) { (does.get()) }
                }
            }
        }
    }
}

/// What can be done next.
fn steps(whole: &Whole, row: &SuggestionRow) -> Markup {
    let may = |step| row.merged_into.is_none() && after(row.state, step).is_some();
    let address = path(whole, row);
    let decide = match row.state {
        SuggestionState::Decided => words::DECIDE_AGAIN,
        _ => words::DECIDE,
    };
    html! {
        @if may(Step::TakeOn) || may(Step::Give) {
            form.stack.card method="post" action=(address) {
                @if may(Step::TakeOn) { button name="step" value="take_on" { (words::TAKE_ON.get()) } }
                @if may(Step::Give) {
                    @match &whole.group {
                        Some(group) => {
                            p.soft { (words::GIVE_WHAT.get()) }
                            button.plain name="step" value="give" { (words::GIVE.fill(&[("group", group)])) }
                        },
                        None => p.soft { (words::GIVE_NONE.get()) },
                    }
                }
            }
        }
        @if may(Step::Propose) { (propose(whole, row, &address)) }
        div.actions {
            @if may(Step::Decide) { a.button href={ (address) "/decide" } { (decide.get()) } }
            @if may(Step::Merge) { a.button.plain href={ (address) "/merge" } { (words::MERGE.get()) } }
        }
    }
}

fn propose(whole: &Whole, row: &SuggestionRow, address: &str) -> Markup {
    let now = whole.row.phrase(row.phrase).map(|now| now.text.clone());
    let begin = row.proposed.clone().or(row.instead.clone()).or(now);
    let begin = begin.unwrap_or_default();
    html! {
        form.stack.card method="post" action=(address) aria-labelledby="propose" {
            h2 id="propose" { (words::PROPOSE.get()) }
            div.field {
                label for="words" { (words::PROPOSE_LABEL.get()) }
                p.soft id="words-hint" { (words::PROPOSE_WHAT.get()) }
                textarea.low id="words" name="words" maxlength=(text::LONG) aria-describedby="words-hint" {
                    @if begin.starts_with('\n') { "\n" }
                    (begin)
                }
            }
            div.actions {
                button.plain name="step" value="propose" { (words::PROPOSE_DO.get()) }
                @if row.proposed.is_some() {
                    button.plain name="step" value="propose_end" { (words::PROPOSE_END.get()) }
                }
            }
        }
    }
}

pub(super) async fn act(
    State(app): State<App>,
    desk: Run,
    Path((id, suggestion)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let form = Typing(&fields);
    let whole = load(&app, &desk, &id).await?;
    let row = find(&app, &whole, &suggestion).await?;
    let step = form.value("step");
    let comment = || Uuid::parse_str(&form.value("comment")).map_err(|_| Error::Malformed);
    let (said, action) = match step.as_str() {
        "take_on" => ("take_on", OnSuggestion::TakeOn),
        "give" => ("give", OnSuggestion::Give),
        "propose" => {
            let words = text::tidy(Some(form.value("words")));
            if !text::fits(words.as_deref(), text::LONG) {
                let problem = Some(words::PROBLEM_WORDS);
                let page = page(&app, &desk, &whole, &row, None, problem).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
            ("propose", OnSuggestion::Propose(words))
        }
        "propose_end" => ("propose", OnSuggestion::Propose(None)),
        "hide" => ("comment", OnSuggestion::Comment(comment()?, true)),
        "show" => ("comment", OnSuggestion::Comment(comment()?, false)),
        _ => return Err(Error::Malformed.into()),
    };
    let action = WordsAction::On(row.id, Box::new(action));
    let done = app.writer.words(desk.staff.id, whole.id(), action).await?;
    after_done(&app, &desk, (&whole, &row), (said, done)).await
}
