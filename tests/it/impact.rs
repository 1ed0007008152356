//! The impact report: numbers that find nobody, words that everyone reads anyway, on a page, on paper and in a file.

use crate::{
    changes::{self, WHOLE},
    desk::{Desk, at_the_desk, hire, page, signed_in},
    lead_accounts::a_group,
    site::Site,
};
use server::db::staff::Role;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// Writes rows that a test stands on.
pub async fn sql(site: &Site, texts: Vec<String>) {
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            for text in texts {
                sqlx::query(AssertSqlSafe(text)).execute(&mut *tx).await?;
            }
            Ok(())
        })
    });
    work.await.expect("what the test stands on");
}

/// New people, by their ids.
pub async fn people(site: &Site, count: usize) -> Vec<String> {
    let ids: Vec<String> = (0..count).map(|_| Uuid::now_v7().to_string()).collect();
    let add = |id: &String| format!("insert into members (id, joined_at) values ('{id}', 0)");
    sql(site, ids.iter().map(add).collect()).await;
    ids
}

/// They belong to a group of which nobody else knows.
async fn belong(site: &Site, people: &[String], from: i64, until: Option<i64>) {
    let group = a_group(site, &Uuid::now_v7().to_string()).await;
    let until = until.map_or("null".to_owned(), |at| at.to_string());
    let add = |member: &String| {
        let id = Uuid::now_v7();
        format!(
            "insert into group_people (id, group_id, member, state, agreement, leads, joined_at, left_at) \
             values ('{id}', '{group}', '{member}', 'in', 1, 0, {from}, {until})"
        )
    };
    sql(site, people.iter().map(add).collect()).await;
}

/// What stands beside this name on the page.
pub fn beside(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("<dt>{name}</dt><dd>"))
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split("</dd>").next().unwrap().to_owned()
}

