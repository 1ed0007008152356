//! Peer support: "I'd like to talk to a peer", and what comes of it.
//!
//! Whoever asks says as much as they like. Staff ask one peer supporter at a time; the peer says yes or "not this
//! time", then the person who asked is told who it is and says the same. Only two yeses make a match, and taking the
//! ask back wins over everything. Who the person would rather not talk with stays with staff: no record says it.
//! What members do is in `act`, what staff may do is decided here as well.

mod act;

pub use act::{ACTS, Does, word};

use super::{
    contact::Contact,
    id::{MemberId, OpportunityId, PeerAskId, PeerMatchId},
    opportunity::Agreement,
    refusal::Refusal,
    text,
};
use serde::Serialize;

crate::words! {
    /// How an ask stands.
    pub enum AskState {
        /// The server has it, and somebody will look for a peer.
        Sent "sent",
        /// Somebody looked: no peer is free yet, and they go on looking.
        NobodyYet "nobody_yet",
        /// A peer is asked.
        AskedPeer "asked_peer",
        /// A peer said yes: now the person who asked is.
        Offered "offered",
        /// Both said yes.
        Matched "matched",
        /// A group session is suggested.
        Suggested "suggested",
        /// It is over.
        Ended "ended",
        /// The person took it back.
        Withdrawn "withdrawn",
    }
}

impl AskState {
    /// Whether somebody is to look for a peer: only then may one be asked.
    pub fn waits(self) -> bool {
        matches!(self, Self::Sent | Self::NobodyYet | Self::Suggested)
    }

    /// Whether it is not over.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Ended | Self::Withdrawn)
    }
}

crate::words! {
    /// How a match stands.
    pub enum MatchState {
        /// The peer is asked.
        Asked "asked",
        /// The peer said yes, and the person who asked is asked.
        Offered "offered",
        /// Both said yes.
        Matched "matched",
        /// One of the two said "not this time", or it came to nothing otherwise.
        NotThisTime "not_this_time",
        /// They were matched, and it is over.
        Ended "ended",
    }
}

impl MatchState {
    /// How the ask stands with a match that stands so.
    pub fn of_ask(self) -> AskState {
        match self {
            Self::Asked => AskState::AskedPeer,
            Self::Offered => AskState::Offered,
            Self::Matched => AskState::Matched,
            Self::NotThisTime => AskState::Sent,
            Self::Ended => AskState::Ended,
        }
    }

    /// Whether somebody still has to say yes or not.
    pub fn is_asked(self) -> bool {
        matches!(self, Self::Asked | Self::Offered)
    }
}

/// The `peer_ask` record, in the scope of whoever asked. One that was taken back has nothing that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeerAsk {
    /// What they would like to talk about.
    pub about: Option<String>,
    /// Whether a peer who is asked may read that.
    pub show_about: bool,
    /// When suits them.
    pub suits: Option<String>,
    /// Who it should not be with: only on a phone that has not sent it yet. Servers never say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_with: Option<String>,
    /// Whether they said so of somebody.
    pub said_not_with: bool,
    /// How to reach them outside of Chorus.
    pub contact: Option<Contact>,
    /// Whether the peer with whom they are matched is told that.
    pub show_contact: bool,
    /// How it stands.
    pub state: AskState,
    /// The first name of who read it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_by: Option<String>,
    /// What staff say with how it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The opportunity of peer support that is suggested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<OpportunityId>,
    /// RFC 3339; when the server had it.
    pub received_at: Option<String>,
    /// On a phone that has not sent it yet: `peer.keep_looking`. Servers never say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marked: Option<String>,
}

crate::reads_json!(PeerAsk {
    about,
    show_about,
    suits,
    not_with,
    said_not_with,
    contact,
    show_contact,
    state,
    seen_by,
    message,
    opportunity,
    received_at,
    marked
});

/// The `peer_match` record: for whoever asked in their own scope, once a peer said yes; for the peer in the scope of
/// what only a phone with a PIN keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeerMatch {
    /// Whether it is told to the peer; else to whoever asked.
    pub supports: bool,
    /// What the other one wants to be called. A peer is told it once both said yes.
    pub name: Option<String>,
    /// To whoever asked: what the peer says of themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// To the peer: what it is about, where that may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// To the peer: when suits the other one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suits: Option<String>,
    /// To the peer: how to reach the other one, where they said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The first name of who of staff looks after the peer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<String>,
    /// Whether that one was asked to read what they write to each other.
    pub looks: bool,
    /// How it stands.
    pub state: MatchState,
    /// RFC 3339; when that began.
    pub at: String,
    /// On a phone that has not sent it yet: what was said. Servers never say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marked: Option<String>,
}

