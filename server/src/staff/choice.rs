//! Choosing a password: what may not be one. Length is what counts, and that nobody else thinks of it
//! first, so there are no rules about kinds of characters.
//!
//! The bundled list holds the most common passwords (`common-passwords.md` says whose it is). It is
//! unpacked for each choice and let go again: people choose rarely.

use super::passwords::{LONGEST, SHORTEST};
use flate2::read::GzDecoder;
use std::io::Read;

static COMMON: &[u8] = include_bytes!("common-passwords.txt.gz");

/// The shortest word that is looked up when what was added to it is taken off.
const SHORTEST_WORD: usize = 4;
/// Fewer different characters than this are a pattern.
const FEWEST_DIFFERENT: usize = 5;
/// How many letters have to be left once one's own names are taken out.
const FEWEST_LEFT: usize = 5;
/// Shorter names are parts of many words.
const SHORTEST_NAME: usize = 3;

/// Why a password cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Too short or too long.
    Length,
    /// Others choose it, or it is one common word or pattern with little added.
    Common,
    /// It is one's own email or name, with little added.
    Own,
}

/// Why someone with these names (their email, what they are called) cannot choose this password; none
/// if they can.
pub fn unfit(password: &str, names: &[&str]) -> Option<Unfit> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Some(Unfit::Length);
    }
    let tidy = password.trim().to_lowercase();
    if is_own(&tidy, names) {
        return Some(Unfit::Own);
    }
    (is_pattern(&tidy) || is_common(&tidy)).then_some(Unfit::Common)
}

/// Whether little is left of it without one's own names.
fn is_own(tidy: &str, names: &[&str]) -> bool {
    let names = names.iter().map(|name| name.trim().to_lowercase());
    let mut parts: Vec<String> = names
        .flat_map(|name| {
            let before_at = name.split('@').next().unwrap_or_default().to_owned();
            let words = before_at.split(|c: char| !c.is_alphanumeric());
            let words: Vec<String> = words.map(str::to_owned).collect();
            [vec![name.clone(), before_at], words].concat()
        })
        .filter(|part| part.chars().count() >= SHORTEST_NAME)
        .collect();
    // The whole before its pieces.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let mut left = tidy.to_owned();
    for part in parts {
        left = left.replace(&part, "");
    }
    left != tidy && left.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LEFT
}

/// A few characters over and over, or one piece repeated.
fn is_pattern(tidy: &str) -> bool {
    let characters: Vec<char> = tidy.chars().collect();
    let mut different = characters.clone();
    different.sort_unstable();
    different.dedup();
    let repeats = |length: usize| {
        characters
            .iter()
            .zip(&characters[length..])
            .all(|(a, b)| a == b)
    };
    different.len() < FEWEST_DIFFERENT || (1..=characters.len() / 2).any(repeats)
}

/// It is on the list, or what is left without the digits and signs around it is.
fn is_common(tidy: &str) -> bool {
    let word = tidy.trim_matches(|c: char| !c.is_alphabetic());
    let word = (word.len() >= SHORTEST_WORD).then_some(word);
    let mut list = String::new();
    GzDecoder::new(COMMON)
        .read_to_string(&mut list)
        .expect("the list was packed when it was bundled");
    list.lines()
        .any(|common| common == tidy || Some(common) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 2] = ["priya.shah@charity.example", "Priya"];

    fn refused(password: &str) -> Option<Unfit> {
        unfit(password, &NAMES)
    }

    #[test]
    fn a_few_words_together_are_good() {
        for good in [
            "lived experience",
            "four blue boats at noon",
            "Tea, toast & the 9.15",
            "übermäßig viele Wörter",
            "priya walks to the sea",
        ] {
            assert_eq!(refused(good), None, "{good}");
        }
    }

    #[test]
    fn what_is_too_short_or_too_long_is_refused() {
        assert_eq!(refused("eleven char"), Some(Unfit::Length));
        assert_eq!(refused(&"ab cd ef ".repeat(30)), Some(Unfit::Length));
    }

    #[test]
    fn what_many_people_choose_is_refused_however_it_is_dressed_up() {
        for common in [
            "password1234",
            "PassWord1234",
            "administrator",
            "1qaz2wsx3edc4rfv",
            "liverpool2024!",
            "!!sunshine!!2024",
            "  professional  ",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "passwordpassword",
            "121314121314",
            "            ",
        ] {
            assert_eq!(refused(common), Some(Unfit::Common), "{common}");
        }
    }

    #[test]
    fn ones_own_name_or_email_is_refused_with_little_added() {
        for own in [
            "priya.shah@charity.example",
            "PRIYA.SHAH@charity.example",
            "priya.shah.2024",
            "Priya12345678",
            "priyapriya-99",
            "shah/priya/me",
        ] {
            assert_eq!(refused(own), Some(Unfit::Own), "{own}");
        }
        assert_eq!(unfit("a-long-trip-to-al", &["al@x.example", "Al"]), None);
    }
}
