//! The person's own: rows of `private`, which nothing that is sent is ever made from.

use super::{
    driver::Driver,
    platform, rows,
    store::{Change, OUTBOX, PRIVATE, all, json, outbox, records_of, under_key},
    words,
};
use app::{
    domain::{
        command::Command,
        id::CheckInId,
        record::{CheckIn, kind},
    },
    json::read,
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

/// What is to be kept among the person's own when `command` is asked for, or undone: a copy of what they
/// shared and now take back, unless they have one, and what they answer. Undoing never deletes what they wrote.
///
/// # Errors
/// [`Problem::Store`].
pub async fn copy_for(driver: &Driver, command: &Command) -> Result<Option<Write>, Problem> {
    let (shared, answer) = match command {
        Command::WithdrawCheckIn(shared) => (*shared, None),
        Command::ShareCheckIn(share) => (share.check_in, None),
        Command::AnswerBack(answer) => (answer.check_in, Some(answer)),
        _ => return Ok(None),
    };
    let Some((mut own, made)) = own_of(driver, shared).await? else {
        return Ok(None);
    };
    if let Some(answer) = answer {
        let id = answer.message.to_string();
        if !own.answers.iter().any(|(known, _)| *known == id) {
            own.answers.push((id, answer.words.clone()));
        }
    }
    Ok((made || answer.is_some()).then(|| put(driver.owner.get(), &own)))
}

/// The person's own copy of something shared, and whether it is made only now.
async fn own_of(
    driver: &Driver,
    shared: CheckInId,
) -> Result<Option<(PrivateCheckIn, bool)>, Problem> {
    let owner = driver.owner.get();
    let asks = [
        under_key(PRIVATE, &key_of("")),
        all(OUTBOX),
        records_of(rows::scope(owner), kind::CHECK_IN),
    ];
    let found = driver.store.read(asks).await;
    let [own, waiting, records] = found.map_err(|_| words::store_problem())?;
    let mine = own.iter().filter_map(|(_, row)| rows::of(owner, row));
    let mut kept = mine.filter_map(read::<PrivateCheckIn>);
    if let Some(own) = kept.find(|own| own.shared_as == Some(shared)) {
        return Ok(Some((own, false)));
    }
    let waiting = outbox(&waiting).iter().find_map(|row| match row.command() {
        Some(Command::ShareCheckIn(share)) if share.check_in == shared => {
            Some((share.feeling, share.note, row.made_at, Vec::new()))
        }
        _ => None,
    });
    let content = waiting.or_else(|| {
        let id = shared.to_string();
        let is_it = |key: &str| RecordKey::parse(key).is_some_and(|key| key.id() == id);
        let (_, body) = records.iter().find(|(key, _)| is_it(key))?;
        let record: CheckIn = read(body)?;
        let made_at = record.made_at.as_deref().and_then(platform::parse_time);
        let made_at = made_at.unwrap_or_else(platform::now);
        let mine = record.messages.into_iter().filter(|one| one.from.is_none());
        let mine = mine.filter_map(|one| Some((one.id.to_string(), one.text?)));
        Some((record.feeling, record.note, made_at, mine.collect()))
    });
    Ok(content.map(|(feeling, note, made_at, answers)| {
        let own = PrivateCheckIn {
            id: CheckInId(platform::new_id()),
            feeling,
            note,
            made_at,
            shared_as: Some(shared),
            answers,
        };
        (own, true)
    }))
}

fn key(check_in: CheckInId) -> String {
    key_of(&check_in.to_string())
}

fn key_of(id: &str) -> String {
    format!("{}/{id}", kind::CHECK_IN)
}
