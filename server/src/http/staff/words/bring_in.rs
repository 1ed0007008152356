//! Bringing a document in: what is pasted, or words of this app. Its phrases are seen before anyone else sees them.

use super::{
    Page,
    parts::{group_choice, kind_name, phrases},
};
use crate::{
    commands::words_desk::WordsAction,
    db::{
        desk::groups::{self, Choice},
        reach::Reach,
        wording::{self, Own},
        words::{Details, DocumentRow},
    },
    http::staff::{
        desk::{Desk, Run, Way},
        parts,
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        id::{DocumentId, GroupId, PhraseId},
        text,
        words::{
            DocumentKind, DocumentState, Part, Phrase,
            split::{MOST_CHARACTERS, NoPhrases, split},
        },
    },
    lang::{Text, en, en::words},
};
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// What was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    title: String,
    about: String,
    kind: String,
    group: String,
    only: bool,
    text: String,
    section: String,
    step: String,
}

impl Typed {
    fn read(fields: &[(String, String)]) -> Self {
        let form = Typing(fields);
        Self {
            title: form.value("title"),
            about: form.value("about"),
            kind: form.value("kind"),
            group: form.value("group"),
            only: !form.value("only").is_empty(),
            text: form.value("text"),
            section: form.value("section"),
            step: form.value("step"),
        }
    }

    /// The form with nothing written yet.
    fn of_kind(kind: DocumentKind) -> Self {
        Self {
            kind: kind.word().to_owned(),
            ..Self::default()
        }
    }

    /// The form with the words of a file, and nothing else written yet.
    pub(super) fn of_text(text: String) -> Self {
        Self {
            text,
            ..Self::of_kind(DocumentKind::Form)
        }
    }

    fn kind(&self) -> DocumentKind {
        DocumentKind::of_word(&self.kind).unwrap_or(DocumentKind::Form)
    }

    fn group(&self) -> Option<GroupId> {
        self.group.parse().ok()
    }

    /// All of it, to go on with.
    fn kept(&self) -> Markup {
        let only = if self.only { "yes" } else { "" };
        let fields = [
            ("title", self.title.as_str()),
            ("about", &self.about),
            ("kind", &self.kind),
            ("group", &self.group),
            ("only", only),
            ("text", &self.text),
            ("section", &self.section),
        ];
        html! {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
        }
    }
}

/// What is written about a document, checked.
///
/// # Errors
/// What is wrong with it.
pub(super) fn details(
    (title, about): (&str, &str),
    group: Option<GroupId>,
    only_group: bool,
    state: DocumentState,
) -> Result<Details, Text> {
    let title = parts::short(title).ok_or(words::PROBLEM_TITLE)?;
    let about = text::tidy(Some(about.to_owned()));
    if !text::fits(about.as_deref(), text::LONG) {
        return Err(words::PROBLEM_ABOUT);
    }
    if only_group && group.is_none() {
        return Err(words::PROBLEM_ONLY);
    }
    Ok(Details {
        title,
        about,
        group,
        only_group,
        state,
    })
}

/// The sections of the language file whose texts members read, each with what its screen is called.
fn sections() -> Vec<(&'static str, &'static str)> {
    let mut sections: Vec<(&str, &str)> = Vec::new();
    for (key, said) in &en::ALL[..en::MEMBERS] {
        let Some((section, name)) = key.split_once('.') else {
            continue;
        };
        if !sections.iter().any(|(known, _)| *known == section) {
            sections.push((section, section));
        }
        if name == "title"
            && let Some(last) = sections.last_mut()
        {
            last.1 = said;
        }
    }
    sections
}

/// The texts of a section as members read them now, as phrases, each with its key.
fn of_section(section: &str, own: &[Own]) -> Vec<Phrase> {
    let all = en::ALL[..en::MEMBERS].iter();
    let of_it = all.filter(|(key, _)| key.split_once('.').is_some_and(|(of, _)| of == section));
    of_it
        .map(|(key, said)| Phrase {
            id: PhraseId(Uuid::now_v7()),
            part: Part::Text,
            text: (own.iter().find(|own| own.key == *key))
                .map_or_else(|| (*said).to_owned(), |own| own.words.clone()),
            joins: false,
            key: Some((*key).to_owned()),
        })
        .collect()
}

