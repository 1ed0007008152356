//! Experiences as those see them who may read them: their team and its cover, or one independent person. Each query
//! names the staff member who asks, so that nothing else can come out, nor be counted.

use super::{ONE_MORE, Page};
use crate::{
    db::{
        experiences::READ_BY,
        word::{read_word, word},
    },
    error::Error,
    few::Part,
};
use app::domain::{care::CareState, experience::Stage, id::StaffId, time::Millis};
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow, query};
use std::collections::HashMap;

/// 1 where somebody waits for words: they may be written to and nobody did, or the last word is theirs.
macro_rules! waits {
    () => {
        "(case when e.state <> 'closed' and (e.answered_back = 1 or (e.may_reply = 1 \
         and e.state in ('sent', 'taken_on'))) then 1 else 0 end)"
    };
}

/// The lists of the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Not closed.
    #[default]
    Open,
    /// Nobody has read it yet.
    New,
    /// Somebody waits for words.
    Waits,
    /// What the staff member has, and is not closed.
    Mine,
    /// Closed.
    Closed,
}

impl Show {
    /// All lists, in the order of the desk.
    pub const ALL: [Self; 5] = [Self::Open, Self::New, Self::Waits, Self::Mine, Self::Closed];

    fn clause(self) -> &'static str {
        match self {
            Self::Open => "e.state <> 'closed'",
            Self::New => "e.state <> 'closed' and e.seen_at is null",
            Self::Waits => concat!(waits!(), " = 1"),
            Self::Mine => "e.state <> 'closed' and e.owner = $1",
            Self::Closed => "e.state = 'closed'",
        }
    }
}

/// Which are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The list.
    pub show: Show,
    /// At this stage alone.
    pub stage: Option<Stage>,
    /// With this tag alone.
    pub tag: Option<String>,
}

/// Where a page starts: after this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Whether somebody waits for words: those stand first.
    pub waits: bool,
    /// When it reached the server.
    pub received_at: Millis,
    /// Its id.
    pub id: String,
}

impl Default for After {
    /// Before all others.
    fn default() -> Self {
        Self {
            waits: true,
            received_at: Millis::MAX,
            id: String::new(),
        }
    }
}

/// A line of the list: nothing that the person wrote.
#[derive(Debug)]
pub struct Line {
    /// The experience.
    pub id: String,
    /// What the person wants to be called.
    pub who: Option<String>,
    /// At which stage it was.
    pub stage: Option<Stage>,
    /// The team it was shared with; none: it is for one independent person.
    pub team: Option<String>,
    /// When it reached the server.
    pub received_at: Millis,
    /// Who read it first.
    pub seen_by: Option<String>,
    /// The first name of who has it.
    pub taken_on_by: Option<String>,
    /// How far it has come.
    pub state: CareState,
    /// Whether somebody waits for words.
    pub waits: bool,
    /// What staff say that it touches.
    pub tags: Vec<String>,
}

impl Line {
    /// Where the page after this line starts.
    pub fn key(&self) -> After {
        After {
            waits: self.waits,
            received_at: self.received_at,
            id: self.id.clone(),
        }
    }
}

/// A page of what this staff member may read: what somebody waits for first, then the newest first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    staff: StaffId,
    filter: &Filter,
    after: &After,
) -> Result<Page<Line>, Error> {
    let text = [
        "select e.id, m.name, e.stage, t.name as team, e.received_at, e.seen_by_name, e.taken_on_by, e.state, ",
        waits!(),
        " as waits from experiences e join members m on m.id = e.member left join teams t on t.id = e.team where ",
        READ_BY,
        " and e.state <> 'withdrawn' and ",
        filter.show.clause(),
        " and ($2 = '' or e.stage = $2) and ($3 = '' or exists (select 1 from experience_tags g \
         where g.experience = e.id and g.tag = $3)) and (",
        waits!(),
        ", e.received_at, e.id) < ($4, $5, $6) order by waits desc, e.received_at desc, e.id desc limit $7",
    ];
    let rows = query(AssertSqlSafe(text.concat()))
        .bind(staff.to_string())
        .bind(filter.stage.map(word).unwrap_or_default())
        .bind(filter.tag.clone().unwrap_or_default())
        .bind(i64::from(after.waits))
        .bind(after.received_at)
        .bind(after.id.clone())
        .bind(ONE_MORE)
        .fetch_all(db)
        .await?;
    let lines = rows.iter().map(line).collect::<Result<_, _>>()?;
    let mut page = Page::cut(lines);
    tagged(db, &mut page.rows).await?;
    Ok(page)
}

