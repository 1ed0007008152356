//! Members' phones at the server's door: the code that adds another one, the plain name of each, and
//! when it was seen.
//!
//! A phone that was signed out may join again with such a code. One that was asked to clear itself may
//! not, as the phone that it was: it clears itself first and comes as a new one.

use crate::{
    clock,
    commands::incoming::HashKey,
    db::{
        devices::{self, Calling, Came},
        leaving,
        members::{self, MemberRow},
        pair_codes,
    },
    error::Error,
};
use app::{
    domain::{
        id::{DeviceId, MemberId},
        pair_code,
        time::Millis,
    },
    lang::en::people as words,
};
use rand::{RngExt, rng};
use serde_json::Value;
use sqlx::AnyConnection;

/// A code that was just made: the digits stand here alone, and in no table.
#[derive(Clone, Debug)]
pub struct Code {
    /// Twelve of them.
    pub digits: String,
    /// When it ends.
    pub ends_at: Millis,
}

/// Makes a code for `member`, in place of the last one. `staff` is who helps.
///
/// # Errors
/// What the database says.
pub async fn make_code(
    transaction: &mut AnyConnection,
    key: &HashKey,
    member: MemberId,
    staff: Option<&str>,
) -> Result<Code, Error> {
    let now = clock::now_ms();
    loop {
        let digits = format!("{:012}", rng().random_range(0..1_000_000_000_000_u64));
        let selector = &digits[..pair_code::SELECTOR];
        let taken = pair_codes::find(&mut *transaction, selector, now).await?;
        // Few are open at once, so the next try finds a free one.
        if taken.is_some_and(|code| code.member != member) {
            continue;
        }
        let ends_at = now + pair_code::LIVES_MS;
        let stored = (selector, hash(key, &digits));
        let stored = (stored.0, stored.1.as_str());
        pair_codes::open(transaction, member, stored, (now, ends_at), staff).await?;
        return Ok(Code { digits, ends_at });
    }
}

/// A phone that joins with a code.
#[derive(Clone, Debug)]
pub struct Joining {
    /// The digits of the code.
    pub digits: String,
    /// Which browser it is.
    pub device: DeviceId,
    /// Its plain name.
    pub name: String,
    /// Today.
    pub day: String,
    /// Whether it came by a plain form: the app will say who it is.
    pub plain: bool,
    /// The hash of its own return key.
    pub key_hash: String,
}

/// Uses a code up. None if it opens nothing: then the try is counted.
///
/// # Errors
/// [`Error::DeviceRevoked`]: this very phone must clear itself first, and the code stays good. What the
/// database says.
pub async fn use_code(
    transaction: &mut AnyConnection,
    key: &HashKey,
    joining: Joining,
) -> Result<Option<MemberRow>, Error> {
    let now = clock::now_ms();
    let selector = &joining.digits[..pair_code::SELECTOR];
    let Some(code) = pair_codes::find(&mut *transaction, selector, now).await? else {
        return Ok(None);
    };
    let member = code.member;
    if code.hash != hash(key, &joining.digits) {
        if code.tries + 1 >= pair_code::MOST_TRIES {
            pair_codes::end(transaction, member).await?;
        } else {
            pair_codes::count_try(transaction, member).await?;
        }
        return Ok(None);
    }
    let known = devices::find(&mut *transaction, member, joining.device).await?;
    if known.is_some_and(|row| row.revoked_at.is_some()) {
        return Err(Error::DeviceRevoked(joining.device));
    }
    pair_codes::end(transaction, member).await?;
    if leaving::has_left(&mut *transaction, member).await? {
        return Ok(None);
    }
    members::add_return_key(transaction, &joining.key_hash, member, now).await?;
    members::give_key(transaction, member, joining.device, &joining.key_hash).await?;
    let calling = Calling {
        member,
        id: joining.device,
        name: joining.name,
        day: joining.day,
        now,
    };
    let came = Came::ByCode {
        helped: code.staff_name.as_deref(),
        plain: joining.plain,
    };
    devices::sign_in(transaction, &calling, came).await?;
    members::by_id(transaction, member).await
}

/// Keyed, so that a stolen table opens nothing within the minutes that a code lives.
fn hash(key: &HashKey, digits: &str) -> String {
    key.hash("pair", &Value::from(digits))
}

/// "Phone, Chrome on Android": what its owner knows it by. Nothing finer is kept.
pub fn plain_name(user_agent: &str) -> String {
    let has = |word: &str| user_agent.contains(word);
    let first = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(word, _)| has(word));
        found.map(|(_, name)| *name)
    };
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "Chromebook"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    let browser = first(&[
        ("EdgA/", "Edge"),
        ("EdgiOS/", "Edge"),
        ("Edg/", "Edge"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let form = match system {
        Some("iPhone") => words::A_PHONE,
        Some("Android") if has("Mobile") => words::A_PHONE,
        Some("iPad" | "Android") => words::A_TABLET,
        Some(_) => words::A_COMPUTER,
        None => words::A_DEVICE,
    };
    let form = form.get();
    match (browser, system) {
        (Some(browser), Some(system)) => {
            words::DEVICE_NAME.fill(&[("form", form), ("browser", browser), ("system", system)])
        }
        _ => form.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_phone_has_the_name_that_its_owner_would_give_it() {
        let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0";
        for (user_agent, name) in [
            (format!("{android} Mobile Safari/537.36"), "Phone, Chrome on Android"),
            (format!("{android} Safari/537.36"), "Tablet, Chrome on Android"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1".to_owned(),
                "Phone, Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0".to_owned(),
                "Computer, Firefox on Windows",
            ),
            (format!("{android} Mobile Safari/537.36 EdgA/143.0"), "Phone, Edge on Android"),
            ("curl/8".to_owned(), "Phone or computer"),
            (String::new(), "Phone or computer"),
        ] {
            assert_eq!(plain_name(&user_agent), name, "{user_agent}");
        }
    }
}
