//! Who is asked to talk with whom, and who does. Each of the two is told what they may know of the other: a peer no
//! name and no number before both said yes, whoever asked nothing of a peer who has not said yes.

use super::{asks, entry, messages, peer_scope, tell as tell_entries};
use crate::{
    db::{
        feed::{Entry, member_scope},
        word::{json, read_id, read_json, read_word, word},
    },
    error::Error,
};
use app::domain::{
    contact::Contact,
    id::{MemberId, PeerAskId, PeerMatchId, StaffId},
    peer::{AskState, KnownMatch, MatchState, PeerMatch},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};

/// A match as stored, with what is told of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchRow {
    /// Its id.
    pub id: PeerMatchId,
    /// The ask.
    pub ask: PeerAskId,
    /// Who asked.
    pub member: MemberId,
    /// What they want to be called.
    pub member_name: Option<String>,
    /// The peer.
    pub peer: MemberId,
    /// What they want to be called.
    pub peer_name: Option<String>,
    /// What they say of themselves.
    pub peer_says: Option<String>,
    /// Whether they support others still.
    pub supports: bool,
    /// Who of staff looks after the peer.
    pub supervisor: Option<StaffId>,
    /// Their first name.
    pub supervisor_name: Option<String>,
    /// What it is about, where the peer may read it.
    pub about: Option<String>,
    /// When suits whoever asked.
    pub suits: Option<String>,
    /// How to reach them, where the peer may be told.
    pub contact: Option<Contact>,
    /// Whether the ask was taken back.
    pub is_withdrawn: bool,
    /// How it stands.
    pub state: MatchState,
    /// When the peer was asked.
    pub asked_at: Millis,
    /// When it came to stand so.
    pub since: Millis,
    /// Since when whoever looks after the peer is asked to read what they write.
    pub looks_since: Option<Millis>,
}

/// No name at all is nobody's: that of somebody who left is empty.
fn shown(name: Option<&String>) -> Option<String> {
    name.filter(|name| !name.is_empty()).cloned()
}

impl MatchRow {
    /// What the rules go by.
    pub fn known(&self) -> KnownMatch {
        KnownMatch {
            ask: self.ask,
            member: self.member,
            peer: self.peer,
            state: self.state,
        }
    }

    fn bare(&self, supports: bool) -> PeerMatch {
        PeerMatch {
            supports,
            name: None,
            says: None,
            about: None,
            suits: None,
            contact: None,
            supervisor: shown(self.supervisor_name.as_ref()),
            looks: self.looks_since.is_some(),
            state: self.state,
            at: rfc3339(self.since),
            marked: None,
        }
    }

    /// What whoever asked is told; none while no peer has said yes, and once it came to nothing.
    pub fn told_asker(&self) -> Option<PeerMatch> {
        let is_told = matches!(
            self.state,
            MatchState::Offered | MatchState::Matched | MatchState::Ended
        );
        (is_told && !self.is_withdrawn).then(|| PeerMatch {
            name: shown(self.peer_name.as_ref()),
            says: self.peer_says.clone(),
            ..self.bare(false)
        })
    }

    /// What the peer is told; none once it came to nothing, and to nobody who supports others no more. Of what is over
    /// no more than that.
    pub fn told_peer(&self) -> Option<PeerMatch> {
        let bare = self.bare(true);
        let asked = PeerMatch {
            about: self.about.clone(),
            suits: self.suits.clone(),
            ..bare.clone()
        };
        match self.state {
            _ if !self.supports => None,
            MatchState::Asked | MatchState::Offered => Some(asked),
            MatchState::Matched => Some(PeerMatch {
                name: shown(self.member_name.as_ref()),
                contact: self.contact.clone(),
                ..asked
            }),
            MatchState::NotThisTime => None,
            MatchState::Ended => Some(bare),
        }
    }

    /// The records of both.
    fn entries(&self, [asker, peer]: [Option<PeerMatch>; 2]) -> Vec<Entry> {
        let id = self.id.to_string();
        let body = |told: Option<PeerMatch>| told.as_ref().map(json);
        let (own, theirs) = (member_scope(self.member), peer_scope(self.peer));
        vec![
            entry(own, kind::PEER_MATCH, id.clone(), body(asker)),
            entry(theirs, kind::PEER_MATCH, id, body(peer)),
        ]
    }
}

const COLUMNS: &str = "select x.id, x.ask, a.member, m.name, x.peer, n.name, s.about, s.ended_at, \
     s.supervisor, o.name, a.about, a.show_about, a.suits, a.contact, a.show_contact, a.state, \
     x.state, x.asked_at, x.since, x.looks_since from peer_matches x \
     join peer_asks a on a.id = x.ask join members m on m.id = a.member \
     join peer_supporters s on s.member = x.peer join members n on n.id = x.peer \
     left join staff o on o.id = s.supervisor and o.stopped_at is null ";

