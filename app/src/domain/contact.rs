//! How to reach a person, if they want to be reached.

use super::text;
use serde::{Deserialize, Serialize};

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactBy {
    /// A voice call.
    Phone,
    /// A text message.
    Text,
    /// An email.
    Email,
    /// Through the person's worker.
    Worker,
}

/// How to reach a person: the way, the number, address or worker's name, and whether a message can be left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The way.
    pub by: ContactBy,
    /// A number, an address, or a worker's name, as typed.
    pub value: String,
    /// Whether it is safe to leave a message there.
    #[serde(default)]
    pub safe_to_leave_message: bool,
}

impl Contact {
    /// Whether the value is there and of a length that a person would type.
    pub fn is_well_formed(&self) -> bool {
        !self.value.trim().is_empty() && text::fits(Some(&self.value), text::SHORT)
    }
}
