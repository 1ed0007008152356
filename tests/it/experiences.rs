//! What members say about their experience: one reader has it and nobody else, how it may be used is theirs to say, and a
//! story is out only as they approved it, for as long as they like.

mod sqlite;
mod told;

use crate::{
    desk::hire,
    site::{Phone, Site, record, said, wire},
    taken_back::gone,
};
use app::domain::{
    care::{By, CareState},
    command::Command,
    experience::{
        CONSENT_VERSION, Experience, Link, LinkState, MayUse, Reader, Says, Send, Stage, Use,
        UsedIn,
        speaking_up::{Independent, Line, LineKind, SpeakingUp},
    },
    id::{ExperienceId, IndependentId, StaffId},
};
use serde_json::json;
use server::{
    db::{
        accounts,
        experiences::{self, ExperienceRow, people, people::Named},
        staff::Role,
    },
    retention, verify,
};
use sqlx::Row;
use uuid::Uuid;

const WORDS: &str = "Kingfisher in the corridor";

/// What somebody says to this reader.
pub fn an_experience(reader: Reader, words: &str) -> Send {
    Send {
        experience: ExperienceId(Uuid::now_v7()),
        stage: Some(Stage::CrisisCare),
        good: Some(words.to_owned()),
        different: Some("A quieter room".to_owned()),
        when_about: Some("Last winter".to_owned()),
        may_use: MayUse::PublicNamed,
        name: Some("Kit of the quay".to_owned()),
        may_reply: true,
        reader,
        consent: CONSENT_VERSION,
    }
}

fn sends(it: &Send) -> Command {
    Command::from(Says::Send(Box::new(it.clone())))
}

async fn sent(phone: &mut Phone<'_>, reader: Reader) -> ExperienceId {
    let it = an_experience(reader, WORDS);
    assert_eq!(phone.does(&sends(&it)).await, "applied");
    it.experience
}

async fn says(phone: &mut Phone<'_>, it: Says) -> String {
    phone.does(&Command::from(it)).await
}

/// How it may be used, as somebody says who saw what stood.
fn may_use(experience: ExperienceId, was: MayUse, may_use: MayUse) -> Says {
    Says::Use(Use {
        experience,
        was,
        may_use,
        name: None,
    })
}

async fn count(site: &Site, sql: &'static str) -> i64 {
    let row = sqlx::query(sql).fetch_one(&site.app.db.pool).await;
    row.unwrap().get(0)
}

async fn change(site: &Site, sql: &'static str) {
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            sqlx::raw_sql(sql).execute(tx).await?;
            Ok(())
        })
    });
    work.await.unwrap();
}

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

/// What a phone that asks for everything is told.
async fn told(phone: &mut Phone<'_>, id: ExperienceId) -> Option<Experience> {
    phone.cursor = None;
    record(&phone.sync(&[]).await, id)
}

/// Whether somebody at the desk may read it.
async fn reads(site: &Site, who: StaffId, id: ExperienceId) -> bool {
    let mut reader = site.app.db.reader().await.unwrap();
    let found = experiences::find_for(&mut reader, who, id).await.unwrap();
    found.is_some()
}

/// Somebody at the desk does something with it.
async fn on(
    site: &Site,
    id: ExperienceId,
    act: impl FnOnce(&mut ExperienceRow) + std::marker::Send + 'static,
) {
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            let mut row = experiences::find(tx, id).await?.expect("it is there");
            act(&mut row);
            experiences::write(tx, &row, 7).await
        })
    });
    work.await.unwrap();
}

/// An admin names somebody to read what is about people who work here.
pub async fn named(site: &Site, staff: StaffId, name: &str) -> IndependentId {
    let id = IndependentId(Uuid::now_v7());
    let it = Named {
        staff,
        shown: Independent {
            id,
            name: name.to_owned(),
            role: "A trustee, who works in no team".to_owned(),
            reach: "01632 960 222".to_owned(),
        },
    };
    let work = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { people::name(tx, &it, 1).await }));
    work.await.unwrap();
    id
}

