//! Offers that hold a place, ballots, and sessions that have happened: what the clock brings about.

use crate::{
    desk::at_the_desk,
    site::{Phone, Site, an_opportunity, record, session, wire},
    sync::a_request,
};
use app::domain::{
    command::Command,
    id::{OpportunityId, SessionId, SignUpId},
    opportunity::{Gives, Session, SessionState},
    record::SignUp,
    sign_up::SignUpState,
    time::{DAY_MS, HOUR_MS, Millis, rfc3339},
};
use server::{clock, commands::due::order_of, publish};
use sqlx::Row;
use uuid::Uuid;

/// A member who asked for a place, and their sign-up.
async fn asked(site: &Site, session: SessionId) -> (Phone<'_>, SignUpId) {
    let mut phone = site.member().await;
    let (id, command) = a_request(session);
    assert_eq!(phone.does(&command).await, "applied");
    (phone, id)
}

/// What the phone knows of a sign-up that it has asked about from the start.
async fn knows(phone: &mut Phone<'_>, id: SignUpId) -> SignUp {
    phone.cursor = None;
    record(&phone.sync(&[]).await, id).expect("a sign-up of theirs")
}

async fn due(site: &Site, at: Millis) {
    site.app.writer.sessions_due(at).await.unwrap();
}

/// A session of one's own making.
async fn publishes(site: &Site, change: impl FnOnce(&mut Session)) -> SessionId {
    let (opportunity, id) = (OpportunityId(Uuid::now_v7()), SessionId(Uuid::now_v7()));
    let mut made = session(opportunity, Gives::FirstReceived, Some(1));
    change(&mut made);
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move {
            publish::opportunity(tx, opportunity, &an_opportunity()).await?;
            publish::session(tx, id, made).await
        })
    });
    write.await.expect("a session");
    id
}

#[tokio::test]
async fn an_offer_goes_along_to_the_third_person_and_whoever_said_nothing_waits_behind_all() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let (mut first, one) = asked(&site, session).await;
    let (mut second, two) = asked(&site, session).await;
    let (mut third, three) = asked(&site, session).await;
    let (mut fourth, four) = asked(&site, session).await;
    first.does(&Command::WithdrawSignUp(one)).await;
    let offered = knows(&mut second, two).await;
    assert_eq!(offered.state, SignUpState::Offered);
    let until = clock::instant(offered.offer_until.as_deref().unwrap()).unwrap();
    assert!((until - clock::now_ms() - 2 * DAY_MS).abs() < HOUR_MS);

    due(&site, until - 1).await;
    assert_eq!(knows(&mut second, two).await.state, SignUpState::Offered);
    due(&site, until).await;
    due(&site, until).await;
    let waits = knows(&mut second, two).await;
    assert_eq!(
        (waits.state, waits.position),
        (SignUpState::Waiting, Some(2))
    );
    assert_eq!(waits.offer_until, None);
    assert_eq!(knows(&mut third, three).await.state, SignUpState::Offered);
    assert_eq!(knows(&mut fourth, four).await.position, Some(1));

    // The yes that comes too late is told kindly and changes nothing; the one in time counts.
    assert_eq!(second.does(&Command::AcceptOffer(two)).await, "no_offer");
    assert_eq!(knows(&mut second, two).await.position, Some(2));
    assert_eq!(third.does(&Command::AcceptOffer(three)).await, "applied");
    assert_eq!(knows(&mut third, three).await.state, SignUpState::Confirmed);
    due(&site, until + 9 * DAY_MS).await;
    assert_eq!(knows(&mut third, three).await.state, SignUpState::Confirmed);
}

#[tokio::test]
async fn who_declines_is_out_and_the_place_goes_on_at_once() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let (mut first, one) = asked(&site, session).await;
    let (mut second, two) = asked(&site, session).await;
    let (mut third, three) = asked(&site, session).await;
    assert_eq!(second.does(&Command::DeclineOffer(two)).await, "no_offer");
    first.does(&Command::WithdrawSignUp(one)).await;
    assert_eq!(third.does(&Command::AcceptOffer(two)).await, "not_yours");
    assert_eq!(third.does(&Command::DeclineOffer(two)).await, "not_yours");
    assert_eq!(second.does(&Command::DeclineOffer(two)).await, "applied");
    assert_eq!(second.does(&Command::DeclineOffer(two)).await, "applied");
    assert_eq!(second.does(&Command::AcceptOffer(two)).await, "no_offer");
    assert_eq!(knows(&mut second, two).await.state, SignUpState::Withdrawn);
    assert_eq!(knows(&mut third, three).await.state, SignUpState::Offered);
}

#[tokio::test]
async fn a_yes_and_a_withdrawal_in_any_order_end_withdrawn() {
    let site = Site::new().await;
    for accept_first in [true, false] {
        let session = site.session(Gives::FirstReceived, Some(1)).await;
        let (mut first, one) = asked(&site, session).await;
        let (mut second, two) = asked(&site, session).await;
        first.does(&Command::WithdrawSignUp(one)).await;
        let mut commands = vec![
            wire(&Command::AcceptOffer(two)),
            wire(&Command::WithdrawSignUp(two)),
        ];
        if !accept_first {
            commands.reverse();
        }
        second.sync(&commands).await;
        assert_eq!(knows(&mut second, two).await.state, SignUpState::Withdrawn);
    }
}

