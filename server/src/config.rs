//! How a deployment is set up: flags, each with an environment variable. Nothing is read after start.

use crate::backup::schedule::{self, Schedule};
use app::sync::wire::PAGE;
use clap::Args;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// Where the database is: what every command needs to know.
#[derive(Args, Clone, Debug)]
pub struct Store {
    /// Where the database lives.
    #[arg(long, env = "CHORUS_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`; without it, SQLite in the data folder.
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        hide_default_value = true
    )]
    pub database_url: Option<String>,
}

impl Store {
    /// The SQLite file; none for another engine.
    pub fn file(&self) -> Option<PathBuf> {
        let url = self.database();
        let path = url
            .strip_prefix("sqlite://")
            .or_else(|| url.strip_prefix("sqlite:"))?;
        Some(path.split('?').next().unwrap_or(path).into())
    }

    /// The database's address.
    pub fn database(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            format!(
                "sqlite://{}?mode=rwc",
                self.data_dir.join("chorus.db").display()
            )
        })
    }
}

/// What `chorus serve` needs to know.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where to listen.
    #[arg(long, env = "CHORUS_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Where the database is.
    #[command(flatten)]
    pub store: Store,
    /// The address that people type. With https, cookies are `Secure` and browsers are told to keep to https.
    #[arg(long, env = "CHORUS_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The organisation's time zone, by its IANA name: the desk says times in it.
    #[arg(long, env = "CHORUS_ZONE", default_value = "Europe/London")]
    pub zone: String,
    /// Believe `X-Forwarded-For`: only behind a proxy that sets it.
    #[arg(long, env = "CHORUS_TRUST_FORWARDED")]
    pub trust_forwarded: bool,
    /// The mail server for mail to staff: `smtps://user:password@host`. Without it there is no mail.
    #[arg(long, env = "CHORUS_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The address that mail to staff comes from.
    #[arg(long, env = "CHORUS_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Make backups by themselves into this folder.
    #[arg(long, env = "CHORUS_BACKUP_DIR", requires = "backup_every")]
    pub backup_dir: Option<PathBuf>,
    /// How often: 30m, 12h, 1d.
    #[arg(long, env = "CHORUS_BACKUP_EVERY", requires = "backup_dir", value_parser = schedule::read_every)]
    pub backup_every: Option<Duration>,
    /// How many backups are kept.
    #[arg(long, env = "CHORUS_BACKUP_KEEP", default_value_t = 14)]
    pub backup_keep: usize,
    /// Fill an empty database with a believable organisation. On a loopback address only.
    #[arg(long)]
    pub demo: bool,
    /// The most changes in one answer to a sync. Fewer only in tests, so that a pull takes several.
    #[arg(skip = PAGE)]
    pub page: usize,
}

impl Config {
    /// The defaults, on SQLite in `data_dir`, listening on any free port: for tests and tools.
    pub fn in_folder(data_dir: impl Into<PathBuf>) -> Self {
        Self::on(Store {
            data_dir: data_dir.into(),
            database_url: None,
        })
    }

    /// The defaults, on this database.
    pub fn on(store: Store) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            store,
            public_url: None,
            zone: "Europe/London".to_owned(),
            trust_forwarded: false,
            smtp_url: None,
            mail_from: None,
            backup_dir: None,
            backup_every: None,
            backup_keep: 14,
            demo: false,
            page: PAGE,
        }
    }

    /// Which backups are to be made by themselves.
    pub fn schedule(&self) -> Option<Schedule> {
        Some(Schedule {
            folder: self.backup_dir.clone()?,
            every: self.backup_every?,
            keep: self.backup_keep,
        })
    }

    /// Whether people reach this server over https.
    pub fn is_https(&self) -> bool {
        self.public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://"))
    }
}
