//! Involvement groups: their pages, their people, and what is written in them, as stored; and what phones
//! are told of it: the group in the public scope, its people and messages in `group:<id>`, what its leads
//! are asked to look at in `lead:<id>`, and what is one member's alone in their own.

pub mod leads;
pub mod messages;
pub mod people;

use super::{
    feed::{self, Entry},
    word::{json, read_id, read_word, word},
};
use crate::error::Error;
use app::domain::{
    group::{Group, GroupState},
    id::{GroupId, MemberId, StaffId},
    opportunity::Agreement,
    record::kind,
    text,
    time::Millis,
};
use sqlx::{AnyConnection, Row, query};

/// The scope of a group's people.
pub fn group_scope(group: GroupId) -> String {
    format!("group:{group}")
}

/// The scope of those who lead a group.
pub fn lead_scope(group: GroupId) -> String {
    format!("lead:{group}")
}

/// A group as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// Its id.
    pub id: GroupId,
    /// What is written about it: as people see it, once it is shown. The version of an agreement that was
    /// never shown is 0.
    pub record: Group,
    /// Who of staff is behind the lead. One whose account was disabled is not named to anybody.
    pub backup: Option<StaffId>,
    /// Goes up whenever its words change.
    pub version: i64,
}

/// A group; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn find(connection: &mut AnyConnection, id: GroupId) -> Result<Option<GroupRow>, Error> {
    let row = query(
        "select g.area, g.title, g.does, g.who_for, g.meets, g.led_by, s.name, g.came_of_it, \
         g.agreement, g.agreement_text, g.state, g.backup, g.version \
         from involvement_groups g left join staff s on s.id = g.backup and s.stopped_at is null \
         and s.role <> 'lead' where g.id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let said = |at: usize| Ok::<_, Error>(text::tidy(Some(row.try_get::<String, _>(at)?)));
    let agreement: i64 = row.try_get(8)?;
    let backup: Option<String> = row.try_get(11)?;
    let record = Group {
        area: read_word(row.try_get(0)?)?,
        title: row.try_get(1)?,
        does: row.try_get(2)?,
        who_for: said(3)?,
        meets: said(4)?,
        led_by: said(5)?,
        backup: row.try_get(6)?,
        came_of_it: said(7)?,
        agreement: Agreement {
            version: u32::try_from(agreement).unwrap_or_default(),
            text: row.try_get(9)?,
        },
        state: read_word(row.try_get(10)?)?,
    };
    Ok(Some(GroupRow {
        id,
        record,
        backup: backup.as_deref().map(read_id).transpose()?,
        version: row.try_get(12)?,
    }))
}

/// Adds a group that nobody is shown yet.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    id: GroupId,
    it: &Group,
    by: StaffId,
    now: Millis,
) -> Result<(), Error> {
    query(
        "insert into involvement_groups (id, area, title, does, who_for, meets, led_by, came_of_it, \
         agreement_text, agreement, state, made_by, made_at) \
         values ($1, $2, $3, '', '', '', '', '', '', 0, 'draft', $4, $5)",
    )
    .bind(id.to_string())
    .bind(word(it.area))
    .bind(it.title.clone())
    .bind(by.to_string())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    write(transaction, id, it).await
}

/// Writes what is written about it; gives the new version. Its backup is [`set_backup`]'s.
///
/// # Errors
/// What the database says.
pub async fn write(transaction: &mut AnyConnection, id: GroupId, it: &Group) -> Result<(), Error> {
    let words = |words: &Option<String>| words.clone().unwrap_or_default();
    query(
        "update involvement_groups set area = $2, title = $3, does = $4, who_for = $5, meets = $6, \
         led_by = $7, came_of_it = $8, agreement_text = $9, agreement = $10, state = $11, \
         version = version + 1 where id = $1",
    )
    .bind(id.to_string())
    .bind(word(it.area))
    .bind(it.title.clone())
    .bind(it.does.clone())
    .bind(words(&it.who_for))
    .bind(words(&it.meets))
    .bind(words(&it.led_by))
    .bind(words(&it.came_of_it))
    .bind(it.agreement.text.clone())
    .bind(i64::from(it.agreement.version))
    .bind(word(it.state))
    .execute(transaction)
    .await?;
    Ok(())
}

/// Who of staff is behind the lead from now on.
///
/// # Errors
/// What the database says.
pub async fn set_backup(
    transaction: &mut AnyConnection,
    id: GroupId,
    backup: Option<StaffId>,
) -> Result<(), Error> {
    query("update involvement_groups set backup = $2, version = version + 1 where id = $1")
        .bind(id.to_string())
        .bind(backup.map(|backup| backup.to_string()))
        .execute(transaction)
        .await?;
    Ok(())
}

/// Notes an agreement's text, so that it stays known what each version said.
///
/// # Errors
/// What the database says.
pub async fn note_agreement(
    transaction: &mut AnyConnection,
    id: GroupId,
    it: &Agreement,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into group_agreements (group_id, version, words, by_staff, at) \
         values ($1, $2, $3, $4, $5) on conflict (group_id, version) do nothing",
    )
    .bind(id.to_string())
    .bind(i64::from(it.version))
    .bind(it.text.clone())
    .bind(by.to_string())
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(())
}

/// The text of a version of its agreement.
///
/// # Errors
/// What the database says.
pub async fn agreement(
    connection: &mut AnyConnection,
    id: GroupId,
    version: u32,
) -> Result<Option<String>, Error> {
    let row = query("select words from group_agreements where group_id = $1 and version = $2")
        .bind(id.to_string())
        .bind(i64::from(version))
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Throws away one that nobody was ever shown.
///
/// # Errors
/// What the database says: it refuses where an opportunity belongs to it.
pub async fn throw_away(transaction: &mut AnyConnection, id: GroupId) -> Result<(), Error> {
    for text in [
        "delete from group_lead_staff where group_id = $1",
        "delete from group_agreements where group_id = $1",
        "delete from involvement_groups where id = $1 and state = 'draft'",
    ] {
        query(text)
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// Tells everyone how a group's page is now; nothing of one that is not shown.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn publish(transaction: &mut AnyConnection, id: GroupId) -> Result<(), Error> {
    let row = find(&mut *transaction, id).await?.ok_or(Error::NotFound)?;
    if row.record.state == GroupState::Draft {
        return Ok(());
    }
    let entry = Entry {
        scope: feed::PUBLIC.to_owned(),
        kind: kind::GROUP,
        id: id.to_string(),
        body: Some(json(&row.record)),
        is_new: false,
    };
    feed::write(transaction, vec![entry]).await
}

/// Tells everyone anew of the groups behind which an account is: what it is called changed, or whether it works.
///
/// # Errors
/// What the database says.
pub async fn publish_of_backup(
    transaction: &mut AnyConnection,
    staff: StaffId,
) -> Result<(), Error> {
    let rows = query("select id from involvement_groups where backup = $1 order by id")
        .bind(staff.to_string())
        .fetch_all(&mut *transaction)
        .await?;
    for row in rows {
        publish(&mut *transaction, read_id(row.try_get(0)?)?).await?;
    }
    Ok(())
}

/// What a member may read of groups: those to which they belong, each with whether they lead it.
///
/// # Errors
/// What the database says.
pub async fn of_member(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<(GroupId, bool)>, Error> {
    let rows = query(
        "select group_id, leads from group_people where member = $1 and state = 'in' \
         order by group_id",
    )
    .bind(member.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get::<i64, _>(1)? != 0)))
        .collect()
}
