//! How things stand, for the screens: every word about sending comes from here, and this comes from
//! the outbox, never from a remembered flag.

use super::outbox::Owner;
use crate::domain::{id::CommandId, time::Millis};

/// What the link to the server is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Nothing was tried yet.
    #[default]
    Starting,
    /// A round is under way.
    Sending,
    /// The last round ended well.
    Reached,
    /// The last round had no answer, or the server was too busy to give one.
    NoSignal,
    /// The session could not be renewed: joining again is needed.
    SignInNeeded,
    /// The browser's cookie belongs to someone else; nothing was shown or sent as them.
    OtherMember,
    /// This version is too old to send; it keeps everything and asks for the update.
    UpdateNeeded,
}

/// How far a thing made or changed on this phone has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The server has it.
    OnServer,
    /// Waiting to be sent: nothing has left the phone.
    NotYet(CommandId),
    /// Being sent, or sent without an answer: it may have arrived.
    Sending(CommandId),
    /// The server has it durably; its record comes with the next page.
    Answered,
    /// Being taken back: the withdrawal waits to be sent.
    TakingBack(CommandId),
}

/// How the replica stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whose rows are shown and sent.
    pub owner: Owner,
    /// The owner's things that wait for an outcome (see [`waiting`](super::outbox::waiting)), those that
    /// the server defers included.
    pub unsent: usize,
    /// What the link to the server is doing.
    pub link: Link,
    /// When a round last ended well.
    pub last_synced_at: Option<Millis>,
    /// When a command last got its outcome.
    pub last_sent_at: Option<Millis>,
    /// When the phone learned that the server had been restored from a backup.
    pub restored_at: Option<Millis>,
    /// Whether the last write to the store was kept.
    pub store_works: bool,
}
