//! Running Chorus from its sources: once, or again after each change; and the release programs that measure it.

use std::{
    collections::BTreeMap,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command},
    thread,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};

use crate::{
    repo,
    run::{self, say, timed},
    site::{self, fingerprint},
};

/// What is watched by `dev`.
const SOURCES: [&str; 5] = ["app", "server", "frontend", "migrations", "Cargo.toml"];
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// `serve`: the site, the server, then the server itself in this process's place, so that signals reach it.
pub fn serve(args: &[String]) -> Result<()> {
    site::build()?;
    build_server()?;
    let error = serve_command(args).exec();
    Err(error).with_context(|| format!("cannot start {}", repo::server_program().display()))
}

/// The server that `serve` and the tests run. Without `--package`, so that every cargo here shares one set of features and builds nothing twice.
pub fn build_server() -> Result<()> {
    timed("Building the server", || {
        run::run(run::cargo().args(["build", "--bin", "chorus"]))
    })
}

fn serve_command(args: &[String]) -> Command {
    let mut server = Command::new(repo::server_program());
    server.arg("serve").args(args).current_dir(repo::root());
    server
}

/// `dev`: builds and starts, and again after every change. What does not build leaves the last good one running.
pub fn rebuild_on_change(args: &[String]) -> Result<()> {
    let demo = ["--demo".to_owned()];
    let args = if args.is_empty() { &demo[..] } else { args };
    let mut running = None;
    loop {
        let seen = sources()?;
        match site::build().and_then(|_| build_server()) {
            Ok(()) => {
                running.take().map(stop).transpose()?;
                running = Some(
                    serve_command(args)
                        .spawn()
                        .context("cannot start the server")?,
                );
            }
            Err(error) => say(&format!("{error:#}")),
        }
        say("Watching for changes; Ctrl-C ends it.");
        while sources()? == seen {
            thread::sleep(LOOK_EVERY);
        }
    }
}

fn stop(mut server: Child) -> Result<()> {
    // Finishing what is in flight is for `serve` under a service manager; here the next version waits.
    server.kill()?;
    server.wait()?;
    Ok(())
}

fn sources() -> Result<BTreeMap<PathBuf, Option<SystemTime>>> {
    let mut sources = BTreeMap::new();
    for source in SOURCES {
        for file in fingerprint::files_below(&repo::root().join(source))? {
            let changed = file.metadata().and_then(|data| data.modified()).ok();
            sources.insert(file, changed);
        }
    }
    Ok(sources)
}

/// A program of `tests/`, built for speed.
pub fn run_release_program(name: &str, args: &[String]) -> Result<()> {
    timed(&format!("Building `{name}` for speed"), || {
        run::run(run::cargo().args(["build", "--release", "--bin", name]))
    })?;
    let program = repo::target().join("release").join(name);
    run::run(Command::new(program).args(args).current_dir(repo::root()))
}

/// `bench`: the same, against the server as it is delivered.
pub fn bench(args: &[String]) -> Result<()> {
    crate::install::chromium()?;
    site::build()?;
    timed("Building the server for speed", || {
        run::run(run::cargo().args(["build", "--release", "--bin", "chorus"]))
    })?;
    run_release_program("bench", args)?;
    timed("What a cheap phone feels", || {
        run::run(
            run::npm_program("playwright")
                .args(["test", "--config", "bench.config.ts"])
                .env("CHORUS_PROGRAM", repo::target().join("release/chorus")),
        )
    })
}
