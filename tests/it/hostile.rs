//! What nobody's phone sends: it is answered in the protocol's own words, harms nothing beside it, and
//! the server goes on.

use crate::{
    desk::{hire, signed_in},
    site::{Phone, Site, said, wire},
    sync::a_request,
};
use app::{
    domain::opportunity::Gives,
    sync::wire::{MAX_COMMANDS, Outcome, SyncResponse},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use server::db::staff::Role;
use std::{fs, path::Path};
use tests::outside::http::{self, Connection};
use uuid::Uuid;

/// A sync whose commands are this text between two that are good.
async fn between_good_ones(phone: &mut Phone<'_>, good: [Value; 2], bad: &[u8]) -> SyncResponse {
    let head = format!(
        "{{\"protocol\":1,\"device\":\"{}\",\"member\":\"{}\",\"commands\":[",
        phone.device,
        phone.id()
    );
    let [first, last] = good.map(|command| command.to_string());
    let body = [
        head.as_bytes(),
        first.as_bytes(),
        b",",
        bad,
        b",",
        last.as_bytes(),
        b"]}",
    ];
    let request = phone.request("/api/sync").body(Body::from(body.concat()));
    let answer = phone.send(request.unwrap()).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(bad));
    answer.json()
}

fn command(seq: &str, body: &str) -> Vec<u8> {
    let id = Uuid::now_v7();
    format!(
        "{{\"id\":\"{id}\",\"seq\":{seq},\"made_at\":\"2026-11-23T09:12:00Z\",\
         \"kind\":\"check_in.share\",\"body\":{body}}}"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_command_that_is_too_deep_too_big_or_no_text_is_refused_alone() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let deep = |n: usize| ["[".repeat(n), "]".repeat(n)].concat();
    let digits = "9".repeat(50_000);
    let bad = [
        deep(100).into_bytes(),
        deep(100_000).into_bytes(),
        command("1", &deep(126)),
        command("1", &deep(100_000)),
        command("1e999", "{}"),
        command(&digits, "{}"),
        command("-1", "{}"),
        command("1", &format!("{{\"consent\":{digits}}}")),
        command("1", "{\"consent\":4294967296,\"wants\":\"know\"}"),
        command("1", "{\"note\":\"\\ud800\"}"),
        command("1", "\"\\u0000\""),
        b"\"\\u0000\"".to_vec(),
        b"{\"id\":\"\\u0000\",\"kind\":\"\\u0000\"}".to_vec(),
    ];
    for bad in bad {
        let mut phone = site.member().await;
        let good = [(); 2].map(|()| wire(&a_request(session).1));
        let response = between_good_ones(&mut phone, good, &bad).await;
        let said: Vec<_> = response.outcomes.iter().map(said).collect();
        assert_eq!(said, ["applied", "malformed", "already_signed_up"]);
    }
}

/// Every command of the golden files, once for each text in its body, with a NUL there: PostgreSQL takes none.
fn with_a_nul(phone: &Phone<'_>, session: &Value) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/v1");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let commands = files.filter(|file| {
        let name = file.file_name().unwrap().to_str().unwrap();
        name.starts_with("command.")
    });
    let mut all = Vec::new();
    for file in commands {
        let mut command: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        // So that nothing is refused for whose it is before its words are looked at.
        for (name, id) in [
            ("member", json!(phone.member)),
            ("team", json!(phone.team)),
            ("session", session.clone()),
        ] {
            if let Some(at) = command["body"].get_mut(name) {
                *at = id;
            }
        }
        for at in 0.. {
            let mut command = command.clone();
            let mut texts = Vec::new();
            texts_of(&mut command["body"], &mut texts);
            let Some(text) = texts.into_iter().nth(at) else {
                break;
            };
            text.push('\0');
            command["id"] = json!(Uuid::now_v7());
            all.push(command);
        }
    }
    all
}

