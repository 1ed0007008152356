//! `chorus staff`: people who work here. What helps a last admin who is locked out is done here, by
//! whoever has a shell on the server; the audit log says so.

use super::team_of;
use crate::{
    clock,
    config::{Config, Store},
    db::{
        accounts,
        staff::{self, NewStaff, Role},
    },
    staff::{
        accounts::{self as work, By, THE_SERVER},
        choice::{self, Unfit},
        passwords,
    },
    state::App,
};
use anyhow::{Context, Result, bail, ensure};
use app::{domain::id::StaffId, lang::en::accounts as words};
use clap::{Args, Subcommand};
use uuid::Uuid;

#[derive(Subcommand)]
pub enum StaffCommand {
    /// Add someone who signs in to the desk.
    Add(AddStaff),
    /// Give someone a new password, and sign them out everywhere.
    Password(NewPassword),
    /// Turn somebody's two-step sign-in off, and sign them out everywhere.
    ResetTwoStep(Someone),
}

#[derive(Args)]
pub struct AddStaff {
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

#[derive(Args)]
pub struct NewPassword {
    #[command(flatten)]
    someone: Someone,
    /// Read the password from standard input, so that no list of processes shows it.
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Args)]
pub struct Someone {
    /// What they sign in with.
    #[arg(long)]
    email: String,
    #[command(flatten)]
    store: Store,
}

impl StaffCommand {
    /// Does what was asked.
    ///
    /// # Errors
    /// In words for whoever typed the command.
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Add(new) => add(new).await,
            Self::Password(new) => password(new).await,
            Self::ResetTwoStep(someone) => reset_two_step(someone).await,
        }
    }
}

async fn add(new: AddStaff) -> Result<()> {
    let password = chosen_password(&[&new.email, &new.name])?;
    ensure!(new.email.contains('@'), "that is no email address");
    ensure!(
        new.role.has_teams() || new.teams.is_empty(),
        "a lead is of no team"
    );
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
    let email = staff::tidy_email(&person.email);
    app.writer
        .run(move |tx| Box::pin(async move { staff::add(tx, &person, clock::now_ms()).await }))
        .await
        .context("could not add them: is the address taken?")?;
    println!("{email} can sign in at /staff/sign-in");
    Ok(())
}

async fn password(NewPassword { someone, .. }: NewPassword) -> Result<()> {
    let (app, id) = open(&someone).await?;
    let name = accounts::find(&mut *app.db.reader().await?, id).await?.name;
    let hashed = passwords::hash(chosen_password(&[&someone.email, &name])?).await?;
    app.writer
        .run(move |tx| {
            let by = By::now(THE_SERVER);
            Box::pin(async move { work::set_password(tx, by, id, &hashed).await })
        })
        .await?;
    println!("changed; {} is signed out everywhere", someone.email);
    Ok(())
}

async fn reset_two_step(someone: Someone) -> Result<()> {
    let (app, id) = open(&someone).await?;
    app.writer
        .run(move |tx| {
            let by = By::now(THE_SERVER);
            Box::pin(async move { work::reset_two_step(tx, by, id).await })
        })
        .await?;
    println!(
        "two-step sign-in is off for {}, who is signed out everywhere; the password alone signs in",
        someone.email
    );
    Ok(())
}

async fn open(someone: &Someone) -> Result<(App, StaffId)> {
    let app = App::open(Config::on(someone.store.clone())).await?;
    let found = accounts::by_email(&app.db.pool, &someone.email).await?;
    let id = found.with_context(|| format!("nobody signs in with {}", someone.email))?;
    Ok((app, id))
}

/// A password from standard input that may be chosen.
fn chosen_password(names: &[&str]) -> Result<String> {
    let mut password = String::new();
    std::io::stdin().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    match choice::unfit(&password, names) {
        None => Ok(password),
        Some(Unfit::Length) => bail!(
            "a password has {} to {} characters",
            passwords::SHORTEST,
            passwords::LONGEST
        ),
        Some(Unfit::Common) => bail!("{}", words::PASSWORD_COMMON.get()),
        Some(Unfit::Own) => bail!("{}", words::PASSWORD_OWN.get()),
    }
}
