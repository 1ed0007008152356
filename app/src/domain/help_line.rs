//! Help lines: who is there now. The built-in set serves a phone that never synced.

use serde::Serialize;

crate::words! {
    /// Whether a line is rung or texted.
    pub enum LineKind {
        /// Ring it.
        Call "call",
        /// Text it.
        Text "text",
    }
}

/// The most characters of a line's number.
pub const LONGEST_NUMBER: usize = 30;

/// The `help_line` record, public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HelpLine {
    /// What it is, "Samaritans".
    pub label: String,
    /// The number as shown.
    pub number: String,
    /// Ring or text.
    pub kind: LineKind,
    /// When it answers.
    pub hours: String,
    /// What it costs.
    pub cost: String,
    /// Whether it shows on bills: in words.
    pub on_bills: Option<String>,
    /// Where it serves: "Harbour", none for everywhere.
    pub area: Option<String>,
    /// The nation it serves; none for all.
    pub nation: Option<String>,
    /// The day someone checked it, `2026-11-01`.
    pub checked_on: Option<String>,
    /// Local lines first: lower stands first.
    pub order: i32,
}

crate::reads_json!(HelpLine {
    label,
    number,
    kind,
    hours,
    cost,
    on_bills,
    area,
    nation,
    checked_on,
    order
});

impl HelpLine {
    /// What is dialled: the number's digits, and a plus before them. Nothing else that stands in a
    /// number ever reaches the phone's dialler, where a star or a hash would be an order to the network.
    pub fn dialled(&self) -> String {
        let mut dialled = String::new();
        for c in self.number.chars() {
            if c.is_ascii_digit() || (c == '+' && dialled.is_empty()) {
                dialled.push(c);
            }
        }
        dialled
    }
}

/// Whether this can be a line's number: digits and spaces, perhaps a plus before them, and at least
/// three digits.
pub fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    text.len() <= LONGEST_NUMBER
        && digits.bytes().filter(u8::is_ascii_digit).count() >= 3
        && digits.bytes().all(|b| b == b' ' || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_and_spaces_with_perhaps_a_plus_before_them() {
        for number in ["999", "116 123", "0808 2000 247", "+44 1632 960 111"] {
            assert!(is_number(number), "{number}");
        }
        for other in [
            "",
            "99",
            "+",
            "*#06#",
            "tel:999",
            "0808 2000 247,,2",
            "999;phone-context=x",
            "44+1632",
            "javascript:alert(1)",
            "٩٩٩",
            "1234567890123456789012345678901",
        ] {
            assert!(!is_number(other), "{other}");
        }
    }

    #[test]
    fn whatever_stands_in_a_record_only_digits_are_dialled() {
        let line = |number: &str| HelpLine {
            label: "A line".into(),
            number: number.into(),
            kind: LineKind::Call,
            hours: String::new(),
            cost: String::new(),
            on_bills: None,
            area: None,
            nation: None,
            checked_on: None,
            order: 0,
        };
        for (number, dialled) in [
            ("0808 2000 247", "08082000247"),
            ("+44 1632 960111", "+441632960111"),
            ("*21*01632960111#", "2101632960111"),
            ("1+1", "11"),
            ("javascript:alert(1)", "1"),
        ] {
            assert_eq!(line(number).dialled(), dialled);
        }
    }
}
