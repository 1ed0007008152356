//! Documents as the desk lists them, within a reach.

use super::{ONE_MORE, Page};
use crate::{
    db::{
        reach::{Reach, within},
        word::read_word,
    },
    error::Error,
};
use app::domain::words::{DocumentKind, DocumentState};
use sqlx::{AnyPool, Row as _, any::AnyRow, query};

/// A line of the list.
#[derive(Debug)]
pub struct Line {
    /// The document.
    pub id: String,
    /// What it is.
    pub kind: DocumentKind,
    /// Its name.
    pub title: String,
    /// The name of the group that works on it.
    pub group: Option<String>,
    /// The newest version.
    pub version: i64,
    /// How many suggestions nobody looks at yet.
    pub new: i64,
    /// How many are looked at, or are with the group.
    pub open: i64,
    /// How many are decided.
    pub decided: i64,
}

/// A page of those of one state, by name, behind this name and id.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    reach: Reach,
    state: DocumentState,
    after: (&str, &str),
) -> Result<Page<Line>, Error> {
    let rows = query(concat!(
        "select d.id, d.kind, d.title, g.title, d.version, \
         (select count(*) from suggestions s where s.document = d.id and s.state = 'received'), \
         (select count(*) from suggestions s where s.document = d.id \
          and s.state in ('looking', 'with_group')), \
         (select count(*) from suggestions s where s.document = d.id and s.state = 'decided') \
         from documents d left join involvement_groups g on g.id = d.group_id \
         where d.state = $1 and (d.title, d.id) > ($2, $3) and ",
        within!("d.group_id", "$5"),
        " order by d.title, d.id limit $4"
    ))
    .bind(state.word())
    .bind(after.0.to_owned())
    .bind(after.1.to_owned())
    .bind(ONE_MORE)
    .bind(reach.value())
    .fetch_all(db)
    .await?;
    let line = |row: &AnyRow| {
        Ok(Line {
            id: row.try_get(0)?,
            kind: read_word(row.try_get(1)?)?,
            title: row.try_get(2)?,
            group: row.try_get(3)?,
            version: row.try_get(4)?,
            new: row.try_get(5)?,
            open: row.try_get(6)?,
            decided: row.try_get(7)?,
        })
    };
    let lines = rows.iter().map(line).collect::<Result<_, Error>>()?;
    Ok(Page::cut(lines))
}

/// How many documents there are of each state, in the order of [`DocumentState::ALL`].
///
/// # Errors
/// What the database says.
pub async fn counts(db: &AnyPool, reach: Reach) -> Result<[i64; 2], Error> {
    let row = query(concat!(
        "select count(case when d.state = 'open' then 1 end), \
         count(case when d.state = 'closed' then 1 end) from documents d where ",
        within!("d.group_id", "$1")
    ))
    .bind(reach.value())
    .fetch_one(db)
    .await?;
    Ok([row.try_get(0)?, row.try_get(1)?])
}

/// How many suggestions nobody looks at yet.
///
/// # Errors
/// What the database says.
pub async fn count_new(db: &AnyPool, reach: Reach) -> Result<i64, Error> {
    let row = query(concat!(
        "select count(*) from suggestions s join documents d on d.id = s.document \
         where s.state = 'received' and ",
        within!("d.group_id", "$1")
    ))
    .bind(reach.value())
    .fetch_one(db)
    .await?;
    Ok(row.try_get(0)?)
}
