//! Turns sources that name each other into files with fixed contents and hashed addresses.
//!
//! A text may say `{{asset:NAME}}` (the address of another part), `{{build}}` and `{{precache}}` (the addresses of the
//! whole generation, as a JSON array). A part's address holds a hash of its finished content, so a part is finished only
//! after all it names. Nothing here reads or writes files.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::fingerprint;

/// One source: what it is called in `frontend/static` and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `boot.js`, `icons/icon-192.png`.
    pub name: String,
    /// As written by hand or by a tool, not yet stamped.
    pub bytes: Vec<u8>,
}

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Its source's name.
    pub name: String,
    /// Where a browser asks for it: `/assets/boot.0123456789abcdef.js`, `/sw.js`.
    pub address: String,
    /// What it gets.
    pub bytes: Vec<u8>,
}

/// What every generation is made of besides its sources.
pub struct Plan<'a> {
    /// Parts with a fixed address at the root instead of a hashed one.
    pub fixed: &'a [&'a str],
    /// The parts that the service worker keeps.
    pub kept: &'a [&'a str],
    /// Addresses it keeps that are pages, not parts.
    pub kept_pages: &'a [&'a str],
}

/// The id of a generation: of all its sources, before any is stamped (the id itself is stamped into them).
pub fn build_id(sources: &[Source]) -> String {
    fingerprint::of_named(
        sources
            .iter()
            .map(|source| (source.name.as_str(), source.bytes.as_slice())),
    )
}

/// Stamps every source, `finish`ing each text (minifying) before its hash is taken. In the order they were finished.
///
/// # Errors
/// When a part names one that is missing, parts name each other in a circle, or `finish` fails.
pub fn stamp(
    sources: Vec<Source>,
    plan: &Plan,
    finish: impl Fn(&str, Vec<u8>) -> Result<Vec<u8>>,
) -> Result<Vec<Finished>> {
    let build = build_id(&sources);
    let mut waiting = BTreeMap::new();
    for source in sources {
        let names = names_in(&source, plan);
        waiting.insert(source.name.clone(), (source, names));
    }
    for (name, (_, wanted)) in &waiting {
        if let Some(missing) = wanted.iter().find(|wanted| !waiting.contains_key(*wanted)) {
            bail!("{name} needs {missing}, which is not in frontend/static");
        }
    }
    let mut addresses = Addresses::new();
    let mut finished = Vec::new();
    while let Some(name) = next(&waiting, &addresses) {
        let (source, _) = waiting.remove(&name).context("the next one waits")?;
        let bytes = match text_of(&source) {
            Some(text) => finish(&name, fill(text, &build, plan, &addresses)?.into_bytes())?,
            None => source.bytes,
        };
        let address = address(&name, &bytes, plan);
        ensure!(
            !addresses.values().any(|taken| *taken == address),
            "two parts have the address {address}"
        );
        addresses.insert(name.clone(), address.clone());
        finished.push(Finished {
            name,
            address,
            bytes,
        });
    }
    ensure!(
        waiting.is_empty(),
        "these name each other in a circle: {}",
        waiting.into_keys().collect::<Vec<_>>().join(", ")
    );
    Ok(finished)
}

/// Each part's address by its name.
pub type Addresses = BTreeMap<String, String>;

/// The addresses of finished files.
pub fn addresses(files: &[Finished]) -> Addresses {
    files
        .iter()
        .map(|file| (file.name.clone(), file.address.clone()))
        .collect()
}

type Waiting = BTreeMap<String, (Source, Vec<String>)>;

fn next(waiting: &Waiting, addresses: &Addresses) -> Option<String> {
    waiting
        .iter()
        .find(|(_, (_, names))| names.iter().all(|name| addresses.contains_key(name)))
        .map(|(name, _)| name.clone())
}

/// Only these are looked through for `{{…}}`; the JavaScript that wasm-bindgen makes may hold any text, but never ours.
fn text_of(source: &Source) -> Option<&str> {
    let ours = ["js", "css", "webmanifest"].contains(&extension(&source.name));
    ours.then(|| std::str::from_utf8(&source.bytes).ok())?
}

fn names_in(source: &Source, plan: &Plan) -> Vec<String> {
    let Some(text) = text_of(source) else {
        return Vec::new();
    };
    let mut names: Vec<String> = text
        .split("{{asset:")
        .skip(1)
        .filter_map(|rest| rest.split_once("}}"))
        .map(|(name, _)| name.to_owned())
        .collect();
    if text.contains("{{precache}}") {
        names.extend(plan.kept.iter().map(|&name| name.to_owned()));
    }
    names
}

fn fill(text: &str, build: &str, plan: &Plan, addresses: &Addresses) -> Result<String> {
    let mut filled = text.replace("{{build}}", build);
    if filled.contains("{{precache}}") {
        filled = filled.replace(
            "{{precache}}",
            &serde_json::to_string(&kept(plan, addresses))?,
        );
    }
    for (name, address) in addresses {
        filled = filled.replace(&format!("{{{{asset:{name}}}}}"), address);
    }
    Ok(filled)
}

