//! Everything a person reads, by key. Components hold no words: they name a [`Text`].
//!
//! The English texts are in `en.rs`, one file for members and staff. A text that is not used by a
//! target is not compiled into it, so staff words cost phones nothing.

pub mod en;

use crate::domain::refusal::Refusal;

/// One text: its key (by which the coproduction group will change it) and the built-in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// `screen.name`.
    pub key: &'static str,
    /// The built-in words; `{name}` marks a gap.
    pub words: &'static str,
}

impl Text {
    /// The words as they are.
    pub fn get(self) -> &'static str {
        self.words
    }

    /// The words with each `{name}` filled in.
    pub fn fill(self, gaps: &[(&str, &str)]) -> String {
        let mut pieces = self.words.split('{');
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, after) = piece.split_once('}').unwrap_or((piece, ""));
            let gap = gaps.iter().find(|(gap, _)| *gap == name);
            filled.push_str(gap.map_or(name, |(_, value)| value));
            filled.push_str(after);
        }
        filled
    }
}

/// What a person reads when a command is refused.
pub fn refusal(why: Refusal) -> Text {
    match why {
        Refusal::Malformed => en::REFUSED_MALFORMED,
        Refusal::IdReused => en::REFUSED_ID_REUSED,
        Refusal::TooLarge => en::REFUSED_TOO_LARGE,
        Refusal::NotYours => en::REFUSED_NOT_YOURS,
        Refusal::NoSuchSession => en::REFUSED_NO_SUCH_SESSION,
        Refusal::SessionClosed => en::REFUSED_SESSION_CLOSED,
        Refusal::AlreadySignedUp => en::REFUSED_ALREADY_SIGNED_UP,
        Refusal::NoOffer => en::REFUSED_NO_OFFER,
        Refusal::NotYourTeam => en::REFUSED_NOT_YOUR_TEAM,
        Refusal::ConsentNeeded => en::REFUSED_CONSENT_NEEDED,
    }
}

/// Declares texts: `NAME "screen.name" "Words";`.
#[macro_export]
macro_rules! texts {
    ($($name:ident $key:literal $words:literal;)*) => {$(
        #[doc = $words]
        pub const $name: $crate::lang::Text = $crate::lang::Text { key: $key, words: $words };
    )*

    /// Every text, for the checks that keys are unique and the words plain.
    pub const ALL: &[$crate::lang::Text] = &[$($name),*];
    };
}

#[cfg(test)]
mod tests {
    use super::{Text, en};
    use std::collections::BTreeSet;

    /// The sections that members read.
    const MEMBER: [(&str, &[Text]); 20] = [
        ("frame", en::ALL),
        ("tab", en::tab::ALL),
        ("today", en::today::ALL),
        ("check_in", en::check_in::ALL),
        ("contact", en::contact::ALL),
        ("check_ins", en::check_ins::ALL),
        ("take_part", en::take_part::ALL),
        ("sign_up", en::sign_up::ALL),
        ("sign_ups", en::sign_ups::ALL),
        ("state", en::state::ALL),
        ("help_now", en::help_now::ALL),
        ("my_plan", en::my_plan::ALL),
        ("what_changed", en::what_changed::ALL),
        ("my_phone", en::my_phone::ALL),
        ("join", en::join::ALL),
        ("notice", en::notice::ALL),
        ("install", en::install::ALL),
        ("not_found", en::not_found::ALL),
        ("when", en::when::ALL),
        ("refused", en::refused::ALL),
    ];

    #[test]
    fn every_key_names_one_text() {
        let mut keys = BTreeSet::new();
        let all = MEMBER.iter().flat_map(|(_, texts)| *texts);
        for text in all.chain(en::desk::ALL) {
            assert!(keys.insert(text.key), "{} is there twice", text.key);
        }
    }

    #[test]
    fn every_member_screen_reads_at_smog_nine_or_lower() {
        for (screen, texts) in MEMBER {
            let words: Vec<&str> = texts.iter().map(|text| text.words).collect();
            let smog = smog(&words);
            assert!(smog <= 9.0, "{screen} reads at SMOG {smog:.1}");
        }
    }

    #[test]
    fn no_sentence_for_members_is_longer_than_twenty_words() {
        for (_, texts) in MEMBER {
            for text in texts {
                for sentence in sentences(text.words) {
                    let count = sentence.split_whitespace().count();
                    assert!(count <= 20, "{count} words in {}: {sentence}", text.key);
                }
            }
        }
    }

    #[test]
    fn the_words_that_hurt_are_not_used_for_members() {
        let hurtful = [
            "submit", "rejected", "failed", "missed", "overdue", "score:", "suffer", "dna",
        ];
        for (_, texts) in MEMBER {
            for text in texts {
                let words = text.words.to_lowercase();
                let found = hurtful.iter().find(|word| words.contains(**word));
                assert!(found.is_none(), "{found:?} in {}", text.key);
            }
        }
    }

    #[test]
    fn long_words_and_long_sentences_read_harder() {
        let plain = smog(&["You can stop at any time.", "It is safe here."]);
        let hard =
            smog(&["Organisational communications facilitate collaborative implementation."]);
        assert!(plain < 4.0, "{plain}");
        assert!(hard > 15.0, "{hard}");
    }

    /// McLaughlin's SMOG grade: 1.0430 √(words of three or more syllables × 30 / sentences) + 3.1291.
    fn smog(texts: &[&str]) -> f64 {
        let sentences: Vec<&str> = texts.iter().flat_map(|text| sentences(text)).collect();
        let long = sentences
            .iter()
            .flat_map(|sentence| sentence.split_whitespace());
        let long = long.filter(|word| syllables(word) >= 3).count();
        1.0430 * (long as f64 * 30.0 / sentences.len() as f64).sqrt() + 3.1291
    }

    fn sentences(text: &str) -> Vec<&str> {
        let parts = text.split_inclusive(['.', '?', '!', ':']);
        let parts = parts.map(str::trim);
        parts
            .filter(|part| part.chars().any(char::is_alphabetic))
            .collect()
    }

    /// Groups of vowels; a last silent "e" or "ed" is none.
    fn syllables(word: &str) -> usize {
        let letters: String = word
            .to_lowercase()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect();
        let spoken = letters
            .strip_suffix("ed")
            .filter(|stem| !stem.ends_with(['t', 'd']))
            .or_else(|| {
                letters
                    .strip_suffix('e')
                    .filter(|stem| !stem.ends_with('l'))
            })
            .unwrap_or(&letters);
        let mut count = 0;
        let mut in_vowels = false;
        for letter in spoken.chars() {
            let vowel = "aeiouy".contains(letter);
            count += usize::from(vowel && !in_vowels);
            in_vowels = vowel;
        }
        count.max(1)
    }
}
