//! Making phrases of a text: headings, the points of lists, and sentences. Markdown is read as far as it says what a
//! line is; whatever else looks like markup is text, and stays text wherever it is shown.

use super::{Part, Phrase};
use crate::domain::text;

/// The most phrases of a document.
pub const MOST_PHRASES: usize = 400;
/// The most characters of a whole document: every phone carries it.
pub const MOST_CHARACTERS: usize = 40_000;

/// A phrase that has no id yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub part: Part,
    /// Its words.
    pub text: String,
    /// Whether it goes on the paragraph of the one before it.
    pub joins: bool,
}

/// Why no phrases could be made of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPhrases {
    /// There are no words in it.
    #[error("there are no words in it")]
    Empty,
    /// It is longer than a document may be.
    #[error("it is longer than a document may be")]
    TooLong,
}

/// The phrases of a text.
///
/// # Errors
/// [`NoPhrases`].
pub fn split(text: &str) -> Result<Vec<Piece>, NoPhrases> {
    if text.chars().count() > MOST_CHARACTERS {
        return Err(NoPhrases::TooLong);
    }
    let mut pieces = Vec::new();
    for block in blocks(text) {
        match block {
            Block::Heading(words) => {
                push(&mut pieces, Part::Heading, false, unclosed(&bare(&words)))
            }
            Block::Item(words) => push(&mut pieces, Part::Item, false, &bare(&words)),
            Block::Paragraph(words) => {
                for (place, sentence) in sentences(&bare(&words)).into_iter().enumerate() {
                    push(&mut pieces, Part::Text, place > 0, sentence);
                }
            }
        }
    }
    match pieces.len() {
        0 => Err(NoPhrases::Empty),
        count if count > MOST_PHRASES => Err(NoPhrases::TooLong),
        _ if pieces
            .iter()
            .any(|piece| !text::fits(Some(&piece.text), text::LONG)) =>
        {
            Err(NoPhrases::TooLong)
        }
        _ => Ok(pieces),
    }
}

/// The text that these phrases are split from again: to be changed by hand.
pub fn written(phrases: &[Phrase]) -> String {
    let mut written = String::new();
    let mut before = None;
    for (place, phrase) in phrases.iter().enumerate() {
        let is_list = before == Some(Part::Item) && phrase.part == Part::Item;
        if phrase.joins {
            written.push(' ');
        } else if before.is_some() {
            written.push_str(if is_list { "\n" } else { "\n\n" });
        }
        match phrase.part {
            Part::Heading => written.push_str("## "),
            Part::Item => written.push_str("- "),
            Part::Text if phrase.joins => {}
            Part::Text if is_marked(&paragraph(&phrases[place..])) => written.push('\\'),
            Part::Text => {}
        }
        written.push_str(&phrase.text);
        before = Some(phrase.part);
    }
    written
}

/// The line of a paragraph that begins with these.
fn paragraph(phrases: &[Phrase]) -> String {
    let (first, more) = phrases
        .split_first()
        .map_or((None, phrases), |(first, more)| (Some(first), more));
    let more = more.iter().take_while(|phrase| phrase.joins);
    let words: Vec<&str> = first
        .into_iter()
        .chain(more)
        .map(|phrase| phrase.text.as_str())
        .collect();
    words.join(" ")
}

enum Block {
    Heading(String),
    Item(String),
    Paragraph(String),
}

fn push(pieces: &mut Vec<Piece>, part: Part, joins: bool, words: &str) {
    if !words.is_empty() {
        pieces.push(Piece {
            part,
            text: words.to_owned(),
            joins,
        });
    }
}

/// Blocks of one line each: a line goes on the one before it only where that has not ended and this begins small.
/// Texts that are pasted have a line for each paragraph, texts from mails break in the middle of one.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut after_gap = true;
    for line in text.lines() {
        let line = tidy(line);
        if line.is_empty() {
            after_gap = true;
            continue;
        }
        if is_rule(&line) {
            // Under a line of text it makes that one a heading; alone it is a line across the page.
            if !after_gap
                && let Some(Block::Paragraph(words)) = blocks.last()
                && line.chars().all(|c| c == '=' || c == '-')
            {
                let words = words.clone();
                blocks.pop();
                blocks.push(Block::Heading(words));
            }
            after_gap = true;
            continue;
        }
        let block = block(&line);
        match (blocks.last_mut(), block) {
            (Some(Block::Paragraph(words) | Block::Item(words)), Block::Paragraph(more))
                if !after_gap && goes_on(words, &more) =>
            {
                words.push(' ');
                words.push_str(&more);
            }
            (_, block) => blocks.push(block),
        }
        after_gap = false;
    }
    blocks
}

