//! Sealing: where the owner has a PIN, everything of theirs is sealed before it goes into the store and
//! opened after it came out. This is the one place where that happens, and no transaction is ever open
//! meanwhile. What goes into the seal, and the sealing itself, is `frontend/static/lock.js`.
//!
//! Every write checks, in its own transaction, that the owner's lock is the one this tab knows: a tab
//! that has not heard of a new PIN can leave nothing plain behind.

use super::{
    platform, rows,
    store::{Ask, Change, Found, META, Store, StoreError, json, meta, sync_row, under_key},
};
use app::{
    domain::pin::{Lock, LockState},
    json::read,
    sync::{
        outbox::Owner,
        sealed::{LOCK, MARK},
    },
};

/// What this tab knows of the lock.
#[derive(Default)]
pub struct Seal {
    owner: Owner,
    /// The lock's row as it stands in the store; none without a PIN.
    row: Option<String>,
    /// The locks whose keys this tab has.
    keys: Vec<String>,
}

impl Store {
    /// Whose phone it is, as was last read.
    pub fn owner(&self) -> Owner {
        self.seal.borrow().owner
    }

    /// The owner's lock; none without a PIN.
    pub fn lock(&self) -> Option<Lock> {
        self.seal.borrow().row.as_deref().and_then(read)
    }

    /// Whether there is a lock that this tab has no key for.
    pub fn is_locked(&self) -> bool {
        let lock = self.lock();
        lock.is_some_and(|lock| !self.seal.borrow().keys.contains(&lock.id))
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
        let found = self.read_as_is(&[sync_row(), locks()]).await?;
        self.learn(&found[0], &found[1]);
        Ok(())
    }

    /// The phone is this owner's now, as a write of this tab says.
    pub(super) async fn owner_is(&self, owner: Owner) -> Result<(), StoreError> {
        if self.owner() == owner {
            return Ok(());
        }
        self.look_at_lock().await
    }

    /// The changes as they may stand in the store; none where they may as they are.
    pub(super) async fn sealed(
        &self,
        changes: &[Change],
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let lock = self.lock();
        let Some(lock) = lock.filter(|lock| lock.state != LockState::Opening) else {
            return Ok(None);
        };
        let owner = self.owner();
        let name = owner.name();
        let mut flat: Vec<&str> = vec![&name, &lock.id];
        for change in changes {
            if let Change::Put(store, key, row) = change {
                flat.extend([*store, key, row]);
            }
        }
        let done = platform::pin("seal", &flat).await;
        let Some(done) = done.and_then(platform::texts) else {
            return Err(if self.is_locked() {
                StoreError::Locked
            } else {
                StoreError::Failed
            });
        };
        let mut done = done.into_iter().flatten();
        let mut sealed = changes.to_vec();
        for change in &mut sealed {
            if let Change::Put(_, _, row) = change {
                *row = done.next().ok_or(StoreError::Failed)?;
            }
        }
        let given = |change: &Change| matches!(change, Change::Give(_, to) if *to == owner);
        if changes.iter().any(given) {
            // They are given as they are, so all is gone through once more.
            sealed.push(lock_row(owner, lock));
        }
        Ok(Some(sealed))
    }

    /// Rows of a store as they were before they were sealed. What this tab cannot open is left out.
    pub async fn opened(
        &self,
        store: &'static str,
        found: Vec<Found>,
    ) -> Result<Vec<Found>, StoreError> {
        if !found.iter().any(|(_, row)| row.contains(MARK)) {
            return Ok(found);
        }
        let mut flat = Vec::new();
        for (key, row) in &found {
            flat.extend([store, key, row]);
        }
        let opened = platform::pin("unseal", &flat).await;
        let opened = opened.and_then(platform::texts).ok_or(StoreError::Failed)?;
        let rows = found.into_iter().zip(opened);
        Ok(rows
            .filter_map(|((key, _), row)| Some((key, row?)))
            .collect())
    }

    /// Goes on with sealing or opening what is still to be. It may be cut at any moment, and is gone on
    /// with at the next opening.
    ///
    /// # Errors
    /// [`StoreError`]: some of it is left for the next time.
    pub async fn settle(&self) -> Result<(), StoreError> {
        let done = platform::pin("settle", &[&self.owner().name()]).await;
        self.look_at_lock().await?;
        done.map(drop).ok_or(StoreError::Failed)
    }

    /// Writes a lock in the place of the one that this tab knows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_lock(&self, lock: &Lock) -> Result<(), StoreError> {
        let known = self.known_lock().1.unwrap_or_default();
        let arguments = [self.owner().name(), known, json(lock)];
        let done = platform::pin("put", &arguments.each_ref().map(String::as_str)).await;
        self.look_at_lock().await?;
        done.map(drop).ok_or(StoreError::Failed)
    }

    /// What becomes of the lock when the phone has another owner: whoever joins keeps the PIN that they
    /// had before joining; who comes back finds theirs.
    pub(super) async fn lock_of_next(&self, next: Owner) -> Result<Option<Change>, StoreError> {
        if next == self.owner() {
            return Ok(None);
        }
        let theirs = [under_key(META, &rows::about(LOCK, next))];
        let theirs = self.read_as_is(&theirs).await?;
        let theirs = theirs[0].first().and_then(|(_, row)| read(row));
        let lock = theirs.or(self.lock().filter(|_| self.owner() == Owner::Local));
        Ok(lock.map(|lock| lock_row(next, lock)))
    }

    /// Some of the changes may be of the lock's own row, which this tab then knows.
    pub(super) fn wrote(&self, changes: &[Change]) {
        let (key, _) = self.known_lock();
        for change in changes {
            match change {
                Change::Put(META, found, row) if *found == key => {
                    self.seal.borrow_mut().row = Some(row.clone());
                }
                Change::Erase(owner) if *owner == self.owner() => {
                    self.seal.borrow_mut().row = None;
                }
                _ => {}
            }
        }
    }
}

/// Every lock on this phone.
pub fn locks() -> Ask {
    under_key(META, &[LOCK, "/"].concat())
}

/// A lock under which something plain is written: all is gone through once more.
fn lock_row(owner: Owner, lock: Lock) -> Change {
    let lock = Lock {
        state: LockState::Sealing,
        turn: lock.turn + 1,
        ..lock
    };
    Change::Put(META, rows::about(LOCK, owner), json(&lock))
}
