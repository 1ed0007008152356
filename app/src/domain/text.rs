//! What people may type: lengths, and control characters, checked in one place.

/// The most characters in a long answer (a note, access needs).
pub const LONG: usize = 4_000;
/// The most characters in a short answer (a name, a phone number).
pub const SHORT: usize = 200;

/// Trims `text`; an answer that is only white space is no answer.
pub fn tidy(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Whether `text` has at most `most` characters and no control character other than tab and line ends.
pub fn fits(text: Option<&str>, most: usize) -> bool {
    text.is_none_or(|text| {
        text.chars().count() <= most
            && !text
                .chars()
                .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    })
}
