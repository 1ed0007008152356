//! A server on a fresh database, and what a test says to it.

use crate::database::Database;
use app::{
    domain::{
        command::Command,
        id::{CommandId, DeviceId, MemberId, OpportunityId, SessionId, StaffId, TeamId},
        opportunity::{
            Area, Gives, Mode, Opportunity, OpportunityState, Room, Session, SessionState,
        },
        pair_code::PairCode,
        team::Team,
    },
    sync::wire::{CommandOutcome, ErrorBody, JoinResponse, SyncResponse},
};
use axum::{
    Router,
    body::{Body, BodyDataStream, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::{
    config::Config,
    db,
    db::staff::{NewStaff, Role},
    publish,
    state::App,
};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tower::ServiceExt;
use uuid::Uuid;

/// A server on a fresh database that is deleted with it.
pub struct Site {
    /// What the handlers share.
    pub app: App,
    router: Router,
    database: Database,
}

/// An answer, read to its end.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_slice(&self.body).unwrap_or_else(|problem| panic!("{problem}: {text}"))
    }

    /// The status and the code of an error.
    pub fn code(&self) -> (u16, String) {
        (self.status.as_u16(), self.json::<ErrorBody>().code)
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Site {
    /// Opens one.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// Opens one that is set up in another way.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::set_up(Database::new().await, change).await
    }

    /// Opens one on a database that was there before.
    pub async fn on(database: Database) -> Self {
        Self::set_up(database, |_| {}).await
    }

    /// Closes it, and leaves the database.
    pub fn close(self) -> Database {
        self.database
    }

    async fn set_up(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::on(database.store.clone());
        change(&mut config);
        let app = App::open(config).await.expect("a database");
        Self {
            router: server::router(app.clone()),
            app,
            database,
        }
    }

    /// Sends one request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await;
        let (parts, body) = answer.expect("the router always answers").into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.into(),
        }
    }

    /// Sends one request whose answer goes on for ever: gives its status and what comes.
    pub async fn listen(&self, request: Request<Body>) -> (StatusCode, BodyDataStream) {
        let answer = self.router.clone().oneshot(request).await;
        let (parts, body) = answer.expect("the router always answers").into_parts();
        (parts.status, body.into_data_stream())
    }

    /// Answers on a port of this machine as well, until the test ends.
    pub async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// Adds a team and its join code.
    pub async fn team(&self, name: &str, code: &str) -> TeamId {
        let id = TeamId(Uuid::now_v7());
        let team = Team {
            name: name.to_owned(),
            hours: "Monday to Friday, 9 to 5".to_owned(),
            next_read_at: None,
            phone: None,
            reads: Vec::new(),
            cover: None,
        };
        let code = code.to_owned();
        let write = self.app.writer.run(move |tx| {
            Box::pin(async move {
                db::teams::add(tx, id, &team, 0).await?;
                db::members::add_join_code(tx, &code, Some(id), 0).await
            })
        });
        write.await.expect("a team");
        id
    }

    /// Adds a join code of no team.
    pub async fn code(&self, code: &str) {
        let code = code.to_owned();
        let write = self.app.writer.run(move |tx| {
            Box::pin(async move { db::members::add_join_code(tx, &code, None, 0).await })
        });
        write.await.expect("a join code");
    }

    /// Publishes a session of a new opportunity.
    pub async fn session(&self, gives: Gives, places: Option<u32>) -> SessionId {
        let (opportunity, id) = (OpportunityId(Uuid::now_v7()), SessionId(Uuid::now_v7()));
        let session = session(opportunity, gives, places);
        let write = self.app.writer.run(move |tx| {
            Box::pin(async move {
                publish::opportunity(tx, opportunity, &an_opportunity()).await?;
                publish::session(tx, id, session).await
            })
        });
        write.await.expect("a session");
        id
    }

    /// Gives a session a fixed time.
    pub async fn at_two(&self, session: SessionId) {
        let write = self.app.writer.run(move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "update sessions set starts_at = '2026-12-01T14:00:00Z', \
                     local_start = '2026-12-01T14:00', length_min = 90 where id = $1",
                )
                .bind(session.to_string())
                .execute(tx)
                .await?;
                Ok(())
            })
        });
        write.await.expect("a fixed time");
    }

    /// Adds someone who works here.
    pub async fn staff(&self, name: &str, teams: &[TeamId]) -> StaffId {
        let id = StaffId(Uuid::now_v7());
        let new = NewStaff {
            id,
            email: format!("{name}@demo.example"),
            name: name.to_owned(),
            role: Role::Staff,
            password: "no password fits this".to_owned(),
            teams: teams.to_vec(),
        };
        let write = self
            .app
            .writer
            .run(move |tx| Box::pin(async move { db::staff::add(tx, &new, 0).await }));
        write.await.expect("a member of staff");
        id
    }

    /// A member with the code, on a new phone.
    pub async fn joined(&self, code: &str) -> Phone<'_> {
        let mut phone = Phone::new(self);
        let answer = phone.post("/api/join", &json!({ "code": code })).await;
        let joined: JoinResponse = answer.json();
        phone.member = Some(joined.member);
        phone.return_key = joined.return_key.expect("a return key");
        phone.team = joined.team;
        phone
    }

    /// A member of no team who goes by a name, on a new phone.
    pub async fn named(&self, name: &str) -> Phone<'_> {
        let code = Uuid::now_v7().to_string();
        self.code(&code).await;
        let mut phone = Phone::new(self);
        let body = json!({ "code": code, "name": name });
        let joined: JoinResponse = phone.post("/api/join", &body).await.json();
        phone.member = Some(joined.member);
        phone
    }

    /// A member of no team, on a new phone.
    pub async fn member(&self) -> Phone<'_> {
        let code = Uuid::now_v7().to_string();
        self.code(&code).await;
        self.joined(&code).await
    }
}

