//! "I'm worried about someone's safety": beside everything that staff read, written by anyone on the
//! desk, read by the named alone, never lost and never changed.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    safety_settings::name_readers,
    site::{Phone, Site, record},
    sync::{a_request, a_share},
};
use app::domain::{
    check_in::CheckInState,
    command::Command,
    id::{CheckInId, StaffId},
    opportunity::Gives,
    record::CheckIn,
};
use axum::{
    body::Body,
    http::{Method, Request},
};
use server::db::staff::Role;
use sqlx::Row;
use uuid::Uuid;

pub const WORRY: &str = "Said they would not be here on Friday";

/// The fields of the form, as a browser sends them.
pub fn form(entry: Uuid, worry: &str) -> String {
    format!(
        "entry={entry}&worry={}&told={}&told_at=2026-11-23T14%3A02&decided={}&decided_by=Amina",
        escape(worry),
        escape("Amina, by phone"),
        escape("Visit today"),
    )
}

/// A harbour with Priya at the desk, who reads a check-in, and Lee, who alone reads safety records.
struct Scene<'a> {
    priya: Desk<'a>,
    lee: Desk<'a>,
    lee_id: StaffId,
    phone: Phone<'a>,
    check_in: CheckInId,
}

async fn scene(site: &Site) -> Scene<'_> {
    let harbour = site.team("Harbour", "STAR-1").await;
    let priya = at_the_desk(site, "priya", &[harbour]).await;
    let lee_id = hire(site, "lee", Role::Staff, &[]).await;
    name_readers(site, &[lee_id]).await;
    let mut phone = site.joined("STAR-1").await;
    let (check_in, share) = a_share(harbour);
    assert_eq!(phone.does(&share).await, "applied");
    Scene {
        priya,
        lee: signed_in(site, "lee").await,
        lee_id,
        phone,
        check_in,
    }
}

fn place(check_in: CheckInId) -> String {
    format!("/staff/check-ins/{check_in}/safety")
}

/// Writes a record down; its id.
async fn writes(desk: &mut Desk<'_>, place: &str, worry: &str) -> Uuid {
    let entry = Uuid::now_v7();
    let answer = desk.post(place, &form(entry, worry)).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let received = format!("/staff/safety/received/{entry}");
    assert_eq!(answer.header("location"), received);
    entry
}

async fn audited(site: &Site, action: &str) -> Vec<(String, String)> {
    let rows = sqlx::query("select staff, subject from audit where action = $1 order by id")
        .bind(action.to_owned())
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn entries(site: &Site) -> i64 {
    sqlx::query_scalar("select count(*) from safety_entries")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn beside_everything_that_staff_read_stands_the_same_link() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let Scene {
        mut priya,
        mut phone,
        check_in,
        ..
    } = scene(&site).await;
    let (sign_up, request) = a_request(session);
    assert_eq!(phone.does(&request).await, "applied");
    let sign_up_page = format!("/staff/sign-ups/{sign_up}");
    for (read, leads_to) in [
        ("/staff/sign-ups".to_owned(), "/staff/safety/new".to_owned()),
        (
            "/staff/check-ins".to_owned(),
            "/staff/safety/new".to_owned(),
        ),
        (format!("/staff/check-ins/{check_in}"), place(check_in)),
        (sign_up_page.clone(), format!("{sign_up_page}/safety")),
        (
            format!("{sign_up_page}/cancel"),
            format!("{sign_up_page}/safety"),
        ),
    ] {
        let shown = priya.read(&read).await;
        let link = format!("<a href=\"{leads_to}\">I'm worried about someone's safety</a>");
        assert!(shown.contains(&link), "{read}");
        let there = priya.read(&leads_to).await;
        let (what_to_do, form) = (there.find("ring 999"), there.find("<textarea"));
        assert!(what_to_do.is_some() && what_to_do < form, "{leads_to}");
    }
}

#[tokio::test]
async fn a_named_reader_reads_what_was_written_and_each_step_is_in_the_log() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        mut lee,
        lee_id,
        check_in,
        ..
    } = scene(&site).await;
    assert!(lee.read("/staff/sign-ups").await.contains("Safety records"));
    let record = writes(&mut priya, &place(check_in), WORRY).await;
    let nav = lee.read("/staff/sign-ups").await;
    assert!(
        nav.contains("1<span class=\"unseen\"> not opened by you"),
        "{nav}"
    );
    let list = lee.read("/staff/safety").await;
    assert!(list.contains(&record.to_string()) && !list.contains(WORRY));
    let path = format!("/staff/safety/{record}");
    let shown = lee.read(&path).await;
    for words in [
        WORRY,
        "Amina, by phone",
        "23 November 2026, 2.02pm",
        "Visit today",
        "priya",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(
        !lee.read("/staff/sign-ups")
            .await
            .contains("not opened by you")
    );
    let lines = |action| audited(&site, action);
    let of_lee = (lee_id.to_string(), record.to_string());
    assert_eq!(lines("safety.write").await[0].1, record.to_string());
    assert_eq!(lines("safety.read").await, vec![of_lee]);
    assert_eq!(lines("safety.list").await.len(), 1);
}