fn texts_of<'v>(value: &'v mut Value, found: &mut Vec<&'v mut String>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(all) => all.iter_mut().for_each(|value| texts_of(value, found)),
        Value::Object(all) => all.values_mut().for_each(|value| texts_of(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_command_with_a_nul_in_any_of_its_texts_is_refused_alone() {
    let site = Site::new().await;
    site.team("Harbour team", "STAR-1").await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.joined("STAR-1").await;
    let bad = with_a_nul(&phone, &json!(session));
    assert!(bad.len() > 40);
    for bad in bad.chunks(MAX_COMMANDS - 1) {
        let good = [wire(&a_request(session).1)];
        let answer = phone.sync(&[bad, &good].concat()).await;
        let (last, bad) = answer.outcomes.split_last().unwrap();
        assert!(matches!(
            said(last).as_str(),
            "applied" | "already_signed_up"
        ));
        for outcome in bad {
            assert_eq!(said(outcome), "malformed", "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn no_page_of_the_desk_breaks_on_a_nul() {
    let site = Site::new().await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    for address in [
        "people?name=a%00b",
        "people/%00",
        "sign-ups?name=a%00b",
        "sign-ups/%00",
        "check-ins/%00",
        "audit?who=%00",
        "audit?did=%00",
        "audit?kind=%00",
        "audit?about=%00",
        "join-codes/%00",
        "join-codes/%00/poster",
        "opportunities/%00",
        "groups/%00",
    ] {
        let answer = ada.open(&format!("/staff/{address}")).await;
        assert!(answer.status.as_u16() < 500, "{address}: {}", answer.status);
    }
}

#[tokio::test]
async fn a_body_that_is_no_text_or_too_deep_is_a_broken_envelope() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let good = phone.envelope(&[]).to_string();
    let mut no_text = good.clone().into_bytes();
    no_text.insert(good.len() - 3, 0xff);
    let mut with_nul = good.clone().into_bytes();
    with_nul.push(0);
    let deep = |n: usize| ["[".repeat(n), "]".repeat(n)].concat().into_bytes();
    let bodies = [
        no_text,
        with_nul,
        deep(100_000),
        b"\xef\xbb\xbf{}".to_vec(),
        b"1e999999".to_vec(),
        Vec::new(),
    ];
    for body in bodies {
        for path in ["/api/sync", "/api/join", "/api/return"] {
            let most = if path == "/api/sync" {
                body.len()
            } else {
                4_000
            };
            let cut = body[..body.len().min(most)].to_vec();
            let request = phone.request(path).body(Body::from(cut)).unwrap();
            assert_eq!(phone.send(request).await.code(), (400, "malformed".into()));
        }
    }
    phone.sync(&[]).await;
}

#[tokio::test]
async fn a_cursor_from_nowhere_is_malformed_or_reads_what_may_be_read() {
    let site = Site::new().await;
    site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    for bad in [
        "x".repeat(5_000),
        "public".into(),
        "public=99999999999999999999".into(),
    ] {
        phone.cursor = Some(bad);
        assert_eq!(phone.sync_refused(&[]).await, (400, "malformed".into()));
    }
    for odd in [
        "public=18446744073709551615",
        "=1",
        "public=1 public=0",
        "\u{0}=1",
    ] {
        phone.cursor = Some(odd.into());
        let response = phone.sync(&[]).await;
        // Its sums tell a phone that has less: it asks from the start.
        assert_eq!(
            response.sums.unwrap().get("public").unwrap().count,
            2,
            "{odd:?}"
        );
    }
}

#[tokio::test]
async fn as_many_unknown_kinds_as_fit_are_deferred_and_leave_nothing() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let unknown = |n: usize| {
        json!({ "id": Uuid::now_v7(), "seq": n, "made_at": "2026-11-23T09:12:00Z",
            "kind": format!("kind.{n}.{}", "x".repeat(900)), "body": null })
    };
    let commands: Vec<_> = (0..MAX_COMMANDS).map(unknown).collect();
    for _ in 0..3 {
        let response = phone.sync(&commands).await;
        let deferred =
            |outcome: &app::sync::wire::CommandOutcome| outcome.outcome == Outcome::Deferred;
        assert!(response.outcomes.iter().all(deferred));
    }
    let stored: (i64,) = sqlx::query_as("select count(*) from commands")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(stored.0, 0);
}

/// The answer to a request that is still being sent is lost with its connection: the phone would hear
/// nothing, and send the same again for ever.
#[tokio::test]
async fn the_news_that_a_request_is_too_large_reaches_whoever_sent_it() {
    let site = Site::new().await;
    let address = site.serve().await;
    for size in [300 * 1024, 2 * 1024 * 1024] {
        let body = format!("{{\"code\":\"{}\"}}", "x".repeat(size));
        let request = http::post(address, "/api/join", "", &body);
        let mut connection = Connection::open(address).await.unwrap();
        for part in request.chunks(16 * 1024) {
            connection.send(part).await.unwrap();
            // As a slow network does: the server has time to answer before the rest comes.
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(connection.receive().await.unwrap().status, 413, "{size}");
    }
}

#[tokio::test]
async fn a_page_opens_whatever_is_written_behind_its_address() {
    let site = Site::new().await;
    for behind in [
        "done=a&done=b",
        "session=1&session=2",
        "%ff=%00&done=%ff&session=%",
        "&&&=&=",
        "done=%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ] {
        let request = Request::get(format!("/help-now?{behind}")).body(Body::empty());
        let answer = site.send(request.unwrap()).await;
        assert_eq!(answer.status, 200, "{behind}");
        let page = String::from_utf8(answer.body).unwrap();
        assert!(page.contains("Samaritans"));
        assert!(!page.contains("<script>alert"));
    }
}

#[tokio::test]
async fn plain_forms_take_no_harm_from_what_no_page_of_ours_sends() {
    let site = Site::new().await;
    site.team("Harbour team", "STAR-DEMO").await;
    let session = site.session(Gives::Staff, None).await;
    let phone = site.joined("STAR-DEMO").await;
    let form = Uuid::now_v7();
    let sign_up = format!("/take-part/{}/sign-up", Uuid::now_v7());
    let nul = format!("form_id={form}&session={session}&note=a%00b");
    let bodies: [&[u8]; 7] = [
        b"",
        b"&=&&=&%",
        b"note=%ff%fe&form_id=%00",
        b"form_id=x&form_id=y&consent=on&consent=on",
        &[0xff; 64],
        &[b'&'; 100_000],
        nul.as_bytes(),
    ];
    for path in ["/join", "/check-in", &sign_up] {
        for body in bodies {
            for kind in [
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "",
            ] {
                let mut request = phone.request(path).body(Body::from(body.to_vec())).unwrap();
                let kind = kind.parse().unwrap();
                request.headers_mut().insert(header::CONTENT_TYPE, kind);
                let status = site.send(request).await.status.as_u16();
                // Joining is answered with who is joined already.
                let taken = path == "/join" && status == 303;
                assert!(taken || (400..500).contains(&status), "{path} {status}");
            }
        }
    }
    let left: (i64,) = sqlx::query_as("select count(*) from sign_ups")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(left.0, 0);
}

/// Some proxies add a line of their own: what stands in the lines before it is anyone's word.
#[tokio::test]
async fn nobody_escapes_the_limit_on_joining_by_making_up_addresses() {
    let site = Site::with(|config| config.trust_forwarded = true).await;
    let mut last = 0;
    for n in 0..12 {
        let request = Phone::new(&site)
            .request("/api/join")
            .header("x-forwarded-for", format!("10.9.8.{n}"))
            .header("x-forwarded-for", "192.0.2.7");
        let body = Body::from(json!({ "code": "nope" }).to_string());
        last = site.send(request.body(body).unwrap()).await.status.as_u16();
    }
    assert_eq!(last, 429);
}
