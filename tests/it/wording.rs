//! The organisation's own words in place of built-in ones: what phones and pages get, and what does not fit.

use crate::site::{Phone, Site};
use app::{
    domain::{
        id::StaffId,
        record::kind,
        wording::{Unfit, Wording},
    },
    lang::{Text, en::ORDER},
};
use axum::{body::Body, http::Request};
use server::{commands::wording, db::wording::Own};

const KEY: &str = "frame.help_now";

fn own(key: &str, words: &str, why: Option<&str>) -> Own {
    Own {
        key: key.to_owned(),
        words: words.to_owned(),
        why: why.map(str::to_owned),
    }
}

async fn publish(site: &Site, by: StaffId, new: Vec<Own>) -> Result<(), Vec<(String, Unfit)>> {
    let writer = &site.app.writer;
    let published = writer.run(move |tx| Box::pin(wording::publish(tx, (by, 7), new)));
    published.await.unwrap()
}

/// What a phone that only looks around gets.
async fn told(site: &Site) -> Option<Wording> {
    let answer = Phone::new(site).sync(&[]).await;
    let mut changes = answer.changes.into_iter();
    let change = changes.find(|change| change.kind == kind::WORDING && !change.deleted)?;
    Some(serde_json::from_str(change.body?.0.get()).unwrap())
}

async fn today(site: &Site) -> String {
    let request = Request::get("/").body(Body::empty()).unwrap();
    String::from_utf8(site.send(request).await.body).unwrap()
}

#[tokio::test]
async fn published_words_reach_phones_and_pages_and_built_in_ones_come_back() {
    let site = Site::new().await;
    let by = site.staff("Ada", &[]).await;
    assert_eq!(told(&site).await, None);
    assert!(!today(&site).await.contains("\"wording\":"));

    let why = Some("\"Now\" felt like an order.");
    let new = vec![own(KEY, " Help, when you want it ", why)];
    assert_eq!(publish(&site, by, new).await, Ok(()));
    let said = told(&site).await.unwrap();
    let place = Text::of_key(KEY).unwrap().place();
    assert_eq!(said.order, ORDER);
    assert_eq!(said.why(place), why);
    assert_eq!(
        said.lines(),
        format!("{ORDER}\n{place}\tHelp, when you want it")
    );
    let page = today(&site).await;
    assert!(page.contains(">Help, when you want it<"), "{page}");

    // At a start of the same version nothing is written again.
    let seq = async || Phone::new(&site).sync(&[]).await.sums;
    let before = seq().await;
    site.app
        .writer
        .run(|tx| Box::pin(wording::tell(tx)))
        .await
        .unwrap();
    assert_eq!(seq().await, before);

    assert_eq!(
        publish(&site, by, vec![own(KEY, "Help now", None)]).await,
        Ok(())
    );
    assert_eq!(told(&site).await, None);
    assert!(today(&site).await.contains(">Help now<"));
}

#[tokio::test]
async fn where_one_does_not_fit_none_is_published_and_each_is_said_why() {
    let site = Site::new().await;
    let by = site.staff("Ada", &[]).await;
    let new = vec![
        own(KEY, "Help, when you want it", None),
        own("frame.no_such_text", "Hello", None),
        own("desk.desk", "Staff words are not members'", None),
        own("tab.today", "\u{202e}yadoT", None),
        own("tab.my_plan", " ", None),
    ];
    let unfit = publish(&site, by, new).await.unwrap_err();
    let why: Vec<Unfit> = unfit.iter().map(|(_, why)| *why).collect();
    assert_eq!(
        why,
        [
            Unfit::NoSuchText,
            Unfit::NoSuchText,
            Unfit::Characters,
            Unfit::Empty
        ]
    );
    assert_eq!(told(&site).await, None);
}

#[tokio::test]
async fn words_whose_text_this_version_does_not_have_stay_and_are_shown_to_nobody() {
    let site = Site::new().await;
    let by = site.staff("Ada", &[]).await;
    publish(&site, by, vec![own(KEY, "Help, when you want it", None)])
        .await
        .unwrap();
    // As a version wrote it that had other texts.
    let older = site.app.writer.run(|tx| {
        Box::pin(async move {
            let older = sqlx::query("update wording set text_key = 'old.text'");
            older.execute(&mut *tx).await?;
            Ok(())
        })
    });
    older.await.unwrap();
    site.app
        .writer
        .run(|tx| Box::pin(wording::tell(tx)))
        .await
        .unwrap();
    assert_eq!(told(&site).await, None);
    let kept = site
        .app
        .writer
        .run(|tx| Box::pin(server::db::wording::all(tx)));
    assert_eq!(kept.await.unwrap().len(), 1);
}
