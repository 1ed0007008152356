//! `/api/join`, `/api/return`, `/api/return-key` and `/api/leave`.

use crate::site::{Phone, Site};
use app::sync::wire::{ErrorBody, JoinResponse};
use serde_json::json;

#[tokio::test]
async fn a_join_code_is_forgiving_of_case_spaces_and_dashes() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-DEMO").await;
    for typed in ["STAR-DEMO", "star demo", " stardemo ", "Star–Demo"] {
        let answer = Phone::new(&site)
            .post("/api/join", &json!({ "code": typed }))
            .await;
        assert_eq!(answer.status, 200, "{typed}");
        assert_eq!(answer.json::<JoinResponse>().team, Some(team));
    }
}

#[tokio::test]
async fn joining_asks_for_no_name_and_keeps_one_tidy() {
    let site = Site::new().await;
    site.code("LOOK-1").await;
    let join = async |name| {
        let body = json!({ "code": "look1", "name": name });
        Phone::new(&site).post("/api/join", &body).await
    };
    let nameless: JoinResponse = join(None).await.json();
    assert_eq!((nameless.name, nameless.team), (None, None));
    let named: JoinResponse = join(Some("  Ash ".to_owned())).await.json();
    assert_eq!(named.name.as_deref(), Some("Ash"));
    assert_ne!(named.member, nameless.member);
    assert_eq!(join(Some("x".repeat(201))).await.status, 400);
}

#[tokio::test]
async fn joining_again_with_a_live_session_is_the_same_member() {
    let site = Site::new().await;
    site.code("LOOK-1").await;
    let mut phone = site.joined("LOOK-1").await;
    let again: JoinResponse = phone
        .post("/api/join", &json!({ "code": "nonsense" }))
        .await
        .json();
    assert_eq!((Some(again.member), again.return_key), (phone.member, None));
}

#[tokio::test]
async fn only_wrong_codes_count_and_after_a_few_one_has_to_wait() {
    let site = Site::new().await;
    site.code("LOOK-1").await;
    for _ in 0..30 {
        let answer = Phone::new(&site)
            .post("/api/join", &json!({ "code": "LOOK-1" }))
            .await;
        assert_eq!(answer.status, 200);
    }
    let mut wrong = Vec::new();
    let mut last = None;
    for _ in 0..12 {
        let answer = Phone::new(&site)
            .post("/api/join", &json!({ "code": "nope" }))
            .await;
        wrong.push(answer.code());
        last = Some(answer);
    }
    assert_eq!(wrong[0], (422, "unknown_code".to_owned()));
    assert_eq!(wrong[11], (429, "too_many".to_owned()));
    let wait_s: u32 = last.unwrap().header("retry-after").parse().unwrap();
    assert!((1..=15 * 60 + 1).contains(&wait_s));
}

#[tokio::test]
async fn a_lost_session_is_renewed_with_the_return_key_alone() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    phone.sync(&[]).await;
    phone.cookie = None;
    assert_eq!(phone.comes_back().await.status, 204);
    assert!(phone.cookie.is_some());
    phone.sync(&[]).await;
}

#[tokio::test]
async fn a_return_key_opens_nothing_for_another_member_and_guessing_ends() {
    let site = Site::new().await;
    let (one, mut two) = (site.member().await, site.member().await);
    two.return_key = one.return_key.clone();
    two.cookie = None;
    let answer = two.comes_back().await;
    assert_eq!(answer.code(), (401, "unknown_return_key".to_owned()));
    assert!(two.cookie.is_none());
    for _ in 0..9 {
        two.comes_back().await;
    }
    assert_eq!(two.comes_back().await.code(), (429, "too_many".to_owned()));
}

#[tokio::test]
async fn coming_back_ends_the_session_that_the_cookie_had() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    phone.sync(&[]).await;
    let before = phone.clone();
    phone.comes_back().await;
    assert_ne!(phone.cookie, before.cookie);
    let mut before = before;
    assert_eq!(before.sync_refused(&[]).await.0, 401);
    phone.sync(&[]).await;
}

#[tokio::test]
async fn a_fresh_return_key_is_given_only_to_a_live_session_and_both_keys_stay_good() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let fresh: JoinResponse = phone.post("/api/return-key", &json!({})).await.json();
    let keys = [phone.return_key.clone(), fresh.return_key.unwrap()];
    assert_ne!(keys[0], keys[1]);
    for key in keys {
        phone.cookie = None;
        phone.return_key = key;
        assert_eq!(phone.comes_back().await.status, 204);
    }
    let answer = Phone::new(&site).post("/api/return-key", &json!({})).await;
    assert_eq!(answer.code(), (401, "sign_in_required".to_owned()));
}

