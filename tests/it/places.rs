//! Places: who gets one, who waits, and what phones are told about room.

use crate::{
    site::{Phone, Site, record, wire},
    sync::a_request,
};
use app::domain::{
    command::Command,
    id::{SessionId, SignUpId},
    opportunity::{Gives, Room, Session},
    record::SignUp,
    sign_up::SignUpState,
};

/// Asks for a place; says under which id, and how that stands.
async fn asks(phone: &mut Phone<'_>, session: SessionId) -> (SignUpId, SignUpState, Option<u32>) {
    let (id, command) = a_request(session);
    let response = phone.sync(&[wire(&command)]).await;
    let row: SignUp = record(&response, id).unwrap();
    (id, row.state, row.position)
}

/// How a sign-up stands, by the newest record that reached the phone since it looked last.
async fn stands(phone: &mut Phone<'_>, id: SignUpId) -> Option<(SignUpState, Option<u32>)> {
    let row: Option<SignUp> = record(&phone.sync(&[]).await, id);
    row.map(|row| (row.state, row.position))
}

async fn room(site: &Site, session: SessionId) -> Room {
    let response = Phone::new(site).sync(&[]).await;
    record::<Session>(&response, session).unwrap().room
}

#[tokio::test]
async fn the_first_to_be_received_get_the_places_and_the_others_wait_in_order() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let mut phones = [
        site.member().await,
        site.member().await,
        site.member().await,
    ];
    let mut all = Vec::new();
    for phone in &mut phones {
        let (_, state, position) = asks(phone, session).await;
        all.push((state, position));
    }
    assert_eq!(
        all,
        [
            (SignUpState::Confirmed, None),
            (SignUpState::Waiting, Some(1)),
            (SignUpState::Waiting, Some(2)),
        ]
    );
}

#[tokio::test]
async fn a_freed_place_is_held_for_the_first_who_waits_and_the_others_move_up() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let (mut one, mut two, mut three) = (
        site.member().await,
        site.member().await,
        site.member().await,
    );
    let (first, ..) = asks(&mut one, session).await;
    let (second, ..) = asks(&mut two, session).await;
    let (third, ..) = asks(&mut three, session).await;
    assert_eq!(one.does(&Command::WithdrawSignUp(first)).await, "applied");
    assert_eq!(
        stands(&mut two, second).await,
        Some((SignUpState::Offered, None)),
        "the place is held for them"
    );
    assert_eq!(
        stands(&mut three, third).await,
        Some((SignUpState::Waiting, Some(1)))
    );
    // The one who left may ask again, and stands behind those who wait.
    let (_, state, position) = asks(&mut one, session).await;
    assert_eq!((state, position), (SignUpState::Waiting, Some(2)));
}

#[tokio::test]
async fn one_who_leaves_the_waiting_list_moves_those_behind_and_nobody_else() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let (mut one, mut two, mut three) = (
        site.member().await,
        site.member().await,
        site.member().await,
    );
    let (first, ..) = asks(&mut one, session).await;
    let (second, ..) = asks(&mut two, session).await;
    let (third, ..) = asks(&mut three, session).await;
    two.does(&Command::WithdrawSignUp(second)).await;
    assert_eq!(
        stands(&mut three, third).await,
        Some((SignUpState::Waiting, Some(1)))
    );
    assert_eq!(stands(&mut one, first).await, None);
}

#[tokio::test]
async fn many_who_ask_at_once_never_get_more_places_than_there_are() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(5)).await;
    let mut phones = Vec::new();
    for _ in 0..20 {
        phones.push(site.member().await);
    }
    let ask = phones.iter_mut().map(|phone| asks(phone, session));
    let answers = futures_util::future::join_all(ask).await;
    let confirmed = answers
        .iter()
        .filter(|(_, state, _)| *state == SignUpState::Confirmed);
    assert_eq!(confirmed.count(), 5);
    let mut positions: Vec<u32> = answers
        .iter()
        .filter_map(|(.., position)| *position)
        .collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=15).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_person_has_one_sign_up_that_stands_for_a_session() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let (first, ..) = asks(&mut phone, session).await;
    assert_eq!(phone.does(&a_request(session).1).await, "already_signed_up");
    let (second, again) = a_request(session);
    let response = phone
        .sync(&[wire(&Command::WithdrawSignUp(first)), wire(&again)])
        .await;
    let row: SignUp = record(&response, second).unwrap();
    assert_eq!(row.state, SignUpState::Received);
}

#[tokio::test]
async fn room_is_told_without_numbers_and_only_when_it_changes() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(5)).await;
    assert_eq!(room(&site, session).await, Room::Plenty);
    let mut looks = Phone::new(&site);
    looks.sync(&[]).await;
    let mut told = Vec::new();
    let mut ids = Vec::new();
    for _ in 0..5 {
        let mut phone = site.member().await;
        let (id, ..) = asks(&mut phone, session).await;
        ids.push((phone, id));
        let news = looks.sync(&[]).await;
        told.push(record::<Session>(&news, session).map(|session| session.room));
    }
    assert_eq!(
        told,
        [None, Some(Room::Few), None, None, Some(Room::WaitingList)]
    );
    let (mut phone, id) = ids.remove(0);
    phone.does(&Command::WithdrawSignUp(id)).await;
    assert_eq!(room(&site, session).await, Room::Few);
}

#[tokio::test]
async fn a_session_that_is_not_there_takes_nobody() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let (_, request) = a_request(SessionId(uuid::Uuid::now_v7()));
    assert_eq!(phone.does(&request).await, "no_such_session");
    let session = site.session(Gives::Staff, None).await;
    let (sign_up, _) = a_request(session);
    assert_eq!(phone.does(&Command::AcceptOffer(sign_up)).await, "no_offer");
}
