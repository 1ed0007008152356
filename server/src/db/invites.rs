//! Invitations to work here. Of the address that is passed on only a hash stands here.

use super::{
    staff::{Role, tidy_email},
    word::{json, read_id, read_json},
};
use crate::error::Error;
use app::domain::{
    id::{StaffId, TeamId},
    time::Millis,
};
use sqlx::{AnyConnection, Row as _, any::AnyExecutor, any::AnyRow, query};

/// An invitation that is open, though its address may have ended.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Its id, and that of the account that it becomes.
    pub id: StaffId,
    /// What they will sign in with.
    pub email: String,
    /// The first name that members will see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their own teams.
    pub teams: Vec<TeamId>,
    /// The first name of who invited them.
    pub by: String,
    /// When its address ends.
    pub ends_at: Millis,
}

macro_rules! select_open {
    ($more:literal) => {
        concat!(
            "select i.id, i.email, i.name, i.role, i.teams, i.ends_at, s.name as by_name \
             from staff_invites i join staff s on s.id = i.made_by where i.state = 'open' ",
            $more
        )
    };
}

fn read(row: &AnyRow) -> Result<Invite, Error> {
    let (role, teams): (String, String) = (row.try_get("role")?, row.try_get("teams")?);
    Ok(Invite {
        id: read_id(row.try_get("id")?)?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: Role::read(&role),
        teams: read_json(Some(&teams))?.unwrap_or_default(),
        by: row.try_get("by_name")?,
        ends_at: row.try_get("ends_at")?,
    })
}

/// The open ones, by name.
///
/// # Errors
/// What the database says.
pub async fn open(db: impl AnyExecutor<'_>) -> Result<Vec<Invite>, Error> {
    let rows = query(select_open!("order by i.name, i.id"))
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// An open one, by id.
///
/// # Errors
/// What the database says.
pub async fn find(db: impl AnyExecutor<'_>, id: StaffId) -> Result<Option<Invite>, Error> {
    let row = query(select_open!("and i.id = $1")).bind(id.to_string());
    let row = row.fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The open one that an address leads to, until it ends.
///
/// # Errors
/// What the database says.
pub async fn by_hash(
    db: impl AnyExecutor<'_>,
    hash: &str,
    now: Millis,
) -> Result<Option<Invite>, Error> {
    let row = query(select_open!("and i.hash = $1 and i.ends_at > $2"));
    let row = row.bind(hash.to_owned()).bind(now);
    let row = row.fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The id of the open invitation of this email.
///
/// # Errors
/// What the database says.
pub async fn of_email(db: impl AnyExecutor<'_>, email: &str) -> Result<Option<StaffId>, Error> {
    let row = query("select id from staff_invites where email = $1 and state = 'open'")
        .bind(tidy_email(email))
        .fetch_optional(db)
        .await?;
    row.map(|row| read_id(row.try_get(0)?)).transpose()
}

/// The address of an invitation: the hash of its secret, and when it ends.
#[derive(Clone, Debug)]
pub struct Address {
    /// SHA-256, hex.
    pub hash: String,
    /// When it ends.
    pub ends_at: Millis,
}

/// Adds one that `by` made; `new` says all but who made it and where it ends.
///
/// # Errors
/// What the database says.
pub async fn add(
    tx: &mut AnyConnection,
    by: StaffId,
    now: Millis,
    new: &Invite,
    address: &Address,
) -> Result<(), Error> {
    query(
        "insert into staff_invites (id, email, name, role, teams, hash, made_by, made_at, ends_at, state) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open')",
    )
    .bind(new.id.to_string())
    .bind(tidy_email(&new.email))
    .bind(new.name.clone())
    .bind(new.role.word())
    .bind(json(&new.teams))
    .bind(address.hash.clone())
    .bind(by.to_string())
    .bind(now)
    .bind(address.ends_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives an open one another address: the last one leads nowhere any more.
///
/// # Errors
/// What the database says.
pub async fn renew(tx: &mut AnyConnection, id: StaffId, address: &Address) -> Result<(), Error> {
    query("update staff_invites set hash = $2, ends_at = $3 where id = $1 and state = 'open'")
        .bind(id.to_string())
        .bind(address.hash.clone())
        .bind(address.ends_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends an open one: it was used, or taken back. False if it was no longer open.
///
/// # Errors
/// What the database says.
pub async fn end(tx: &mut AnyConnection, id: StaffId, was_used: bool) -> Result<bool, Error> {
    let state = if was_used { "used" } else { "revoked" };
    let done =
        query("update staff_invites set hash = null, state = $2 where id = $1 and state = 'open'")
            .bind(id.to_string())
            .bind(state)
            .execute(tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// The open ones that `by` made.
///
/// # Errors
/// What the database says.
pub async fn made_by(db: impl AnyExecutor<'_>, by: StaffId) -> Result<Vec<StaffId>, Error> {
    let rows = query("select id from staff_invites where made_by = $1 and state = 'open'")
        .bind(by.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}
