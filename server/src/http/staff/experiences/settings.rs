//! What admins set: the independent people, and whom members can turn to outside. Phones have all of it, with no signal.

use crate::{
    clock,
    commands::experience_desk::settings::{self, SpeakingUp},
    db::{
        experiences::people::{self, Named},
        safety::settings as accounts,
    },
    error::Error,
    http::staff::{
        desk::{Admin, Desk, Way},
        fault::Fault,
        written::Form as Typing,
    },
    state::App,
};
use app::{
    domain::{
        experience::speaking_up::{Independent, Line, LineKind},
        id::{IndependentId, StaffId},
        text,
    },
    lang::{Text, en::independents as words},
};
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

type Page = Result<Response, Fault>;

const PATH: &str = "/staff/experiences/settings";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

pub(super) async fn ask(
    State(app): State<App>,
    Admin(desk): Admin,
    Query(asked): Query<Asked>,
) -> Page {
    let is_saved = asked.done == "saved";
    page(&app, &desk, is_saved, None, &Typing(&[])).await
}

pub(super) async fn save(
    State(app): State<App>,
    Admin(desk): Admin,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let form = Typing(&fields);
    let set = match read(&form)? {
        Ok(set) => set,
        Err(problem) => {
            let page = page(&app, &desk, false, Some(problem), &form).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let by = desk.staff.id;
    app.writer
        .run(move |tx| Box::pin(settings::set(tx, (by, clock::now_ms()), set)))
        .await?;
    Ok(Redirect::to(&format!("{PATH}?done=saved")).into_response())
}

/// The id that a form names; a new one where it names none.
fn id_of(form: &Typing<'_>) -> Result<Uuid, Error> {
    match form.value("id").as_str() {
        "" => Ok(Uuid::now_v7()),
        id => id.parse().map_err(|_| Error::Malformed),
    }
}

/// What a form asks for, or what is to be written first.
fn read(form: &Typing<'_>) -> Result<Result<SpeakingUp, Text>, Error> {
    let id = id_of(form)?;
    Ok(match form.value("step").as_str() {
        "person" => person(form, id).ok_or(words::PROBLEM_PERSON),
        "unname" => Ok(SpeakingUp::Unname(IndependentId(id))),
        "line" => line(form, id).ok_or(words::PROBLEM_LINE),
        "remove" => Ok(SpeakingUp::Remove(id)),
        _ => return Err(Error::Malformed),
    })
}

fn short(form: &Typing<'_>, name: &str) -> Option<String> {
    let tidy = text::tidy(Some(form.value(name))).unwrap_or_default();
    text::fits(Some(&tidy), text::SHORT).then_some(tidy)
}

fn place(form: &Typing<'_>) -> i64 {
    form.value("place").trim().parse().unwrap_or_default()
}

fn person(form: &Typing<'_>, id: Uuid) -> Option<SpeakingUp> {
    let needed = |name: &str| short(form, name).filter(|words| !words.is_empty());
    let shown = Independent {
        id: IndependentId(id),
        name: needed("name")?,
        role: needed("role")?,
        reach: needed("reach")?,
    };
    let staff: StaffId = form.value("staff").parse().ok()?;
    Some(SpeakingUp::Name(Named { staff, shown }, place(form)))
}

fn line(form: &Typing<'_>, id: Uuid) -> Option<SpeakingUp> {
    let it = Line {
        kind: LineKind::of_word(&form.value("kind"))?,
        label: short(form, "label").filter(|words| !words.is_empty())?,
        number: short(form, "number")?,
        address: short(form, "address")?,
        words: short(form, "words")?,
    };
    let leads_somewhere = !(it.number.is_empty() && it.address.is_empty());
    leads_somewhere.then_some(SpeakingUp::Put(id, it, place(form)))
}

/// The page; what was typed and not kept stands in the form from which it came.
async fn page(
    app: &App,
    desk: &Desk,
    is_saved: bool,
    problem: Option<Text>,
    typed: &Typing<'_>,
) -> Page {
    let mut reader = app.db.reader().await?;
    let named = people::named(&mut reader).await?;
    let lines = people::lines(&mut reader).await?;
    let staff = accounts::staff(&app.db.pool).await?;
    let name_of = |id: StaffId| {
        let found = staff.iter().find(|(one, ..)| *one == id);
        found.map_or(String::new(), |(_, name, email)| {
            format!("{name} ({email})")
        })
    };
    let main = html! {
        h1 { (words::TITLE.get()) }
        p.soft { (words::WHY.get()) }
        @if is_saved { p.notice role="status" { (words::SAVED.get()) } }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        h2 { (words::PEOPLE.get()) }
        @if named.is_empty() { p { (words::PEOPLE_NONE.get()) } }
        @for (at, one) in named.iter().enumerate() {
            (PersonForm { at, one: Some(one), account: name_of(one.staff), staff: &[], typed }.draw())
        }
        (PersonForm { at: named.len(), one: None, account: String::new(), staff: &staff, typed }.draw())
        h2 { (words::LINES.get()) }
        p.soft { (words::LINES_WHY.get()) }
        @if lines.is_empty() { p { (words::LINES_NONE.get()) } }
        @for (at, (id, one)) in lines.iter().enumerate() {
            (line_form(at, Some((*id, one)), typed))
        }
        (line_form(lines.len(), None, typed))
    };
    let title = words::TITLE.get();
    Ok(desk.page(Way::Independents, title, false, &main).await?)
}

/// Whether the form that came is that of this id, and of this kind.
fn is_typed(typed: &Typing<'_>, step: &str, id: &str) -> bool {
    typed.value("step") == step && typed.value("id") == id
}

/// One text of a form.
fn field(prefix: &str, name: &str, label: Text, value: &str, hint: Option<Text>) -> Markup {
    let id = format!("{prefix}-{name}");
    let hint_id = hint.map(|_| format!("{id}-hint"));
    html! {
        div.field {
            label for=(id) { (label.get()) }
            @if let (Some(hint), Some(hint_id)) = (hint, &hint_id) { p.soft id=(hint_id) { (hint.get()) } }
            input id=(id) name=(name) maxlength=(text::SHORT) autocomplete="off" value=(value) aria-describedby=[hint_id];
        }
    }
}

struct PersonForm<'a> {
    at: usize,
    one: Option<&'a Named>,
    account: String,
    staff: &'a [(StaffId, String, String)],
    typed: &'a Typing<'a>,
}

impl PersonForm<'_> {
    fn draw(&self) -> Markup {
        let id = self.one.map(|one| one.shown.id.to_string());
        let id = id.unwrap_or_default();
        let is_typed = is_typed(self.typed, "person", &id);
        let value = |name: &str| match self.one {
            _ if is_typed => self.typed.value(name),
            Some(one) => match name {
                "name" => one.shown.name.clone(),
                "role" => one.shown.role.clone(),
                "reach" => one.shown.reach.clone(),
                _ => self.at.to_string(),
            },
            None if name == "place" => self.at.to_string(),
            None => String::new(),
        };
        let prefix = format!("person-{}", self.at);
        html! {
            section.card.stack {
                h3 { (self.one.map_or(words::PERSON_ADD.get(), |one| &one.shown.name)) }
                form.stack method="post" action=(PATH) {
                    input type="hidden" name="id" value=(id);
                    @if let Some(one) = self.one {
                        p.soft { (words::ACCOUNT.get()) ": " (self.account) }
                        input type="hidden" name="staff" value=(one.staff);
                    } @else {
                        div.field {
                            label for="staff" { (words::ACCOUNT.get()) }
                            p.soft id="staff-hint" { (words::ACCOUNT_HINT.get()) }
                            select id="staff" name="staff" aria-describedby="staff-hint" {
                                option value="" {}
                                @for (id, name, email) in self.staff {
                                    option value=(id) selected[is_typed && self.typed.value("staff") == id.to_string()] {
                                        (name) " (" (email) ")"
                                    }
                                }
                            }
                        }
                    }
                    (field(&prefix, "name", words::NAME, &value("name"), None))
                    (field(&prefix, "role", words::ROLE, &value("role"), None))
                    (field(&prefix, "reach", words::REACH, &value("reach"), Some(words::REACH_HINT)))
                    (field(&prefix, "place", words::PLACE, &value("place"), None))
                    @match self.one {
                        Some(one) => button.plain name="step" value="person" { (words::SAVE_PERSON.fill(&[("name", &one.shown.name)])) },
                        None => button name="step" value="person" { (words::PERSON_DO.get()) },
                    }
                }
                @if let Some(one) = self.one {
                    form.stack method="post" action=(PATH) {
                        input type="hidden" name="id" value=(id);
                        p.soft { (words::UNNAME_WHY.get()) }
                        button.plain name="step" value="unname" { (words::UNNAME.fill(&[("name", &one.shown.name)])) }
                    }
                }
            }
        }
    }
}

