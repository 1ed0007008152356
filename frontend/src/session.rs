//! Whose phone this is: joining, coming back, and the return key that renews a lost session unseen.

use super::{
    driver::Driver,
    pin, platform, rows,
    store::{Change, META, meta, sync_row, under_key},
    transport::{self, NotJoined},
    words,
};
use app::{
    domain::{id::MemberId, time::Millis},
    sync::{
        link::LinkError,
        outbox::Owner,
        replica::{Act, Input},
        store::Write,
        wire::{JoinRequest, JoinResponse, ReturnRequest, member_mark},
    },
    ui::local::{PageData, Problem},
};
use leptos::prelude::{UpdateValue, WithValue};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The row of [`META`] that says: the session of this browser is to be ended.
const LEAVING: &str = "leaving";
/// The Web Lock under which this browser's session becomes somebody's: the answer to a renewal must not put
/// the last owner's in the place of whoever joins meanwhile.
const SESSION: &str = "session";
/// The page has just come from the server, or goes: this answer comes soon or not at all.
const SOON_MS: Millis = 3_000;

/// Joins with a code. Needs signal.
///
/// # Errors
/// [`Problem`].
pub async fn join(driver: &Driver, code: String, name: Option<String>) -> Result<(), Problem> {
    let _alone = platform::lock(SESSION, true).await;
    if leave(driver, transport::JOIN_LIMIT_MS).await.is_none() {
        return Err(Problem::NoSignal);
    }
    let was = match driver.owner.get().member() {
        Some(member) => key_of(driver, member).await.ok(),
        None => None,
    };
    let request = JoinRequest {
        code,
        name,
        device: driver.device.get().copied(),
        was,
    };
    let mut joined = transport::join(&request).await.map_err(not_joined)?;
    if joined.return_key.is_none() {
        // The browser was joined already (by a plain form): its key comes by another way.
        joined.return_key = transport::return_key(transport::JOIN_LIMIT_MS)
            .await
            .and_then(|again| again.return_key);
    }
    become_member(driver, joined).await
}

/// Deletes what the owner has on this phone and ends the browser's session, so that the next person
/// is not taken for them. What is not sent yet may stay for them. With no signal the session is ended
/// later, and before anyone joins here: that is written down in the same transaction. Until then a
/// cookie of our own tells the server to take this browser for nobody's.
///
/// # Errors
/// [`Problem`]: nothing was deleted.
pub async fn leave_phone(driver: &Rc<Driver>, keep_unsent: bool) -> Result<(), Problem> {
    let kept = driver.drafts.flush().await;
    kept.map_err(|_| words::store_problem())?;
    if keep_unsent {
        // What stays must not stay half sealed: nobody could go on with it.
        pin::settle(driver).await?;
    }
    let act = Act::Leave {
        keep_unsent,
        with: vec![leaving(driver)],
    };
    // What follows is for every tab: see `start_anew`.
    driver.act(act).await.map_err(words::not_kept)?;
    platform::leave_behind();
    Ok(())
}

/// The row that says: the session of whoever has the phone now is to be ended.
pub fn leaving(driver: &Driver) -> Write {
    let who = driver.owner.get().member().map(member_mark);
    Write::PutMeta {
        key: LEAVING.to_owned(),
        text: who.unwrap_or_default(),
    }
}

/// Nobody is joined here any more, or somebody else is: whatever of the last person stands in this
/// tab's memory goes with the page.
pub fn start_anew(driver: &Rc<Driver>, path: &'static str) {
    let driver = Rc::clone(driver);
    spawn_local(async move {
        // Else the next page would come as theirs. Without an answer the next reached round tries again.
        let _ = leave(&driver, SOON_MS).await;
        platform::start_anew(path);
    });
}

/// Ends the session in its own time, if that is still to be done.
fn leave_soon(driver: &Rc<Driver>) {
    let driver = Rc::clone(driver);
    spawn_local(async move {
        let _ = leave(&driver, transport::JOIN_LIMIT_MS).await;
    });
}

/// Ends the session if that is still to be done. Whether it was, if no such session is left.
async fn leave(driver: &Driver, limit_ms: Millis) -> Option<bool> {
    let due = driver.store.read([under_key(META, LEAVING)]).await;
    let [due] = due.ok()?;
    let Some((_, who)) = due.into_iter().next() else {
        return Some(false);
    };
    let done = Change::Delete(META, LEAVING.to_owned());
    let left =
        transport::leave(who, limit_ms).await && driver.store.write(&[done], None).await.is_ok();
    left.then_some(true)
}

