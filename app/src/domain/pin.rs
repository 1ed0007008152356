//! The PIN: what may be one, what a phone keeps about it, and how wrong tries slow down. Making keys of
//! it and sealing with them is the browser's work (`frontend/static/lock.js`).

use super::time::Millis;
use serde::Serialize;

/// How often a PIN is turned over before it opens anything: OWASP's count for PBKDF2-HMAC-SHA-256
/// (see docs/decisions/007).
pub const COUNT: u32 = 600_000;
/// The fewest numbers in a PIN.
const LEAST_NUMBERS: usize = 6;
/// The fewest letters in a phrase.
const LEAST_LETTERS: usize = 12;
/// How many wrong tries cost no wait.
const FREE_TRIES: u32 = 5;
const FIRST_WAIT_MS: Millis = 30_000;
const LONGEST_WAIT_MS: Millis = 3_600_000;

/// Why something is no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPin {
    /// Fewer than 6 numbers, or a phrase of fewer than 12 letters.
    #[error("too short")]
    TooShort,
    /// All the same, or counting up or down.
    #[error("easy to guess")]
    Easy,
}

/// A PIN or phrase as it is used: without the spaces and capitals that a keyboard puts in by itself.
pub fn plain(typed: &str) -> String {
    let words = typed.split(' ').filter(|word| !word.is_empty());
    let mut plain = String::new();
    for word in words {
        let goes_on = is_numbers(&plain) && is_numbers(word);
        if !plain.is_empty() && !goes_on {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain.make_ascii_lowercase();
    plain
}

/// A new PIN.
///
/// # Errors
/// [`NoPin`].
pub fn new(typed: &str) -> Result<String, NoPin> {
    let pin = plain(typed);
    let least = if is_numbers(&pin) {
        LEAST_NUMBERS
    } else {
        LEAST_LETTERS
    };
    if pin.chars().count() < least {
        return Err(NoPin::TooShort);
    }
    let steps = pin.as_bytes().windows(2);
    let mut steps = steps.map(|pair| i16::from(pair[1]) - i16::from(pair[0]));
    let first = steps.next().unwrap_or(0);
    if first.abs() <= 1 && steps.all(|step| step == first) {
        return Err(NoPin::Easy);
    }
    Ok(pin)
}

/// Whether a PIN is all numbers: then the phone shows the keys for numbers.
pub fn is_numbers(pin: &str) -> bool {
    !pin.is_empty() && pin.bytes().all(|byte| byte.is_ascii_digit())
}

crate::words! {
    /// How far the rows of a phone have come.
    pub enum LockState {
        /// Rows may be plain or sealed; new ones are sealed. It is gone on with until none is plain.
        Sealing "sealing",
        /// Every row is sealed.
        Sealed "sealed",
        /// The PIN is being turned off: rows may be plain or sealed; new ones are plain.
        Opening "opening",
    }
}

/// What a phone keeps about a PIN: enough to open with it, and nothing that tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// Names the key that rows are sealed with; it stays when the PIN is changed.
    pub id: String,
    /// Random, new with each PIN; base64.
    pub salt: String,
    /// How often the PIN is turned over.
    pub count: u32,
    /// The key, sealed with what the PIN makes; base64. It opens with the right PIN alone.
    pub wrapped: String,
    /// How far the rows have come.
    pub state: LockState,
    /// Goes up whenever rows may have become plain again, so that who finishes knows of all of it.
    pub turn: u64,
    /// Whether the PIN is all numbers.
    pub numbers: bool,
    /// Lock after so many minutes without use.
    pub after_min: u32,
}

crate::reads_json!(Lock {
    id,
    salt,
    count,
    wrapped,
    state,
    turn,
    numbers,
    after_min
});

/// Wrong tries since the last right one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tries {
    /// How many.
    pub wrong: u32,
    /// When the last was.
    pub at: Millis,
}

crate::reads_json!(Tries { wrong, at });

impl Tries {
    /// One more, counted before it is made: a page that is killed meanwhile wins nothing.
    pub fn one_more(&self, now: Millis) -> Self {
        Self {
            wrong: self.wrong.saturating_add(1),
            at: now,
        }
    }

    /// The tries as they stand when the clock says `now`: one that went back begins the wait again,
    /// and never makes it longer.
    pub fn seen(&self, now: Millis) -> Self {
        Self {
            at: self.at.min(now),
            ..*self
        }
    }

    /// When the next try may be made; now, if it may be.
    pub fn next_at(&self, now: Millis) -> Millis {
        let doublings = self.wrong.saturating_sub(FREE_TRIES).min(16);
        let wait = match self.wrong {
            0..FREE_TRIES => 0,
            _ => (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS),
        };
        self.seen(now).at.saturating_add(wait).max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_six_numbers_or_a_phrase_and_not_an_easy_one() {
        assert_eq!(new("4071 92").as_deref(), Ok("407192"));
        assert_eq!(
            new(" Blue  kettle on moss ").as_deref(),
            Ok("blue kettle on moss")
        );
        assert_eq!(new("40719"), Err(NoPin::TooShort));
        assert_eq!(new("blue kettle"), Err(NoPin::TooShort));
        assert_eq!(new(""), Err(NoPin::TooShort));
        for easy in ["111111", "123456", "987654", "00000000", "aaaaaaaaaaaaa"] {
            assert_eq!(new(easy), Err(NoPin::Easy), "{easy}");
        }
    }

    #[test]
    fn what_a_keyboard_adds_by_itself_does_not_matter() {
        assert_eq!(plain("Blue kettle on moss "), plain("blue kettle  on moss"));
        assert_eq!(plain("407 192"), plain("407192"));
        assert_ne!(plain("blue kettle"), plain("bluekettle"));
    }

    #[test]
    fn five_tries_are_free_and_then_the_wait_doubles_up_to_an_hour() {
        let mut tries = Tries::default();
        let mut waits = Vec::new();
        for _ in 0..14 {
            tries = tries.one_more(1_000);
            waits.push((tries.next_at(1_000) - 1_000) / 1_000);
        }
        let wanted = [
            0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600,
        ];
        assert_eq!(waits, wanted);
        tries.wrong = u32::MAX;
        assert_eq!(tries.one_more(0).next_at(0), LONGEST_WAIT_MS);
    }

    #[test]
    fn no_clock_makes_a_wait_negative_or_longer_than_it_was() {
        let clocks = [i64::MIN, -1, 0, 1, 1_000_000, i64::MAX - LONGEST_WAIT_MS];
        for wrong in 0..40 {
            for at in clocks {
                for now in clocks {
                    let next = Tries { wrong, at }.next_at(now);
                    assert!(next >= now, "{wrong} {at} {now}");
                    assert!(next <= now + LONGEST_WAIT_MS, "{wrong} {at} {now}");
                }
            }
        }
    }

    #[test]
    fn a_clock_that_went_back_still_counts_the_wait_down() {
        let wrong = Tries {
            wrong: 6,
            at: 900_000,
        };
        let seen = wrong.seen(10_000);
        assert_eq!(seen.next_at(10_000), 70_000);
        assert_eq!(seen.next_at(70_000), 70_000);
    }
}
