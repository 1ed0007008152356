//! Sign-ups at the desk, and what the phone learns of what staff do.

use crate::{
    desk::{Desk, at_the_desk, escape, page},
    site::{Phone, Site, record, wire},
    sync::a_request,
};
use app::domain::{
    command::Command,
    id::{SessionId, SignUpId},
    opportunity::Gives,
    record::SignUp,
    sign_up::SignUpState,
};
use axum::{body::Body, http::Method, http::Request};
use futures_util::StreamExt;
use server::db::desk::PAGE;
use std::time::Duration;

/// A member who asked for a place.
async fn asked(site: &Site, session: SessionId) -> (Phone<'_>, SignUpId) {
    let mut phone = site.member().await;
    let (id, command) = a_request(session);
    assert_eq!(phone.does(&command).await, "applied");
    (phone, id)
}

/// What the phone knows of a sign-up after its next sync.
async fn learns(phone: &mut Phone<'_>, id: SignUpId) -> SignUp {
    record(&phone.sync(&[]).await, id).expect("news of the sign-up")
}

fn path(id: SignUpId) -> String {
    format!("/staff/sign-ups/{id}")
}

#[tokio::test]
async fn opening_a_sign_up_tells_the_phone_who_saw_it_and_the_first_wins() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let (mut phone, id) = asked(&site, session).await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let mut tom = at_the_desk(&site, "tom", &[]).await;
    priya.read(&path(id)).await;
    tom.read(&path(id)).await;
    let seen = learns(&mut phone, id).await;
    assert_eq!(seen.seen_by.as_deref(), Some("priya"));
    assert!(seen.seen_at.is_some());
    assert!(tom.read(&path(id)).await.contains("priya"));
}

#[tokio::test]
async fn looking_without_opening_marks_nothing() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let (mut phone, id) = asked(&site, session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    desk.read("/staff/sign-ups").await;
    desk.send(Method::HEAD, &path(id), None).await;
    let ahead = Request::get(path(id))
        .header("sec-purpose", "prefetch;prerender")
        .header("cookie", desk.cookie.clone().unwrap());
    let ahead = site.send(ahead.body(Body::empty()).unwrap()).await;
    assert_eq!(ahead.status, 503);
    assert!(ahead.body.is_empty());
    let response = phone.sync(&[]).await;
    assert_eq!(record::<SignUp>(&response, id), None, "nothing changed");
    assert!(desk.read("/staff/sign-ups").await.contains(&id.to_string()));
}

#[tokio::test]
async fn a_place_that_staff_give_reaches_the_phone() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let (mut phone, id) = asked(&site, session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    desk.read(&path(id)).await;
    let answer = desk
        .post(&format!("{}/confirm", path(id)), "message=&step=send")
        .await;
    assert_eq!(answer.status, 303);
    let said = desk.read(answer.header("location")).await;
    assert!(said.contains("You have a place"), "{said}");
    assert_eq!(learns(&mut phone, id).await.state, SignUpState::Confirmed);
}

#[tokio::test]
async fn words_with_a_place_are_seen_first_and_then_reach_the_phone() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let (mut phone, id) = asked(&site, session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let confirm = format!("{}/confirm", path(id));
    let words = escape("Lovely to have you.");
    let preview = desk
        .post(&confirm, &format!("message={words}&step=send"))
        .await;
    assert_eq!(preview.status, 200);
    assert!(page(&preview).contains("“Lovely to have you.”"));
    let response = phone.sync(&[]).await;
    assert_eq!(
        record::<SignUp>(&response, id),
        None,
        "nothing was sent yet"
    );
    let send = desk
        .post(&confirm, &format!("message={words}&step=previewed"))
        .await;
    assert_eq!(send.status, 303);
    let got = learns(&mut phone, id).await;
    assert_eq!(got.state, SignUpState::Confirmed);
    assert_eq!(got.message.as_deref(), Some("Lovely to have you."));
}

