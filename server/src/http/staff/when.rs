//! Instants in the organisation's own time, in the words of the desk: "Today 2.02pm".

use app::{lang::en::desk as words, ui::local::Millis};
use jiff::{Timestamp, ZonedDateTime, civil, tz::TimeZone};

/// A phone's clock that differs by less than this from ours is not worth a word.
const WORTH_SAYING_MS: Millis = 10 * 60 * 1000;

/// The organisation's clock at one moment.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    now: Millis,
}

impl Clock {
    /// The clock of `zone` (an IANA name) at `now`; UTC if there is no such zone.
    pub fn new(zone: &str, now: Millis) -> Self {
        Self {
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            now,
        }
    }

    /// The moment.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// "Today 2.02pm", "Yesterday 9.03am", "Monday 2.02pm" within the last days, else "1 December 2.02pm".
    pub fn say(&self, at: Millis) -> String {
        start_with_capital(&self.say_inside(at))
    }

    /// The same inside a sentence: "today 2.02pm".
    pub fn say_inside(&self, at: Millis) -> String {
        let (at, now) = (self.zoned(at), self.zoned(self.now));
        let days = (now.date() - at.date()).get_days();
        let day = match days {
            0 => words::TODAY.get().to_owned(),
            1 => words::YESTERDAY.get().to_owned(),
            2..7 => weekday(at.date()).to_owned(),
            _ => day_and_month(at.date(), now.date()),
        };
        format!("{day} {}", time_of_day(at.time()))
    }

    /// An RFC 3339 instant inside a sentence; as it stands if it is none.
    pub fn say_text(&self, at: &str) -> String {
        at.parse::<Timestamp>()
            .map_or_else(|_| at.to_owned(), |at| self.say_inside(at.as_millisecond()))
    }

    /// When it reached the server, and when it was made if that was clearly earlier.
    pub fn say_sent(&self, received: Millis, made_at: &str) -> String {
        let sent = self.say(received);
        let made = made_at
            .parse::<Timestamp>()
            .map(Timestamp::as_millisecond)
            .unwrap_or(received);
        if received - made < WORTH_SAYING_MS {
            return sent;
        }
        words::SENT_AND_MADE.fill(&[("sent", &sent), ("made", &self.say_inside(made))])
    }

    /// For what may be read in years: "25 November 2026, 2.02pm".
    pub fn say_in_full(&self, at: Millis) -> String {
        let at = self.zoned(at);
        format!("{}, {}", in_full(at.date()), time_of_day(at.time()))
    }

    /// Today, as it is stored: `2026-11-25`.
    pub fn today(&self) -> String {
        self.zoned(self.now).date().to_string()
    }

    /// The day of an instant, as it is stored: `2026-11-25`.
    pub fn day_of(&self, at: Millis) -> String {
        self.zoned(at).date().to_string()
    }

    /// When a day (`2026-11-25`) begins, and when the next one does; none if it is no day.
    pub fn day(&self, day: &str) -> Option<(Millis, Millis)> {
        let day: civil::Date = day.parse().ok()?;
        let begins = |day: civil::Date| {
            let at = day.to_zoned_datetime(self.zone.clone()).ok()?;
            Some(at.timestamp().as_millisecond())
        };
        Some((begins(day)?, begins(day.tomorrow().ok()?)?))
    }

    /// For a list that is sorted by it: "2026-11-23 14:02:07".
    pub fn say_sorted(&self, at: Millis) -> String {
        self.zoned(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn zoned(&self, at: Millis) -> ZonedDateTime {
        Timestamp::from_millisecond(at)
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .to_zoned_datetime(self.zone.clone())
    }
}

/// The day of a session's own wall-clock start (`2026-12-01T14:00`), in short: "1 Dec". As it stands if
/// it is no such time.
pub fn say_day(local_start: &str) -> String {
    local_start.parse::<civil::DateTime>().map_or_else(
        |_| local_start.to_owned(),
        |at| {
            let short: String = month(at.date()).chars().take(3).collect();
            format!("{} {short}", at.day())
        },
    )
}

/// A stored day (`2026-11-25`) in full: "25 November 2026". As it stands if it is none.
pub fn say_date(day: &str) -> String {
    day.parse::<civil::Date>()
        .map_or_else(|_| day.to_owned(), in_full)
}

/// A wall-clock time as a form holds it (`2026-11-23T14:02`): "23 November 2026, 2.02pm". As it stands
/// if it is none: people also type "this morning".
pub fn say_civil(text: &str) -> String {
    text.parse::<civil::DateTime>().map_or_else(
        |_| text.to_owned(),
        |at| format!("{}, {}", in_full(at.date()), time_of_day(at.time())),
    )
}

/// A minute of the day as people say it: "9.30am".
pub fn say_minute(minute: u16) -> String {
    let part = |number: u16| i8::try_from(number).unwrap_or_default();
    time_of_day(civil::time(
        part(minute / 60).min(23),
        part(minute % 60),
        0,
        0,
    ))
}

fn in_full(day: civil::Date) -> String {
    format!("{} {} {}", day.day(), month(day), day.year())
}

fn start_with_capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn time_of_day(at: civil::Time) -> String {
    let half = if at.hour() < 12 {
        words::MORNING.get()
    } else {
        words::AFTERNOON.get()
    };
    let hour = match at.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    match at.minute() {
        0 => format!("{hour}{half}"),
        minute => format!("{hour}.{minute:02}{half}"),
    }
}

fn day_and_month(day: civil::Date, today: civil::Date) -> String {
    let year = if day.year() == today.year() {
        String::new()
    } else {
        format!(" {}", day.year())
    };
    format!("{} {}{year}", day.day(), month(day))
}

fn weekday(day: civil::Date) -> &'static str {
    let names = [
        words::MONDAY,
        words::TUESDAY,
        words::WEDNESDAY,
        words::THURSDAY,
        words::FRIDAY,
        words::SATURDAY,
        words::SUNDAY,
    ];
    names[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())].get()
}