#[tokio::test]
async fn a_place_freed_in_a_staff_session_waits_for_staff_who_may_hold_it_for_someone() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(1)).await;
    let (mut first, one) = asked(&site, session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let path = |id| format!("/staff/sign-ups/{id}");
    desk.post(&format!("{}/confirm", path(one)), "message=&step=send")
        .await;
    let (mut second, two) = asked(&site, session).await;
    first.does(&Command::WithdrawSignUp(one)).await;
    assert_eq!(knows(&mut second, two).await.state, SignUpState::Waiting);
    let opened = desk.read(&path(two)).await;
    assert!(opened.contains("Hold a place until"), "{opened}");
    let offer = format!("{}/offer", path(two));
    let preview = desk
        .post(&offer, "message=A+place+came+free&step=send")
        .await;
    assert_eq!(preview.status, 200);
    assert_eq!(
        knows(&mut second, two).await.state,
        SignUpState::Waiting,
        "only seen yet"
    );
    let sent = desk
        .post(&offer, "message=A+place+came+free&step=previewed")
        .await;
    assert!(sent.header("location").ends_with("done=offered"));
    assert!(
        desk.read(sent.header("location"))
            .await
            .contains("A place is held until")
    );
    let offered = knows(&mut second, two).await;
    assert_eq!(offered.state, SignUpState::Offered);
    assert_eq!(offered.message.as_deref(), Some("A place came free"));
    // They rang and said yes.
    desk.post(&format!("{}/confirm", path(two)), "message=&step=send")
        .await;
    let placed = knows(&mut second, two).await;
    assert_eq!(
        (placed.state, placed.offer_until),
        (SignUpState::Confirmed, None)
    );
}

#[tokio::test]
async fn a_ballot_is_drawn_once_at_its_time_by_a_seed_that_draws_it_again() {
    let site = Site::new().await;
    let at = clock::now_ms() + DAY_MS;
    let session = publishes(&site, |it| {
        it.gives = Gives::Ballot;
        it.places = Some(2);
        it.ballot_at = Some(rfc3339(at));
    })
    .await;
    let mut people = Vec::new();
    for _ in 0..5 {
        people.push(asked(&site, session).await);
    }
    for (phone, id) in &mut people {
        assert_eq!(knows(phone, *id).await.state, SignUpState::Received);
    }
    // Nobody is given a place before.
    let one_of_them = people[0].1;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let confirm = format!("/staff/sign-ups/{}/confirm", people[0].1);
    let done = desk.post(&confirm, "message=&step=send").await;
    assert!(done.header("location").ends_with("no_longer"));
    due(&site, at - 1).await;
    assert_eq!(
        knows(&mut people[0].0, one_of_them).await.state,
        SignUpState::Received
    );

    due(&site, at).await;
    let seed: String = sqlx::query("select ballot_seed from sessions where id = $1")
        .bind(session.to_string())
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap()
        .get(0);
    let order = order_of(&seed, people.iter().map(|(_, id)| *id).collect());
    for (phone, id) in &mut people {
        let stands = knows(phone, *id).await;
        let drawn = order.iter().position(|drawn| drawn == id).unwrap();
        let expected = match drawn {
            0 | 1 => (SignUpState::Confirmed, None),
            _ => (SignUpState::Waiting, u32::try_from(drawn - 1).ok()),
        };
        assert_eq!((stands.state, stands.position), expected);
    }
    // It is not drawn again, and who comes later stands behind.
    due(&site, at + DAY_MS).await;
    let (mut late, id) = asked(&site, session).await;
    assert_eq!(knows(&mut late, id).await.position, Some(4));
    let winner = people.iter_mut().find(|(_, id)| *id == order[0]).unwrap();
    winner.0.does(&Command::WithdrawSignUp(order[0])).await;
    let next = people.iter_mut().find(|(_, id)| *id == order[2]).unwrap();
    assert_eq!(
        knows(&mut next.0, order[2]).await.state,
        SignUpState::Offered
    );
}

#[tokio::test]
async fn a_session_that_is_over_has_happened_and_takes_nobody() {
    let site = Site::new().await;
    let starts = clock::now_ms() + HOUR_MS;
    let session = publishes(&site, |it| {
        it.starts_at = Some(rfc3339(starts));
        it.length_min = Some(30);
    })
    .await;
    let (mut first, one) = asked(&site, session).await;
    let (mut second, two) = asked(&site, session).await;
    let (mut third, three) = asked(&site, session).await;
    first.does(&Command::WithdrawSignUp(one)).await;
    let offered = knows(&mut second, two).await;
    assert_eq!(
        offered.offer_until,
        Some(rfc3339(starts)),
        "no offer outlasts the start"
    );
    due(&site, starts).await;
    assert_eq!(knows(&mut second, two).await.state, SignUpState::Waiting);
    assert_eq!(knows(&mut third, three).await.state, SignUpState::Waiting);

    due(&site, starts + HOUR_MS / 2 - 1).await;
    let told: Session = record(&Phone::new(&site).sync(&[]).await, session).unwrap();
    assert_eq!(told.state, SessionState::Scheduled);
    due(&site, starts + HOUR_MS / 2).await;
    let told: Session = record(&Phone::new(&site).sync(&[]).await, session).unwrap();
    assert_eq!(told.state, SessionState::Happened);
    let mut late = site.member().await;
    assert_eq!(late.does(&a_request(session).1).await, "session_closed");
}

#[tokio::test]
async fn a_session_of_an_older_version_happens_too() {
    let site = Site::new().await;
    let session = publishes(&site, |it| it.starts_at = Some(rfc3339(HOUR_MS))).await;
    let forget = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::query("update sessions set ends_at = null")
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    forget.await.unwrap();
    due(&site, 2 * HOUR_MS).await;
    let told: Session = record(&Phone::new(&site).sync(&[]).await, session).unwrap();
    assert_eq!(told.state, SessionState::Happened);
}
