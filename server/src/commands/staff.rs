//! What staff do, through the same rules, the same writer and the same feed as members' commands.

use super::{
    care::{self, CareAction},
    push,
    world::{Wanted, World},
};
use crate::{
    db::{audit, reach::Reach, staff},
    error::Error,
    state::Arrival,
};
use app::domain::{
    attendee::Attendance,
    care::Not,
    id::{CheckInId, SignUpId, StaffId},
    places::{Moved, Places, Standing},
    record::kind,
    sign_up::{self, SignUpState},
    time::{Millis, rfc3339},
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// Something that a member of staff does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffAction {
    /// Really opens a sign-up: the first one to do so is who saw it.
    OpenSignUp(SignUpId),
    /// Gives a place.
    Confirm {
        /// The sign-up.
        sign_up: SignUpId,
        /// What the member reads with it; goes only if there was a place to give.
        message: Option<String>,
    },
    /// Holds a place until the member answers.
    Offer {
        /// The sign-up.
        sign_up: SignUpId,
        /// What the member reads with it; goes only if there was a place to hold.
        message: Option<String>,
    },
    /// Says whether the member came.
    Attend(Attendance),
    /// Says thank you, and what was paid.
    Thank {
        /// The sign-up.
        sign_up: SignUpId,
        /// What was paid; none leaves what was noted before.
        paid: Option<Paid>,
        /// What the member reads.
        message: Option<String>,
    },
    /// Cancels with words for the member.
    Cancel {
        /// The sign-up.
        sign_up: SignUpId,
        /// What the member reads.
        message: String,
    },
    /// Writes a note for staff. It never leaves the server.
    Note {
        /// The sign-up.
        sign_up: SignUpId,
        /// The note; none clears it.
        note: Option<String>,
    },
    /// Reads a shared check-in: written in the audit log each time, and the first one is who saw it.
    OpenCheckIn(CheckInId),
    /// Reads a shared plan: the same.
    OpenPlan(Uuid),
    /// Looks after a shared check-in.
    Care(CheckInId, CareAction),
}

/// What was paid for taking part, in pence; none where none is noted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    /// Travel.
    pub travel: Option<i64>,
    /// The thank-you.
    pub payment: Option<i64>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffDone {
    /// It is done.
    Done,
    /// No place was free: it waits at this position.
    Waits(u32),
    /// It had ended meanwhile: nothing was changed.
    NoLonger,
    /// Nothing was changed, and why.
    Not(Not),
}

/// Does it.
///
/// # Errors
/// [`Error::NotFound`] for what is not there or not open to this member of staff; what the database says.
pub async fn act(
    transaction: &mut AnyConnection,
    now: Millis,
    by: StaffId,
    action: StaffAction,
) -> Result<(StaffDone, Vec<Arrival>), Error> {
    let who = staff::find(&mut *transaction, by)
        .await?
        .ok_or(Error::Forbidden)?;
    if let Subject::SignUp(id) = action.subject() {
        let reach = Reach::of(&who);
        reach.sign_up(&mut *transaction, id).await?;
        if reach != Reach::All && matches!(action, StaffAction::Note { .. }) {
            return Err(Error::Forbidden);
        }
    }
    let mut wanted = Wanted::default();
    match action.subject() {
        Subject::SignUp(id) => wanted.sign_ups.insert(id),
        Subject::CheckIn(id) => wanted.check_ins.insert(id),
        Subject::Plan(id) => {
            wanted.plans.add(id);
            true
        }
    };
    let mut world = World::load(transaction, now, wanted).await?;
    let team = match action.subject() {
        Subject::SignUp(_) => None,
        Subject::CheckIn(id) => Some(world.check_in(id).ok_or(Error::NotFound)?.team),
        Subject::Plan(id) => {
            let row = world.plan(id).filter(|row| row.record.stands());
            Some(row.ok_or(Error::NotFound)?.team)
        }
    };
    if let Some(team) = team
        && !staff::reads(transaction, by, team).await?
    {
        return Err(Error::NotFound);
    }
    let (kind, subject) = action.subject().parts();
    let name = action.name();
    let done = match action {
        StaffAction::Care(id, action) => {
            care::act(transaction, &mut world, (by, &who.name), id, action).await?
        }
        action => decide(&mut world, &who.name, by, action)?,
    };
    // What was refused, or came too late, was not done.
    if !matches!(done, StaffDone::Not(_) | StaffDone::NoLonger) {
        audit::add(transaction, now, by, name, (kind, subject), team).await?;
    }
    Ok((done, world.write(transaction).await?))
}

