//! Sessions at the desk: one or a repeat, other details, another time, calling off; who is told what, and who gets the
//! way in online.

use crate::{
    desk::{Desk, at_the_desk, escape, page},
    programme::{self, no_faults, path, published, starts},
    site::{Phone, Site, record},
    sync::a_request,
};
use app::{
    domain::{
        command::Command,
        id::{OpportunityId, SessionId, SignUpId},
        opportunity::{Room, Session, SessionState},
        record::SignUp,
        sign_up::SignUpState,
    },
    sync::wire::SyncResponse,
};

/// A weekday far enough ahead, and one in summer.
const DAY: &str = "2040-03-13";
const LINK: &str = "https://meet.example/harbour Code 4102";

/// A session's form: the usual, with some of it otherwise.
fn form(more: &str) -> String {
    let usual = [
        ("day", DAY),
        ("time", "18%3A00"),
        ("zone", "Europe%2FLondon"),
        ("length", "90"),
        ("mode", "in_person"),
        ("place", "Harbour+House"),
    ];
    let own = |name: &str| {
        more.split('&')
            .any(|it| it.starts_with(&format!("{name}=")))
    };
    let usual = usual.iter().filter(|(name, _)| !own(name));
    let usual: Vec<String> = usual
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{}&{more}", usual.join("&"))
}

/// Adds sessions; gives those that there are now, soonest first.
pub async fn adds(desk: &mut Desk<'_>, id: OpportunityId, more: &str) -> Vec<SessionId> {
    let answer = desk
        .post(&format!("{}/sessions", path(id)), &form(more))
        .await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    ids(desk.site, id).await
}

async fn ids(site: &Site, id: OpportunityId) -> Vec<SessionId> {
    let rows: Vec<String> =
        sqlx::query_scalar("select id from sessions where opportunity = $1 order by starts_at, id")
            .bind(id.to_string())
            .fetch_all(&site.app.db.pool)
            .await
            .unwrap();
    rows.iter().map(|id| id.parse().unwrap()).collect()
}

fn at(id: SessionId) -> String {
    format!("/staff/sessions/{id}")
}

async fn seen(site: &Site, id: SessionId) -> Option<Session> {
    record(&Phone::new(site).sync(&[]).await, id)
}

/// A member who asked for a place.
async fn asked(site: &Site, session: SessionId) -> (Phone<'_>, SignUpId) {
    let mut phone = site.member().await;
    let (id, command) = a_request(session);
    assert_eq!(phone.does(&command).await, "applied");
    (phone, id)
}

async fn learns(phone: &mut Phone<'_>, id: SignUpId) -> SignUp {
    record(&phone.sync(&[]).await, id).expect("news of the sign-up")
}

#[tokio::test]
async fn a_weekly_session_is_real_sessions_at_the_same_time_on_the_wall() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let all = adds(
        &mut desk,
        id,
        "repeat=1&repeat_times=3&gives=first_received&lead=Dee",
    )
    .await;
    let mut times = Vec::new();
    for id in &all {
        let session = seen(&site, *id).await.unwrap();
        assert_eq!(session.lead.as_deref(), Some("Dee"));
        times.push((session.local_start.unwrap(), session.starts_at.unwrap()));
    }
    let pair = |local: &str, at: &str| (local.to_owned(), at.to_owned());
    assert_eq!(
        times,
        [
            pair("2040-03-13T18:00", "2040-03-13T18:00:00.000Z"),
            pair("2040-03-20T18:00", "2040-03-20T18:00:00.000Z"),
            pair("2040-03-27T18:00", "2040-03-27T17:00:00.000Z"),
        ]
    );
    let read = desk.read(&path(id)).await;
    assert!(read.contains("Tuesday 27 March, 6pm to 7.30pm"), "{read}");
    let until = adds(&mut desk, id, "repeat=2&repeat_until=2040-04-10").await;
    assert_eq!(until.len(), 6);
}

