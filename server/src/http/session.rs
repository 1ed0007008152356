//! Who a member is: joining with a code, coming back with the return key, and the extractor that
//! says whose browser asks.

use super::{
    client::{Browser, ClientAddress},
    cookies, read,
};
use crate::{
    clock,
    db::{
        devices::{self, Calling, Came, DeviceRow},
        feed::{self, Entry, member_scope},
        join_codes::{self, JoinCode},
        leaving,
        members::{self, MemberRow, ReturnKey},
        teams,
        word::json,
    },
    error::Error,
    phones::{self, Joining},
    state::App,
};
use app::{
    domain::{
        id::{DeviceId, MemberId, TeamId},
        pair_code,
        record::kind,
        text,
    },
    sync::wire::{JoinRequest, JoinResponse, LeaveRequest, ReturnRequest, member_mark},
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
/// When the session began.
const SINCE: &str = "since";
/// The device that a session was bound to before a fresh return key unbound it: what ends that one ends
/// the session too.
const FROM: &str = "from";

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
    /// That device, or the one it was bound to before.
    row: Option<DeviceRow>,
    /// They left Chorus: all that any of their phones is told is to clear itself.
    left: bool,
    since: i64,
    session: Session,
}

/// Who asks, a phone included that must be told to clear itself: to nothing but a sync is it anyone.
pub struct Caller(pub Option<Member>);

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Member::of(parts, app).await.map(Self)
    }
}

impl Member {
    async fn of(parts: &mut Parts, app: &App) -> Result<Option<Self>, Error> {
        let session = Session::from_request_parts(parts, app)
            .await
            .map_err(|(_, problem)| Error::Internal(problem.to_owned()))?;
        Self::in_session(app, session).await
    }

    async fn in_session(app: &App, session: Session) -> Result<Option<Self>, Error> {
        let Some(id) = session.get(MEMBER).await.map_err(broken)? else {
            return Ok(None);
        };
        let device = session.get(DEVICE).await.map_err(broken)?;
        let from = session.get(FROM).await.map_err(broken)?;
        let since = session.get(SINCE).await.map_err(broken)?;
        let since: i64 = since.unwrap_or_default();
        let mut reader = app.db.reader().await?;
        let row = match device.or(from) {
            Some(device) => devices::find(&mut reader, id, device).await?,
            None => None,
        };
        let left = leaving::has_left(&mut reader, id).await?;
        drop(reader);
        if !left && row.as_ref().is_some_and(|row| row.has_ended(since)) {
            return Ok(None);
        }
        let now = clock::now_ms();
        let renewed: Option<i64> = session.get(RENEWED).await.map_err(broken)?;
        if now - renewed.unwrap_or_default() > RENEW_AFTER_MS {
            session.insert(RENEWED, now).await.map_err(broken)?;
        }
        Ok(Some(Self {
            id,
            device,
            row,
            left,
            since,
            session,
        }))
    }

    fn is_revoked(&self) -> bool {
        let row = self.row.as_ref();
        self.left || row.is_some_and(|row| row.revoked_at.is_some())
    }

    /// Lets the phone that calls in, or says why not: a session belongs to one device, bound at its
    /// first sync; any other has to come back with a return key of its own.
    ///
    /// # Errors
    /// [`Error::SignInRequired`]; [`Error::DeviceRevoked`]; what the database says.
    pub async fn calls_from(
        &self,
        app: &App,
        device: DeviceId,
        browser: Browser,
    ) -> Result<(), Error> {
        if self.device.is_some_and(|bound| bound != device) {
            return Err(Error::SignInRequired);
        }
        if self.left {
            return Err(Error::DeviceRevoked(device));
        }
        let other = match &self.row {
            Some(row) if row.id == device => None,
            _ => devices::find(&mut *app.db.reader().await?, self.id, device).await?,
        };
        let row = other
            .as_ref()
            .or(self.row.as_ref().filter(|row| row.id == device));
        if row.is_some_and(|row| row.revoked_at.is_some()) {
            tell(app, self.id, device).await?;
            return Err(Error::DeviceRevoked(device));
        }
        if self.is_revoked() || row.is_some_and(|row| row.has_ended(self.since)) {
            return Err(Error::SignInRequired);
        }
        let calling = calling(app, self.id, device, browser);
        if self.device.is_none() {
            return self.bind(app, calling).await;
        }
        if row.is_some_and(|row| row.last_day.as_ref() != Some(&calling.day)) {
            let seen = app
                .writer
                .run(move |tx| Box::pin(async move { devices::seen(tx, &calling).await }));
            seen.await?;
        }
        Ok(())
    }

    /// Binds the session, and the return key that came with it, to a device. A browser that was known
    /// by a plain form alone says with it who it is.
    async fn bind(&self, app: &App, calling: Calling) -> Result<(), Error> {
        let key: Option<String> = self.session.get(KEY).await.map_err(broken)?;
        let from = self.row.as_ref().filter(|row| row.plain).map(|row| row.id);
        let device = calling.id;
        app.writer
            .run(move |tx| Box::pin(async move { bind(tx, &calling, from, key).await }))
            .await?;
        self.session.insert(DEVICE, device).await.map_err(broken)
    }
}

