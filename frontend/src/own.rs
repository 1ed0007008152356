//! The person's own check-ins: rows of `private`, which nothing that is sent is ever made from.

use super::{
    driver::Driver,
    platform, rows,
    store::{Change, PRIVATE, StoreError, json},
    words,
};
use app::{
    domain::{
        command::Command,
        id::CheckInId,
        record::{CheckIn, kind},
    },
    order,
    sync::{
        outbox::Owner,
        store::{RecordKey, Write},
    },
    ui::local::{PrivateCheckIn, Problem},
};

/// The row of a check-in.
pub fn put(owner: Owner, check_in: &PrivateCheckIn) -> Write {
    Write::PutPrivate {
        owner,
        key: key(check_in.id),
        text: json(check_in),
    }
}

/// Lets a check-in go.
pub fn delete(check_in: CheckInId) -> Change {
    Change::Delete(PRIVATE, key(check_in))
}

/// The owner's, newest first.
///
/// # Errors
/// [`StoreError::Failed`].
pub async fn kept(driver: &Driver) -> Result<Vec<PrivateCheckIn>, StoreError> {
    let owner = driver.owner.get();
    let rows = driver.store.rows(PRIVATE, &key_of("")).await?;
    let mine = rows.iter().filter_map(|(_, row)| rows::of(owner, row));
    let mut kept: Vec<PrivateCheckIn> = mine
        .filter_map(|row| serde_json::from_str(row).ok())
        .collect();
    // Out of the store they come oldest first, or nearly.
    order::by_key(&mut kept, |check_in| check_in.made_at);
    kept.reverse();
    Ok(kept)
}

/// The person's own copy of something that they shared and now take back, unless they have one:
/// undoing never deletes what they wrote.
///
/// # Errors
/// [`Problem::Store`].
pub async fn copy_of(driver: &Driver, shared: CheckInId) -> Result<Option<Write>, Problem> {
    let failed = |_| words::store_problem();
    let kept = kept(driver).await.map_err(failed)?;
    if kept.iter().any(|own| own.shared_as == Some(shared)) {
        return Ok(None);
    }
    let view = driver.store.view(kind::CHECK_IN).await.map_err(failed)?;
    let waiting = view.outbox.iter().find_map(|row| match row.command() {
        Some(Command::ShareCheckIn(share)) if share.check_in == shared => {
            Some((share.feeling, share.note, row.made_at))
        }
        _ => None,
    });
    let content = waiting.or_else(|| {
        let id = shared.to_string();
        let is_it = |key: &str| RecordKey::parse(key).is_some_and(|key| key.id() == id);
        let (_, body) = view.records.iter().find(|(key, _)| is_it(key))?;
        let record: CheckIn = serde_json::from_str(body).ok()?;
        let made_at = record.made_at.as_deref().and_then(platform::parse_time);
        Some((
            record.feeling,
            record.note,
            made_at.unwrap_or_else(platform::now),
        ))
    });
    Ok(content.map(|(feeling, note, made_at)| {
        let own = PrivateCheckIn {
            id: CheckInId(platform::new_id()),
            feeling,
            note,
            made_at,
            shared_as: Some(shared),
        };
        put(driver.owner.get(), &own)
    }))
}

fn key(check_in: CheckInId) -> String {
    key_of(&check_in.to_string())
}

fn key_of(id: &str) -> String {
    format!("{}/{id}", kind::CHECK_IN)
}
