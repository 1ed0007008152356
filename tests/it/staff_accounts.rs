//! Looking after staff accounts: roles, teams, disabling, signing out everywhere, and one's own account.

mod sqlite;

use crate::{
    desk::{Desk, PASSWORD, at_the_desk, escape, hire, page, signed_in},
    site::Site,
    staff_two_step::{code, goes_stale, signs_in, turns_on},
    sync::a_share,
};
use app::domain::id::StaffId;
use server::{
    db::staff::Role,
    staff::accounts::{self, By, THE_SERVER},
};

async fn admin(site: &Site) -> (StaffId, Desk<'_>) {
    let id = hire(site, "ada", Role::Admin, &[]).await;
    (id, signed_in(site, "ada").await)
}

async fn audited(site: &Site) -> Vec<String> {
    sqlx::query_scalar("select action from audit where kind = 'staff' order by id")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap()
}

fn at(id: StaffId, action: &str) -> String {
    format!("/staff/accounts/{id}/{action}")
}

async fn is_out(desk: &mut Desk<'_>) -> bool {
    let answer = desk.open("/staff/sign-ups").await;
    answer.header("location").starts_with("/staff/sign-in")
}

#[tokio::test]
async fn the_list_says_who_works_here_and_how_they_sign_in() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (_, mut ada) = admin(&site).await;
    hire(&site, "priya", Role::Staff, &[harbour]).await;
    let list = ada.read("/staff/accounts").await;
    for shown in ["priya@demo.example", "Harbour", "Admin", "Not yet", "Today"] {
        assert!(list.contains(shown), "{shown}");
    }
    let mut priya = signed_in(&site, "priya").await;
    turns_on(&mut priya).await;
    let list = ada.read("/staff/accounts").await;
    assert!(list.contains(">On<") && !list.contains("Not yet"));
}

#[tokio::test]
async fn an_admin_changes_name_role_and_teams_and_each_is_written_down() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    let (_, mut ada) = admin(&site).await;
    let id = hire(&site, "priya", Role::Staff, &[harbour]).await;
    let mut priya = signed_in(&site, "priya").await;
    let path = format!("/staff/accounts/{id}");
    let form = format!("name=Priya+S&role=admin&team={lookout}");
    let answer = ada.post(&path, &form).await;
    assert_eq!(answer.header("location"), "/staff/accounts?done=kept");
    // At once, in the session that she has.
    assert!(priya.read("/staff/accounts").await.contains("Priya S"));
    assert!(priya.read("/staff/account").await.contains("Lookout"));
    let all = ["staff.name", "staff.make_admin", "staff.teams"];
    assert_eq!(audited(&site).await, all);
    ada.post(&path, &form).await;
    assert_eq!(
        audited(&site).await,
        all,
        "nothing changed, nothing written"
    );
    ada.post(&path, &form.replace("admin", "staff")).await;
    assert_eq!(priya.open("/staff/accounts").await.status, 403);
    let bad = ada.post(&path, "name=&role=staff").await;
    assert_eq!(bad.status, 422);
    assert_eq!(
        ada.post(&at(THE_SERVER, ""), "name=A&role=staff")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_their_old_cookie_never_opens_anything_again() {
    let site = Site::new().await;
    let (_, mut ada) = admin(&site).await;
    let id = hire(&site, "priya", Role::Staff, &[]).await;
    let mut priya = signed_in(&site, "priya").await;
    let answer = ada.post(&at(id, "disable"), "").await;
    assert_eq!(answer.header("location"), "/staff/accounts?done=disabled");
    assert!(is_out(&mut priya).await);
    let mut again = Desk {
        site: &site,
        cookie: None,
    };
    assert_eq!(
        again.sign_in("priya@demo.example", PASSWORD).await.status,
        422
    );
    assert!(ada.read("/staff/accounts").await.contains("Disabled"));

    assert_eq!(ada.post(&at(id, "enable"), "").await.status, 303);
    assert!(is_out(&mut priya).await, "the old cookie");
    signed_in(&site, "priya").await;
    // Doing it twice is doing it once.
    ada.post(&at(id, "enable"), "").await;
    assert_eq!(audited(&site).await, ["staff.disable", "staff.enable"]);
}

#[tokio::test]
async fn what_a_disabled_person_looked_after_keeps_their_name_and_can_be_taken_on() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (_, mut ada) = admin(&site).await;
    let mut phone = site.joined("STAR-1").await;
    let (check_in, share) = a_share(harbour);
    phone.does(&share).await;
    let id = hire(&site, "priya", Role::Staff, &[harbour]).await;
    let mut priya = signed_in(&site, "priya").await;
    let path = format!("/staff/check-ins/{check_in}");
    priya.read(&path).await;
    assert_eq!(priya.post(&format!("{path}/take-on"), "").await.status, 303);
    ada.post(&at(id, "disable"), "").await;
    let mut tom = at_the_desk(&site, "tom", &[harbour]).await;
    assert!(
        tom.read("/staff/check-ins?show=opened")
            .await
            .contains("priya")
    );
    assert!(tom.read(&path).await.contains("priya"));
    assert_eq!(tom.post(&format!("{path}/take-on"), "").await.status, 303);
}