#[tokio::test]
async fn a_time_that_clocks_leave_out_or_show_twice_is_refused_with_its_day() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let add = format!("{}/sessions", path(id));
    for (typed, told) in [
        (
            "day=2040-03-25&time=01%3A30",
            "no such time on 25 March 2040",
        ),
        (
            "day=2040-10-28&time=01%3A30",
            "comes twice on 28 October 2040",
        ),
        (
            "day=2040-03-18&time=01%3A30&repeat=1&repeat_times=2",
            "25 March 2040",
        ),
        ("day=2020-01-01&time=12%3A00", "over already"),
        ("day=soon&time=12%3A00", "2026-12-01"),
        ("day=2040-03-18&time=", "both a day and a time"),
        (
            "day=2040-03-18&time=12%3A00&zone=Europe%2FLondom",
            "time zone",
        ),
        (
            "day=&time=&repeat=1&repeat_times=2",
            "needs a day and a time",
        ),
        (
            "day=2040-03-18&time=12%3A00&repeat=1",
            "how many sessions, or the last day",
        ),
        (
            "day=2040-03-18&time=12%3A00&places=-1",
            "whole number of places",
        ),
        ("day=2040-03-18&time=12%3A00&length=soon", "whole number"),
        (
            "day=2040-03-18&time=12%3A00&link=javascript%3Aalert",
            "https://",
        ),
    ] {
        let zone = if typed.contains("zone=") {
            ""
        } else {
            "&zone=Europe%2FLondon"
        };
        let answer = desk
            .post(&add, &format!("{typed}{zone}&place=Kept+here"))
            .await;
        assert_eq!(answer.status, 422, "{typed}");
        let read = page(&answer);
        assert!(read.contains(told), "{typed}: {read}");
        assert!(read.contains("Kept here"), "what was typed is given back");
    }
    assert!(ids(&site, id).await.is_empty());
}

#[tokio::test]
async fn sessions_of_a_draft_are_told_to_nobody_until_it_is_shown() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = starts(&mut desk, "Letters").await;
    let session = adds(&mut desk, id, "").await[0];
    let change = desk.post(&at(session), &form("places=4")).await;
    assert_eq!(change.status, 303);
    let moved = desk
        .post(
            &format!("{}/move", at(session)),
            "day=2040-03-14&time=18%3A00&zone=Europe%2FLondon&step=previewed",
        )
        .await;
    assert_eq!(moved.status, 303, "no reason is needed: nobody knew");
    assert_eq!(seen(&site, session).await, None);
    let mut phone = site.member().await;
    assert_eq!(phone.does(&a_request(session).1).await, "session_closed");
    programme::shows(&mut desk, id, programme::WHOLE).await;
    let shown = seen(&site, session).await.unwrap();
    assert_eq!(shown.places, Some(4));
    assert_eq!((shown.was, shown.reason), (None, None));
    assert_eq!(phone.does(&a_request(session).1).await, "applied");
}

#[tokio::test]
async fn a_moved_session_keeps_everyones_place_and_tells_them_both_times_and_why() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let session = adds(&mut desk, id, "gives=first_received&places=1").await[0];
    let (mut one, first) = asked(&site, session).await;
    let (mut two, second) = asked(&site, session).await;
    let to = format!("{}/move", at(session));
    let times = "day=2040-03-14&time=10%3A30&zone=Europe%2FLondon";
    assert!(desk.read(&to).await.contains("2 people have signed up"));
    let silent = desk.post(&to, &format!("{times}&step=preview")).await;
    assert_eq!(silent.status, 422);
    assert!(page(&silent).contains("People have made plans"));
    let form = format!("{times}&reason={}", escape("The room is taken."));
    let preview = desk.post(&to, &format!("{form}&step=preview")).await;
    let words = "This moved from Tuesday 13 March, 6pm to 7.30pm to Wednesday 14 March, 10.30am to 12pm. \
                 The room is taken.";
    assert!(page(&preview).contains(words), "{}", page(&preview));
    assert_eq!(
        seen(&site, session).await.unwrap().was,
        None,
        "seen is not told"
    );
    assert_eq!(
        desk.post(&to, &format!("{form}&step=previewed"))
            .await
            .status,
        303
    );
    for (phone, sign_up, state) in [
        (&mut one, first, SignUpState::Confirmed),
        (&mut two, second, SignUpState::Waiting),
    ] {
        let row = learns(phone, sign_up).await;
        assert_eq!(row.state, state);
        assert_eq!(row.message.as_deref(), Some(words));
    }
    let shown = seen(&site, session).await.unwrap();
    assert_eq!(shown.state, SessionState::Scheduled);
    assert_eq!(shown.local_start.as_deref(), Some("2040-03-14T10:30"));
    assert_eq!(shown.was.as_deref(), Some("2040-03-13T18:00"));
    assert_eq!(shown.reason.as_deref(), Some("The room is taken."));
    let public = desk.read(&format!("/take-part/{id}")).await;
    assert!(public.contains("This moved. It was Tuesday 13 March"));
    no_faults(&site).await;
}

