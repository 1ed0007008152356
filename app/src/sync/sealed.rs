//! How rows stand in the store while their owner has a PIN, as far as it must be known without opening
//! them: a row's key and whose it is stay outside the seal. What goes into it, and how, says the one
//! place that seals: `frontend/static/lock.js`. Public records are never sealed.

use super::outbox::{OutboxRow, Owner};
use crate::json;

/// Begins a sealed part, and stands in no other row.
pub const MARK: char = '\u{1}';

/// The lock of an owner, a row of `meta` under `lock/<owner>`: see `domain::pin::Lock`.
pub const LOCK: &str = "lock";
/// Their wrong tries, under `tries/<owner>`: see `domain::pin::Tries`.
pub const TRIES: &str = "tries";

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
    fn only_what_everyone_may_read_is_public() {
        assert!(is_public("public/help_line/1/4"));
        assert!(!is_public("member:7/team/1/4"));
        assert!(!is_public("publicity/x/1/4"));
    }
}
