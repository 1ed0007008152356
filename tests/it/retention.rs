//! How long things are kept: who may change it, what members are told, and what goes.

use crate::{
    desk::{hire, signed_in},
    site::{Site, wire},
    sync::{a_request, a_share},
};
use app::domain::{command::Command, id::StaffId, opportunity::Gives, retention::KeptFor};
use axum::http::Method;
use server::{
    db::{audit, staff::Role},
    retention, verify,
};
use sqlx::Row;
use uuid::Uuid;

async fn change(site: &Site, sql: &'static str) -> bool {
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            sqlx::raw_sql(sql).execute(tx).await?;
            Ok(())
        })
    });
    work.await.is_ok()
}

async fn count(site: &Site, sql: &'static str) -> i64 {
    let row = sqlx::query(sql).fetch_one(&site.app.db.pool).await;
    row.unwrap().get(0)
}

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

/// A note between colleagues about each, and a safety record about the one that ends.
const NOTES: &str = "insert into staff (id, email, name, role, password, made_at) \
    values ('s', 's@x.example', 'S', 'staff', '', 1); \
    insert into hand_overs (id, kind, subject, at, by_staff, to_staff, note) \
    select id, 'check_in', id, 1, 's', 's', 'a word' from check_ins where state <> 'withdrawn'; \
    insert into safety_entries (id, record, at, staff, staff_name, about_kind, about, worry) \
    select 'e', 'e', 1, 's', 'S', 'check_in', id, 'a worry' from check_ins where state = 'closed'";

#[tokio::test]
async fn a_check_in_that_ended_goes_when_its_time_has_come_and_an_open_one_stays() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    for _ in 0..3 {
        phone.does(&a_share(team).1).await;
    }
    let (id, share) = a_share(team);
    phone.does(&share).await;
    phone.does(&Command::WithdrawCheckIn(id)).await;
    let closes = "update check_ins set state = 'closed' \
        where id = (select min(id) from check_ins where state = 'sent'); \
        update feed set body = replace(body, '\"sent\"', '\"closed\"') \
        where id = (select id from check_ins where state = 'closed')";
    assert!(change(&site, closes).await);
    assert!(change(&site, NOTES).await);
    retention::expire(&site.app).await.unwrap();
    assert_eq!(count(&site, "select count(*) from check_ins").await, 4);

    // As if a year had gone by; what stays is as young as its record says again before it is looked at.
    let ages = "update check_ins set received_at = received_at - 31622400000";
    assert!(change(&site, ages).await);
    retention::expire(&site.app).await.unwrap();
    assert_eq!(count(&site, "select count(*) from check_ins").await, 2);
    let notes = "select count(*) from hand_overs where subject not in (select id from check_ins)";
    assert_eq!(count(&site, notes).await, 0);
    assert_eq!(count(&site, "select count(*) from hand_overs").await, 2);
    let stays = "select count(*) from safety_entries where about not in (select id from check_ins)";
    assert_eq!(count(&site, stays).await, 1);
    let gone = phone.sync(&[]).await;
    let tombstones = gone.changes.iter().filter(|change| change.deleted);
    assert_eq!(tombstones.count(), 2);
    let words = "select count(*) from feed where deleted = 1 and body is not null";
    assert_eq!(count(&site, words).await, 0);
    let young = "update check_ins set received_at = received_at + 31622400000";
    assert!(change(&site, young).await);
    is_sound(&site).await;
}

#[tokio::test]
async fn more_sign_ups_than_a_batch_go_after_their_session_and_the_places_still_agree() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(3)).await;
    let mut phones = Vec::new();
    for _ in 0..105 {
        let mut phone = site.member().await;
        phone.sync(&[wire(&a_request(session).1)]).await;
        phones.push(phone);
    }
    retention::expire(&site.app).await.unwrap();
    assert_eq!(count(&site, "select count(*) from sign_ups").await, 105);
    let ages = "update sign_ups set received_at = 1; update sessions set starts_at = null";
    assert!(change(&site, ages).await);
    retention::expire(&site.app).await.unwrap();
    assert_eq!(count(&site, "select count(*) from sign_ups").await, 0);
    assert_eq!(
        count(&site, "select taken + waiting from sessions").await,
        0
    );
    let known = phones[0].sync(&[]).await;
    assert!(
        known
            .changes
            .iter()
            .all(|change| change.kind != "sign_up" || change.deleted)
    );
}

