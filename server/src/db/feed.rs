//! The feed: the newest version of each record in each scope, and each scope's counter, count and sum.

use super::bulk::Bulk;
use crate::error::Error;
use app::sync::wire::{RawJson, RecordChange, ScopeSum};
use serde_json::value::RawValue;
use sqlx::{AnyConnection, Row, query};
use std::collections::{BTreeMap, HashMap};

/// The scope that everyone reads.
pub const PUBLIC: &str = "public";

/// The scope that one member reads.
pub fn member_scope(member: impl std::fmt::Display) -> String {
    format!("member:{member}")
}

/// A record's newest version, to be written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who may read it.
    pub scope: String,
    /// See `app::domain::record::kind`.
    pub kind: &'static str,
    /// The thing's id.
    pub id: String,
    /// The record as JSON; none is a tombstone.
    pub body: Option<String>,
    /// Whether the scope never had it: spares looking for the version before.
    pub is_new: bool,
}

/// Where a scope stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    /// The last number given.
    pub seq: u64,
    /// Count and sum over the live records.
    pub sum: ScopeSum,
}

static BEFORE: Bulk = Bulk::new(
    // A row value in a list would read the whole feed on SQLite; a join from the list does not.
    "with wanted (scope, kind, id) as (values",
    3,
    ") select f.scope, f.kind, f.id, f.seq, f.deleted from wanted w cross join feed f \
     where f.scope = w.scope and f.kind = w.kind and f.id = w.id",
);
static WRITE: Bulk = Bulk::new(
    "insert into feed (scope, kind, id, seq, deleted, body) values",
    6,
    "on conflict (scope, kind, id) do update \
     set seq = excluded.seq, deleted = excluded.deleted, body = excluded.body",
);
static COUNTERS: Bulk = Bulk::new(
    "select scope, seq, count, sum from scopes where scope in (values",
    1,
    ")",
);
static WRITE_COUNTERS: Bulk = Bulk::new(
    "insert into scopes (scope, seq, count, sum) values",
    4,
    "on conflict (scope) do update \
     set seq = excluded.seq, count = excluded.count, sum = excluded.sum",
);

/// Writes the newest versions, in order, and the counters of their scopes. A record that stands
/// twice in `entries` must not be `is_new` the second time; its last version wins.
///
/// # Errors
/// What the database says.
pub async fn write(transaction: &mut AnyConnection, entries: Vec<Entry>) -> Result<(), Error> {
    let entries = newest(entries);
    let mut counters = counters(transaction, entries.iter().map(|entry| &entry.scope)).await?;
    let mut before = versions(transaction, &entries).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let counter = counters.entry(entry.scope.clone()).or_default();
        counter.seq += 1;
        let key = (entry.scope, entry.kind, entry.id);
        if let Some(seq) = before.remove(&(key.0.clone(), key.1.to_owned(), key.2.clone())) {
            counter.sum.remove(key.1, &key.2, seq);
        }
        if entry.body.is_some() {
            counter.sum.add(key.1, &key.2, counter.seq);
        }
        rows.push((key, counter.seq, entry.body));
    }
    WRITE
        .run(transaction, &rows, |query, (key, seq, body)| {
            query
                .bind(key.0.clone())
                .bind(key.1)
                .bind(key.2.clone())
                .bind(seq.cast_signed())
                .bind(i64::from(body.is_none()))
                .bind(body.clone())
        })
        .await?;
    let counters: Vec<_> = counters.into_iter().collect();
    WRITE_COUNTERS
        .run(transaction, &counters, |query, (scope, counter)| {
            query
                .bind(scope.clone())
                .bind(counter.seq.cast_signed())
                .bind(counter.sum.count.cast_signed())
                .bind(counter.sum.sum.cast_signed())
        })
        .await
}

/// The counters of `scopes`; a scope that was never written to stands at nothing.
///
/// # Errors
/// What the database says.
pub async fn counters(
    connection: &mut AnyConnection,
    scopes: impl Iterator<Item = &String>,
) -> Result<BTreeMap<String, Counter>, Error> {
    let mut counters: BTreeMap<String, Counter> = scopes
        .map(|scope| (scope.clone(), Counter::default()))
        .collect();
    let names: Vec<String> = counters.keys().cloned().collect();
    let rows = COUNTERS
        .select(connection, &names, |query, scope| query.bind(scope.clone()))
        .await?;
    for row in rows {
        counters.insert(
            row.try_get(0)?,
            Counter {
                seq: row.try_get::<i64, _>(1)?.cast_unsigned(),
                sum: ScopeSum {
                    count: row.try_get::<i64, _>(2)?.cast_unsigned(),
                    sum: row.try_get::<i64, _>(3)?.cast_unsigned(),
                },
            },
        );
    }
    Ok(counters)
}

/// A live record's body.
///
/// # Errors
/// What the database says.
pub async fn body(
    connection: &mut AnyConnection,
    scope: &'static str,
    kind: &'static str,
    id: &'static str,
) -> Result<Option<String>, Error> {
    let row =
        query("select body from feed where scope = $1 and kind = $2 and id = $3 and deleted = 0")
            .bind(scope)
            .bind(kind)
            .bind(id)
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// At most `most` changes of `scope` past `seq`, in order.
///
/// # Errors
/// What the database says.
pub async fn changes(
    connection: &mut AnyConnection,
    scope: &str,
    seq: u64,
    most: usize,
) -> Result<Vec<RecordChange>, Error> {
    let rows = query(
        "select kind, id, seq, deleted, body from feed \
         where scope = $1 and seq > $2 order by seq limit $3",
    )
    .bind(scope.to_owned())
    .bind(seq.cast_signed())
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let body: Option<String> = row.try_get(4)?;
            let body = body.map(RawValue::from_string).transpose();
            Ok(RecordChange {
                scope: scope.to_owned(),
                kind: row.try_get(0)?,
                id: row.try_get(1)?,
                seq: row.try_get::<i64, _>(2)?.cast_unsigned(),
                deleted: row.try_get::<i64, _>(3)? != 0,
                body: body
                    .map_err(|problem| Error::Internal(format!("a stored record: {problem}")))?
                    .map(RawJson),
            })
        })
        .collect()
}

/// The last version of each record, where its first one stood.
fn newest(entries: Vec<Entry>) -> Vec<Entry> {
    let mut at: HashMap<(String, &'static str, String), usize> = HashMap::new();
    let mut newest: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        let key = (entry.scope.clone(), entry.kind, entry.id.clone());
        match at.get(&key) {
            Some(&index) => newest[index].body = entry.body,
            None => {
                at.insert(key, newest.len());
                newest.push(entry);
            }
        }
    }
    newest
}

type Key = (String, String, String);

/// The numbers of the live versions that `entries` replace.
async fn versions(
    transaction: &mut AnyConnection,
    entries: &[Entry],
) -> Result<HashMap<Key, u64>, Error> {
    let known: Vec<&Entry> = entries.iter().filter(|entry| !entry.is_new).collect();
    let rows = BEFORE
        .select(transaction, &known, |query, entry| {
            query
                .bind(entry.scope.clone())
                .bind(entry.kind)
                .bind(entry.id.clone())
        })
        .await?;
    let mut versions = HashMap::with_capacity(rows.len());
    for row in rows {
        if row.try_get::<i64, _>(4)? == 0 {
            let key = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            versions.insert(key, row.try_get::<i64, _>(3)?.cast_unsigned());
        }
    }
    Ok(versions)
}
