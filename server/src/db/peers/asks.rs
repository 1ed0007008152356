//! Those who would like to talk to a peer: what they said, how it stands, and what their own phones are told.

use super::{entry, matches, messages, tell as tell_entries};
use crate::{
    db::{
        feed::member_scope,
        word::{json, read_id, read_json, read_word, word},
    },
    error::Error,
};
use app::domain::{
    contact::Contact,
    id::{MemberId, OpportunityId, PeerAskId, StaffId},
    peer::{Ask, AskState, KnownAsk, PeerAsk, without},
    record::kind,
    text,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};

/// An ask as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskRow {
    /// Its id.
    pub id: PeerAskId,
    /// Who asked.
    pub member: MemberId,
    /// What they want to be called.
    pub name: Option<String>,
    /// What they would like to talk about.
    pub about: Option<String>,
    /// Whether a peer who is asked may read it.
    pub show_about: bool,
    /// When suits them.
    pub suits: Option<String>,
    /// Who it should not be with.
    pub not_with: Option<String>,
    /// How to reach them outside of Chorus.
    pub contact: Option<Contact>,
    /// Whether the peer with whom they are matched is told it.
    pub show_contact: bool,
    /// How it stands.
    pub state: AskState,
    /// What staff say with that.
    pub message: Option<String>,
    /// What is suggested.
    pub opportunity: Option<OpportunityId>,
    /// Who read it first.
    pub seen_by: Option<String>,
    /// When the server had it.
    pub received_at: Millis,
    /// When it came to stand so.
    pub since: Millis,
}

impl AskRow {
    /// What the rules go by.
    pub fn known(&self) -> KnownAsk {
        KnownAsk {
            member: self.member,
            state: self.state,
        }
    }

    /// What the phones of whoever asked are told.
    pub fn told(&self) -> PeerAsk {
        PeerAsk {
            about: self.about.clone(),
            show_about: self.show_about,
            suits: self.suits.clone(),
            not_with: None,
            said_not_with: self.not_with.is_some(),
            contact: self.contact.clone(),
            show_contact: self.show_contact,
            state: self.state,
            seen_by: self.seen_by.clone(),
            message: self.message.clone(),
            opportunity: self.opportunity,
            received_at: Some(rfc3339(self.received_at)),
            marked: None,
        }
    }
}

const COLUMNS: &str = "select a.id, a.member, m.name, a.about, a.show_about, a.suits, a.not_with, \
     a.contact, a.show_contact, a.state, a.message, a.opportunity, a.seen_by_name, a.received_at, \
     a.since from peer_asks a join members m on m.id = a.member ";

fn read(row: &AnyRow) -> Result<AskRow, Error> {
    let (contact, opportunity): (Option<String>, Option<String>) =
        (row.try_get(7)?, row.try_get(11)?);
    Ok(AskRow {
        id: read_id(row.try_get(0)?)?,
        member: read_id(row.try_get(1)?)?,
        name: row.try_get(2)?,
        about: row.try_get(3)?,
        show_about: row.try_get::<i64, _>(4)? != 0,
        suits: row.try_get(5)?,
        not_with: row.try_get(6)?,
        contact: read_json(contact.as_deref())?,
        show_contact: row.try_get::<i64, _>(8)? != 0,
        state: read_word(row.try_get(9)?)?,
        message: row.try_get(10)?,
        opportunity: opportunity.as_deref().map(read_id).transpose()?,
        seen_by: row.try_get(12)?,
        received_at: row.try_get(13)?,
        since: row.try_get(14)?,
    })
}

/// An ask; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn find(connection: &mut AnyConnection, id: PeerAskId) -> Result<Option<AskRow>, Error> {
    let text = [COLUMNS, "where a.id = $1"].concat();
    let row = query(AssertSqlSafe(text))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Those of a member that are not over.
