//! How everything a phone keeps stands in its store: rows of text, and changes to them, as data. A driver
//! does one batch of the replica as the changes that are made of it here, and decides nothing itself.
//!
//! Rows that belong to a person in `private` and `drafts` have the owner on the first line, then the
//! content as JSON. Whose a row is can be read and changed without knowing what it holds.

use super::{
    outbox::Owner,
    sealed::{self, LOCK, TRIES},
    store::{Meta, Write},
};
use serde::Serialize;

/// The server's records.
pub const RECORDS: &str = "records";
/// Commands that have not ended.
pub const OUTBOX: &str = "outbox";
/// The person's own, never synced.
pub const PRIVATE: &str = "private";
/// What was typed and not kept or sent yet.
pub const DRAFTS: &str = "drafts";
/// Where the sync stands, and whose the phone is.
pub const META: &str = "meta";
/// All of them.
pub const STORES: [&str; 5] = [RECORDS, OUTBOX, PRIVATE, DRAFTS, META];
/// Those that hold rows of one owner whom the row or its key names.
pub const OWNED: [&str; 4] = [PRIVATE, DRAFTS, OUTBOX, META];
/// The key in [`META`] of the replica's own row.
pub const SYNC: &str = "sync";

const LOCAL: &str = "local";

/// What the owner wants to be called: see [`about`].
pub const NAME: &str = "name";
/// What renews the owner's session: see [`about`].
pub const RETURN_KEY: &str = "return_key";
/// The owner said that what was written before joining is not theirs: see [`about`].
pub const NOT_MINE: &str = "not_mine";
/// What stands before the name of something that the owner has read here and put away: see [`about`].
pub const DISMISSED: &str = "dismissed/";

/// What stands before the id of a row of the person's plan, in [`PRIVATE`].
pub const PLAN: &str = "plan/";

/// A key and its text.
pub type Found = (String, String);

/// One change. All changes of a transaction happen, or none.
#[derive(Clone, Debug)]
pub enum Change {
    /// Keeps a text under a key of a store.
    Put(&'static str, String, String),
    /// Lets a key of a store go.
    Delete(&'static str, String),
    /// Gives every private row and draft of the first to the second: see [`given`].
    Give(Owner, Owner),
    /// Deletes everything of this owner's, without opening any: see [`is_erased`].
    Erase(Owner),
    /// The same, but their drafts and waiting commands stay, and their lock, which alone opens them.
    EraseButDrafts(Owner),
}

impl From<Write> for Change {
    fn from(write: Write) -> Self {
        match write {
            Write::PutRecord(key, body) => Self::Put(RECORDS, key.to_text(), body),
            Write::DeleteRecord(key) => Self::Delete(RECORDS, key.to_text()),
            Write::PutOutbox(row) => Self::Put(OUTBOX, row.id.to_string(), json(&row)),
            Write::DeleteOutbox(id) => Self::Delete(OUTBOX, id.to_string()),
            Write::PutRefused(refused) => {
                let row = own(refused.row.owner, &json(&refused));
                Self::Put(DRAFTS, refused.key(), row)
            }
            Write::PutPrivate { owner, key, text } => Self::Put(PRIVATE, key, own(owner, &text)),
            Write::DeleteDraft(key) => Self::Delete(DRAFTS, key),
            Write::PutMeta { key, text } => Self::Put(META, key, text),
            Write::AdoptLocal(member) => Self::Give(Owner::Local, Owner::Member(member)),
            Write::EraseOwn(owner) => Self::Erase(owner),
            Write::EraseButUnsent(owner) => Self::EraseButDrafts(owner),
        }
    }
}

/// Keeps the replica's own row.
pub fn put_sync(meta: &Meta) -> Change {
    Change::Put(META, SYNC.to_owned(), json(meta))
}

/// What is written when everything of the owner's goes unread, of a store with these keys of records:
/// afterwards the phone is nobody's.
pub fn erase_unread<'k>(old: &Meta, records: impl Iterator<Item = &'k String>) -> Vec<Change> {
    let theirs = records.filter(|key| !sealed::is_public(key));
    let mut changes: Vec<_> = theirs
        .map(|key| Change::Delete(RECORDS, key.clone()))
        .collect();
    changes.push(Change::Erase(old.owner));
    changes.push(put_sync(&Meta {
        revision: old.revision + 1,
        next_seq: old.next_seq,
        resyncing: true,
        ..Meta::default()
    }));
    changes
}

/// Whether a row goes when its owner's are erased, unread. What is not sent may stay, and then their lock
/// stays with it: nothing else opens what it sealed.
pub fn is_erased(owner: Owner, keeps_unsent: bool, store: &str, key: &str, row: &str) -> bool {
    match store {
        DRAFTS | OUTBOX if keeps_unsent => false,
        META => {
            let stays = keeps_unsent && (key == about(LOCK, owner) || key == about(TRIES, owner));
            key.ends_with(&about("", owner)) && !stays
        }
        OUTBOX => sealed::is_of(owner, row),
        _ => of(owner, row).is_some(),
    }
}

/// A row of `private` or `drafts` as it stands once `from`'s are given to another; none if it is not
/// theirs.
pub fn given(from: Owner, to: Owner, row: &str) -> Option<String> {
    of(from, row).map(|content| own(to, content))
}

/// Whether a transaction would give somebody what they said is not theirs, in a store that `has` these keys of
/// `meta`. It is asked inside the transaction, for the no may be younger than the yes.
pub fn is_declined(changes: &[Change], has: impl Fn(&str) -> bool) -> bool {
    let declined = |change: &Change| match change {
        Change::Give(_, to) => has(&about(NOT_MINE, *to)),
        _ => false,
    };
    changes.iter().any(declined)
}

/// Whether a row of [`PRIVATE`] with this key is written while its person types, as drafts are.
pub fn is_kept_as_typed(key: &str) -> bool {
    key.starts_with(PLAN)
}

/// JSON of what the phone keeps.
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value)
        .expect("rows are plain structs with string keys, which always serialise")
}