async fn turn_to(phone: &mut Phone<'_>) -> Option<SpeakingUp> {
    phone.cursor = None;
    record(&phone.sync(&[]).await, Uuid::nil())
}

#[tokio::test]
async fn what_is_sent_to_a_team_is_its_staffs_alone() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    let own = hire(&site, "priya", Role::Staff, &[harbour]).await;
    let others = [
        hire(&site, "tom", Role::Staff, &[lookout]).await,
        hire(&site, "jo", Role::Staff, &[]).await,
        hire(&site, "ada", Role::Admin, &[]).await,
        hire(&site, "vi", Role::Lead, &[]).await,
    ];
    let odile = hire(&site, "odile", Role::Staff, &[]).await;
    named(&site, odile, "Odile Marsh").await;
    let mut phone = site.joined("STAR-1").await;
    let id = sent(&mut phone, Reader::Team(harbour)).await;
    assert!(reads(&site, own, id).await);
    for other in others.into_iter().chain([odile]) {
        assert!(!reads(&site, other, id).await);
    }
    let it = told(&mut phone, id).await.unwrap();
    assert_eq!((it.state, it.team), (CareState::Sent, Some(harbour)));
    assert_eq!(it.good.as_deref(), Some(WORDS));
    let mut other = site.joined("STAR-1").await;
    assert_eq!(told(&mut other, id).await, None, "another member");
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_about_somebody_who_works_here_is_one_persons_alone() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let odile = hire(&site, "odile", Role::Staff, &[]).await;
    let bram = hire(&site, "bram", Role::Staff, &[]).await;
    let worker = hire(&site, "priya", Role::Staff, &[harbour]).await;
    let admin = hire(&site, "ada", Role::Admin, &[harbour]).await;
    let picked = named(&site, odile, "Odile Marsh").await;
    named(&site, bram, "Bram Reed").await;
    let mut phone = site.joined("STAR-1").await;
    let shown = turn_to(&mut phone).await.unwrap();
    let names: Vec<_> = shown.people.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Odile Marsh", "Bram Reed"]);

    let id = sent(&mut phone, Reader::Independent(picked)).await;
    assert!(reads(&site, odile, id).await);
    for other in [bram, worker, admin] {
        assert!(!reads(&site, other, id).await);
    }
    let it = told(&mut phone, id).await.unwrap();
    assert_eq!((it.team, it.independent), (None, Some(picked)));
    assert_eq!(it.reader.as_deref(), Some("Odile Marsh"));
    // A member of no team can turn to them too.
    let mut nobodys = site.member().await;
    sent(&mut nobodys, Reader::Independent(picked)).await;
    is_sound(&site).await;
}

#[tokio::test]
async fn nobody_can_pick_whoever_is_there_for_that_no_more() {
    let site = Site::new().await;
    site.team("Harbour", "STAR-1").await;
    let odile = hire(&site, "odile", Role::Staff, &[]).await;
    let bram = hire(&site, "bram", Role::Staff, &[]).await;
    let (one, two) = (
        named(&site, odile, "Odile Marsh").await,
        named(&site, bram, "Bram Reed").await,
    );
    let mut phone = site.joined("STAR-1").await;
    let before = sent(&mut phone, Reader::Independent(one)).await;
    let unname = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { people::unname(tx, one, 5).await }));
    unname.await.unwrap();
    let stop = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { accounts::stop(tx, bram, Some(5)).await }));
    stop.await.unwrap();
    assert_eq!(turn_to(&mut phone).await, Some(SpeakingUp::default()));
    for gone in [one, two, IndependentId(Uuid::now_v7())] {
        let it = an_experience(Reader::Independent(gone), "Too late");
        assert_eq!(phone.does(&sends(&it)).await, "no_such_reader");
    }
    assert!(reads(&site, odile, before).await, "it was sent to them");
    assert!(told(&mut phone, before).await.unwrap().stands());
    is_sound(&site).await;
}