async fn bind(
    transaction: &mut AnyConnection,
    calling: &Calling,
    from: Option<DeviceId>,
    key: Option<String>,
) -> Result<(), Error> {
    if let Some(from) = from {
        devices::rename(transaction, calling.member, from, calling.id).await?;
    }
    if let Some(key) = key {
        members::give_key(transaction, calling.member, calling.id, &key).await?;
    }
    devices::sign_in(transaction, calling, Came::AsBefore).await
}

/// A lost phone has called: its member's other phones learn that it was told.
async fn tell(app: &App, member: MemberId, device: DeviceId) -> Result<(), Error> {
    let now = clock::now_ms();
    app.writer
        .run(move |tx| Box::pin(devices::told(tx, member, device, now)))
        .await
}

fn calling(app: &App, member: MemberId, device: DeviceId, browser: Browser) -> Calling {
    let now = clock::now_ms();
    Calling {
        member,
        id: device,
        name: browser.0,
        day: clock::day(&app.config.zone, now),
        now,
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let member = Self::of(parts, app).await?;
        member
            .filter(|member| !member.is_revoked())
            .ok_or(Error::SignInRequired)
    }
}

impl OptionalFromRequestParts<App> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Error> {
        let member = Self::of(parts, app).await?;
        Ok(member.filter(|member| !member.is_revoked()))
    }
}

/// Joins with a code and signs the browser in; with a live session it answers who that is. A code for
/// another phone of the same person signs that person in, whoever was there before. Forms without
/// script use it too.
///
/// # Errors
/// [`Error::UnknownCode`]; [`Error::ClosedCode`]; [`Error::TooMany`] after a few of them; [`Error::Malformed`] for a name
/// that is no name; [`Error::DeviceRevoked`] for a phone that must clear itself first; what the database
/// says.
pub async fn join(
    app: &App,
    session: &Session,
    address: &ClientAddress,
    browser: Browser,
    request: JoinRequest,
) -> Result<JoinResponse, Error> {
    if let Some(digits) = pair_code::read(&request.code) {
        return join_as_before(app, session, address, browser, digits, request.device).await;
    }
    if let Some(member) = who_is_here(app, session, request.device).await? {
        return Ok(answer(member, None));
    }
    let name = text::tidy(request.name);
    if !text::fits(name.as_deref(), text::SHORT) {
        return Err(Error::Malformed);
    }
    let code = limited(app, "join", address, async {
        join_codes::look(&mut *app.db.reader().await?, &request.code, clock::now_ms()).await
    })
    .await?;
    let (id, key) = match again(app, request.was).await? {
        Some(known) => known,
        None => (MemberId(Uuid::now_v7()), new_return_key()),
    };
    let member = MemberRow {
        id,
        name,
        team: code.team,
    };
    let hash = hash_of(&key);
    let (row, stored_hash) = (member.clone(), hash.clone());
    app.writer
        .run(move |tx| Box::pin(async move { add_member(tx, &row, &code, &stored_hash).await }))
        .await?;
    sign_in(session, member.id, &hash).await?;
    Ok(answer(member, Some(key)))
}

/// Whose live session this is. One that was ended from elsewhere is nobody's; a lost phone must clear itself
/// first, and has done so if it `asks` as another one.
async fn who_is_here(
    app: &App,
    session: &Session,
    asks: Option<DeviceId>,
) -> Result<Option<MemberRow>, Error> {
    let here = Member::in_session(app, session.clone()).await?;
    // Who has left Chorus is nobody here, and joins as someone new.
    let Some(member) = here.filter(|member| !member.left) else {
        return Ok(None);
    };
    if let Some(lost) = member.row.as_ref().filter(|_| member.is_revoked()) {
        if asks.is_some_and(|device| device != lost.id) {
            return Ok(None);
        }
        tell(app, member.id, lost.id).await?;
        return Err(Error::DeviceRevoked(lost.id));
    }
    members::by_id(&mut *app.db.reader().await?, member.id).await
}

/// Another phone of someone who has joined. The session is bound at once: a phone that came with such a
/// code is listed from the start, whether or not it ever syncs.
async fn join_as_before(
    app: &App,
    session: &Session,
    address: &ClientAddress,
    browser: Browser,
    digits: String,
    device: Option<DeviceId>,
) -> Result<JoinResponse, Error> {
    let key = new_return_key();
    let key_hash = hash_of(&key);
    let joining = Joining {
        digits,
        device: device.unwrap_or_else(|| DeviceId(Uuid::now_v7())),
        name: browser.0,
        day: clock::day(&app.config.zone, clock::now_ms()),
        plain: device.is_none(),
        key_hash: key_hash.clone(),
    };
    let (device, hash_key) = (joining.device, app.hash_key.clone());
    let member = limited(app, "join", address, async {
        let used = app
            .writer
            .run(move |tx| Box::pin(async move { phones::use_code(tx, &hash_key, joining).await }));
        used.await?.ok_or(Error::UnknownCode)
    })
    .await?;
    sign_in(session, member.id, &key_hash).await?;
    session.insert(DEVICE, device).await.map_err(broken)?;
    Ok(answer(member, Some(key)))
}

