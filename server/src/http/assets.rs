//! What phones and desks download: scripts, styles, wasm, icons, the service worker and the manifest.
//!
//! `cargo xtask site` writes them to `target/site`, compressed ahead of time; a release build holds
//! them inside the binary. Nothing here is about a person, so all of it may be cached.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// The address of what has a content hash in its name never means anything else.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Fixed addresses are asked about each time.
const ASK_FIRST: &str = "no-cache";

#[derive(rust_embed::Embed)]
#[folder = "$CHORUS_SITE"]
#[allow_missing = true]
struct Site;

/// The build's id and the address of each of its files.
#[derive(Clone, Debug)]
pub struct Assets(Arc<Map>);

#[derive(Debug, Default, Deserialize)]
struct Map {
    build: String,
    files: BTreeMap<String, String>,
}

impl Assets {
    /// Reads the map of the built site. Where none was built (plain `cargo test`), the server works
    /// all the same, with addresses that lead nowhere.
    pub fn load() -> Self {
        let map = Site::get("assets.json").and_then(|file| serde_json::from_slice(&file.data).ok());
        Self(Arc::new(map.unwrap_or_else(|| Map {
            build: "unbuilt".to_owned(),
            files: BTreeMap::new(),
        })))
    }

    /// The id of the generation that is served: pages and scripts of one id belong together.
    pub fn build(&self) -> &str {
        &self.0.build
    }

    /// The address of a file by its plain name (`boot.js`, `icons/icon-192.png`).
    pub fn url(&self, name: &str) -> Cow<'_, str> {
        match self.0.files.get(name) {
            Some(address) => Cow::Borrowed(address),
            None => Cow::Owned(format!("/assets/{name}")),
        }
    }
}

/// The service worker fetches this site's own files, and nothing else.
const FIXED_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/// `/assets/*`, and the two files whose addresses are fixed.
pub fn router<S: Clone + Send + Sync + 'static>(assets: Assets) -> Router<S> {
    Router::new()
        .route("/assets/{*name}", get(hashed))
        .route("/sw.js", get(service_worker))
        .route(
            "/manifest.webmanifest",
            get(|headers: HeaderMap| fixed(headers, "manifest.webmanifest")),
        )
        .with_state(assets)
}

async fn hashed(
    State(assets): State<Assets>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    // Only what the map names: not the compressed twins, and not a file left from an older build.
    let address = format!("/assets/{name}");
    if !assets.0.files.values().any(|known| *known == address) {
        return StatusCode::NOT_FOUND.into_response();
    }
    answer(&format!("assets/{name}"), FOR_EVER, &headers)
}

async fn fixed(headers: HeaderMap, name: &'static str) -> Response {
    let mut response = answer(&format!("root/{name}"), ASK_FIRST, &headers);
    // What a worker may ask for is said by its own script's answer, not by the pages it serves.
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(FIXED_POLICY),
    );
    response
}

/// The service worker fetches what it keeps under its own policy, not under a page's; so does it load the script
/// of reminders, and their picture.
async fn service_worker(headers: HeaderMap) -> Response {
    let policy = HeaderValue::from_static(
        "default-src 'none'; connect-src 'self'; script-src 'self'; img-src 'self'",
    );
    let mut response = fixed(headers, "sw.js").await;
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Sends a file of the site in the smallest encoding that the browser reads.
fn answer(path: &str, caching: &'static str, headers: &HeaderMap) -> Response {
    let Some((file, encoding)) = smallest(path, headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = etag(&file.metadata.sha256_hash());
    let mut response = if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(match file.data {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        });
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(mime(path)));
        if let Some(encoding) = encoding {
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(header::ETAG, tag);
    response
}

/// The first of brotli, gzip and plain that is both built and read by the browser.
fn smallest(
    path: &str,
    headers: &HeaderMap,
) -> Option<(rust_embed::EmbeddedFile, Option<&'static str>)> {
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(headers, encoding))
        .find_map(|(encoding, suffix)| {
            Site::get(&format!("{path}{suffix}")).map(|file| (file, Some(encoding)))
        })
        .or_else(|| Site::get(path).map(|file| (file, None)))
}

/// Whether `Accept-Encoding` names `encoding` without forbidding it (`q=0`).
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next() == Some(encoding)
                && !parts.any(|part| {
                    part.strip_prefix("q=")
                        .and_then(|weight| weight.parse::<f32>().ok())
                        .is_some_and(|weight| weight <= 0.0)
                })
        })
}

fn etag(hash: &[u8; 32]) -> HeaderValue {
    let hex: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hex}\"")).expect("hex digits are allowed in a header")
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn an_encoding_is_used_only_if_the_browser_reads_it() {
        assert!(accepts(&accepting("gzip, deflate, br, zstd"), "br"));
        assert!(accepts(&accepting("gzip;q=1.0, br;q=0.5"), "br"));
        assert!(!accepts(&accepting("gzip, br;q=0"), "br"));
        assert!(!accepts(&accepting("gzip, brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn wasm_has_the_type_that_browsers_need_to_compile_it_as_it_comes() {
        assert_eq!(mime("assets/frontend.ab12.wasm"), "application/wasm");
    }

    #[test]
    fn an_unbuilt_site_still_has_addresses() {
        let assets = Assets(Arc::new(Map::default()));
        assert_eq!(assets.url("desk.css"), "/assets/desk.css");
    }
}
