//! Deliberate mistakes, made in the harness and never in what is shipped: each must be found by the
//! invariants, or the simulation proves nothing.

/// A deliberate mistake of the phone's driver or of the model server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// The driver deletes the commands of a request as it sends it, before their outcomes.
    PhoneDeletesBeforeOutcome,
    /// The driver stores a page's cursor in one transaction and the page in the next.
    PhoneStoresCursorBeforePage,
    /// The driver says "stored" before it is.
    PhoneSaysStoredTooSoon,
    /// The driver loses the mark that a command was attempted.
    PhoneForgetsAttempted,
    /// The driver writes without comparing the revision.
    PhoneIgnoresOtherTabs,
    /// The driver does not give a refused command back.
    PhoneDropsRefused,
    /// The driver shows the replica everybody's rows as the owner's.
    PhoneMixesOwners,
    /// The driver drops the person's own copy from a batch.
    PhoneDropsOwnCopy,
    /// The driver puts something private into a request.
    PhoneSendsPrivate,
    /// The driver says that a failed write was kept.
    PhoneSwallowsFailedWrite,
    /// The driver gives the replica no sums.
    PhoneIgnoresSums,
    /// The driver heals from the last cursor, and not from the start.
    PhoneHealsFromTheMiddle,
    /// The driver does not know its own device in the answer to coming back.
    PhoneKnowsNoDeviceAtReturn,
    /// The server carries a command out again instead of giving its stored outcome.
    ServerSkipsStoredOutcome,
    /// The server answers before what it decided is durable.
    ServerAnswersBeforeDurable,
    /// The driver lets go of what was answered, as if no server ever went back in time.
    PhoneKeepsNoAnswered,
    /// The driver keeps no withdrawals for what was taken back elsewhere.
    PhoneKeepsNoWithdrawals,
    /// The driver does not offer again what the server may no longer know.
    PhoneOffersNothingAgain,
    /// The server is restored from a backup and keeps its epoch.
    ServerKeepsItsEpoch,
    /// The server keeps no mark of a withdrawal that comes before its request.
    ServerForgetsEarlyWithdrawal,
    /// The server gives more places than there are.
    ServerOverbooks,
    /// The server does not pass a freed place on.
    ServerKeepsFreedPlace,
    /// The server closes what was asked for before anybody replied.
    ServerClosesUnanswered,
    /// The server takes answers in and keeps none.
    ServerDropsAnswers,
    /// The driver writes without looking at the lock.
    PhoneIgnoresLock,
    /// The driver says that all is sealed before it is.
    PhoneSaysSealedFirst,
    /// The driver does not go on with sealing that was cut.
    PhoneForgetsToGoOn,
    /// The driver calls everybody's rows sealed who has the same lock.
    PhoneCallsOthersSealed,
    /// The driver lets the lock go before it has opened what that sealed.
    PhoneLetsLockGoFirst,
    /// The driver sends what waits although the phone is locked.
    PhoneSendsWhileLocked,
    /// Any PIN opens.
    PhoneOpensWithAnyPin,
    /// Who leaves takes everybody's rows with them.
    PhoneErasesEverybody,
    /// A session is renewed for whoever had the phone before.
    PhoneRenewsForAnybody,
    /// What is not theirs is given to a person all the same.
    PhoneAdoptsAfterNo,
    /// Any phone that is named in a 403 is taken for this one.
    PhoneErasesOnAny403,
    /// The server takes whoever the cookie says for whoever the phone says.
    ServerTakesAnyCookie,
    /// The server lets lost phones in as if nothing had been said.
    ServerForgetsTheLost,
    /// The server does not tell that something is gone.
    ServerSendsNoTombstones,
    /// The driver calls its rows sealed whether or not there is a PIN.
    PhoneClaimsToSeal,
    /// The driver keeps what is told of other people although the PIN was turned off meanwhile.
    PhoneKeepsOthersPlain,
    /// The driver keeps records of scopes that may not be read any more.
    PhoneKeepsLostScopes,
    /// The server tells leads of other people whether or not their phone seals.
    ServerTellsUnsealed,
    /// The server does not tell leads that somebody has withdrawn.
    ServerTellsLeadsNoEnd,
    /// The server does not tell leads that somebody is called something else.
    ServerTellsLeadsNoName,
    /// The server takes in whether people came, and keeps it nowhere.
    ServerDropsAttendance,
    /// The server goes on telling of a group those who have left it.
    ServerTellsWhoLeft,
    /// The server keeps what somebody in a group takes back.
    ServerKeepsWhatWasTakenBack,
    /// The server takes what was said of an old phrase for something about the new one.
    ServerMovesOldWords,
}

