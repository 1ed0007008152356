//! What phones download, made from the frontend crate and `frontend/static`, and put where the server looks for it:
//!
//! frontend crate → wasm → JavaScript bindings → small wasm; static sources → stamped with each other's addresses → minified;
//! everything → hashed address, brotli, gzip → `target/site`.

mod arrange;
pub mod fingerprint;
mod minify;
pub mod pack;
mod split;
mod stamp;
mod wasm;
mod words;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{
    install, repo,
    run::{say, timed},
};
use pack::Weight;
use stamp::{Plan, Source};

/// Everything that the site is made from, xtask's recipe included.
const INPUTS: [&str; 8] = [
    "app",
    "frontend",
    "xtask/src",
    "xtask/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "tests/e2e/package-lock.json",
];

const PLAN: Plan = Plan {
    fixed: &["sw.js", "manifest.webmanifest"],
    kept: &[
        "age.js",
        "boot.js",
        "copy.js",
        "frontend.js",
        "frontend.wasm",
        "lock.js",
        "more.txt",
        "plan.js",
        "remind.js",
        "screens.wasm",
        "en.txt",
        "style.css",
        "icons/icon-192.png",
        "manifest.webmanifest",
    ],
    kept_pages: &["/shell", "/notes"],
};

/// What a phone keeps but need not wait for: the screens that are not Today, and what few people use.
pub const LATER: [&str; 7] = [
    "screens.wasm",
    "more.txt",
    "lock.js",
    "copy.js",
    "age.js",
    "plan.js",
    "remind.js",
];

/// What the desk's pages name; phones never fetch these.
const DESK: [&str; 2] = ["desk.css", "desk.js"];

/// Brings `target/site` up to date. True if it had to be made anew.
pub fn build() -> Result<bool> {
    install::npm_packages()?;
    let compiler = install::wasm_compiler()?;
    let inputs = fingerprint::of_files(&repo::root(), &INPUTS, &compiler.version())?;
    let mark = repo::workshop().join("site-made-from");
    let made = repo::site().join("assets.json").exists();
    if made && fs::read_to_string(&mark).is_ok_and(|made| made == inputs) {
        return Ok(false);
    }
    fs::create_dir_all(repo::workshop())?;
    let mut sources = Vec::from(wasm::build(compiler)?);
    sources.extend(words::build()?);
    sources.extend(static_sources()?);
    let named = [PLAN.fixed, PLAN.kept, &DESK].concat();
    let is_there = |name: &&&str| sources.iter().any(|source| source.name == **name);
    if let Some(missing) = named.iter().find(|name| !is_there(name)) {
        bail!("frontend/static/{missing} is missing");
    }
    timed("Hashing, minifying and compressing", || assemble(sources))?;
    fs::write(mark, inputs)?;
    Ok(true)
}

fn assemble(sources: Vec<Source>) -> Result<()> {
    let build = stamp::build_id(&sources);
    let files = stamp::stamp(sources, &PLAN, minify::minify)?;
    // Made beside the old one and then put in its place, so that a running server never reads half a site.
    let new = repo::workshop().join("new");
    let weights = pack::write(
        &new,
        &build,
        &files,
        &stamp::kept(&PLAN, &stamp::addresses(&files)),
    )?;
    let site = repo::site();
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    fs::rename(&new, &site).with_context(|| site.display().to_string())?;
    let kept = |weight: &Weight| PLAN.kept.contains(&weight.name.as_str());
    let (first, later): (Vec<_>, Vec<_>) = weights
        .into_iter()
        .filter(kept)
        .partition(|weight| !LATER.contains(&weight.name.as_str()));
    say(&format!(
        "The first load, without the page itself:\n{}\nAnd what comes after it:\n{}",
        pack::table(&first),
        pack::table(&later)
    ));
    Ok(())
}

fn static_sources() -> Result<Vec<Source>> {
    let folder = repo::root().join("frontend/static");
    fingerprint::files_below(&folder)?
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(&folder).context("found below it")?;
            Ok(Source {
                name: name.to_str().context("file names are plain")?.to_owned(),
                bytes: fs::read(&file)?,
            })
        })
        .collect()
}
