//! `POST /api/sync`: pushing, pulling, and everything an envelope can be answered with.

use crate::site::{Phone, Site, record, said, wire, wire_as};
use app::{
    domain::{
        check_in::{CONSENT_VERSION, ShareCheckIn, Wants},
        command::Command,
        id::{CheckInId, CommandId, SessionId, SignUpId, TeamId},
        opportunity::Gives,
        record::SignUp,
        sign_up::{RequestSignUp, SignUpState},
    },
    flat_map::FlatMap,
    sync::wire::{ErrorBody, Outcome, ScopeSum},
};
use axum::body::Body;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::io::Write;
use uuid::Uuid;

pub fn a_request(session: SessionId) -> (SignUpId, Command) {
    let sign_up = SignUpId(Uuid::now_v7());
    let request = RequestSignUp {
        sign_up,
        session,
        contact: None,
        access_needs: Some("A quiet room".to_owned()),
        access_needs_consent: true,
        travel_first: false,
        note: Some("I'd like to help".to_owned()),
        agreement: None,
        thanks: None,
    };
    (sign_up, Command::RequestSignUp(request))
}

pub fn a_share(team: TeamId) -> (CheckInId, Command) {
    let check_in = CheckInId(Uuid::now_v7());
    let share = ShareCheckIn {
        check_in,
        team,
        feeling: None,
        note: Some("A hard week".to_owned()),
        wants: Wants::Call,
        contact: None,
        consent: CONSENT_VERSION,
    };
    (check_in, Command::ShareCheckIn(share))
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// The sums that a phone would make of all it was given from the start.
async fn own_sums(phone: &mut Phone<'_>) -> FlatMap<ScopeSum> {
    phone.cursor = None;
    let mut sums = FlatMap::<ScopeSum>::default();
    loop {
        let response = phone.sync(&[]).await;
        for change in response.changes.iter().filter(|change| !change.deleted) {
            let sum = sums.entry(&change.scope);
            sum.add(&change.kind, &change.id, change.seq);
        }
        if let Some(told) = response.sums {
            for scope in told.keys() {
                sums.entry(scope);
            }
            assert_eq!(sums, told);
            return sums;
        }
    }
}

#[tokio::test]
async fn a_phone_that_only_looks_around_reads_the_public_records() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let response = Phone::new(&site).sync(&[]).await;
    assert_eq!(response.changes.len(), 2);
    assert!(
        response
            .changes
            .iter()
            .any(|change| change.id == session.to_string())
    );
    assert_eq!(
        response.sums.unwrap().keys().collect::<Vec<_>>(),
        ["public"]
    );
}

#[tokio::test]
async fn commands_without_a_session_are_not_taken() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = Phone::new(&site);
    let (_, command) = a_request(session);
    let answer = phone.sync_refused(&[wire(&command)]).await;
    assert_eq!(answer, (401, "sign_in_required".to_owned()));
}

#[tokio::test]
async fn a_member_whose_session_is_lost_is_asked_to_renew_and_never_shown_the_public_scope_alone() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    phone.cookie = None;
    assert_eq!(phone.sync_refused(&[]).await.0, 401);
}

#[tokio::test]
async fn a_sign_up_is_applied_once_and_its_record_comes_back_with_the_answer() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let (sign_up, command) = a_request(session);
    let response = phone.sync(&[wire(&command)]).await;
    assert_eq!(response.outcomes[0].outcome, Outcome::Applied);
    let row: SignUp = record(&response, sign_up).unwrap();
    assert_eq!(
        (row.state, row.session),
        (SignUpState::Received, Some(session))
    );
    assert_eq!(row.note.as_deref(), Some("I'd like to help"));
    own_sums(&mut phone).await;
}

#[tokio::test]
async fn the_same_command_sent_again_has_its_stored_outcome_and_changes_nothing() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let mut phone = site.member().await;
    let command = wire(&a_request(session).1);
    let first = phone.sync(std::slice::from_ref(&command)).await;
    let again = phone.sync(&[command.clone(), command]).await;
    assert_eq!(
        again.outcomes,
        [first.outcomes[0].clone(), first.outcomes[0].clone()]
    );
    assert!(again.changes.is_empty());
}

