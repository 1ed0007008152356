//! What is done with trainings: whoever runs the group writes them, and who leads it says yes before staff see one.

use crate::{
    db::{audit, groups, learning, reach::Reach, trainings as db},
    error::Error,
};
use app::domain::{
    group::GroupState,
    id::{GroupId, NoteId, StaffId, TrainingId},
    learning::TrainingState,
    record::kind,
    time::Millis,
};
use sqlx::AnyConnection;

/// Something that is done with a training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrainingAction {
    /// Starts one of this group, with its name.
    Start(GroupId, String),
    /// Writes it.
    Write {
        /// Its name.
        title: String,
        /// What is said before the first note.
        introduction: String,
        /// Its notes, in their order.
        lines: Vec<NoteId>,
        /// The version on which it was written.
        version: i64,
    },
    /// The group says yes to this version: staff see it.
    Publish(i64),
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrainingDone {
    /// It is done.
    Done,
    /// Nothing was changed: someone else changed it meanwhile.
    Changed,
    /// Nothing was changed: it has no note yet.
    Empty,
    /// Nothing was changed: only who leads the group speaks for it.
    NotTheGroup,
    /// Nothing was changed: its group is none that this account runs, or members do not see it.
    NotTheirs,
}

/// Does it.
///
/// # Errors
/// [`Error::NotFound`] for what is not there or out of reach; what the database says.
pub async fn act(
    tx: &mut AnyConnection,
    by: (StaffId, Millis),
    id: TrainingId,
    action: TrainingAction,
) -> Result<TrainingDone, Error> {
    let reach = Reach::now(&mut *tx, by.0).await?;
    let (done, name) = match action {
        TrainingAction::Start(group, title) => (
            start(&mut *tx, by, reach, id, group, &title).await?,
            "training.start",
        ),
        TrainingAction::Write {
            title,
            introduction,
            lines,
            version,
        } => {
            reach.training(&mut *tx, id).await?;
            if db::find(&mut *tx, id).await?.version != version {
                return Ok(TrainingDone::Changed);
            }
            let lines = there(&mut *tx, lines).await?;
            db::write(&mut *tx, id, (&title, &introduction), &lines, by).await?;
            (TrainingDone::Done, "training.write")
        }
        TrainingAction::Publish(version) => {
            reach.training(&mut *tx, id).await?;
            (
                publish(&mut *tx, by.0, id, version).await?,
                "training.publish",
            )
        }
    };
    if done == TrainingDone::Done {
        audit::add(tx, by.1, by.0, name, (kind::TRAINING, id), None).await?;
    }
    Ok(done)
}

async fn start(
    tx: &mut AnyConnection,
    by: (StaffId, Millis),
    reach: Reach,
    id: TrainingId,
    group: GroupId,
    title: &str,
) -> Result<TrainingDone, Error> {
    let row = groups::find(&mut *tx, group).await?;
    let is_shown = row.is_some_and(|row| row.record.state != GroupState::Draft);
    if !is_shown || !reach.may_run(&mut *tx, group).await? {
        return Ok(TrainingDone::NotTheirs);
    }
    db::add(tx, id, group, title, by).await?;
    Ok(TrainingDone::Done)
}

/// Those of the notes that staff read, each once.
async fn there(tx: &mut AnyConnection, lines: Vec<NoteId>) -> Result<Vec<NoteId>, Error> {
    let mut there: Vec<NoteId> = Vec::new();
    for line in lines {
        if !there.contains(&line) && learning::current(&mut *tx, line).await?.is_some() {
            there.push(line);
        }
    }
    Ok(there)
}

async fn publish(
    tx: &mut AnyConnection,
    by: StaffId,
    id: TrainingId,
    version: i64,
) -> Result<TrainingDone, Error> {
    let row = db::find(&mut *tx, id).await?;
    if row.version != version || row.state == TrainingState::Published {
        return Ok(TrainingDone::Changed);
    }
    if !learning::speaks_for(&mut *tx, Some(row.group.0), by).await? {
        return Ok(TrainingDone::NotTheGroup);
    }
    if db::notes(&mut *tx, id).await?.is_empty() {
        return Ok(TrainingDone::Empty);
    }
    db::set_state(tx, id, TrainingState::Published).await?;
    Ok(TrainingDone::Done)
}
