//! Plain forms: joining, asking for a place, joining a group and sharing a check-in, as posts of a page. They work
//! before the app has come and without script, through the same commands, rules and writer as sync.
//!
//! A form carries the id that the server made for it, and that id is the command's: pressing twice
//! sends once. What was typed and not taken comes back in the page, with what to do about it.

use super::{
    client::{Browser, ClientAddress},
    pages,
    session::{self, Member},
};
use crate::{
    clock,
    commands::incoming::{self, Push},
    error::Error,
    state::App,
};
use app::{
    domain::{
        check_in::{CONSENT_VERSION, Feeling, ShareCheckIn, Wants},
        command::Command,
        contact::{Contact, ContactBy},
        group::{GroupAct, InGroup},
        id::{CheckInId, CommandId, GroupId, OpportunityId, SessionId, SignUpId},
        needs::KeepNeeds,
        sign_up::RequestSignUp,
        text,
        time::rfc3339,
    },
    lang::en,
    sync::wire::{JoinRequest, Outcome, WireCommand},
    ui::local::PageData,
};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, Value, to_raw_value};
use sha2::{Digest, Sha256};
use tower_sessions::Session;
use uuid::Uuid;

/// The posts of `/join`, `/check-in`, `/take-part/{opportunity}/sign-up` and `/take-part/groups/{group}`. Their
/// pages are `pages`'.
pub fn router() -> Router<App> {
    Router::new()
        .route("/join", post(join).get(pages::page))
        .route("/check-in", post(check_in).get(pages::page))
        .route(
            "/take-part/{opportunity}/sign-up",
            post(sign_up).get(pages::page),
        )
        .route(
            "/take-part/groups/{group}",
            post(join_group).get(pages::page),
        )
}

/// What a form sent, by the names of its fields.
struct Typed(Vec<(String, String)>);

impl Typed {
    /// A field's words; none if it is empty or not there.
    fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(field, _)| field == name)?;
        text::tidy(Some(found.1.clone()))
    }

    fn is_ticked(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A field that holds one of an enum's wire words.
    fn word<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(Value::String(self.get(name)?)).ok()
    }

    /// The id that the server made for this form.
    fn id(&self) -> Option<Uuid> {
        self.get("form_id")?.parse().ok()
    }

    /// How to reach the person, if they said.
    fn contact(&self) -> Result<Option<Contact>, String> {
        let Some(by) = self.word::<ContactBy>("contact_by") else {
            return Ok(None);
        };
        let value = self.get("contact_value");
        Ok(Some(Contact {
            by,
            value: value.ok_or_else(|| en::contact::VALUE_NEEDED.get().to_owned())?,
            safe_to_leave_message: self.is_ticked("safe_to_leave_message"),
        }))
    }
}

/// Why a form was not taken: the status and the words for its page.
struct NotTaken(StatusCode, String);

impl From<String> for NotTaken {
    fn from(words: String) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, words)
    }
}

impl From<Error> for NotTaken {
    fn from(error: Error) -> Self {
        let (status, _, message) = error.describe();
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(%error, "a form was not taken");
        }
        Self(status, message.to_owned())
    }
}

async fn join(
    State(app): State<App>,
    session: Session,
    address: ClientAddress,
    browser: Browser,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let typed = Typed(fields);
    let request = JoinRequest {
        code: typed.get("code").unwrap_or_default(),
        name: typed.get("name"),
        device: None,
        was: None,
    };
    match session::join(&app, &session, &address, browser, request).await {
        Ok(_) => {
            let to = match typed.get("to") {
                Some(end) => pages::from_poster(&app, &end).await?,
                None => "/".to_owned(),
            };
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => again(&app, None, "/join", typed, error.into()).await,
    }
}

async fn check_in(
    State(app): State<App>,
    member: Option<Member>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let typed = Typed(fields);
    match share(&app, member.as_ref(), &typed).await {
        Ok(()) => Ok(Redirect::to("/check-in?done=check_in").into_response()),
        Err(why) => again(&app, member.as_ref(), "/check-in", typed, why).await,
    }
}

async fn share(app: &App, member: Option<&Member>, typed: &Typed) -> Result<(), NotTaken> {
    let member = member.ok_or(Error::SignInRequired)?;
    let (team, record) = pages::team(app, member)
        .await?
        .ok_or_else(|| en::refusal::NOT_YOUR_TEAM.get().to_owned())?;
    if !typed.is_ticked("consent") {
        let team = [("team", record.name.as_str())];
        return Err(en::check_in::CONSENT_NEEDED_PLAIN.fill(&team).into());
    }
    let (wants, contact) = (typed.word("wants"), typed.contact()?);
    let wants: Wants = wants.unwrap_or(Wants::Know);
    if wants.asks_for_something() && contact.is_none() {
        return Err(en::check_in::CONTACT_NEEDED.get().to_owned().into());
    }
    let share = |check_in| {
        Command::ShareCheckIn(ShareCheckIn {
            check_in: CheckInId(check_in),
            team,
            feeling: typed.word::<Feeling>("feeling"),
            note: typed.get("note"),
            wants,
            contact,
            consent: CONSENT_VERSION,
        })
    };
    send(app, member, typed, share, None).await
}

async fn sign_up(
    State(app): State<App>,
    member: Option<Member>,
    Path(opportunity): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let opportunity: OpportunityId = opportunity.parse().map_err(|_| Error::NotFound)?;
    let typed = Typed(fields);
    let path = format!("/take-part/{opportunity}/sign-up");
    match ask_for_a_place(&app, member.as_ref(), &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("{path}?done=sign_up")).into_response()),
        Err(why) => again(&app, member.as_ref(), &path, typed, why).await,
    }
}