#[tokio::test]
async fn those_outside_are_told_to_everyone() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    assert_eq!(turn_to(&mut phone).await, None);
    let (id, line) = (
        Uuid::now_v7(),
        Line {
            kind: LineKind::Advocacy,
            label: "Harbour <b>Advocacy</b>".to_owned(),
            number: "01632 960 333".to_owned(),
            address: String::new(),
            words: "Free".to_owned(),
        },
    );
    let put = line.clone();
    let work = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { people::put_line(tx, id, &put, 1).await }));
    work.await.unwrap();
    assert_eq!(turn_to(&mut phone).await.unwrap().lines, [line]);
    let work = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { people::remove_line(tx, id).await }));
    work.await.unwrap();
    assert_eq!(turn_to(&mut phone).await, Some(SpeakingUp::default()));
    is_sound(&site).await;
}

#[tokio::test]
async fn nobody_sends_for_another_nor_to_another_team_nor_without_a_yes() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    let mut phone = site.joined("STAR-1").await;
    let mut other = site.joined("STAR-1").await;
    let mut nobodys = site.member().await;
    let id = sent(&mut phone, Reader::Team(harbour)).await;
    let message = Uuid::now_v7();
    let theirs = Send {
        experience: id,
        ..an_experience(Reader::Team(harbour), "Mine")
    };
    for it in [
        Says::Send(Box::new(theirs)),
        may_use(id, MayUse::PublicNamed, MayUse::OnlyImprove),
        Says::Withdraw(id),
        Says::Answer(id, message, "Mine".into()),
        Says::TakeBack(id, message),
    ] {
        assert_eq!(says(&mut other, it).await, "not_yours");
    }
    for (phone, team) in [(&mut phone, lookout), (&mut nobodys, harbour)] {
        let it = an_experience(Reader::Team(team), "x");
        assert_eq!(phone.does(&sends(&it)).await, "not_your_team");
    }
    for consent in [0, CONSENT_VERSION + 1] {
        let unasked = Send {
            consent,
            ..an_experience(Reader::Team(harbour), "x")
        };
        assert_eq!(phone.does(&sends(&unasked)).await, "consent_needed");
    }
    let nowhere = ExperienceId(Uuid::now_v7());
    let answer = Says::Answer(nowhere, message, "To nobody".into());
    assert_eq!(says(&mut phone, answer).await, "no_such_words");
    let it = told(&mut phone, id).await.unwrap();
    assert_eq!(it.may_use, Some(MayUse::PublicNamed));
    assert!(it.stands() && it.messages.is_empty());
    is_sound(&site).await;
}

#[tokio::test]
async fn one_of_another_shape_is_refused_and_its_neighbours_are_not() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let hostile = format!("<b>\u{202e}🐦{}", "w".repeat(3_000));
    let good = an_experience(Reader::Team(harbour), &hostile);
    let mut wires = Vec::new();
    for spoil in [
        json!({ "good": null, "different": " " }),
        json!({ "good": "a".repeat(4_001) }),
        json!({ "stage": "prison" }),
        json!({ "may_use": "everywhere" }),
        json!({ "team": null }),
        json!({ "independent": Uuid::now_v7() }),
        json!({ "name": "\u{1}" }),
        json!({ "experience": "mine" }),
    ] {
        let it = an_experience(Reader::Team(harbour), "x");
        let mut one = wire(&sends(&it));
        for (field, value) in spoil.as_object().unwrap() {
            one["body"][field] = value.clone();
        }
        wires.push(one);
    }
    wires.push(wire(&sends(&good)));
    let outcomes = phone.sync(&wires).await.outcomes;
    let (last, spoilt) = outcomes.split_last().unwrap();
    for one in spoilt {
        assert_eq!(said(one), "malformed");
    }
    assert_eq!(said(last), "applied");
    let it = told(&mut phone, good.experience).await.unwrap();
    assert_eq!(it.good, Some(hostile));
    is_sound(&site).await;
}