#[tokio::test]
async fn with_no_place_free_the_person_waits_and_words_of_welcome_do_not_go() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(1)).await;
    let (_, first) = asked(&site, session).await;
    let (mut phone, second) = asked(&site, session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let confirm = |id| format!("{}/confirm", path(id));
    desk.post(&confirm(first), "message=&step=send").await;
    let answer = desk
        .post(&confirm(second), "message=Welcome&step=previewed")
        .await;
    assert!(answer.header("location").ends_with("done=waits"));
    let got = learns(&mut phone, second).await;
    assert_eq!((got.state, got.position), (SignUpState::Waiting, Some(1)));
    assert_eq!(got.message, None);
}

#[tokio::test]
async fn nobody_is_turned_down_without_words_and_the_member_gets_exactly_those() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let (mut phone, id) = asked(&site, session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let cancel = format!("{}/cancel", path(id));
    desk.read(&cancel).await;
    let silent = desk.post(&cancel, "message=+&step=previewed").await;
    assert_eq!(silent.status, 422);
    let words = escape("Not this time, because the room is too small.");
    let preview = desk
        .post(&cancel, &format!("message={words}&step=preview"))
        .await;
    assert!(page(&preview).contains("because the room is too small."));
    let response = phone.sync(&[]).await;
    assert_eq!(
        record::<SignUp>(&response, id),
        None,
        "nothing was sent yet"
    );
    let send = desk
        .post(&cancel, &format!("message={words}&step=previewed"))
        .await;
    assert_eq!(send.status, 303);
    let got = learns(&mut phone, id).await;
    assert_eq!(got.state, SignUpState::Cancelled);
    let message = "Not this time, because the room is too small.";
    assert_eq!(got.message.as_deref(), Some(message));
}

#[tokio::test]
async fn a_note_for_staff_never_leaves_the_server() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let (mut phone, id) = asked(&site, session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let note = "zzz rang twice zzz";
    desk.read(&path(id)).await;
    desk.post(
        &format!("{}/note", path(id)),
        &format!("note={}", escape(note)),
    )
    .await;
    desk.post(&format!("{}/confirm", path(id)), "message=&step=send")
        .await;
    assert!(desk.read(&path(id)).await.contains(note));
    phone.cursor = None;
    let all = serde_json::to_string(&phone.sync(&[]).await).unwrap();
    assert!(all.contains("confirmed"));
    assert!(!all.contains("zzz"), "{all}");
}

#[tokio::test]
async fn what_was_taken_back_meanwhile_is_not_confirmed() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let (mut phone, id) = asked(&site, session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    desk.read(&path(id)).await;
    phone.does(&Command::WithdrawSignUp(id)).await;
    let answer = desk
        .post(&format!("{}/confirm", path(id)), "message=&step=send")
        .await;
    assert!(answer.header("location").ends_with("done=no_longer"));
    let said = desk.read(answer.header("location")).await;
    assert!(said.contains("Taken back"), "{said}");
}

#[tokio::test]
async fn what_people_typed_is_only_ever_text() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let mut phone = site.member().await;
    let (id, command) = a_request(session);
    let Command::RequestSignUp(mut request) = command else {
        unreachable!("a_request makes a request");
    };
    let attack = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    request.note = Some(attack.to_owned());
    request.access_needs = Some(attack.to_owned());
    phone.does(&Command::RequestSignUp(request)).await;
    let mut desk = at_the_desk(&site, "<b>priya</b>", &[]).await;
    let words = format!("message={}&step=preview", escape(attack));
    for said in [
        desk.read(&path(id)).await,
        desk.read("/staff/sign-ups").await,
        page(&desk.post(&format!("{}/cancel", path(id)), &words).await),
        page(&desk.post(&format!("{}/confirm", path(id)), &words).await),
    ] {
        assert!(!said.contains("<script>alert"), "{said}");
        assert!(!said.contains("<img"), "{said}");
        assert!(!said.contains("<b>"), "{said}");
    }
}

/// The sign-ups on a page of the list, in order, and where its next page is.
fn listed(said: &str) -> (Vec<String>, Option<String>) {
    let ids = said
        .split("href=\"/staff/sign-ups/")
        .skip(1)
        .filter_map(|rest| rest.get(..36))
        .map(str::to_owned)
        .collect();
    let next = said
        .split("href=\"")
        .filter(|rest| rest.contains("after="))
        .find_map(|rest| rest.split_once('"'))
        .filter(|(href, _)| href.contains("after="))
        .map(|(href, _)| href.replace("&amp;", "&"));
    (ids, next)
}

