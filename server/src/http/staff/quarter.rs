//! Quarters of a year, by which numbers of people are told: short periods that anyone could choose would find one
//! person between two of them.

use super::when::{Clock, say_date};
use app::{
    domain::time::Millis,
    lang::{Text, en::impact as words},
};

/// A quarter of a year, by the organisation's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    year: i32,
    /// 0 to 3.
    nth: i32,
}

impl Quarter {
    /// The one of this instant.
    pub fn of(clock: &Clock, at: Millis) -> Self {
        let day = clock.day_of(at);
        let mut parts = day.split('-').map(|part| part.parse().unwrap_or(1));
        let (year, month) = (parts.next().unwrap_or(1970), parts.next().unwrap_or(1));
        Self {
            year,
            nth: (month - 1) / 3,
        }
    }

    /// From [`Self::word`].
    pub fn read(word: &str) -> Option<Self> {
        let (year, nth) = word.split_once("-q")?;
        let (year, nth): (i32, i32) = (year.parse().ok()?, nth.parse().ok()?);
        let is_one = (1970..=9998).contains(&year) && (1..=4).contains(&nth);
        is_one.then_some(Self { year, nth: nth - 1 })
    }

    /// As addresses have it: `2026-q1`.
    pub fn word(self) -> String {
        format!("{}-q{}", self.year, self.nth + 1)
    }

    /// "January to March 2026".
    pub fn say(self) -> String {
        const NAMES: [Text; 4] = [
            words::QUARTER_1,
            words::QUARTER_2,
            words::QUARTER_3,
            words::QUARTER_4,
        ];
        let name = NAMES[usize::try_from(self.nth).unwrap_or_default()];
        name.fill(&[("year", &self.year.to_string())])
    }

    /// "Q1" and "2026", where there is little room.
    pub fn say_short(self) -> (String, String) {
        let nth = (self.nth + 1).to_string();
        (
            words::QUARTER_SHORT.fill(&[("n", &nth)]),
            self.year.to_string(),
        )
    }

    /// So many quarters later, or before.
    pub fn plus(self, quarters: i32) -> Self {
        let count = self.year * 4 + self.nth + quarters;
        Self {
            year: count.div_euclid(4),
            nth: count.rem_euclid(4),
        }
    }

    /// Its first day.
    fn first_day(self) -> String {
        format!("{:04}-{:02}-01", self.year, self.nth * 3 + 1)
    }

    /// When it begins.
    pub fn begins(self, clock: &Clock) -> Millis {
        clock.day(&self.first_day()).map_or(0, |day| day.0)
    }
}

/// Some quarters in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first one.
    pub from: Quarter,
    /// The last one.
    pub until: Quarter,
}

impl Period {
    /// The most quarters of one: five years.
    pub const MOST: i32 = 20;

    /// What was asked for, in whichever order, and no longer than [`Self::MOST`]; else the year that ends with this
    /// quarter.
    pub fn asked(clock: &Clock, from: &str, until: &str) -> Self {
        let this = Quarter::of(clock, clock.now());
        let until = Quarter::read(until).unwrap_or(this).min(this);
        let from = Quarter::read(from).unwrap_or(until.plus(-3)).min(this);
        let (from, until) = (from.min(until), from.max(until));
        Self {
            from: from.max(until.plus(1 - Self::MOST)),
            until,
        }
    }

    /// Those that may be asked for, the newest first.
    pub fn choices(clock: &Clock) -> Vec<Quarter> {
        let this = Quarter::of(clock, clock.now());
        (0..Self::MOST).map(|back| this.plus(-back)).collect()
    }

    /// Each of its quarters.
    pub fn quarters(self) -> Vec<Quarter> {
        let next = |one: &Quarter| Some(one.plus(1)).filter(|one| *one <= self.until);
        std::iter::successors(Some(self.from), next).collect()
    }

    /// From when until before when.
    pub fn range(self, clock: &Clock) -> (Millis, Millis) {
        (self.from.begins(clock), self.until.plus(1).begins(clock))
    }

    /// From when until before when, of each of its quarters.
    pub fn spans(self, clock: &Clock) -> Vec<(Millis, Millis)> {
        let quarters = self.quarters().into_iter();
        let span = |one: Quarter| (one.begins(clock), one.plus(1).begins(clock));
        quarters.map(span).collect()
    }

    /// No more than its last quarters.
    pub fn last(self, quarters: i32) -> Self {
        Self {
            from: self.from.max(self.until.plus(1 - quarters)),
            ..self
        }
    }

    /// "1 January 2026 to 31 December 2026".
    pub fn say(self, clock: &Clock) -> String {
        let last = self.range(clock).1 - 1;
        let from = say_date(&self.from.first_day());
        let until = say_date(&clock.day_of(last));
        words::PERIOD.fill(&[("from", &from), ("until", &until)])
    }

    /// As an address's query.
    pub fn query(self) -> String {
        format!("from={}&until={}", self.from.word(), self.until.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In summer time, 30 minutes into October by the organisation's clock.
    fn clock() -> Clock {
        let now: jiff::Timestamp = "2026-09-30T23:30:00Z".parse().unwrap();
        Clock::new("Europe/London", now.as_millisecond())
    }

    fn asked(from: &str, until: &str) -> (String, String) {
        let period = Period::asked(&clock(), from, until);
        (period.from.word(), period.until.word())
    }

    #[test]
    fn a_quarter_is_of_the_organisations_calendar() {
        let clock = clock();
        let this = Quarter::of(&clock, clock.now());
        assert_eq!(this.word(), "2026-q4");
        assert_eq!(this.say(), "October to December 2026");
        assert_eq!(Quarter::read("2026-q4"), Some(this));
        assert_eq!(this.plus(1).word(), "2027-q1");
        assert_eq!(this.plus(-4).word(), "2025-q4");
        assert_eq!(this.begins(&clock), clock.now() - 30 * 60 * 1000);
        for none in ["", "2026-q5", "2026-q0", "1900-q1", "2026", "q1-2026"] {
            assert_eq!(Quarter::read(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_asked_for_is_some_quarters_that_have_begun() {
        let own = |from: &str, until: &str| (from.to_owned(), until.to_owned());
        assert_eq!(asked("", ""), own("2026-q1", "2026-q4"));
        assert_eq!(asked("2026-q2", "2025-q4"), own("2025-q4", "2026-q2"));
        assert_eq!(asked("2026-q2", "2030-q1"), own("2026-q2", "2026-q4"));
        assert_eq!(asked("1990-q1", "2026-q4"), own("2022-q1", "2026-q4"));
        let year = Period::asked(&clock(), "", "");
        assert_eq!(year.say(&clock()), "1 January 2026 to 31 December 2026");
        assert_eq!(year.quarters().len(), 4);
        assert_eq!(year.last(2).from.word(), "2026-q3");
        let spans = year.spans(&clock());
        let joins = spans.windows(2).all(|two| two[0].1 == two[1].0);
        assert!(joins && spans.len() == 4);
        let own = |short: (&str, &str)| (short.0.to_owned(), short.1.to_owned());
        assert_eq!(year.from.say_short(), own(("Q1", "2026")));
    }
}
