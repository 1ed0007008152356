//! How each account signs in, as a database says: what a restore carries over, so that nobody who was
//! shut out, and no password that was changed, comes back with a backup.

use crate::error::Error;
use sqlx::{AnyConnection, query, query_as, query_scalar};

/// How one account signs in, and whether it may.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignIn {
    id: String,
    role: String,
    password: String,
    stopped_at: Option<i64>,
    totp_key: Option<String>,
    totp_step: Option<i64>,
    session_round: i64,
    #[sqlx(skip)]
    recovery_codes: Vec<String>,
}

/// Of every account.
///
/// # Errors
/// What the database says; it may be of a version that knows nothing of this.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<SignIn>, Error> {
    let mut all: Vec<SignIn> = query_as(
        "select id, role, password, stopped_at, totp_key, totp_step, session_round from staff",
    )
    .fetch_all(&mut *connection)
    .await?;
    for one in &mut all {
        one.recovery_codes = query_scalar("select hash from staff_recovery_codes where staff = $1")
            .bind(one.id.clone())
            .fetch_all(&mut *connection)
            .await?;
    }
    Ok(all)
}

/// Makes the same account sign in so here; one that is not here stays away. What signing out everywhere
/// ended stays ended.
///
/// # Errors
/// What the database says.
pub async fn carry(connection: &mut AnyConnection, it: &SignIn) -> Result<(), Error> {
    let done = query(
        "update staff set role = $2, password = $3, stopped_at = $4, totp_key = $5, totp_step = $6, \
         session_round = $7 where id = $1",
    )
    .bind(it.id.clone())
    .bind(it.role.clone())
    .bind(it.password.clone())
    .bind(it.stopped_at)
    .bind(it.totp_key.clone())
    .bind(it.totp_step)
    .bind(it.session_round)
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    query("delete from staff_recovery_codes where staff = $1")
        .bind(it.id.clone())
        .execute(&mut *connection)
        .await?;
    for hash in &it.recovery_codes {
        query("insert into staff_recovery_codes (staff, hash) values ($1, $2)")
            .bind(it.id.clone())
            .bind(hash.clone())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Takes every open invitation back: which of them were used or taken back since is not known.
///
/// # Errors
/// What the database says.
pub async fn end_invites(connection: &mut AnyConnection) -> Result<(), Error> {
    query("update staff_invites set hash = null, state = 'revoked' where state = 'open'")
        .execute(connection)
        .await?;
    Ok(())
}
