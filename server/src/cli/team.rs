//! `chorus team …`: teams, when they read what is shared with them, who covers, how to ring them.

use super::team_of;
use crate::{
    clock,
    config::{Config, Store},
    db::teams::{self, Details},
    reading,
    state::App,
};
use anyhow::{Result, bail, ensure};
use app::domain::{
    hours::{Hours, parse_closed, parse_openings},
    id::TeamId,
    team::Team,
    text,
};
use clap::{Args, Subcommand};
use uuid::Uuid;

#[derive(Subcommand)]
pub(super) enum TeamCommand {
    /// Add a team.
    Add(AddTeam),
    /// Change a team; what is not given stays.
    Edit(EditTeam),
}

#[derive(Args)]
pub(super) struct AddTeam {
    /// "Harbour team".
    #[arg(long)]
    name: String,
    #[command(flatten)]
    details: TeamDetails,
    #[command(flatten)]
    store: Store,
}

#[derive(Args)]
pub(super) struct EditTeam {
    /// The team, by its name.
    name: String,
    /// Its new name.
    #[arg(long)]
    rename: Option<String>,
    #[command(flatten)]
    details: TeamDetails,
    #[command(flatten)]
    store: Store,
}

#[derive(Args)]
pub(super) struct TeamDetails {
    /// When it reads what is shared: "mon-fri 09:00-17:00, sat 10:00-12:00".
    #[arg(long)]
    hours: Option<String>,
    /// A day on which nobody reads, 2026-12-25; may be given more than once, and replaces those before.
    #[arg(long)]
    closed: Vec<String>,
    /// The time zone of its hours.
    #[arg(long)]
    zone: Option<String>,
    /// The team that covers for it, by name; "" for none.
    #[arg(long)]
    cover: Option<String>,
    /// How members ring it; "" for none.
    #[arg(long)]
    phone: Option<String>,
}

impl TeamCommand {
    /// Does what was asked.
    pub(super) async fn run(self) -> Result<()> {
        match self {
            Self::Add(new) => add_team(new).await,
            Self::Edit(edit) => edit_team(edit).await,
        }
    }
}

async fn add_team(new: AddTeam) -> Result<()> {
    let app = App::open(Config::on(new.store)).await?;
    let name = new.name.trim().to_owned();
    ensure!(!name.is_empty(), "a team has a name");
    if teams::by_name(&mut *app.db.reader().await?, &name)
        .await?
        .is_some()
    {
        bail!("there is a team of this name");
    }
    let before = Details {
        name: name.clone(),
        hours: None,
        phone: None,
        cover: None,
    };
    let details = new.details.over(&app, None, before).await?;
    ensure!(details.hours.is_some(), "when does it read? Give --hours");
    let id = TeamId(Uuid::now_v7());
    let team = Team {
        name,
        hours: String::new(),
        next_read_at: None,
        phone: None,
        reads: Vec::new(),
        cover: None,
    };
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                teams::add(tx, id, &team, clock::now_ms()).await?;
                teams::change(tx, id, &details).await
            })
        })
        .await?;
    println!("{id}");
    Ok(())
}

async fn edit_team(edit: EditTeam) -> Result<()> {
    let app = App::open(Config::on(edit.store)).await?;
    let id = team_of(&app, &edit.name).await?;
    let row = teams::find(&mut *app.db.reader().await?, id).await?;
    let before = Details {
        name: edit.rename.unwrap_or(row.name),
        hours: row.hours,
        phone: row.phone,
        cover: row.cover,
    };
    let details = edit.details.over(&app, Some(id), before).await?;
    app.writer
        .run(move |tx| Box::pin(async move { teams::change(tx, id, &details).await }))
        .await?;
    reading::tell(&app, id, clock::now_ms()).await?;
    println!("{id}");
    Ok(())
}

impl TeamDetails {
    /// What is given, over what stood before.
    async fn over(self, app: &App, id: Option<TeamId>, before: Details) -> Result<Details> {
        let mut hours = before.hours.unwrap_or_else(|| Hours {
            zone: app.config.zone.clone(),
            ..Hours::default()
        });
        if let Some(openings) = &self.hours {
            hours.openings = parse_openings(openings)?;
        }
        if !self.closed.is_empty() {
            hours.closed = parse_closed(&self.closed.join(" "))?;
        }
        if let Some(zone) = self.zone {
            hours.zone = zone;
        }
        ensure!(
            jiff::tz::TimeZone::get(&hours.zone).is_ok(),
            "there is no time zone {:?}",
            hours.zone
        );
        let cover = match self.cover.as_deref().map(str::trim) {
            None => before.cover,
            Some("") => None,
            Some(name) => Some(team_of(app, name).await?),
        };
        ensure!(
            cover.is_none() || cover != id,
            "a team cannot cover for itself"
        );
        let phone = self
            .phone
            .map_or(before.phone, |phone| text::tidy(Some(phone)));
        Ok(Details {
            name: before.name,
            hours: (!hours.openings.is_empty()).then_some(hours),
            phone,
            cover,
        })
    }
}
