//! The audit log as an admin reads it: who did what, about whom, and the way there where it is open.

use crate::{
    desk::{hire, page, signed_in},
    site::{Phone, Site},
    staff_two_step::goes_stale,
    sync::a_share,
};
use app::domain::{
    command::Command,
    id::{CheckInId, MemberId, SessionId, SignUpId, StaffId, TeamId},
    opportunity::Gives,
    sign_up::RequestSignUp,
};
use serde_json::json;
use server::{
    commands::staff::StaffAction,
    db::{self, staff::Role},
};
use std::collections::BTreeSet;
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

/// A site with lines of several people, kinds and days.
async fn a_busy_log(site: &Site) -> (StaffId, StaffId, CheckInId, SignUpId, MemberId) {
    let harbour = site.team("Harbour", "STAR-1").await;
    let session = site.session(Gives::Staff, Some(2)).await;
    let priya = hire(site, "Priya", Role::Staff, &[harbour]).await;
    let ada = hire(site, "ada", Role::Admin, &[harbour]).await;
    let mut femi = joined_as(site, "STAR-1", Some("=1+1")).await;
    let mut kim = joined_as(site, "STAR-1", Some("Kim")).await;
    let check_in = share(&mut femi, harbour).await;
    let own = sign_up(&mut femi, session).await;
    let other = sign_up(&mut kim, session).await;
    act(site, priya, StaffAction::OpenCheckIn(check_in)).await;
    act(site, ada, StaffAction::OpenSignUp(own)).await;
    act(site, priya, StaffAction::OpenSignUp(other)).await;
    (priya, ada, check_in, own, femi.member.unwrap())
}

/// What stands in the second column of each row: what was done.
fn done(page: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for row in page.split("<tr role=\"row\">").skip(2) {
        let all = [
            "Read a check-in",
            "Opened a sign-up",
            "Saved lines of this log",
        ];
        found.extend(all.into_iter().find(|said| row.contains(said)));
    }
    found
}

#[tokio::test]
async fn lines_are_found_by_person_action_kind_day_and_whom_they_are_about() {
    let site = Site::new().await;
    let (priya, ada, ..) = a_busy_log(&site).await;
    let femi: String = sqlx::query_scalar("select id from members where name = '=1+1'")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    let mut desk = signed_in(&site, "ada").await;
    let (read, opened) = ("Read a check-in", "Opened a sign-up");
    let today = server::clock::day("Europe/London", server::clock::now_ms());
    for (query, expected) in [
        (String::new(), vec![opened, opened, read]),
        (format!("who={priya}"), vec![opened, read]),
        (format!("who={ada}"), vec![opened]),
        (format!("who={}", Uuid::nil()), vec![]),
        ("did=check_in.read".to_owned(), vec![read]),
        (format!("who={priya}&kind=sign_up"), vec![opened]),
        (format!("about={femi}"), vec![opened, read]),
        (
            format!("from={today}&until={today}"),
            vec![opened, opened, read],
        ),
        (format!("until={today}&did=check_in.read"), vec![read]),
        ("from=2090-01-01".to_owned(), vec![]),
        ("until=2020-01-01".to_owned(), vec![]),
        ("about=%27+or+1%3D1".to_owned(), vec![]),
        ("who=x%27%3B+drop+table+audit".to_owned(), vec![]),
        ("before=nonsense".to_owned(), vec![opened, opened, read]),
    ] {
        let page = desk.read(&format!("/staff/audit?{query}")).await;
        assert_eq!(done(&page), expected, "{query}");
    }
    let wrong = desk.read("/staff/audit?from=yesterday").await;
    assert!(wrong.contains("One of the days is none"));
    let about = desk
        .read(&format!("/staff/audit?about={femi}&did=check_in.read"))
        .await;
    assert!(about.contains("Shown here: Read a check-in. About =1+1."));
    let person = desk.read(&format!("/staff/people/{femi}")).await;
    assert!(person.contains(&crate::desk::escape(&femi).replace('-', "%2D")));
}

#[tokio::test]
async fn the_lines_that_are_shown_leave_as_a_file_and_that_is_a_line_too() {
    let site = Site::new().await;
    a_busy_log(&site).await;
    let mut desk = signed_in(&site, "ada").await;
    let answer = desk.post("/staff/audit/export", "kind=sign_up").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let saved = answer.header("content-disposition").to_owned();
    assert!(
        saved.starts_with("attachment; filename=\"who-read-what-20"),
        "{saved}"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let file = page(&answer);
    assert!(file.starts_with("\u{feff}Line,When,Who,What they did,More,About whom,"));
    let rows: Vec<&str> = file.trim_end().split("\r\n").collect();
    assert_eq!(rows.len(), 3);
    assert!(rows[1].contains(",Priya,Opened a sign-up,,Kim,"));
    // A name that a spreadsheet would run stays a name.
    assert!(
        rows[2].contains(",ada,Opened a sign-up,,\"'=1+1\","),
        "{}",
        rows[2]
    );
    let last = rows[2].split(',').next_back().unwrap();
    assert_eq!(last.len(), 64, "the mark of the line");

    let log = desk.read("/staff/audit").await;
    assert!(log.contains("Saved lines of this log as a file"));
    assert!(log.contains("2 lines. Sign-ups."), "{log}");
    let refused = signed_in(&site, "Priya")
        .await
        .post("/staff/audit/export", "")
        .await;
    assert_eq!(refused.status, 403);
    let all = page(&desk.post("/staff/audit/export", "").await);
    assert_eq!(all.trim_end().split("\r\n").count(), 5, "{all}");
}

#[tokio::test]
async fn no_file_leaves_before_an_admin_has_proved_again_who_they_are() {
    let site = Site::new().await;
    a_busy_log(&site).await;
    let mut desk = signed_in(&site, "ada").await;
    goes_stale(&site).await;
    let asked = desk.post("/staff/audit/export", "kind=sign_up").await;
    assert!(page(&asked).contains("action=\"/staff/prove\""));
    assert!(!page(&asked).contains("Femi") && !page(&asked).contains('\u{feff}'));
    assert!(
        !desk
            .read("/staff/audit")
            .await
            .contains("Saved lines of this log")
    );
}

#[tokio::test]
async fn a_file_of_many_lines_has_each_of_them_once() {
    let site = Site::new().await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let work = site.app.writer.run(|tx| {
        Box::pin(async move {
            for at in 0..1201 {
                // Many at one instant: the order goes on by their ids.
                let staff = StaffId(Uuid::nil());
                db::audit::add(tx, at / 700, staff, "a.thing", ("k", Uuid::nil()), None).await?;
            }
            Ok(())
        })
    });
    work.await.unwrap();
    let mut desk = signed_in(&site, "ada").await;
    let file = page(&desk.post("/staff/audit/export", "").await);
    let numbers: BTreeSet<&str> = (file.split("\r\n").skip(1))
        .filter_map(|row| row.split(',').next())
        .filter(|number| !number.is_empty())
        .collect();
    assert_eq!(numbers.len(), 1201);
    assert_eq!(file.trim_end().split("\r\n").count(), 1202);
}
