//! Wall-clock times of sessions: a day and a time in a zone, as people say them, and the instant that this is. A time
//! that clocks leave out or show twice is nobody's meeting time: whoever types it is told.

use app::domain::time::{Millis, rfc3339};
use jiff::{
    SignedDuration, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

/// The most sessions that one repeat makes: a year of weeks.
pub const MOST: usize = 52;

/// When a session starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// By the clock on the wall.
    pub local: DateTime,
    /// The IANA name of its zone.
    pub zone: String,
    /// The instant.
    pub at: Millis,
}

/// Why something is no time to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTime {
    /// It is no day.
    Day,
    /// It is no time of the day.
    Time,
    /// There is no such zone.
    Zone,
    /// The clocks go forward over it on that day.
    Skipped(Date),
    /// The clocks go back over it on that day, so it comes twice.
    Twice(Date),
}

impl Start {
    /// From what was typed: `2026-12-01`, `14:00`, `Europe/London`.
    ///
    /// # Errors
    /// [`NoTime`].
    pub fn read(day: &str, time: &str, zone: &str) -> Result<Self, NoTime> {
        let day: Date = day.trim().parse().map_err(|_| NoTime::Day)?;
        let time: Time = time.trim().parse().map_err(|_| NoTime::Time)?;
        Self::new(day.to_datetime(time), zone.trim())
    }

    /// At this wall-clock time.
    ///
    /// # Errors
    /// [`NoTime`].
    pub fn new(local: DateTime, zone: &str) -> Result<Self, NoTime> {
        let known = TimeZone::get(zone).map_err(|_| NoTime::Zone)?;
        let found = known.to_ambiguous_timestamp(local);
        match found.offset() {
            AmbiguousOffset::Unambiguous { .. } => {}
            AmbiguousOffset::Gap { .. } => return Err(NoTime::Skipped(local.date())),
            AmbiguousOffset::Fold { .. } => return Err(NoTime::Twice(local.date())),
        }
        let at = found.unambiguous().map_err(|_| NoTime::Day)?;
        Ok(Self {
            local,
            zone: zone.to_owned(),
            at: at.as_millisecond(),
        })
    }

    /// As a session carries it: `2026-12-01T14:00`.
    pub fn local_text(&self) -> String {
        self.local.strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// The instant as a session carries it.
    pub fn instant_text(&self) -> String {
        rfc3339(self.at)
    }

    /// The same time by the clock on the wall, that much later in days and hours.
    ///
    /// # Errors
    /// [`NoTime`].
    pub fn shifted(local: &str, zone: &str, by: SignedDuration) -> Result<Self, NoTime> {
        let local: DateTime = local.parse().map_err(|_| NoTime::Day)?;
        Self::new(local.checked_add(by).map_err(|_| NoTime::Day)?, zone)
    }

    /// How much later this is than another wall-clock time.
    ///
    /// # Errors
    /// [`NoTime`]: the other is none.
    pub fn later_than(&self, local: &str) -> Result<SignedDuration, NoTime> {
        let local: DateTime = local.parse().map_err(|_| NoTime::Day)?;
        Ok(self.local.duration_since(local))
    }
}

/// How long a repeat goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// So many times in all.
    Times(usize),
    /// To this day, itself too.
    Day(Date),
}

