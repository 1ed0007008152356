//! Going back to a backup does not bring back what was taken back since.

use super::{a_message, an_ask, does, matched, stands_anywhere};
use crate::{site::Site, words::is_sound};
use app::domain::peer::Does;
use server::{
    backup::{self, Carried},
    config::Config,
    db::staff::Role,
};

#[tokio::test]
async fn what_was_taken_back_since_a_backup_is_not_there_after_a_restore() {
    let site = Site::new().await;
    let by = crate::desk::hire(&site, "priya", Role::Staff, &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    let (message, write) = a_message(it.id, "Said among two");
    does(&mut it.kit, write).await;
    let copy = site.app.config.store.data_dir.join("copy.db");
    backup::make(&site.app.config.store, &copy).await.unwrap();
    let back = Does::TakeBack {
        message,
        peer_match: it.id,
    };
    does(&mut it.kit, back).await;
    does(&mut it.kit, Does::Withdraw(it.ask.ask)).await;
    site.app.writer.tidy().await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let newer = Config::in_folder(place.path()).store;
    let store = &site.app.config.store;
    std::fs::copy(store.file().unwrap(), newer.file().unwrap()).unwrap();

    let restored = backup::restore(&newer, &copy).await.unwrap();
    let things = 1;
    assert_eq!(restored.carried, Some(Carried { people: 0, things }));
    let there = Site::with(|config| config.store = newer.clone()).await;
    for words in ["Said among two", super::NOT_WITH, "Nights"] {
        assert!(!stands_anywhere(&there, words).await, "{words}");
    }
    is_sound(&there).await;
}
