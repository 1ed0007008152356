//! The restore drill: the real server is backed up under load, works on, is killed, and goes back to
//! the backup. Every phone must come to hold what the server has, and the server must come to know
//! everything that a phone still holds.

use crate::{evidence::Evidence, replica::ReplicaPhone};
use anyhow::{Context, Result, ensure};
use app::{domain::sign_up::SignUpState, sync::store::RecordKey};
use std::{collections::BTreeSet, path::Path};
use tests::outside::process::{self, Server};
use tokio::{process::Command, task::JoinSet};

const PHONES: u64 = 6;
/// What each phone writes before the backup, while it is made, and after.
const WRITES: u64 = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_went_back_in_time_learns_again_what_phones_hold() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let program = process::program("debug")?;
    let mut server = Server::start(&program, folder.path()).await?;
    let backup = folder.path().join("copy.db");

    let mut phones = Vec::new();
    for seed in 0..PHONES {
        phones.push(ReplicaPhone::join(server.address(), seed).await?);
    }
    phones = write_all(phones).await?;
    let working = tokio::spawn(write_all(phones));
    chorus(&program, folder.path(), &["backup", "copy.db"]).await?;
    ensure!(backup.is_file(), "there is no backup");
    phones = working.await??;
    phones = write_all(phones).await?;
    let mut late = ReplicaPhone::join(server.address(), PHONES).await?;
    late.write(0).await?;
    late.settle().await?;

    refuses_while_it_runs(&program, folder.path()).await?;
    server.kill().await?;
    let said = chorus(&program, folder.path(), &["restore", "copy.db"]).await?;
    ensure!(
        said.contains("kept as"),
        "what was replaced is not kept: {said}"
    );
    let lost = not_known(&phones, &Evidence::copied_from(&server.database()).await?);
    ensure!(
        !lost.is_empty(),
        "the restore lost nothing: this proves nothing"
    );

    server.restart().await?;
    for phone in &mut phones {
        phone.settle().await?;
        ensure!(phone.knows_of_restore(), "a phone did not hear of it");
    }
    late.sync().await?;
    ensure!(late.is_a_stranger(), "who joined after the backup is known");
    late.join_again().await?;
    late.settle().await?;
    phones.push(late);
    // Those that came first have not heard yet what the others changed.
    for phone in &mut phones {
        phone.settle().await?;
    }
    server.kill().await?;
    let verified = chorus(&program, folder.path(), &["verify"]).await?;
    ensure!(verified.contains("sound"), "{verified}");
    let evidence = Evidence::copied_from(&server.database()).await?;
    let still_lost = not_known(&phones, &evidence);
    ensure!(still_lost.is_empty(), "still lost: {still_lost:?}");
    came_right(&phones, &evidence)?;
    println!(
        "{} commands were lost by the restore and came back",
        lost.len()
    );
    Ok(())
}

/// Every phone writes, all at once.
async fn write_all(phones: Vec<ReplicaPhone>) -> Result<Vec<ReplicaPhone>> {
    let mut all = JoinSet::new();
    for mut phone in phones {
        all.spawn(async move {
            for turn in 0..WRITES {
                phone.write(turn).await?;
                phone.sync().await?;
            }
            phone.settle().await?;
            anyhow::Ok(phone)
        });
    }
    let mut done = Vec::new();
    while let Some(phone) = all.join_next().await {
        done.push(phone??);
    }
    Ok(done)
}

async fn refuses_while_it_runs(program: &Path, folder: &Path) -> Result<()> {
    let refused = chorus(program, folder, &["restore", "copy.db"]).await;
    let words = refused
        .err()
        .context("it restored under a running server")?;
    ensure!(words.to_string().contains("a server runs"), "{words}");
    Ok(())
}

/// Runs the program on the server's data; gives what it said.
async fn chorus(program: &Path, folder: &Path, words: &[&str]) -> Result<String> {
    let ran = Command::new(program)
        .args(words)
        .args(["--data-dir", "data"])
        .current_dir(folder)
        .output()
        .await?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let failed = String::from_utf8_lossy(&ran.stderr);
    ensure!(ran.status.success(), "{words:?}: {said}{failed}");
    Ok(said)
}

/// Commands that a phone holds as answered and the database does not know.
fn not_known(phones: &[ReplicaPhone], evidence: &Evidence) -> Vec<String> {
    let known: BTreeSet<_> = evidence.outcomes.iter().map(|stored| stored.id).collect();
    let held = phones.iter().flat_map(|phone| phone.store.outbox());
    let held = held.filter(|row| row.answered.is_some() && !known.contains(&row.id));
    held.map(|row| row.text).collect()
}

fn came_right(phones: &[ReplicaPhone], evidence: &Evidence) -> Result<()> {
    for phone in phones {
        let scope = format!("member:{}", phone.key.member);
        let there: BTreeSet<String> = evidence
            .feed
            .iter()
            .filter(|(of, ..)| *of == scope || of == "public")
            .map(|(scope, kind, id, seq)| {
                let name = format!("{kind}/{id}");
                RecordKey {
                    scope: scope.clone(),
                    name,
                    seq: *seq,
                }
                .to_text()
            })
            .collect();
        let held: BTreeSet<String> = phone.store.records.keys().cloned().collect();
        ensure!(held == there, "a phone holds other records than the server");
        for id in &phone.taken_back {
            let lives = evidence
                .things
                .iter()
                .any(|thing| thing.id == id.0 && !thing.withdrawn);
            ensure!(!lives, "{id} was taken back and lives again");
        }
    }
    for session in &evidence.sessions {
        let holds = |state: SignUpState| state.holds_place();
        let of_it = evidence.things.iter().filter_map(|thing| thing.sign_up);
        let held = of_it
            .filter(|(id, state)| *id == session.id && holds(*state))
            .count();
        let held = i64::try_from(held)?;
        ensure!(
            session.places.is_none_or(|places| held <= places),
            "places were given twice"
        );
    }
    Ok(())
}
