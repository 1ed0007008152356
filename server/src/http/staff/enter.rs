//! Writing down a sign-up for someone who rang, came by or filled in paper: somebody new here, or a member. A lead
//! writes down somebody new and nobody else: to look a name up, even a whole one, would tell them who is a member.
//! Whatever goes wrong, the page gives the words back.

use super::{
    desk::{Desk, Run, Way},
    fault::Fault,
    parts,
    people::sees,
    sign_up::back_to,
    sign_ups,
};
use crate::{
    commands::{
        enter::Entry,
        incoming::{self, Push},
    },
    db::{
        desk::people,
        entered::{self, Open},
        members::MemberRow,
        opportunities,
        word::read_id,
    },
    error::Error,
    http::forms,
    state::App,
};
use app::{
    domain::{
        command::Command,
        contact::{Contact, ContactBy},
        id::{MemberId, SessionId, SignUpId, TeamId},
        sign_up::RequestSignUp,
        text,
    },
    lang::{
        Text,
        en::{desk as desk_words, entering as words},
    },
};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// `/enter` for somebody new, and `/people/{id}/sign-up` for a member.
pub fn router() -> Router<App> {
    Router::new()
        .route("/enter", get(ask_new).post(enter_new))
        .route("/people/{id}/sign-up", get(ask_member).post(enter_member))
}

/// How it came.
const HOW: [(&str, Text); 3] = [
    ("rang", words::RANG),
    ("paper", words::PAPER),
    ("in_person", words::IN_PERSON),
];

const WAYS: [(&str, Text); 4] = [
    ("phone", desk_words::REACH_PHONE),
    ("text", desk_words::REACH_TEXT),
    ("email", desk_words::REACH_EMAIL),
    ("worker", words::WAY_WORKER),
];

/// What was typed, as it was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    /// The form's own id: pressing twice writes it down once.
    form: String,
    name: String,
    team: String,
    session: String,
    how: String,
    contact_by: String,
    contact_value: String,
    safe: String,
    needs: String,
    needs_consent: String,
    travel_first: String,
    note: String,
    agreed: String,
}

/// For whom it is written down.
struct Whom {
    /// A member; else somebody new.
    member: Option<(MemberId, String)>,
    /// The teams that somebody new may be of.
    teams: Vec<(TeamId, String)>,
    sessions: Vec<Open>,
}

impl Typed {
    fn fresh() -> Self {
        Self {
            form: Uuid::now_v7().to_string(),
            ..Self::default()
        }
    }

    fn how(&self) -> Option<&'static str> {
        let found = HOW.iter().find(|(word, _)| *word == self.how);
        found.map(|(word, _)| *word)
    }

    fn contact(&self) -> Result<Option<Contact>, Text> {
        let Some(by) = ContactBy::of_word(&self.contact_by) else {
            return Ok(None);
        };
        let value = text::tidy(Some(self.contact_value.clone())).ok_or(words::NEEDS_CONTACT)?;
        Ok(Some(Contact {
            by,
            value,
            safe_to_leave_message: !self.safe.is_empty(),
        }))
    }

    /// The request, under ids that follow from the form's.
    fn request(&self, form: Uuid, agreement: Option<u32>) -> Result<RequestSignUp, Text> {
        let session = self.session.parse().map_err(|_| words::NEEDS_SESSION)?;
        if agreement.is_some() && self.agreed.is_empty() {
            return Err(words::NEEDS_AGREED);
        }
        let tidy = |typed: &String| text::tidy(Some(typed.clone()));
        Ok(RequestSignUp {
            sign_up: SignUpId(forms::subject_of(form)),
            session: SessionId(session),
            contact: self.contact()?,
            access_needs: tidy(&self.needs),
            access_needs_consent: !self.needs_consent.is_empty(),
            travel_first: !self.travel_first.is_empty(),
            note: tidy(&self.note),
            agreement,
            thanks: None,
        })
    }
}

async fn ask_new(State(app): State<App>, desk: Run) -> Result<Response, Fault> {
    let whom = somebody_new(&app, &desk).await?;
    Ok(page(&desk, &whom, &Typed::fresh(), None).await?)
}

async fn enter_new(
    State(app): State<App>,
    desk: Run,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let whom = somebody_new(&app, &desk).await?;
    enter(&app, &desk, &whom, &typed).await
}

async fn ask_member(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let whom = member(&app, &desk, &id).await?;
    Ok(page(&desk, &whom, &Typed::fresh(), None).await?)
}

