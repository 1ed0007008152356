//! Days and times in words, from the wall-clock time that a session carries in its own zone.
//!
//! Instants (when something was sent) are the browser's to say, since it knows where the person is.

use crate::{
    domain::opportunity::{Mode, Session},
    lang::{Text, en::when as words},
};
use uuid::Uuid;

/// Monday first.
const WEEKDAYS: [Text; 7] = [
    words::MONDAY,
    words::TUESDAY,
    words::WEDNESDAY,
    words::THURSDAY,
    words::FRIDAY,
    words::SATURDAY,
    words::SUNDAY,
];

/// January first.
const MONTHS: [Text; 12] = [
    words::JANUARY,
    words::FEBRUARY,
    words::MARCH,
    words::APRIL,
    words::MAY,
    words::JUNE,
    words::JULY,
    words::AUGUST,
    words::SEPTEMBER,
    words::OCTOBER,
    words::NOVEMBER,
    words::DECEMBER,
];

/// "Tuesday 1 December, 2pm to 3.30pm"; for a session without a fixed time, words that say so.
pub fn session_time(session: &Session) -> String {
    let start = session.local_start.as_deref().and_then(WallClock::parse);
    let Some(start) = start else {
        return words::NO_FIXED_TIME.get().to_owned();
    };
    let from = clock(start.minutes);
    match session.length_min {
        Some(length) => words::DAY_FROM_TO.fill(&[
            ("day", &day(&start)),
            ("from", &from),
            ("to", &clock(start.minutes + length)),
        ]),
        None => words::DAY_FROM.fill(&[("day", &day(&start)), ("from", &from)]),
    }
}

/// "Tuesday 1 December".
pub fn session_day(session: &Session) -> Option<String> {
    let start = session.local_start.as_deref().and_then(WallClock::parse)?;
    Some(day(&start))
}

/// "1 November 2026" from `2026-11-01`; the text as it is if it is no date.
pub fn date(text: &str) -> String {
    WallClock::parse(text).map_or_else(
        || text.to_owned(),
        |date| {
            words::DATE.fill(&[
                ("day", &date.day.to_string()),
                ("month", MONTHS[date.month as usize - 1].get()),
                ("year", &date.year.to_string()),
            ])
        },
    )
}

/// "Online", "At the Harbour Centre".
pub fn session_place(session: &Session) -> String {
    let mode = match session.mode {
        Mode::InPerson => words::IN_PERSON,
        Mode::Online => words::ONLINE,
        Mode::Phone => words::BY_PHONE,
        Mode::Either => words::IN_PERSON_OR_ONLINE,
    };
    match &session.place {
        Some(place) => words::PLACE.fill(&[("mode", mode.get()), ("place", place)]),
        None => mode.get().to_owned(),
    }
}

/// The session as a calendar file, as an address that can be saved. It is named "Chorus" and no more:
/// calendars are read by others. Added again after it moved, it takes the place of what was added before. None
/// without a fixed time.
pub fn calendar_file(id: Uuid, session: &Session, reminds: bool) -> Option<String> {
    let stamp = |at: &str| -> String { at.chars().filter(|c| !"-:".contains(*c)).collect() };
    let starts_at = stamp(
        session
            .starts_at
            .as_deref()?
            .split('.')
            .next()?
            .trim_end_matches('Z'),
    );
    let minutes = session.length_min.unwrap_or(60).to_string();
    let title = ["SUMMARY:", words::CALENDAR_TITLE.get()].concat();
    let reminder = ["DESCRIPTION:", words::CALENDAR_TITLE.get()].concat();
    let alarm: &[&str] = if reminds {
        &[
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            &reminder,
            "TRIGGER:-P1D",
            "END:VALARM",
        ]
    } else {
        &[]
    };
    let entry = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Chorus//EN",
        "BEGIN:VEVENT",
        &["UID:", &id.to_string(), "@chorus"].concat(),
        &["DTSTAMP:", &starts_at, "Z"].concat(),
        &["DTSTART:", &starts_at, "Z"].concat(),
        &["DURATION:PT", &minutes, "M"].concat(),
        &title,
    ];
    let lines = [&entry, alarm, &["END:VEVENT", "END:VCALENDAR"]].concat();
    Some(
        [
            "data:text/calendar,",
            &lines.join("%0D%0A").replace(' ', "%20"),
        ]
        .concat(),
    )
}

struct WallClock {
    year: i32,
    month: u32,
    day: u32,
    minutes: u32,
}