/// Who the phone was before a restore, if nobody is that: they stay who they are, with their key. Ids
/// are chance enough that nobody comes to be another person so.
async fn again(app: &App, was: Option<ReturnRequest>) -> Result<Option<(MemberId, String)>, Error> {
    let Some(was) = was.filter(|was| is_return_key(&was.return_key)) else {
        return Ok(None);
    };
    let known = members::by_id(&mut *app.db.reader().await?, was.member).await?;
    Ok(known.is_none().then_some((was.member, was.return_key)))
}

async fn post_join(
    State(app): State<App>,
    session: Session,
    address: ClientAddress,
    browser: Browser,
    request: Request,
) -> Result<Json<JoinResponse>, Error> {
    let request = read::json(request, MOST_BYTES).await?;
    join(&app, &session, &address, browser, request)
        .await
        .map(Json)
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
    if leaving::has_left(&mut *app.db.reader().await?, key.member).await? {
        // Whoever has a key of theirs holds a phone of theirs, also one that never called before.
        return Err(asks.map_or(Error::UnknownReturnKey, Error::DeviceRevoked));
    }
    if let Some(device) = asks
        && app.db.is_device_revoked(key.member, device).await?
    {
        tell(app, key.member, device).await?;
        return Err(Error::DeviceRevoked(device));
    }
    match key.device.filter(|_| key.revoked) {
        None => Ok(()),
        Some(device) if asks.is_none() => {
            tell(app, key.member, device).await?;
            Err(Error::DeviceRevoked(device))
        }
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
    let key = new_return_key();
    let hash = hash_of(&key);
    let (id, stored_hash) = (member.id, hash.clone());
    // What ends this phone ends the key, whether or not it was used by then.
    let device = member.row.as_ref().filter(|row| !row.plain);
    let device = device.map(|row| row.id);
    app.writer
        .run(move |tx| Box::pin(async move { add_key(tx, id, &stored_hash, device).await }))
        .await?;
    let session = &member.session;
    session.insert(KEY, hash).await.map_err(broken)?;
    if let Some(device) = member.device {
        session.insert(FROM, device).await.map_err(broken)?;
        session.remove_value(DEVICE).await.map_err(broken)?;
    }
    Ok(Json(answer(row, Some(key))))
}

/// Ends this browser's session, and its return keys with it: someone left on it, and the next person
/// must not be taken for them. It is no phone of theirs any more. Answers the same when there was no
/// session, or only that of somebody who joined since.
async fn post_leave(
    State(app): State<App>,
    session: Session,
    request: Request,
) -> Result<StatusCode, Error> {
    let LeaveRequest { of } = read::json(request, MOST_BYTES).await?;
    let member: Option<MemberId> = session.get(MEMBER).await.map_err(broken)?;
    if of.is_some() && of != member.map(member_mark) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let key: Option<String> = session.get(KEY).await.map_err(broken)?;
    let device: Option<DeviceId> = session.get(DEVICE).await.map_err(broken)?;
    let from: Option<DeviceId> = session.get(FROM).await.map_err(broken)?;
    let left = member.zip(device.or(from));
    app.writer
        .run(move |tx| Box::pin(async move { leave(tx, key, left).await }))
        .await?;
    cookies::end(&session).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_key(
    transaction: &mut AnyConnection,
    member: MemberId,
    hash: &str,
    device: Option<DeviceId>,
) -> Result<(), Error> {
    members::add_return_key(transaction, hash, member, clock::now_ms()).await?;
    match device {
        Some(device) => members::give_key(transaction, member, device, hash).await,
        None => Ok(()),
    }
}

async fn leave(
    transaction: &mut AnyConnection,
    key: Option<String>,
    left: Option<(MemberId, DeviceId)>,
) -> Result<(), Error> {
    if let Some(hash) = key {
        members::drop_return_key(transaction, &hash).await?;
    }
    match left {
        Some((member, device)) => {
            devices::leave(transaction, member, device, clock::now_ms()).await
        }
        None => Ok(()),
    }
}

async fn add_member(
    transaction: &mut AnyConnection,
    member: &MemberRow,
    code: &JoinCode,
    key_hash: &str,
) -> Result<(), Error> {
    let now = clock::now_ms();
    members::add(transaction, member, now).await?;
    join_codes::join(transaction, code, member.id, now).await?;
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
    session.insert(SINCE, now).await.map_err(broken)?;
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
    match &result {
        // It was made once, so nobody guesses. Nor does it clear what was guessed before.
        Err(Error::ClosedCode(_)) => app.failures.was_none(&account, &from),
        _ if failed => {}
        _ => app.failures.succeeded(&account, &from),
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

/// 256 random bits in hex.
fn new_return_key() -> String {
    let mut bytes = [0_u8; 32];
    rng().fill_bytes(&mut bytes);
    hex(&bytes)
}

fn is_return_key(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
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
