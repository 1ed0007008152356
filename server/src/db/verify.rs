//! What looking for faults reads.

use super::{Engine, feed::Counter, word::read_id};
use crate::error::Error;
use app::{domain::id::SessionId, sync::wire::ScopeSum};
use sqlx::{AnyConnection, AssertSqlSafe, Row, query};

/// How many rows are read at a time.
pub const PAGE: usize = 500;

/// A row of the feed.
#[derive(Clone, Debug)]
pub struct FeedRow {
    /// Who may read it.
    pub scope: String,
    /// What it is.
    pub kind: String,
    /// The thing's id.
    pub id: String,
    /// The scope's counter at the write.
    pub seq: u64,
    /// A tombstone.
    pub deleted: bool,
    /// The record.
    pub body: Option<String>,
}

/// A session's places as counted, and as its sign-ups say.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The session.
    pub session: SessionId,
    /// How many places there are.
    pub places: Option<i64>,
    /// Held and waiting, by the session's own count.
    pub told: (i64, i64),
    /// The same by its sign-ups.
    pub real: (i64, i64),
}

/// What the engine itself finds broken. PostgreSQL checks its pages and keys as it goes.
///
/// # Errors
/// What the database says.
pub async fn broken(connection: &mut AnyConnection, engine: Engine) -> Result<Vec<String>, Error> {
    if engine == Engine::Postgres {
        return Ok(Vec::new());
    }
    let mut faults = Vec::new();
    for row in query("select * from pragma_integrity_check")
        .fetch_all(&mut *connection)
        .await?
    {
        let text: String = row.try_get(0)?;
        if text != "ok" {
            faults.push(format!("integrity: {text}"));
        }
    }
    let rows = query("select \"table\", \"parent\" from pragma_foreign_key_check");
    for row in rows.fetch_all(connection).await? {
        let (table, parent): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        faults.push(format!(
            "foreign key: a row of {table} names something that is not in {parent}"
        ));
    }
    Ok(faults)
}

/// Every scope's counter.
///
/// # Errors
/// What the database says.
pub async fn scopes(connection: &mut AnyConnection) -> Result<Vec<(String, Counter)>, Error> {
    let rows = query("select scope, seq, count, sum from scopes order by scope");
    let rows = rows.fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let sum = ScopeSum {
                count: row.try_get::<i64, _>(2)?.cast_unsigned(),
                sum: row.try_get::<i64, _>(3)?.cast_unsigned(),
            };
            let seq = row.try_get::<i64, _>(1)?.cast_unsigned();
            Ok((row.try_get(0)?, Counter { seq, sum }))
        })
        .collect()
}

/// The next rows of the feed after one, in the order of scope, kind and id.
///
/// # Errors
/// What the database says.
pub async fn feed_after(
    connection: &mut AnyConnection,
    last: Option<&FeedRow>,
) -> Result<Vec<FeedRow>, Error> {
    let of = |part: fn(&FeedRow) -> &String| last.map(|row| part(row).clone()).unwrap_or_default();
    let rows = query(
        "select scope, kind, id, seq, deleted, body from feed \
         where (scope, kind, id) > ($1, $2, $3) order by scope, kind, id limit $4",
    )
    .bind(of(|row| &row.scope))
    .bind(of(|row| &row.kind))
    .bind(of(|row| &row.id))
    .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(FeedRow {
                scope: row.try_get(0)?,
                kind: row.try_get(1)?,
                id: row.try_get(2)?,
                seq: row.try_get::<i64, _>(3)?.cast_unsigned(),
                deleted: row.try_get::<i64, _>(4)? != 0,
                body: row.try_get(5)?,
            })
        })
        .collect()
}

/// Things whose member's phone could never learn of them: no live record stands for their row.
///
/// # Errors
/// What the database says.
pub async fn unseen(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    for (table, kind) in [("sign_ups", "sign_up"), ("check_ins", "check_in")] {
        let text = format!(
            "select t.id from {table} t left join feed f \
             on f.scope = 'member:' || t.member and f.kind = '{kind}' and f.id = t.id \
             where f.id is null or f.deleted <> 0"
        );
        for row in query(AssertSqlSafe(text))
            .fetch_all(&mut *connection)
            .await?
        {
            let id: String = row.try_get(0)?;
            faults.push(format!(
                "{kind} {id}: no record of it is in its member's scope"
            ));
        }
    }
    Ok(faults)
}

/// Outcomes that are not well-formed, or nobody's.
///
/// # Errors
/// What the database says.
pub async fn misshapen_outcomes(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows = query(
        "select c.id from commands c left join members m on m.id = c.member \
         where m.id is null or c.outcome not in ('applied', 'refused') or length(c.hash) <> 64 \
         or length(c.id) <> 36 or (c.outcome = 'refused') <> (c.code is not null)",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let id: String = row.try_get(0)?;
            Ok(format!("outcome of {id}: not well-formed, or of no member"))
        })
        .collect()
}

/// Every session's places.
///
/// # Errors
/// What the database says.
pub async fn places(connection: &mut AnyConnection) -> Result<Vec<Counted>, Error> {
    let rows = query(
        "select s.id, s.places, s.taken, s.waiting, \
         (select count(*) from sign_ups u where u.session = s.id \
          and u.state in ('offered', 'confirmed', 'attended', 'thanked')), \
         (select count(*) from sign_ups u where u.session = s.id and u.state = 'waiting') \
         from sessions s order by s.id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Counted {
                session: read_id(row.try_get(0)?)?,
                places: row.try_get(1)?,
                told: (row.try_get(2)?, row.try_get(3)?),
                real: (row.try_get(4)?, row.try_get(5)?),
            })
        })
        .collect()
}
