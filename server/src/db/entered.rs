//! Sign-ups that staff wrote down for someone.

use super::{
    reach::{Reach, within},
    word::read_id,
};
use crate::error::Error;
use app::domain::id::{SignUpId, StaffId, TeamId};
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow, query};

/// A session that takes people.
#[derive(Debug)]
pub struct Open {
    /// Its id.
    pub id: String,
    /// The opportunity's name.
    pub title: String,
    /// The session's wall-clock start.
    pub local_start: Option<String>,
}

/// Notes who wrote a sign-up down, and how it came. False if that is noted already.
///
/// # Errors
/// What the database says.
pub async fn mark(
    transaction: &mut AnyConnection,
    sign_up: SignUpId,
    by: StaffId,
    how: &'static str,
) -> Result<bool, Error> {
    let marked = query(
        "update sign_ups set entered_by = $1, entered_how = $2 where id = $3 and entered_by is null",
    )
    .bind(by.to_string())
    .bind(how)
    .bind(sign_up.to_string())
    .execute(transaction)
    .await?;
    Ok(marked.rows_affected() > 0)
}

/// The sessions that take people and that whoever asks reaches, soonest first.
///
/// # Errors
/// What the database says.
pub async fn open_sessions(db: &AnyPool, reach: Reach) -> Result<Vec<Open>, Error> {
    let rows = query(concat!(
        "select s.id, o.title, s.local_start from sessions s \
         join opportunities o on o.id = s.opportunity \
         where s.state = 'scheduled' and o.state = 'published' and ",
        within!("o.group_id", "$1"),
        " order by case when s.starts_at is null then 1 else 0 end, s.starts_at, o.title, s.id"
    ))
    .bind(reach.value())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Open {
                id: row.try_get(0)?,
                title: row.try_get(1)?,
                local_start: row.try_get(2)?,
            })
        })
        .collect()
}

/// Who wrote a sign-up down, by first name, and how it came; none if the member sent it.
///
/// # Errors
/// What the database says.
pub async fn of(db: &AnyPool, sign_up: &str) -> Result<Option<(String, String)>, Error> {
    let row = query(
        "select f.name, s.entered_how from sign_ups s join staff f on f.id = s.entered_by \
         where s.id = $1",
    )
    .bind(sign_up.to_owned())
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .transpose()
}

/// The teams that someone works in, by name.
///
/// # Errors
/// What the database says.
pub async fn teams_of(db: &AnyPool, staff: StaffId) -> Result<Vec<(TeamId, String)>, Error> {
    let rows = query(
        "select t.id, t.name from teams t join staff_team st on st.team = t.id \
         where st.staff = $1 order by t.name, t.id",
    )
    .bind(staff.to_string())
    .fetch_all(db)
    .await?;
    let read = |row: &AnyRow| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?));
    rows.iter().map(read).collect()
}
