//! What changed, as stored, and what everyone is told of it: the public scope has those that are out, and of one that
//! was put right the way to the one in its place. What is taken down leaves it.

use super::{
    feed::{self, Entry},
    word::{json, read_id, read_word, word},
};
use crate::error::Error;
use app::domain::{
    change::{Change, ChangePlan, ChangeState, SourceKind},
    id::{ChangeId, StaffId},
    record::kind,
    text,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row, any::AnyRow, query};
use uuid::Uuid;

/// Somebody at the desk who did something to it, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Did {
    /// Who; none where nobody at the desk did.
    pub by: Option<StaffId>,
    /// Their first name.
    pub name: Option<String>,
    /// When.
    pub at: Millis,
}

/// A change as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its id.
    pub id: ChangeId,
    /// What is written.
    pub plan: ChangePlan,
    /// How far it has come.
    pub state: ChangeState,
    /// Goes up whenever its words or its state change.
    pub version: i64,
    /// The open page that kept its words last.
    pub editor: String,
    /// What it came from.
    pub source: Option<(SourceKind, Uuid)>,
    /// The one in whose place it stands, or is to stand.
    pub replaces: Option<ChangeId>,
    /// The one that stands in its place.
    pub replaced_by: Option<ChangeId>,
    /// Who wrote it last.
    pub written: Did,
    /// Who agreed with the words as they stand.
    pub agreed: Option<Did>,
    /// Who published it.
    pub published: Option<Did>,
    /// Who took it down, and why.
    pub ended: Option<(Did, String)>,
}

impl ChangeRow {
    /// What everyone reads of it, or would from `now` on.
    pub fn record(&self, now: Millis) -> Change {
        let since = self.published.as_ref().map_or(now, |did| did.at);
        Change {
            replaces: self.replaces,
            replaced_by: self.replaced_by,
            ..self.plan.shown(rfc3339(since))
        }
    }

    /// What everyone is told: nothing of one that is not out.
    fn entry(&self) -> Entry {
        let shown = self.state.is_shown();
        Entry {
            scope: feed::PUBLIC.to_owned(),
            kind: kind::CHANGE,
            id: self.id.to_string(),
            body: shown.then(|| json(&self.record(0))),
            is_new: false,
        }
    }
}

const COLUMNS: &str = "select c.id, c.group_id, c.area, c.kind, c.you_said, c.we_did, c.why, c.who_took_part, \
     c.look_again, c.state, c.version, c.editor, c.source_kind, c.source_id, c.replaces, c.replaced_by, \
     c.written_by, w.name, c.written_at, c.agreed_by, a.name, c.agreed_at, c.published_by, p.name, \
     c.published_at, c.ended_by, e.name, c.ended_at, c.ended_why from changes c \
     left join staff w on w.id = c.written_by left join staff a on a.id = c.agreed_by \
     left join staff p on p.id = c.published_by left join staff e on e.id = c.ended_by ";

fn read(row: &AnyRow) -> Result<ChangeRow, Error> {
    let maybe_id = |at: usize| row.try_get::<Option<String>, _>(at);
    let group = maybe_id(1)?;
    let source = match (maybe_id(12)?, maybe_id(13)?) {
        (Some(kind), Some(id)) => Some((read_word(&kind)?, read_id(&id)?)),
        _ => None,
    };
    let [replaces, replaced_by] = [maybe_id(14)?, maybe_id(15)?];
    let ended: Option<String> = row.try_get(28)?;
    let written = Did {
        at: row.try_get(18)?,
        ..did(row, 16)?.unwrap_or(Did {
            by: None,
            name: None,
            at: 0,
        })
    };
    Ok(ChangeRow {
        id: read_id(row.try_get(0)?)?,
        plan: ChangePlan {
            group: group.as_deref().map(read_id).transpose()?,
            area: read_word(row.try_get(2)?)?,
            kind: read_word(row.try_get(3)?)?,
            you_said: row.try_get(4)?,
            we_did: row.try_get(5)?,
            why: row.try_get(6)?,
            who_took_part: row.try_get(7)?,
            look_again: maybe_id(8)?.unwrap_or_default(),
        },
        state: read_word(row.try_get(9)?)?,
        version: row.try_get(10)?,
        editor: row.try_get(11)?,
        source,
        replaces: replaces.as_deref().map(read_id).transpose()?,
        replaced_by: replaced_by.as_deref().map(read_id).transpose()?,
        written,
        agreed: did(row, 19)?,
        published: did(row, 22)?,
        ended: did(row, 25)?.zip(ended),
    })
}

