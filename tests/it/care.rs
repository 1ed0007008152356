//! Looking after shared check-ins: at the desk, and what the person's phone learns of it.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    site::{Phone, Site, record, wire},
    sync::a_share,
};
use app::domain::{
    care::CareState,
    check_in::{AnswerBack, Wants, WithdrawAnswer},
    command::Command,
    id::{CheckInId, StaffId, TeamId},
    record::CheckIn,
};
use server::{
    commands::{care::CareAction, staff::StaffAction},
    db::staff::Role,
    db::teams::{self, Details},
};
use std::collections::BTreeSet;
use uuid::Uuid;

async fn shared(phone: &mut Phone<'_>, team: TeamId, wants: Wants) -> CheckInId {
    let (id, command) = a_share(team);
    let Command::ShareCheckIn(mut share) = command else {
        unreachable!("a_share makes a share");
    };
    share.wants = wants;
    share.note = Some("private words".into());
    assert_eq!(phone.does(&Command::ShareCheckIn(share)).await, "applied");
    id
}

async fn seen(phone: &mut Phone<'_>, id: CheckInId) -> CheckIn {
    phone.cursor = None;
    record(&phone.sync(&[]).await, id).expect("its own record")
}

fn path(id: CheckInId, what: &str) -> String {
    format!("/staff/check-ins/{id}{what}")
}

async fn audited(site: &Site, action: &str) -> i64 {
    sqlx::query_scalar("select count(*) from audit where action = $1")
        .bind(action.to_owned())
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap()
}

fn answer(id: CheckInId, message: Uuid) -> Command {
    Command::AnswerBack(AnswerBack {
        check_in: id,
        message,
        words: "my answer".into(),
    })
}

/// Sends a reply that was seen first.
async fn reply(desk: &mut Desk<'_>, id: CheckInId, words: &str) {
    let form = format!(
        "id={}&message={}&step=previewed",
        Uuid::now_v7(),
        escape(words)
    );
    let answer = desk.post(&path(id, "/reply"), &form).await;
    assert!(answer.header("location").ends_with("done=replied"));
}

#[tokio::test]
async fn a_check_in_goes_from_hand_to_hand_to_its_end_and_the_phone_is_told_each_step() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Message).await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let tom = hire(&site, "tom", Role::Staff, &[harbour]).await;
    priya.read(&path(id, "")).await;
    priya.post(&path(id, "/take-on"), "").await;
    let told = seen(&mut phone, id).await;
    assert_eq!(told.state, CareState::TakenOn);
    assert_eq!(told.taken_on_by.as_deref(), Some("priya"));

    let form = format!("to={tom}&note={}", escape("Ring before ten"));
    priya.post(&path(id, "/hand-over"), &form).await;
    assert!(priya.read(&path(id, "")).await.contains("Ring before ten"));
    phone.cursor = None;
    let whole = phone.post("/api/sync", &phone.envelope(&[])).await;
    let whole = String::from_utf8_lossy(&whole.body).into_owned();
    assert!(!whole.contains("Ring before ten"), "the note never syncs");
    assert_eq!(
        seen(&mut phone, id).await.taken_on_by.as_deref(),
        Some("tom")
    );

    let mut tom = signed_in(&site, "tom").await;
    assert!(
        tom.read("/staff/check-ins?show=mine")
            .await
            .contains(&id.to_string())
    );
    reply(&mut tom, id, "Shall we talk?").await;
    let told = seen(&mut phone, id).await;
    assert_eq!(told.state, CareState::Replied);
    assert_eq!(told.messages[0].text.as_deref(), Some("Shall we talk?"));
    assert_eq!(told.messages[0].from.as_deref(), Some("tom"));

    tom.post(&path(id, "/close"), "read=1").await;
    assert_eq!(seen(&mut phone, id).await.state, CareState::Closed);
    assert_eq!(phone.does(&answer(id, Uuid::now_v7())).await, "applied");
    let told = seen(&mut phone, id).await;
    assert_eq!((told.state, told.closed_at), (CareState::TakenOn, None));
    let list = tom.read("/staff/check-ins?show=mine").await;
    assert!(list.contains("Answered back"), "{list}");
    assert!(tom.read(&path(id, "")).await.contains("my answer"));
}

