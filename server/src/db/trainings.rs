//! Trainings: notes in an order with an introduction, as a group presents them.

use super::{
    learning::{self, NoteRow},
    reach::{Reach, within},
    word::{read_id, read_word, word},
};
use crate::error::Error;
use app::domain::{
    id::{GroupId, NoteId, StaffId, TrainingId},
    learning::TrainingState,
    time::Millis,
};
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow, query};

/// A training as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingRow {
    /// Its id.
    pub id: TrainingId,
    /// The group that made it, and its name.
    pub group: (GroupId, String),
    /// What it is called.
    pub title: String,
    /// What is said before the first note.
    pub introduction: String,
    /// Whether staff see it.
    pub state: TrainingState,
    /// Goes up whenever its words or its state change.
    pub version: i64,
}

fn read(row: &AnyRow) -> Result<TrainingRow, Error> {
    Ok(TrainingRow {
        id: read_id(row.try_get(0)?)?,
        group: (read_id(row.try_get(1)?)?, row.try_get(2)?),
        title: row.try_get(3)?,
        introduction: row.try_get(4)?,
        state: read_word(row.try_get(5)?)?,
        version: row.try_get(6)?,
    })
}

/// A training.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn find(connection: &mut AnyConnection, id: TrainingId) -> Result<TrainingRow, Error> {
    let row = query(
        "select t.id, t.group_id, g.title, t.title, t.introduction, t.state, t.version from trainings t \
         join involvement_groups g on g.id = t.group_id where t.id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    read(&row.ok_or(Error::NotFound)?)
}

/// Those of one state within reach, by name.
///
/// # Errors
/// What the database says.
pub async fn all(
    db: &AnyPool,
    reach: Reach,
    state: TrainingState,
) -> Result<Vec<TrainingRow>, Error> {
    let rows = query(concat!(
        "select t.id, t.group_id, g.title, t.title, t.introduction, t.state, t.version from trainings t \
         join involvement_groups g on g.id = t.group_id where t.state = $1 and ",
        within!("t.group_id", "$2"),
        " order by t.title, t.id"
    ))
    .bind(word(state))
    .bind(reach.value())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The notes of a training that staff read now, in its order.
///
/// # Errors
/// What the database says.
pub async fn notes(connection: &mut AnyConnection, id: TrainingId) -> Result<Vec<NoteRow>, Error> {
    let rows = query("select line from training_notes where training = $1 order by place")
        .bind(id.to_string())
        .fetch_all(&mut *connection)
        .await?;
    let mut notes = Vec::new();
    for row in rows {
        let line: NoteId = read_id(row.try_get(0)?)?;
        notes.extend(learning::current(&mut *connection, line).await?);
    }
    Ok(notes)
}

/// Adds one that nobody sees but those who run its group.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: TrainingId,
    group: GroupId,
    title: &str,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into trainings (id, group_id, title, introduction, state, written_by, written_at) \
         values ($1, $2, $3, '', 'draft', $4, $5)",
    )
    .bind(id.to_string())
    .bind(group.to_string())
    .bind(title.to_owned())
    .bind(by.to_string())
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Writes it. It is a draft again: the group said yes to other words, or to another order.
///
/// # Errors
/// What the database says.
pub async fn write(
    transaction: &mut AnyConnection,
    id: TrainingId,
    (title, introduction): (&str, &str),
    lines: &[NoteId],
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "update trainings set title = $2, introduction = $3, state = 'draft', written_by = $4, \
         written_at = $5, version = version + 1 where id = $1",
    )
    .bind(id.to_string())
    .bind(title.to_owned())
    .bind(introduction.to_owned())
    .bind(by.to_string())
    .bind(at)
    .execute(&mut *transaction)
    .await?;
    query("delete from training_notes where training = $1")
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
    for (place, line) in lines.iter().enumerate() {
        query("insert into training_notes (training, place, line) values ($1, $2, $3)")
            .bind(id.to_string())
            .bind(i64::try_from(place).unwrap_or(i64::MAX))
            .bind(line.to_string())
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// Whether staff see it from now on.
///
/// # Errors
/// What the database says.
pub async fn set_state(
    transaction: &mut AnyConnection,
    id: TrainingId,
    state: TrainingState,
) -> Result<(), Error> {
    query("update trainings set state = $2, version = version + 1 where id = $1")
        .bind(id.to_string())
        .bind(word(state))
        .execute(transaction)
        .await?;
    Ok(())
}
