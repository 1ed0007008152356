//! The demo's help lines: local ones first (numbers that are set aside for stories), then the nation's.

use crate::{db::help_lines::Kept, error::Error};
use app::domain::help_line::{HelpLine, LineKind};
use jiff::{ToSpan, civil::Date};

/// All of them, in order. They were checked some weeks ago; one is to be checked again.
///
/// # Errors
/// `today` is no day.
pub fn all(today: &str) -> Result<Vec<Kept>, Error> {
    let no_day = |problem: jiff::Error| Error::Internal(format!("the demo's days: {problem}"));
    let today: Date = today.parse().map_err(no_day)?;
    let day = |away: i64| today.checked_add(away.days()).map_err(no_day);
    let (checked_on, soon, passed) = (day(-29)?, day(61)?, day(-1)?);
    let kept = |mut line: HelpLine| {
        let is_due = line.number == "01632 960 112";
        line.checked_on = Some(checked_on.to_string());
        Kept {
            line,
            checked_by: Some("Sam".to_owned()),
            check_by: Some(if is_due { passed } else { soon }.to_string()),
        }
    };
    Ok(lines().into_iter().map(kept).collect())
}

fn lines() -> Vec<HelpLine> {
    use LineKind::{Call, Text};
    let any_time = "Day and night";
    let free = "Free";
    let lines = [
        (
            "Harbour crisis line",
            "01632 960 111",
            Call,
            any_time,
            "A local call",
            Some("Harbour"),
        ),
        (
            "Harbour duty worker",
            "01632 960 112",
            Call,
            "Monday to Friday, 9 to 5",
            "A local call",
            Some("Harbour"),
        ),
        ("Life in danger", "999", Call, any_time, free, None),
        (
            "NHS, mental health option",
            "111",
            Call,
            any_time,
            free,
            None,
        ),
        ("Samaritans", "116 123", Call, any_time, free, None),
        ("Shout: text SHOUT", "85258", Text, any_time, free, None),
        (
            "Domestic abuse helpline",
            "0808 2000 247",
            Call,
            any_time,
            free,
            None,
        ),
        (
            "Lifeline (Northern Ireland)",
            "0808 808 8000",
            Call,
            any_time,
            free,
            None,
        ),
    ];
    lines
        .into_iter()
        .zip(1..)
        .map(
            |((label, number, kind, hours, cost, area), order)| HelpLine {
                label: label.to_owned(),
                number: number.to_owned(),
                kind,
                hours: hours.to_owned(),
                cost: cost.to_owned(),
                on_bills: on_bills(number).map(str::to_owned),
                area: area.map(str::to_owned),
                nation: number
                    .starts_with("0808 808")
                    .then(|| "Northern Ireland".to_owned()),
                checked_on: None,
                order,
            },
        )
        .collect()
}

fn on_bills(number: &str) -> Option<&'static str> {
    match number {
        "999" | "111" => None,
        local if local.starts_with("01632") => Some("May show on your bill"),
        _ => Some("Does not show on most bills"),
    }
}