#[tokio::test]
async fn a_session_and_all_later_ones_of_its_repeat_move_by_as_much() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let all = adds(&mut desk, id, "repeat=1&repeat_times=3").await;
    let alone = adds(&mut desk, id, "").await;
    let other = alone.iter().find(|id| !all.contains(id)).copied().unwrap();
    let (mut phone, sign_up) = asked(&site, all[2]).await;
    let to = format!("{}/move", at(all[1]));
    assert!(
        desk.read(&to)
            .await
            .contains("This one and the 1 later ones that repeat")
    );
    let form = "day=2040-03-21&time=19%3A00&zone=Europe%2FLondon&which=all&reason=New+hours&step=previewed";
    assert_eq!(desk.post(&to, form).await.status, 303);
    let mut times = Vec::new();
    for id in [all[0], all[1], all[2], other] {
        times.push(seen(&site, id).await.unwrap().local_start.unwrap());
    }
    assert_eq!(
        times,
        [
            "2040-03-13T18:00",
            "2040-03-21T19:00",
            "2040-03-28T19:00",
            "2040-03-13T18:00"
        ]
    );
    let told = learns(&mut phone, sign_up).await.message.unwrap();
    assert!(
        told.contains("Wednesday 28 March") && told.ends_with("New hours"),
        "{told}"
    );
}

#[tokio::test]
async fn a_session_that_is_called_off_ends_its_sign_ups_and_nobody_moves_up() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let all = adds(
        &mut desk,
        id,
        "repeat=1&repeat_times=3&gives=first_received&places=1",
    )
    .await;
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(asked(&site, all[1]).await);
    }
    let (mut kept, stays) = asked(&site, all[2]).await;
    let off = format!("{}/cancel", at(all[1]));
    assert!(desk.read(&off).await.contains("4 people have signed up"));
    assert_eq!(
        desk.post(&off, "message=+&step=previewed").await.status,
        422
    );
    let reason = "Nobody can lead it. Please come next week.";
    let form = format!("message={}&which=one", escape(reason));
    let preview = desk.post(&off, &format!("{form}&step=preview")).await;
    assert!(page(&preview).contains(reason));
    assert_eq!(
        desk.post(&off, &format!("{form}&step=previewed"))
            .await
            .status,
        303
    );
    for (phone, sign_up) in &mut people {
        let row = learns(phone, *sign_up).await;
        assert_eq!(row.state, SignUpState::Cancelled);
        assert_eq!(row.message.as_deref(), Some(reason));
        assert_eq!(row.position, None);
    }
    assert_eq!(
        seen(&site, all[1]).await.unwrap().state,
        SessionState::Cancelled
    );
    assert_eq!(
        seen(&site, all[2]).await.unwrap().state,
        SessionState::Scheduled
    );
    let again = desk.post(&off, &format!("{form}&step=previewed")).await;
    assert_eq!(again.status, 422, "it is off already");
    let to = format!("{}/move", at(all[1]));
    assert_eq!(desk.open(&to).await.status, 303);
    // The rest of the repeat goes with its first.
    let rest = format!("{}/cancel", at(all[0]));
    let form = format!("message={}&which=all&step=previewed", escape(reason));
    assert_eq!(desk.post(&rest, &form).await.status, 303);
    for id in [all[0], all[2]] {
        assert_eq!(
            seen(&site, id).await.unwrap().state,
            SessionState::Cancelled
        );
    }
    assert_eq!(learns(&mut kept, stays).await.state, SignUpState::Cancelled);
    no_faults(&site).await;
}

