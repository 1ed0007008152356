//! What staff do, and what the member's phone learns of it.

use crate::{
    site::{Phone, Site, record, wire},
    sync::{a_request, a_share},
};
use app::domain::{
    command::Command,
    id::{SessionId, SignUpId, StaffId, TeamId},
    opportunity::Gives,
    record::{CheckIn, SignUp},
    sign_up::SignUpState,
};
use axum::{body::Body, http::Request};
use server::{
    commands::staff::{StaffAction, StaffDone},
    error::Error,
    state::Arrival,
};
use sqlx::Row;
use uuid::Uuid;

async fn asked(phone: &mut Phone<'_>, session: SessionId) -> SignUpId {
    let (id, request) = a_request(session);
    assert_eq!(phone.does(&request).await, "applied");
    id
}

async fn acts(site: &Site, by: StaffId, action: StaffAction) -> StaffDone {
    site.app.writer.staff(by, action).await.unwrap()
}

fn confirm(sign_up: SignUpId) -> StaffAction {
    StaffAction::Confirm {
        sign_up,
        message: None,
    }
}

async fn audited(site: &Site) -> Vec<(String, String)> {
    let rows = sqlx::query("select action, subject from audit order by id")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn the_first_to_open_a_sign_up_is_who_saw_it() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (priya, sam) = (site.staff("Priya", &[]).await, site.staff("Sam", &[]).await);
    let mut phone = site.member().await;
    let id = asked(&mut phone, session).await;
    for by in [priya, sam] {
        acts(&site, by, StaffAction::OpenSignUp(id)).await;
    }
    let row: SignUp = record(&phone.sync(&[]).await, id).unwrap();
    assert_eq!(row.seen_by.as_deref(), Some("Priya"));
    assert!(row.seen_at.is_some());
    assert_eq!(row.state, SignUpState::Received);
}

#[tokio::test]
async fn a_confirmed_member_has_a_place_and_one_too_many_waits() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(1)).await;
    let priya = site.staff("Priya", &[]).await;
    let (mut one, mut two) = (site.member().await, site.member().await);
    let (first, second) = (
        asked(&mut one, session).await,
        asked(&mut two, session).await,
    );
    assert_eq!(acts(&site, priya, confirm(first)).await, StaffDone::Done);
    assert_eq!(
        acts(&site, priya, confirm(second)).await,
        StaffDone::Waits(1)
    );
    let row: SignUp = record(&one.sync(&[]).await, first).unwrap();
    assert_eq!(row.state, SignUpState::Confirmed);
    let row: SignUp = record(&two.sync(&[]).await, second).unwrap();
    assert_eq!((row.state, row.position), (SignUpState::Waiting, Some(1)));
    // Staff give places here: one that is withdrawn is free, and nobody moves by itself.
    one.does(&Command::WithdrawSignUp(first)).await;
    assert!(record::<SignUp>(&two.sync(&[]).await, second).is_none());
    assert_eq!(acts(&site, priya, confirm(second)).await, StaffDone::Done);
    let row: SignUp = record(&two.sync(&[]).await, second).unwrap();
    assert_eq!((row.state, row.position), (SignUpState::Confirmed, None));
}

#[tokio::test]
async fn cancelling_tells_the_member_why_and_passes_the_place_on() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let priya = site.staff("Priya", &[]).await;
    let (mut one, mut two) = (site.member().await, site.member().await);
    let (first, second) = (
        asked(&mut one, session).await,
        asked(&mut two, session).await,
    );
    let cancel = StaffAction::Cancel {
        sign_up: first,
        message: "The room is too small, sorry.".to_owned(),
    };
    assert_eq!(acts(&site, priya, cancel).await, StaffDone::Done);
    let row: SignUp = record(&one.sync(&[]).await, first).unwrap();
    assert_eq!(row.state, SignUpState::Cancelled);
    assert_eq!(
        row.message.as_deref(),
        Some("The room is too small, sorry.")
    );
    let row: SignUp = record(&two.sync(&[]).await, second).unwrap();
    assert_eq!(row.state, SignUpState::Offered);
}

#[tokio::test]
async fn what_was_withdrawn_meanwhile_is_not_confirmed() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let priya = site.staff("Priya", &[]).await;
    let mut phone = site.member().await;
    let id = asked(&mut phone, session).await;
    phone.does(&Command::WithdrawSignUp(id)).await;
    assert_eq!(acts(&site, priya, confirm(id)).await, StaffDone::NoLonger);
    let nothing = record::<SignUp>(&phone.sync(&[]).await, id);
    assert!(nothing.is_none());
}

