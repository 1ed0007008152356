//! A member's own phones: the code that adds one, and every line around it; signing one out; a lost one.

use crate::site::{Answer, Phone, Site, record};
use app::{
    domain::{
        command::Command,
        device::{Device, DeviceState},
        id::{DeviceId, MemberId},
        pair_code::{self, PairCode},
    },
    sync::wire::{ErrorBody, JoinResponse, SyncResponse},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;
use uuid::Uuid;

async fn code(phone: &mut Phone<'_>) -> String {
    let answer = phone.post("/api/pair", &json!({})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json::<PairCode>().code
}

async fn joins(phone: &mut Phone<'_>, code: &str) -> Answer {
    let body = json!({ "code": code, "name": null, "device": phone.device });
    phone.post("/api/join", &body).await
}

/// Another phone of the same person, added by a code.
pub async fn added<'a>(first: &mut Phone<'a>) -> Phone<'a> {
    let code = code(first).await;
    let mut second = Phone::new(first.site);
    let answer = joins(&mut second, &code).await;
    let joined: JoinResponse = answer.json();
    assert_eq!(Some(joined.member), first.member);
    second.member = first.member;
    second.return_key = joined.return_key.expect("a return key of its own");
    second.sync(&[]).await;
    second
}

fn device(response: &SyncResponse, id: DeviceId) -> Option<Device> {
    record(response, id)
}

async fn everything(phone: &mut Phone<'_>) -> SyncResponse {
    phone.cursor = None;
    phone.sync(&[]).await
}

/// As many minutes pass as a code lives.
async fn codes_end(site: &Site) {
    let end = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::query("update pair_codes set ends_at = ends_at - $1")
                .bind(pair_code::LIVES_MS)
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    end.await.unwrap();
}

#[tokio::test]
async fn a_code_signs_one_more_phone_in_as_the_same_member_and_both_see_both() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut second = added(&mut first).await;
    assert_ne!(first.return_key, second.return_key);
    for phone in [&mut first, &mut second] {
        let seen = everything(phone).await;
        let states: Vec<_> = seen
            .changes
            .iter()
            .filter(|it| it.kind == "device")
            .collect();
        assert_eq!(states.len(), 2);
    }
    let seen = everything(&mut first).await;
    let other = device(&seen, second.device).unwrap();
    assert_eq!((other.state, other.added_by), (DeviceState::InUse, None));
    second.cookie = None;
    assert_eq!(second.comes_back().await.status, 204);
}

#[tokio::test]
async fn a_code_works_once_and_is_forgiving_of_spaces() {
    let site = Site::new().await;
    let mut first = site.member().await;
    let code = code(&mut first).await;
    let spaced = format!(" {} ", code.replace(' ', "-"));
    assert_eq!(joins(&mut Phone::new(&site), &spaced).await.status, 200);
    let again = joins(&mut Phone::new(&site), &code).await;
    assert_eq!(again.code(), (422, "unknown_code".to_owned()));
}

#[tokio::test]
async fn a_code_ends_after_its_minutes_and_when_another_is_made() {
    let site = Site::new().await;
    let mut first = site.member().await;
    let old = code(&mut first).await;
    codes_end(&site).await;
    assert_eq!(joins(&mut Phone::new(&site), &old).await.status, 422);
    let (old, new) = (code(&mut first).await, code(&mut first).await);
    assert_eq!(joins(&mut Phone::new(&site), &old).await.status, 422);
    assert_eq!(joins(&mut Phone::new(&site), &new).await.status, 200);
}

#[tokio::test]
async fn wrong_tries_end_the_code_that_they_are_aimed_at_wherever_they_come_from() {
    let site = Site::with(|config| config.trust_forwarded = true).await;
    let (mut first, mut other) = (site.member().await, site.member().await);
    let (aimed, unharmed) = (code(&mut first).await, code(&mut other).await);
    for at in 0..pair_code::MOST_TRIES {
        let mut guess = aimed.clone();
        let last = guess.pop().unwrap();
        guess.push(if last == '0' { '1' } else { '0' });
        let body = json!({ "code": guess, "name": null });
        let phone = Phone::new(&site);
        let request = phone
            .request("/api/join")
            .header("x-forwarded-for", format!("10.0.0.{at}"));
        let answer = site.send(request.body(Body::from(body.to_string())).unwrap());
        assert_eq!(answer.await.status, 422);
    }
    assert_eq!(joins(&mut Phone::new(&site), &aimed).await.status, 422);
    assert_eq!(joins(&mut Phone::new(&site), &unharmed).await.status, 200);
}

