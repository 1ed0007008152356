//! What staff do about peer support: reading an ask, asking a peer, suggesting a group session, and looking after those
//! who support others. Each step is written, told to the phones that it concerns and noted in the audit log, all or
//! nothing. What two people write to each other is read by whoever looks after the peer, and only while one of the two
//! asks for it.

use crate::{
    db::{
        audit, desk, members,
        peers::{
            self, asks,
            matches::{self, MatchRow},
            supporters,
        },
        reach::Reach,
        safety::settings,
        staff,
    },
    error::Error,
    state::Arrival,
};
use app::domain::{
    id::{MemberId, OpportunityId, PeerAskId, PeerMatchId, StaffId},
    peer::{AskState, Between, MatchState, NotAsked, may_ask, without},
    record::kind,
    time::Millis,
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// Something that staff do about peer support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerAction {
    /// Reads an ask: the first one to do so is who saw it.
    Open(PeerAskId),
    /// Something with an ask.
    OnAsk(PeerAskId, OnAsk),
    /// Something with somebody who supports others.
    OnSupporter(MemberId, OnSupporter),
    /// Something with a match.
    OnMatch(PeerMatchId, OnMatch),
    /// Writes what peer supporters agree to anew.
    Agreement(String),
}

/// What is done with an ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnAsk {
    /// Asks a peer.
    AskPeer {
        /// Whom.
        peer: MemberId,
        /// That this is nobody with whom the person would rather not talk.
        looked: bool,
    },
    /// Keeps a peer apart from it, or no more.
    Apart(MemberId, bool),
    /// Asks the peer no more who was asked.
    AskNoMore,
    /// Suggests something of peer support, with words.
    Suggest(OpportunityId, Option<String>),
    /// Says that no peer is free yet, with words.
    NobodyYet(Option<String>),
    /// Looks for a peer again.
    LookOn,
    /// Ends it, with words.
    End(String),
}

/// What is done with somebody who supports others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnSupporter {
    /// Asks them to.
    Make,
    /// Writes their training down: which, and the day.
    Train(String, String),
    /// Says who of staff looks after them.
    Supervise(StaffId),
    /// They do no more.
    End,
}

/// What is done with a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnMatch {
    /// Ends it.
    End,
    /// Reads what the two write to each other.
    Read,
    /// Has read it: from now on it is closed again.
    Looked,
}

