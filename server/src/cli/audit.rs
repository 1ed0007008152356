//! `chorus audit …`: following the chain of the audit log.

use crate::{
    audit::{Noted, Walk},
    config::Store,
    verify,
};
use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Look whether the audit log is as it was written: no line changed, taken out, put in or cut off.
    Verify(VerifyLog),
}

#[derive(Args)]
pub struct VerifyLog {
    /// A backup; without one, the database.
    file: Option<PathBuf>,
    /// Where the log ended when someone noted it, as the desk or this command said it: NUMBER:HASH.
    #[arg(long)]
    noted: Option<Noted>,
    /// A backup whose log this one must go on from.
    #[arg(long, conflicts_with = "noted")]
    since: Option<PathBuf>,
    #[command(flatten)]
    store: Store,
}

impl AuditCommand {
    /// Does what was asked.
    ///
    /// # Errors
    /// In words for whoever typed the command; also for any fault.
    pub async fn run(self) -> Result<()> {
        let Self::Verify(it) = self;
        let noted = match &it.since {
            Some(backup) => {
                let head = verify::audit_head(backup).await?;
                Some(
                    head.context("that backup has no chain to go on from")?
                        .into(),
                )
            }
            None => it.noted,
        };
        let file = it.file.as_deref();
        say(&verify::audit_log(&it.store, file, noted.as_ref()).await?)
    }
}

fn say(walk: &Walk) -> Result<()> {
    for line in walk.faults.iter().chain(&walk.notes) {
        println!("{line}");
    }
    if let Some(head) = &walk.head {
        println!("{}", head.in_full());
    }
    ensure!(walk.faults.is_empty(), "{} faults", walk.faults.len());
    println!("sound: note the line above somewhere else, and give it with --noted next time");
    Ok(())
}
