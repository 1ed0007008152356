//! How people sign in, and a restore from SQLite's files.

use super::{admin, at};
use crate::{
    desk::{Desk, PASSWORD, escape, hire},
    site::Site,
    staff_two_step::{code, turns_on},
};
use server::{backup, db::staff::Role};

#[tokio::test]
async fn a_restore_brings_nobody_back_who_was_shut_out_and_no_old_password() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("data");
    let site = Site::with(|config| config.store.data_dir = place.clone()).await;
    let store = site.app.config.store.clone();
    let (_, mut ada) = admin(&site).await;
    let priya = hire(&site, "priya", Role::Staff, &[]).await;
    let copy = folder.path().join("copy.db");
    backup::make(&store, &copy).await.unwrap();
    ada.post(&at(priya, "disable"), "").await;
    let (key, _) = turns_on(&mut ada).await;
    let new = "another long one";
    let form = format!("current={}&password={}", escape(PASSWORD), escape(new));
    ada.post("/staff/account/password", &form).await;
    site.app.writer.tidy().await.unwrap();
    drop(ada);
    drop(site);

    backup::restore(&store, &copy).await.unwrap();
    let site = Site::with(|config| config.store.data_dir = place.clone()).await;
    let mut visitor = Desk {
        site: &site,
        cookie: None,
    };
    assert_eq!(
        visitor.sign_in("priya@demo.example", PASSWORD).await.status,
        422
    );
    assert_eq!(
        visitor.sign_in("ada@demo.example", PASSWORD).await.status,
        422
    );
    let answer = visitor.sign_in("ada@demo.example", new).await;
    assert_eq!(answer.header("location"), "/staff/sign-in/code");
    let form = format!("code={}", code(&key, 1));
    assert_eq!(visitor.post("/staff/sign-in/code", &form).await.status, 303);
}
