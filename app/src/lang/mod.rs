//! Everything a person reads, by key. Components hold no words: they name a [`Text`].
//!
//! The words stand in a language file, `app/lang/en.toml`; the build script makes a constant of each.
//! The server has them built in. A phone gets the members' as two files beside the wasm: those of Today and of what
//! every screen has are said once at the start ([`speak`]); those of all other screens come with those screens, and
//! are looked for when the first of them is needed ([`ask_for_more`]). So a new version brings only what is new,
//! staff words cost phones nothing, and words can change without the code.

#[allow(
    missing_docs,
    reason = "each module is documented; the build script writes them"
)]
pub mod en {
    include!(concat!(env!("OUT_DIR"), "/en.rs"));
}

use crate::domain::{opportunity::Area, refusal::Refusal};
use std::{cell::RefCell, sync::OnceLock};

/// One text, by its place in the language file (see the build script).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(u16);

/// The words that were brought; none where they are built in.
static BROUGHT: OnceLock<Vec<&'static str>> = OnceLock::new();

/// The words of the screens that are not Today, once they were needed.
static MORE: OnceLock<Vec<&'static str>> = OnceLock::new();

/// Where those are to be had.
static ASK: OnceLock<fn() -> Option<String>> = OnceLock::new();

thread_local! {
    /// The organisation's own words, which stand in place of all others (see `domain::wording`).
    static OWN: RefCell<Own> = const { RefCell::new(Own(Vec::new())) };
}

/// The organisation's own words, by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own(Vec<(u16, &'static str)>);

impl Own {
    /// Reads the lines of a [`Wording`](crate::domain::wording::Wording). Those of another version are none. What
    /// `keep` gives stays for as long as the program runs.
    pub fn read(lines: &str, keep: impl Fn(&str) -> &'static str) -> Self {
        let mut lines = lines.split('\n');
        let mut own = Vec::new();
        if lines.next() == Some(en::ORDER) {
            for line in lines {
                if let Some((place, words)) = line.split_once('\t')
                    && let Ok(place) = place.parse()
                {
                    own.push((place, keep(words)));
                }
            }
        }
        Self(own)
    }

    /// Puts these in the place of those before; whether anything is another than it was.
    pub fn speak(self) -> bool {
        let before = OWN.replace(self.clone());
        before != self
    }

    /// Does something that says these, and nothing that waits: on a server each page has its own.
    pub fn spoken<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = OWN.replace(self.clone());
        let done = work();
        OWN.replace(before);
        done
    }
}

/// Brings the members' words of the first screens: a line for each text, in the order of the language file. They
/// stay for as long as the program runs; a second call changes nothing.
pub fn speak(words: String) {
    // A second call is a second start, which has the same words.
    let _ = BROUGHT.set(lines(words));
}

/// Says where the words of all other screens are to be had, in the same form, once those screens have come: they
/// never come without them (`xtask/src/site/split.rs`).
pub fn ask_for_more(ask: fn() -> Option<String>) {
    let _ = ASK.set(ask);
}

fn lines(words: String) -> Vec<&'static str> {
    words.leak().split('\n').collect()
}

/// Those of `text`, where words are brought.
fn brought(text: Text) -> Option<&'static str> {
    let first = BROUGHT.get()?;
    let place = usize::from(text.0);
    let Some(after) = place.checked_sub(first.len()) else {
        return first.get(place).copied();
    };
    let more = match MORE.get() {
        Some(more) => more,
        None => {
            let words = ASK.get()?()?;
            MORE.get_or_init(|| lines(words))
        }
    };
    more.get(after).copied()
}

#[cfg(target_arch = "wasm32")]
fn built_in(_: Text) -> &'static str {
    ""
}

#[cfg(not(target_arch = "wasm32"))]
fn built_in(text: Text) -> &'static str {
    en::ALL[usize::from(text.0)].1
}

impl Text {
    /// The words as they are; `{name}` marks a gap.
    pub fn get(self) -> &'static str {
        let own = OWN.with_borrow(|own| {
            let one = own.0.iter().find(|(place, _)| *place == self.0);
            one.map(|(_, words)| *words)
        });
        own.or_else(|| brought(self))
            .unwrap_or_else(|| built_in(self))
    }

    /// Its place among all texts.
    pub fn place(self) -> u32 {
        self.0.into()
    }

    /// The words with each `{name}` filled in.
    pub fn fill(self, gaps: &[(&str, &str)]) -> String {
        let mut pieces = self.get().split('{');
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

#[cfg(not(target_arch = "wasm32"))]
impl Text {
    /// The words as they are built in, whatever the organisation says.
    pub fn built_in(self) -> &'static str {
        built_in(self)
    }

    /// The text of members' with this key, `section.key`.
    pub fn of_key(key: &str) -> Option<Self> {
        let mut all = en::ALL[..en::MEMBERS].iter();
        let place = all.position(|(known, _)| *known == key)?;
        u16::try_from(place).ok().map(Self)
    }
}

