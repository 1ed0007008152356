//! What every handler shares. Cheap to clone.

use crate::{config::Config, db, db::Db, error::Error, http::assets::Assets, writer::Writer};
use app::domain::id::{OpportunityId, TeamId};
use std::sync::Arc;
use tokio::sync::broadcast;

/// The running server.
#[derive(Clone)]
pub struct App {
    /// How it was set up.
    pub config: Arc<Config>,
    /// For reading.
    pub db: Db,
    /// For everything that changes something.
    pub writer: Writer,
    /// What phones and desks download.
    pub assets: Assets,
    /// Tells the desk's open pages that something came or changed, once it is durable.
    pub arrivals: broadcast::Sender<Arrival>,
}

/// What came, so that an open page knows whether to look again. Never what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// A sign-up came or changed.
    SignUp(OpportunityId),
    /// A check-in shared with this team came or changed.
    CheckIn(TeamId),
}

impl App {
    /// Opens the database and starts the writer.
    ///
    /// # Errors
    /// What opening the database says.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let (db, connection) = db::open(&config).await?;
        let (arrivals, _) = broadcast::channel(64);
        let writer = Writer::start(db.clone(), connection, arrivals.clone());
        Ok(Self {
            config: Arc::new(config),
            db,
            writer,
            assets: Assets::load(),
            arrivals,
        })
    }
}
