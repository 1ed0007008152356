//! What an impact report counts: how many different people, and how many things; never who.

use crate::{db::word::read_word, error::Error, few::Part};
use app::domain::{time::Millis, words::suggestion::Outcome};
use sqlx::{AnyPool, Row as _, query};

/// From when, and until before when.
pub type Range = (Millis, Millis);

/// How many different people took part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TookPart {
    /// Who came to a session.
    pub came: i64,
    /// Who belonged to an involvement group.
    pub belonged: i64,
    /// Who said something about the words of a document.
    pub said: i64,
    /// Who shared an experience with a team.
    pub shared: i64,
    /// All of them, each once.
    pub all: i64,
}

macro_rules! came {
    () => {
        "select s.member from sign_ups s join sessions e on e.id = s.session \
         where s.state in ('attended', 'thanked') and coalesce(e.ends_at, s.marked_at) >= $1 \
         and coalesce(e.ends_at, s.marked_at) < $2"
    };
}

macro_rules! belonged {
    () => {
        "select p.member from group_people p where p.joined_at < $2 and (p.left_at is null or p.left_at >= $1)"
    };
}

macro_rules! said {
    () => {
        "select g.member from suggestions g where g.state <> 'withdrawn' and g.received_at >= $1 \
         and g.received_at < $2"
    };
}

macro_rules! shared {
    () => {
        "select x.member from experiences x where x.independent is null and x.state <> 'withdrawn' \
         and x.received_at >= $1 and x.received_at < $2"
    };
}

/// How many different people took part, in each way and in all.
///
/// # Errors
/// What the database says.
pub async fn took_part(db: &AnyPool, (from, until): Range) -> Result<TookPart, Error> {
    let row = query(concat!(
        "select (select count(distinct u.member) from (",
        came!(),
        ") u), (select count(distinct u.member) from (",
        belonged!(),
        ") u), (select count(distinct u.member) from (",
        said!(),
        ") u), (select count(distinct u.member) from (",
        shared!(),
        ") u), (select count(*) from (",
        came!(),
        " union ",
        belonged!(),
        " union ",
        said!(),
        " union ",
        shared!(),
        ") u)"
    ))
    .bind(from)
    .bind(until)
    .fetch_one(db)
    .await?;
    Ok(TookPart {
        came: row.try_get(0)?,
        belonged: row.try_get(1)?,
        said: row.try_get(2)?,
        shared: row.try_get(3)?,
        all: row.try_get(4)?,
    })
}

/// How many things there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Things {
    /// Sessions that were held.
    pub sessions: i64,
    /// Suggestions that came.
    pub suggestions: Part,
    /// Notes that staff were given to read.
    pub notes: i64,
    /// Different members of staff who said that they have read one and understood it.
    pub readers: i64,
}

/// How many things there were.
///
/// # Errors
/// What the database says.
pub async fn things(db: &AnyPool, (from, until): Range) -> Result<Things, Error> {
    let row = query(concat!(
        "select (select count(*) from sessions where state = 'happened' and ends_at >= $1 and ends_at < $2), \
         (select count(*) from (",
        said!(),
        ") u), (select count(distinct u.member) from (",
        said!(),
        ") u), \
         (select count(*) from change_notes where state in ('published', 'superseded') \
         and published_at >= $1 and published_at < $2), \
         (select count(distinct staff) from note_reads where at >= $1 and at < $2)"
    ))
    .bind(from)
    .bind(until)
    .fetch_one(db)
    .await?;
    Ok(Things {
        sessions: row.try_get(0)?,
        suggestions: Part {
            number: row.try_get(1)?,
            people: row.try_get(2)?,
        },
        notes: row.try_get(3)?,
        readers: row.try_get(4)?,
    })
}

macro_rules! last_decisions {
    () => {
        "from suggestion_decisions d join suggestions s on s.id = d.suggestion \
         where s.state = 'decided' and d.at >= $1 and d.at < $2 and d.n = (select max(x.n) \
         from suggestion_decisions x where x.suggestion = d.suggestion)"
    };
}

/// Of how many different people suggestions were decided.
///
/// # Errors
/// What the database says.
pub async fn decided_of(db: &AnyPool, (from, until): Range) -> Result<i64, Error> {
    let row = query(concat!(
        "select count(distinct s.member) ",
        last_decisions!()
    ))
    .bind(from)
    .bind(until)
    .fetch_one(db)
    .await?;
    Ok(row.try_get(0)?)
}

/// How many suggestions were decided, by what was decided last.
///
/// # Errors
/// What the database says.
pub async fn decided(db: &AnyPool, (from, until): Range) -> Result<Vec<(Outcome, Part)>, Error> {
    let rows = query(concat!(
        "select d.outcome, count(*), count(distinct s.member) ",
        last_decisions!(),
        " group by d.outcome"
    ))
    .bind(from)
    .bind(until)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let part = Part {
                number: row.try_get(1)?,
                people: row.try_get(2)?,
            };
            Ok((read_word(row.try_get(0)?)?, part))
        })
        .collect()
}
