//! How rows stand in the store while their owner has a PIN, as far as it must be known without opening
//! them: a row's key and whose it is stay outside the seal. What goes into it, and how, says the one
//! place that seals: `frontend/static/lock.js`. Public records are never sealed.
//!
//! What a tab knows of the lock, and so whether what it writes is sealed or plain, or may not be written
//! at all, is [`Known`].

use super::{
    outbox::{OutboxRow, Owner},
    rows::{self, Change, META},
};
use crate::{
    domain::pin::{Lock, LockState},
    json,
};

/// Begins a sealed part, and stands in no other row.
pub const MARK: char = '\u{1}';

/// The lock of an owner, a row of `meta` under `lock/<owner>`: see `domain::pin::Lock`.
pub const LOCK: &str = "lock";
/// Their wrong tries, under `tries/<owner>`: see `domain::pin::Tries`.
pub const TRIES: &str = "tries";

/// The days on which the owner has something on, where they want reminders, and those that they were reminded
/// of: `remind/<owner>`, `reminded/<owner>`. The service worker reads them, and has no key (decision 013).
pub const REMIND: [&str; 2] = ["remind", "reminded"];

/// The lines of their plan that the owner lets Help now show without the PIN: `shown/<owner>` (decision 014).
pub const SHOWN: &str = "shown";

/// Stands outside the seal of a command that has its outcome.
const ANSWERED: &str = "answered";

/// Whether a row of the outbox is `owner`'s, sealed (after their name, on a line) or not.
pub fn is_of(owner: Owner, row: &str) -> bool {
    outside(row).is_some_and(|(whose, _)| whose == owner.name())
}

/// Whether it is `owner`'s and has no outcome yet: what was answered is kept for a server that goes back
/// in time, and nobody waits for it.
pub fn waits_for(owner: Owner, row: &str) -> bool {
    outside(row) == Some((owner.name(), false))
}

/// Whose a row of the outbox is, and whether it has its outcome.
fn outside(row: &str) -> Option<(String, bool)> {
    match row.split_once(MARK) {
        Some((before, _)) => {
            let (owner, state) = before.split_once('\n')?;
            Some((owner.to_owned(), state.starts_with(ANSWERED)))
        }
        None => {
            let row: OutboxRow = json::read(row)?;
            Some((row.owner.name(), row.answered.is_some()))
        }
    }
}

/// Whether a record's key is one that everyone may read.
pub fn is_public(key: &str) -> bool {
    key.starts_with("public/")
}

/// Whether a record's key is one that tells of other people: to whoever leads what they come to, or supports them.
pub fn is_of_others(key: &str) -> bool {
    key.starts_with("lead:") || key.starts_with("peer:")
}

/// What one tab knows of the lock on the phone. Every write checks, in its own transaction, that the lock
/// still stands so: a tab that has not heard of a new PIN leaves nothing plain behind.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Whose the phone is.
    pub owner: Owner,
    /// The row of the owner's lock as it stands in the store; none without a PIN.
    pub row: Option<String>,
    /// The locks whose keys this tab has.
    pub keys: Vec<String>,
}

impl Known {
    /// The owner's lock; none without a PIN.
    pub fn lock(&self) -> Option<Lock> {
        self.row.as_deref().and_then(json::read)
    }

    /// The key in `meta` of the owner's lock.
    pub fn key(&self) -> String {
        rows::about(LOCK, self.owner)
    }

    /// Whether there is a lock that this tab has no key for.
    pub fn is_locked(&self) -> bool {
        self.lock()
            .is_some_and(|lock| !self.keys.contains(&lock.id))
    }

    /// Whether rows are still to be sealed, or to be opened for good.
    pub fn is_settled(&self) -> bool {
        self.lock()
            .is_none_or(|lock| lock.state == LockState::Sealed)
    }

    /// The lock that what is written now is sealed with; none where it is written as it is.
    pub fn seals(&self) -> Option<Lock> {
        self.lock().filter(|lock| lock.state != LockState::Opening)
    }

