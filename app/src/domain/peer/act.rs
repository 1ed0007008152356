//! What members do about peer support, as commands: whoever asks, and the peer.

use super::{Ask, PeerMessage};
use crate::{
    domain::{
        command::Command,
        id::{MemberId, PeerAskId, PeerMatchId},
        plain::{self, Act, Over, Plain},
        record::kind,
        text,
    },
    json::{FromJson, Misshapen, field, fields_of},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// The kinds on the wire.
pub mod word {
    /// I'd like to talk to a peer.
    pub const ASK: &str = "peer.ask";
    /// I take that back.
    pub const WITHDRAW: &str = "peer.withdraw";
    /// The group session is nothing for me: please look on.
    pub const KEEP_LOOKING: &str = "peer.keep_looking";
    /// Yes, with this one.
    pub const YES: &str = "peer.yes";
    /// Not this time.
    pub const NOT_THIS_TIME: &str = "peer.not_this_time";
    /// I'd like to end it.
    pub const END: &str = "peer.end";
    /// Please, staff, look at what we write.
    pub const LOOK: &str = "peer.look";
    /// I write to the other one.
    pub const WRITE: &str = "peer.write";
    /// I take that back.
    pub const TAKE_BACK: &str = "peer.take_back";
    /// I'm worried about someone's safety.
    pub const WORRY: &str = "peer.worry";
    /// I agree to what peer supporters agree to.
    pub const AGREE: &str = "supporting.agree";
    /// This is what I say of myself.
    pub const ABOUT: &str = "supporting.about";
    /// I take a break, or no more.
    pub const PAUSE: &str = "supporting.pause";
}

/// What phones know of them.
pub const ACTS: [Act; 13] = [
    Act {
        new: Some("sent"),
        undone_by: Some(word::WITHDRAW),
        ..about(word::ASK, kind::PEER_ASK, &["ask"], Over::Nothing)
    },
    about(
        word::WITHDRAW,
        kind::PEER_ASK,
        &["ask"],
        Over::Gone("withdrawn"),
    ),
    about(word::KEEP_LOOKING, kind::PEER_ASK, &["ask"], Over::Mark),
    of_match(word::YES),
    of_match(word::NOT_THIS_TIME),
    of_match(word::END),
    of_match(word::LOOK),
    Act {
        new: Some(PeerMessage::SHOWN),
        undone_by: Some(word::TAKE_BACK),
        ..about(word::WRITE, kind::PEER_MESSAGE, MESSAGE, Over::Nothing)
    },
    about(
        word::TAKE_BACK,
        kind::PEER_MESSAGE,
        MESSAGE,
        Over::Gone(PeerMessage::TAKEN_BACK),
    ),
    Act {
        new: Some("sent"),
        ..about(word::WORRY, kind::PEER_WORRY, &["worry"], Over::Nothing)
    },
    supporting(word::AGREE, "agreed"),
    supporting(word::ABOUT, "about"),
    supporting(word::PAUSE, "paused"),
];

const MESSAGE: &[&str] = &["message", "peer_match"];

const fn about(
    word: &'static str,
    record: &'static str,
    ids: &'static [&'static str],
    over: Over,
) -> Act {
    Act {
        word,
        record,
        ids,
        new: None,
        over,
        undone_by: None,
    }
}

const fn of_match(word: &'static str) -> Act {
    about(word, kind::PEER_MATCH, &["peer_match"], Over::Mark)
}

const fn supporting(word: &'static str, field: &'static str) -> Act {
    about(word, kind::PEER_SUPPORTER, &["member"], Over::Field(field))
}

/// What a member does about peer support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Would like to talk to a peer.
    Ask(Box<Ask>),
    /// Takes that back.
    Withdraw(PeerAskId),
    /// Wants no group session: please look on.
    KeepLooking(PeerAskId),
    /// Says yes to a match.
    Yes(PeerMatchId),
    /// Says "not this time".
    NotThisTime(PeerMatchId),
    /// Ends it.
    End(PeerMatchId),
    /// Asks staff to read what they write to each other.
    Look(PeerMatchId),
    /// Writes to the other one.
    Write {
        /// A new id.
        message: Uuid,
        /// The match.
        peer_match: PeerMatchId,
        /// What.
        words: String,
    },
    /// Takes back what was written.
    TakeBack {
        /// Its id.
        message: Uuid,
        /// The match.
        peer_match: PeerMatchId,
    },
    /// Is worried about someone's safety.
    Worry {
        /// A new id.
        worry: Uuid,
        /// The match that it is about.
        peer_match: Option<PeerMatchId>,
        /// What.
        words: String,
    },
    /// Agrees to what peer supporters agree to.
    Agree {
        /// Who.
        member: MemberId,
        /// Its version.
        agreed: u32,
    },
    /// Says something of themselves, or nothing any more.
    About {
        /// Who.
        member: MemberId,
        /// What.
        about: Option<String>,
    },
    /// Takes a break, or no more.
    Pause {
        /// Who.
        member: MemberId,
        /// Whether they take one.
        paused: bool,
    },
}

