//! Mail to staff: a number and an address, once for each chosen time, through a real SMTP server.

use crate::{
    desk::{Desk, at_the_desk, hire, page, signed_in},
    site::{Phone, Site},
    sync::a_share,
};
use app::domain::{
    check_in::Feeling,
    command::Command,
    contact::{Contact, ContactBy},
    id::{StaffId, TeamId},
    time::Millis,
};
use server::{
    db::{
        mail::{self, Usual},
        staff::Role,
    },
    mail::{Post, tick, times::Times},
    state::App,
};
use tests::outside::smtp::{Mood, Smtp};

/// Monday 23 November 2026, 9am in London, and an hour in milliseconds.
const NINE: Millis = 1_795_424_400_000;
const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;

/// A site with mail, its server, and Priya of Harbour, who wants to be told on weekdays at 9.
struct Scene {
    site: Site,
    smtp: Smtp,
    post: Post,
    priya: StaffId,
    harbour: TeamId,
}

async fn scene() -> Scene {
    let smtp = Smtp::start().await.unwrap();
    let url = smtp.url();
    let site = Site::with(|config| {
        config.smtp_url = Some(url);
        config.mail_from = Some("Chorus <chorus@charity.example>".to_owned());
        config.public_url = Some("http://chorus.charity.example".to_owned());
    })
    .await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let priya = hire(&site, "priya", Role::Staff, &[harbour]).await;
    chooses(
        &site.app,
        priya,
        Some(&weekdays_at_nine()),
        NINE - 24 * HOUR,
    )
    .await;
    Scene {
        post: Post::open(&site.app.config).unwrap().unwrap(),
        site,
        smtp,
        priya,
        harbour,
    }
}

fn weekdays_at_nine() -> Times {
    Times {
        days: (1..=5).collect(),
        minutes: [9 * 60].into(),
    }
}

async fn chooses(app: &App, staff: StaffId, times: Option<&Times>, at: Millis) {
    let times = times.cloned();
    let choose = app
        .writer
        .run(move |tx| Box::pin(async move { mail::choose(tx, at, staff, times.as_ref()).await }));
    choose.await.unwrap();
}

impl Scene {
    async fn ticks(&self, at: Millis) {
        tick(&self.site.app, &self.post, at).await.unwrap();
    }

    /// A member shares something that nobody has opened yet.
    async fn something_waits(&self) -> Phone<'_> {
        let mut phone = self.site.joined("STAR-1").await;
        let (_, Command::ShareCheckIn(mut share)) = a_share(self.harbour) else {
            unreachable!("a_share makes a share");
        };
        share.note = Some("Words of mine alone".to_owned());
        share.feeling = Some(Feeling::VeryHard);
        share.contact = Some(Contact {
            by: ContactBy::Email,
            value: "member@home.example".to_owned(),
            safe_to_leave_message: true,
        });
        assert_eq!(phone.does(&Command::ShareCheckIn(share)).await, "applied");
        phone
    }

    /// State, attempts and last error of every job, in order of time.
    async fn jobs(&self) -> Vec<(String, i64, Option<String>)> {
        sqlx::query_as("select state, attempts, last_error from mail_jobs order by due_at, staff")
            .fetch_all(&self.site.app.db.pool)
            .await
            .unwrap()
    }
}

fn job(state: &str, attempts: i64, error: Option<&str>) -> (String, i64, Option<String>) {
    (state.to_owned(), attempts, error.map(str::to_owned))
}

#[tokio::test]
async fn one_mail_for_a_chosen_time_and_its_bytes_hold_a_number_and_an_address_alone() {
    let scene = scene().await;
    scene.something_waits().await;
    scene.ticks(NINE - SECOND).await;
    assert!(scene.smtp.mails().is_empty(), "not before its time");
    for after in [0, 15 * SECOND, 16 * MINUTE, HOUR, 3 * HOUR] {
        scene.ticks(NINE + after).await;
    }
    let mails = scene.smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        mails[0].to,
        ["RCPT TO:<priya@demo.example>"],
        "staff, never members"
    );
    let data = &mails[0].data;
    assert!(
        data.contains("Subject: 1 thing is waiting in Chorus\n"),
        "{data}"
    );
    assert!(data.contains("\nhttp://chorus.charity.example/staff\n"));
    assert!(data.contains("Auto-Submitted: auto-generated"));
    let lower = data.to_lowercase();
    for never in [
        "words of mine",
        "hard",
        "feeling",
        "check",
        "sign-up",
        "safety",
        "home.example",
        "harbour",
        "mental",
        "health",
        "crisis",
        "@localhost",
    ] {
        assert!(!lower.contains(never), "{never}: {data}");
    }
    assert!(
        !lower.replace("priya@demo.example", "").contains("priya"),
        "no name"
    );
    assert_eq!(scene.jobs().await, [job("sent", 1, None)]);
    scene.ticks(NINE + 24 * HOUR).await;
    assert_eq!(scene.smtp.mails().len(), 2, "the next day's own");
}

