//! The chain through backups and restores, which are SQLite's files.

use super::{a_log, adds, faults, head, runs, walk};
use crate::{
    database::tamper,
    desk::{hire, signed_in},
    site::Site,
};
use server::{audit::Noted, backup, config::Store, db::staff::Role, verify};

#[tokio::test]
async fn an_end_that_is_cut_off_cleanly_shows_against_what_was_noted() {
    let (_database, store) = a_log().await;
    let copy = store.data_dir.join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let noted: Noted = head(&store).await.into();
    let cut = "delete from audit where at > 7; delete from audit_chain where n > 7; \
        update audit_head set n = 7, hash = (select hash from audit_chain where n = 7)";
    tamper(&store, cut).await;
    assert_eq!(faults(&store).await, Vec::<String>::new());
    let found = walk(&store, Some(&noted)).await.faults;
    assert!(found[0].contains("ends with line 7 now"), "{found:?}");
    // A backup is such a note.
    assert_eq!(verify::audit_head(&copy).await.unwrap().unwrap().n, 10);
}

#[tokio::test]
async fn a_backup_from_before_there_was_a_chain_is_chained_when_it_is_restored() {
    let (_database, store) = a_log().await;
    let copy = store.data_dir.join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    let old = Store {
        data_dir: store.data_dir.clone(),
        database_url: Some(format!("sqlite://{}?mode=rwc", copy.display())),
    };
    tamper(&old, "delete from audit_chain; delete from audit_head").await;
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
    let (_database, store) = a_log().await;
    let copy = store.data_dir.join("copy.db");
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
async fn the_command_reads_a_backup_and_holds_the_log_against_one() {
    let (_database, store) = a_log().await;
    let data = store.data_dir.to_str().unwrap();
    let copy = store.data_dir.join("copy.db");
    let copy = copy.to_str().unwrap();
    runs(&["backup", copy, "--data-dir", data]).await.unwrap();
    let verify = ["audit", "verify", "--data-dir", data];
    let with = |more: &[&'static str]| {
        verify
            .into_iter()
            .chain(more.iter().copied())
            .chain([copy])
            .collect::<Vec<_>>()
    };
    runs(&with(&[])).await.unwrap();
    runs(&with(&["--since"])).await.unwrap();
    tamper(&store, "update audit set staff = 'nobody' where at = 4").await;
    assert!(runs(&with(&["--since"])).await.is_err());
    runs(&with(&[])).await.unwrap();
}
