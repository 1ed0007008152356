//! Join codes as they are made: letters and digits that nobody mistakes for one another, on paper or on
//! the phone.

use crate::{
    commands::incoming::HashKey,
    db::{
        audit,
        desk::join_codes::Line,
        join_codes::{self as db, NewCode},
        members::normal_code,
    },
    error::Error,
};
use app::domain::{
    id::{StaffId, TeamId},
    time::Millis,
};
use rand::{RngExt, rng};
use serde_json::Value;
use sqlx::AnyConnection;
use uuid::Uuid;

/// How codes are named in the audit log.
pub const KIND: &str = "join_code";
/// The audit line of a code that was made.
pub const MADE: &str = "join_code.make";
/// The audit line of a code that was stopped.
pub const STOPPED: &str = "join_code.stop";

/// Of 0 and O, 1, I and L none; of 2 and Z, 5 and S, 8 and B only the digit; and no vowels, so that no
/// code ever spells a word.
const LETTERS: &[u8] = b"CDFGHJKMNPQRTVWX23456789";
const LONG: usize = 8;

/// A code by chance.
pub fn random() -> String {
    let mut rng = rng();
    in_halves((0..LONG).map(|_| rng.random_range(0..LETTERS.len())))
}

/// The code of one form at the desk: sending it twice makes it once. Nobody can tell it from the form's
/// id, because the key stays on this server.
pub fn of_form(key: &HashKey, form: Uuid) -> String {
    let hash = key.hash(KIND, &Value::from(form.to_string()));
    let pairs = (0..LONG).map(|at| {
        let digits = hash.get(at * 8..at * 8 + 8).unwrap_or_default();
        u32::from_str_radix(digits, 16).unwrap_or_default() as usize % LETTERS.len()
    });
    in_halves(pairs)
}

fn in_halves(places: impl Iterator<Item = usize>) -> String {
    let letters: String = places.map(|at| char::from(LETTERS[at])).collect();
    let (first, second) = letters.split_at(LONG / 2);
    format!("{first}-{second}")
}

/// Makes a code; whether it is new. Where it is there already, nothing changes.
///
/// # Errors
/// What the database says.
pub async fn make(
    tx: &mut AnyConnection,
    now: Millis,
    by: StaffId,
    new: &NewCode,
) -> Result<bool, Error> {
    let is_new = db::add(tx, new, now).await?;
    if is_new {
        let code = normal_code(&new.shown);
        audit::add(tx, now, by, MADE, (KIND, code), new.team).await?;
    }
    Ok(is_new)
}

/// Stops a code: nobody joins by it any more, and whoever did stays.
///
/// # Errors
/// What the database says.
pub async fn stop(
    tx: &mut AnyConnection,
    now: Millis,
    by: StaffId,
    (code, team): (&str, Option<TeamId>),
) -> Result<(), Error> {
    if db::stop(tx, code, by, now).await? {
        audit::add(tx, now, by, STOPPED, (KIND, code), team).await?;
    }
    Ok(())
}

/// Whether a code opens now.
pub fn opens(line: &Line, now: Millis) -> bool {
    line.stopped_at.is_none()
        && line.ends_at.is_none_or(|ends_at| ends_at > now)
        && line.most.is_none_or(|most| line.used < most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_aloud_without_a_doubt_and_typed_back_as_it_was_printed() {
        for _ in 0..1_000 {
            let code = random();
            assert_eq!(code.len(), 9);
            assert!(
                !code.contains(['0', 'O', '1', 'I', 'L', 'Z', 'S', 'B', 'A', 'E', 'U', 'Y']),
                "{code}"
            );
            assert_eq!(normal_code(&code.to_lowercase()), code.replace('-', ""));
        }
        assert_ne!(random(), random());
    }

    #[test]
    fn a_form_stands_for_one_code_that_another_key_does_not_give() {
        let (key, other) = (HashKey::new(&[7; 32]), HashKey::new(&[8; 32]));
        let form = Uuid::from_u128(1);
        assert_eq!(of_form(&key, form), of_form(&key, form));
        assert_ne!(of_form(&key, form), of_form(&other, form));
        assert_ne!(of_form(&key, form), of_form(&key, Uuid::from_u128(2)));
        assert_eq!(of_form(&key, form).len(), 9);
    }
}
