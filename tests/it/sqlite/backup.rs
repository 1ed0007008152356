//! `chorus backup`, and the database file itself.

use crate::{
    site::{Site, wire},
    sync::{a_request, a_share},
};
use app::domain::{command::Command, opportunity::Gives};
use server::{backup, config::Store};
use sqlx::{Connection, Row};
use std::fs;

#[tokio::test]
async fn a_backup_made_while_serving_has_everything_that_was_answered() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    phone.does(&a_request(session).1).await;
    let folder = site.app.config.store.data_dir.clone();
    let copy = folder.join("copy.db");
    let store = site.app.config.store.clone();
    backup::make(&store, &copy).await.unwrap();
    let url = format!("sqlite://{}", copy.display());
    let mut copy_db = sqlx::AnyConnection::connect(&url).await.unwrap();
    let rows = sqlx::query("select count(*) from sign_ups")
        .fetch_one(&mut copy_db)
        .await;
    assert_eq!(rows.unwrap().get::<i64, _>(0), 1);
    // A backup never writes over another.
    assert!(backup::make(&store, &copy).await.is_err());
}

#[tokio::test]
async fn there_is_no_backup_of_a_database_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store {
        data_dir: folder.path().join("nothing"),
        database_url: None,
    };
    let copy = folder.path().join("copy.db");
    assert!(backup::make(&store, &copy).await.is_err());
    assert!(!copy.exists());
}

#[tokio::test]
async fn what_was_taken_back_is_gone_from_the_files() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let (id, share) = a_share(team);
    phone.does(&share).await;
    let holds = |site: &Site| {
        let folder = fs::read_dir(&site.app.config.store.data_dir).unwrap();
        folder.into_iter().any(|file| {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            bytes.windows(11).any(|text| text == b"A hard week")
        })
    };
    assert!(holds(&site));
    phone.sync(&[wire(&Command::WithdrawCheckIn(id))]).await;
    site.app.writer.tidy().await.unwrap();
    assert!(!holds(&site));
}
