//! What `frontend/static/lock.js` does, with a stand-in for its cipher: which rows are sealed, what stays
//! outside, and how all rows are turned, one handful in one transaction. Both are asked the same
//! questions of the same rows (`tests/golden/sealed-rows.json`).

use super::rest::Rest;
use app::{
    domain::pin::{Lock, LockState},
    json::read,
    sync::{
        outbox::{OutboxRow, Owner},
        rows::{self, Change, META, OUTBOX, PRIVATE, RECORDS, STORES},
        sealed::{Known, LOCK, MARK, REMIND, SHOWN, TRIES, is_public},
    },
};

/// Rows that are turned in one transaction: few, so that much can come between.
const AT_ONCE: usize = 4;

/// What stays outside the seal of a row of the owner's; none for a row that is not theirs, is for
/// everyone, or is sealed already.
pub fn outside(owner: Owner, store: &str, key: &str, row: &str) -> Option<String> {
    if row.contains(MARK) {
        return None;
    }
    let name = owner.name();
    match store {
        RECORDS => (!is_public(key)).then(String::new),
        META => {
            let about = |what| key.starts_with(&format!("{what}/"));
            let stays = [LOCK, TRIES, SHOWN].into_iter().chain(REMIND).any(about);
            (key.ends_with(&format!("/{name}")) && !stays).then(String::new)
        }
        OUTBOX => {
            let row: OutboxRow = read(row)?;
            let answered = if row.answered.is_some() {
                "answered\n"
            } else {
                ""
            };
            (row.owner == owner).then(|| format!("{name}\n{answered}"))
        }
        _ => {
            let before = format!("{name}\n");
            row.starts_with(&before).then_some(before)
        }
    }
}

/// A row as it may stand under this lock.
pub fn seal(owner: Owner, id: &str, store: &str, key: &str, row: &str) -> String {
    let Some(before) = outside(owner, store, key, row) else {
        return row.to_owned();
    };
    let text = if store == OUTBOX {
        row
    } else {
        &row[before.len()..]
    };
    let bound = format!("{store}/{key}\n{text}");
    format!("{before}{MARK}{id} {}", scrambled(&bound))
}

/// A row as it was before; none if no key opens it there.
pub fn opened(keys: &[String], store: &str, key: &str, row: &str) -> Option<String> {
    let Some((before, seal)) = row.split_once(MARK) else {
        return Some(row.to_owned());
    };
    let (id, text) = seal.split_once(' ')?;
    if !keys.iter().any(|key| key == id) {
        return None;
    }
    let bound = unscrambled(text)?;
    let text = bound.strip_prefix(&format!("{store}/{key}\n"))?;
    Some(if store == OUTBOX {
        text.to_owned()
    } else {
        format!("{before}{text}")
    })
}

/// Whether something of these changes must be sealed.
pub fn needs_key(known: &Known, changes: &[Change]) -> bool {
    let is_due = |change: &Change| match change {
        Change::Put(store, key, row) => outside(known.owner, store, key, row).is_some(),
        _ => false,
    };
    known.seals().is_some() && changes.iter().any(is_due)
}

/// Changes as a tab may write them.
pub fn sealed(known: &Known, mut changes: Vec<Change>) -> Vec<Change> {
    let Some(lock) = known.seals() else {
        return changes;
    };
    for change in &mut changes {
        if let Change::Put(store, key, row) = change {
            *row = seal(known.owner, &lock.id, store, key, row);
        }
    }
    let again = known.with_given(&changes, lock);
    changes.extend(again);
    changes
}

/// Letters that hold the text and show nothing of it.
fn scrambled(text: &str) -> String {
    let letter = |nibble: u8| char::from(b'g' + nibble);
    let bytes = text.bytes();
    bytes
        .flat_map(|byte| [letter(byte >> 4), letter(byte & 15)])
        .collect()
}

fn unscrambled(letters: &str) -> Option<String> {
    let nibble = |letter: u8| letter.checked_sub(b'g');
    let bytes = letters.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = bytes
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(*pair.get(1)?)?))
        .collect();
    String::from_utf8(bytes?).ok()
}

/// A row as it was read, and as it shall be.
#[derive(Debug)]
struct Turned {
    store: &'static str,
    key: String,
    was: String,
    next: Option<String>,
}

