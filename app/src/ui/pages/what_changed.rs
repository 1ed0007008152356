//! What changed. Nothing is published yet, and the screen says so.

use crate::{
    lang::en::{tab, take_part, what_changed as words},
    ui::{
        el::El,
        parts::{empty, page as screen, second_link, soft},
    },
};

/// The screen.
pub(crate) fn page() -> El {
    screen(tab::WHAT_CHANGED)
        .with(soft(words::INTRO))
        .with(empty(words::EMPTY).with(second_link("/take-part", take_part::SEE_ALL)))
}