#[tokio::test]
async fn words_are_seen_before_they_are_sent_and_said_once() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Message).await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    let message = Uuid::now_v7();
    let form = |step: &str| format!("id={message}&message=Hello&step={step}");
    for step in ["preview", "send", "edit"] {
        let answer = desk.post(&path(id, "/reply"), &form(step)).await;
        assert!(page(&answer).contains("Hello"), "{step}");
    }
    assert!(seen(&mut phone, id).await.messages.is_empty());
    for _ in 0..2 {
        desk.post(&path(id, "/reply"), &form("previewed")).await;
    }
    assert_eq!(seen(&mut phone, id).await.messages.len(), 1);
    assert_eq!(audited(&site, "check_in.reply").await, 1);
}

#[tokio::test]
async fn what_was_asked_for_is_not_closed_before_someone_replied_or_rang() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Call).await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    let refused = desk.post(&path(id, "/close"), "read=0").await;
    assert!(refused.header("location").ends_with("done=unanswered"));
    assert_eq!(seen(&mut phone, id).await.state, CareState::Sent);
    let form = format!("id={}", Uuid::now_v7());
    desk.post(&path(id, "/rang"), &form).await;
    assert!(seen(&mut phone, id).await.messages[0].rang);
    // Something came since the page was opened: it is read first.
    phone.does(&answer(id, Uuid::now_v7())).await;
    let refused = desk.post(&path(id, "/close"), "read=1").await;
    assert!(refused.header("location").ends_with("done=new_words"));
    desk.post(&path(id, "/close"), "read=2").await;
    assert_eq!(seen(&mut phone, id).await.state, CareState::Closed);
    assert_eq!(audited(&site, "check_in.close").await, 1);
}

#[tokio::test]
async fn nobody_but_the_team_and_its_cover_acts_on_a_check_in() {
    let site = Site::new().await;
    let (harbour, lookout) = (
        site.team("Harbour", "STAR-1").await,
        site.team("Lookout", "LOOK-1").await,
    );
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Know).await;
    let stranger = hire(&site, "stranger", Role::Admin, &[lookout]).await;
    let mut stranger_desk = signed_in(&site, "stranger").await;
    let forms = [
        ("/take-on", String::new()),
        ("/hand-over", format!("to={stranger}")),
        (
            "/reply",
            format!("id={}&message=Hi&step=previewed", Uuid::now_v7()),
        ),
        ("/rang", format!("id={}", Uuid::now_v7())),
        ("/close", "read=0".to_owned()),
        ("/copied", String::new()),
    ];
    for (what, form) in &forms {
        let answer = stranger_desk.post(&path(id, what), form).await;
        assert_eq!(answer.status, 404, "{what}");
    }
    assert_eq!(stranger_desk.open(&path(id, "/copied")).await.status, 404);
    let lines: i64 = sqlx::query_scalar("select count(*) from audit")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(lines, 0);
    assert_eq!(seen(&mut phone, id).await.state, CareState::Sent);

    // While the team covers, its staff read and act; and no longer.
    cover(&site, harbour, Some(lookout)).await;
    assert!(
        stranger_desk
            .read("/staff/check-ins")
            .await
            .contains(&id.to_string())
    );
    assert!(
        stranger_desk
            .read(&path(id, ""))
            .await
            .contains("private words")
    );
    stranger_desk.post(&path(id, "/take-on"), "").await;
    assert_eq!(
        seen(&mut phone, id).await.taken_on_by.as_deref(),
        Some("stranger")
    );
    assert_eq!(audited(&site, "check_in.take_on").await, 1);
    cover(&site, harbour, None).await;
    assert_eq!(stranger_desk.open(&path(id, "")).await.status, 404);
    let list = stranger_desk.read("/staff/check-ins?show=mine").await;
    assert!(!list.contains(&id.to_string()));
}

