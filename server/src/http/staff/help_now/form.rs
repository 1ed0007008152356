//! Writing a line: typed, seen first exactly as members will see it, then put on Help now or changed.
//! Whatever goes wrong, what was typed comes back.

use super::{back, id_or_first, preview, read_id};
use crate::{
    clock,
    commands::help_lines::{self as commands, CHECK_DAYS},
    db::help_lines::{self, Kept},
    error::Error,
    http::staff::{
        desk::{Admin, Desk, Way},
        fault::Fault,
        wording::Step,
    },
    state::App,
};
use app::{
    domain::{
        help_line::{HelpLine, LONGEST_NUMBER, LineKind, is_number},
        id::HelpLineId,
        text,
    },
    lang::{Text, en::help_lines as words},
};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::{ToSpan, civil::Date};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/help-now/new` and `/help-now/{id}`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/help-now/new", get(ask_new).post(write_new))
        .route("/help-now/{id}", get(ask).post(write))
}

/// The most characters of a label: it stands in a heading beside a button.
const LONGEST_LABEL: usize = 80;

/// The form's fields, as they were typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Typed {
    /// A new line's id, made with its form: pressing twice adds it once.
    id: String,
    label: String,
    kind: String,
    number: String,
    hours: String,
    cost: String,
    on_bills: String,
    area: String,
    nation: String,
    checked: String,
    check_by: String,
    after: String,
    step: Step,
}

impl Typed {
    fn new(desk: &Desk, last: Option<HelpLineId>) -> Self {
        let day = (desk.clock.today().parse::<Date>())
            .and_then(|today| today.checked_add(CHECK_DAYS.days()));
        Self {
            id: Uuid::now_v7().to_string(),
            kind: "call".to_owned(),
            check_by: day.map(|day| day.to_string()).unwrap_or_default(),
            after: id_or_first(last),
            ..Self::default()
        }
    }

    fn of(kept: &Kept, after: Option<HelpLineId>) -> Self {
        let line = kept.line.clone();
        Self {
            label: line.label,
            kind: crate::db::word::word(line.kind),
            number: line.number,
            hours: line.hours,
            cost: line.cost,
            on_bills: line.on_bills.unwrap_or_default(),
            area: line.area.unwrap_or_default(),
            nation: line.nation.unwrap_or_default(),
            check_by: kept.check_by.clone().unwrap_or_default(),
            after: id_or_first(after),
            ..Self::default()
        }
    }

    /// Every field but the step, to go on with.
    fn fields(&self) -> [(&'static str, &str); 12] {
        [
            ("id", &self.id),
            ("label", &self.label),
            ("kind", &self.kind),
            ("number", &self.number),
            ("hours", &self.hours),
            ("cost", &self.cost),
            ("on_bills", &self.on_bills),
            ("area", &self.area),
            ("nation", &self.nation),
            ("checked", &self.checked),
            ("check_by", &self.check_by),
            ("after", &self.after),
        ]
    }

    /// What was typed, read; or what is to be put right. `old` is the line as it was: a check of another
    /// number is none of this one.
    fn read(&self, desk: &Desk, old: Option<&Kept>) -> Result<Kept, Text> {
        let today = desk.clock.today();
        let needed = |typed: &str, most, why| {
            let tidy = text::tidy(Some(typed.to_owned())).ok_or(why)?;
            one_line(&tidy, most)
                .then_some(tidy)
                .ok_or(words::PROBLEM_LONG)
        };
        let wanted = |typed: &str| {
            let tidy = text::tidy(Some(typed.to_owned()));
            let fits = tidy
                .as_deref()
                .is_none_or(|tidy| one_line(tidy, text::SHORT));
            fits.then_some(tidy).ok_or(words::PROBLEM_LONG)
        };
        let number = self.number.trim();
        if !is_number(number) {
            return Err(words::PROBLEM_NUMBER);
        }
        let check_by = self.check_by.trim();
        let is_checked = !self.checked.is_empty();
        let day: Date = check_by.parse().map_err(|_| words::PROBLEM_DAY)?;
        if is_checked && day.to_string() < today {
            return Err(words::PROBLEM_DAY_PAST);
        }
        let kind = match self.kind.as_str() {
            "text" => LineKind::Text,
            _ => LineKind::Call,
        };
        let before = old.filter(|old| old.line.number == number && old.line.kind == kind);
        let (checked_on, checked_by) = if is_checked {
            (Some(today), Some(desk.staff.name.clone()))
        } else {
            before.map_or((None, None), |old| {
                (old.line.checked_on.clone(), old.checked_by.clone())
            })
        };
        let line = HelpLine {
            label: needed(&self.label, LONGEST_LABEL, words::PROBLEM_LABEL)?,
            number: number.to_owned(),
            kind,
            hours: needed(&self.hours, text::SHORT, words::PROBLEM_HOURS)?,
            cost: needed(&self.cost, text::SHORT, words::PROBLEM_COST)?,
            on_bills: wanted(&self.on_bills)?,
            area: wanted(&self.area)?,
            nation: wanted(&self.nation)?,
            checked_on,
            order: 0,
        };
        Ok(Kept {
            line,
            checked_by,
            check_by: Some(day.to_string()),
        })
    }
}

/// These are sentences and names: a line end in one is a slip, or worse.
fn one_line(typed: &str, most: usize) -> bool {
    text::fits(Some(typed), most) && !typed.chars().any(char::is_control)
}

/// Where the form goes, and what else stands in the order.
struct Place {
    /// The line that is changed; none for a new one.
    id: Option<HelpLineId>,
    /// The others, in order.
    others: Vec<(HelpLineId, String)>,
}

impl Place {
    fn of(id: Option<HelpLineId>, lines: &[(HelpLineId, Kept)]) -> Self {
        let others = lines.iter().filter(|(other, _)| Some(*other) != id);
        Self {
            id,
            others: others
                .map(|(id, kept)| (*id, kept.line.label.clone()))
                .collect(),
        }
    }

    fn action(&self) -> String {
        match self.id {
            Some(id) => format!("/staff/help-now/{id}"),
            None => "/staff/help-now/new".to_owned(),
        }
    }

    fn title(&self) -> Text {
        match self.id {
            Some(_) => words::CHANGE_TITLE,
            None => words::ADD_TITLE,
        }
    }
}

async fn load(app: &App) -> Result<Vec<(HelpLineId, Kept)>, Error> {
    help_lines::all(&mut *app.db.reader().await?).await
}

async fn ask_new(State(app): State<App>, Admin(desk): Admin) -> Result<Response, Fault> {
    let lines = load(&app).await?;
    let typed = Typed::new(&desk, lines.last().map(|(id, _)| *id));
    Ok(form(&desk, &Place::of(None, &lines), &typed, None).await?)
}

async fn ask(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (id, lines) = (read_id(&id)?, load(&app).await?);
    let at = lines.iter().position(|(found, _)| *found == id);
    let at = at.ok_or(Error::NotFound)?;
    let after = at.checked_sub(1).map(|at| lines[at].0);
    let typed = Typed::of(&lines[at].1, after);
    Ok(form(&desk, &Place::of(Some(id), &lines), &typed, None).await?)
}

async fn write_new(
    State(app): State<App>,
    Admin(desk): Admin,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let lines = load(&app).await?;
    let new = match next(&desk, &Place::of(None, &lines), &typed, None).await? {
        Next::Keep(new) => new,
        Next::Show(page) => return Ok(page),
    };
    let by = desk.staff.id;
    let at = (read_id(&typed.id)?, typed.after.parse().ok());
    app.writer
        .run(move |tx| Box::pin(commands::add(tx, clock::now_ms(), by, at, new)))
        .await?;
    Ok(back("added", at.0).into_response())
}

async fn write(
    State(app): State<App>,
    Admin(desk): Admin,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let (id, lines) = (read_id(&id)?, load(&app).await?);
    let Some((_, old)) = lines.iter().find(|(found, _)| *found == id) else {
        return Ok(taken_away_meanwhile(&desk, &lines, typed).await?);
    };
    let new = match next(&desk, &Place::of(Some(id), &lines), &typed, Some(old)).await? {
        Next::Keep(new) => new,
        Next::Show(page) => return Ok(page),
    };
    let by = desk.staff.id;
    let at = (id, typed.after.parse().ok());
    let changed = app
        .writer
        .run(move |tx| Box::pin(commands::change(tx, clock::now_ms(), by, at, new)))
        .await;
    match changed {
        Err(Error::NotFound) => Ok(taken_away_meanwhile(&desk, &lines, typed).await?),
        changed => Ok(changed.map(|()| back("changed", id).into_response())?),
    }
}

/// Someone took it away while it was changed: the words are not lost, and can be put back as a new line.
async fn taken_away_meanwhile(
    desk: &Desk,
    lines: &[(HelpLineId, Kept)],
    mut typed: Typed,
) -> Result<Response, Error> {
    typed.id = Uuid::now_v7().to_string();
    again(desk, &Place::of(None, lines), &typed, words::PROBLEM_GONE).await
}

/// What comes of a form that was sent.
enum Next {
    /// It was seen as members will see it, and is to be kept.
    Keep(Kept),
    /// Something is to be put right, to be seen first, or to be changed.
    Show(Response),
}

async fn next(
    desk: &Desk,
    place: &Place,
    typed: &Typed,
    old: Option<&Kept>,
) -> Result<Next, Error> {
    let page = match typed.read(desk, old) {
        _ if typed.step == Step::Edit => form(desk, place, typed, None).await?,
        Err(why) => again(desk, place, typed, why).await?,
        Ok(new) if typed.step == Step::Previewed => return Ok(Next::Keep(new)),
        Ok(new) => seen_first(desk, place, typed, &new).await?,
    };
    Ok(Next::Show(page))
}

async fn again(desk: &Desk, place: &Place, typed: &Typed, why: Text) -> Result<Response, Error> {
    let page = form(desk, place, typed, Some(why)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn seen_first(
    desk: &Desk,
    place: &Place,
    typed: &Typed,
    new: &Kept,
) -> Result<Response, Error> {
    let title = words::PREVIEW.get();
    let button = |class: Option<&str>, step: &str, says: Text| {
        html! {
            form method="post" action=(place.action()) {
                @for (name, value) in typed.fields() {
                    input type="hidden" name=(name) value=(value);
                }
                button class=[class] name="step" value=(step) { (says.get()) }
            }
        }
    };
    let main = html! {
        h1 { (title) }
        p.soft { (words::PREVIEW_UNDER.get()) }
        section.card.phone aria-label=(title) { (preview::one(&new.line)) }
        @if new.line.checked_on.is_none() { p { (words::PREVIEW_UNCHECKED.get()) } }
        div.actions {
            (button(None, "previewed", words::KEEP))
            (button(Some("plain"), "edit", words::CHANGE_WORDS))
        }
    };
    desk.page(Way::HelpNow, title, false, &main).await
}

async fn form(
    desk: &Desk,
    place: &Place,
    typed: &Typed,
    problem: Option<Text>,
) -> Result<Response, Error> {
    let title = place.title().get();
    let main = html! {
        p.back { a href="/staff/help-now" { (words::BACK.get()) } }
        h1 { (title) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem.get()) } }
        form.stack.card method="post" action=(place.action()) {
            input type="hidden" name="id" value=(typed.id);
            (field("label", words::LABEL, Some(words::LABEL_HINT), &typed.label, LONGEST_LABEL))
            (kind(typed))
            div.field {
                label for="number" { (words::NUMBER.get()) }
                p.soft id="number-hint" { (words::NUMBER_HINT.get()) }
                input id="number" name="number" type="tel" required maxlength=(LONGEST_NUMBER)
                    autocomplete="off" aria-describedby="number-hint" value=(typed.number);
            }
            (field("hours", words::HOURS, Some(words::HOURS_HINT), &typed.hours, text::SHORT))
            (field("cost", words::COST, Some(words::COST_HINT), &typed.cost, text::SHORT))
            (field("on_bills", words::ON_BILLS, Some(words::ON_BILLS_HINT), &typed.on_bills, text::SHORT))
            (field("area", words::AREA, Some(words::AREA_HINT), &typed.area, text::SHORT))
            (field("nation", words::NATION, Some(words::NATION_HINT), &typed.nation, text::SHORT))
            (check(typed))
            (order(place, typed))
            button name="step" value="preview" { (words::SEE_FIRST.get()) }
        }
    };
    desk.page(Way::HelpNow, title, false, &main).await
}

fn field(name: &str, label: Text, hint: Option<Text>, value: &str, most: usize) -> Markup {
    let hint_id = format!("{name}-hint");
    let needed = matches!(name, "label" | "hours" | "cost");
    html! {
        div.field {
            label for=(name) { (label.get()) }
            @if let Some(hint) = hint { p.soft id=(hint_id) { (hint.get()) } }
            input id=(name) name=(name) value=(value) maxlength=(most) autocomplete="off"
                required[needed] aria-describedby=[hint.map(|_| &hint_id)];
        }
    }
}

fn kind(typed: &Typed) -> Markup {
    let is_text = typed.kind == "text";
    html! {
        fieldset {
            legend { (words::KIND.get()) }
            @for (value, says, on) in [("call", words::KIND_CALL, !is_text), ("text", words::KIND_TEXT, is_text)] {
                label.choice {
                    input type="radio" name="kind" value=(value) checked[on];
                    " " (says.get())
                }
            }
        }
    }
}

fn check(typed: &Typed) -> Markup {
    html! {
        div.field {
            label.tick {
                input type="checkbox" name="checked" value="yes" checked[!typed.checked.is_empty()]
                    aria-describedby="checked-hint";
                span { (words::CHECKED_NOW.get()) }
            }
            p.soft id="checked-hint" { (words::CHECKED_NOW_HINT.get()) }
        }
        div.field {
            label for="check_by" { (words::CHECK_AGAIN.get()) }
            p.soft id="check_by-hint" { (words::CHECK_AGAIN_HINT.get()) }
            input id="check_by" name="check_by" type="date" required
                aria-describedby="check_by-hint" value=(typed.check_by);
        }
    }
}

fn order(place: &Place, typed: &Typed) -> Markup {
    html! {
        @if place.others.is_empty() {
            input type="hidden" name="after" value="";
        } @else {
            div.field {
                label for="after" { (words::ORDER.get()) }
                p.soft id="after-hint" { (words::ORDER_HINT.get()) }
                select id="after" name="after" aria-describedby="after-hint" {
                    option value="" selected[typed.after.is_empty()] { (words::ORDER_FIRST.get()) }
                    @for (id, label) in &place.others {
                        option value=(id) selected[typed.after == id.to_string()] {
                            (words::ORDER_AFTER.fill(&[("label", label)]))
                        }
                    }
                }
            }
        }
    }
}
