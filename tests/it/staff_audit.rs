//! The audit log as an admin reads it: who did what, about whom, and the way there where it is open.

use crate::{
    desk::{hire, page, signed_in},
    site::{Phone, Site},
    sync::a_share,
};
use app::domain::{
    command::Command,
    id::{CheckInId, SessionId, SignUpId, StaffId, TeamId},
    opportunity::Gives,
    sign_up::RequestSignUp,
};
use serde_json::json;
use server::{commands::staff::StaffAction, db::staff::Role};
use uuid::Uuid;

/// A phone on which someone with a name joined.
async fn joined_as<'a>(site: &'a Site, code: &str, name: Option<&str>) -> Phone<'a> {
    let mut phone = Phone::new(site);
    let body = json!({ "code": code, "name": name });
    let answer = phone.post("/api/join", &body).await;
    phone.member = Some(answer.json::<app::sync::wire::JoinResponse>().member);
    phone
}

async fn share(phone: &mut Phone<'_>, team: TeamId) -> CheckInId {
    let (id, command) = a_share(team);
    assert_eq!(phone.does(&command).await, "applied");
    id
}

async fn sign_up(phone: &mut Phone<'_>, session: SessionId) -> SignUpId {
    let sign_up = SignUpId(Uuid::now_v7());
    let request = RequestSignUp {
        sign_up,
        session,
        contact: None,
        access_needs: None,
        access_needs_consent: false,
        travel_first: false,
        note: None,
        agreement: None,
        thanks: None,
    };
    assert_eq!(
        phone.does(&Command::RequestSignUp(request)).await,
        "applied"
    );
    sign_up
}

async fn act(site: &Site, by: StaffId, action: StaffAction) {
    site.app.writer.staff(by, action).await.unwrap();
}

#[tokio::test]
async fn each_line_says_who_did_what_and_about_whom_and_no_bare_number() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let session = site.session(Gives::Staff, Some(2)).await;
    let priya = hire(&site, "Priya", Role::Staff, &[harbour]).await;
    hire(&site, "ada", Role::Admin, &[harbour]).await;
    let mut femi = joined_as(&site, "STAR-1", Some("Femi")).await;
    let check_in = share(&mut femi, harbour).await;
    let sign_up = sign_up(&mut femi, session).await;
    act(&site, priya, StaffAction::OpenCheckIn(check_in)).await;
    act(&site, priya, StaffAction::OpenSignUp(sign_up)).await;

    let log = signed_in(&site, "ada").await.read("/staff/audit").await;
    for said in [
        "Priya",
        "Read a check-in",
        "Opened a sign-up",
        "About whom",
        "Femi",
    ] {
        assert!(log.contains(said), "{said}: {log}");
    }
    assert!(log.contains(&format!(
        "href=\"/staff/sign-ups/{sign_up}\" aria-label=\"Open the sign-up of Femi for "
    )));
    assert!(log.contains(&format!(
        "href=\"/staff/check-ins/{check_in}\" aria-label=\"Open the check-in of Femi\""
    )));
    for id in [sign_up.to_string(), check_in.to_string()] {
        assert_eq!(log.matches(&id).count(), 1, "in the link alone");
    }
}

#[tokio::test]
async fn a_check_in_leads_nowhere_for_who_is_not_of_its_team_or_once_it_was_taken_back() {
    let site = Site::new().await;
    let (harbour, lookout) = (
        site.team("Harbour", "STAR-1").await,
        site.team("Lookout", "LOOK-1").await,
    );
    let priya = hire(&site, "Priya", Role::Staff, &[harbour]).await;
    hire(&site, "ada", Role::Admin, &[harbour]).await;
    hire(&site, "tom", Role::Admin, &[lookout]).await;
    let mut nameless = joined_as(&site, "STAR-1", None).await;
    let check_in = share(&mut nameless, harbour).await;
    act(&site, priya, StaffAction::OpenCheckIn(check_in)).await;

    let link = format!("/staff/check-ins/{check_in}");
    let (mut own, mut other) = (signed_in(&site, "ada").await, signed_in(&site, "tom").await);
    assert!(own.read("/staff/audit").await.contains(&link));
    let log = other.read("/staff/audit").await;
    assert!(
        log.contains("No name given") && !log.contains(&check_in.to_string()),
        "{log}"
    );
    nameless.does(&Command::WithdrawCheckIn(check_in)).await;
    let log = own.read("/staff/audit").await;
    assert!(
        log.contains("Read a check-in") && !log.contains(&link),
        "the line stays"
    );
}

#[tokio::test]
async fn the_log_is_newest_first_in_pages_that_leave_nothing_out_and_for_admins_alone() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let priya = hire(&site, "Priya", Role::Staff, &[]).await;
    hire(&site, "ada", Role::Admin, &[]).await;
    site.code("LOOK-1").await;
    for number in 0..30 {
        let mut phone = joined_as(&site, "LOOK-1", Some(&format!("Person {number:02}"))).await;
        let sign_up = sign_up(&mut phone, session).await;
        act(&site, priya, StaffAction::OpenSignUp(sign_up)).await;
    }
    let mut desk = signed_in(&site, "ada").await;
    let first = desk.read("/staff/audit").await;
    let (newer, older) = (
        first.find(">Person 29<").unwrap(),
        first.find(">Person 05<").unwrap(),
    );
    assert!(newer < older && !first.contains(">Person 04<"));
    let (_, rest) = first.split_once("href=\"/staff/audit?before=").unwrap();
    let before = rest.split('"').next().unwrap();
    let second = desk.read(&format!("/staff/audit?before={before}")).await;
    assert!(second.contains(">Person 04<") && second.contains(">Person 00<"));
    assert!(!second.contains(">Person 05<"));
    let refused = signed_in(&site, "Priya").await.open("/staff/audit").await;
    assert_eq!(refused.status, 403);
    assert!(!page(&refused).contains("Person"));
}
