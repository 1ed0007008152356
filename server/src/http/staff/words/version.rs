//! The next version of a document: its words are changed by hand, what changes is seen, and where a phrase is an old one
//! in other words whoever writes it says so. Of the app's own words each text is changed by itself, under its key. And
//! any version, to be read.

use super::{
    Page, Whole,
    board::version_name,
    bring_in::{no_phrases, text_field},
    load,
    parts::{back, differs, version},
};
use crate::{
    commands::words_desk::{WordsAction, WordsDone},
    db::reach::Reach,
    db::words as db,
    error::Error,
    http::staff::{
        desk::{Desk, Run, Way},
        kept,
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        id::PhraseId,
        text,
        wording::Unfit,
        words::{
            DocumentKind, Phrase,
            carry::{Came, Carried, Said, carry},
            split::{Piece, split, written},
        },
    },
    lang::{Text, en::words},
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};
use uuid::Uuid;

type Fields = Vec<(String, String)>;

/// The field of a text of the app.
fn field_of(key: &str) -> String {
    format!("text.{key}")
}

/// The next version as it was typed, held against the one that people read.
///
/// # Errors
/// What is to be put right.
fn carried(whole: &Whole, fields: &Fields) -> Result<Carried, Text> {
    let form = Typing(fields);
    if whole.row.kind == DocumentKind::App {
        return of_app(whole, &form);
    }
    let pieces = split(&form.value("text")).map_err(no_phrases)?;
    let said = said(&pieces, &form);
    // What was begun has ids already: words that are in it are those phrases, whatever they were before.
    let begun = carry(
        whole.row.next(),
        &pieces,
        &said,
        || PhraseId(Uuid::now_v7()),
    );
    Ok(against(&whole.row.phrases, begun.into_phrases()))
}

/// What whoever writes it said of phrases that are not as before.
fn said(pieces: &[Piece], form: &Typing<'_>) -> Said {
    let mut said = Said::new();
    for place in 0..pieces.len() {
        let name = format!("from.{place}");
        if form.0.iter().any(|(field, _)| *field == name) {
            said.insert(place, form.value(&name).parse().ok());
        }
    }
    said
}

/// Each text of the app is the phrase that it was.
fn of_app(whole: &Whole, form: &Typing<'_>) -> Result<Carried, Text> {
    let mut phrases = whole.row.next().to_vec();
    for phrase in &mut phrases {
        let Some(key) = &phrase.key else { continue };
        let typed = form.value(&field_of(key));
        let words: Vec<&str> = typed.split_whitespace().collect();
        let typed = words.join(" ");
        if typed.is_empty() {
            return Err(words::PROBLEM_EMPTY);
        }
        if !text::fits(Some(&typed), text::LONG) {
            return Err(words::PROBLEM_WORDS);
        }
        phrase.text = typed;
    }
    Ok(against(&whole.row.phrases, phrases))
}

/// What became of each phrase since the version that people read.
fn against(old: &[Phrase], new: Vec<Phrase>) -> Carried {
    let came = |phrase: &Phrase| match old.iter().find(|was| was.id == phrase.id) {
        None => Came::New,
        Some(was) if was.text == phrase.text => Came::Same,
        Some(was) => Came::Reworded(was.text.clone()),
    };
    let gone = old.iter();
    let gone = gone.filter(|was| new.iter().all(|phrase| phrase.id != was.id));
    let gone = gone.cloned().collect();
    let phrases = new
        .into_iter()
        .map(|phrase| (phrase.clone(), came(&phrase)));
    Carried {
        phrases: phrases.collect(),
        gone,
    }
}

pub(super) async fn open(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let begin = begin(&whole);
    page(&desk, &whole, &begin, &[]).await
}

/// What the form begins with.
fn begin(whole: &Whole) -> Fields {
    if whole.row.kind != DocumentKind::App {
        return vec![("text".to_owned(), written(whole.row.next()))];
    }
    let all = whole.row.next().iter();
    all.filter_map(|phrase| Some((field_of(phrase.key.as_ref()?), phrase.text.clone())))
        .collect()
}

