//! What staff do with a shared thing: the rules of `app::domain::care`, over what is stored.

use super::{
    experiences,
    staff::StaffDone,
    world::{Wanted, World},
};
use crate::{
    db::{check_ins, hand_overs::HandOver, staff},
    error::Error,
    state::Arrival,
};
use app::domain::{
    care::{By, Not},
    check_in::CheckInState,
    id::{CheckInId, StaffId},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// Something that a member of staff does with a shared thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CareAction {
    /// Takes it on.
    TakeOn,
    /// Gives it to a colleague of the team or its cover.
    HandOver {
        /// Who has it from now on.
        to: StaffId,
        /// For staff. It never leaves the server.
        note: Option<String>,
    },
    /// Replies to the person.
    Reply {
        /// The message's id, made with its form: pressing twice says it once.
        message: Uuid,
        /// What the person reads.
        text: String,
    },
    /// Says that they rang.
    Rang {
        /// The message's id.
        message: Uuid,
    },
    /// Closes it.
    Close {
        /// How many messages they had read.
        read: usize,
    },
    /// Says that they copied it to the person's record elsewhere.
    CopyToRecord,
}

impl CareAction {
    /// As it stands in the audit log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TakeOn => "check_in.take_on",
            Self::HandOver { .. } => "check_in.hand_over",
            Self::Reply { .. } => "check_in.reply",
            Self::Rang { .. } => "check_in.rang",
            Self::Close { .. } => "check_in.close",
            Self::CopyToRecord => "check_in.copied",
        }
    }
}

/// Does it. `name` is the first name of `by`, who reads what is shared with this team.
///
/// # Errors
/// [`Error::NotFound`] for what is not there, and for a colleague who does not read for the team; what
/// the database says.
pub async fn act(
    transaction: &mut AnyConnection,
    world: &mut World,
    (by, name): (StaffId, &str),
    id: CheckInId,
    action: CareAction,
) -> Result<StaffDone, Error> {
    let at = rfc3339(world.now);
    let me = By {
        id: by,
        name,
        at: &at,
    };
    let done = match action {
        CareAction::TakeOn => world.care_for(id, |care| care.take_on(me)),
        CareAction::Reply { message, text } => {
            world.care_for(id, |care| care.reply(me, message, Some(text)))
        }
        CareAction::Rang { message } => world.care_for(id, |care| care.reply(me, message, None)),
        CareAction::Close { read } => world.care_for(id, |care| care.close(me, read)),
        CareAction::CopyToRecord => world.care_for(id, |care| care.copied_to_record(me)),
        CareAction::HandOver { to, note } => {
            Some(hand_over(transaction, world, id, (me, to), note).await?)
        }
    };
    Ok(match done.ok_or(Error::NotFound)? {
        Ok(()) => StaffDone::Done,
        Err(why) => StaffDone::Not(why),
    })
}

async fn hand_over(
    transaction: &mut AnyConnection,
    world: &mut World,
    id: CheckInId,
    (me, to): (By<'_>, StaffId),
    note: Option<String>,
) -> Result<Result<(), Not>, Error> {
    let team = world.check_in(id).ok_or(Error::NotFound)?.team;
    if !staff::reads(transaction, to, team).await? {
        return Err(Error::NotFound);
    }
    let colleague = staff::find(&mut *transaction, to).await?;
    let colleague = colleague.ok_or(Error::NotFound)?;
    let gets = By {
        id: to,
        name: &colleague.name,
        at: me.at,
    };
    let done = world.care_for(id, |care| care.hand_over(gets));
    if done == Some(Ok(())) {
        world.hand_over(HandOver {
            subject: (kind::CHECK_IN, id.0),
            at: world.now,
            by: me.id,
            to,
            note,
        });
    }
    done.ok_or(Error::NotFound)
}

/// How many are marked in one piece of work.
const AT_ONCE: i64 = 200;

/// Marks what nobody opened in the reading time that was promised: the person is told, and it stands
/// first on the desk.
///
/// # Errors
/// What the database says.
pub async fn reading_times_passed(
    transaction: &mut AnyConnection,
    now: Millis,
) -> Result<Vec<Arrival>, Error> {
    let mut arrivals = experiences::reading_times_passed(transaction, now).await?;
    let late = check_ins::passed(transaction, now, AT_ONCE).await?;
    if late.is_empty() {
        return Ok(arrivals);
    }
    let wanted = Wanted {
        check_ins: late.iter().copied().collect(),
        ..Wanted::default()
    };
    let mut world = World::load(transaction, now, wanted).await?;
    for id in late {
        if let Some(row) = world.edit_check_in(id)
            && row.record.state == CheckInState::Sent
        {
            row.record.passed_at = row.due_at.map(rfc3339);
        }
    }
    arrivals.extend(world.write(transaction).await?);
    Ok(arrivals)
}
