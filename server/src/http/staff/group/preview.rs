//! A group as a member reads it.

use crate::http::staff::parts;
use app::{
    domain::group::Group,
    lang::{area_name, en::groups as words},
};
use maud::{Markup, html};

/// All that a member reads of it, in their order. What is not said is not there.
pub(super) fn card(group: &Group) -> Markup {
    let said = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let facts = [
        (words::PREVIEW_FOR, group.who_for.clone()),
        (words::PREVIEW_MEETS, group.meets.clone()),
        (words::PREVIEW_LEADS, group.led_by.clone()),
        (words::PREVIEW_BACKUP, group.backup.clone()),
        (words::PREVIEW_CAME, group.came_of_it.clone()),
        (words::PREVIEW_AGREE, said(&group.agreement.text)),
    ];
    html! {
        section.card.phone aria-label=(words::PREVIEW_TITLE.get()) {
            p.phone-title { (group.title) }
            p.soft { (area_name(group.area).get()) }
            @if group.does.is_empty() {
                p { (words::NO_WORDS.get()) }
            } @else {
                p { (parts::said(&group.does)) }
            }
            dl.facts {
                @for (name, value) in facts {
                    @if let Some(value) = value {
                        (parts::fact(name.get(), &html! { (parts::said(&value)) }))
                    }
                }
            }
        }
    }
}