#[tokio::test]
async fn guessing_codes_counts_against_the_same_limit_as_join_codes() {
    let site = Site::new().await;
    for typed in ["nope", "1111 2222 3333"].repeat(5) {
        assert_eq!(joins(&mut Phone::new(&site), typed).await.status, 422);
    }
    for typed in ["nope", "1111 2222 3333"] {
        assert_eq!(joins(&mut Phone::new(&site), typed).await.status, 429);
    }
}

#[tokio::test]
async fn no_join_code_can_look_like_a_code_for_a_phone() {
    let site = Site::new().await;
    let made = site.app.writer.run(|tx| {
        Box::pin(
            async move { server::db::members::add_join_code(tx, "1234-5678-9012", None, 0).await },
        )
    });
    assert!(made.await.is_err());
}

#[tokio::test]
async fn only_a_member_makes_a_code_and_no_table_holds_it() {
    let site = Site::new().await;
    let stranger = Phone::new(&site).post("/api/pair", &json!({})).await;
    assert_eq!(stranger.code(), (401, "sign_in_required".to_owned()));
    let mut first = site.member().await;
    let digits = code(&mut first).await.replace(' ', "");
    let rows: Vec<(String,)> = sqlx::query_as("select member || selector || hash from pair_codes")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].0.contains(&digits[pair_code::SELECTOR..]));
}

#[tokio::test]
async fn a_code_wins_over_the_session_that_was_there_and_a_wrong_one_changes_nothing() {
    let site = Site::new().await;
    let (mut first, mut stranger) = (site.member().await, site.member().await);
    stranger.sync(&[]).await;
    let wrong = joins(&mut stranger, "1111 2222 3333").await;
    assert_eq!(wrong.status, 422);
    stranger.sync(&[]).await;
    let code = code(&mut first).await;
    let joined: JoinResponse = joins(&mut stranger, &code).await.json();
    assert_eq!(Some(joined.member), first.member);
    // What it believed before is not taken for who it is now.
    assert_eq!(stranger.sync_refused(&[]).await.0, 409);
}

#[tokio::test]
async fn a_phone_that_joins_by_a_plain_form_is_listed_at_once_and_takes_its_own_id_later() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let code = code(&mut first).await.replace(' ', "+");
    let mut plain = Phone::new(&site);
    let request = Request::post("/join")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("code={code}")));
    assert_eq!(plain.send(request.unwrap()).await.status, 303);
    let listed = first.sync(&[]).await;
    let is_device = |kind: &str| kind == "device";
    let ghost = listed
        .changes
        .iter()
        .find(|it| is_device(&it.kind))
        .unwrap();
    assert!(!ghost.deleted);
    // The app comes: it fetches a key of its own and says who it is.
    let fresh: JoinResponse = plain.post("/api/return-key", &json!({})).await.json();
    plain.member = Some(fresh.member);
    plain.sync(&[]).await;
    let after = first.sync(&[]).await;
    assert!(
        after
            .changes
            .iter()
            .any(|it| it.id == ghost.id && it.deleted)
    );
    assert!(device(&after, plain.device).is_some());
}

#[tokio::test]
async fn signing_a_phone_out_ends_its_session_and_its_key_and_a_code_lets_it_in_again() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut second = added(&mut first).await;
    let open = code(&mut second).await;
    let out = Command::SignOutDevice(second.device);
    assert_eq!(first.does(&out).await, "applied");
    assert_eq!(
        second.sync_refused(&[]).await,
        (401, "sign_in_required".into())
    );
    let pair = second.post("/api/pair", &json!({})).await;
    assert_eq!(pair.status, 401, "nor can it make a code");
    assert_eq!(second.post("/api/return-key", &json!({})).await.status, 401);
    assert_eq!(second.comes_back().await.code().1, "unknown_return_key");
    let late = joins(&mut Phone::new(&site), &open).await;
    assert_eq!(
        late.status, 422,
        "nor does the code that it had made open anything"
    );
    let state = device(&everything(&mut first).await, second.device)
        .unwrap()
        .state;
    assert_eq!(state, DeviceState::SignedOut);

    let code = code(&mut first).await;
    let joined: JoinResponse = joins(&mut second, &code).await.json();
    second.return_key = joined.return_key.unwrap();
    second.sync(&[]).await;
    let state = device(&everything(&mut first).await, second.device)
        .unwrap()
        .state;
    assert_eq!(state, DeviceState::InUse);
}

#[tokio::test]
async fn an_older_cookie_of_a_phone_that_was_signed_out_opens_nothing_after_it_joined_again() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut second = added(&mut first).await;
    let mut stolen = second.clone();
    first.does(&Command::SignOutDevice(second.device)).await;
    let code = code(&mut first).await;
    joins(&mut second, &code).await;
    second.sync(&[]).await;
    assert_eq!(stolen.sync_refused(&[]).await.0, 401);
}

