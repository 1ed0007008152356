//! Sealing: where the owner has a PIN, everything of theirs is sealed before it goes into the store and
//! opened after it came out. This is the one place where that happens, and no transaction is ever open
//! meanwhile. What goes into the seal, and the sealing itself, is `frontend/static/lock.js`.
//!
//! Every write checks, in its own transaction, that the owner's lock is the one this tab knows: a tab
//! that has not heard of a new PIN can leave nothing plain behind.

use super::{
    platform,
    store::{Ask, Change, Found, META, Store, StoreError, under_key},
};
use app::{
    domain::pin::Lock,
    sync::{
        outbox::Owner,
        rows::{self, json},
        sealed::{LOCK, MARK},
    },
};

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
        self.seal.borrow().is_locked()
    }

    /// Whether rows are still to be sealed, or to be opened for good.
    pub fn is_settled(&self) -> bool {
        self.seal.borrow().is_settled()
    }

    /// This tab has the key of a lock now.
    pub fn have_key(&self, id: &str) {
        self.seal.borrow_mut().keys.push(id.to_owned());
    }

    /// The owner's lock row, and its key in `meta`.
    pub(super) fn known_lock(&self) -> (String, Option<String>) {
        let known = self.seal.borrow();
        (known.key(), known.row.clone())
    }

    /// Learns whose rows this tab shows, and how their lock stands, from rows read as they are.
    pub fn learn(&self, owner: Owner, locks: &[Found]) {
        let key = rows::about(LOCK, owner);
        let found = locks.iter().find(|(found, _)| *found == key);
        let mut seal = self.seal.borrow_mut();
        seal.owner = owner;
        seal.row = found.map(|(_, row)| row.clone());
    }

    /// Reads how the lock of whose rows this tab shows stands now, whoever has the phone by now: what is
    /// theirs is sealed with their lock until the tab shows somebody else's.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn look_at_lock(&self) -> Result<(), StoreError> {
        self.look_at_lock_of(self.owner()).await
    }

    async fn look_at_lock_of(&self, owner: Owner) -> Result<(), StoreError> {
        let found = self.read_as_is(&[locks()]).await?;
        self.learn(owner, &found[0]);
        Ok(())
    }

    /// The phone is this owner's now, as a write of this tab says.
    pub(super) async fn owner_is(&self, owner: Owner) -> Result<(), StoreError> {
        if self.owner() == owner {
            return Ok(());
        }
        self.look_at_lock_of(owner).await
    }

    /// The changes as they may stand in the store; none where they may as they are.
    pub(super) async fn sealed(
        &self,
        changes: &[Change],
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let Some(lock) = self.seal.borrow().seals() else {
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
        sealed.extend(self.seal.borrow().with_given(changes, lock));
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
        let theirs = theirs[0].first().map(|(_, row)| row.as_str());
        Ok(self.seal.borrow().lock_of_next(next, theirs))
    }

    /// Some of the changes may be of the lock's own row, which this tab then knows.
    pub(super) fn wrote(&self, changes: &[Change]) {
        self.seal.borrow_mut().wrote(changes);
    }
}

/// Every lock on this phone.
pub fn locks() -> Ask {
    under_key(META, &[LOCK, "/"].concat())
}