/// Turning all rows of an owner, one transaction after the other.
#[derive(Debug)]
pub struct Settling {
    owner: Owner,
    /// The lock that it was begun on.
    known: String,
    stores: Vec<&'static str>,
    due: Vec<Turned>,
    turned: bool,
}

/// How far a step of turning came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to do.
    On,
    /// All is done.
    Done,
    /// Another tab has changed the lock.
    Stopped,
}

impl Settling {
    /// Begins, if anything may be left to do.
    pub fn begin(rest: &Rest, owner: Owner) -> Option<Self> {
        let known = rest.row(META, &rows::about(LOCK, owner))?.clone();
        let lock: Lock = read(&known)?;
        (lock.state != LockState::Sealed).then(|| Self {
            owner,
            known,
            stores: Self::stores(),
            due: Vec::new(),
            turned: false,
        })
    }

    fn stores() -> Vec<&'static str> {
        let mut stores = vec![PRIVATE, rows::DRAFTS, OUTBOX, META, RECORDS];
        debug_assert_eq!(stores.len(), STORES.len());
        stores.reverse();
        stores
    }

    /// One transaction: a look at a store, or a handful of rows, or the end.
    pub fn step(&mut self, rest: &mut Rest, keys: &[String]) -> Step {
        let key = rows::about(LOCK, self.owner);
        let Some(lock) = read::<Lock>(&self.known) else {
            return Step::Stopped;
        };
        if !self.due.is_empty() {
            if rest.row(META, &key) != Some(&self.known) {
                return Step::Stopped;
            }
            let some = self.due.len().min(AT_ONCE);
            for turned in self.due.drain(..some) {
                let Some(next) = turned.next else { continue };
                if rest.row(turned.store, &turned.key) == Some(&turned.was) {
                    rest.put(turned.store, &turned.key, next);
                }
            }
            return Step::On;
        }
        if let Some(store) = self.stores.pop() {
            self.due = self.due_in(rest, keys, &lock, store);
            self.turned |= self.due.iter().any(|turned| turned.next.is_some());
            return Step::On;
        }
        if self.turned {
            self.stores = Self::stores();
            self.turned = false;
            return Step::On;
        }
        if rest.row(META, &key) != Some(&self.known) {
            return Step::Stopped;
        }
        let sealed = Lock {
            state: LockState::Sealed,
            ..lock.clone()
        };
        let next = (lock.state == LockState::Sealing).then_some(&sealed);
        put_lock(rest, &key, &lock.id, next);
        Step::Done
    }

    fn due_in(
        &self,
        rest: &Rest,
        keys: &[String],
        lock: &Lock,
        store: &'static str,
    ) -> Vec<Turned> {
        let opens = lock.state == LockState::Opening;
        let mark = format!("{MARK}{} ", lock.id);
        let is_due = |key: &str, row: &str| {
            if opens {
                row.contains(&mark)
            } else {
                outside(self.owner, store, key, row).is_some()
            }
        };
        let due = rest.of(store).filter(|(key, row)| is_due(key, row));
        due.map(|(key, row)| Turned {
            store,
            key: key.clone(),
            was: row.clone(),
            next: if opens {
                opened(keys, store, key, row)
            } else {
                Some(seal(self.owner, &lock.id, store, key, row))
            },
        })
        .collect()
    }
}

/// Writes a lock, or lets it go with its wrong tries: for everyone on this phone who has it. How far
/// their own rows have come each lock says for itself.
pub fn put_lock(rest: &mut Rest, key: &str, id: &str, next: Option<&Lock>) {
    let with_it = |(key, row): (&String, &String)| {
        let lock: Lock = read(row)?;
        let has_it = key.starts_with(&format!("{LOCK}/")) && lock.id == id;
        has_it.then(|| (key.clone(), lock))
    };
    let all: Vec<(String, Lock)> = rest.of(META).filter_map(with_it).collect();
    for (other, theirs) in all {
        let Some(next) = next else {
            rest.remove(META, &other);
            rest.remove(META, &other.replacen(LOCK, TRIES, 1));
            continue;
        };
        let mut next = next.clone();
        if next.state != LockState::Opening {
            (next.state, next.turn) = (theirs.state, theirs.turn);
        }
        rest.put(META, &other, rows::json(&next));
    }
    if let Some(next) = next {
        rest.put(META, key, rows::json(next));
    }
}