/// What the server makes to be seen once, for the screen.
///
/// # Errors
/// [`Problem`].
pub async fn ask_once(driver: &Driver, address: &'static str) -> Result<(), Problem> {
    let code = transport::ask_once(address).await.map_err(not_joined)?;
    driver.update(|status| status.code = Some(code));
    Ok(())
}

fn not_joined(reason: NotJoined) -> Problem {
    match reason {
        NotJoined::NoAnswer => Problem::NoSignal,
        NotJoined::Refused(words) => Problem::Refused(words),
    }
}

/// Renews the member's session with their return key.
///
/// # Errors
/// [`LinkError::SignInRequired`] without a key; else what the answer meant.
pub async fn renew(driver: &Driver, member: MemberId) -> Result<(), LinkError> {
    let _alone = platform::lock(SESSION, true).await;
    let sync = driver.store.read([sync_row()]).await;
    let [sync] = sync.map_err(|_| LinkError::Failed)?;
    if meta(&sync).owner != Owner::Member(member) {
        return Err(LinkError::Failed);
    }
    transport::renew(&key_of(driver, member).await?).await
}

async fn key_of(driver: &Driver, member: MemberId) -> Result<ReturnRequest, LinkError> {
    let key = rows::about(rows::RETURN_KEY, Owner::Member(member));
    let found = driver.store.read([under_key(META, &key)]).await;
    let [rows] = found.map_err(|_| LinkError::Failed)?;
    let (_, return_key) = rows.into_iter().next().ok_or(LinkError::SignInRequired)?;
    // Nothing asks for this before the replica was made, which is when the device is known.
    let device = *driver.device.get().ok_or(LinkError::Failed)?;
    Ok(ReturnRequest {
        member,
        return_key,
        device: Some(device),
    })
}

/// Finds out whose phone this is, once the store is read. Someone may have joined in this browser by a
/// plain form, before the app could run: then the app is theirs too. What they write meanwhile waits
/// for that, but not for long.
pub fn take_over(driver: &Rc<Driver>) {
    let driver = Rc::clone(driver);
    spawn_local(async move {
        let joined = driver.local.page.with_value(|page| page.joined);
        if driver.owner.get() == Owner::Local && joined {
            join_them(&driver).await;
        }
        driver.owner_is_known().await;
        driver.ask_persisted().await;
    });
}

/// Gives the phone to the member whose session the browser has, unless it is of one who has left.
async fn join_them(driver: &Driver) {
    if leave(driver, SOON_MS).await == Some(false)
        && let Some(joined) = transport::return_key(SOON_MS).await
    {
        // A store that fails is said by the replica.
        let _ = become_member(driver, joined).await;
    } else {
        // Whoever the page was drawn for is not known to be here.
        driver.local.page.update_value(PageData::forget_member);
    }
}

/// Sees to it that there is a return key while the session lives, and that no session lives that
/// nobody here has.
pub fn keep_return_key(driver: &Rc<Driver>) {
    let owner = driver.owner.get();
    if owner == Owner::Local {
        return leave_soon(driver);
    }
    let driver = Rc::clone(driver);
    spawn_local(async move {
        let key = rows::about(rows::RETURN_KEY, owner);
        if let Ok([none]) = driver.store.read([under_key(META, &key)]).await
            && none.is_empty()
            && let Some(joined) = transport::return_key(transport::JOIN_LIMIT_MS).await
            && Owner::Member(joined.member) == owner
            && let Some(return_key) = joined.return_key
        {
            // Without it the next reached round tries again.
            let _ = driver
                .store
                .write(&[Change::Put(META, key, return_key)], None)
                .await;
        }
    });
}

async fn become_member(driver: &Driver, joined: JoinResponse) -> Result<(), Problem> {
    let owner = Owner::Member(joined.member);
    let put = |what, text: Option<String>| {
        text.map(|text| Write::PutMeta {
            key: rows::about(what, owner),
            text,
        })
    };
    let rows = [
        put(rows::RETURN_KEY, joined.return_key),
        put(rows::NAME, joined.name),
    ];
    let become_them = Act::Become {
        member: joined.member,
        with: rows.into_iter().flatten().collect(),
    };
    driver.act(become_them).await.map_err(words::not_kept)?;
    driver.tell(Input::Try);
    Ok(())
}
