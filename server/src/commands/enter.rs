//! Staff write down a sign-up for someone who rang or filled in paper: through the same rules as the member's
//! own, in one transaction with the person, if they are new here.

use super::{incoming::Push, push};
use crate::{
    db::{
        audit, entered,
        members::{self, MemberRow},
        reach::Reach,
    },
    error::Error,
    state::Arrival,
};
use app::{
    domain::{
        id::{SignUpId, StaffId},
        record::kind,
        refusal::Refusal,
        time::Millis,
    },
    sync::wire::CommandOutcome,
};
use sqlx::AnyConnection;

/// As it stands in the audit log.
pub const ENTERED: &str = "sign_up.enter";

/// What is written down.
#[derive(Debug)]
pub struct Entry {
    /// The person, where they are new here.
    pub person: Option<MemberRow>,
    /// The sign-up's request.
    pub push: Push,
    /// The sign-up.
    pub sign_up: SignUpId,
    /// Who writes it down.
    pub by: StaffId,
    /// How it came: `rang`, `paper`, `in_person`.
    pub how: &'static str,
}

/// Writes it down; sent twice it is there once.
///
/// # Errors
/// [`Error::Refused`], [`Error::NotFound`] for a session out of reach, or what the database says: nothing is
/// written then.
pub async fn enter(
    transaction: &mut AnyConnection,
    now: Millis,
    entry: Entry,
) -> Result<Vec<Arrival>, Error> {
    if let Some(person) = &entry.person
        && members::by_id(&mut *transaction, person.id)
            .await?
            .is_none()
    {
        members::add(&mut *transaction, person, now).await?;
    }
    let pushed = push::apply(&mut *transaction, now, &[&entry.push]).await?;
    let outcomes = pushed.outcomes.into_iter().flatten();
    if let Some(why) = outcomes.filter_map(refused).next() {
        return Err(Error::Refused(why));
    }
    // Who writes it down reaches the session, or nothing is written.
    let reach = Reach::now(&mut *transaction, entry.by).await?;
    reach.sign_up(&mut *transaction, entry.sign_up).await?;
    let is_new = entered::mark(&mut *transaction, entry.sign_up, entry.by, entry.how).await?;
    if is_new {
        let subject = (kind::SIGN_UP, entry.sign_up.0);
        audit::add(transaction, now, entry.by, ENTERED, subject, None).await?;
    }
    Ok(pushed.arrivals)
}

fn refused(outcome: CommandOutcome) -> Option<Refusal> {
    let code = outcome.reason?.code;
    Refusal::ALL.into_iter().find(|why| why.code() == code)
}
