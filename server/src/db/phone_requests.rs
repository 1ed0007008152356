//! What staff write down when they help with somebody's phone.

use crate::error::Error;
use app::domain::{
    id::{DeviceId, MemberId, StaffId},
    time::Millis,
};
use sqlx::{AnyConnection, query};
use uuid::Uuid;

/// How the person was known, who asked and when, as staff wrote it down.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `in_person`, `known_number`, `other`.
    pub how: &'static str,
    /// Who asked.
    pub by: Option<String>,
    /// When they asked.
    pub when: Option<String>,
    /// In other words.
    pub words: Option<String>,
}

/// Writes it down.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    at: Millis,
    staff: StaffId,
    (member, device): (MemberId, Option<DeviceId>),
    action: &'static str,
    asked: &Asked,
) -> Result<(), Error> {
    query(
        "insert into phone_requests \
         (id, at, staff, member, action, device, how, asked_by, asked_when, words) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(at)
    .bind(staff.to_string())
    .bind(member.to_string())
    .bind(action)
    .bind(device.map(|device| device.to_string()))
    .bind(asked.how)
    .bind(asked.by.clone())
    .bind(asked.when.clone())
    .bind(asked.words.clone())
    .execute(transaction)
    .await?;
    Ok(())
}