/// What a line is by itself.
fn block(line: &str) -> Block {
    if let Some(words) = heading(line) {
        return Block::Heading(words.to_owned());
    }
    if let Some(words) = item(line) {
        return Block::Item(words.to_owned());
    }
    let words = line.strip_prefix('\\').filter(|rest| is_marked(rest));
    Block::Paragraph(words.unwrap_or(line).to_owned())
}

fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let words = rest
        .strip_prefix(' ')
        .filter(|_| (1..=6).contains(&level))?;
    let words = unclosed(words.trim());
    (!words.is_empty()).then_some(words)
}

/// A heading's words, without the signs that may close one.
fn unclosed(mut words: &str) -> &str {
    while let Some((before, signs)) = words.rsplit_once(' ')
        && signs.chars().all(|c| c == '#')
    {
        words = before;
    }
    words
}

fn item(line: &str) -> Option<&str> {
    const MARKS: [char; 6] = ['-', '*', '+', '•', '·', '–'];
    let (mark, words) = line.split_once(' ')?;
    let number = mark.trim_end_matches(['.', ')']);
    let is_number = number.len() < mark.len()
        && (1..=3).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit());
    let mut letters = mark.chars();
    let is_mark = letters.next().is_some_and(|c| MARKS.contains(&c)) && letters.next().is_none();
    let words = words.trim();
    ((is_mark || is_number) && !words.is_empty()).then_some(words)
}

/// Whether a line would be read as something other than plain text.
fn is_marked(line: &str) -> bool {
    heading(line).is_some() || item(line).is_some() || is_rule(line) || line.starts_with('\\')
}

/// A line across the page, or under a heading.
fn is_rule(line: &str) -> bool {
    let first = line.chars().next().unwrap_or('x');
    line.chars().count() >= 3 && "-=*_".contains(first) && line.chars().all(|c| c == first)
}

fn goes_on(words: &str, more: &str) -> bool {
    let has_ended = words.ends_with(['.', '!', '?', ':', ';', '…']);
    let begins_small = more.chars().next().is_some_and(char::is_lowercase);
    !has_ended && begins_small
}

/// One space between words, and no control characters.
fn tidy(line: &str) -> String {
    let plain: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| *c != '\u{feff}')
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}

/// Without the pairs of signs that make words bold in Markdown.
fn bare(line: &str) -> String {
    let mut bare = line.to_owned();
    for sign in ["**", "__"] {
        while let Some(from) = bare.find(sign) {
            let inside = from + sign.len();
            let Some(length) = bare[inside..].find(sign).filter(|length| *length > 0) else {
                break;
            };
            let words = bare[inside..inside + length].to_owned();
            if words.contains(['*', '_']) {
                break;
            }
            bare.replace_range(from..inside + length + sign.len(), &words);
        }
    }
    tidy(&bare)
}

/// The sentences of a paragraph.
fn sentences(paragraph: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut from = 0;
    for (at, _) in paragraph.match_indices(' ') {
        if ends_sentence(&paragraph[from..at], &paragraph[at + 1..]) {
            sentences.push(&paragraph[from..at]);
            from = at + 1;
        }
    }
    sentences.push(&paragraph[from..]);
    sentences
}

fn ends_sentence(said: &str, next: &str) -> bool {
    const SHORT: [&str; 15] = [
        "e.g.", "i.e.", "etc.", "mr.", "mrs.", "ms.", "dr.", "st.", "no.", "tel.", "vs.",
        "approx.", "prof.", "ref.", "ext.",
    ];
    let bare = said.trim_end_matches([')', ']', '"', '\'', '”', '’', '»']);
    if bare.ends_with(['!', '?', '…']) {
        return !begins_small(next);
    }
    let word = bare.rsplit(' ').next().unwrap_or_default();
    let word = word.trim_start_matches(['(', '[', '"', '\'', '“', '‘']);
    let is_letter =
        word.chars().count() == 2 && word.starts_with(char::is_alphabetic) && word != "I.";
    bare.ends_with('.')
        && !is_letter
        && !SHORT.contains(&word.to_lowercase().as_str())
        && !begins_small(next)
}

