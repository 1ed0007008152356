//! The PIN as a person meets it: turning it on and off, changing it, opening, forgetting, and locking
//! again. Whether a try may be made, and what a lock is, says `app::domain::pin`; how rows are sealed,
//! `seal`. While the phone is locked no replica runs, and nothing sealed is read or written.

use super::{
    driver::Driver,
    platform, rows, session,
    store::{Change, META, OUTBOX, StoreError, all, json, meta, sync_row, under_key},
    transport, words,
};
use app::{
    domain::pin::{self, COUNT, Lock, LockState, Tries},
    json::read,
    lang::en::pin as texts,
    sync::{
        link::LinkError,
        sealed::{self, TRIES},
        store::{CLEARED, DEVICE, Write},
        wire::{PROTOCOL, SyncRequest},
    },
    ui::local::{Millis, PinAct, PinStatus, Problem},
};
use leptos::prelude::WithUntracked;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The owner said that nobody else uses this phone: see [`rows::about`].
const ALONE: &str = "alone";
/// What a lock begins with.
const AFTER_MIN: u32 = 5;
/// A phone that was put away this long is locked.
const HIDDEN_MS: Millis = 60_000;
const MINUTE_MS: Millis = 60_000;

/// Does what a person asks of the PIN.
///
/// # Errors
/// [`Problem::Refused`] with why not; [`Problem::Store`].
pub async fn act(driver: &Rc<Driver>, act: PinAct) -> Result<(), Problem> {
    match act {
        PinAct::Set(new) => set(driver, &new).await?,
        PinAct::Change(now, new) => change(driver, &now, &new).await?,
        PinAct::Off(now) => {
            let lock = try_pin(driver, &now).await?;
            put(driver, opening(lock)).await?;
            settle(driver).await?;
        }
        PinAct::Open(now) => return open(driver, &now).await,
        PinAct::After(after_min) => {
            if let Some(lock) = driver.store.lock() {
                put(driver, Lock { after_min, ..lock }).await?;
            }
        }
        PinAct::Lock => {
            platform::cover(true);
            platform::tell_tabs("lock");
            driver.world("lock");
            return Ok(());
        }
        PinAct::Forget => return forget(driver).await,
        PinAct::Alone => {
            let row = Change::Put(META, rows::about(ALONE, driver.owner.get()), String::new());
            write(driver, row).await?;
        }
    }
    watch(driver).await;
    driver.show_own_change();
    Ok(())
}

/// Opens what it locks.
///
/// # Errors
/// As [`act`].
pub async fn open(driver: &Rc<Driver>, now: &str) -> Result<(), Problem> {
    let lock = try_pin(driver, now).await?;
    driver.store.have_key(&lock.id);
    driver.world("opened");
    Ok(())
}

/// It is forgotten: deletes what the person has on this phone, unread.
///
/// # Errors
/// [`Problem::Store`].
pub async fn forget(driver: &Rc<Driver>) -> Result<(), Problem> {
    erase(driver, &[]).await?;
    platform::reload();
    Ok(())
}

/// How things stand with the PIN, read without opening anything.
///
/// # Errors
/// [`StoreError`].
pub async fn status(driver: &Driver) -> Result<PinStatus, StoreError> {
    driver.store.look_at_lock().await?;
    let owner = driver.owner.get();
    let asks = [
        under_key(META, &rows::about(ALONE, owner)),
        under_key(META, &rows::about(TRIES, owner)),
        all(OUTBOX),
    ];
    let found = driver.store.read_as_is(&asks).await?;
    let [alone, tries, waiting] = [&found[0], &found[1], &found[2]];
    let Some(lock) = driver.store.lock() else {
        return Ok(PinStatus {
            alone: !alone.is_empty(),
            ..PinStatus::default()
        });
    };
    let now = platform::now();
    let tries: Option<Tries> = tries.first().and_then(|(_, row)| read(row));
    let next_at = tries.map(|tries| tries.next_at(now));
    let waits = waiting
        .iter()
        .filter(|(_, row)| sealed::waits_for(owner, row));
    Ok(PinStatus {
        set: true,
        locked: driver.store.is_locked(),
        alone: true,
        numbers: lock.numbers,
        after_min: lock.after_min,
        waits: waits.count(),
        next_at: next_at.filter(|at| *at > now),
    })
}

/// After a start or an opening: goes on with what was cut, and begins to notice that nobody is there.
pub fn opened(driver: &Rc<Driver>) {
    let driver = Rc::clone(driver);
    spawn_local(async move {
        watch(&driver).await;
        // What does not end now goes on at the next opening.
        let _ = settle(&driver).await;
    });
}

/// Goes on with sealing, or opening for good, what is still to be.
///
/// # Errors
/// [`Problem::Store`].
pub async fn settle(driver: &Rc<Driver>) -> Result<(), Problem> {
    if driver.store.is_settled() {
        return Ok(());
    }
    driver.store.settle().await.map_err(failed)?;
    driver.show_own_change();
    Ok(())
}

