//! What goes wrong in a run, by kind, and what phones went through because of it: each is counted, so
//! that a simulation which has quietly stopped being hard can be told from a sound one.

use std::{collections::BTreeMap, fmt};

/// The statuses that something between a phone and the server answers by itself.
pub const STATUSES: [u16; 11] = [400, 401, 403, 409, 413, 415, 426, 429, 500, 502, 503];

/// An enum without data, and the list of all it has.
macro_rules! counted {
    ($(#[$about:meta])* $name:ident { $($(#[$what:meta])* $kind:ident,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$what])* $kind,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];
        }
    };
}

counted! {
    /// A kind of fault.
    Fault {
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
        /// The network answers by itself, with one of [`STATUSES`].
        AnsweredOnTheWay,
        /// For some minutes a phone's network answers 413 to every request over a size.
        SmallDoor,
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
        /// The browser starts again, and its store has lost a record.
        RecordLost,
        /// The browser starts again, and its store has the version of a record before the last.
        RecordOld,
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
        /// A tab locks: its person hides it, puts the phone away, or another tab has set a PIN.
        Locked,
        /// The same in a round.
        LockedInRound,
        /// The same with a write under way.
        LockedWhileWriting,
        /// The same with something typed that is not written yet.
        LockedWithDraft,
        /// A tab dies while it seals rows.
        CutWhileSealing,
        /// A tab dies while it opens rows for good.
        CutWhileOpening,
        /// A wrong PIN.
        WrongPin,
        /// The person has forgotten their PIN and begins anew.
        PinForgotten,
        /// The phone is told to be erased, and cannot be reached for long.
        LostAndAway,
        /// A member declares another one of their phones lost.
        LostByAnother,
    }
}

counted! {
    /// Something that phones went through.
    Met {
        /// A page that says there is more.
        PageWithMore,
        /// A 413, so that the request is halved or its one command given back.
        TooLarge,
        /// A command given back because it is too large even alone.
        GivenBackAsTooLarge,
        /// Sums that disagree with what the phone holds.
        SumsDisagreed,
        /// The same, while commands wait to be sent.
        SumsDisagreedWithOutbox,
        /// A request from a null cursor because of them.
        AskedFromStart,
        /// The end of the pull that this began.
        Healed,
        /// A session renewed with the return key.
        Renewed,
        /// A renewal that was for whoever had the phone before.
        RenewalTooLate,
        /// The phone's own revocation, as the answer to a sync.
        RevokedAtSync,
        /// The phone's own revocation, as the answer to a renewal.
        RevokedAtReturn,
        /// A page with a tombstone.
        Tombstone,
        /// A PIN is set.
        PinSet,
        /// It is changed.
        PinChanged,
        /// It is turned off.
        PinOff,
        /// The right PIN opens a locked phone.
        Opened,
        /// A try that had to wait for those before it.
        PinTooSoon,
        /// A write found another lock than its tab knew.
        FoundOtherLock,
        /// A tab locked because of what another tab, or the next owner, has.
        LockedByAnother,
        /// A start went on with sealing, or opening, that was cut.
        WentOnSealing,
        /// Sealing was stopped because the lock was changed meanwhile.
        SealingStopped,
        /// A locked phone was told to be erased, and was.
        ErasedWhileLocked,
        /// Somebody joins where something of another person's waits.
        JoinedOverUnsent,
        /// Somebody comes back to what they left unsent.
        CameBackToUnsent,
        /// "Is this yours?" Yes.
        SaidMine,
        /// "Is this yours?" No.
        SaidNotMine,
        /// A no that was written before the yes that another tab, or the same one, was about to write.
        NoAfterYes,
        /// Somebody leaves, and what is not sent stays.
        LeftKeeping,
        /// Somebody leaves, and all goes.
        LeftErasing,
        /// Somebody wants to be called something else.
        Renamed,
        /// Somebody keeps for next time what makes it easier.
        NeedsKept,
        /// Somebody deletes that.
        NeedsDeleted,
        /// A command that says that a phone is lost was applied.
        DeclaredLost,
        /// A lost phone has erased itself.
        Cleared,
        /// A member is given the lead of an opportunity.
        LeadGiven,
        /// A member's lead ends.
        LeadEnded,
        /// A phone is told of other people, as its member leads what they come to.
        ToldOfOthers,
        /// What it was told of them is gone: the lead has ended, or the PIN was turned off.
        OthersCleared,
        /// What came of other people was not kept: the PIN was turned off meanwhile.
        OthersNotKept,
        /// Somebody who leads says whether a person came.
        SaidWhoCame,
        /// A server took that in.
        WhoCameKept,
        /// Somebody wants to belong to the group.
        AskedToBelong,
        /// Somebody leaves it.
        LeftGroup,
        /// A phone is told of the group, as its member belongs.
        ToldOfGroup,
        /// Something stands with words that the document has changed since.
        SaidOfOldWords,
        /// The same, with words that are gone from it.
        SaidOfWordsThatWent,
        /// A server goes back to before a phone was lost.
        LossForgotten,
        /// A server goes back to before somebody joined on a phone.
        JoinForgotten,
    }
}

/// What a run counted.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// What went wrong on purpose.
    pub faults: Counts<Fault>,
    /// How often each of [`STATUSES`] was answered on the way.
    pub statuses: Counts<u16>,
    /// What phones went through.
    pub met: Counts<Met>,
}

impl Tally {
    /// Adds another run's.
    pub fn add(&mut self, other: &Self) {
        self.faults.add(&other.faults);
        self.statuses.add(&other.statuses);
        self.met.add(&other.met);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} faults:", self.faults.total())?;
        write!(f, "{}", self.faults)?;
        write!(f, "answered on the way, by status:\n{}", self.statuses)?;
        write!(f, "what phones went through:\n{}", self.met)
    }
}

/// How often each kind came.
#[derive(Clone, Debug)]
pub struct Counts<K>(BTreeMap<K, u64>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Copy + Ord> Counts<K> {
    /// Counts one.
    pub fn count(&mut self, kind: K) {
        *self.0.entry(kind).or_default() += 1;
    }

    /// Adds another run's.
    pub fn add(&mut self, other: &Self) {
        for (kind, times) in &other.0 {
            *self.0.entry(*kind).or_default() += times;
        }
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// How often one kind came.
    pub fn of(&self, kind: K) -> u64 {
        self.0.get(&kind).copied().unwrap_or(0)
    }

    /// Those of `kinds` that never came.
    pub fn missing(&self, kinds: &[K]) -> Vec<K> {
        let never = kinds.iter().filter(|kind| self.of(**kind) == 0);
        never.copied().collect()
    }
}

impl<K: fmt::Debug> fmt::Display for Counts<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, times) in &self.0 {
            writeln!(f, "{times:>10}  {kind:?}")?;
        }
        Ok(())
    }
}
