//! The safeguarding page: admins set it, everyone on the desk sees it with the day it was checked on.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    site::Site,
};
use app::domain::id::StaffId;
use server::{
    commands::safety::{self, NewSettings, Saved},
    db::{safety::settings, staff::Role},
    safety::built_in,
};

/// Names exactly these readers, and changes nothing else.
pub async fn name_readers(site: &Site, readers: &[StaffId]) {
    let now = settings::newest(&site.app.db.pool).await.unwrap();
    let now = now.unwrap_or_else(built_in);
    let by = StaffId(uuid::Uuid::now_v7());
    let new = NewSettings {
        over: now.version,
        by,
        procedure: now.procedure,
        checked: None,
        readers: readers.iter().copied().collect(),
    };
    let save = site
        .app
        .writer
        .run(move |tx| Box::pin(safety::save(tx, 0, new)));
    assert_eq!(save.await.unwrap(), Saved::Saved);
}

fn form(version: i64, steps: &str, more: &str) -> String {
    format!(
        "version={version}&steps={}&lead_name=Amina&lead_phone=01632+960+200\
         &deputy_name=Jo&deputy_phone=01632+960+201{more}",
        escape(steps)
    )
}

async fn ada(site: &Site) -> (StaffId, Desk<'_>) {
    let id = hire(site, "ada", Role::Admin, &[]).await;
    (id, signed_in(site, "ada").await)
}

const PATH: &str = "/staff/safety/settings";

#[tokio::test]
async fn an_admins_words_and_names_stand_first_where_staff_are_worried_with_the_day_of_the_check() {
    let site = Site::new().await;
    let (_, mut ada) = ada(&site).await;
    let mut jo = at_the_desk(&site, "jo", &[]).await;
    let built_in = jo.read("/staff/safety/new").await;
    assert!(built_in.contains("ring 999") && built_in.contains("Nobody has checked this page"));
    let steps = "Ring us first.\r\n\r\nThen <b>write</b>.";
    let saved = ada.post(PATH, &form(0, steps, "&checked=yes")).await;
    assert_eq!(saved.status, 303, "{}", page(&saved));
    let shown = jo.read("/staff/safety/new").await;
    assert!(shown.contains("Ring us first.</p>") && shown.contains("&lt;b&gt;write"));
    assert!(shown.contains("href=\"tel:01632960200\"") && shown.contains("Ring Jo: 01632 960 201"));
    assert!(shown.contains("Checked on ") && shown.contains(" by ada."));
    // A change that nobody checked is not called checked.
    ada.post(PATH, &form(1, "Ring the new number.", "")).await;
    let shown = jo.read("/staff/safety/new").await;
    assert!(
        shown.contains("Ring the new number.") && shown.contains("Nobody has checked this page")
    );
}

#[tokio::test]
async fn naming_readers_is_for_admins_and_each_name_is_in_the_log() {
    let site = Site::new().await;
    let (ada_id, mut ada) = ada(&site).await;
    let lee = hire(&site, "lee", Role::Staff, &[]).await;
    let mut jo = at_the_desk(&site, "jo", &[]).await;
    assert_eq!(jo.open(PATH).await.status, 403);
    let own = form(0, "Mine", &format!("&reader={lee}"));
    assert_eq!(jo.post(PATH, &own).await.status, 403);
    ada.post(
        PATH,
        &form(0, "One", &format!("&reader={lee}&reader={ada_id}")),
    )
    .await;
    ada.post(PATH, &form(1, "One", &format!("&reader={lee}")))
        .await;
    let lines: Vec<(String, String)> = sqlx::query_as(
        "select action, subject from audit where action like 'safety.reader%' order by id",
    )
    .fetch_all(&site.app.db.pool)
    .await
    .unwrap();
    let line = |action: &str, id: StaffId| (format!("safety.{action}"), id.to_string());
    assert_eq!(lines.len(), 3);
    assert!(lines[..2].contains(&line("reader_named", lee)));
    assert!(lines[..2].contains(&line("reader_named", ada_id)));
    assert_eq!(lines[2], line("reader_removed", ada_id));
    let kept = ada.read(PATH).await;
    assert_eq!(
        kept.matches("by ada. Lead: Amina").count(),
        2,
        "history: {kept}"
    );
    assert!(
        ada.read("/staff/audit")
            .await
            .contains("Named someone who reads safety records")
    );
}

#[tokio::test]
async fn two_admins_at_once_lose_no_words_and_neither_overwrites_unknowing() {
    let site = Site::new().await;
    let (_, mut ada) = ada(&site).await;
    hire(&site, "ben", Role::Admin, &[]).await;
    let mut ben = signed_in(&site, "ben").await;
    ada.post(PATH, &form(0, "The words of ada", "")).await;
    let late = ben.post(PATH, &form(0, "The words of ben", "")).await;
    assert_eq!(late.status, 422);
    let shown = page(&late);
    assert!(shown.contains("Someone else changed this page") && shown.contains("The words of ben"));
    let current = ben.read("/staff/safety/new").await;
    assert!(current.contains("The words of ada"));
    let knowing = ben.post(PATH, &form(1, "The words of ben", "")).await;
    assert_eq!(knowing.status, 303);
}

#[tokio::test]
async fn a_page_without_steps_is_not_saved_and_gives_all_else_back() {
    let site = Site::new().await;
    let (_, mut ada) = ada(&site).await;
    let answer = ada.post(PATH, &form(0, " ", "")).await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains("value=\"01632 960 200\""));
    assert!(settings::newest(&site.app.db.pool).await.unwrap().is_none());
}
