//! Calendar files after RFC 5545. Calendars are read by others: an entry says when, and no more.

use crate::clock;
use app::{
    domain::{
        id::SessionId,
        opportunity::{Session, SessionState},
    },
    lang::en::when as words,
    ui::local::Millis,
};

/// The longest line, in bytes, without its end.
const LINE: usize = 75;
/// How long a session lasts that does not say.
const MINUTES: u32 = 60;

/// The session as a calendar file; none if it has no fixed time.
pub fn session(id: SessionId, session: &Session, now: Millis) -> Option<String> {
    let starts = clock::instant(session.starts_at.as_deref()?)?;
    let minutes = session.length_min.unwrap_or(MINUTES);
    let status = if session.state == SessionState::Cancelled {
        "CANCELLED"
    } else {
        "CONFIRMED"
    };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Chorus//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{id}@chorus"),
        format!("DTSTAMP:{}", stamp(now)),
        format!("DTSTART:{}", stamp(starts)),
        format!("DURATION:PT{minutes}M"),
        format!("SUMMARY:{}", escaped(words::CALENDAR_TITLE.get())),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    Some(lines.iter().map(|line| folded(line)).collect())
}

/// `20261201T140000Z`.
fn stamp(at: Millis) -> String {
    let text = clock::rfc3339(at);
    let text = text.split('.').next().unwrap_or_default();
    let digits: String = text.chars().filter(|c| !"-:".contains(*c)).collect();
    digits + "Z"
}

/// Text as a value.
fn escaped(text: &str) -> String {
    let mut value = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => value.extend(['\\', c]),
            '\n' => value.push_str("\\n"),
            '\r' => {}
            c => value.push(c),
        }
    }
    value
}

/// A line with its end; a long one goes on in the next, which begins with a space.
fn folded(line: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LINE {
            lines.push_str("\r\n ");
            length = 1;
        }
        lines.push(c);
        length += c.len_utf8();
    }
    lines + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_mean_something_are_escaped() {
        assert_eq!(escaped("a, b; c\\d\r\ne"), "a\\, b\\; c\\\\d\\ne");
    }

    #[test]
    fn no_line_is_longer_than_it_may_be_and_none_breaks_a_letter() {
        let line = format!("SUMMARY:{}", "é".repeat(100));
        let folded = folded(&line);
        assert!(folded.ends_with("\r\n"));
        for part in folded.trim_end().split("\r\n") {
            assert!(part.len() <= LINE, "{part}");
        }
        assert_eq!(folded.replace("\r\n ", "").trim_end(), line);
    }

    #[test]
    fn an_instant_is_written_in_utc() {
        assert_eq!(stamp(1_795_443_120_007), "20261123T141200Z");
    }
}
