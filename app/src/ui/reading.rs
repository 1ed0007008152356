//! When a team next reads what is shared with it, as a phone knows it with no signal: from the instants
//! that the server worked out, since phones have no tables of time zones.

use super::progress::SayTime;
use crate::domain::team::Team;

/// What is known of a team's reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Not even the team.
    Unknown,
    /// Its hours in words.
    Hours(String),
    /// It reads now, until this time, in the person's own words.
    Now(String),
    /// It reads next at this time, in the person's own words.
    Next(String),
}

/// What `team` does at `now` (RFC 3339 as the server writes it; none where there is no clock). Reading times
/// that are all over, because the phone has not heard for long, say the hours alone.
pub fn reads(team: Option<&Team>, now: Option<&str>, say: SayTime) -> Reads {
    let Some(team) = team else {
        return Reads::Unknown;
    };
    // All of them are written alike, so that they compare as text.
    let next = now.and_then(|now| {
        let next = team.reads.iter().find(|(_, to)| to.as_str() > now);
        next.map(|(from, to)| (from.as_str() <= now, from, to))
    });
    match next {
        None => Reads::Hours(team.hours.clone()),
        Some((true, _, to)) => Reads::Now(say(to)),
        Some((false, from, _)) => Reads::Next(say(from)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team() -> Team {
        let day = |day: u32| {
            let at = |hour| format!("2026-11-{day}T{hour}:00:00.000Z");
            (at("09"), at("17"))
        };
        Team {
            name: "Harbour team".into(),
            hours: "Monday and Tuesday, 9am to 5pm".into(),
            next_read_at: None,
            phone: None,
            reads: vec![day(23), day(24)],
            cover: None,
        }
    }

    fn at(now: Option<&str>) -> Reads {
        reads(Some(&team()), now, &|at| at[8..13].to_owned())
    }

    #[test]
    fn a_phone_says_when_its_team_next_reads() {
        let next = |at: &str| Reads::Next(at.into());
        assert_eq!(at(Some("2026-11-23T08:59:59.999Z")), next("23T09"));
        assert_eq!(
            at(Some("2026-11-23T09:00:00.000Z")),
            Reads::Now("23T17".into())
        );
        assert_eq!(at(Some("2026-11-23T17:00:00.000Z")), next("24T09"));
    }

    #[test]
    fn what_it_does_not_know_it_does_not_say() {
        let hours = Reads::Hours(team().hours);
        assert_eq!(at(Some("2026-12-31T17:00:00.000Z")), hours);
        assert_eq!(at(None), hours);
        assert_eq!(reads(None, Some(""), &str::to_owned), Reads::Unknown);
    }
}
