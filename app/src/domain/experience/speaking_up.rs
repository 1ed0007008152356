//! Whom to turn to about somebody who works here: people whom an admin named, who are not of the member's team, and those
//! outside of the organisation. One public record, so that every phone has it with no signal.

use crate::domain::id::IndependentId;
use serde::Serialize;

/// Somebody whom an admin named to read what is about people who work here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Independent {
    /// Their id; not that of their account.
    pub id: IndependentId,
    /// Their name.
    pub name: String,
    /// What they do, and why they are independent.
    pub role: String,
    /// How to reach them without Chorus.
    pub reach: String,
}

crate::reads_json!(Independent {
    id,
    name,
    role,
    reach
});

crate::words! {
    /// What somebody outside is there for.
    pub enum LineKind {
        /// They take complaints.
        Complaints "complaints",
        /// They speak up with and for people.
        Advocacy "advocacy",
        /// They watch over services.
        Regulator "regulator",
    }
}

impl LineKind {
    /// All of them, in the order of the screen.
    pub const ALL: [Self; 3] = [Self::Complaints, Self::Advocacy, Self::Regulator];
}

/// Somebody to turn to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What for.
    pub kind: LineKind,
    /// Who they are.
    pub label: String,
    /// A number to ring; empty where there is none.
    pub number: String,
    /// An address to write to; empty where there is none.
    pub address: String,
    /// What is good to know.
    pub words: String,
}

crate::reads_json!(Line {
    kind,
    label,
    number,
    address,
    words
});

/// The `speaking_up` record, public.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SpeakingUp {
    /// Whom a member can pick to read what they say.
    pub people: Vec<Independent>,
    /// Those outside.
    pub lines: Vec<Line>,
}

crate::reads_json!(SpeakingUp { people, lines });
