//! Sealing: where the owner has a PIN, everything of theirs is sealed before it goes into the store and
//! opened after it came out. This is the one place where that happens, and no transaction is ever open
//! meanwhile.
//!
//! Every write checks, in its own transaction, that the owner's lock is the one this tab knows: a tab
//! that has not heard of a new PIN can leave nothing plain behind.

use super::{
    platform, rows,
    store::{
        Ask, Change, Found, META, STORES, Store, StoreError, all, json, meta, sync_row, under_key,
    },
};
use app::{
    domain::pin::{Lock, LockState},
    json::read,
    sync::{
        outbox::Owner,
        sealed::{self, LOCK},
    },
};
use std::borrow::Cow;

/// What this tab knows of the lock.
#[derive(Default)]
pub struct Seal {
    owner: Owner,
    /// The lock's row as it stands in the store; none without a PIN.
    row: Option<String>,
    /// The locks whose keys this tab has.
    keys: Vec<String>,
}

impl Seal {
    fn lock(&self) -> Option<Lock> {
        self.row.as_deref().and_then(read)
    }

    fn has_key(&self, lock: &Lock) -> bool {
        self.keys.contains(&lock.id)
    }
}

impl Store {
    /// Whose phone it is, as was last read.
    pub fn owner(&self) -> Owner {
        self.seal.borrow().owner
    }

    /// The owner's lock; none without a PIN.
    pub fn lock(&self) -> Option<Lock> {
        self.seal.borrow().lock()
    }

    /// Whether there is a lock that this tab has no key for.
    pub fn is_locked(&self) -> bool {
        let seal = self.seal.borrow();
        seal.lock().is_some_and(|lock| !seal.has_key(&lock))
    }

    /// Whether rows are still to be sealed, or to be opened for good.
    pub fn is_settled(&self) -> bool {
        self.lock()
            .is_none_or(|lock| lock.state == LockState::Sealed)
    }

    /// This tab has the key of a lock now.
    pub fn have_key(&self, id: &str) {
        self.seal.borrow_mut().keys.push(id.to_owned());
    }

    /// The owner's lock row, and its key in `meta`.
    pub(super) fn known_lock(&self) -> (String, Option<String>) {
        let seal = self.seal.borrow();
        (rows::about(LOCK, seal.owner), seal.row.clone())
    }

    /// Learns whose the phone is and how their lock stands, from rows read as they are.
    pub fn learn(&self, sync: &[Found], locks: &[Found]) {
        let owner = meta(sync).owner;
        let key = rows::about(LOCK, owner);
        let found = locks.iter().find(|(found, _)| *found == key);
        let mut seal = self.seal.borrow_mut();
        seal.owner = owner;
        seal.row = found.map(|(_, row)| row.clone());
    }