/// The first and those after it, every so many weeks at the same time by the clock on the wall. At most [`MOST`].
///
/// # Errors
/// [`NoTime`]: one of them is none.
pub fn repeated(first: &Start, every_weeks: u32, until: Until) -> Result<Vec<Start>, NoTime> {
    let most = match until {
        Until::Times(times) => times.min(MOST),
        Until::Day(_) => MOST,
    };
    let mut all = vec![first.clone()];
    while all.len() < most {
        let weeks = i64::from(every_weeks) * i64::try_from(all.len()).unwrap_or(i64::MAX);
        let next = first.local.checked_add(weeks.weeks());
        let next = next.map_err(|_| NoTime::Day)?;
        if matches!(until, Until::Day(last) if next.date() > last) {
            break;
        }
        all.push(Start::new(next, &first.zone)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONDON: &str = "Europe/London";

    fn start(day: &str, time: &str) -> Start {
        Start::read(day, time, LONDON).unwrap()
    }

    #[test]
    fn a_time_by_the_clock_on_the_wall_is_another_instant_in_summer() {
        let winter = start("2026-12-01", "14:00");
        assert_eq!(winter.local_text(), "2026-12-01T14:00");
        assert_eq!(winter.instant_text(), "2026-12-01T14:00:00.000Z");
        assert_eq!(
            start("2026-07-01", "14:00").instant_text(),
            "2026-07-01T13:00:00.000Z"
        );
    }

    #[test]
    fn what_is_no_time_says_why() {
        let read = |day, time, zone| Start::read(day, time, zone).unwrap_err();
        assert_eq!(read("soon", "14:00", LONDON), NoTime::Day);
        assert_eq!(read("2026-02-30", "14:00", LONDON), NoTime::Day);
        assert_eq!(read("2026-12-01", "2pm", LONDON), NoTime::Time);
        assert_eq!(read("2026-12-01", "14:00", "Europe/Londom"), NoTime::Zone);
    }

    #[test]
    fn a_time_that_the_clocks_leave_out_or_show_twice_is_told_with_its_day() {
        let spring: Date = "2027-03-28".parse().unwrap();
        let autumn: Date = "2026-10-25".parse().unwrap();
        assert_eq!(
            Start::read("2027-03-28", "01:30", LONDON),
            Err(NoTime::Skipped(spring))
        );
        assert_eq!(
            Start::read("2026-10-25", "01:30", LONDON),
            Err(NoTime::Twice(autumn))
        );
        assert!(Start::read("2026-10-25", "02:00", LONDON).is_ok());
    }

    #[test]
    fn a_weekly_session_keeps_its_time_when_the_clocks_change() {
        let all = repeated(&start("2027-03-16", "18:00"), 1, Until::Times(3)).unwrap();
        let told: Vec<(String, String)> = all
            .iter()
            .map(|it| (it.local_text(), it.instant_text()))
            .collect();
        let pair = |local: &str, at: &str| (local.to_owned(), at.to_owned());
        assert_eq!(
            told,
            [
                pair("2027-03-16T18:00", "2027-03-16T18:00:00.000Z"),
                pair("2027-03-23T18:00", "2027-03-23T18:00:00.000Z"),
                pair("2027-03-30T18:00", "2027-03-30T17:00:00.000Z"),
            ]
        );
    }

    #[test]
    fn a_repeat_ends_with_its_day_or_its_number_and_is_never_endless() {
        let first = start("2026-12-01", "14:00");
        let to = |day: &str| Until::Day(day.parse().unwrap());
        let count = |weeks, until| repeated(&first, weeks, until).unwrap().len();
        assert_eq!(count(2, to("2026-12-29")), 3);
        assert_eq!(count(2, to("2026-12-28")), 2);
        assert_eq!(count(1, to("2026-11-01")), 1, "the first is always there");
        assert_eq!(count(1, Until::Times(4)), 4);
        assert_eq!(count(1, Until::Times(9_999)), MOST);
        assert_eq!(count(1, to("2099-01-01")), MOST);
    }

    #[test]
    fn a_repeat_over_a_time_that_there_is_not_says_which_day() {
        let night = start("2027-03-21", "01:30");
        let spring: Date = "2027-03-28".parse().unwrap();
        assert_eq!(
            repeated(&night, 1, Until::Times(2)),
            Err(NoTime::Skipped(spring))
        );
    }

    #[test]
    fn what_moves_with_another_moves_by_the_clock_on_the_wall() {
        let moved = start("2027-03-24", "19:00");
        let by = moved.later_than("2027-03-23T18:00").unwrap();
        let next = Start::shifted("2027-03-30T18:00", LONDON, by).unwrap();
        assert_eq!(next.local_text(), "2027-03-31T19:00");
        assert_eq!(next.instant_text(), "2027-03-31T18:00:00.000Z");
    }
}
