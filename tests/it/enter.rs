//! Sign-ups that staff write down for someone who rang or filled in paper: the same rules, marked as such.

use crate::{
    desk::{Desk, at_the_desk, escape, page},
    site::{Site, record},
    sync::a_request,
};
use app::domain::{
    id::{MemberId, SessionId},
    opportunity::Gives,
    record::SignUp,
    sign_up::SignUpState,
};
use uuid::Uuid;

const NEW: &str = "/staff/enter";

fn form(id: Uuid, session: SessionId, more: &str) -> String {
    format!("form={id}&session={session}&how=rang{more}")
}

/// How many rows of a table there are.
async fn count(site: &Site, table: &'static str) -> i64 {
    let (count,): (i64,) = sqlx::query_as(match table {
        "members" => "select count(*) from members",
        _ => "select count(*) from sign_ups",
    })
    .fetch_one(&site.app.db.pool)
    .await
    .unwrap();
    count
}

/// What the page says of a sign-up that was just written down.
async fn entered(desk: &mut Desk<'_>, path: &str, form: &str) -> String {
    let answer = desk.post(path, form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    desk.read(answer.header("location")).await
}

#[tokio::test]
async fn somebody_who_rang_is_written_down_once_however_often_it_is_pressed() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let said = escape("<b>Femi</b> & co");
    let more = format!(
        "&name={said}&needs=A+quiet+room&needs_consent=yes&contact_by=phone&contact_value=01632"
    );
    let id = Uuid::now_v7();
    for _ in 0..2 {
        let shown = entered(&mut desk, NEW, &form(id, session, &more)).await;
        assert!(
            shown.contains("&lt;b&gt;Femi&lt;/b&gt; &amp; co"),
            "{shown}"
        );
        assert!(
            shown.contains("Written down by priya. They rang."),
            "{shown}"
        );
        assert!(shown.contains("Has a place") && shown.contains("A quiet room"));
    }
    assert_eq!(
        (
            count(&site, "members").await,
            count(&site, "sign_ups").await
        ),
        (1, 1)
    );
    // The place is gone for whoever comes next, on a phone or on paper.
    let mut phone = site.member().await;
    let (waits, request) = a_request(session);
    phone.does(&request).await;
    phone.cursor = None;
    let mine: SignUp = record(&phone.sync(&[]).await, waits).unwrap();
    assert_eq!((mine.state, mine.position), (SignUpState::Waiting, Some(1)));
    let shown = entered(&mut desk, NEW, &form(Uuid::now_v7(), session, "&name=Jo")).await;
    assert!(shown.contains("Waiting list: number 2"), "{shown}");
}

#[tokio::test]
async fn a_members_sign_up_on_paper_reaches_their_phone() {
    let site = Site::new().await;
    let team = site.team("Harbour", "STAR-1").await;
    let session = site.session(Gives::Staff, Some(3)).await;
    let mut phone = site.joined("STAR-1").await;
    let mut desk = at_the_desk(&site, "priya", &[team]).await;
    let path = format!("/staff/people/{}/sign-up", phone.id());
    assert!(desk.read(&path).await.contains("Write it down"));
    let shown = entered(
        &mut desk,
        &path,
        &form(Uuid::now_v7(), session, "&travel_first=yes"),
    )
    .await;
    assert!(shown.contains("Please pay it before the day"), "{shown}");
    let told = phone.sync(&[]).await;
    let mine = told
        .changes
        .iter()
        .filter(|change| change.kind == "sign_up");
    assert_eq!(mine.count(), 1);
    // They have one that stands: a second one is refused, in words.
    let again = desk.post(&path, &form(Uuid::now_v7(), session, "")).await;
    assert_eq!(again.status, 422);
    assert!(page(&again).contains("You asked for a place in this session before"));
    assert_eq!(count(&site, "sign_ups").await, 1);
}

#[tokio::test]
async fn what_is_missing_is_said_and_every_word_is_given_back() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = Uuid::now_v7();
    for (form, problem) in [
        (
            form(id, session, "&note=Hello+there"),
            "what they want to be called",
        ),
        (
            format!("form={id}&session={session}&name=Jo&note=Hello+there"),
            "how it came",
        ),
        (
            format!("form={id}&session=&how=rang&name=Jo&note=Hello+there"),
            "what it is for",
        ),
        (
            form(id, session, "&name=Jo&contact_by=text&note=Hello+there"),
            "the number, the address",
        ),
        (
            form(id, SessionId(Uuid::now_v7()), "&name=Jo&note=Hello+there"),
            "not there any more",
        ),
    ] {
        let answer = desk.post(NEW, &form).await;
        assert_eq!(answer.status, 422);
        let shown = page(&answer);
        assert!(shown.contains(problem), "{problem}: {shown}");
        assert!(shown.contains("Hello there"));
    }
    // Nothing is left of what was refused, not even the person.
    assert_eq!(
        (
            count(&site, "members").await,
            count(&site, "sign_ups").await
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn members_of_other_teams_are_not_found() {
    let site = Site::new().await;
    let team = site.team("Harbour", "STAR-1").await;
    let session = site.session(Gives::Staff, None).await;
    let other = site.member().await.id();
    let mut desk = at_the_desk(&site, "priya", &[team]).await;
    for id in [other, MemberId(Uuid::now_v7())] {
        let path = format!("/staff/people/{id}/sign-up");
        assert_eq!(desk.open(&path).await.status, 404);
        let answer = desk.post(&path, &form(Uuid::now_v7(), session, "")).await;
        assert_eq!(answer.status, 404);
    }
    assert_eq!(count(&site, "sign_ups").await, 0);
}
