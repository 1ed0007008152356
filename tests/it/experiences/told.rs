//! Stories: out only as their member approved them and staff checked them, and gone at once.

use super::{
    Reader, Says, Site, an_experience, change, count, is_sound, may_use, says, sends, sent,
};
use crate::{
    desk::hire,
    site::{Phone, record},
    taken_back::gone,
};
use app::domain::{
    experience::{
        MayUse, Send,
        story::{Not, Standing, Story, StoryState},
    },
    id::{ExperienceId, StaffId, StoryId},
};
use axum::{body::Body, http::Request};
use server::db::{
    experiences::{
        self,
        stories::{self, StoryRow},
    },
    staff::Role,
};
use uuid::Uuid;

pub const STORY: &str = "Heron: somebody sat with me all night";

/// Somebody at the desk proposes a text.
async fn proposed(site: &Site, by: StaffId, experience: ExperienceId, text: &str) -> StoryId {
    let (id, text) = (StoryId(Uuid::now_v7()), text.to_owned());
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            let of = experiences::find(tx, experience).await?.expect("it");
            let standing = Standing::propose(of.member, of.record.may_use).expect("a yes");
            let mut row = StoryRow {
                id,
                experience,
                standing,
                text: Some(text.clone()),
                approved_at: None,
                name: None,
                published_at: None,
                taken_down_at: None,
            };
            stories::write(tx, &row, 7).await?;
            stories::add_text(tx, id, (1, &text), (by, 7)).await?;
            row.text = Some(text);
            stories::write(tx, &row, 7).await
        })
    });
    work.await.unwrap();
    id
}

/// Somebody at the desk does something with it.
async fn at_desk(
    site: &Site,
    id: StoryId,
    act: impl FnOnce(&mut StoryRow, Option<MayUse>) -> Result<(), Not> + std::marker::Send + 'static,
) -> Result<(), Not> {
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            let mut row = stories::find(tx, id).await?.expect("it is there");
            let of = experiences::find(tx, row.experience).await?.expect("it");
            let done = act(&mut row, of.record.may_use);
            if done.is_ok() {
                stories::write(tx, &row, 8).await?;
            }
            Ok(done)
        })
    });
    work.await.unwrap()
}

fn checked(row: &mut StoryRow, _: Option<MayUse>) -> Result<(), Not> {
    row.standing.check(row.standing.version)
}

fn published(row: &mut StoryRow, may_use: Option<MayUse>) -> Result<(), Not> {
    row.standing.publish(row.standing.version, may_use)?;
    row.published_at = Some(9);
    Ok(())
}

/// A story of it that everyone can read, under a name.
pub async fn told_story(site: &Site, phone: &mut Phone<'_>, experience: ExperienceId) -> StoryId {
    let by = hire(site, &Uuid::now_v7().to_string(), Role::Staff, &[]).await;
    let id = proposed(site, by, experience, STORY).await;
    at_desk(site, id, checked).await.unwrap();
    let approve = Says::Approve(id, 1, Some("Kit".to_owned()));
    assert_eq!(says(phone, approve).await, "applied");
    at_desk(site, id, published).await.unwrap();
    id
}

async fn story(phone: &mut Phone<'_>, id: StoryId) -> Story {
    phone.cursor = None;
    record(&phone.sync(&[]).await, id).unwrap()
}

/// What a passer-by reads at its address.
pub async fn page(site: &Site, id: StoryId) -> (u16, String) {
    at(site, &format!("/stories/{id}")).await
}

async fn at(site: &Site, path: &str) -> (u16, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = site.send(request).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("x-robots-tag").contains("noindex"));
    assert!(answer.header("set-cookie").is_empty());
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    (answer.status.as_u16(), text)
}

#[tokio::test]
async fn a_story_is_out_only_once_both_have_said_yes_to_those_very_words() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let by = hire(&site, "priya", Role::Staff, &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let mut other = site.joined("STAR-1").await;
    let of = sent(&mut phone, Reader::Team(harbour)).await;
    let id = proposed(&site, by, of, "<b>\u{202e}First words</b>").await;
    let asked = story(&mut phone, id).await;
    assert_eq!((asked.state, asked.checked), (StoryState::Proposed, false));
    assert_eq!(asked.text.as_deref(), Some("<b>\u{202e}First words</b>"));
    assert_eq!(
        page(&site, id).await.0,
        404,
        "that there is one is not told"
    );
    let yes = |version| Says::Approve(id, version, Some("<i>Kit</i>".to_owned()));
    assert_eq!(says(&mut other, yes(1)).await, "not_yours");
    assert_eq!(says(&mut phone, yes(2)).await, "changed");
    assert_eq!(at_desk(&site, id, published).await, Err(Not::Unapproved));
    assert_eq!(says(&mut phone, yes(1)).await, "applied");
    assert_eq!(at_desk(&site, id, published).await, Err(Not::Unchecked));
    at_desk(&site, id, checked).await.unwrap();
    assert_eq!(page(&site, id).await.0, 404);
    at_desk(&site, id, published).await.unwrap();

    let (status, text) = page(&site, id).await;
    assert_eq!(status, 200);
    assert!(text.contains("&lt;b&gt;\u{202e}First words") && !text.contains("<b>\u{202e}"));
    assert!(text.contains("&lt;i&gt;Kit") && text.contains("Crisis care"));
    for private in [
        super::WORDS,
        "A quieter room",
        "Last winter",
        &of.to_string(),
        &phone.id().to_string(),
        "priya",
    ] {
        assert!(!text.contains(private), "{private}");
    }
    let (_, list) = at(&site, "/stories").await;
    assert!(list.contains(&format!("/stories/{id}")));
    assert!(story(&mut phone, id).await.published_at.is_some());

    // Other words: out of sight until both have said yes to them.
    let rewritten = site.app.writer.run(move |tx| {
        Box::pin(async move { stories::add_text(tx, id, (2, "Second words"), (by, 9)).await })
    });
    rewritten.await.unwrap();
    at_desk(&site, id, |row, may_use| {
        row.text = Some("Second words".to_owned());
        row.standing.rewrite(may_use)
    })
    .await
    .unwrap();
    assert_ne!(page(&site, id).await.0, 200);
    assert_eq!(says(&mut phone, yes(1)).await, "changed");
    assert_eq!(says(&mut phone, yes(2)).await, "applied");
    at_desk(&site, id, checked).await.unwrap();
    at_desk(&site, id, published).await.unwrap();
    let (_, text) = page(&site, id).await;
    assert!(text.contains("Second words") && !text.contains("First words"));
    is_sound(&site).await;
}

