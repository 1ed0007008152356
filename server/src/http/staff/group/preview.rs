//! A group as a member reads it: in short on its page at the desk, and before a change goes out on the member's own
//! screen, on which nothing can be pressed.

use crate::{
    error::Error,
    http::{document, staff::parts},
    state::App,
};
use app::{
    domain::{
        group::{Group, GroupState},
        id::GroupId,
        opportunity::Raw,
    },
    lang::{area_name, en::groups as words},
    ui::local::PageData,
};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};

/// The member's screen with this group, under a banner. What is not shown yet is drawn as it will be.
///
/// # Errors
/// What drawing it says.
pub(super) async fn screen(
    app: &App,
    id: GroupId,
    mut group: Group,
    banner: &Markup,
) -> Result<Response, Error> {
    if group.state == GroupState::Draft {
        group.state = GroupState::Open;
    }
    let data = PageData {
        beside: Raw::of(&[(id.0, group)]),
        ..PageData::default()
    };
    let path = format!("/take-part/groups/{id}");
    let title = words::PREVIEW_TITLE.get();
    let page = document::preview(&app.assets, title, banner, &path, data).await?;
    Ok(Html(page.into_string()).into_response())
}

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