/// Whether the way in stands in an answer, in any record.
fn tells_link(response: &SyncResponse) -> bool {
    serde_json::to_string(response)
        .unwrap()
        .contains("meet.example")
}

#[tokio::test]
async fn the_way_in_online_is_told_to_who_has_a_place_and_to_nobody_else() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let link = format!(
        "link={}&gives=first_received&places=1&mode=online",
        escape(LINK)
    );
    let session = adds(&mut desk, id, &link).await[0];
    let (mut one, first) = asked(&site, session).await;
    let (mut two, second) = asked(&site, session).await;
    let mut again = one.clone();
    again.cursor = None;
    assert_eq!(learns(&mut again, first).await.link.as_deref(), Some(LINK));
    let mut whole = two.clone();
    whole.cursor = None;
    assert!(!tells_link(&whole.sync(&[]).await), "who waits is not told");
    assert!(
        !tells_link(&Phone::new(&site).sync(&[]).await),
        "nor is anyone who looks around"
    );
    for address in [
        format!("/take-part/{id}"),
        format!("/take-part/{id}/sign-up"),
        "/".to_owned(),
    ] {
        assert!(
            !desk.read(&address).await.contains("meet.example"),
            "{address}"
        );
    }
    // Another link reaches who has a place; who waits hears nothing.
    let other = format!(
        "link={}&gives=first_received&places=1&mode=online",
        escape("https://meet.example/other")
    );
    assert_eq!(desk.post(&at(session), &form(&other)).await.status, 303);
    let row = learns(&mut again, first).await;
    assert_eq!(row.link.as_deref(), Some("https://meet.example/other"));
    assert_eq!(record::<SignUp>(&two.sync(&[]).await, second), None);
    // The place goes on, and the link with it.
    one.cursor = None;
    assert_eq!(one.does(&Command::WithdrawSignUp(first)).await, "applied");
    one.cursor = None;
    assert!(
        !tells_link(&one.sync(&[]).await),
        "it leaves with the place"
    );
    let row = learns(&mut two, second).await;
    assert_eq!(
        (row.state, row.link),
        (SignUpState::Offered, None),
        "an offer is no place yet"
    );
    assert_eq!(two.does(&Command::AcceptOffer(second)).await, "applied");
    two.cursor = None;
    let row = learns(&mut two, second).await;
    assert_eq!(row.state, SignUpState::Confirmed);
    assert_eq!(row.link.as_deref(), Some("https://meet.example/other"));
    no_faults(&site).await;
    // Called off, it leaves everyone.
    let off = format!("{}/cancel", at(session));
    desk.post(&off, "message=Sorry&step=previewed").await;
    two.cursor = None;
    assert!(!tells_link(&two.sync(&[]).await));
    no_faults(&site).await;
}

