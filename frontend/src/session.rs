//! Whose phone this is: joining, coming back, and the return key that renews a lost session unseen.

use super::{
    driver::Driver,
    rows,
    store::{Change, META, under_key},
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
        wire::JoinResponse,
    },
    ui::local::Problem,
};
use leptos::prelude::WithValue;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

const RETURN_KEY: &str = "return_key";
/// The row of [`META`] that says: the session of this browser is to be ended.
const LEAVING: &str = "leaving";
/// The page has just come from the server, so this answer comes soon or not at all.
const TAKE_OVER_LIMIT_MS: Millis = 3_000;

/// Joins with a code. Needs signal.
///
/// # Errors
/// [`Problem`].
pub async fn join(driver: &Driver, code: String, name: Option<String>) -> Result<(), Problem> {
    if !leave(driver).await {
        return Err(Problem::NoSignal);
    }
    let mut joined = transport::join(code, name)
        .await
        .map_err(|reason| match reason {
            NotJoined::NoAnswer => Problem::NoSignal,
            NotJoined::Refused(words) => Problem::Refused(words),
        })?;
    if joined.return_key.is_none() {
        // The browser was joined already (by a plain form): its key comes by another way.
        joined.return_key = transport::return_key(transport::JOIN_LIMIT_MS)
            .await
            .and_then(|again| again.return_key);
    }
    become_member(driver, joined).await
}

/// Deletes what the owner has on this phone and ends the browser's session, so that the next person
/// is not taken for them. With no signal the session is ended later, and before anyone joins here:
/// that is written down first.
///
/// # Errors
/// [`Problem`]: nothing was deleted.
pub async fn delete_mine(driver: &Rc<Driver>) -> Result<(), Problem> {
    let note = Change::Put(META, LEAVING.to_owned(), String::new());
    let noted = driver.store.write(&[note], None).await;
    noted.map_err(|_| words::store_problem())?;
    driver.act(Act::Erase).await.map_err(words::not_kept)?;
    leave_soon(driver);
    Ok(())
}

/// Ends the session in its own time, if that is still to be done.
pub fn leave_soon(driver: &Rc<Driver>) {
    let driver = Rc::clone(driver);
    spawn_local(async move {
        // Without an answer the next reached round tries again.
        let _ = leave(&driver).await;
    });
}

/// Ends the session if that is still to be done. True when no such session is left.
async fn leave(driver: &Driver) -> bool {
    let due = driver.store.read([under_key(META, LEAVING)]).await;
    let Ok([due]) = due else {
        return false;
    };
    if due.is_empty() {
        return true;
    }
    let done = Change::Delete(META, LEAVING.to_owned());
    transport::leave().await && driver.store.write(&[done], None).await.is_ok()
}

/// Renews the member's session with their return key.
///
/// # Errors
/// [`LinkError::SignInRequired`] without a key; else what the answer meant.
pub async fn renew(driver: &Driver, member: MemberId) -> Result<(), LinkError> {
    let key = rows::about(RETURN_KEY, Owner::Member(member));
    let found = driver.store.read([under_key(META, &key)]).await;
    let [rows] = found.map_err(|_| LinkError::Failed)?;
    let (_, return_key) = rows.into_iter().next().ok_or(LinkError::SignInRequired)?;
    // Nothing asks for this before the replica was made, which is when the device is known.
    let device = *driver.device.get().ok_or(LinkError::Failed)?;
    transport::renew(member, return_key, device).await
}

/// Someone may have joined in this browser by a plain form, before the app could run: then the app
/// is theirs too. What they write meanwhile waits for that, but not for long.
pub fn take_over(driver: &Rc<Driver>) {
    let joined = driver.local.page.with_value(|page| page.joined);
    if driver.owner.get() != Owner::Local || !joined {
        return driver.owner_is_known();
    }
    let driver = Rc::clone(driver);
    spawn_local(async move {
        if leave(&driver).await
            && let Some(joined) = transport::return_key(TAKE_OVER_LIMIT_MS).await
        {
            // A store that fails is said by the replica.
            let _ = become_member(&driver, joined).await;
        }
        driver.owner_is_known();
    });
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
        let key = rows::about(RETURN_KEY, owner);
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
        put(RETURN_KEY, joined.return_key),
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
