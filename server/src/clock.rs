//! The server's clock: the only place that reads it, and the one way that instants are written.

use app::ui::local::Millis;
use jiff::{Timestamp, civil, tz::TimeZone};
use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

/// Now, in milliseconds since 1970 UTC.
pub fn now_ms() -> Millis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX) + *AHEAD_MS
}

/// How far the clock goes ahead, so that a browser test need not wait for days. Debug builds alone.
static AHEAD_MS: LazyLock<Millis> = LazyLock::new(|| {
    let told = cfg!(debug_assertions).then(|| std::env::var("CHORUS_CLOCK_AHEAD_MS"));
    told.and_then(|told| told.ok()?.parse().ok()).unwrap_or(0)
});

/// `2026-11-23T14:02:00.123Z`.
pub fn rfc3339(at: Millis) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000)
        .ok()
        .and_then(|at| {
            at.format(format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
            ))
            .ok()
        })
        .unwrap_or_default()
}

/// The day in `zone` (an IANA name; UTC if there is no such zone): `2026-11-23`.
pub fn day(zone: &str, at: Millis) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(zone).date().to_string()
}

/// The instant of an RFC 3339 text; none if it is none.
pub fn instant(text: &str) -> Option<Millis> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    Millis::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}

/// When a day (`2026-11-23`) of `zone` ends; none if it is no day.
pub fn end_of(zone: &str, day: &str) -> Option<Millis> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day: civil::Date = day.parse().ok()?;
    let next = day.tomorrow().ok()?.to_zoned_datetime(zone).ok()?;
    Some(next.timestamp().as_millisecond())
}

/// Whether `text` is an RFC 3339 instant.
pub fn is_rfc3339(text: &str) -> bool {
    instant(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_organisations_own() {
        let before_midnight_utc = 1_783_292_520_000; // 5 July 2026, 23.02 UTC.
        assert_eq!(day("Europe/London", before_midnight_utc), "2026-07-06");
        assert_eq!(day("UTC", before_midnight_utc), "2026-07-05");
    }

    #[test]
    fn a_day_ends_where_the_organisation_is() {
        let ends = end_of("Europe/London", "2026-07-05").unwrap();
        assert_eq!(rfc3339(ends), "2026-07-05T23:00:00.000Z");
        assert_eq!(day("Europe/London", ends - 1), "2026-07-05");
        assert_eq!(end_of("Europe/London", "soon"), None);
    }

    #[test]
    fn an_instant_is_written_to_the_millisecond_in_utc() {
        assert_eq!(rfc3339(1_795_442_520_123), "2026-11-23T14:02:00.123Z");
        assert_eq!(
            instant("2026-11-23T15:02:00.123+01:00"),
            Some(1_795_442_520_123)
        );
        assert!(is_rfc3339("2026-11-23T14:02:00+00:00"));
        assert!(!is_rfc3339("yesterday"));
    }
}