#[tokio::test]
async fn places_are_not_fewer_than_people_who_have_one_and_words_reach_everyone() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let session = adds(&mut desk, id, "gives=first_received&places=2").await[0];
    let (mut one, first) = asked(&site, session).await;
    let (_two, _) = asked(&site, session).await;
    let fewer = desk
        .post(&at(session), &form("gives=first_received&places=1"))
        .await;
    assert_eq!(fewer.status, 422);
    assert!(
        page(&fewer).contains("2 people have a place already"),
        "{}",
        page(&fewer)
    );
    let other = desk.post(&at(session), &form("gives=staff&places=2")).await;
    assert_eq!(other.status, 422);
    assert!(page(&other).contains("people have asked already"));
    assert_eq!(seen(&site, session).await.unwrap().room, Room::WaitingList);
    let more = "gives=first_received&places=9&place=The+library&message=We+meet+in+the+library";
    let preview = desk.post(&at(session), &form(more)).await;
    assert_eq!(preview.status, 200);
    assert!(
        page(&preview).contains("“We meet in the library”"),
        "seen before it goes"
    );
    assert_eq!(
        seen(&site, session).await.unwrap().places,
        Some(2),
        "nothing is done yet"
    );
    let change = desk
        .post(&at(session), &form(&format!("{more}&step=edit")))
        .await;
    assert!(
        page(&change).contains("value=\"The library\""),
        "what was typed is given back"
    );
    let sent = desk
        .post(&at(session), &form(&format!("{more}&step=previewed")))
        .await;
    assert_eq!(sent.status, 303);
    let shown = seen(&site, session).await.unwrap();
    assert_eq!((shown.room, shown.places), (Room::Plenty, Some(9)));
    assert_eq!(shown.place.as_deref(), Some("The library"));
    let told = learns(&mut one, first).await;
    assert_eq!(told.message.as_deref(), Some("We meet in the library"));
    assert_eq!(told.state, SignUpState::Confirmed);
    no_faults(&site).await;
}

#[tokio::test]
async fn more_places_are_offered_to_those_who_wait_and_a_pause_only_delays_it() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let few = "gives=first_received&places=1&offer_hours=5";
    let session = adds(&mut desk, id, few).await[0];
    let (mut one, first) = asked(&site, session).await;
    let (mut two, second) = asked(&site, session).await;
    let (mut three, third) = asked(&site, session).await;
    let more = few.replace("places=1", "places=2");
    assert_eq!(desk.post(&at(session), &form(&more)).await.status, 303);
    let row = learns(&mut two, second).await;
    assert_eq!(row.state, SignUpState::Offered);
    let hours = (server::clock::instant(&row.offer_until.unwrap()).unwrap()
        - server::clock::now_ms())
        / 3_600_000;
    assert_eq!(hours, 4, "a little less than five");
    assert_eq!(learns(&mut three, third).await.position, Some(1));
    // Nobody moves up while it is paused; when it opens again, they do.
    let step = format!("{}/step", path(id));
    desk.post(&step, "step=pause").await;
    assert_eq!(one.does(&Command::WithdrawSignUp(first)).await, "applied");
    assert_eq!(record::<SignUp>(&three.sync(&[]).await, third), None);
    desk.post(&step, "step=publish").await;
    assert_eq!(learns(&mut three, third).await.state, SignUpState::Offered);
    no_faults(&site).await;
}

#[tokio::test]
async fn an_offer_never_outlasts_a_session_that_moved_to_an_earlier_time() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let session = adds(
        &mut desk,
        id,
        "gives=first_received&places=1&offer_hours=336",
    )
    .await[0];
    let (mut one, first) = asked(&site, session).await;
    let (mut two, second) = asked(&site, session).await;
    one.does(&Command::WithdrawSignUp(first)).await;
    assert_eq!(learns(&mut two, second).await.state, SignUpState::Offered);
    let soon = server::clock::rfc3339(server::clock::now_ms() + 2 * 86_400_000);
    let (day, time) = (&soon[..10], escape(&soon[11..16]));
    let times = format!("day={day}&time={time}&zone=UTC&reason=Sooner&step=previewed");
    assert_eq!(
        desk.post(&format!("{}/move", at(session)), &times)
            .await
            .status,
        303
    );
    let row = learns(&mut two, second).await;
    assert_eq!(row.state, SignUpState::Offered);
    let shown = seen(&site, session).await.unwrap();
    assert_eq!(row.offer_until, shown.starts_at);
    no_faults(&site).await;
}

