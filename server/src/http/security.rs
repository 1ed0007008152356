//! What stands around every route: no state change on the word of another site, a limit on every
//! body, and the headers that every answer carries. Pages bring their own content policy.

use super::read;
use crate::{error::Error, state::App};
use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use std::time::Instant;

/// The most bytes of any request.
pub const MOST_BYTES: usize = app::sync::wire::MAX_REQUEST_BYTES;

const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: with that, forms send `Origin: null`.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
         display-capture=(), browsing-topics=()",
    ),
];

/// For what is no page: nothing runs, nothing loads, nothing frames it.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Puts the guards around `routes`.
pub fn guard(routes: Router<App>, app: &App) -> Router<App> {
    routes
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(app.clone(), check))
        .layer(middleware::from_fn_with_state(app.clone(), dress))
        .layer(middleware::from_fn(trace))
}

/// Refuses what another site's page sends, and what is too large to read.
async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let changes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if changes && !is_same_site(request.headers(), app.config.public_url.as_deref()) {
        return Error::CrossSite.into_response();
    }
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length: Option<usize> = length.and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length| length > MOST_BYTES) {
        read::drop_rest(request.into_body().into_data_stream()).await;
        return Error::TooLarge.into_response();
    }
    next.run(request).await
}

/// Whether a request that changes something comes from one of our own pages.
fn is_same_site(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site") == Some("same-origin") {
        return true;
    }
    let Some(origin) = text("origin") else {
        return false;
    };
    let host = origin.split_once("://").map(|(_, host)| host);
    let is_public = public_url.is_some_and(|url| url.trim_end_matches('/') == origin);
    is_public || (host.is_some() && host == text("host"))
}

/// Adds the headers; what a page says about itself stands.
async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let of_a_program = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    for (name, value) in HEADERS {
        add(name, value);
    }
    add(header::CONTENT_SECURITY_POLICY, POLICY);
    if of_a_program {
        add(header::CACHE_CONTROL, "no-store");
    }
    if app.config.is_https() {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Says how requests go, and nothing about who asks or what for: the route, not the address with
/// its ids.
async fn trace(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route = route.as_ref().map_or("-", MatchedPath::as_str),
        status = response.status().as_u16(),
        took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_site(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect();
        is_same_site(&headers, Some("https://chorus.example"))
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        assert!(same_site(&[("sec-fetch-site", "same-origin")]));
        assert!(same_site(&[("origin", "https://chorus.example")]));
        assert!(same_site(&[
            ("origin", "http://10.0.0.2:3000"),
            ("host", "10.0.0.2:3000")
        ]));
        assert!(!same_site(&[]));
        assert!(!same_site(&[
            ("origin", "null"),
            ("host", "chorus.example")
        ]));
        assert!(!same_site(&[("origin", "https://chorus.example.evil")]));
        assert!(!same_site(&[("sec-fetch-site", "same-site")]));
        assert!(!same_site(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
            ("host", "chorus.example")
        ]));
    }
}