#[tokio::test]
async fn an_id_with_another_body_is_refused_and_the_first_stands() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let id = CommandId(Uuid::now_v7());
    let (_, first) = a_request(session);
    let (other, second) = a_request(session);
    let response = phone
        .sync(&[wire_as(id, &first), wire_as(id, &second)])
        .await;
    assert_eq!(said(&response.outcomes[0]), "applied");
    assert_eq!(said(&response.outcomes[1]), "id_reused");
    assert!(record::<SignUp>(&response, other).is_none());
}

#[tokio::test]
async fn two_members_may_use_the_same_command_id() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (mut one, mut two) = (site.member().await, site.member().await);
    let id = CommandId(Uuid::now_v7());
    for phone in [&mut one, &mut two] {
        let response = phone.sync(&[wire_as(id, &a_request(session).1)]).await;
        assert_eq!(said(&response.outcomes[0]), "applied");
    }
}

#[tokio::test]
async fn a_bad_command_is_refused_alone_and_its_neighbours_are_applied() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let id = Uuid::now_v7();
    let mut no_time = wire(&a_request(session).1);
    no_time["made_at"] = json!("soon");
    let mut too_long = wire(&a_request(session).1);
    too_long["body"]["note"] = json!("x".repeat(4001));
    let commands = [
        json!({ "id": id, "kind": 3 }),
        json!("not even an object"),
        no_time,
        too_long,
        wire(&a_request(session).1),
    ];
    let response = phone.sync(&commands).await;
    let all: Vec<_> = response.outcomes.iter().map(said).collect();
    assert_eq!(
        all,
        [
            "malformed",
            "malformed",
            "malformed",
            "malformed",
            "applied"
        ]
    );
    assert_eq!(response.outcomes[0].id.unwrap().0, id);
    assert_eq!(response.outcomes[1].id, None);
}

#[tokio::test]
async fn an_unknown_kind_is_deferred_each_time_and_never_stored() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let id = CommandId(Uuid::now_v7());
    let mut unknown = wire_as(id, &a_request(session).1);
    unknown["kind"] = json!("hat.borrow");
    for _ in 0..2 {
        let response = phone.sync(std::slice::from_ref(&unknown)).await;
        assert_eq!(response.outcomes[0].outcome, Outcome::Deferred);
    }
    // A later server knows it: the id is still free.
    let response = phone.sync(&[wire_as(id, &a_request(session).1)]).await;
    assert_eq!(said(&response.outcomes[0]), "applied");
}

#[tokio::test]
async fn a_withdrawal_wins_in_either_order_and_leaves_no_content() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let mut phone = site.member().await;
    for request_first in [true, false] {
        let (sign_up, request) = a_request(session);
        let withdraw = wire(&Command::WithdrawSignUp(sign_up));
        let request = wire(&request);
        let pair = if request_first {
            [request, withdraw]
        } else {
            [withdraw, request]
        };
        let response = phone.sync(&pair).await;
        assert!(
            response
                .outcomes
                .iter()
                .all(|outcome| said(outcome) == "applied")
        );
        let row: SignUp = record(&response, sign_up).unwrap();
        assert_eq!((row.state, row.note), (SignUpState::Withdrawn, None));
    }
    own_sums(&mut phone).await;
    // The place is free again.
    let (sign_up, request) = a_request(session);
    let response = phone.sync(&[wire(&request)]).await;
    let row: SignUp = record(&response, sign_up).unwrap();
    assert_eq!(row.state, SignUpState::Confirmed);
}

#[tokio::test]
async fn what_one_withdraws_early_does_not_stop_another_member() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (mut one, mut two) = (site.member().await, site.member().await);
    let (sign_up, request) = a_request(session);
    assert_eq!(one.does(&Command::WithdrawSignUp(sign_up)).await, "applied");
    let response = two.sync(&[wire(&request)]).await;
    let row: SignUp = record(&response, sign_up).unwrap();
    assert_eq!(row.state, SignUpState::Received);
}

