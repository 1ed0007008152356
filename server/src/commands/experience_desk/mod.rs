//! What staff do with an experience that they may read: reading it, taking it on, replying, saying what it touches and
//! what it came to. Each step is written, told to its member's phones and noted in the audit log, all or nothing.
//!
//! Whoever may not read it finds nothing here, whatever their role. What is about somebody who works here is for one
//! independent person alone; its lines in the log are of a kind of their own, which nobody else is shown.

pub mod came_of_it;
mod independent;
pub mod printed;
pub mod settings;
mod story;

pub use story::StoryStep;

use crate::{
    db::{
        audit,
        experiences::{self, ExperienceRow, desk},
        staff,
    },
    error::Error,
    state::Arrival,
};
use app::domain::{
    care::{By as CareBy, Not},
    experience::{LinkState, Reader, story::Not as StoryNot},
    id::{ChangeId, ExperienceId, IndependentId, StaffId},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// Something that a member of staff does with an experience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExperienceAction {
    /// Reads it: written in the audit log each time, and the first one is who saw it.
    Read,
    /// Takes it on.
    TakeOn,
    /// Replies to the person, under an id that was made with the form.
    Reply(Uuid, String),
    /// Closes it, having read so many messages.
    Close(usize),
    /// Says that it touches this.
    Tag(String),
    /// Says so no more.
    Untag(String),
    /// Says what it came to, in words for the person.
    ComeTo(LinkState, String),
    /// Begins a change of it, under this id.
    Begin(ChangeId),
    /// It had a part in this change.
    Link(ChangeId),
    /// It had none.
    Unlink(ChangeId),
    /// It is about this colleague.
    About(StaffId),
    /// Gives it to another independent person; whether it is about whoever gives it.
    HandOn(IndependentId, bool),
    /// Something with the story that is told of it.
    Story(StoryStep),
}

/// The most tags of one.
pub const MOST_TAGS: usize = 12;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExperienceDone {
    /// It is done.
    Done,
    /// Nothing was changed, and why.
    Not(Not),
    /// Nothing was sent: the person does not want to be written to.
    NotWrittenTo,
    /// Nothing was changed: it has tags enough.
    ManyTags,
    /// Nothing was changed: that person, or that change, is none for it.
    NotThat,
    /// Nothing was changed with its story, and why.
    Story(StoryNot),
}

impl ExperienceAction {
    /// Whether it may take away something that someone wrote.
    pub fn takes_away(&self) -> bool {
        matches!(self, Self::Story(StoryStep::TakeDown))
    }

    /// As it stands in the audit log, where a team reads it and where one independent person does.
    fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Read => ("experience.read", "independent.read"),
            Self::TakeOn => ("experience.take_on", "independent.take_on"),
            Self::Reply(..) => ("experience.reply", "independent.reply"),
            Self::Close(_) => ("experience.close", "independent.close"),
            Self::Tag(_) => ("experience.tag", "independent.tag"),
            Self::Untag(_) => ("experience.untag", "independent.untag"),
            Self::ComeTo(..) => ("experience.came_to", "independent.came_to"),
            Self::Begin(_) => ("experience.begin_change", "independent.begin_change"),
            Self::Link(_) => ("experience.link_change", "independent.link_change"),
            Self::Unlink(_) => ("experience.unlink_change", "independent.unlink_change"),
            Self::About(_) => ("experience.about", "independent.about"),
            Self::HandOn(..) => ("experience.hand_on", "independent.hand_on"),
            Self::Story(step) => (step.name(), step.name()),
        }
    }
}

/// The kind of the lines about what one independent person reads.
pub const INDEPENDENT: &str = "independent";

/// Who does it, and when.
pub type By = (StaffId, Millis);

/// Does it.
///
/// # Errors
/// [`Error::NotFound`] for what is not there, was taken back, or is not theirs to read; what the database says.
pub async fn act(
    tx: &mut AnyConnection,
    by: By,
    id: ExperienceId,
    action: ExperienceAction,
) -> Result<(ExperienceDone, Vec<Arrival>), Error> {
    let found = experiences::find_for(&mut *tx, by.0, id).await?;
    let mut row = found
        .filter(|row| row.record.stands())
        .ok_or(Error::NotFound)?;
    let (to_team, to_one) = action.names();
    let reader = row.reader;
    let mut arrivals = vec![Arrival::Experience(reader)];
    if let ExperienceAction::Begin(change) | ExperienceAction::Link(change) = action {
        arrivals.push(Arrival::Change(change));
    }
    let done = with(tx, by, &mut row, action).await?;
    if done == ExperienceDone::Done {
        arrivals.push(Arrival::Experience(row.reader));
        let (name, kind) = match reader {
            Reader::Team(_) => (to_team, kind::EXPERIENCE),
            Reader::Independent(_) => (to_one, INDEPENDENT),
        };
        audit::add(tx, by.1, by.0, name, (kind, id), reader.team()).await?;
    }
    Ok((done, arrivals))
}

