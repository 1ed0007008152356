//! Peer support as stored: asks, matches, what the two write to each other, and who supports others.
//!
//! Each write tells the phones of those whom it concerns in the same transaction. Who somebody would rather not talk
//! with is in no record. What a peer is told of others is in a scope that only a phone with a PIN is sent.

pub mod asks;
pub mod matches;
pub mod messages;
pub mod supporters;

use super::feed::{self, Entry};
use crate::error::Error;
use app::domain::{
    id::{MemberId, StaffId},
    opportunity::Agreement,
    time::Millis,
};
use sqlx::{AnyConnection, Row, query};

/// The scope of what a peer is told of those whom they support.
pub fn peer_scope(peer: MemberId) -> String {
    format!("peer:{peer}")
}

fn entry(scope: String, kind: &'static str, id: String, body: Option<String>) -> Entry {
    Entry {
        scope,
        kind,
        id,
        body,
        is_new: false,
    }
}

/// Writes the entries of things that are there, and of those that are not: only what a scope had is taken out of it.
async fn tell(transaction: &mut AnyConnection, entries: Vec<Entry>) -> Result<(), Error> {
    let mut told = Vec::new();
    for entry in entries {
        if entry.body.is_some() || is_told(&mut *transaction, &entry).await? {
            told.push(entry);
        }
    }
    feed::write(transaction, told).await
}

async fn is_told(connection: &mut AnyConnection, it: &Entry) -> Result<bool, Error> {
    let found =
        query("select 1 from feed where scope = $1 and kind = $2 and id = $3 and deleted = 0")
            .bind(it.scope.clone())
            .bind(it.kind)
            .bind(it.id.clone())
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// What peer supporters agree to now; none before there is any.
///
/// # Errors
/// What the database says.
pub async fn agreement(connection: &mut AnyConnection) -> Result<Option<Agreement>, Error> {
    let row = query("select version, words from peer_agreements order by version desc limit 1")
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(Agreement {
            version: version(row.try_get(0)?),
            text: row.try_get(1)?,
        })
    })
    .transpose()
}

/// Keeps the next version of it. All who support others are told.
///
/// # Errors
/// What the database says.
pub async fn add_agreement(
    transaction: &mut AnyConnection,
    words: &str,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    let before = agreement(&mut *transaction).await?;
    let version = before.map_or(1, |before| before.version + 1);
    query("insert into peer_agreements (version, words, by_staff, at) values ($1, $2, $3, $4)")
        .bind(i64::from(version))
        .bind(words.to_owned())
        .bind(by.to_string())
        .bind(at)
        .execute(&mut *transaction)
        .await?;
    supporters::tell_all(transaction).await
}

fn version(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

/// A member is called something else: those with whom they are matched are told.
///
/// # Errors
/// What the database says.
pub async fn renamed(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    for row in matches::of_member(&mut *transaction, member).await? {
        matches::tell_row(&mut *transaction, &row).await?;
    }
    Ok(())
}

/// A member leaves Chorus: what they asked for is taken back, they support nobody any more, and none of what they wrote
/// has words.
///
/// # Errors
/// What the database says.
pub async fn leave_all(
    transaction: &mut AnyConnection,
    member: MemberId,
    now: Millis,
) -> Result<(), Error> {
    for id in asks::of_member(&mut *transaction, member).await? {
        asks::withdraw(&mut *transaction, id, now).await?;
    }
    messages::take_back_all_of_peer(&mut *transaction, member).await?;
    supporters::end(&mut *transaction, member, now).await?;
    supporters::forget(transaction, member).await
}
