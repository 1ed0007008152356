//! When teams read: what phones are told, and what becomes of a reading time that passes unopened.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    experiences::an_experience,
    site::{Phone, Site, record},
    sync::a_share,
};
use app::domain::{
    command::Command,
    experience::{Experience, Reader, Says},
    hours::{Hours, parse_openings},
    id::{CheckInId, TeamId},
    record::CheckIn,
    team::Team,
    time::{DAY_MS, Millis, rfc3339},
};
use server::{
    clock,
    db::{
        staff::Role,
        teams::{self, Details},
    },
    reading,
    state::Arrival,
};

async fn reads_every_day(site: &Site, team: TeamId, name: &str) {
    let details = Details {
        name: name.to_owned(),
        hours: Some(Hours {
            zone: "Europe/London".into(),
            openings: parse_openings("mon-sun 09:00-17:00").unwrap(),
            closed: Vec::new(),
        }),
        phone: Some("01632 960 101".into()),
        cover: None,
    };
    let change = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { teams::change(tx, team, &details).await }));
    change.await.unwrap();
}

async fn shared(phone: &mut Phone<'_>, team: TeamId) -> CheckInId {
    let (id, share) = a_share(team);
    assert_eq!(phone.does(&share).await, "applied");
    id
}

async fn told(phone: &mut Phone<'_>, team: TeamId) -> Team {
    phone.cursor = None;
    record(&phone.sync(&[]).await, team).expect("the team")
}

async fn seen(phone: &mut Phone<'_>, id: CheckInId) -> CheckIn {
    phone.cursor = None;
    record(&phone.sync(&[]).await, id).expect("the check-in")
}

/// Two days on: every reading time of a daily team that was promised now has passed.
fn later() -> Millis {
    clock::now_ms() + 2 * DAY_MS
}

#[tokio::test]
async fn a_reading_time_that_passes_unopened_is_told_and_stands_first() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    reads_every_day(&site, harbour, "Harbour").await;
    let mut phone = site.joined("STAR-1").await;
    let (late, opened) = (
        shared(&mut phone, harbour).await,
        shared(&mut phone, harbour).await,
    );
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    desk.read(&format!("/staff/check-ins/{opened}")).await;
    site.app
        .writer
        .reading_times_passed(clock::now_ms())
        .await
        .unwrap();
    assert_eq!(
        seen(&mut phone, late).await.passed_at,
        None,
        "its time has not passed yet"
    );

    let mut arrivals = site.app.arrivals.subscribe();
    site.app.writer.reading_times_passed(later()).await.unwrap();
    assert_eq!(arrivals.recv().await.unwrap(), Arrival::CheckIn(harbour));
    let passed_at = seen(&mut phone, late).await.passed_at;
    assert!(passed_at.is_some_and(|at| at < rfc3339(later())));
    assert_eq!(seen(&mut phone, opened).await.passed_at, None);
    // Who asks for something now stands behind it.
    let asks = asks_for_a_call(&mut phone, harbour).await;
    let list = desk.read("/staff/check-ins").await;
    assert!(list.contains("Promised by "), "{list}");
    let place = |id: CheckInId| list.find(&id.to_string()).expect("it is listed");
    assert!(place(late) < place(asks));

    // Opening it ends it.
    desk.read(&format!("/staff/check-ins/{late}")).await;
    assert_eq!(seen(&mut phone, late).await.passed_at, None);
    assert!(!desk.read("/staff/check-ins").await.contains("Promised by "));
}

async fn asks_for_a_call(phone: &mut Phone<'_>, team: TeamId) -> CheckInId {
    let (id, command) = a_share(team);
    let Command::ShareCheckIn(mut share) = command else {
        unreachable!("a_share makes a share");
    };
    share.wants = app::domain::check_in::Wants::Call;
    assert_eq!(phone.does(&Command::ShareCheckIn(share)).await, "applied");
    id
}

#[tokio::test]
async fn a_team_without_hours_has_promised_no_time() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour).await;
    site.app.writer.reading_times_passed(later()).await.unwrap();
    assert_eq!(seen(&mut phone, id).await.passed_at, None);
    let team = told(&mut phone, harbour).await;
    assert!(team.reads.is_empty());
    assert_eq!(team.hours, "Monday to Friday, 9 to 5", "as it was typed");
}

#[tokio::test]
async fn what_was_told_and_nobody_opened_is_said_too() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    reads_every_day(&site, harbour, "Harbour").await;
    let mut phone = site.joined("STAR-1").await;
    let it = an_experience(Reader::Team(harbour), "x");
    let id = it.experience;
    let tell = Command::from(Says::Send(Box::new(it)));
    assert_eq!(phone.does(&tell).await, "applied");
    let passed = async |phone: &mut Phone<'_>| {
        phone.cursor = None;
        let told: Option<Experience> = record(&phone.sync(&[]).await, id);
        told.expect("it").passed_at
    };
    let mut arrivals = site.app.arrivals.subscribe();
    let writer = &site.app.writer;
    writer.reading_times_passed(clock::now_ms()).await.unwrap();
    assert_eq!(passed(&mut phone).await, None, "it has not passed yet");
    writer.reading_times_passed(later()).await.unwrap();
    let reader = Reader::Team(harbour);
    assert_eq!(arrivals.recv().await.unwrap(), Arrival::Experience(reader));
    assert!(
        passed(&mut phone)
            .await
            .is_some_and(|at| at < rfc3339(later()))
    );
    phone.does(&Command::from(Says::Withdraw(id))).await;
    assert_eq!(passed(&mut phone).await, None);
}