/// Who did something, from three columns: their id, their name, and when.
pub(super) fn did(row: &AnyRow, first: usize) -> Result<Option<Did>, Error> {
    let by: Option<String> = row.try_get(first)?;
    let at: Option<Millis> = row.try_get(first + 2)?;
    let by = by.as_deref().map(read_id).transpose()?;
    let name = row.try_get(first + 1)?;
    Ok(by.zip(at).map(|(by, at)| Did {
        by: Some(by),
        name,
        at,
    }))
}

/// A change.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn find(connection: &mut AnyConnection, id: ChangeId) -> Result<ChangeRow, Error> {
    let text = [COLUMNS, "where c.id = $1"].concat();
    let row = query(AssertSqlSafe(text))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    read(&row.ok_or(Error::NotFound)?)
}

/// What a new one begins with, beside its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begins {
    /// What it came from.
    pub source: Option<(SourceKind, Uuid)>,
    /// The one in whose place it is to stand.
    pub replaces: Option<ChangeId>,
    /// Who starts it; none where nobody at the desk does.
    pub by: Option<StaffId>,
}

/// Adds one that only the desk sees.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: ChangeId,
    plan: &ChangePlan,
    begins: Begins,
    now: Millis,
) -> Result<(), Error> {
    query(
        "insert into changes (id, area, kind, you_said, we_did, why, who_took_part, state, source_kind, \
         source_id, replaces, made_at, written_at, moved_at) \
         values ($1, '', '', '', '', '', '', 'draft', $2, $3, $4, $5, $5, $5)",
    )
    .bind(id.to_string())
    .bind(begins.source.map(|(kind, _)| word(kind)))
    .bind(begins.source.map(|(_, id)| id.to_string()))
    .bind(begins.replaces.map(|id| id.to_string()))
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    write(transaction, id, plan, "", (begins.by, now)).await?;
    Ok(())
}

/// Writes its words; gives the new version. It is a draft again: what was agreed before was about other words.
///
/// # Errors
/// What the database says.
pub async fn write(
    transaction: &mut AnyConnection,
    id: ChangeId,
    plan: &ChangePlan,
    editor: &str,
    (by, at): (Option<StaffId>, Millis),
) -> Result<i64, Error> {
    let row = query(
        "update changes set group_id = $2, area = $3, kind = $4, you_said = $5, we_did = $6, why = $7, \
         who_took_part = $8, look_again = $9, editor = $10, written_by = $11, written_at = $12, \
         moved_at = $12, state = 'draft', agreed_by = null, agreed_at = null, version = version + 1 \
         where id = $1 returning version",
    )
    .bind(id.to_string())
    .bind(plan.group.map(|group| group.to_string()))
    .bind(word(plan.area))
    .bind(word(plan.kind))
    .bind(plan.you_said.clone())
    .bind(plan.we_did.clone())
    .bind(plan.why.clone())
    .bind(plan.who_took_part.clone())
    .bind(text::tidy(Some(plan.look_again.clone())))
    .bind(editor.to_owned())
    .bind(by.map(|by| by.to_string()))
    .bind(at)
    .fetch_one(transaction)
    .await?;
    Ok(row.try_get(0)?)
}

/// A second person agreed with the words as they stand.
///
/// # Errors
/// What the database says.
pub async fn agree(
    transaction: &mut AnyConnection,
    id: ChangeId,
    by: (StaffId, Millis),
) -> Result<(), Error> {
    const TEXT: &str = "update changes set state = 'agreed', agreed_by = $2, agreed_at = $3, moved_at = $3, \
         version = version + 1 where id = $1";
    step(transaction, TEXT, id, by).await
}

