//! Calendar addresses, and a restore from SQLite's files.

use super::{Scene, asks, makes, scene, status};
use crate::site::Site;
use serde_json::json;
use server::{backup, config::Store, db, verify};
use std::path::Path;

/// A site in a folder, to be closed and opened again.
async fn opened(folder: &Path) -> Site {
    let place = folder.join("data");
    Site::with(|config| config.store.data_dir = place).await
}

async fn copied(store: &Store, to: &Path) {
    db::backup::copy(store, to.to_str().unwrap()).await.unwrap();
}

#[tokio::test]
async fn what_was_ended_does_not_open_again_with_a_backup_and_what_opened_still_does() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let site = opened(folder.path()).await;
    let Scene {
        mut ada, mut lead, ..
    } = scene(&site).await;
    let (leads, adas) = (asks(&mut lead).await, makes(&mut ada, "which=all").await);
    let store = site.app.config.store.clone();
    copied(&store, &copy).await;
    lead.post("/api/calendar/end", &json!({})).await;
    let later = asks(&mut lead).await;
    site.app.writer.tidy().await.unwrap();
    drop(ada);
    drop(lead);
    drop(site);
    backup::restore(&store, &copy).await.unwrap();
    let site = opened(folder.path()).await;
    assert_eq!(status(&site, &leads).await, 410, "ended since the backup");
    assert_eq!(status(&site, &later).await, 404, "made since the backup");
    assert_eq!(status(&site, &adas).await, 200, "opened until now");
    let told: i64 =
        sqlx::query_scalar("select count(*) from feed where kind = 'calendar' and deleted = 0")
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
    assert_eq!(told, 0);
    assert_eq!(
        verify::database(&store).await.unwrap(),
        Vec::<String>::new()
    );
    drop(site);

    // Where nothing says what was ended since, none of them opens.
    let database = store.file().unwrap();
    for ending in ["", "-wal", "-shm"] {
        let mut file = database.clone().into_os_string();
        file.push(ending);
        let _ = std::fs::remove_file(file);
    }
    backup::restore(&store, &copy).await.unwrap();
    let site = opened(folder.path()).await;
    for address in [&leads, &adas] {
        assert_eq!(status(&site, address).await, 410);
    }
}
