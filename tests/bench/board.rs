//! What the desk's board costs with 100,000 sign-ups for 200 sessions: each list, a page deep in one, names,
//! one opportunity, one session, and the counts of the tabs, which every page has too.

use crate::figures::{milliseconds, percentile, thousands, title};
use anyhow::{Context, Result, ensure};
use rusqlite::{Connection as Sqlite, params};
use server::{
    config::Store,
    db::{
        self,
        desk::board::{self, Narrow, Of},
        reach::Reach,
    },
    demo,
};
use std::time::{Duration, Instant};
use tests::outside::{http::Connection, process::Server};
use uuid::Uuid;

const SIGN_UPS: u64 = 100_000;
const MEMBERS: u64 = 20_000;
const SESSIONS: u64 = 200;
const OPPORTUNITIES: u64 = 20;
const MEASURED: usize = 40;
/// 23 November 2026, in the morning.
const FROM_MS: u64 = 1_795_443_120_007;
/// Of every twenty: most have been, as in an organisation that has used Chorus for years.
const STATES: [(&str, bool); 20] = [
    ("received", false),
    ("received", true),
    ("waiting", true),
    ("offered", true),
    ("confirmed", false),
    ("confirmed", true),
    ("confirmed", true),
    ("attended", true),
    ("attended", true),
    ("thanked", true),
    ("thanked", true),
    ("thanked", true),
    ("thanked", true),
    ("not_there", true),
    ("not_there", true),
    ("withdrawn", true),
    ("withdrawn", false),
    ("withdrawn", true),
    ("cancelled", true),
    ("cancelled", true),
];
const FIRST: [&str; 25] = [
    "Ada", "Amina", "Ben", "Bola", "Cara", "Dev", "Efua", "Femi", "Grace", "Hana", "Idris", "Jo",
    "Kofi", "Lena", "Maya", "Noor", "Olu", "Priya", "Quin", "Rosa", "Sam", "Tariq", "Uma", "Vera",
    "Wen",
];

/// Prints them.
pub async fn lists(server: &mut Server) -> Result<()> {
    title(&format!(
        "The desk's board with {} sign-ups for {SESSIONS} sessions (a whole page, p50 and p95 of {MEASURED})",
        thousands(SIGN_UPS)
    ));
    server.kill().await?;
    let (opportunity, session) = seed(&Sqlite::open(server.database())?)?;
    server.restart().await?;
    let mut desk = Desk::sign_in(server).await?;
    for show in [
        "new",
        "to-answer",
        "waiting",
        "offered",
        "placed",
        "came",
        "not-there",
        "over",
        "all",
    ] {
        desk.time(show, &format!("show={show}")).await?;
    }
    let deep = FROM_MS + SIGN_UPS / 2;
    desk.time("all, in the middle", &format!("show=all&after={deep}.x"))
        .await?;
    desk.time("a name, rare", "name=person19999").await?;
    desk.time("a name, common", "name=femi").await?;
    desk.time("a name, one letter", "name=p").await?;
    desk.time(
        "one opportunity",
        &format!("show=came&opportunity={opportunity}"),
    )
    .await?;
    desk.time("one session", &format!("show=all&session={session}"))
        .await?;
    desk.time(
        "one session, with a place",
        &format!("show=placed&session={session}"),
    )
    .await?;
    counts(server).await
}

/// The counts of the tabs alone.
async fn counts(server: &Server) -> Result<()> {
    let store = Store {
        data_dir: server.folder().join("data"),
        database_url: None,
    };
    let (db, _) = db::open(&store).await?;
    let mut times = Vec::with_capacity(MEASURED);
    for _ in 0..MEASURED {
        let start = Instant::now();
        let everything = Narrow {
            reach: Reach::All,
            of: Of::Everything,
            name: "",
        };
        let counts = board::counts(&db.pool, everything).await?;
        times.push(start.elapsed());
        ensure!(counts[8] >= i64::try_from(SIGN_UPS)?, "all are counted");
    }
    print("counts of all tabs, alone", &mut times);
    Ok(())
}

fn print(name: &str, times: &mut [Duration]) {
    let (half, most) = (percentile(times, 50), percentile(times, 95));
    println!(
        "  {name:<28}{:>12}{:>12}",
        milliseconds(half),
        milliseconds(most)
    );
}

