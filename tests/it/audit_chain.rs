//! The chain of the audit log: what breaks it is found, what the database itself refuses, and how it goes
//! on through an upgrade, a backup and a restore.

mod sqlite;

use crate::{
    database::{Database, engine, flags, open, tamper},
    desk::{at_the_desk, hire, signed_in},
    site::Site,
};
use app::domain::{id::StaffId, retention::Retention};
use clap::Parser;
use server::{
    audit::{Head, Noted, Walk},
    backup,
    cli::Cli,
    config::{Config, Store},
    db::{Engine, audit, staff::Role},
    state::App,
    verify,
};
use sqlx::Connection;
use uuid::Uuid;

/// Ten lines in a database that nobody serves, the first of them of instant 1.
async fn a_log() -> (Database, Store) {
    let site = Site::new().await;
    adds(&site.app, 1..=10).await;
    site.app.writer.tidy().await.unwrap();
    let store = site.app.config.store.clone();
    (site.close(), store)
}

async fn adds(app: &App, times: impl IntoIterator<Item = i64>) {
    for at in times {
        let work = app.writer.run(move |tx| {
            Box::pin(async move {
                let staff = StaffId(Uuid::nil());
                audit::add(tx, at, staff, "a.thing", ("k", Uuid::nil()), None).await
            })
        });
        work.await.unwrap();
    }
}

async fn walk(store: &Store, noted: Option<&Noted>) -> Walk {
    verify::audit_log(store, None, noted).await.unwrap()
}

async fn head(store: &Store) -> Head {
    walk(store, None).await.head.unwrap()
}

async fn faults(store: &Store) -> Vec<String> {
    walk(store, None).await.faults
}

#[tokio::test]
async fn every_line_is_a_link_and_a_log_that_nobody_touched_is_sound() {
    let site = Site::new().await;
    let team = site.team("Harbour", "STAR-1").await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let form =
        "check_in=180&sign_up=400&group_message=500&suggestion=500&experience=500&audit=2190";
    ada.post("/staff/retention", form).await;
    let mut priya = at_the_desk(&site, "priya", &[team]).await;
    priya.read("/staff/people").await;
    let walk = walk(&site.app.config.store, None).await;
    assert_eq!(walk.faults, Vec::<String>::new());
    assert_eq!(walk.head.unwrap().n, 1);
    assert!(
        ada.read("/staff/audit")
            .await
            .contains("The log ends with line 1, mark ")
    );
    assert_eq!(Retention::default().audit_days, 2190);
}

/// What somebody does to the log, and what is said of it.
const WAYS: &[(&str, &str)] = &[
    (
        "update audit set staff = 'nobody' where at = 4",
        "line 4, of 1970-01-01T00:00:00.004Z: it is not what was written",
    ),
    ("update audit set at = 40 where at = 4", "line 4, of"),
    ("update audit set detail = 'x' where at = 4", "line 4, of"),
    ("delete from audit where at = 4", "line 4: it is missing"),
    (
        "delete from audit where at in (4, 5); delete from audit_chain where n in (4, 5)",
        "lines 4 to 5: they are missing",
    ),
    (
        "delete from audit where at < 4; delete from audit_chain where n < 4",
        "lines 1 to 3: they are missing",
    ),
    (
        "delete from audit where at > 7; delete from audit_chain where n > 7",
        "its end is cut off: lines 8 to 10 are missing",
    ),
    (
        "update audit_chain set hash = replace(hash, 'a', 'b') where n = 4",
        "line 4, of",
    ),
    (
        "update audit_head set hash = 'x'",
        "is said to end with line 10",
    ),
    ("update audit_head set n = 9", "is said to end with line 9"),
    (
        "delete from audit_chain; delete from audit_head",
        "it is in no chain",
    ),
    (
        "insert into audit select 'x', at, staff, action, kind, subject, team, detail from audit \
         where at = 4",
        "1 lines are not of the chain: of 1970-01-01T00:00:00.004Z",
    ),
    (
        "insert into audit values ('x', 9, '', 'audit.let_go', 'audit', '', null, '4:aaaa'); \
         insert into audit_chain values (11, 'x', 'y'); update audit_head set n = 11, hash = 'y'",
        "line 1: it was let go of, and stands in the chain",
    ),
];

#[tokio::test]
async fn each_way_to_change_the_log_is_found() {
    for (sql, words) in WAYS {
        let (_database, store) = a_log().await;
        assert_eq!(faults(&store).await, Vec::<String>::new());
        tamper(&store, sql).await;
        let found = faults(&store).await;
        assert!(
            found.iter().any(|fault| fault.contains(words)),
            "{sql}: {found:?}"
        );
        // So says the look for all faults.
        let all = verify::database(&store).await.unwrap();
        assert!(
            all.iter().any(|fault| fault.contains(words)),
            "{sql}: {all:?}"
        );
    }
}

