//! Who leads a group: its people, on their phones; and accounts, from the desk. Whoever leads a group leads
//! its opportunities.

use super::people::{PersonRow, tell};
use crate::{
    db::{leads, word::read_id},
    error::Error,
};
use app::domain::{
    id::{GroupId, MemberId, OpportunityId, StaffId},
    time::Millis,
};
use sqlx::{AnyConnection, Row, query};

/// Somebody who belongs leads from now on, or no more. `by` is who gives it.
///
/// # Errors
/// What the database says.
pub async fn set(
    transaction: &mut AnyConnection,
    row: &PersonRow,
    leads: bool,
    by: Option<(StaffId, Millis)>,
) -> Result<(), Error> {
    if row.leads == leads {
        return Ok(());
    }
    query("update group_people set leads = $2 where id = $1")
        .bind(row.id.to_string())
        .bind(i64::from(leads))
        .execute(&mut *transaction)
        .await?;
    for opportunity in opportunities(&mut *transaction, row.group).await? {
        let who = (opportunity, row.member);
        match by {
            Some((by, now)) if leads => {
                leads::add_through(&mut *transaction, who, row.group, by, now).await?
            }
            _ => leads::remove_through(&mut *transaction, who, row.group).await?,
        };
    }
    tell(transaction, row.group, row.id).await
}

async fn opportunities(
    connection: &mut AnyConnection,
    group: GroupId,
) -> Result<Vec<OpportunityId>, Error> {
    let rows = query("select id from opportunities where group_id = $1 order by id")
        .bind(group.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// An opportunity belongs to this group now, or stands alone: whoever leads the group leads it, and who led it
/// through another does not.
///
/// # Errors
/// What the database says.
pub async fn follow(
    transaction: &mut AnyConnection,
    opportunity: OpportunityId,
    group: Option<GroupId>,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    let others = query(
        "select member, through from leads where opportunity = $1 and through is not null \
         and through <> $2",
    )
    .bind(opportunity.to_string())
    .bind(group.map(|group| group.to_string()).unwrap_or_default())
    .fetch_all(&mut *transaction)
    .await?;
    for row in others {
        let (member, through): (MemberId, GroupId) =
            (read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?);
        leads::remove_through(&mut *transaction, (opportunity, member), through).await?;
    }
    let Some(group) = group else {
        return Ok(());
    };
    let rows =
        query("select member from group_people where group_id = $1 and state = 'in' and leads = 1")
            .bind(group.to_string())
            .fetch_all(&mut *transaction)
            .await?;
    for row in rows {
        let who = (opportunity, read_id(row.try_get(0)?)?);
        leads::add_through(&mut *transaction, who, group, by, now).await?;
    }
    Ok(())
}

/// An account leads a group from the desk from now on. Whether it did not before.
///
/// # Errors
/// What the database says.
pub async fn add_account(
    transaction: &mut AnyConnection,
    group: GroupId,
    staff: StaffId,
    (by, now): (StaffId, Millis),
) -> Result<bool, Error> {
    let added = query(
        "insert into group_lead_staff (group_id, staff, made_by, made_at) values ($1, $2, $3, $4) \
         on conflict (group_id, staff) do nothing",
    )
    .bind(group.to_string())
    .bind(staff.to_string())
    .bind(by.to_string())
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(added.rows_affected() > 0)
}

/// An account leads it no more. Whether it did.
///
/// # Errors
/// What the database says.
pub async fn remove_account(
    transaction: &mut AnyConnection,
    group: GroupId,
    staff: StaffId,
) -> Result<bool, Error> {
    let removed = query("delete from group_lead_staff where group_id = $1 and staff = $2")
        .bind(group.to_string())
        .bind(staff.to_string())
        .execute(transaction)
        .await?;
    Ok(removed.rows_affected() > 0)
}

/// The groups that an account leads from the desk.
///
/// # Errors
/// What the database says.
pub async fn of_account(
    connection: &mut AnyConnection,
    staff: StaffId,
) -> Result<Vec<GroupId>, Error> {
    let rows = query("select group_id from group_lead_staff where staff = $1 order by group_id")
        .bind(staff.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// The accounts that lead a group from the desk, with their first names.
///
/// # Errors
/// What the database says.
pub async fn accounts(
    connection: &mut AnyConnection,
    group: GroupId,
) -> Result<Vec<(StaffId, String)>, Error> {
    let rows = query(
        "select l.staff, s.name from group_lead_staff l join staff s on s.id = l.staff \
         where l.group_id = $1 order by s.name, l.staff",
    )
    .bind(group.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?)))
        .collect()
}