#[tokio::test]
async fn a_member_cannot_touch_what_belongs_to_another() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let session = site.session(Gives::Staff, None).await;
    let (mut one, mut two) = (site.joined("star1").await, site.joined("star1").await);
    let (sign_up, request) = a_request(session);
    let (check_in, share) = a_share(team);
    one.sync(&[wire(&request), wire(&share)]).await;
    assert_eq!(
        two.does(&Command::WithdrawSignUp(sign_up)).await,
        "not_yours"
    );
    assert_eq!(
        two.does(&Command::WithdrawCheckIn(check_in)).await,
        "not_yours"
    );
    assert_eq!(two.does(&request).await, "not_yours");
    assert_eq!(two.does(&share).await, "not_yours");
    two.cursor = None;
    let response = two.sync(&[]).await;
    assert!(
        response.changes.iter().all(|change| {
            change.id != sign_up.to_string() && change.id != check_in.to_string()
        })
    );
}

#[tokio::test]
async fn a_cursor_that_names_another_scope_reads_nothing_of_it() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (mut one, mut two) = (site.member().await, site.member().await);
    one.does(&a_request(session).1).await;
    two.cursor = Some(format!("member:{}=0", one.id()));
    let own = format!("member:{}", two.id());
    let response = two.sync(&[]).await;
    assert!(
        response
            .changes
            .iter()
            .all(|change| change.scope == "public" || change.scope == own)
    );
    let sums = response.sums.unwrap();
    assert!(!sums.contains_key(&format!("member:{}", one.id())));
}

#[tokio::test]
async fn a_check_in_is_shared_only_with_ones_own_team_and_after_agreeing() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let other = site.team("Lookout team", "LOOK-1").await;
    let mut phone = site.joined("STAR-1").await;
    assert_eq!(phone.team, Some(team));
    assert_eq!(phone.does(&a_share(other).1).await, "not_your_team");
    let (_, mut unticked) = a_share(team);
    if let Command::ShareCheckIn(share) = &mut unticked {
        share.consent = 0;
    }
    assert_eq!(phone.does(&unticked).await, "consent_needed");
    assert_eq!(phone.does(&a_share(team).1).await, "applied");
    assert_eq!(
        site.member().await.does(&a_share(team).1).await,
        "not_your_team"
    );
}

#[tokio::test]
async fn a_member_with_a_team_is_told_who_reads_what_they_share() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let response = site.joined("STAR-1").await.sync(&[]).await;
    let told: app::domain::team::Team = record(&response, team).unwrap();
    assert_eq!(told.name, "Harbour team");
}

#[tokio::test]
async fn a_long_feed_comes_in_pages_and_sums_come_with_the_last() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    for _ in 0..3 {
        let commands: Vec<Value> = (0..200).map(|_| wire(&a_share(team).1)).collect();
        phone.sync(&commands).await;
    }
    phone.cursor = None;
    let first = phone.sync(&[]).await;
    assert_eq!((first.changes.len(), first.more), (500, true));
    assert!(first.sums.is_none());
    let second = phone.sync(&[]).await;
    assert_eq!((second.changes.len(), second.more), (102, false));
    let sums = own_sums(&mut phone).await;
    assert_eq!(
        sums.get(&format!("member:{}", phone.id())).unwrap().count,
        602, // The team, the phone itself, and what was shared.
    );
}

#[tokio::test]
async fn a_sync_with_nothing_to_say_is_small() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    phone.sync(&[]).await;
    let envelope = phone.envelope(&[]);
    let answer = phone.post("/api/sync", &envelope).await;
    assert!(answer.body.len() < 1024, "{} bytes", answer.body.len());
}

#[tokio::test]
async fn a_broken_envelope_is_malformed_and_an_old_protocol_is_asked_to_update() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let mut envelope = phone.envelope(&[]);
    envelope["device"] = json!("no id");
    assert_eq!(
        phone.post("/api/sync", &envelope).await.code(),
        (400, "malformed".into())
    );
    envelope["protocol"] = json!(99);
    assert_eq!(
        phone.post("/api/sync", &envelope).await.code(),
        (426, "update_required".into())
    );
    phone.cursor = Some("from here".to_owned());
    assert_eq!(phone.sync_refused(&[]).await, (400, "malformed".into()));
}

