//! Involvement groups as the desk reads them: the list, who looks after each, and, for those who may read it, what is
//! written. Whoever may read: [`reads`] alone says it, and an account that was disabled is nobody.

use super::{ONE_MORE, Page};
use crate::{
    db::{
        groups::people::{self, PersonRow},
        reach::{Reach, within},
        word::{read_id, read_word},
    },
    error::Error,
};
use app::domain::{
    group::{GroupState, MessageState},
    id::{GroupId, PersonId, StaffId},
    opportunity::{Area, OpportunityState},
    time::Millis,
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyExecutor, any::AnyRow, query};
use uuid::Uuid;

/// A line of the list.
#[derive(Debug)]
pub struct Line {
    /// The group.
    pub id: String,
    /// The kind of work.
    pub area: Area,
    /// Its name.
    pub title: String,
    /// How many belong.
    pub people: i64,
    /// How many lead it: members, and accounts that are not disabled.
    pub leads: i64,
    /// The first name of its backup, unless their account is disabled.
    pub backup: Option<String>,
}

/// Where a page of the list starts: behind this name and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    /// The name.
    pub title: String,
    /// The id.
    pub id: String,
}

/// A page of those of one state, by name.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    reach: Reach,
    state: GroupState,
    after: &After,
) -> Result<Page<Line>, Error> {
    let rows = query(concat!(
        "select g.id, g.area, g.title, \
         (select count(*) from group_people p where p.group_id = g.id and p.state = 'in') as people, \
         (select count(*) from group_people p where p.group_id = g.id and p.state = 'in' \
          and p.leads = 1) + (select count(*) from group_lead_staff l join staff s on s.id = l.staff \
          and s.stopped_at is null where l.group_id = g.id) as leads, b.name \
         from involvement_groups g left join staff b on b.id = g.backup and b.stopped_at is null \
         where g.state = $1 and (g.title, g.id) > ($2, $3) and ",
        within!("g.id", "$5"),
        " order by g.title, g.id limit $4"
    ))
    .bind(state.word())
    .bind(after.title.clone())
    .bind(after.id.clone())
    .bind(ONE_MORE)
    .bind(reach.value())
    .fetch_all(db)
    .await?;
    let line = |row: &AnyRow| {
        Ok(Line {
            id: row.try_get(0)?,
            area: read_word(row.try_get(1)?)?,
            title: row.try_get(2)?,
            people: row.try_get(3)?,
            leads: row.try_get(4)?,
            backup: row.try_get(5)?,
        })
    };
    let lines = rows.iter().map(line).collect::<Result<_, Error>>()?;
    Ok(Page::cut(lines))
}

/// How many there are of each state, in the order of [`GroupState::ALL`].
///
/// # Errors
/// What the database says.
pub async fn counts(db: &AnyPool, reach: Reach) -> Result<[i64; 4], Error> {
    let rows = query(concat!(
        "select g.state, count(*) from involvement_groups g where ",
        within!("g.id", "$1"),
        " group by g.state"
    ))
    .bind(reach.value())
    .fetch_all(db)
    .await?;
    let mut counts = [0; 4];
    for row in rows {
        let state: GroupState = read_word(row.try_get(0)?)?;
        let place = GroupState::ALL.iter().position(|it| *it == state);
        if let Some(place) = place {
            counts[place] = row.try_get(1)?;
        }
    }
    Ok(counts)
}

/// An account that looks after a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub id: StaffId,
    /// Their first name.
    pub name: String,
    /// Whether it was not disabled.
    pub is_active: bool,
}

/// Who looks after a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leading {
    /// Members who lead it on their phones, by name.
    pub people: Vec<PersonRow>,
    /// Accounts that lead it from the desk, by name: disabled ones too.
    pub accounts: Vec<Account>,
    /// Who of staff is behind them.
    pub backup: Option<Account>,
}

impl Leading {
    /// Whether somebody leads it who can.
    pub fn has_lead(&self) -> bool {
        !self.people.is_empty() || self.accounts.iter().any(|account| account.is_active)
    }

    /// Whether somebody is behind them who can be.
    pub fn has_backup(&self) -> bool {
        self.backup.as_ref().is_some_and(|backup| backup.is_active)
    }
}

