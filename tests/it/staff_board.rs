//! The board of sign-ups: its lists, names, many at once, registers and files.

use crate::{
    desk::{Desk, at_the_desk, escape, page},
    site::{Phone, Site, record},
    staff_two_step::goes_stale,
    sync::a_request,
};
use app::domain::{
    command::Command,
    id::{SessionId, SignUpId},
    opportunity::Gives,
    record::SignUp,
    sign_up::{RequestSignUp, SignUpState},
};
use serde_json::json;

/// Someone who asked for a place, with a change to what they asked.
async fn asks<'a>(
    site: &'a Site,
    name: &str,
    session: SessionId,
    change: impl FnOnce(&mut RequestSignUp),
) -> (Phone<'a>, SignUpId) {
    let mut phone = site.named(name).await;
    let (id, command) = a_request(session);
    let Command::RequestSignUp(mut request) = command else {
        unreachable!("a_request makes a request");
    };
    change(&mut request);
    let applied = phone.does(&Command::RequestSignUp(request)).await;
    assert_eq!(applied, "applied");
    (phone, id)
}

async fn asked<'a>(site: &'a Site, name: &str, session: SessionId) -> (Phone<'a>, SignUpId) {
    asks(site, name, session, |_| {}).await
}

async fn state(phone: &mut Phone<'_>, id: SignUpId) -> SignUpState {
    phone.cursor = None;
    record::<SignUp>(&phone.sync(&[]).await, id).unwrap().state
}

/// Does one thing with many, and reads the board that it leads to.
async fn many(desk: &mut Desk<'_>, what: &str, ids: &[SignUpId], more: &str) -> String {
    let answer = desk
        .post("/staff/sign-ups/many", &form(what, ids, more))
        .await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    desk.read(answer.header("location")).await
}

fn form(what: &str, ids: &[SignUpId], more: &str) -> String {
    let ids: String = ids.iter().map(|id| format!("&sign_up={id}")).collect();
    format!("do={what}{ids}{more}")
}

fn has(board: &str, id: SignUpId) -> bool {
    board.contains(&format!("href=\"/staff/sign-ups/{id}\""))
}

#[tokio::test]
async fn each_list_has_its_own_and_a_session_only_its_own() {
    let site = Site::new().await;
    let one = site.session(Gives::FirstReceived, Some(1)).await;
    let other = site.session(Gives::Staff, None).await;
    let (_, placed) = asked(&site, "Femi", one).await;
    let (_, waits) = asked(&site, "Ada", one).await;
    let (mut bo, over) = asked(&site, "Bo", one).await;
    bo.does(&Command::WithdrawSignUp(over)).await;
    let (_, elsewhere) = asked(&site, "Cy", other).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    for (show, id) in [("placed", placed), ("waiting", waits), ("over", over)] {
        let board = desk.read(&format!("/staff/sign-ups?show={show}")).await;
        for any in [placed, waits, over, elsewhere] {
            assert_eq!(has(&board, any), any == id, "{show}");
        }
    }
    let all = desk
        .read(&format!("/staff/sign-ups?show=all&session={one}"))
        .await;
    assert!(has(&all, placed) && has(&all, over) && !has(&all, elsewhere));
    assert!(
        all.contains("Waiting list <span class=\"count\">1</span>"),
        "{all}"
    );
    assert!(all.contains(&format!("/staff/sessions/{one}/register")));
    // A session that is not there narrows nothing.
    let none = uuid::Uuid::now_v7();
    let all = desk
        .read(&format!("/staff/sign-ups?show=all&session={none}"))
        .await;
    assert!(has(&all, elsewhere));
}

#[tokio::test]
async fn a_name_is_found_by_the_beginning_of_any_of_its_words() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (mut phone, femi) = asked(&site, "Femi van der Berg", session).await;
    let (_, elodie) = asked(&site, "Élodie-Jane", session).await;
    let (_, quoted) = asked(&site, "\"Bo\\ [x]", session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    for (typed, found) in [
        ("femi", vec![femi]),
        ("BER", vec![femi]),
        ("femi ber", vec![femi]),
        ("emi", vec![]),
        ("élo", vec![elodie]),
        ("jane", vec![elodie]),
        ("\"bo\\", vec![quoted]),
        ("femi jane", vec![]),
        ("%", vec![]),
    ] {
        let board = desk
            .read(&format!("/staff/sign-ups?name={}", escape(typed)))
            .await;
        for id in [femi, elodie, quoted] {
            assert_eq!(has(&board, id), found.contains(&id), "{typed}");
        }
    }
    // Who left is not found by what they were called.
    let leave = Command::Leave(phone.id());
    assert_eq!(phone.does(&leave).await, "applied");
    assert!(!has(&desk.read("/staff/sign-ups?name=femi").await, femi));
    let words: i64 = sqlx::query_scalar("select count(*) from member_words where word = 'femi'")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(words, 0);
}

