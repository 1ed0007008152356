//! What the people of a group say to a suggestion: that it speaks for them too, and comments.

use super::suggestions;
use crate::{
    db::{
        feed::{self, Entry, member_scope},
        groups::group_scope,
        word::{json, read_id, read_word, word},
    },
    error::Error,
};
use app::domain::{
    id::{GroupId, MemberId, PersonId, StaffId, SuggestionId},
    record::kind,
    time::{Millis, rfc3339},
    words::suggestion::{Comment, CommentState, KnownComment, Support},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};
use uuid::Uuid;

/// For how many others of the group a suggestion speaks too.
///
/// # Errors
/// What the database says.
pub async fn count_supports(
    connection: &mut AnyConnection,
    id: SuggestionId,
) -> Result<u32, Error> {
    let row = query("select count(*) from suggestion_supports where suggestion = $1")
        .bind(id.to_string())
        .fetch_one(connection)
        .await?;
    Ok(super::number(row.try_get(0)?))
}

fn support_entry(member: MemberId, id: SuggestionId, is_there: bool) -> Entry {
    Entry {
        scope: member_scope(member),
        kind: kind::SUPPORT,
        id: id.to_string(),
        body: is_there.then(|| json(&Support { state: None })),
        is_new: false,
    }
}

/// A suggestion speaks for somebody of the group too.
///
/// # Errors
/// What the database says.
pub async fn support(
    transaction: &mut AnyConnection,
    id: SuggestionId,
    (member, person): (MemberId, PersonId),
) -> Result<(), Error> {
    query(
        "insert into suggestion_supports (suggestion, person) values ($1, $2) on conflict do nothing",
    )
    .bind(id.to_string())
    .bind(person.to_string())
    .execute(&mut *transaction)
    .await?;
    feed::write(&mut *transaction, vec![support_entry(member, id, true)]).await?;
    suggestions::tell(transaction, id).await
}

/// It does not any more, whatever group they are in now.
///
/// # Errors
/// What the database says.
pub async fn unsupport(
    transaction: &mut AnyConnection,
    id: SuggestionId,
    member: MemberId,
) -> Result<(), Error> {
    let gone = query(
        "delete from suggestion_supports where suggestion = $1 \
         and person in (select p.id from group_people p where p.member = $2)",
    )
    .bind(id.to_string())
    .bind(member.to_string())
    .execute(&mut *transaction)
    .await?;
    if gone.rows_affected() == 0 {
        return Ok(());
    }
    feed::write(&mut *transaction, vec![support_entry(member, id, false)]).await?;
    suggestions::tell(transaction, id).await
}

/// A comment as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    /// Its id.
    pub id: Uuid,
    /// The group.
    pub group: GroupId,
    /// Who wrote it.
    pub member: MemberId,
    /// What they want to be called.
    pub name: Option<String>,
    /// What the group's people are told of it, were it shown.
    pub record: Comment,
    /// When the server had it.
    pub received_at: Millis,
}

impl CommentRow {
    /// What the rules go by.
    pub fn known(&self) -> KnownComment {
        KnownComment {
            member: self.member,
            state: self.record.state,
        }
    }

    /// What the group is told: words only of one that is shown.
    pub fn told(&self) -> Comment {
        let mut told = self.record.clone();
        told.words = told.words.filter(|_| told.state == CommentState::Shown);
        told
    }

    fn entry(&self, is_there: bool) -> Entry {
        Entry {
            scope: group_scope(self.group),
            kind: kind::SUGGESTION_COMMENT,
            id: self.id.to_string(),
            body: is_there.then(|| json(&self.told())),
            is_new: false,
        }
    }
}

const COLUMNS: &str = "select c.id, p.group_id, p.member, m.name, c.suggestion, c.person, c.words, \
     c.state, c.received_at from suggestion_comments c join group_people p on p.id = c.person \
     join members m on m.id = p.member ";

fn read(row: &AnyRow) -> Result<CommentRow, Error> {
    let received_at: Millis = row.try_get(8)?;
    Ok(CommentRow {
        id: read_id(row.try_get(0)?)?,
        group: read_id(row.try_get(1)?)?,
        member: read_id(row.try_get(2)?)?,
        name: row.try_get(3)?,
        record: Comment {
            suggestion: read_id(row.try_get(4)?)?,
            person: Some(read_id(row.try_get(5)?)?),
            words: row.try_get(6)?,
            at: Some(rfc3339(received_at)),
            state: read_word(row.try_get(7)?)?,
        },
        received_at,
    })
}

