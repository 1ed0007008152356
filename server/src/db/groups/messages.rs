//! What is written in groups, and what people ask to have looked at.

use super::{group_scope, lead_scope, people::PersonRow};
use crate::{
    db::{
        feed::{self, Entry},
        word::{json, read_id, read_word, word},
    },
    error::Error,
};
use app::domain::{
    group::{KnownMessage, Message, MessageState, Report},
    id::{GroupId, MemberId, PersonId, StaffId},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};
use uuid::Uuid;

/// A message as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub id: Uuid,
    /// What the group's people are told of it, were it shown.
    pub record: Message,
    /// The member who wrote it; none for staff.
    pub member: Option<MemberId>,
    /// When the server had it.
    pub received_at: Millis,
}

impl MessageRow {
    /// What the rules go by.
    pub fn known(&self) -> KnownMessage {
        KnownMessage {
            group: self.record.group,
            member: self.member,
            state: self.record.state,
        }
    }

    /// What the group is told: words only of one that is shown.
    fn entry(&self) -> Entry {
        let mut record = self.record.clone();
        record.words = record.words.filter(|_| record.state == MessageState::Shown);
        record.why = record.why.filter(|_| record.state == MessageState::Hidden);
        Entry {
            scope: group_scope(self.record.group),
            kind: kind::GROUP_MESSAGE,
            id: self.id.to_string(),
            body: Some(json(&record)),
            is_new: false,
        }
    }
}

const COLUMNS: &str = "select g.id, g.group_id, g.person, p.member, s.name, g.words, g.state, \
     g.received_at, g.hidden_why from group_messages g left join group_people p on p.id = g.person \
     left join staff s on s.id = g.staff ";

fn read(row: &AnyRow) -> Result<MessageRow, Error> {
    let person: Option<String> = row.try_get(2)?;
    let member: Option<String> = row.try_get(3)?;
    let received_at: Millis = row.try_get(7)?;
    Ok(MessageRow {
        id: read_id(row.try_get(0)?)?,
        record: Message {
            group: read_id(row.try_get(1)?)?,
            person: person.as_deref().map(read_id).transpose()?,
            staff: row.try_get(4)?,
            words: row.try_get(5)?,
            at: Some(rfc3339(received_at)),
            state: read_word(row.try_get(6)?)?,
            why: row.try_get(8)?,
            marked: None,
        },
        member: member.as_deref().map(read_id).transpose()?,
        received_at,
    })
}

/// A message; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn find(connection: &mut AnyConnection, id: Uuid) -> Result<Option<MessageRow>, Error> {
    let row = query(AssertSqlSafe([COLUMNS, "where g.id = $1"].concat()))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// Somebody who belongs.
    Person(PersonId),
    /// Staff.
    Staff(StaffId),
}

/// Adds a message.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: Uuid,
    group: GroupId,
    by: Writer,
    words: &str,
    now: Millis,
) -> Result<(), Error> {
    let (person, staff) = match by {
        Writer::Person(person) => (Some(person.to_string()), None),
        Writer::Staff(staff) => (None, Some(staff.to_string())),
    };
    query(
        "insert into group_messages (id, group_id, person, staff, words, state, received_at) \
         values ($1, $2, $3, $4, $5, 'shown', $6)",
    )
    .bind(id.to_string())
    .bind(group.to_string())
    .bind(person)
    .bind(staff)
    .bind(words.to_owned())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    tell(transaction, id).await
}

/// Tells the group how a message stands now.
async fn tell(transaction: &mut AnyConnection, id: Uuid) -> Result<(), Error> {
    let row = find(&mut *transaction, id).await?;
    let entries = row.iter().map(MessageRow::entry).collect();
    feed::write(transaction, entries).await
}

/// A message's words go, with what was said about it.
///
/// # Errors
/// What the database says.
pub async fn take_back(transaction: &mut AnyConnection, id: Uuid) -> Result<(), Error> {
    query(
        "update group_messages set words = null, state = $2, hidden_by = null, hidden_at = null, \
         hidden_why = null where id = $1",
    )
    .bind(id.to_string())
    .bind(word(MessageState::TakenBack))
    .execute(&mut *transaction)
    .await?;
    forget_reports(&mut *transaction, "message = $1", id.to_string()).await?;
    tell(transaction, id).await
}

/// All that somebody wrote in their group goes, and all that they asked to have looked at.
///
/// # Errors
/// What the database says.
pub async fn take_all_back(
    transaction: &mut AnyConnection,
    person: &PersonRow,
) -> Result<(), Error> {
    let rows = query("select id from group_messages where person = $1 and state <> 'taken_back'")
        .bind(person.id.to_string())
        .fetch_all(&mut *transaction)
        .await?;
    for row in rows {
        take_back(&mut *transaction, read_id(row.try_get(0)?)?).await?;
    }
    forget_reports(transaction, "person = $1", person.id.to_string()).await
}