/// Fills the database of a server that does not run; gives an opportunity and a session of it.
fn seed(db: &Sqlite) -> Result<(String, String)> {
    let id = || Uuid::now_v7().to_string();
    db.execute_batch("begin")?;
    let opportunities: Vec<String> = (0..OPPORTUNITIES).map(|_| id()).collect();
    for (at, opportunity) in opportunities.iter().enumerate() {
        db.execute(
            "insert into opportunities (id, area, title, purpose, what_happens, what_next, state) \
             values (?1, 'training', ?2, '', '', '', 'open')",
            params![opportunity, format!("Opportunity {at}")],
        )?;
    }
    let sessions: Vec<String> = (0..SESSIONS).map(|_| id()).collect();
    for (opportunity, session) in opportunities.iter().cycle().zip(&sessions) {
        db.execute(
            "insert into sessions (id, opportunity, starts_at, local_start, zone, mode, gives, room, \
             state, taken, waiting, next_queue) values (?1, ?2, '2026-12-01T14:00:00Z', \
             '2026-12-01T14:00', 'Europe/London', 'online', 'staff', 'plenty', 'scheduled', 0, 0, 0)",
            params![session, opportunity],
        )?;
    }
    let members: Vec<String> = (0..MEMBERS).map(|_| id()).collect();
    for (at, member) in members.iter().enumerate() {
        let name = format!("{} Person{at}", FIRST[at % FIRST.len()]);
        db.execute(
            "insert into members (id, name, joined_at) values (?1, ?2, 0)",
            params![member, name],
        )?;
    }
    let mut insert = db.prepare(
        "insert into sign_ups (id, member, session, state, queue, access_needs_consent, travel_first, \
         seen, received_at, made_at) values (?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?7, '2026-11-23T09:12:00Z')",
    )?;
    for at in 0..SIGN_UPS {
        let member = &members[usize::try_from(at % MEMBERS)?];
        // Nobody twice for one session.
        let session = &sessions[usize::try_from((at * 7 + at / MEMBERS) % SESSIONS)?];
        let (state, seen) = STATES[usize::try_from((at / 3 + at / MEMBERS * 5) % 20)?];
        let received = i64::try_from(FROM_MS + at)?;
        insert.execute(params![
            id(),
            member,
            session,
            state,
            i64::try_from(at)?,
            seen,
            received
        ])?;
    }
    db.execute_batch("commit")?;
    Ok((opportunities[0].clone(), sessions[0].clone()))
}

/// Someone signed in.
struct Desk {
    connection: Connection,
    head: String,
}

impl Desk {
    async fn sign_in(server: &Server) -> Result<Self> {
        let host = server.address();
        let mut connection = Connection::open(host).await?;
        let email = demo::STAFF_EMAIL.replace('@', "%40");
        let form = format!(
            "email={email}&password={}",
            demo::PASSWORD.replace(' ', "+")
        );
        let request = format!(
            "POST /staff/sign-in HTTP/1.1\r\nhost: {host}\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        let answer = connection.ask(request.as_bytes()).await?;
        ensure!(
            answer.status == 303,
            "signing in was answered {}",
            answer.status
        );
        let cookie = answer.header("set-cookie").context("no cookie came")?;
        let cookie = cookie.split(';').next().unwrap_or_default();
        let head = format!("host: {host}\r\ncookie: {cookie}\r\n");
        Ok(Self { connection, head })
    }

    async fn time(&mut self, name: &str, query: &str) -> Result<()> {
        let request = format!("GET /staff/sign-ups?{query} HTTP/1.1\r\n{}\r\n", self.head);
        let mut times = Vec::with_capacity(MEASURED);
        for _ in 0..MEASURED {
            let start = Instant::now();
            let answer = self.connection.ask(request.as_bytes()).await?;
            times.push(start.elapsed());
            let page = String::from_utf8_lossy(&answer.body);
            ensure!(
                answer.status == 200,
                "{name} was answered {}",
                answer.status
            );
            ensure!(page.contains("Open the sign-up of"), "{name} shows nobody");
        }
        print(name, &mut times);
        Ok(())
    }
}
