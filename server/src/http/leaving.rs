//! A browser whose person deleted what was on it. The app cannot reach the session's cookie, and there
//! may be no signal to ask for its end; so it sets a cookie of its own (`leaveBehind` in
//! `frontend/static/boot.js`), and from the next request on nobody is taken for who left.

use super::cookies;
use crate::state::App;
use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue,
        header::{COOKIE, SET_COOKIE},
    },
    middleware::Next,
    response::Response,
};

/// The app's own cookie.
const LEAVING: &str = "chorus-leaving";
/// Takes it away.
const LEFT: HeaderValue =
    HeaderValue::from_static("chorus-leaving=; Path=/; Max-Age=0; SameSite=Lax");
/// Here the session is ended, so here its cookie counts.
const LEAVE: &str = "/api/leave";

/// Takes the member's cookie off the requests of a browser that is leaving, until its session has
/// ended or somebody else has joined in it.
pub async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if !cookies_of(request.headers()).any(|(name, _)| name == LEAVING) {
        return next.run(request).await;
    }
    let member = cookies::name(&app, cookies::MEMBER);
    let leaves = request.uri().path() == LEAVE;
    if !leaves {
        take_off(request.headers_mut(), &member);
    }
    let mut response = next.run(request).await;
    if (leaves && response.status().is_success()) || sets(&response, &member) {
        response.headers_mut().append(SET_COOKIE, LEFT);
    }
    response
}

/// Names and values of the cookies that came.
fn cookies_of(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(COOKIE).into_iter();
    let pairs = lines.filter_map(|line| line.to_str().ok()?.split(';').into());
    pairs
        .flatten()
        .filter_map(|pair| pair.trim().split_once('='))
}

fn take_off(headers: &mut HeaderMap, name: &str) {
    let others = cookies_of(headers).filter(|(other, _)| *other != name);
    let others: Vec<_> = others
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    headers.remove(COOKIE);
    if let Ok(line) = HeaderValue::from_str(&others.join("; ")) {
        headers.insert(COOKIE, line);
    }
}

fn sets(response: &Response, name: &str) -> bool {
    let mut set = response.headers().get_all(SET_COOKIE).into_iter();
    set.any(|line| {
        line.to_str()
            .is_ok_and(|line| line.split('=').next() == Some(name))
    })
}