#[tokio::test]
async fn a_session_that_fetched_a_fresh_key_ends_with_the_phone_that_it_was_on() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut second = added(&mut first).await;
    second.post("/api/return-key", &json!({})).await;
    first.does(&Command::SignOutDevice(second.device)).await;
    assert_eq!(second.post("/api/pair", &json!({})).await.status, 401);
    second.device = DeviceId(Uuid::now_v7());
    assert_eq!(second.sync_refused(&[]).await.0, 401);
}

#[tokio::test]
async fn no_phone_ends_itself_or_one_that_is_not_its_members() {
    let site = Site::new().await;
    let (mut first, mut other) = (site.member().await, site.member().await);
    first.sync(&[]).await;
    other.sync(&[]).await;
    let own = first.device;
    for make in [Command::SignOutDevice, Command::LoseDevice] {
        assert_eq!(first.does(&make(own)).await, "this_phone");
        assert_eq!(other.does(&make(own)).await, "no_such_device");
        assert_eq!(
            first.does(&make(DeviceId(Uuid::now_v7()))).await,
            "no_such_device"
        );
    }
    first.sync(&[]).await;
}

#[tokio::test]
async fn a_lost_phone_is_told_by_its_id_whether_or_not_its_session_lasted() {
    for session_ended in [false, true] {
        let site = Site::new().await;
        let mut first = site.member().await;
        first.sync(&[]).await;
        let mut lost = added(&mut first).await;
        assert_eq!(
            first.does(&Command::LoseDevice(lost.device)).await,
            "applied"
        );
        let state = device(&everything(&mut first).await, lost.device)
            .unwrap()
            .state;
        assert_eq!(state, DeviceState::Lost);
        let answer = if session_ended {
            lost.cookie = None;
            lost.comes_back().await
        } else {
            let envelope = lost.envelope(&[]);
            lost.post("/api/sync", &envelope).await
        };
        assert_eq!(answer.code(), (403, "device_revoked".to_owned()));
        assert_eq!(answer.json::<ErrorBody>().device, Some(lost.device));
        let state = device(&everything(&mut first).await, lost.device)
            .unwrap()
            .state;
        assert_eq!(state, DeviceState::Cleared);
    }
}

#[tokio::test]
async fn a_lost_phone_can_do_nothing_else_with_the_cookie_that_it_has() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut lost = added(&mut first).await;
    first.does(&Command::LoseDevice(lost.device)).await;
    for path in ["/api/pair", "/api/return-key"] {
        assert_eq!(lost.post(path, &json!({})).await.status, 401, "{path}");
    }
    let page = Request::get("/check-in").header(header::COOKIE, lost.cookie.clone().unwrap());
    let page = site.send(page.body(Body::empty()).unwrap()).await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("\"joined\":false"), "{page}");
    // Not as another browser either.
    lost.device = DeviceId(Uuid::now_v7());
    assert_eq!(lost.sync_refused(&[]).await.0, 401);
}

#[tokio::test]
async fn a_lost_phone_joins_again_only_as_the_new_one_that_it_is_when_it_has_cleared_itself() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut lost = added(&mut first).await;
    first.does(&Command::LoseDevice(lost.device)).await;
    let code = code(&mut first).await;
    let before = joins(&mut lost, &code).await;
    assert_eq!(before.code(), (403, "device_revoked".to_owned()));
    // It cleared itself and has a new id: the code is still good.
    lost.device = DeviceId(Uuid::now_v7());
    assert_eq!(joins(&mut lost, &code).await.status, 200);
    lost.sync(&[]).await;
}

#[tokio::test]
async fn a_session_that_was_ended_from_elsewhere_joins_as_nobody_and_is_told_nothing() {
    let site = Site::new().await;
    site.code("LOOK-1").await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut second = added(&mut first).await;
    first.does(&Command::SignOutDevice(second.device)).await;
    let wrong = joins(&mut second, "no such code").await;
    assert_eq!(wrong.code(), (422, "unknown_code".to_owned()));
    let joined: JoinResponse = joins(&mut second, "LOOK-1").await.json();
    assert_ne!(Some(joined.member), first.member);
    second.member = Some(joined.member);
    second.sync(&[]).await;

    let mut lost = added(&mut first).await;
    first.does(&Command::LoseDevice(lost.device)).await;
    let before = joins(&mut lost, "LOOK-1").await;
    assert_eq!(before.code(), (403, "device_revoked".to_owned()));
    assert_eq!(before.json::<ErrorBody>().device, Some(lost.device));
    // It cleared itself and has a new id.
    lost.device = DeviceId(Uuid::now_v7());
    let joined: JoinResponse = joins(&mut lost, "LOOK-1").await.json();
    assert_ne!(Some(joined.member), first.member);
}

