//! The safeguarding page's rules: what it says before an admin wrote anything, and when "checked on"
//! still holds. Pure: the day and the names are arguments.

use crate::db::safety::settings::{Checked, Procedure, Settings};
use app::lang::en::safety as words;

/// The procedure that stands until an admin writes the organisation's own.
pub fn built_in() -> Settings {
    let steps = [
        words::BUILT_IN_ONE,
        words::BUILT_IN_TWO,
        words::BUILT_IN_THREE,
        words::BUILT_IN_FOUR,
        words::BUILT_IN_FIVE,
        words::BUILT_IN_SIX,
    ];
    Settings {
        version: 0,
        procedure: Procedure {
            steps: steps.map(app::lang::Text::get).join("\n\n"),
            ..Procedure::default()
        },
        checked: None,
    }
}

/// The version after `old`. "Checked" is true of what was checked: a change without a new check ends it.
pub fn next(old: &Settings, procedure: Procedure, checked: Option<Checked>) -> Settings {
    let still = (old.procedure == procedure)
        .then(|| old.checked.clone())
        .flatten();
    Settings {
        version: old.version + 1,
        checked: checked.or(still),
        procedure,
    }
}

/// The paragraphs of plain text: parted by empty lines, with any line ends.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for line in text.lines().map(str::trim_end) {
        match all.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line);
            }
            _ => all.push(String::new()),
        }
    }
    all.retain(|paragraph| !paragraph.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(on: &str) -> Option<Checked> {
        Some(Checked {
            on: on.to_owned(),
            by: "Sam".to_owned(),
        })
    }

    fn old() -> Settings {
        Settings {
            version: 3,
            checked: checked("2026-11-01"),
            ..built_in()
        }
    }

    #[test]
    fn what_was_checked_stays_checked_until_it_is_changed() {
        let same = next(&old(), old().procedure, None);
        assert_eq!((same.version, same.checked), (4, checked("2026-11-01")));
        let mut other = old().procedure;
        other.lead.phone = Some("01632 960 200".to_owned());
        assert_eq!(next(&old(), other.clone(), None).checked, None);
        let today = next(&old(), other, checked("2026-11-25"));
        assert_eq!(today.checked, checked("2026-11-25"));
    }

    #[test]
    fn the_built_in_words_begin_with_what_saves_a_life_and_claim_no_check() {
        let first = built_in();
        let first_step = paragraphs(&first.procedure.steps).swap_remove(0);
        assert!(first_step.contains("999"));
        assert_eq!((first.version, first.checked), (0, None));
    }

    #[test]
    fn paragraphs_are_parted_by_empty_lines_of_any_kind() {
        let text = "One\r\ntwo\r\n\r\n \n\nThree\n";
        assert_eq!(paragraphs(text), ["One\ntwo", "Three"]);
        assert!(paragraphs(" \n").is_empty());
    }
}
