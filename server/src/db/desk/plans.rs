//! Shared plans as their own team and its cover see them. Each query names the staff member who asks, so that
//! nothing of another team's can come out.

use super::{ONE_MORE, Page};
use crate::error::Error;
use app::{
    domain::{id::StaffId, shared_plan::Content},
    ui::local::Millis,
};
use sqlx::{AnyPool, Row as _, any::AnyRow};

/// A line of the list: nothing that the person wrote.
#[derive(Debug)]
pub struct Line {
    /// The plan.
    pub id: String,
    /// What the person wants to be called.
    pub who: Option<String>,
    /// The team it was shared with.
    pub team: String,
    /// When it reached the server.
    pub received_at: Millis,
    /// Who read it first.
    pub seen_by: Option<String>,
}

/// Where a page starts: after this plan, by when it came and its id.
pub type After = (Millis, String);

/// Before all others.
pub fn first() -> After {
    (Millis::MAX, String::new())
}

macro_rules! lines {
    ($more:literal, $where:literal) => {
        concat!(
            "select p.id, m.name, t.name as team_name, p.received_at, p.seen_by_name",
            $more,
            " from plans p join members m on m.id = p.member join teams t on t.id = p.team \
             where exists (select 1 from staff_team st where st.staff = $1 \
             and (st.team = t.id or st.team = t.cover)) and p.state <> 'withdrawn'",
            $where
        )
    };
}

/// A page of those that stand, newest first.
///
/// # Errors
/// What the database says.
pub async fn page(db: &AnyPool, staff: StaffId, after: &After) -> Result<Page<Line>, Error> {
    let rows = sqlx::query(lines!(
        "",
        " and (p.received_at < $2 or (p.received_at = $2 and p.id < $3)) \
         order by p.received_at desc, p.id desc limit $4"
    ))
    .bind(staff.to_string())
    .bind(after.0)
    .bind(&after.1)
    .bind(ONE_MORE)
    .fetch_all(db)
    .await?;
    let lines = rows.iter().map(line).collect::<Result<_, _>>()?;
    Ok(Page::cut(lines))
}

/// How many of the staff member's teams' plans nobody has read yet.
///
/// # Errors
/// What the database says.
pub async fn count_new(db: &AnyPool, staff: StaffId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select count(*) from plans p join teams t on t.id = p.team where p.state = 'sent' \
         and exists (select 1 from staff_team st where st.staff = $1 \
         and (st.team = t.id or st.team = t.cover))",
    )
    .bind(staff.to_string())
    .fetch_one(db)
    .await
}

/// One plan of the staff member's teams with what it says; none if it is another team's, or was taken back.
///
/// # Errors
/// What the database says.
pub async fn find(
    db: &AnyPool,
    staff: StaffId,
    id: &str,
) -> Result<Option<(Line, Content)>, Error> {
    let row = sqlx::query(lines!(", p.body", " and p.id = $2"))
        .bind(staff.to_string())
        .bind(id)
        .fetch_optional(db)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let body: Option<String> = row.try_get("body")?;
    let content = crate::db::word::read_json(body.as_deref())?.unwrap_or_default();
    Ok(Some((line(&row)?, content)))
}

fn line(row: &AnyRow) -> Result<Line, Error> {
    Ok(Line {
        id: row.try_get("id")?,
        who: row.try_get("name")?,
        team: row.try_get("team_name")?,
        received_at: row.try_get("received_at")?,
        seen_by: row.try_get("seen_by_name")?,
    })
}
