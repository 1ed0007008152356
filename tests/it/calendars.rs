//! Private calendar addresses: what they tell, whom they are for, and everything that ends one.

mod sqlite;

use crate::{
    desk::{Desk, PASSWORD, at_the_desk, hire, page, signed_in},
    held::adds,
    phones::added,
    programme::{WHOLE, path, published, shows, starts},
    site::{Answer, Phone, Site},
};
use app::{
    domain::{
        command::Command,
        id::{OpportunityId, SessionId},
        record::kind,
    },
    sync::wire::SyncResponse,
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use server::{backup, db::staff::Role, verify};

/// What calendars ask with: no cookie, and nothing else.
async fn fetched(site: &Site, address: &str) -> Answer {
    let path = address.replace("http://localhost", "");
    let request = Request::get(path).body(Body::empty());
    site.send(request.unwrap()).await
}

async fn status(site: &Site, address: &str) -> u16 {
    fetched(site, address).await.status.as_u16()
}

async fn feed(site: &Site, address: &str) -> String {
    let answer = fetched(site, address).await;
    assert_eq!(answer.status, 200);
    page(&answer)
}

/// The entry of a session, if the calendar has one.
fn entry(feed: &str, id: SessionId) -> Option<&str> {
    let mut entries = feed.split("BEGIN:VEVENT").skip(1);
    entries.find(|entry| entry.contains(&format!("UID:{id}@chorus\r\n")))
}

async fn leads(ada: &mut Desk<'_>, phone: &Phone<'_>, of: OpportunityId, how: &str) {
    let at = format!("/staff/people/{}/leads{how}", phone.id());
    let answer = ada.post(&at, &format!("opportunity={of}")).await;
    assert_eq!(answer.status, 303);
}

async fn an_admin(site: &Site) -> Desk<'_> {
    hire(site, "ada", Role::Admin, &[]).await;
    signed_in(site, "ada").await
}

/// A lead's new address.
async fn asks(phone: &mut Phone<'_>) -> String {
    let answer = phone.post("/api/calendar", &json!({})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let made: Value = answer.json();
    let subscribe = made["subscribe"].as_str().unwrap();
    let address = made["calendar"].as_str().unwrap().to_owned();
    assert_eq!(subscribe.replace("webcal://", "http://"), address);
    address
}

/// The new address of someone at the desk.
async fn makes(desk: &mut Desk<'_>, form: &str) -> String {
    let answer = desk.post("/staff/account/calendar", form).await;
    assert_eq!(answer.status, 200, "{}", page(&answer));
    let said = page(&answer);
    let (_, rest) = said.split_once("<p class=\"key\">").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

fn knows_of_one(told: &SyncResponse) -> Option<bool> {
    let mut changes = told.changes.iter();
    let found = changes.find(|change| change.kind == kind::CALENDAR)?;
    Some(!found.deleted)
}

async fn audited(site: &Site, like: &str) -> Vec<String> {
    sqlx::query_scalar("select action from audit where action like $1 order by id")
        .bind(like.to_owned())
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap()
}

/// A member who leads one of two opportunities that have a session each.
struct Scene<'a> {
    ada: Desk<'a>,
    lead: Phone<'a>,
    led: OpportunityId,
    sessions: [SessionId; 2],
}

async fn scene(site: &Site) -> Scene<'_> {
    let mut ada = an_admin(site).await;
    let led = published(&mut ada, "").await;
    let session = adds(&mut ada, led, "link=https%3A%2F%2Fmeet.example").await[0];
    let other = published(&mut ada, "").await;
    let elsewhere = adds(&mut ada, other, "").await[0];
    let mut lead = site.named("Rosa").await;
    lead.sync(&[]).await;
    leads(&mut ada, &lead, led, "").await;
    Scene {
        ada,
        lead,
        led,
        sessions: [session, elsewhere],
    }
}