impl WallClock {
    /// Reads `2026-12-01T14:00`, with or without seconds, or `2026-12-01`.
    fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T').unwrap_or((text, "00:00"));
        let mut date = date.splitn(3, '-');
        let mut time = time.splitn(3, ':');
        let read = Self {
            year: date.next()?.parse().ok()?,
            month: date.next()?.parse().ok()?,
            day: date.next()?.parse().ok()?,
            minutes: time.next()?.parse::<u32>().ok()? * 60 + time.next()?.parse::<u32>().ok()?,
        };
        let fits = (1..=12).contains(&read.month) && (1..=31).contains(&read.day);
        fits.then_some(read)
    }

    /// The day of the week, Monday 0 (Sakamoto's method).
    fn weekday(&self) -> usize {
        const SHIFTS: [i32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = self.year - i32::from(self.month < 3);
        let shift = SHIFTS[self.month as usize - 1];
        let sunday_0 = year + year / 4 - year / 100 + year / 400 + shift + self.day.cast_signed();
        ((sunday_0 + 6).rem_euclid(7)).unsigned_abs() as usize
    }
}

fn day(date: &WallClock) -> String {
    words::DAY.fill(&[
        ("weekday", WEEKDAYS[date.weekday()].get()),
        ("day", &date.day.to_string()),
        ("month", MONTHS[date.month as usize - 1].get()),
    ])
}

/// "2pm", "3.30pm", "noon is 12pm".
fn clock(minutes: u32) -> String {
    let (hours, minutes) = (minutes / 60 % 24, minutes % 60);
    let half = if hours < 12 { words::AM } else { words::PM };
    let hour = (hours + 11) % 12 + 1;
    let mut text = hour.to_string();
    if minutes > 0 {
        text.push('.');
        if minutes < 10 {
            text.push('0');
        }
        text.push_str(&minutes.to_string());
    }
    text.push_str(half.get());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::OpportunityId,
        opportunity::{Gives, Room, SessionState},
    };

    fn session(local_start: Option<&str>, length_min: Option<u32>) -> Session {
        Session {
            opportunity: OpportunityId(uuid::Uuid::nil()),
            starts_at: None,
            local_start: local_start.map(str::to_owned),
            zone: None,
            length_min,
            breaks: None,
            mode: Mode::Either,
            place: Some("Harbour House".into()),
            places: None,
            gives: Gives::Staff,
            ballot_at: None,
            room: Room::Plenty,
            state: SessionState::Scheduled,
            lead: None,
            was: None,
            reason: None,
        }
    }

    #[test]
    fn a_session_says_its_day_and_times_as_people_do() {
        let said = |start, length| session_time(&session(Some(start), length));
        assert_eq!(
            said("2026-12-01T14:00", Some(90)),
            "Tuesday 1 December, 2pm to 3.30pm"
        );
        assert_eq!(
            said("2028-02-29T00:05:00", None),
            "Tuesday 29 February, 12.05am"
        );
        assert_eq!(
            said("2027-01-03T11:30", Some(45)),
            "Sunday 3 January, 11.30am to 12.15pm"
        );
    }

    #[test]
    fn a_session_without_a_time_or_with_a_broken_one_says_so() {
        let none = session_time(&session(None, Some(60)));
        assert_eq!(none, words::NO_FIXED_TIME.get());
        assert_eq!(session_time(&session(Some("2026-13-01T09:00"), None)), none);
        assert_eq!(session_time(&session(Some("soon"), None)), none);
    }

    #[test]
    fn a_place_says_how_people_meet() {
        assert_eq!(
            session_place(&session(None, None)),
            "In person or online, Harbour House"
        );
    }

    #[test]
    fn a_calendar_entry_says_when_and_nothing_else() {
        let id = Uuid::from_u128(7);
        let calendar_file = |one: &Session| calendar_file(id, one, false);
        let mut one = session(None, Some(90));
        assert_eq!(calendar_file(&one), None);
        one.starts_at = Some("2026-12-01T14:00:00Z".into());
        let file = calendar_file(&one).unwrap();
        assert!(file.contains("DTSTART:20261201T140000Z%0D%0A"), "{file}");
        assert!(file.contains("DURATION:PT90M"), "{file}");
        assert!(file.contains("SUMMARY:Chorus%0D%0A"), "{file}");
        assert!(!file.contains("Harbour"), "{file}");
    }

    #[test]
    fn a_calendar_entry_reminds_only_if_asked_to_and_stays_the_same_one_when_it_moves() {
        let mut one = session(None, Some(90));
        one.starts_at = Some("2026-12-01T14:00:00Z".into());
        let id = Uuid::from_u128(7);
        let uid = format!("UID:{id}@chorus%0D%0A");
        let plain = calendar_file(id, &one, false).unwrap();
        assert!(plain.contains(&uid) && !plain.contains("VALARM"), "{plain}");
        one.starts_at = Some("2026-12-08T14:00:00Z".into());
        let reminds = calendar_file(id, &one, true).unwrap();
        let alarm = "BEGIN:VALARM%0D%0AACTION:DISPLAY%0D%0ADESCRIPTION:Chorus%0D%0ATRIGGER:-P1D%0D%0AEND:VALARM%0D%0AEND:VEVENT";
        assert!(
            reminds.contains(&uid) && reminds.contains(alarm),
            "{reminds}"
        );
    }

    #[test]
    fn a_checked_on_date_is_said_in_words() {
        assert_eq!(date("2026-11-01"), "1 November 2026");
        assert_eq!(date("last week"), "last week");
    }
}
