//! What a replica is told and what it asks for: everything that crosses the line to its driver.

use crate::{
    domain::{
        command::Command,
        id::{CommandId, DeviceId, MemberId},
        time::Millis,
    },
    sync::{
        link::LinkError,
        outbox::Owner,
        status::Status,
        store::{Batch, BatchId, Saved, Write},
        wire::{SyncRequest, SyncResponse},
    },
};

/// Names one request; the reply to any but the current one is ignored.
pub type RequestId = u64;

/// The driver's own name for something a person asked for, given back in [`Output::Done`].
pub type Ticket = u64;

/// What a replica is told at its start and cannot change.
#[derive(Clone, Debug)]
pub struct Setup {
    /// This browser.
    pub device: DeviceId,
    /// The build of the app.
    pub build: String,
    /// Any number that differs between phones: spreads their retries.
    pub seed: u64,
}

/// Something a person asked for. It is answered with [`Output::Done`] only once it is durable. The phone may
/// have another owner by the time it is begun: then nothing is written of it but what [`Act::Leave`] deletes.
#[derive(Clone, Debug)]
pub enum Act {
    /// Send a command when there is signal.
    ///
    /// A withdrawal of something that was never attempted deletes both and leaves no byte. Leaving
    /// Chorus deletes all that was never attempted.
    Do {
        /// A new UUIDv7.
        id: CommandId,
        /// Whom the screen showed as the owner.
        owner: Owner,
        /// What the person wants.
        command: Box<Command>,
        /// Written in the same transaction: the person's own copy, the draft that ends.
        with: Vec<Write>,
    },
    /// Several at once, in one batch: all of them are kept, or none. Each is as in [`Act::Do`].
    DoAll {
        /// Whom the screen showed as the owner.
        owner: Owner,
        /// What the person wants, each under a new UUIDv7.
        commands: Vec<(CommandId, Command)>,
        /// Written in the same transaction: the person's own copies.
        with: Vec<Write>,
    },
    /// "Don't send": leaves no byte of a command that was never attempted, else sends its withdrawal.
    Undo {
        /// The command.
        command: CommandId,
        /// A new UUIDv7, for the withdrawal if one is needed.
        withdrawal: CommandId,
        /// Written in the same transaction: the person's own copy, if they have none yet.
        with: Vec<Write>,
    },
    /// A member joined on this phone (or came back): from now on their rows are shown and sent.
    /// Records of the last owner's scopes are deleted, and everything is asked for from the start.
    Become {
        /// The member.
        member: MemberId,
        /// Written in the same transaction: the return key, the name.
        with: Vec<Write>,
    },
    /// "Is this yours?" Yes: the rows from before joining become the member's who said so.
    Adopt(MemberId),
    /// Leave: delete what this person has on this phone, and nobody else's. Afterwards it is nobody's.
    Leave {
        /// Whom the screen showed as the owner.
        owner: Owner,
        /// What is not sent yet stays, unseen by others, for when the same person joins here again.
        keep_unsent: bool,
        /// Written in the same transaction: the note that the session is to be ended.
        with: Vec<Write>,
    },
}

/// What happens to a replica.
#[derive(Clone, Debug)]
pub enum Input {
    /// The person asked for something.
    Act(Ticket, Act),
    /// The batch is durable.
    Stored(BatchId),
    /// The batch was not kept, not even by a fresh handle.
    StoreFailed(BatchId),
    /// Another tab wrote first; this is what is stored now. If that is what the replica knew, the store
    /// holds something that forbids the batch.
    Conflict(BatchId, Box<Saved>),
    /// The round's lock is held; what is stored now, if its revision differs from the one asked with.
    Locked(Option<Box<Saved>>),
    /// The lock or the store could not be had.
    LockFailed,
    /// The answer to a request.
    Reply(RequestId, Result<Box<SyncResponse>, LinkError>),
    /// The answer to [`Output::Renew`].
    Renewed(Result<(), LinkError>),
    /// Another tab told that it wrote; this is what is stored now.
    Reloaded(Box<Saved>),
    /// A timer rang ([`Output::WakeAt`]).
    Wake,
    /// A round is worth a try: the network seems to be back, or the person asks.
    Try,
    /// The page is looked at again: a round is worth a try, and one is made now and then.
    Visible,
    /// The page is hidden: no rounds but for what waits to be sent.
    Hidden,
}

/// Why something a person asked for was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// The store did not keep it.
    Store,
    /// A field is longer than the server takes, or has characters that it does not; or the whole is
    /// larger than a request may be.
    TooLarge,
    /// There is nothing to undo any more, or it cannot be undone.
    TooLate,
}

/// What a replica asks of its driver. The driver does one after the other, in order.
#[derive(Clone, Debug)]
pub enum Output {
    /// Do these writes in one transaction; one batch is asked for at a time.
    Store(Batch),
    /// Take the round's Web Lock, then see whether the store still has this revision.
    Lock {
        /// The revision that the replica knows.
        revision: u64,
    },
    /// Let the round's lock go, and give up on a request that still runs.
    Unlock,
    /// Send this to the server. Only the newest request's reply matters.
    Send(RequestId, SyncRequest),
    /// Renew the member's session with their return key.
    Renew(MemberId),
    /// What the person asked for is durable, or was not kept.
    Done(Ticket, Result<(), NotKept>),
    /// Something that a screen may show has changed in the store.
    Changed,
    /// How things stand has changed.
    Status(Status),
    /// Ring at this time (replaces the last one; `Wake` may come early or late).
    WakeAt(Millis),
}