enum Subject {
    SignUp(SignUpId),
    CheckIn(CheckInId),
    Plan(Uuid),
}

impl Subject {
    fn parts(&self) -> (&'static str, Uuid) {
        match self {
            Self::SignUp(id) => (kind::SIGN_UP, id.0),
            Self::CheckIn(id) => (kind::CHECK_IN, id.0),
            Self::Plan(id) => (kind::PLAN, *id),
        }
    }
}

impl StaffAction {
    /// Whether it may take away something that someone wrote: a sign-up that ends keeps nothing of
    /// what its member wrote, and a new note or message takes the place of the last.
    pub fn takes_away(&self) -> bool {
        match self {
            Self::Cancel { .. } | Self::Note { .. } => true,
            Self::Confirm { message, .. }
            | Self::Offer { message, .. }
            | Self::Thank { message, .. } => message.is_some(),
            Self::OpenSignUp(_)
            | Self::Attend(_)
            | Self::OpenCheckIn(_)
            | Self::OpenPlan(_)
            | Self::Care(..) => false,
        }
    }

    fn subject(&self) -> Subject {
        match self {
            Self::OpenSignUp(sign_up)
            | Self::Confirm { sign_up, .. }
            | Self::Offer { sign_up, .. }
            | Self::Thank { sign_up, .. }
            | Self::Attend(Attendance { sign_up, .. })
            | Self::Cancel { sign_up, .. }
            | Self::Note { sign_up, .. } => Subject::SignUp(*sign_up),
            Self::OpenCheckIn(check_in) | Self::Care(check_in, _) => Subject::CheckIn(*check_in),
            Self::OpenPlan(plan) => Subject::Plan(*plan),
        }
    }

    /// As it stands in the audit log.
    fn name(&self) -> &'static str {
        match self {
            Self::OpenSignUp(_) => "sign_up.read",
            Self::Confirm { .. } => "sign_up.confirm",
            Self::Offer { .. } => "sign_up.offer",
            Self::Attend(said) if said.came => "sign_up.came",
            Self::Attend(_) => "sign_up.not_there",
            Self::Thank { .. } => "sign_up.thank",
            Self::Cancel { .. } => "sign_up.cancel",
            Self::Note { .. } => "sign_up.note",
            Self::OpenCheckIn(_) => "check_in.read",
            Self::OpenPlan(_) => "plan.read",
            Self::Care(_, action) => action.name(),
        }
    }
}

fn decide(
    world: &mut World,
    name: &str,
    by: StaffId,
    action: StaffAction,
) -> Result<StaffDone, Error> {
    match action {
        StaffAction::OpenSignUp(id) => open_sign_up(world, name, by, id),
        StaffAction::OpenCheckIn(id) => open_check_in(world, name, by, id),
        StaffAction::OpenPlan(id) => {
            world.see_plan(id, (by, name));
            Ok(StaffDone::Done)
        }
        StaffAction::Confirm { sign_up, message } => {
            give(world, sign_up, message, sign_up::confirm)
        }
        StaffAction::Offer { sign_up, message } => {
            let now = world.now;
            give(world, sign_up, message, |id, state, places| {
                sign_up::offer(id, state, places, now)
            })
        }
        StaffAction::Attend(said) => {
            world.sign_up(said.sign_up).ok_or(Error::NotFound)?;
            Ok(match push::attend(world, said, by.0) {
                Ok(()) => StaffDone::Done,
                Err(_) => StaffDone::NoLonger,
            })
        }
        StaffAction::Thank {
            sign_up,
            paid,
            message,
        } => thank(world, sign_up, paid, message),
        StaffAction::Cancel { sign_up, message } => cancel(world, sign_up, message),
        StaffAction::Note { sign_up, note } => {
            let row = world.sign_up(sign_up).ok_or(Error::NotFound)?;
            if row.record.state == SignUpState::Withdrawn {
                return Ok(StaffDone::NoLonger);
            }
            let row = world.edit_sign_up(sign_up).ok_or(Error::NotFound)?;
            row.staff_note = note;
            Ok(StaffDone::Done)
        }
        // Decided with the database at hand, before this.
        StaffAction::Care(..) => Ok(StaffDone::Done),
    }
}

