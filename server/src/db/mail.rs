//! When staff want to be told by email, and the jobs that do it. The only address that is ever read is
//! a staff member's own.

use super::{
    desk::{check_ins, experiences, peers, plans, sign_ups},
    reach::Reach,
    safety::records,
    settings, staff as accounts,
    word::{json, read_id},
};
use crate::{error::Error, mail::times::Times};
use app::domain::{id::StaffId, time::Millis};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, AnyPool, Row as _, any::AnyExecutor, query};
use std::collections::HashSet;

/// The name of the setting that holds for those who chose nothing.
const USUAL: &str = "mail_usual";

/// The organisation's usual times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usual {
    /// The times.
    pub times: Times,
    /// Since when.
    pub since: Millis,
}

/// When someone wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Who.
    pub staff: StaffId,
    /// When.
    pub times: Times,
    /// Times before this were not chosen yet.
    pub since: Millis,
}

/// One mail that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// To whom.
    pub staff: StaffId,
    /// The chosen time.
    pub due_at: Millis,
    /// How often it was tried.
    pub attempts: i64,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is to be sent.
    Waiting,
    /// It is being sent, or may have been: it is not sent again.
    Claimed,
    /// The mail server has it.
    Sent,
    /// Nothing was waiting.
    Nothing,
    /// It was not taken, or its time is long past.
    GivenUp,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Sent => "sent",
            Self::Nothing => "nothing",
            Self::GivenUp => "given_up",
        }
    }

    fn read(word: &str) -> Self {
        let all = [Self::Waiting, Self::Claimed, Self::Sent, Self::Nothing];
        let found = all.into_iter().find(|state| state.word() == word);
        found.unwrap_or(Self::GivenUp)
    }
}

