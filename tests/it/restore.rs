//! `chorus verify` and `chorus restore`, and what a phone meets on a server that went back in time.

use crate::{
    site::{Phone, Site, said, wire},
    sync::{a_request, a_share},
};
use app::{domain::opportunity::Gives, sync::wire::JoinResponse};
use serde_json::json;
use server::{
    backup::{self, Lock, schedule::Schedule},
    config::{Config, Store},
    state::App,
    verify,
};
use sqlx::Connection;
use std::{fs, path::PathBuf, time::Duration};

/// A site with one of everything, and its closed database file.
async fn a_database() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("data");
    let site = Site::with(|config| config.store.data_dir = place.clone()).await;
    let team = site.team("Harbour team", "STAR-1").await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let mut first = site.joined("STAR-1").await;
    first.does(&a_request(session).1).await;
    first.does(&a_share(team).1).await;
    let mut second = site.joined("STAR-1").await;
    second.does(&a_request(session).1).await;
    let store = site.app.config.store.clone();
    site.app.writer.tidy().await.unwrap();
    (folder, store)
}

async fn spoil(store: &Store, sql: &'static str) {
    let url = format!("sqlite://{}", store.file().unwrap().display());
    let mut db = sqlx::AnyConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}

#[tokio::test]
async fn a_sound_database_has_no_faults() {
    let (_folder, store) = a_database().await;
    assert_eq!(
        verify::database(&store).await.unwrap(),
        Vec::<String>::new()
    );
}

const A_HAND_OVER: &str = "insert into staff (id, email, name, role, password, made_at) \
    values ('s', 's@x.example', 'S', 'staff', '', 1); \
    insert into hand_overs (id, kind, subject, at, by_staff, to_staff) \
    values ('h', 'check_in', 'nothing', 1, 's', 's')";

/// How a database is spoiled, and what is said of it.
const WAYS: &[(&str, &str)] = &[
    (
        "update scopes set count = count + 1 where scope = 'public'",
        "count and sum",
    ),
    (
        "update feed set seq = seq + 90 where kind = 'session'",
        "count and sum",
    ),
    (
        "delete from scopes where scope like 'member:%'",
        "has records and no counter",
    ),
    (
        "delete from feed where kind = 'check_in'",
        "no record of it is in the scope",
    ),
    (
        "update feed set deleted = 1, body = null where kind = 'sign_up'",
        "no record of it",
    ),
    (
        "update feed set body = null where kind = 'check_in'",
        "a record without a body",
    ),
    (
        "update feed set body = '{}' where kind = 'session'",
        "cannot be read",
    ),
    (
        "update check_ins set note = 'other words'",
        "is not what it is made of",
    ),
    (
        "update sign_ups set queue = 0 where state = 'waiting'; \
          update sign_ups set state = 'received' where state = 'waiting'",
        "is not what it is made of",
    ),
    (
        "delete from check_ins",
        "nothing that it is made of is there",
    ),
    ("update commands set hash = 'short'", "not well-formed"),
    ("update commands set outcome = 'refused'", "not well-formed"),
    (
        "update check_ins set copied_by = 'Someone'",
        "is not what it is made of",
    ),
    (
        "update check_ins set taken_on_by = 'Someone'",
        "who is said to have it differ",
    ),
    ("update check_ins set asks = 1 - asks", "asked for is noted"),
    ("update check_ins set passed = 1", "and it did not"),
    (
        "update check_ins set state = 'withdrawn', note = 'words'",
        "its words are here",
    ),
    (
        "update check_ins set answered_back = 1",
        "answered is noted wrongly",
    ),
    (A_HAND_OVER, "of nothing that is there"),
    (
        "delete from feed where kind = 'device'",
        "no record of it is in the scope",
    ),
    (
        "update devices set lost_by = 'Someone'",
        "is not what it is made of",
    ),
    (
        "update devices set left_at = 1",
        "nothing that it is made of is there",
    ),
    (
        "insert into pair_codes (member, selector, hash, tries, ends_at) \
             select min(id), '1234', 'short', 0, 1 from members",
        "code for another phone",
    ),
    ("update sessions set taken = 0", "places held and"),
    ("update sessions set places = 0", "hold 0 places"),
    (
        "update members set id = '00000000-0000-0000-0000-000000000001' where id = (select min(id) from members)",
        "foreign key",
    ),
];

#[tokio::test]
async fn each_way_in_which_a_database_can_be_wrong_is_said() {
    for (sql, words) in WAYS {
        let (_folder, store) = a_database().await;
        spoil(
            &store,
            Box::leak(format!("pragma foreign_keys = off; {sql}").into_boxed_str()),
        )
        .await;
        let faults = verify::database(&store).await.unwrap();
        assert!(
            faults.iter().any(|fault| fault.contains(words)),
            "{sql}: {faults:?}"
        );
    }
}

#[tokio::test]
async fn a_backup_of_a_faulty_database_does_not_get_its_name() {
    let (folder, store) = a_database().await;
    spoil(&store, "update scopes set count = count + 1").await;
    let copy = folder.path().join("copy.db");
    let problem = backup::make(&store, &copy).await.unwrap_err().to_string();
    assert!(problem.contains("count and sum"), "{problem}");
    assert!(!copy.exists() && folder.path().join("copy.db.faulty").exists());
}

