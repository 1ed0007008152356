//! What is about somebody who works here: one independent person's alone, whoever else may do what; and whom members can
//! turn to, as admins set it.

use super::{HOSTILE, WORDS, now, path, press};
use crate::{
    desk::{Desk, escape, hire, page, signed_in},
    experiences::{an_experience, named},
    site::{Phone, Site, record},
};
use app::domain::{
    command::Command,
    experience::{MayUse, Reader, Says, speaking_up::SpeakingUp},
    id::{ExperienceId, IndependentId, StaffId, TeamId},
};
use server::db::{accounts, staff::Role};
use uuid::Uuid;

/// Odile and Bram are independent; Priya is the worker, of the member's own team; Ada is an admin in it.
struct Cast {
    harbour: TeamId,
    odile: StaffId,
    bram: StaffId,
    priya: StaffId,
    to_odile: IndependentId,
    to_bram: IndependentId,
}

async fn cast(site: &Site) -> Cast {
    let harbour = site.team("Harbour", "STAR-1").await;
    let odile = hire(site, "odile", Role::Staff, &[]).await;
    let bram = hire(site, "bram", Role::Staff, &[]).await;
    let priya = hire(site, "priya", Role::Staff, &[harbour]).await;
    hire(site, "ada", Role::Admin, &[harbour]).await;
    Cast {
        harbour,
        to_odile: named(site, odile, "Odile Marsh").await,
        to_bram: named(site, bram, "Bram Reed").await,
        odile,
        bram,
        priya,
    }
}

async fn told_to(phone: &mut Phone<'_>, person: IndependentId) -> ExperienceId {
    let mut it = an_experience(Reader::Independent(person), WORDS);
    it.may_use = MayUse::PublicNamed;
    let said = Command::from(Says::Send(Box::new(it.clone())));
    assert_eq!(phone.does(&said).await, "applied");
    it.experience
}

/// Nothing at the desk says that it is there.
async fn sees_nothing(desk: &mut Desk<'_>, id: ExperienceId) {
    let list = desk.read("/staff/experiences").await;
    assert!(!list.contains(&id.to_string()), "{list}");
    assert!(!list.contains("nobody has read yet"), "no count either");
    assert!(list.contains("<span class=\"count\">0</span>"));
    for what in ["", "/story", "/safety"] {
        let path = format!("{}{what}", path(id));
        assert_eq!(desk.open(&path).await.status, 404, "{path}");
    }
    assert_eq!(press(desk, id, "step=take_on").await, 404);
    let hand_on = format!("step=hand_on&to={}", Uuid::now_v7());
    assert_eq!(press(desk, id, &hand_on).await, 404);
    let report = desk.read("/staff/impact").await;
    assert!(!report.contains(WORDS));
}

async fn reads(desk: &mut Desk<'_>, id: ExperienceId) -> bool {
    desk.open(&path(id)).await.status == 200
}

#[tokio::test]
async fn nobody_but_the_independent_person_sees_that_it_exists() {
    let site = Site::new().await;
    let cast = cast(&site).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told_to(&mut phone, cast.to_odile).await;
    for who in ["bram", "priya", "ada"] {
        sees_nothing(&mut signed_in(&site, who).await, id).await;
    }
    let mut odile = signed_in(&site, "odile").await;
    let list = odile.read("/staff/experiences").await;
    assert!(list.contains(&path(id)) && list.contains("For you alone"));
    let shown = odile.read(&path(id)).await;
    assert!(
        shown.contains(WORDS) && shown.contains("Nobody else on the desk can see that it is here")
    );
    // A worry is not tied to it: who reads about safety would be led here.
    assert!(
        !shown.contains(&format!("{}/safety", path(id))) && shown.contains("/staff/safety/new")
    );
    assert_eq!(
        odile.open(&format!("{}/safety", path(id))).await.status,
        404
    );
    assert_eq!(press(&mut odile, id, "step=take_on").await, 303);
    assert_eq!(
        press(&mut odile, id, "step=tag&tag=A+word+of+hers").await,
        303
    );
    // Under the name that the member picked.
    let it = now(&mut phone, id).await;
    assert_eq!(it.seen_by.as_deref(), Some("Odile Marsh"));
    assert_eq!(it.taken_on_by.as_deref(), Some("Odile Marsh"));

    // It is in the log, and nobody on the desk is shown that.
    let lines: i64 = sqlx::query_scalar("select count(*) from audit where kind = 'independent'")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(lines, 3);
    let mut ada = signed_in(&site, "ada").await;
    let log = ada.read("/staff/audit").await;
    assert!(
        !log.contains(&id.to_string()) && !log.contains("independent."),
        "{log}"
    );
    assert!(
        !log.contains("value=\"independent\""),
        "nor can it be asked for"
    );
    for query in ["kind=independent", "did=independent.read"] {
        let log = ada.read(&format!("/staff/audit?{query}")).await;
        assert!(!log.contains(&id.to_string()) && log.contains("No line fits"));
    }
    let member = format!("/staff/audit?about={}", escape(&id.to_string()));
    assert!(ada.read(&member).await.contains("No line fits"));
    let mut priya = signed_in(&site, "priya").await;
    let tags = priya.read("/staff/experiences").await;
    assert!(!tags.contains("A word of hers"));
    // No story is told of it, whatever its member allows.
    let story = format!("{}/story", path(id));
    assert_eq!(odile.open(&story).await.status, 404);
    let written = odile.post(&story, "step=write&text=Hello&version=0").await;
    assert_eq!(written.status, 404);
    for who in ["bram", "priya", "ada"] {
        sees_nothing(&mut signed_in(&site, who).await, id).await;
    }
}

