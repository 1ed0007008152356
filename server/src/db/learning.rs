//! Change notes as stored: their editions, who has read which, and what people ask the group.

use super::{
    changes::{Did, did},
    reach::{Reach, within},
    word::{read_id, read_word, word},
};
use crate::{
    db::desk::{ONE_MORE, Page},
    error::Error,
};
use app::domain::{
    id::{ChangeId, GroupId, NoteId, StaffId},
    learning::{NotePlan, NoteState},
    text,
    time::Millis,
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row, any::AnyExecutor, any::AnyRow, query};
use uuid::Uuid;

/// An edition of a note as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Its id.
    pub id: NoteId,
    /// The id of the first edition, which stands for all of them.
    pub line: NoteId,
    /// From 1.
    pub edition: u32,
    /// Who read this edition or a later one has read enough.
    pub asks_since: u32,
    /// What it explains.
    pub change: Option<ChangeId>,
    /// The name of the group whose work it is.
    pub group: Option<String>,
    /// What is written.
    pub plan: NotePlan,
    /// How far it has come.
    pub state: NoteState,
    /// Goes up whenever its words or its state change.
    pub version: i64,
    /// The open page that kept its words last.
    pub editor: String,
    /// Who wrote it last.
    pub written: Did,
    /// Who approved it for the group.
    pub approved: Option<Did>,
    /// Who published it.
    pub published: Option<Did>,
}

const COLUMNS: &str = "select n.id, n.line, n.edition, n.asks_since, n.change_id, n.group_id, g.title, n.old_words, \
     n.new_words, n.why, n.differently, n.from_day, n.question, n.significant, n.state, n.version, n.editor, \
     n.written_by, w.name, n.written_at, n.approved_by, a.name, n.approved_at, n.published_by, p.name, \
     n.published_at from change_notes n left join involvement_groups g on g.id = n.group_id \
     left join staff w on w.id = n.written_by left join staff a on a.id = n.approved_by \
     left join staff p on p.id = n.published_by ";

fn read(row: &AnyRow) -> Result<NoteRow, Error> {
    let maybe = |at: usize| row.try_get::<Option<String>, _>(at);
    let count = |at: usize| Ok::<_, Error>(edition(row.try_get(at)?));
    let (change, group) = (maybe(4)?, maybe(5)?);
    let nobody = Did {
        by: None,
        name: None,
        at: 0,
    };
    let written = Did {
        at: row.try_get(19)?,
        ..did(row, 17)?.unwrap_or(nobody)
    };
    Ok(NoteRow {
        id: read_id(row.try_get(0)?)?,
        line: read_id(row.try_get(1)?)?,
        edition: count(2)?,
        asks_since: count(3)?,
        change: change.as_deref().map(read_id).transpose()?,
        group: maybe(6)?,
        plan: NotePlan {
            group: group.as_deref().map(read_id).transpose()?,
            old_words: row.try_get(7)?,
            new_words: row.try_get(8)?,
            why: row.try_get(9)?,
            differently: row.try_get(10)?,
            from_day: maybe(11)?.unwrap_or_default(),
            question: row.try_get(12)?,
            significant: row.try_get::<i64, _>(13)? != 0,
        },
        state: read_word(row.try_get(14)?)?,
        version: row.try_get(15)?,
        editor: row.try_get(16)?,
        written,
        approved: did(row, 20)?,
        published: did(row, 23)?,
    })
}

fn edition(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

/// An edition.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn find(connection: &mut AnyConnection, id: NoteId) -> Result<NoteRow, Error> {
    let row = query(AssertSqlSafe([COLUMNS, "where n.id = $1"].concat()))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    read(&row.ok_or(Error::NotFound)?)
}

