//! What is done with the accounts of those who work here. Each is written down with who did it, in the
//! same transaction. There is always an admin who can sign in.

use super::invites;
use crate::{
    clock,
    db::{
        accounts::{self, Details},
        audit,
        calendars::{self, Whose},
        groups, peers,
        staff::Role,
        two_step,
    },
    error::Error,
};
use app::domain::{
    id::{StaffId, TeamId},
    time::Millis,
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// The kind of an audit line about an account.
pub const KIND: &str = "staff";
/// Who did what was done in a shell on the server itself.
pub const THE_SERVER: StaffId = StaffId(Uuid::nil());

/// What was done, as the audit log has it.
pub mod did {
    /// Invited someone.
    pub const INVITE: &str = "staff.invite";
    /// Made another address for someone who was invited.
    pub const INVITE_AGAIN: &str = "staff.invite_again";
    /// Took an invitation back.
    pub const UNINVITE: &str = "staff.uninvite";
    /// Used an invitation: there is an account now.
    pub const JOIN: &str = "staff.join";
    /// Changed what members call someone.
    pub const NAME: &str = "staff.name";
    /// Made someone an admin.
    pub const MAKE_ADMIN: &str = "staff.make_admin";
    /// Made someone one of the staff.
    pub const MAKE_STAFF: &str = "staff.make_staff";
    /// Made someone a lead, who runs their groups and sees nothing else.
    pub const MAKE_LEAD: &str = "staff.make_lead";
    /// Changed whose check-ins someone reads.
    pub const TEAMS: &str = "staff.teams";
    /// Disabled an account.
    pub const DISABLE: &str = "staff.disable";
    /// Enabled it again.
    pub const ENABLE: &str = "staff.enable";
    /// Signed someone, or oneself, out everywhere.
    pub const SIGN_OUT: &str = "staff.sign_out";
    /// Turned somebody's two-step sign-in off for them.
    pub const RESET_TWO_STEP: &str = "staff.reset_two_step";
    /// Turned one's own on.
    pub const TWO_STEP_ON: &str = "staff.two_step_on";
    /// Turned one's own off.
    pub const TWO_STEP_OFF: &str = "staff.two_step_off";
    /// Made new recovery codes.
    pub const NEW_CODES: &str = "staff.recovery_codes";
    /// Signed in with a recovery code.
    pub const RECOVERY: &str = "staff.recovery_used";
    /// Made oneself a private calendar address.
    pub const CALENDAR: &str = "staff.calendar";
    /// Ended one's own.
    pub const CALENDAR_END: &str = "staff.calendar_end";
    /// Changed a password.
    pub const PASSWORD: &str = "staff.password";
    /// Admins must use two-step sign-in from now on.
    pub const MUST: &str = "staff.two_step_must";
    /// They need not any more.
    pub const NEED_NOT: &str = "staff.two_step_need_not";
}

/// Who does it, and when.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Who.
    pub staff: StaffId,
    /// When.
    pub at: Millis,
}

impl By {
    /// This one, now.
    pub fn now(staff: StaffId) -> Self {
        Self {
            staff,
            at: clock::now_ms(),
        }
    }

    /// Writes down what was done with an account.
    ///
    /// # Errors
    /// What the database says.
    pub async fn did(
        self,
        tx: &mut AnyConnection,
        action: &'static str,
        account: StaffId,
    ) -> Result<(), Error> {
        audit::add(tx, self.at, self.staff, action, (KIND, account.0), None).await
    }
}

/// Whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was.
    Done,
    /// Not: this is the only admin who can sign in.
    LastAdmin,
}