async fn with(
    tx: &mut AnyConnection,
    by: By,
    row: &mut ExperienceRow,
    action: ExperienceAction,
) -> Result<ExperienceDone, Error> {
    match action {
        ExperienceAction::Read => read(tx, by, row).await,
        ExperienceAction::TakeOn | ExperienceAction::Reply(..) | ExperienceAction::Close(_) => {
            care(tx, by, row, action).await
        }
        ExperienceAction::Tag(tag) => add_tag(tx, row, &tag).await,
        ExperienceAction::Untag(tag) => {
            desk::untag(tx, row.id, &tag).await?;
            Ok(ExperienceDone::Done)
        }
        ExperienceAction::ComeTo(state, words) => {
            came_of_it::come_to(tx, by.1, row, (state, words)).await
        }
        ExperienceAction::Begin(change) => came_of_it::begin(tx, by, row, change).await,
        ExperienceAction::Link(change) => came_of_it::link(tx, by, row, change).await,
        ExperienceAction::Unlink(change) => came_of_it::unlink(tx, by.1, row, change).await,
        ExperienceAction::About(staff) => independent::about(tx, by, row, staff).await,
        ExperienceAction::HandOn(to, about_me) => {
            independent::hand_on(tx, by, row, (to, about_me)).await
        }
        ExperienceAction::Story(step) => story::act(tx, by, row, step).await,
    }
}

/// What the person reads as the name of whoever does something: for an independent person that one which they picked.
async fn name(tx: &mut AnyConnection, by: StaffId, row: &ExperienceRow) -> Result<String, Error> {
    let shown = row.record.reader.clone();
    if let Some(shown) = shown.filter(|_| row.reader.independent().is_some()) {
        return Ok(shown);
    }
    let found = staff::find(tx, by).await?;
    Ok(found.ok_or(Error::Forbidden)?.name)
}

async fn read(
    tx: &mut AnyConnection,
    by: By,
    row: &mut ExperienceRow,
) -> Result<ExperienceDone, Error> {
    let name = name(&mut *tx, by.0, row).await?;
    if row.see((by.0, &name), by.1) {
        experiences::write(tx, row, by.1).await?;
    }
    Ok(ExperienceDone::Done)
}

/// By the rules of everything that is looked after.
async fn care(
    tx: &mut AnyConnection,
    (by, now): By,
    row: &mut ExperienceRow,
    action: ExperienceAction,
) -> Result<ExperienceDone, Error> {
    let name = name(&mut *tx, by, row).await?;
    let at = rfc3339(now);
    let me = CareBy {
        id: by,
        name: &name,
        at: &at,
    };
    let done = match action {
        ExperienceAction::Reply(..) if !row.record.may_be_written_to() => {
            return Ok(ExperienceDone::NotWrittenTo);
        }
        ExperienceAction::Reply(message, text) => {
            row.care_for(|care| care.reply(me, message, Some(text)))
        }
        ExperienceAction::Close(read) => row.care_for(|care| care.close(me, read)),
        _ => row.care_for(|care| care.take_on(me)),
    };
    match done {
        Ok(()) => {
            experiences::write(tx, row, now).await?;
            Ok(ExperienceDone::Done)
        }
        Err(not) => Ok(ExperienceDone::Not(not)),
    }
}

/// The same words are one tag, however they are written.
async fn add_tag(
    tx: &mut AnyConnection,
    row: &ExperienceRow,
    tag: &str,
) -> Result<ExperienceDone, Error> {
    let own = desk::tags(&mut *tx, row.id).await?;
    let known = desk::all_tags(&mut *tx).await?;
    let is_same = |one: &&String| one.to_lowercase() == tag.to_lowercase();
    let same = own.iter().chain(&known).find(is_same);
    let tag = same.map_or(tag, String::as_str);
    if own.len() >= MOST_TAGS && !own.iter().any(|one| one == tag) {
        return Ok(ExperienceDone::ManyTags);
    }
    desk::tag(tx, row.id, tag).await?;
    Ok(ExperienceDone::Done)
}
