//! Teams as their members see them.

use serde::Serialize;

/// The `team` record, in its members' scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Team {
    /// The team's name, "Harbour team".
    pub name: String,
    /// When it reads what is shared, in words: "Monday to Friday, 9 to 5".
    pub hours: String,
    /// Words of earlier servers for the next reading time; `reads` says more.
    pub next_read_at: Option<String>,
    /// How to ring the team.
    pub phone: Option<String>,
    /// The next times when it reads what is shared, each from and to as RFC 3339, soonest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<(String, String)>,
    /// The name of the team that covers for it, and so reads what is shared with it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

crate::reads_json!(Team {
    name,
    hours,
    next_read_at,
    phone,
    reads,
    cover
});