#[tokio::test]
async fn the_last_admin_cannot_be_disabled_or_made_staff() {
    let site = Site::new().await;
    let (ada_id, mut ada) = admin(&site).await;
    let bea = hire(&site, "bea", Role::Admin, &[]).await;
    let path = format!("/staff/accounts/{ada_id}");
    assert_eq!(ada.post(&at(bea, "disable"), "").await.status, 303);
    // A disabled admin is none.
    let stays = ada.post(&at(ada_id, "disable"), "").await;
    assert_eq!(stays.status, 422);
    assert!(page(&stays).contains("only admin who can sign in"));
    let stays = ada.post(&path, "name=Ada&role=staff").await;
    assert_eq!(stays.status, 422);
    ada.read("/staff/accounts").await;
    ada.post(&at(bea, "enable"), "").await;
    let farewell = ada.post(&path, "name=Ada&role=staff").await;
    assert_eq!(farewell.header("location"), "/staff/account");
    assert_eq!(ada.open("/staff/accounts").await.status, 403);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_browser_of_that_person_and_nobody_elses() {
    let site = Site::new().await;
    let (_, mut ada) = admin(&site).await;
    let id = hire(&site, "priya", Role::Staff, &[]).await;
    let mut browsers = [
        signed_in(&site, "priya").await,
        signed_in(&site, "priya").await,
    ];
    assert_eq!(ada.post(&at(id, "sign-out"), "").await.status, 303);
    for browser in &mut browsers {
        assert!(is_out(browser).await);
    }
    assert!(!is_out(&mut ada).await);
    let [mut here, mut there] = [
        signed_in(&site, "priya").await,
        signed_in(&site, "priya").await,
    ];
    let answer = here.post("/staff/account/sign-out-everywhere", "").await;
    assert_eq!(answer.header("location"), "/staff/sign-in");
    assert!(is_out(&mut here).await && is_out(&mut there).await);
    assert_eq!(audited(&site).await, ["staff.sign_out", "staff.sign_out"]);
}

#[tokio::test]
async fn who_typed_the_password_is_signed_out_everywhere_before_the_code() {
    let site = Site::new().await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let (key, _) = turns_on(&mut priya).await;
    let mut half = Desk {
        site: &site,
        cookie: None,
    };
    half.sign_in("priya@demo.example", PASSWORD).await;
    priya.post("/staff/account/sign-out-everywhere", "").await;
    let form = format!("code={}", code(&key, 1));
    let answer = half.post("/staff/sign-in/code", &form).await;
    assert_eq!(answer.header("location"), "/staff/sign-in");
}

#[tokio::test]
async fn changing_ones_password_needs_the_old_one_and_ends_the_other_sessions() {
    let site = Site::new().await;
    let mut here = at_the_desk(&site, "priya", &[]).await;
    let mut there = signed_in(&site, "priya").await;
    let mut stolen = here.clone();
    let path = "/staff/account/password";
    let new = "another long one";
    let form = |current: &str| format!("current={}&password={}", escape(current), escape(new));
    assert_eq!(here.post(path, &form("wrong")).await.status, 422);
    assert!(!is_out(&mut there).await);
    let answer = here.post(path, &form(PASSWORD)).await;
    assert_eq!(answer.header("location"), "/staff/account?done=password");
    assert!(!is_out(&mut here).await);
    assert!(is_out(&mut there).await);
    assert!(
        is_out(&mut stolen).await,
        "a copy of the cookie from before"
    );
    let mut visitor = Desk {
        site: &site,
        cookie: None,
    };
    assert_eq!(
        visitor.sign_in("priya@demo.example", PASSWORD).await.status,
        422
    );
    assert_eq!(visitor.sign_in("priya@demo.example", new).await.status, 303);
    assert_eq!(audited(&site).await, ["staff.password"]);
}

#[tokio::test]
async fn guessing_the_password_on_ones_own_page_waits_like_signing_in() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let form = "current=wrong&password=another+long+one";
    for _ in 0..server::staff::failures::PER_ACCOUNT {
        desk.post("/staff/account/password", form).await;
    }
    let right = format!("current={}&password=another+long+one", escape(PASSWORD));
    let answer = desk.post("/staff/account/password", &right).await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains("15 minutes"));
}

