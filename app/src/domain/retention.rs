//! How long the organisation keeps each kind of thing.

use serde::Serialize;

/// Days for each kind. The server lets go of what is older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Shared check-ins, once they have ended.
    pub check_in_days: u32,
    /// Sign-ups, after their session.
    pub sign_up_days: u32,
    /// What people write in groups, after it came.
    pub group_message_days: u32,
    /// What people say about our words, once it is decided or taken back.
    pub suggestion_days: u32,
    /// What people say about their experience, once it is closed or taken back.
    pub experience_days: u32,
    /// The lines of who read what.
    pub audit_days: u32,
}

/// The longest time that anything is kept.
pub const MOST_DAYS: u32 = 20 * 365;
/// The shortest for what people sent and wrote: less would take things from people who are still busy with them.
pub const LEAST_DAYS: u32 = 30;
/// The shortest for the audit log: the database itself lets nobody take a younger line away.
pub const LEAST_AUDIT_DAYS: u32 = 6 * 365;

impl Default for Retention {
    fn default() -> Self {
        Self {
            check_in_days: 365,
            sign_up_days: 2 * 365,
            group_message_days: 2 * 365,
            suggestion_days: 5 * 365,
            experience_days: 5 * 365,
            audit_days: LEAST_AUDIT_DAYS,
        }
    }
}

impl Retention {
    /// Whether an organisation may choose this.
    pub fn is_allowed(&self) -> bool {
        let people = LEAST_DAYS..=MOST_DAYS;
        people.contains(&self.check_in_days)
            && people.contains(&self.sign_up_days)
            && people.contains(&self.group_message_days)
            && people.contains(&self.suggestion_days)
            && people.contains(&self.experience_days)
            && (LEAST_AUDIT_DAYS..=MOST_DAYS).contains(&self.audit_days)
    }
}

/// The `retention` record, public: what members are told, in sentences, so that it is true offline too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KeptFor {
    /// One for each kind.
    pub lines: Vec<String>,
}

crate::reads_json!(KeptFor { lines });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_allowed_and_what_is_too_short_or_too_long_is_not() {
        let it = Retention::default();
        assert!(it.is_allowed());
        for wrong in [
            Retention {
                check_in_days: 29,
                ..it
            },
            Retention {
                sign_up_days: MOST_DAYS + 1,
                ..it
            },
            Retention {
                group_message_days: 7,
                ..it
            },
            Retention {
                audit_days: 365,
                ..it
            },
        ] {
            assert!(!wrong.is_allowed(), "{wrong:?}");
        }
    }
}
