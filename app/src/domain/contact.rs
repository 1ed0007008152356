//! How to reach a person, if they want to be reached.

use super::text;
use serde::Serialize;

crate::words! {
    /// A way to reach a person.
    pub enum ContactBy {
        /// A voice call.
        Phone "phone",
        /// A text message.
        Text "text",
        /// An email.
        Email "email",
        /// Through the person's worker.
        Worker "worker",
    }
}

/// How to reach a person: the way, the number, address or worker's name, and whether a message can be left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// The way.
    pub by: ContactBy,
    /// A number, an address, or a worker's name, as typed.
    pub value: String,
    /// Whether it is safe to leave a message there.
    pub safe_to_leave_message: bool,
}

crate::reads_json!(Contact {
    by,
    value,
    safe_to_leave_message
});

impl Contact {
    /// Whether the value is there and of a length that a person would type.
    pub fn is_well_formed(&self) -> bool {
        !self.value.trim().is_empty() && text::fits(Some(&self.value), text::SHORT)
    }
}