/// Who looks after a group.
///
/// # Errors
/// What the database says.
pub async fn leading(connection: &mut AnyConnection, group: GroupId) -> Result<Leading, Error> {
    let stopped = "case when s.stopped_at is null then 1 else 0 end";
    let account = |row: &AnyRow| {
        Ok(Account {
            id: read_id(row.try_get(0)?)?,
            name: row.try_get(1)?,
            is_active: row.try_get::<i64, _>(2)? != 0,
        })
    };
    let accounts = query(AssertSqlSafe(format!(
        "select s.id, s.name, {stopped} from group_lead_staff l join staff s on s.id = l.staff \
         where l.group_id = $1 order by s.name, s.id"
    )))
    .bind(group.to_string())
    .fetch_all(&mut *connection)
    .await?;
    let backup = query(AssertSqlSafe(format!(
        "select s.id, s.name, case when s.role = 'lead' then 0 else {stopped} end \
         from involvement_groups g join staff s on s.id = g.backup where g.id = $1"
    )))
    .bind(group.to_string())
    .fetch_optional(&mut *connection)
    .await?;
    let everyone = people::all(connection, group).await?;
    Ok(Leading {
        people: everyone.into_iter().filter(|person| person.leads).collect(),
        accounts: accounts.iter().map(account).collect::<Result<_, Error>>()?,
        backup: backup.as_ref().map(account).transpose()?,
    })
}

/// Whether someone who works here may read what is written in a group: they lead it from the desk, or are the backup,
/// which nobody is who became a lead.
///
/// # Errors
/// What the database says.
pub async fn reads(
    db: impl AnyExecutor<'_>,
    staff: StaffId,
    group: GroupId,
) -> Result<bool, Error> {
    let found = query(
        "select 1 from staff s where s.id = $1 and s.stopped_at is null and ( \
         exists (select 1 from group_lead_staff l where l.staff = s.id and l.group_id = $2) \
         or s.role <> 'lead' and exists (select 1 from involvement_groups g where g.id = $2 and g.backup = s.id))",
    )
    .bind(staff.to_string())
    .bind(group.to_string())
    .fetch_optional(db)
    .await?;
    Ok(found.is_some())
}

/// The groups in which someone may read what is written.
///
/// # Errors
/// What the database says.
pub async fn read_by(db: impl AnyExecutor<'_>, staff: StaffId) -> Result<Vec<GroupId>, Error> {
    let rows = query(
        "select group_id from group_lead_staff where staff = $1 \
         union select g.id from involvement_groups g join staff s on s.id = g.backup \
         where s.id = $1 and s.role <> 'lead'",
    )
    .bind(staff.to_string())
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// In how many messages something was reported that nobody looked at, over all groups that someone may read.
///
/// # Errors
/// What the database says.
pub async fn count_reported(db: impl AnyExecutor<'_>, staff: StaffId) -> Result<i64, Error> {
    let row = query(
        "select count(distinct r.message) from group_reports r \
         join group_messages m on m.id = r.message where r.looked_at is null and m.group_id in \
         (select group_id from group_lead_staff where staff = $1 \
          union select g.id from involvement_groups g join staff s on s.id = g.backup \
          where s.id = $1 and s.role <> 'lead')",
    )
    .bind(staff.to_string())
    .fetch_one(db)
    .await?;
    Ok(row.try_get(0)?)
}

/// The same in one group.
///
/// # Errors
/// What the database says.
pub async fn count_reported_in(db: impl AnyExecutor<'_>, group: GroupId) -> Result<i64, Error> {
    let row = query(
        "select count(distinct r.message) from group_messages m \
         join group_reports r on r.message = m.id where m.group_id = $1 and r.looked_at is null",
    )
    .bind(group.to_string())
    .fetch_one(db)
    .await?;
    Ok(row.try_get(0)?)
}

/// How many belong to a group.
///
/// # Errors
/// What the database says.
pub async fn count_people(db: impl AnyExecutor<'_>, group: GroupId) -> Result<i64, Error> {
    let row = query("select count(*) from group_people where group_id = $1 and state = 'in'")
        .bind(group.to_string())
        .fetch_one(db)
        .await?;
    Ok(row.try_get(0)?)
}

/// What was written, as those who look after the group read it: hidden words too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The message.
    pub id: Uuid,
    /// Who of the group wrote it; none for staff.
    pub person: Option<PersonId>,
    /// What that person wants to be called.
    pub who: Option<String>,
    /// Who of staff wrote it, and their first name.
    pub staff: Option<(StaffId, String)>,
    /// The words; none once they were taken back.
    pub words: Option<String>,
    /// How it stands.
    pub state: MessageState,
    /// When the server had it.
    pub at: Millis,
    /// The name of who took it out of sight.
    pub hidden_by: Option<String>,
    /// When that was.
    pub hidden_at: Option<Millis>,
    /// Why.
    pub hidden_why: Option<String>,
    /// How many people ask to have it looked at, and nobody has yet.
    pub reports: i64,
}