#[tokio::test]
async fn a_revoked_device_whose_session_is_lost_too_is_told_so_by_its_id_when_it_comes_back() {
    let site = Site::new().await;
    let mut lost = site.member().await;
    lost.sync(&[]).await;
    // One key came to this device; another one was given and never used.
    let fresh: JoinResponse = lost.post("/api/return-key", &json!({})).await.json();
    lost.is_revoked().await;
    lost.cookie = None;
    for key in [lost.return_key.clone(), fresh.return_key.unwrap()] {
        lost.return_key = key;
        let answer = lost.comes_back().await;
        assert_eq!(answer.code(), (403, "device_revoked".to_owned()));
        assert_eq!(answer.json::<ErrorBody>().device, Some(lost.device));
        assert!(lost.cookie.is_none());
    }
}

#[tokio::test]
async fn a_phone_that_does_not_say_which_it_is_learns_it_by_the_device_that_its_key_came_to() {
    let site = Site::new().await;
    let mut lost = site.member().await;
    lost.sync(&[]).await;
    lost.is_revoked().await;
    let answer = lost.comes_back_unnamed().await;
    assert_eq!(answer.code(), (403, "device_revoked".to_owned()));
    assert_eq!(answer.json::<ErrorBody>().device, Some(lost.device));
}

#[tokio::test]
async fn revoking_one_device_closes_no_other_and_its_key_opens_nothing_there() {
    let site = Site::new().await;
    let mut lost = site.member().await;
    lost.sync(&[]).await;
    let mut kept = lost.second().await;
    lost.is_revoked().await;
    kept.cookie = None;
    assert_eq!(kept.comes_back().await.status, 204);
    kept.return_key = lost.return_key.clone();
    let answer = kept.comes_back().await;
    assert_eq!(answer.code(), (401, "unknown_return_key".to_owned()));
}

#[tokio::test]
async fn a_device_revoked_for_one_member_stays_open_to_the_next_one_on_it() {
    let site = Site::new().await;
    let mut lost = site.member().await;
    lost.sync(&[]).await;
    lost.is_revoked().await;
    let mut next = site.member().await;
    next.device = lost.device;
    next.sync(&[]).await;
    next.cookie = None;
    assert_eq!(next.comes_back().await.status, 204);
}

#[tokio::test]
async fn after_leaving_neither_the_cookie_nor_its_return_key_opens_anything() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    phone.sync(&[]).await;
    let before = phone.clone();
    assert_eq!(phone.post("/api/leave", &json!({})).await.status, 204);
    let mut again = before.clone();
    assert_eq!(again.sync_refused(&[]).await.0, 401);
    assert_ne!(again.comes_back().await.status, 204);
    // Asked twice, or by someone who never joined, it is answered the same.
    let twice = Phone::new(&site).post("/api/leave", &json!({})).await;
    assert_eq!(twice.status, 204);
}

#[tokio::test]
async fn what_is_stored_of_keys_and_cookies_opens_nothing() {
    let site = Site::new().await;
    let phone = site.member().await;
    let cookie = phone.cookie.unwrap();
    let value = cookie.split_once('=').unwrap().1;
    for table in [
        "select hash || member from return_keys",
        "select id || data from web_sessions",
    ] {
        let rows: Vec<(String,)> = sqlx::query_as(table)
            .fetch_all(&site.app.db.pool)
            .await
            .unwrap();
        assert!(!rows.is_empty());
        for (row,) in rows {
            assert!(
                !row.contains(&phone.return_key) && !row.contains(value),
                "{table}"
            );
        }
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_site_alone_and_on_https_bound_to_its_host() {
    let site = Site::new().await;
    site.code("LOOK-1").await;
    let answer = Phone::new(&site)
        .post("/api/join", &json!({ "code": "LOOK-1" }))
        .await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let site = Site::with(|config| config.public_url = Some("https://chorus.example".into())).await;
    site.code("LOOK-1").await;
    let answer = Phone::new(&site)
        .post("/api/join", &json!({ "code": "LOOK-1" }))
        .await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-chorus=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    assert!(
        cookie.contains("Path=/;") && !cookie.contains("Domain"),
        "{cookie}"
    );
}
