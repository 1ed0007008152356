//! The demo's help lines: local ones first (numbers that are set aside for stories), then the nation's.

use app::domain::help_line::{HelpLine, LineKind};

/// All of them, in order.
pub fn all() -> Vec<HelpLine> {
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
                checked_on: Some("2026-11-01".to_owned()),
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