    /// Whether `changes` would keep as it is what is told of other people: it came for a PIN that was turned
    /// off meanwhile.
    pub fn forbids(&self, changes: &[Change]) -> bool {
        let of_others = |change: &Change| match change {
            Change::Put(rows::RECORDS, key, _) => is_of_others(key),
            _ => false,
        };
        self.seals().is_none() && changes.iter().any(of_others)
    }

    /// Whether `changes` would leave something of somebody whose phone it is not, in a store that has these
    /// keys of `meta`: unsealed although they have a lock, or after they left. A tab may show whose phone it
    /// was a moment ago, and no lock but theirs seals what they typed there.
    pub fn misplaces(&self, changes: &[Change], now: Owner, has: impl Fn(&str) -> bool) -> bool {
        let misplaced = |change: &Change| match change {
            Change::Put(rows::PRIVATE | rows::DRAFTS, _, row) => {
                rows::owned(row).is_some_and(|(whose, _)| {
                    let plain = whose != self.owner && has(&rows::about(LOCK, whose));
                    plain || (now == Owner::Local && whose != now)
                })
            }
            _ => false,
        };
        changes.iter().any(misplaced)
    }

    /// What must be written with `changes` that are sealed: what they give to the owner is given as it is,
    /// so all is gone through once more.
    pub fn with_given(&self, changes: &[Change], lock: Lock) -> Option<Change> {
        let given = |change: &Change| matches!(change, Change::Give(_, to) if *to == self.owner);
        let any = changes.iter().any(given);
        any.then(|| gone_through_again(self.owner, lock))
    }

    /// What becomes of the lock when the phone has another owner, who may have one of their own here:
    /// whoever joins keeps the PIN that they had before joining; who comes back finds theirs.
    pub fn lock_of_next(&self, next: Owner, theirs: Option<&str>) -> Option<Change> {
        let theirs = theirs.and_then(json::read);
        let lock = theirs.or(self.lock().filter(|_| self.owner == Owner::Local));
        lock.filter(|_| next != self.owner)
            .map(|lock| gone_through_again(next, lock))
    }

    /// Some of the changes that this tab wrote may be of the lock's own row.
    pub fn wrote(&mut self, changes: &[Change]) {
        let key = self.key();
        for change in changes {
            match change {
                Change::Put(META, found, row) if *found == key => self.row = Some(row.clone()),
                Change::Erase(owner) if *owner == self.owner => self.row = None,
                _ => {}
            }
        }
    }
}

