//! A browser whose person deleted their things with no signal: its cookie is still there, and opens
//! nothing any more.

use crate::{
    desk::{Desk, page},
    forms::data,
    site::{Phone, Site},
};
use app::sync::wire::{LeaveRequest, member_mark};
use axum::http::{StatusCode, header};
use serde_json::json;

/// The phone's browser, as it is once the app has set its own cookie.
fn leaving<'a>(phone: &Phone<'a>) -> Desk<'a> {
    let cookie = phone.cookie.as_deref().unwrap();
    Desk {
        site: phone.site,
        cookie: Some(format!("other=1; {cookie}; chorus-leaving=1")),
    }
}

#[tokio::test]
async fn pages_of_a_leaving_browser_know_nobody_and_plain_forms_do_nothing() {
    let site = Site::new().await;
    site.team("Harbour", "STAR-1").await;
    let phone = site.joined("STAR-1").await;
    let mut browser = leaving(&phone);
    let seen = browser.open("/check-in").await;
    assert!(!page(&seen).contains("Harbour"));
    assert!(!data(&seen).joined);
    let sent = browser
        .post("/check-in", "note=Not+mine&consent=yes&form_id=")
        .await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        sent.header("set-cookie"),
        "",
        "nobody has left or joined yet"
    );
}

#[tokio::test]
async fn who_joins_in_a_leaving_browser_is_somebody_new_and_is_known_from_then_on() {
    let site = Site::new().await;
    site.code("LOOK-1").await;
    let phone = site.joined("LOOK-1").await;
    let answer = leaving(&phone).post("/join", "code=LOOK-1&name=Femi").await;
    let set: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().collect();
    let [session, left] = set[..] else {
        panic!("{set:?}");
    };
    assert!(left.to_str().unwrap().starts_with("chorus-leaving=; "));
    assert!(left.to_str().unwrap().contains("Max-Age=0"));
    let session = session.to_str().unwrap().split(';').next().unwrap();
    assert_ne!(phone.cookie.as_deref(), Some(session));
    let mut femi = Desk {
        site: &site,
        cookie: Some(session.to_owned()),
    };
    assert!(data(&femi.open("/").await).joined);
}

#[tokio::test]
async fn leaving_ends_the_session_of_who_left_and_never_of_who_came_after() {
    let site = Site::new().await;
    let (mut sam, mut femi) = (site.member().await, site.member().await);
    let left = LeaveRequest {
        of: Some(member_mark(sam.id())),
    };
    let left = serde_json::to_value(&left).unwrap();
    assert_eq!(femi.post("/api/leave", &left).await.status, 204);
    femi.sync(&[]).await;
    let before = sam.clone();
    sam.cookie = leaving(&sam).cookie;
    let answer = sam.post("/api/leave", &left).await;
    assert_eq!(answer.status, 204);
    let set = answer.headers.get_all(header::SET_COOKIE).iter();
    assert!(
        set.into_iter()
            .any(|set| set.to_str().unwrap().starts_with("chorus-leaving=; "))
    );
    assert_eq!(before.clone().sync_refused(&[]).await.0, 401);
    // Apps of before said only that someone leaves.
    femi.post("/api/leave", &json!({})).await;
    assert_eq!(femi.sync_refused(&[]).await.0, 401);
}
