//! Join codes as the desk lists them, and who joined by which: staff see those of their own teams, admins
//! all.

use super::{ONE_MORE, Page};
use app::{domain::id::StaffId, ui::local::Millis};
use sqlx::{AnyPool, Row};

/// A code in the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    /// The code as compared: its address.
    pub code: String,
    /// As people read it.
    pub shown: String,
    /// What staff know it by.
    pub name: Option<String>,
    /// Its team's name.
    pub team: Option<String>,
    /// Its team.
    pub team_id: Option<String>,
    /// When it was made.
    pub made_at: Millis,
    /// Who made it.
    pub made_by: Option<String>,
    /// From then on nobody joins by it.
    pub ends_at: Option<Millis>,
    /// How many may join by it.
    pub most: Option<i64>,
    /// How many ever did.
    pub used: i64,
    /// When it was stopped.
    pub stopped_at: Option<Millis>,
    /// Who stopped it.
    pub stopped_by: Option<String>,
}

/// Someone who joined by a code.
#[derive(Debug, sqlx::FromRow)]
pub struct Joined {
    /// Their id.
    pub id: String,
    /// What they want to be called.
    pub name: Option<String>,
    /// When they joined.
    pub joined_at: Millis,
}

/// A page goes on behind this time and code, or id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// The time.
    pub at: Millis,
    /// The code, or the id.
    pub id: String,
}

impl After {
    /// Where every list begins: nothing is newer, and no code or id comes behind this letter.
    pub fn start() -> Self {
        Self {
            at: Millis::MAX,
            id: "~".to_owned(),
        }
    }
}

/// Codes with what is said of each, for an account `$1` that is an admin's where `$2` is 1: all; else those of its
/// teams; a lead, who is of none, puts one of no team on a poster.
macro_rules! codes {
    ($where:literal) => {
        concat!(
            "select j.code, j.shown, j.name, t.name as team, j.team as team_id, j.made_at, \
             m.name as made_by, j.ends_at, j.most, j.used, j.stopped_at, s.name as stopped_by \
             from join_codes j left join teams t on t.id = j.team \
             left join staff m on m.id = j.made_by left join staff s on s.id = j.stopped_by \
             where ($2 = 1 or j.team in (select st.team from staff_team st where st.staff = $1) \
             or j.team is null and exists (select 1 from staff f where f.id = $1 and f.role = 'lead')) \
             and ",
            $where
        )
    };
}

/// Whether a code opens at `$3`: 1 or 0.
macro_rules! is_open {
    () => {
        "(case when j.stopped_at is null and (j.ends_at is null or j.ends_at > $3) \
         and (j.most is null or j.used < j.most) then 1 else 0 end)"
    };
}

/// A page of the codes that open, or of those that do not any more, newest first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    (staff, is_admin): (StaffId, bool),
    (open, now): (bool, Millis),
    after: &After,
) -> Result<Page<Line>, sqlx::Error> {
    const TEXT: &str = concat!(
        codes!(""),
        is_open!(),
        " = $4 and (j.made_at < $5 or (j.made_at = $5 and j.code < $6)) \
         order by j.made_at desc, j.code desc limit $7"
    );
    let lines = sqlx::query_as(TEXT)
        .bind(staff.to_string())
        .bind(i64::from(is_admin))
        .bind(now)
        .bind(i64::from(open))
        .bind(after.at)
        .bind(after.id.clone())
        .bind(ONE_MORE)
        .fetch_all(db)
        .await?;
    Ok(Page::cut(lines))
}

/// How many codes open, and how many do not any more.
///
/// # Errors
/// What the database says.
pub async fn counts(
    db: &AnyPool,
    (staff, is_admin): (StaffId, bool),
    now: Millis,
) -> Result<[i64; 2], sqlx::Error> {
    const TEXT: &str = concat!(
        "select coalesce(sum(",
        is_open!(),
        "), 0), count(*) from join_codes j \
         where $2 = 1 or j.team in (select st.team from staff_team st where st.staff = $1)"
    );
    let row = sqlx::query(TEXT)
        .bind(staff.to_string())
        .bind(i64::from(is_admin))
        .bind(now)
        .fetch_one(db)
        .await?;
    let (open, all): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok([open, all - open])
}

/// One code, if this member of staff may see it.
///
/// # Errors
/// What the database says.
pub async fn find(
    db: &AnyPool,
    (staff, is_admin): (StaffId, bool),
    code: &str,
) -> Result<Option<Line>, sqlx::Error> {
    sqlx::query_as(codes!("j.code = $3"))
        .bind(staff.to_string())
        .bind(i64::from(is_admin))
        .bind(code.to_owned())
        .fetch_optional(db)
        .await
}

/// A page of those who joined by a code and are here still, newest first: as far as this member of staff
/// sees people at all.
///
/// # Errors
/// What the database says.
pub async fn joined(
    db: &AnyPool,
    (staff, is_admin): (StaffId, bool),
    code: &str,
    after: &After,
) -> Result<Page<Joined>, sqlx::Error> {
    let rows = sqlx::query_as(
        "select m.id, m.name, m.joined_at from members m \
         where m.join_code = $3 and m.left_at is null \
         and ($2 = 1 or m.team in (select st.team from staff_team st where st.staff = $1)) \
         and (m.joined_at < $4 or (m.joined_at = $4 and m.id < $5)) \
         order by m.joined_at desc, m.id desc limit $6",
    )
    .bind(staff.to_string())
    .bind(i64::from(is_admin))
    .bind(code.to_owned())
    .bind(after.at)
    .bind(after.id.clone())
    .bind(ONE_MORE)
    .fetch_all(db)
    .await?;
    Ok(Page::cut(rows))
}
