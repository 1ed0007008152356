//! The full notice: what is kept, where, why, who sees it, and what a person can do.

use crate::{
    lang::{
        Text,
        en::{join, notice as words},
    },
    ui::{
        el::{El, el},
        parts::{heading, main_link, p, page as screen},
    },
};

/// The screen.
pub(crate) fn page() -> El {
    let sections: [(Text, &[Text]); 5] = [
        (
            words::PHONE,
            &[words::PHONE_ONE, words::PHONE_TWO, words::PHONE_THREE],
        ),
        (
            words::SENT,
            &[words::SENT_ONE, words::SENT_TWO, words::SENT_THREE],
        ),
        (
            words::WHO,
            &[words::WHO_ONE, words::WHO_TWO, words::WHO_THREE],
        ),
        (words::HURT, &[words::HURT_UNDER, words::HURT_NOTE]),
        (
            words::YOURS,
            &[
                words::YOURS_ONE,
                words::YOURS_TWO,
                words::YOURS_THREE,
                words::YOURS_FOUR,
            ],
        ),
    ];
    screen(words::TITLE)
        .with(p(words::INTRO))
        .each(sections.into_iter().flat_map(|(title, points)| {
            let points = points.iter().map(|point| el("li").with(*point));
            [heading(title), el("ul").class("points").each(points)]
        }))
        .with(heading(words::AGE))
        .with(p(join::AGE))
        .with(main_link("/join", join::TITLE))
}
