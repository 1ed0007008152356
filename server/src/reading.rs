//! When teams read: their weekly hours turned into instants, published to phones ahead of time, and
//! looked after. A reading time that passes with a check-in unopened is said to the person and put in
//! front of the team (rule 7).
//!
//! Phones have no tables of time zones, so they get about five weeks of reading times as instants. What
//! is published and what passed stands in the database: a restart loses nothing of it.

use crate::{
    clock,
    db::teams::{self, TeamRow},
    error::Error,
    publish,
    state::App,
};
use app::{
    domain::{
        hours::{Hours, Opening},
        id::TeamId,
        team::Team,
        time::{DAY_MS, Millis, rfc3339},
    },
    lang::{Text, en::desk as words},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{self, Date},
    tz::TimeZone,
};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How far ahead phones are told.
const AHEAD_MS: Millis = 35 * DAY_MS;
/// With less than this left, they are told again.
const LOW_MS: Millis = 21 * DAY_MS;
/// How often it is looked after.
const EVERY: Duration = Duration::from_secs(20);

/// The reading times that end after `now`, soonest first, for as long as phones are told ahead.
pub fn reads(hours: &Hours, now: Millis) -> Vec<(Millis, Millis)> {
    all_from(hours, now)
        .take_while(|(from, _)| *from < now + AHEAD_MS)
        .collect()
}

/// The end of the first reading time that ends after `now`: by then it should have been opened.
pub fn due(hours: &Hours, now: Millis) -> Option<Millis> {
    all_from(hours, now).map(|(_, to)| to).next()
}

fn all_from(hours: &Hours, now: Millis) -> impl Iterator<Item = (Millis, Millis)> + '_ {
    /// Nobody is closed for longer; it ends the search where there are no openings.
    const DAYS: i64 = 400;
    let zone = TimeZone::get(&hours.zone).unwrap_or(TimeZone::UTC);
    let now_there = Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let today = zone.to_datetime(now_there).date();
    let days = (-1..DAYS).filter_map(move |day| today.checked_add(day.days()).ok());
    days.filter(|day| !hours.closed.iter().any(|closed| *closed == day.to_string()))
        .flat_map(move |day| {
            let zone = zone.clone();
            let openings = hours.openings.iter();
            openings
                .filter(move |opening| opening.day == weekday(day))
                .filter_map(move |opening| instants(&zone, day, opening))
        })
        .filter(move |(_, to)| *to > now)
}

fn weekday(day: Date) -> u32 {
    u32::from(day.weekday().to_monday_zero_offset().unsigned_abs())
}

/// A time that the clocks leave out is taken as they go on; one that comes twice, the first time.
fn instants(zone: &TimeZone, day: Date, opening: &Opening) -> Option<(Millis, Millis)> {
    let at = |minutes: u32| {
        let midnight = day.at(0, 0, 0, 0);
        let at: civil::DateTime = midnight.checked_add(i64::from(minutes).minutes()).ok()?;
        let at = zone.to_timestamp(at).ok()?;
        Some(at.as_millisecond())
    };
    Some((at(opening.from_min)?, at(opening.to_min)?))
}

/// A team as its members' phones know it at `now`.
pub fn record(row: &TeamRow, now: Millis) -> Team {
    let reads = row.hours.as_ref().map(|hours| reads(hours, now));
    let written = |(from, to)| (rfc3339(from), rfc3339(to));
    Team {
        name: row.name.clone(),
        hours: row.hours_words(),
        next_read_at: None,
        phone: row.phone.clone(),
        reads: reads.into_iter().flatten().map(written).collect(),
        cover: row.cover_name.clone(),
    }
}

/// "Monday to Friday, 9am to 5pm; Saturday, 10am to 12pm".
pub fn in_words(hours: &Hours) -> String {
    let mut groups: Vec<(u32, u32, String)> = Vec::new();
    for day in 0..7 {
        let times = times_of(hours, day);
        match groups.last_mut() {
            _ if times.is_empty() => {}
            Some((_, last, same)) if *last + 1 == day && *same == times => *last = day,
            _ => groups.push((day, day, times)),
        }
    }
    let said = groups.iter().map(|(first, last, times)| {
        let gaps = [
            ("first", day_name(*first)),
            ("last", day_name(*last)),
            ("times", times.as_str()),
        ];
        let words = match last - first {
            0 => words::HOURS_DAY,
            1 => words::HOURS_TWO_DAYS,
            6 => words::HOURS_EVERY_DAY,
            _ => words::HOURS_DAYS,
        };
        words.fill(&gaps)
    });
    said.collect::<Vec<_>>().join("; ")
}

fn times_of(hours: &Hours, day: u32) -> String {
    let openings = hours.openings.iter().filter(|opening| opening.day == day);
    let said = openings.map(|opening| {
        words::HOURS_TIMES.fill(&[
            ("from", &clock_words(opening.from_min)),
            ("to", &clock_words(opening.to_min)),
        ])
    });
    let said: Vec<String> = said.collect();
    said.join(words::HOURS_AND.get())
}