fn open_sign_up(
    world: &mut World,
    name: &str,
    by: StaffId,
    id: SignUpId,
) -> Result<StaffDone, Error> {
    let now = world.now;
    let mut record = world.sign_up(id).ok_or(Error::NotFound)?.record.clone();
    if record.see(name, &rfc3339(now))
        && let Some(row) = world.edit_sign_up(id)
    {
        row.record = record;
        row.seen_by = Some(by);
        row.seen_at = Some(now);
    }
    Ok(StaffDone::Done)
}

fn open_check_in(
    world: &mut World,
    name: &str,
    by: StaffId,
    id: CheckInId,
) -> Result<StaffDone, Error> {
    let now = world.now;
    let mut record = world.check_in(id).ok_or(Error::NotFound)?.record.clone();
    if record.see(name, &rfc3339(now))
        && let Some(row) = world.edit_check_in(id)
    {
        row.record = record;
        row.seen_by = Some(by);
        row.seen_at = Some(now);
    }
    Ok(StaffDone::Done)
}

/// Gives a place, or holds one; where none is free the sign-up waits.
fn give(
    world: &mut World,
    id: SignUpId,
    message: Option<String>,
    rule: impl FnOnce(SignUpId, SignUpState, &mut Places) -> Option<(Standing, Moved)>,
) -> Result<StaffDone, Error> {
    let row = world.sign_up(id).ok_or(Error::NotFound)?;
    let (state, session) = (row.record.state, row.session);
    let places = world.places(session).ok_or(Error::NotFound)?;
    let Some((standing, moved)) = rule(id, state, places) else {
        return Ok(StaffDone::NoLonger);
    };
    if standing.state.holds_place()
        && message.is_some()
        && let Some(row) = world.edit_sign_up(id)
    {
        row.record.message = message;
    }
    world.stand(id, standing);
    world.move_all(moved);
    Ok(match standing.position {
        Some(position) => StaffDone::Waits(position),
        None => StaffDone::Done,
    })
}

/// Thanks whoever came. Thanked before, what is noted as paid is noted anew.
fn thank(
    world: &mut World,
    id: SignUpId,
    paid: Option<Paid>,
    message: Option<String>,
) -> Result<StaffDone, Error> {
    let state = world.sign_up(id).ok_or(Error::NotFound)?.record.state;
    match sign_up::thank(state) {
        Some(standing) => world.stand(id, standing),
        None if state == SignUpState::Thanked => {}
        None => return Ok(StaffDone::NoLonger),
    }
    let now = world.now;
    if let Some(row) = world.edit_sign_up(id) {
        row.thanks.at = row.thanks.at.or(Some(now));
        if let Some(Paid { travel, payment }) = paid {
            (row.thanks.travel, row.thanks.payment) = (travel, payment);
        }
        row.record.message = message.or(row.record.message.take());
    }
    Ok(StaffDone::Done)
}

fn cancel(world: &mut World, id: SignUpId, message: String) -> Result<StaffDone, Error> {
    let row = world.sign_up(id).ok_or(Error::NotFound)?;
    let (state, session) = (row.record.state, row.session);
    let now = world.now;
    let places = world.places(session).ok_or(Error::NotFound)?;
    let Some(moved) = sign_up::cancel(id, state, places, now) else {
        return Ok(StaffDone::NoLonger);
    };
    if let Some(row) = world.edit_sign_up(id) {
        row.record.message = Some(message);
    }
    world.stand(id, Standing::is(SignUpState::Cancelled));
    world.move_all(moved);
    Ok(StaffDone::Done)
}
