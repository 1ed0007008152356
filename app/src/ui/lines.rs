//! Help lines in words, the same on phones and where staff see how members see them; and the lines that
//! every build carries.

use super::when;
use crate::{
    domain::help_line::{HelpLine, LineKind},
    lang::{Text, en::help_now as words},
};

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its heading: the label with the number.
    pub title: String,
    /// What is good to know about it, in short sentences.
    pub about: String,
    /// When it was checked, in words.
    pub checked: Option<String>,
    /// Where its button leads: `tel:` or `sms:` and digits.
    pub href: String,
    /// What the button says.
    pub action: Text,
    /// What the button says on its own: "Ring Samaritans".
    pub named: String,
}

/// How a line is shown.
pub fn shown(line: &HelpLine) -> Shown {
    let (scheme, action, named) = match line.kind {
        LineKind::Call => ("tel:", words::RING, words::RING_WHO),
        LineKind::Text => ("sms:", words::TEXT, words::TEXT_WHO),
    };
    let about = [
        Some(&line.hours),
        Some(&line.cost),
        line.on_bills.as_ref(),
        line.area.as_ref(),
        line.nation.as_ref(),
    ];
    let about: Vec<&str> = about.into_iter().flatten().map(String::as_str).collect();
    Shown {
        title: title(line),
        about: sentences(&about),
        checked: (line.checked_on.as_deref())
            .map(|day| words::CHECKED.fill(&[("date", &when::date(day))])),
        href: scheme.to_owned() + &line.dialled(),
        action,
        named: named.fill(&[("label", &line.label)]),
    }
}

/// The label with its number, unless the label says it already. A number never breaks over two lines.
fn title(line: &HelpLine) -> String {
    if line.label.contains(&line.number) {
        line.label.clone()
    } else {
        let number = line.number.replace(' ', "\u{a0}");
        [line.label.as_str(), &number].join(" ")
    }
}

/// Short facts as short sentences.
fn sentences(parts: &[&str]) -> String {
    let trimmed = parts.iter().map(|part| part.trim_end_matches('.'));
    let filled: Vec<&str> = trimmed.filter(|part| !part.is_empty()).collect();
    filled.join(". ") + "."
}

/// For a phone that never synced, and where nobody has written any: the nation's lines.
pub fn built_in() -> Vec<HelpLine> {
    let line =
        |label: Text, number: &str, kind, hours: Text, free: bool, area: Option<Text>| HelpLine {
            label: label.get().to_owned(),
            number: number.to_owned(),
            kind,
            hours: hours.get().to_owned(),
            cost: words::FREE.get().to_owned(),
            on_bills: free.then(|| words::NOT_ON_BILLS.get().to_owned()),
            area: None,
            nation: area.map(|area| area.get().to_owned()),
            checked_on: None,
            order: 0,
        };
    use LineKind::{Call, Text as Sms};
    let always = words::DAY_AND_NIGHT;
    vec![
        line(words::LABEL_999, "999", Call, words::HOURS_999, false, None),
        line(
            words::LABEL_111,
            "111",
            Call,
            words::HOURS_111,
            false,
            Some(words::WHERE_111),
        ),
        line(
            words::LABEL_LIFELINE,
            "0808 808 8000",
            Call,
            always,
            true,
            Some(words::WHERE_LIFELINE),
        ),
        line(words::LABEL_SAMARITANS, "116 123", Call, always, true, None),
        line(words::LABEL_SHOUT, "85258", Sms, always, true, None),
        line(
            words::LABEL_REFUGE,
            "0808 2000 247",
            Call,
            always,
            true,
            None,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_lines_are_those_that_every_phone_must_have() {
        let numbers: Vec<String> = built_in().into_iter().map(|line| line.number).collect();
        for number in [
            "999",
            "111",
            "0808 808 8000",
            "116 123",
            "85258",
            "0808 2000 247",
        ] {
            assert!(numbers.iter().any(|found| found == number), "{number}");
        }
    }

    #[test]
    fn a_line_says_its_number_once() {
        let mut line = built_in().remove(3);
        assert_eq!(title(&line), "Samaritans 116 123");
        line.label = "Harbour duty line".into();
        assert_eq!(title(&line), "Harbour duty line 116\u{a0}123");
    }

    #[test]
    fn facts_about_a_line_are_short_sentences() {
        assert_eq!(
            sentences(&["Day and night.", "", "Free"]),
            "Day and night. Free."
        );
    }
}
