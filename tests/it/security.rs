//! The guards around every route.

use crate::site::{Phone, Site};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

#[tokio::test]
async fn nothing_is_changed_on_the_word_of_another_site() {
    let site = Site::new().await;
    site.code("LOOK-1").await;
    let signs: [&[(&str, &str)]; 4] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[
            ("origin", "https://evil.example"),
            ("host", "chorus.example"),
        ],
        &[("origin", "null"), ("host", "null")],
    ];
    for path in [
        "/api/join",
        "/api/sync",
        "/api/return",
        "/staff/sign-in",
        "/join",
    ] {
        for sign in signs {
            let request = sign.iter().fold(
                Request::post(path).header(header::CONTENT_TYPE, "application/json"),
                |request, (name, value)| request.header(*name, *value),
            );
            let body = Body::from(json!({ "code": "LOOK-1" }).to_string());
            let answer = site.send(request.body(body).unwrap()).await;
            assert_eq!(
                answer.code(),
                (403, "cross_site".to_owned()),
                "{path} {sign:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_older_browser_is_known_by_its_origin() {
    let site = Site::new().await;
    site.code("LOOK-1").await;
    let request = Request::post("/api/join")
        .header(header::CONTENT_TYPE, "application/json")
        .header("origin", "http://10.0.0.2:3000")
        .header("host", "10.0.0.2:3000");
    let body = Body::from(json!({ "code": "LOOK-1" }).to_string());
    assert_eq!(site.send(request.body(body).unwrap()).await.status, 200);
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    let site = Site::with(|config| config.public_url = Some("https://chorus.example".into())).await;
    for path in [
        "/",
        "/help-now",
        "/shell",
        "/health/live",
        "/staff/sign-in",
        "/api/nothing",
    ] {
        let answer = site
            .send(Request::get(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=31536000",
            "{path}"
        );
        assert!(
            answer
                .header("permissions-policy")
                .contains("geolocation=()"),
            "{path}"
        );
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") || policy.contains("default-src 'self'"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert!(!policy.contains("'unsafe-eval'"), "{path}: {policy}");
    }
    let plain = Site::new().await;
    let answer = plain
        .send(Request::get("/").body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[tokio::test]
async fn what_programs_read_is_never_kept_by_a_browser() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let envelope = phone.envelope(&[]);
    let answer = phone.post("/api/sync", &envelope).await;
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn no_route_reads_a_body_over_the_limit() {
    let site = Site::new().await;
    let long = vec![b'a'; 300 * 1024];
    for path in [
        "/api/sync",
        "/api/join",
        "/api/return",
        "/staff/sign-in",
        "/join",
        "/check-in",
    ] {
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_LENGTH, long.len())
            .body(Body::from(long.clone()));
        assert_eq!(site.send(request.unwrap()).await.status, 413, "{path}");
    }
    // And when the length is not said before.
    let chunks = futures_util::stream::iter(
        long.chunks(1024)
            .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
            .collect::<Vec<_>>(),
    );
    let request = Phone::new(&site)
        .request("/api/sync")
        .body(Body::from_stream(chunks));
    assert_eq!(
        site.send(request.unwrap()).await.code(),
        (413, "too_large".to_owned())
    );
}

#[tokio::test]
async fn an_api_address_that_is_not_there_says_so_and_other_methods_do_nothing() {
    let site = Site::new().await;
    let answer = site
        .send(Request::get("/api/nothing").body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.code(), (404, "not_found".to_owned()));
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let request = Request::builder().method(&method).uri("/api/sync");
        let request = request
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty());
        assert_eq!(site.send(request.unwrap()).await.status, 405, "{method}");
    }
}