/// Adds the tags of each line.
async fn tagged(db: &AnyPool, lines: &mut [Line]) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = (1..=lines.len()).map(|place| format!("${place}")).collect();
    let text = format!(
        "select experience, tag from experience_tags where experience in ({}) order by tag",
        places.join(", ")
    );
    let mut asked = query(AssertSqlSafe(text));
    for line in lines.iter() {
        asked = asked.bind(line.id.clone());
    }
    let mut tags: HashMap<String, Vec<String>> = HashMap::new();
    for row in asked.fetch_all(db).await? {
        tags.entry(row.try_get(0)?)
            .or_default()
            .push(row.try_get(1)?);
    }
    for line in lines {
        line.tags = tags.remove(&line.id).unwrap_or_default();
    }
    Ok(())
}

/// How many each list has of what this staff member may read, in the order of [`Show::ALL`].
///
/// # Errors
/// What the database says.
pub async fn counts(db: &AnyPool, staff: StaffId) -> Result<[i64; 5], Error> {
    let columns = Show::ALL.map(|show| format!("count(case when {} then 1 end)", show.clause()));
    let text = format!(
        "select {} from experiences e where {READ_BY} and e.state <> 'withdrawn'",
        columns.join(", ")
    );
    let row = query(AssertSqlSafe(text))
        .bind(staff.to_string())
        .fetch_one(db)
        .await?;
    let mut counts = [0; 5];
    for (place, count) in counts.iter_mut().enumerate() {
        *count = row.try_get(place)?;
    }
    Ok(counts)
}

fn line(row: &AnyRow) -> Result<Line, Error> {
    let stage: Option<String> = row.try_get(2)?;
    Ok(Line {
        id: row.try_get(0)?,
        who: row.try_get(1)?,
        stage: stage.as_deref().map(read_word).transpose()?,
        team: row.try_get(3)?,
        received_at: row.try_get(4)?,
        seen_by: row.try_get(5)?,
        taken_on_by: row.try_get(6)?,
        state: read_word(row.try_get(7)?)?,
        waits: row.try_get::<i64, _>(8)? != 0,
        tags: Vec::new(),
    })
}

/// How many came at each stage, and from how many people, in each of some spans of time, by the place of the span; only what teams read.
///
/// # Errors
/// What the database says.
pub async fn by_stage(
    db: &AnyPool,
    spans: &[(Millis, Millis)],
) -> Result<Vec<(usize, Option<Stage>, Part)>, Error> {
    let text = spanned("e.stage", "", spans);
    let rows = query(AssertSqlSafe(text)).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let stage: Option<String> = row.try_get(1)?;
            let stage = stage.as_deref().map(read_word).transpose()?;
            Ok((place(row)?, stage, part(row)?))
        })
        .collect()
}

/// The same by what staff say that it touches.
///
/// # Errors
/// What the database says.
pub async fn by_tag(
    db: &AnyPool,
    spans: &[(Millis, Millis)],
) -> Result<Vec<(usize, String, Part)>, Error> {
    const TAGS: &str = "join experience_tags g on g.experience = e.id";
    let text = spanned("g.tag", TAGS, spans);
    let rows = query(AssertSqlSafe(text)).fetch_all(db).await?;
    rows.iter()
        .map(|row| Ok((place(row)?, row.try_get(1)?, part(row)?)))
        .collect()
}

/// Counts by a column in each span. What is put into the text is numbers and constants.
fn spanned(column: &str, join: &str, spans: &[(Millis, Millis)]) -> String {
    let spans = spans.iter().enumerate();
    let spans: Vec<String> = spans
        .map(|(n, (from, until))| format!("select {n} as n, {from} as a, {until} as b"))
        .collect();
    format!(
        "select q.n, {column}, count(*), count(distinct e.member) from ({}) q join experiences e on e.received_at >= q.a \
         and e.received_at < q.b {join} where e.independent is null and e.state <> 'withdrawn' \
         group by q.n, {column}",
        spans.join(" union all ")
    )
}

fn part(row: &AnyRow) -> Result<Part, Error> {
    Ok(Part {
        number: row.try_get(2)?,
        people: row.try_get(3)?,
    })
}

fn place(row: &AnyRow) -> Result<usize, Error> {
    Ok(usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default())
}
