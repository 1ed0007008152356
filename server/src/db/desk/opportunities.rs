//! Opportunities as the desk lists them: by how far each has come, with its next session and how full that is.

use super::{ONE_MORE, Page, sign_ups::Room};
use crate::{db::word::read_id, error::Error};
use app::domain::{
    id::OpportunityId,
    opportunity::{Area, OpportunityState},
    time::{Millis, rfc3339},
};
use sqlx::{AnyPool, Row as _};

/// A line of the list.
#[derive(Debug)]
pub struct Line {
    /// The opportunity.
    pub id: String,
    /// The kind of work.
    pub area: Area,
    /// Its name; of a draft, as it is written now.
    pub title: String,
    /// Whether something is written that members do not see yet.
    pub is_edited: bool,
    /// How many of its sessions are to come.
    pub to_come: i64,
    /// The next of them.
    pub next: Option<Next>,
}

/// A next session.
#[derive(Debug)]
pub struct Next {
    /// Its wall-clock start.
    pub local_start: Option<String>,
    /// How full it is.
    pub room: Room,
}

/// Where a page starts: behind this name and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    /// The name.
    pub title: String,
    /// The id.
    pub id: String,
}

/// What is to come of an opportunity `o`, at the instant `$2`.
macro_rules! coming {
    () => {
        "c.opportunity = o.id and c.state = 'scheduled' and (c.starts_at is null or c.starts_at > $2)"
    };
}

/// A page of those of one state, by name.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    state: OpportunityState,
    now: Millis,
    after: &After,
) -> Result<Page<Line>, sqlx::Error> {
    let rows = sqlx::query(concat!(
        "select o.id, o.area, o.title, o.edited, o.to_come, n.id, n.local_start, n.places, n.taken, \
         n.waiting from (select o.id, o.area, o.title, \
         case when e.opportunity is null then 0 else 1 end as edited, \
         (select count(*) from sessions c where ",
        coming!(),
        ") as to_come, (select c.id from sessions c where ",
        coming!(),
        " order by case when c.starts_at is null then 1 else 0 end, c.starts_at, c.id limit 1) as next \
         from opportunities o left join opportunity_edits e on e.opportunity = o.id \
         where o.state = $1) o left join sessions n on n.id = o.next \
         where (o.title, o.id) > ($3, $4) order by o.title, o.id limit $5"
    ))
    .bind(state.word())
    .bind(rfc3339(now))
    .bind(&after.title)
    .bind(&after.id)
    .bind(ONE_MORE)
    .fetch_all(db)
    .await?;
    let lines = rows.iter().map(line).collect::<Result<_, _>>()?;
    Ok(Page::cut(lines))
}

fn line(row: &sqlx::any::AnyRow) -> Result<Line, sqlx::Error> {
    let area: String = row.try_get(1)?;
    let next: Option<String> = row.try_get(5)?;
    let next = next
        .map(|_| {
            Ok::<_, sqlx::Error>(Next {
                local_start: row.try_get(6)?,
                room: Room {
                    places: row.try_get(7)?,
                    taken: row.try_get(8)?,
                    waiting: row.try_get(9)?,
                },
            })
        })
        .transpose()?;
    Ok(Line {
        id: row.try_get(0)?,
        area: Area::of_word(&area).unwrap_or(Area::Other),
        title: row.try_get(2)?,
        is_edited: row.try_get::<i64, _>(3)? != 0,
        to_come: row.try_get(4)?,
        next,
    })
}

/// How many there are of each state, in the order of [`OpportunityState::ALL`].
///
/// # Errors
/// What the database says.
pub async fn counts(db: &AnyPool) -> Result<[i64; 7], sqlx::Error> {
    let rows = sqlx::query("select state, count(*) from opportunities group by state")
        .fetch_all(db)
        .await?;
    let mut counts = [0; 7];
    for row in rows {
        let state: String = row.try_get(0)?;
        let place = OpportunityState::of_word(&state);
        let place =
            place.and_then(|state| OpportunityState::ALL.iter().position(|it| *it == state));
        if let Some(place) = place {
            counts[place] = row.try_get(1)?;
        }
    }
    Ok(counts)
}

/// How many people a session or all sessions of an opportunity that are to come would tell: whose sign-ups stand.
///
/// # Errors
/// What the database says.
pub async fn signed_up(db: &AnyPool, sessions: &[String]) -> Result<i64, sqlx::Error> {
    let mut count = 0;
    for session in sessions {
        count += sqlx::query_scalar::<_, i64>(
            "select count(*) from sign_ups where session = $1 \
             and state in ('received', 'waiting', 'offered', 'confirmed')",
        )
        .bind(session)
        .fetch_one(db)
        .await?;
    }
    Ok(count)
}

/// Those that go on, for whoever picks some of them, by name: ids and names.
///
/// # Errors
/// What the database says.
pub async fn going_on(db: &AnyPool) -> Result<Vec<(OpportunityId, String)>, Error> {
    let rows = sqlx::query(
        "select id, title from opportunities where state in ('published', 'paused', 'closed') \
         order by lower(title), id",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?)))
        .collect()
}
