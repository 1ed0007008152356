//! One member and their phones: a code for a new phone, and a lost phone. Both want it written down
//! who asked and how they were known, and do nothing without.

use super::{
    audit::href_about,
    desk::{Desk, Way},
    fault::Fault,
    lead, parts, peers,
    people::sees,
};
use crate::{
    db::{
        desk::people::{self, Line, Request},
        devices,
        phone_requests::Asked,
        staff::Role,
        word::read_id,
    },
    error::Error,
    phones::Code,
    staff::people::{self as help, Helped},
    state::App,
};
use app::{
    domain::{
        device::{Device, DeviceState},
        id::DeviceId,
        pair_code, text,
    },
    lang::{
        Text,
        en::{audit, entering, join_codes, people as words},
    },
    ui::when,
};
use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;

/// `/people/{id}` and what can be done there.
pub fn router() -> Router<App> {
    Router::new()
        .route("/people/{id}", get(open))
        .route("/people/{id}/new-phone", post(new_phone))
        .route("/people/{id}/lost/{device}", get(ask_lost).post(lost))
}

const HOW: [(&str, Text); 3] = [
    ("in_person", words::HOW_IN_PERSON),
    ("known_number", words::HOW_KNOWN_NUMBER),
    ("other", words::HOW_OTHER),
];

#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    how: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    asked_by: String,
    #[serde(default)]
    asked_when: String,
}

impl Typed {
    /// What is to be written down; none while it does not say how the person was known. Other ways
    /// need words.
    fn known(&self) -> Option<Asked> {
        let how = HOW.iter().find(|(word, _)| *word == self.how)?.0;
        let tidy = |typed: &str| {
            let typed = typed.chars().filter(|letter| !letter.is_control());
            let short: String = typed.take(text::SHORT).collect();
            text::tidy(Some(short))
        };
        let said = tidy(&self.words);
        (how != "other" || said.is_some()).then(|| Asked {
            how,
            by: tidy(&self.asked_by),
            when: tidy(&self.asked_when),
            words: said,
        })
    }

    /// The same for a lost phone: also who asked, and when.
    fn asked(&self) -> Option<Asked> {
        self.known()
            .filter(|asked| asked.by.is_some() && asked.when.is_some())
    }
}

#[derive(Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn load(app: &App, desk: &Desk, id: &str) -> Result<(Line, Helped), Error> {
    let found = people::find(&app.db.pool, sees(desk), id).await?;
    let line = found.ok_or(Error::NotFound)?;
    let helped = Helped {
        member: read_id(&line.id)?,
        team: line.team_id.as_deref().map(read_id).transpose()?,
    };
    Ok((line, helped))
}