/// Why a text has no phrases, in words.
pub(super) fn no_phrases(why: NoPhrases) -> Text {
    match why {
        NoPhrases::Empty => words::PROBLEM_EMPTY,
        NoPhrases::TooLong => words::PROBLEM_LONG,
    }
}

fn document(typed: &Typed, own: &[Own]) -> Result<DocumentRow, Text> {
    let state = DocumentState::Open;
    let about = (typed.title.as_str(), typed.about.as_str());
    let details = details(about, typed.group(), typed.only, state)?;
    let (phrases, section) = if typed.kind() == DocumentKind::App {
        let phrases = of_section(&typed.section, own);
        if phrases.is_empty() {
            return Err(words::PROBLEM_SECTION);
        }
        (phrases, Some(typed.section.clone()))
    } else {
        let pieces = split(&typed.text).map_err(no_phrases)?.into_iter();
        let phrase = pieces.map(|piece| Phrase {
            id: PhraseId(Uuid::now_v7()),
            part: piece.part,
            text: piece.text,
            joins: piece.joins,
            key: None,
        });
        (phrase.collect(), None)
    };
    Ok(DocumentRow {
        id: DocumentId(Uuid::now_v7()),
        kind: typed.kind(),
        details,
        section,
        version: 1,
        phrases,
        draft: None,
        edit: 0,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
}

pub(super) async fn open(State(app): State<App>, desk: Run, Query(asked): Query<Asked>) -> Page {
    let kind = match (asked.from.as_str(), desk.reach) {
        ("app", Reach::All) => DocumentKind::App,
        _ => DocumentKind::Form,
    };
    let typed = Typed::of_kind(kind);
    page(&app, &desk, &typed, None, None).await
}

pub(super) async fn keep(
    State(app): State<App>,
    desk: Run,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed::read(&fields);
    if typed.step == "edit" {
        return page(&app, &desk, &typed, None, None).await;
    }
    let own = wording::all(&mut *app.db.reader().await?).await?;
    let row = match document(&typed, &own) {
        Ok(row) => row,
        Err(problem) => return wrong(&app, &desk, &typed, problem).await,
    };
    let may = desk
        .reach
        .may_put(&mut *app.db.reader().await?, row.details.group)
        .await?;
    if !may {
        return wrong(&app, &desk, &typed, words::PROBLEM_GROUP).await;
    }
    if typed.step != "keep" {
        return see(&desk, &typed, &row).await;
    }
    let id = row.id;
    let action = WordsAction::BringIn(Box::new(row));
    app.writer.words(desk.staff.id, id, action).await?;
    Ok(Redirect::to(&format!("/staff/words/{id}?done=kept")).into_response())
}

async fn wrong(app: &App, desk: &Desk, typed: &Typed, problem: Text) -> Page {
    let page = page(app, desk, typed, None, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The phrases, before anyone else sees them.
async fn see(desk: &Desk, typed: &Typed, row: &DocumentRow) -> Page {
    let title = words::PREVIEW_TITLE.get();
    let count = words::PREVIEW_COUNT.fill(&[("count", &row.phrases.len().to_string())]);
    let all = row.phrases.iter();
    let main = html! {
        p.back { a href="/staff/words" { (words::ALL.get()) } }
        h1 { (title) }
        p.soft { (words::PREVIEW_WHY.get()) }
        p { strong dir="auto" { (row.details.title) } ". " (count) }
        (phrases(all.map(|phrase| (phrase.part, phrase.text.as_str(), phrase.joins))))
        form method="post" action="/staff/words/new" {
            (typed.kept())
            div.actions {
                button name="step" value="keep" { (words::KEEP.get()) }
                button.plain name="step" value="edit" { (words::CHANGE_TEXT.get()) }
            }
        }
    };
    Ok(desk.page(Way::Words, title, false, &main).await?)
}

/// The form.
pub(super) async fn page(
    app: &App,
    desk: &Desk,
    typed: &Typed,
    done: Option<Text>,
    problem: Option<Text>,
) -> Page {
    let mut reader = app.db.reader().await?;
    let choices = groups::choices(&mut reader, desk.reach, &[]).await?;
    drop(reader);
    let title = words::NEW_TITLE.get();
    let is_app = typed.kind() == DocumentKind::App;
    let main = html! {
        p.back { a href="/staff/words" { (words::ALL.get()) } }
        h1 { (title) }
        p.soft { (words::NEW_WHY.get()) }
        @if let Some(done) = done { p.notice role="status" { (done.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        (form(desk, typed, &choices))
        @if !is_app { (from_file()) }
        @match (desk.reach, is_app) {
            (Reach::All, false) => p { a href="/staff/words/new?from=app" { (words::NEW_APP.get()) } },
            (Reach::All, true) => p { a href="/staff/words/new" { (words::NEW_PLAIN.get()) } },
            _ => {},
        }
    };
    Ok(desk.page(Way::Words, title, false, &main).await?)
}

fn form(desk: &Desk, typed: &Typed, choices: &[Choice]) -> Markup {
    let is_app = typed.kind() == DocumentKind::App;
    html! {
        form.stack.card id="bring-in" method="post" action="/staff/words/new" autocomplete="off" {
            (about_fields(&typed.title, &typed.about))
            @if is_app {
                input type="hidden" name="kind" value=(DocumentKind::App.word());
                div.field {
                    label for="section" { (words::FIELD_SECTION.get()) }
                    p.soft id="section-hint" { (words::FIELD_SECTION_HINT.get()) }
                    select id="section" name="section" aria-describedby="section-hint" {
                        @for (section, name) in sections() {
                            option value=(section) selected[section == typed.section] {
                                (name) @if name != section { " (" (section) ")" }
                            }
                        }
                    }
                }
            } @else {
                div.field {
                    label for="kind" { (words::FIELD_KIND.get()) }
                    select id="kind" name="kind" {
                        @for kind in DocumentKind::ALL {
                            @if kind != DocumentKind::App {
                                option value=(kind.word()) selected[kind == typed.kind()] { (kind_name(kind).get()) }
                            }
                        }
                    }
                }
            }
            (group_choice(choices, typed.group(), desk.reach == Reach::All))
            label.tick {
                input type="checkbox" name="only" value="yes" checked[typed.only];
                (words::FIELD_ONLY.get())
            }
            @if !is_app { (text_field(&typed.text)) }
            button name="step" value="see" { (words::SEE.get()) }
        }
    }
}

/// What it is called, and what it is for.
pub(super) fn about_fields(title: &str, about: &str) -> Markup {
    html! {
        div.field {
            label for="title" { (words::FIELD_TITLE.get()) }
            input id="title" name="title" required maxlength=(text::SHORT) autocomplete="off" value=(title);
        }
        div.field {
            label for="about" { (words::FIELD_ABOUT.get()) }
            p.soft id="about-hint" { (words::FIELD_ABOUT_HINT.get()) }
            textarea.low id="about" name="about" maxlength=(text::LONG) aria-describedby="about-hint" {
                @if about.starts_with('\n') { "\n" }
                (about)
            }
        }
    }
}

/// The words of a document, to be written.
pub(super) fn text_field(typed: &str) -> Markup {
    html! {
        div.field {
            label for="text" { (words::FIELD_TEXT.get()) }
            p.soft id="text-hint" { (words::FIELD_TEXT_HINT.get()) }
            textarea.tall id="text" name="text" maxlength=(MOST_CHARACTERS) aria-describedby="text-hint" {
                // Browsers drop the first line end of a text area.
                @if typed.starts_with('\n') { "\n" }
                (typed)
            }
        }
    }
}

fn from_file() -> Markup {
    html! {
        form.stack.card method="post" action="/staff/words/file" enctype="multipart/form-data" {
            div.field {
                label for="file" { (words::FILE.get()) }
                p.soft id="file-hint" { (words::FILE_HINT.get()) }
                input id="file" name="file" type="file" required accept=".txt,.md,.markdown,text/plain,text/markdown" aria-describedby="file-hint";
            }
            button.plain { (words::FILE_DO.get()) }
        }
    }
}
