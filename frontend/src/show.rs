//! What the screens are told: how things stand, and that something they show has changed.

use super::{
    driver::Driver,
    phone::by_id,
    pin, platform, rows, session,
    store::{DRAFTS, Found, META, OUTBOX, PRIVATE, StoreError, all, outbox, records_of, under_key},
    words,
};
use app::{
    domain::{id::TeamId, record::kind, team::Team},
    json::read,
    sync::{
        outbox::Owner,
        overlay, sealed,
        status::{Link, Status},
        store::{CLEARED, RecordKey},
    },
    ui::local::{PhoneStatus, StoreState},
};
use leptos::prelude::*;
use serde_json::Value;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

impl Driver {
    /// Changes how things stand; screens hear of it only if it is another than before.
    pub fn update(&self, change: impl FnOnce(&mut PhoneStatus)) {
        let mut status = self.local.status.get_untracked();
        change(&mut status);
        if self.local.status.with_untracked(|before| *before != status) {
            self.local.status.set(status);
        }
    }

    /// The replica says how it stands.
    pub fn show_status(self: &Rc<Self>, status: &Status) {
        let before = self.local.status.with_untracked(|status| status.link);
        let owner = self.owner.replace(status.owner);
        self.update(|shown| {
            shown.member = status.owner.member();
            shown.unsent = status.unsent;
            shown.link = status.link;
            shown.last_synced_at = status.last_synced_at;
            shown.last_sent_at = status.last_sent_at;
            shown.restored_at = status.restored_at;
            shown.store = if status.store_works {
                StoreState::Works
            } else {
                words::store_fails()
            };
        });
        if owner != status.owner {
            self.owner_changed(owner, status.owner);
        }
        match status.link {
            link if link == before => {}
            Link::UpdateNeeded => platform::check_for_update(),
            Link::Reached => session::keep_return_key(self),
            _ => {}
        }
    }

    /// Nothing of the last owner may be written again once they left (nothing else leaves a phone to
    /// nobody), nor stay in memory: every tab begins anew.
    fn owner_changed(self: &Rc<Self>, before: Owner, now: Owner) {
        if now == Owner::Local {
            self.drafts.forget(before);
            // Whoever is next has one if their status says so.
            platform::mark_pin(false);
        }
        self.keep_drafts();
        match (before, now) {
            (Owner::Member(_), Owner::Local) => session::start_anew(self, "/my-phone/leave"),
            (Owner::Member(_), Owner::Member(_)) => session::start_anew(self, "/"),
            _ => self.show_changes(),
        }
    }

    /// The store did not keep or give something.
    pub fn say_store_failed(&self) {
        if self.lock_if_due() {
            return;
        }
        self.update(|status| status.store = words::store_fails());
    }

    /// The store kept something that the replica has no part in.
    pub fn say_store_works(&self) {
        self.update(|status| status.store = StoreState::Works);
    }

    /// Something that the replica has no part in was written: every tab's screens load again.
    pub fn show_own_change(self: &Rc<Self>) {
        platform::tell_tabs("changed-elsewhere");
        self.show_changes();
    }

    /// Screens load again, after what stands in the status was read anew. Many changes at once are one.
    /// Until it is known whose phone this is, they wait for that.
    pub fn show_changes(self: &Rc<Self>) {
        if !self.knows_owner() {
            return;
        }
        self.behind.set(self.behind.get() + 1);
        if self.behind.get() > 1 {
            return;
        }
        let driver = Rc::clone(self);
        spawn_local(async move {
            loop {
                let seen = driver.behind.get();
                if driver.read_status().await.is_err() {
                    driver.say_store_failed();
                }
                driver.local.changed.update(|count| *count += 1);
                driver.behind.set(driver.behind.get() - seen);
                if driver.behind.get() == 0 {
                    break;
                }
            }
        });
    }

    /// Reads what stands in the status, comes from the store and is not the replica's to say.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn read_status(&self) -> Result<(), StoreError> {
        let owner = self.owner.get();
        let asks = [
            under_key(META, &rows::about(rows::NAME, owner)),
            under_key(META, &rows::about(rows::NOT_MINE, owner)),
            under_key(META, rows::DISMISSED),
            under_key(META, CLEARED),
            records_of(rows::scope(owner), kind::TEAM),
            records_of(rows::scope(owner), kind::MEMBER),
            all(OUTBOX),
        ];
        let [name, not_mine, dismissed, cleared, teams, named, commands] =
            self.store.read(asks).await?;
        let name = called(owner, name, named, &commands);
        // Whose these are can be told without opening any.
        let asks = [all(PRIVATE), all(DRAFTS), all(OUTBOX)];
        let found = self.store.read_as_is(&asks).await?;
        let [private, drafts, waiting] = [&found[0], &found[1], &found[2]];
        let end = rows::about("", owner);
        let begun = drafts
            .iter()
            .filter(|(_, row)| rows::of(owner, row).is_some());
        let begun = begun.count();
        let before_joining = if owner == Owner::Local || !not_mine.is_empty() {
            0
        } else {
            let rows = private.iter().chain(drafts);
            let local = rows.filter(|(_, row)| rows::of(Owner::Local, row).is_some());
            let waiting = waiting.iter();
            let waiting = waiting.filter(|(_, row)| sealed::waits_for(Owner::Local, row));
            local.count() + waiting.count()
        };
        let team = teams.first().and_then(|(key, body)| {
            let id = TeamId(RecordKey::parse(key)?.id().parse().ok()?);
            Some((id, read::<Team>(body)?))
        });
        let pin = pin::status(self).await?;
        if self.local.status.with_untracked(|status| status.pin.set) != pin.set {
            platform::mark_pin(pin.set);
        }
        if owner == self.owner.get() {
            self.update(|status| {
                status.name = name;
                status.before_joining = before_joining;
                status.begun = begun;
                status.cleared = cleared.into_iter().next().map(|(_, why)| why);
                status.dismissed = dismissed
                    .iter()
                    .filter_map(|(key, _)| {
                        let what = key.strip_prefix(rows::DISMISSED)?.strip_suffix(&end)?;
                        Some(what.to_owned())
                    })
                    .collect();
                status.team = team;
                status.pin = pin;
            });
        }
        Ok(())
    }
}

/// What the owner wants to be called: what was given here when they joined, unless it was changed since,
/// here or on another phone.
#[inline(never)]
fn called(
    owner: Owner,
    mut given: Vec<Found>,
    named: Vec<Found>,
    waiting: &[Found],
) -> Option<String> {
    let named = overlay::lay(kind::MEMBER, by_id(named), &outbox(waiting), owner);
    let Some(named) = named.first() else {
        return Some(given.pop()?.1);
    };
    let named: Value = read(&named.body)?;
    named["name"].as_str().map(str::to_owned)
}