#[tokio::test]
async fn nobody_else_reads_it_neither_its_writer_nor_an_admin_nor_a_reader_of_before() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        mut lee,
        check_in,
        ..
    } = scene(&site).await;
    let record = writes(&mut priya, &place(check_in), WORRY).await;
    let path = format!("/staff/safety/{record}");
    let ada_id = hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    for other in [&mut priya, &mut ada] {
        for address in ["/staff/safety", &path] {
            let answer = other.open(address).await;
            assert_eq!(answer.status, 403, "{address}");
            assert!(!page(&answer).contains(WORRY));
        }
        let added = other.post(&path, &form(Uuid::now_v7(), "More")).await;
        assert_eq!(added.status, 403);
        assert!(
            !other
                .read("/staff/sign-ups")
                .await
                .contains("Safety records")
        );
    }
    let received = format!("/staff/safety/received/{record}");
    let told = priya.read(&received).await;
    assert!(told.contains("It is written down") && told.contains("lee"));
    assert!(
        !told.contains(WORRY),
        "its writer sees that it was received"
    );
    assert_eq!(ada.open(&received).await.status, 404, "only its writer");
    lee.read(&path).await;
    name_readers(&site, &[ada_id]).await;
    assert_eq!(lee.open(&path).await.status, 403, "from now on");
    assert!(ada.read(&path).await.contains(WORRY));
    assert_eq!(entries(&site).await, 1);
}

#[tokio::test]
async fn members_reach_none_of_it() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        phone,
        check_in,
        ..
    } = scene(&site).await;
    let record = writes(&mut priya, &place(check_in), WORRY).await;
    let cookie = phone.cookie.unwrap();
    for cookie in [
        cookie.clone(),
        cookie.replacen("chorus=", "chorus-staff=", 1),
    ] {
        for path in [
            "/staff/safety".to_owned(),
            "/staff/safety/new".to_owned(),
            "/staff/safety/settings".to_owned(),
            format!("/staff/safety/{record}"),
            format!("/staff/safety/received/{record}"),
            place(check_in),
        ] {
            let request = Request::get(&path).header("cookie", &cookie);
            let answer = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 303, "{path}");
            assert!(answer.header("location").starts_with("/staff/sign-in"));
            let request = Request::post(&path)
                .header("cookie", &cookie)
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(form(Uuid::now_v7(), "A member's words")));
            let answer = site.send(request.unwrap()).await;
            assert!(!answer.status.is_success(), "{path}");
            assert!(!page(&answer).contains(WORRY));
        }
    }
    assert_eq!(entries(&site).await, 1, "nothing was added");
}

#[tokio::test]
async fn a_record_stays_word_for_word_when_the_member_takes_the_check_in_back() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        mut lee,
        mut phone,
        check_in,
        ..
    } = scene(&site).await;
    let record = writes(&mut priya, &place(check_in), WORRY).await;
    let path = format!("/staff/safety/{record}");
    let before = lee.read(&path).await;
    assert_eq!(
        phone.does(&Command::WithdrawCheckIn(check_in)).await,
        "applied"
    );
    let gone: CheckIn = record_of(&mut phone, check_in).await;
    assert_eq!((gone.state, gone.note), (CheckInState::Withdrawn, None));
    let after = lee.read(&path).await;
    let words = |shown: &str| {
        shown[shown.find("<dl").unwrap()..]
            .split("</dl>")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(words(&before), words(&after));
    assert!(words(&after).contains(WORRY));
    // A worry does not end with the withdrawal: it can still be written down beside the first.
    writes(&mut priya, &place(check_in), "And rang me").await;
    let both = lee.read(&path).await;
    assert!(both.contains(WORRY) && both.contains("And rang me"));
}

async fn record_of(phone: &mut Phone<'_>, id: CheckInId) -> CheckIn {
    phone.cursor = None;
    record(&phone.sync(&[]).await, id).expect("its record")
}

#[tokio::test]
async fn what_came_later_is_a_further_entry_and_the_first_stays_as_it_was() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        mut lee,
        check_in,
        ..
    } = scene(&site).await;
    let record = writes(&mut priya, &place(check_in), WORRY).await;
    let path = format!("/staff/safety/{record}");
    let answer = lee
        .post(&path, &form(Uuid::now_v7(), "It was Thursday"))
        .await;
    assert_eq!(answer.status, 303);
    let shown = lee.read(answer.header("location")).await;
    assert!(shown.contains("The entry is kept."));
    assert!(shown.find(WORRY).unwrap() < shown.find("It was Thursday").unwrap());
    let (member, about): (String, String) =
        sqlx::query_as("select member, about from safety_entries where worry = 'It was Thursday'")
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
    assert_eq!(about, check_in.to_string());
    assert!(!member.is_empty());
    let nowhere = format!("/staff/safety/{}", Uuid::now_v7());
    assert_eq!(
        lee.post(&nowhere, &form(Uuid::now_v7(), "x")).await.status,
        404
    );
    assert_eq!(lee.open(&nowhere).await.status, 404);
}

