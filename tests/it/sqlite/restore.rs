//! `chorus restore`, and what a phone meets on a server that went back in time.

use crate::{
    database::tamper,
    site::{Phone, Site, said, wire},
    sync::a_share,
    verify::a_database,
};
use app::{domain::opportunity::Gives, sync::wire::JoinResponse};
use serde_json::json;
use server::{
    backup::{self, Lock, schedule::Schedule},
    config::Config,
    state::App,
    verify,
};
use std::{fs, path::PathBuf, time::Duration};

#[tokio::test]
async fn a_backup_of_a_faulty_database_does_not_get_its_name() {
    let (_database, store) = a_database().await;
    tamper(&store, "update scopes set count = count + 1").await;
    let copy = store.data_dir.join("copy.db");
    let problem = backup::make(&store, &copy).await.unwrap_err().to_string();
    assert!(problem.contains("count and sum"), "{problem}");
    assert!(!copy.exists() && store.data_dir.join("copy.db.faulty").exists());
}

#[tokio::test]
async fn a_faulty_backup_is_not_restored_and_nothing_changes() {
    let (_database, store) = a_database().await;
    let copy = store.data_dir.join("copy.db");
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
    let (_database, store) = a_database().await;
    let copy = store.data_dir.join("copy.db");
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
    let (_database, store) = a_database().await;
    let schedule = Schedule {
        folder: store.data_dir.join("backups"),
        every: Duration::from_secs(60),
        keep: 2,
    };
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(schedule.make_one(&store).await.unwrap());
    }
    let there = made.iter().map(|file| file.exists()).collect::<Vec<_>>();
    assert_eq!(there, [false, true, true]);
    tamper(&store, "update scopes set count = count + 1").await;
    assert!(schedule.make_one(&store).await.is_err());
    assert!(made[1].exists() && made[2].exists());
}

#[tokio::test]
async fn a_restored_server_starts_and_keeps_its_new_epoch() {
    let (_database, store) = a_database().await;
    let copy = store.data_dir.join("copy.db");
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
