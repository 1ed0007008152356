//! Deleting what was shared, and leaving Chorus: what goes, what stays, and every door that is shut.

mod sqlite;

use crate::{
    desk::{at_the_desk, hire, signed_in},
    site::{Phone, Site, record, said, wire, wire_as},
    sync::{a_request, a_share},
    taken_back::gone,
};
use app::{
    domain::{
        check_in::{AnswerBack, CheckInState},
        command::Command,
        contact::{Contact, ContactBy},
        id::{CheckInId, CommandId, SignUpId, StaffId},
        opportunity::Gives,
        pair_code::PairCode,
        record::{CheckIn, SignUp},
        sign_up::SignUpState,
    },
    sync::wire::{ErrorBody, JoinResponse},
};
use serde_json::json;
use server::{
    commands::{care::CareAction, staff::StaffAction},
    db::staff::Role,
    retention, verify,
};
use sqlx::Row;
use uuid::Uuid;

const SECRET: &str = "Quince";

/// A member who has shared all that can be shared, with [`SECRET`] in every word of it, and what staff
/// wrote about it.
struct Sharer<'a> {
    phone: Phone<'a>,
    check_in: CheckInId,
    confirmed: SignUpId,
    cancelled: SignUpId,
}

impl<'a> Sharer<'a> {
    async fn on(site: &'a Site) -> Self {
        let team = site.team("Harbour team", "STAR-1").await;
        let (first, second) = (
            site.session(Gives::FirstReceived, Some(1)).await,
            site.session(Gives::Staff, None).await,
        );
        let staff = site.staff("Priya", &[team]).await;
        let mut phone = Phone::new(site);
        let body = json!({ "code": "STAR-1", "name": format!("{SECRET} Sam") });
        let joined: JoinResponse = phone.post("/api/join", &body).await.json();
        phone.member = Some(joined.member);
        phone.return_key = joined.return_key.unwrap();
        phone.team = joined.team;
        let contact = || {
            Some(Contact {
                by: ContactBy::Worker,
                value: format!("{SECRET}'s worker"),
                safe_to_leave_message: false,
            })
        };
        let (check_in, mut share) = a_share(team);
        if let Command::ShareCheckIn(share) = &mut share {
            share.note = Some(format!("{SECRET} slept"));
            share.contact = contact();
        }
        phone.does(&share).await;
        let answer = Command::AnswerBack(AnswerBack {
            check_in,
            message: Uuid::now_v7(),
            words: format!("{SECRET} answers"),
        });
        let mut sign_ups = Vec::new();
        for session in [first, second] {
            let (id, mut request) = a_request(session);
            if let Command::RequestSignUp(request) = &mut request {
                request.note = Some(format!("{SECRET} would like"));
                request.access_needs = Some(format!("{SECRET} needs"));
                request.contact = contact();
            }
            assert_eq!(phone.does(&request).await, "applied");
            sign_ups.push(id);
        }
        staff_write(site, staff, check_in, &sign_ups).await;
        assert_eq!(phone.does(&answer).await, "applied");
        Self {
            phone,
            check_in,
            confirmed: sign_ups[0],
            cancelled: sign_ups[1],
        }
    }

    fn leaves(&self) -> Command {
        Command::Leave(self.phone.id())
    }
}

/// What staff write about it: a reply, a note on each sign-up, and why the second is cancelled.
async fn staff_write(site: &Site, staff: StaffId, check_in: CheckInId, sign_ups: &[SignUpId]) {
    let reply = StaffAction::Care(
        check_in,
        CareAction::Reply {
            message: Uuid::now_v7(),
            text: format!("Dear {SECRET}"),
        },
    );
    let note = StaffAction::Note {
        sign_up: sign_ups[0],
        note: Some(format!("{SECRET} is shy")),
    };
    let cancel = StaffAction::Cancel {
        sign_up: sign_ups[1],
        message: format!("Sorry, {SECRET}"),
    };
    let noted = StaffAction::Note {
        sign_up: sign_ups[1],
        note: Some(format!("{SECRET} rang")),
    };
    for action in [reply, note, noted, cancel] {
        site.app.writer.staff(staff, action).await.unwrap();
    }
}

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

async fn count(site: &Site, sql: &'static str) -> i64 {
    let row = sqlx::query(sql).fetch_one(&site.app.db.pool).await;
    row.unwrap().get(0)
}

