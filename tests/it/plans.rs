//! Shared plans: their own team's alone, each reading written down, one for each person, and really gone when they
//! are taken back.

mod sqlite;

use crate::{
    desk::{at_the_desk, hire, signed_in},
    site::{Phone, Site, record, said, wire},
    taken_back::gone,
};
use app::domain::{
    command::Command,
    id::TeamId,
    shared_plan::{
        CONSENT_VERSION, Contact, Content, PlanState, SharePlan, SharedPlan, Written, withdrawal,
    },
};
use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::json;
use server::{
    db::{mail, staff::Role},
    retention, verify,
};
use sqlx::Row;
use uuid::Uuid;

const WORDS: &str = "Kingfisher by the lock";

/// A plan that says this.
pub fn a_plan(team: TeamId, words: &str) -> SharePlan {
    SharePlan {
        plan: Uuid::now_v7(),
        team,
        content: Content {
            parts: vec![Written {
                part: "what_helps".into(),
                heading: "What helps me".into(),
                words: words.into(),
            }],
            people_heading: "Who to contact".into(),
            people: vec![Contact {
                name: "Odile".into(),
                number: "07700 900123".into(),
                note: String::new(),
            }],
            written_at: 1_795_443_120_007,
        },
        consent: CONSENT_VERSION,
    }
}

async fn shared(phone: &mut Phone<'_>, team: TeamId, words: &str) -> Uuid {
    let plan = a_plan(team, words);
    assert_eq!(phone.does(&plan.clone().into()).await, "applied");
    plan.plan
}

fn path(id: Uuid) -> String {
    format!("/staff/plans/{id}")
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

const READINGS: &str = "select count(*) from audit where action = 'plan.read'";

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

/// What a phone that asks for everything is told of a plan.
async fn told(phone: &mut Phone<'_>, id: Uuid) -> Option<SharedPlan> {
    phone.cursor = None;
    record(&phone.sync(&[]).await, id)
}

#[tokio::test]
async fn a_plan_is_open_to_its_own_team_alone() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, WORDS).await;
    hire(&site, "ada", Role::Admin, &[]).await;
    hire(&site, "vi", Role::Lead, &[]).await;
    for mut other in [
        at_the_desk(&site, "tom", &[lookout]).await,
        at_the_desk(&site, "jo", &[]).await,
        signed_in(&site, "ada").await,
    ] {
        let list = other.read("/staff/plans").await;
        assert!(!list.contains(&id.to_string()), "{list}");
        assert!(!list.contains("class=\"count\">1<"), "nor counted");
        assert_eq!(other.open(&path(id)).await.status, 404);
    }
    let mut lead = signed_in(&site, "vi").await;
    assert_eq!(lead.open("/staff/plans").await.status, 403);
    assert_eq!(lead.open(&path(id)).await.status, 403);
    assert_eq!(count(&site, READINGS).await, 0, "nothing was read");

    let mut own = at_the_desk(&site, "priya", &[harbour]).await;
    let list = own.read("/staff/plans").await;
    assert!(list.contains(&id.to_string()) && !list.contains(WORDS));
    assert_eq!(count(&site, READINGS).await, 0, "a list is no reading");
    let page = own.read(&path(id)).await;
    for words in [WORDS, "What helps me", "Odile", "07700 900123"] {
        assert!(page.contains(words), "{words}");
    }
    // Only their own phones are told of it.
    let mut other = site.joined("STAR-1").await;
    assert_eq!(told(&mut other, id).await, None);
    is_sound(&site).await;
}

