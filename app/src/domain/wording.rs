//! The organisation's own words in place of built-in ones, which change what members read with no release.
//!
//! A text is known by its key in the language file. Phones know texts by their place (see `lang`), so the record says
//! places, and of which order of texts: a phone of another version leaves it and shows what is built in.

use super::text;
use serde::Serialize;

/// The one `wording` record, public.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Wording {
    /// Of which order of texts the places are: `lang::en::ORDER`.
    pub order: String,
    /// In the order of their places.
    pub texts: Vec<Worded>,
}

crate::reads_json!(Wording { order, texts });

/// One text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Worded {
    /// Its place in the language file.
    pub place: u32,
    /// The words.
    pub text: String,
    /// Why they are so now, where that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

crate::reads_json!(Worded { place, text, why });

/// The most characters of a text of the app's: more fits no button and no heading.
pub const MOST: usize = 400;

/// Why words cannot take the place of built-in ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is no such text of members', or not in this version.
    NoSuchText,
    /// There are none.
    Empty,
    /// More than [`MOST`].
    TooLong,
    /// More than one line, or characters that cannot be seen and change how others stand.
    Characters,
    /// The gaps that the app fills in (`{name}`) are not those of the built-in words.
    Gaps,
}

impl Wording {
    /// As lines, in which phones keep it and pages carry it: the order, then place, tab and words.
    pub fn lines(&self) -> String {
        let mut lines = self.order.clone();
        for one in &self.texts {
            for part in ["\n", &one.place.to_string(), "\t", &one.text] {
                lines.push_str(part);
            }
        }
        lines
    }

    /// Why the text at `place` is as it is.
    pub fn why(&self, place: u32) -> Option<&str> {
        let one = self.texts.iter().find(|one| one.place == place)?;
        one.why.as_deref()
    }
}

/// The words as they may stand in place of `built_in`.
///
/// # Errors
/// [`Unfit`].
pub fn fit(built_in: &str, new: &str) -> Result<String, Unfit> {
    let new = new.trim();
    if new.is_empty() {
        return Err(Unfit::Empty);
    }
    if !text::fits(Some(new), MOST) {
        let is_long = new.chars().count() > MOST;
        return Err(if is_long {
            Unfit::TooLong
        } else {
            Unfit::Characters
        });
    }
    if new.chars().any(|c| c.is_control() || turns_text(c)) {
        return Err(Unfit::Characters);
    }
    if gaps(new) != gaps(built_in) {
        return Err(Unfit::Gaps);
    }
    Ok(new.to_owned())
}

/// Whether the character changes the direction of what stands beside it, or ends the line.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The names in braces, sorted; none at all where a brace stands alone, as that would be no gap.
fn gaps(text: &str) -> Option<Vec<&str>> {
    let mut pieces = text.split('{');
    let before = pieces.next()?;
    let mut found = (!before.contains('}')).then(Vec::new)?;
    for piece in pieces {
        let (name, after) = piece.split_once('}')?;
        if after.contains('}') {
            return None;
        }
        found.push(name);
    }
    found.sort_unstable();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_take_the_place_of_built_in_ones_with_the_same_gaps_alone() {
        assert_eq!(
            fit("Hello {name}", "  Hi {name}! "),
            Ok("Hi {name}!".into())
        );
        assert_eq!(
            fit("From {a} to {b}", "{b}, after {a}"),
            Ok("{b}, after {a}".into())
        );
        for broken in [
            "Hi",
            "Hi {nom}",
            "Hi {name} {name}",
            "Hi {name",
            "Hi name}",
            "{name} }",
        ] {
            assert_eq!(fit("Hello {name}", broken), Err(Unfit::Gaps), "{broken}");
        }
    }

    #[test]
    fn hostile_words_are_said_to_be_so() {
        assert_eq!(fit("Hello", " \n "), Err(Unfit::Empty));
        assert_eq!(fit("Hello", &"é".repeat(MOST + 1)), Err(Unfit::TooLong));
        assert!(fit("Hello", &"é".repeat(MOST)).is_ok());
        for hostile in [
            "a\nb",
            "a\tb",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{0}b",
            "a\u{2028}b",
        ] {
            assert_eq!(fit("Hello", hostile), Err(Unfit::Characters), "{hostile:?}");
        }
        // Markup is words: every screen shows it as it is typed.
        assert!(fit("Hello", "<b>Hello</b> 👋🏽").is_ok());
    }

    #[test]
    fn it_is_kept_as_lines() {
        let texts = vec![
            Worded {
                place: 3,
                text: "One".into(),
                why: None,
            },
            Worded {
                place: 12,
                text: "Two".into(),
                why: Some("Kinder".into()),
            },
        ];
        let it = Wording {
            order: "ab".into(),
            texts,
        };
        assert_eq!(it.lines(), "ab\n3\tOne\n12\tTwo");
        assert_eq!(it.why(12), Some("Kinder"));
        assert_eq!((it.why(3), it.why(4)), (None, None));
    }
}