/// The edition of a note that staff read; none if it has none.
///
/// # Errors
/// What the database says.
pub async fn current(
    connection: &mut AnyConnection,
    line: NoteId,
) -> Result<Option<NoteRow>, Error> {
    let text = [COLUMNS, "where n.line = $1 and n.state = 'published'"].concat();
    let row = query(AssertSqlSafe(text))
        .bind(line.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The edition of a note that is being written; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn begun(connection: &mut AnyConnection, line: NoteId) -> Result<Option<NoteId>, Error> {
    let row =
        query("select id from change_notes where line = $1 and state in ('draft', 'approved')")
            .bind(line.to_string())
            .fetch_optional(connection)
            .await?;
    row.map(|row| read_id(row.try_get(0)?)).transpose()
}

/// Whether there is a note about any of these.
///
/// # Errors
/// What the database says.
pub async fn explains(connection: &mut AnyConnection, changes: &[ChangeId]) -> Result<bool, Error> {
    for change in changes {
        let found = query("select 1 from change_notes where change_id = $1")
            .bind(change.to_string())
            .fetch_optional(&mut *connection)
            .await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds an edition that only the desk sees.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: NoteId,
    (line, edition): (NoteId, u32),
    plan: &NotePlan,
    change: Option<ChangeId>,
    (by, now): (Option<StaffId>, Millis),
) -> Result<(), Error> {
    query(
        "insert into change_notes (id, line, edition, change_id, old_words, new_words, why, differently, \
         question, significant, state, made_at, written_at, moved_at) \
         values ($1, $2, $3, $4, '', '', '', '', '', 0, 'draft', $5, $5, $5)",
    )
    .bind(id.to_string())
    .bind(line.to_string())
    .bind(i64::from(edition))
    .bind(change.map(|change| change.to_string()))
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    write(transaction, id, plan, "", (by, now)).await?;
    Ok(())
}

/// Writes its words; gives the new version. It is a draft again: what was approved before was about other words.
///
/// # Errors
/// What the database says.
pub async fn write(
    transaction: &mut AnyConnection,
    id: NoteId,
    plan: &NotePlan,
    editor: &str,
    (by, at): (Option<StaffId>, Millis),
) -> Result<i64, Error> {
    let row = query(
        "update change_notes set group_id = $2, old_words = $3, new_words = $4, why = $5, differently = $6, \
         from_day = $7, question = $8, significant = $9, editor = $10, written_by = $11, written_at = $12, \
         moved_at = $12, state = 'draft', approved_by = null, approved_at = null, version = version + 1 \
         where id = $1 returning version",
    )
    .bind(id.to_string())
    .bind(plan.group.map(|group| group.to_string()))
    .bind(plan.old_words.clone())
    .bind(plan.new_words.clone())
    .bind(plan.why.clone())
    .bind(plan.differently.clone())
    .bind(text::tidy(Some(plan.from_day.clone())))
    .bind(plan.question.clone())
    .bind(i64::from(plan.significant))
    .bind(editor.to_owned())
    .bind(by.map(|by| by.to_string()))
    .bind(at)
    .fetch_one(transaction)
    .await?;
    Ok(row.try_get(0)?)
}

/// The group said that it tells what they meant.
///
/// # Errors
/// What the database says.
pub async fn approve(
    transaction: &mut AnyConnection,
    id: NoteId,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "update change_notes set state = 'approved', approved_by = $2, approved_at = $3, moved_at = $3, \
         version = version + 1 where id = $1",
    )
    .bind(id.to_string())
    .bind(by.to_string())
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Staff read this edition from now on, in the place of the one before.
///
/// # Errors
/// What the database says.
pub async fn publish(
    transaction: &mut AnyConnection,
    row: &NoteRow,
    asks_since: u32,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "update change_notes set state = 'superseded', moved_at = $2, version = version + 1 \
         where line = $1 and state = 'published'",
    )
    .bind(row.line.to_string())
    .bind(at)
    .execute(&mut *transaction)
    .await?;
    query(
        "update change_notes set state = 'published', asks_since = $2, published_by = $3, published_at = $4, \
         moved_at = $4, version = version + 1 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(i64::from(asks_since))
    .bind(by.to_string())
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Throws away an edition that nobody was asked to read.
///
/// # Errors
/// What the database says.
pub async fn throw_away(transaction: &mut AnyConnection, id: NoteId) -> Result<(), Error> {
    query("delete from change_notes where id = $1 and state in ('draft', 'approved')")
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Whether an account leads a group from the desk.
///
/// # Errors
/// What the database says.
pub async fn speaks_for(
    db: impl AnyExecutor<'_>,
    group: Option<GroupId>,
    staff: StaffId,
) -> Result<bool, Error> {
    let Some(group) = group else {
        return Ok(false);
    };
    let found = query("select 1 from group_lead_staff where group_id = $1 and staff = $2")
        .bind(group.to_string())
        .bind(staff.to_string())
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

/// A page of editions of one state that are within reach, what moved last first, behind what moved then.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    reach: Reach,
    state: NoteState,
    after: Option<(Millis, String)>,
) -> Result<Page<(NoteRow, Millis)>, Error> {
    let (at, id) = after.unwrap_or((Millis::MAX, String::new()));
    let text = COLUMNS.replacen(" from change_notes", ", n.moved_at from change_notes", 1);
    let which = concat!(
        "where n.state = $1 and (n.moved_at, n.id) < ($2, $3) and ",
        within!("n.group_id", "$5"),
        " order by n.moved_at desc, n.id desc limit $4"
    );
    let rows = query(AssertSqlSafe([text.as_str(), which].concat()))
        .bind(word(state))
        .bind(at)
        .bind(id)
        .bind(ONE_MORE)
        .bind(reach.value())
        .fetch_all(db)
        .await?;
    let line = |row: &AnyRow| Ok((read(row)?, row.try_get(26)?));
    let lines = rows.iter().map(line).collect::<Result<_, Error>>()?;
    Ok(Page::cut(lines))
}

/// How many there are of each state, in the order of [`NoteState::ALL`].
///
/// # Errors
/// What the database says.
pub async fn counts(db: &AnyPool, reach: Reach) -> Result<[i64; 4], Error> {
    let rows = query(concat!(
        "select n.state, count(*) from change_notes n where ",
        within!("n.group_id", "$1"),
        " group by n.state"
    ))
    .bind(reach.value())
    .fetch_all(db)
    .await?;
    let mut counts = [0; 4];
    for row in rows {
        let state: NoteState = read_word(row.try_get(0)?)?;
        let place = NoteState::ALL.iter().position(|it| *it == state);
        if let Some(place) = place {
            counts[place] = row.try_get(1)?;
        }
    }
    Ok(counts)
}

/// A note that staff read, and whether this one has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The edition.
    pub row: NoteRow,
    /// The edition that they read last.
    pub read: Option<u32>,
}

/// What is asked of one of staff: those that they are asked to read.
const ASKED: &str = "n.state = 'published' and n.asks_since > coalesce(r.edition, 0)";

/// How many somebody is asked to read.
///
/// # Errors
/// What the database says.
pub async fn count_to_read(db: &AnyPool, staff: StaffId) -> Result<i64, Error> {
    let text = [
        "select count(*) from change_notes n left join note_reads r on r.line = n.line and r.staff = $1 where ",
        ASKED,
    ];
    let row = query(AssertSqlSafe(text.concat()))
        .bind(staff.to_string())
        .fetch_one(db)
        .await?;
    Ok(row.try_get(0)?)
}

async fn lessons(
    db: &AnyPool,
    staff: StaffId,
    which: &str,
    most: i64,
) -> Result<Vec<Lesson>, Error> {
    let text = COLUMNS.replacen(" from change_notes", ", r.edition from change_notes", 1);
    let join = "left join note_reads r on r.line = n.line and r.staff = $1 where ";
    let rows = query(AssertSqlSafe(
        [text.as_str(), join, which, " limit $2"].concat(),
    ))
    .bind(staff.to_string())
    .bind(most)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let read_edition: Option<i64> = row.try_get(26)?;
            Ok(Lesson {
                row: read(row)?,
                read: read_edition.map(edition),
            })
        })
        .collect()
}

/// What somebody is asked to read, what came first first.
///
/// # Errors
/// What the database says.
pub async fn to_read(db: &AnyPool, staff: StaffId, most: i64) -> Result<Vec<Lesson>, Error> {
    let which = [ASKED, " order by n.published_at, n.id"].concat();
    lessons(db, staff, &which, most).await
}

/// What somebody has read, or is not asked to: the newest first.
///
/// # Errors
/// What the database says.
pub async fn others(db: &AnyPool, staff: StaffId, most: i64) -> Result<Vec<Lesson>, Error> {
    let which = "n.state = 'published' and n.asks_since <= coalesce(r.edition, 0) \
         order by n.published_at desc, n.id desc";
    lessons(db, staff, which, most).await
}

/// Which edition somebody read last.
///
/// # Errors
/// What the database says.
pub async fn read_by(
    connection: &mut AnyConnection,
    line: NoteId,
    staff: StaffId,
) -> Result<Option<u32>, Error> {
    let row = query("select edition from note_reads where line = $1 and staff = $2")
        .bind(line.to_string())
        .bind(staff.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok(edition(row.try_get(0)?))).transpose()
}

/// Somebody has read and understood this edition.
///
/// # Errors
/// What the database says.
pub async fn note_read(
    transaction: &mut AnyConnection,
    row: &NoteRow,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into note_reads (line, staff, edition, at) values ($1, $2, $3, $4) \
         on conflict (line, staff) do update set edition = excluded.edition, at = excluded.at \
         where note_reads.edition < excluded.edition",
    )
    .bind(row.line.to_string())
    .bind(by.to_string())
    .bind(i64::from(row.edition))
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(())
}

/// A question to the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub by: StaffId,
    /// Their first name.
    pub name: String,
    /// What they ask.
    pub words: String,
    /// When.
    pub at: Millis,
    /// What the group says to it.
    pub answer: Option<String>,
}