#[tokio::test]
async fn a_ballot_is_at_a_set_time_before_its_session_and_stays_before_it() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let add = format!("{}/sessions", path(id));
    for late in [
        "",
        "ballot_day=2040-03-14&ballot_time=09%3A00",
        "ballot_day=2020-03-12&ballot_time=09%3A00",
    ] {
        let answer = desk
            .post(&add, &form(&format!("gives=ballot&{late}")))
            .await;
        assert_eq!(answer.status, 422, "{late}");
        assert!(
            page(&answer).contains("id=\"ballot_day-problem\""),
            "{late}"
        );
    }
    let draw = "gives=ballot&ballot_day=2040-03-12&ballot_time=09%3A00";
    let session = adds(&mut desk, id, draw).await[0];
    let shown = seen(&site, session).await.unwrap();
    assert_eq!(shown.ballot_at.as_deref(), Some("2040-03-12T09:00:00.000Z"));
    let read = desk.read(&at(session)).await;
    assert!(read.contains("value=\"2040-03-12\"") && read.contains("value=\"09:00\""));
    let to = format!("{}/move", at(session));
    let early = "day=2040-03-11&time=18%3A00&zone=Europe%2FLondon&reason=Sooner&step=previewed";
    let refused = desk.post(&to, early).await;
    assert_eq!(refused.status, 422);
    assert!(
        page(&refused).contains("The names are drawn 12 March 2040 9am"),
        "{}",
        page(&refused)
    );
    // Drawn, it stays as it is.
    let drawn = site.app.writer.run(move |tx| {
        Box::pin(async move { server::db::sessions::write_ballot(tx, session, "a seed").await })
    });
    drawn.await.unwrap();
    let other = desk.post(&at(session), &form("gives=staff")).await;
    assert_eq!(other.status, 422);
    assert!(page(&other).contains("the names were drawn already"));
    assert_eq!(
        desk.post(&at(session), &form(&format!("{draw}&lead=Dee")))
            .await
            .status,
        303
    );
}

#[tokio::test]
async fn a_draft_is_told_to_nobody_by_the_clock_either() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = starts(&mut desk, "Letters").await;
    let draw = "gives=ballot&places=1&ballot_day=2040-03-12&ballot_time=09%3A00";
    let session = adds(&mut desk, id, draw).await[0];
    let later = server::clock::instant("2041-01-01T00:00:00Z").unwrap();
    site.app.writer.sessions_due(later).await.unwrap();
    assert_eq!(seen(&site, session).await, None);
}

#[tokio::test]
async fn a_copy_has_all_but_the_day_and_a_session_without_a_time_is_found_together() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let session = adds(&mut desk, id, "lead=Dee&breaks=Two").await[0];
    let copy = desk
        .read(&format!("{}/sessions/new?copy={session}", path(id)))
        .await;
    for field in [
        "value=\"Dee\"",
        "value=\"Two\"",
        "value=\"Harbour House\"",
        "value=\"18:00\"",
    ] {
        assert!(copy.contains(field), "{field}");
    }
    assert!(!copy.contains(DAY));
    let none = desk
        .post(
            &format!("{}/sessions", path(id)),
            "zone=Europe%2FLondon&mode=phone",
        )
        .await;
    assert_eq!(none.status, 303);
    let read = desk.read(&format!("/take-part/{id}")).await;
    assert!(read.contains("No fixed time."));
}

#[tokio::test]
async fn what_is_over_holds_no_more_sessions() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let session = adds(&mut desk, id, "").await[0];
    let off = desk
        .post(
            &format!("{}/cancel", path(id)),
            "message=Sorry&step=previewed",
        )
        .await;
    assert_eq!(off.status, 303);
    let add = desk
        .post(&format!("{}/sessions", path(id)), &form(""))
        .await;
    assert_eq!(add.status, 422);
    let change = desk.post(&at(session), &form("places=3")).await;
    assert_eq!(change.status, 422);
    assert_eq!(
        desk.open(&at(SessionId(uuid::Uuid::now_v7()))).await.status,
        404
    );
}
