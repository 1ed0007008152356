//! What changed, as the desk lists it: by how far each has come, what moved last first.

use super::{ONE_MORE, Page};
use crate::{
    db::{
        reach::{Reach, within},
        word::read_word,
    },
    error::Error,
};
use app::domain::{
    change::{ChangeKind, ChangeState},
    opportunity::Area,
    time::Millis,
};
use sqlx::{AnyPool, Row as _, any::AnyRow, query};

/// A line of the list.
#[derive(Debug)]
pub struct Line {
    /// The change.
    pub id: String,
    /// The kind of work.
    pub area: Area,
    /// What came of it.
    pub kind: ChangeKind,
    /// What people said.
    pub you_said: String,
    /// The name of the group whose work it is.
    pub group: Option<String>,
    /// The day on which it is to be looked at again.
    pub look_again: Option<String>,
    /// The first name of who wrote it last.
    pub written_by: Option<String>,
    /// When it last changed in any way.
    pub moved_at: Millis,
}

/// Where a page starts: behind what moved then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// When.
    pub at: Millis,
    /// The id.
    pub id: String,
}

impl Default for After {
    fn default() -> Self {
        Self {
            at: Millis::MAX,
            id: String::new(),
        }
    }
}

/// A page of those of one state, what moved last first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    reach: Reach,
    state: ChangeState,
    after: &After,
) -> Result<Page<Line>, Error> {
    let rows = query(concat!(
        "select c.id, c.area, c.kind, c.you_said, g.title, c.look_again, s.name, c.moved_at from changes c \
         left join involvement_groups g on g.id = c.group_id left join staff s on s.id = c.written_by \
         where c.state = $1 and (c.moved_at, c.id) < ($2, $3) and ",
        within!("c.group_id", "$5"),
        " order by c.moved_at desc, c.id desc limit $4"
    ))
    .bind(state.word())
    .bind(after.at)
    .bind(after.id.clone())
    .bind(ONE_MORE)
    .bind(reach.value())
    .fetch_all(db)
    .await?;
    let line = |row: &AnyRow| {
        Ok(Line {
            id: row.try_get(0)?,
            area: read_word(row.try_get(1)?)?,
            kind: read_word(row.try_get(2)?)?,
            you_said: row.try_get(3)?,
            group: row.try_get(4)?,
            look_again: row.try_get(5)?,
            written_by: row.try_get(6)?,
            moved_at: row.try_get(7)?,
        })
    };
    let lines = rows.iter().map(line).collect::<Result<_, Error>>()?;
    Ok(Page::cut(lines))
}

/// How many there are of each state, in the order of [`ChangeState::ALL`].
///
/// # Errors
/// What the database says.
pub async fn counts(db: &AnyPool, reach: Reach) -> Result<[i64; 5], Error> {
    let rows = query(concat!(
        "select c.state, count(*) from changes c where ",
        within!("c.group_id", "$1"),
        " group by c.state"
    ))
    .bind(reach.value())
    .fetch_all(db)
    .await?;
    let mut counts = [0; 5];
    for row in rows {
        let state: ChangeState = read_word(row.try_get(0)?)?;
        let place = ChangeState::ALL.iter().position(|it| *it == state);
        if let Some(place) = place {
            counts[place] = row.try_get(1)?;
        }
    }
    Ok(counts)
}

/// How many of those that are out were to be looked at again by now.
///
/// # Errors
/// What the database says.
pub async fn count_look_again(db: &AnyPool, reach: Reach, today: &str) -> Result<i64, Error> {
    let row = query(concat!(
        "select count(*) from changes c where c.state = 'published' and c.look_again <= $1 and ",
        within!("c.group_id", "$2")
    ))
    .bind(today.to_owned())
    .bind(reach.value())
    .fetch_one(db)
    .await?;
    Ok(row.try_get(0)?)
}