impl PeerAction {
    /// Whether it may take away something that someone wrote.
    pub fn takes_away(&self) -> bool {
        let ends = matches!(self, Self::OnAsk(_, OnAsk::End(_)));
        ends || matches!(self, Self::OnMatch(_, OnMatch::End))
            || matches!(self, Self::OnSupporter(_, OnSupporter::End))
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerDone {
    /// It is done.
    Done,
    /// Nothing was changed: this does not follow from how it stands now.
    NotFrom,
    /// Nothing was changed: the peer is not asked, and why.
    NotAsked(NotAsked),
}

/// Who does it, and when.
type By = (StaffId, Millis);

/// Does it.
///
/// # Errors
/// [`Error::NotFound`] for what is not there; [`Error::Forbidden`] for leads, who find peers alone where they
/// lead a group for peer support, and for words that are not to be read;
/// what the database says.
pub async fn act(
    tx: &mut AnyConnection,
    by: By,
    action: PeerAction,
) -> Result<(PeerDone, Vec<Arrival>), Error> {
    let reach = Reach::now(&mut *tx, by.0).await?;
    let matches = matches!(action, PeerAction::Open(_) | PeerAction::OnAsk(..));
    if reach != Reach::All && !(matches && reach.may_match(&mut *tx).await?) {
        return Err(Error::Forbidden);
    }
    let done = match action {
        PeerAction::Open(id) => open(tx, by, id).await?,
        PeerAction::OnAsk(id, action) => on_ask(tx, by, id, action).await?,
        PeerAction::OnSupporter(member, action) => on_supporter(tx, by, member, action).await?,
        PeerAction::OnMatch(id, action) => on_match(tx, by, id, action).await?,
        PeerAction::Agreement(words) => {
            peers::add_agreement(&mut *tx, &words, by).await?;
            let subject = ("peer_agreement", Uuid::nil());
            audit::add(tx, by.1, by.0, "peer_agreement.write", subject, None).await?;
            PeerDone::Done
        }
    };
    Ok((done, vec![Arrival::Peers]))
}

/// A line about an ask or a match names it, and never what anybody wrote.
async fn note(
    tx: &mut AnyConnection,
    (by, now): By,
    action: &'static str,
    subject: (&'static str, Uuid),
) -> Result<PeerDone, Error> {
    audit::add(tx, now, by, action, subject, None).await?;
    Ok(PeerDone::Done)
}

async fn open(tx: &mut AnyConnection, by: By, id: PeerAskId) -> Result<PeerDone, Error> {
    let row = asks::find(&mut *tx, id).await?;
    row.filter(|row| row.state != AskState::Withdrawn)
        .ok_or(Error::NotFound)?;
    let who = staff::find(&mut *tx, by.0).await?.ok_or(Error::Forbidden)?;
    asks::see(&mut *tx, id, (by.0, &who.name)).await?;
    note(tx, by, "peer.read", (kind::PEER_ASK, id.0)).await
}

async fn on_ask(
    tx: &mut AnyConnection,
    by: By,
    id: PeerAskId,
    action: OnAsk,
) -> Result<PeerDone, Error> {
    let row = asks::find(&mut *tx, id).await?.ok_or(Error::NotFound)?;
    let (state, now) = (row.state, by.1);
    let message = |message| asks::With {
        message,
        opportunity: None,
    };
    let did = match action {
        OnAsk::AskPeer { peer, looked } => return ask_peer(tx, by, &row, peer, looked).await,
        _ if !state.is_open() => return Ok(PeerDone::NotFrom),
        OnAsk::Apart(peer, apart) => {
            supporters::find(&mut *tx, peer)
                .await?
                .ok_or(Error::NotFound)?;
            asks::keep_apart(&mut *tx, id, peer, apart).await?;
            "peer.apart"
        }
        OnAsk::AskNoMore => {
            let Some(asked) = standing(&mut *tx, id)
                .await?
                .filter(|it| it.state.is_asked())
            else {
                return Ok(PeerDone::NotFrom);
            };
            matches::move_to(&mut *tx, asked.id, MatchState::NotThisTime, now).await?;
            "peer.ask_no_more"
        }
        OnAsk::End(words) => {
            if let Some(it) = standing(&mut *tx, id).await?
                && let Some(state) = without(it.state)
            {
                matches::put(&mut *tx, it.id, state, now).await?;
            }
            asks::stand(&mut *tx, id, AskState::Ended, message(Some(words)), now).await?;
            "peer.end"
        }
        _ if !state.waits() => return Ok(PeerDone::NotFrom),
        OnAsk::Suggest(opportunity, words) => {
            if !desk::peers::may_suggest(&mut *tx, opportunity).await? {
                return Err(Error::NotFound);
            }
            let with = asks::With {
                message: words,
                opportunity: Some(opportunity),
            };
            asks::stand(&mut *tx, id, AskState::Suggested, with, now).await?;
            "peer.suggest"
        }
        OnAsk::NobodyYet(words) => {
            asks::stand(&mut *tx, id, AskState::NobodyYet, message(words), now).await?;
            "peer.nobody_yet"
        }
        OnAsk::LookOn => {
            asks::stand(&mut *tx, id, AskState::Sent, message(None), now).await?;
            "peer.look_on"
        }
    };
    note(tx, by, did, (kind::PEER_ASK, id.0)).await
}

/// The match of an ask that is not over.
async fn standing(tx: &mut AnyConnection, id: PeerAskId) -> Result<Option<MatchRow>, Error> {
    let all = matches::of_ask(tx, id).await?;
    Ok(all.into_iter().rfind(|row| without(row.state).is_some()))
}

async fn ask_peer(
    tx: &mut AnyConnection,
    by: By,
    row: &asks::AskRow,
    peer: MemberId,
    looked: bool,
) -> Result<PeerDone, Error> {
    let supporter = supporters::find(&mut *tx, peer).await?;
    let supporter = supporter.filter(|it| it.ended_at.is_none());
    let supporter = supporter.ok_or(Error::NotFound)?;
    let agreement = peers::agreement(&mut *tx).await?.map(|it| it.version);
    let before = matches::of_ask(&mut *tx, row.id).await?;
    let kept = asks::apart(&mut *tx, row.id).await?;
    let between = Between {
        member: row.member,
        peer,
        apart: kept.contains(&peer) || before.iter().any(|it| it.peer == peer),
        said_not_with: row.not_with.is_some(),
        looked,
    };
    if let Err(why) = may_ask(row.state, supporter.ready(agreement), between) {
        return Ok(PeerDone::NotAsked(why));
    }
    let id = PeerMatchId(Uuid::now_v7());
    matches::add(&mut *tx, id, (row.id, peer), by).await?;
    note(tx, by, "peer.ask_peer", (kind::PEER_ASK, row.id.0)).await
}

async fn on_supporter(
    tx: &mut AnyConnection,
    by: By,
    member: MemberId,
    action: OnSupporter,
) -> Result<PeerDone, Error> {
    let there = supporters::find(&mut *tx, member).await?;
    let goes_on = there.as_ref().is_some_and(|it| it.ended_at.is_none());
    let did = match action {
        OnSupporter::Make if goes_on => return Ok(PeerDone::NotFrom),
        OnSupporter::Make => {
            let known = members::by_id(&mut *tx, member).await?;
            // An empty name is of somebody who left.
            known
                .filter(|it| it.name.as_deref() != Some(""))
                .ok_or(Error::NotFound)?;
            if peers::agreement(&mut *tx).await?.is_none() {
                let words = app::lang::en::peers::BUILT_IN_AGREEMENT.get();
                peers::add_agreement(&mut *tx, words, by).await?;
            }
            supporters::make(&mut *tx, member, by).await?;
            "peer_supporter.make"
        }
        _ if !goes_on => return Err(Error::NotFound),
        OnSupporter::Train(what, on) => {
            supporters::train(&mut *tx, member, (&what, &on)).await?;
            "peer_supporter.train"
        }
        OnSupporter::Supervise(staff) => {
            let all = settings::staff(&mut *tx).await?;
            if !all.iter().any(|(id, ..)| *id == staff) {
                return Err(Error::NotFound);
            }
            supporters::supervise(&mut *tx, member, staff).await?;
            "peer_supporter.supervise"
        }
        OnSupporter::End => {
            supporters::end(&mut *tx, member, by.1).await?;
            "peer_supporter.end"
        }
    };
    note(tx, by, did, (kind::MEMBER, member.0)).await
}

async fn on_match(
    tx: &mut AnyConnection,
    by: By,
    id: PeerMatchId,
    action: OnMatch,
) -> Result<PeerDone, Error> {
    let row = matches::find(&mut *tx, id).await?.ok_or(Error::NotFound)?;
    let did = match action {
        OnMatch::End => {
            let Some(state) = without(row.state) else {
                return Ok(PeerDone::NotFrom);
            };
            matches::move_to(&mut *tx, id, state, by.1).await?;
            "peer_match.end"
        }
        OnMatch::Read | OnMatch::Looked if !may_read(&row, by.0) => return Err(Error::Forbidden),
        OnMatch::Read => "peer_match.read",
        OnMatch::Looked => {
            matches::look(&mut *tx, id, None).await?;
            "peer_match.looked"
        }
    };
    note(tx, by, did, (kind::PEER_MATCH, id.0)).await
}

/// Whether someone may read what the two write to each other: whoever looks after the peer, while one of the two asks.
pub fn may_read(row: &MatchRow, by: StaffId) -> bool {
    row.supervisor == Some(by) && row.looks_since.is_some() && !row.is_withdrawn
}