async fn some(
    connection: &mut AnyConnection,
    which: &'static str,
    id: String,
) -> Result<Vec<CommentRow>, Error> {
    let text = [COLUMNS, which, " order by c.received_at, c.id"].concat();
    let rows = query(AssertSqlSafe(text)).bind(id);
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// A comment; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn comment(
    connection: &mut AnyConnection,
    id: Uuid,
) -> Result<Option<CommentRow>, Error> {
    let mut found = some(connection, "where c.id = $1", id.to_string()).await?;
    Ok(found.pop())
}

/// All comments about a suggestion, oldest first.
///
/// # Errors
/// What the database says.
pub async fn comments(
    connection: &mut AnyConnection,
    id: SuggestionId,
) -> Result<Vec<CommentRow>, Error> {
    some(connection, "where c.suggestion = $1", id.to_string()).await
}

/// Adds a comment.
///
/// # Errors
/// What the database says.
pub async fn add_comment(
    transaction: &mut AnyConnection,
    id: Uuid,
    about: (SuggestionId, PersonId),
    words: &str,
    now: Millis,
) -> Result<(), Error> {
    query(
        "insert into suggestion_comments (id, suggestion, person, words, state, received_at) \
         values ($1, $2, $3, $4, 'shown', $5)",
    )
    .bind(id.to_string())
    .bind(about.0.to_string())
    .bind(about.1.to_string())
    .bind(words.trim().to_owned())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    tell(transaction, id).await
}

/// Tells the group how a comment stands now.
async fn tell(transaction: &mut AnyConnection, id: Uuid) -> Result<(), Error> {
    let row = comment(&mut *transaction, id).await?;
    let entries = row.iter().map(|row| row.entry(true)).collect();
    feed::write(transaction, entries).await
}

/// A comment's words go.
///
/// # Errors
/// What the database says.
pub async fn take_back(transaction: &mut AnyConnection, id: Uuid) -> Result<(), Error> {
    query(
        "update suggestion_comments set words = null, state = $2, hidden_by = null, \
         hidden_at = null where id = $1",
    )
    .bind(id.to_string())
    .bind(word(CommentState::TakenBack))
    .execute(&mut *transaction)
    .await?;
    tell(transaction, id).await
}

/// A comment goes out of sight, or is shown again. Its words stay here for those who look into it.
///
/// # Errors
/// What the database says.
pub async fn hide(
    transaction: &mut AnyConnection,
    id: Uuid,
    hides: Option<(StaffId, Millis)>,
) -> Result<(), Error> {
    let state = match hides {
        Some(_) => CommentState::Hidden,
        None => CommentState::Shown,
    };
    query(
        "update suggestion_comments set state = $2, hidden_by = $3, hidden_at = $4 \
         where id = $1 and state <> 'taken_back'",
    )
    .bind(id.to_string())
    .bind(word(state))
    .bind(hides.map(|(by, _)| by.to_string()))
    .bind(hides.map(|(_, at)| at))
    .execute(&mut *transaction)
    .await?;
    tell(transaction, id).await
}

/// All that was said to a suggestion goes: it was taken back, or kept long enough.
///
/// # Errors
/// What the database says.
pub async fn forget(transaction: &mut AnyConnection, id: SuggestionId) -> Result<(), Error> {
    let comments = comments(&mut *transaction, id).await?;
    let mut gone: Vec<Entry> = comments.iter().map(|row| row.entry(false)).collect();
    let supports = query(
        "select p.member from suggestion_supports s join group_people p on p.id = s.person \
         where s.suggestion = $1",
    )
    .bind(id.to_string())
    .fetch_all(&mut *transaction)
    .await?;
    for row in supports {
        gone.push(support_entry(read_id(row.try_get(0)?)?, id, false));
    }
    for text in [
        "delete from suggestion_comments where suggestion = $1",
        "delete from suggestion_supports where suggestion = $1",
    ] {
        query(text)
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
    }
    feed::write(transaction, gone).await
}

/// A member leaves Chorus: none of their comments has words any more, and nothing speaks for them.
///
/// # Errors
/// What the database says.
pub async fn leave_all(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    let own = "where p.member = $1 and c.state <> 'taken_back'";
    for row in some(&mut *transaction, own, member.to_string()).await? {
        take_back(&mut *transaction, row.id).await?;
    }
    let rows = query(
        "select s.suggestion from suggestion_supports s join group_people p on p.id = s.person \
         where p.member = $1",
    )
    .bind(member.to_string())
    .fetch_all(&mut *transaction)
    .await?;
    for row in rows {
        unsupport(&mut *transaction, read_id(row.try_get(0)?)?, member).await?;
    }
    Ok(())
}