/// The usual times; none at all before an admin set any.
///
/// # Errors
/// What the database says.
pub async fn usual(db: impl AnyExecutor<'_>) -> Result<Usual, Error> {
    let value = settings::get(db, USUAL).await?;
    Ok(value
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// Sets the usual times.
///
/// # Errors
/// What the database says.
pub async fn set_usual(tx: &mut AnyConnection, usual: &Usual) -> Result<(), Error> {
    settings::set(tx, USUAL, json(usual)).await
}

/// What someone chose for themselves, if they did.
///
/// # Errors
/// What the database says.
pub async fn choice(db: &AnyPool, staff: StaffId) -> Result<Option<Times>, Error> {
    let row = query("select times from mail_choices where staff = $1")
        .bind(staff.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| read_times(row.try_get(0)?)).transpose()
}

/// Keeps what someone chose; none goes back to the usual times. A mail that waits already was for the
/// times before: it is dropped.
///
/// # Errors
/// What the database says.
pub async fn choose(
    tx: &mut AnyConnection,
    at: Millis,
    staff: StaffId,
    times: Option<&Times>,
) -> Result<(), Error> {
    query("delete from mail_choices where staff = $1")
        .bind(staff.to_string())
        .execute(&mut *tx)
        .await?;
    if let Some(times) = times {
        query("insert into mail_choices (staff, times, changed_at) values ($1, $2, $3)")
            .bind(staff.to_string())
            .bind(json(times))
            .bind(at)
            .execute(&mut *tx)
            .await?;
    }
    query("update mail_jobs set state = 'given_up', last_error = 'changed' where staff = $1 and state = 'waiting'")
        .bind(staff.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// What everyone who works here wants.
///
/// # Errors
/// What the database says.
pub async fn wishes(db: &AnyPool) -> Result<Vec<Wish>, Error> {
    let usual = usual(db).await?;
    let rows = query(
        "select p.id, p.made_at, c.times, c.changed_at from staff p \
         left join mail_choices c on c.staff = p.id where p.stopped_at is null",
    )
    .fetch_all(db)
    .await?;
    let wish = |row: &sqlx::any::AnyRow| {
        let made_at: Millis = row.try_get(1)?;
        let own: Option<String> = row.try_get(2)?;
        let changed_at: Option<Millis> = row.try_get(3)?;
        let (times, since) = match own {
            Some(own) => (read_times(own)?, changed_at.unwrap_or_default()),
            None => (usual.times.clone(), usual.since.max(made_at)),
        };
        Ok(Wish {
            staff: read_id(row.try_get(0)?)?,
            times,
            since,
        })
    };
    rows.iter().map(wish).collect()
}

fn read_times(text: String) -> Result<Times, Error> {
    serde_json::from_str(&text)
        .map_err(|problem| Error::Internal(format!("stored times: {problem}")))
}

/// The jobs that are there for times after `since`, in whatever state.
///
/// # Errors
/// What the database says.
pub async fn known(db: &AnyPool, since: Millis) -> Result<HashSet<(StaffId, Millis)>, Error> {
    let rows = query("select staff, due_at from mail_jobs where due_at > $1")
        .bind(since)
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?)))
        .collect()
}

/// Whether a job still waits for a time before `since`.
///
/// # Errors
/// What the database says.
pub async fn has_late(db: &AnyPool, since: Millis) -> Result<bool, Error> {
    let row = query("select 1 from mail_jobs where state = 'waiting' and due_at <= $1 limit 1")
        .bind(since)
        .fetch_optional(db)
        .await?;
    Ok(row.is_some())
}

/// Adds a job for each; one that is there already stays as it is. Gives up those of times up to `since`.
///
/// # Errors
/// What the database says.
pub async fn plan(
    tx: &mut AnyConnection,
    due: &[(StaffId, Millis)],
    since: Millis,
) -> Result<(), Error> {
    query("update mail_jobs set state = 'given_up', last_error = 'late' where state = 'waiting' and due_at <= $1")
        .bind(since)
        .execute(&mut *tx)
        .await?;
    for (staff, at) in due {
        query(
            "insert into mail_jobs (staff, due_at, state, attempts, next_at) \
             values ($1, $2, 'waiting', 0, $2) on conflict (staff, due_at) do nothing",
        )
        .bind(staff.to_string())
        .bind(*at)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// The jobs to try now.
///
/// # Errors
/// What the database says.
pub async fn ready(db: &AnyPool, now: Millis) -> Result<Vec<Job>, Error> {
    let rows = query(
        "select staff, due_at, attempts from mail_jobs \
         where state = 'waiting' and next_at <= $1 order by due_at, staff",
    )
    .bind(now)
    .fetch_all(db)
    .await?;
    let job = |row: &sqlx::any::AnyRow| {
        Ok(Job {
            staff: read_id(row.try_get(0)?)?,
            due_at: row.try_get(1)?,
            attempts: row.try_get(2)?,
        })
    };
    rows.iter().map(job).collect()
}

/// Takes a job for sending; false if it does not wait any more.
///
/// # Errors
/// What the database says.
pub async fn claim(tx: &mut AnyConnection, job: &Job) -> Result<bool, Error> {
    let done = query(
        "update mail_jobs set state = 'claimed', attempts = attempts + 1 \
         where staff = $1 and due_at = $2 and state = 'waiting'",
    )
    .bind(job.staff.to_string())
    .bind(job.due_at)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says what became of it.
///
/// # Errors
/// What the database says.
pub async fn set(
    tx: &mut AnyConnection,
    job: &Job,
    state: State,
    why: Option<String>,
) -> Result<(), Error> {
    query("update mail_jobs set state = $3, last_error = $4 where staff = $1 and due_at = $2")
        .bind(job.staff.to_string())
        .bind(job.due_at)
        .bind(state.word())
        .bind(why)
        .execute(tx)
        .await?;
    Ok(())
}

/// It was certainly not sent: tries again at `next_at`.
///
/// # Errors
/// What the database says.
pub async fn later(
    tx: &mut AnyConnection,
    job: &Job,
    next_at: Millis,
    why: String,
) -> Result<(), Error> {
    query(
        "update mail_jobs set state = 'waiting', attempts = $3, next_at = $4, last_error = $5 \
         where staff = $1 and due_at = $2 and state in ('waiting', 'claimed')",
    )
    .bind(job.staff.to_string())
    .bind(job.due_at)
    .bind(job.attempts + 1)
    .bind(next_at)
    .bind(why)
    .execute(tx)
    .await?;
    Ok(())
}

/// How many things wait for someone: what their desk counts as not looked at.
///
/// # Errors
/// What the database says.
pub async fn waiting(db: &AnyPool, staff: StaffId) -> Result<i64, Error> {
    let Some(who) = accounts::find(db, staff).await? else {
        return Ok(0);
    };
    let reach = Reach::of(&who);
    let new = sign_ups::count_new(db, reach).await?;
    let peers = match reach.may_match(db).await? {
        true => peers::count_waiting(db, staff).await?,
        false => 0,
    };
    if !who.role.has_teams() {
        return Ok(new + peers);
    }
    let [check_ins, ..] = check_ins::counts(db, staff).await?;
    let plans = plans::count_new(db, staff).await?;
    let [_, experiences, ..] = experiences::counts(db, staff).await?;
    let records = records::count_new(db, staff).await?;
    Ok(new + check_ins + plans + experiences + peers + records)
}

/// The address of someone who works here.
///
/// # Errors
/// What the database says.
pub async fn address(db: &AnyPool, staff: StaffId) -> Result<Option<String>, Error> {
    let row = query("select email from staff where id = $1 and stopped_at is null")
        .bind(staff.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// What became of someone's last job.
///
/// # Errors
/// What the database says.
pub async fn last(db: &AnyPool, staff: StaffId) -> Result<Option<(Millis, State)>, Error> {
    let row =
        query("select due_at, state from mail_jobs where staff = $1 order by due_at desc limit 1")
            .bind(staff.to_string())
            .fetch_optional(db)
            .await?;
    row.map(|row| {
        let word: String = row.try_get(1)?;
        Ok((row.try_get(0)?, State::read(&word)))
    })
    .transpose()
}