#[tokio::test]
async fn a_lead_has_an_address_that_says_when_and_no_name_no_place_and_not_what_for() {
    let site = Site::new().await;
    let Scene {
        mut ada,
        mut lead,
        sessions,
        ..
    } = scene(&site).await;
    let address = asks(&mut lead).await;
    assert_eq!(knows_of_one(&lead.sync(&[]).await), Some(true));
    let answer = fetched(&site, &address).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert_eq!(answer.header("x-robots-tag"), "noindex, nofollow");
    assert_eq!(answer.header("set-cookie"), "");
    let all = page(&answer);
    let own = entry(&all, sessions[0]).unwrap();
    for line in [
        "SEQUENCE:0\r\n",
        "DTSTART:20400313T180000Z\r\n",
        "DURATION:PT90M\r\n",
        "SUMMARY:Chorus\r\n",
        "STATUS:CONFIRMED\r\n",
    ] {
        assert!(own.contains(line), "{line}: {own}");
    }
    assert!(entry(&all, sessions[1]).is_none());
    for secret in ["Kinder", "Harbour", "Rosa", "meet.example"] {
        assert!(!all.contains(secret), "{secret}");
    }
    // The file of one session has the same id.
    let file = ada
        .read(&format!("/staff/sessions/{}/calendar.ics", sessions[0]))
        .await;
    assert!(entry(&file, sessions[0]).is_some());
    // The secret is nowhere but in the answer that made it.
    let secret = address.rsplit('/').next().unwrap().replace(".ics", "");
    let kept: Vec<String> = sqlx::query_scalar("select hash from calendars")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    assert!(kept.iter().all(|hash| !hash.contains(&secret)));
    assert_eq!(audited(&site, "calendar.%").await, ["calendar.make"]);
    let log = ada.read("/staff/audit").await;
    assert!(log.contains("Made a private calendar address") && log.contains("Rosa"));
    assert!(!log.contains(&secret));
}

#[tokio::test]
async fn what_moves_moves_and_what_is_called_off_goes_and_a_draft_is_in_no_calendar() {
    let site = Site::new().await;
    let Scene {
        mut ada,
        mut lead,
        led,
        sessions: [session, _],
    } = scene(&site).await;
    let address = asks(&mut lead).await;
    let at = format!("/staff/sessions/{session}");
    let form = "day=2040-03-14&time=10%3A00&zone=Europe%2FLondon&reason=R&step=previewed";
    assert_eq!(ada.post(&format!("{at}/move"), form).await.status, 303);
    let all = feed(&site, &address).await;
    let moved = entry(&all, session).unwrap();
    assert!(moved.contains("SEQUENCE:1\r\n") && moved.contains("DTSTART:20400314T100000Z"));
    // What calendars do not show does not count.
    let form = "mode=in_person&place=Quay&length=90";
    assert_eq!(ada.post(&at, form).await.status, 303);
    assert!(feed(&site, &address).await.contains("SEQUENCE:1\r\n"));
    let form = "mode=in_person&place=Quay&length=60";
    assert_eq!(ada.post(&at, form).await.status, 303);
    let longer = feed(&site, &address).await;
    assert!(longer.contains("SEQUENCE:2\r\n") && longer.contains("DURATION:PT60M"));
    let form = "message=Sorry&step=previewed";
    assert_eq!(ada.post(&format!("{at}/cancel"), form).await.status, 303);
    let all = feed(&site, &address).await;
    let off = entry(&all, session).unwrap();
    assert!(off.contains("SEQUENCE:3\r\n") && off.contains("STATUS:CANCELLED"));
    // One that lost its fixed time is in no calendar; nor is one of a draft.
    let draft = starts(&mut ada, "Kinder words").await;
    let hidden = adds(&mut ada, draft, "").await[0];
    leads(&mut ada, &lead, draft, "").await;
    assert!(entry(&feed(&site, &address).await, hidden).is_none());
    shows(&mut ada, draft, WHOLE).await;
    assert!(entry(&feed(&site, &address).await, hidden).is_some());
    leads(&mut ada, &lead, led, "/end").await;
    let all = feed(&site, &address).await;
    assert!(entry(&all, session).is_none() && entry(&all, hidden).is_some());
}

