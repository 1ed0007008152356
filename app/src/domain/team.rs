//! Teams as their members see them.

use serde::Serialize;

/// The `team` record, in its members' scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Team {
    /// The team's name, "Harbour team".
    pub name: String,
    /// When it reads what is shared, in words: "Monday to Friday, 9 to 5".
    pub hours: String,
    /// The next reading time, in words or RFC 3339, if the organisation set one.
    pub next_read_at: Option<String>,
    /// How to ring the team.
    pub phone: Option<String>,
}

crate::reads_json!(Team {
    name,
    hours,
    next_read_at,
    phone
});