fn read(row: &AnyRow) -> Result<MatchRow, Error> {
    let flag = |at: usize| -> Result<bool, Error> { Ok(row.try_get::<i64, _>(at)? != 0) };
    let ended_at: Option<Millis> = row.try_get(7)?;
    let (supervisor, contact): (Option<String>, Option<String>) =
        (row.try_get(8)?, row.try_get(13)?);
    let about: Option<String> = row.try_get(10)?;
    let (shows_about, shows_contact) = (flag(11)?, flag(14)?);
    let ask: AskState = read_word(row.try_get(15)?)?;
    let contact: Option<Contact> = read_json(contact.as_deref())?;
    Ok(MatchRow {
        id: read_id(row.try_get(0)?)?,
        ask: read_id(row.try_get(1)?)?,
        member: read_id(row.try_get(2)?)?,
        member_name: row.try_get(3)?,
        peer: read_id(row.try_get(4)?)?,
        peer_name: row.try_get(5)?,
        peer_says: row.try_get(6)?,
        supports: ended_at.is_none(),
        supervisor: supervisor.as_deref().map(read_id).transpose()?,
        supervisor_name: row.try_get(9)?,
        about: about.filter(|_| shows_about),
        suits: row.try_get(12)?,
        contact: contact.filter(|_| shows_contact),
        is_withdrawn: ask == AskState::Withdrawn,
        state: read_word(row.try_get(16)?)?,
        asked_at: row.try_get(17)?,
        since: row.try_get(18)?,
        looks_since: row.try_get(19)?,
    })
}

async fn some(
    connection: &mut AnyConnection,
    which: &'static str,
    id: String,
) -> Result<Vec<MatchRow>, Error> {
    let text = [COLUMNS, which, " order by x.asked_at, x.id"].concat();
    let rows = query(AssertSqlSafe(text)).bind(id);
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// A match; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn find(
    connection: &mut AnyConnection,
    id: PeerMatchId,
) -> Result<Option<MatchRow>, Error> {
    Ok(some(connection, "where x.id = $1", id.to_string())
        .await?
        .pop())
}

/// Whom staff asked about an ask, in order.
///
/// # Errors
/// What the database says.
pub async fn of_ask(
    connection: &mut AnyConnection,
    ask: PeerAskId,
) -> Result<Vec<MatchRow>, Error> {
    some(connection, "where x.ask = $1", ask.to_string()).await
}

/// Those of a peer.
///
/// # Errors
/// What the database says.
pub async fn of_peer(
    connection: &mut AnyConnection,
    peer: MemberId,
) -> Result<Vec<MatchRow>, Error> {
    some(connection, "where x.peer = $1", peer.to_string()).await
}

/// Those in which a member is either of the two.
///
/// # Errors
/// What the database says.
pub async fn of_member(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<MatchRow>, Error> {
    let which = "where (x.peer = $1 or a.member = $1)";
    some(connection, which, member.to_string()).await
}

/// Staff ask a peer.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: PeerMatchId,
    (ask, peer): (PeerAskId, MemberId),
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into peer_matches (id, ask, peer, state, asked_by, asked_at, since) \
         values ($1, $2, $3, 'asked', $4, $5, $5)",
    )
    .bind(id.to_string())
    .bind(ask.to_string())
    .bind(peer.to_string())
    .bind(by.to_string())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    let asked = MatchState::Asked.of_ask();
    asks::stand(&mut *transaction, ask, asked, asks::With::default(), now).await?;
    tell(transaction, id).await
}

/// A match stands so from now on, and its ask with it.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn move_to(
    transaction: &mut AnyConnection,
    id: PeerMatchId,
    state: MatchState,
    now: Millis,
) -> Result<(), Error> {
    let row = find(&mut *transaction, id).await?.ok_or(Error::NotFound)?;
    put(&mut *transaction, id, state, now).await?;
    let with = asks::With::default();
    asks::stand(transaction, row.ask, state.of_ask(), with, now).await
}

/// The match alone. What the two wrote leaves the peer's phone with its end.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn put(
    transaction: &mut AnyConnection,
    id: PeerMatchId,
    state: MatchState,
    now: Millis,
) -> Result<(), Error> {
    query("update peer_matches set state = $2, since = $3 where id = $1 and state <> $2")
        .bind(id.to_string())
        .bind(word(state))
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    tell(transaction, id).await
}

/// Whoever looks after the peer is asked to read what the two write, or has.
///
/// # Errors
/// What the database says.
pub async fn look(
    transaction: &mut AnyConnection,
    id: PeerMatchId,
    since: Option<Millis>,
) -> Result<(), Error> {
    query("update peer_matches set looks_since = $2 where id = $1")
        .bind(id.to_string())
        .bind(since)
        .execute(&mut *transaction)
        .await?;
    tell(transaction, id).await
}

/// Tells both how it stands now.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn tell(transaction: &mut AnyConnection, id: PeerMatchId) -> Result<(), Error> {
    let row = find(&mut *transaction, id).await?.ok_or(Error::NotFound)?;
    tell_row(&mut *transaction, &row).await?;
    messages::tell_all(transaction, &row).await
}

/// The same without what they wrote.
///
/// # Errors
/// What the database says.
pub async fn tell_row(transaction: &mut AnyConnection, row: &MatchRow) -> Result<(), Error> {
    let entries = row.entries([row.told_asker(), row.told_peer()]);
    tell_entries(transaction, entries).await
}

/// A match goes, from the phones of both as well.
///
/// # Errors
/// What the database says.
pub async fn forget(transaction: &mut AnyConnection, row: &MatchRow) -> Result<(), Error> {
    query("delete from peer_matches where id = $1")
        .bind(row.id.to_string())
        .execute(&mut *transaction)
        .await?;
    tell_entries(transaction, row.entries([None, None])).await
}