/// A message goes out of sight: `by` is whoever leads, or staff. Its words stay here for those who look into it.
///
/// # Errors
/// What the database says.
pub async fn hide(
    transaction: &mut AnyConnection,
    id: Uuid,
    by: Uuid,
    why: &str,
    now: Millis,
) -> Result<(), Error> {
    query(
        "update group_messages set state = $2, hidden_by = $3, hidden_at = $4, hidden_why = $5 \
         where id = $1",
    )
    .bind(id.to_string())
    .bind(word(MessageState::Hidden))
    .bind(by.to_string())
    .bind(now)
    .bind(why.to_owned())
    .execute(&mut *transaction)
    .await?;
    looked(&mut *transaction, id, by, now).await?;
    tell(transaction, id).await
}

/// A message that was out of sight is shown again.
///
/// # Errors
/// What the database says.
pub async fn show(transaction: &mut AnyConnection, id: Uuid) -> Result<(), Error> {
    query(
        "update group_messages set state = $2, hidden_by = null, hidden_at = null, \
         hidden_why = null where id = $1",
    )
    .bind(id.to_string())
    .bind(word(MessageState::Shown))
    .execute(&mut *transaction)
    .await?;
    tell(transaction, id).await
}

/// Somebody asks to have a message looked at. Asking again changes the words, and asks anew.
///
/// # Errors
/// What the database says.
pub async fn report(
    transaction: &mut AnyConnection,
    message: Uuid,
    person: PersonId,
    why: &str,
    now: Millis,
) -> Result<(), Error> {
    let row = query(
        "insert into group_reports (id, message, person, why, at) values ($1, $2, $3, $4, $5) \
         on conflict (message, person) do update set why = excluded.why, at = excluded.at, \
         looked_by = null, looked_at = null returning id",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(message.to_string())
    .bind(person.to_string())
    .bind(why.to_owned())
    .bind(now)
    .fetch_one(&mut *transaction)
    .await?;
    let id: String = row.try_get(0)?;
    let Some(about) = find(&mut *transaction, message).await? else {
        return Ok(());
    };
    let group = about.record.group;
    let report = Report {
        group,
        message,
        why: why.to_owned(),
        at: rfc3339(now),
    };
    feed::write(transaction, vec![told(group, id, Some(json(&report)))]).await
}

fn told(group: GroupId, id: String, body: Option<String>) -> Entry {
    Entry {
        scope: lead_scope(group),
        kind: kind::GROUP_REPORT,
        id,
        body,
        is_new: false,
    }
}

/// What was reported of a message is dealt with: phones of leads are not told of it any more.
///
/// # Errors
/// What the database says.
pub async fn looked(
    transaction: &mut AnyConnection,
    message: Uuid,
    by: Uuid,
    now: Millis,
) -> Result<(), Error> {
    let rows = query(
        "update group_reports set looked_by = $2, looked_at = $3 \
         where message = $1 and looked_at is null returning id",
    )
    .bind(message.to_string())
    .bind(by.to_string())
    .bind(now)
    .fetch_all(&mut *transaction)
    .await?;
    let Some(about) = find(&mut *transaction, message).await? else {
        return Ok(());
    };
    let group = about.record.group;
    let entries: Result<Vec<_>, Error> = rows
        .iter()
        .map(|row| Ok(told(group, row.try_get(0)?, None)))
        .collect();
    feed::write(transaction, entries?).await
}

/// What was reported goes, words and all.
async fn forget_reports(
    transaction: &mut AnyConnection,
    which: &'static str,
    id: String,
) -> Result<(), Error> {
    let text = [
        "select r.id, g.group_id, r.looked_at from group_reports r \
         join group_messages g on g.id = r.message where r.",
        which,
    ];
    let rows = query(AssertSqlSafe(text.concat()))
        .bind(id.clone())
        .fetch_all(&mut *transaction)
        .await?;
    let mut entries = Vec::new();
    for row in rows {
        if row.try_get::<Option<Millis>, _>(2)?.is_none() {
            entries.push(told(read_id(row.try_get(1)?)?, row.try_get(0)?, None));
        }
    }
    let text = ["delete from group_reports where ", which].concat();
    query(AssertSqlSafe(text))
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    feed::write(transaction, entries).await
}

/// Lets go of messages that came before `before`, at most `most`; says how many went.
///
/// # Errors
/// What the database says.
pub async fn expire(
    transaction: &mut AnyConnection,
    before: Millis,
    most: i64,
) -> Result<usize, Error> {
    let rows = query(
        "select id, group_id from group_messages where received_at < $1 \
         order by received_at, id limit $2",
    )
    .bind(before)
    .bind(most)
    .fetch_all(&mut *transaction)
    .await?;
    let mut entries = Vec::new();
    for row in &rows {
        let (id, group): (String, GroupId) = (row.try_get(0)?, read_id(row.try_get(1)?)?);
        forget_reports(&mut *transaction, "message = $1", id.clone()).await?;
        query("delete from group_messages where id = $1")
            .bind(id.clone())
            .execute(&mut *transaction)
            .await?;
        entries.push(Entry {
            scope: group_scope(group),
            kind: kind::GROUP_MESSAGE,
            id,
            body: None,
            is_new: false,
        });
    }
    feed::write(transaction, entries).await?;
    Ok(rows.len())
}