///
/// # Errors
/// What the database says.
pub async fn open_of(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<PeerAskId>, Error> {
    let rows =
        query("select id from peer_asks where member = $1 and state not in ('ended', 'withdrawn')")
            .bind(member.to_string())
            .fetch_all(connection)
            .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// Those of a member that were not taken back.
///
/// # Errors
/// What the database says.
pub async fn of_member(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<PeerAskId>, Error> {
    let rows = query("select id from peer_asks where member = $1 and state <> 'withdrawn'")
        .bind(member.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// A new one.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    member: MemberId,
    it: &Ask,
    now: Millis,
) -> Result<(), Error> {
    let tidy = |words: &Option<String>| text::tidy(words.clone());
    query(
        "insert into peer_asks (id, member, about, show_about, suits, not_with, contact, \
         show_contact, state, received_at, since) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'sent', $9, $9)",
    )
    .bind(it.ask.to_string())
    .bind(member.to_string())
    .bind(tidy(&it.about))
    .bind(i64::from(it.show_about))
    .bind(tidy(&it.suits))
    .bind(tidy(&it.not_with))
    .bind(it.contact.as_ref().map(json))
    .bind(i64::from(it.show_contact && it.contact.is_some()))
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    tell(transaction, it.ask).await
}

/// Tells the phones of whoever asked how it stands now.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn tell(transaction: &mut AnyConnection, id: PeerAskId) -> Result<(), Error> {
    let row = find(&mut *transaction, id).await?.ok_or(Error::NotFound)?;
    let scope = member_scope(row.member);
    let body = Some(json(&row.told()));
    tell_entries(
        transaction,
        vec![entry(scope, kind::PEER_ASK, id.to_string(), body)],
    )
    .await
}

/// Somebody of staff read it: the first one is who saw it.
///
/// # Errors
/// What the database says.
pub async fn see(
    transaction: &mut AnyConnection,
    id: PeerAskId,
    (by, name): (StaffId, &str),
) -> Result<(), Error> {
    let seen = query(
        "update peer_asks set seen_by = $2, seen_by_name = $3 where id = $1 and seen_by is null \
         and state <> 'withdrawn'",
    )
    .bind(id.to_string())
    .bind(by.to_string())
    .bind(name.to_owned())
    .execute(&mut *transaction)
    .await?;
    if seen.rows_affected() == 0 {
        return Ok(());
    }
    tell(transaction, id).await
}

/// What goes with how an ask stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct With {
    /// What staff say.
    pub message: Option<String>,
    /// What is suggested.
    pub opportunity: Option<OpportunityId>,
}

/// An ask stands so from now on; one that was taken back stays so.
///
/// # Errors
/// What the database says.
pub async fn stand(
    transaction: &mut AnyConnection,
    id: PeerAskId,
    state: AskState,
    with: With,
    now: Millis,
) -> Result<(), Error> {
    query(
        "update peer_asks set state = $2, message = $3, opportunity = $4, since = $5, ended_at = $6 \
         where id = $1 and state <> 'withdrawn'",
    )
    .bind(id.to_string())
    .bind(word(state))
    .bind(with.message)
    .bind(with.opportunity.map(|id| id.to_string()))
    .bind(now)
    .bind((!state.is_open()).then_some(now))
    .execute(&mut *transaction)
    .await?;
    tell(transaction, id).await
}

/// All that was written of an ask goes, with who it should not be with; whatever came of it is over, and what the two
/// wrote to each other goes as well.
///
/// # Errors
/// What the database says.
pub async fn withdraw(
    transaction: &mut AnyConnection,
    id: PeerAskId,
    now: Millis,
) -> Result<(), Error> {
    query(
        "update peer_asks set about = null, show_about = 0, suits = null, not_with = null, \
         contact = null, show_contact = 0, message = null, opportunity = null, state = 'withdrawn', \
         since = $2, ended_at = $2 where id = $1",
    )
    .bind(id.to_string())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    for row in matches::of_ask(&mut *transaction, id).await? {
        messages::forget(&mut *transaction, &row).await?;
        let state = without(row.state).unwrap_or(row.state);
        matches::put(&mut *transaction, row.id, state, now).await?;
    }
    forget_apart(&mut *transaction, id).await?;
    tell(transaction, id).await
}

async fn forget_apart(transaction: &mut AnyConnection, id: PeerAskId) -> Result<(), Error> {
    query("delete from peer_apart where ask = $1")
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Peers whom staff keep apart from an ask.
///
/// # Errors
/// What the database says.
pub async fn apart(connection: &mut AnyConnection, id: PeerAskId) -> Result<Vec<MemberId>, Error> {
    let rows = query("select peer from peer_apart where ask = $1")
        .bind(id.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// Keeps a peer apart from an ask, or no more.
///
/// # Errors
/// What the database says.
pub async fn keep_apart(
    transaction: &mut AnyConnection,
    id: PeerAskId,
    peer: MemberId,
    apart: bool,
) -> Result<(), Error> {
    let text = if apart {
        "insert into peer_apart (ask, peer) values ($1, $2) on conflict do nothing"
    } else {
        "delete from peer_apart where ask = $1 and peer = $2"
    };
    query(text)
        .bind(id.to_string())
        .bind(peer.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Lets go of asks that were over before `before`, with all that came of them, at most `most`; says how many went.
///
/// # Errors
/// What the database says.
pub async fn expire(
    transaction: &mut AnyConnection,
    before: Millis,
    most: i64,
) -> Result<usize, Error> {
    let rows =
        query("select id, member from peer_asks where ended_at < $1 order by ended_at limit $2")
            .bind(before)
            .bind(most)
            .fetch_all(&mut *transaction)
            .await?;
    for row in &rows {
        let (id, member): (PeerAskId, MemberId) =
            (read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?);
        for row in matches::of_ask(&mut *transaction, id).await? {
            messages::forget(&mut *transaction, &row).await?;
            matches::forget(&mut *transaction, &row).await?;
        }
        forget_apart(&mut *transaction, id).await?;
        query("delete from peer_asks where id = $1")
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        let gone = entry(member_scope(member), kind::PEER_ASK, id.to_string(), None);
        tell_entries(&mut *transaction, vec![gone]).await?;
    }
    Ok(rows.len())
}
