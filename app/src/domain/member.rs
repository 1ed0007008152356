//! What a member wants to be called.

use super::{id::MemberId, text};
use serde::Serialize;

/// `member.rename`: from now on. It names who, so that nobody renames another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rename {
    /// Who.
    pub member: MemberId,
    /// The name; none for no name.
    pub name: Option<String>,
}

crate::reads_json!(Rename { member, name });

impl Rename {
    /// Whether the name is of the right length, and is not empty: that is what somebody is called who
    /// left.
    pub fn is_well_formed(&self) -> bool {
        let name = self.name.as_deref();
        text::fits(name, text::SHORT) && name.is_none_or(|name| !name.trim().is_empty())
    }
}

/// The `member` record, in the member's own scope. It comes with the first change of the name; until then
/// a phone knows the one that was given there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// What they want to be called, if they said.
    pub name: Option<String>,
}

crate::reads_json!(Named { name });

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_name_is_short_and_never_empty_and_none_is_an_answer() {
        let fits = |name: Option<&str>| {
            Rename {
                member: MemberId(Uuid::from_u128(1)),
                name: name.map(str::to_owned),
            }
            .is_well_formed()
        };
        assert!(fits(None) && fits(Some("Sam")));
        for name in ["", "  ", "a\u{7}", &"x".repeat(201)] {
            assert!(!fits(Some(name)), "{name:?}");
        }
    }
}
