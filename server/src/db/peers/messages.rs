//! What two people who are matched write to each other. It is in the scopes of the two; a peer has it for as long as
//! the match goes on.

use super::{entry, matches::MatchRow, peer_scope, tell as tell_entries};
use crate::{
    db::{
        feed::{Entry, member_scope},
        word::{json, read_id},
    },
    error::Error,
};
use app::domain::{
    id::{MemberId, PeerMatchId},
    peer::{KnownMessage, MatchState, PeerMessage, Side},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};
use uuid::Uuid;

/// A message as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub id: Uuid,
    /// The match.
    pub peer_match: PeerMatchId,
    /// Whether the peer wrote it.
    pub by_peer: bool,
    /// What was written; none once it was taken back.
    pub words: Option<String>,
    /// When the server had it.
    pub received_at: Millis,
}

impl MessageRow {
    /// What the rules go by.
    pub fn known(&self, of: &MatchRow) -> KnownMessage {
        KnownMessage {
            member: if self.by_peer { of.peer } else { of.member },
            taken_back: self.words.is_none(),
        }
    }

    /// What one of the two is told.
    pub fn told(&self, side: Side) -> PeerMessage {
        let state = match self.words {
            Some(_) => PeerMessage::SHOWN,
            None => PeerMessage::TAKEN_BACK,
        };
        PeerMessage {
            peer_match: self.peer_match,
            theirs: self.by_peer != (side == Side::Peer),
            words: self.words.clone(),
            at: Some(rfc3339(self.received_at)),
            state: Some(state.to_owned()),
        }
    }

    fn entries(&self, of: &MatchRow, told: [bool; 2]) -> Vec<Entry> {
        let sides = [
            (member_scope(of.member), Side::Asker),
            (peer_scope(of.peer), Side::Peer),
        ];
        let sides = sides.into_iter().zip(told);
        sides
            .map(|((scope, side), is_told)| {
                let body = is_told.then(|| json(&self.told(side)));
                entry(scope, kind::PEER_MESSAGE, self.id.to_string(), body)
            })
            .collect()
    }
}

/// Whether whoever asked, and whether the peer, is told what was written in it.
pub fn is_told(of: &MatchRow) -> [bool; 2] {
    let goes_on = of.state == MatchState::Matched;
    let was = goes_on || of.state == MatchState::Ended;
    [was && !of.is_withdrawn, goes_on && of.supports]
}

const COLUMNS: &str = "select g.id, g.peer_match, g.by_peer, g.words, g.received_at \
     from peer_messages g ";

fn read(row: &AnyRow) -> Result<MessageRow, Error> {
    Ok(MessageRow {
        id: read_id(row.try_get(0)?)?,
        peer_match: read_id(row.try_get(1)?)?,
        by_peer: row.try_get::<i64, _>(2)? != 0,
        words: row.try_get(3)?,
        received_at: row.try_get(4)?,
    })
}

/// A message; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn find(connection: &mut AnyConnection, id: Uuid) -> Result<Option<MessageRow>, Error> {
    let row = query(AssertSqlSafe([COLUMNS, "where g.id = $1"].concat()))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// All of a match, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_match(
    connection: &mut AnyConnection,
    id: PeerMatchId,
) -> Result<Vec<MessageRow>, Error> {
    let text = [
        COLUMNS,
        "where g.peer_match = $1 order by g.received_at, g.id",
    ]
    .concat();
    let rows = query(AssertSqlSafe(text)).bind(id.to_string());
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// A new one, which both are told.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    of: &MatchRow,
    (id, by, words): (Uuid, Side, &str),
    now: Millis,
) -> Result<(), Error> {
    let row = MessageRow {
        id,
        peer_match: of.id,
        by_peer: by == Side::Peer,
        words: Some(words.trim().to_owned()),
        received_at: now,
    };
    query(
        "insert into peer_messages (id, peer_match, by_peer, words, received_at) \
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id.to_string())
    .bind(of.id.to_string())
    .bind(i64::from(row.by_peer))
    .bind(row.words.clone())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    tell_entries(transaction, row.entries(of, is_told(of))).await
}

/// Its words go.
///
/// # Errors
/// What the database says.
pub async fn take_back(
    transaction: &mut AnyConnection,
    of: &MatchRow,
    row: MessageRow,
) -> Result<(), Error> {
    query("update peer_messages set words = null where id = $1")
        .bind(row.id.to_string())
        .execute(&mut *transaction)
        .await?;
    let gone = MessageRow { words: None, ..row };
    tell_entries(transaction, gone.entries(of, is_told(of))).await
}

/// All that a peer wrote loses its words: they leave Chorus.
///
/// # Errors
/// What the database says.
pub async fn take_back_all_of_peer(
    transaction: &mut AnyConnection,
    peer: MemberId,
) -> Result<(), Error> {
    for of in super::matches::of_peer(&mut *transaction, peer).await? {
        let all = of_match(&mut *transaction, of.id).await?;
        let own = all
            .into_iter()
            .filter(|row| row.by_peer && row.words.is_some());
        for row in own {
            take_back(&mut *transaction, &of, row).await?;
        }
    }
    Ok(())
}

/// Tells both what they may have of it, now that the match stands in another way.
///
/// # Errors
/// What the database says.
pub async fn tell_all(transaction: &mut AnyConnection, of: &MatchRow) -> Result<(), Error> {
    let told = is_told(of);
    let mut entries = Vec::new();
    for row in of_match(&mut *transaction, of.id).await? {
        entries.extend(row.entries(of, told));
    }
    tell_entries(transaction, entries).await
}

/// All of a match goes.
///
/// # Errors
/// What the database says.
pub async fn forget(transaction: &mut AnyConnection, of: &MatchRow) -> Result<(), Error> {
    let mut entries = Vec::new();
    for row in of_match(&mut *transaction, of.id).await? {
        entries.extend(row.entries(of, [false, false]));
    }
    query("delete from peer_messages where peer_match = $1")
        .bind(of.id.to_string())
        .execute(&mut *transaction)
        .await?;
    tell_entries(transaction, entries).await
}
