//! The full notice: what is kept, where, why, who sees it, and what a person can do.

use crate::{
    domain::{record::kind, retention::KeptFor},
    lang::{
        Text,
        en::{join, notice as words},
    },
    ui::{
        Ui,
        el::{El, el, live},
        parts::{
            heading,
            load::records,
            load::{Records, read},
            main_link, p, page as screen,
        },
    },
};
use leptos::prelude::*;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let kept_for = records(ui, kind::RETENTION);
    let sections: [(Text, &[Text]); 5] = [
        (
            words::PHONE,
            &[words::PHONE_ONE, words::PHONE_TWO, words::PHONE_THREE],
        ),
        (
            words::SENT,
            &[
                words::SENT_ONE,
                words::SENT_TWO,
                words::SENT_THREE,
                words::SENT_FOUR,
                words::SENT_GROUPS,
            ],
        ),
        (
            words::WHO,
            &[
                words::WHO_ONE,
                words::WHO_TWO,
                words::WHO_GROUPS,
                words::WHO_THREE,
            ],
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
        .with(heading(words::KEEP))
        .with(live(move || how_long(ui, kept_for)))
        .with(heading(words::AGE))
        .with(p(join::AGE))
        .with(main_link("/join", join::TITLE))
}

/// What the organisation says now, or said when this phone last heard of it; backups are the last line.
pub(super) fn kept_for(ui: Ui, records: Records) -> Vec<String> {
    let stored = records.with(|records| read::<KeptFor>(records.as_deref().unwrap_or_default()));
    match stored.into_iter().next() {
        Some(seen) => seen.body.lines,
        None => ui.local.page.with_value(|page| page.kept_for.clone()),
    }
}

fn how_long(ui: Ui, records: Records) -> El {
    let lines = kept_for(ui, records);
    let none = lines.is_empty().then(|| p(words::KEEP_ASK));
    let lines = lines.into_iter().map(|line| el("li").with(line));
    el("div")
        .with(el("ul").class("points").each(lines))
        .when(none)
}
