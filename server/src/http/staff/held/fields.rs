//! The fields of a session, as they were typed, what they mean, and what is wrong with them.

use super::no_time;
use crate::{
    clock,
    commands::sessions::{Added, Details},
    db::sessions::SessionRow,
    publish::OFFER_HOURS,
    wall_clock::{NoTime, Start, Until, repeated},
};
use app::{
    domain::{
        id::SessionId,
        opportunity::{Gives, Mode},
        text,
        time::{Millis, rfc3339},
    },
    lang::{Text, en::programme as words},
};
use jiff::{Timestamp, tz::TimeZone};
use maud::{Markup, html};
use serde::Deserialize;

/// The longest session, in minutes: a day.
const LONGEST_MIN: u32 = 1_440;
/// The most places that a session has.
const MOST_PLACES: u32 = 10_000;
/// The longest that an offer holds a place, in hours: two weeks.
const MOST_HOURS: u32 = 336;
/// The most weeks between two sessions of a repeat.
const MOST_WEEKS: u32 = 8;

/// What was typed, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub day: String,
    pub time: String,
    pub zone: String,
    pub length: String,
    pub breaks: String,
    pub mode: String,
    pub place: String,
    pub link: String,
    pub places: String,
    pub lead: String,
    pub gives: String,
    pub ballot_day: String,
    pub ballot_time: String,
    pub offer_hours: String,
    pub repeat: String,
    pub repeat_times: String,
    pub repeat_until: String,
    /// Words for everyone who signed up.
    pub message: String,
    /// `previewed` once they were seen as they will look; `edit` to change them.
    pub step: String,
}

/// What is wrong: the field, and in words.
pub(super) type Wrong = (&'static str, String);

fn wrong(field: &'static str, text: Text) -> Wrong {
    (field, text.get().to_owned())
}

fn words_of(field: &'static str, typed: &str, most: usize) -> Result<Option<String>, Wrong> {
    let words = text::tidy(Some(typed.replace("\r\n", "\n")));
    if text::fits(words.as_deref(), most) {
        Ok(words)
    } else {
        Err(wrong(field, words::PROBLEM_LONG))
    }
}

/// A whole number up to `most`; none if nothing was typed.
fn number(
    field: &'static str,
    typed: &str,
    most: u32,
    problem: Text,
) -> Result<Option<u32>, Wrong> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let number = typed
        .parse()
        .ok()
        .filter(|number| (1..=most).contains(number));
    number.map(Some).ok_or_else(|| wrong(field, problem))
}

impl Typed {
    /// As a session stands, for changing or copying it. One without a time is in the organisation's zone.
    pub(super) fn of(row: &SessionRow, zone: &str) -> Self {
        let it = &row.record;
        let text = |words: &Option<String>| words.clone().unwrap_or_default();
        let count = |number: Option<u32>| number.map(|it| it.to_string()).unwrap_or_default();
        let start = text(&it.local_start);
        let (day, time) = start.split_once('T').unwrap_or_default();
        Self {
            day: day.to_owned(),
            time: time.to_owned(),
            zone: it.zone.clone().unwrap_or_else(|| zone.to_owned()),
            length: count(it.length_min),
            breaks: text(&it.breaks),
            mode: it.mode.word().to_owned(),
            place: text(&it.place),
            link: text(&row.link),
            places: count(it.places),
            lead: text(&it.lead),
            gives: it.gives.word().to_owned(),
            offer_hours: row.offer_hours.to_string(),
            ..Self::default()
        }
        .with_ballot(it.ballot_at.as_deref())
    }

    /// The draw by the clock on the wall of the session's own zone.
    fn with_ballot(mut self, at: Option<&str>) -> Self {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        if let Some(at) = at.and_then(|at| at.parse::<Timestamp>().ok()) {
            let at = zone.to_datetime(at);
            self.ballot_day = at.date().to_string();
            self.ballot_time = at.strftime("%H:%M").to_string();
        }
        self
    }

    /// When the draw of a session that starts at `start` is, of a repeat whose first starts at `first`.
    fn ballot(&self, first: Option<&Start>, start: Option<&Start>) -> Result<Option<Start>, Wrong> {
        if self.gives != Gives::Ballot.word() {
            return Ok(None);
        }
        let none = || wrong("ballot_day", words::PROBLEM_BALLOT);
        let draw = Start::read(&self.ballot_day, &self.ballot_time, &self.zone);
        let draw = draw.map_err(|_| none())?;
        let draw = match (first, start) {
            (Some(first), Some(start)) if first != start => {
                let later = start.later_than(&first.local_text()).map_err(|_| none())?;
                Start::shifted(&draw.local_text(), &self.zone, later).map_err(|_| none())?
            }
            _ => draw,
        };
        if start.is_some_and(|start| start.at <= draw.at) {
            return Err(none());
        }
        Ok(Some(draw))
    }

