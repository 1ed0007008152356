//! How long things are kept, and letting go of what is older.
//!
//! Whatever gets a table that names a check-in or a sign-up must be let go of here as well. Safety
//! records alone stay: members are told so before they share.

use super::{
    feed::{self, Entry, member_scope},
    hand_overs, leads,
    word::read_id,
};
use crate::error::Error;
use app::domain::{
    id::MemberId,
    record::kind,
    retention::Retention,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, query};
use uuid::Uuid;

/// How many go in one transaction: phones and desks are not kept waiting.
pub const BATCH: i64 = 100;

/// How long each kind is kept.
///
/// # Errors
/// What the database says.
pub async fn read(connection: &mut AnyConnection) -> Result<Retention, Error> {
    let mut retention = Retention::default();
    let rows = query("select kind, days from retention");
    for row in rows.fetch_all(connection).await? {
        let days = u32::try_from(row.try_get::<i64, _>(1)?).unwrap_or(u32::MAX);
        match row.try_get::<String, _>(0)?.as_str() {
            "check_in" => retention.check_in_days = days,
            "sign_up" => retention.sign_up_days = days,
            "group_message" => retention.group_message_days = days,
            "suggestion" => retention.suggestion_days = days,
            "experience" => retention.experience_days = days,
            "audit" => retention.audit_days = days,
            _ => {}
        }
    }
    Ok(retention)
}

/// Changes how long each kind is kept.
///
/// # Errors
/// What the database says.
pub async fn write(transaction: &mut AnyConnection, it: &Retention) -> Result<(), Error> {
    let all = [
        ("check_in", it.check_in_days),
        ("sign_up", it.sign_up_days),
        ("group_message", it.group_message_days),
        ("suggestion", it.suggestion_days),
        ("experience", it.experience_days),
        ("audit", it.audit_days),
    ];
    for (kind, days) in all {
        query("insert into retention (kind, days) values ($1, $2) on conflict (kind) do update set days = excluded.days")
            .bind(kind)
            .bind(i64::from(days))
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// Lets go of check-ins that ended and came before `before`, at most a batch; says how many went.
///
/// # Errors
/// What the database says.
pub async fn expire_check_ins(
    transaction: &mut AnyConnection,
    before: Millis,
) -> Result<usize, Error> {
    let rows = query(
        "select id, member from check_ins where received_at < $1 \
         and state in ('closed', 'withdrawn') order by received_at limit $2",
    )
    .bind(before)
    .bind(BATCH)
    .fetch_all(&mut *transaction)
    .await?;
    let gone = things(&rows)?;
    let_go(transaction, "check_ins", kind::CHECK_IN, gone).await
}

/// Lets go of shared plans that came before `before`, at most a batch; says how many went. What somebody would like
/// has changed by then, and their own is on their phone.
///
/// # Errors
/// What the database says.
pub async fn expire_plans(transaction: &mut AnyConnection, before: Millis) -> Result<usize, Error> {
    let rows =
        query("select id, member from plans where received_at < $1 order by received_at limit $2")
            .bind(before)
            .bind(BATCH)
            .fetch_all(&mut *transaction)
            .await?;
    let gone = things(&rows)?;
    let_go(transaction, "plans", kind::PLAN, gone).await
}

/// Lets go of sign-ups whose session began before `before` (one without a time: that came before it),
/// at most a batch; says how many went.
///
/// # Errors
/// What the database says.
pub async fn expire_sign_ups(
    transaction: &mut AnyConnection,
    before: Millis,
) -> Result<usize, Error> {
    let rows = query(
        "select u.id, u.member, u.session, s.opportunity from sign_ups u join sessions s on s.id = u.session \
         where (s.starts_at is not null and s.starts_at < $1) \
         or (s.starts_at is null and u.received_at < $2) order by u.received_at limit $3",
    )
    .bind(rfc3339(before))
    .bind(before)
    .bind(BATCH)
    .fetch_all(&mut *transaction)
    .await?;
    let mut sessions: Vec<String> = Vec::new();
    for row in &rows {
        let (id, opportunity): (String, String) = (row.try_get(0)?, row.try_get(3)?);
        leads::forget(&mut *transaction, read_id(&opportunity)?, id).await?;
        let session: String = row.try_get(2)?;
        if !sessions.contains(&session) {
            sessions.push(session);
        }
    }
    let gone = things(&rows)?;
    let count = let_go(transaction, "sign_ups", kind::SIGN_UP, gone).await?;
    for session in sessions {
        query(
            "update sessions set \
             taken = (select count(*) from sign_ups u where u.session = sessions.id \
              and u.state in ('offered', 'confirmed', 'attended', 'thanked')), \
             waiting = (select count(*) from sign_ups u where u.session = sessions.id \
              and u.state = 'waiting') where id = $1",
        )
        .bind(session)
        .execute(&mut *transaction)
        .await?;
    }
    Ok(count)
}

fn things(rows: &[sqlx::any::AnyRow]) -> Result<Vec<(String, MemberId)>, Error> {
    let thing = |row: &sqlx::any::AnyRow| -> Result<_, Error> {
        Ok((row.try_get(0)?, read_id(row.try_get(1)?)?))
    };
    rows.iter().map(thing).collect()
}

/// The rows go, with what staff told each other about them, and their records become tombstones: phones let go of them too.
async fn let_go(
    transaction: &mut AnyConnection,
    table: &'static str,
    kind: &'static str,
    gone: Vec<(String, MemberId)>,
) -> Result<usize, Error> {
    for (id, _) in &gone {
        query(AssertSqlSafe(format!("delete from {table} where id = $1")))
            .bind(id.clone())
            .execute(&mut *transaction)
            .await?;
    }
    let count = gone.len();
    let subjects: Vec<Uuid> = gone.iter().filter_map(|(id, _)| id.parse().ok()).collect();
    hand_overs::forget(transaction, &subjects).await?;
    let tombstones = gone.into_iter().map(|(id, member)| Entry {
        scope: member_scope(member),
        kind,
        id,
        body: None,
        is_new: false,
    });
    feed::write(transaction, tombstones.collect()).await?;
    Ok(count)
}
