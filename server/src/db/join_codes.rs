//! Join codes: what opens the door to members, until it ends, is full or is stopped.

use super::{members::normal_code, word::read_id};
use crate::error::Error;
use app::domain::{
    id::{MemberId, StaffId, TeamId},
    pair_code,
    time::Millis,
};
use sqlx::{AnyConnection, Row, query};

/// A code that opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinCode {
    /// The code as compared.
    pub code: String,
    /// The team it leads to, if to one.
    pub team: Option<TeamId>,
}

/// Why a code that was made does not open any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Staff stopped it.
    Stopped,
    /// Its last day has passed.
    Ended,
    /// As many have joined by it as may.
    Full,
}

/// A code to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCode {
    /// As people read it.
    pub shown: String,
    /// What staff know it by.
    pub name: Option<String>,
    /// The team it leads to, if to one.
    pub team: Option<TeamId>,
    /// From then on nobody joins by it.
    pub ends_at: Option<Millis>,
    /// How many may join by it.
    pub most: Option<i64>,
    /// Who made it; none for the program.
    pub made_by: Option<StaffId>,
}

/// Adds a code; whether it is new. One that is there is left as it is.
///
/// # Errors
/// [`Error::Malformed`] for one that looks like a code for another phone; what the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    new: &NewCode,
    now: Millis,
) -> Result<bool, Error> {
    if pair_code::read(&new.shown).is_some() {
        return Err(Error::Malformed);
    }
    let added = query(
        "insert into join_codes (code, shown, name, team, ends_at, most, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (code) do nothing",
    )
    .bind(normal_code(&new.shown))
    .bind(new.shown.clone())
    .bind(new.name.clone())
    .bind(new.team.map(|team| team.to_string()))
    .bind(new.ends_at)
    .bind(new.most)
    .bind(new.made_by.map(|staff| staff.to_string()))
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(added.rows_affected() > 0)
}

/// The code that was typed, if it opens now.
///
/// # Errors
/// [`Error::UnknownCode`]; [`Error::ClosedCode`]; what the database says.
pub async fn look(
    connection: &mut AnyConnection,
    typed: &str,
    now: Millis,
) -> Result<JoinCode, Error> {
    let code = normal_code(typed);
    let row = query("select team, stopped_at, ends_at, most, used from join_codes where code = $1")
        .bind(code.clone())
        .fetch_optional(connection)
        .await?
        .ok_or(Error::UnknownCode)?;
    let (stopped_at, ends_at): (Option<Millis>, Option<Millis>) =
        (row.try_get(1)?, row.try_get(2)?);
    let (most, used): (Option<i64>, i64) = (row.try_get(3)?, row.try_get(4)?);
    if stopped_at.is_some() {
        return Err(Error::ClosedCode(Closed::Stopped));
    }
    if ends_at.is_some_and(|ends_at| ends_at <= now) {
        return Err(Error::ClosedCode(Closed::Ended));
    }
    if most.is_some_and(|most| used >= most) {
        return Err(Error::ClosedCode(Closed::Full));
    }
    let team: Option<String> = row.try_get(0)?;
    Ok(JoinCode {
        code,
        team: team.as_deref().map(read_id).transpose()?,
    })
}

/// A member has joined by it, unless it closed since it was looked at: of many who are quick the last
/// place goes to one.
///
/// # Errors
/// As [`look`].
pub async fn join(
    transaction: &mut AnyConnection,
    code: &JoinCode,
    member: MemberId,
    now: Millis,
) -> Result<(), Error> {
    look(&mut *transaction, &code.code, now).await?;
    query("update join_codes set used = used + 1 where code = $1")
        .bind(code.code.clone())
        .execute(&mut *transaction)
        .await?;
    query("update members set join_code = $2 where id = $1")
        .bind(member.to_string())
        .bind(code.code.clone())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Stops a code; nothing changes where that was done already. Whether it was open until now.
///
/// # Errors
/// What the database says.
pub async fn stop(
    transaction: &mut AnyConnection,
    code: &str,
    by: StaffId,
    now: Millis,
) -> Result<bool, Error> {
    let stopped = query(
        "update join_codes set stopped_at = $2, stopped_by = $3 \
         where code = $1 and stopped_at is null",
    )
    .bind(code.to_owned())
    .bind(now)
    .bind(by.to_string())
    .execute(transaction)
    .await?;
    Ok(stopped.rows_affected() > 0)
}