#[tokio::test]
async fn its_member_takes_it_down_at_once_and_for_good() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let mut other = site.joined("STAR-1").await;
    let of = sent(&mut phone, Reader::Team(harbour)).await;
    let id = told_story(&site, &mut phone, of).await;
    assert_eq!(page(&site, id).await.0, 200);
    assert_eq!(says(&mut other, Says::TakeDown(id)).await, "not_yours");
    let nowhere = Says::TakeDown(StoryId(Uuid::now_v7()));
    assert_eq!(says(&mut other, nowhere).await, "no_such_words");
    for _ in 0..2 {
        assert_eq!(says(&mut phone, Says::TakeDown(id)).await, "applied");
    }
    let (status, text) = page(&site, id).await;
    assert_eq!(status, 410);
    assert!(text.contains("This story was taken down") && !text.contains("Heron"));
    assert!(!at(&site, "/stories").await.1.contains(&id.to_string()));
    let left = story(&mut phone, id).await;
    assert_eq!(
        (left.state, left.text, left.name),
        (StoryState::TakenDown, None, None)
    );
    assert!(
        left.published_at.is_some(),
        "that people could read it stays said"
    );
    let again = Says::Approve(id, 1, None);
    assert_eq!(says(&mut phone, again).await, "applied");
    assert_eq!(at_desk(&site, id, published).await, Err(Not::TakenDown));
    assert_eq!(page(&site, id).await.0, 410);
    gone(&site, STORY).await;
    is_sound(&site).await;
}

#[tokio::test]
async fn less_allowed_takes_a_story_down_in_the_same_transaction() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    for private in [
        |id| may_use(id, MayUse::PublicNamed, MayUse::OnlyImprove),
        |id| may_use(id, MayUse::PublicNamed, MayUse::TrainingUnnamed),
        Says::Withdraw as fn(ExperienceId) -> Says,
    ] {
        let of = sent(&mut phone, Reader::Team(harbour)).await;
        let id = told_story(&site, &mut phone, of).await;
        assert_eq!(says(&mut phone, private(of)).await, "applied");
        assert_eq!(page(&site, id).await.0, 410);
        let left = story(&mut phone, id).await;
        assert_eq!(left.state, StoryState::TakenDown);
    }
    gone(&site, STORY).await;
    is_sound(&site).await;
}

#[tokio::test]
async fn without_a_name_it_is_looked_at_again_and_nobody_reads_it_meanwhile() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let of = sent(&mut phone, Reader::Team(harbour)).await;
    let id = told_story(&site, &mut phone, of).await;
    assert!(page(&site, id).await.1.contains("By \u{2068}Kit"));
    let unnamed = may_use(of, MayUse::PublicNamed, MayUse::PublicUnnamed);
    assert_eq!(says(&mut phone, unnamed).await, "applied");
    assert_ne!(page(&site, id).await.0, 200);
    let asked = story(&mut phone, id).await;
    assert_eq!(
        (asked.state, asked.name, asked.checked),
        (StoryState::Proposed, None, false)
    );
    // No name stands with it from now on, whatever an old phone says.
    let yes = Says::Approve(id, 1, Some("Kit".to_owned()));
    assert_eq!(says(&mut phone, yes).await, "applied");
    at_desk(&site, id, checked).await.unwrap();
    at_desk(&site, id, published).await.unwrap();
    let (status, text) = page(&site, id).await;
    assert_eq!(status, 200);
    assert!(text.contains("someone who uses our services") && !text.contains("Kit"));
    is_sound(&site).await;
}

#[tokio::test]
async fn none_is_proposed_of_what_is_not_for_anyone_to_read() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let it = Send {
        may_use: MayUse::TrainingUnnamed,
        ..an_experience(Reader::Team(harbour), "x")
    };
    assert_eq!(phone.does(&sends(&it)).await, "applied");
    let refused = Standing::propose(phone.id(), Some(it.may_use));
    assert_eq!(refused, Err(Not::NotAllowed));
    let empty = at(&site, "/stories").await;
    assert_eq!(empty.0, 200);
    assert!(empty.1.contains("no stories to read"));
    assert_eq!(at(&site, "/stories/none").await.0, 404);
    change(&site, "delete from consent_uses").await;
    assert_eq!(count(&site, "select count(*) from stories").await, 0);
}
