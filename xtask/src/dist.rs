//! The one file that is delivered.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    probe::Server,
    repo,
    run::{self, say, timed},
    site::{self, pack},
};

/// Builds `target/dist/chorus` and proves, from an empty folder, that it needs nothing beside it.
pub fn dist() -> Result<()> {
    site::build()?;
    timed("Building the server for delivery", || {
        run::run(run::cargo().args(["build", "--release", "--bin", "chorus"]))
    })?;
    let delivered = repo::target().join("dist/chorus");
    // Under another name until it is proved: what stands at `dist/chorus` is always whole.
    let unproved = delivered.with_extension("unproved");
    fs::create_dir_all(repo::target().join("dist"))?;
    fs::copy(repo::target().join("release/chorus"), &unproved)?;
    timed("Running it from an empty folder", || prove(&unproved))?;
    fs::rename(&unproved, &delivered)?;
    let size = fs::metadata(&delivered)?.len();
    say(&format!(
        "{} is {} and self-contained.",
        delivered.display(),
        pack::kilobytes(usize::try_from(size)?)
    ));
    Ok(())
}

fn prove(delivered: &Path) -> Result<()> {
    let listed = fs::read(repo::site().join("assets.json"))?;
    let listed: Value = serde_json::from_slice(&listed)?;
    let files = listed["files"]
        .as_object()
        .context("assets.json has no `files`")?;
    // Out of the way while it runs: a server that reads its assets from the sources' folder would be found out.
    let hidden = repo::workshop().join("hidden");
    fs::rename(repo::site(), &hidden)?;
    let answers = ask_for_all(delivered, files.values().filter_map(Value::as_str));
    fs::rename(&hidden, repo::site())?;
    answers
}

fn ask_for_all<'a>(delivered: &Path, assets: impl Iterator<Item = &'a str>) -> Result<()> {
    let server = Server::start(delivered)?;
    for address in [
        "/",
        "/help-now",
        "/shell",
        "/sw.js",
        "/manifest.webmanifest",
    ]
    .into_iter()
    .chain(assets)
    {
        let answer = server.get(address)?;
        ensure!(answer.status == 200, "{address} answered {}", answer.status);
        ensure!(!answer.body.is_empty(), "{address} is empty");
    }
    Ok(())
}
