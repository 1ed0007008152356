//! Leaving, and backups that are SQLite's files.

use super::{SECRET, Sharer, is_sound};
use crate::{
    site::{Phone, Site},
    sync::a_share,
};
use app::domain::command::Command;
use server::{
    backup::{self, Carried},
    config::Config,
};

#[tokio::test]
async fn a_restore_carries_over_who_left_and_what_was_taken_back_since() {
    let site = Site::new().await;
    let mut sharer = Sharer::on(&site).await;
    let team = sharer.phone.team.unwrap();
    let mut other = site.joined("STAR-1").await;
    let (taken_back, share) = a_share(team);
    other.does(&share).await;
    let store = site.app.config.store.clone();
    let copy = store.data_dir.join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let leaves = sharer.leaves();
    sharer.phone.does(&leaves).await;
    other.does(&Command::WithdrawCheckIn(taken_back)).await;
    // Someone who joined after the backup is unknown to it, and stays so.
    let mut late = site.joined("STAR-1").await;
    late.sync(&[]).await;
    let id = late.id();
    late.does(&Command::Leave(id)).await;
    site.app.writer.tidy().await.unwrap();
    let (member, key, device) = (
        sharer.phone.member,
        sharer.phone.return_key.clone(),
        sharer.phone.device,
    );
    let place = tempfile::tempdir().unwrap();
    let newer = Config::in_folder(place.path()).store;
    std::fs::copy(store.file().unwrap(), newer.file().unwrap()).unwrap();

    let restored = backup::restore(&newer, &copy).await.unwrap();
    let Some(Carried { people, things }) = restored.carried else {
        panic!("the newer database can be read");
    };
    assert_eq!((people, things), (1, 4));
    let there = Site::with(|config| config.store = newer.clone()).await;
    is_sound(&there).await;
    for words in [SECRET, "A hard week"] {
        let file = std::fs::read(newer.file().unwrap()).unwrap();
        let at = file
            .windows(words.len())
            .position(|at| at == words.as_bytes());
        let near = at.map(|at| String::from_utf8_lossy(&file[at - 80..at + 60]).into_owned());
        assert_eq!(near, None);
    }
    let mut phone = Phone::new(&there);
    (phone.member, phone.return_key, phone.device) = (member, key, device);
    assert_eq!(
        phone.comes_back().await.code(),
        (403, "device_revoked".to_owned())
    );
}

#[tokio::test]
async fn a_restore_over_nothing_readable_says_so() {
    let site = Site::new().await;
    let store = site.app.config.store.clone();
    let copy = store.data_dir.join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let broken = Config::in_folder(place.path()).store;
    std::fs::write(broken.file().unwrap(), "no database at all").unwrap();
    let restored = backup::restore(&broken, &copy).await.unwrap();
    assert_eq!(restored.carried, None);
    assert!(restored.kept.is_some());
}

#[tokio::test]
async fn old_copies_go_within_the_days_that_members_are_told_though_no_newer_one_is_made() {
    let site = Site::new().await;
    let folder = site.app.config.store.data_dir.clone();
    let mut config = site.app.config.as_ref().clone();
    config.backup_dir = Some(folder.join("backups"));
    std::fs::create_dir(folder.join("backups")).unwrap();
    let days = |days: u32| {
        let day = server::clock::now_ms() - i64::from(days) * 86_400_000;
        app::domain::time::rfc3339(day).replace(':', "-")
    };
    let old = [
        folder.join(format!("backups/chorus-{}.db", days(30))),
        folder.join(format!("backups/chorus-{}.db.faulty", days(31))),
        folder.join(format!("chorus.db.replaced-{}", days(30))),
        folder.join(format!("chorus.db.replaced-{}-wal", days(40))),
    ];
    let young = [
        folder.join(format!("backups/chorus-{}.db", days(29))),
        folder.join(format!("chorus.db.replaced-{}", days(1))),
        folder.join("backups/chorus-made-by-hand.db"),
    ];
    for file in old.iter().chain(&young) {
        std::fs::write(file, "a copy").unwrap();
    }
    let mut gone = backup::let_go(&config, server::clock::now_ms())
        .await
        .unwrap();
    gone.sort();
    let mut expected = old.to_vec();
    expected.sort();
    assert_eq!(gone, expected);
    assert!(young.iter().all(|file| file.exists()));
    assert!(folder.join("chorus.db").exists());
}
