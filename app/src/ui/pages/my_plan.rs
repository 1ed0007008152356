//! My plan. It is not there yet, and the screen says so and where help is now.

use crate::{
    lang::en::{my_plan as words, tab},
    ui::{
        el::El,
        parts::{card, help_large, p, page as screen, soft},
    },
};

/// The screen.
pub(crate) fn page() -> El {
    screen(tab::MY_PLAN)
        .with(card().with(p(words::EMPTY)).with(soft(words::NOTHING_KEPT)))
        .with(help_large())
}
