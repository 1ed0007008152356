//! Inviting staff by a one-time address, and choosing a password there.

use crate::{
    desk::{Desk, PASSWORD, at_the_desk, escape, hire, page, signed_in},
    site::Site,
    staff_two_step::goes_stale,
};
use server::{db::staff::Role, staff::invites::LIVES_MS};

const INVITE: &str = "/staff/accounts/invite";
const NEW: &str = "email=Noor%40charity.example&name=Noor&role=staff";

async fn admin(site: &Site) -> Desk<'_> {
    hire(site, "ada", Role::Admin, &[]).await;
    signed_in(site, "ada").await
}

fn visitor(site: &Site) -> Desk<'_> {
    Desk { site, cookie: None }
}

/// The path of the address on the page that shows it once.
fn address(page: &str) -> String {
    let (_, after) = page.split_once("/staff/invite/").expect("an address");
    format!("/staff/invite/{}", after.split_once('<').unwrap().0)
}

async fn invites(desk: &mut Desk<'_>, form: &str) -> String {
    let answer = desk.post(INVITE, form).await;
    assert_eq!(answer.status, 200, "{}", page(&answer));
    address(&page(&answer))
}

async fn invite_id(site: &Site) -> String {
    sqlx::query_scalar("select id from staff_invites where state = 'open'")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap()
}

fn choosing(password: &str) -> String {
    format!("password={}", escape(password))
}

#[tokio::test]
async fn who_was_invited_chooses_a_password_and_is_in_once() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut ada = admin(&site).await;
    let path = invites(&mut ada, &format!("{NEW}&team={harbour}")).await;
    let list = ada.read("/staff/accounts").await;
    assert!(list.contains("noor@charity.example"));
    assert!(!list.contains(&path), "shown once");

    let mut noor = visitor(&site);
    let shown = noor.read(&path).await;
    assert!(shown.contains("Hello, Noor") && shown.contains("ada invited you"));
    assert!(!shown.contains(&path), "the secret stands in no page");
    let answer = noor.post(&path, &choosing(PASSWORD)).await;
    assert_eq!(answer.header("location"), "/staff/account?done=joined");
    let own = noor.read("/staff/account").await;
    assert!(own.contains("noor@charity.example") && own.contains("Harbour"));
    assert!(noor.read("/staff/check-ins").await.contains("Noor"));
    assert_eq!(noor.open("/staff/accounts").await.status, 403);

    // Used: it leads nowhere, for whoever has it.
    let mut second = visitor(&site);
    assert_eq!(second.open(&path).await.status, 404);
    assert_eq!(
        second
            .post(&path, &choosing("another password"))
            .await
            .status,
        404
    );
    let back = second.sign_in("noor@charity.example", PASSWORD).await;
    assert_eq!(back.status, 303);
    let log = ada.read("/staff/audit").await;
    assert!(log.contains("Invited someone to the desk"));
    assert!(log.contains("Used an invitation") && log.contains(">Noor<"));
}