impl Does {
    /// Out of a command; none for one about something else, or where it does not say what it needs to say.
    pub fn of(it: &Plain) -> Option<Self> {
        let is_known = ACTS.iter().any(|act| act.word == it.act.word);
        let read = is_known.then(|| Self::read(it.act.word, it.says()))?;
        read.ok().filter(Self::is_well_formed)
    }

    fn read(kind: &str, body: Value) -> Result<Self, Misshapen> {
        if kind == word::ASK {
            return Ask::from_json(body).map(|ask| Self::Ask(Box::new(ask)));
        }
        let mut fields = fields_of(body, "peer")?;
        let fields = &mut fields;
        Ok(match kind {
            word::WITHDRAW => Self::Withdraw(field(fields, "ask")?),
            word::KEEP_LOOKING => Self::KeepLooking(field(fields, "ask")?),
            word::YES => Self::Yes(field(fields, "peer_match")?),
            word::NOT_THIS_TIME => Self::NotThisTime(field(fields, "peer_match")?),
            word::END => Self::End(field(fields, "peer_match")?),
            word::LOOK => Self::Look(field(fields, "peer_match")?),
            word::WRITE => Self::Write {
                message: field(fields, "message")?,
                peer_match: field(fields, "peer_match")?,
                words: field(fields, "words")?,
            },
            word::TAKE_BACK => Self::TakeBack {
                message: field(fields, "message")?,
                peer_match: field(fields, "peer_match")?,
            },
            word::WORRY => Self::Worry {
                worry: field(fields, "worry")?,
                peer_match: field(fields, "peer_match")?,
                words: field(fields, "words")?,
            },
            word::AGREE => Self::Agree {
                member: field(fields, "member")?,
                agreed: field(fields, "agreed")?,
            },
            word::ABOUT => Self::About {
                member: field(fields, "member")?,
                about: field(fields, "about")?,
            },
            _ => Self::Pause {
                member: field(fields, "member")?,
                paused: field(fields, "paused")?,
            },
        })
    }

    /// Its kind on the wire, and the body of the command.
    fn said(&self) -> (&'static str, Value) {
        let of_ask = |id: &PeerAskId| json!({ "ask": id });
        let of_match = |id: &PeerMatchId| json!({ "peer_match": id });
        match self {
            Self::Ask(it) => (word::ASK, json!(it)),
            Self::Withdraw(id) => (word::WITHDRAW, of_ask(id)),
            Self::KeepLooking(id) => (word::KEEP_LOOKING, of_ask(id)),
            Self::Yes(id) => (word::YES, of_match(id)),
            Self::NotThisTime(id) => (word::NOT_THIS_TIME, of_match(id)),
            Self::End(id) => (word::END, of_match(id)),
            Self::Look(id) => (word::LOOK, of_match(id)),
            Self::Write {
                message,
                peer_match,
                words,
            } => (
                word::WRITE,
                json!({ "message": message, "peer_match": peer_match, "words": words }),
            ),
            Self::TakeBack {
                message,
                peer_match,
            } => (
                word::TAKE_BACK,
                json!({ "message": message, "peer_match": peer_match }),
            ),
            Self::Worry {
                worry,
                peer_match,
                words,
            } => (
                word::WORRY,
                json!({ "worry": worry, "peer_match": peer_match, "words": words }),
            ),
            Self::Agree { member, agreed } => {
                (word::AGREE, json!({ "member": member, "agreed": agreed }))
            }
            Self::About { member, about } => {
                (word::ABOUT, json!({ "member": member, "about": about }))
            }
            Self::Pause { member, paused } => {
                (word::PAUSE, json!({ "member": member, "paused": paused }))
            }
        }
    }

    /// Whether it says what it needs to say, and no more than can be kept.
    fn is_well_formed(&self) -> bool {
        match self {
            Self::Ask(it) => it.is_well_formed(),
            Self::Write { words, .. } | Self::Worry { words, .. } => {
                !words.trim().is_empty() && text::fits(Some(words), text::LONG)
            }
            Self::About { about, .. } => text::fits(about.as_deref(), text::LONG),
            _ => true,
        }
    }
}

impl From<Does> for Command {
    fn from(it: Does) -> Self {
        let (word, body) = it.said();
        let act = plain::act(word).expect("each thing that is done has its line in ACTS");
        Self::Plain(Plain::new(act, &body).expect("each body begins with the id that it is about"))
    }
}