#[tokio::test]
async fn an_admin_resets_the_two_step_sign_in_of_someone_who_lost_their_phone() {
    let site = Site::new().await;
    let (_, mut ada) = admin(&site).await;
    let id = hire(&site, "priya", Role::Staff, &[]).await;
    let mut priya = signed_in(&site, "priya").await;
    let (_, codes) = turns_on(&mut priya).await;
    goes_stale(&site).await;
    assert_eq!(ada.post(&at(id, "reset-two-step"), "").await.status, 401);
    let mut ada = signed_in(&site, "ada").await;
    assert_eq!(ada.post(&at(id, "reset-two-step"), "").await.status, 303);
    assert!(is_out(&mut priya).await);
    let mut back = signed_in(&site, "priya").await;
    turns_on(&mut back).await;
    assert_eq!(signs_in(&site, "priya", &codes[0]).await.1, 422);
    let log = ada.read("/staff/audit").await;
    assert!(
        log.contains("Reset someone&#39;s two-step sign-in")
            || log.contains("Reset someone's two-step sign-in")
    );
}

#[tokio::test]
async fn what_does_harm_asks_an_admin_who_was_away_who_they_are() {
    let site = Site::new().await;
    let (_, mut ada) = admin(&site).await;
    let id = hire(&site, "priya", Role::Staff, &[]).await;
    goes_stale(&site).await;
    for action in ["disable", "enable", "reset-two-step"] {
        assert_eq!(ada.post(&at(id, action), "").await.status, 401, "{action}");
    }
    let path = format!("/staff/accounts/{id}");
    let change = ada.post(&path, "name=P&role=admin").await;
    assert_eq!(change.status, 401);
    let setting = ada.post("/staff/accounts/two-step", "must=no").await;
    assert_eq!(setting.status, 401);
    assert!(audited(&site).await.is_empty());
}

#[tokio::test]
async fn what_is_done_in_a_shell_is_in_the_log_as_that() {
    let site = Site::new().await;
    let (id, mut ada) = admin(&site).await;
    turns_on(&mut ada).await;
    let reset = site.app.writer.run(move |tx| {
        let by = By::now(THE_SERVER);
        Box::pin(async move { accounts::reset_two_step(tx, by, id).await })
    });
    reset.await.unwrap();
    assert!(is_out(&mut ada).await);
    let mut ada = signed_in(&site, "ada").await;
    assert!(
        ada.read("/staff/audit")
            .await
            .contains("Someone at the server itself")
    );
}