/// Asks the group something. The id is made with the form, so that pressing twice asks once.
///
/// # Errors
/// What the database says.
pub async fn ask(
    transaction: &mut AnyConnection,
    row: &NoteRow,
    (id, words): (Uuid, &str),
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into note_questions (id, line, edition, staff, words, at) values ($1, $2, $3, $4, $5, $6) \
         on conflict (id) do nothing",
    )
    .bind(id.to_string())
    .bind(row.line.to_string())
    .bind(i64::from(row.edition))
    .bind(by.to_string())
    .bind(words.to_owned())
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(())
}

/// What was asked about a note, oldest first.
///
/// # Errors
/// What the database says.
pub async fn questions(
    connection: &mut AnyConnection,
    line: NoteId,
) -> Result<Vec<Question>, Error> {
    let rows = query(
        "select q.id, q.staff, s.name, q.words, q.at, q.answer from note_questions q \
         join staff s on s.id = q.staff where q.line = $1 order by q.at, q.id",
    )
    .bind(line.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Question {
                id: read_id(row.try_get(0)?)?,
                by: read_id(row.try_get(1)?)?,
                name: row.try_get(2)?,
                words: row.try_get(3)?,
                at: row.try_get(4)?,
                answer: row.try_get(5)?,
            })
        })
        .collect()
}

