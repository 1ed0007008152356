//! The cookies of signed-in browsers: one for members and another for staff, so that neither opens
//! what belongs to the other, and one phone may hold both.

use crate::{clock, db, db::Db, error::Error, state::App, writer::Writer};
use app::ui::local::Millis;
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use std::fmt;
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{SameSite, time::Duration},
    session::{Id, Record},
    session_store,
};

/// The cookie of a joined member.
pub const MEMBER: &str = "chorus";
/// The cookie of signed-in staff.
pub const STAFF: &str = "chorus-staff";

/// How long a member stays joined without coming back. Staff say their own, shorter, when they sign in.
const MEMBER_FOR: Duration = Duration::days(365);

/// Reads and sets the cookie `name` for the routes under it.
pub fn layer(app: &App, name: &'static str) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(Store {
        db: app.db.clone(),
        writer: app.writer.clone(),
    })
    .with_name(self::name(app, name))
    .with_secure(app.config.is_https())
    .with_http_only(true)
    .with_same_site(SameSite::Lax)
    .with_path("/")
    .with_expiry(Expiry::OnInactivity(MEMBER_FOR))
}

/// What the cookie is called here: on https it is bound to its host.
pub fn name(app: &App, name: &'static str) -> String {
    if app.config.is_https() {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// Ends whatever session the browser had: its cookie opens nothing any more, and what is put in next
/// stands under a new one.
///
/// # Errors
/// What the database says.
pub async fn end(session: &Session) -> Result<(), Error> {
    if session.id().is_none() {
        return Ok(());
    }
    session
        .flush()
        .await
        .map_err(|problem| Error::Internal(format!("a session: {problem}")))
}

/// Keeps sessions in the database: read from the pool, written by the one writer.
#[derive(Clone)]
pub struct Store {
    db: Db,
    writer: Writer,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        // A flushed session keeps the id of its cookie, which someone else may have planted: signing
        // in always gets a new one. (128 random bits: one that is taken is no case to plan for.)
        record.id = Id::default();
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        // Not the whole record: it holds the cookie's value.
        let data = serde_json::to_string(&record.data)
            .map_err(|problem| session_store::Error::Encode(problem.to_string()))?;
        let hash = hash(&record.id);
        let expires_at = record.expiry_date.unix_timestamp() * 1000;
        self.writer
            .run(move |tx| {
                Box::pin(async move { db::web_sessions::save(tx, &hash, &data, expires_at).await })
            })
            .await
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = db::web_sessions::load(&self.db.pool, &hash(id), clock::now_ms())
            .await
            .map_err(backend)?;
        found
            .map(|(data, expires_at)| record(*id, &data, expires_at))
            .transpose()
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let hash = hash(id);
        self.writer
            .run(move |tx| Box::pin(async move { db::web_sessions::delete(tx, &hash).await }))
            .await
            .map_err(backend)
    }
}

fn record(id: Id, data: &str, expires_at: Millis) -> session_store::Result<Record> {
    let decode = |problem: &dyn fmt::Display| session_store::Error::Decode(problem.to_string());
    Ok(Record {
        id,
        data: serde_json::from_str(data).map_err(|problem| decode(&problem))?,
        expiry_date: OffsetDateTime::from_unix_timestamp(expires_at / 1000)
            .map_err(|problem| decode(&problem))?,
    })
}

fn hash(id: &Id) -> String {
    Sha256::digest(id.to_string())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn backend(problem: Error) -> session_store::Error {
    session_store::Error::Backend(problem.to_string())
}
