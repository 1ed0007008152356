//! What would make taking part easier for somebody, kept for next time. It is asked once, offered again with
//! each sign-up, and is its member's alone: a sign-up has a copy of its own of what was said with it.

use super::{id::MemberId, refusal::Refusal, text};
use serde::Serialize;

/// The version of the question that is said yes to before anything is kept.
pub const CONSENT_VERSION: u32 = 1;

/// `member.needs`: from now on; what is said last stands. It names who, so that nobody writes for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeepNeeds {
    /// Who.
    pub member: MemberId,
    /// The words, at most [`text::LONG`] characters; none deletes what is kept.
    pub needs: Option<String>,
    /// With words: which version of the question was said yes to.
    pub consent: Option<u32>,
    /// Without words: whether the sign-ups that there are lose their copies too.
    pub sign_ups: bool,
}

crate::reads_json!(KeepNeeds {
    member,
    needs,
    consent,
    sign_ups
});

impl KeepNeeds {
    /// Keeps these words, as was said yes to.
    pub fn keep(member: MemberId, needs: String) -> Self {
        Self {
            member,
            needs: Some(needs),
            consent: Some(CONSENT_VERSION),
            sign_ups: false,
        }
    }

    /// Deletes what is kept, and with `sign_ups` also what sign-ups say of it.
    pub fn delete(member: MemberId, sign_ups: bool) -> Self {
        Self {
            member,
            needs: None,
            consent: None,
            sign_ups,
        }
    }

    /// Whether the words are of the right length and not empty, nothing is kept without a yes, and sign-ups
    /// lose their words only with what is kept: a later change never rewrites what somebody was told.
    pub fn is_well_formed(&self) -> bool {
        match &self.needs {
            Some(needs) => {
                text::fits(Some(needs), text::LONG)
                    && !needs.trim().is_empty()
                    && self.consent.is_some_and(|version| version > 0)
                    && !self.sign_ups
            }
            None => self.consent.is_none(),
        }
    }
}

/// The `needs` record, in the member's own scope; its id is the member's. It is there while something is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// The words; none where their deletion waits on the phone.
    pub needs: Option<String>,
}

crate::reads_json!(Needs { needs });

/// `member.needs`, decided.
///
/// # Errors
/// [`Refusal::NotYours`].
pub fn keep(member: MemberId, said: &KeepNeeds) -> Result<(), Refusal> {
    if said.member == member {
        Ok(())
    } else {
        Err(Refusal::NotYours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ME: MemberId = MemberId(Uuid::from_u128(1));

    #[test]
    fn nothing_is_kept_without_words_and_a_yes() {
        let kept = KeepNeeds::keep(ME, "A quiet room".into());
        assert!(kept.is_well_formed());
        for consent in [None, Some(0)] {
            let asked = KeepNeeds {
                consent,
                ..kept.clone()
            };
            assert!(!asked.is_well_formed(), "{consent:?}");
        }
        for words in ["", " \n ", "a\u{7}", &"x".repeat(text::LONG + 1)] {
            assert!(
                !KeepNeeds::keep(ME, words.into()).is_well_formed(),
                "{words:?}"
            );
        }
        assert!(KeepNeeds::keep(ME, "x".repeat(text::LONG)).is_well_formed());
    }

    #[test]
    fn sign_ups_lose_their_words_only_where_what_is_kept_goes_too() {
        assert!(KeepNeeds::delete(ME, false).is_well_formed());
        assert!(KeepNeeds::delete(ME, true).is_well_formed());
        let both = KeepNeeds {
            sign_ups: true,
            ..KeepNeeds::keep(ME, "A quiet room".into())
        };
        assert!(!both.is_well_formed());
        let neither = KeepNeeds {
            consent: Some(1),
            ..KeepNeeds::delete(ME, false)
        };
        assert!(!neither.is_well_formed());
    }

    #[test]
    fn nobody_writes_for_another() {
        let said = KeepNeeds::keep(ME, "A quiet room".into());
        assert_eq!(keep(ME, &said), Ok(()));
        let other = MemberId(Uuid::from_u128(2));
        assert_eq!(keep(other, &said), Err(Refusal::NotYours));
        let gone = KeepNeeds::delete(ME, true);
        assert_eq!(keep(other, &gone), Err(Refusal::NotYours));
    }
}
