//! Inviting someone to work here, by an address that works once. Each step is written down with who did
//! it, in the same transaction.

use super::accounts::{By, did};
use crate::{
    db::{
        accounts as db_accounts,
        invites::{self, Address, Invite},
        staff::{self, NewStaff},
    },
    error::Error,
};
use app::domain::{id::StaffId, time::Millis};
use rand::{Rng, rng};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use std::fmt::Write;

/// How long the address of an invitation works.
pub const LIVES_MS: Millis = 7 * 24 * 60 * 60 * 1000;
/// Why nobody can be invited under an email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// There is an account with it, disabled or not.
    Account,
    /// It was invited, and that is open.
    Invited,
}

/// The secret of an address that was just made: it stands here alone, and in no table.
#[derive(Clone, Debug)]
pub struct Secret {
    /// 192 random bits, in hex.
    pub text: String,
    /// When it ends.
    pub ends_at: Millis,
}

impl Secret {
    fn new(now: Millis) -> Self {
        let mut bytes = [0_u8; 24];
        rng().fill_bytes(&mut bytes);
        Self {
            text: hex(&bytes),
            ends_at: now + LIVES_MS,
        }
    }

    fn address(&self) -> Address {
        Address {
            hash: hash(&self.text),
            ends_at: self.ends_at,
        }
    }
}

fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// Invites someone; gives the secret of the address that leads them in.
///
/// # Errors
/// What the database says.
pub async fn invite(
    tx: &mut AnyConnection,
    by: By,
    new: &Invite,
) -> Result<Result<Secret, Taken>, Error> {
    if db_accounts::by_email(&mut *tx, &new.email).await?.is_some() {
        return Ok(Err(Taken::Account));
    }
    if invites::of_email(&mut *tx, &new.email).await?.is_some() {
        return Ok(Err(Taken::Invited));
    }
    let secret = Secret::new(by.at);
    invites::add(tx, by.staff, by.at, new, &secret.address()).await?;
    by.did(tx, did::INVITE, new.id).await?;
    Ok(Ok(secret))
}

/// Gives someone who was invited another address; the last one leads nowhere any more.
///
/// # Errors
/// [`Error::NotFound`]: they are not invited any more; what the database says.
pub async fn again(tx: &mut AnyConnection, by: By, id: StaffId) -> Result<(Invite, Secret), Error> {
    let found = invites::find(&mut *tx, id).await?;
    let invite = found.ok_or(Error::NotFound)?;
    let secret = Secret::new(by.at);
    invites::renew(tx, id, &secret.address()).await?;
    by.did(tx, did::INVITE_AGAIN, id).await?;
    Ok((invite, secret))
}

/// Takes an invitation back.
///
/// # Errors
/// [`Error::NotFound`]: they are not invited any more; what the database says.
pub async fn end(tx: &mut AnyConnection, by: By, id: StaffId) -> Result<(), Error> {
    if !invites::end(tx, id, false).await? {
        return Err(Error::NotFound);
    }
    by.did(tx, did::UNINVITE, id).await
}

/// Whom the secret of an address invites, while it works.
///
/// # Errors
/// What the database says.
pub async fn invited(
    connection: &mut AnyConnection,
    secret: &str,
    now: Millis,
) -> Result<Option<Invite>, Error> {
    invites::by_hash(connection, &hash(secret), now).await
}

/// Uses an address up: there is an account now, with this hashed password.
///
/// # Errors
/// [`Error::NotFound`]: it does not work (any more); what the database says.
pub async fn join(
    tx: &mut AnyConnection,
    secret: &str,
    password: String,
    now: Millis,
) -> Result<StaffId, Error> {
    let found = invited(&mut *tx, secret, now).await?;
    let invite = found.ok_or(Error::NotFound)?;
    // Someone may have added the account in a shell meanwhile.
    if db_accounts::by_email(&mut *tx, &invite.email)
        .await?
        .is_some()
    {
        return Err(Error::NotFound);
    }
    let id = invite.id;
    invites::end(tx, id, true).await?;
    let account = NewStaff {
        id,
        email: invite.email,
        name: invite.name,
        role: invite.role,
        password,
        teams: invite.teams,
    };
    staff::add(tx, &account, now).await?;
    let by = By { staff: id, at: now };
    by.did(tx, did::JOIN, id).await?;
    Ok(id)
}

/// Takes back all that someone made: an address in the hands of somebody who was shut out, or is no admin
/// any more, must not lead back in.
///
/// # Errors
/// What the database says.
pub async fn end_all(tx: &mut AnyConnection, by: By, made_by: StaffId) -> Result<(), Error> {
    for invite in invites::made_by(&mut *tx, made_by).await? {
        end(tx, by, invite).await?;
    }
    Ok(())
}
