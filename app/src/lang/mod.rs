//! Everything a person reads, by key. Components hold no words: they name a [`Text`].
//!
//! The English texts are in `en.rs`, one file for members and staff. A text that is not used by a
//! target is not compiled into it, so staff words cost phones nothing.

pub mod en;

use crate::domain::refusal::Refusal;

/// One text: its key (by which the coproduction group will change it) and the built-in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// `screen.name`.
    pub key: &'static str,
    /// The built-in words; `{name}` marks a gap.
    pub words: &'static str,
}

impl Text {
    /// The words as they are.
    pub fn get(self) -> &'static str {
        self.words
    }

    /// The words with each `{name}` filled in.
    pub fn fill(self, gaps: &[(&str, &str)]) -> String {
        gaps.iter()
            .fold(self.words.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    }
}

/// What a person reads when a command is refused.
pub fn refusal(why: Refusal) -> Text {
    match why {
        Refusal::Malformed => en::REFUSED_MALFORMED,
        Refusal::IdReused => en::REFUSED_ID_REUSED,
        Refusal::TooLarge => en::REFUSED_TOO_LARGE,
        Refusal::NotYours => en::REFUSED_NOT_YOURS,
        Refusal::NoSuchSession => en::REFUSED_NO_SUCH_SESSION,
        Refusal::SessionClosed => en::REFUSED_SESSION_CLOSED,
        Refusal::AlreadySignedUp => en::REFUSED_ALREADY_SIGNED_UP,
        Refusal::NoOffer => en::REFUSED_NO_OFFER,
        Refusal::NotYourTeam => en::REFUSED_NOT_YOUR_TEAM,
        Refusal::ConsentNeeded => en::REFUSED_CONSENT_NEEDED,
    }
}

/// Declares texts: `NAME "screen.name" "Words";`.
#[macro_export]
macro_rules! texts {
    ($($name:ident $key:literal $words:literal;)*) => {$(
        #[doc = $words]
        pub const $name: $crate::lang::Text = $crate::lang::Text { key: $key, words: $words };
    )*

    /// Every text, for the checks that keys are unique and the words plain.
    pub const ALL: &[$crate::lang::Text] = &[$($name),*];
    };
}
