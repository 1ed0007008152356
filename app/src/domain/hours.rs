//! When a team reads what is shared with it: openings of a week in its own time zone, and closed days.
//!
//! Here the hours are only written and read. Which instants they are, only the server knows, since it has
//! the tables of time zones: phones get the next reading times as instants.

use serde::Serialize;

/// The days of a week as they are typed, Monday first.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Minutes of a day.
const DAY_MIN: u32 = 24 * 60;

/// One opening of each week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Opening {
    /// The day, Monday 0.
    pub day: u32,
    /// From this minute of the day.
    pub from_min: u32,
    /// To this minute of the day; 1440 is midnight.
    pub to_min: u32,
}

crate::reads_json!(Opening {
    day,
    from_min,
    to_min
});

/// When a team reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hours {
    /// The IANA time zone, `Europe/London`.
    pub zone: String,
    /// By day and time.
    pub openings: Vec<Opening>,
    /// Days on which nobody reads, `2026-12-25`, in order.
    pub closed: Vec<String>,
}

crate::reads_json!(Hours {
    zone,
    openings,
    closed
});

/// Hours that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// No days and times.
    #[error("{0:?} is no opening: write days and times, like \"mon-fri 09:00-17:00\"")]
    Opening(String),
    /// Two openings of a day meet.
    #[error("two openings of the same day overlap")]
    Overlap,
    /// No date.
    #[error("{0:?} is no date: write it like 2026-12-25")]
    Date(String),
}

/// Reads `mon-fri 09:00-17:00, sat 10:00-12:00`.
///
/// # Errors
/// [`HoursError`].
pub fn parse_openings(text: &str) -> Result<Vec<Opening>, HoursError> {
    let mut openings = Vec::new();
    for part in text.split([',', ';']).map(str::trim) {
        let wrong = || HoursError::Opening(part.to_owned());
        let (days, times) = part.split_once(char::is_whitespace).ok_or_else(wrong)?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (first, last) = (day(first), day(last));
        let (Some(first), Some(last)) = (first, last) else {
            return Err(wrong());
        };
        if first > last {
            return Err(wrong());
        }
        let (from_min, to_min) = times_of(times).ok_or_else(wrong)?;
        openings.extend((first..=last).map(|day| Opening {
            day,
            from_min,
            to_min,
        }));
    }
    in_order(openings)
}

/// Reads the times of one day, `09:00-12:00, 13:00-17:00`; none for an empty text.
///
/// # Errors
/// [`HoursError`].
pub fn parse_day(day: u32, text: &str) -> Result<Vec<Opening>, HoursError> {
    let parts = text.split([',', ';']).map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let times = times_of(part).ok_or_else(|| HoursError::Opening(part.to_owned()))?;
            Ok(Opening {
                day,
                from_min: times.0,
                to_min: times.1,
            })
        })
        .collect::<Result<_, _>>()
        .and_then(in_order)
}

/// Writes the times of one day as [`parse_day`] reads them.
pub fn write_day(openings: &[Opening], day: u32) -> String {
    let times = openings.iter().filter(|opening| opening.day == day);
    let written: Vec<String> = times
        .map(|opening| {
            let [from, to] = [opening.from_min, opening.to_min].map(clock);
            format!("{from}-{to}")
        })
        .collect();
    written.join(", ")
}

/// Reads closed days, apart by spaces, commas or lines.
///
/// # Errors
/// [`HoursError::Date`].
pub fn parse_closed(text: &str) -> Result<Vec<String>, HoursError> {
    let dates = text.split(|c: char| c == ',' || c.is_whitespace());
    let mut dates: Vec<String> = dates
        .filter(|date| !date.is_empty())
        .map(|date| {
            if is_date(date) {
                Ok(date.to_owned())
            } else {
                Err(HoursError::Date(date.to_owned()))
            }
        })
        .collect::<Result<_, _>>()?;
    dates.sort();
    dates.dedup();
    Ok(dates)
}

/// Openings by day and time, none of which meet.
fn in_order(mut openings: Vec<Opening>) -> Result<Vec<Opening>, HoursError> {
    openings.sort();
    let meet = openings
        .windows(2)
        .any(|pair| pair[0].day == pair[1].day && pair[0].to_min > pair[1].from_min);
    if meet {
        Err(HoursError::Overlap)
    } else {
        Ok(openings)
    }
}

fn day(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    let place = DAYS.iter().position(|day| text.starts_with(day))?;
    u32::try_from(place).ok()
}

fn times_of(text: &str) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (minutes(from)?, minutes(to)?);
    (from < to && to <= DAY_MIN).then_some((from, to))
}

fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once([':', '.'])?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let sizes = (year.len(), month.len(), day.len()) == (4, 2, 2);
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    sizes
        && number(year) > 0
        && (1..=12).contains(&number(month))
        && (1..=31).contains(&number(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_read_by_day_and_time() {
        let week = parse_openings("sat 10:00-12:00, Monday-Friday 9:00-17:30").unwrap();
        assert_eq!(week.len(), 6);
        assert_eq!(week[0].from_min, 540);
        assert_eq!(write_day(&week, 4), "09:00-17:30");
        assert_eq!(write_day(&week, 5), "10:00-12:00");
        assert_eq!(write_day(&week, 6), "");
    }

    #[test]
    fn a_day_reads_back_as_it_is_written() {
        let day = parse_day(2, "13.00-17.00; 09:00-12:00").unwrap();
        assert_eq!(write_day(&day, 2), "09:00-12:00, 13:00-17:00");
        assert_eq!(parse_day(2, &write_day(&day, 2)), Ok(day));
        assert_eq!(parse_day(2, "  "), Ok(Vec::new()));
        assert!(parse_day(2, "00:00-24:00").is_ok());
    }

    #[test]
    fn what_is_no_time_is_told() {
        for text in [
            "",
            "mon",
            "mon 9-17",
            "fri-mon 09:00-17:00",
            "mon 17:00-09:00",
            "mon 09:00-24:01",
        ] {
            assert!(
                matches!(parse_openings(text), Err(HoursError::Opening(_))),
                "{text}"
            );
        }
        let twice = parse_openings("mon 09:00-12:00, mon-tue 11:00-17:00");
        assert_eq!(twice, Err(HoursError::Overlap));
    }

    #[test]
    fn closed_days_are_dates_in_order() {
        let closed = parse_closed("2026-12-26, 2026-12-25\n2026-12-25").unwrap();
        assert_eq!(closed, ["2026-12-25", "2026-12-26"]);
        assert!(parse_closed("25-12-2026").is_err());
        assert!(parse_closed("2026-13-01").is_err());
    }
}