async fn enter_member(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let whom = member(&app, &desk, &id).await?;
    enter(&app, &desk, &whom, &typed).await
}

async fn somebody_new(app: &App, desk: &Desk) -> Result<Whom, Error> {
    Ok(Whom {
        member: None,
        teams: entered::teams_of(&app.db.pool, desk.staff.id).await?,
        sessions: entered::open_sessions(&app.db.pool, desk.reach).await?,
    })
}

async fn member(app: &App, desk: &Desk, id: &str) -> Result<Whom, Error> {
    let line = people::find(&app.db.pool, sees(desk), id).await?;
    let line = line.ok_or(Error::NotFound)?;
    Ok(Whom {
        member: Some((
            read_id(&line.id)?,
            parts::who(line.name.as_deref()).to_owned(),
        )),
        teams: Vec::new(),
        sessions: entered::open_sessions(&app.db.pool, desk.reach).await?,
    })
}

async fn enter(app: &App, desk: &Desk, whom: &Whom, typed: &Typed) -> Result<Response, Fault> {
    let entry = match entry(app, desk, whom, typed).await? {
        Ok(entry) => entry,
        Err(problem) => return Ok(again(desk, whom, typed, problem.get()).await?),
    };
    let sign_up = entry.sign_up;
    match app.writer.enter(entry).await {
        Ok(()) => Ok(back_to(sign_up, "entered").into_response()),
        Err(Error::Refused(why)) => {
            Ok(again(desk, whom, typed, app::lang::refusal(why).get()).await?)
        }
        Err(other) => Err(other.into()),
    }
}

/// What is to be written, or what is missing.
async fn entry(
    app: &App,
    desk: &Desk,
    whom: &Whom,
    typed: &Typed,
) -> Result<Result<Entry, Text>, Error> {
    let form: Uuid = typed.form.parse().map_err(|_| Error::Malformed)?;
    let Some(how) = typed.how() else {
        return Ok(Err(words::NEEDS_HOW));
    };
    let agreement = match typed.session.parse().map(SessionId) {
        Ok(session) => match desk.reach.session(&app.db.pool, session).await {
            Err(Error::NotFound) => return Ok(Err(words::NEEDS_SESSION)),
            found => {
                found?;
                agreement(app, session).await?
            }
        },
        Err(_) => None,
    };
    let request = match typed.request(form, agreement) {
        Ok(request) => request,
        Err(problem) => return Ok(Err(problem)),
    };
    let person = match &whom.member {
        Some(_) => None,
        None => match new_person(whom, typed, form) {
            Some(person) => Some(person),
            None => return Ok(Err(words::NEEDS_NAME)),
        },
    };
    let member = whom.member.as_ref().map(|(id, _)| *id);
    let member = member.or(person.as_ref().map(|person| person.id));
    let raw = forms::as_a_phone_writes_it(form, &Command::RequestSignUp(request))?;
    Ok(Ok(Entry {
        person,
        push: Push {
            member: member.ok_or(Error::Malformed)?,
            device: None,
            commands: vec![incoming::read(&app.hash_key, &raw)],
        },
        sign_up: SignUpId(forms::subject_of(form)),
        by: desk.staff.id,
        how,
    }))
}

/// The version of what is to be agreed to first.
async fn agreement(app: &App, session: SessionId) -> Result<Option<u32>, Error> {
    let found = opportunities::places(&mut *app.db.reader().await?, &[session]).await?;
    Ok(found.first().and_then(|(_, row)| row.agreement))
}

/// Somebody new, under an id that follows from the form's; none without a name.
fn new_person(whom: &Whom, typed: &Typed, form: Uuid) -> Option<MemberRow> {
    let name: String = typed.name.chars().take(text::SHORT).collect();
    let team = whom.teams.iter().map(|(id, _)| *id);
    Some(MemberRow {
        id: MemberId(forms::subject_of(forms::subject_of(form))),
        name: Some(text::tidy(Some(name))?),
        team: team.into_iter().find(|id| id.to_string() == typed.team),
    })
}

