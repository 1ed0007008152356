//! What those who look after a group do inside of it: reading, writing, taking out of sight, looking at what was
//! reported, and who of its people leads or may not write for now. Everyone else is refused, admins too.

use super::{By, GroupDone, note};
use crate::{
    db::{
        audit,
        desk::groups as desk,
        groups::{
            GroupRow, leads,
            messages::{self, MessageRow, Writer},
            people::{self, PersonRow},
        },
    },
    error::Error,
};
use app::domain::{
    group::{Belongs, Change, GroupAct, MessageState, lead},
    id::PersonId,
    record::kind,
    time::{HOUR_MS, Millis},
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// That somebody opened what is written.
const READ: &str = "group.read";
/// How long a page stays the same opening, at most: a working day.
const OPEN_MS: Millis = 12 * HOUR_MS;

/// Something that is done inside a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Opens what is written: noted each time.
    Read {
        /// A page that is open only looks again: noted with its opening, if that was not long ago.
        again: bool,
    },
    /// Writes to its people, under the writer's first name.
    Write(Uuid, String),
    /// Something with a message.
    Message(Uuid, OnMessage),
    /// One of its people leads it, or no more.
    Lead(PersonId, bool),
    /// One of its people may read and not write for now, and why; or may write again.
    Pause(PersonId, Option<String>),
}

/// What is done with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnMessage {
    /// Takes it out of sight, and why.
    Hide(String),
    /// Shows it again.
    Show,
    /// What was reported is dealt with.
    Looked,
    /// Takes back what one wrote oneself.
    TakeBack,
}

impl Inside {
    /// Whether it may take away something that someone wrote: words that are taken back; and with the last lead
    /// gone, what people said would make an opportunity easier for them is gone too.
    pub fn takes_away(&self) -> bool {
        matches!(
            self,
            Self::Message(_, OnMessage::TakeBack) | Self::Lead(_, false)
        )
    }
}

/// Does it.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; what the database says.
pub(super) async fn act(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    action: Inside,
) -> Result<GroupDone, Error> {
    if !desk::reads(&mut *tx, by.0, row.id).await? {
        return Err(Error::Forbidden);
    }
    match action {
        Inside::Read { again } => read(tx, by, row, again).await,
        Inside::Write(id, words) => write(tx, by, row, id, &words).await,
        Inside::Message(id, action) => on_message(tx, by, row, id, action).await,
        Inside::Lead(person, leads) => set_lead(tx, by, row, person, leads).await,
        Inside::Pause(person, why) => pause(tx, by, row, person, why).await,
    }
}

async fn read(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    again: bool,
) -> Result<GroupDone, Error> {
    let is_noted = again && audit::has(&mut *tx, by.0, READ, row.id.0, by.1 - OPEN_MS).await?;
    if !is_noted {
        note(tx, by, READ, row.id).await?;
    }
    Ok(GroupDone::Done)
}

async fn write(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    id: Uuid,
    words: &str,
) -> Result<GroupDone, Error> {
    if !row.record.state.goes_on() {
        return Ok(GroupDone::NotFrom);
    }
    // The form was sent twice.
    if messages::find(&mut *tx, id).await?.is_some() {
        return Ok(GroupDone::Done);
    }
    messages::add(&mut *tx, id, row.id, Writer::Staff(by.0), words, by.1).await?;
    note(tx, by, "group.write", row.id).await?;
    Ok(GroupDone::Done)
}

async fn on_message(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    id: Uuid,
    action: OnMessage,
) -> Result<GroupDone, Error> {
    let found = messages::find(&mut *tx, id).await?;
    let found = found.filter(|found| found.record.group == row.id);
    let found = found.ok_or(Error::NotFound)?;
    let name = match action {
        OnMessage::TakeBack => return take_back(tx, by, row, &found).await,
        OnMessage::Hide(why) => {
            if lead(GroupAct::Hide, Some(found.record.state)) != Change::Hides {
                return Ok(GroupDone::NotFrom);
            }
            messages::hide(&mut *tx, id, by.0.0, &why, by.1).await?;
            "group.hide"
        }
        OnMessage::Show => {
            if lead(GroupAct::Show, Some(found.record.state)) != Change::Shows {
                return Ok(GroupDone::NotFrom);
            }
            messages::show(&mut *tx, id).await?;
            "group.show"
        }
        OnMessage::Looked => {
            messages::looked(&mut *tx, id, by.0.0, by.1).await?;
            "group.looked"
        }
    };
    note(tx, by, name, row.id).await?;
    Ok(GroupDone::Done)
}

async fn take_back(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    found: &MessageRow,
) -> Result<GroupDone, Error> {
    let written = desk::message(&mut *tx, row.id, found.id).await?;
    if written.staff.is_none_or(|(who, _)| who != by.0) {
        return Err(Error::Forbidden);
    }
    if found.record.state != MessageState::TakenBack {
        messages::take_back(&mut *tx, found.id).await?;
        note(tx, by, "group.take_back", row.id).await?;
    }
    Ok(GroupDone::Done)
}

/// Somebody who belongs now.
async fn one_inside(
    tx: &mut AnyConnection,
    row: &GroupRow,
    person: PersonId,
) -> Result<PersonRow, Error> {
    let found = people::find(&mut *tx, row.id, person).await?;
    let found = found.filter(|found| found.belongs == Belongs::In);
    found.ok_or(Error::NotFound)
}

/// A line of the log about a member says in which group.
async fn note_person(
    tx: &mut AnyConnection,
    by: By,
    action: &'static str,
    person: &PersonRow,
    row: &GroupRow,
) -> Result<(), Error> {
    let about = (kind::MEMBER, person.member.0);
    let title = row.record.title.clone();
    audit::add_saying(tx, by.1, by.0, action, about, title).await?;
    Ok(())
}

async fn set_lead(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    person: PersonId,
    leads: bool,
) -> Result<GroupDone, Error> {
    let found = one_inside(&mut *tx, row, person).await?;
    if found.leads != leads {
        leads::set(&mut *tx, &found, leads, Some(by)).await?;
        let action = if leads {
            "group.lead"
        } else {
            "group.lead_end"
        };
        note_person(tx, by, action, &found, row).await?;
    }
    Ok(GroupDone::Done)
}

async fn pause(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    person: PersonId,
    why: Option<String>,
) -> Result<GroupDone, Error> {
    let found = one_inside(&mut *tx, row, person).await?;
    if found.paused == why {
        return Ok(GroupDone::Done);
    }
    let action = match why {
        Some(_) => "group.pause_writing",
        None => "group.let_write",
    };
    people::pause(&mut *tx, &found, why.as_deref(), by.1).await?;
    note_person(tx, by, action, &found, row).await?;
    Ok(GroupDone::Done)
}
