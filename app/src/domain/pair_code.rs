//! Codes that add another phone of the same person: twelve digits, in groups of four.
//!
//! No join code looks like one, so that what opens somebody's own things is never taken for what is on
//! a poster. The first four digits say which code is meant: a wrong try counts against that one.

use serde::Serialize;

/// A code that was just made: the answer to `POST /api/pair`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairCode {
    /// Twelve digits in groups, as they are read out.
    pub code: String,
    /// RFC 3339; after this it opens nothing.
    pub ends_at: String,
    /// `https://chorus.example/join/482190357716`: what the picture says.
    pub address: String,
    /// How many squares wide the picture (a QR code) is, its quiet edge included.
    pub qr_size: u32,
    /// The dark squares as an SVG path.
    pub qr_path: String,
}

crate::reads_json!(PairCode {
    code,
    ends_at,
    address,
    qr_size,
    qr_path
});

/// How many digits a code has.
pub const DIGITS: usize = 12;
/// How many of them say which code is meant.
pub const SELECTOR: usize = 4;
/// How long a code opens anything.
pub const LIVES_MS: crate::domain::time::Millis = 10 * 60 * 1_000;
/// Wrong tries that end a code.
pub const MOST_TRIES: i64 = 5;

/// The digits of what was typed, if it is such a code: spaces and dashes between them are forgiven.
pub fn read(typed: &str) -> Option<String> {
    let between = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}');
    let typed: String = typed.chars().filter(between).collect();
    let fits = typed.len() == DIGITS && typed.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(typed)
}

/// The digits as they are read out: "4821 9035 7716".
pub fn spoken(digits: &str) -> String {
    let mut said = String::with_capacity(digits.len() + 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            said.push(' ');
        }
        said.push(digit);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_as_it_is_spoken_and_as_it_is_typed() {
        assert_eq!(spoken("482190357716"), "4821 9035 7716");
        for typed in ["4821 9035 7716", "482190357716", " 4821-9035–7716 "] {
            assert_eq!(read(typed).as_deref(), Some("482190357716"), "{typed}");
        }
    }

    #[test]
    fn no_join_code_is_taken_for_one() {
        for typed in [
            "STAR-DEMO",
            "",
            "48219035771",
            "4821903577161",
            "48219035771O",
            "４８２１９０３５７７１６",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
