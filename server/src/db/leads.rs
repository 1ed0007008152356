//! Members who lead opportunities, and what their phones are told: the `lead:<opportunity>` scopes.
//!
//! Records of the people who come are written only while somebody leads the opportunity; with the last
//! lead gone they are gone too.

use super::{
    bulk::Bulk,
    calendars::{self, Whose},
    feed::{self, Entry, member_scope},
    sign_ups,
    word::{json, read_id},
};
use crate::error::Error;
use app::domain::{
    attendee::{Attendee, Lead},
    id::{MemberId, OpportunityId, SignUpId, StaffId},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, Row, any::AnyRow, query};
use std::collections::{HashMap, HashSet};

/// The scope of what those who lead an opportunity read.
pub fn lead_scope(opportunity: OpportunityId) -> String {
    format!("lead:{opportunity}")
}

static LEADS: Bulk = Bulk::new(
    "select opportunity, member from leads where opportunity in (values",
    1,
    ")",
);
static NAMES: Bulk = Bulk::new("select id, name from members where id in (values", 1, ")");

/// Who leads which of `opportunities`.
///
/// # Errors
/// What the database says.
pub async fn of(
    connection: &mut AnyConnection,
    opportunities: &[OpportunityId],
) -> Result<HashSet<(OpportunityId, MemberId)>, Error> {
    let rows = LEADS
        .select(connection, opportunities, |query, id| {
            query.bind(id.to_string())
        })
        .await?;
    let read = |row: &AnyRow| Ok((read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?));
    rows.iter().map(read).collect()
}

/// The opportunities that a member leads.
///
/// # Errors
/// What the database says.
pub async fn led_by(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<OpportunityId>, Error> {
    let rows = query("select opportunity from leads where member = $1 order by opportunity")
        .bind(member.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// What members want to be called.
///
/// # Errors
/// What the database says.
pub async fn names(
    connection: &mut AnyConnection,
    members: &[MemberId],
) -> Result<HashMap<MemberId, Option<String>>, Error> {
    let rows = NAMES
        .select(connection, members, |query, id| query.bind(id.to_string()))
        .await?;
    let read = |row: &AnyRow| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?));
    rows.iter().map(read).collect()
}

/// A member leads an opportunity from now on. Whether they did not before.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    opportunity: OpportunityId,
    member: MemberId,
    by: StaffId,
    now: Millis,
) -> Result<bool, Error> {
    let is_first = of(transaction, &[opportunity]).await?.is_empty();
    let added = query(
        "insert into leads (opportunity, member, made_by, made_at) values ($1, $2, $3, $4) \
         on conflict (opportunity, member) do nothing",
    )
    .bind(opportunity.to_string())
    .bind(member.to_string())
    .bind(by.to_string())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    let lead = Lead {
        since: rfc3339(now),
    };
    let mut entries = vec![entry(member, opportunity, Some(json(&lead)))];
    if is_first {
        entries.extend(everyone(transaction, opportunity).await?);
    }
    feed::write(transaction, entries).await?;
    Ok(true)
}

/// A member leads it no more. Whether they did. With the last one their calendar address ends.
///
/// # Errors
/// What the database says.
pub async fn remove(
    transaction: &mut AnyConnection,
    opportunity: OpportunityId,
    member: MemberId,
) -> Result<bool, Error> {
    let removed = query("delete from leads where opportunity = $1 and member = $2")
        .bind(opportunity.to_string())
        .bind(member.to_string())
        .execute(&mut *transaction)
        .await?;
    if removed.rows_affected() == 0 {
        return Ok(false);
    }
    let mut entries = vec![entry(member, opportunity, None)];
    if of(transaction, &[opportunity]).await?.is_empty() {
        entries.extend(nobody(transaction, opportunity).await?);
    }
    feed::write(transaction, entries).await?;
    if led_by(transaction, member).await?.is_empty() {
        calendars::end(transaction, Whose::Member(member)).await?;
    }
    Ok(true)
}

/// A member leads nothing any more.
///
/// # Errors
/// What the database says.
pub async fn remove_all(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    for opportunity in led_by(transaction, member).await? {
        remove(transaction, opportunity, member).await?;
    }
    Ok(())
}