/// What somebody tries who has the database's own password, and what they can do to no effect.
const REFUSED: [&str; 6] = [
    "update audit set staff = 'nobody'",
    "update audit_chain set hash = 'x'",
    "delete from audit_chain where n = 10",
    "insert into audit_chain values (12, 'x', 'y')",
    "update audit_head set n = 11, hash = 'x'",
    "delete from audit_head",
];
const REFUSED_BY_SQLITE: [&str; 4] = [
    "update audit_head set n = 9, hash = (select hash from audit_chain where n = 9)",
    "insert or replace into audit select id, 5, staff, action, kind, subject, team, detail from audit where at = 4",
    "insert or replace into audit_chain select n, line, 'x' from audit_chain where n = 10",
    "insert or replace into audit_head values (1, 3, 'x')",
];
const REFUSED_BY_POSTGRES: [&str; 10] = [
    "update audit_head set n = 9, hash = (select hash from audit_chain where n = 9)",
    "insert into audit select * from audit where at = 4 on conflict (id) do update set at = 5",
    "insert into audit_chain select * from audit_chain where n = 10 on conflict (n) do update set hash = 'x'",
    "insert into audit_head values (1, 3, 'x') on conflict (one) do update set n = 3, hash = 'x'",
    "merge into audit a using (select 4 as at) b on a.at = b.at when matched then update set staff = 'nobody'",
    "truncate audit",
    "truncate audit_chain",
    "truncate audit_head",
    "truncate audit, audit_chain, audit_head",
    "truncate safety_entries, safety_settings, safety_readers",
];
const HARMLESS: &str = "delete from audit where at > 9000000000000";

#[tokio::test]
async fn the_database_itself_refuses_to_change_the_chain() {
    let (_database, store) = a_log().await;
    let own: &[&str] = match engine(&store) {
        Engine::Sqlite => &REFUSED_BY_SQLITE,
        Engine::Postgres => &REFUSED_BY_POSTGRES,
    };
    let mut db = open(&store).await;
    for sql in REFUSED.iter().chain(own) {
        let done = sqlx::raw_sql(*sql).execute(&mut db).await;
        let problem = done.expect_err(sql).to_string();
        assert!(problem.contains("append only"), "{sql}: {problem}");
    }
    sqlx::raw_sql(HARMLESS).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

#[tokio::test]
async fn lines_from_before_there_was_a_chain_become_its_beginning() {
    let (database, store) = a_log().await;
    tamper(&store, "delete from audit_chain; delete from audit_head").await;
    let site = Site::on(database).await;
    assert_eq!(faults(&store).await, Vec::<String>::new());
    assert_eq!(head(&store).await.n, 10);
    adds(&site.app, [11]).await;
    assert_eq!(head(&store).await.n, 11);
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_database_that_was_restored_by_other_means_says_so_in_its_log() {
    let (_database, store) = a_log().await;
    backup::new_epoch(&store).await.unwrap();
    assert_eq!(head(&store).await.n, 11);
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

async fn runs(words: &[&str]) -> anyhow::Result<()> {
    let words = ["chorus"].iter().chain(words);
    Cli::try_parse_from(words)?.run().await
}

#[tokio::test]
async fn the_command_ends_well_for_a_sound_log_and_badly_for_any_fault() {
    let (_database, store) = a_log().await;
    let [flag, place] = flags(&store);
    let noted = head(&store).await.in_full();
    let verify = ["audit", "verify", &flag, &place];
    let holds_against = async |noted| {
        let words: Vec<&str> = verify.into_iter().chain(["--noted", noted]).collect();
        runs(&words).await
    };
    runs(&verify).await.unwrap();
    holds_against(&noted).await.unwrap();
    assert!(holds_against("10:00000000").await.is_err());
    assert!(holds_against("ten").await.is_err());
    tamper(&store, "update audit set staff = 'nobody' where at = 4").await;
    assert!(runs(&verify).await.is_err());
    assert!(runs(&["verify", &flag, &place]).await.is_err());
}

#[tokio::test]
async fn a_thousand_lines_go_in_whole_pages_and_the_chain_goes_on() {
    let site = Site::new().await;
    let store = site.app.config.store.clone();
    let many = site.app.writer.run(|tx| {
        Box::pin(async move {
            let staff = StaffId(Uuid::nil());
            for at in 1..=1500 {
                audit::add(tx, at, staff, "a.thing", ("k", Uuid::nil()), None).await?;
            }
            Ok(())
        })
    });
    many.await.unwrap();
    let early: Noted = head(&store).await.into();
    adds(&site.app, [9_000_000_000_000]).await;
    server::retention::expire(&site.app).await.unwrap();
    let walk = walk(&store, Some(&early)).await;
    assert_eq!(walk.faults, Vec::<String>::new());
    let left: Vec<(String,)> = sqlx::query_as("select action from audit order by id")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    let left: Vec<&str> = left.iter().map(|(action,)| action.as_str()).collect();
    assert_eq!(left, ["a.thing", "audit.let_go", "audit.let_go"]);
    let again = App::open(Config::on(store.clone())).await.unwrap();
    adds(&again, [9_000_000_000_001]).await;
    assert_eq!(faults(&store).await, Vec::<String>::new());
}