/// One browser: its cookie and what it knows.
#[derive(Clone)]
pub struct Phone<'a> {
    /// Where it belongs to.
    pub site: &'a Site,
    /// The session's cookie.
    pub cookie: Option<String>,
    /// Who it believes it is.
    pub member: Option<MemberId>,
    /// Its device id.
    pub device: DeviceId,
    /// Its return key.
    pub return_key: String,
    /// Its member's team.
    pub team: Option<TeamId>,
    /// Where its last pull ended.
    pub cursor: Option<String>,
    /// Whether it says that what it keeps is sealed.
    pub sealed: bool,
}

impl<'a> Phone<'a> {
    /// A browser that never joined.
    pub fn new(site: &'a Site) -> Self {
        Self {
            site,
            cookie: None,
            member: None,
            device: DeviceId(Uuid::now_v7()),
            return_key: String::new(),
            team: None,
            cursor: None,
            sealed: false,
        }
    }

    /// A request of our own page.
    pub fn request(&self, path: &str) -> axum::http::request::Builder {
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json");
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    /// Sends a request and keeps the cookie that comes with the answer.
    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = self.site.send(request).await;
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        answer
    }

    /// Posts JSON.
    pub async fn post(&mut self, path: &str, body: &Value) -> Answer {
        let request = self.request(path).body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    /// Renews its session with its return key.
    pub async fn comes_back(&mut self) -> Answer {
        let body = json!({ "member": self.member, "return_key": self.return_key,
            "device": self.device });
        self.post("/api/return", &body).await
    }

    /// Renews it as phones of the first release do: they do not say which they are.
    pub async fn comes_back_unnamed(&mut self) -> Answer {
        let body = json!({ "member": self.member, "return_key": self.return_key });
        self.post("/api/return", &body).await
    }

    /// Another browser of the same member, with a key of its own, that has synced.
    pub async fn second(&mut self) -> Phone<'a> {
        let made: PairCode = self.post("/api/pair", &json!({})).await.json();
        let mut second = Phone::new(self.site);
        let body = json!({ "code": made.code, "device": second.device });
        let joined: JoinResponse = second.post("/api/join", &body).await.json();
        second.member = Some(joined.member);
        second.return_key = joined.return_key.expect("a return key of its own");
        second.sync(&[]).await;
        second
    }