    /// When the draw of a session that starts at this instant is. One that is past is only what it was before.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn ballot_of(&self, row: &SessionRow, now: Millis) -> Result<Option<Millis>, Wrong> {
        let at = self.ballot(None, None)?.map(|draw| draw.at);
        let same = at.map(rfc3339) == row.record.ballot_at;
        let starts = row.record.starts_at.as_deref().and_then(clock::instant);
        let in_time = |at: Millis| at > now && starts.is_none_or(|starts| at < starts);
        if same || at.is_none_or(in_time) {
            Ok(at)
        } else {
            Err(wrong("ballot_day", words::PROBLEM_BALLOT))
        }
    }

    /// What is sent again after the words were seen, by the names of the fields.
    pub(super) fn again(&self) -> [(&'static str, &str); 12] {
        [
            ("length", &self.length),
            ("breaks", &self.breaks),
            ("mode", &self.mode),
            ("place", &self.place),
            ("link", &self.link),
            ("places", &self.places),
            ("lead", &self.lead),
            ("gives", &self.gives),
            ("ballot_day", &self.ballot_day),
            ("ballot_time", &self.ballot_time),
            ("offer_hours", &self.offer_hours),
            ("message", &self.message),
        ]
    }

    /// What it is like.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn details(&self) -> Result<Details, Wrong> {
        let link = words_of("link", &self.link, text::LONG)?;
        let odd = link.as_deref().is_some_and(|link| {
            let first = link.split_whitespace().next().unwrap_or_default();
            first.contains(':') && !first.starts_with("https://")
        });
        if odd {
            return Err(wrong("link", words::PROBLEM_LINK));
        }
        Ok(Details {
            length_min: number("length", &self.length, LONGEST_MIN, words::PROBLEM_LENGTH)?,
            breaks: words_of("breaks", &self.breaks, text::LONG)?,
            mode: Mode::of_word(&self.mode).unwrap_or(Mode::InPerson),
            place: words_of("place", &self.place, text::SHORT)?,
            link,
            places: number("places", &self.places, MOST_PLACES, words::PROBLEM_PLACES)?,
            gives: Gives::of_word(&self.gives).unwrap_or(Gives::Staff),
            ballot_at: None,
            offer_hours: number(
                "offer_hours",
                &self.offer_hours,
                MOST_HOURS,
                words::PROBLEM_HOURS,
            )?
            .map_or(OFFER_HOURS, i64::from),
            lead: words_of("lead", &self.lead, text::SHORT)?,
        })
    }

    /// When it starts; none by arrangement.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn start(&self, now: Millis) -> Result<Option<Start>, Wrong> {
        match (self.day.trim().is_empty(), self.time.trim().is_empty()) {
            (true, true) => return Ok(None),
            (false, false) => {}
            (true, false) => return Err(wrong("day", words::PROBLEM_BOTH)),
            (false, true) => return Err(wrong("time", words::PROBLEM_BOTH)),
        }
        let start = Start::read(&self.day, &self.time, &self.zone);
        let start = start.map_err(|problem| (field_of(problem), no_time(problem)))?;
        if start.at <= now {
            return Err(wrong("day", words::PROBLEM_PAST));
        }
        Ok(Some(start))
    }

    /// All that are to be added: one, or what the repeat makes. `id` makes an id for each.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn added(
        &self,
        now: Millis,
        id: impl Fn() -> SessionId,
    ) -> Result<Vec<Added>, Wrong> {
        let starts = self.starts(now)?;
        let first = starts.first().cloned().flatten();
        let added = starts.into_iter().map(|start| {
            let draw = self.ballot(first.as_ref(), start.as_ref())?;
            if draw.as_ref().is_some_and(|draw| draw.at <= now) {
                return Err(wrong("ballot_day", words::PROBLEM_BALLOT));
            }
            Ok(Added {
                id: id(),
                start,
                ballot_at: draw.map(|draw| draw.at),
            })
        });
        added.collect()
    }

    fn starts(&self, now: Millis) -> Result<Vec<Option<Start>>, Wrong> {
        let first = self.start(now)?;
        let weeks = self.repeat.trim().parse::<u32>().unwrap_or_default();
        if weeks == 0 {
            return Ok(vec![first]);
        }
        let first = first.ok_or_else(|| wrong("day", words::PROBLEM_REPEAT_DAY))?;
        let problem = words::PROBLEM_REPEAT;
        let most = u32::try_from(crate::wall_clock::MOST).unwrap_or(u32::MAX);
        let times = number("repeat_times", &self.repeat_times, most, problem)?;
        let until = match (times, self.repeat_until.trim()) {
            (Some(times), "") => Until::Times(usize::try_from(times).unwrap_or(1)),
            (None, day) if !day.is_empty() => Until::Day(
                day.parse()
                    .map_err(|_| wrong("repeat_until", words::PROBLEM_DAY))?,
            ),
            _ => return Err(wrong("repeat_times", problem)),
        };
        let all = repeated(&first, weeks.min(MOST_WEEKS), until);
        let all = all.map_err(|problem| (field_of(problem), no_time(problem)))?;
        Ok(all.into_iter().map(Some).collect())
    }
}

