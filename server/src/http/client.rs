//! Where a request comes from, for counting failures. Never logged, never stored.

use crate::state::App;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
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