    /// Its member asks for this device to be erased.
    pub async fn is_revoked(&self) {
        let (member, device) = (self.id(), self.device);
        let revoke = self
            .site
            .app
            .writer
            .run(move |tx| Box::pin(db::devices::lose(tx, member, device, None, 1)));
        revoke.await.expect("a device that has synced");
    }

    /// The envelope of a sync with these commands.
    pub fn envelope(&self, commands: &[Value]) -> Value {
        json!({ "protocol": 1, "device": self.device, "member": self.member,
            "cursor": self.cursor, "commands": commands, "sealed": self.sealed })
    }

    /// Syncs these commands and moves on to where the answer ends.
    pub async fn sync(&mut self, commands: &[Value]) -> SyncResponse {
        let envelope = self.envelope(commands);
        let answer = self.post("/api/sync", &envelope).await;
        let response: SyncResponse = answer.json();
        self.cursor = Some(response.cursor.clone());
        response
    }

    /// Syncs these commands, which the server does not take.
    pub async fn sync_refused(&mut self, commands: &[Value]) -> (u16, String) {
        let envelope = self.envelope(commands);
        self.post("/api/sync", &envelope).await.code()
    }

    /// Does one thing; says `applied`, or the code of the refusal.
    pub async fn does(&mut self, command: &Command) -> String {
        let response = self.sync(&[wire(command)]).await;
        said(&response.outcomes[0])
    }

    /// Its member.
    pub fn id(&self) -> MemberId {
        self.member.expect("a joined phone")
    }
}

/// `applied`, `deferred`, or the code of the refusal.
pub fn said(outcome: &CommandOutcome) -> String {
    match &outcome.reason {
        Some(reason) => reason.code.clone(),
        None => format!("{:?}", outcome.outcome).to_lowercase(),
    }
}

/// A command as a phone stores it, with a new id.
pub fn wire(command: &Command) -> Value {
    wire_as(CommandId(Uuid::now_v7()), command)
}

/// A command as a phone stores it.
pub fn wire_as(id: CommandId, command: &Command) -> Value {
    json!({ "id": id, "seq": 1, "made_at": "2026-11-23T09:12:00+00:00",
        "kind": command.kind(), "body": command.body() })
}

/// The record of one thing in an answer. A group and somebody's membership have one id: what is asked for says
/// which of them is meant.
pub fn record<T: DeserializeOwned>(response: &SyncResponse, id: impl ToString) -> Option<T> {
    let id = id.to_string();
    let all = response.changes.iter().filter(|change| change.id == id);
    let mut bodies = all.filter_map(|change| change.body.as_ref()).rev();
    bodies.find_map(|body| serde_json::from_str(body.0.get()).ok())
}

/// An opportunity that takes people.
pub fn an_opportunity() -> Opportunity {
    Opportunity {
        area: Area::Wording,
        title: "Gentler words".to_owned(),
        purpose: "Plans that people want to read".to_owned(),
        what_happens: "Reading together".to_owned(),
        what_next: "The plan changes".to_owned(),
        commitment: None,
        support: None,
        travel: None,
        thank_you: None,
        access: None,
        contact: None,
        state: OpportunityState::Published,
        more: None,
    }
}

/// A session to come.
pub fn session(opportunity: OpportunityId, gives: Gives, places: Option<u32>) -> Session {
    Session {
        opportunity,
        starts_at: None,
        local_start: None,
        zone: None,
        length_min: None,
        breaks: None,
        mode: Mode::Online,
        place: None,
        places,
        gives,
        ballot_at: None,
        room: Room::Plenty,
        state: SessionState::Scheduled,
        lead: None,
        was: None,
        reason: None,
    }
}
