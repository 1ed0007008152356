//! Whom members can turn to about somebody who works here, and the one public record that says so.

use crate::{
    db::{
        feed::{self, Entry, PUBLIC},
        word::{json, read_id, read_word, word},
    },
    error::Error,
};
use app::domain::{
    experience::speaking_up::{Independent, Line, SpeakingUp},
    id::{IndependentId, StaffId},
    record::kind,
    time::Millis,
};
use sqlx::{AnyConnection, Row, any::AnyExecutor, query};
use uuid::Uuid;

/// The one record's id.
const ID: &str = "00000000-0000-0000-0000-000000000000";

/// Somebody whom an admin named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Their account.
    pub staff: StaffId,
    /// What members read.
    pub shown: Independent,
}

/// Those whom members can pick, in order: named, and still working here.
///
/// # Errors
/// What the database says.
pub async fn named(connection: &mut AnyConnection) -> Result<Vec<Named>, Error> {
    let rows = query(
        "select p.id, p.staff, p.name, p.role, p.reach from independent_people p \
         join staff s on s.id = p.staff and s.stopped_at is null and s.role <> 'lead' \
         where p.gone_at is null order by p.place, p.id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Named {
                staff: read_id(row.try_get(1)?)?,
                shown: Independent {
                    id: read_id(row.try_get(0)?)?,
                    name: row.try_get(2)?,
                    role: row.try_get(3)?,
                    reach: row.try_get(4)?,
                },
            })
        })
        .collect()
}

/// The account of somebody who was named, now or before.
///
/// # Errors
/// What the database says.
pub async fn account(
    db: impl AnyExecutor<'_>,
    id: IndependentId,
) -> Result<Option<StaffId>, Error> {
    let row = query("select staff from independent_people where id = $1")
        .bind(id.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| read_id(row.try_get(0)?)).transpose()
}

/// Names somebody, or changes what members read of them.
///
/// # Errors
/// What the database says.
pub async fn name(transaction: &mut AnyConnection, it: &Named, place: i64) -> Result<(), Error> {
    query(
        "insert into independent_people (id, staff, name, role, reach, place) \
         values ($1, $2, $3, $4, $5, $6) on conflict (id) do update set name = excluded.name, \
         role = excluded.role, reach = excluded.reach, place = excluded.place, gone_at = null",
    )
    .bind(it.shown.id.to_string())
    .bind(it.staff.to_string())
    .bind(it.shown.name.clone())
    .bind(it.shown.role.clone())
    .bind(it.shown.reach.clone())
    .bind(place)
    .execute(&mut *transaction)
    .await?;
    publish(transaction).await
}

/// Nobody can pick them from now on.
///
/// # Errors
/// What the database says.
pub async fn unname(
    transaction: &mut AnyConnection,
    id: IndependentId,
    now: Millis,
) -> Result<(), Error> {
    query("update independent_people set gone_at = coalesce(gone_at, $2) where id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    publish(transaction).await
}

/// Those outside, in order, each with its id.
///
/// # Errors
/// What the database says.
pub async fn lines(connection: &mut AnyConnection) -> Result<Vec<(Uuid, Line)>, Error> {
    let rows = query(
        "select id, kind, label, number, address, words from speaking_up_lines order by place, id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let line = Line {
                kind: read_word(row.try_get(1)?)?,
                label: row.try_get(2)?,
                number: row.try_get(3)?,
                address: row.try_get(4)?,
                words: row.try_get(5)?,
            };
            Ok((read_id(row.try_get(0)?)?, line))
        })
        .collect()
}

/// Adds one, or changes it.
///
/// # Errors
/// What the database says.
pub async fn put_line(
    transaction: &mut AnyConnection,
    id: Uuid,
    it: &Line,
    place: i64,
) -> Result<(), Error> {
    query(
        "insert into speaking_up_lines (id, kind, label, number, address, words, place) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do update set kind = excluded.kind, \
         label = excluded.label, number = excluded.number, address = excluded.address, \
         words = excluded.words, place = excluded.place",
    )
    .bind(id.to_string())
    .bind(word(it.kind))
    .bind(it.label.clone())
    .bind(it.number.clone())
    .bind(it.address.clone())
    .bind(it.words.clone())
    .bind(place)
    .execute(&mut *transaction)
    .await?;
    publish(transaction).await
}

/// Takes one away.
///
/// # Errors
/// What the database says.
pub async fn remove_line(transaction: &mut AnyConnection, id: Uuid) -> Result<(), Error> {
    query("delete from speaking_up_lines where id = $1")
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
    publish(transaction).await
}

/// What phones are told.
///
/// # Errors
/// What the database says.
pub async fn speaking_up(connection: &mut AnyConnection) -> Result<SpeakingUp, Error> {
    let people = named(&mut *connection).await?.into_iter();
    let lines = lines(connection).await?.into_iter();
    Ok(SpeakingUp {
        people: people.map(|it| it.shown).collect(),
        lines: lines.map(|(_, line)| line).collect(),
    })
}

/// Tells all phones whom to turn to, where that is not what they were told before: somebody who was named may stop
/// working here.
///
/// # Errors
/// What the database says.
pub async fn publish(transaction: &mut AnyConnection) -> Result<(), Error> {
    let record = json(&speaking_up(&mut *transaction).await?);
    let before = feed::body(&mut *transaction, PUBLIC, kind::SPEAKING_UP, ID).await?;
    if before.unwrap_or_else(|| json(&SpeakingUp::default())) == record {
        return Ok(());
    }
    let entry = Entry {
        scope: PUBLIC.to_owned(),
        kind: kind::SPEAKING_UP,
        id: ID.to_owned(),
        body: Some(record),
        is_new: false,
    };
    feed::write(transaction, vec![entry]).await
}