async fn again(desk: &Desk, whom: &Whom, typed: &Typed, problem: &str) -> Result<Response, Error> {
    // Under a new id, because the old one may stand for what was refused.
    let page = page(desk, whom, typed, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(
    desk: &Desk,
    whom: &Whom,
    typed: &Typed,
    problem: Option<&str>,
) -> Result<Response, Error> {
    let (title, action) = match &whom.member {
        Some((id, name)) => (
            words::TITLE_MEMBER.fill(&[("who", name)]),
            format!("/staff/people/{id}/sign-up"),
        ),
        None => (words::TITLE.get().to_owned(), "/staff/enter".to_owned()),
    };
    let form = match problem {
        Some(_) => Uuid::now_v7().to_string(),
        None => typed.form.clone(),
    };
    let main = html! {
        p.back { a href="/staff/sign-ups" { (desk_words::ALL_SIGN_UPS.get()) } }
        h1 { (title) }
        p.soft { (words::WHY.get()) }
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        form.stack.card method="post" action=(action) {
            input type="hidden" name="form" value=(form);
            @if whom.member.is_none() { (person(whom, typed)) }
            (which(whom, typed))
            (reach(typed))
            (rest(typed))
            button { (words::DO.get()) }
        }
    };
    desk.page(Way::SignUps, &title, false, &main).await
}

fn person(whom: &Whom, typed: &Typed) -> Markup {
    html! {
        div.field {
            label for="name" { (words::NAME.get()) }
            p.soft id="name-hint" { (words::NAME_HINT.get()) }
            input id="name" name="name" required maxlength=(text::SHORT) autocomplete="off"
                aria-describedby="name-hint" value=(typed.name);
        }
        @if !whom.teams.is_empty() {
            div.field {
                label for="team" { (words::TEAM.get()) }
                select id="team" name="team" {
                    option value="" { (words::NO_TEAM.get()) }
                    @for (id, name) in &whom.teams {
                        option value=(id) selected[id.to_string() == typed.team] { (name) }
                    }
                }
            }
        }
    }
}

fn which(whom: &Whom, typed: &Typed) -> Markup {
    html! {
        div.field {
            label for="session" { (words::SESSION.get()) }
            select id="session" name="session" required {
                option value="" { (words::PICK.get()) }
                @for one in &whom.sessions {
                    option value=(one.id) selected[one.id == typed.session] {
                        (sign_ups::what(&one.title, one.local_start.as_deref()))
                    }
                }
            }
        }
        fieldset {
            legend { (words::HOW.get()) }
            @for (value, label) in HOW {
                label.choice {
                    input type="radio" name="how" value=(value) required checked[typed.how == value];
                    " " (label.get())
                }
            }
        }
    }
}

fn reach(typed: &Typed) -> Markup {
    html! {
        fieldset {
            legend { (desk_words::REACH.get()) }
            label.choice {
                input type="radio" name="contact_by" value="" checked[typed.contact_by.is_empty()];
                " " (words::NO_CONTACT.get())
            }
            @for (value, label) in WAYS {
                label.choice {
                    input type="radio" name="contact_by" value=(value) checked[typed.contact_by == value];
                    " " (label.get())
                }
            }
        }
        div.field {
            label for="contact_value" { (words::CONTACT_VALUE.get()) }
            input id="contact_value" name="contact_value" maxlength=(text::SHORT) autocomplete="off"
                value=(typed.contact_value);
        }
        (tick("safe", words::SAFE, &typed.safe))
    }
}

fn rest(typed: &Typed) -> Markup {
    html! {
        div.field {
            label for="needs" { (desk_words::ACCESS.get()) }
            p.soft id="needs-hint" { (words::NEEDS_HINT.get()) }
            textarea id="needs" name="needs" maxlength=(text::LONG) aria-describedby="needs-hint" { (typed.needs) }
        }
        (tick("needs_consent", words::NEEDS_CONSENT, &typed.needs_consent))
        (tick("travel_first", words::TRAVEL_FIRST, &typed.travel_first))
        div.field {
            label for="note" { (desk_words::ANYTHING_ELSE.get()) }
            textarea id="note" name="note" maxlength=(text::LONG) { (typed.note) }
        }
        (tick("agreed", words::AGREED, &typed.agreed))
    }
}

fn tick(name: &str, label: Text, typed: &str) -> Markup {
    html! {
        label.choice {
            input type="checkbox" name=(name) value="yes" checked[!typed.is_empty()];
            " " (label.get())
        }
    }
}

/// On a sign-up's page: that staff wrote it down.
///
/// # Errors
/// What the database says.
pub async fn note(app: &App, sign_up: &str) -> Result<Markup, Error> {
    let Some((who, how)) = entered::of(&app.db.pool, sign_up).await? else {
        return Ok(html! {});
    };
    let how = HOW.iter().find(|(word, _)| *word == how);
    let how = how.map_or("", |(_, text)| text.get());
    Ok(html! { p { (words::ENTERED_BY.fill(&[("who", &who), ("how", how)])) } })
}