fn month(day: civil::Date) -> &'static str {
    let names = [
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
    names[usize::from(day.month().unsigned_abs()) - 1].get()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> Millis {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn london() -> Clock {
        Clock::new("Europe/London", ms("2026-11-23T15:00:00Z"))
    }

    #[test]
    fn a_time_is_said_as_people_say_it() {
        let clock = london();
        assert_eq!(clock.say(ms("2026-11-23T14:02:00Z")), "Today 2.02pm");
        assert_eq!(clock.say(ms("2026-11-22T09:00:00Z")), "Yesterday 9am");
        assert_eq!(clock.say(ms("2026-11-18T00:30:00Z")), "Wednesday 12.30am");
        assert_eq!(clock.say(ms("2026-11-01T12:00:00Z")), "1 November 12pm");
        assert_eq!(
            clock.say(ms("2025-12-01T12:00:00Z")),
            "1 December 2025 12pm"
        );
    }

    #[test]
    fn summer_time_is_the_organisations_own() {
        let clock = Clock::new("Europe/London", ms("2026-07-01T12:00:00Z"));
        assert_eq!(clock.say(ms("2026-06-30T23:30:00Z")), "Today 12.30am");
    }

    #[test]
    fn a_day_is_as_long_as_it_is_where_the_organisation_is() {
        let hours = |day: &str| {
            let (from, until) = london().day(day).unwrap();
            (until - from) / (60 * 60 * 1000)
        };
        assert_eq!(hours("2026-11-23"), 24);
        assert_eq!((hours("2026-03-29"), hours("2026-10-25")), (23, 25));
        let from = ms("2026-06-30T23:00:00Z");
        assert_eq!(london().day("2026-07-01").unwrap().0, from);
        assert_eq!(london().say_sorted(from + 1_000), "2026-07-01 00:00:01");
        assert_eq!(london().day("1 July"), None);
    }

    #[test]
    fn when_it_was_made_is_said_only_if_it_waited() {
        let clock = london();
        let sent = ms("2026-11-23T14:02:00Z");
        assert_eq!(clock.say_sent(sent, "2026-11-23T14:01:00Z"), "Today 2.02pm");
        assert_eq!(
            clock.say_sent(sent, "2026-11-22T09:12:00+00:00"),
            "Today 2.02pm, made yesterday 9.12am with no signal"
        );
        // A phone whose clock is ahead, or that sent no time.
        assert_eq!(clock.say_sent(sent, "2026-12-22T09:12:00Z"), "Today 2.02pm");
        assert_eq!(clock.say_sent(sent, "soon"), "Today 2.02pm");
    }

    #[test]
    fn a_date_that_may_be_read_in_years_has_its_year() {
        assert_eq!(say_date("2026-11-25"), "25 November 2026");
        assert_eq!(say_date("soon"), "soon");
        assert_eq!(say_civil("2026-11-23T14:02"), "23 November 2026, 2.02pm");
        assert_eq!(say_civil("this morning"), "this morning");
        assert_eq!(say_minute(570), "9.30am");
        let at = london().say_in_full(ms("2026-11-23T14:02:00Z"));
        assert_eq!(at, "23 November 2026, 2.02pm");
        assert_eq!(london().today(), "2026-11-23");
    }

    #[test]
    fn a_list_says_the_day_of_a_session_in_its_own_zone() {
        assert_eq!(say_day("2026-12-08T10:30"), "8 Dec");
        assert_eq!(say_day("by arrangement"), "by arrangement");
    }
}