#[tokio::test]
async fn only_a_lead_gets_one_and_a_new_one_or_the_end_shuts_the_old_at_once() {
    let site = Site::new().await;
    let Scene { mut lead, .. } = scene(&site).await;
    let mut other = site.member().await;
    let refused = other.post("/api/calendar", &json!({})).await;
    assert_eq!(refused.code(), (403, "forbidden".to_owned()));
    let nobody = Phone::new(&site).post("/api/calendar", &json!({})).await;
    assert_eq!(nobody.status, 401);
    let first = asks(&mut lead).await;
    let second = asks(&mut lead).await;
    assert_ne!(first, second);
    assert_eq!(status(&site, &first).await, 410);
    assert_eq!(status(&site, &second).await, 200);
    // Nobody else ends it.
    other.post("/api/calendar/end", &json!({})).await;
    assert_eq!(status(&site, &second).await, 200);
    for _ in 0..2 {
        let ended = lead.post("/api/calendar/end", &json!({})).await;
        assert_eq!(ended.status, 200);
        assert_eq!(status(&site, &second).await, 410);
    }
    assert_eq!(knows_of_one(&lead.sync(&[]).await), Some(false));
    assert_eq!(
        audited(&site, "calendar.%").await,
        ["calendar.make", "calendar.make", "calendar.end"]
    );
    // Of what ended only the hash is left.
    let left: i64 = sqlx::query_scalar(
        "select count(*) from calendars where member is not null or device is not null",
    )
    .fetch_one(&site.app.db.pool)
    .await
    .unwrap();
    assert_eq!(left, 0);
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn guesses_are_counted_and_shut_no_right_address_out() {
    let site = Site::new().await;
    let Scene { mut lead, .. } = scene(&site).await;
    let gone = asks(&mut lead).await;
    let right = asks(&mut lead).await;
    for _ in 0..50 {
        assert_eq!(
            status(&site, &gone).await,
            410,
            "one that ended is no guess"
        );
    }
    let mut said = Vec::new();
    for at in 0..12 {
        said.push(status(&site, &format!("/calendar/{at:064}.ics")).await);
    }
    assert_eq!(said[0], 404);
    assert_eq!(said[11], 429);
    for forged in ["/calendar/guessed", "/calendar/..%2f..%2fapi.ics"] {
        assert_eq!(status(&site, forged).await, 429);
    }
    let cut = right.replace(".ics", "");
    assert_eq!(status(&site, &cut).await, 429);
    assert_eq!(status(&site, &right).await, 200);
    // Guessing here shuts nobody out who joins.
    assert_eq!(site.member().await.sync(&[]).await.outcomes.len(), 0);
}

#[tokio::test]
async fn it_ends_with_the_last_lead_a_lost_phone_and_the_phone_that_asked() {
    let site = Site::new().await;
    let Scene {
        mut ada,
        mut lead,
        led,
        ..
    } = scene(&site).await;
    let address = asks(&mut lead).await;
    leads(&mut ada, &lead, led, "/end").await;
    assert_eq!(status(&site, &address).await, 410);
    // Leading again opens no old one.
    leads(&mut ada, &lead, led, "").await;
    assert_eq!(status(&site, &address).await, 410);

    let mut second = added(&mut lead).await;
    let address = asks(&mut lead).await;
    second.sync(&[]).await;
    // Another phone that is signed out has not got it; one that is lost may have.
    lead.does(&Command::SignOutDevice(second.device)).await;
    assert_eq!(status(&site, &address).await, 200);
    lead.does(&Command::LoseDevice(second.device)).await;
    assert_eq!(status(&site, &address).await, 410);

    let mut third = added(&mut lead).await;
    let address = asks(&mut third).await;
    assert_eq!(status(&site, &address).await, 200);
    lead.does(&Command::SignOutDevice(third.device)).await;
    assert_eq!(status(&site, &address).await, 410);
    assert_eq!(third.post("/api/calendar", &json!({})).await.status, 401);

    let mut fourth = added(&mut lead).await;
    let address = asks(&mut fourth).await;
    fourth.post("/api/leave", &json!({})).await;
    assert_eq!(status(&site, &address).await, 410);
}

#[tokio::test]
async fn who_leaves_chorus_leaves_no_address_behind() {
    let site = Site::new().await;
    let Scene { mut lead, .. } = scene(&site).await;
    let address = asks(&mut lead).await;
    assert_eq!(lead.does(&Command::Leave(lead.id())).await, "applied");
    assert_eq!(status(&site, &address).await, 410);
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn staff_choose_what_their_calendar_tells_of_and_end_it() {
    let site = Site::new().await;
    let Scene { led, sessions, .. } = scene(&site).await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let account = priya.read("/staff/account").await;
    assert!(account.contains("href=\"/staff/account/calendar\""));
    let all = makes(&mut priya, "which=all").await;
    let told = feed(&site, &all).await;
    assert!(sessions.iter().all(|id| entry(&told, *id).is_some()));
    let own = priya.read("/staff/account/calendar").await;
    assert!(own.contains("You have an address") && !own.contains(&all));

    let only = format!("which=some&opportunity={led}");
    let at = "/staff/account/calendar/sessions";
    assert_eq!(priya.post(at, &only).await.status, 303);
    let told = feed(&site, &all).await;
    assert!(entry(&told, sessions[0]).is_some() && entry(&told, sessions[1]).is_none());
    let own = priya.read("/staff/account/calendar").await;
    assert!(own.contains(&format!("value=\"{led}\" checked")));
    for nothing in ["which=some", "which=some&opportunity=guessed"] {
        let answer = priya.post(at, nothing).await;
        assert_eq!(answer.status, 422);
        assert!(page(&answer).contains("tick at least one"));
    }
    let answer = priya.post("/staff/account/calendar", "which=some").await;
    assert_eq!(answer.status, 422);
    assert_eq!(status(&site, &all).await, 200);

    // A new one keeps the choice that was sent with it; the old one is gone.
    let new = makes(&mut priya, &only).await;
    assert_eq!(status(&site, &all).await, 410);
    assert!(entry(&feed(&site, &new).await, sessions[1]).is_none());
    // Somebody else's stays as it is.
    let mut tom = at_the_desk(&site, "tom", &[]).await;
    let toms = makes(&mut tom, "which=all").await;
    let sure = priya.read("/staff/account/calendar/end").await;
    assert!(sure.contains("action=\"/staff/account/calendar/end\""));
    let ended = priya.post("/staff/account/calendar/end", "").await;
    assert_eq!(ended.status, 303);
    assert_eq!(status(&site, &new).await, 410);
    assert_eq!(status(&site, &toms).await, 200);
    assert_eq!(
        audited(&site, "staff.calendar%").await,
        [
            "staff.calendar",
            "staff.calendar",
            "staff.calendar",
            "staff.calendar_end"
        ]
    );
}

#[tokio::test]
async fn the_address_of_staff_ends_with_their_account_and_when_they_are_signed_out_everywhere() {
    let site = Site::new().await;
    let mut ada = an_admin(&site).await;
    let id = hire(&site, "tom", Role::Staff, &[]).await;
    for what in ["sign-out", "reset-two-step", "disable"] {
        let mut tom = signed_in(&site, "tom").await;
        let address = makes(&mut tom, "which=all").await;
        assert_eq!(status(&site, &address).await, 200);
        ada.post(&format!("/staff/accounts/{id}/{what}"), "").await;
        assert_eq!(status(&site, &address).await, 410, "{what}");
        if what == "disable" {
            ada.post(&format!("/staff/accounts/{id}/enable"), "").await;
            assert_eq!(status(&site, &address).await, 410);
        }
    }
    let mut tom = signed_in(&site, "tom").await;
    let address = makes(&mut tom, "which=all").await;
    let words = PASSWORD.replace(' ', "+");
    let form = format!("current={words}&password=another+long+sentence");
    let changed = tom.post("/staff/account/password", &form).await;
    assert_eq!(changed.status, 303);
    assert_eq!(
        status(&site, &address).await,
        200,
        "a password is no sign of theft"
    );
    tom.post("/staff/account/sign-out-everywhere", "").await;
    assert_eq!(status(&site, &address).await, 410);
}

#[tokio::test]
async fn a_draft_that_is_thrown_away_is_no_choice_any_more() {
    let site = Site::new().await;
    let mut ada = an_admin(&site).await;
    let draft = starts(&mut ada, "Kinder letters").await;
    makes(&mut ada, &format!("which=some&opportunity={draft}")).await;
    let thrown = ada.post(&format!("{}/forget", path(draft)), "").await;
    assert_eq!(thrown.status, 303);
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn after_a_restore_by_other_means_no_address_opens() {
    let site = Site::new().await;
    let Scene { mut lead, .. } = scene(&site).await;
    let address = asks(&mut lead).await;
    drop(lead);
    let database = site.close();
    backup::new_epoch(&database.store).await.unwrap();
    let site = Site::on(database).await;
    assert_eq!(status(&site, &address).await, 410);
}
