//! Helping a member with their phones. Each time it is written down who asked and how they were known,
//! in the same transaction as the audit line and what is done: without it nothing is done.

use crate::{
    clock,
    commands::incoming::HashKey,
    db::{
        audit, devices, leaving,
        phone_requests::{self, Asked},
        staff::Staff,
    },
    error::Error,
    phones::{self, Code},
};
use app::domain::{
    id::{DeviceId, MemberId, TeamId},
    record::kind,
};
use sqlx::AnyConnection;

/// The audit line and the request of a code for a new phone.
pub const NEW_PHONE: &str = "member.new_phone";
/// The same for a lost phone.
pub const LOST: &str = "device.lost";

/// Whom staff help: only who was found through what they may see.
#[derive(Clone, Copy, Debug)]
pub struct Helped {
    /// The member.
    pub member: MemberId,
    /// Their team.
    pub team: Option<TeamId>,
}

/// "Same person, new phone": a code for somebody whom this member of staff knows.
///
/// # Errors
/// What the database says.
pub async fn new_phone(
    transaction: &mut AnyConnection,
    key: &HashKey,
    by: &Staff,
    helped: Helped,
    asked: &Asked,
) -> Result<Code, Error> {
    let now = clock::now_ms();
    let Helped { member, team } = helped;
    refuse_left(transaction, member).await?;
    let subject = (kind::MEMBER, member.0);
    audit::add(transaction, now, by.id, NEW_PHONE, subject, team).await?;
    let about = (member, None);
    phone_requests::add(transaction, now, by.id, about, NEW_PHONE, asked).await?;
    phones::make_code(transaction, key, member, Some(&by.name)).await
}

/// A member lost this phone: it clears itself when it next calls.
///
/// # Errors
/// [`Error::NotFound`] for a phone that is not theirs; what the database says.
pub async fn lost(
    transaction: &mut AnyConnection,
    by: &Staff,
    helped: Helped,
    device: DeviceId,
    asked: &Asked,
) -> Result<(), Error> {
    let now = clock::now_ms();
    let Helped { member, team } = helped;
    refuse_left(transaction, member).await?;
    let known = devices::find(&mut *transaction, member, device).await?;
    known.ok_or(Error::NotFound)?;
    let subject = (kind::DEVICE, device.0);
    audit::add(transaction, now, by.id, LOST, subject, team).await?;
    let about = (member, Some(device));
    phone_requests::add(transaction, now, by.id, about, LOST, asked).await?;
    devices::lose(transaction, member, device, Some(&by.name), now).await
}

/// Nobody can be helped any more who left since the page was opened.
async fn refuse_left(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    if leaving::has_left(transaction, member).await? {
        return Err(Error::NotFound);
    }
    Ok(())
}
