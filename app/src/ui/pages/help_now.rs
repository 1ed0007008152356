//! Help now. It opens for everyone, with no signal, and reads nothing of the person's own.

use crate::{
    domain::{
        help_line::{HelpLine, LineKind},
        record::kind,
    },
    lang::{Text, en::help_now as words},
    ui::{
        Ui,
        el::{El, Words, el, live},
        parts::{
            heading, icon,
            load::{help_lines, records},
            p, page as screen, soft,
        },
        when,
    },
};

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let stored = records(ui, kind::HELP_LINE);
    screen(words::TITLE)
        .with(soft(words::UNDER))
        .with(live(move || {
            let mut lines = help_lines(ui, stored);
            if lines.is_empty() {
                lines = built_in();
            }
            el("ul").class("lines").each(lines.iter().map(line))
        }))
        .with(p(words::SIGNAL))
        .with(heading(words::CANT_SPEAK))
        .with(p(words::CANT_SPEAK_UNDER))
}

fn line(line: &HelpLine) -> El {
    let (scheme, action, named, picture) = match line.kind {
        LineKind::Call => ("tel:", words::RING, words::RING_WHO, icon::PHONE),
        LineKind::Text => ("sms:", words::TEXT, words::TEXT_WHO, icon::SPEECH),
    };
    let dialled: String = line.number.split_whitespace().collect();
    let about = [
        Some(&line.hours),
        Some(&line.cost),
        line.on_bills.as_ref(),
        line.area.as_ref(),
        line.nation.as_ref(),
    ];
    let about: Vec<&str> = about.into_iter().flatten().map(String::as_str).collect();
    let checked = line.checked_on.as_deref().map(|day| {
        let day = when::date(day);
        soft(words::CHECKED.fill(&[("date", &day)])).class("soft small")
    });
    el("li")
        .class("card line")
        .with(
            el("div")
                .with(el("h2").with(title(line)))
                .with(soft(sentences(&about)))
                .when(checked),
        )
        .with(
            el("a")
                .class("ring")
                .attr("href", scheme.to_owned() + &dialled)
                .attr("aria-label", named.fill(&[("label", &line.label)]))
                .with(icon::icon(picture))
                .with(el("span").with(action)),
        )
}

/// The label with its number, unless the label says it already. A number never breaks over two lines.
fn title(line: &HelpLine) -> Words {
    if line.label.contains(&line.number) {
        line.label.clone().into()
    } else {
        let number = line.number.replace(' ', "\u{a0}");
        [line.label.as_str(), &number].join(" ").into()
    }
}

/// Short facts as short sentences.
fn sentences(parts: &[&str]) -> String {
    let trimmed = parts.iter().map(|part| part.trim_end_matches('.'));
    let filled: Vec<&str> = trimmed.filter(|part| !part.is_empty()).collect();
    filled.join(". ") + "."
}

/// For a phone that never synced: the nation's lines, which every build carries.
fn built_in() -> Vec<HelpLine> {
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
