//! Who a member is: joining with a code, coming back with the return key, and the extractor that
//! says whose browser asks.

use super::{client::ClientAddress, cookies, read};
use crate::{
    clock,
    db::{
        feed::{self, Entry, member_scope},
        members::{self, MemberRow, ReturnKey},
        teams,
        word::json,
    },
    error::Error,
    state::App,
};
use app::{
    domain::{
        id::{DeviceId, MemberId, TeamId},
        record::kind,
        text,
    },
    sync::wire::{JoinRequest, JoinResponse, ReturnRequest},
};
use axum::{
    Json, Router,
    extract::{FromRequestParts, OptionalFromRequestParts, Request, State},
    http::{StatusCode, request::Parts},
    routing::post,
};
use rand::{Rng, rng};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use tower_sessions::Session;
use uuid::Uuid;

/// The most bytes of a request to join or to come back.
const MOST_BYTES: usize = 4 * 1024;
/// A session is renewed when it is used this long after it was renewed last: never with each request.
const RENEW_AFTER_MS: i64 = 24 * 60 * 60 * 1000;

const MEMBER: &str = "member";
const DEVICE: &str = "device";
const KEY: &str = "key";
const RENEWED: &str = "renewed";

/// `/api/join`, `/api/return`, `/api/return-key` and `/api/leave`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/api/join", post(post_join))
        .route("/api/return", post(post_return))
        .route("/api/return-key", post(post_return_key))
        .route("/api/leave", post(post_leave))
}

/// The joined member whose browser asks. As an extractor it answers `sign_in_required` for anyone
/// else; `Option<Member>` is for pages that everyone sees.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// The device that this session was bound to at its first sync.
    pub device: Option<DeviceId>,
    session: Session,
}

impl Member {
    async fn of(parts: &mut Parts, app: &App) -> Result<Option<Self>, Error> {
        let session = Session::from_request_parts(parts, app)
            .await
            .map_err(|(_, problem)| Error::Internal(problem.to_owned()))?;
        let Some(id) = session.get(MEMBER).await.map_err(broken)? else {
            return Ok(None);
        };
        let now = clock::now_ms();
        let renewed: Option<i64> = session.get(RENEWED).await.map_err(broken)?;
        if now - renewed.unwrap_or_default() > RENEW_AFTER_MS {
            session.insert(RENEWED, now).await.map_err(broken)?;
        }
        Ok(Some(Self {
            id,
            device: session.get(DEVICE).await.map_err(broken)?,
            session,
        }))
    }

    /// Binds the session, and the return key that came with it, to a device.
    ///
    /// # Errors
    /// What the database says.
    pub async fn bind(&self, app: &App, device: DeviceId) -> Result<(), Error> {
        let (member, now) = (self.id, clock::now_ms());
        let key: Option<String> = self.session.get(KEY).await.map_err(broken)?;
        app.writer
            .run(move |tx| Box::pin(members::bind_device(tx, member, device, key, now)))
            .await?;
        self.session.insert(DEVICE, device).await.map_err(broken)
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Self::of(parts, app).await?.ok_or(Error::SignInRequired)
    }
}

impl OptionalFromRequestParts<App> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Error> {
        Self::of(parts, app).await
    }
}

/// Joins with a code and signs the browser in; with a live session it answers who that is. Forms
/// without script use it too.
///
/// # Errors
/// [`Error::UnknownCode`]; [`Error::TooMany`] after a few of them; [`Error::Malformed`] for a name
/// that is no name; what the database says.
pub async fn join(
    app: &App,
    session: &Session,
    address: &ClientAddress,
    request: JoinRequest,
) -> Result<JoinResponse, Error> {
    if let Some(id) = session.get(MEMBER).await.map_err(broken)?
        && let Some(member) = members::by_id(&mut *app.db.reader().await?, id).await?
    {
        return Ok(answer(member, None));
    }
    let name = text::tidy(request.name);
    if !text::fits(name.as_deref(), text::SHORT) {
        return Err(Error::Malformed);
    }
    let code = limited(app, "join", address, async {
        let code = members::join_code(&mut *app.db.reader().await?, &request.code).await?;
        code.ok_or(Error::UnknownCode)
    })
    .await?;
    let member = MemberRow {
        id: MemberId(Uuid::now_v7()),
        name,
        team: code.team,
    };
    let (key, hash) = new_return_key();
    let (row, stored_hash) = (member.clone(), hash.clone());
    app.writer
        .run(move |tx| Box::pin(async move { add_member(tx, &row, &stored_hash).await }))
        .await?;
    sign_in(session, member.id, &hash).await?;
    Ok(answer(member, Some(key)))
}

async fn post_join(
    State(app): State<App>,
    session: Session,
    address: ClientAddress,
    request: Request,
) -> Result<Json<JoinResponse>, Error> {
    let request = read::json(request, MOST_BYTES).await?;
    join(&app, &session, &address, request).await.map(Json)
}

