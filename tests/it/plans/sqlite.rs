//! Shared plans, and a restore from SQLite's files.

use super::{count, is_sound, shared, withdrawal};
use crate::{site::Site, taken_back::gone};
use server::{
    backup::{self, Carried},
    config::Config,
};

#[tokio::test]
async fn a_restore_does_not_bring_back_what_was_taken_back_or_replaced_since() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (mut back, mut replaced) = (site.joined("STAR-1").await, site.joined("STAR-1").await);
    let mut stays = site.joined("STAR-1").await;
    let taken = shared(&mut back, harbour, "Kingfisher one").await;
    shared(&mut replaced, harbour, "Kingfisher two").await;
    shared(&mut stays, harbour, "A steady hand").await;
    let store = site.app.config.store.clone();
    let copy = store.data_dir.join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    back.does(&withdrawal(taken)).await;
    shared(&mut replaced, harbour, "A newer word").await;
    site.app.writer.tidy().await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let newer = Config::in_folder(place.path()).store;
    std::fs::copy(store.file().unwrap(), newer.file().unwrap()).unwrap();

    let restored = backup::restore(&newer, &copy).await.unwrap();
    let things = 2;
    assert_eq!(restored.carried, Some(Carried { people: 0, things }));
    let there = Site::with(|config| config.store = newer.clone()).await;
    is_sound(&there).await;
    gone(&there, "Kingfisher").await;
    let standing = "select count(*) from plans where state <> 'withdrawn'";
    assert_eq!(count(&there, standing).await, 1);
}