async fn open(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Fault> {
    let (line, helped) = load(&app, &desk, &id).await?;
    Ok(person(
        &app,
        &desk,
        &line,
        helped,
        &Typed::default(),
        None,
        done == "lost",
    )
    .await?)
}

async fn person(
    app: &App,
    desk: &Desk,
    line: &Line,
    helped: Helped,
    typed: &Typed,
    problem: Option<Text>,
    is_lost: bool,
) -> Result<Response, Error> {
    let phones = devices::of_member(&mut *app.db.reader().await?, helped.member).await?;
    let written = people::requests(&app.db.pool, &line.id).await?;
    let title = parts::who(line.name.as_deref());
    let they = parts::they(line.name.as_deref());
    let leads = lead::section(app, &line.id, they).await?;
    let supporter = peers::section(app, helped.member, they).await?;
    let main = html! {
        p.back { a href="/staff/people" { (words::ALL.get()) } }
        div {
            h1 { (title) }
            p.soft { (line.team.as_deref().unwrap_or(words::NO_TEAM.get())) }
            (joined(desk, line))
            @if desk.staff.role == Role::Admin {
                p { a href=(href_about(&line.id)) { (audit::ALL_ABOUT_WHO.fill(&[("who", they)])) } }
            }
        }
        @if is_lost {
            p.notice role="status" { (words::DONE_LOST.fill(&[("who", they)])) }
        }
        section.card aria-labelledby="phones" {
            h2 id="phones" { (words::PHONES.fill(&[("who", they)])) }
            @if phones.is_empty() { p { (words::NO_PHONES.get()) } }
            @for (device, phone) in &phones { (one_phone(line, *device, phone)) }
        }
        section.card aria-labelledby="new" {
            h2 id="new" { (words::NEW_PHONE.get()) }
            p.soft { (words::NEW_PHONE_WHY.fill(&[("who", they)])) }
            @if let Some(problem) = problem {
                p.problem role="alert" { (problem.get()) }
            }
            form.stack method="post" action={ "/staff/people/" (line.id) "/new-phone" } {
                (how_known(words::KNOWN, typed))
                button { (words::MAKE_CODE.get()) }
            }
        }
        p { a.button.plain href={ "/staff/people/" (line.id) "/sign-up" } { (entering::WAY.get()) } }
        (leads)
        (supporter)
        (requests(desk, &written))
    };
    desk.page(Way::People, title, false, &main).await
}

/// When they joined, and by which code.
fn joined(desk: &Desk, line: &Line) -> Markup {
    let when = desk.clock.say_inside(line.joined_at);
    let Some((code, name)) = line.join_code.as_ref().zip(line.join_name.as_ref()) else {
        return html! { p { (join_codes::JOINED_PLAIN.fill(&[("when", &when)])) } };
    };
    let said = join_codes::JOINED_WITH.fill(&[("when", &when), ("code", name)]);
    html! { p { a href={ "/staff/join-codes/" (code) } { (said) } } }
}

fn one_phone(line: &Line, id: DeviceId, phone: &Device) -> Markup {
    let state = match phone.state {
        DeviceState::InUse => words::STATE_IN_USE,
        DeviceState::SignedOut => words::STATE_SIGNED_OUT,
        DeviceState::Lost => words::STATE_LOST,
        DeviceState::Cleared => words::STATE_CLEARED,
    };
    let may_be_lost = matches!(phone.state, DeviceState::InUse | DeviceState::SignedOut);
    html! {
        div.phone-row {
            p {
                strong { @if phone.name.is_empty() { (words::A_DEVICE.get()) } @else { (phone.name) } } br;
                (state.get()) " " (words::LAST_SEEN.fill(&[("day", &when::date(&phone.last_seen))]))
            }
            @if may_be_lost {
                a.button.plain href={ "/staff/people/" (line.id) "/lost/" (id) }
                    aria-label=(words::LOST_WHICH.fill(&[("phone", &phone.name)])) { (words::LOST.get()) }
            }
        }
    }
}

/// How they were known, or how they asked. Browsers that can hold back what is not answered.
fn how_known(question: Text, typed: &Typed) -> Markup {
    html! {
        fieldset {
            legend { (question.get()) }
            @for (value, label) in HOW {
                label.choice {
                    input type="radio" name="how" value=(value) required checked[typed.how == value];
                    " " (label.get())
                }
            }
        }
        div.field {
            label for="words" { (words::OTHER_WORDS.get()) }
            input id="words" name="words" maxlength=(text::SHORT) autocomplete="off" value=(typed.words);
        }
    }
}

fn requests(desk: &Desk, written: &[Request]) -> Markup {
    html! {
        @if !written.is_empty() {
            section.card aria-labelledby="written" {
                h2 id="written" { (words::WRITTEN.get()) }
                ul {
                    @for request in written { li { (one_request(desk, request)) } }
                }
            }
        }
    }
}

fn one_request(desk: &Desk, request: &Request) -> Markup {
    let did = if request.action == help::LOST {
        words::WRITTEN_LOST
    } else {
        words::WRITTEN_NEW_PHONE
    };
    let how = HOW.iter().find(|(word, _)| *word == request.how);
    html! {
        (desk.clock.say(request.at)) ". " (did.fill(&[("name", &request.staff)])) " "
        @if let Some((_, how)) = how { (how.get()) ". " }
        @if let (Some(by), Some(when)) = (&request.asked_by, &request.asked_when) {
            (words::WRITTEN_ASKED.fill(&[("by", by), ("when", when)])) " "
        }
        @if let Some(said) = &request.words { "“" (parts::said(said)) "”" }
    }
}

async fn new_phone(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let (line, helped) = load(&app, &desk, &id).await?;
    let Some(asked) = typed.known() else {
        let problem = Some(words::KNOWN_NEEDED);
        let page = person(&app, &desk, &line, helped, &typed, problem, false).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let (key, by) = (app.hash_key.clone(), desk.staff.clone());
    let code = app.writer.run(move |tx| {
        Box::pin(async move { help::new_phone(tx, &key, &by, helped, &asked).await })
    });
    Ok(show_code(&desk, &line, &code.await?).await?)
}

/// Shown once, here: it stands in no table and in no address.
async fn show_code(desk: &Desk, line: &Line, code: &Code) -> Result<Response, Error> {
    let they = parts::they(line.name.as_deref());
    let title = words::CODE_FOR.fill(&[("who", they)]);
    let until = desk.clock.say_inside(code.ends_at);
    let main = html! {
        p.back { a href={ "/staff/people/" (line.id) } { (words::BACK_TO.fill(&[("who", they)])) } }
        h1 { (title) }
        section.card {
            p.big-code { (pair_code::spoken(&code.digits)) }
            p { (words::CODE_UNTIL.fill(&[("time", &until)])) }
            p { (words::CODE_HOW.fill(&[("who", they)])) }
            p { (words::CODE_TOLD.fill(&[("name", &desk.staff.name)])) }
        }
    };
    desk.page(Way::People, &title, false, &main).await
}

async fn ask_lost(
    State(app): State<App>,
    desk: Desk,
    Path((id, device)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (line, helped) = load(&app, &desk, &id).await?;
    let device = its_phone(&app, helped, &device).await?;
    Ok(lost_page(&desk, &line, device, &Typed::default(), false).await?)
}

async fn lost(
    State(app): State<App>,
    desk: Desk,
    Path((id, device)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let (line, helped) = load(&app, &desk, &id).await?;
    let (device, phone) = its_phone(&app, helped, &device).await?;
    let Some(asked) = typed.asked() else {
        let page = lost_page(&desk, &line, (device, phone), &typed, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let by = desk.staff.clone();
    app.writer
        .run(move |tx| Box::pin(async move { help::lost(tx, &by, helped, device, &asked).await }))
        .await?;
    Ok(Redirect::to(&format!("/staff/people/{}?done=lost", line.id)).into_response())
}

async fn its_phone(app: &App, helped: Helped, device: &str) -> Result<(DeviceId, Device), Error> {
    let device: DeviceId = device.parse().map_err(|_| Error::NotFound)?;
    let phones = devices::of_member(&mut *app.db.reader().await?, helped.member).await?;
    let found = phones.into_iter().find(|(id, _)| *id == device);
    found.ok_or(Error::NotFound)
}

async fn lost_page(
    desk: &Desk,
    line: &Line,
    (device, phone): (DeviceId, Device),
    typed: &Typed,
    is_missing: bool,
) -> Result<Response, Error> {
    let they = parts::they(line.name.as_deref());
    let title = words::LOST_TITLE.fill(&[("who", they)]);
    let main = html! {
        p.back { a href={ "/staff/people/" (line.id) } { (words::BACK_TO.fill(&[("who", they)])) } }
        h1 { (title) }
        p { strong { (phone.name) } }
        p { (words::LOST_WHAT.fill(&[("who", they)])) }
        @if is_missing {
            p.problem role="alert" { (words::LOST_NEEDED.get()) }
        }
        form.stack.card method="post" action={ "/staff/people/" (line.id) "/lost/" (device) } {
            div.field {
                label for="asked_by" { (words::ASKED_BY.get()) }
                input id="asked_by" name="asked_by" required maxlength=(text::SHORT) autocomplete="off" value=(typed.asked_by);
            }
            div.field {
                label for="asked_when" { (words::ASKED_WHEN.get()) }
                input id="asked_when" name="asked_when" required maxlength=(text::SHORT) autocomplete="off" value=(typed.asked_when);
            }
            (how_known(words::ASKED_HOW, typed))
            button { (words::LOST_DO.get()) }
        }
    };
    desk.page(Way::People, &title, false, &main).await
}
