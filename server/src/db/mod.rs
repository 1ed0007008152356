//! The database: the only module with SQL. One text for SQLite and PostgreSQL, with numbered
//! placeholders, text ids, bigint milliseconds and int flags.
//!
//! Reading functions take any connection; writing ones take the connection of the writer's
//! transaction, and only `writer` opens one.

pub mod accounts;
pub mod audit;
pub mod backup;
pub mod bulk;
pub mod calendars;
pub mod changes;
pub mod check_ins;
pub mod desk;
pub mod devices;
pub mod edits;
pub mod entered;
pub mod experiences;
pub mod feed;
pub mod groups;
pub mod hand_overs;
pub mod help_lines;
pub mod invites;
pub mod join_codes;
pub mod leads;
pub mod learning;
pub mod leaving;
pub mod mail;
pub mod members;
pub mod needs;
pub mod opportunities;
pub mod outcomes;
pub mod pages;
pub mod pair_codes;
pub mod peers;
pub mod phone_requests;
pub mod plans;
pub mod reach;
pub mod retention;
pub mod safety;
pub mod sessions;
pub mod settings;
pub mod sign_ins;
pub mod sign_ups;
pub mod staff;
pub mod teams;
pub mod trainings;
pub mod two_step;
pub mod verify;
pub mod web_sessions;
pub mod withdrawn;
pub mod word;
pub mod wording;
pub mod words;

use crate::{clock, config::Store, error::Error};
use app::domain::id::{DeviceId, MemberId};
use sqlx::{
    Any, AnyPool, Row, Transaction,
    any::AnyPoolOptions,
    migrate::{Migration, Migrator},
    pool::PoolConnection,
};

static COMMON: Migrator = sqlx::migrate!("../migrations/common");
static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// Which engine speaks behind the one SQL text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file in the data folder.
    Sqlite,
    /// A PostgreSQL server, or an engine that speaks like one.
    Postgres,
}

impl Engine {
    /// The engine of a database address.
    pub fn of(url: &str) -> Self {
        if url.starts_with("postgres") {
            Self::Postgres
        } else {
            Self::Sqlite
        }
    }

    /// How the writer's transaction begins: nobody else may write until it ends.
    pub fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "begin immediate",
            Self::Postgres => "begin isolation level serializable",
        }
    }

    /// How a reading of one moment begins.
    pub fn begin_snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "begin",
            Self::Postgres => "begin isolation level repeatable read read only",
        }
    }
}

/// The pool for reading, and which engine it is.
#[derive(Clone, Debug)]
pub struct Db {
    /// For reading alone: on SQLite its connections refuse to write.
    pub pool: AnyPool,
    /// The engine.
    pub engine: Engine,
}

/// Opens the database and brings its tables up to date; gives the reading pool, and the writer's pool of one connection.
///
/// # Errors
/// The database cannot be opened, or holds what this version does not know.
pub async fn open(store: &Store) -> Result<(Db, AnyPool), Error> {
    sqlx::any::install_default_drivers();
    let url = store.database();
    let engine = Engine::of(&url);
    if engine == Engine::Sqlite {
        // What people wrote is for this account alone.
        tokio::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&store.data_dir)
            .await
            .map_err(|problem| Error::Internal(format!("the data folder: {problem}")))?;
    }
    let writer = pool(&url, engine, 1, WRITER_PRAGMAS).await?;
    migrations(engine)
        .run(&writer)
        .await
        .map_err(|problem| Error::Internal(format!("migrations: {problem}")))?;
    let pool = pool(&url, engine, READERS, READER_PRAGMAS).await?;
    Ok((Db { pool, engine }, writer))
}

/// An answered command survives a power cut (`synchronous`); withdrawn content is gone from the file (`secure_delete`).
/// The log is folded in every 32 MB: under load the same pages change again and again, and are then written once.
const WRITER_PRAGMAS: &str = "pragma journal_mode = wal; pragma synchronous = full; \
    pragma secure_delete = on; pragma foreign_keys = on; pragma busy_timeout = 5000; \
    pragma cache_size = -16000; pragma temp_store = memory; pragma wal_autocheckpoint = 8000";
const READER_PRAGMAS: &str =
    "pragma query_only = on; pragma busy_timeout = 5000; pragma cache_size = -4000";
const READERS: u32 = 4;

async fn pool(
    url: &str,
    engine: Engine,
    connections: u32,
    pragmas: &'static str,
) -> Result<AnyPool, Error> {
    let pool = AnyPoolOptions::new()
        .max_connections(connections)
        .test_before_acquire(engine == Engine::Postgres)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if engine == Engine::Sqlite {
                    sqlx::raw_sql(pragmas).execute(connection).await?;
                }
                Ok(())
            })
        })
        .connect(url)
        .await?;
    Ok(pool)
}

impl Db {
    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn answers(&self) -> Result<(), Error> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Forgets sessions that have ended, and empties SQLite's log of changes. On the writer's
    /// connection, outside of a transaction.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tidy(&self, writer: &AnyPool) -> Result<(), Error> {
        web_sessions::forget_ended(writer, clock::now_ms()).await?;
        self.empty_log(writer).await?;
        Ok(())
    }

    /// Empties SQLite's log of changes, in which what was taken back stands until then. False if
    /// someone still reads an older moment: it waits for them only as long as a commit takes. On the
    /// writer's connection, outside of a transaction.
    ///
    /// # Errors
    /// What the database says.
    pub async fn empty_log(&self, writer: &AnyPool) -> Result<bool, Error> {
        if self.engine == Engine::Postgres {
            return Ok(true);
        }
        let mut connection = writer.acquire().await?;
        sqlx::raw_sql("pragma busy_timeout = 20")
            .execute(&mut *connection)
            .await?;
        let emptied = sqlx::query("pragma wal_checkpoint(truncate)")
            .fetch_one(&mut *connection)
            .await;
        sqlx::raw_sql("pragma busy_timeout = 5000")
            .execute(&mut *connection)
            .await?;
        let was_busy: i64 = emptied?.try_get(0)?;
        Ok(was_busy == 0)
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// None came free in time.
    pub async fn reader(&self) -> Result<PoolConnection<Any>, Error> {
        Ok(self.pool.acquire().await?)
    }

    /// A transaction in which everything read is of one moment.
    ///
    /// # Errors
    /// What the database says.
    pub async fn snapshot(&self) -> Result<Transaction<'static, Any>, Error> {
        Ok(self.pool.begin_with(self.engine.begin_snapshot()).await?)
    }

    /// Whether the member asked for this device to be erased.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_device_revoked(
        &self,
        member: MemberId,
        device: DeviceId,
    ) -> Result<bool, Error> {
        members::is_revoked(&mut *self.reader().await?, member, device).await
    }
}

fn migrations(engine: Engine) -> Migrator {
    let own = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    let all: Vec<Migration> = COMMON.iter().chain(own.iter()).cloned().collect();
    Migrator::with_migrations(all)
}
