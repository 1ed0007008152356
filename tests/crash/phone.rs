//! A phone that works while the server dies under it: it sends batches of commands, and the same
//! bytes again until they are answered.

use crate::{chance::Chance, ledger::Ledger, mirror::Mirror};
use anyhow::{Context, Result, bail, ensure};
use app::{
    domain::{
        check_in::{CONSENT_VERSION, ShareCheckIn, Wants},
        command::Command,
        id::{CheckInId, CommandId, SessionId, SignUpId},
        record::kind,
        sign_up::RequestSignUp,
    },
    sync::wire::SyncResponse,
};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};
use tests::outside::{
    http::Connection,
    member::{Member, list, wire},
};
use tokio::sync::watch;
use uuid::Uuid;

/// The most commands in a batch.
const BATCH: u64 = 20;
/// How often a server that is up may fail one request.
const MOST_TRIES: usize = 1000;

/// What the phones and the one who kills the server share.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where the server listens.
    pub address: SocketAddr,
    /// Whether the server is there.
    pub up: watch::Sender<bool>,
    /// Whether the phones may stop.
    pub done: watch::Sender<bool>,
    /// How many requests were written.
    pub sent: watch::Sender<u64>,
    /// How many answers were read.
    pub answered: watch::Sender<u64>,
    ledger: Arc<Mutex<Ledger>>,
}

impl Site {
    /// With a server that is there.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            up: watch::Sender::new(true),
            done: watch::Sender::new(false),
            sent: watch::Sender::new(0),
            answered: watch::Sender::new(0),
            ledger: Arc::default(),
        }
    }

    /// What was sent and answered so far.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger
            .lock()
            .expect("nobody panics while writing in the ledger")
    }
}

/// A member's phone.
#[derive(Debug)]
pub struct Phone {
    site: Site,
    member: Member,
    chance: Chance,
    connection: Option<Connection>,
    held: Mirror,
    batches: Vec<Batch>,
    made: Vec<Command>,
    /// Their withdrawal is on its way; they come after it.
    withdrawn_first: Vec<Command>,
    seq: u64,
}

/// Commands that are sent together.
#[derive(Clone, Debug)]
struct Batch {
    ids: Vec<CommandId>,
    texts: String,
}

impl Phone {
    /// A phone that does what `seed` says.
    pub fn new(site: Site, member: Member, seed: u64) -> Self {
        Self {
            site,
            member,
            chance: Chance::new(seed),
            connection: None,
            held: Mirror::default(),
            batches: Vec::new(),
            made: Vec::new(),
            withdrawn_first: Vec::new(),
            seq: 0,
        }
    }

    /// Sends batch after batch until told to stop; every one is answered by then.
    pub async fn work(mut self) -> Result<Self> {
        self.pull().await?;
        while !*self.site.done.borrow() {
            let batch = self.new_batch();
            self.deliver(&batch).await?;
            self.batches.push(batch);
            if self.chance.one_in(8)
                && let Some(old) = self.chance.pick(&self.batches).cloned()
            {
                self.deliver(&old).await?;
            }
        }
        Ok(self)
    }

    /// Sends everything once more: the ledger notices an answer that differs.
    pub async fn ask_everything_again(&mut self) -> Result<()> {
        for batch in self.batches.clone() {
            self.deliver(&batch).await?;
        }
        Ok(())
    }

    /// What came bit by bit is what a new phone would get.
    pub async fn compare_with_a_fresh_pull(&mut self) -> Result<()> {
        self.pull().await?;
        let before = std::mem::take(&mut self.held);
        self.pull().await?;
        ensure!(self.held == before, "a fresh pull brought other records");
        Ok(())
    }

    async fn pull(&mut self) -> Result<()> {
        let nothing = Batch {
            ids: Vec::new(),
            texts: String::new(),
        };
        self.deliver(&nothing).await
    }

    /// Sends the same bytes until they are answered, then reads on to the end.
    async fn deliver(&mut self, batch: &Batch) -> Result<()> {
        let request = self.member.sync(self.held.cursor.as_deref(), &batch.texts);
        let mut page = self.insist(&request).await?;
        self.note(batch, &page)?;
        self.held.take(&page)?;
        while page.more {
            let request = self.member.sync(self.held.cursor.as_deref(), "");
            page = self.insist(&request).await?;
            self.held.take(&page)?;
        }
        Ok(())
    }