/// A lock under which something plain is written: all is gone through once more.
fn gone_through_again(owner: Owner, lock: Lock) -> Change {
    let lock = Lock {
        state: LockState::Sealing,
        turn: lock.turn + 1,
        ..lock
    };
    Change::Put(META, rows::about(LOCK, owner), rows::json(&lock))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CommandId, MemberId};
    use uuid::Uuid;

    fn row(owner: Owner, answered: Option<&str>) -> String {
        let row = OutboxRow {
            id: CommandId(Uuid::from_u128(1)),
            seq: 3,
            owner,
            text: r#"{"note":"typed"}"#.to_owned(),
            made_at: 5,
            attempted: false,
            deferred: false,
            answered: answered.map(str::to_owned),
            settled: None,
        };
        serde_json::to_string(&row).unwrap()
    }

    fn lock(id: &str, state: LockState) -> Lock {
        Lock {
            id: id.to_owned(),
            salt: String::new(),
            count: 1,
            wrapped: String::new(),
            state,
            turn: 3,
            numbers: true,
            after_min: 5,
        }
    }

    #[test]
    fn whose_a_row_is_and_whether_it_waits_can_be_read_sealed_or_not() {
        let other = Owner::Member(MemberId(Uuid::from_u128(8)));
        for owner in [Owner::Local, Owner::Member(MemberId(Uuid::from_u128(7)))] {
            let name = owner.name();
            for row in [row(owner, None), format!("{name}\n\u{1}id c2VhbGVk")] {
                assert!(is_of(owner, &row) && waits_for(owner, &row), "{row}");
                assert!(!is_of(other, &row) && !waits_for(other, &row), "{row}");
            }
            let answered = format!("{name}\n{ANSWERED}\n\u{1}id c2VhbGVk");
            for row in [row(owner, Some("2026-11-23T14:02:00.000Z")), answered] {
                assert!(is_of(owner, &row) && !waits_for(owner, &row), "{row}");
                assert!(!is_of(other, &row), "{row}");
            }
        }
        assert!(!is_of(Owner::Local, "nonsense"));
    }

    #[test]
    fn who_joins_keeps_their_pin_and_who_comes_back_finds_theirs() {
        let lock = |id| lock(id, LockState::Sealed);
        let next = Owner::Member(MemberId(Uuid::from_u128(7)));
        let known = |owner| Known {
            owner,
            row: Some(rows::json(&lock("before"))),
            keys: Vec::new(),
        };
        let id_of = |change: Option<Change>| match change? {
            Change::Put(META, key, row) => {
                assert_eq!(key, rows::about(LOCK, next));
                let lock: Lock = json::read(&row)?;
                assert_eq!((lock.state, lock.turn), (LockState::Sealing, 4));
                Some(lock.id)
            }
            _ => None,
        };
        let theirs = rows::json(&lock("theirs"));
        let joins = known(Owner::Local);
        assert_eq!(
            id_of(joins.lock_of_next(next, None)).as_deref(),
            Some("before")
        );
        let back = joins.lock_of_next(next, Some(&theirs));
        assert_eq!(id_of(back).as_deref(), Some("theirs"));
        let other = known(Owner::Member(MemberId(Uuid::from_u128(8))));
        assert_eq!(id_of(other.lock_of_next(next, None)), None);
        assert_eq!(id_of(known(next).lock_of_next(next, None)), None);
    }

    #[test]
    fn what_is_told_of_other_people_is_kept_sealed_or_not_at_all() {
        let put = |key: &str| [Change::Put(rows::RECORDS, key.to_owned(), String::new())];
        let known = |state: Option<LockState>| Known {
            row: state.map(|state| rows::json(&lock("id", state))),
            ..Known::default()
        };
        let attendee = put("lead:3/attendee/1/4");
        for state in [None, Some(LockState::Opening)] {
            assert!(known(state).forbids(&attendee), "{state:?}");
            assert!(
                !known(state).forbids(&put("member:7/lead/3/4")),
                "{state:?}"
            );
        }
        for state in [LockState::Sealing, LockState::Sealed] {
            assert!(!known(Some(state)).forbids(&attendee), "{state:?}");
        }
        let gone = Change::Delete(rows::RECORDS, "lead:3/attendee/1/4".to_owned());
        assert!(!known(None).forbids(&[gone]));
    }

    #[test]
    fn nothing_is_left_of_somebody_who_has_a_lock_or_has_left() {
        let member = |n| Owner::Member(MemberId(Uuid::from_u128(n)));
        let (a, b) = (member(7), member(8));
        let typed = |owner| {
            let row = rows::own(owner, "{}");
            [Change::Put(rows::DRAFTS, "form/1".to_owned(), row)]
        };
        let known = |owner| Known {
            owner,
            ..Known::default()
        };
        let lock_of_a = |key: &str| key == rows::about(LOCK, a);
        // Somebody else has joined, and the tab that they typed in knows it already: too late to seal it.
        assert!(known(b).misplaces(&typed(a), b, lock_of_a));
        assert!(!known(b).misplaces(&typed(a), b, |_| false));
        // The tab has not heard: it seals with their lock.
        assert!(!known(a).misplaces(&typed(a), b, lock_of_a));
        // They have left: nothing of theirs comes again, wherever they typed.
        assert!(known(a).misplaces(&typed(a), Owner::Local, |_| false));
        assert!(!known(Owner::Local).misplaces(&typed(Owner::Local), Owner::Local, |_| false));
        // What was typed before joining stays theirs who typed it.
        assert!(!known(a).misplaces(&typed(Owner::Local), a, lock_of_a));
    }

    #[test]
    fn only_what_everyone_may_read_is_public() {
        assert!(is_public("public/help_line/1/4"));
        assert!(!is_public("member:7/team/1/4"));
        assert!(!is_public("publicity/x/1/4"));
    }
}
