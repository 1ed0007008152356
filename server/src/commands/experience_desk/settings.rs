//! Whom members can turn to about somebody who works here, as admins set it: independent people, and those outside of the
//! organisation. Each change is in the audit log, and on every phone at its next sync.

use super::By;
use crate::{
    db::{
        audit,
        experiences::people::{self, Named},
        staff::{self, Role},
    },
    error::Error,
};
use app::domain::{experience::speaking_up::Line, id::IndependentId, record::kind};
use sqlx::AnyConnection;
use uuid::Uuid;

/// Something that an admin sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpeakingUp {
    /// Names somebody, or changes what members read of them.
    Name(Named, i64),
    /// Names them no more.
    Unname(IndependentId),
    /// Adds somebody outside, or changes what members read of them.
    Put(Uuid, Line, i64),
    /// Takes them away.
    Remove(Uuid),
}

/// Sets it.
///
/// # Errors
/// [`Error::NotFound`] for an account that cannot be named; what the database says.
pub async fn set(tx: &mut AnyConnection, by: By, it: SpeakingUp) -> Result<(), Error> {
    match it {
        SpeakingUp::Name(named, place) => name(tx, by, &named, place).await,
        SpeakingUp::Unname(id) => {
            let account = people::account(&mut *tx, id).await?;
            let account = account.ok_or(Error::NotFound)?;
            people::unname(&mut *tx, id, by.1).await?;
            let subject = ("staff", account.0);
            audit::add(tx, by.1, by.0, "speaking_up.unname", subject, None).await
        }
        SpeakingUp::Put(id, line, place) => {
            people::put_line(&mut *tx, id, &line, place).await?;
            let subject = (kind::SPEAKING_UP, id);
            audit::add(tx, by.1, by.0, "speaking_up.line", subject, None).await
        }
        SpeakingUp::Remove(id) => {
            people::remove_line(&mut *tx, id).await?;
            let subject = (kind::SPEAKING_UP, id);
            audit::add(tx, by.1, by.0, "speaking_up.line_removed", subject, None).await
        }
    }
}

/// Who was named once stays the same person: what was sent to them is theirs to read.
async fn name(tx: &mut AnyConnection, by: By, named: &Named, place: i64) -> Result<(), Error> {
    let before = people::account(&mut *tx, named.shown.id).await?;
    if before.is_some_and(|before| before != named.staff) {
        return Err(Error::NotFound);
    }
    let account = staff::find(&mut *tx, named.staff).await?;
    account
        .filter(|account| account.role != Role::Lead)
        .ok_or(Error::NotFound)?;
    people::name(&mut *tx, named, place).await?;
    let subject = ("staff", named.staff.0);
    audit::add(tx, by.1, by.0, "speaking_up.name", subject, None).await
}
