//! Shared check-ins at the desk: their own team's alone, and each reading written down.

use crate::{
    desk::{at_the_desk, hire, signed_in},
    site::{Phone, Site, record},
    sync::a_share,
};
use app::domain::{
    check_in::Wants,
    command::Command,
    id::{CheckInId, TeamId},
    record::CheckIn,
};
use axum::{body::Body, http::Method, http::Request};
use server::db::staff::Role;

async fn shared(phone: &mut Phone<'_>, team: TeamId, wants: Wants, note: &str) -> CheckInId {
    let (id, command) = a_share(team);
    let Command::ShareCheckIn(mut share) = command else {
        unreachable!("a_share makes a share");
    };
    share.wants = wants;
    share.note = Some(note.to_owned());
    assert_eq!(phone.does(&Command::ShareCheckIn(share)).await, "applied");
    id
}

fn path(id: CheckInId) -> String {
    format!("/staff/check-ins/{id}")
}

async fn audit_lines(site: &Site) -> i64 {
    sqlx::query_scalar("select count(*) from audit where action = 'check_in.read'")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_teams_check_ins_are_open_to_its_own_staff_alone() {
    let site = Site::new().await;
    let (harbour, lookout) = (
        site.team("Harbour", "STAR-1").await,
        site.team("Lookout", "LOOK-1").await,
    );
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Call, "private words").await;
    hire(&site, "ada", Role::Admin, &[lookout]).await;
    for mut other in [
        at_the_desk(&site, "tom", &[lookout]).await,
        at_the_desk(&site, "jo", &[]).await,
        signed_in(&site, "ada").await,
    ] {
        let list = other.read("/staff/check-ins").await;
        assert!(!list.contains(&id.to_string()), "{list}");
        assert!(!list.contains("class=\"count\">1<"), "nor counted");
        assert_eq!(other.open(&path(id)).await.status, 404);
    }
    assert_eq!(audit_lines(&site).await, 0, "nothing was read");
    let mut own = at_the_desk(&site, "priya", &[harbour]).await;
    assert!(own.read(&path(id)).await.contains("private words"));
}

#[tokio::test]
async fn who_leaves_a_team_reads_no_more_of_it() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Know, "private words").await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    desk.read(&path(id)).await;
    let leave = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::query("delete from staff_team").execute(tx).await?;
            Ok(())
        })
    });
    leave.await.unwrap();
    assert_eq!(desk.open(&path(id)).await.status, 404);
}

#[tokio::test]
async fn those_who_asked_for_something_stand_first_and_no_words_stand_in_the_list() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let know = shared(&mut phone, harbour, Wants::Know, "private words").await;
    let message = shared(&mut phone, harbour, Wants::Message, "private words").await;
    let call = shared(&mut phone, harbour, Wants::Call, "private words").await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    let list = desk.read("/staff/check-ins").await;
    let place = |id: CheckInId| list.find(&path(id)).expect("it is listed");
    assert!(place(message) < place(call), "the older asked first");
    assert!(place(call) < place(know));
    assert!(!list.contains("private words"));
    assert_eq!(audit_lines(&site).await, 0, "a list is no reading");
}

#[tokio::test]
async fn each_reading_is_written_down_and_the_phone_says_who_was_first() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Know, "private words").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut tom = at_the_desk(&site, "tom", &[harbour]).await;
    priya.read(&path(id)).await;
    tom.read(&path(id)).await;
    tom.read(&path(id)).await;
    assert_eq!(audit_lines(&site).await, 3);
    let seen: CheckIn = record(&phone.sync(&[]).await, id).expect("news");
    assert_eq!(seen.seen_by.as_deref(), Some("priya"));
    hire(&site, "ada", Role::Admin, &[]).await;
    let log = signed_in(&site, "ada").await.read("/staff/audit").await;
    assert!(log.contains("Read a check-in") && log.contains("Harbour"));
    assert!(!log.contains("private words"));
}

#[tokio::test]
async fn what_is_no_reading_shows_nothing_and_is_not_written_down() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Know, "private words").await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    let head = desk.send(Method::HEAD, &path(id), None).await;
    assert!(head.body.is_empty());
    let ahead = Request::get(path(id))
        .header("sec-purpose", "prefetch")
        .header("cookie", desk.cookie.clone().unwrap());
    let ahead = site.send(ahead.body(Body::empty()).unwrap()).await;
    assert_eq!(ahead.status, 503);
    assert!(ahead.body.is_empty());
    assert_eq!(audit_lines(&site).await, 0);
}

#[tokio::test]
async fn what_was_taken_back_is_gone_from_the_desk() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Call, "private words").await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    phone.does(&Command::WithdrawCheckIn(id)).await;
    let list = desk.read("/staff/check-ins").await;
    assert!(!list.contains(&id.to_string()));
    assert_eq!(desk.open(&path(id)).await.status, 404);
}

#[tokio::test]
async fn the_log_can_be_neither_changed_nor_emptied() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Know, "private words").await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    desk.read(&path(id)).await;
    for tamper in ["update audit set staff = 'nobody'", "delete from audit"] {
        let write = site.app.writer.run(move |tx| {
            Box::pin(async move {
                sqlx::query(tamper).execute(tx).await?;
                Ok(())
            })
        });
        assert!(write.await.is_err(), "{tamper}");
    }
    assert_eq!(audit_lines(&site).await, 1);
}