impl Mutation {
    /// All of them.
    pub const ALL: [Self; 48] = [
        Self::PhoneDeletesBeforeOutcome,
        Self::PhoneStoresCursorBeforePage,
        Self::PhoneSaysStoredTooSoon,
        Self::PhoneForgetsAttempted,
        Self::PhoneIgnoresOtherTabs,
        Self::PhoneDropsRefused,
        Self::PhoneMixesOwners,
        Self::PhoneDropsOwnCopy,
        Self::PhoneSendsPrivate,
        Self::PhoneSwallowsFailedWrite,
        Self::PhoneIgnoresSums,
        Self::PhoneHealsFromTheMiddle,
        Self::PhoneKnowsNoDeviceAtReturn,
        Self::PhoneKeepsNoAnswered,
        Self::PhoneKeepsNoWithdrawals,
        Self::PhoneOffersNothingAgain,
        Self::ServerKeepsItsEpoch,
        Self::ServerSkipsStoredOutcome,
        Self::ServerAnswersBeforeDurable,
        Self::ServerForgetsEarlyWithdrawal,
        Self::ServerOverbooks,
        Self::ServerKeepsFreedPlace,
        Self::ServerClosesUnanswered,
        Self::ServerDropsAnswers,
        Self::PhoneIgnoresLock,
        Self::PhoneSaysSealedFirst,
        Self::PhoneForgetsToGoOn,
        Self::PhoneCallsOthersSealed,
        Self::PhoneLetsLockGoFirst,
        Self::PhoneSendsWhileLocked,
        Self::PhoneOpensWithAnyPin,
        Self::PhoneErasesEverybody,
        Self::PhoneRenewsForAnybody,
        Self::PhoneAdoptsAfterNo,
        Self::PhoneErasesOnAny403,
        Self::ServerTakesAnyCookie,
        Self::ServerForgetsTheLost,
        Self::ServerSendsNoTombstones,
        Self::PhoneClaimsToSeal,
        Self::PhoneKeepsOthersPlain,
        Self::PhoneKeepsLostScopes,
        Self::ServerTellsUnsealed,
        Self::ServerTellsLeadsNoEnd,
        Self::ServerTellsLeadsNoName,
        Self::ServerDropsAttendance,
        Self::ServerTellsWhoLeft,
        Self::ServerKeepsWhatWasTakenBack,
        Self::ServerMovesOldWords,
    ];

    /// Words of the invariant that finds it; any other failure does not count.
    pub fn found_by(self) -> &'static str {
        match self {
            Self::PhoneDeletesBeforeOutcome => "was deleted without an outcome",
            Self::PhoneStoresCursorBeforePage | Self::ServerSendsNoTombstones => {
                "found that sums disagree"
            }
            Self::PhoneSaysStoredTooSoon | Self::PhoneSwallowsFailedWrite => {
                "was called kept and is not"
            }
            Self::PhoneForgetsAttempted => "was sent before it was marked as attempted",
            Self::PhoneIgnoresOtherTabs => "two rows have seq",
            Self::PhoneDropsRefused => "was not given back",
            Self::PhoneMixesOwners => "was sent as",
            Self::PhoneDropsOwnCopy => "lost its own",
            Self::PhoneSendsPrivate => "is in a request",
            Self::PhoneIgnoresSums => "does not hold what the server has",
            Self::PhoneHealsFromTheMiddle => "does not ask from the start to heal",
            Self::PhoneKnowsNoDeviceAtReturn | Self::ServerForgetsTheLost => "still has",
            Self::PhoneKeepsNoAnswered => "was let go of",
            Self::PhoneKeepsNoWithdrawals => "could not be taken back again",
            Self::PhoneOffersNothingAgain | Self::ServerKeepsItsEpoch => {
                "is held and the server does not know it"
            }
            Self::ServerSkipsStoredOutcome => "was carried out",
            Self::ServerAnswersBeforeDurable | Self::ServerTakesAnyCookie => {
                "was answered and is not on the server"
            }
            Self::PhoneIgnoresLock | Self::PhoneSaysSealedFirst | Self::PhoneCallsOthersSealed => {
                "is readable with a PIN set"
            }
            Self::PhoneForgetsToGoOn => "does not go on sealing",
            Self::PhoneLetsLockGoFirst => "cannot be opened by anyone",
            Self::PhoneSendsWhileLocked => "says more than who asks",
            Self::PhoneOpensWithAnyPin => "was opened with a wrong PIN",
            Self::PhoneErasesEverybody => "what lies in the store differs",
            Self::PhoneRenewsForAnybody => "got the session of",
            Self::PhoneAdoptsAfterNo => "was adopted after a no",
            Self::PhoneErasesOnAny403 => "was erased and nobody asked for it",
            Self::ServerForgetsEarlyWithdrawal => "was withdrawn and lives",
            Self::ServerOverbooks => "places",
            Self::ServerKeepsFreedPlace => "keeps a place while people wait",
            Self::ServerClosesUnanswered => "was closed unanswered",
            Self::ServerDropsAnswers => "is not as it was left",
            Self::PhoneClaimsToSeal => "says that it seals and does not",
            Self::PhoneKeepsOthersPlain => "keeps what is told of others as it is",
            Self::PhoneKeepsLostScopes => "after a pull that does not tell it",
            Self::ServerTellsUnsealed => "was told of others and does not seal",
            Self::ServerTellsLeadsNoEnd | Self::ServerTellsLeadsNoName => "are told otherwise",
            Self::ServerDropsAttendance => "was said to have",
            Self::ServerTellsWhoLeft => "was told of a group and is not in it",
            Self::ServerKeepsWhatWasTakenBack => "was taken back and",
            Self::ServerMovesOldWords => "and stands with",
        }
    }
}
