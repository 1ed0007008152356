//! The chain of the audit log: what breaks it is found, what the database itself refuses, and how it goes
//! on through an upgrade, a backup and a restore.

use crate::{
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
    db::{audit, staff::Role},
    state::App,
    verify,
};
use sqlx::{AnyConnection, Connection};
use uuid::Uuid;

/// Ten lines on a closed file, the first of them of instant 1.
async fn a_log() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("data");
    let site = Site::with(|config| config.store.data_dir = place).await;
    adds(&site.app, 1..=10).await;
    site.app.writer.tidy().await.unwrap();
    (folder, site.app.config.store.clone())
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

async fn open(store: &Store) -> AnyConnection {
    let url = format!("sqlite://{}", store.file().unwrap().display());
    AnyConnection::connect(&url).await.unwrap()
}

/// As somebody does it who has the file and knows what they do.
const NO_TRIGGERS: &str = "drop trigger audit_no_update; drop trigger audit_no_delete; \
    drop trigger audit_chain_no_update; drop trigger audit_chain_no_delete; \
    drop trigger audit_chain_in_order; drop trigger audit_head_forward; \
    drop trigger audit_head_no_delete; ";

async fn tampers(store: &Store, sql: &str) {
    let mut db = open(store).await;
    let sql = format!("{NO_TRIGGERS}{sql}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
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
    let form = "check_in=180&sign_up=400&group_message=500&audit=2190";
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

/// What somebody does to the file, and what is said of it.
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
        let (_folder, store) = a_log().await;
        assert_eq!(faults(&store).await, Vec::<String>::new());
        tampers(&store, sql).await;
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

#[tokio::test]
async fn an_end_that_is_cut_off_cleanly_shows_against_what_was_noted() {
    let (folder, store) = a_log().await;
    let copy = folder.path().join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let noted: Noted = head(&store).await.into();
    let cut = "delete from audit where at > 7; delete from audit_chain where n > 7; \
        update audit_head set n = 7, hash = (select hash from audit_chain where n = 7)";
    tampers(&store, cut).await;
    assert_eq!(faults(&store).await, Vec::<String>::new());
    let found = walk(&store, Some(&noted)).await.faults;
    assert!(found[0].contains("ends with line 7 now"), "{found:?}");
    // A backup is such a note.
    assert_eq!(verify::audit_head(&copy).await.unwrap().unwrap().n, 10);
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_the_chain() {
    let (_folder, store) = a_log().await;
    for sql in [
        "update audit set staff = 'nobody'",
        "delete from audit where at > 0 and at > 9000000000000",
        "insert or replace into audit select id, 5, staff, action, kind, subject, team, detail from audit where at = 4",
        "update audit_chain set hash = 'x'",
        "delete from audit_chain where n = 10",
        "insert into audit_chain values (12, 'x', 'y')",
        "insert or replace into audit_chain select n, line, 'x' from audit_chain where n = 10",
        "update audit_head set n = 9, hash = (select hash from audit_chain where n = 9)",
        "update audit_head set n = 11, hash = 'x'",
        "delete from audit_head",
        "insert or replace into audit_head values (1, 3, 'x')",
    ] {
        let mut db = open(&store).await;
        let done = sqlx::raw_sql(sql).execute(&mut db).await;
        let is_harmless = sql.contains("9000000000000");
        assert_eq!(done.is_ok(), is_harmless, "{sql}");
        db.close().await.unwrap();
    }
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

#[tokio::test]
async fn lines_from_before_there_was_a_chain_become_its_beginning() {
    let (_folder, store) = a_log().await;
    tampers(&store, "delete from audit_chain; delete from audit_head").await;
    let site = Site::with(|config| config.store = store.clone()).await;
    assert_eq!(faults(&store).await, Vec::<String>::new());
    assert_eq!(head(&store).await.n, 10);
    adds(&site.app, [11]).await;
    assert_eq!(head(&store).await.n, 11);
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_backup_from_before_there_was_a_chain_is_chained_when_it_is_restored() {
    let (folder, store) = a_log().await;
    let copy = folder.path().join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let old = Store {
        data_dir: folder.path().to_owned(),
        database_url: Some(format!("sqlite://{}?mode=rwc", copy.display())),
    };
    tampers(&old, "delete from audit_chain; delete from audit_head").await;
    backup::restore(&store, &copy).await.unwrap();
    assert_eq!(
        verify::database(&store).await.unwrap(),
        Vec::<String>::new()
    );
    // The ten, and the line of the restore.
    assert_eq!(head(&store).await.n, 11);
}

#[tokio::test]
async fn after_a_restore_the_log_goes_on_where_the_backups_ended_and_says_what_was_replaced() {
    let (folder, store) = a_log().await;
    let copy = folder.path().join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let before: Noted = head(&store).await.into();
    {
        let site = Site::with(|config| config.store = store.clone()).await;
        adds(&site.app, 11..=15).await;
        site.app.writer.tidy().await.unwrap();
    }
    let replaced = head(&store).await;
    backup::restore(&store, &copy).await.unwrap();
    assert_eq!(faults(&store).await, Vec::<String>::new());
    assert_eq!(
        walk(&store, Some(&before)).await.faults,
        Vec::<String>::new()
    );
    let lost = walk(&store, Some(&replaced.clone().into())).await.faults;
    assert!(lost[0].contains("a backup was restored on"), "{lost:?}");

    let site = Site::with(|config| config.store = store.clone()).await;
    adds(&site.app, 16..=20).await;
    assert_eq!(faults(&store).await, Vec::<String>::new());
    let lost = walk(&store, Some(&replaced.clone().into())).await.faults;
    assert!(
        lost[0].contains("is not the one that was noted"),
        "{lost:?}"
    );
    hire(&site, "ada", Role::Admin, &[]).await;
    let page = signed_in(&site, "ada").await.read("/staff/audit").await;
    assert!(
        page.contains("Went back to a backup") && page.contains("Someone at the server itself")
    );
    assert!(page.contains("ended with line 15, mark "), "{page}");
}

#[tokio::test]
async fn a_database_that_was_restored_by_other_means_says_so_in_its_log() {
    let (_folder, store) = a_log().await;
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
    let (folder, store) = a_log().await;
    let data = store.data_dir.to_str().unwrap();
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    runs(&["backup", copy, "--data-dir", data]).await.unwrap();
    let noted = head(&store).await.in_full();
    let verify = ["audit", "verify", "--data-dir", data];
    let with = |more: &[&'static str], last: &str| {
        let words = verify.iter().map(|word| (*word).to_owned());
        let more = more.iter().map(|word| (*word).to_owned());
        let mut words: Vec<String> = words.chain(more).collect();
        words.push(last.to_owned());
        words
    };
    let runs_all = async |words: Vec<String>| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        runs(&words).await
    };
    runs(&verify).await.unwrap();
    runs_all(with(&[], copy)).await.unwrap();
    runs_all(with(&["--noted"], &noted)).await.unwrap();
    runs_all(with(&["--since"], copy)).await.unwrap();
    assert!(runs_all(with(&["--noted"], "10:00000000")).await.is_err());
    assert!(runs_all(with(&["--noted"], "ten")).await.is_err());
    tampers(&store, "update audit set staff = 'nobody' where at = 4").await;
    assert!(runs(&verify).await.is_err());
    assert!(runs(&["verify", "--data-dir", data]).await.is_err());
    runs_all(with(&[], copy)).await.unwrap();
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