/// Changes name, role and teams; each change is a line of the log.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn change(
    tx: &mut AnyConnection,
    by: By,
    id: StaffId,
    to: &Details,
) -> Result<Outcome, Error> {
    let was = accounts::find(&mut *tx, id).await?;
    let ends_as_admin = was.role == Role::Admin && to.role != Role::Admin;
    if ends_as_admin {
        if was.stopped_at.is_none() && !accounts::has_other_admin(&mut *tx, id).await? {
            return Ok(Outcome::LastAdmin);
        }
        invites::end_all(tx, by, id).await?;
    }
    accounts::change(tx, id, to).await?;
    if was.name != to.name || was.role != to.role {
        groups::publish_of_backup(tx, id).await?;
        peers::supporters::tell_all(tx).await?;
    }
    if was.name != to.name {
        by.did(tx, did::NAME, id).await?;
    }
    if was.role != to.role {
        let action = match to.role {
            Role::Staff => did::MAKE_STAFF,
            Role::Admin => did::MAKE_ADMIN,
            Role::Lead => did::MAKE_LEAD,
        };
        by.did(tx, action, id).await?;
    }
    if sorted(was.teams.into_iter().map(|(id, _)| id)) != sorted(to.teams.iter().copied()) {
        by.did(tx, did::TEAMS, id).await?;
    }
    Ok(Outcome::Done)
}

fn sorted(teams: impl Iterator<Item = TeamId>) -> Vec<TeamId> {
    let mut teams: Vec<TeamId> = teams.collect();
    teams.sort();
    teams
}

/// Disables an account: whoever has it is out at once, everywhere, and their calendar address ends. What they had to do keeps their name.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn disable(tx: &mut AnyConnection, by: By, id: StaffId) -> Result<Outcome, Error> {
    let was = accounts::find(&mut *tx, id).await?;
    if was.stopped_at.is_some() {
        return Ok(Outcome::Done);
    }
    if was.role == Role::Admin && !accounts::has_other_admin(&mut *tx, id).await? {
        return Ok(Outcome::LastAdmin);
    }
    invites::end_all(tx, by, id).await?;
    accounts::stop(tx, id, Some(by.at)).await?;
    groups::publish_of_backup(tx, id).await?;
    peers::supporters::tell_all(tx).await?;
    accounts::end_sessions(tx, id).await?;
    calendars::end(tx, Whose::Staff(id)).await?;
    by.did(tx, did::DISABLE, id).await?;
    Ok(Outcome::Done)
}

/// Enables an account again. No old session opens anything.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn enable(tx: &mut AnyConnection, by: By, id: StaffId) -> Result<(), Error> {
    let was = accounts::find(&mut *tx, id).await?;
    if was.stopped_at.is_none() {
        return Ok(());
    }
    accounts::stop(tx, id, None).await?;
    groups::publish_of_backup(tx, id).await?;
    peers::supporters::tell_all(tx).await?;
    by.did(tx, did::ENABLE, id).await
}

/// Ends every session that someone has, and their calendar address.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn sign_out(tx: &mut AnyConnection, by: By, id: StaffId) -> Result<(), Error> {
    accounts::find(&mut *tx, id).await?;
    accounts::end_sessions(tx, id).await?;
    calendars::end(tx, Whose::Staff(id)).await?;
    by.did(tx, did::SIGN_OUT, id).await
}

/// Turns two-step sign-in off for someone who lost their phone, and ends their sessions and their calendar address.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn reset_two_step(tx: &mut AnyConnection, by: By, id: StaffId) -> Result<(), Error> {
    accounts::find(&mut *tx, id).await?;
    two_step::turn_off(tx, id).await?;
    accounts::end_sessions(tx, id).await?;
    calendars::end(tx, Whose::Staff(id)).await?;
    by.did(tx, did::RESET_TWO_STEP, id).await
}

/// Gives someone a new hashed password, and ends their sessions.
///
/// # Errors
/// What the database says.
pub async fn set_password(
    tx: &mut AnyConnection,
    by: By,
    id: StaffId,
    password: &str,
) -> Result<(), Error> {
    accounts::set_password(tx, id, password).await?;
    accounts::end_sessions(tx, id).await?;
    by.did(tx, did::PASSWORD, id).await
}

/// Sets whether admins must use two-step sign-in.
///
/// # Errors
/// What the database says.
pub async fn ask_two_step_of_admins(
    tx: &mut AnyConnection,
    by: By,
    must: bool,
) -> Result<(), Error> {
    if two_step::is_for_admins(&mut *tx).await? == must {
        return Ok(());
    }
    two_step::set_for_admins(tx, must).await?;
    let action = if must { did::MUST } else { did::NEED_NOT };
    by.did(tx, action, StaffId(Uuid::nil())).await
}
