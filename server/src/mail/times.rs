//! The days and times of the day at which someone wants to be told, by the organisation's clock. Pure.

use app::domain::time::Millis;
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most times of the day that someone may choose.
pub const MOST_TIMES: usize = 3;

/// Days and times; without either, never.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// 1 is Monday, 7 is Sunday.
    pub days: BTreeSet<i8>,
    /// Minutes since midnight.
    pub minutes: BTreeSet<u16>,
}

impl Times {
    /// Whether it is never.
    pub fn is_never(&self) -> bool {
        self.days.is_empty() || self.minutes.is_empty()
    }

    /// The instants after `after` and up to `until`. A time that the clock skips in spring comes an hour
    /// later; one that it shows twice in autumn comes once, the first time.
    pub fn between(&self, zone: &TimeZone, after: Millis, until: Millis) -> Vec<Millis> {
        let day_of = |at: Millis| {
            let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
            at.to_zoned_datetime(zone.clone()).date()
        };
        let (first, last) = (day_of(after), day_of(until));
        let days = first.series(1.day()).take_while(|day| *day <= last);
        let days = days.filter(|day| self.days.contains(&day.weekday().to_monday_one_offset()));
        days.flat_map(|day| {
            self.minutes
                .iter()
                .filter_map(move |minute| instant(zone, day, *minute))
        })
        .filter(|at| (after + 1..=until).contains(at))
        .collect()
    }
}

fn instant(zone: &TimeZone, day: civil::Date, minute: u16) -> Option<Millis> {
    let (hour, minute) = (
        i8::try_from(minute / 60).ok()?,
        i8::try_from(minute % 60).ok()?,
    );
    let at = civil::Time::new(hour, minute, 0, 0).ok()?;
    let at = day.to_datetime(at).to_zoned_datetime(zone.clone()).ok()?;
    Some(at.timestamp().as_millisecond())
}

/// A time as a form holds it, `09:30`; none if it is no time.
pub fn read_minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// A time for a form: `09:30`.
pub fn write_minute(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn times(days: &[i8], minutes: &[&str]) -> Times {
        Times {
            days: days.iter().copied().collect(),
            minutes: minutes
                .iter()
                .filter_map(|text| read_minute(text))
                .collect(),
        }
    }

    fn due(times: &Times, after: &str, until: &str) -> Vec<Millis> {
        let london = TimeZone::get("Europe/London").unwrap();
        times.between(&london, at(after), at(until))
    }

    #[test]
    fn a_time_comes_on_its_days_once() {
        // 2026-11-23 is a Monday.
        let weekdays = times(&[1, 2, 3, 4, 5], &["09:00", "14:30"]);
        let week = due(&weekdays, "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z");
        assert_eq!(week.len(), 10);
        assert_eq!(week[0], at("2026-11-23T09:00:00Z"));
        let just = due(
            &weekdays,
            "2026-11-23T08:59:59.999Z",
            "2026-11-23T09:00:00Z",
        );
        assert_eq!(just, [at("2026-11-23T09:00:00Z")]);
        let again = due(&weekdays, "2026-11-23T09:00:00Z", "2026-11-23T09:00:30Z");
        assert!(again.is_empty());
    }

    #[test]
    fn it_is_the_organisations_own_clock_in_summer_and_when_it_changes() {
        let every_day = times(&[1, 2, 3, 4, 5, 6, 7], &["09:00"]);
        let summer = due(&every_day, "2026-07-01T00:00:00Z", "2026-07-01T23:00:00Z");
        assert_eq!(summer, [at("2026-07-01T08:00:00Z")]);
        let night = times(&[7], &["01:30"]);
        // Skipped on 29 March, shown twice on 25 October.
        let spring = due(&night, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z");
        assert_eq!(spring, [at("2026-03-29T01:30:00Z")]);
        let autumn = due(&night, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z");
        assert_eq!(autumn, [at("2026-10-25T00:30:00Z")]);
    }

    #[test]
    fn never_is_never() {
        for never in [Times::default(), times(&[1], &[]), times(&[], &["09:00"])] {
            assert!(never.is_never());
            assert!(due(&never, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").is_empty());
        }
    }

    #[test]
    fn a_time_is_typed_and_shown_as_a_clock_does() {
        assert_eq!(
            read_minute("09:30").map(write_minute).as_deref(),
            Some("09:30")
        );
        for none in ["", "9", "24:00", "10:60", "noon", "-1:00"] {
            assert_eq!(read_minute(none), None, "{none}");
        }
    }
}
