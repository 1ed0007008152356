//! What a first visit to Today costs a phone, asked of the real server: the page, all it names, and all that the service
//! worker keeps. The screens that are not Today come after it, and are weighed apart.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    probe::Server,
    repo,
    run::say,
    site::{
        self,
        pack::{self, Weight},
    },
};

/// 200 KB in all, of which the wasm 171 KB.
const ALL_MAX_BYTES: usize = 200_000;
const WASM_MAX_BYTES: usize = 171_000;
/// What all other screens, and what few people use, may add in the background.
const LATER_MAX_BYTES: usize = 212_000;

/// Fetches it all, prints the breakdown, and fails if it is too heavy.
pub fn assert_first_load() -> Result<()> {
    let server = Server::start(&repo::server_program())?;
    let page = server.get("/")?;
    ensure!(page.status == 200, "Today answered {}", page.status);
    let text = String::from_utf8(page.content()?).context("Today is not text")?;
    let mut addresses = own_addresses(&text);
    addresses.extend(precache()?);
    addresses.insert("/sw.js".into());

    let mut weights = vec![weigh("/", page.body.len(), text.len())];
    for address in addresses {
        let answer = server.get(&address)?;
        ensure!(answer.status == 200, "{address} answered {}", answer.status);
        weights.push(weigh(&address, answer.body.len(), answer.content()?.len()));
    }
    let (first, later): (Vec<_>, Vec<_>) =
        weights.into_iter().partition(|weight| !is_later(weight));
    say(&format!(
        "First load of Today, as served:\n{}\nAnd what comes after it:\n{}",
        pack::table(&first),
        pack::table(&later)
    ));
    check(&first, &later)
}

fn is_later(weight: &Weight) -> bool {
    let stem = |name: &str| name.split_once('.').map(|(stem, _)| stem.to_owned());
    let found = stem(&weight.name);
    site::LATER.iter().any(|name| stem(name) == found)
}

fn weigh(address: &str, brotli: usize, raw: usize) -> Weight {
    let name = address.trim_start_matches("/assets/").to_owned();
    Weight { name, raw, brotli }
}

fn check(first: &[Weight], later: &[Weight]) -> Result<()> {
    let sum = |weights: &[Weight], ending: &str| -> usize {
        let counted = weights
            .iter()
            .filter(|weight| weight.name.ends_with(ending));
        counted.map(|weight| weight.brotli).sum()
    };
    for (what, bytes, limit) in [
        ("the wasm", sum(first, ".wasm"), WASM_MAX_BYTES),
        ("the first load", sum(first, ""), ALL_MAX_BYTES),
        ("what comes after it", sum(later, ""), LATER_MAX_BYTES),
    ] {
        ensure!(bytes > 0, "{what} is empty: something is missing");
        ensure!(
            bytes <= limit,
            "{what} is {} and may be {}",
            pack::kilobytes(bytes),
            pack::kilobytes(limit)
        );
    }
    Ok(())
}

fn precache() -> Result<Vec<String>> {
    let list = fs::read(repo::site().join("assets.json"))?;
    let list: Value = serde_json::from_slice(&list)?;
    let addresses = list["precache"]
        .as_array()
        .context("assets.json has no `precache`")?;
    Ok(addresses
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}

/// The addresses in `href` and `src` of a page that a browser fetches by itself: assets and the manifest, not links to other pages.
fn own_addresses(page: &str) -> BTreeSet<String> {
    ["href=\"", "src=\""]
        .into_iter()
        .flat_map(|attribute| page.split(attribute).skip(1))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(address, _)| address.to_owned())
        .filter(|address| address.starts_with("/assets/") || address.ends_with(".webmanifest"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_browser_fetches_by_itself_is_weighed() {
        let page = r#"<link href="/assets/a.css"><link rel="manifest" href="/manifest.webmanifest">
            <script src="/assets/b.js"></script><a href="/help-now">Help now</a>"#;
        let found: Vec<_> = own_addresses(page).into_iter().collect();
        assert_eq!(
            found,
            ["/assets/a.css", "/assets/b.js", "/manifest.webmanifest"]
        );
    }

    #[test]
    fn only_the_other_screens_come_later() {
        assert!(is_later(&weigh("/assets/screens.00.wasm", 1, 1)));
        assert!(!is_later(&weigh("/assets/frontend.00.wasm", 1, 1)));
    }

    #[test]
    fn too_heavy_and_too_light_to_be_true_both_fail() {
        let with = |wasm, page, later| {
            let first = [
                weigh("/assets/frontend.00.wasm", wasm, wasm),
                weigh("/", page, page),
            ];
            check(&first, &[weigh("/assets/screens.00.wasm", later, later)])
        };
        assert!(with(171_000, 29_000, 212_000).is_ok());
        assert!(with(171_001, 1, 1).is_err());
        assert!(with(160_000, 40_001, 1).is_err());
        assert!(with(160_000, 1, 212_001).is_err());
        assert!(with(0, 10, 10).is_err());
        assert!(with(10, 10, 0).is_err());
    }
}