/// A member is called something else: those who lead what they come to are told.
///
/// # Errors
/// What the database says.
pub async fn renamed(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    let rows = query(
        "select s.id, e.opportunity from sign_ups s join sessions e on e.id = s.session \
         where s.member = $1 and e.opportunity in (select opportunity from leads)",
    )
    .bind(member.to_string())
    .fetch_all(&mut *transaction)
    .await?;
    let entries = attendees(transaction, &rows).await?;
    feed::write(transaction, entries).await
}

/// Those who lead an opportunity know nothing of a sign-up any more.
///
/// # Errors
/// What the database says.
pub async fn forget(
    transaction: &mut AnyConnection,
    opportunity: OpportunityId,
    sign_up: String,
) -> Result<(), Error> {
    let scope = lead_scope(opportunity);
    let told =
        query("select 1 from feed where scope = $1 and kind = $2 and id = $3 and deleted = 0")
            .bind(scope.clone())
            .bind(kind::ATTENDEE)
            .bind(sign_up.clone())
            .fetch_optional(&mut *transaction)
            .await?;
    let gone = told.map(|_| Entry {
        scope,
        kind: kind::ATTENDEE,
        id: sign_up,
        body: None,
        is_new: false,
    });
    feed::write(transaction, gone.into_iter().collect()).await
}

fn entry(member: MemberId, opportunity: OpportunityId, body: Option<String>) -> Entry {
    Entry {
        scope: member_scope(member),
        kind: kind::LEAD,
        id: opportunity.to_string(),
        body,
        is_new: false,
    }
}

/// The records of all who come.
async fn everyone(
    transaction: &mut AnyConnection,
    opportunity: OpportunityId,
) -> Result<Vec<Entry>, Error> {
    let rows = query(
        "select s.id, e.opportunity from sign_ups s join sessions e on e.id = s.session \
         where e.opportunity = $1 and s.state not in ('withdrawn', 'cancelled')",
    )
    .bind(opportunity.to_string())
    .fetch_all(&mut *transaction)
    .await?;
    attendees(transaction, &rows).await
}

/// The records of these sign-ups, given with their opportunities.
async fn attendees(transaction: &mut AnyConnection, found: &[AnyRow]) -> Result<Vec<Entry>, Error> {
    let read = |row: &AnyRow| Ok((read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?));
    let of: HashMap<SignUpId, OpportunityId> =
        found.iter().map(read).collect::<Result<_, Error>>()?;
    let ids: Vec<_> = of.keys().copied().collect();
    let rows = sign_ups::by_id(transaction, &ids).await?;
    let members: Vec<_> = rows.iter().map(|row| row.member).collect();
    let names = names(transaction, &members).await?;
    let entry = |row: &sign_ups::SignUpRow| {
        let name = names.get(&row.member).and_then(Option::as_deref);
        Some(attendee(*of.get(&row.id)?, row, name, false))
    };
    Ok(rows.iter().filter_map(entry).collect())
}

/// What those who lead are told of a sign-up.
pub fn attendee(
    opportunity: OpportunityId,
    row: &sign_ups::SignUpRow,
    name: Option<&str>,
    is_new: bool,
) -> Entry {
    Entry {
        scope: lead_scope(opportunity),
        kind: kind::ATTENDEE,
        id: row.id.to_string(),
        body: Attendee::of(&row.record, name).map(|attendee| json(&attendee)),
        is_new,
    }
}

/// The end of all records of a scope that nobody reads any more.
async fn nobody(
    transaction: &mut AnyConnection,
    opportunity: OpportunityId,
) -> Result<Vec<Entry>, Error> {
    let scope = lead_scope(opportunity);
    let rows = query("select id from feed where scope = $1 and kind = $2 and deleted = 0")
        .bind(scope.clone())
        .bind(kind::ATTENDEE)
        .fetch_all(transaction)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                scope: scope.clone(),
                kind: kind::ATTENDEE,
                id: row.try_get(0)?,
                body: None,
                is_new: false,
            })
        })
        .collect()
}