#[tokio::test]
async fn a_note_for_staff_never_reaches_the_phone() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let priya = site.staff("Priya", &[]).await;
    let mut phone = site.member().await;
    let id = asked(&mut phone, session).await;
    let note = StaffAction::Note {
        sign_up: id,
        note: Some("Ring before ten".to_owned()),
    };
    acts(&site, priya, note).await;
    phone.cursor = None;
    let body = phone.envelope(&[]);
    let answer = phone.post("/api/sync", &body).await;
    assert!(!String::from_utf8_lossy(&answer.body).contains("Ring before ten"));
}

#[tokio::test]
async fn a_shared_check_in_opens_for_its_own_team_alone_and_each_reading_is_written_down() {
    let site = Site::new().await;
    let harbour = site.team("Harbour team", "STAR-1").await;
    let lookout = site.team("Lookout team", "LOOK-1").await;
    let priya = site.staff("Priya", &[harbour]).await;
    let sam = site.staff("Sam", &[lookout]).await;
    let mut phone = site.joined("STAR-1").await;
    let (id, share) = a_share(harbour);
    phone.does(&share).await;
    let refused = site
        .app
        .writer
        .staff(sam, StaffAction::OpenCheckIn(id))
        .await;
    assert!(matches!(refused, Err(Error::NotFound)));
    assert!(audited(&site).await.is_empty());
    for _ in 0..2 {
        acts(&site, priya, StaffAction::OpenCheckIn(id)).await;
    }
    let line = ("check_in.read".to_owned(), id.to_string());
    assert_eq!(audited(&site).await, [line.clone(), line]);
    let row: CheckIn = record(&phone.sync(&[]).await, id).unwrap();
    assert_eq!(row.seen_by.as_deref(), Some("Priya"));
}

#[tokio::test]
async fn a_check_in_taken_back_after_it_was_read_says_who_read_it_and_no_more() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let priya = site.staff("Priya", &[team]).await;
    let mut phone = site.joined("STAR-1").await;
    let (id, share) = a_share(team);
    phone.does(&share).await;
    acts(&site, priya, StaffAction::OpenCheckIn(id)).await;
    let response = phone.sync(&[wire(&Command::WithdrawCheckIn(id))]).await;
    let row: CheckIn = record(&response, id).unwrap();
    assert_eq!((row.seen_by.as_deref(), row.note), (Some("Priya"), None));
    let text =
        sqlx::query("select count(*) from check_ins where note is not null or wants is not null")
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
    assert_eq!(text.get::<i64, _>(0), 0);
}

#[tokio::test]
async fn the_audit_log_cannot_be_changed() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let priya = site.staff("Priya", &[]).await;
    let mut phone = site.member().await;
    let id = asked(&mut phone, session).await;
    acts(&site, priya, StaffAction::OpenSignUp(id)).await;
    for sql in ["update audit set staff = 'nobody'", "delete from audit"] {
        let change = site.app.writer.run(move |tx| {
            Box::pin(async move {
                sqlx::query(sql).execute(tx).await?;
                Ok(())
            })
        });
        assert!(change.await.is_err(), "{sql}");
    }
    assert_eq!(audited(&site).await.len(), 1);
}

#[tokio::test]
async fn open_pages_of_the_desk_hear_of_what_came_once_it_is_durable() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let mut arrivals = site.app.arrivals.subscribe();
    let mut phone = site.joined("STAR-1").await;
    phone.does(&a_share(team).1).await;
    assert_eq!(arrivals.recv().await.unwrap(), Arrival::CheckIn(team));
}

#[tokio::test]
async fn someone_who_does_not_work_here_does_nothing() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let id = asked(&mut phone, session).await;
    let stranger = StaffId(Uuid::now_v7());
    let refused = site.app.writer.staff(stranger, confirm(id)).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    let priya = site.staff("Priya", &[]).await;
    let unknown = confirm(SignUpId(Uuid::now_v7()));
    let refused = site.app.writer.staff(priya, unknown).await;
    assert!(matches!(refused, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_members_cookie_opens_no_page_of_the_desk() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    phone.does(&a_share(TeamId(team.0)).1).await;
    let cookie = phone.cookie.unwrap();
    let pretended = cookie.replacen("chorus=", "chorus-staff=", 1);
    for cookie in [cookie, pretended] {
        for path in [
            "/staff/sign-ups",
            "/staff/check-ins",
            "/staff/events",
            "/staff/audit",
        ] {
            let request = Request::get(path).header("cookie", &cookie);
            let answer = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 303, "{path}");
            assert!(
                answer.header("location").starts_with("/staff/sign-in"),
                "{path}"
            );
        }
    }
}