/// Where a page of messages goes on: behind this one, to older ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Older {
    /// When it came.
    pub at: Millis,
    /// Its id.
    pub id: String,
}

impl Default for Older {
    fn default() -> Self {
        Self {
            at: Millis::MAX,
            id: String::new(),
        }
    }
}

const SAID: &str = "select g.id, g.person, m.name, g.staff, s.name, g.words, g.state, g.received_at, \
     coalesce(hs.name, hm.name), g.hidden_at, g.hidden_why, \
     (select count(*) from group_reports r where r.message = g.id and r.looked_at is null) \
     from group_messages g left join group_people p on p.id = g.person \
     left join members m on m.id = p.member left join staff s on s.id = g.staff \
     left join staff hs on hs.id = g.hidden_by left join group_people hp on hp.id = g.hidden_by \
     left join members hm on hm.id = hp.member where g.group_id = $1 and ";

fn said(row: &AnyRow) -> Result<Said, Error> {
    let person: Option<String> = row.try_get(1)?;
    let staff: Option<String> = row.try_get(3)?;
    let staff = match staff {
        Some(id) => Some((read_id(&id)?, row.try_get(4)?)),
        None => None,
    };
    Ok(Said {
        id: read_id(row.try_get(0)?)?,
        person: person.as_deref().map(read_id).transpose()?,
        who: row.try_get(2)?,
        staff,
        words: row.try_get(5)?,
        state: read_word(row.try_get(6)?)?,
        at: row.try_get(7)?,
        hidden_by: row.try_get(8)?,
        hidden_at: row.try_get(9)?,
        hidden_why: row.try_get(10)?,
        reports: row.try_get(11)?,
    })
}

/// A page of what was written in a group, newest first.
///
/// # Errors
/// What the database says.
pub async fn messages(
    connection: &mut AnyConnection,
    group: GroupId,
    older: &Older,
) -> Result<Page<Said>, Error> {
    let text = [
        SAID,
        "(g.received_at, g.id) < ($2, $3) order by g.received_at desc, g.id desc limit $4",
    ];
    let rows = query(AssertSqlSafe(text.concat()))
        .bind(group.to_string())
        .bind(older.at)
        .bind(older.id.clone())
        .bind(ONE_MORE)
        .fetch_all(connection)
        .await?;
    let lines = rows.iter().map(said).collect::<Result<_, Error>>()?;
    Ok(Page::cut(lines))
}

/// What people ask to have looked at in a group and nobody has yet: at most a page, what was asked first first.
///
/// # Errors
/// What the database says.
pub async fn reported(connection: &mut AnyConnection, group: GroupId) -> Result<Page<Said>, Error> {
    let text = [
        SAID,
        "exists (select 1 from group_reports r where r.message = g.id and r.looked_at is null) \
         order by g.received_at, g.id limit $2",
    ];
    let rows = query(AssertSqlSafe(text.concat()))
        .bind(group.to_string())
        .bind(ONE_MORE)
        .fetch_all(connection)
        .await?;
    let lines = rows.iter().map(said).collect::<Result<_, Error>>()?;
    Ok(Page::cut(lines))
}

/// One message of a group.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn message(
    connection: &mut AnyConnection,
    group: GroupId,
    id: Uuid,
) -> Result<Said, Error> {
    let row = query(AssertSqlSafe([SAID, "g.id = $2"].concat()))
        .bind(group.to_string())
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(said).transpose()?.ok_or(Error::NotFound)
}

/// Why somebody asked to have a message looked at. Who asked is told to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// In their words.
    pub why: String,
    /// When.
    pub at: Millis,
    /// Who looked, and when.
    pub looked: Option<(Option<String>, Millis)>,
}