fn begins_small(next: &str) -> bool {
    let next = next.trim_start_matches(['(', '[', '"', '\'', '“', '‘']);
    next.chars().next().is_none_or(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::PhraseId;
    use uuid::Uuid;

    fn parts(text: &str) -> Vec<(&'static str, String, bool)> {
        let pieces = split(text).unwrap_or_default().into_iter();
        pieces
            .map(|piece| (piece.part.word(), piece.text, piece.joins))
            .collect()
    }

    fn one(part: &'static str, text: &str) -> (&'static str, String, bool) {
        (part, text.to_owned(), false)
    }

    #[test]
    fn headings_sentences_and_points_are_phrases() {
        let text = "# My future\n\nWhat are your goals? Please list **all** of them.\n\n- Sleep\n* Food\n3. People\n";
        assert_eq!(
            parts(text),
            [
                one("heading", "My future"),
                one("text", "What are your goals?"),
                ("text", "Please list all of them.".to_owned(), true),
                one("item", "Sleep"),
                one("item", "Food"),
                one("item", "People"),
            ]
        );
    }

    #[test]
    fn what_only_looks_like_an_end_is_none() {
        let text = "Ask Dr. Lee, e.g. at 9.30am. Or J. Smith (ext. 4). \"Really?\" she said. Yes!";
        let said: Vec<String> = parts(text).into_iter().map(|part| part.1).collect();
        assert_eq!(
            said,
            [
                "Ask Dr. Lee, e.g. at 9.30am.",
                "Or J. Smith (ext. 4).",
                "\"Really?\" she said.",
                "Yes!"
            ]
        );
    }

    #[test]
    fn a_pasted_line_is_a_paragraph_and_a_broken_one_goes_on() {
        assert_eq!(
            parts("Your name\nWhat helps you\nto get through\nthe day"),
            [
                one("text", "Your name"),
                one("text", "What helps you to get through the day")
            ]
        );
        assert_eq!(
            parts("My plan\n=======\nHello"),
            [one("heading", "My plan"), one("text", "Hello")]
        );
    }

    #[test]
    fn markup_stays_text_and_nothing_that_cannot_be_kept_comes_through() {
        assert_eq!(
            parts("<script>alert(1)</script> [a](javascript:b)\u{7}"),
            [one("text", "<script>alert(1)</script> [a](javascript:b)")]
        );
        assert_eq!(split(" \n\u{feff}\n---\n"), Err(NoPhrases::Empty));
        assert_eq!(
            split(&"x".repeat(MOST_CHARACTERS + 1)),
            Err(NoPhrases::TooLong)
        );
        assert_eq!(
            split(&"Yes.\n\n".repeat(MOST_PHRASES + 1)),
            Err(NoPhrases::TooLong)
        );
    }

    /// Bits that are hard for one reason or another, put together in every order that a seed says.
    #[test]
    fn what_is_written_out_is_split_into_the_same_phrases_again() {
        const BITS: [&str; 24] = [
            "# ",
            "## ",
            "- ",
            "* ",
            "1. ",
            "12) ",
            "\\",
            "\\# ",
            "\n",
            "\n\n",
            "\r\n",
            " ",
            "Hello.",
            "yes",
            "No?",
            "**bold**",
            "__so__",
            "---",
            "===",
            "e.g.",
            "😀",
            "\u{202e}odd",
            "I.",
            "a|b",
        ];
        for seed in 0..4_000_u64 {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut text = String::new();
            for _ in 0..(seed % 14) {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let place = usize::try_from(state >> 33).unwrap_or_default() % BITS.len();
                text.push_str(BITS[place]);
            }
            let Ok(pieces) = split(&text) else { continue };
            assert!(!pieces[0].joins, "seed {seed}");
            let phrases: Vec<Phrase> = pieces
                .iter()
                .map(|piece| Phrase {
                    id: PhraseId(Uuid::nil()),
                    part: piece.part,
                    text: piece.text.clone(),
                    joins: piece.joins,
                    key: None,
                })
                .collect();
            let again = split(&written(&phrases)).unwrap_or_default();
            assert_eq!(
                again,
                pieces,
                "seed {seed}: {text:?} as {:?}",
                written(&phrases)
            );
        }
    }
}
