//! Stories at the desk: written, checked by name, published only as its member approved it, and taken down; what is
//! printed of them is noted, and told to whoever told them.

use super::{HOSTILE, WORDS, now, path, told};
use crate::{
    desk::{Desk, at_the_desk, escape, page},
    site::{Phone, Site, record},
};
use app::domain::{
    command::Command,
    experience::{
        MayUse, Says, Use, UsedIn,
        story::{Story, StoryState},
    },
    id::{ExperienceId, StoryId},
};
use axum::{body::Body, http::Request};

async fn posts(desk: &mut Desk<'_>, id: ExperienceId, form: &str) -> u16 {
    let answer = desk.post(&format!("{}/story", path(id)), form).await;
    answer.status.as_u16()
}

fn write(text: &str, version: u32) -> String {
    format!("step=write&text={}&version={version}", escape(text))
}

/// The story of the site, and its record on the phone.
async fn story(site: &Site, phone: &mut Phone<'_>) -> (StoryId, Story) {
    let id: String = sqlx::query_scalar("select id from stories")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    let id: StoryId = id.parse().unwrap();
    phone.cursor = None;
    (id, record(&phone.sync(&[]).await, id).unwrap())
}

async fn approves(phone: &mut Phone<'_>, id: StoryId, version: u32) -> String {
    let says = Says::Approve(id, version, Some("Kit".to_owned()));
    phone.does(&Command::from(says)).await
}

/// What everyone reads of it.
async fn public(site: &Site, id: StoryId) -> (u16, String) {
    let request = Request::get(format!("/stories/{id}")).body(Body::empty());
    let answer = site.send(request.unwrap()).await;
    (answer.status.as_u16(), page(&answer))
}

#[tokio::test]
async fn a_story_is_out_once_it_is_checked_and_approved_word_for_word() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut sam = at_the_desk(&site, "sam", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |_| {}).await;
    let form = priya.read(&format!("{}/story", path(id))).await;
    assert!(form.contains(WORDS), "it begins with what they said");
    // What cannot be kept comes back.
    assert_eq!(posts(&mut priya, id, &write("  ", 0)).await, 422);
    let long = "w".repeat(9000);
    let answer = priya
        .post(&format!("{}/story", path(id)), &write(&long, 0))
        .await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains(&long));
    assert_eq!(posts(&mut priya, id, &write(HOSTILE, 0)).await, 303);
    let (it, told) = story(&site, &mut phone).await;
    assert_eq!(
        (told.state, told.text.as_deref()),
        (StoryState::Proposed, Some(HOSTILE))
    );
    assert!(!told.checked);
    assert_eq!(
        posts(&mut sam, id, "step=publish&version=1").await,
        422,
        "nobody approved"
    );
    assert_eq!(approves(&mut phone, it, 1).await, "applied");
    assert_eq!(
        posts(&mut sam, id, "step=publish&version=1").await,
        422,
        "nobody checked"
    );
    assert_eq!(
        posts(&mut sam, id, "step=check&version=1").await,
        422,
        "without the tick"
    );
    assert_eq!(
        posts(&mut sam, id, "step=check&checked=yes&version=1").await,
        303
    );
    let shown = sam.read(&format!("{}/story", path(id))).await;
    assert!(shown.contains("sam checked that it names nobody else"));
    assert!(shown.contains("&lt;script&gt;") && !shown.contains("<script>alert"));
    assert_eq!(public(&site, it).await.0, 404);
    assert_eq!(posts(&mut priya, id, "step=publish&version=1").await, 303);
    assert_eq!(public(&site, it).await.0, 200);
}