#[tokio::test]
async fn the_list_is_oldest_first_and_its_pages_do_not_shift_under_arrivals() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut made = Vec::new();
    for _ in 0..PAGE + 3 {
        made.push(asked(&site, session).await.1.to_string());
    }
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let (first, next) = listed(&desk.read("/staff/sign-ups").await);
    assert_eq!(first.len(), PAGE);
    let late = asked(&site, session).await.1.to_string();
    // Someone opens one of the first page meanwhile: it leaves the list, and nothing is skipped.
    desk.read(&format!("/staff/sign-ups/{}", first[0])).await;
    let (second, end) = listed(&desk.read(&next.unwrap()).await);
    assert_eq!(end, None);
    made.push(late);
    let shown: Vec<String> = first.into_iter().chain(second).collect();
    let mut sorted = (shown.clone(), made);
    sorted.0.sort();
    sorted.1.sort();
    assert_eq!(sorted.0, sorted.1, "each stands once");
}

#[tokio::test]
async fn the_lists_count_what_they_hold_and_can_be_of_one_opportunity() {
    let site = Site::new().await;
    let (one, other) = (
        site.session(Gives::Staff, Some(8)).await,
        site.session(Gives::FirstReceived, Some(8)).await,
    );
    let (_, opened) = asked(&site, one).await;
    asked(&site, one).await;
    asked(&site, other).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    desk.read(&path(opened)).await;
    let all = desk.read("/staff/sign-ups").await;
    assert!(all.contains("8 of 8 left"), "{all}");
    assert!(all.contains("7 of 8 left"), "places given at once count");
    assert!(all.contains("Not looked at <span class=\"count\">2</span>"));
    assert!(all.contains("To answer <span class=\"count\">1</span>"));
    let opportunity = opportunity_of(&site, one).await;
    let some = desk
        .read(&format!("/staff/sign-ups?opportunity={opportunity}"))
        .await;
    assert!(some.contains("Not looked at <span class=\"count\">1</span>"));
    let (ids, _) = listed(&some);
    assert_eq!(ids.len(), 1);
}

async fn opportunity_of(site: &Site, session: SessionId) -> String {
    sqlx::query_scalar("select opportunity from sessions where id = $1")
        .bind(session.to_string())
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_sign_up_that_is_not_there_is_not_found() {
    let site = Site::new().await;
    let mut desk: Desk<'_> = at_the_desk(&site, "priya", &[]).await;
    let id = SignUpId(uuid::Uuid::now_v7());
    for path in [path(id), "/staff/sign-ups/letters".to_owned()] {
        assert_eq!(desk.open(&path).await.status, 404);
        let cancel = desk
            .post(&format!("{path}/cancel"), "message=a&step=previewed")
            .await;
        assert_eq!(cancel.status, 404);
        assert_eq!(
            desk.post(&format!("{path}/note"), "note=a").await.status,
            404
        );
    }
}

#[tokio::test]
async fn an_open_list_hears_of_an_arrival() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let mut arrivals = site.app.arrivals.subscribe();
    let (mut phone, _) = asked(&site, session).await;
    assert!(arrivals.try_recv().is_ok());
    phone.sync(&[]).await;
    assert!(arrivals.try_recv().is_err(), "a pull alone is no arrival");
    let (_, command) = a_request(session);
    phone.sync(&[wire(&command)]).await;
    assert!(arrivals.try_recv().is_err(), "nor is what was refused");
}

#[tokio::test]
async fn an_open_page_is_told_to_look_again_and_not_what_came() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let desk = at_the_desk(&site, "priya", &[]).await;
    let request = Request::get("/staff/events").header("cookie", desk.cookie.unwrap());
    let (status, mut stream) = site.listen(request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, 200);
    let (_, id) = asked(&site, session).await;
    let come = tokio::time::timeout(Duration::from_secs(10), stream.next()).await;
    let said = String::from_utf8(come.unwrap().unwrap().unwrap().to_vec()).unwrap();
    // An event without data never reaches a page.
    assert!(said.contains("event: arrived") && said.contains("data: "));
    assert!(!said.contains(&id.to_string()), "{said}");
}