fn field_of(problem: NoTime) -> &'static str {
    match problem {
        NoTime::Day => "day",
        NoTime::Zone => "zone",
        NoTime::Time | NoTime::Skipped(_) | NoTime::Twice(_) => "time",
    }
}

/// The form's fields, with what is wrong beside the one that it is about.
pub(super) struct Fields<'a> {
    pub typed: &'a Typed,
    pub wrong: Option<&'a Wrong>,
}

impl Fields<'_> {
    /// Day, time and zone.
    pub(super) fn time(&self) -> Markup {
        html! {
            div.times {
                (self.input("day", words::DAY, None, &self.typed.day, "date"))
                (self.input("time", words::TIME, None, &self.typed.time, "time"))
            }
            (self.input("zone", words::ZONE, None, &self.typed.zone, "text"))
        }
    }

    /// What it is like.
    pub(super) fn details(&self) -> Markup {
        let typed = self.typed;
        html! {
            (self.input("length", words::LENGTH, None, &typed.length, "number"))
            (self.input("breaks", words::BREAKS, None, &typed.breaks, "text"))
            (choose("mode", words::MODE, &MODES, &typed.mode))
            (self.input("place", words::PLACE, None, &typed.place, "text"))
            (self.input("link", words::LINK, Some(words::LINK_HINT), &typed.link, "text"))
            (self.input("lead", words::LEAD, Some(words::LEAD_HINT), &typed.lead, "text"))
            (self.input("places", words::PLACES, Some(words::PLACES_HINT), &typed.places, "number"))
            (choose("gives", words::GIVES, &GIVES, &typed.gives))
            fieldset.stack aria-describedby="ballot-hint" {
                legend { (words::BALLOT_TITLE.get()) }
                p.soft id="ballot-hint" { (words::BALLOT_HINT.get()) }
                div.times {
                    (self.input("ballot_day", words::BALLOT_DAY, None, &typed.ballot_day, "date"))
                    (self.input("ballot_time", words::BALLOT_TIME, None, &typed.ballot_time, "time"))
                }
            }
            (self.input("offer_hours", words::OFFER_HOURS, Some(words::OFFER_HOURS_HINT), &typed.offer_hours, "number"))
        }
    }

    /// Whether and how it repeats.
    pub(super) fn repeat(&self) -> Markup {
        html! {
            fieldset.stack aria-describedby="repeat-hint" {
                legend { (words::REPEAT.get()) }
                p.soft id="repeat-hint" { (words::REPEAT_HINT.get()) }
                div.field {
                    label.unseen for="repeat" { (words::REPEAT.get()) }
                    select id="repeat" name="repeat" {
                        @for weeks in 0..=MOST_WEEKS {
                            option value=(weeks) selected[self.typed.repeat == weeks.to_string()] { (every(weeks)) }
                        }
                    }
                }
                div.times {
                    (self.input("repeat_times", words::REPEAT_TIMES, None, &self.typed.repeat_times, "number"))
                    (self.input("repeat_until", words::REPEAT_UNTIL, None, &self.typed.repeat_until, "date"))
                }
            }
        }
    }

    /// One field, with what is wrong with it.
    pub(super) fn input(
        &self,
        name: &'static str,
        label: Text,
        hint: Option<Text>,
        value: &str,
        kind: &str,
    ) -> Markup {
        let problem = self.wrong.filter(|(field, _)| *field == name);
        let hint_id = hint.map(|_| format!("{name}-hint"));
        let problem_id = problem.map(|_| format!("{name}-problem"));
        let described: Vec<String> = hint_id
            .clone()
            .into_iter()
            .chain(problem_id.clone())
            .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        let most = if name == "link" || name == "breaks" {
            text::LONG
        } else {
            text::SHORT
        };
        html! {
            div.field {
                label for=(name) { (label.get()) }
                @if let (Some(hint), Some(id)) = (hint, &hint_id) { p.soft id=(id) { (hint.get()) } }
                @if let (Some((_, problem)), Some(id)) = (problem, &problem_id) { p.problem id=(id) { (problem) } }
                input id=(name) name=(name) type=(kind) value=(value) autocomplete="off" maxlength=(most)
                    min=[(kind == "number").then_some("1")] aria-describedby=[described]
                    aria-invalid=[problem.map(|_| "true")];
            }
        }
    }
}