async fn post_return(
    State(app): State<App>,
    session: Session,
    address: ClientAddress,
    request: Request,
) -> Result<StatusCode, Error> {
    let request: ReturnRequest = read::json(request, MOST_BYTES).await?;
    let hash = hash_of(&request.return_key);
    let key = limited(&app, "return", &address, async {
        members::return_key(&mut *app.db.reader().await?, &hash)
            .await?
            .filter(|key| key.member == request.member)
            .ok_or(Error::UnknownReturnKey)
    })
    .await?;
    refuse_revoked(&app, &key, request.device).await?;
    sign_in(&session, key.member, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells a device that its member asked for it to be erased: the one that asks, or else the one that
/// the key came to, for a phone that does not say which it is. To any other device the key of a revoked
/// one opens nothing.
async fn refuse_revoked(app: &App, key: &ReturnKey, asks: Option<DeviceId>) -> Result<(), Error> {
    if let Some(device) = asks
        && app.db.is_device_revoked(key.member, device).await?
    {
        return Err(Error::DeviceRevoked(device));
    }
    match key.device.filter(|_| key.revoked) {
        None => Ok(()),
        Some(device) if asks.is_none() => Err(Error::DeviceRevoked(device)),
        Some(_) => Err(Error::UnknownReturnKey),
    }
}

/// A fresh return key for a browser that joined without the app. The session is bound again at the
/// next sync; keys of other devices stay good.
async fn post_return_key(
    State(app): State<App>,
    member: Member,
) -> Result<Json<JoinResponse>, Error> {
    let row = members::by_id(&mut *app.db.reader().await?, member.id)
        .await?
        .ok_or(Error::SignInRequired)?;
    let (key, hash) = new_return_key();
    let (id, now, stored_hash) = (member.id, clock::now_ms(), hash.clone());
    app.writer
        .run(move |tx| {
            Box::pin(async move { members::add_return_key(tx, &stored_hash, id, now).await })
        })
        .await?;
    let session = &member.session;
    session.insert(KEY, hash).await.map_err(broken)?;
    session.remove_value(DEVICE).await.map_err(broken)?;
    Ok(Json(answer(row, Some(key))))
}

/// Ends this browser's session, and its return key with it: someone deleted their things there, and
/// the next person must not be taken for them. Answers the same when there was no session.
async fn post_leave(State(app): State<App>, session: Session) -> Result<StatusCode, Error> {
    let key: Option<String> = session.get(KEY).await.map_err(broken)?;
    if let Some(hash) = key {
        app.writer
            .run(move |tx| Box::pin(async move { members::drop_return_key(tx, &hash).await }))
            .await?;
    }
    cookies::end(&session).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_member(
    transaction: &mut AnyConnection,
    member: &MemberRow,
    key_hash: &str,
) -> Result<(), Error> {
    let now = clock::now_ms();
    members::add(transaction, member, now).await?;
    members::add_return_key(transaction, key_hash, member.id, now).await?;
    match member.team {
        Some(team) => show_team(transaction, member.id, team).await,
        None => Ok(()),
    }
}

/// The member's phone learns who reads what it shares, and when.
async fn show_team(
    transaction: &mut AnyConnection,
    member: MemberId,
    team: TeamId,
) -> Result<(), Error> {
    let record = teams::record(transaction, team).await?;
    let entry = Entry {
        scope: member_scope(member),
        kind: kind::TEAM,
        id: team.to_string(),
        body: Some(json(&record)),
        is_new: true,
    };
    feed::write(transaction, vec![entry]).await
}

/// A new cookie for `member`: one that was set before opens nothing.
async fn sign_in(session: &Session, member: MemberId, key_hash: &str) -> Result<(), Error> {
    cookies::end(session).await?;
    session.insert(MEMBER, member).await.map_err(broken)?;
    session.insert(KEY, key_hash).await.map_err(broken)?;
    let now = clock::now_ms();
    session.insert(RENEWED, now).await.map_err(broken)
}

/// Does `attempt`; an address that fails too often has to wait. Only failures count.
async fn limited<T>(
    app: &App,
    door: &str,
    address: &ClientAddress,
    attempt: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let account = format!("{door} from {}", address.0);
    let from = format!("{door} {}", address.0);
    app.failures
        .begin(&account, &from, clock::now_ms())
        .map_err(|wait| Error::TooMany {
            retry_after_s: wait.0,
        })?;
    let result = attempt.await;
    let failed = matches!(result, Err(Error::UnknownCode | Error::UnknownReturnKey));
    if !failed {
        app.failures.succeeded(&account, &from);
    }
    result
}

fn answer(member: MemberRow, return_key: Option<String>) -> JoinResponse {
    JoinResponse {
        member: member.id,
        return_key,
        team: member.team,
        name: member.name,
    }
}

/// 256 random bits in hex, and the hash that is stored.
fn new_return_key() -> (String, String) {
    let mut bytes = [0_u8; 32];
    rng().fill_bytes(&mut bytes);
    let key = hex(&bytes);
    let hash = hash_of(&key);
    (key, hash)
}

fn hash_of(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn broken(problem: tower_sessions::session::Error) -> Error {
    Error::Internal(format!("a session: {problem}"))
}
