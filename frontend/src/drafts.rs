//! What is typed and not kept or sent yet: written 300 ms after typing and at once when the page is
//! hidden, so that a killed app gives it back.
//!
//! Each draft is open in one tab at a time, under a Web Lock: a second tab on the same form begins its
//! own, so two tabs never overwrite each other.
//!
//! What is kept as it is typed ([`rows::is_kept_as_typed`]) goes the same way into `private`, under the key
//! that the screen names: it is the thing itself, and no save ends it.

use super::{
    platform::{self, Lock},
    rows,
    store::{Change, DRAFTS, PRIVATE, Store, StoreError, json, under_key},
};
use app::{json::read, order, sync::outbox::Owner, ui::local::Draft};
use futures::lock::Mutex;
use std::cell::{Cell, RefCell};
use uuid::Uuid;

/// How long typing must rest before it is written.
const REST_MS: i64 = 300;

/// The drafts of this tab.
pub struct Drafts {
    store: Store,
    open: RefCell<Vec<Open>>,
    typed: Cell<u32>,
    /// Held while one write is under way: who asks for all to be written then waits for it, and no older
    /// text comes after a newer one.
    turn: Mutex<()>,
    /// Whether it is known whose they are.
    settled: Cell<bool>,
}

/// A draft that this tab alone may write.
struct Open {
    owner: Owner,
    form: String,
    key: String,
    /// What was typed since the last write.
    pending: Option<String>,
    lock: Option<Lock>,
}

