//! How many commands the server takes in: 50 phones that each have 20 to send, again and again.

use crate::{
    commands::{Maker, Mix},
    figures::{milliseconds, percentile, rate, thousands, title},
    raw,
};
use anyhow::{Context, Result, ensure};
use app::{
    domain::{
        id::SessionId,
        opportunity::{Gives, Session},
        record::kind,
    },
    sync::wire::SyncResponse,
};
use std::time::{Duration, Instant};
use tests::outside::{
    http::{Answer, Connection},
    member::Member,
    process::{self, Server},
};
use tokio::task::JoinSet;

const DEVICES: usize = 50;
const COMMANDS: usize = 20;
/// Requests of each device.
const ROUNDS: usize = 100;

/// Measures both mixes. What SQLite alone does is measured right before and right after each, in a
/// file beside the server's, since disks have moods.
pub async fn throughput(server: &Server) -> Result<()> {
    title(&format!(
        "Push: {DEVICES} devices × {COMMANDS} commands a request × {ROUNDS} rounds, durable before \
         each answer"
    ));
    let session = a_session(server).await?;
    let mixes = [
        ("check-ins shared", Mix::Shares),
        ("of every kind", Mix::All(session)),
    ];
    for (name, mix) in mixes {
        let before = raw::rows_per_second(server.folder())?;
        let pushed = run(server, mix).await?;
        let after = raw::rows_per_second(server.folder())?;
        pushed.print(name, u64::midpoint(before, after));
    }
    Ok(())
}

struct Pushed {
    commands: u64,
    time: Duration,
    latencies: Vec<Duration>,
    server_busy: Duration,
    client_busy: Duration,
}

impl Pushed {
    fn print(mut self, name: &str, raw: u64) {
        let rate = rate(self.commands, self.time);
        #[expect(clippy::cast_precision_loss)]
        let of_raw = rate as f64 / raw as f64;
        println!(
            "  {name:<20}{:>8} commands/s   target ≥ 10,000",
            thousands(rate)
        );
        println!(
            "    {of_raw:.2} of raw SQLite's {} rows/s (prepared inserts, {COMMANDS} a commit, \
             as durable; a command writes 3 rows)",
            thousands(raw)
        );
        let share = |busy: Duration| busy.as_secs_f64() / self.time.as_secs_f64();
        println!(
            "    in {:.1} s; a request {} (p50), {} (p95); processors busy: server {:.2}, client {:.2}",
            self.time.as_secs_f64(),
            milliseconds(percentile(&mut self.latencies, 50)),
            milliseconds(percentile(&mut self.latencies, 95)),
            share(self.server_busy),
            share(self.client_busy)
        );
    }
}

/// A phone with everything written that it is going to send.
struct Device {
    member: Member,
    connection: Connection,
    cursor: Option<String>,
    rounds: Vec<String>,
}

async fn run(server: &Server, mix: Mix) -> Result<Pushed> {
    let mut devices = Vec::with_capacity(DEVICES);
    for _ in 0..DEVICES {
        devices.push(Device::new(server, mix).await?);
    }
    let (server_before, client_before) = (server.busy()?, process::own_busy()?);
    let start = Instant::now();
    let mut working = JoinSet::new();
    for device in devices {
        working.spawn(device.send_all());
    }
    let mut latencies = Vec::new();
    while let Some(done) = working.join_next().await {
        latencies.extend(done??);
    }
    Ok(Pushed {
        commands: u64::try_from(DEVICES * COMMANDS * ROUNDS)?,
        time: start.elapsed(),
        latencies,
        server_busy: server.busy()?.saturating_sub(server_before),
        client_busy: process::own_busy()?.saturating_sub(client_before),
    })
}

impl Device {
    /// Joined, bound and up to date.
    async fn new(server: &Server, mix: Mix) -> Result<Self> {
        let member = Member::join(server.address()).await?;
        let mut maker = Maker::new(&member);
        if matches!(mix, Mix::All(_)) {
            // What the first request takes back, so that all have the same number of commands.
            maker.share();
            maker.share();
        }
        let rounds = (0..ROUNDS).map(|_| maker.request(mix, COMMANDS)).collect();
        let mut device = Self {
            connection: Connection::open(server.address()).await?,
            cursor: None,
            rounds,
            member,
        };
        device.send("").await?;
        Ok(device)
    }

    async fn send_all(mut self) -> Result<Vec<Duration>> {
        let mut latencies = Vec::with_capacity(self.rounds.len());
        for commands in std::mem::take(&mut self.rounds) {
            let start = Instant::now();
            let answer = self.send(&commands).await?;
            latencies.push(start.elapsed());
            let applied = answer.matches(r#""outcome":"applied""#).count();
            ensure!(
                applied == COMMANDS,
                "not every command was applied: {answer}"
            );
        }
        Ok(latencies)
    }

    async fn send(&mut self, commands: &str) -> Result<String> {
        let request = self.member.sync(self.cursor.as_deref(), commands);
        let answer = text(self.connection.ask(&request).await?)?;
        self.cursor = Some(cursor_of(&answer)?);
        Ok(answer)
    }
}

fn text(answer: Answer) -> Result<String> {
    let text = String::from_utf8(answer.body)?;
    ensure!(answer.status == 200, "answered {}: {text}", answer.status);
    Ok(text)
}

/// The cursor, which stands near the end, without reading the whole answer as JSON.
fn cursor_of(answer: &str) -> Result<String> {
    const BEFORE: &str = r#""cursor":""#;
    let start = answer.rfind(BEFORE).context("no cursor")? + BEFORE.len();
    let cursor = answer[start..].split('"').next();
    Ok(cursor.unwrap_or_default().to_owned())
}

/// A session for which someone looks first, so that people do not wait for each other.
async fn a_session(server: &Server) -> Result<SessionId> {
    let member = Member::join(server.address()).await?;
    let mut connection = Connection::open(server.address()).await?;
    let page = text(connection.ask(&member.sync(None, "")).await?)?;
    let page: SyncResponse = serde_json::from_str(&page)?;
    for change in page
        .changes
        .iter()
        .filter(|change| change.kind == kind::SESSION)
    {
        let body = change.body.as_ref().context("a session without a body")?;
        let session: Session = serde_json::from_str(body.0.get())?;
        if session.gives == Gives::Staff {
            return Ok(SessionId(change.id.parse()?));
        }
    }
    anyhow::bail!("the demo has no session whose places staff give")
}
