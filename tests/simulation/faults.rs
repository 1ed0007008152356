//! What goes wrong in a run, by kind, and how often it was made to.

use std::{collections::BTreeMap, fmt};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A phone has no signal for some minutes.
    NoSignal,
    /// The request never arrives.
    RequestDropped,
    /// The request arrives twice.
    RequestDuplicated,
    /// The request takes so long that others pass it.
    RequestDelayed,
    /// The server answered and the answer is lost.
    ReplyLost,
    /// The answer is cut in the middle of its body.
    ReplyCut,
    /// The answer comes after the phone gave up.
    ReplyLate,
    /// The server did it, and a proxy says 502.
    ReplyReplaced,
    /// The network answers by itself, with this status.
    Status(u16),
    /// A 403 that names another device.
    RevokedOther,
    /// The session ends.
    SessionLost,
    /// The browser has someone else's cookie.
    OtherCookie,
    /// A tab dies with a write under way, which was kept.
    CrashAfterWrite,
    /// A tab dies with a write under way, which was not kept.
    CrashBeforeWrite,
    /// A tab dies.
    Crash,
    /// A write fails.
    WriteFailed,
    /// The lock or the store cannot be had.
    LockFailed,
    /// The browser evicts everything.
    Evicted,
    /// The phone's clock jumps.
    ClockJump,
    /// The server dies and starts again.
    ServerCrash,
    /// The server goes back to a backup.
    Restored,
    /// The phone is revoked by its owner.
    Revoked,
    /// Another tab's news does not come.
    NewsLost,
    /// Another tab wrote first.
    TabRace,
}

/// How often each kind was injected.
#[derive(Clone, Debug, Default)]
pub struct Faults(BTreeMap<Fault, u64>);

impl Faults {
    /// Counts one.
    pub fn count(&mut self, fault: Fault) {
        *self.0.entry(fault).or_default() += 1;
    }

    /// Adds another run's.
    pub fn add(&mut self, other: &Self) {
        for (fault, times) in &other.0 {
            *self.0.entry(*fault).or_default() += times;
        }
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// How often one kind was injected.
    pub fn of(&self, fault: Fault) -> u64 {
        self.0.get(&fault).copied().unwrap_or(0)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (fault, times) in &self.0 {
            writeln!(f, "{times:>10}  {fault:?}")?;
        }
        Ok(())
    }
}