/// The addresses of the one generation that the service worker keeps: its pages, then its parts.
pub fn kept<'a>(plan: &Plan<'a>, addresses: &'a Addresses) -> Vec<&'a str> {
    let pages = plan.kept_pages.iter().copied();
    let parts = plan.kept.iter().filter_map(|name| addresses.get(*name));
    pages.chain(parts.map(String::as_str)).collect()
}

fn address(name: &str, bytes: &[u8], plan: &Plan) -> String {
    if plan.fixed.contains(&name) {
        return format!("/{name}");
    }
    let file = name.rsplit_once('/').map_or(name, |(_, file)| file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let hash = fingerprint::of_bytes(bytes);
    format!("/assets/{stem}.{hash}.{}", extension(name))
}

/// `js` of `boot.js`.
pub fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan {
        fixed: &["sw.js", "app.webmanifest"],
        kept: &["boot.js", "app.webmanifest"],
        kept_pages: &["/shell"],
    };

    fn source(name: &str, text: &str) -> Source {
        Source {
            name: name.into(),
            bytes: text.into(),
        }
    }

    fn stamped(sources: &[(&str, &str)]) -> Result<BTreeMap<String, (String, String)>> {
        let sources = sources.iter().map(|(name, text)| source(name, text));
        Ok(stamp(sources.collect(), &PLAN, |_, bytes| Ok(bytes))?
            .into_iter()
            .map(|file| {
                (
                    file.name,
                    (file.address, String::from_utf8(file.bytes).unwrap()),
                )
            })
            .collect())
    }

    #[test]
    fn a_part_is_finished_after_all_that_it_names_whatever_the_order() {
        let files = stamped(&[
            ("app.webmanifest", "icon {{asset:icons/a.png}}"),
            ("boot.js", "import '{{asset:z.js}}'"),
            ("icons/a.png", "png"),
            ("sw.js", "keep {{precache}}"),
            ("z.js", "wasm {{asset:z.wasm}}"),
            ("z.wasm", "\0asm"),
        ])
        .unwrap();
        let address = |name: &str| files[name].0.clone();
        assert_eq!(files["boot.js"].1, format!("import '{}'", address("z.js")));
        assert_eq!(files["z.js"].1, format!("wasm {}", address("z.wasm")));
        assert!(address("icons/a.png").starts_with("/assets/a."));
        assert_eq!(address("sw.js"), "/sw.js");
        assert_eq!(
            files["sw.js"].1,
            format!(
                "keep [\"/shell\",\"{}\",\"/app.webmanifest\"]",
                address("boot.js")
            )
        );
    }

    #[test]
    fn a_change_deep_down_changes_every_address_that_leads_to_it() {
        let boot = |wasm: &str| {
            let files = stamped(&[("boot.js", "{{asset:z.wasm}}"), ("z.wasm", wasm)]).unwrap();
            files["boot.js"].0.clone()
        };
        assert_eq!(boot("one"), boot("one"));
        assert_ne!(boot("one"), boot("two"));
    }

    #[test]
    fn the_build_id_is_of_the_sources_and_is_stamped_into_them() {
        let sources = [source("boot.js", "build {{build}}")];
        let files = stamped(&[("boot.js", "build {{build}}")]).unwrap();
        assert_eq!(files["boot.js"].1, format!("build {}", build_id(&sources)));
        assert_eq!(build_id(&sources).len(), 16);
    }

    #[test]
    fn the_hash_is_of_what_is_served_not_of_what_was_written() {
        let sources = || vec![source("a.css", "x")];
        let plain = stamp(sources(), &PLAN, |_, bytes| Ok(bytes)).unwrap();
        let minified = stamp(sources(), &PLAN, |_, _| Ok(b"y".to_vec())).unwrap();
        assert_eq!(minified[0].bytes, b"y");
        assert_ne!(minified[0].address, plain[0].address);
    }

    #[test]
    fn a_missing_part_a_circle_and_a_shared_address_are_errors_that_name_it() {
        let error = |sources: &[(&str, &str)]| stamped(sources).unwrap_err().to_string();
        assert!(error(&[("boot.js", "{{asset:gone.css}}")]).contains("gone.css"));
        assert!(error(&[("sw.js", "{{precache}}")]).contains("boot.js"));
        assert!(
            error(&[("a.js", "{{asset:b.js}}"), ("b.js", "{{asset:a.js}}")]).contains("a.js, b.js")
        );
        assert!(error(&[("a/i.png", "same"), ("b/i.png", "same")]).contains("/assets/i."));
    }

    #[test]
    fn what_is_not_text_is_left_alone() {
        let files = stamped(&[("a.wasm", "{{build}}")]).unwrap();
        assert_eq!(files["a.wasm"].1, "{{build}}");
    }
}
