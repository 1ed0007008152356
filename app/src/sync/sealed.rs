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

/// Whether a row of the outbox is `owner`'s, sealed (after their name, on a line) or not.
pub fn waits_for(owner: Owner, row: &str) -> bool {
    match row.split_once(MARK) {
        Some((before, _)) => before.trim_end() == owner.name(),
        None => json::read::<OutboxRow>(row).is_some_and(|row| row.owner == owner),
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

    #[test]
    fn whose_a_waiting_row_is_can_be_read_sealed_or_not() {
        for owner in [Owner::Local, Owner::Member(MemberId(Uuid::from_u128(7)))] {
            let row = OutboxRow {
                id: CommandId(Uuid::from_u128(1)),
                seq: 3,
                owner,
                text: r#"{"note":"typed"}"#.to_owned(),
                made_at: 5,
                attempted: false,
                deferred: false,
                answered: None,
            };
            let plain = serde_json::to_string(&row).unwrap();
            let sealed = [&owner.name(), "\n\u{1}id c2VhbGVk"].concat();
            let other = Owner::Member(MemberId(Uuid::from_u128(8)));
            for row in [plain, sealed] {
                assert!(waits_for(owner, &row), "{row}");
                assert!(!waits_for(other, &row), "{row}");
            }
        }
        assert!(!waits_for(Owner::Local, "nonsense"));
    }

    #[test]
    fn only_what_everyone_may_read_is_public() {
        assert!(is_public("public/help_line/1/4"));
        assert!(!is_public("member:7/team/1/4"));
        assert!(!is_public("publicity/x/1/4"));
    }
}
