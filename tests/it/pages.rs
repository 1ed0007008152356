//! The member pages as the server draws them.

use crate::{
    desk::{Desk, page},
    site::Site,
};
use app::domain::opportunity::Gives;
use axum::{body::Body, http::Request};

fn nonce(policy: &str) -> &str {
    let (_, after) = policy.split_once("'nonce-").expect("a nonce");
    after.split_once('\'').unwrap().0
}

#[tokio::test]
async fn every_page_names_its_own_scripts_and_no_others_may_run() {
    let site = Site::new().await;
    let mut browser = Desk {
        site: &site,
        cookie: None,
    };
    let (one, two) = (browser.open("/").await, browser.open("/").await);
    let policy = one.header("content-security-policy");
    for part in [
        "default-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{part}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    let html = page(&one);
    let scripts = html.matches("<script").count();
    let named = format!("nonce=\"{}\"", nonce(policy));
    assert_eq!(html.matches(&named).count(), scripts);
    assert!(!html.contains(" style=\"") && !html.contains(" onclick="));
    assert_ne!(nonce(policy), nonce(two.header("content-security-policy")));
}

#[tokio::test]
async fn the_shell_is_the_same_for_everyone_and_runs_nothing_inline() {
    let site = Site::new().await;
    let mut browser = Desk {
        site: &site,
        cookie: None,
    };
    let (one, two) = (browser.open("/shell").await, browser.open("/shell").await);
    assert_eq!(page(&one), page(&two));
    assert!(!one.header("content-security-policy").contains("nonce"));
    assert!(page(&one).contains("/help-now"));
}

#[tokio::test]
async fn pages_read_fine_without_script_and_unknown_ones_say_so() {
    let site = Site::new().await;
    site.session(Gives::Staff, Some(3)).await;
    let mut browser = Desk {
        site: &site,
        cookie: None,
    };
    let list = browser.read("/take-part").await;
    assert!(list.contains("Gentler words"));
    assert!(browser.read("/help-now").await.contains("999"));
    for nowhere in [
        "/nowhere",
        "/take-part/01930000-0000-7000-8000-000000000001",
        "/api/nowhere",
        "/assets/nowhere.js",
    ] {
        assert_eq!(browser.open(nowhere).await.status, 404, "{nowhere}");
    }
}

#[tokio::test]
async fn a_page_of_a_joined_member_is_kept_by_no_browser() {
    let site = Site::new().await;
    site.team("Harbour team", "STAR-1").await;
    let phone = site.joined("STAR-1").await;
    let page = |cookie: Option<String>| {
        let request = Request::get("/check-in");
        let request = match cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        site.send(request.body(Body::empty()).unwrap())
    };
    let theirs = page(phone.cookie.clone()).await;
    assert!(String::from_utf8_lossy(&theirs.body).contains("Harbour team"));
    assert_eq!(theirs.header("cache-control"), "private, no-store");
    let strangers = page(None).await;
    assert!(!String::from_utf8_lossy(&strangers.body).contains("Harbour team"));
    assert_eq!(strangers.header("cache-control"), "private, no-cache");
}
