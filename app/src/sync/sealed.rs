//! How a row stands in the store while its owner has a PIN: what must be found without reading stays
//! outside (its key, and whose it is), everything else is in the seal. Public records are never sealed.
//!
//! A sealed part is [`MARK`], the id of the lock, a space and the sealed text. Plain rows of older
//! phones, and rows that are not sealed yet, are told from it by the mark alone.

use super::outbox::{OutboxRow, Owner};
use crate::json;

/// Begins a sealed part. No row that is not sealed holds it: JSON writes it in another way, and nobody
/// can type it.
pub const MARK: char = '\u{1}';

/// The lock of an owner, a row of `meta` under `lock/<owner>`: see `domain::pin::Lock`.
pub const LOCK: &str = "lock";
/// Their wrong tries, under `tries/<owner>`: see `domain::pin::Tries`.
pub const TRIES: &str = "tries";

/// What of a plain row of `owner`'s goes into the seal, and what stays before it. None for a row that
/// is not theirs, is for everyone, or is sealed already.
pub fn secret<'a>(owner: Owner, store: &str, key: &str, row: &'a str) -> Option<(String, &'a str)> {
    if row.contains(MARK) {
        return None;
    }
    let name = owner.name();
    let nothing_before = (String::new(), row);
    match store {
        "records" => (!is_public(key)).then_some(nothing_before),
        "meta" => {
            let (what, whose) = key.rsplit_once('/')?;
            (whose == name && what != LOCK && what != TRIES).then_some(nothing_before)
        }
        "outbox" => (plain_owner(row)? == owner).then(|| (name + "\n", row)),
        _ => {
            let (whose, content) = row.split_once('\n')?;
            (whose == name).then(|| (name + "\n", content))
        }
    }
}

/// The id of the lock and the sealed text of a row, and what stands before them; none for a plain row.
pub fn sealed(row: &str) -> Option<(&str, &str, &str)> {
    let (before, seal) = row.split_once(MARK)?;
    let (id, text) = seal.split_once(' ')?;
    Some((before, id, text))
}

/// A row as it was before it was sealed.
pub fn opened(store: &str, before: &str, content: &str) -> String {
    match store {
        "outbox" => content.to_owned(),
        _ => [before, content].concat(),
    }
}

/// A sealed row.
pub fn seal(before: &str, id: &str, text: &str) -> String {
    [before, MARK.encode_utf8(&mut [0; 4]), id, " ", text].concat()
}

/// Whether a row of the outbox is `owner`'s, sealed or not.
pub fn waits_for(owner: Owner, row: &str) -> bool {
    match sealed(row) {
        Some((before, ..)) => before.trim_end() == owner.name(),
        None => plain_owner(row) == Some(owner),
    }
}

/// Whether a record's key is one that everyone may read.
pub fn is_public(key: &str) -> bool {
    key.starts_with("public/")
}

fn plain_owner(row: &str) -> Option<Owner> {
    json::read::<OutboxRow>(row).map(|row| row.owner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CommandId, MemberId};
    use uuid::Uuid;

    const SAM: Owner = Owner::Member(MemberId(Uuid::from_u128(7)));
    const ALEX: Owner = Owner::Member(MemberId(Uuid::from_u128(8)));

    fn waiting(owner: Owner) -> String {
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
        serde_json::to_string(&row).unwrap()
    }

    fn rows() -> Vec<(&'static str, String, String)> {
        let about = |what: &str| [what, "/", &SAM.name()].concat();
        let own = [&SAM.name(), "\n{\"note\":\"typed\"}"].concat();
        vec![
            ("records", about("member:sign_up/1"), "{}".to_owned()),
            ("outbox", "1".to_owned(), waiting(SAM)),
            ("private", "check_in/1".to_owned(), own.clone()),
            ("drafts", "check_in/1".to_owned(), own),
            ("meta", about("name"), "Sam".to_owned()),
            ("meta", about("return_key"), "abc".to_owned()),
        ]
    }

    #[test]
    fn a_row_that_is_sealed_and_opened_is_as_it_was_and_shows_nothing_meanwhile() {
        for (store, key, row) in rows() {
            let (before, content) = secret(SAM, store, &key, &row).unwrap();
            assert!(
                content.contains(['{', 'S', 'a']),
                "{store}: all that was typed"
            );
            let kept = seal(&before, "lock1", "c2VhbGVk");
            assert!(!kept.contains("typed") && !kept.contains("Sam"), "{kept}");
            assert_eq!(secret(SAM, store, &key, &kept), None, "never sealed twice");
            let (outside, id, text) = sealed(&kept).unwrap();
            assert_eq!((id, text), ("lock1", "c2VhbGVk"));
            assert_eq!(opened(store, outside, content), row);
        }
    }

    #[test]
    fn what_is_not_theirs_stays_as_it_is() {
        for (store, key, row) in rows() {
            // Of records, only the present owner's are ever on a phone.
            if store != "records" {
                assert_eq!(secret(ALEX, store, &key, &row), None, "{store}");
                assert_eq!(secret(Owner::Local, store, &key, &row), None, "{store}");
            }
        }
        let local = [&Owner::Local.name(), "\n{}"].concat();
        assert_eq!(secret(SAM, "private", "check_in/2", &local), None);
    }

    #[test]
    fn public_records_the_sync_row_and_the_lock_itself_are_never_sealed() {
        let whose = SAM.name();
        for (store, key) in [
            ("records", "public/help_line/1/4".to_owned()),
            ("meta", "sync".to_owned()),
            ("meta", "device".to_owned()),
            ("meta", [LOCK, "/", &whose].concat()),
            ("meta", [TRIES, "/", &whose].concat()),
        ] {
            assert_eq!(secret(SAM, store, &key, "{}"), None, "{key}");
        }
    }

    #[test]
    fn whose_a_waiting_row_is_can_be_read_sealed_or_not() {
        let plain = waiting(SAM);
        let (before, _) = secret(SAM, "outbox", "1", &plain).unwrap();
        for row in [plain, seal(&before, "lock1", "xyz")] {
            assert!(waits_for(SAM, &row));
            assert!(!waits_for(ALEX, &row));
            assert!(!waits_for(Owner::Local, &row));
        }
    }
}
