//! What every handler shares. Cheap to clone.

use crate::{
    commands::{incoming::HashKey, wording},
    config::Config,
    db,
    db::{Db, settings},
    error::Error,
    http::assets::Assets,
    staff::{failures::Failures, set_up::SetUp},
    writer::Writer,
};
use app::domain::{
    experience::Reader,
    id::{ChangeId, GroupId, OpportunityId, TeamId},
};
use rand::{Rng, rng};
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
    /// How often joining, coming back and signing in failed lately.
    pub failures: Arc<Failures>,
    /// Names this database's past; another one after a restore (see `cursor`).
    pub epoch: Arc<str>,
    /// The key of the command hashes.
    pub hash_key: HashKey,
    /// Tells the desk's open pages that something came or changed, once it is durable.
    pub arrivals: broadcast::Sender<Arrival>,
    /// The way in for the first admin, while there is no staff.
    pub set_up: SetUp,
}

/// What came, so that an open page knows whether to look again. Never what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// A sign-up came or changed.
    SignUp(OpportunityId),
    /// A check-in shared with this team came or changed.
    CheckIn(TeamId),
    /// A plan shared with this team came or changed.
    Plan(TeamId),
    /// What this team or independent person reads of an experience came or changed.
    Experience(Reader),
    /// Something in this group came or changed.
    Group(GroupId),
    /// Something that changed because of what people said was written, or came out.
    Change(ChangeId),
    /// What is said about the words of a document that this group works on came or changed; none: no group does.
    Words(Option<GroupId>),
    /// Something about peer support came or changed.
    Peers,
    /// Someone wrote about someone's safety.
    Safety,
}

impl App {
    /// Opens the database and starts the writer.
    ///
    /// # Errors
    /// What opening the database says.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let (db, connection) = db::open(&config.store).await?;
        let (arrivals, _) = broadcast::channel(64);
        let nobody_yet = db::staff::is_empty(&db.pool).await?;
        let writer = Writer::start(db.clone(), connection, arrivals.clone());
        writer
            .run(|tx| Box::pin(db::audit::chain::begun(tx)))
            .await?;
        writer.run(|tx| Box::pin(wording::tell(tx))).await?;
        Ok(Self {
            config: Arc::new(config),
            hash_key: hash_key(&writer).await?,
            epoch: epoch(&writer).await?,
            db,
            writer,
            assets: Assets::load(),
            failures: Arc::default(),
            arrivals,
            set_up: SetUp::new(nobody_yet),
        })
    }
}

async fn epoch(writer: &Writer) -> Result<Arc<str>, Error> {
    let first = settings::new_epoch();
    let epoch = writer
        .run(|tx| Box::pin(settings::get_or_set(tx, settings::EPOCH, first)))
        .await?;
    Ok(epoch.into())
}

/// Made once, and kept in the database, so that a command sent again is known for ever.
async fn hash_key(writer: &Writer) -> Result<HashKey, Error> {
    let mut bytes = [0_u8; 32];
    rng().fill_bytes(&mut bytes);
    let first = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = writer
        .run(|tx| Box::pin(settings::get_or_set(tx, "command_hash_key", first)))
        .await?;
    Ok(HashKey::new(key.as_bytes()))
}