#[tokio::test]
async fn its_member_sees_each_step_and_answers_back() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let priya = hire(&site, "priya", Role::Staff, &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = sent(&mut phone, Reader::Team(harbour)).await;
    on(&site, id, move |row| {
        assert!(row.see((priya, "Priya"), 1));
        let by = By {
            id: priya,
            name: "Priya",
            at: "2026-11-23T15:00:00.000Z",
        };
        row.care_for(|care| care.take_on(by)).unwrap();
        let words = Some("We have a quiet room now".to_owned());
        let reply = |care: app::domain::care::Care| care.reply(by, Uuid::now_v7(), words);
        row.care_for(reply).unwrap();
        row.record
            .come_to(Link {
                state: LinkState::NotPossible,
                words: "The house is listed".to_owned(),
                change: None,
                at: "2026-11-23T16:00:00.000Z".to_owned(),
            })
            .unwrap();
        row.care_for(|care| care.close(by, 1)).unwrap();
    })
    .await;
    let it = told(&mut phone, id).await.unwrap();
    assert_eq!(it.state, CareState::Closed);
    assert_eq!(it.seen_by.as_deref(), Some("Priya"));
    assert_eq!(it.taken_on_by.as_deref(), Some("Priya"));
    assert_eq!(it.link.unwrap().state, LinkState::NotPossible);

    let answer = Uuid::now_v7();
    let twice = Says::Answer(id, answer, "Thank you. Sparrow".to_owned());
    for _ in 0..2 {
        assert_eq!(says(&mut phone, twice.clone()).await, "applied");
    }
    let it = told(&mut phone, id).await.unwrap();
    assert_eq!((it.state, it.messages.len()), (CareState::TakenOn, 2));
    let waits = "select count(*) from experiences where answered_back = 1 and ended_at is null";
    assert_eq!(count(&site, waits).await, 1, "somebody is to look again");
    assert_eq!(
        says(&mut phone, Says::TakeBack(id, answer)).await,
        "applied"
    );
    gone(&site, "Sparrow").await;
    is_sound(&site).await;
}

#[tokio::test]
async fn less_is_allowed_at_any_time_and_a_phone_that_was_away_never_allows_more_again() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = sent(&mut phone, Reader::Team(harbour)).await;
    let (named, training) = (MayUse::PublicNamed, MayUse::TrainingUnnamed);
    let to = |was, it| may_use(id, was, it);
    assert_eq!(says(&mut phone, to(named, training)).await, "applied");
    let it = told(&mut phone, id).await.unwrap();
    assert_eq!((it.may_use, it.name), (Some(training), None));
    gone(&site, "Kit of the quay").await;
    // It had not heard of that.
    let late = to(named, MayUse::PublicUnnamed);
    assert_eq!(says(&mut phone, late).await, "changed");
    // Less than what it thought stood, and than what does.
    let less = to(named, MayUse::OnlyImprove);
    assert_eq!(says(&mut phone, less).await, "applied");
    // Whoever saw what stands may allow more.
    let more = to(MayUse::OnlyImprove, training);
    assert_eq!(says(&mut phone, more).await, "applied");
    assert_eq!(told(&mut phone, id).await.unwrap().may_use, Some(training));
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_taken_back_is_gone_whatever_the_order_and_says_what_could_not_be_undone() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let priya = hire(&site, "priya", Role::Staff, &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = sent(&mut phone, Reader::Team(harbour)).await;
    on(&site, id, move |row| assert!(row.see((priya, "Priya"), 1))).await;
    change(
        &site,
        "insert into experience_tags select id, 'noise' from experiences",
    )
    .await;
    let printed = site.app.writer.run(move |tx| {
        Box::pin(async move { experiences::use_in(tx, id, UsedIn::ImpactReport, (priya, 5)).await })
    });
    printed.await.unwrap();
    assert_eq!(says(&mut phone, Says::Withdraw(id)).await, "applied");
    assert_eq!(says(&mut phone, Says::Withdraw(id)).await, "applied");
    let left = told(&mut phone, id).await.unwrap();
    assert_eq!(left.state, CareState::Withdrawn);
    assert_eq!(left.seen_by.as_deref(), Some("Priya"));
    assert_eq!(left.used[0].kind, UsedIn::ImpactReport);
    assert_eq!((left.good, left.stage, left.may_use), (None, None, None));
    assert_eq!(
        count(&site, "select count(*) from experience_tags").await,
        0
    );
    gone(&site, WORDS).await;
    let again = may_use(id, MayUse::OnlyImprove, MayUse::PublicNamed);
    assert_eq!(says(&mut phone, again).await, "applied", "nothing is lost");

    // Taking back comes first: what comes late is read by nobody.
    let late = an_experience(Reader::Team(harbour), "Too late");
    let back = Says::Withdraw(late.experience);
    assert_eq!(says(&mut phone, back).await, "applied");
    assert_eq!(phone.does(&sends(&late)).await, "applied");
    let mark = told(&mut phone, late.experience).await;
    assert_eq!(mark, Some(Experience::mark()));
    assert_eq!(count(&site, "select count(*) from experiences").await, 1);
    is_sound(&site).await;
}

