//! `/api/openapi.json` tells what is there, and nothing that is not.

use crate::site::Site;
use axum::{body::Body, http::Request};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

async fn described(site: &Site) -> Vec<(String, String)> {
    let request = Request::get("/api/openapi.json").body(Body::empty());
    let description: Value = site.send(request.unwrap()).await.json();
    let paths = description["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(move |method| (method.to_uppercase(), path.clone()))
    });
    all.collect()
}

#[tokio::test]
async fn everything_that_is_described_answers() {
    let site = Site::new().await;
    let described = described(&site).await;
    assert!(described.len() >= 7);
    for (method, path) in described {
        let request = Request::builder().method(method.as_str()).uri(&path);
        let request = request.header("sec-fetch-site", "same-origin");
        let answer = site.send(request.body(Body::empty()).unwrap()).await;
        assert!(
            ![404, 405].contains(&answer.status.as_u16()),
            "{method} {path}"
        );
    }
}

/// The quoted addresses in the server's sources that begin as a program's do.
fn routes_in_sources(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            routes_in_sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            let routes = source.split(".route(").skip(1);
            let quoted = routes.filter_map(|rest| rest.trim_start().strip_prefix('"'));
            let addresses = quoted.filter_map(|rest| rest.split('"').next());
            let of_programs = addresses
                .filter(|address| address.starts_with("/api/") || address.starts_with("/health/"));
            found.extend(of_programs.map(str::to_owned));
        }
    }
}

#[tokio::test]
async fn every_route_for_programs_is_described() {
    let site = Site::new().await;
    let described: BTreeSet<String> = described(&site)
        .await
        .into_iter()
        .map(|(_, path)| path)
        .collect();
    let mut routes = BTreeSet::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    routes_in_sources(&sources, &mut routes);
    assert_eq!(routes, described);
}