crate::reads_json!(PeerMatch {
    supports,
    name,
    says,
    about,
    suits,
    contact,
    supervisor,
    looks,
    state,
    at,
    marked
});

/// The `peer_message` record, in the scopes of the two who are matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeerMessage {
    /// The match.
    pub peer_match: PeerMatchId,
    /// Whether the other one wrote it.
    pub theirs: bool,
    /// What was written; none of what was taken back.
    pub words: Option<String>,
    /// RFC 3339; when the server had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// `taken_back` once its writer took it back; else `shown`.
    pub state: Option<String>,
}

crate::reads_json!(PeerMessage {
    peer_match,
    theirs,
    words,
    at,
    state
});

impl PeerMessage {
    /// The state of one that was taken back.
    pub const TAKEN_BACK: &str = "taken_back";
    /// The state of one that stands.
    pub const SHOWN: &str = "shown";
}

/// Somebody to ring when there is a worry about someone's safety.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ring {
    /// Who, or what they are.
    pub name: String,
    /// Their number.
    pub phone: Option<String>,
}

crate::reads_json!(Ring { name, phone });

/// The `peer_supporter` record, in the scope of whoever supports others: its id is the member's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeerSupporter {
    /// What peer supporters agree to, as it is now.
    pub agreement: Option<Agreement>,
    /// The version that they agreed to.
    pub agreed: Option<u32>,
    /// What they say of themselves, to whom they may be matched with.
    pub about: Option<String>,
    /// Whether their training is written down.
    pub trained: bool,
    /// The first name of who of staff looks after them.
    pub supervisor: Option<String>,
    /// Whether they take a break.
    pub paused: bool,
    /// What to do about a worry: the organisation's own procedure.
    pub steps: Vec<String>,
    /// Whom to ring then.
    pub ring: Vec<Ring>,
    /// Who reads what is written down about a worry, by their first names.
    pub readers: Option<String>,
}

crate::reads_json!(PeerSupporter {
    agreement,
    agreed,
    about,
    trained,
    supervisor,
    paused,
    steps,
    ring,
    readers
});

/// The `peer_worry` record: that the server has what a peer wrote down about someone's safety. The words are with
/// those alone who read such records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeerWorry {
    /// RFC 3339; since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The words: only on a phone that has not sent them yet. Servers never say them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

crate::reads_json!(PeerWorry { at, words });

/// What somebody says who would like to talk to a peer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// A new id.
    pub ask: PeerAskId,
    /// What about.
    pub about: Option<String>,
    /// Whether a peer who is asked may read that.
    pub show_about: bool,
    /// When suits them.
    pub suits: Option<String>,
    /// Who it should not be with.
    pub not_with: Option<String>,
    /// How to reach them outside of Chorus; none: through Chorus alone.
    pub contact: Option<Contact>,
    /// Whether the peer with whom they are matched is told that.
    pub show_contact: bool,
}

crate::reads_json!(Ask {
    ask,
    about,
    show_about,
    suits,
    not_with,
    contact,
    show_contact
});

impl Ask {
    fn is_well_formed(&self) -> bool {
        let said = [&self.about, &self.suits, &self.not_with];
        let fit = |words: &Option<String>| text::fits(words.as_deref(), text::LONG);
        said.into_iter().all(fit) && self.contact.as_ref().is_none_or(Contact::is_well_formed)
    }
}

/// Which of the two somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Whoever asked.
    Asker,
    /// The peer.
    Peer,
}

/// What the server knows of an ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAsk {
    /// Who asked.
    pub member: MemberId,
    /// How it stands.
    pub state: AskState,
}

/// What the server knows of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownMatch {
    /// The ask.
    pub ask: PeerAskId,
    /// Who asked.
    pub member: MemberId,
    /// The peer.
    pub peer: MemberId,
    /// How it stands.
    pub state: MatchState,
}

impl KnownMatch {
    /// Which of the two a member is; none for anybody else. What a peer does not know of yet, the other is not told.
    pub fn side(&self, who: MemberId) -> Option<Side> {
        match who {
            who if who == self.peer => Some(Side::Peer),
            who if who == self.member => Some(Side::Asker),
            _ => None,
        }
    }
}

/// What the server knows of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownMessage {
    /// Who wrote it.
    pub member: MemberId,
    /// Whether it was taken back.
    pub taken_back: bool,
}

