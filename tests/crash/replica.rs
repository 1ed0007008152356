//! A phone as it is: the shipped replica over a store that is a phone's, speaking to the real server.

use anyhow::{Context, Result, bail, ensure};
use app::{
    domain::{
        check_in::{CONSENT_VERSION, ShareCheckIn, Wants},
        command::Command,
        id::{CheckInId, CommandId, DeviceId, SessionId, SignUpId, TeamId},
        sign_up::RequestSignUp,
    },
    sync::{
        link::LinkError,
        outbox::Owner,
        replica::{Act, Input, Output, Replica, Setup},
        store::Saved,
        wire::{ErrorBody, JoinRequest, JoinResponse, ReturnRequest, SyncRequest},
    },
};
use serde::Serialize;
use std::net::SocketAddr;
use tests::{
    outside::{
        http::{self, Answer, Connection},
        member::CODE,
    },
    simulation::store::Store,
};
use uuid::Uuid;

/// Between two tries: longer than any wait after a failure.
const STEP_MS: i64 = 400_000;

/// A member's phone.
#[derive(Debug)]
pub struct ReplicaPhone {
    server: SocketAddr,
    /// What it keeps.
    pub store: Store,
    replica: Replica,
    now: i64,
    cookie: String,
    /// What renews its session.
    pub key: ReturnRequest,
    team: TeamId,
    /// What it took back.
    pub taken_back: Vec<CheckInId>,
}

impl ReplicaPhone {
    /// Joins with the demo's code.
    pub async fn join(server: SocketAddr, seed: u64) -> Result<Self> {
        let (joined, cookie) = join(server, None).await?;
        let setup = Setup {
            device: DeviceId(Uuid::now_v7()),
            build: "1".into(),
            seed,
        };
        let mut phone = Self {
            server,
            store: Store::default(),
            now: 1_795_425_120_000,
            cookie,
            key: ReturnRequest {
                member: joined.member,
                return_key: joined.return_key.context("no return key came")?,
                device: Some(setup.device),
            },
            replica: Replica::restore(Saved::default(), setup),
            team: joined.team.context("the code belongs to no team")?,
            taken_back: Vec::new(),
        };
        let member = joined.member;
        phone
            .does(Act::Become {
                member,
                with: vec![],
            })
            .await?;
        Ok(phone)
    }

    /// Joins again as who they are, on a server that went back to before they joined.
    pub async fn join_again(&mut self) -> Result<()> {
        let (joined, cookie) = join(self.server, Some(self.key.clone())).await?;
        ensure!(joined.member == self.key.member, "they became someone else");
        self.cookie = cookie;
        self.sync().await
    }

    /// Shares a check-in, asks for a place, or takes something back.
    pub async fn write(&mut self, turn: u64) -> Result<()> {
        let shared = self
            .store
            .records
            .keys()
            .filter_map(|key| key.split("/check_in/").nth(1));
        let shared: Vec<Uuid> = shared
            .filter_map(|rest| rest.split('/').next()?.parse().ok())
            .collect();
        let command = match (turn % 4, shared.first()) {
            (3, Some(id)) if !self.taken_back.contains(&CheckInId(*id)) => {
                self.taken_back.push(CheckInId(*id));
                Command::WithdrawCheckIn(CheckInId(*id))
            }
            (1, _) => match self.some_session(turn) {
                Some(session) => Command::RequestSignUp(a_request(session)),
                None => self.a_share(),
            },
            _ => self.a_share(),
        };
        let act = Act::Do {
            id: CommandId(Uuid::now_v7()),
            owner: Owner::Member(self.key.member),
            command: Box::new(command),
            with: vec![],
        };
        self.does(act).await
    }

    fn some_session(&self, turn: u64) -> Option<SessionId> {
        let keys = self
            .store
            .records
            .keys()
            .filter_map(|key| key.strip_prefix("public/session/"));
        let ids: Vec<Uuid> = keys
            .filter_map(|rest| rest.split('/').next()?.parse().ok())
            .collect();
        let at = usize::try_from(turn).ok()?.checked_rem(ids.len())?;
        Some(SessionId(ids[at]))
    }

    fn a_share(&self) -> Command {
        Command::ShareCheckIn(ShareCheckIn {
            check_in: CheckInId(Uuid::now_v7()),
            team: self.team,
            feeling: None,
            note: Some("Written before the server went back in time.".into()),
            wants: Wants::Message,
            contact: None,
            consent: CONSENT_VERSION,
        })
    }

