//! People at the desk: who is found by whom, and helping somebody with their phones.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    phones::a_phone_of,
    site::{Phone, Site, record},
};
use app::{
    domain::{
        device::{Device, DeviceState},
        id::MemberId,
    },
    sync::wire::JoinResponse,
};
use serde_json::json;
use server::db::staff::Role;

async fn named(site: &Site, code: &str, name: &str) -> MemberId {
    let body = json!({ "code": code, "name": name });
    let answer = Phone::new(site).post("/api/join", &body).await;
    answer.json::<JoinResponse>().member
}

/// The twelve digits on the page that shows a code.
fn digits(page: &str) -> String {
    let (_, after) = page.split_once("big-code\">").expect("a code");
    let (code, _) = after.split_once('<').unwrap();
    code.to_owned()
}

async fn audited(site: &Site) -> Vec<String> {
    let rows: Vec<(String,)> = sqlx::query_as("select action from audit order by id")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    rows.into_iter().map(|(action,)| action).collect()
}

async fn makes_code(desk: &mut Desk<'_>, member: MemberId, form: &str) -> (u16, String) {
    let path = format!("/staff/people/{member}/new-phone");
    let answer = desk.post(&path, form).await;
    (answer.status.as_u16(), page(&answer))
}

#[tokio::test]
async fn staff_find_the_people_of_their_own_teams_and_admins_everyone() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    site.team("Lookout", "LOOK-1").await;
    site.code("NONE-1").await;
    let (sam, kim, jo) = (
        named(&site, "STAR-1", "Sam").await,
        named(&site, "LOOK-1", "Kim").await,
        named(&site, "NONE-1", "Jo").await,
    );
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let list = priya.read("/staff/people").await;
    assert!(list.contains(">Sam<") && !list.contains(">Kim<") && !list.contains(">Jo<"));
    for other in [kim, jo] {
        let path = format!("/staff/people/{other}");
        assert_eq!(priya.open(&path).await.status, 404);
        let (status, _) = makes_code(&mut priya, other, "how=in_person").await;
        assert_eq!(status, 404);
    }
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let list = ada.read("/staff/people").await;
    assert!(
        [">Sam<", ">Kim<", ">Jo<"]
            .iter()
            .all(|name| list.contains(name))
    );
    let found = ada.read("/staff/people?name=KI").await;
    assert!(found.contains("Kim") && !found.contains("Sam"));
    assert!(!ada.read("/staff/people?name=%25").await.contains("Sam"));
    assert!(
        ada.read(&format!("/staff/people/{sam}"))
            .await
            .contains("Harbour")
    );
}

#[tokio::test]
async fn a_long_list_goes_on_where_it_ended_whatever_the_names_are() {
    let site = Site::new().await;
    site.code("NONE-1").await;
    let mut names: Vec<String> = (0..30).map(|at| format!("Éva {at:02}")).collect();
    names.extend(["sam".to_owned(), "Sam".to_owned()]);
    for name in &names {
        named(&site, "NONE-1", name).await;
    }
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let first = ada.read("/staff/people").await;
    let (_, link) = first
        .split_once("href=\"/staff/people?name=&amp;")
        .expect("more");
    let (link, _) = link.split_once('"').unwrap();
    let path = format!("/staff/people?name=&{}", link.replace("&amp;", "&"));
    let second = ada.read(&path).await;
    for name in names {
        let cell = format!(">{name}</td>");
        let times = first.matches(&cell).count() + second.matches(&cell).count();
        assert_eq!(times, 1, "{name}");
    }
}

#[tokio::test]
async fn a_code_for_somebody_whom_staff_know_adds_a_phone_and_every_phone_says_who_helped() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (mut first, member) = a_phone_of(&site, "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let (status, shown) = makes_code(&mut priya, member, "how=known_number").await;
    assert_eq!(status, 200);
    let mut new = Phone::new(&site);
    let body = json!({ "code": digits(&shown), "device": new.device });
    let joined: JoinResponse = new.post("/api/join", &body).await.json();
    assert_eq!(joined.member, member);
    let told: Device = record(&first.sync(&[]).await, new.device).expect("news");
    assert_eq!(told.added_by.as_deref(), Some("priya"));
    assert_eq!(audited(&site).await, ["member.new_phone"]);
    let page = priya.read(&format!("/staff/people/{member}")).await;
    assert!(page.contains("priya made a code for a new phone."));
    assert!(!page.contains(&digits(&shown)), "a code is shown once");
}

#[tokio::test]
async fn no_code_is_made_without_saying_how_the_person_is_known() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (_, member) = a_phone_of(&site, "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    for form in ["", "how=", "how=guess", "how=other", "how=other&words=+"] {
        let (status, _) = makes_code(&mut priya, member, form).await;
        assert_eq!(status, 422, "{form}");
    }
    assert!(audited(&site).await.is_empty());
    let words = format!("how=other&words={}", escape("Her worker brought her"));
    assert_eq!(makes_code(&mut priya, member, &words).await.0, 200);
}

#[tokio::test]
async fn a_lost_phone_is_cleared_only_when_it_is_written_down_who_asked_how_and_when() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (mut lost, member) = a_phone_of(&site, "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let path = format!("/staff/people/{member}/lost/{}", lost.device);
    assert!(priya.read(&path).await.contains("A lost phone of"));
    for form in [
        "",
        "asked_by=Sam&asked_when=today",
        "asked_by=Sam&how=in_person",
        "asked_when=today&how=in_person",
        "asked_by=+&asked_when=+&how=in_person",
    ] {
        assert_eq!(priya.post(&path, form).await.status, 422, "{form}");
    }
    lost.sync(&[]).await;
    assert!(audited(&site).await.is_empty());

    let form = "asked_by=Sam&asked_when=today&how=known_number";
    assert_eq!(priya.post(&path, form).await.status, 303);
    assert_eq!(lost.sync_refused(&[]).await.1, "device_revoked");
    assert_eq!(audited(&site).await, ["device.lost"]);
    let page = priya.read(&format!("/staff/people/{member}")).await;
    assert!(page.contains("priya had a phone cleared.") && page.contains("Sam asked: today."));
}

#[tokio::test]
async fn the_members_other_phones_learn_who_wrote_the_loss_down() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (mut first, member) = a_phone_of(&site, "STAR-1").await;
    let second = first.second().await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let path = format!("/staff/people/{member}/lost/{}", second.device);
    priya
        .post(&path, "asked_by=Sam&asked_when=today&how=in_person")
        .await;
    let told: Device = record(&first.sync(&[]).await, second.device).expect("news");
    assert_eq!(told.state, DeviceState::Lost);
    assert_eq!(told.lost_by.as_deref(), Some("priya"));
}

#[tokio::test]
async fn a_phone_of_somebody_else_is_not_reached_through_a_member_whom_staff_may_see() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    site.team("Lookout", "LOOK-1").await;
    let (_, member) = a_phone_of(&site, "STAR-1").await;
    let (mut other, stranger) = a_phone_of(&site, "LOOK-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let form = "asked_by=Sam&asked_when=today&how=in_person";
    for whose in [member, stranger] {
        let path = format!("/staff/people/{whose}/lost/{}", other.device);
        assert_eq!(priya.post(&path, form).await.status, 404);
    }
    other.sync(&[]).await;
}
