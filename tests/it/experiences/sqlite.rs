//! What members say about their experience, and a restore from SQLite's files.

use super::{
    MayUse, Reader, Says, Site, count, is_sound, may_use, says, sent,
    told::{STORY, page, told_story},
};
use crate::taken_back::gone;
use server::{
    backup::{self, Carried},
    config::Config,
};

#[tokio::test]
async fn a_restore_does_not_bring_back_what_was_taken_back_or_allowed_no_more() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let taken = sent(&mut phone, Reader::Team(harbour)).await;
    let (down, less) = (
        sent(&mut phone, Reader::Team(harbour)).await,
        sent(&mut phone, Reader::Team(harbour)).await,
    );
    let stories = [
        told_story(&site, &mut phone, down).await,
        told_story(&site, &mut phone, less).await,
    ];
    let store = site.app.config.store.clone();
    let copy = store.data_dir.join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    says(&mut phone, Says::Withdraw(taken)).await;
    says(&mut phone, Says::TakeDown(stories[0])).await;
    let training = MayUse::TrainingUnnamed;
    says(&mut phone, may_use(less, MayUse::PublicNamed, training)).await;
    site.app.writer.tidy().await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let newer = Config::in_folder(place.path()).store;
    std::fs::copy(store.file().unwrap(), newer.file().unwrap()).unwrap();

    let restored = backup::restore(&newer, &copy).await.unwrap();
    // The story that went because less is allowed is counted too.
    let things = 4;
    assert_eq!(restored.carried, Some(Carried { people: 0, things }));
    let there = Site::with(|config| config.store = newer.clone()).await;
    is_sound(&there).await;
    gone(&there, STORY).await;
    for story in stories {
        assert_eq!(page(&there, story).await.0, 410);
    }
    let standing = "select count(*) from experiences where state <> 'withdrawn'";
    assert_eq!(count(&there, standing).await, 2);
    let allowed = "select count(*) from experiences where may_use = 'training_unnamed'";
    assert_eq!(count(&there, allowed).await, 1);
}
