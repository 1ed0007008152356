//! Shared check-ins. Those kept on a phone never come here.

use super::{
    bulk::Bulk,
    word::{json, read_id, read_json, read_word, word},
};
use crate::error::Error;
use app::domain::{
    care::{self, Care},
    check_in::{CheckInState, KnownCheckIn, Wants},
    id::{CheckInId, MemberId, StaffId, TeamId},
    record::CheckIn,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, Row, any::AnyRow};

/// A shared check-in as stored.
#[derive(Clone, Debug)]
pub struct CheckInRow {
    /// Its id.
    pub id: CheckInId,
    /// Whose it is.
    pub member: MemberId,
    /// Who reads it.
    pub team: TeamId,
    /// The version of the words about sharing that the person agreed to.
    pub consent: u32,
    /// Who opened it first.
    pub seen_by: Option<StaffId>,
    /// When.
    pub seen_at: Option<Millis>,
    /// Who has it.
    pub owner: Option<StaffId>,
    /// The end of the reading time that was promised when it came; none if the team has no hours.
    pub due_at: Option<Millis>,
    /// When the server first had it.
    pub received_at: Millis,
    /// What the member's phone gets.
    pub record: CheckIn,
}

impl CheckInRow {
    /// What the rules need to know.
    pub fn known(&self) -> KnownCheckIn {
        KnownCheckIn {
            member: self.member,
            state: self.record.state,
        }
    }

    /// What is decided about its care is decided on this.
    pub fn care(&mut self) -> Care<'_> {
        self.record.care(&mut self.owner)
    }
}

static BY_ID: Bulk = Bulk::new(
    "select id, member, team, feeling, note, wants, contact, consent, state, seen_by, \
     seen_by_name, seen_at, taken_on_by, received_at, made_at, owner, messages, taken_on_at, \
     closed_at, copied_by, copied_at, due_at, passed from check_ins where id in (values",
    1,
    ")",
);
static WRITE: Bulk = Bulk::new(
    "insert into check_ins (id, member, team, feeling, note, wants, asks, contact, consent, state, \
     seen_by, seen_by_name, seen_at, taken_on_by, received_at, made_at, owner, messages, \
     answered_back, taken_on_at, closed_at, copied_by, copied_at, due_at, passed) values",
    25,
    "on conflict (id) do update set feeling = excluded.feeling, note = excluded.note, \
     wants = excluded.wants, asks = excluded.asks, contact = excluded.contact, \
     state = excluded.state, seen_by = excluded.seen_by, seen_by_name = excluded.seen_by_name, \
     seen_at = excluded.seen_at, taken_on_by = excluded.taken_on_by, owner = excluded.owner, \
     messages = excluded.messages, answered_back = excluded.answered_back, \
     taken_on_at = excluded.taken_on_at, closed_at = excluded.closed_at, \
     copied_by = excluded.copied_by, copied_at = excluded.copied_at, passed = excluded.passed",
);

/// Those of `ids` that are there.
///
/// # Errors
/// What the database says.
pub async fn by_id(
    connection: &mut AnyConnection,
    ids: &[CheckInId],
) -> Result<Vec<CheckInRow>, Error> {
    let rows = BY_ID
        .select(connection, ids, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter().map(read).collect()
}

/// Writes new ones and changed ones.
///
/// # Errors
/// What the database says.
pub async fn write(transaction: &mut AnyConnection, rows: Vec<CheckInRow>) -> Result<(), Error> {
    WRITE
        .run(transaction, &rows, |query, row| {
            let record = &row.record;
            let stands = record.state != CheckInState::Withdrawn;
            query
                .bind(row.id.to_string())
                .bind(row.member.to_string())
                .bind(row.team.to_string())
                .bind(record.feeling.map(word))
                .bind(record.note.clone())
                .bind(stands.then(|| word(record.wants)))
                .bind(i64::from(stands && record.wants.asks_for_something()))
                .bind(record.contact.as_ref().map(json))
                .bind(i64::from(row.consent))
                .bind(word(record.state))
                .bind(row.seen_by.map(|staff| staff.to_string()))
                .bind(record.seen_by.clone())
                .bind(row.seen_at)
                .bind(record.taken_on_by.clone())
                .bind(row.received_at)
                .bind(record.made_at.clone().unwrap_or_default())
                .bind(row.owner.map(|staff| staff.to_string()))
                .bind((!record.messages.is_empty()).then(|| json(&record.messages)))
                .bind(i64::from(care::waits_for_reading(&record.messages)))
                .bind(record.taken_on_at.clone())
                .bind(record.closed_at.clone())
                .bind(record.copied_by.clone())
                .bind(record.copied_at.clone())
                .bind(row.due_at)
                .bind(i64::from(record.passed_at.is_some()))
        })
        .await
}

fn read(row: &AnyRow) -> Result<CheckInRow, Error> {
    let team = read_id(row.try_get(2)?)?;
    let feeling: Option<String> = row.try_get(3)?;
    let wants: Option<String> = row.try_get(5)?;
    let contact: Option<String> = row.try_get(6)?;
    let seen_by: Option<String> = row.try_get(9)?;
    let seen_at: Option<Millis> = row.try_get(11)?;
    let received_at: Millis = row.try_get(13)?;
    let owner: Option<String> = row.try_get(15)?;
    let messages: Option<String> = row.try_get(16)?;
    let due_at: Option<Millis> = row.try_get(21)?;
    let passed = row.try_get::<i64, _>(22)? != 0;
    let wants: Option<Wants> = wants.as_deref().map(read_word).transpose()?;
    let mark = CheckIn::mark();
    Ok(CheckInRow {
        id: read_id(row.try_get(0)?)?,
        member: read_id(row.try_get(1)?)?,
        team,
        consent: u32::try_from(row.try_get::<i64, _>(7)?).unwrap_or_default(),
        seen_by: seen_by.as_deref().map(read_id).transpose()?,
        seen_at,
        owner: owner.as_deref().map(read_id).transpose()?,
        due_at,
        received_at,
        record: CheckIn {
            feeling: feeling.as_deref().map(read_word).transpose()?,
            note: row.try_get(4)?,
            wants: wants.unwrap_or(mark.wants),
            team: Some(team),
            seen_by: row.try_get(10)?,
            seen_at: seen_at.map(rfc3339),
            taken_on_by: row.try_get(12)?,
            state: read_word(row.try_get(8)?)?,
            received_at: Some(rfc3339(received_at)),
            made_at: Some(row.try_get(14)?),
            contact: read_json(contact.as_deref())?,
            messages: read_json(messages.as_deref())?.unwrap_or_default(),
            taken_on_at: row.try_get(17)?,
            closed_at: row.try_get(18)?,
            copied_by: row.try_get(19)?,
            copied_at: row.try_get(20)?,
            passed_at: due_at.filter(|_| passed).map(rfc3339),
            ..mark
        },
    })
}

/// Those that nobody opened by the time that was promised, and that are not marked so yet: at most `most`.
///
/// # Errors
/// What the database says.
pub async fn passed(
    connection: &mut AnyConnection,
    now: Millis,
    most: i64,
) -> Result<Vec<CheckInId>, Error> {
    let rows = sqlx::query(
        "select id from check_ins where passed = 0 and due_at <= $1 \
         and seen_at is null and state = 'sent' order by due_at limit $2",
    )
    .bind(now)
    .bind(most)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}
