//! What `chorus` does when it is told to: serve, or one piece of work on the database.

mod team;

use crate::{
    backup::{self, Carried, KEPT_DAYS, Restored},
    clock,
    config::{Config, Store},
    db::{
        self, members,
        staff::{NewStaff, Role},
        teams,
    },
    error::Error,
    serve,
    staff::passwords,
    state::App,
    verify,
};
use anyhow::{Context, Result, ensure};
use app::domain::id::{StaffId, TeamId};
use clap::{Args, Parser, Subcommand};
use rand::{RngExt, rng};
use std::path::PathBuf;
use team::TeamCommand;
use uuid::Uuid;

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
enum StaffCommand {
    /// Add someone who signs in to the desk.
    Add(AddStaff),
}

#[derive(Args)]
struct AddStaff {
    /// What they sign in with.
    #[arg(long)]
    email: String,
    /// The first name that members see.
    #[arg(long)]
    name: String,
    /// What they may do.
    #[arg(long, value_enum, default_value = "staff")]
    role: Role,
    /// A team whose shared check-ins they read, by name; may be given more than once.
    #[arg(long = "team")]
    teams: Vec<String>,
    /// Read the password from standard input, so that no list of processes shows it.
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    store: Store,
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
            Command::Staff(StaffCommand::Add(new)) => add_staff(new).await,
            Command::Team(command) => command.run().await,
            Command::JoinCode(JoinCodeCommand::New(new)) => new_join_code(new).await,
            Command::Backup { file, store } => {
                backup::make(&store, &file).await?;
                println!("{}", file.display());
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

async fn add_staff(new: AddStaff) -> Result<()> {
    let mut password = String::new();
    std::io::stdin().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    ensure!(
        (passwords::SHORTEST..=passwords::LONGEST).contains(&password.chars().count()),
        "a password has {} to {} characters",
        passwords::SHORTEST,
        passwords::LONGEST
    );
    ensure!(new.email.contains('@'), "that is no email address");
    let app = App::open(Config::on(new.store)).await?;
    let mut teams = Vec::new();
    for name in &new.teams {
        teams.push(team_of(&app, name).await?);
    }
    let person = NewStaff {
        id: StaffId(Uuid::now_v7()),
        email: new.email,
        name: new.name,
        role: new.role,
        password: passwords::hash(password).await?,
        teams,
    };
    let email = db::staff::tidy_email(&person.email);
    app.writer
        .run(move |tx| Box::pin(async move { db::staff::add(tx, &person, clock::now_ms()).await }))
        .await
        .context("could not add them: is the address taken?")?;
    println!("{email} can sign in at /staff/sign-in");
    Ok(())
}

async fn new_join_code(new: NewJoinCode) -> Result<()> {
    let app = App::open(Config::on(new.store)).await?;
    let team = match &new.team {
        Some(name) => Some(team_of(&app, name).await?),
        None => None,
    };
    let code = new.code.unwrap_or_else(random_code);
    ensure!(
        members::normal_code(&code).chars().count() >= 6,
        "a code has at least 6 letters or digits"
    );
    let shown = code.clone();
    app.writer
        .run(move |tx| {
            Box::pin(async move { members::add_join_code(tx, &shown, team, clock::now_ms()).await })
        })
        .await
        .context("could not add it: is the code taken?")?;
    println!("{code}");
    Ok(())
}

async fn team_of(app: &App, name: &str) -> Result<TeamId> {
    let team: Result<_, Error> = teams::by_name(&mut *app.db.reader().await?, name).await;
    team?.with_context(|| format!("there is no team {name:?}"))
}

/// Eight letters and digits that cannot be mistaken for one another, in two halves.
fn random_code() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    let mut rng = rng();
    let mut half = || -> String {
        (0..4)
            .map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]))
            .collect()
    };
    format!("{}-{}", half(), half())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_make_sense() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_random_code_is_typed_back_as_it_was_printed() {
        let code = random_code();
        assert_eq!(members::normal_code(&code.to_lowercase()).len(), 8);
        assert_ne!(random_code(), code);
    }
}
