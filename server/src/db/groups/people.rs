//! The people of groups: who belongs, what each agreed to, whom they do not want to read.

use super::{group_scope, leads, messages};
use crate::{
    db::{
        feed::{self, Entry, member_scope},
        word::{json, read_id},
    },
    error::Error,
};
use app::domain::{
    group::{Belongs, KnownPerson, Membership, Mute, Person},
    id::{GroupId, MemberId, PersonId},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};
use uuid::Uuid;

/// Somebody in a group, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// How the group knows them.
    pub id: PersonId,
    /// The group.
    pub group: GroupId,
    /// Who they are.
    pub member: MemberId,
    /// What they want to be called.
    pub name: Option<String>,
    /// Whether they belong.
    pub belongs: Belongs,
    /// The version of the agreement that they agreed to last.
    pub agreement: u32,
    /// Whether they lead.
    pub leads: bool,
    /// When they joined, the last time.
    pub joined_at: Millis,
    /// Why they may read and not write for now.
    pub paused: Option<String>,
}

impl PersonRow {
    /// What the rules go by.
    pub fn known(&self) -> KnownPerson {
        KnownPerson {
            id: self.id,
            belongs: self.belongs,
            agreement: self.agreement,
            leads: self.leads,
            paused: self.paused.is_some(),
        }
    }

    /// What they and their group are told of it: nothing of who does not belong.
    fn entries(&self) -> Vec<Entry> {
        let inside = self.belongs == Belongs::In;
        let membership = Membership {
            person: Some(self.id),
            agreement: self.agreement,
            since: Some(rfc3339(self.joined_at)),
            leads: self.leads,
            paused: self.paused.clone(),
            state: None,
        };
        let person = Person {
            group: self.group,
            name: self.name.clone().filter(|name| !name.is_empty()),
            leads: self.leads,
        };
        vec![
            Entry {
                scope: member_scope(self.member),
                kind: kind::MEMBERSHIP,
                id: self.group.to_string(),
                body: inside.then(|| json(&membership)),
                is_new: false,
            },
            Entry {
                scope: group_scope(self.group),
                kind: kind::GROUP_PERSON,
                id: self.id.to_string(),
                body: inside.then(|| json(&person)),
                is_new: false,
            },
        ]
    }
}

const COLUMNS: &str = "select p.id, p.group_id, p.member, m.name, p.state, p.agreement, p.leads, \
     p.joined_at, p.paused_at, p.paused_why from group_people p join members m on m.id = p.member ";

fn with_columns(which: &'static str) -> String {
    [COLUMNS, which].concat()
}

fn read(row: &AnyRow) -> Result<PersonRow, Error> {
    let paused_at: Option<Millis> = row.try_get(8)?;
    let why: Option<String> = row.try_get(9)?;
    let agreement: i64 = row.try_get(5)?;
    Ok(PersonRow {
        id: read_id(row.try_get(0)?)?,
        group: read_id(row.try_get(1)?)?,
        member: read_id(row.try_get(2)?)?,
        name: row.try_get(3)?,
        belongs: match row.try_get::<&str, _>(4)? {
            "in" => Belongs::In,
            _ => Belongs::Left,
        },
        agreement: u32::try_from(agreement).unwrap_or_default(),
        leads: row.try_get::<i64, _>(6)? != 0,
        joined_at: row.try_get(7)?,
        paused: paused_at.map(|_| why.unwrap_or_default()),
    })
}

