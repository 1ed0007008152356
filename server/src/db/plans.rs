//! Plans that members share with their team. Those kept on a phone never come here.

use super::{
    feed::{self, Entry, member_scope},
    word::{json, read_id, read_json, read_word, word},
};
use crate::error::Error;
use app::domain::{
    id::{MemberId, StaffId, TeamId},
    record::kind,
    shared_plan::{Content, KnownPlan, SharedPlan},
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, Row, any::AnyRow, query};
use uuid::Uuid;

/// A shared plan as stored.
#[derive(Clone, Debug)]
pub struct PlanRow {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub member: MemberId,
    /// Who reads it.
    pub team: TeamId,
    /// The version of the words about sharing that the person agreed to.
    pub consent: u32,
    /// Who read it first.
    pub seen_by: Option<StaffId>,
    /// When.
    pub seen_at: Option<Millis>,
    /// When the server had it.
    pub received_at: Millis,
    /// What the member's phones get.
    pub record: SharedPlan,
}

impl PlanRow {
    /// What the rules go by.
    pub fn known(&self) -> KnownPlan {
        KnownPlan {
            member: self.member,
            state: self.record.state,
        }
    }

    /// Somebody of the team reads it: the first one is who saw it.
    pub fn see(&mut self, (by, name): (StaffId, &str), now: Millis) {
        if self.record.see(name, &rfc3339(now)) {
            self.seen_by = Some(by);
            self.seen_at = Some(now);
        }
    }
}

const COLUMNS: &str = "select id, member, team, body, consent, state, seen_by, seen_by_name, \
    seen_at, received_at from plans ";

/// One of them.
///
/// # Errors
/// What the database says.
pub async fn find(connection: &mut AnyConnection, id: Uuid) -> Result<Option<PlanRow>, Error> {
    let row = query(sqlx::AssertSqlSafe([COLUMNS, "where id = $1"].concat()))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Those of a member that were not taken back.
///
/// # Errors
/// What the database says.
pub async fn standing_of(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<PlanRow>, Error> {
    let text = [COLUMNS, "where member = $1 and state <> 'withdrawn'"].concat();
    let rows = query(sqlx::AssertSqlSafe(text))
        .bind(member.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// Writes a new one or a changed one, and tells its member's phones.
///
/// # Errors
/// What the database says.
pub async fn write(transaction: &mut AnyConnection, row: &PlanRow) -> Result<(), Error> {
    let record = &row.record;
    let body = record.stands().then(|| json(&record.content()));
    query(
        "insert into plans (id, member, team, body, consent, state, seen_by, seen_by_name, seen_at, \
         received_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (id) do update set body = excluded.body, state = excluded.state, \
         seen_by = excluded.seen_by, seen_by_name = excluded.seen_by_name, seen_at = excluded.seen_at",
    )
    .bind(row.id.to_string())
    .bind(row.member.to_string())
    .bind(row.team.to_string())
    .bind(body)
    .bind(i64::from(row.consent))
    .bind(word(record.state))
    .bind(row.seen_by.map(|staff| staff.to_string()))
    .bind(record.seen_by.clone())
    .bind(row.seen_at)
    .bind(row.received_at)
    .execute(&mut *transaction)
    .await?;
    let entry = Entry {
        scope: member_scope(row.member),
        kind: kind::PLAN,
        id: row.id.to_string(),
        body: Some(json(record)),
        is_new: false,
    };
    feed::write(transaction, vec![entry]).await
}

fn read(row: &AnyRow) -> Result<PlanRow, Error> {
    let body: Option<String> = row.try_get(3)?;
    let content: Option<Content> = read_json(body.as_deref())?;
    let team = read_id(row.try_get(2)?)?;
    let seen_by: Option<String> = row.try_get(6)?;
    let seen_at: Option<Millis> = row.try_get(8)?;
    let received_at: Millis = row.try_get(9)?;
    let is_here = content.is_some();
    let content = content.unwrap_or_default();
    Ok(PlanRow {
        id: read_id(row.try_get(0)?)?,
        member: read_id(row.try_get(1)?)?,
        team,
        consent: u32::try_from(row.try_get::<i64, _>(4)?).unwrap_or_default(),
        seen_by: seen_by.as_deref().map(read_id).transpose()?,
        seen_at,
        received_at,
        record: SharedPlan {
            state: read_word(row.try_get(5)?)?,
            team: Some(team),
            parts: content.parts,
            people_heading: is_here.then_some(content.people_heading),
            people: content.people,
            written_at: is_here.then_some(content.written_at),
            received_at: Some(rfc3339(received_at)),
            seen_by: row.try_get(7)?,
            seen_at: seen_at.map(rfc3339),
        },
    })
}