impl Drafts {
    /// None open yet.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            open: RefCell::default(),
            typed: Cell::new(0),
            turn: Mutex::new(()),
            settled: Cell::new(false),
        }
    }

    /// It is known whose phone this is: what was typed before is theirs, and is written from now on.
    pub fn settle(&self, owner: Owner) {
        for open in &mut *self.open.borrow_mut() {
            open.owner = owner;
        }
        self.settled.set(true);
    }

    /// Lets go of what `owner` was typing here: what is on the phone of theirs was erased.
    pub fn forget(&self, owner: Owner) {
        self.open.borrow_mut().retain(|open| open.owner != owner);
        self.tell_unsaved();
    }

    /// Whether everything typed is written.
    pub fn all_kept(&self) -> bool {
        !self.open.borrow().iter().any(|open| open.pending.is_some())
    }

    /// The draft of a form: the one open in this tab, else the newest that no other tab has open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, owner: Owner, form: &str) -> Result<Option<Draft>, StoreError> {
        self.flush().await?;
        let open = self.open_key(owner, form);
        let mut drafts: Vec<(String, Draft)> = Vec::new();
        let [found] = self
            .store
            .read([under_key(DRAFTS, &format!("{form}/"))])
            .await?;
        for (key, row) in found {
            let draft = rows::of(owner, &row).and_then(read);
            drafts.extend(draft.map(|draft| (key, draft)));
        }
        if let Some(open) = open {
            return Ok(drafts
                .into_iter()
                .find(|(key, _)| *key == open)
                .map(|(_, draft)| draft));
        }
        order::by_key(&mut drafts, |(_, draft)| -draft.changed_at);
        for (key, draft) in drafts {
            if let Some(lock) = platform::lock(&lock_name(&key), false).await {
                self.begin(owner, form, key, Some(lock));
                return Ok(Some(draft));
            }
            // It was asked for twice at once, and the other one has it open by now.
            if self.open_key(owner, form).as_ref() == Some(&key) {
                return Ok(Some(draft));
            }
        }
        Ok(None)
    }

    /// Takes what was typed, to be written by [`Self::flush`] or by [`Self::rest`], which wants the
    /// number that this returns.
    pub fn typed(&self, owner: Owner, form: &str, fields: String) -> u32 {
        platform::set_unsaved(true);
        self.typed.set(self.typed.get().wrapping_add(1));
        if self.open_key(owner, form).is_none() {
            let key = if rows::is_kept_as_typed(form) {
                form.to_owned()
            } else {
                format!("{form}/{}", Uuid::new_v4())
            };
            self.begin(owner, form, key, None);
        }
        self.with(owner, form, |open| open.pending = Some(fields));
        self.typed.get()
    }

    /// Writes what is pending once typing has rested; if there was more typing, that will.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rest(&self, typed: u32) -> Result<(), StoreError> {
        self.hold_new().await;
        platform::pause(REST_MS).await;
        if self.typed.get() == typed {
            self.flush().await
        } else {
            Ok(())
        }
    }

    /// Writes what is pending. What could not be written stays pending, and so does everything until
    /// it is known whose it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn flush(&self) -> Result<(), StoreError> {
        if !self.settled.get() {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        let mut written = Vec::new();
        let mut changes = Vec::new();
        for open in &mut *self.open.borrow_mut() {
            let Some(fields) = open.pending.take() else {
                continue;
            };
            let (store, content) = if open.key == open.form {
                (PRIVATE, fields.clone())
            } else {
                let draft = Draft {
                    form: open.form.clone(),
                    fields: fields.clone(),
                    changed_at: platform::now(),
                };
                (DRAFTS, json(&draft))
            };
            let row = rows::own(open.owner, &content);
            changes.push(Change::Put(store, open.key.clone(), row));
            written.push((open.key.clone(), fields));
        }
        if changes.is_empty() {
            return Ok(());
        }
        let kept = self.store.write(&changes, None).await;
        for (key, fields) in written.into_iter().filter(|_| kept.is_err()) {
            if let Some(open) = self
                .open
                .borrow_mut()
                .iter_mut()
                .find(|open| open.key == key)
            {
                open.pending.get_or_insert(fields);
            }
        }
        self.tell_unsaved();
        kept
    }

    /// The key of a form's draft, for the save that ends it. What is pending is held back meanwhile:
    /// give it to [`Self::ended`].
    pub async fn end(&self, owner: Owner, form: Option<&str>) -> Option<Ending> {
        let form = form?;
        // Or a write that is under way would bring back what the save ends.
        let _turn = self.turn.lock().await;
        let key = self.open_key(owner, form)?;
        let mut pending = None;
        self.with(owner, form, |open| pending = open.pending.take());
        Some(Ending { key, pending })
    }

    /// The save that ends a draft was done, or not: then the draft goes on.
    pub fn ended(&self, ending: Option<Ending>, done: bool) {
        let Some(Ending { key, pending }) = ending else {
            return;
        };
        if done {
            self.open.borrow_mut().retain(|open| open.key != key);
        } else if let Some(open) = self
            .open
            .borrow_mut()
            .iter_mut()
            .find(|open| open.key == key)
        {
            open.pending = open.pending.take().or(pending);
        }
        self.tell_unsaved();
    }

    /// Takes the locks of drafts that began in this tab, before their first write.
    async fn hold_new(&self) {
        let unheld = |open: &Open| open.lock.is_none().then(|| open.key.clone());
        let keys: Vec<_> = self.open.borrow().iter().filter_map(unheld).collect();
        for key in keys {
            let lock = platform::lock(&lock_name(&key), false).await;
            if let Some(open) = self
                .open
                .borrow_mut()
                .iter_mut()
                .find(|open| open.key == key)
            {
                open.lock = open.lock.take().or(lock);
            }
        }
    }

    fn begin(&self, owner: Owner, form: &str, key: String, lock: Option<Lock>) {
        let form = form.to_owned();
        self.open.borrow_mut().push(Open {
            owner,
            form,
            key,
            pending: None,
            lock,
        });
    }

    fn open_key(&self, owner: Owner, form: &str) -> Option<String> {
        let open = self.open.borrow();
        let found = open
            .iter()
            .find(|open| open.owner == owner && open.form == form)?;
        Some(found.key.clone())
    }

    fn with(&self, owner: Owner, form: &str, change: impl FnOnce(&mut Open)) {
        let mut open = self.open.borrow_mut();
        if let Some(open) = open
            .iter_mut()
            .find(|open| open.owner == owner && open.form == form)
        {
            change(open);
        }
    }

    fn tell_unsaved(&self) {
        platform::set_unsaved(!self.all_kept());
    }
}

/// A draft that a save is about to end.
pub struct Ending {
    /// The row to delete.
    pub key: String,
    pending: Option<String>,
}

fn lock_name(key: &str) -> String {
    format!("draft/{key}")
}
