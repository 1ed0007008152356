//! What is kept for next time, and a restore from SQLite's files.

use super::{asks, deletes, is_sound, keeps};
use crate::{site::Site, taken_back::gone};
use app::domain::opportunity::Gives;
use server::{
    backup::{self, Carried},
    config::Config,
};
use sqlx::Row;

#[tokio::test]
async fn a_restore_does_not_bring_back_what_was_deleted_or_said_anew_since() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (mut deleter, mut changer) = (site.member().await, site.member().await);
    let (mut everywhere, mut stays) = (site.member().await, site.member().await);
    let all = [&deleter, &changer, &everywhere, &stays].map(|phone| phone.id());
    for (phone, words) in [
        (&mut deleter, "Lampshade one"),
        (&mut changer, "Lampshade two"),
        (&mut everywhere, "Lampshade three"),
        (&mut stays, "A steady hand"),
    ] {
        let member = phone.id();
        phone.does(&keeps(member, words)).await;
    }
    let (cleared, request) = asks(session, "Lampshade four");
    everywhere.does(&request).await;
    let (whole, request) = asks(session, "A steady chair");
    stays.does(&request).await;
    let store = site.app.config.store.clone();
    let copy = store.data_dir.join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    deleter.does(&deletes(all[0], false)).await;
    changer.does(&keeps(all[1], "A newer word")).await;
    everywhere.does(&deletes(all[2], true)).await;
    everywhere.does(&keeps(all[2], "A word of now")).await;
    site.app.writer.tidy().await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let newer = Config::in_folder(place.path()).store;
    std::fs::copy(store.file().unwrap(), newer.file().unwrap()).unwrap();

    let restored = backup::restore(&newer, &copy).await.unwrap();
    assert_eq!(
        restored.carried,
        Some(Carried {
            people: 0,
            things: 3
        })
    );
    let there = Site::with(|config| config.store = newer.clone()).await;
    is_sound(&there).await;
    gone(&there, "Lampshade").await;
    let kept = sqlx::query("select words from needs order by words");
    let kept = kept.fetch_all(&there.app.db.pool).await.unwrap();
    let kept: Vec<String> = kept.iter().map(|row| row.get(0)).collect();
    assert_eq!(kept, ["A newer word", "A steady hand", "A word of now"]);
    for (sign_up, words) in [(cleared, None), (whole, Some("A steady chair"))] {
        let row = sqlx::query("select access_needs from sign_ups where id = $1")
            .bind(sign_up.to_string())
            .fetch_one(&there.app.db.pool)
            .await
            .unwrap();
        assert_eq!(row.get::<Option<String>, _>(0).as_deref(), words);
    }
}
