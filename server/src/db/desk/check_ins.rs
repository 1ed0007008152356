//! Shared check-ins as their own team sees them. Each query names the staff member who asks, so
//! that nothing of another team's can come out.

use super::{ONE_MORE, Page, sign_ups::word};
use app::{
    domain::{
        check_in::{CheckInState, Feeling, Wants},
        contact::Contact,
        id::StaffId,
    },
    ui::local::Millis,
};
use serde::{Deserialize, Serialize};
use sqlx::{AnyPool, Row as _, any::AnyRow};

/// The lists of the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Nobody opened it yet.
    #[default]
    New,
    /// Someone of the team opened it.
    Opened,
}

impl Show {
    /// All lists, in the order of the desk.
    pub const ALL: [Self; 2] = [Self::New, Self::Opened];
}

/// Where a page starts: after this check-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Whether it asked for something: those stand first.
    pub asks: bool,
    /// When it reached the server.
    pub received_at: Millis,
    /// Its id, for those that came in the same millisecond.
    pub id: String,
}

impl Default for After {
    /// Before all others.
    fn default() -> Self {
        Self {
            asks: true,
            received_at: 0,
            id: String::new(),
        }
    }
}

/// A line of the list: nothing that the person wrote.
#[derive(Debug)]
pub struct Line {
    /// The check-in.
    pub id: String,
    /// What the person wants to be called.
    pub who: Option<String>,
    /// What they asked for.
    pub wants: Wants,
    /// The team it was shared with.
    pub team: String,
    /// When it reached the server.
    pub received_at: Millis,
    /// By the phone's clock.
    pub made_at: String,
    /// Who opened it first.
    pub seen_by: Option<String>,
}

impl Line {
    /// Where the page after this line starts.
    pub fn key(&self) -> After {
        After {
            asks: self.wants.asks_for_something(),
            received_at: self.received_at,
            id: self.id.clone(),
        }
    }
}

/// One check-in in full.
#[derive(Debug)]
pub struct Whole {
    /// What the list shows.
    pub line: Line,
    /// The team's id.
    pub team: String,
    /// How things are.
    pub feeling: Option<Feeling>,
    /// What was added.
    pub note: Option<String>,
    /// How to reach the person.
    pub contact: Option<Contact>,
    /// How far it has come.
    pub state: CheckInState,
}

macro_rules! lines {
    ($more:literal, $where:expr) => {
        concat!(
            "select c.id, m.name, c.wants, t.name as team_name, c.received_at, c.made_at, \
             c.seen_by_name",
            $more,
            " from check_ins c \
             join members m on m.id = c.member \
             join teams t on t.id = c.team \
             join staff_team st on st.team = c.team and st.staff = $1 \
             where c.state <> 'withdrawn' and ",
            $where
        )
    };
}

macro_rules! page {
    ($list:literal) => {
        lines!(
            "",
            concat!(
                $list,
                " and (1 - c.asks, c.received_at, c.id) > ($2, $3, $4) \
                 order by 1 - c.asks, c.received_at, c.id limit $5"
            )
        )
    };
}

/// A page of `show`: those that asked for something first, then oldest first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    staff: StaffId,
    show: Show,
    after: &After,
) -> Result<Page<Line>, sqlx::Error> {
    let sql = match show {
        Show::New => page!("c.seen_at is null"),
        Show::Opened => page!("c.seen_at is not null"),
    };
    let rows = sqlx::query(sql)
        .bind(staff.to_string())
        .bind(i64::from(!after.asks))
        .bind(after.received_at)
        .bind(&after.id)
        .bind(ONE_MORE)
        .fetch_all(db)
        .await?;
    let lines = rows.iter().map(line).collect::<Result<_, _>>()?;
    Ok(Page::cut(lines))
}

/// How many of the staff member's teams' check-ins each list has, in the order of [`Show::ALL`].
///
/// # Errors
/// What the database says.
pub async fn counts(db: &AnyPool, staff: StaffId) -> Result<[i64; 2], sqlx::Error> {
    let row = sqlx::query(
        "select count(*) as n, count(c.seen_at) as opened from check_ins c \
         join staff_team st on st.team = c.team and st.staff = $1 \
         where c.state <> 'withdrawn'",
    )
    .bind(staff.to_string())
    .fetch_one(db)
    .await?;
    let (all, opened): (i64, i64) = (row.try_get("n")?, row.try_get("opened")?);
    Ok([all - opened, opened])
}

/// One check-in of the staff member's teams; none if it is another team's, or was taken back.
///
/// # Errors
/// What the database says.
pub async fn find(db: &AnyPool, staff: StaffId, id: &str) -> Result<Option<Whole>, sqlx::Error> {
    let row = sqlx::query(lines!(
        ", c.team, c.feeling, c.note, c.contact, c.state",
        "c.id = $2"
    ))
    .bind(staff.to_string())
    .bind(id)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(whole).transpose()
}

fn line(row: &AnyRow) -> Result<Line, sqlx::Error> {
    Ok(Line {
        id: row.try_get("id")?,
        who: row.try_get("name")?,
        wants: word(row, "wants")?,
        team: row.try_get("team_name")?,
        received_at: row.try_get("received_at")?,
        made_at: row.try_get("made_at")?,
        seen_by: row.try_get("seen_by_name")?,
    })
}

fn whole(row: &AnyRow) -> Result<Whole, sqlx::Error> {
    let feeling: Option<String> = row.try_get("feeling")?;
    let contact: Option<String> = row.try_get("contact")?;
    let broken = |problem: serde_json::Error| sqlx::Error::Decode(Box::new(problem));
    Ok(Whole {
        line: line(row)?,
        team: row.try_get("team")?,
        feeling: feeling
            .is_some()
            .then(|| word(row, "feeling"))
            .transpose()?,
        note: row.try_get("note")?,
        contact: contact
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(broken)?,
        state: word(row, "state")?,
    })
}
