//! What the database file says, read past the server.

use anyhow::{Context, Result};
use app::{
    domain::{
        id::{CommandId, MemberId, SessionId},
        record::kind,
        sign_up::SignUpState,
        time::Millis,
    },
    sync::wire::{Outcome, ScopeSum},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{
    Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use std::{collections::BTreeMap, ffi::OsString, fs, path::Path, str::FromStr};
use uuid::Uuid;

/// The rows that matter.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Stored outcomes.
    pub outcomes: Vec<StoredOutcome>,
    /// Check-ins and sign-ups.
    pub things: Vec<Thing>,
    /// Sessions and their places.
    pub sessions: Vec<SessionRow>,
    /// The live records of the feed: scope, kind, id and seq.
    pub feed: Vec<(String, String, String, u64)>,
    /// What the counters say of each scope.
    pub scopes: BTreeMap<String, ScopeSum>,
}

/// An outcome as stored.
#[derive(Clone, Debug)]
pub struct StoredOutcome {
    /// The command.
    pub id: CommandId,
    /// Whose.
    pub member: MemberId,
    /// What was decided.
    pub outcome: Outcome,
    /// When.
    pub received_at: Millis,
}

/// A check-in or a sign-up as stored.
#[derive(Clone, Debug)]
pub struct Thing {
    /// See [`kind`].
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub member: MemberId,
    /// Of a sign-up: for which session, and how far it has come.
    pub sign_up: Option<(SessionId, SignUpState)>,
    /// Whether the person took it back.
    pub withdrawn: bool,
    /// When the server first had it.
    pub received_at: Millis,
}

/// A session as stored.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// How many places there are; none for no limit.
    pub places: Option<i64>,
    /// How many are counted as held.
    pub taken: i64,
    /// How many people are counted as waiting.
    pub waiting: i64,
}

impl Evidence {
    /// Reads a copy of the database and its log, so that the killed server still has to mend its own.
    pub async fn copied_from(database: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let copy = folder.path().join("copy.db");
        fs::copy(database, &copy)?;
        let log = |path: &Path| {
            [path.as_os_str(), "-wal".as_ref()]
                .into_iter()
                .collect::<OsString>()
        };
        if fs::exists(log(database))? {
            fs::copy(log(database), log(&copy))?;
        }
        let options = SqliteConnectOptions::new().filename(&copy);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let evidence = Self::read(&mut connection).await?;
        connection.close().await?;
        Ok(evidence)
    }

    async fn read(db: &mut SqliteConnection) -> Result<Self> {
        let outcomes = sqlx::query("select id, member, outcome, received_at from commands");
        let check_ins = sqlx::query("select id, member, state, received_at from check_ins");
        let sign_ups = sqlx::query("select id, member, state, received_at, session from sign_ups");
        let sessions = sqlx::query("select id, places, taken, waiting from sessions");
        let feed = sqlx::query("select scope, kind, id, seq from feed where deleted = 0");
        let scopes = sqlx::query("select scope, count, sum from scopes");
        let mut things = rows(db, check_ins, check_in).await?;
        things.extend(rows(db, sign_ups, sign_up).await?);
        Ok(Self {
            outcomes: rows(db, outcomes, outcome).await?,
            things,
            sessions: rows(db, sessions, session).await?,
            feed: rows(db, feed, |row| {
                let seq: i64 = row.try_get(3)?;
                Ok((
                    row.try_get(0)?,
                    row.try_get(1)?,
                    row.try_get(2)?,
                    seq.cast_unsigned(),
                ))
            })
            .await?,
            scopes: rows(db, scopes, scope).await?.into_iter().collect(),
        })
    }
}

async fn rows<T>(
    db: &mut SqliteConnection,
    select: sqlx::query::Query<'_, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>,
    read: impl Fn(&SqliteRow) -> Result<T>,
) -> Result<Vec<T>> {
    select.fetch_all(db).await?.iter().map(read).collect()
}

fn outcome(row: &SqliteRow) -> Result<StoredOutcome> {
    Ok(StoredOutcome {
        id: parsed(row, 0)?,
        member: parsed(row, 1)?,
        outcome: word(row, 2)?,
        received_at: row.try_get(3)?,
    })
}

fn check_in(row: &SqliteRow) -> Result<Thing> {
    Ok(Thing {
        kind: kind::CHECK_IN,
        id: parsed(row, 0)?,
        member: parsed(row, 1)?,
        sign_up: None,
        withdrawn: row.try_get::<&str, _>(2)? == "withdrawn",
        received_at: row.try_get(3)?,
    })
}

fn sign_up(row: &SqliteRow) -> Result<Thing> {
    let state = word(row, 2)?;
    Ok(Thing {
        kind: kind::SIGN_UP,
        id: parsed(row, 0)?,
        member: parsed(row, 1)?,
        sign_up: Some((parsed(row, 4)?, state)),
        withdrawn: state == SignUpState::Withdrawn,
        received_at: row.try_get(3)?,
    })
}

fn session(row: &SqliteRow) -> Result<SessionRow> {
    Ok(SessionRow {
        id: parsed(row, 0)?,
        places: row.try_get(1)?,
        taken: row.try_get(2)?,
        waiting: row.try_get(3)?,
    })
}

fn scope(row: &SqliteRow) -> Result<(String, ScopeSum)> {
    let (count, sum): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
    let sum = ScopeSum {
        count: count.cast_unsigned(),
        sum: sum.cast_unsigned(),
    };
    Ok((row.try_get(0)?, sum))
}

fn parsed<T: FromStr>(row: &SqliteRow, column: usize) -> Result<T> {
    let text: &str = row.try_get(column)?;
    text.parse()
        .ok()
        .with_context(|| format!("{text} cannot be read"))
}

fn word<T: DeserializeOwned>(row: &SqliteRow, column: usize) -> Result<T> {
    Ok(serde_json::from_value(Value::String(row.try_get(column)?))?)
}