pub(super) async fn publish(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let step = Typing(&fields).value("step");
    let edit: i64 = Typing(&fields).value("edit").parse().unwrap_or(-1);
    if step == "edit" {
        return page(&desk, &whole, &fields, &[]).await;
    }
    if step == "drop" {
        let action = WordsAction::Begin(edit);
        app.writer.words(desk.staff.id, whole.id(), action).await?;
        return Ok(Redirect::to(&format!("{}?done=dropped", whole.path())).into_response());
    }
    let carried = match carried(&whole, &fields) {
        Ok(carried) => carried,
        Err(problem) => {
            let problem = [problem.get().to_owned()];
            let page = page(&desk, &whole, &fields, &problem).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if step != "send" || !carried.differs() {
        return see(&desk, &whole, &fields, &carried, None).await;
    }
    let action = WordsAction::Publish(carried.into_phrases(), edit);
    match app.writer.words(desk.staff.id, whole.id(), action).await? {
        WordsDone::Done => {
            let to = format!("{}?done=published", whole.path());
            Ok(Redirect::to(&to).into_response())
        }
        WordsDone::Unfit(unfit) => {
            let problems: Vec<String> = unfit.iter().map(unfit_said).collect();
            let page = page(&desk, &whole, &fields, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        _ => {
            let whole = load(&app, &desk, &id).await?;
            conflict(&desk, &whole, &fields).await
        }
    }
}

/// Somebody changed the document meanwhile: what changes is shown anew, against how it stands now.
async fn conflict(desk: &Desk, whole: &Whole, fields: &Fields) -> Page {
    let page = match carried(whole, fields) {
        Ok(carried) => see(desk, whole, fields, &carried, Some(words::NEXT_CONFLICT)).await?,
        Err(problem) => page(desk, whole, fields, &[problem.get().to_owned()]).await?,
    };
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Why the words of a text of the app do not fit.
fn unfit_said((key, unfit): &(String, Unfit)) -> String {
    let why = match unfit {
        Unfit::Empty => words::UNFIT_EMPTY,
        Unfit::TooLong => words::UNFIT_LONG,
        Unfit::Gaps => words::UNFIT_GAPS,
        Unfit::NoSuchText | Unfit::Characters => words::UNFIT_OTHER,
    };
    why.fill(&[("key", key)])
}

fn title(whole: &Whole) -> String {
    words::NEXT_TITLE.fill(&[("title", whole.title())])
}

/// The form.
async fn page(desk: &Desk, whole: &Whole, fields: &Fields, problems: &[String]) -> Page {
    let title = title(whole);
    let form = Typing(fields);
    let is_app = whole.row.kind == DocumentKind::App;
    let main = html! {
        (back(whole))
        h1 { (title) }
        p.soft { (words::NEXT_WHY.get()) }
        @if is_app { p.soft { (words::NEXT_APPS.get()) } }
        @for problem in problems { p.problem role="alert" { (problem) } }
        form.stack.card method="post" action={ (whole.path()) "/version" } autocomplete="off" {
            input type="hidden" name="edit" value=(whole.row.edit);
            @if is_app {
                @for phrase in whole.row.next() {
                    @if let Some(key) = &phrase.key { (app_field(key, &form.value(&field_of(key)))) }
                }
            } @else {
                (text_field(&form.value("text")))
            }
            div.actions {
                button name="step" value="see" { (words::NEXT_SEE.get()) }
                @if whole.row.draft.is_some() {
                    button.plain name="step" value="drop" { (words::NEXT_DROP.get()) }
                }
            }
        }
    };
    Ok(desk.page(Way::Words, &title, false, &main).await?)
}

fn app_field(key: &str, value: &str) -> Markup {
    let name = field_of(key);
    html! {
        div.field {
            label for=(name) { code { (key) } }
            textarea.low id=(name) name=(name) required maxlength=(text::LONG) { (value) }
        }
    }
}

/// What changes, before it is published.
async fn see(
    desk: &Desk,
    whole: &Whole,
    fields: &Fields,
    carried: &Carried,
    problem: Option<Text>,
) -> Page {
    let title = words::NEXT_DIFFERS.get();
    let is_app = whole.row.kind == DocumentKind::App;
    let may = !is_app || desk.reach == Reach::All;
    let same = carried.phrases.iter();
    let same = same.filter(|(_, came)| *came == Came::Same).count();
    // A phrase that stays is no other one's old words; of the app's own words each is what it was. Each is named by the
    // words that people read now, where it has some.
    let old = whole.row.next().iter();
    let may_be: Vec<&Phrase> = old
        .map(|next| whole.row.phrase(next.id).unwrap_or(next))
        .filter(|was| {
            let stays =
                |(phrase, came): &(Phrase, Came)| phrase.id == was.id && *came == Came::Same;
            !is_app && !carried.phrases.iter().any(stays)
        })
        .collect();
    let typed: Fields = (fields.iter())
        .filter(|(name, _)| name == "text" || name.starts_with("text."))
        .cloned()
        .collect();
    let main = html! {
        (back(whole))
        h1 { (title) }
        p.soft { (words::NEXT_DIFFERS_WHY.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        @if !carried.differs() { p.card { (words::NEXT_NOTHING.get()) } }
        form.stack method="post" action={ (whole.path()) "/version" } autocomplete="off" {
            input type="hidden" name="edit" value=(whole.row.edit);
            (kept::hidden(&typed))
            @for (place, (phrase, came)) in carried.phrases.iter().enumerate() {
                @if *came != Came::Same { (one_changed((place, phrase, came), &may_be)) }
            }
            @for phrase in &carried.gone {
                div.card { p { span.mark.over { (words::CAME_GONE.get()) } } (differs(&phrase.text, "")) }
            }
            p.soft {
                @if same == 1 { (words::SAME_ONE.get()) }
                @else { (words::SAME_MANY.fill(&[("count", &same.to_string())])) }
            }
            @if !may { p.problem { (words::NEXT_NOT_YOURS.get()) } }
            div.actions {
                @if carried.differs() && may {
                    button name="step" value="send" { (words::NEXT_PUBLISH.get()) }
                }
                @if !is_app { button.plain name="step" value="see" { (words::NEXT_AGAIN.get()) } }
                button.plain name="step" value="edit" { (words::CHANGE_TEXT.get()) }
            }
        }
    };
    Ok(desk.page(Way::Words, title, false, &main).await?)
}

fn one_changed((place, phrase, came): (usize, &Phrase, &Came), may_be: &[&Phrase]) -> Markup {
    let name = format!("from.{place}");
    html! {
        div.card {
            @match came {
                Came::Reworded(was) => {
                    p { span.mark { (words::CAME_CHANGED.get()) } }
                    (differs(was, &phrase.text))
                },
                _ => {
                    p { span.mark.waits { (words::CAME_NEW.get()) } }
                    (differs("", &phrase.text))
                },
            }
            @if !may_be.is_empty() {
                div.field {
                    label for=(name) { (words::FROM.get()) }
                    select id=(name) name=(name) {
                        option value="" { (words::FROM_NEW.get()) }
                        @for was in may_be {
                            option value=(was.id) selected[was.id == phrase.id] {
                                (words::FROM_OLD.fill(&[("words", &short(&was.text))]))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// As much of a phrase as tells it from others.
fn short(text: &str) -> String {
    const MOST: usize = 70;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST).collect();
    format!("{cut}…")
}

/// A version, to be read.
pub(super) async fn read(
    State(app): State<App>,
    desk: Run,
    Path((id, number)): Path<(String, String)>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let number: u32 = number.parse().map_err(|_| Error::NotFound)?;
    let found = db::version(&mut *app.db.reader().await?, whole.id(), number).await?;
    let phrases = found.ok_or(Error::NotFound)?;
    let title = [("title", whole.title()), ("version", &number.to_string())];
    let title = words::VERSION_OF.fill(&title);
    let all = (1..=whole.row.version).rev();
    let main = html! {
        (back(&whole))
        h1 dir="auto" { (title) }
        (version(&phrases))
        @if whole.row.version > 1 {
            nav aria-labelledby="versions" {
                h2 id="versions" { (words::VERSIONS.get()) }
                ul.lists {
                    @for one in all {
                        li {
                            a href={ (whole.path()) "/versions/" (one) } aria-current=[(one == number).then_some("page")] {
                                (version_name(one))
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(desk.page(Way::Words, &title, false, &main).await?)
}
