//! What was decided about each command, for ever. Never what the command said.

use super::{bulk::Bulk, word::read_id};
use crate::error::Error;
use app::{
    domain::{
        id::{CommandId, MemberId},
        time::Millis,
    },
    sync::wire::{Outcome, Reason},
};
use sqlx::{AnyConnection, Row};

/// A stored outcome.
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    /// The command.
    pub id: CommandId,
    /// Whose it is.
    pub member: MemberId,
    /// The keyed hash of its kind and canonical body.
    pub hash: String,
    /// Why it was refused; none if it was applied.
    pub refused: Option<Reason>,
    /// When the server first had it.
    pub received_at: Millis,
}

impl OutcomeRow {
    /// Applied or refused.
    pub fn outcome(&self) -> Outcome {
        if self.refused.is_some() {
            Outcome::Refused
        } else {
            Outcome::Applied
        }
    }
}

static BY_ID: Bulk = Bulk::new(
    "select id, member, hash, code, message, received_at from commands where id in (values",
    1,
    ")",
);
static WRITE: Bulk = Bulk::new(
    "insert into commands (id, member, hash, outcome, code, message, received_at) values",
    7,
    "",
);

/// The outcomes stored under `ids`, of whichever member.
///
/// # Errors
/// What the database says.
pub async fn by_id(
    connection: &mut AnyConnection,
    ids: &[CommandId],
) -> Result<Vec<OutcomeRow>, Error> {
    let rows = BY_ID
        .select(connection, ids, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter()
        .map(|row| {
            let code: Option<String> = row.try_get(3)?;
            let message: Option<String> = row.try_get(4)?;
            Ok(OutcomeRow {
                id: read_id(row.try_get(0)?)?,
                member: read_id(row.try_get(1)?)?,
                hash: row.try_get(2)?,
                refused: code.map(|code| Reason {
                    code,
                    message: message.unwrap_or_default(),
                }),
                received_at: row.try_get(5)?,
            })
        })
        .collect()
}

/// Stores new outcomes.
///
/// # Errors
/// What the database says; one that is there already.
pub async fn write(transaction: &mut AnyConnection, rows: &[OutcomeRow]) -> Result<(), Error> {
    WRITE
        .run(transaction, rows, |query, row| {
            let refused = row.refused.as_ref();
            query
                .bind(row.id.to_string())
                .bind(row.member.to_string())
                .bind(row.hash.clone())
                .bind(if refused.is_some() {
                    "refused"
                } else {
                    "applied"
                })
                .bind(refused.map(|reason| reason.code.clone()))
                .bind(refused.map(|reason| reason.message.clone()))
                .bind(row.received_at)
        })
        .await
}