#[tokio::test]
async fn whom_it_is_about_is_shut_out_for_good_whatever_they_become() {
    let site = Site::new().await;
    let cast = cast(&site).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told_to(&mut phone, cast.to_odile).await;
    let mut odile = signed_in(&site, "odile").await;
    let about = |who: StaffId| format!("step=about&staff={who}");
    assert_eq!(
        press(&mut odile, id, &about(cast.odile)).await,
        409,
        "not while she reads it"
    );
    assert_eq!(
        press(&mut odile, id, &about(StaffId(Uuid::now_v7()))).await,
        409
    );
    assert_eq!(press(&mut odile, id, &about(cast.priya)).await, 303);
    assert!(odile.read(&path(id)).await.contains("<li>priya</li>"));
    // Neither phones nor the log on the desk say whom.
    let told = serde_json::to_string(&now(&mut phone, id).await).unwrap();
    assert!(!told.contains("priya") && !told.contains(&cast.priya.to_string()));

    // Even as an admin who is independent, and to whom somebody tries to give it.
    let to_priya = named(&site, cast.priya, "Priya Sand").await;
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            sqlx::query("update staff set role = 'admin' where id = $1")
                .bind(cast.priya.to_string())
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    });
    work.await.unwrap();
    let give = |to: IndependentId| format!("step=hand_on&to={to}");
    assert!(!odile.read(&path(id)).await.contains(&to_priya.to_string()));
    assert_eq!(press(&mut odile, id, &give(to_priya)).await, 409);
    assert_eq!(
        press(&mut odile, id, &give(cast.to_odile)).await,
        409,
        "it is hers already"
    );
    assert_eq!(
        press(&mut odile, id, &give(IndependentId(Uuid::now_v7()))).await,
        409
    );
    sees_nothing(&mut signed_in(&site, "priya").await, id).await;

    // Also where the row itself said that it is theirs.
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            sqlx::query("update experiences set independent = $1 where id = $2")
                .bind(to_priya.to_string())
                .bind(id.to_string())
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    });
    work.await.unwrap();
    sees_nothing(&mut signed_in(&site, "priya").await, id).await;
}

#[tokio::test]
async fn it_goes_to_another_independent_person_alone_and_its_member_reads_to_whom() {
    let site = Site::new().await;
    let cast = cast(&site).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told_to(&mut phone, cast.to_odile).await;
    let mut odile = signed_in(&site, "odile").await;
    let mut bram = signed_in(&site, "bram").await;
    assert!(reads(&mut odile, id).await && !reads(&mut bram, id).await);
    // It is about Odile herself.
    let give = format!("step=hand_on&to={}&me=yes", cast.to_bram);
    assert_eq!(press(&mut odile, id, &give).await, 303);
    assert!(!reads(&mut odile, id).await && reads(&mut bram, id).await);
    sees_nothing(&mut odile, id).await;
    let it = now(&mut phone, id).await;
    assert_eq!(
        (it.reader.as_deref(), it.independent),
        (Some("Bram Reed"), Some(cast.to_bram))
    );
    assert_eq!(it.taken_on_by.as_deref(), Some("Bram Reed"));
    // It is not given back to her.
    assert_eq!(
        press(&mut bram, id, &format!("step=hand_on&to={}", cast.to_odile)).await,
        409
    );
    assert!(
        bram.read(&path(id))
            .await
            .contains("There is nobody else it can be given to")
    );
    // Who stopped working here reads nothing.
    let work = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { accounts::stop(tx, cast.bram, Some(5)).await }));
    work.await.unwrap();
    assert_ne!(bram.open(&path(id)).await.status, 200);
}

#[tokio::test]
async fn what_a_team_reads_is_handed_to_nobody_and_about_nobody() {
    let site = Site::new().await;
    let cast = cast(&site).await;
    let mut phone = site.joined("STAR-1").await;
    let id = super::told(&mut phone, cast.harbour, |_| {}).await;
    let mut priya = signed_in(&site, "priya").await;
    let shown = priya.read(&path(id)).await;
    assert!(!shown.contains("Whom it is about") && !shown.contains("another independent"));
    assert_eq!(
        press(&mut priya, id, &format!("step=hand_on&to={}", cast.to_bram)).await,
        404
    );
    assert_eq!(
        press(&mut priya, id, &format!("step=about&staff={}", cast.bram)).await,
        404
    );
    // An independent person is nobody there.
    let mut odile = signed_in(&site, "odile").await;
    assert!(!reads(&mut odile, id).await);
}

