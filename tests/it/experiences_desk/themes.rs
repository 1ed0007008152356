//! Themes and the report count what teams read, and nothing of fewer than five people.

use super::{press, told};
use crate::{
    desk::{Desk, at_the_desk, hire},
    experiences::{an_experience, named},
    impact::{beside, this_quarter},
    site::Site,
};
use app::domain::{
    command::Command,
    experience::{Reader, Says, Stage},
};
use server::db::staff::Role;

async fn themes(desk: &mut Desk<'_>) -> String {
    desk.read("/staff/themes").await
}

/// How often a number stands in the table or the picture.
fn says(page: &str, number: &str) -> usize {
    page.matches(&format!(">{number}</")).count()
}

#[tokio::test]
async fn nothing_of_fewer_than_five_people_is_counted() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let empty = themes(&mut priya).await;
    assert!(empty.contains("Nothing to show yet") && !empty.contains("<svg viewBox=\"0 0 300"));
    for person in 0..4 {
        let mut phone = site.joined("STAR-1").await;
        // What four say often is four people's.
        for _ in 0..3 {
            let id = told(&mut phone, harbour, |_| {}).await;
            let tag = "step=tag&tag=Waiting";
            assert_eq!(press(&mut priya, id, tag).await, 303, "{person}");
        }
    }
    let four = themes(&mut priya).await;
    assert!(
        four.contains("Nothing to show yet") && !four.contains("Waiting"),
        "{four}"
    );
    let report = priya.read("/staff/impact").await;
    assert_eq!(beside(&report, "Crisis care"), "too few to tell");
    assert_eq!(
        beside(&report, "Experiences that people shared"),
        "too few to tell"
    );

    let mut fifth = site.joined("STAR-1").await;
    let id = told(&mut fifth, harbour, |_| {}).await;
    assert_eq!(press(&mut priya, id, "step=tag&tag=Waiting").await, 303);
    told(&mut fifth, harbour, |it| it.stage = Some(Stage::Housing)).await;
    let five = themes(&mut priya).await;
    // Crisis care and waiting, in the picture and in the table; of housing nothing.
    assert_eq!(says(&five, "13"), 4, "{five}");
    assert!(five.contains("role=\"img\" aria-label=\"Crisis care. "));
    assert!(!five.contains("aria-label=\"Housing") && five.contains("<bdi>Housing</bdi>"));
    assert_eq!((says(&five, "1"), says(&five, "14")), (0, 0));
    // That nothing came in the quarters before is not told.
    let report = priya.read("/staff/impact").await;
    assert_eq!(beside(&report, "Crisis care"), "13 or more");
    let this = this_quarter(&mut priya).await;
    let report = format!("/staff/impact?from={this}&until={this}");
    let report = priya.read(&report).await;
    assert_eq!(beside(&report, "Crisis care"), "13");
    assert_eq!(beside(&report, "Housing"), "too few to tell");
    // Fourteen would say that one spoke of housing.
    assert_eq!(
        beside(&report, "Experiences that people shared"),
        "13 or more"
    );
    assert_eq!(beside(&report, "People who shared an experience"), "5");
    // Taken back, it is not counted.
    assert_eq!(
        fifth.does(&Command::from(Says::Withdraw(id))).await,
        "applied"
    );
    assert!(themes(&mut priya).await.contains("Nothing to show yet"));
}

#[tokio::test]
async fn what_one_independent_person_reads_is_counted_nowhere() {
    let site = Site::new().await;
    let odile = hire(&site, "odile", Role::Staff, &[]).await;
    let picked = named(&site, odile, "Odile Marsh").await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    for _ in 0..6 {
        let mut phone = site.member().await;
        let it = an_experience(Reader::Independent(picked), "Words");
        let said = Command::from(Says::Send(Box::new(it)));
        assert_eq!(phone.does(&said).await, "applied");
    }
    assert!(themes(&mut priya).await.contains("Nothing to show yet"));
    let report = priya.read("/staff/impact").await;
    assert_eq!(beside(&report, "Crisis care"), "too few to tell");
    assert_eq!(
        beside(&report, "People who shared an experience"),
        "fewer than five"
    );
    assert_eq!(
        beside(&report, "Different people in all"),
        "fewer than five"
    );
}