    /// Looks at the phone until nothing waits and the server was heard.
    pub async fn settle(&mut self) -> Result<()> {
        for _ in 0..50 {
            self.sync().await?;
            let status = self.replica.status();
            if status.unsent == 0 && status.link == app::sync::status::Link::Reached {
                return Ok(());
            }
        }
        bail!("it does not settle: {:?}", self.replica.status());
    }

    /// A round.
    pub async fn sync(&mut self) -> Result<()> {
        self.take(Input::Try).await
    }

    /// Whether the server does not know who this is.
    pub fn is_a_stranger(&self) -> bool {
        self.replica.status().link == app::sync::status::Link::SignInNeeded
    }

    /// Whether it heard of the restore.
    pub fn knows_of_restore(&self) -> bool {
        self.replica.status().restored_at.is_some()
    }

    async fn does(&mut self, act: Act) -> Result<()> {
        self.take(Input::Act(1, act)).await
    }

    async fn take(&mut self, input: Input) -> Result<()> {
        self.now += STEP_MS;
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            self.replica.handle(self.now, input);
            while let Some(output) = self.replica.poll() {
                inputs.extend(self.perform(output).await?);
            }
        }
        Ok(())
    }

    async fn perform(&mut self, output: Output) -> Result<Option<Input>> {
        Ok(match output {
            Output::Store(batch) => {
                let known = self.store.rest.look(&[]);
                let kept = self.store.commit(&batch, &known);
                kept.expect("no phone here has a PIN");
                Some(Input::Stored(batch.id))
            }
            Output::Lock { .. } => Some(Input::Locked(None)),
            Output::Send(id, request) => Some(Input::Reply(id, self.send(&request).await)),
            Output::Renew(_) => Some(Input::Renewed(self.renew().await)),
            _ => None,
        })
    }

    async fn send(
        &self,
        request: &SyncRequest,
    ) -> Result<Box<app::sync::wire::SyncResponse>, LinkError> {
        let answer = self
            .post("/api/sync", request)
            .await
            .ok_or(LinkError::NoAnswer)?;
        if answer.status == 200 {
            return serde_json::from_slice(&answer.body)
                .map(Box::new)
                .map_err(|_| LinkError::Failed);
        }
        Err(error(&answer, request.device))
    }

    async fn renew(&mut self) -> Result<(), LinkError> {
        let answer = self
            .post("/api/return", &self.key)
            .await
            .ok_or(LinkError::NoAnswer)?;
        if answer.status >= 300 {
            return Err(error(&answer, DeviceId(Uuid::nil())));
        }
        self.cookie = cookie_of(&answer).unwrap_or_default();
        Ok(())
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Option<Answer> {
        let body = serde_json::to_string(body).ok()?;
        let headers = format!("cookie: {}\r\n", self.cookie);
        let request = http::post(self.server, path, &headers, &body);
        let mut connection = Connection::open(self.server).await.ok()?;
        connection.ask(&request).await.ok()
    }
}

async fn join(server: SocketAddr, was: Option<ReturnRequest>) -> Result<(JoinResponse, String)> {
    let request = JoinRequest {
        code: CODE.into(),
        name: None,
        device: None,
        was,
    };
    let request = http::post(server, "/api/join", "", &serde_json::to_string(&request)?);
    let answer = Connection::open(server).await?.ask(&request).await?;
    let text = String::from_utf8_lossy(&answer.body);
    ensure!(
        answer.status == 200,
        "joining was answered {}: {text}",
        answer.status
    );
    let cookie = cookie_of(&answer).context("no cookie came")?;
    Ok((serde_json::from_str(&text)?, cookie))
}

fn cookie_of(answer: &Answer) -> Option<String> {
    Some(answer.header("set-cookie")?.split(';').next()?.to_owned())
}

fn error(answer: &Answer, device: DeviceId) -> LinkError {
    let body: Option<ErrorBody> = serde_json::from_slice(&answer.body).ok();
    LinkError::read(answer.status, body.as_ref(), None, device)
}

fn a_request(session: SessionId) -> RequestSignUp {
    RequestSignUp {
        sign_up: SignUpId(Uuid::now_v7()),
        session,
        contact: None,
        access_needs: None,
        access_needs_consent: false,
        travel_first: false,
        note: Some("Asked for before the server went back in time.".into()),
        agreement: None,
        thanks: None,
    }
}