#[tokio::test]
async fn a_change_that_began_there_says_nothing_of_where() {
    let site = Site::new().await;
    let cast = cast(&site).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told_to(&mut phone, cast.to_odile).await;
    let mut odile = signed_in(&site, "odile").await;
    let change = super::begins(&mut odile, id).await;
    let plan = super::plan_of(&site, change).await;
    assert_eq!(plan.you_said, "", "although it may be told in public");
    let mut ada = signed_in(&site, "ada").await;
    let draft = ada.read(&crate::changes::path(change)).await;
    assert!(!draft.contains("experience") || !draft.contains("came from an experience"));
    assert!(odile.read(&path(id)).await.contains(&change.to_string()));
}

const SETTINGS: &str = "/staff/experiences/settings";

async fn turn_to(phone: &mut Phone<'_>) -> SpeakingUp {
    phone.cursor = None;
    record(&phone.sync(&[]).await, Uuid::nil()).unwrap_or_default()
}

#[tokio::test]
async fn admins_name_independent_people_and_every_phone_knows() {
    let site = Site::new().await;
    let odile = hire(&site, "odile", Role::Staff, &[]).await;
    let lee = hire(&site, "lee", Role::Lead, &[]).await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let mut other = signed_in(&site, "odile").await;
    assert_eq!(other.open(SETTINGS).await.status, 403);
    let form = |staff: StaffId, name: &str| {
        let name = escape(name);
        format!("step=person&staff={staff}&name={name}&role=A+trustee&reach=01632+960222&place=1")
    };
    assert_eq!(
        other.post(SETTINGS, &form(odile, "Odile")).await.status,
        403
    );
    assert!(ada.read(SETTINGS).await.contains("Nobody is named yet"));
    // What is missing is said, and what was typed comes back.
    let missing = ada
        .post(
            SETTINGS,
            &form(odile, "  ").replace("A+trustee", "Kept+words"),
        )
        .await;
    assert_eq!(missing.status, 422);
    assert!(page(&missing).contains("value=\"Kept words\""));
    assert_eq!(
        ada.post(SETTINGS, &form(lee, "Lee")).await.status,
        404,
        "no lead"
    );
    assert_eq!(ada.post(SETTINGS, &form(odile, HOSTILE)).await.status, 303);
    let mut phone = site.member().await;
    let people = turn_to(&mut phone).await.people;
    assert_eq!((people.len(), people[0].name.as_str()), (1, HOSTILE));
    let shown = ada.read(SETTINGS).await;
    assert!(shown.contains("&lt;script&gt;") && !shown.contains("<script>alert"));
    // The same person under another name, and never another account.
    let id = people[0].id;
    let again = format!("{}&id={id}", form(odile, "Odile Marsh"));
    assert_eq!(ada.post(SETTINGS, &again).await.status, 303);
    assert_eq!(turn_to(&mut phone).await.people[0].name, "Odile Marsh");
    let another = hire(&site, "bram", Role::Staff, &[]).await;
    let swapped = format!("{}&id={id}", form(another, "Bram"));
    assert_eq!(ada.post(SETTINGS, &swapped).await.status, 404);
    assert_eq!(
        ada.post(SETTINGS, &format!("step=unname&id={id}"))
            .await
            .status,
        303
    );
    assert_eq!(turn_to(&mut phone).await, SpeakingUp::default());
    let log = ada.read("/staff/audit").await;
    assert!(log.contains("Named an independent person no more"));
}

#[tokio::test]
async fn admins_say_whom_to_turn_to_outside() {
    let site = Site::new().await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let mut phone = site.member().await;
    let form = |number: &str| {
        format!(
            "step=line&kind=advocacy&label=Harbour+Advocacy&number={number}&address=&words=Free&place=1"
        )
    };
    let missing = ada.post(SETTINGS, &form("")).await;
    assert_eq!(missing.status, 422);
    assert!(page(&missing).contains("value=\"Harbour Advocacy\""));
    assert_eq!(ada.post(SETTINGS, &form("01632+960333")).await.status, 303);
    let lines = turn_to(&mut phone).await.lines;
    assert_eq!((lines.len(), lines[0].number.as_str()), (1, "01632 960333"));
    let shown = ada.read(SETTINGS).await;
    let (_, rest) = shown.split_once("Harbour Advocacy</h3>").unwrap();
    let (_, rest) = rest.split_once("name=\"id\" value=\"").unwrap();
    let id = rest.split('"').next().unwrap().to_owned();
    let again = format!("{}&id={id}", form("01632+960444"));
    assert_eq!(ada.post(SETTINGS, &again).await.status, 303);
    let lines = turn_to(&mut phone).await.lines;
    assert_eq!((lines.len(), lines[0].number.as_str()), (1, "01632 960444"));
    assert_eq!(
        ada.post(SETTINGS, &format!("step=remove&id={id}"))
            .await
            .status,
        303
    );
    assert_eq!(turn_to(&mut phone).await.lines, []);
}
