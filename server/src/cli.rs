//! What `chorus` does when it is told to: serve, or one piece of work on the database.

mod audit;
mod staff;
mod team;

use crate::{
    backup::{self, Carried, KEPT_DAYS, Restored},
    clock,
    config::{Config, Store},
    db::{join_codes::NewCode, members, teams},
    error::Error,
    join_codes, serve,
    staff::accounts::THE_SERVER,
    state::App,
    verify,
};
use anyhow::{Context, Result, ensure};
use app::domain::{id::TeamId, text};
use audit::AuditCommand;
use clap::{Args, Parser, Subcommand};
use staff::StaffCommand;
use std::path::PathBuf;
use team::TeamCommand;

/// The Chorus server.
#[derive(Parser)]
#[command(name = "chorus", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until told to stop.
    Serve(Config),
    /// People who work here.
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Teams.
    #[command(subcommand)]
    Team(TeamCommand),
    /// Codes with which members join.
    #[command(subcommand)]
    JoinCode(JoinCodeCommand),
    /// Write a whole copy of the database to a new file, while it is being used or not, and read it back.
    Backup {
        /// The new file.
        file: PathBuf,
        #[command(flatten)]
        store: Store,
    },
    /// Put a backup in the place of the database, which is kept beside it. Stop the server first.
    Restore {
        /// The backup.
        file: PathBuf,
        #[command(flatten)]
        store: Store,
    },
    /// Look for faults in the database or in a backup; say each in a line.
    Verify {
        /// The backup; without one, the database.
        file: Option<PathBuf>,
        #[command(flatten)]
        store: Store,
    },
    /// The log of who read or did what.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// What names the database's past.
    #[command(subcommand)]
    Epoch(EpochCommand),
}

#[derive(Subcommand)]
enum EpochCommand {
    /// The database was restored by other means (pg_restore): tell the phones when they next ask.
    New {
        #[command(flatten)]
        store: Store,
    },
}

#[derive(Subcommand)]
enum JoinCodeCommand {
    /// Make a code and print it.
    New(NewJoinCode),
}

#[derive(Args)]
struct NewJoinCode {
    /// The team that it leads to, by name; without one, to none.
    #[arg(long)]
    team: Option<String>,
    /// The code itself, instead of a random one.
    #[arg(long)]
    code: Option<String>,
    /// What staff know it by, "Spring open day".
    #[arg(long)]
    name: Option<String>,
    /// The last day on which people join by it, 2026-12-31; without it, there is none.
    #[arg(long)]
    until: Option<String>,
    /// How many may join by it; without it, any number.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
    limit: Option<i64>,
    /// The time zone in which the last day ends.
    #[arg(long, env = "CHORUS_ZONE", default_value = "Europe/London")]
    zone: String,
    #[command(flatten)]
    store: Store,
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// In words for whoever typed the command.
    pub async fn run(self) -> Result<()> {
        match self.command {
            Command::Serve(config) => serve::serve(config).await,
            Command::Staff(command) => command.run().await,
            Command::Team(command) => command.run().await,
            Command::JoinCode(JoinCodeCommand::New(new)) => new_join_code(new).await,
            Command::Backup { file, store } => {
                backup::make(&store, &file).await?;
                println!("{}", file.display());
                if let Some(head) = verify::audit_head(&file).await? {
                    println!("The audit log ends at {}", head.in_full());
                }
                println!(
                    "Members are told that copies go within {KEPT_DAYS} days: delete this one by then."
                );
                Ok(())
            }
            Command::Restore { file, store } => {
                say_restored(&backup::restore(&store, &file).await?);
                Ok(())
            }
            Command::Verify { file, store } => {
                let faults = match file {
                    Some(file) => verify::file(&file).await?,
                    None => verify::database(&store).await?,
                };
                for fault in &faults {
                    println!("{fault}");
                }
                ensure!(faults.is_empty(), "{} faults", faults.len());
                println!("sound");
                Ok(())
            }
            Command::Audit(command) => command.run().await,
            Command::Epoch(EpochCommand::New { store }) => {
                backup::new_epoch(&store).await?;
                println!("a new epoch: phones will be told once the server has started again");
                Ok(())
            }
        }
    }
}

fn say_restored(restored: &Restored) {
    if let Some(kept) = &restored.kept {
        println!("the database that was there is kept as {}", kept.display());
        println!("the server deletes it after {KEPT_DAYS} days, as members are told");
    }
    match restored.carried {
        Some(Carried { people, things }) => println!(
            "ended again, as since the backup: {people} people left, {things} things taken back"
        ),
        None => println!(
            "There was no newer database to read. Whoever left Chorus since the backup is back in it: \
             their phones are cleared and cannot say so. Anyone whom you know to have left can be \
             helped to a new phone, and leave again there. What others took back their phones take \
             back again."
        ),
    }
    println!("restored; phones will be told when they next ask");
}

async fn new_join_code(new: NewJoinCode) -> Result<()> {
    let app = App::open(Config::on(new.store)).await?;
    let team = match &new.team {
        Some(name) => Some(team_of(&app, name).await?),
        None => None,
    };
    let ends_at = match &new.until {
        Some(day) => Some(clock::end_of(&new.zone, day).context("write --until like 2026-12-31")?),
        None => None,
    };
    let code = new.code.unwrap_or_else(join_codes::random);
    ensure!(
        members::normal_code(&code).chars().count() >= 6,
        "a code has at least 6 letters or digits"
    );
    let new = NewCode {
        shown: code.clone(),
        name: text::tidy(new.name),
        team,
        ends_at,
        most: new.limit,
        made_by: None,
    };
    let is_new = app.writer.run(move |tx| {
        Box::pin(async move { join_codes::make(tx, clock::now_ms(), THE_SERVER, &new).await })
    });
    let is_new = is_new.await.context("could not add it")?;
    ensure!(is_new, "the code is taken");
    println!("{code}");
    Ok(())
}

async fn team_of(app: &App, name: &str) -> Result<TeamId> {
    let team: Result<_, Error> = teams::by_name(&mut *app.db.reader().await?, name).await;
    team?.with_context(|| format!("there is no team {name:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_make_sense() {
        Cli::command().debug_assert();
    }
}