#[tokio::test]
async fn another_text_is_out_of_sight_until_both_have_said_yes_again() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |_| {}).await;
    let it = out(&site, &mut priya, &mut phone, id).await;
    assert_eq!(
        posts(&mut priya, id, &write("Other words", 0)).await,
        422,
        "on what stood before"
    );
    let kept = priya
        .post(&format!("{}/story", path(id)), &write("Other words", 7))
        .await;
    assert!(page(&kept).contains("Other words") && kept.status == 422);
    let checked = format!("{}&checked=yes", write("Other words", 1));
    assert_eq!(posts(&mut priya, id, &checked).await, 303);
    assert_eq!(public(&site, it).await.0, 410);
    assert_eq!(
        approves(&mut phone, it, 1).await,
        "changed",
        "that was another text"
    );
    assert_eq!(posts(&mut priya, id, "step=publish&version=2").await, 422);
    assert_eq!(approves(&mut phone, it, 2).await, "applied");
    assert_eq!(posts(&mut priya, id, "step=publish&version=2").await, 303);
    assert!(public(&site, it).await.1.contains("Other words"));
    assert_eq!(posts(&mut priya, id, "step=take_down").await, 303);
    assert_eq!(public(&site, it).await.0, 410);
    assert_eq!(story(&site, &mut phone).await.1.text, None);
    assert_eq!(posts(&mut priya, id, &write("Again", 2)).await, 422);
}

#[tokio::test]
async fn no_story_is_written_without_their_leave() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    for may_use in [MayUse::OnlyImprove, MayUse::TrainingUnnamed] {
        let id = told(&mut phone, harbour, |it| it.may_use = may_use).await;
        let form = priya.read(&format!("{}/story", path(id))).await;
        assert!(!form.contains("<textarea") && !form.contains(WORDS));
        assert_eq!(posts(&mut priya, id, &write("Hello", 0)).await, 422);
    }
    let id = told(&mut phone, harbour, |_| {}).await;
    assert_eq!(
        posts(&mut priya, id, "step=publish&version=1").await,
        404,
        "there is none"
    );
    assert_eq!(posts(&mut priya, id, "step=take_down").await, 404);
}

/// A story that everyone reads.
async fn out(site: &Site, desk: &mut Desk<'_>, phone: &mut Phone<'_>, id: ExperienceId) -> StoryId {
    let checked = format!("{}&checked=yes", write("I was listened to", 0));
    assert_eq!(posts(desk, id, &checked).await, 303);
    let (story, _) = story(site, phone).await;
    assert_eq!(approves(phone, story, 1).await, "applied");
    assert_eq!(posts(desk, id, "step=publish&version=1").await, 303);
    story
}

#[tokio::test]
async fn what_is_printed_is_noted_and_told_and_only_what_they_still_allow() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |_| {}).await;
    out(&site, &mut priya, &mut phone, id).await;
    let report = priya.read("/staff/impact").await;
    assert!(
        !report.contains("I was listened to"),
        "the page is no paper"
    );
    assert_eq!(
        crate::impact::beside(&report, "Stories that everyone can read"),
        "1"
    );
    let head = priya
        .send(axum::http::Method::HEAD, "/staff/impact/print", None)
        .await;
    assert_eq!(head.status, 200);
    assert!(now(&mut phone, id).await.used.is_empty());
    for _ in 0..2 {
        let paper = priya.read("/staff/impact/print").await;
        assert!(paper.contains("I was listened to") && paper.contains("Kit"));
    }
    let used = now(&mut phone, id).await.used;
    assert_eq!(used.len(), 1, "the same day once");
    assert_eq!(used[0].kind, UsedIn::ImpactReport);
    assert!(
        priya
            .read(&path(id))
            .await
            .contains("In an impact report, today")
    );
    // Without the name it is out of sight until all is said anew; then nothing of it is printed.
    let narrow = Says::Use(Use {
        experience: id,
        was: MayUse::PublicNamed,
        may_use: MayUse::PublicUnnamed,
        name: None,
    });
    assert_eq!(phone.does(&Command::from(narrow)).await, "applied");
    let paper = priya.read("/staff/impact/print").await;
    assert!(!paper.contains("I was listened to"));
    assert_eq!(
        now(&mut phone, id).await.used.len(),
        1,
        "what was printed stays said"
    );
}