#[tokio::test]
async fn no_word_of_what_was_deleted_is_in_any_file_of_the_database() {
    let site = Site::new().await;
    let Sharer {
        mut phone,
        check_in,
        confirmed,
        cancelled,
    } = Sharer::on(&site).await;
    let all = [
        wire(&Command::WithdrawCheckIn(check_in)),
        wire(&Command::WithdrawSignUp(confirmed)),
        wire(&Command::WithdrawSignUp(cancelled)),
    ];
    let response = phone.sync(&all).await;
    for outcome in &response.outcomes {
        assert_eq!(said(outcome), "applied");
    }
    for id in [confirmed, cancelled] {
        let mut mark = SignUp::mark();
        let left = record::<SignUp>(&response, id).unwrap();
        (mark.session, mark.received_at) = (left.session, left.received_at.clone());
        mark.made_at = left.made_at.clone();
        assert_eq!(left, mark);
    }
    // Their name is theirs for as long as they are here.
    for words in [
        "Quince slept",
        "Quince answers",
        "Quince's worker",
        "Dear Quince",
    ] {
        gone(&site, words).await;
    }
    for words in [
        "Quince would",
        "Quince needs",
        "Quince is shy",
        "Quince rang",
        "Sorry, Quince",
    ] {
        gone(&site, words).await;
    }
    is_sound(&site).await;
}

#[tokio::test]
async fn an_answer_that_was_taken_back_and_what_has_expired_are_soon_in_no_file() {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let (check_in, share) = a_share(team);
    phone.does(&share).await;
    let message = Uuid::now_v7();
    let words = "Quince answers".to_owned();
    phone
        .does(&Command::AnswerBack(AnswerBack {
            check_in,
            message,
            words,
        }))
        .await;
    let gone_answer = app::domain::check_in::WithdrawAnswer { check_in, message };
    phone.does(&Command::WithdrawAnswer(gone_answer)).await;
    gone(&site, "Quince answers").await;

    let ages = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::raw_sql("update check_ins set state = 'closed', received_at = 1")
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    ages.await.unwrap();
    retention::expire(&site.app).await.unwrap();
    gone(&site, "A hard week").await;
}