#[tokio::test]
async fn when_nothing_waits_the_mail_server_is_not_even_rung() {
    let scene = scene().await;
    scene.ticks(NINE).await;
    scene.something_waits().await;
    scene.ticks(NINE + MINUTE).await;
    assert_eq!(*scene.smtp.talks.borrow(), 0);
    assert_eq!(scene.jobs().await, [job("nothing", 0, None)]);
}

#[tokio::test]
async fn a_mail_waits_for_a_server_that_is_down_and_goes_once_when_it_is_up() {
    let mut scene = scene().await;
    scene.something_waits().await;
    scene.smtp.goes_down();
    scene.ticks(NINE).await;
    assert_eq!(scene.jobs().await, [job("waiting", 1, Some("unreachable"))]);
    scene.ticks(NINE + 61 * SECOND).await;
    scene.smtp.comes_up().await.unwrap();
    scene.ticks(NINE + 90 * SECOND).await;
    assert!(scene.smtp.mails().is_empty(), "each wait is longer");
    for later in [4, 5, 60] {
        scene.ticks(NINE + later * MINUTE).await;
    }
    assert_eq!(scene.smtp.mails().len(), 1);
    assert_eq!(scene.jobs().await, [job("sent", 3, None)]);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_one_that_refuses_is_not() {
    let scene = scene().await;
    scene.something_waits().await;
    scene.smtp.mood(Mood::Busy);
    scene.ticks(NINE).await;
    let after = scene.jobs().await;
    assert_eq!(
        after,
        [job("waiting", 1, Some("451"))],
        "the code, never the words"
    );
    scene.smtp.mood(Mood::Takes);
    scene.ticks(NINE + 2 * MINUTE).await;
    assert_eq!(scene.smtp.mails().len(), 1);
    scene.smtp.mood(Mood::Refuses);
    scene.ticks(NINE + 24 * HOUR).await;
    scene.smtp.mood(Mood::Takes);
    scene.ticks(NINE + 25 * HOUR).await;
    assert_eq!(scene.smtp.mails().len(), 1);
    assert_eq!(scene.jobs().await[1], job("given_up", 1, Some("550")));
}

#[tokio::test]
async fn a_line_that_breaks_after_the_mail_went_out_sends_it_no_second_time() {
    let scene = scene().await;
    scene.something_waits().await;
    scene.smtp.mood(Mood::HangsUp);
    scene.ticks(NINE).await;
    scene.smtp.mood(Mood::Takes);
    for later in [1, 5, 60] {
        scene.ticks(NINE + later * MINUTE).await;
    }
    assert_eq!(scene.smtp.mails().len(), 1, "it may have arrived");
    assert_eq!(scene.jobs().await, [job("claimed", 1, Some("broken"))]);
}

#[tokio::test]
async fn what_waits_outlives_a_restart_and_two_at_once_send_it_once() {
    let mut scene = scene().await;
    scene.something_waits().await;
    scene.smtp.goes_down();
    scene.ticks(NINE).await;
    let again = App::open((*scene.site.app.config).clone()).await.unwrap();
    scene.smtp.comes_up().await.unwrap();
    let at = NINE + 2 * MINUTE;
    let (one, other) = tokio::join!(
        tick(&scene.site.app, &scene.post, at),
        tick(&again, &scene.post, at)
    );
    // PostgreSQL may tell whoever was second that the other was first: that one has sent nothing, and looks again.
    assert!(one.is_ok() || other.is_ok(), "{one:?}, {other:?}");
    scene.ticks(at + SECOND).await;
    tick(&again, &scene.post, at + SECOND).await.unwrap();
    assert_eq!(scene.smtp.mails().len(), 1);
}

#[tokio::test]
async fn a_time_that_is_long_past_is_dropped() {
    let mut scene = scene().await;
    scene.something_waits().await;
    scene.smtp.goes_down();
    scene.ticks(NINE).await;
    scene.smtp.comes_up().await.unwrap();
    scene.ticks(NINE + 2 * HOUR + SECOND).await;
    assert_eq!(scene.jobs().await, [job("given_up", 1, Some("late"))]);
    // A server that was off all morning does not make up for it either.
    scene.ticks(NINE + 27 * HOUR).await;
    assert!(scene.smtp.mails().is_empty());
    assert_eq!(scene.jobs().await.len(), 1);
}

#[tokio::test]
async fn the_usual_times_hold_for_those_who_chose_nothing() {
    let scene = scene().await;
    scene.something_waits().await;
    hire(&scene.site, "jo", Role::Staff, &[scene.harbour]).await;
    let never = hire(&scene.site, "tom", Role::Staff, &[scene.harbour]).await;
    chooses(&scene.site.app, never, Some(&Times::default()), 0).await;
    chooses(&scene.site.app, scene.priya, Some(&Times::default()), 0).await;
    let usual = Usual {
        times: weekdays_at_nine(),
        since: NINE - HOUR,
    };
    let set = scene
        .site
        .app
        .writer
        .run(move |tx| Box::pin(async move { mail::set_usual(tx, &usual).await }));
    scene.ticks(NINE).await;
    assert!(scene.smtp.mails().is_empty(), "by default nobody is told");
    set.await.unwrap();
    scene.ticks(NINE + SECOND).await;
    let to: Vec<String> = scene
        .smtp
        .mails()
        .into_iter()
        .flat_map(|mail| mail.to)
        .collect();
    assert_eq!(to, ["RCPT TO:<jo@demo.example>"]);
}

#[tokio::test]
async fn who_left_gets_no_mail_and_a_time_chosen_after_it_is_for_tomorrow() {
    let scene = scene().await;
    scene.something_waits().await;
    chooses(
        &scene.site.app,
        scene.priya,
        Some(&weekdays_at_nine()),
        NINE + MINUTE,
    )
    .await;
    scene.ticks(NINE + 2 * MINUTE).await;
    assert!(scene.jobs().await.is_empty());
    let leave = scene.site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::query("update staff set stopped_at = 1")
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    leave.await.unwrap();
    scene.ticks(NINE + 24 * HOUR).await;
    assert!(scene.smtp.mails().is_empty());
}

async fn own_times(desk: &mut Desk<'_>) -> String {
    desk.read("/staff/mail").await
}

const WEEKDAY_FORM: &str = "day=1&day=3&time=09%3A00&time=&time=14%3A30&do=keep";

#[tokio::test]
async fn everyone_sets_their_own_times_and_nobody_elses() {
    let site = Site::new().await;
    let jo_id = hire(&site, "jo", Role::Staff, &[]).await;
    let mut jo = signed_in(&site, "jo").await;
    let mut tom = at_the_desk(&site, "tom", &[]).await;
    assert!(
        own_times(&mut jo)
            .await
            .contains("You have chosen no times")
    );
    assert!(own_times(&mut jo).await.contains("Email is not set up"));
    let sneaky = format!("{WEEKDAY_FORM}&staff={jo_id}&id={jo_id}");
    assert_eq!(tom.post("/staff/mail", &sneaky).await.status, 303);
    assert!(
        own_times(&mut tom)
            .await
            .contains("Monday, Wednesday: 9am, 2.30pm.")
    );
    assert!(
        own_times(&mut jo)
            .await
            .contains("You have chosen no times")
    );
    for path in [
        format!("/staff/mail/{jo_id}"),
        format!("/staff/mail?staff={jo_id}"),
    ] {
        let answer = tom.open(&path).await;
        assert!(answer.status == 404 || page(&answer).contains("Monday, Wednesday"));
    }
    let wrong = tom.post("/staff/mail", "day=2&time=noon&do=keep").await;
    assert_eq!(wrong.status, 422);
    assert!(page(&wrong).contains("value=\"noon\""), "it is given back");
    tom.post("/staff/mail", "do=never").await;
    assert!(own_times(&mut tom).await.contains("You get no email."));
    tom.post("/staff/mail", "do=usual").await;
    assert!(
        own_times(&mut tom)
            .await
            .contains("You have chosen no times")
    );
}

#[tokio::test]
async fn the_usual_times_are_for_admins_to_set_and_members_reach_neither() {
    let site = Site::new().await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let mut jo = at_the_desk(&site, "jo", &[]).await;
    assert!(
        !own_times(&mut jo)
            .await
            .contains("Usual times for everyone")
    );
    assert_eq!(jo.post("/staff/mail/usual", WEEKDAY_FORM).await.status, 403);
    assert_eq!(
        ada.post("/staff/mail/usual", WEEKDAY_FORM).await.status,
        303
    );
    let told = "usual times: Monday, Wednesday: 9am, 2.30pm.";
    assert!(own_times(&mut jo).await.contains(told));
    assert!(
        ada.read("/staff/audit")
            .await
            .contains("Changed when staff are told by email")
    );
    let phone = site.member().await;
    let mut member = Desk {
        site: &site,
        cookie: phone.cookie,
    };
    for path in ["/staff/mail", "/staff/mail/usual"] {
        let answer = member.post(path, WEEKDAY_FORM).await;
        assert_eq!(answer.status, 303);
        assert!(answer.header("location").starts_with("/staff/sign-in"));
    }
}
