//! Calendar files after RFC 5545. Calendars are read by others: an entry says when, and no more.

use crate::{clock, db::calendars::Held};
use app::{lang::en::when as words, ui::local::Millis};

/// The longest line, in bytes, without its end.
const LINE: usize = 75;

/// One session as a calendar file.
pub fn session(it: &Held, now: Millis) -> String {
    file(&[], std::slice::from_ref(it), now)
}

/// All of these as a calendar that is asked for again and again: what is in it no more, goes; what moved, moves, for
/// each keeps its id and counts up. It should be asked for hourly.
pub fn feed(all: &[Held], now: Millis) -> String {
    let name = escaped(words::CALENDAR_TITLE.get());
    let about = [
        format!("X-WR-CALNAME:{name}"),
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H".to_owned(),
        "X-PUBLISHED-TTL:PT1H".to_owned(),
    ];
    file(&about, all, now)
}

fn file(about: &[String], all: &[Held], now: Millis) -> String {
    let begin = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Chorus//EN",
        "METHOD:PUBLISH",
    ];
    let lines = begin.map(str::to_owned).into_iter();
    let lines = lines.chain(about.iter().cloned());
    let lines = lines.chain(all.iter().flat_map(|it| event(it, now)));
    let lines = lines.chain(["END:VCALENDAR".to_owned()]);
    lines.map(|line| folded(&line)).collect()
}

fn event(it: &Held, now: Millis) -> [String; 9] {
    let status = if it.is_off { "CANCELLED" } else { "CONFIRMED" };
    [
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@chorus", it.id),
        format!("SEQUENCE:{}", it.sequence),
        format!("DTSTAMP:{}", stamp(now)),
        format!("DTSTART:{}", stamp(it.starts)),
        format!("DURATION:PT{}M", it.minutes),
        format!("SUMMARY:{}", escaped(words::CALENDAR_TITLE.get())),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
    ]
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