#[tokio::test]
async fn who_leaves_leaves_nothing_of_it() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = sent(&mut phone, Reader::Team(harbour)).await;
    let story = told::told_story(&site, &mut phone, id).await;
    let leave = wire(&Command::Leave(phone.id()));
    let late = wire(&sends(&an_experience(Reader::Team(harbour), "Too late")));
    let outcomes = phone.sync(&[leave, late]).await.outcomes;
    assert_eq!(said(&outcomes[0]), "applied");
    assert_eq!(said(&outcomes[1]), "left");
    gone(&site, WORDS).await;
    gone(&site, told::STORY).await;
    assert_eq!(told::page(&site, story).await.0, 410);
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_closed_goes_when_its_time_has_come_unless_everyone_reads_it() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let ended = sent(&mut phone, Reader::Team(harbour)).await;
    let stays = sent(&mut phone, Reader::Team(harbour)).await;
    let shown = sent(&mut phone, Reader::Team(harbour)).await;
    let story = told::told_story(&site, &mut phone, shown).await;
    let priya = hire(&site, "priya", Role::Staff, &[harbour]).await;
    for id in [ended, shown] {
        on(&site, id, move |row| {
            let by = By {
                id: priya,
                name: "Priya",
                at: "2026-11-23T15:00:00.000Z",
            };
            let reply = |care: app::domain::care::Care| care.reply(by, Uuid::now_v7(), None);
            row.care_for(reply).unwrap();
            row.care_for(|care| care.close(by, 1)).unwrap();
        })
        .await;
    }
    change(
        &site,
        "update experiences set ended_at = 5 where ended_at is not null",
    )
    .await;
    retention::expire(&site.app).await.unwrap();
    assert_eq!(told(&mut phone, ended).await, None);
    assert!(told(&mut phone, stays).await.is_some());
    assert_eq!(told::page(&site, story).await.0, 200);
    is_sound(&site).await;
}

#[tokio::test]
async fn words_that_stay_are_faults() {
    for (spoil, what) in [
        (
            "update experiences set state = 'withdrawn'",
            "what was written of it is here",
        ),
        (
            "update stories set state = 'taken_down'",
            "its words are here",
        ),
        (
            "update stories set approved_version = 0",
            "not both have said yes",
        ),
        (
            "update experiences set good = 'x'",
            "is not what it is made of",
        ),
        (
            "update feed set deleted = 1, body = null where kind = 'story'",
            "no record of it",
        ),
    ] {
        let site = Site::new().await;
        let harbour = site.team("Harbour", "STAR-1").await;
        let mut phone = site.joined("STAR-1").await;
        let id = sent(&mut phone, Reader::Team(harbour)).await;
        told::told_story(&site, &mut phone, id).await;
        is_sound(&site).await;
        change(&site, spoil).await;
        let faults = verify::database(&site.app.config.store).await.unwrap();
        assert!(faults.iter().any(|one| one.contains(what)), "{faults:?}");
        assert!(!faults.concat().contains(WORDS));
    }
}