    async fn insist(&mut self, request: &[u8]) -> Result<SyncResponse> {
        for _ in 0..MOST_TRIES {
            match self.ask(request).await? {
                Some(page) => return Ok(page),
                None => self.connection = None,
            }
            self.site.up.subscribe().wait_for(|up| *up).await?;
        }
        bail!("the server is up and does not answer");
    }

    /// None when there is no answer, so that whether the request arrived is unknown.
    async fn ask(&mut self, request: &[u8]) -> Result<Option<SyncResponse>> {
        let gives_up = self.chance.one_in(16);
        let answer = async {
            let connection = match &mut self.connection {
                Some(connection) => connection,
                none => none.insert(Connection::open(self.site.address).await?),
            };
            connection.send(request).await?;
            self.site.sent.send_modify(|count| *count += 1);
            if gives_up {
                return Err(std::io::ErrorKind::TimedOut.into());
            }
            connection.receive().await
        };
        let Ok(answer) = answer.await else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&answer.body);
        match answer.status {
            200 => {}
            503 => return Ok(None),
            other => bail!("the server answered {other}: {text}"),
        }
        let page = serde_json::from_str(&text).with_context(|| text.into_owned())?;
        Ok(Some(page))
    }

    fn note(&mut self, batch: &Batch, page: &SyncResponse) -> Result<()> {
        let told: Vec<_> = page
            .outcomes
            .iter()
            .filter_map(|outcome| outcome.id)
            .collect();
        ensure!(
            told == batch.ids,
            "the outcomes are not those of the commands, in order"
        );
        let mut ledger = self.site.ledger();
        for (id, outcome) in batch.ids.iter().zip(&page.outcomes) {
            ledger.answered(*id, outcome.clone());
        }
        drop(ledger);
        self.site.answered.send_modify(|count| *count += 1);
        Ok(())
    }

    fn new_batch(&mut self) -> Batch {
        let size = 1 + self.chance.below(BATCH);
        let mut batch = Batch {
            ids: Vec::new(),
            texts: String::new(),
        };
        let mut texts = Vec::new();
        for _ in 0..size {
            let (id, command) = (CommandId(Uuid::now_v7()), self.new_command());
            self.seq += 1;
            texts.push(wire(id, self.seq, &command));
            batch.ids.push(id);
            self.site.ledger().sent(id, self.member.id, command);
        }
        batch.texts = list(texts.iter().map(String::as_str));
        batch
    }

    /// Mostly something new; sometimes taking something back, now and then before it was made.
    fn new_command(&mut self) -> Command {
        if self.chance.one_in(3)
            && let Some(made) = self.chance.pick(&self.made)
        {
            return withdrawal_of(made);
        }
        if self.chance.one_in(4)
            && let Some(late) = self.withdrawn_first.pop()
        {
            return late;
        }
        let command = self.new_thing();
        if self.chance.one_in(12) {
            let withdrawal = withdrawal_of(&command);
            self.withdrawn_first.push(command);
            return withdrawal;
        }
        self.made.push(command.clone());
        command
    }

    fn new_thing(&mut self) -> Command {
        let sessions: Vec<&str> = self.held.of_kind(kind::SESSION).map(|(id, _)| id).collect();
        let session = self.chance.pick(&sessions).and_then(|id| id.parse().ok());
        match session.filter(|_| self.chance.one_in(4)) {
            Some(session) => Command::RequestSignUp(a_request(SessionId(session))),
            None => Command::ShareCheckIn(ShareCheckIn {
                check_in: CheckInId(Uuid::now_v7()),
                team: self.member.team,
                feeling: None,
                note: Some("Sent while the server falls over.".to_owned()),
                wants: Wants::Message,
                contact: None,
                consent: CONSENT_VERSION,
            }),
        }
    }
}

fn a_request(session: SessionId) -> RequestSignUp {
    RequestSignUp {
        sign_up: SignUpId(Uuid::now_v7()),
        session,
        contact: None,
        access_needs: None,
        access_needs_consent: false,
        travel_first: false,
        note: Some("Asked for while the server falls over.".to_owned()),
        agreement: None,
        thanks: None,
    }
}

fn withdrawal_of(made: &Command) -> Command {
    match made {
        Command::RequestSignUp(request) => Command::WithdrawSignUp(request.sign_up),
        Command::ShareCheckIn(share) => Command::WithdrawCheckIn(share.check_in),
        other => other.clone(),
    }
}