#[tokio::test]
async fn each_reading_is_written_down_and_the_phone_says_who_was_first() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, WORDS).await;
    let staff = hire(&site, "sam", Role::Staff, &[harbour]).await;
    assert_eq!(mail::waiting(&site.app.db.pool, staff).await.unwrap(), 1);
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut tom = at_the_desk(&site, "tom", &[harbour]).await;
    let head = priya.send(Method::HEAD, &path(id), None).await;
    assert!(head.body.is_empty());
    let ahead = Request::get(path(id))
        .header("sec-purpose", "prefetch")
        .header("cookie", priya.cookie.clone().unwrap());
    let ahead = site.send(ahead.body(Body::empty()).unwrap()).await;
    assert_eq!((ahead.status.as_u16(), ahead.body.len()), (503, 0));
    assert_eq!(count(&site, READINGS).await, 0);

    priya.read(&path(id)).await;
    tom.read(&path(id)).await;
    assert_eq!(count(&site, READINGS).await, 2);
    let seen = told(&mut phone, id).await.unwrap();
    assert_eq!(seen.state, PlanState::Seen);
    assert_eq!(seen.seen_by.as_deref(), Some("priya"));
    assert_eq!(mail::waiting(&site.app.db.pool, staff).await.unwrap(), 0);
    hire(&site, "ada", Role::Admin, &[]).await;
    let log = signed_in(&site, "ada").await.read("/staff/audit").await;
    assert!(log.contains("Read a plan") && log.contains("Harbour"));
    assert!(!log.contains(WORDS) && !log.contains(&path(id)));
    assert!(tom.read(&path(id)).await.contains("priya"));
    is_sound(&site).await;
}

#[tokio::test]
async fn a_newer_plan_takes_the_place_of_the_one_before() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let old = shared(&mut phone, harbour, WORDS).await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    desk.read(&path(old)).await;
    let new = shared(&mut phone, harbour, "A walk").await;
    assert_eq!(desk.open(&path(old)).await.status, 404);
    assert!(desk.read(&path(new)).await.contains("A walk"));
    let was = told(&mut phone, old).await.unwrap();
    assert_eq!(was.state, PlanState::Withdrawn);
    assert_eq!(
        was.seen_by.as_deref(),
        Some("priya"),
        "who read it stays said"
    );
    gone(&site, WORDS).await;
    // Sent once more, the old one does not come back.
    let again = SharePlan {
        plan: old,
        ..a_plan(harbour, WORDS)
    };
    assert_eq!(phone.does(&again.into()).await, "applied");
    assert_eq!(desk.open(&path(old)).await.status, 404);
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_taken_back_is_gone_whatever_the_order() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let id = shared(&mut phone, harbour, WORDS).await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    desk.read(&path(id)).await;
    assert_eq!(phone.does(&withdrawal(id)).await, "applied");
    assert_eq!(desk.open(&path(id)).await.status, 404);
    assert!(!desk.read("/staff/plans").await.contains(&id.to_string()));
    let left = told(&mut phone, id).await.unwrap();
    assert_eq!(
        (left.state, left.content()),
        (PlanState::Withdrawn, Content::default())
    );
    assert_eq!(left.seen_by.as_deref(), Some("priya"));
    gone(&site, WORDS).await;

    // Taking back comes first: the late share is read by nobody.
    let late = a_plan(harbour, "Too late");
    assert_eq!(phone.does(&withdrawal(late.plan)).await, "applied");
    assert_eq!(phone.does(&late.clone().into()).await, "applied");
    assert_eq!(desk.open(&path(late.plan)).await.status, 404);
    assert_eq!(told(&mut phone, late.plan).await, Some(SharedPlan::mark()));
    assert_eq!(count(&site, "select count(*) from plans").await, 1);
    is_sound(&site).await;
}

#[tokio::test]
async fn nobody_shares_for_another_nor_with_another_team_nor_without_a_yes() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    let mut phone = site.joined("STAR-1").await;
    let mut other = site.joined("STAR-1").await;
    let mut nobodys = site.member().await;
    let id = shared(&mut phone, harbour, WORDS).await;
    let theirs = SharePlan {
        plan: id,
        ..a_plan(harbour, "Mine")
    };
    assert_eq!(other.does(&theirs.into()).await, "not_yours");
    assert_eq!(other.does(&withdrawal(id)).await, "not_yours");
    assert_eq!(
        phone.does(&a_plan(lookout, "x").into()).await,
        "not_your_team"
    );
    assert_eq!(
        nobodys.does(&a_plan(harbour, "x").into()).await,
        "not_your_team"
    );
    for consent in [0, CONSENT_VERSION + 1] {
        let unasked = SharePlan {
            consent,
            ..a_plan(harbour, "x")
        };
        assert_eq!(phone.does(&unasked.into()).await, "consent_needed");
    }
    assert!(told(&mut phone, id).await.unwrap().stands());
    is_sound(&site).await;
}