/// Everyone reads it from now on. Where it stands in the place of another one, that one leads to it.
///
/// # Errors
/// What the database says.
pub async fn publish(
    transaction: &mut AnyConnection,
    id: ChangeId,
    replaces: Option<ChangeId>,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    const TEXT: &str = "update changes set state = 'published', published_by = $2, published_at = $3, \
         moved_at = $3, version = version + 1 where id = $1";
    step(&mut *transaction, TEXT, id, (by, now)).await?;
    query("update changes set replaces = $2 where id = $1")
        .bind(id.to_string())
        .bind(replaces.map(|id| id.to_string()))
        .execute(&mut *transaction)
        .await?;
    if let Some(old) = replaces {
        query(
            "update changes set state = 'superseded', replaced_by = $2, moved_at = $3, \
             version = version + 1 where id = $1",
        )
        .bind(old.to_string())
        .bind(id.to_string())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        tell(&mut *transaction, old).await?;
    }
    tell(transaction, id).await
}

/// Nobody but the desk reads it any more, and why.
///
/// # Errors
/// What the database says.
pub async fn take_down(
    transaction: &mut AnyConnection,
    id: ChangeId,
    why: &str,
    by: (StaffId, Millis),
) -> Result<(), Error> {
    const TEXT: &str = "update changes set state = 'taken_down', ended_by = $2, ended_at = $3, moved_at = $3, \
         version = version + 1 where id = $1";
    step(&mut *transaction, TEXT, id, by).await?;
    query("update changes set ended_why = $2 where id = $1")
        .bind(id.to_string())
        .bind(why.to_owned())
        .execute(&mut *transaction)
        .await?;
    tell(transaction, id).await
}

async fn step(
    transaction: &mut AnyConnection,
    text: &'static str,
    id: ChangeId,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(text)
        .bind(id.to_string())
        .bind(by.to_string())
        .bind(at)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Tells everyone how it stands now.
async fn tell(transaction: &mut AnyConnection, id: ChangeId) -> Result<(), Error> {
    let row = find(&mut *transaction, id).await?;
    feed::write(transaction, vec![row.entry()]).await
}

/// Throws away one that was never out.
///
/// # Errors
/// What the database says.
pub async fn throw_away(transaction: &mut AnyConnection, id: ChangeId) -> Result<(), Error> {
    query("delete from changes where id = $1 and state in ('draft', 'agreed')")
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// The one that is being written to stand in the place of another, if there is one.
///
/// # Errors
/// What the database says.
pub async fn correction(
    connection: &mut AnyConnection,
    of: ChangeId,
) -> Result<Option<ChangeId>, Error> {
    let row = query(
        "select id from changes where replaces = $1 and state in ('draft', 'agreed') \
         order by made_at, id limit 1",
    )
    .bind(of.to_string())
    .fetch_optional(connection)
    .await?;
    row.map(|row| read_id(row.try_get(0)?)).transpose()
}

/// Those that came from something and were not put right or taken down, oldest first, each with how far it has come.
///
/// # Errors
/// What the database says.
pub async fn of_source(
    connection: &mut AnyConnection,
    (kind, id): (SourceKind, Uuid),
) -> Result<Vec<(ChangeId, ChangeState)>, Error> {
    let rows = query(
        "select id, state from changes where source_kind = $1 and source_id = $2 \
         and state in ('draft', 'agreed', 'published') order by made_at, id",
    )
    .bind(word(kind))
    .bind(id.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, read_word(row.try_get(1)?)?)))
        .collect()
}

/// Those that are out and stand, newest first: at most `most`.
///
/// # Errors
/// What the database says.
pub async fn newest(db: &AnyPool, most: i64) -> Result<Vec<ChangeRow>, Error> {
    let text = [
        COLUMNS,
        "where c.state = 'published' order by c.moved_at desc, c.id desc limit $1",
    ];
    let rows = query(AssertSqlSafe(text.concat()))
        .bind(most)
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// Those that came out from then on and before then, and stand, oldest first: at most `most`.
///
/// # Errors
/// What the database says.
pub async fn published_in(
    db: &AnyPool,
    (from, until): (Millis, Millis),
    most: i64,
) -> Result<Vec<ChangeRow>, Error> {
    let text = [
        COLUMNS,
        "where c.state = 'published' and c.published_at >= $1 and c.published_at < $2 \
         order by c.published_at, c.id limit $3",
    ];
    let rows = query(AssertSqlSafe(text.concat()))
        .bind(from)
        .bind(until)
        .bind(most)
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}
