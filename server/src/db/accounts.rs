//! The accounts of those who work here, as admins look after them. A row is never removed: what someone
//! did keeps their name.

use super::{
    experiences,
    staff::{Role, Staff, join_teams},
    word::read_id,
};
use crate::error::Error;
use app::domain::{
    id::{StaffId, TeamId},
    time::Millis,
};
use sqlx::{AnyConnection, AnyPool, Row as _, any::AnyExecutor, any::AnyRow, query, query_scalar};

/// Someone who may be signed in.
#[derive(Clone, Debug)]
pub struct Present {
    /// Who.
    pub staff: Staff,
    /// What they sign in with.
    pub email: String,
    /// Whether a code is asked for beside the password.
    pub has_two_step: bool,
    /// Sessions of an earlier round have ended.
    pub round: i64,
}

/// Someone who works here; none once they were disabled.
///
/// # Errors
/// What the database says.
pub async fn present(db: impl AnyExecutor<'_>, id: StaffId) -> Result<Option<Present>, Error> {
    let row = query(
        "select email, name, role, session_round, \
         case when totp_key is null then 0 else 1 end as two_step \
         from staff where id = $1 and stopped_at is null",
    )
    .bind(id.to_string())
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let role: String = row.try_get("role")?;
        let two_step: i64 = row.try_get("two_step")?;
        Ok(Present {
            staff: Staff {
                id,
                name: row.try_get("name")?,
                role: Role::read(&role),
            },
            email: row.try_get("email")?,
            has_two_step: two_step == 1,
            round: row.try_get("session_round")?,
        })
    })
    .transpose()
}

/// An account on the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: StaffId,
    /// What they sign in with.
    pub email: String,
    /// The first name that members see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their own teams, by name.
    pub teams: Vec<(TeamId, String)>,
    /// Whether a code is asked for beside the password.
    pub has_two_step: bool,
    /// When they last signed in.
    pub signed_in_at: Option<Millis>,
    /// When the account was disabled; none while it is not.
    pub stopped_at: Option<Millis>,
}

/// Every account, by name; those that were disabled come last.
///
/// # Errors
/// What the database says.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<Line>, Error> {
    lines(connection, "").await
}

/// One account, disabled or not.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn find(connection: &mut AnyConnection, id: StaffId) -> Result<Line, Error> {
    let found = lines(connection, &id.to_string()).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

async fn lines(connection: &mut AnyConnection, id: &str) -> Result<Vec<Line>, Error> {
    let rows = query(
        "select id, email, name, role, signed_in_at, stopped_at, \
         case when totp_key is null then 0 else 1 end as two_step \
         from staff where $1 = '' or id = $1 \
         order by case when stopped_at is null then 0 else 1 end, name, id",
    )
    .bind(id)
    .fetch_all(&mut *connection)
    .await?;
    let mut lines: Vec<Line> = rows.iter().map(line).collect::<Result<_, Error>>()?;
    let teams = query(
        "select st.staff, t.id, t.name from staff_team st join teams t on t.id = st.team \
         where $1 = '' or st.staff = $1 order by t.name, t.id",
    )
    .bind(id)
    .fetch_all(connection)
    .await?;
    for row in &teams {
        let of: StaffId = read_id(row.try_get(0)?)?;
        let team = (read_id(row.try_get(1)?)?, row.try_get(2)?);
        if let Some(line) = lines.iter_mut().find(|line| line.id == of) {
            line.teams.push(team);
        }
    }
    Ok(lines)
}

fn line(row: &AnyRow) -> Result<Line, Error> {
    let role: String = row.try_get("role")?;
    let two_step: i64 = row.try_get("two_step")?;
    Ok(Line {
        id: read_id(row.try_get("id")?)?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: Role::read(&role),
        teams: Vec::new(),
        has_two_step: two_step == 1,
        signed_in_at: row.try_get("signed_in_at")?,
        stopped_at: row.try_get("stopped_at")?,
    })
}

/// Whether an account, disabled or not, has this email.
///
/// # Errors
/// What the database says.
pub async fn by_email(db: impl AnyExecutor<'_>, email: &str) -> Result<Option<StaffId>, Error> {
    let id: Option<String> = query_scalar("select id from staff where email = $1")
        .bind(super::staff::tidy_email(email))
        .fetch_optional(db)
        .await?;
    id.as_deref().map(read_id).transpose()
}

/// The hashed password of someone who works here.
///
/// # Errors
/// What the database says.
pub async fn password(db: &AnyPool, id: StaffId) -> Result<Option<String>, Error> {
    let found = query_scalar("select password from staff where id = $1 and stopped_at is null");
    Ok(found.bind(id.to_string()).fetch_optional(db).await?)
}

/// Whether another admin than this one can sign in.
///
/// # Errors
/// What the database says.
pub async fn has_other_admin(tx: &mut AnyConnection, id: StaffId) -> Result<bool, Error> {
    let other: Option<String> = query_scalar(
        "select id from staff where role = 'admin' and stopped_at is null and id <> $1 limit 1",
    )
    .bind(id.to_string())
    .fetch_optional(tx)
    .await?;
    Ok(other.is_some())
}

/// What admins change of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The first name that members see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their own teams; a lead has none.
    pub teams: Vec<TeamId>,
}

/// Changes an account.
///
/// # Errors
/// What the database says.
pub async fn change(tx: &mut AnyConnection, id: StaffId, to: &Details) -> Result<(), Error> {
    query("update staff set name = $2, role = $3 where id = $1")
        .bind(id.to_string())
        .bind(to.name.clone())
        .bind(to.role.word())
        .execute(&mut *tx)
        .await?;
    // Somebody whom members could pick may not be there for that any more.
    experiences::people::publish(&mut *tx).await?;
    query("delete from staff_team where staff = $1")
        .bind(id.to_string())
        .execute(&mut *tx)
        .await?;
    join_teams(tx, id, to.role, &to.teams).await
}

/// Disables an account, or enables it again (none).
///
/// # Errors
/// What the database says.
pub async fn stop(tx: &mut AnyConnection, id: StaffId, at: Option<Millis>) -> Result<(), Error> {
    query("update staff set stopped_at = $2 where id = $1")
        .bind(id.to_string())
        .bind(at)
        .execute(&mut *tx)
        .await?;
    experiences::people::publish(tx).await
}

/// Ends every session that someone has: a new round begins.
///
/// # Errors
/// What the database says.
pub async fn end_sessions(tx: &mut AnyConnection, id: StaffId) -> Result<(), Error> {
    query("update staff set session_round = session_round + 1 where id = $1")
        .bind(id.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives someone this hashed password.
///
/// # Errors
/// What the database says.
pub async fn set_password(tx: &mut AnyConnection, id: StaffId, hash: &str) -> Result<(), Error> {
    query("update staff set password = $2 where id = $1")
        .bind(id.to_string())
        .bind(hash.to_owned())
        .execute(tx)
        .await?;
    Ok(())
}

/// Someone signed in.
///
/// # Errors
/// What the database says.
pub async fn signed_in(tx: &mut AnyConnection, id: StaffId, now: Millis) -> Result<(), Error> {
    query("update staff set signed_in_at = $2 where id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
