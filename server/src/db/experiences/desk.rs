//! What the desk adds to an experience: tags, the changes that it had a part in, and whom it is about.

use crate::{
    db::word::{read_id, read_word},
    error::Error,
};
use app::domain::{
    change::{ChangeKind, ChangeState},
    id::{ChangeId, ExperienceId, IndependentId, StaffId},
    time::Millis,
};
use sqlx::{AnyConnection, Row as _, query};

/// Its tags, by name.
///
/// # Errors
/// What the database says.
pub async fn tags(connection: &mut AnyConnection, id: ExperienceId) -> Result<Vec<String>, Error> {
    let rows = query("select tag from experience_tags where experience = $1 order by tag")
        .bind(id.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Every tag that staff have given to what teams read, by name: what an independent person reads is in no list.
///
/// # Errors
/// What the database says.
pub async fn all_tags(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows = query(
        "select distinct g.tag from experience_tags g join experiences e on e.id = g.experience \
         where e.independent is null order by g.tag",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Adds a tag; one that is there stays.
///
/// # Errors
/// What the database says.
pub async fn tag(
    transaction: &mut AnyConnection,
    id: ExperienceId,
    tag: &str,
) -> Result<(), Error> {
    query("insert into experience_tags (experience, tag) values ($1, $2) on conflict do nothing")
        .bind(id.to_string())
        .bind(tag.to_owned())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Takes a tag away; whether it was there.
///
/// # Errors
/// What the database says.
pub async fn untag(
    transaction: &mut AnyConnection,
    id: ExperienceId,
    tag: &str,
) -> Result<bool, Error> {
    let done = query("delete from experience_tags where experience = $1 and tag = $2")
        .bind(id.to_string())
        .bind(tag.to_owned())
        .execute(transaction)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// A change that an experience had a part in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The change.
    pub id: ChangeId,
    /// How far it has come.
    pub state: ChangeState,
    /// What came of it.
    pub kind: ChangeKind,
    /// What people said, as it is written there.
    pub you_said: String,
}

/// Its changes, oldest link first.
///
/// # Errors
/// What the database says.
pub async fn changes(
    connection: &mut AnyConnection,
    id: ExperienceId,
) -> Result<Vec<Linked>, Error> {
    let rows = query(
        "select c.id, c.state, c.kind, c.you_said from experience_changes x \
         join changes c on c.id = x.change_id where x.experience = $1 order by x.at, c.id",
    )
    .bind(id.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Linked {
                id: read_id(row.try_get(0)?)?,
                state: read_word(row.try_get(1)?)?,
                kind: read_word(row.try_get(2)?)?,
                you_said: row.try_get(3)?,
            })
        })
        .collect()
}

/// The most changes that are offered.
const OFFERED: i64 = 50;

/// Changes that it may have had a part in, what moved last first, each with what people said.
///
/// # Errors
/// What the database says.
pub async fn offered(
    connection: &mut AnyConnection,
    id: ExperienceId,
) -> Result<Vec<(ChangeId, String)>, Error> {
    let rows = query(
        "select c.id, c.you_said from changes c where c.state in ('draft', 'agreed', 'published') \
         and not exists (select 1 from experience_changes x where x.change_id = c.id and x.experience = $1) \
         order by c.moved_at desc, c.id desc limit $2",
    )
    .bind(id.to_string())
    .bind(OFFERED)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?)))
        .collect()
}

/// What the desk calls whoever shared it, and the name of the team that reads it.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn names(
    connection: &mut AnyConnection,
    id: ExperienceId,
) -> Result<(Option<String>, Option<String>), Error> {
    let row = query(
        "select m.name, t.name from experiences e join members m on m.id = e.member \
         left join teams t on t.id = e.team where e.id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    let row = row.ok_or(Error::NotFound)?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// The experiences that had a part in a change.
///
/// # Errors
/// What the database says.
pub async fn of_change(
    connection: &mut AnyConnection,
    change: ChangeId,
) -> Result<Vec<ExperienceId>, Error> {
    let rows = query("select experience from experience_changes where change_id = $1 order by at")
        .bind(change.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// It had a part in this change.
///
/// # Errors
/// What the database says.
pub async fn link(
    transaction: &mut AnyConnection,
    id: ExperienceId,
    change: ChangeId,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into experience_changes (experience, change_id, by_staff, at) \
         values ($1, $2, $3, $4) on conflict do nothing",
    )
    .bind(id.to_string())
    .bind(change.to_string())
    .bind(by.to_string())
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(())
}

/// It had no part in this change; whether it was said to.
///
/// # Errors
/// What the database says.
pub async fn unlink(
    transaction: &mut AnyConnection,
    id: ExperienceId,
    change: ChangeId,
) -> Result<bool, Error> {
    let done = query("delete from experience_changes where experience = $1 and change_id = $2")
        .bind(id.to_string())
        .bind(change.to_string())
        .execute(transaction)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Those who work here and whom it is about, by name.
///
/// # Errors
/// What the database says.
pub async fn about(
    connection: &mut AnyConnection,
    id: ExperienceId,
) -> Result<Vec<(StaffId, String)>, Error> {
    let rows = query(
        "select s.id, s.name from experience_about b join staff s on s.id = b.staff \
         where b.experience = $1 order by s.name, s.id",
    )
    .bind(id.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?)))
        .collect()
}

/// It is about this colleague, who never reads it from now on.
///
/// # Errors
/// What the database says.
pub async fn is_about(
    transaction: &mut AnyConnection,
    id: ExperienceId,
    staff: StaffId,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into experience_about (experience, staff, by_staff, at) values ($1, $2, $3, $4) \
         on conflict do nothing",
    )
    .bind(id.to_string())
    .bind(staff.to_string())
    .bind(by.to_string())
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Another independent person reads it from now on, and whoever did does no more. [`super::write`] tells its member.
///
/// # Errors
/// What the database says.
pub async fn hand_on(
    transaction: &mut AnyConnection,
    id: ExperienceId,
    to: IndependentId,
) -> Result<(), Error> {
    query("update experiences set independent = $2 where id = $1 and team is null")
        .bind(id.to_string())
        .bind(to.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}