/// While locked: whether this phone was told to be erased, as a lost one. Nothing is sent but who
/// asks, and nothing of the answer is kept.
pub async fn ask_if_lost(driver: Rc<Driver>) {
    let (Ok([sync]), Some(device)) = (
        driver.store.read([sync_row()]).await,
        driver.device.get().copied(),
    ) else {
        return;
    };
    let kept = meta(&sync);
    let request = SyncRequest {
        protocol: PROTOCOL,
        device,
        member: kept.owner.member(),
        cursor: kept.cursor,
        commands: Vec::new(),
        sealed: false,
    };
    if driver.store.is_locked()
        && matches!(transport::sync(&request).await, Err(LinkError::Revoked))
        // As the replica does it, and if the store fails, the next look at the screen asks again.
        && erase(&driver, &[DEVICE, CLEARED]).await.is_ok()
    {
        platform::start_anew("/my-phone/leave");
    }
}

async fn set(driver: &Rc<Driver>, new: &str) -> Result<(), Problem> {
    let made = platform::pin("make", &[new, &COUNT.to_string()]).await;
    let (id, salt, wrapped) = lock_texts(made).ok_or_else(no_crypto)?;
    if driver.store.lock().is_some() {
        return Err(words::store_problem());
    }
    driver.store.have_key(&id);
    let lock = Lock {
        id,
        salt,
        count: COUNT,
        wrapped,
        state: LockState::Sealing,
        turn: 0,
        numbers: pin::is_numbers(new),
        after_min: AFTER_MIN,
    };
    put(driver, lock).await?;
    settle(driver).await
}

/// The key stays; only what it is wrapped in is written, in one row.
async fn change(driver: &Rc<Driver>, now: &str, new: &str) -> Result<(), Problem> {
    let lock = try_pin(driver, now).await?;
    let count = COUNT.to_string();
    let old = lock.count.to_string();
    let arguments = [now, new, &count, &lock.id, &lock.salt, &old, &lock.wrapped];
    let made = platform::pin("rewrap", &arguments).await;
    let (_, salt, wrapped) = lock_texts(made).ok_or_else(no_crypto)?;
    let lock = Lock {
        salt,
        count: COUNT,
        wrapped,
        numbers: pin::is_numbers(new),
        ..lock
    };
    put(driver, lock).await
}

fn opening(lock: Lock) -> Lock {
    Lock {
        state: LockState::Opening,
        turn: lock.turn + 1,
        ..lock
    }
}

/// One try. It is counted before it is made, so that ending the page wins none.
async fn try_pin(driver: &Rc<Driver>, typed: &str) -> Result<Lock, Problem> {
    // Two tabs would count each other's away.
    let _alone = platform::lock("pin", true).await;
    let store = &driver.store;
    let key = rows::about(TRIES, driver.owner.get());
    let found = store.read([under_key(META, &key)]).await;
    let [found] = found.map_err(failed)?;
    let tries: Tries = found
        .first()
        .and_then(|(_, row)| read(row))
        .unwrap_or_default();
    let lock = store.lock().ok_or_else(words::store_problem)?;
    let now = platform::now();
    let free = tries.next_at(now) <= now;
    let counted = if free {
        tries.one_more(now)
    } else {
        tries.seen(now)
    };
    write(driver, Change::Put(META, key.clone(), json(&counted))).await?;
    if free {
        let count = lock.count.to_string();
        let arguments = [typed, &lock.id, &lock.salt, &count, &lock.wrapped];
        let right = platform::pin("open", &arguments).await;
        let right = right
            .and_then(|right| right.as_bool())
            .ok_or_else(no_crypto)?;
        if right {
            write(driver, Change::Delete(META, key)).await?;
            return Ok(lock);
        }
    }
    driver.show_changes();
    let next = counted.next_at(now);
    Err(Problem::Refused(if next > now {
        texts::WAIT.fill(&[("time", &platform::say_time(next))])
    } else {
        texts::WRONG.get().to_owned()
    }))
}

/// Deletes what the owner has here, unopened, and notes in `meta` what whoever comes next must know.
/// The page must begin anew.
async fn erase(driver: &Rc<Driver>, notes: &[&str]) -> Result<(), Problem> {
    let mut with = vec![session::leaving(driver)];
    let waits = (driver.local.status).with_untracked(|status| status.pin.waits.to_string());
    for key in notes {
        with.push(Write::PutMeta {
            key: (*key).to_owned(),
            text: if *key == CLEARED {
                waits.clone()
            } else {
                String::new()
            },
        });
    }
    driver.store.erase_unread(with).await.map_err(failed)?;
    platform::leave_behind();
    platform::mark_pin(false);
    platform::tell_tabs("changed-elsewhere");
    Ok(())
}

async fn put(driver: &Rc<Driver>, lock: Lock) -> Result<(), Problem> {
    driver.store.put_lock(&lock).await.map_err(failed)
}

async fn write(driver: &Rc<Driver>, change: Change) -> Result<(), Problem> {
    let written = driver.store.write(&[change], None).await;
    written.map_err(failed)
}

async fn watch(driver: &Rc<Driver>) {
    if let Some(lock) = driver.store.lock() {
        let after = Millis::from(lock.after_min) * MINUTE_MS;
        // A browser that cannot watch could not have opened the lock.
        let _ = platform::pin("watch", &[&after.to_string(), &HIDDEN_MS.to_string()]).await;
    }
}

fn lock_texts(made: Option<wasm_bindgen::JsValue>) -> Option<(String, String, String)> {
    let mut texts = platform::texts(made?)?.into_iter();
    let mut next = || texts.next().flatten();
    Some((next()?, next()?, next()?))
}

fn no_crypto() -> Problem {
    Problem::Refused(texts::NO_CRYPTO.get().to_owned())
}

fn failed(_: StoreError) -> Problem {
    words::store_problem()
}