#[tokio::test]
async fn what_was_taken_back_is_late_for_nobody() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    reads_every_day(&site, harbour, "Harbour").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour).await;
    phone.does(&Command::WithdrawCheckIn(id)).await;
    site.app.writer.reading_times_passed(later()).await.unwrap();
    assert_eq!(seen(&mut phone, id).await.passed_at, None);
}

#[tokio::test]
async fn phones_are_told_of_reading_times_ahead_and_again_when_they_run_low() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut early = site.joined("STAR-1").await;
    assert!(told(&mut early, harbour).await.reads.is_empty());
    reads_every_day(&site, harbour, "Harbour").await;
    let now = clock::now_ms();
    reading::refresh(&site.app, now).await.unwrap();
    let first = told(&mut early, harbour).await;
    assert_eq!(first.hours, "every day, 9am to 5pm");
    assert!(
        (34..=36).contains(&first.reads.len()),
        "{}",
        first.reads.len()
    );
    assert!(first.reads[0].1 > rfc3339(now));

    // A week on they know enough; two and a half weeks on they are told anew.
    let weeks = |days: i64| now + days * DAY_MS;
    let cursor = early.cursor.clone();
    reading::refresh(&site.app, weeks(7)).await.unwrap();
    early.cursor.clone_from(&cursor);
    assert!(early.sync(&[]).await.changes.is_empty());
    reading::refresh(&site.app, weeks(18)).await.unwrap();
    let again = told(&mut early, harbour).await;
    assert!(again.reads.last() > first.reads.last());
    assert!(again.reads[0].1 > rfc3339(weeks(18)));
}

const WEEK: &str =
    "mon=09%3A00-12%3A00%2C+13%3A00-17%3A00&tue=09%3A00-17%3A00&wed=&thu=&fri=&sat=&sun=";

async fn admin<'a>(site: &'a Site, team: TeamId) -> Desk<'a> {
    hire(site, "ada", Role::Admin, &[team]).await;
    signed_in(site, "ada").await
}

#[tokio::test]
async fn an_admin_changes_a_team_and_its_members_phones_learn_of_it() {
    let site = Site::new().await;
    let (harbour, lookout) = (
        site.team("Harbour", "STAR-1").await,
        site.team("Lookout", "LOOK-1").await,
    );
    let mut phone = site.joined("STAR-1").await;
    let mut ada = admin(&site, lookout).await;
    let path = format!("/staff/teams/{harbour}");
    assert!(ada.read("/staff/teams").await.contains(&path));
    let form = format!(
        "name=Harbour+team&phone={}&zone=Europe%2FLondon&cover={lookout}&closed=2026-12-25&{WEEK}",
        escape("01632 960 101")
    );
    let kept = ada.post(&path, &form).await;
    assert_eq!(kept.status, 303, "{}", page(&kept));
    let team = told(&mut phone, harbour).await;
    assert_eq!(team.name, "Harbour team");
    assert_eq!(
        team.hours,
        "Monday, 9am to 12pm and 1pm to 5pm; Tuesday, 9am to 5pm"
    );
    assert_eq!(team.cover.as_deref(), Some("Lookout"));
    assert_eq!(team.phone.as_deref(), Some("01632 960 101"));
    assert!(!team.reads.is_empty());
    assert!(ada.read(&path).await.contains("09:00-12:00, 13:00-17:00"));
    assert!(ada.read("/staff/audit").await.contains("Changed a team"));
    // The covering team's new name is told too.
    let form = format!("name=Night+team&phone=&zone=UTC&cover=&closed=&{WEEK}");
    ada.post(&format!("/staff/teams/{lookout}"), &form).await;
    let team = told(&mut phone, harbour).await;
    assert_eq!(team.cover.as_deref(), Some("Night team"));
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_given_back() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut ada = admin(&site, harbour).await;
    let path = format!("/staff/teams/{harbour}");
    let rest = "tue=&wed=&thu=&fri=&sat=&sun=";
    for (form, said) in [
        (
            format!("name=H&zone=UTC&mon=nine+to+five&{rest}"),
            "Monday: these are no times",
        ),
        (
            format!("name=H&zone=UTC&mon=09%3A00-12%3A00%2C11%3A00-13%3A00&{rest}"),
            "two of the times overlap",
        ),
        (format!("name=+&zone=UTC&mon=&{rest}"), "write a name"),
        (format!("name=H&zone=Moon&mon=&{rest}"), "no time zone"),
        (
            format!("name=H&zone=UTC&closed=soon&mon=&{rest}"),
            "closed day is no date",
        ),
        (
            format!("name=H&zone=UTC&cover={harbour}&mon=&{rest}"),
            "cannot cover for itself",
        ),
    ] {
        let answer = ada.post(&path, &form).await;
        assert_eq!(answer.status, 422, "{form}");
        assert!(page(&answer).contains(said), "{said}: {}", page(&answer));
    }
    let answer = ada
        .post(&path, &format!("name=H&zone=UTC&mon=nine+to+five&{rest}"))
        .await;
    assert!(page(&answer).contains("nine to five"));
}

#[tokio::test]
async fn teams_are_changed_by_admins_alone() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    let path = format!("/staff/teams/{harbour}");
    assert_eq!(desk.open("/staff/teams").await.status, 403);
    assert_eq!(desk.open(&path).await.status, 403);
    let form = format!("name=Mine&zone=UTC&{WEEK}");
    assert_eq!(desk.post(&path, &form).await.status, 403);
    let mut nobody = Desk {
        site: &site,
        cookie: None,
    };
    assert_eq!(nobody.post(&path, &form).await.status, 303);
    let mut reader = site.app.db.reader().await.unwrap();
    assert_eq!(
        teams::find(&mut reader, harbour).await.unwrap().name,
        "Harbour"
    );
}