fn kind_name(kind: LineKind) -> Text {
    match kind {
        LineKind::Complaints => words::KIND_COMPLAINTS,
        LineKind::Advocacy => words::KIND_ADVOCACY,
        LineKind::Regulator => words::KIND_REGULATOR,
    }
}

fn line_form(at: usize, one: Option<(Uuid, &Line)>, typed: &Typing<'_>) -> Markup {
    let id = one.map(|(id, _)| id.to_string()).unwrap_or_default();
    let is_typed = is_typed(typed, "line", &id);
    let value = |name: &str| match one {
        _ if is_typed => typed.value(name),
        Some((_, line)) => match name {
            "label" => line.label.clone(),
            "number" => line.number.clone(),
            "address" => line.address.clone(),
            "words" => line.words.clone(),
            "kind" => line.kind.word().to_owned(),
            _ => at.to_string(),
        },
        None if name == "place" => at.to_string(),
        None => String::new(),
    };
    let prefix = format!("line-{at}");
    let kind_id = format!("{prefix}-kind");
    let chosen = value("kind");
    html! {
        section.card.stack {
            h3 { (one.map_or(words::LINE_ADD.get(), |(_, line)| &line.label)) }
            form.stack method="post" action=(PATH) {
                input type="hidden" name="id" value=(id);
                div.field {
                    label for=(kind_id) { (words::KIND.get()) }
                    select id=(kind_id) name="kind" {
                        @for kind in LineKind::ALL {
                            option value=(kind.word()) selected[kind.word() == chosen] { (kind_name(kind).get()) }
                        }
                    }
                }
                (field(&prefix, "label", words::LABEL, &value("label"), None))
                (field(&prefix, "number", words::NUMBER, &value("number"), None))
                (field(&prefix, "address", words::ADDRESS, &value("address"), None))
                (field(&prefix, "words", words::WORDS, &value("words"), None))
                (field(&prefix, "place", words::PLACE, &value("place"), None))
                @match one {
                    Some((_, line)) => button.plain name="step" value="line" { (words::SAVE_LINE.fill(&[("name", &line.label)])) },
                    None => button name="step" value="line" { (words::LINE_DO.get()) },
                }
            }
            @if let Some((_, line)) = one {
                form method="post" action=(PATH) {
                    input type="hidden" name="id" value=(id);
                    button.plain name="step" value="remove" { (words::REMOVE.fill(&[("name", &line.label)])) }
                }
            }
        }
    }
}