/// What the server knows of whoever supports others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSupporter {
    /// Whether they do no more.
    pub ended: bool,
    /// The version of what they agree to now.
    pub agreement: u32,
    /// The version that they agreed to.
    pub agreed: Option<u32>,
}

/// What stands here that an act is decided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What stands under the ask's id.
    pub ask: Option<KnownAsk>,
    /// Whether another ask of theirs is open.
    pub has_open: bool,
    /// What stands under the match's id.
    pub peer_match: Option<KnownMatch>,
    /// What stands under the message's id.
    pub message: Option<KnownMessage>,
    /// Whoever acts, as somebody who supports others; also once they do no more.
    pub supporter: Option<KnownSupporter>,
}

/// What is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is so already.
    Nothing,
    /// The ask is new.
    Adds,
    /// All that was written of it goes, and whatever came of it ends.
    Withdraws,
    /// Nothing was there: the mark of its withdrawal is kept for this member.
    Mark,
    /// Somebody looks for a peer again.
    LooksOn,
    /// The match stands so from now on, and its ask with it.
    Moves(MatchState),
    /// Whoever looks after the peer is asked to read what they write to each other.
    AsksToLook,
    /// The message is new.
    Writes,
    /// Its words go.
    TakesBack,
    /// No message was there: the mark is kept.
    MarkMessage,
    /// What they wrote about a worry is written down.
    Worries,
    /// They agree to this version.
    Agrees(u32),
    /// They say this of themselves.
    Says,
    /// They take a break, or no more. Whatever waits for an answer of theirs goes on without them.
    Pauses(bool),
}

/// Decides about what `member` does. Taking back always wins, and asks for nothing else.
///
/// # Errors
/// [`Refusal`].
pub fn decide(member: MemberId, it: &Does, here: &Standing) -> Result<Change, Refusal> {
    match it {
        Does::Ask(_) => match here.ask {
            Some(known) if known.member != member => Err(Refusal::NotYours),
            Some(_) => Ok(Change::Nothing),
            None if here.has_open => Err(Refusal::PeerAsked),
            None => Ok(Change::Adds),
        },
        Does::Withdraw(_) => match here.ask {
            None => Ok(Change::Mark),
            Some(known) if known.member != member => Err(Refusal::NotYours),
            Some(known) if known.state == AskState::Withdrawn => Ok(Change::Nothing),
            Some(_) => Ok(Change::Withdraws),
        },
        Does::KeepLooking(_) => match here.ask {
            Some(known) if known.member != member => Err(Refusal::NotYours),
            Some(known) if known.state == AskState::Suggested => Ok(Change::LooksOn),
            _ => Ok(Change::Nothing),
        },
        Does::Yes(_) => yes(member, here),
        Does::NotThisTime(_) | Does::End(_) => {
            let (_, known) = of_match(member, here)?;
            Ok(without(known.state).map_or(Change::Nothing, Change::Moves))
        }
        Does::Look(_) => Ok(match of_match(member, here)?.1.state {
            MatchState::Matched | MatchState::Ended => Change::AsksToLook,
            _ => Change::Nothing,
        }),
        Does::Write { .. } => write(member, here),
        Does::TakeBack { .. } => match here.message {
            None => Ok(Change::MarkMessage),
            Some(known) if known.member != member => Err(Refusal::NotYours),
            Some(known) if known.taken_back => Ok(Change::Nothing),
            Some(_) => Ok(Change::TakesBack),
        },
        // It is taken from whoever ever supported anybody: a worry is not to be lost.
        Does::Worry { .. } => here
            .supporter
            .map(|_| Change::Worries)
            .ok_or(Refusal::NotYours),
        Does::Agree { member: who, .. }
        | Does::About { member: who, .. }
        | Does::Pause { member: who, .. } => {
            let known = here.supporter.filter(|known| !known.ended);
            let known = known.filter(|_| *who == member).ok_or(Refusal::NotYours)?;
            supporting(it, known)
        }
    }
}

fn supporting(it: &Does, known: KnownSupporter) -> Result<Change, Refusal> {
    match it {
        Does::Agree { agreed, .. } if known.agreed >= Some(*agreed) => Ok(Change::Nothing),
        Does::Agree { agreed, .. } if *agreed == known.agreement => Ok(Change::Agrees(*agreed)),
        Does::Agree { .. } => Err(Refusal::AgreementNeeded),
        Does::Pause { paused, .. } => Ok(Change::Pauses(*paused)),
        _ => Ok(Change::Says),
    }
}