#[tokio::test]
async fn many_are_given_places_and_the_board_says_what_became_of_each() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(2)).await;
    let (mut one, first) = asked(&site, "Femi", session).await;
    let (mut two, second) = asked(&site, "Ada", session).await;
    let (mut three, third) = asked(&site, "Bo", session).await;
    let (mut four, fourth) = asked(&site, "Cy", session).await;
    four.does(&Command::WithdrawSignUp(fourth)).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let unknown = SignUpId(uuid::Uuid::now_v7());
    let said = many(
        &mut desk,
        "give",
        &[first, second, third, fourth, unknown],
        "&show=all",
    )
    .await;
    assert!(said.contains("Done: 2."), "{said}");
    assert!(said.contains("on the waiting list: 1."), "{said}");
    assert!(said.contains("no place for it: 2."), "{said}");
    for (phone, id, stands) in [
        (&mut one, first, SignUpState::Confirmed),
        (&mut two, second, SignUpState::Confirmed),
        (&mut three, third, SignUpState::Waiting),
        (&mut four, fourth, SignUpState::Withdrawn),
    ] {
        assert_eq!(state(phone, id).await, stands);
    }
    let nobody = many(&mut desk, "give", &[], "").await;
    assert!(nobody.contains("Choose someone first."));
}

#[tokio::test]
async fn everyone_on_the_page_is_who_was_on_it() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (mut one, first) = asked(&site, "Femi", session).await;
    let (mut two, second) = asked(&site, "Ada", session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let form = format!("do=hold&all=1&sign_up={first}&on_page={first}&on_page={second}");
    let answer = desk.post("/staff/sign-ups/many", &form).await;
    assert!(answer.header("location").contains("done=2"));
    assert_eq!(state(&mut one, first).await, SignUpState::Offered);
    assert_eq!(state(&mut two, second).await, SignUpState::Offered);
}

#[tokio::test]
async fn two_came_and_are_thanked_with_words_seen_first() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, None).await;
    let (mut one, first) = asked(&site, "Femi", session).await;
    let (mut two, second) = asked(&site, "Ada", session).await;
    let ids = [first, second];
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    many(
        &mut desk,
        "came",
        &ids,
        &format!("&show=placed&session={session}"),
    )
    .await;
    let path = "/staff/sign-ups/many";
    let ask = desk.post(path, &form("thank", &ids, "")).await;
    assert!(page(&ask).contains("Thank these people: 2"));
    let words = "&message=You+helped.&step=send";
    let preview = desk.post(path, &form("thank", &ids, words)).await;
    assert!(page(&preview).contains("“You helped.”"));
    assert_eq!(
        state(&mut one, first).await,
        SignUpState::Attended,
        "not yet"
    );
    let said = many(
        &mut desk,
        "thank",
        &ids,
        "&message=You+helped.&step=previewed",
    )
    .await;
    assert!(said.contains("Done: 2."), "{said}");
    assert_eq!(state(&mut one, first).await, SignUpState::Thanked);
    assert_eq!(state(&mut two, second).await, SignUpState::Thanked);
}

#[tokio::test]
async fn thanking_many_leaves_what_was_noted_as_paid() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, None).await;
    let (_, id) = asked(&site, "Femi", session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    many(&mut desk, "came", &[id], "").await;
    let one = format!("/staff/sign-ups/{id}");
    desk.post(&format!("{one}/thank"), "travel=4.50&payment=20&step=send")
        .await;
    many(&mut desk, "thank", &[id], "&message=&step=send").await;
    let said = desk.read(&one).await;
    assert!(said.contains("£4.50") && said.contains("£20.00"), "{said}");
}