#[tokio::test]
async fn an_address_ends_after_seven_days_and_a_new_one_ends_the_old_one() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let first = invites(&mut ada, NEW).await;
    let id = invite_id(&site).await;
    let again = ada
        .post(&format!("/staff/accounts/invites/{id}/again"), "")
        .await;
    let second = address(&page(&again));
    assert_eq!(visitor(&site).open(&first).await.status, 404);
    assert_eq!(visitor(&site).open(&second).await.status, 200);

    let ends = site.app.writer.run(move |tx| {
        Box::pin(async move {
            sqlx::query("update staff_invites set ends_at = ends_at - $1")
                .bind(LIVES_MS)
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    ends.await.unwrap();
    assert_eq!(visitor(&site).open(&second).await.status, 404);
    let late = visitor(&site).post(&second, &choosing(PASSWORD)).await;
    assert_eq!(late.status, 404);
    assert!(
        ada.read("/staff/accounts")
            .await
            .contains("The address ended on")
    );
    let again = ada
        .post(&format!("/staff/accounts/invites/{id}/again"), "")
        .await;
    assert_eq!(
        visitor(&site).open(&address(&page(&again))).await.status,
        200
    );
}

#[tokio::test]
async fn an_invitation_that_was_taken_back_leads_nowhere_and_can_be_made_again() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let path = invites(&mut ada, NEW).await;
    let end = format!("/staff/accounts/invites/{}/end", invite_id(&site).await);
    // Whoever had opened it before.
    let mut noor = visitor(&site);
    noor.read(&path).await;
    assert_eq!(ada.post(&end, "").await.status, 303);
    assert_eq!(noor.post(&path, &choosing(PASSWORD)).await.status, 404);
    assert_eq!(ada.post(&end, "").await.status, 404);
    let again = end.replace("/end", "/again");
    assert_eq!(ada.post(&again, "").await.status, 404);
    let other = invites(&mut ada, NEW).await;
    assert_eq!(noor.post(&other, &choosing(PASSWORD)).await.status, 303);
}

#[tokio::test]
async fn an_email_is_invited_once_and_not_if_it_has_an_account() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    invites(&mut ada, NEW).await;
    let twice = ada.post(INVITE, NEW).await;
    assert_eq!(twice.status, 422);
    assert!(
        page(&twice).contains("value=\"Noor\""),
        "nothing typed is lost"
    );
    let own = ada
        .post(INVITE, "email=ADA%40demo.example&name=Ada&role=staff")
        .await;
    assert_eq!(own.status, 422);
    for bad in [
        "email=noor&name=Noor&role=staff",
        "email=n%40x.example&name=+&role=staff",
        "email=n%40x.example&name=Noor&role=owner",
    ] {
        assert_eq!(ada.post(INVITE, bad).await.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn a_common_password_or_ones_own_name_cannot_be_chosen_anywhere() {
    let site = Site::new().await;
    let first = site.app.set_up.path().unwrap();
    let of_set_up = |password: &str| {
        let password = escape(password);
        format!("name=Ada&email=ada.lovelace%40x.example&password={password}")
    };
    for bad in ["password1234", "ada.lovelace", "liverpool2024!"] {
        let answer = visitor(&site).post(&first, &of_set_up(bad)).await;
        assert_eq!(answer.status, 422, "{bad}");
        assert!(page(&answer).contains("easy to guess"), "{bad}");
    }
    let mut ada = admin(&site).await;
    let path = invites(&mut ada, NEW).await;
    let mut noor = visitor(&site);
    for (bad, why) in [
        ("eleven char", "12 characters"),
        ("password1234", "Many people choose this"),
        ("noor@charity.example", "too close to your name"),
        ("noornoor-2024", "too close to your name"),
    ] {
        let answer = noor.post(&path, &choosing(bad)).await;
        assert_eq!(answer.status, 422, "{bad}");
        assert!(page(&answer).contains(why), "{bad}");
    }
    assert_eq!(noor.post(&path, &choosing(PASSWORD)).await.status, 303);
    let change = format!("current={}&password=administrator", escape(PASSWORD));
    let answer = noor.post("/staff/account/password", &change).await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains("Many people choose this"));
}

#[tokio::test]
async fn nobody_but_an_admin_invites_and_an_admin_who_was_away_is_asked_who_they_are() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    assert_eq!(priya.open(INVITE).await.status, 403);
    assert_eq!(priya.post(INVITE, NEW).await.status, 403);
    assert_eq!(visitor(&site).post(INVITE, NEW).await.status, 303);
    goes_stale(&site).await;
    assert_eq!(ada.post(INVITE, NEW).await.status, 401);
    let none: Option<String> = sqlx::query_scalar("select id from staff_invites")
        .fetch_optional(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(none, None);
}

#[tokio::test]
async fn invitations_of_an_admin_who_was_shut_out_end_with_them() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let bea = hire(&site, "bea", Role::Admin, &[]).await;
    let mut bea_desk = signed_in(&site, "bea").await;
    let back_door = "email=bea2%40demo.example&name=Bea&role=admin";
    let path = invites(&mut bea_desk, back_door).await;
    let gone = ada
        .post(&format!("/staff/accounts/{bea}/disable"), "")
        .await;
    assert_eq!(gone.status, 303);
    assert_eq!(visitor(&site).open(&path).await.status, 404);
}