/// A member in a group, if they ever belonged.
///
/// # Errors
/// What the database says.
pub async fn of_member(
    connection: &mut AnyConnection,
    group: GroupId,
    member: MemberId,
) -> Result<Option<PersonRow>, Error> {
    let text = with_columns("where p.group_id = $1 and p.member = $2");
    let row = query(AssertSqlSafe(text))
        .bind(group.to_string())
        .bind(member.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Somebody in a group, if they ever belonged.
///
/// # Errors
/// What the database says.
pub async fn find(
    connection: &mut AnyConnection,
    group: GroupId,
    person: PersonId,
) -> Result<Option<PersonRow>, Error> {
    let text = with_columns("where p.group_id = $1 and p.id = $2");
    let row = query(AssertSqlSafe(text))
        .bind(group.to_string())
        .bind(person.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Who belongs to a group, in the order of their names.
///
/// # Errors
/// What the database says.
pub async fn all(connection: &mut AnyConnection, group: GroupId) -> Result<Vec<PersonRow>, Error> {
    let text = with_columns(
        "where p.group_id = $1 and p.state = 'in' order by lower(coalesce(m.name, '')), p.id",
    );
    let rows = query(AssertSqlSafe(text))
        .bind(group.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// All of a member's places in groups, those that they left among them.
async fn everywhere(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<PersonRow>, Error> {
    let text = with_columns("where p.member = $1 order by p.id");
    let rows = query(AssertSqlSafe(text))
        .bind(member.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// Tells the person and their group how they stand there now.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn tell(
    transaction: &mut AnyConnection,
    group: GroupId,
    person: PersonId,
) -> Result<(), Error> {
    let row = find(&mut *transaction, group, person).await?;
    let row = row.ok_or(Error::NotFound)?;
    feed::write(transaction, row.entries()).await
}

/// A member belongs from now on. Who comes back is known by the same id as before.
///
/// # Errors
/// What the database says.
pub async fn join(
    transaction: &mut AnyConnection,
    group: GroupId,
    member: MemberId,
    agreement: u32,
    now: Millis,
) -> Result<(), Error> {
    query(
        "insert into group_people (id, group_id, member, state, agreement, leads, joined_at) \
         values ($1, $2, $3, 'in', $4, 0, $5) on conflict (group_id, member) do update \
         set state = 'in', agreement = excluded.agreement, leads = 0, \
         joined_at = excluded.joined_at, left_at = null",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(group.to_string())
    .bind(member.to_string())
    .bind(i64::from(agreement))
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    tell_member(transaction, group, member).await
}

/// A member agreed to this version.
///
/// # Errors
/// What the database says.
pub async fn agree(
    transaction: &mut AnyConnection,
    group: GroupId,
    member: MemberId,
    agreement: u32,
) -> Result<(), Error> {
    query("update group_people set agreement = $3 where group_id = $1 and member = $2")
        .bind(group.to_string())
        .bind(member.to_string())
        .bind(i64::from(agreement))
        .execute(&mut *transaction)
        .await?;
    tell_member(transaction, group, member).await
}

/// A member does not belong any more. What they wrote stays until they take it back.
///
/// # Errors
/// What the database says.
pub async fn leave(
    transaction: &mut AnyConnection,
    group: GroupId,
    member: MemberId,
    now: Millis,
) -> Result<(), Error> {
    let Some(row) = of_member(&mut *transaction, group, member).await? else {
        return Ok(());
    };
    leads::set(&mut *transaction, &row, false, None).await?;
    query(
        "update group_people set state = 'left', left_at = $3 where group_id = $1 and member = $2",
    )
    .bind(group.to_string())
    .bind(member.to_string())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    forget_mutes(&mut *transaction, member, Some(group)).await?;
    tell_member(transaction, group, member).await
}

async fn tell_member(
    transaction: &mut AnyConnection,
    group: GroupId,
    member: MemberId,
) -> Result<(), Error> {
    let row = of_member(&mut *transaction, group, member).await?;
    feed::write(
        transaction,
        row.iter().flat_map(PersonRow::entries).collect(),
    )
    .await
}

/// A member is called something else: their groups are told.
///
/// # Errors
/// What the database says.
pub async fn renamed(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    let rows = everywhere(&mut *transaction, member).await?;
    let inside = rows.iter().filter(|row| row.belongs == Belongs::In);
    feed::write(transaction, inside.flat_map(PersonRow::entries).collect()).await
}

/// A member leaves Chorus: they belong nowhere, and nothing that they wrote in a group is left.
///
/// # Errors
/// What the database says.
pub async fn leave_all(
    transaction: &mut AnyConnection,
    member: MemberId,
    now: Millis,
) -> Result<(), Error> {
    for row in everywhere(&mut *transaction, member).await? {
        messages::take_all_back(&mut *transaction, &row).await?;
        if row.belongs == Belongs::In {
            leave(&mut *transaction, row.group, member, now).await?;
        }
        query("update group_people set paused_at = null, paused_why = null where id = $1")
            .bind(row.id.to_string())
            .execute(&mut *transaction)
            .await?;
    }
    forget_mutes(transaction, member, None).await
}

/// Somebody may read and not write for now, and why; or they may write again.
///
/// # Errors
/// What the database says.
pub async fn pause(
    transaction: &mut AnyConnection,
    row: &PersonRow,
    why: Option<&str>,
    now: Millis,
) -> Result<(), Error> {
    query("update group_people set paused_at = $2, paused_why = $3 where id = $1")
        .bind(row.id.to_string())
        .bind(why.map(|_| now))
        .bind(why.map(str::to_owned))
        .execute(&mut *transaction)
        .await?;
    tell(transaction, row.group, row.id).await
}

/// A member does not want to see what somebody writes; or wants to again.
///
/// # Errors
/// What the database says.
pub async fn mute(
    transaction: &mut AnyConnection,
    member: MemberId,
    (group, person): (GroupId, PersonId),
    mutes: bool,
) -> Result<(), Error> {
    let text = if mutes {
        "insert into group_mutes (member, person) values ($1, $2) on conflict do nothing"
    } else {
        "delete from group_mutes where member = $1 and person = $2"
    };
    query(text)
        .bind(member.to_string())
        .bind(person.to_string())
        .execute(&mut *transaction)
        .await?;
    let mute = Mute { group, state: None };
    let entry = mute_entry(member, person.to_string(), mutes.then(|| json(&mute)));
    feed::write(transaction, vec![entry]).await
}

fn mute_entry(member: MemberId, person: String, body: Option<String>) -> Entry {
    Entry {
        scope: member_scope(member),
        kind: kind::GROUP_MUTE,
        id: person,
        body,
        is_new: false,
    }
}

/// Whom a member muted, in one group or in all, is forgotten.
async fn forget_mutes(
    transaction: &mut AnyConnection,
    member: MemberId,
    group: Option<GroupId>,
) -> Result<(), Error> {
    let rows = query(
        "delete from group_mutes where member = $1 and ($2 = '' or person in \
         (select id from group_people where group_id = $2)) returning person",
    )
    .bind(member.to_string())
    .bind(group.map(|group| group.to_string()).unwrap_or_default())
    .fetch_all(&mut *transaction)
    .await?;
    let entries: Result<Vec<_>, Error> = rows
        .iter()
        .map(|row| Ok(mute_entry(member, row.try_get(0)?, None)))
        .collect();
    feed::write(transaction, entries?).await
}
