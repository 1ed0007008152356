//! Signing in to the desk.

use crate::{
    desk::{Desk, PASSWORD, at_the_desk, escape, hire, page, signed_in},
    site::Site,
};
use axum::http::Method;
use server::{db::staff::Role, staff::failures::PER_ACCOUNT};

fn visitor(site: &Site) -> Desk<'_> {
    Desk { site, cookie: None }
}

#[tokio::test]
async fn nothing_of_the_desk_is_open_without_signing_in() {
    let site = Site::new().await;
    for path in [
        "/staff/sign-ups",
        "/staff/sign-ups/01930000-0000-7000-8000-000000000001",
        "/staff/check-ins",
        "/staff/check-ins/01930000-0000-7000-8000-000000000001",
        "/staff/people",
        "/staff/people/01930000-0000-7000-8000-000000000001",
        "/staff/audit",
        "/staff/events",
    ] {
        let answer = visitor(&site).open(path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("location").starts_with("/staff/sign-in?"));
        assert!(answer.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn signing_in_leads_back_to_the_page_that_was_asked_for() {
    let site = Site::new().await;
    hire(&site, "priya", Role::Staff, &[]).await;
    let mut desk = visitor(&site);
    let form = format!(
        "email=Priya%40demo.example&password={}&next=%2Fstaff%2Fcheck-ins",
        escape(PASSWORD)
    );
    let answer = desk.post("/staff/sign-in", &form).await;
    assert_eq!(answer.header("location"), "/staff/check-ins");
    assert!(desk.read("/staff/check-ins").await.contains("priya"));
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_have_the_same_answer() {
    let site = Site::new().await;
    hire(&site, "priya", Role::Staff, &[]).await;
    let known = visitor(&site).sign_in("priya@demo.example", "wrong").await;
    let unknown = visitor(&site).sign_in("nobody@demo.exampl", "wrong").await;
    assert_eq!(known.status, 422);
    assert_eq!(unknown.status, known.status);
    let blank = |text: String, email: &str| text.replace(email, "EMAIL");
    assert_eq!(
        blank(page(&unknown), "nobody@demo.exampl"),
        blank(page(&known), "priya@demo.example")
    );
    for answer in [&known, &unknown] {
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn too_many_failures_wait_whether_the_account_is_there_or_not() {
    let site = Site::new().await;
    hire(&site, "priya", Role::Staff, &[]).await;
    for email in ["priya@demo.example", "nobody@demo.example"] {
        for _ in 0..PER_ACCOUNT {
            let answer = visitor(&site).sign_in(email, "wrong").await;
            assert_eq!(answer.status, 422, "{email}");
        }
        let answer = visitor(&site).sign_in(email, PASSWORD).await;
        assert_eq!(answer.status, 429, "{email}");
        assert!(answer.headers.contains_key("retry-after"));
    }
}

#[tokio::test]
async fn a_members_cookie_opens_nothing_of_the_desk_and_a_staff_cookie_nothing_of_a_members() {
    let site = Site::new().await;
    let member = site.member().await;
    let staff = at_the_desk(&site, "priya", &[]).await;
    let value = |cookie: &Option<String>| {
        let cookie = cookie.clone().unwrap();
        cookie.split_once('=').unwrap().1.to_owned()
    };
    for stolen in [
        member.cookie.clone().unwrap(),
        // The value of one under the name of the other.
        format!("chorus-staff={}", value(&member.cookie)),
    ] {
        let mut desk = Desk {
            site: &site,
            cookie: Some(stolen),
        };
        assert_eq!(desk.open("/staff/sign-ups").await.status, 303);
    }
    for stolen in [
        staff.cookie.clone().unwrap(),
        format!("chorus={}", value(&staff.cookie)),
    ] {
        let mut phone = member.clone();
        phone.cookie = Some(stolen);
        let (status, code) = phone.sync_refused(&[]).await;
        assert_eq!((status, code.as_str()), (401, "sign_in_required"));
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_for_whoever_has_its_cookie() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let mut copy = desk.clone();
    assert_eq!(desk.post("/staff/sign-out", "").await.status, 303);
    assert_eq!(copy.open("/staff/sign-ups").await.status, 303);
}

#[tokio::test]
async fn who_no_longer_works_here_is_out_at_once() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let stop = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::query("update staff set stopped_at = 1")
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    stop.await.unwrap();
    assert_eq!(desk.open("/staff/sign-ups").await.status, 303);
    assert_eq!(
        visitor(&site)
            .sign_in("priya@demo.example", PASSWORD)
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn another_sites_page_cannot_sign_anyone_in_or_act() {
    let site = Site::new().await;
    hire(&site, "priya", Role::Staff, &[]).await;
    let request = axum::http::Request::post("/staff/sign-in")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(format!(
            "email=priya%40demo.example&password={}",
            escape(PASSWORD)
        )));
    assert_eq!(site.send(request.unwrap()).await.status, 403);
}

#[tokio::test]
async fn no_page_of_the_desk_may_be_kept_framed_or_run_what_is_not_ours() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    for path in ["/staff/sign-in", "/staff/sign-ups", "/staff/nowhere"] {
        let answer = desk.open(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(!page(&answer).contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn the_first_admin_is_made_once_by_the_printed_address() {
    let site = Site::new().await;
    let path = site.app.set_up.path().expect("nobody works here yet");
    let mut first = visitor(&site);
    assert_eq!(first.open("/staff/set-up/guess").await.status, 404);
    assert_eq!(first.open(&path).await.status, 200);
    let short = first.post(&path, "name=Ada&email=ada%40x.example&password=short");
    assert_eq!(short.await.status, 422);
    let form = "name=Ada&email=ada%40x.example&password=a+longer+password";
    let answer = first.post(&path, form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    assert!(first.read("/staff/audit").await.contains("Ada"));
    let mut second = visitor(&site);
    assert_eq!(second.open(&path).await.status, 404);
    assert_eq!(second.post(&path, form).await.status, 404);
}

#[tokio::test]
async fn with_staff_there_is_no_way_in_for_a_first_admin() {
    let site = Site::new().await;
    hire(&site, "priya", Role::Staff, &[]).await;
    let again = server::state::App::open((*site.app.config).clone()).await;
    assert_eq!(again.unwrap().set_up.path(), None);
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_with_the_right_status() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let answer = desk.open("/staff/nowhere").await;
    assert_eq!(answer.status, 404);
    assert!(page(&answer).contains("<h1>"));
    let audit = desk.open("/staff/audit").await;
    assert_eq!(audit.status, 403, "the log is for admins");
    let head = desk.send(Method::HEAD, "/staff/sign-ups", None).await;
    assert_eq!(head.status, 200);
    hire(&site, "ada", Role::Admin, &[]).await;
    signed_in(&site, "ada").await.read("/staff/audit").await;
}
