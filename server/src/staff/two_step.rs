//! Two-step sign-in: beside the password a code from an app on one's phone (RFC 6238: six digits, SHA-1,
//! thirty seconds, which is what every such app can do), or one of ten recovery codes.
//!
//! A code is used up by the transaction that accepts it: of two tries with the same one, one fails.

use crate::{commands::incoming::HashKey, db::two_step, error::Error};
use app::domain::{id::StaffId, time::Millis};
use rand::{Rng, RngExt, rng};
use serde_json::json;
use sqlx::AnyConnection;
use std::fmt::Write;
use totp_rs::{Builder, Secret, Totp};

/// How many recovery codes someone gets.
pub const RECOVERY_CODES: usize = 10;
/// What an authenticator app shows above the code.
const ISSUER: &str = "Chorus";
/// Letters and digits that cannot be mistaken for one another.
const LETTERS: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// What was typed opened the second step, or did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// By the code of the phone.
    Code,
    /// By a recovery code, which is gone now.
    Recovery,
    /// Not at all: wrong, or used before.
    No,
}

/// A key that no phone has yet, in base32: 160 bits.
pub fn new_key() -> String {
    let mut bytes = [0_u8; 20];
    rng().fill_bytes(&mut bytes);
    Secret::from(bytes).to_base32()
}

/// The address that a phone's camera reads: the key, and whose it is.
pub fn address(key: &str, email: &str) -> String {
    let mut account = String::new();
    for byte in email.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                account.push(char::from(byte));
            }
            _ => write!(account, "%{byte:02X}").expect("writing to a string cannot fail"),
        }
    }
    format!("otpauth://totp/{ISSUER}:{account}?secret={key}&issuer={ISSUER}")
}

/// The key as one types it: in groups of four.
pub fn spoken(key: &str) -> String {
    let groups: Vec<&str> = (0..key.len())
        .step_by(4)
        .map(|at| &key[at..(at + 4).min(key.len())])
        .collect();
    groups.join(" ")
}

/// The step whose code was typed, if it is one of about now: of this half minute, the last or the next.
///
/// # Errors
/// What was stored is no key: a defect.
pub fn step_of(key: &str, typed: &str, now: Millis) -> Result<Option<i64>, Error> {
    let typed: String = typed.split_whitespace().collect();
    let seconds = u64::try_from(now / 1000).unwrap_or_default();
    let step = phone(key)?.check(&typed, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn phone(key: &str) -> Result<Totp, Error> {
    let defect = |problem: &dyn std::fmt::Display| Error::Internal(format!("a key: {problem}"));
    let secret = Secret::try_from_base32(key).map_err(|problem| defect(&problem))?;
    let phone = Builder::new().with_secret(secret).build();
    phone.map_err(|problem| defect(&problem))
}

/// New recovery codes, to be shown once: "K7QM-2XWD-9FRA".
pub fn new_recovery_codes() -> Vec<String> {
    let mut rng = rng();
    let mut group = || -> String {
        (0..4)
            .map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]))
            .collect()
    };
    (0..RECOVERY_CODES)
        .map(|_| format!("{}-{}-{}", group(), group(), group()))
        .collect()
}

/// Puts new recovery codes in the place of all that someone has.
///
/// # Errors
/// What the database says.
pub async fn keep_recovery_codes(
    tx: &mut AnyConnection,
    key: &HashKey,
    id: StaffId,
    codes: &[String],
) -> Result<(), Error> {
    let hashes: Vec<String> = codes.iter().map(|code| hash(key, id, code)).collect();
    two_step::set_codes(tx, id, &hashes).await
}

/// Whether what someone typed opens the second step; if so it is used up. `now` is asked for the code.
///
/// # Errors
/// What the database says.
pub async fn pass(
    tx: &mut AnyConnection,
    key: &HashKey,
    id: StaffId,
    typed: &str,
    now: Millis,
) -> Result<Passed, Error> {
    let Some(own) = two_step::key(&mut *tx, id).await? else {
        return Ok(Passed::No);
    };
    if let Some(step) = step_of(&own, typed, now)? {
        let is_new = two_step::use_step(tx, id, step).await?;
        return Ok(if is_new { Passed::Code } else { Passed::No });
    }
    let is_one = two_step::use_code(tx, id, &hash(key, id, typed)).await?;
    Ok(if is_one { Passed::Recovery } else { Passed::No })
}

/// Small letters, spaces and dashes do not matter.
fn hash(key: &HashKey, id: StaffId, code: &str) -> String {
    let tidy: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    key.hash("recovery", &json!([id, tidy]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238's examples: "12345678901234567890".
    const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // Appendix B has eight digits; the last six are these.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804")] {
            let step = step_of(KEY, code, seconds * 1000).unwrap();
            assert_eq!(step, Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn a_phone_whose_clock_is_half_a_minute_off_still_opens_and_no_more_than_that() {
        let step = |now_s: i64| step_of(KEY, "287 082", now_s * 1000).unwrap();
        assert_eq!([step(29), step(59), step(89)], [Some(1); 3]);
        assert_eq!([step(119), step(3600)], [None; 2]);
        assert_eq!(step_of(KEY, "", 59_000).unwrap(), None);
    }

    #[test]
    fn each_key_is_its_own_and_can_be_typed() {
        let key = new_key();
        assert_eq!(key.len(), 32);
        assert_ne!(key, new_key());
        assert_eq!(spoken(&key).split(' ').count(), 8);
        assert_eq!(spoken(&key).replace(' ', ""), key);
        assert_eq!(
            address(KEY, "a+b@x.example"),
            format!("otpauth://totp/Chorus:a%2Bb%40x.example?secret={KEY}&issuer=Chorus")
        );
    }

    #[test]
    fn recovery_codes_are_told_apart_and_read_back_however_they_are_typed() {
        let codes = new_recovery_codes();
        let mut different = codes.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), RECOVERY_CODES);
        let (key, id) = (HashKey::new(b"key"), StaffId(uuid::Uuid::now_v7()));
        let typed = codes[0].to_lowercase().replace('-', " ");
        assert_eq!(hash(&key, id, &typed), hash(&key, id, &codes[0]));
        let other = StaffId(uuid::Uuid::now_v7());
        assert_ne!(hash(&key, other, &typed), hash(&key, id, &typed));
    }
}
