//! `cargo xtask test`: the whole check, quick parts first. What CI runs and what a person runs are the same.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{
    dev, install, postgres, repo,
    run::{self, duration, run, say, timed},
    site, weight,
};

/// Seeds of the sync simulation that every check runs: of the model server, and of the real router on SQLite.
const MODEL_SEEDS: &str = "2000";
const SERVER_SEEDS: &str = "50";

type Part = (&'static str, fn() -> Result<()>);

/// Clippy and the documentation share what is checked; the server, the tests and the browser share what is built.
const PARTS: [Part; 12] = [
    ("Formatting", formatting),
    ("Tools", tools),
    ("Lints", lints),
    ("Lints of the app in the browser", browser_lints),
    ("Documentation", documentation),
    ("What phones download", || site::build().map(|_| ())),
    ("Server", dev::build_server),
    ("Tests", tests),
    ("PostgreSQL", || postgres::tests(&[])),
    ("First load", weight::assert_first_load),
    ("Simulation", simulation),
    ("Browser journeys", journeys),
];

/// Runs every part and stops at the first that fails.
pub fn all() -> Result<()> {
    let start = Instant::now();
    let mut times = Vec::new();
    for (number, (name, part)) in PARTS.iter().enumerate() {
        let title = format!("[{}/{}] {name}", number + 1, PARTS.len());
        let start = Instant::now();
        timed(&title, part)?;
        times.push((*name, start.elapsed()));
    }
    say(&format!(
        "{}\nEverything passed in {}.",
        breakdown(&times),
        duration(start.elapsed())
    ));
    Ok(())
}

fn breakdown(times: &[(&str, Duration)]) -> String {
    let row = |(name, time): &(&str, Duration)| format!("{name:<34}{}", duration(*time));
    times.iter().map(row).collect::<Vec<_>>().join("\n")
}

fn formatting() -> Result<()> {
    run(run::cargo().args(["fmt", "--all", "--check"]))
}

/// All at once and early: what cannot be installed should be known before anything is built.
fn tools() -> Result<()> {
    install::npm_packages()?;
    install::wasm_compiler()?;
    install::chromium()?;
    install::postgres().map(|_| ())
}

fn lints() -> Result<()> {
    run(run::cargo().args(["clippy", "--all-targets", "--", "-D", "warnings"]))
}

fn browser_lints() -> Result<()> {
    match install::wasm_compiler()?.clippy() {
        Some(mut clippy) => run(clippy.args(["--", "-D", "warnings"])),
        None => {
            say(
                "Debian's compiler for wasm has no clippy: this part is left to machines with rustup's target.",
            );
            Ok(())
        }
    }
}

fn documentation() -> Result<()> {
    run(run::cargo()
        .args(["doc", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings"))
}

/// Unit, HTTP, golden-file and crash tests; those that need the built server find it by `CHORUS_PROGRAM`.
fn tests() -> Result<()> {
    run(run::cargo()
        .arg("test")
        .env("CHORUS_PROGRAM", repo::server_program()))
}

fn simulation() -> Result<()> {
    run(run::cargo().args(["build", "--bin", "simulate"]))?;
    let program = || Command::new(repo::target().join("debug/simulate"));
    run(program().args(["--seeds", MODEL_SEEDS]))?;
    run(program().args(["--seeds", SERVER_SEEDS, "--real"]))
}

fn journeys() -> Result<()> {
    run(run::npm_program("playwright")
        .arg("test")
        .env("CHORUS_PROGRAM", repo::server_program()))
}