fn every(weeks: u32) -> String {
    match weeks {
        0 => words::REPEAT_NONE.get().to_owned(),
        1 => words::REPEAT_WEEK.get().to_owned(),
        many => words::REPEAT_WEEKS.fill(&[("count", &many.to_string())]),
    }
}

const MODES: [(&str, Text); 4] = [
    ("in_person", words::MODE_IN_PERSON),
    ("online", words::MODE_ONLINE),
    ("phone", words::MODE_PHONE),
    ("either", words::MODE_EITHER),
];

const GIVES: [(&str, Text); 3] = [
    ("staff", words::GIVES_STAFF),
    ("first_received", words::GIVES_FIRST),
    ("ballot", words::GIVES_BALLOT),
];

fn choose(name: &str, label: Text, ways: &[(&str, Text)], chosen: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label.get()) }
            select id=(name) name=(name) {
                @for (value, words) in ways {
                    option value=(value) selected[*value == chosen] { (words.get()) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_795_442_520_000; // 23 November 2026.

    fn typed(day: &str, time: &str) -> Typed {
        Typed {
            day: day.into(),
            time: time.into(),
            zone: "Europe/London".into(),
            ..Typed::default()
        }
    }

    #[test]
    fn a_day_needs_a_time_and_neither_is_by_arrangement() {
        assert_eq!(typed("", " ").start(NOW), Ok(None));
        assert_eq!(typed("2026-12-01", "").start(NOW).unwrap_err().0, "time");
        assert_eq!(typed("", "14:00").start(NOW).unwrap_err().0, "day");
        assert_eq!(
            typed("2026-11-01", "14:00").start(NOW).unwrap_err().0,
            "day"
        );
        assert!(typed("2026-12-01", "14:00").start(NOW).unwrap().is_some());
    }

    #[test]
    fn a_repeat_says_how_many_or_until_when_and_never_both() {
        let repeats = |times: &str, until: &str| Typed {
            repeat: "2".into(),
            repeat_times: times.into(),
            repeat_until: until.into(),
            ..typed("2026-12-01", "14:00")
        };
        assert_eq!(repeats("3", "").starts(NOW).unwrap().len(), 3);
        assert_eq!(repeats("", "2026-12-15").starts(NOW).unwrap().len(), 2);
        for (times, until) in [
            ("", ""),
            ("3", "2026-12-15"),
            ("0", ""),
            ("99", ""),
            ("x", ""),
        ] {
            let wrong = repeats(times, until).starts(NOW).unwrap_err();
            assert_eq!(wrong.0, "repeat_times", "{times:?} {until:?}");
        }
    }

    #[test]
    fn a_draw_is_before_its_session_and_as_long_before_in_each_of_a_repeat() {
        let draws = |day: &str, repeat: &str| Typed {
            gives: "ballot".into(),
            ballot_day: day.into(),
            ballot_time: "09:00".into(),
            repeat: repeat.into(),
            repeat_times: "2".into(),
            ..typed("2027-03-23", "14:00")
        };
        let id = || SessionId(uuid::Uuid::nil());
        let all = draws("2027-03-22", "1").added(NOW, id).unwrap();
        let at: Vec<_> = all.iter().map(|it| it.ballot_at.map(rfc3339)).collect();
        // The clocks go forward between the two.
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            at,
            [
                some("2027-03-22T09:00:00.000Z"),
                some("2027-03-29T08:00:00.000Z")
            ]
        );
        for late in ["2027-03-24", "2026-11-01", "", "soon"] {
            assert_eq!(
                draws(late, "0").added(NOW, id).unwrap_err().0,
                "ballot_day",
                "{late}"
            );
        }
    }

    #[test]
    fn a_link_is_to_a_website_that_nobody_can_listen_to_or_words() {
        let with = |link: &str| Typed {
            link: link.into(),
            ..Typed::default()
        };
        for fine in ["", "https://meet.example/1 Code 123", "Ring 01632 960 001"] {
            assert!(with(fine).details().is_ok(), "{fine}");
        }
        for odd in [
            "http://meet.example",
            "javascript:alert(1)",
            " data:text/html,x",
        ] {
            assert_eq!(with(odd).details().unwrap_err().0, "link", "{odd}");
        }
    }
}