async fn ask_for_a_place(
    app: &App,
    member: Option<&Member>,
    typed: &Typed,
) -> Result<(), NotTaken> {
    let member = member.ok_or(Error::SignInRequired)?;
    let session = typed.get("session").and_then(|id| id.parse().ok());
    let session = session.ok_or_else(|| en::sign_up::WHICH_NEEDED.get().to_owned())?;
    let contact = typed.contact()?;
    let request = |sign_up| {
        Command::RequestSignUp(RequestSignUp {
            sign_up: SignUpId(sign_up),
            session: SessionId(session),
            contact,
            access_needs: typed.get("access_needs"),
            access_needs_consent: typed.is_ticked("access_needs_consent"),
            travel_first: typed.is_ticked("travel_first"),
            note: typed.get("note"),
            agreement: typed.get("agreement").and_then(|it| it.parse().ok()),
            thanks: typed.word("thanks"),
        })
    };
    let needs = typed.get("access_needs");
    let needs = needs.filter(|_| typed.is_ticked("keep_needs"));
    let keep = needs.map(|needs| Command::KeepNeeds(KeepNeeds::keep(member.id, needs)));
    send(app, member, typed, request, keep).await
}

async fn join_group(
    State(app): State<App>,
    member: Option<Member>,
    Path(group): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let group: GroupId = group.parse().map_err(|_| Error::NotFound)?;
    let typed = Typed(fields);
    let path = format!("/take-part/groups/{group}");
    match belong(&app, member.as_ref(), &typed, group).await {
        Ok(()) => Ok(Redirect::to(&format!("{path}?done=group")).into_response()),
        Err(why) => again(&app, member.as_ref(), &path, typed, why).await,
    }
}

async fn belong(
    app: &App,
    member: Option<&Member>,
    typed: &Typed,
    group: GroupId,
) -> Result<(), NotTaken> {
    let member = member.ok_or(Error::SignInRequired)?;
    let agreement = typed.get("agreement").and_then(|it| it.parse().ok());
    if agreement.is_none() {
        return Err(en::group::AGREE_FIRST.get().to_owned().into());
    }
    let joins = InGroup {
        agreement,
        ..InGroup::new(GroupAct::Join, group)
    };
    send(app, member, typed, |_| Command::from(joins), None).await
}

/// Sends the form's command, about a thing whose id follows from the form's, and what was asked for `beside` it.
async fn send(
    app: &App,
    member: &Member,
    typed: &Typed,
    command: impl FnOnce(Uuid) -> Command,
    beside: Option<Command>,
) -> Result<(), NotTaken> {
    let form = typed.id().ok_or(Error::Malformed)?;
    let subject = subject_of(form);
    let mut raw = vec![as_a_phone_writes_it(form, &command(subject))?];
    if let Some(beside) = &beside {
        raw.push(as_a_phone_writes_it(subject, beside)?);
    }
    let push = Push {
        member: member.id,
        device: member.device,
        commands: raw
            .iter()
            .map(|raw| incoming::read(&app.hash_key, raw))
            .collect(),
    };
    let outcomes = app.writer.push(push).await?;
    match outcomes.into_iter().next() {
        Some(outcome) if outcome.outcome == Outcome::Applied => Ok(()),
        Some(outcome) if outcome.reason.is_some() => Err(outcome
            .reason
            .map(|reason| reason.message)
            .unwrap_or_default()
            .into()),
        _ => Err(Error::Busy.into()),
    }
}

/// One reading for all commands, wherever they come from.
pub(super) fn as_a_phone_writes_it(form: Uuid, command: &Command) -> Result<Box<RawValue>, Error> {
    to_raw_value(&WireCommand {
        id: CommandId(form),
        seq: 0,
        made_at: rfc3339(clock::now_ms()),
        kind: command.kind().to_owned(),
        body: command.body(),
    })
    .map_err(|problem| Error::Internal(format!("a form's command: {problem}")))
}

/// The same form always means the same thing.
pub(super) fn subject_of(form: Uuid) -> Uuid {
    let digest = Sha256::digest([b"the subject of form ", form.as_bytes().as_slice()].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The form's page once more: what was typed, and why it was not taken. Under a new id, because the
/// old one may stand for what was refused.
async fn again(
    app: &App,
    member: Option<&Member>,
    path: &str,
    typed: Typed,
    NotTaken(status, problem): NotTaken,
) -> Result<Response, Error> {
    let mut fields = typed.0;
    fields.retain(|(name, _)| name != "form_id");
    let data = PageData {
        form_problem: Some(problem),
        form_values: fields,
        ..pages::data(app, member, path).await?
    };
    pages::render(app, path, data, status).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_stands_for_one_thing_and_another_form_for_another() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(subject_of(one), subject_of(one));
        assert_ne!(subject_of(one), subject_of(other));
        assert_ne!(subject_of(one), one);
    }
}