/// The name of a day, Monday 0.
pub fn day_name(day: u32) -> &'static str {
    const NAMES: [Text; 7] = [
        words::MONDAY,
        words::TUESDAY,
        words::WEDNESDAY,
        words::THURSDAY,
        words::FRIDAY,
        words::SATURDAY,
        words::SUNDAY,
    ];
    NAMES[day as usize % 7].get()
}

fn clock_words(minutes: u32) -> String {
    let (hour, minute) = (minutes / 60 % 24, minutes % 60);
    if minutes == 24 * 60 {
        return words::MIDNIGHT.get().to_owned();
    }
    let half = if hour < 12 {
        words::MORNING
    } else {
        words::AFTERNOON
    };
    let hour = (hour + 11) % 12 + 1;
    match minute {
        0 => format!("{hour}{}", half.get()),
        minute => format!("{hour}.{minute:02}{}", half.get()),
    }
}

/// Looks after reading times for as long as the server runs. Problems are logged and tried again.
pub async fn look_after(app: App) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = clock::now_ms();
        if let Err(problem) = app.writer.reading_times_passed(now).await {
            tracing::warn!(error = %problem, "reading times that passed could not be told");
        }
        if let Err(problem) = refresh(&app, now).await {
            tracing::warn!(error = %problem, "reading times could not be published");
        }
    }
}

/// Tells phones of the next reading times of each team of which they know too few.
///
/// # Errors
/// What the database says.
pub async fn refresh(app: &App, now: Millis) -> Result<(), Error> {
    let low = teams::with_few_reads(&mut *app.db.reader().await?, now + LOW_MS).await?;
    for team in low {
        tell(app, team, now).await?;
    }
    Ok(())
}

/// Tells the phones of all members of a team how it stands: after it was changed, and when what they
/// know runs low. What is cut short begins anew the next time.
///
/// # Errors
/// What the database says.
pub async fn tell(app: &App, team: TeamId, now: Millis) -> Result<(), Error> {
    let mut after = None;
    loop {
        let done = app
            .writer
            .run(move |tx| Box::pin(publish::team(tx, team, now, after)))
            .await?;
        match done {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}

/// How far ahead phones know, once they were told at `now`.
pub fn known_until(now: Millis) -> Millis {
    now + AHEAD_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::hours::parse_openings;

    fn ms(text: &str) -> Millis {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn hours(openings: &str, closed: &[&str]) -> Hours {
        Hours {
            zone: "Europe/London".into(),
            openings: parse_openings(openings).unwrap(),
            closed: closed.iter().map(|day| (*day).to_owned()).collect(),
        }
    }

    #[test]
    fn the_next_reading_time_is_in_the_teams_own_zone_and_never_on_a_closed_day() {
        let week = hours("mon-fri 09:00-17:00", &["2026-11-30"]);
        // A Friday evening; the Monday is closed.
        let next = reads(&week, ms("2026-11-27T18:00:00Z"));
        assert_eq!(next[0].0, ms("2026-12-01T09:00:00Z"));
        assert_eq!(next[0].1, ms("2026-12-01T17:00:00Z"));
        // In summer nine in the morning is eight in UTC.
        let next = reads(&week, ms("2026-07-01T12:00:00Z"));
        assert_eq!(next[0].0, ms("2026-07-01T08:00:00Z"), "while it reads");
        assert_eq!(
            due(&week, ms("2026-07-01T16:00:00Z")),
            Some(ms("2026-07-02T16:00:00Z"))
        );
    }

    #[test]
    fn five_weeks_are_told_and_a_team_that_never_reads_promises_nothing() {
        let week = hours("mon-fri 09:00-17:00", &[]);
        assert_eq!(reads(&week, ms("2026-11-23T08:00:00Z")).len(), 25);
        assert_eq!(due(&Hours::default(), 0), None);
        assert!(reads(&Hours::default(), 0).is_empty());
    }

    #[test]
    fn a_day_when_the_clocks_change_is_read_as_people_do() {
        // On 28 March 2027 clocks in London go from one to two.
        let week = hours("sun 01:30-09:00", &[]);
        let next = reads(&week, ms("2027-03-27T12:00:00Z"));
        assert_eq!(
            next[0],
            (ms("2027-03-28T01:30:00Z"), ms("2027-03-28T08:00:00Z"))
        );
        let night = hours("sat 20:00-24:00", &[]);
        let next = reads(&night, ms("2027-03-27T12:00:00Z"));
        assert_eq!(next[0].1, ms("2027-03-28T00:00:00Z"));
    }

    #[test]
    fn hours_are_said_as_people_say_them() {
        let said = |openings| in_words(&hours(openings, &[]));
        assert_eq!(said("mon-fri 09:00-17:00"), "Monday to Friday, 9am to 5pm");
        assert_eq!(said("mon-sun 08:00-20:30"), "every day, 8am to 8.30pm");
        assert_eq!(
            said("mon-tue 09:00-12:00, mon-tue 13:00-17:00, thu 12:00-24:00"),
            "Monday and Tuesday, 9am to 12pm and 1pm to 5pm; Thursday, 12pm to midnight"
        );
        assert_eq!(in_words(&Hours::default()), "");
    }
}