#[tokio::test]
async fn nobody_of_many_is_cancelled_without_words() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (mut phone, id) = asked(&site, "Femi", session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let path = "/staff/sign-ups/many";
    for (step, status) in [("", 200), ("&step=send", 422), ("&step=previewed", 422)] {
        let answer = desk.post(path, &form("cancel", &[id], step)).await;
        assert_eq!(answer.status, status, "{step}");
    }
    assert_eq!(state(&mut phone, id).await, SignUpState::Received);
    let words = "&message=Not+this+time.&step=";
    let preview = desk
        .post(path, &form("cancel", &[id], &format!("{words}send")))
        .await;
    assert!(page(&preview).contains("“Not this time.”"));
    many(&mut desk, "cancel", &[id], &format!("{words}previewed")).await;
    assert_eq!(state(&mut phone, id).await, SignUpState::Cancelled);
    let what = desk.post(path, &form("everything", &[id], "")).await;
    assert_eq!(what.status, 400);
    let too_many = "&sign_up=01930000-0000-7000-8000-000000000001".repeat(101);
    let answer = desk.post(path, &format!("do=came{too_many}")).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_file_is_as_on_screen_and_says_needs_only_when_picked_and_agreed() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, None).await;
    let other = site.session(Gives::FirstReceived, None).await;
    asks(&site, "=1+1", session, |it| {
        it.access_needs = Some("A ramp, please".to_owned());
        it.access_needs_consent = true;
        it.travel_first = true;
    })
    .await;
    asks(&site, "Ada", session, |it| {
        it.access_needs = Some("Secret".to_owned());
        it.access_needs_consent = false;
    })
    .await;
    asked(&site, "Elsewhere", other).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let path = "/staff/sign-ups/export";
    let filter = format!("show=placed&session={session}");
    let answer = desk.post(path, &filter).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/csv"));
    let file = page(&answer);
    assert!(file.starts_with('\u{feff}'), "{file}");
    assert!(
        file.contains("\"'=1+1\"") && file.contains("Ada,"),
        "{file}"
    );
    assert!(!file.contains("Elsewhere") && !file.contains("ramp") && !file.contains("Secret"));
    assert_eq!(file.lines().count(), 3, "{file}");
    let with = page(&desk.post(path, &format!("{filter}&needs=1")).await);
    assert!(
        with.contains("\"A ramp, please\"") && !with.contains("Secret"),
        "{with}"
    );
    let noted: Vec<(String, String)> =
        sqlx::query_as("select action, subject from audit where kind = 'session' order by id")
            .fetch_all(&site.app.db.pool)
            .await
            .unwrap();
    let lines = [
        ("sign_ups.export", session),
        ("sign_ups.export_needs", session),
    ];
    let lines = lines.map(|(action, id)| (action.to_owned(), id.to_string()));
    assert_eq!(noted, lines);
}

#[tokio::test]
async fn a_file_is_given_only_to_who_proved_who_they_are() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, None).await;
    asked(&site, "Femi", session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    goes_stale(&site).await;
    let answer = desk.post("/staff/sign-ups/export", "show=all").await;
    let said = page(&answer);
    assert!(
        said.contains("Is it still you?") && !said.contains("Femi"),
        "{said}"
    );
}

#[tokio::test]
async fn a_register_has_who_has_a_place_and_what_may_be_told() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(2)).await;
    asks(&site, "Femi", session, |it| {
        it.access_needs = Some("A ramp".to_owned());
        it.access_needs_consent = true;
        it.note = Some("Only for staff".to_owned());
    })
    .await;
    asks(&site, "Ada", session, |it| {
        it.access_needs = Some("Secret".to_owned());
        it.access_needs_consent = false;
    })
    .await;
    asked(&site, "Waits", session).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let path = format!("/staff/sessions/{session}/register");
    let said = desk.read(&path).await;
    let (ada, femi) = (said.find(">Ada<").unwrap(), said.find(">Femi<").unwrap());
    assert!(ada < femi, "by name");
    assert!(
        said.contains("A ramp") && !said.contains("Secret"),
        "{said}"
    );
    assert!(!said.contains("Waits") && !said.contains("Only for staff"));
    let noted: i64 =
        sqlx::query_scalar("select count(*) from audit where action = 'sign_ups.register'")
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
    assert_eq!(noted, 1);
    for id in [json!("letters"), json!(uuid::Uuid::now_v7())] {
        let id = id.as_str().unwrap();
        for what in ["register", "calendar.ics"] {
            let path = format!("/staff/sessions/{id}/{what}");
            assert_eq!(desk.open(&path).await.status, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn a_calendar_entry_says_when_and_nothing_of_whom_or_what() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(2)).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let path = format!("/staff/sessions/{session}/calendar.ics");
    let none = desk.open(&path).await;
    assert_eq!(none.status, 404, "no fixed time, no entry");
    site.at_two(session).await;
    let answer = desk
        .open(&format!("/staff/sessions/{session}/calendar.ics"))
        .await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/calendar"));
    let file = page(&answer);
    assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VCALENDAR\r\n"));
    assert!(
        file.contains(&format!("UID:{session}@chorus\r\n")),
        "{file}"
    );
    assert!(file.contains("SUMMARY:Chorus\r\n"), "{file}");
    assert!(
        file.contains("DTSTART:20261201T140000Z\r\nDURATION:PT90M\r\n"),
        "{file}"
    );
}
