//! The lines of Help now at the desk: who may do what, what phones get, and what cannot be typed.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    site::{Phone, Site},
};
use app::{
    domain::{help_line::HelpLine, id::HelpLineId, record::kind},
    sync::wire::SyncResponse,
    ui::lines::built_in,
};
use server::{db::staff::Role, verify};
use sqlx::Row;
use std::collections::BTreeMap;
use uuid::Uuid;

async fn admin(site: &Site) -> Desk<'_> {
    hire(site, "ada", Role::Admin, &[]).await;
    signed_in(site, "ada").await
}

/// A form that is filled in well, but for what `with` says otherwise.
fn form(with: &[(&str, &str)]) -> String {
    let id = Uuid::now_v7().to_string();
    let mut fields = vec![
        ("id", id.as_str()),
        ("label", "Harbour crisis line"),
        ("kind", "call"),
        ("number", "01632 960 111"),
        ("hours", "Day and night"),
        ("cost", "A local call"),
        ("checked", "yes"),
        ("check_by", "2090-01-01"),
        ("step", "previewed"),
    ];
    for (name, value) in with {
        fields.retain(|(found, _)| found != name);
        fields.push((name, value));
    }
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| format!("{name}={}", escape(value)));
    fields.collect::<Vec<_>>().join("&")
}

async fn adds(desk: &mut Desk<'_>, with: &[(&str, &str)]) {
    let answer = desk.post("/staff/help-now/new", &form(with)).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
}

/// The lines that a phone has after this sync, in order, by label.
fn take(known: &mut BTreeMap<String, HelpLine>, answer: &SyncResponse) {
    for change in &answer.changes {
        if change.kind != kind::HELP_LINE {
            continue;
        }
        match &change.body {
            Some(body) => {
                let line = serde_json::from_str(body.0.get()).unwrap();
                known.insert(change.id.clone(), line);
            }
            None => drop(known.remove(&change.id)),
        }
    }
}

fn labels(known: &BTreeMap<String, HelpLine>) -> Vec<&str> {
    let mut lines: Vec<_> = known.values().collect();
    lines.sort_by_key(|line| line.order);
    lines.into_iter().map(|line| line.label.as_str()).collect()
}

async fn id_of(site: &Site, label: &'static str) -> HelpLineId {
    let row = sqlx::query("select id from help_lines where label = $1")
        .bind(label)
        .fetch_one(&site.app.db.pool)
        .await;
    row.unwrap().get::<String, _>(0).parse().unwrap()
}

async fn audited(site: &Site) -> Vec<String> {
    let rows: Vec<(String,)> = sqlx::query_as("select action from audit order by id")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    rows.into_iter().map(|(action,)| action).collect()
}

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn the_first_line_brings_the_built_in_ones_so_that_no_phone_loses_any() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let empty = ada.read("/staff/help-now").await;
    assert!(empty.contains("Samaritans 116 123") && empty.contains("No lines of your own yet"));
    adds(&mut ada, &[]).await;
    let mut known = BTreeMap::new();
    take(&mut known, &Phone::new(&site).sync(&[]).await);
    let mut expected = vec!["Harbour crisis line".to_owned()];
    expected.extend(built_in().into_iter().map(|line| line.label));
    assert_eq!(labels(&known), expected);
    assert_eq!(audited(&site).await, ["help_line.start", "help_line.add"]);
    is_sound(&site).await;
}

#[tokio::test]
async fn chorus_own_lines_can_be_taken_over_to_be_checked() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    for _ in 0..2 {
        assert_eq!(ada.post("/staff/help-now/start", "").await.status, 303);
    }
    let page = ada.read("/staff/help-now").await;
    assert_eq!(
        page.matches("Nobody here has checked this one.").count(),
        built_in().len()
    );
    assert!(page.contains("6 lines are to be checked again."));
    assert_eq!(audited(&site).await, ["help_line.start"]);
}