#[tokio::test]
async fn a_request_over_a_limit_is_too_large() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let many: Vec<Value> = (0..201).map(|_| wire(&a_request(session).1)).collect();
    assert_eq!(phone.sync_refused(&many).await, (413, "too_large".into()));
    let mut long = phone.envelope(&[]);
    long["more"] = json!("x".repeat(256 * 1024));
    assert_eq!(
        phone.post("/api/sync", &long).await.code(),
        (413, "too_large".into())
    );
}

#[tokio::test]
async fn gzip_is_read_and_a_bomb_is_not_unpacked() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let envelope = phone.envelope(&[wire(&a_request(session).1)]).to_string();
    let packed = |phone: &Phone<'_>, body: Vec<u8>| {
        let request = phone
            .request("/api/sync")
            .header("content-encoding", "gzip");
        request.body(Body::from(body)).unwrap()
    };
    let request = packed(&phone, gzip(envelope.as_bytes()));
    assert_eq!(phone.send(request).await.status, 200);
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 300 * 1024, "{}", bomb.len());
    let request = packed(&phone, bomb[..].to_vec());
    assert_eq!(phone.send(request).await.code(), (413, "too_large".into()));
    let request = packed(&phone, b"not gzip".to_vec());
    assert_eq!(phone.send(request).await.code(), (400, "malformed".into()));
}

#[tokio::test]
async fn what_is_not_json_or_packed_in_another_way_is_not_read() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let request = phone.request("/api/sync").header("content-encoding", "br");
    let request = request.body(Body::from("{}")).unwrap();
    assert_eq!(phone.send(request).await.status, 415);
    let mut request = phone.request("/api/sync").body(Body::from("{}")).unwrap();
    let plain = "text/plain".parse().unwrap();
    request.headers_mut().insert("content-type", plain);
    assert_eq!(phone.send(request).await.status, 415);
}

#[tokio::test]
async fn answers_are_packed_when_the_browser_reads_it() {
    let site = Site::new().await;
    for _ in 0..5 {
        site.session(Gives::Staff, None).await;
    }
    let mut phone = site.member().await;
    let body = phone.envelope(&[]).to_string();
    let request = phone
        .request("/api/sync")
        .header("accept-encoding", "gzip, br");
    let answer = phone.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.header("content-encoding"), "br");
}

#[tokio::test]
async fn someone_elses_cookie_gets_nothing_and_sends_nothing() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (mut one, two) = (site.member().await, site.member().await);
    one.cookie = two.cookie.clone();
    let (sign_up, command) = a_request(session);
    let answer = one.sync_refused(&[wire(&command)]).await;
    assert_eq!(answer, (409, "other_member".into()));
    let mut two = two;
    assert!(record::<SignUp>(&two.sync(&[]).await, sign_up).is_none());
}

#[tokio::test]
async fn a_session_belongs_to_the_device_of_its_first_sync() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    phone.sync(&[]).await;
    let mut other = phone.clone();
    other.device = Phone::new(&site).device;
    assert_eq!(
        other.sync_refused(&[]).await,
        (401, "sign_in_required".into())
    );
    phone.sync(&[]).await;
}

#[tokio::test]
async fn a_revoked_device_is_told_so_by_its_id_and_another_phone_goes_on() {
    let site = Site::new().await;
    let mut lost = site.member().await;
    lost.sync(&[]).await;
    let mut kept = lost.second().await;
    lost.is_revoked().await;
    let envelope = lost.envelope(&[]);
    let answer = lost.post("/api/sync", &envelope).await;
    assert_eq!(answer.code(), (403, "device_revoked".into()));
    assert_eq!(answer.json::<ErrorBody>().device, Some(lost.device));
    kept.sync(&[]).await;
}

/// Or it would be told for ever of a device that it is not, and never come back.
#[tokio::test]
async fn another_device_with_the_cookie_of_a_revoked_one_has_to_come_back_by_itself() {
    let site = Site::new().await;
    let mut lost = site.member().await;
    lost.sync(&[]).await;
    let mut kept = lost.second().await;
    lost.is_revoked().await;
    kept.cookie = lost.cookie.clone();
    assert_eq!(
        kept.sync_refused(&[]).await,
        (401, "sign_in_required".into())
    );
    assert_eq!(kept.comes_back().await.status, 204);
    kept.sync(&[]).await;
}
