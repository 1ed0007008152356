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