#[tokio::test]
async fn who_leaves_leaves_no_word_and_no_name_and_their_place_goes_on() {
    let site = Site::new().await;
    let mut sharer = Sharer::on(&site).await;
    let session = record::<SignUp>(
        &{
            sharer.phone.cursor = None;
            sharer.phone.sync(&[]).await
        },
        sharer.confirmed,
    );
    let session = session.unwrap().session.unwrap();
    let mut next = site.member().await;
    let (waits, request) = a_request(session);
    next.does(&request).await;
    let phones = format!(
        "insert into phone_requests (id, at, staff, member, action, how, words) \
        select 'r', 1, id, '{}', 'member.new_phone', 'other', 'Quince came by' from staff",
        sharer.phone.id()
    );
    let asked = site.app.writer.run(move |tx| {
        Box::pin(async move {
            sqlx::raw_sql(sqlx::AssertSqlSafe(phones))
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    asked.await.unwrap();

    let leaves = sharer.leaves();
    assert_eq!(sharer.phone.does(&leaves).await, "applied");
    gone(&site, SECRET).await;
    let response = next.sync(&[]).await;
    assert_eq!(
        record::<SignUp>(&response, waits).unwrap().state,
        SignUpState::Offered
    );
    for table in [
        "select count(*) from pair_codes",
        "select count(*) from phone_requests",
        "select count(*) from devices d join members m on m.id = d.member \
         where m.left_at is not null and (d.name is not null or d.last_day is not null)",
        "select count(*) from audit where action = 'member.leave' and kind = 'member'",
    ] {
        let expected = i64::from(table.contains("audit"));
        assert_eq!(count(&site, table).await, expected, "{table}");
    }
    is_sound(&site).await;
}

#[tokio::test]
async fn a_retry_of_leaving_is_told_to_clear_itself_and_no_door_opens_any_more() {
    let site = Site::new().await;
    let mut sharer = Sharer::on(&site).await;
    let open: PairCode = sharer.phone.post("/api/pair", &json!({})).await.json();
    let mut second = sharer.phone.second().await;
    let open_too: PairCode = second.post("/api/pair", &json!({})).await.json();
    let command = wire_as(CommandId(Uuid::now_v7()), &sharer.leaves());
    let lost = sharer.phone.clone();
    sharer.phone.sync(std::slice::from_ref(&command)).await;

    for mut phone in [lost, second] {
        let envelope = phone.envelope(std::slice::from_ref(&command));
        // Its session has ended; its return key says who calls.
        assert_eq!(phone.post("/api/sync", &envelope).await.status, 401);
        let told = phone.comes_back().await;
        let body: ErrorBody = told.json();
        assert_eq!(told.status, 403);
        assert_eq!(body.code, "device_revoked");
        assert_eq!(body.device, Some(phone.device));
        assert_eq!(phone.comes_back_unnamed().await.code().0, 401);
        assert_eq!(phone.post("/api/return-key", &json!({})).await.status, 401);
        assert_eq!(phone.post("/api/pair", &json!({})).await.status, 401);
    }
    for code in [open.code, open_too.code] {
        let body = json!({ "code": code, "device": Uuid::now_v7() });
        let answer = Phone::new(&site).post("/api/join", &body).await;
        assert_eq!(answer.code(), (422, "unknown_code".to_owned()));
    }
    let was = json!({ "member": sharer.phone.member, "return_key": sharer.phone.return_key });
    let body = json!({ "code": "STAR-1", "was": was });
    let again: JoinResponse = Phone::new(&site).post("/api/join", &body).await.json();
    assert_ne!(
        Some(again.member),
        sharer.phone.member,
        "they come as someone new"
    );
    is_sound(&site).await;
}

/// A session that lived on, in a request that was under way, opens nothing either.
#[tokio::test]
async fn a_session_that_outlived_its_member_is_nobodys_and_its_phone_is_told() {
    let site = Site::new().await;
    let mut sharer = Sharer::on(&site).await;
    let sessions = "create table kept as select * from web_sessions";
    let run = async |sql: &'static str| {
        let work = site.app.writer.run(move |tx| {
            Box::pin(async move {
                sqlx::raw_sql(sql).execute(tx).await?;
                Ok(())
            })
        });
        work.await.unwrap();
    };
    run(sessions).await;
    let leaves = sharer.leaves();
    sharer.phone.does(&leaves).await;
    run(
        "insert into web_sessions select * from kept where id not in (select id from web_sessions)",
    )
    .await;
    let phone = &mut sharer.phone;
    let told = phone.sync_refused(&[]).await;
    assert_eq!(told, (403, "device_revoked".to_owned()));
    assert_eq!(phone.post("/api/pair", &json!({})).await.status, 401);
    let body = json!({ "code": "STAR-1", "name": null });
    let joined: JoinResponse = phone.post("/api/join", &body).await.json();
    assert_ne!(Some(joined.member), phone.member);
}

#[tokio::test]
async fn nobody_leaves_for_another_and_staff_cannot() {
    let site = Site::new().await;
    let sharer = Sharer::on(&site).await;
    let mut other = site.member().await;
    assert_eq!(other.does(&sharer.leaves()).await, "not_yours");
    let mut stranger = Phone::new(&site);
    let refused = stranger.sync_refused(&[wire(&sharer.leaves())]).await;
    assert_eq!(refused, (401, "sign_in_required".to_owned()));
    hire(&site, "admin", Role::Admin, &[]).await;
    let mut desk = signed_in(&site, "admin").await;
    stranger.cookie.clone_from(&desk.cookie);
    stranger.member = sharer.phone.member;
    assert_eq!(
        stranger.sync_refused(&[wire(&sharer.leaves())]).await.0,
        401
    );
    let path = format!("/staff/people/{}/leave", sharer.phone.id());
    assert_eq!(desk.post(&path, "").await.status, 404);
    assert_eq!(
        count(
            &site,
            "select count(*) from members where left_at is not null"
        )
        .await,
        0
    );
}

#[tokio::test]
async fn what_arrives_after_leaving_is_refused_in_words_and_revives_nobody() {
    let site = Site::new().await;
    let mut sharer = Sharer::on(&site).await;
    let team = sharer.phone.team.unwrap();
    let (late, share) = a_share(team);
    // In one request: the order is what counts, and what came before is taken back as well.
    let (early, first) = a_share(team);
    let commands = [
        wire(&first),
        wire(&sharer.leaves()),
        wire(&share),
        wire(&sharer.leaves()),
    ];
    let response = sharer.phone.sync(&commands).await;
    let said: Vec<_> = response.outcomes.iter().map(said).collect();
    assert_eq!(said, ["applied", "applied", "left", "applied"]);
    let reason = response.outcomes[2].reason.as_ref().unwrap();
    assert_eq!(
        reason.message,
        "You have left Chorus, so this was not sent."
    );
    assert_eq!(
        record::<CheckIn>(&response, early).unwrap().state,
        CheckInState::Withdrawn
    );
    assert!(record::<CheckIn>(&response, late).is_none());
    assert_eq!(
        count(
            &site,
            "select count(*) from audit where action = 'member.leave'"
        )
        .await,
        1
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn the_desk_says_someone_who_left_and_can_do_nothing_for_them() {
    let site = Site::new().await;
    let mut sharer = Sharer::on(&site).await;
    hire(&site, "admin", Role::Admin, &[]).await;
    let mut admin = signed_in(&site, "admin").await;
    let team = sharer.phone.team.unwrap();
    let mut desk = at_the_desk(&site, "kim", &[team]).await;
    let id = sharer.phone.id();
    let person = format!("/staff/people/{id}");
    assert!(admin.read("/staff/people").await.contains("Quince Sam"));
    let leaves = sharer.leaves();
    sharer.phone.does(&leaves).await;
    for desk in [&mut admin, &mut desk] {
        assert!(!desk.read("/staff/people").await.contains(&id.to_string()));
        assert_eq!(desk.open(&person).await.status, 404);
        let new_phone = format!("{person}/new-phone");
        let code = desk.post(&new_phone, "how=in_person").await;
        assert_eq!(code.status, 404);
        let sign_up = desk
            .read(&format!("/staff/sign-ups/{}", sharer.confirmed))
            .await;
        assert!(sign_up.contains("Someone who left"), "{sign_up}");
    }
    let lost = format!("{person}/lost/{}", sharer.phone.device);
    let form = "how=in_person&asked_by=Sam&asked_when=now";
    assert_eq!(desk.post(&lost, form).await.status, 404);
    let note = StaffAction::Note {
        sign_up: sharer.confirmed,
        note: Some("Quince again".to_owned()),
    };
    let kim = site.staff("Lee", &[team]).await;
    site.app.writer.staff(kim, note).await.unwrap();
    gone(&site, SECRET).await;
    let log = admin.read("/staff/audit").await;
    assert!(log.contains("Left Chorus") && log.contains("The person themselves"));
    is_sound(&site).await;
}

#[tokio::test]
async fn a_safety_record_outlasts_its_member_leaving() {
    let site = Site::new().await;
    let mut sharer = Sharer::on(&site).await;
    let worry = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::raw_sql(
                "insert into safety_entries \
                 (id, record, at, staff, staff_name, about_kind, about, member_name, worry) \
                 select 'e', 'e', 1, 's', 'S', 'check_in', id, 'Sam', 'a worry' from check_ins",
            )
            .execute(tx)
            .await?;
            Ok(())
        })
    });
    worry.await.unwrap();
    let leaves = sharer.leaves();
    sharer.phone.does(&leaves).await;
    let kept =
        "select count(*) from safety_entries where worry = 'a worry' and member_name = 'Sam'";
    assert_eq!(count(&site, kept).await, 1);
}

/// A form without script is of the same session, and as shut.
#[tokio::test]
async fn a_plain_form_of_someone_who_left_shares_nothing() {
    let site = Site::new().await;
    let mut sharer = Sharer::on(&site).await;
    let leaves = sharer.leaves();
    sharer.phone.does(&leaves).await;
    let request = axum::http::Request::post("/check-in")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", sharer.phone.cookie.clone().unwrap())
        .header("content-type", "application/x-www-form-urlencoded");
    let form = format!("form_id={}&consent=1&note=Quince", Uuid::now_v7());
    let answer = site.send(request.body(form.into()).unwrap()).await;
    assert_eq!(answer.status, 401);
    let sql = "select count(*) from check_ins where state <> 'withdrawn'";
    assert_eq!(count(&site, sql).await, 0);
}