/// Lets a team cover for another, or nobody.
async fn cover(site: &Site, team: TeamId, by: Option<TeamId>) {
    let details = Details {
        name: "Harbour".into(),
        hours: None,
        phone: None,
        cover: by,
    };
    let change = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { teams::change(tx, team, &details).await }));
    change.await.unwrap();
}

#[tokio::test]
async fn a_check_in_is_handed_only_to_who_may_read_it() {
    let site = Site::new().await;
    let (harbour, lookout) = (
        site.team("Harbour", "STAR-1").await,
        site.team("Lookout", "LOOK-1").await,
    );
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Know).await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    let sam = hire(&site, "sam", Role::Staff, &[lookout]).await;
    for to in [sam, StaffId(Uuid::now_v7())] {
        let answer = desk
            .post(&path(id, "/hand-over"), &format!("to={to}"))
            .await;
        assert_eq!(answer.status, 404);
    }
    cover(&site, harbour, Some(lookout)).await;
    assert!(desk.read(&path(id, "")).await.contains("sam, Lookout"));
    desk.post(&path(id, "/hand-over"), &format!("to={sam}"))
        .await;
    assert_eq!(
        seen(&mut phone, id).await.taken_on_by.as_deref(),
        Some("sam")
    );
}

#[tokio::test]
async fn taking_it_back_wins_and_takes_the_thread_and_the_notes_with_it() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Message).await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    let tom = hire(&site, "tom", Role::Staff, &[harbour]).await;
    reply(&mut desk, id, "words of staff").await;
    desk.post(&path(id, "/hand-over"), &format!("to={tom}&note=secret"))
        .await;
    phone.does(&answer(id, Uuid::now_v7())).await;
    phone.does(&Command::WithdrawCheckIn(id)).await;
    // What comes late does nothing, and is no error.
    assert_eq!(phone.does(&answer(id, Uuid::now_v7())).await, "applied");
    let told = seen(&mut phone, id).await;
    assert_eq!(told.state, CareState::Withdrawn);
    assert!(told.messages.is_empty());
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from hand_overs) + \
         (select count(*) from check_ins where messages is not null)",
    )
    .fetch_one(&site.app.db.pool)
    .await
    .unwrap();
    assert_eq!(left, 0);
    let late = desk.post(&path(id, "/take-on"), "").await;
    assert_eq!(late.status, 404);
}

#[tokio::test]
async fn an_answer_is_taken_in_once_from_its_own_member_and_can_be_taken_back() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (mut phone, mut other) = (site.joined("STAR-1").await, site.joined("STAR-1").await);
    let id = shared(&mut phone, harbour, Wants::Know).await;
    let message = Uuid::now_v7();
    assert_eq!(other.does(&answer(id, message)).await, "not_yours");
    let nowhere = answer(CheckInId(Uuid::now_v7()), message);
    assert_eq!(phone.does(&nowhere).await, "no_such_check_in");
    let said = wire(&answer(id, message));
    phone.sync(std::slice::from_ref(&said)).await;
    phone.sync(&[said, wire(&answer(id, message))]).await;
    assert_eq!(seen(&mut phone, id).await.messages.len(), 1);
    let gone = WithdrawAnswer {
        check_in: id,
        message,
    };
    assert_eq!(
        other.does(&Command::WithdrawAnswer(gone)).await,
        "not_yours"
    );
    assert_eq!(phone.does(&Command::WithdrawAnswer(gone)).await, "applied");
    assert_eq!(seen(&mut phone, id).await.messages[0].text, None);
    // The other order: a mark came first.
    let message = Uuid::now_v7();
    let early = WithdrawAnswer {
        check_in: id,
        message,
    };
    phone.does(&Command::WithdrawAnswer(early)).await;
    assert_eq!(phone.does(&answer(id, message)).await, "applied");
    let told = seen(&mut phone, id).await;
    assert!(told.messages.iter().all(|said| said.text.is_none()));
}

