//! How a deployment is set up: flags, each with an environment variable. Nothing is read after start.

use app::sync::wire::PAGE;
use clap::Args;
use std::{net::SocketAddr, path::PathBuf};

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
            demo: false,
            page: PAGE,
        }
    }

    /// Whether people reach this server over https.
    pub fn is_https(&self) -> bool {
        self.public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://"))
    }
}
