//! Shared check-ins as their own team and its cover see them. Each query names the staff member who asks, so
//! that nothing of another team's can come out.

use super::{ONE_MORE, Page, sign_ups::word};
use app::{
    domain::{
        care::Message,
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
    /// Someone opened it, and it is not closed.
    Opened,
    /// What the staff member has, and is not closed.
    Mine,
    /// Closed.
    Closed,
}

impl Show {
    /// All lists, in the order of the desk.
    pub const ALL: [Self; 4] = [Self::New, Self::Opened, Self::Mine, Self::Closed];
}

/// Where a page starts: after this check-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Whether a promised reading time passed unopened: those stand first of all.
    pub passed: bool,
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
            passed: true,
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
    /// Who has it.
    pub owner: Option<String>,
    /// The first name of who has it.
    pub taken_on_by: Option<String>,
    /// How far it has come.
    pub state: CheckInState,
    /// The end of the promised reading time that passed before anybody opened it.
    pub passed_at: Option<Millis>,
    /// Whether the last word is the person's.
    pub answered_back: bool,
}

impl Line {
    /// Where the page after this line starts.
    pub fn key(&self) -> After {
        After {
            passed: self.passed_at.is_some(),
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
    /// What was said since.
    pub messages: Vec<Message>,
    /// When it was closed, RFC 3339.
    pub closed_at: Option<String>,
    /// The first name of who copied it to the person's record.
    pub copied_by: Option<String>,
    /// When, RFC 3339.
    pub copied_at: Option<String>,
}

/// Whether `$1` reads for the team: their own, or one that theirs covers for.
macro_rules! reads {
    () => {
        "exists (select 1 from staff_team st where st.staff = $1 \
         and (st.team = t.id or st.team = t.cover))"
    };
}

macro_rules! lines {
    ($more:literal, $where:expr) => {
        concat!(
            "select c.id, m.name, c.wants, t.name as team_name, c.received_at, c.made_at, \
             c.seen_by_name, c.owner, c.taken_on_by, c.state, c.passed, c.due_at, c.answered_back",
            $more,
            " from check_ins c \
             join members m on m.id = c.member \
             join teams t on t.id = c.team \
             where ",
            reads!(),
            " and c.state <> 'withdrawn' and ",
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
                " and (1 - c.passed, 1 - c.asks, c.received_at, c.id) > ($2, $3, $4, $5) \
                 order by 1 - c.passed, 1 - c.asks, c.received_at, c.id limit $6"
            )
        )
    };
}

/// A page of `show`: those that passed a reading time unopened first, then those that asked for
/// something, then oldest first.
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
        Show::New => page!("c.seen_at is null and c.state <> 'closed'"),
        Show::Opened => page!("c.seen_at is not null and c.state <> 'closed'"),
        Show::Mine => page!("c.owner = $1 and c.state <> 'closed'"),
        Show::Closed => page!("c.state = 'closed'"),
    };
    let rows = sqlx::query(sql)
        .bind(staff.to_string())
        .bind(i64::from(!after.passed))
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
pub async fn counts(db: &AnyPool, staff: StaffId) -> Result<[i64; 4], sqlx::Error> {
    let row = sqlx::query(concat!(
        "select count(case when c.state <> 'closed' and c.seen_at is null then 1 end) as new, \
         count(case when c.state <> 'closed' and c.seen_at is not null then 1 end) as opened, \
         count(case when c.state <> 'closed' and c.owner = $1 then 1 end) as mine, \
         count(case when c.state = 'closed' then 1 end) as closed \
         from check_ins c join teams t on t.id = c.team where ",
        reads!(),
        " and c.state <> 'withdrawn'"
    ))
    .bind(staff.to_string())
    .fetch_one(db)
    .await?;
    Ok([
        row.try_get("new")?,
        row.try_get("opened")?,
        row.try_get("mine")?,
        row.try_get("closed")?,
    ])
}

/// One check-in of the staff member's teams; none if it is another team's, or was taken back.
///
/// # Errors
/// What the database says.
pub async fn find(db: &AnyPool, staff: StaffId, id: &str) -> Result<Option<Whole>, sqlx::Error> {
    let row = sqlx::query(lines!(
        ", c.team, c.feeling, c.note, c.contact, c.messages, c.closed_at, c.copied_by, c.copied_at",
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
        owner: row.try_get("owner")?,
        taken_on_by: row.try_get("taken_on_by")?,
        state: word(row, "state")?,
        passed_at: if row.try_get::<i64, _>("passed")? == 0 {
            None
        } else {
            row.try_get("due_at")?
        },
        answered_back: row.try_get::<i64, _>("answered_back")? != 0,
    })
}

fn whole(row: &AnyRow) -> Result<Whole, sqlx::Error> {
    let feeling: Option<String> = row.try_get("feeling")?;
    let contact: Option<String> = row.try_get("contact")?;
    let messages: Option<String> = row.try_get("messages")?;
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
        messages: messages
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(broken)?
            .unwrap_or_default(),
        closed_at: row.try_get("closed_at")?,
        copied_by: row.try_get("copied_by")?,
        copied_at: row.try_get("copied_at")?,
    })
}