/// What a person reads when a command is refused.
pub fn refusal(why: Refusal) -> Text {
    match why {
        Refusal::Malformed => en::refusal::MALFORMED,
        Refusal::IdReused => en::refusal::ID_REUSED,
        Refusal::TooLarge => en::refusal::TOO_LARGE,
        Refusal::NotYours => en::refusal::NOT_YOURS,
        Refusal::NoSuchSession => en::refusal::NO_SUCH_SESSION,
        Refusal::SessionClosed => en::refusal::SESSION_CLOSED,
        Refusal::AlreadySignedUp => en::refusal::ALREADY_SIGNED_UP,
        Refusal::NoOffer => en::refusal::NO_OFFER,
        Refusal::NotYourTeam => en::refusal::NOT_YOUR_TEAM,
        Refusal::ConsentNeeded => en::refusal::CONSENT_NEEDED,
        Refusal::NoSuchCheckIn => en::refusal::NO_SUCH_CHECK_IN,
        Refusal::TooMany => en::refusal::TOO_MANY_MESSAGES,
        Refusal::NoSuchDevice => en::refusal::NO_SUCH_DEVICE,
        Refusal::ThisPhone => en::refusal::THIS_PHONE,
        Refusal::Left => en::refusal::LEFT,
        Refusal::NoPlace => en::refusal::NO_PLACE,
        Refusal::AgreementNeeded => en::refusal::AGREEMENT_NEEDED,
        Refusal::NoSuchGroup => en::refusal::NO_SUCH_GROUP,
        Refusal::GroupClosed => en::refusal::GROUP_CLOSED,
        Refusal::NotInGroup => en::refusal::NOT_IN_GROUP,
        Refusal::WritingPaused => en::refusal::WRITING_PAUSED,
        Refusal::NoSuchWords => en::refusal::NO_SUCH_WORDS,
        Refusal::NoSuchReader => en::refusal::NO_SUCH_READER,
        Refusal::Changed => en::refusal::CHANGED,
        Refusal::PeerAsked => en::refusal::PEER_ASKED,
        Refusal::PeerOver => en::refusal::PEER_OVER,
    }
}

/// A kind of work in words.
pub fn area_name(area: Area) -> Text {
    use en::take_part as words;
    match area {
        Area::Communications => words::COMMUNICATIONS,
        Area::Recruitment => words::RECRUITMENT,
        Area::BusinessDevelopment => words::BUSINESS_DEVELOPMENT,
        Area::Wording => words::WORDING,
        Area::Training => words::TRAINING,
        Area::PeerSupport => words::PEER_SUPPORT,
        Area::Other => words::OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::en;
    use std::collections::BTreeMap;

    /// Members' texts by the section they stand in.
    fn sections() -> BTreeMap<&'static str, Vec<(&'static str, &'static str)>> {
        let mut sections = BTreeMap::<_, Vec<_>>::new();
        for (key, words) in &en::ALL[..en::MEMBERS] {
            let (section, _) = key.split_once('.').unwrap();
            sections.entry(section).or_default().push((*key, *words));
        }
        sections
    }

    #[test]
    fn a_text_is_found_at_its_place_and_staff_words_come_after_all_of_members() {
        assert_eq!(en::frame::HELP_NOW.get(), "Help now");
        assert_eq!(en::desk::DESK.get(), "Chorus desk");
        assert!(usize::from(en::desk::DESK.0) >= en::MEMBERS);
        assert!(usize::from(en::when::WEDNESDAY.0) < en::MEMBERS);
    }

    #[test]
    fn the_organisations_own_words_stand_in_place_of_built_in_ones_while_they_are_said() {
        let text = super::Text::of_key("frame.help_now").unwrap();
        let (order, place) = (en::ORDER, text.place());
        let lines = format!("{order}\n{place}\tHelp, now\nbroken\n99999999\tNowhere");
        let own = super::Own::read(&lines, |words| words.to_owned().leak());
        own.spoken(|| {
            assert_eq!(text.get(), "Help, now");
            assert_eq!(text.built_in(), "Help now");
            assert_eq!(en::tab::TODAY.get(), "Today");
        });
        assert_eq!(text.get(), "Help now");
        // Of another version: what is built in stays.
        let old = lines.replacen(order, "0", 1);
        let old = super::Own::read(&old, |_| unreachable!("nothing is read"));
        assert_eq!(old, super::Own::default());
        assert!(super::Text::of_key("desk.desk").is_none());
    }

    #[test]
    fn every_member_screen_reads_at_smog_nine_or_lower() {
        for (screen, texts) in sections() {
            let words: Vec<&str> = texts.iter().map(|(_, words)| *words).collect();
            let smog = smog(&words);
            assert!(smog <= 9.0, "{screen} reads at SMOG {smog:.1}");
        }
    }

    #[test]
    fn no_sentence_for_members_is_longer_than_twenty_words() {
        for (key, words) in &en::ALL[..en::MEMBERS] {
            for sentence in sentences(words) {
                let count = sentence.split_whitespace().count();
                assert!(count <= 20, "{count} words in {key}: {sentence}");
            }
        }
    }

    #[test]
    fn the_words_that_hurt_are_not_used_for_members() {
        let hurtful = [
            "submit", "rejected", "failed", "missed", "overdue", "score:", "suffer", "dna",
        ];
        for (key, words) in &en::ALL[..en::MEMBERS] {
            let words = words.to_lowercase();
            let found = hurtful.iter().find(|word| words.contains(**word));
            assert!(found.is_none(), "{found:?} in {key}");
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