#[tokio::test]
async fn a_faulty_backup_is_not_restored_and_nothing_changes() {
    let (folder, store) = a_database().await;
    let copy = folder.path().join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let before = fs::read(store.file().unwrap()).unwrap();
    let mut bytes = fs::read(&copy).unwrap();
    for byte in bytes.iter_mut().skip(8_192).take(4_096) {
        *byte = 0x5a;
    }
    fs::write(&copy, bytes).unwrap();
    assert!(backup::restore(&store, &copy).await.is_err());
    fs::write(&copy, "no database at all").unwrap();
    assert!(backup::restore(&store, &copy).await.is_err());
    assert_eq!(fs::read(store.file().unwrap()).unwrap(), before);
}

#[tokio::test]
async fn nothing_is_restored_under_a_running_server() {
    let (folder, store) = a_database().await;
    let copy = folder.path().join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let lock = Lock::take(&store).unwrap();
    let problem = backup::restore(&store, &copy)
        .await
        .unwrap_err()
        .to_string();
    assert!(problem.contains("a server runs"), "{problem}");
    drop(lock);
    let restored = backup::restore(&store, &copy).await.unwrap();
    let kept = restored.kept.unwrap();
    assert_eq!(verify::file(&kept).await.unwrap(), Vec::<String>::new());
    assert_eq!(
        verify::database(&store).await.unwrap(),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_cursor_from_before_a_restore_is_the_start_and_the_epoch_says_so() {
    let site = Site::new().await;
    site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let before = phone.sync(&[]).await;
    assert_eq!(phone.sync(&[]).await.changes, []);
    let copy = site.app.config.store.data_dir.join("copy.db");
    backup::make(&site.app.config.store, &copy).await.unwrap();
    let restored = restored(&copy).await;
    let mut there = Phone {
        site: &restored.1,
        ..phone.clone()
    };
    let after = there.sync(&[]).await;
    assert_ne!(after.epoch, before.epoch);
    assert_eq!(after.changes, before.changes);
}

/// A server on what is restored from `copy`.
async fn restored(copy: &std::path::Path) -> (tempfile::TempDir, Site) {
    let folder = tempfile::tempdir().unwrap();
    let place: PathBuf = folder.path().join("data");
    let store = Config::in_folder(&place).store;
    let restored = backup::restore(&store, copy).await.unwrap();
    assert_eq!(restored.kept, None);
    assert_eq!(restored.carried, None);
    let site = Site::with(|config| config.store.data_dir = place).await;
    (folder, site)
}

#[tokio::test]
async fn who_joined_after_the_backup_stays_who_they_are_and_nobody_becomes_someone_known() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let known = site.joined("STAR-1").await;
    let copy = site.app.config.store.data_dir.join("copy.db");
    backup::make(&site.app.config.store, &copy).await.unwrap();
    let mut late = site.joined("STAR-1").await;
    let (_, share) = a_share(team);
    let sent = wire(&share);
    late.sync(std::slice::from_ref(&sent)).await;

    let restored = restored(&copy).await;
    let mut there = Phone {
        site: &restored.1,
        ..late.clone()
    };
    assert_eq!(there.sync_refused(&[]).await.0, 401);
    assert_eq!(there.comes_back().await.code().1, "unknown_return_key");
    let was = json!({ "member": late.member, "return_key": late.return_key });
    let joins = async |phone: &mut Phone<'_>, was| {
        let body = json!({ "code": "STAR-1", "was": was });
        phone.post("/api/join", &body).await.json::<JoinResponse>()
    };
    let joined = joins(&mut there, was).await;
    assert_eq!(
        (Some(joined.member), joined.return_key),
        (late.member, Some(late.return_key.clone()))
    );
    assert_eq!(said(&there.sync(&[sent]).await.outcomes[0]), "applied");

    let stolen = json!({ "member": known.member, "return_key": "5e".repeat(32) });
    let thief = joins(&mut Phone::new(&restored.1), stolen).await;
    assert_ne!(Some(thief.member), known.member);
    let weak = json!({ "member": uuid::Uuid::now_v7(), "return_key": "short" });
    let weak = joins(&mut Phone::new(&restored.1), weak).await;
    assert_ne!(weak.return_key.as_deref(), Some("short"));
}

#[tokio::test]
async fn backups_by_themselves_keep_so_many_and_let_none_go_for_one_that_failed() {
    let (folder, store) = a_database().await;
    let schedule = Schedule {
        folder: folder.path().join("backups"),
        every: Duration::from_secs(60),
        keep: 2,
    };
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(schedule.make_one(&store).await.unwrap());
    }
    let there = made.iter().map(|file| file.exists()).collect::<Vec<_>>();
    assert_eq!(there, [false, true, true]);
    spoil(&store, "update scopes set count = count + 1").await;
    assert!(schedule.make_one(&store).await.is_err());
    assert!(made[1].exists() && made[2].exists());
}

#[tokio::test]
async fn a_restored_server_starts_and_keeps_its_new_epoch() {
    let (folder, store) = a_database().await;
    let copy = folder.path().join("copy.db");
    let epoch = async || {
        App::open(Config::on(store.clone()))
            .await
            .unwrap()
            .epoch
            .to_string()
    };
    let first = epoch().await;
    backup::make(&store, &copy).await.unwrap();
    assert_eq!(epoch().await, first);
    backup::restore(&store, &copy).await.unwrap();
    let second = epoch().await;
    assert_ne!(second, first);
    assert_eq!(epoch().await, second);
    backup::new_epoch(&store).await.unwrap();
    assert_ne!(epoch().await, second);
}