#[tokio::test]
async fn entries_settings_and_readers_can_be_neither_changed_nor_removed() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        check_in,
        ..
    } = scene(&site).await;
    writes(&mut priya, &place(check_in), WORRY).await;
    for tamper in [
        "update safety_entries set worry = 'nothing'",
        "delete from safety_entries",
        "update safety_settings set lead_name = 'nobody'",
        "delete from safety_settings",
        "update safety_readers set staff = 'nobody'",
        "delete from safety_readers",
    ] {
        let write = site.app.writer.run(move |tx| {
            Box::pin(async move {
                sqlx::query(tamper).execute(tx).await?;
                Ok(())
            })
        });
        assert!(write.await.is_err(), "{tamper}");
    }
    assert_eq!(entries(&site).await, 1);
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_entry_and_nobody_elses_id_can_be_taken() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        mut lee,
        check_in,
        ..
    } = scene(&site).await;
    let entry = Uuid::now_v7();
    for _ in 0..2 {
        let answer = priya.post(&place(check_in), &form(entry, WORRY)).await;
        assert_eq!(answer.status, 303);
    }
    assert_eq!(entries(&site).await, 1);
    assert_eq!(audited(&site, "safety.write").await.len(), 1);
    let stolen = lee
        .post("/staff/safety/new", &form(entry, "Other words"))
        .await;
    assert_eq!(stolen.status, 403);
    assert!(page(&stolen).contains("Other words"), "they are given back");
    assert_eq!(entries(&site).await, 1);
}

#[tokio::test]
async fn no_word_is_lost_to_a_mistake_or_to_being_signed_out() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        check_in,
        ..
    } = scene(&site).await;
    let place = place(check_in);
    let missing = priya.post(&place, &form(Uuid::now_v7(), "  ")).await;
    assert_eq!(missing.status, 422);
    let shown = page(&missing);
    for words in [
        "Amina, by phone",
        "2026-11-23T14:02",
        "Visit today",
        "value=\"Amina\"",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    let long = "long ".repeat(1_000);
    let too_long = priya.post(&place, &form(Uuid::now_v7(), &long)).await;
    assert_eq!(too_long.status, 422);
    assert!(page(&too_long).contains(&long));
    let entry = Uuid::now_v7();
    let mut stranger = Desk {
        site: &site,
        cookie: None,
    };
    let answer = stranger.post(&place, &form(entry, WORRY)).await;
    assert_eq!(answer.status, 401);
    let given_back = page(&answer);
    assert!(given_back.contains(WORRY) && given_back.contains("Visit today"));
    assert!(given_back.contains(&entry.to_string()), "the same entry");
    assert_eq!(entries(&site).await, 0);
    // Signed in again, the same form goes through.
    let answer = priya.post(&place, &form(entry, WORRY)).await;
    assert_eq!((answer.status.as_u16(), entries(&site).await), (303, 1));
}

#[tokio::test]
async fn a_worry_is_about_what_its_writer_may_open() {
    let site = Site::new().await;
    let Scene { check_in, .. } = scene(&site).await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    let mut tom = at_the_desk(&site, "tom", &[lookout]).await;
    assert_eq!(tom.open(&place(check_in)).await.status, 404);
    let answer = tom
        .post(&place(check_in), &form(Uuid::now_v7(), WORRY))
        .await;
    assert_eq!(answer.status, 404);
    writes(&mut tom, "/staff/safety/new", WORRY).await;
    assert_eq!(entries(&site).await, 1);
}

#[tokio::test]
async fn with_nobody_named_a_record_is_kept_and_the_page_says_that_nobody_reads_it() {
    let site = Site::new().await;
    let mut jo = at_the_desk(&site, "jo", &[]).await;
    let asked = jo.read("/staff/safety/new").await;
    assert!(asked.contains("Nobody is named to read these yet"));
    let record = writes(&mut jo, "/staff/safety/new", WORRY).await;
    let told = jo.read(&format!("/staff/safety/received/{record}")).await;
    assert!(told.contains("Nobody is named to read it yet"));
    let lee = hire(&site, "lee", Role::Staff, &[]).await;
    name_readers(&site, &[lee]).await;
    let mut lee = signed_in(&site, "lee").await;
    assert!(
        lee.read(&format!("/staff/safety/{record}"))
            .await
            .contains(WORRY)
    );
}

#[tokio::test]
async fn what_is_no_reading_shows_nothing_and_is_not_in_the_log() {
    let site = Site::new().await;
    let Scene {
        mut priya,
        mut lee,
        check_in,
        ..
    } = scene(&site).await;
    let record = writes(&mut priya, &place(check_in), WORRY).await;
    let path = format!("/staff/safety/{record}");
    assert!(lee.send(Method::HEAD, &path, None).await.body.is_empty());
    let ahead = Request::get(&path)
        .header("sec-purpose", "prefetch")
        .header("cookie", lee.cookie.clone().unwrap());
    let ahead = site.send(ahead.body(Body::empty()).unwrap()).await;
    assert_eq!((ahead.status.as_u16(), ahead.body.len()), (503, 0));
    assert!(audited(&site, "safety.read").await.is_empty());
}
