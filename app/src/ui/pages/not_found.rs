//! An address that is no screen.

use crate::{
    lang::en,
    ui::{
        el::El,
        parts::{main_link, p, page as screen},
    },
};

/// The screen.
pub(crate) fn page() -> El {
    screen(en::not_found::TITLE)
        .with(p(en::not_found::UNDER))
        .with(main_link("/", en::check_in::TO_TODAY))
}