/// Why a message was to be looked at, what nobody looked at yet first.
///
/// # Errors
/// What the database says.
pub async fn reasons(connection: &mut AnyConnection, message: Uuid) -> Result<Vec<Reason>, Error> {
    let rows = query(
        "select r.why, r.at, r.looked_at, coalesce(s.name, m.name) from group_reports r \
         left join staff s on s.id = r.looked_by left join group_people p on p.id = r.looked_by \
         left join members m on m.id = p.member where r.message = $1 \
         order by case when r.looked_at is null then 0 else 1 end, r.at, r.id",
    )
    .bind(message.to_string())
    .fetch_all(connection)
    .await?;
    let reason = |row: &AnyRow| {
        let looked: Option<Millis> = row.try_get(2)?;
        let by: Option<String> = row.try_get(3)?;
        Ok(Reason {
            why: row.try_get(0)?,
            at: row.try_get(1)?,
            looked: looked.map(|at| (by, at)),
        })
    };
    rows.iter().map(reason).collect()
}

/// An opportunity of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Its {
    /// The opportunity.
    pub id: String,
    /// Its name.
    pub title: String,
    /// How far it has come.
    pub state: OpportunityState,
}

/// The opportunities of a group, those that go on first: at most `most`.
///
/// # Errors
/// What the database says.
pub async fn opportunities(
    connection: &mut AnyConnection,
    group: GroupId,
    most: i64,
) -> Result<Vec<Its>, Error> {
    let rows = query(
        "select id, title, state from opportunities where group_id = $1 \
         order by case state when 'published' then 0 when 'paused' then 1 when 'draft' then 2 \
         when 'closed' then 3 when 'reported_back' then 4 else 5 end, title, id limit $2",
    )
    .bind(group.to_string())
    .bind(most)
    .fetch_all(connection)
    .await?;
    let its = |row: &AnyRow| {
        Ok(Its {
            id: row.try_get(0)?,
            title: row.try_get(1)?,
            state: read_word(row.try_get(2)?)?,
        })
    };
    rows.iter().map(its).collect()
}

/// How many opportunities belong to a group, or are to by what is written about them and not shown yet.
///
/// # Errors
/// What the database says.
pub async fn count_opportunities(
    connection: &mut AnyConnection,
    group: GroupId,
) -> Result<i64, Error> {
    let row = query(
        "select count(*) from opportunities o where o.group_id = $1 or exists \
         (select 1 from opportunity_edits e where e.opportunity = o.id and e.body like $2)",
    )
    .bind(group.to_string())
    .bind(format!("%\"group\":\"{group}\"%"))
    .fetch_one(connection)
    .await?;
    Ok(row.try_get(0)?)
}

/// A group to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub title: String,
    /// How far it has come.
    pub state: GroupState,
}

/// The groups that whoever asks runs and that have not ended, and those of `chosen` that have, by name.
///
/// # Errors
/// What the database says.
pub async fn choices(
    connection: &mut AnyConnection,
    reach: Reach,
    chosen: &[GroupId],
) -> Result<Vec<Choice>, Error> {
    let rows = query(concat!(
        "select g.id, g.title, g.state from involvement_groups g where ",
        within!("g.id", "$1"),
        " order by g.title, g.id"
    ))
    .bind(reach.value())
    .fetch_all(connection)
    .await?;
    let choice = |row: &AnyRow| {
        Ok(Choice {
            id: read_id(row.try_get(0)?)?,
            title: row.try_get(1)?,
            state: read_word(row.try_get(2)?)?,
        })
    };
    let all: Vec<Choice> = rows.iter().map(choice).collect::<Result<_, Error>>()?;
    let may = |it: &Choice| it.state != GroupState::Ended || chosen.contains(&it.id);
    Ok(all.into_iter().filter(may).collect())
}

/// Everyone who may be behind the leads of a group: staff and admins.
///
/// # Errors
/// What the database says.
pub async fn may_be_backup(
    connection: &mut AnyConnection,
) -> Result<Vec<(StaffId, String)>, Error> {
    const STAFF: &str = "select id, name from staff where stopped_at is null and role <> 'lead' \
         order by name, id";
    named(&query(STAFF).fetch_all(connection).await?)
}

fn named(rows: &[AnyRow]) -> Result<Vec<(StaffId, String)>, Error> {
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?)))
        .collect()
}

/// Everyone who works here, leads too: id and first name, by name.
///
/// # Errors
/// What the database says.
pub async fn active_accounts(
    connection: &mut AnyConnection,
) -> Result<Vec<(StaffId, String)>, Error> {
    let rows = query("select id, name from staff where stopped_at is null order by name, id")
        .fetch_all(connection)
        .await?;
    named(&rows)
}
