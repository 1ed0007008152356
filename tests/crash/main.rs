//! The built server under load is killed with SIGKILL again and again and started on the same data.
//! Every command that was answered must be there exactly once; every other one at most once, and it
//! arrives when its phone sends the same bytes again.
//!
//! After each kill, before the server comes back, a copy of its files is read and held against what
//! the phones were told ([`ledger`]). `cargo xtask test` builds the server before; alone, this needs
//! `cargo build --bin chorus`.

mod chance;
mod drill;
mod evidence;
mod ledger;
mod mail;
mod mirror;
mod phone;
mod replica;

use anyhow::{Context, Result, ensure};
use chance::Chance;
use evidence::Evidence;
use ledger::{Fault, Ledger};
use phone::{Phone, Site};
use std::fmt::Write;
use tests::outside::{
    member::Member,
    process::{self, Server},
};
use tokio::task::JoinSet;

const KILLS: u64 = 20;
const PHONES: u64 = 8;
/// The most requests that are sent between a start and the next kill.
const MOST_REQUESTS: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_outlives_every_kill_and_the_rest_arrives_once_on_retry() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut server = Server::start(&process::program("debug")?, folder.path()).await?;
    let site = Site::new(server.address());
    let mut phones = JoinSet::new();
    for seed in 0..PHONES {
        let phone = Phone::new(site.clone(), Member::join(server.address()).await?, seed);
        phones.spawn(phone.work());
    }

    let mut cut_off = CutOff::default();
    let mut chance = Chance::new(7);
    for kill in 1..=KILLS {
        kill_under_load(&mut server, &site, &mut chance).await?;
        let evidence = Evidence::copied_from(&server.database()).await?;
        sound(&site.ledger().faults(&evidence)).with_context(|| format!("after kill {kill}"))?;
        cut_off.count(&site.ledger(), &evidence);
        server.restart().await?;
        site.up.send_replace(true);
    }
    site.done.send_replace(true);

    let mut idle = Vec::new();
    while let Some(phone) = phones.join_next().await {
        idle.push(phone??);
    }
    for phone in &mut idle {
        phone.ask_everything_again().await?;
    }
    for phone in &mut idle {
        phone.compare_with_a_fresh_pull().await?;
    }
    server.kill().await?;
    let evidence = Evidence::copied_from(&server.database()).await?;
    sound(&site.ledger().faults(&evidence))?;
    sound(&site.ledger().unanswered())?;

    println!("{KILLS} kills; {}; {cut_off}", site.ledger().summary());
    ensure!(
        cut_off.any(),
        "no kill cut a request off: this proved nothing"
    );
    Ok(())
}

/// Kills at a moment given by how much was sent or answered since the start: right after some
/// request was written, or right after some answer was read.
async fn kill_under_load(server: &mut Server, site: &Site, chance: &mut Chance) -> Result<()> {
    let moments = if chance.one_in(2) {
        &site.sent
    } else {
        &site.answered
    };
    let mut seen = moments.subscribe();
    let moment = *seen.borrow_and_update() + 1 + chance.below(MOST_REQUESTS);
    seen.wait_for(|count| *count >= moment).await?;
    site.up.send_replace(false);
    server.kill().await
}

fn sound(faults: &[Fault]) -> Result<()> {
    let mut list = String::new();
    for fault in faults.iter().take(20) {
        writeln!(list, "{fault:?}")?;
    }
    ensure!(faults.is_empty(), "{} faults:\n{list}", faults.len());
    Ok(())
}

/// Commands that a kill left without an answer.
#[derive(Default)]
struct CutOff {
    applied: usize,
    not_applied: usize,
}

impl CutOff {
    fn count(&mut self, ledger: &Ledger, evidence: &Evidence) {
        for fault in ledger.unanswered() {
            let Fault::Unanswered(id) = fault else {
                continue;
            };
            if evidence.outcomes.iter().any(|stored| stored.id == id) {
                self.applied += 1;
            } else {
                self.not_applied += 1;
            }
        }
    }

    fn any(&self) -> bool {
        self.applied + self.not_applied > 0
    }
}

impl std::fmt::Display for CutOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (applied, not_applied) = (self.applied, self.not_applied);
        write!(
            f,
            "cut off without an answer: {applied} already applied, {not_applied} not"
        )
    }
}