/// The group answers a question about a note; whether there is such a question that nobody had answered.
///
/// # Errors
/// What the database says.
pub async fn answer(
    transaction: &mut AnyConnection,
    (line, question): (NoteId, Uuid),
    words: &str,
    (by, at): (StaffId, Millis),
) -> Result<bool, Error> {
    let done = query(
        "update note_questions set answer = $3, answered_by = $4, answered_at = $5 \
         where id = $1 and line = $2 and answer is null",
    )
    .bind(question.to_string())
    .bind(line.to_string())
    .bind(words.to_owned())
    .bind(by.to_string())
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Somebody of a team, and which edition of a note they read last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub staff: StaffId,
    /// The name of the team; none for who is of none.
    pub team: Option<String>,
    /// Their first name.
    pub name: String,
    /// The edition.
    pub read: Option<u32>,
}

/// Everyone who works here now, by team and name, with what each read of a note. Who is of two teams stands in both.
///
/// # Errors
/// What the database says.
pub async fn readers(connection: &mut AnyConnection, line: NoteId) -> Result<Vec<Reader>, Error> {
    let rows = query(
        "select t.name, s.name, r.edition, s.id from staff s left join staff_team m on m.staff = s.id \
         left join teams t on t.id = m.team left join note_reads r on r.staff = s.id and r.line = $1 \
         where s.stopped_at is null and s.role <> 'lead' \
         order by case when t.name is null then 1 else 0 end, t.name, t.id, s.name, s.id",
    )
    .bind(line.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let read: Option<i64> = row.try_get(2)?;
            Ok(Reader {
                staff: read_id(row.try_get(3)?)?,
                team: row.try_get(0)?,
                name: row.try_get(1)?,
                read: read.map(edition),
            })
        })
        .collect()
}