#[tokio::test]
async fn what_was_asked_for_a_lost_phone_cannot_be_taken_back_by_signing_it_out() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut lost = added(&mut first).await;
    first.does(&Command::LoseDevice(lost.device)).await;
    assert_eq!(
        first.does(&Command::SignOutDevice(lost.device)).await,
        "applied"
    );
    assert_eq!(lost.sync_refused(&[]).await.1, "device_revoked");
}

#[tokio::test]
async fn who_leaves_is_on_no_list_any_more_and_may_come_again() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut second = added(&mut first).await;
    let before = second.clone();
    assert_eq!(second.post("/api/leave", &json!({})).await.status, 204);
    assert!(device(&everything(&mut first).await, second.device).is_none());
    let mut before = before;
    assert_eq!(before.sync_refused(&[]).await.0, 401);
    assert_eq!(before.comes_back().await.status, 401);
    let code = code(&mut first).await;
    assert_eq!(joins(&mut second, &code).await.status, 200);
    assert!(device(&everything(&mut first).await, second.device).is_some());
}

#[tokio::test]
async fn a_phone_is_seen_once_a_day_and_has_a_plain_name_and_no_finer_one() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let agent =
        "Mozilla/5.0 (Linux; Android 10; SM-A125F) Chrome/143.0.7000.1 Mobile Safari/537.36";
    let envelope = phone.envelope(&[]).to_string();
    let request = phone.request("/api/sync").header(header::USER_AGENT, agent);
    let first: SyncResponse = phone
        .send(request.body(Body::from(envelope)).unwrap())
        .await
        .json();
    let seen = device(&first, phone.device).unwrap();
    assert_eq!(seen.name, "Phone, Chrome on Android");
    assert_eq!(seen.first_seen, seen.last_seen);
    phone.cursor = Some(first.cursor);
    assert!(phone.sync(&[]).await.changes.is_empty(), "not again today");
    let yesterday = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::query("update devices set last_day = '2026-01-01'")
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    yesterday.await.unwrap();
    let seen = device(&phone.sync(&[]).await, phone.device).unwrap();
    assert_ne!(seen.last_seen, "2026-01-01");
    let rows: Vec<(String,)> = sqlx::query_as("select name from devices")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    assert!(rows.iter().all(|(name,)| !name.contains("SM-A125F")));
}

#[tokio::test]
async fn a_phone_of_the_first_release_gets_its_name_and_day_when_it_calls() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    phone.sync(&[]).await;
    let before = site.app.writer.run(|tx| {
        Box::pin(async move {
            let blank = "update devices set name = null, first_day = null, last_day = null, signed_in_at = null";
            sqlx::query(blank).execute(tx).await?;
            Ok(())
        })
    });
    before.await.unwrap();
    let seen = device(&everything(&mut phone).await, phone.device).unwrap();
    assert_eq!(seen.name, "Phone or computer");
    assert_eq!(seen.first_seen.len(), 10);
}

#[tokio::test]
async fn keys_that_were_hoarded_on_a_phone_end_with_it() {
    for make in [Command::SignOutDevice, Command::LoseDevice] {
        let site = Site::new().await;
        let mut first = site.member().await;
        first.sync(&[]).await;
        let mut second = added(&mut first).await;
        let fresh: JoinResponse = second.post("/api/return-key", &json!({})).await.json();
        first.does(&make(second.device)).await;
        second.cookie = None;
        second.return_key = fresh.return_key.unwrap();
        second.device = DeviceId(Uuid::now_v7());
        assert_eq!(second.comes_back().await.code().1, "unknown_return_key");
    }
}

#[tokio::test]
async fn a_phone_is_news_when_it_comes_by_a_code_and_not_when_it_renews_its_session() {
    let site = Site::new().await;
    let mut first = site.member().await;
    first.sync(&[]).await;
    let mut second = added(&mut first).await;
    let added_at = device(&everything(&mut first).await, second.device)
        .unwrap()
        .added_at;
    second.cookie = None;
    second.comes_back().await;
    second.sync(&[]).await;
    let renewed = device(&everything(&mut first).await, second.device).unwrap();
    assert_eq!(renewed.added_at, added_at);
    second.post("/api/leave", &json!({})).await;
    let code = code(&mut first).await;
    joins(&mut second, &code).await;
    let again = device(&everything(&mut first).await, second.device).unwrap();
    assert!(again.added_at > added_at);
}

/// For tests of the desk: a member's phone that has called.
pub async fn a_phone_of<'a>(site: &'a Site, code: &str) -> (Phone<'a>, MemberId) {
    let mut phone = site.joined(code).await;
    phone.sync(&[]).await;
    let id = phone.id();
    (phone, id)
}
