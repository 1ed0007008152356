//! The staff desk: server-rendered pages that work without script, and refresh themselves with it.
//!
//! Every page is dressed here: nothing of it may be kept by a browser, and nothing but our own
//! script and style may run in it. Reading another team's check-ins is impossible below this layer
//! too: the queries name who asks.

mod account;
mod accounts;
mod attend;
mod audit;
mod care;
mod change;
mod changes;
mod check_in;
mod check_ins;
mod decide;
mod desk;
mod enter;
mod events;
mod experiences;
mod fault;
mod group;
mod groups;
mod held;
mod help_now;
mod impact;
mod invite;
mod join_codes;
mod kept;
mod lead;
mod learning;
mod mail;
mod opportunities;
mod opportunity;
mod parts;
mod peers;
mod people;
mod person;
mod plans;
mod pounds;
mod prove;
mod quarter;
mod retention;
mod safety;
mod session;
mod session_sheet;
mod set_up;
mod sign_in;
mod sign_up;
mod sign_ups;
mod teams;
mod themes;
mod when;
mod wording;
mod words;
mod written;

use super::cookies;
use crate::state::App;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use fault::{Fault, fault_page};
use kept::Sent;

/// Everything under `/staff`.
pub fn router(app: &App) -> Router<App> {
    let pages = Router::new()
        .route("/", get(async || Redirect::to("/staff/sign-ups")))
        .merge(set_up::router())
        .merge(sign_in::router())
        .merge(invite::router())
        .merge(prove::router())
        .merge(account::router())
        .merge(accounts::router())
        .merge(sign_ups::router())
        .merge(enter::router())
        .merge(sign_up::router())
        .merge(decide::router())
        .merge(attend::router())
        .merge(session_sheet::router())
        .merge(check_ins::router())
        .merge(check_in::router())
        .merge(care::router())
        .merge(plans::router())
        .merge(experiences::router())
        .merge(themes::router())
        .merge(opportunities::router())
        .merge(opportunity::router())
        .merge(groups::router())
        .merge(group::router())
        .merge(changes::router())
        .merge(change::router())
        .merge(words::router())
        .merge(learning::router())
        .merge(impact::router())
        .merge(held::router())
        .merge(teams::router())
        .merge(help_now::router())
        .merge(join_codes::router())
        .merge(peers::router())
        .merge(people::router())
        .merge(person::router())
        .merge(lead::router())
        .merge(audit::router())
        .merge(safety::router())
        .merge(mail::router())
        .merge(retention::router())
        .merge(events::router())
        .fallback(async || Fault::from(crate::error::Error::NotFound))
        .layer(middleware::from_fn_with_state(app.clone(), dress))
        .layer(cookies::layer(app, cookies::STAFF));
    Router::new().nest("/staff", pages)
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Draws faults and questions as pages, and forbids keeping and framing.
async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = match Sent::of(request).await {
        Ok((sent, request)) => sent.ask(&app, next.run(request).await).await,
        Err(problem) => Fault::from(problem).into_response(),
    };
    let mut response = fault_page(&app, response);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