#[tokio::test]
async fn a_copy_to_the_record_is_one_act_that_is_asked_first_written_down_and_told() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Know).await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    assert!(
        desk.read(&path(id, "/copied"))
            .await
            .contains("Yes, I copied it")
    );
    assert_eq!(audited(&site, "check_in.copied").await, 0, "asked first");
    for _ in 0..2 {
        desk.post(&path(id, "/copied"), "").await;
    }
    assert_eq!(audited(&site, "check_in.copied").await, 1);
    let told = seen(&mut phone, id).await;
    assert_eq!(told.copied_by.as_deref(), Some("priya"));
    assert!(told.copied_at.is_some());
    // Also after it was taken back: that a copy was made stays true.
    phone.does(&Command::WithdrawCheckIn(id)).await;
    assert!(seen(&mut phone, id).await.copied_at.is_some());
}

#[tokio::test]
async fn staff_actions_that_were_refused_are_not_written_down_as_done() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, Wants::Call).await;
    let priya = site.staff("priya", &[harbour]).await;
    let close = StaffAction::Care(id, CareAction::Close { read: 0 });
    site.app.writer.staff(priya, close).await.unwrap();
    assert_eq!(audited(&site, "check_in.close").await, 0);
}

/// Every address that the pages of the desk link to or send forms to, walked from its first page.
async fn walk(desk: &mut Desk<'_>) -> Vec<(String, String)> {
    let mut to_see = vec!["/staff/check-ins".to_owned()];
    let mut seen = BTreeSet::new();
    let mut pages = Vec::new();
    while let Some(address) = to_see.pop() {
        if !seen.insert(address.clone()) {
            continue;
        }
        let answer = desk.open(&address).await;
        if answer.status == 405 {
            // A form's address alone.
            continue;
        }
        assert_eq!(answer.status, 200, "{address}");
        if address.starts_with("/staff/impact/numbers") {
            // The one file that a link leads to: numbers, with nobody in them.
            assert!(!page(&answer).contains("private words"));
            continue;
        }
        assert!(
            answer.header("content-type").starts_with("text/html"),
            "{address} is no page to read"
        );
        assert_eq!(answer.header("content-disposition"), "", "{address}");
        let html = page(&answer);
        for part in html
            .split(['"', ' '])
            .filter(|part| part.starts_with("/staff/"))
        {
            let address = part.replace("&amp;", "&");
            if !address.contains("sign-out") {
                to_see.push(address);
            }
        }
        pages.push((address, html));
    }
    pages
}

#[tokio::test]
async fn no_page_of_the_desk_prints_or_exports_check_ins_in_bulk() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    for _ in 0..3 {
        shared(&mut phone, harbour, Wants::Message).await;
    }
    hire(&site, "ada", Role::Admin, &[harbour]).await;
    let mut desk = signed_in(&site, "ada").await;
    let pages = walk(&mut desk).await;
    assert!(pages.len() > 10, "it walked: {}", pages.len());
    for (address, html) in &pages {
        let words = html.matches("private words").count();
        assert!(words <= 1, "{address} shows {words} check-ins");
        if address.starts_with("/staff/check-ins") {
            let lower = html.to_lowercase();
            for wrong in ["export", "download", "csv", "window.print", ">print"] {
                assert!(!lower.contains(wrong), "{address} says {wrong}");
            }
        }
    }
    // Nor are there addresses that a guess would find.
    for guess in ["export", "print", "all", "download", "export.csv"] {
        let path = format!("/staff/check-ins/{guess}");
        assert_eq!(desk.open(&path).await.status, 404, "{path}");
    }
    let list = desk.read("/staff/check-ins").await;
    assert!(list.contains("not printed or saved as a list"));
}