#[tokio::test]
async fn a_phone_gets_what_was_added_changed_moved_and_taken_away_with_its_next_sync() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    adds(&mut ada, &[]).await;
    let (mut phone, mut known) = (Phone::new(&site), BTreeMap::new());
    take(&mut known, &phone.sync(&[]).await);
    let crisis = id_of(&site, "Harbour crisis line").await;
    let samaritans = id_of(&site, "Samaritans 116 123").await;

    let path = format!("/staff/help-now/{crisis}");
    let after = samaritans.to_string();
    let changed = form(&[("number", "01632 960 999"), ("after", &after)]);
    assert_eq!(ada.post(&path, &changed).await.status, 303);
    take(&mut known, &phone.sync(&[]).await);
    let line = &known[&crisis.to_string()];
    assert_eq!(line.number, "01632 960 999");
    let at = labels(&known)
        .iter()
        .position(|label| *label == "Harbour crisis line");
    assert_eq!(at, Some(4));

    let up = ada.post(&format!("{path}/place"), "after=").await;
    assert_eq!(up.status, 303);
    take(&mut known, &phone.sync(&[]).await);
    assert_eq!(labels(&known)[0], "Harbour crisis line");

    let asked = ada.read(&format!("{path}/take-away")).await;
    assert!(asked.contains("Take away Harbour crisis line"));
    for _ in 0..2 {
        assert_eq!(ada.post(&format!("{path}/take-away"), "").await.status, 303);
    }
    take(&mut known, &phone.sync(&[]).await);
    assert!(!known.contains_key(&crisis.to_string()));
    assert_eq!(
        audited(&site).await[2..],
        ["help_line.change", "help_line.place", "help_line.take_away"]
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn all_staff_say_that_a_line_was_checked_and_only_admins_change_lines() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    adds(&mut ada, &[("check_by", "2020-01-01"), ("checked", "")]).await;
    let id = id_of(&site, "Harbour crisis line").await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let shown = priya.read("/staff/help-now").await;
    assert!(shown.contains("To be checked again"));
    assert!(!shown.contains("Move up") && !shown.contains("/take-away"));
    let path = format!("/staff/help-now/{id}");
    for (path, body) in [
        ("/staff/help-now/new".to_owned(), form(&[])),
        ("/staff/help-now/start".to_owned(), String::new()),
        (path.clone(), form(&[])),
        (format!("{path}/place"), "after=".to_owned()),
        (format!("{path}/take-away"), String::new()),
    ] {
        assert_eq!(priya.post(&path, &body).await.status, 403, "{path}");
    }
    assert_eq!(priya.post(&format!("{path}/checked"), "").await.status, 303);
    let checked =
        sqlx::query("select checked_by, checked_on, check_by from help_lines where id = $1")
            .bind(id.to_string())
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
    assert_eq!(checked.get::<String, _>(0), "priya");
    assert!(checked.get::<String, _>(1) < checked.get::<String, _>(2));
    let shown = priya.read("/staff/help-now").await;
    assert!(shown.contains("by priya. Check again by"));
    assert_eq!(
        audited(&site).await.last().map(String::as_str),
        Some("help_line.check")
    );
}

#[tokio::test]
async fn a_line_past_its_day_is_counted_beside_the_way_in_and_stays_for_members() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    adds(&mut ada, &[]).await;
    let others = built_in().len();
    let count = |shown: &str| {
        let (_, after) = shown.split_once("href=\"/staff/help-now\"").unwrap();
        let (link, _) = after.split_once("</a>").unwrap();
        link.contains("to check again").then(|| {
            let (_, count) = link.split_once("class=\"count\">").unwrap();
            count.split_once('<').unwrap().0.to_owned()
        })
    };
    let anywhere = ada.read("/staff/people").await;
    assert_eq!(count(&anywhere), Some(others.to_string()));
    let passed = form(&[("check_by", "2020-01-01"), ("checked", "")]);
    let id = id_of(&site, "Harbour crisis line").await;
    ada.post(&format!("/staff/help-now/{id}"), &passed).await;
    assert_eq!(
        count(&ada.read("/staff/people").await),
        Some((others + 1).to_string())
    );
    let member = Desk {
        site: &site,
        cookie: None,
    }
    .read("/help-now")
    .await;
    assert!(member.contains("Harbour crisis line"));
}

#[tokio::test]
async fn nothing_is_published_that_was_not_seen_first_and_nothing_typed_is_lost() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let answer = ada
        .post("/staff/help-now/new", &form(&[("step", "preview")]))
        .await;
    let seen = page(&answer);
    assert!(answer.status == 200 && seen.contains("Nothing has been changed yet."));
    assert!(seen.contains("value=\"Harbour crisis line\""));
    let again = page(
        &ada.post("/staff/help-now/new", &form(&[("step", "edit")]))
            .await,
    );
    assert!(again.contains("value=\"01632 960 111\""));
    assert_eq!(audited(&site).await, Vec::<String>::new());
}

