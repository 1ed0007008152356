//! What the session of a browser at the desk knows: who signed in, in which round, and when they last
//! proved that it is them. A session of an earlier round opens nothing: that is how everywhere ends at
//! once.

use crate::{
    clock,
    db::accounts::{self, Present},
    error::Error,
    http::cookies,
    staff::{
        accounts::{By, did},
        two_step::{self, Passed},
    },
    state::App,
};
use app::domain::{id::StaffId, time::Millis};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tower_sessions::{
    Expiry, Session,
    cookie::time::{Duration, OffsetDateTime},
};

/// A working day: then the password is asked for again, however busy the day was.
const SIGNED_IN_FOR: Duration = Duration::hours(12);
/// How long someone who typed their password may look for the code.
const HALF_FOR: Duration = Duration::minutes(10);

const STAFF: &str = "staff";
const ROUND: &str = "staff_round";
const PROVED: &str = "staff_proved_at";
const HALF: &str = "staff_half";
const NEW_KEY: &str = "staff_new_key";

/// Someone signed in, and still works here.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub present: Present,
    /// When they last typed their password, and the code where one is asked for.
    pub proved_at: Option<Millis>,
}

/// Who is signed in with this session; none if nobody is, if they were disabled, or signed out everywhere.
///
/// # Errors
/// What the session store or the database says.
pub async fn signed_in(app: &App, session: &Session) -> Result<Option<SignedIn>, Error> {
    let Some(id) = get::<StaffId>(session, STAFF).await? else {
        return Ok(None);
    };
    let round: i64 = get(session, ROUND).await?.unwrap_or_default();
    let found = accounts::present(&app.db.pool, id).await?;
    let Some(present) = found.filter(|present| present.round == round) else {
        return Ok(None);
    };
    Ok(Some(SignedIn {
        present,
        proved_at: get(session, PROVED).await?,
    }))
}

/// Signs `id` in, under a new cookie: one that was set before signing in opens nothing.
///
/// # Errors
/// [`Error::NotFound`]: they do not work here any more; what the session store or the database says.
pub async fn start(app: &App, session: &Session, id: StaffId) -> Result<(), Error> {
    let found = accounts::present(&app.db.pool, id).await?;
    let round = found.ok_or(Error::NotFound)?.round;
    let now = clock::now_ms();
    app.writer
        .run(move |tx| Box::pin(accounts::signed_in(tx, id, now)))
        .await?;
    cookies::end(session).await?;
    put(session, STAFF, id).await?;
    put(session, ROUND, round).await?;
    put(session, PROVED, now).await?;
    ends_after(session, SIGNED_IN_FOR);
    Ok(())
}

/// Goes on in a new round, under a new cookie, where all other sessions of theirs have just been ended.
/// It proves nothing anew.
///
/// # Errors
/// [`Error::NotFound`]: they do not work here any more; what the session store or the database says.
pub async fn go_on(app: &App, session: &Session, id: StaffId) -> Result<(), Error> {
    let found = accounts::present(&app.db.pool, id).await?;
    put(session, ROUND, found.ok_or(Error::NotFound)?.round).await?;
    session.cycle_id().await.map_err(|problem| fault(&problem))
}

/// They proved just now that it is them.
///
/// # Errors
/// What the session store says.
pub async fn proved(session: &Session) -> Result<(), Error> {
    put(session, PROVED, clock::now_ms()).await
}

/// Someone whose password was right, and whose code is not typed yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Half {
    /// Who.
    pub id: StaffId,
    /// What failures are counted for.
    pub email: String,
    /// Signing out everywhere ends this too.
    round: i64,
    /// Where they wanted to go.
    pub next: String,
}

/// Keeps, under a new cookie, that someone's password was right. It opens nothing of the desk.
///
/// # Errors
/// What the session store says.
pub async fn begin(session: &Session, present: &Present, next: String) -> Result<(), Error> {
    cookies::end(session).await?;
    let half = Half {
        id: present.staff.id,
        email: present.email.clone(),
        round: present.round,
        next,
    };
    put(session, HALF, half).await?;
    ends_after(session, HALF_FOR);
    Ok(())
}

/// Whose code is awaited in this browser.
///
/// # Errors
/// What the session store or the database says.
pub async fn half(app: &App, session: &Session) -> Result<Option<Half>, Error> {
    let Some(half) = get::<Half>(session, HALF).await? else {
        return Ok(None);
    };
    let found = accounts::present(&app.db.pool, half.id).await?;
    let holds = found.is_some_and(|present| present.round == half.round);
    Ok(holds.then_some(half))
}

/// Whether what was typed opens someone's second step; it is used up then.
///
/// # Errors
/// What the database says.
pub async fn second_step(app: &App, id: StaffId, typed: String) -> Result<Passed, Error> {
    let key = app.hash_key.clone();
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                let by = By::now(id);
                let passed = two_step::pass(tx, &key, id, &typed, by.at).await?;
                if passed == Passed::Recovery {
                    by.did(tx, did::RECOVERY, id).await?;
                }
                Ok(passed)
            })
        })
        .await
}

/// The key that someone is about to put on their phone: the same however often the page is loaded.
///
/// # Errors
/// What the session store says.
pub async fn new_key(session: &Session) -> Result<String, Error> {
    if let Some(key) = get(session, NEW_KEY).await? {
        return Ok(key);
    }
    let key = two_step::new_key();
    put(session, NEW_KEY, &key).await?;
    Ok(key)
}

/// Forgets that key: it is on the phone now.
///
/// # Errors
/// What the session store says.
pub async fn forget_new_key(session: &Session) -> Result<(), Error> {
    session
        .remove_value(NEW_KEY)
        .await
        .map(drop)
        .map_err(|problem| fault(&problem))
}

async fn get<T: DeserializeOwned>(session: &Session, name: &str) -> Result<Option<T>, Error> {
    session.get(name).await.map_err(|problem| fault(&problem))
}

async fn put(session: &Session, name: &str, value: impl Serialize) -> Result<(), Error> {
    session
        .insert(name, value)
        .await
        .map_err(|problem| fault(&problem))
}

/// By the clock that sessions are looked up by.
fn ends_after(session: &Session, time: Duration) {
    let now = OffsetDateTime::from_unix_timestamp(clock::now_ms() / 1000);
    let now = now.unwrap_or_else(|_| OffsetDateTime::now_utc());
    session.set_expiry(Some(Expiry::AtDateTime(now + time)));
}

fn fault(problem: &tower_sessions::session::Error) -> Error {
    Error::Internal(format!("a session: {problem}"))
}