#[tokio::test]
async fn a_plan_of_another_shape_is_refused_and_its_neighbours_are_not() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let good = a_plan(harbour, "<b>\u{202e}🐦");
    let mut wires = Vec::new();
    for spoil in [
        json!({ "parts": [], "people": [] }),
        json!({ "parts": "all" }),
        json!({ "written_at": "now" }),
        json!({ "people": [{ "name": "a".repeat(201), "number": "", "note": "" }] }),
        json!({ "parts": [{ "part": "x", "heading": "x", "words": "\u{1}" }] }),
        json!({ "plan": "mine" }),
    ] {
        let mut one = wire(&Command::from(a_plan(harbour, "x")));
        for (field, value) in spoil.as_object().unwrap() {
            one["body"][field] = value.clone();
        }
        wires.push(one);
    }
    wires.push(wire(&good.clone().into()));
    let outcomes = phone.sync(&wires).await.outcomes;
    let (last, spoilt) = outcomes.split_last().unwrap();
    for one in spoilt {
        assert_eq!(said(one), "malformed");
    }
    assert_eq!(said(last), "applied");
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    let page = desk.read(&path(good.plan)).await;
    assert!(page.contains("&lt;b&gt;\u{202e}🐦") && !page.contains("<b>\u{202e}"));
}

#[tokio::test]
async fn who_leaves_leaves_nothing_of_it() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let member = phone.id();
    let id = shared(&mut phone, harbour, WORDS).await;
    let leave = wire(&Command::Leave(member));
    let late = wire(&a_plan(harbour, "Too late").into());
    let outcomes = phone.sync(&[leave, late]).await.outcomes;
    assert_eq!(said(&outcomes[0]), "applied");
    assert_eq!(said(&outcomes[1]), "left");
    gone(&site, WORDS).await;
    let mut desk = at_the_desk(&site, "priya", &[harbour]).await;
    assert_eq!(desk.open(&path(id)).await.status, 404);
    is_sound(&site).await;
}

#[tokio::test]
async fn a_plan_goes_when_its_time_has_come_and_its_phones_let_go_of_it() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let (mut phone, mut young) = (site.joined("STAR-1").await, site.joined("STAR-1").await);
    let id = shared(&mut phone, harbour, WORDS).await;
    change(
        &site,
        "update plans set received_at = received_at - 31622400000",
    )
    .await;
    let stays = shared(&mut young, harbour, "A walk").await;
    retention::expire(&site.app).await.unwrap();
    assert_eq!(count(&site, "select count(*) from plans").await, 1);
    assert_eq!(told(&mut phone, id).await, None);
    assert!(told(&mut young, stays).await.is_some());
    gone(&site, WORDS).await;
    is_sound(&site).await;
}

#[tokio::test]
async fn words_that_stay_and_a_second_plan_that_stands_are_faults() {
    for (spoil, what) in [
        ("update plans set state = 'withdrawn'", "its words are here"),
        (
            "insert into plans select id || 'x', member, team, body, consent, state, null, null, null, \
             received_at from plans",
            "more than one plan of theirs stands",
        ),
        (
            "update feed set deleted = 1, body = null where kind = 'plan'",
            "no record of it",
        ),
        (
            "update plans set body = replace(body, 'Odile', 'Who')",
            "is not what it is made of",
        ),
    ] {
        let site = Site::new().await;
        let harbour = site.team("Harbour", "STAR-1").await;
        let mut phone = site.joined("STAR-1").await;
        shared(&mut phone, harbour, WORDS).await;
        is_sound(&site).await;
        change(&site, spoil).await;
        let faults = verify::database(&site.app.config.store).await.unwrap();
        assert!(
            faults.iter().any(|fault| fault.contains(what)),
            "{faults:?}"
        );
        assert!(!faults.concat().contains(WORDS));
    }
}