/// The quarter of now: the newest that can be asked for.
pub async fn this_quarter(desk: &mut Desk<'_>) -> String {
    let page = desk.read("/staff/impact").await;
    let (_, rest) = page.split_once("<option value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn priya(site: &Site) -> Desk<'_> {
    at_the_desk(site, "priya", &[]).await
}

const DAY: i64 = 24 * 60 * 60 * 1000;

#[tokio::test]
async fn a_group_under_five_is_never_told() {
    let site = Site::new().await;
    let mut desk = priya(&site).await;
    let now = server::clock::now_ms();
    let empty = desk.read("/staff/impact").await;
    assert_eq!(
        beside(&empty, "People in an involvement group"),
        "fewer than five"
    );
    assert_eq!(beside(&empty, "Different people in all"), "fewer than five");

    let four = people(&site, 4).await;
    belong(&site, &four, now - DAY, None).await;
    let report = desk.read("/staff/impact").await;
    assert_eq!(
        beside(&report, "People in an involvement group"),
        "fewer than five"
    );

    let more = people(&site, 3).await;
    belong(&site, &more, now - DAY, None).await;
    // One of them in two groups is one person.
    belong(&site, &more[..1], now - DAY, None).await;
    let report = desk.read("/staff/impact").await;
    assert_eq!(beside(&report, "People in an involvement group"), "7");
    // That nobody came to a session is not to be worked out either.
    assert_eq!(
        beside(&report, "People who came to a session"),
        "fewer than five"
    );
    assert_eq!(beside(&report, "Different people in all"), "7 or more");
}

#[tokio::test]
async fn only_what_was_in_the_quarters_that_were_asked_for_counts() {
    let site = Site::new().await;
    let mut desk = priya(&site).await;
    let now = server::clock::now_ms();
    let six = people(&site, 6).await;
    belong(&site, &six, now - 1000 * DAY, Some(now - 800 * DAY)).await;
    let name = "People in an involvement group";
    let this = this_quarter(&mut desk).await;
    let report = desk
        .read(&format!("/staff/impact?from={this}&until={this}"))
        .await;
    assert_eq!(beside(&report, name), "fewer than five");
    // No day can be asked for, nor a time so long that it is none: what is not understood is the last year.
    for asked in ["from=2020-01-01", "from=x&until=y", ""] {
        let report = desk.read(&format!("/staff/impact?{asked}")).await;
        assert_eq!(beside(&report, name), "fewer than five", "{asked}");
    }
    let report = desk
        .read(&format!("/staff/impact?from=2010-q1&until={this}"))
        .await;
    assert_eq!(beside(&report, name), "6");
}

#[tokio::test]
async fn decisions_are_counted_by_what_was_decided_last() {
    let site = Site::new().await;
    let mut desk = priya(&site).await;
    let by = hire(&site, "sam", Role::Staff, &[]).await;
    let now = server::clock::now_ms();
    let people = people(&site, 9).await;
    let document = Uuid::now_v7();
    let mut texts = vec![format!(
        "insert into documents (id, kind, title, about, only_group, state, version, edit, made_by, made_at) \
         values ('{document}', 'form', 'A form', '', 0, 'open', 1, 0, '{by}', 0)"
    )];
    for (place, member) in people.iter().enumerate() {
        let id = Uuid::now_v7();
        texts.push(format!(
            "insert into suggestions (id, member, document, phrase, version, was, state, received_at) \
             values ('{id}', '{member}', '{document}', '{id}', 1, 'x', 'decided', {now})"
        ));
        let mut decide = |n: i64, outcome: &str| {
            texts.push(format!(
                "insert into suggestion_decisions (suggestion, n, outcome, reason, took_part, by_staff, at) \
                 values ('{id}', {n}, '{outcome}', 'x', 'x', '{by}', {now})"
            ));
        };
        decide(1, "not_changed");
        if place < 6 {
            decide(2, "changed");
        }
    }
    sql(&site, texts).await;
    let report = desk.read("/staff/impact").await;
    assert_eq!(beside(&report, "Suggestions for our words"), "9");
    assert_eq!(beside(&report, "Changed as people said"), "6");
    assert_eq!(
        beside(&report, "Not changed, with the reason"),
        "fewer than five"
    );
    // Nine would say that three were not changed.
    assert_eq!(beside(&report, "Suggestions decided in all"), "6 or more");
}

#[tokio::test]
async fn what_changed_and_what_could_not_stands_in_the_words_that_everyone_reads() {
    let site = Site::new().await;
    let mut priya = priya(&site).await;
    let mut sam = at_the_desk(&site, "sam", &[]).await;
    changes::published(&mut priya, &mut sam, WHOLE).await;
    let not = "area=other&kind=not_yet&you_said=%3Cb%3ELonger+visits%3C%2Fb%3E&we_did=&why=There+is+no+money\
        &who_took_part=Nine+people&look_again=2031-03-01";
    changes::published(&mut priya, &mut sam, not).await;
    let draft = changes::starts(&mut priya, "").await;
    for path in ["/staff/impact", "/staff/impact/print"] {
        let report = priya.read(path).await;
        assert!(report.contains("The title is heavy") && report.contains("We made it lighter"));
        assert!(
            report.contains("&lt;b&gt;Longer visits&lt;/b&gt;") && !report.contains("<b>Longer")
        );
        assert!(report.contains("There is no money"));
        assert!(
            report.contains("look at this again on 1 March 2031"),
            "{report}"
        );
        assert!(!report.contains(&draft.to_string()));
        assert_eq!(beside(&report, "Changes that everyone can read"), "1");
    }
    let paper = priya.read("/staff/impact/print").await;
    assert!(paper.contains("class=\"sheet\"") && !paper.contains("class=\"ways\""));
}

#[tokio::test]
async fn the_numbers_are_a_file_that_runs_nothing() {
    let site = Site::new().await;
    let mut desk = priya(&site).await;
    let answer = desk
        .open("/staff/impact/numbers?from=2025-q1&until=2025-q4")
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let name = "attachment; filename=\"impact-2025-q1-2025-q4.csv\"";
    assert_eq!(answer.header("content-disposition"), name);
    let file = page(&answer);
    let line = "1 January 2025 to 31 December 2025,Who took part,People who came to a session,fewer than five\r\n";
    assert!(
        file.starts_with('\u{feff}') && file.contains(line),
        "{file}"
    );
}

#[tokio::test]
async fn staff_and_admins_read_it_and_leads_do_not() {
    let site = Site::new().await;
    hire(&site, "ada", Role::Admin, &[]).await;
    hire(&site, "lee", Role::Lead, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let mut lee = signed_in(&site, "lee").await;
    for path in [
        "/staff/impact",
        "/staff/impact/print",
        "/staff/impact/numbers",
    ] {
        assert_eq!(ada.open(path).await.status, 200, "{path}");
        assert_eq!(lee.open(path).await.status, 403, "{path}");
    }
}
