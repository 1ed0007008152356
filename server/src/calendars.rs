//! Private calendar addresses: the secret in each is made here, shown once, and kept as a hash alone.

use crate::{
    clock,
    db::{
        audit,
        calendars::{self as db, Whose},
        leads,
    },
    error::Error,
    staff::accounts::{By, did},
};
use app::domain::{
    id::{DeviceId, MemberId, OpportunityId, StaffId},
    record::kind,
};
use rand::{Rng, rng};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use uuid::Uuid;

/// The audit line of a member who made one. Nobody on the staff did it.
pub const MADE: &str = "calendar.make";
/// The audit line of a member who ended theirs.
pub const ENDED: &str = "calendar.end";

/// How the file of an address ends: calendars want it.
const ENDING: &str = ".ics";

/// The secret of an address: 256 random bits.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn new() -> Self {
        let mut bytes = [0_u8; 32];
        rng().fill_bytes(&mut bytes);
        Self(hex(&bytes))
    }

    /// The one in the last part of an address; none if no secret is of that shape.
    pub fn read(file: &str) -> Option<Self> {
        let text = file.strip_suffix(ENDING)?;
        let is_one = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then(|| Self(text.to_owned()))
    }

    /// What is kept of it. It is long and random, so that nobody finds it again.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }

    /// Its address on the server at `origin`.
    pub fn address(&self, origin: &str) -> String {
        format!("{origin}/calendar/{}{ENDING}", self.0)
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new()
    }
}

/// The address as calendars open it by themselves.
pub fn to_subscribe(address: &str) -> String {
    let behind = address.split_once("://").map_or(address, |(_, it)| it);
    format!("webcal://{behind}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes an address for a member who leads; the one there was ends.
///
/// # Errors
/// [`Error::Forbidden`] for who leads nothing; what the database says.
pub async fn make_for_lead(
    tx: &mut AnyConnection,
    member: MemberId,
    device: Option<DeviceId>,
    hash: &str,
) -> Result<(), Error> {
    if leads::led_by(tx, member).await?.is_empty() {
        return Err(Error::Forbidden);
    }
    let now = clock::now_ms();
    db::make(tx, Whose::Member(member), device, hash, now).await?;
    note(tx, MADE, member).await
}

/// Ends a member's address, if they have one.
///
/// # Errors
/// What the database says.
pub async fn end_for_lead(tx: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    if db::end(tx, Whose::Member(member)).await? {
        note(tx, ENDED, member).await?;
    }
    Ok(())
}

async fn note(tx: &mut AnyConnection, did: &'static str, member: MemberId) -> Result<(), Error> {
    let nobody = StaffId(Uuid::nil());
    let subject = (kind::MEMBER, member.0);
    audit::add(tx, clock::now_ms(), nobody, did, subject, None).await
}

/// Makes an address for someone who works here; the one there was ends. It tells of `only` these, or of all.
///
/// # Errors
/// What the database says.
pub async fn make_for_staff(
    tx: &mut AnyConnection,
    by: By,
    hash: &str,
    only: Option<&[OpportunityId]>,
) -> Result<(), Error> {
    db::make(tx, Whose::Staff(by.staff), None, hash, by.at).await?;
    db::pick(tx, by.staff, only).await?;
    by.did(tx, did::CALENDAR, by.staff).await
}

/// Ends the address of someone who works here, if they have one.
///
/// # Errors
/// What the database says.
pub async fn end_for_staff(tx: &mut AnyConnection, by: By) -> Result<(), Error> {
    if db::end(tx, Whose::Staff(by.staff)).await? {
        by.did(tx, did::CALENDAR_END, by.staff).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_its_address_and_never_twice_the_same() {
        let secret = Secret::new();
        let address = secret.address("https://chorus.example");
        let (_, file) = address.rsplit_once('/').unwrap();
        assert_eq!(Secret::read(file).unwrap().hash(), secret.hash());
        assert!(!address.contains(&secret.hash()));
        assert_ne!(Secret::new().hash(), secret.hash());
        assert_eq!(
            to_subscribe("https://chorus.example/calendar/a.ics"),
            "webcal://chorus.example/calendar/a.ics"
        );
    }

    #[test]
    fn what_is_of_another_shape_is_no_secret() {
        for text in ["", ".ics", "guessed.ics", "..%2f.ics"] {
            assert!(Secret::read(text).is_none(), "{text}");
        }
        assert!(Secret::read(&"a".repeat(64)).is_none());
    }
}