#[tokio::test]
async fn nobody_can_take_a_young_line_out_of_the_audit_log_and_old_ones_go() {
    let site = Site::new().await;
    for at in [1, 2, 9_000_000_000_000] {
        audited(&site, at).await;
    }
    assert!(!change(&site, "delete from audit where at > 2").await);
    assert!(!change(&site, "update audit set action = 'y'").await);
    assert!(!change(&site, "delete from audit_chain").await);
    retention::expire(&site.app).await.unwrap();
    assert_eq!(
        count(&site, "select count(*) from audit where at <= 2").await,
        0
    );
    let stays = "select count(*) from audit where action = 'x'";
    assert_eq!(count(&site, stays).await, 1);
    is_sound(&site).await;

    // What was let go of is a line of its own, and nothing is let go of twice.
    let says = "select count(*) from audit where action = 'audit.let_go' and detail like '2:%'";
    assert_eq!(count(&site, says).await, 1);
    retention::expire(&site.app).await.unwrap();
    assert_eq!(count(&site, "select count(*) from audit").await, 2);
    assert_eq!(count(&site, "select min(n) from audit_chain").await, 3);
    is_sound(&site).await;
}

async fn audited(site: &Site, at: i64) {
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            let staff = StaffId(Uuid::nil());
            audit::add(tx, at, staff, "x", ("k", Uuid::nil()), None).await
        })
    });
    work.await.unwrap();
}

#[tokio::test]
async fn only_an_admin_sees_and_changes_how_long_things_are_kept() {
    let site = Site::new().await;
    hire(&site, "Priya", Role::Staff, &[]).await;
    hire(&site, "Ade", Role::Admin, &[]).await;
    let form =
        "check_in=180&sign_up=400&group_message=500&suggestion=500&experience=500&audit=2190";
    let mut priya = signed_in(&site, "Priya").await;
    assert_eq!(priya.open("/staff/retention").await.status, 403);
    assert_eq!(priya.post("/staff/retention", form).await.status, 403);
    assert_eq!(count(&site, "select count(*) from retention").await, 0);

    let mut ade = signed_in(&site, "Ade").await;
    assert!(ade.read("/staff/retention").await.contains("value=\"365\""));
    for wrong in [
        "check_in=1&sign_up=400&group_message=500&suggestion=500&experience=500&audit=2190",
        "check_in=180&sign_up=400&group_message=500&suggestion=500&experience=500&audit=365",
        "check_in=x&sign_up=400&group_message=500&suggestion=500&experience=500&audit=2190",
    ] {
        let answer = ade
            .send(Method::POST, "/staff/retention", Some(wrong))
            .await;
        assert!(
            crate::desk::page(&answer).contains("Nothing was changed"),
            "{wrong}"
        );
    }
    assert_eq!(count(&site, "select count(*) from retention").await, 0);
    assert_eq!(ade.post("/staff/retention", form).await.status, 303);
    assert!(ade.read("/staff/retention").await.contains("value=\"180\""));
    let audited = "select count(*) from audit where action = 'retention.change'";
    assert_eq!(count(&site, audited).await, 1);

    let mut phone = site.member().await;
    let page = phone.sync(&[]).await;
    let told = page
        .changes
        .iter()
        .find(|change| change.kind == "retention")
        .unwrap();
    let told: KeptFor = serde_json::from_str(told.body.as_ref().unwrap().0.get()).unwrap();
    assert!(told.lines[0].contains("180 days"), "{told:?}");
    is_sound(&site).await;
}