/// Somebody's own match, and which of the two they are.
fn of_match(member: MemberId, here: &Standing) -> Result<(Side, KnownMatch), Refusal> {
    let known = here.peer_match.ok_or(Refusal::PeerOver)?;
    let side = known.side(member).ok_or(Refusal::NotYours)?;
    // Nobody is told of a peer who has not said yes.
    if side == Side::Asker && known.state == MatchState::Asked {
        return Err(Refusal::NotYours);
    }
    Ok((side, known))
}

fn yes(member: MemberId, here: &Standing) -> Result<Change, Refusal> {
    let (side, known) = of_match(member, here)?;
    match (known.state, side) {
        (MatchState::Asked, Side::Peer) => Ok(Change::Moves(MatchState::Offered)),
        (MatchState::Offered, Side::Asker) => Ok(Change::Moves(MatchState::Matched)),
        (MatchState::Asked | MatchState::Offered | MatchState::Matched, _) => Ok(Change::Nothing),
        (MatchState::NotThisTime | MatchState::Ended, _) => Err(Refusal::PeerOver),
    }
}

/// How a match stands that one of the two, or staff, want no more; none where it is over already.
pub fn without(state: MatchState) -> Option<MatchState> {
    match state {
        MatchState::Asked | MatchState::Offered => Some(MatchState::NotThisTime),
        MatchState::Matched => Some(MatchState::Ended),
        MatchState::NotThisTime | MatchState::Ended => None,
    }
}

fn write(member: MemberId, here: &Standing) -> Result<Change, Refusal> {
    match here.message {
        Some(known) if known.member != member => return Err(Refusal::NotYours),
        Some(_) => return Ok(Change::Nothing),
        None => {}
    }
    match of_match(member, here)?.1.state {
        MatchState::Matched => Ok(Change::Writes),
        _ => Err(Refusal::PeerOver),
    }
}

crate::words! {
    /// What somebody needs before they can be asked to support anybody.
    pub enum Missing {
        /// They agree to what peer supporters agree to, as it is now.
        Agreement "agreement",
        /// Their training is written down.
        Training "training",
        /// Someone of staff looks after them.
        Supervisor "supervisor",
        /// A phone of theirs has a PIN.
        Pin "pin",
        /// They take no break.
        Pause "pause",
    }
}

/// Whether somebody can be asked to support anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// They agreed to the newest agreement.
    pub agreed: bool,
    /// Their training is written down.
    pub trained: bool,
    /// Someone who works here looks after them.
    pub supervised: bool,
    /// A phone of theirs seals what it keeps.
    pub pin: bool,
    /// They take a break.
    pub paused: bool,
}

impl Ready {
    /// What is missing.
    pub fn missing(self) -> Vec<Missing> {
        let all = [
            (self.agreed, Missing::Agreement),
            (self.trained, Missing::Training),
            (self.supervised, Missing::Supervisor),
            (self.pin, Missing::Pin),
            (!self.paused, Missing::Pause),
        ];
        let missing = all.into_iter().filter(|(there, _)| !there);
        missing.map(|(_, what)| what).collect()
    }
}

/// Why a peer is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// The ask does not wait for anybody: a peer is asked, or it is over.
    NotWaiting,
    /// It is their own.
    Own,
    /// The person would rather not talk with them, or one of the two said "not this time".
    Apart,
    /// Nobody said that it was looked whom the person would rather not talk with.
    Unread,
    /// They cannot be asked now.
    NotReady,
}

/// What stands between an ask and a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// Who asked.
    pub member: MemberId,
    /// The peer.
    pub peer: MemberId,
    /// Whether staff noted that these two are kept apart, or one of them said "not this time".
    pub apart: bool,
    /// Whether the person said with whom they would rather not talk.
    pub said_not_with: bool,
    /// Whether staff say that this is nobody of those.
    pub looked: bool,
}

/// Whether staff may ask this peer.
///
/// # Errors
/// [`NotAsked`]: why not.
pub fn may_ask(ask: AskState, ready: Ready, it: Between) -> Result<(), NotAsked> {
    if !ask.waits() {
        return Err(NotAsked::NotWaiting);
    }
    if it.member == it.peer {
        return Err(NotAsked::Own);
    }
    if it.apart {
        return Err(NotAsked::Apart);
    }
    if it.said_not_with && !it.looked {
        return Err(NotAsked::Unread);
    }
    if !ready.missing().is_empty() {
        return Err(NotAsked::NotReady);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
