//! Where a request comes from, for counting failures, and where it was sent. Never logged, never stored.

use crate::{phones, state::App};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use std::{convert::Infallible, net::SocketAddr};

/// The client's address as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub String);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let forwarded = app.config.trust_forwarded.then(|| {
            // The last entry of the last line is the one that our own proxy wrote; those before it are
            // anyone's words.
            let lines = parts.headers.get_all("x-forwarded-for");
            let list = lines.iter().next_back()?.to_str().ok()?;
            Some(list.rsplit(',').next()?.trim().to_owned())
        });
        let address = forwarded.flatten().unwrap_or_else(|| {
            parts
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map_or_else(|| "unknown".to_owned(), |peer| peer.0.ip().to_string())
        });
        Ok(Self(address))
    }
}

/// The plain name of the browser that asks: "Phone, Chrome on Android".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browser(pub String);

impl FromRequestParts<App> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let header = parts.headers.get(header::USER_AGENT);
        let user_agent = header.and_then(|value| value.to_str().ok());
        Ok(Self(phones::plain_name(user_agent.unwrap_or_default())))
    }
}

/// Where people reach this server: as it was set up, or else as this very request did.
pub fn origin(app: &App, headers: &HeaderMap) -> String {
    let given = app.config.public_url.as_deref();
    let host = || {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        format!("http://{}", host.unwrap_or("localhost"))
    };
    given.map_or_else(host, |url| url.trim_end_matches('/').to_owned())
}