/// A row of `owner`.
pub fn own(owner: Owner, content: &str) -> String {
    format!("{}\n{content}", owner.name())
}

/// Whose a row is, and what it holds; none if it is no such row.
pub fn owned(row: &str) -> Option<(Owner, &str)> {
    let (owner, content) = row.split_once('\n')?;
    let owner = match owner {
        LOCAL => Owner::Local,
        member => Owner::Member(member.parse().ok()?),
    };
    Some((owner, content))
}

/// What the row holds, if it is `owner`'s.
pub fn of(owner: Owner, row: &str) -> Option<&str> {
    owned(row).and_then(|(whose, content)| (whose == owner).then_some(content))
}

/// The key in `meta` of something about `owner` (`name/<member>`): erasing them erases it.
pub fn about(what: &str, owner: Owner) -> String {
    format!("{what}/{}", owner.name())
}

/// The scope of the records that only the owner reads.
pub fn scope(owner: Owner) -> String {
    format!("member:{}", owner.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::MemberId;
    use uuid::Uuid;

    const ME: Owner = Owner::Member(MemberId(Uuid::from_u128(7)));
    const OTHER: Owner = Owner::Member(MemberId(Uuid::from_u128(8)));

    #[test]
    fn erasing_takes_the_owners_rows_sealed_or_not_and_nobody_elses() {
        let sealed = |owner: Owner| format!("{}\n\u{1}id c2VhbGVk", owner.name());
        for owner in [Owner::Local, ME, OTHER] {
            for row in [own(owner, "{}"), sealed(owner)] {
                for store in [PRIVATE, DRAFTS] {
                    assert_eq!(is_erased(ME, false, store, "k", &row), owner == ME);
                }
            }
            assert_eq!(
                is_erased(ME, false, OUTBOX, "k", &sealed(owner)),
                owner == ME
            );
            for what in [
                &[NAME, RETURN_KEY, LOCK, TRIES, sealed::SHOWN][..],
                &sealed::REMIND,
            ]
            .concat()
            {
                let key = about(what, owner);
                assert_eq!(is_erased(ME, false, META, &key, ""), owner == ME, "{key}");
            }
        }
        assert!(!is_erased(ME, false, META, SYNC, ""));
    }

    #[test]
    fn what_is_not_sent_stays_with_the_lock_that_opens_it() {
        let row = own(ME, "{}");
        assert!(is_erased(ME, true, PRIVATE, "k", &row));
        assert!(!is_erased(ME, true, DRAFTS, "k", &row));
        let [days, said] = sealed::REMIND;
        for (what, goes) in [
            (LOCK, false),
            (TRIES, false),
            (RETURN_KEY, true),
            (days, true),
            (said, true),
            (sealed::SHOWN, true),
        ] {
            assert_eq!(
                is_erased(ME, true, META, &about(what, ME), ""),
                goes,
                "{what}"
            );
        }
    }

    #[test]
    fn nothing_is_given_to_who_said_that_it_is_not_theirs() {
        let no = about(NOT_MINE, ME);
        let has = |key: &str| key == no;
        let give = |to| [Change::Erase(to), Change::Give(Owner::Local, to)];
        assert!(is_declined(&give(ME), has));
        assert!(!is_declined(&give(OTHER), has));
        assert!(!is_declined(&give(ME), |_| false));
        assert!(!is_declined(&[Change::Erase(ME)], has));
    }

    #[test]
    fn giving_changes_whose_a_row_is_and_not_what_it_holds() {
        assert_eq!(given(ME, OTHER, &own(ME, "{}")), Some(own(OTHER, "{}")));
        assert_eq!(given(OTHER, ME, &own(ME, "{}")), None);
        assert_eq!(given(ME, OTHER, "no owner"), None);
    }
}