    /// Reads how the lock stands now.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn look_at_lock(&self) -> Result<(), StoreError> {
        let asks = [sync_row(), locks()];
        let [sync, locks] = self.read_as_is(asks).await?;
        self.learn(&sync, &locks);
        Ok(())
    }

    /// The phone is this owner's now, as far as a write of this tab says.
    pub(super) async fn owner_is(&self, owner: Owner) -> Result<(), StoreError> {
        if self.seal.borrow().owner == owner {
            return Ok(());
        }
        self.look_at_lock().await
    }

    /// The changes as they may stand in the store.
    pub(super) async fn sealed<'a>(
        &self,
        changes: &'a [Change],
    ) -> Result<Cow<'a, [Change]>, StoreError> {
        let Some(lock) = self.lock() else {
            return Ok(Cow::Borrowed(changes));
        };
        let owner = self.seal.borrow().owner;
        let mut changes = Cow::Borrowed(changes);
        if lock.state == LockState::Opening {
            return Ok(changes);
        }
        let given = |change: &Change| matches!(change, Change::Give(_, to) if *to == owner);
        if changes.iter().any(given) {
            // They are given as they are, so all is gone through once more.
            let row = lock_row(owner, &lock, LockState::Sealing);
            changes.to_mut().push(row);
        }
        let secrets: Vec<_> = changes
            .iter()
            .enumerate()
            .filter_map(|(at, change)| match change {
                Change::Put(store, key, row) => {
                    let (before, content) = sealed::secret(owner, store, key, row)?;
                    Some((at, before, place(store, key), content.to_owned()))
                }
                _ => None,
            })
            .collect();
        if secrets.is_empty() {
            return Ok(changes);
        }
        if !self.seal.borrow().has_key(&lock) {
            return Err(StoreError::Locked);
        }
        let flat = secrets.iter().map(|(_, _, place, text)| (place, text));
        let texts = crypt("seal", &lock.id, flat).await?;
        for ((at, before, ..), text) in secrets.iter().zip(texts) {
            if let (Change::Put(_, _, row), Some(text)) = (&mut changes.to_mut()[*at], text) {
                *row = sealed::seal(before, &lock.id, &text);
            } else {
                return Err(StoreError::Failed);
            }
        }
        Ok(changes)
    }

    /// Rows of a store as they were before they were sealed. What this tab cannot open is left out.
    pub async fn opened(
        &self,
        store: &'static str,
        found: Vec<Found>,
    ) -> Result<Vec<Found>, StoreError> {
        if !found.iter().any(|(_, row)| sealed::sealed(row).is_some()) {
            return Ok(found);
        }
        let keys = self.seal.borrow().keys.clone();
        let mut open = Vec::new();
        let mut of_key: Vec<Vec<(String, String)>> = keys.iter().map(|_| Vec::new()).collect();
        for (key, row) in &found {
            if let Some((_, id, text)) = sealed::sealed(row)
                && let Some(at) = keys.iter().position(|key| key == id)
            {
                of_key[at].push((place(store, key), text.to_owned()));
            }
        }
        for (id, rows) in keys.iter().zip(&of_key) {
            let flat = rows.iter().map(|(place, text)| (place, text));
            open.push(crypt("unseal", id, flat).await?.into_iter());
        }
        let plain = found.into_iter().filter_map(|(key, row)| {
            let Some((before, id, _)) = sealed::sealed(&row) else {
                return Some((key, row));
            };
            let at = keys.iter().position(|key| key == id)?;
            let content = open[at].next()??;
            let row = sealed::opened(store, before, &content);
            Some((key, row))
        });
        Ok(plain.collect())
    }

    /// Goes on with sealing or opening what is still to be: row by row, each only if it stands as it was
    /// read, and the lock's state last. It may be cut at any moment, and is gone on with at the next
    /// opening.
    ///
    /// # Errors
    /// [`StoreError`]: some of it is left for the next time.
    pub async fn settle(&self) -> Result<(), StoreError> {
        let Some(lock) = self.lock().filter(|_| !self.is_locked()) else {
            return Ok(());
        };
        let opens = match lock.state {
            LockState::Sealed => return Ok(()),
            LockState::Sealing => false,
            LockState::Opening => true,
        };
        while self.turn_rows(&lock, opens).await? {}
        let next = (!opens).then(|| Lock {
            state: LockState::Sealed,
            ..lock.clone()
        });
        self.put_lock(&lock.id, next.as_ref()).await
    }

    /// Goes once through all rows; whether there were any to turn. A row that does not open is left.
    async fn turn_rows(&self, lock: &Lock, opens: bool) -> Result<bool, StoreError> {
        let owner = self.seal.borrow().owner;
        let mut turned = false;
        for store in STORES {
            let [found] = self.read_as_is([all(store)]).await?;
            let due = |(key, row): &Found| match sealed::sealed(row) {
                Some((_, id, _)) => opens && id == lock.id,
                None => !opens && sealed::secret(owner, store, key, row).is_some(),
            };
            let due: Vec<Found> = found.into_iter().filter(due).collect();
            for some in due.chunks(AT_ONCE) {
                let swaps = self.swaps(store, some, opens).await?;
                turned |= !swaps.is_empty();
                self.write(&swaps, None).await?;
            }
        }
        Ok(turned)
    }

    async fn swaps(
        &self,
        store: &'static str,
        rows: &[Found],
        opens: bool,
    ) -> Result<Vec<Change>, StoreError> {
        let turned = if opens {
            self.opened(store, rows.to_vec()).await?
        } else {
            let put = |(key, row): &Found| Change::Put(store, key.clone(), row.clone());
            let puts: Vec<_> = rows.iter().map(put).collect();
            let sealed = self.sealed(&puts).await?.into_owned();
            sealed.into_iter().filter_map(key_and_row).collect()
        };
        let swap = |(key, row): Found| {
            let (_, was) = rows.iter().find(|(found, _)| *found == key)?;
            Some(Change::Swap(store, key, was.clone(), row))
        };
        Ok(turned.into_iter().filter_map(swap).collect())
    }

    /// Writes the lock, or lets it go with its wrong tries, for everyone on this phone who has it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_lock(&self, id: &str, lock: Option<&Lock>) -> Result<(), StoreError> {
        let [found] = self.read_as_is([locks()]).await?;
        let own = self.known_lock().0;
        let has_it = |(key, row): &Found| {
            (*key == own || read::<Lock>(row).is_some_and(|lock| lock.id == id))
                .then(|| key.clone())
        };
        let mut keys: Vec<_> = found.iter().filter_map(has_it).collect();
        if !keys.contains(&own) {
            keys.push(own);
        }
        let changes: Vec<_> = keys
            .into_iter()
            .map(|key| match lock {
                Some(lock) => Change::Put(META, key, json(lock)),
                None => Change::Delete(META, key),
            })
            .collect();
        self.write(&changes, None).await?;
        self.look_at_lock().await
    }

    /// What becomes of the lock when the phone has another owner: whoever joins keeps the PIN that they
    /// had before joining; who comes back finds theirs.
    pub(super) async fn lock_of_next(&self, next: Owner) -> Result<Option<Change>, StoreError> {
        let (owner, lock) = (self.seal.borrow().owner, self.lock());
        if next == owner {
            return Ok(None);
        }
        let [theirs] = self
            .read_as_is([under_key(META, &rows::about(LOCK, next))])
            .await?;
        let theirs = theirs.first().and_then(|(_, row)| read(row));
        let lock = theirs.or(lock.filter(|_| owner == Owner::Local));
        // What is written with it is plain as yet.
        Ok(lock.map(|lock| lock_row(next, &lock, LockState::Sealing)))
    }
}