#[tokio::test]
async fn pressing_twice_adds_a_line_once() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let form = form(&[]);
    for _ in 0..2 {
        assert_eq!(ada.post("/staff/help-now/new", &form).await.status, 303);
    }
    let rows = sqlx::query("select id from help_lines where label = 'Harbour crisis line'")
        .fetch_all(&site.app.db.pool)
        .await;
    assert_eq!(rows.unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_rung_or_is_left_out_comes_back_with_what_to_do() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let long = "x".repeat(201);
    for (name, value, says) in [
        (
            "number",
            "javascript:alert(1)",
            "not one that a phone can ring",
        ),
        (
            "number",
            "*21*01632960111#",
            "not one that a phone can ring",
        ),
        ("number", "tel:999", "not one that a phone can ring"),
        ("number", "", "not one that a phone can ring"),
        ("label", " ", "Please write what it is."),
        ("label", long.as_str(), "too long"),
        ("hours", "", "Please write when it answers."),
        ("cost", "", "Please write what it costs."),
        ("area", "Harbour\nand all", "a line end"),
        ("check_by", "soon", "Please give the day"),
        ("check_by", "2020-01-01", "has passed"),
    ] {
        let answer = ada
            .post("/staff/help-now/new", &form(&[(name, value)]))
            .await;
        let shown = page(&answer);
        assert_eq!(answer.status, 422, "{name} {value}");
        assert!(shown.contains(says), "{name} {value}");
        assert!(shown.contains("value=\"Day and night\"") || name == "hours");
    }
    assert_eq!(audited(&site).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_typed_is_text_to_members_and_staff() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    let hostile = "<img src=x onerror=alert(1)>\"'";
    adds(
        &mut ada,
        &[("label", hostile), ("hours", hostile), ("area", hostile)],
    )
    .await;
    let mut nobody = Desk {
        site: &site,
        cookie: None,
    };
    for shown in [
        ada.read("/staff/help-now").await,
        nobody.read("/help-now").await,
    ] {
        // Inside an attribute's quotes it is text as well.
        let shown = shown.replace("aria-label=\"Ring <img src=x", "");
        assert!(!shown.contains("<img src=x"), "{shown}");
        assert!(shown.contains("&lt;img src=x"));
    }
}

#[tokio::test]
async fn a_check_is_of_one_number_and_ends_with_it() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    adds(&mut ada, &[]).await;
    let id = id_of(&site, "Harbour crisis line").await;
    let path = format!("/staff/help-now/{id}");
    let same = form(&[("checked", ""), ("cost", "Free")]);
    ada.post(&path, &same).await;
    assert!(
        ada.read("/staff/help-now")
            .await
            .contains("by ada. Check again")
    );
    let other = form(&[("checked", ""), ("number", "01632 960 112")]);
    ada.post(&path, &other).await;
    assert!(
        !ada.read("/staff/help-now")
            .await
            .contains("by ada. Check again")
    );
}

#[tokio::test]
async fn a_line_that_was_taken_away_while_it_was_changed_can_be_put_back() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    adds(&mut ada, &[]).await;
    let id = id_of(&site, "Harbour crisis line").await;
    let path = format!("/staff/help-now/{id}");
    ada.post(&format!("{path}/take-away"), "").await;
    let answer = ada.post(&path, &form(&[("label", "Better words")])).await;
    let shown = page(&answer);
    assert_eq!(answer.status, 422);
    assert!(shown.contains("value=\"Better words\""));
    assert!(shown.contains("action=\"/staff/help-now/new\""));
    assert_eq!(ada.post(&format!("{path}/checked"), "").await.status, 404);
    assert_eq!(ada.open("/staff/help-now/nonsense").await.status, 404);
}

#[tokio::test]
async fn the_page_says_so_where_no_line_is_999() {
    let site = Site::new().await;
    let mut ada = admin(&site).await;
    adds(&mut ada, &[]).await;
    let says = "None of these lines is 999.";
    assert!(!ada.read("/staff/help-now").await.contains(says));
    let id = id_of(&site, "999").await;
    ada.post(&format!("/staff/help-now/{id}/take-away"), "")
        .await;
    assert!(ada.read("/staff/help-now").await.contains(says));
}