/// How many rows are turned in one transaction.
const AT_ONCE: usize = 100;

/// Every lock on this phone.
pub fn locks() -> Ask {
    under_key(META, &[LOCK, "/"].concat())
}

/// Whether changes are writes of a lock, which this tab then knows.
pub(super) fn lock_in(changes: &[Change], key: &str) -> Option<Option<String>> {
    changes.iter().rev().find_map(|change| match change {
        Change::Put(META, found, row) if found == key => Some(Some(row.clone())),
        Change::Delete(META, found) if found == key => Some(None),
        Change::Erase(owner) if rows::about(LOCK, *owner) == key => Some(None),
        _ => None,
    })
}

impl Store {
    /// The lock's row was written by this tab.
    pub(super) fn wrote_lock(&self, changes: &[Change]) {
        let (key, _) = self.known_lock();
        if let Some(row) = lock_in(changes, &key) {
            self.seal.borrow_mut().row = row;
        }
    }
}

fn lock_row(owner: Owner, lock: &Lock, state: LockState) -> Change {
    let lock = Lock {
        state,
        turn: lock.turn + 1,
        ..lock.clone()
    };
    Change::Put(META, rows::about(LOCK, owner), json(&lock))
}

fn key_and_row(change: Change) -> Option<Found> {
    match change {
        Change::Put(_, key, row) => Some((key, row)),
        _ => None,
    }
}

/// Where a row stands: a sealed text opens nowhere else.
fn place(store: &str, key: &str) -> String {
    [store, "/", key].concat()
}

async fn crypt(
    what: &str,
    id: &str,
    rows: impl Iterator<Item = (&String, &String)>,
) -> Result<Vec<Option<String>>, StoreError> {
    let mut arguments = vec![id];
    for (place, text) in rows {
        arguments.push(place);
        arguments.push(text);
    }
    let done = platform::pin(what, &arguments).await;
    done.and_then(platform::texts).ok_or(StoreError::Failed)
}
