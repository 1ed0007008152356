//! The story that is told of something: its exact words, the member's yes to them, and taking it down in two taps.

use super::{
    one::{Open, Screen, submit},
    typed, waiting,
};
use crate::{
    domain::{
        command::Command,
        experience::{
            Experience, MayUse, Says,
            story::{Story, StoryState},
        },
        id::StoryId,
    },
    lang::en::experience as words,
    ui::{
        el::{El, el},
        local::{Seen, Sent},
        parts::{
            act::{ask, sure},
            card, field,
            form::{Fields, form_of},
            heading, p, quiet_button, second_link, soft, ticked,
        },
    },
};
use leptos::prelude::*;

/// How the story stands, with its words.
pub(super) fn section(it: Screen, seen: &Seen<Story>, of: &Experience) -> El {
    let one = &seen.body;
    let section = el("section").class("group").with(heading(words::STORY));
    let waits = matches!(seen.sent, Sent::NotYet(_) | Sent::Sending(_));
    match one.state {
        StoryState::TakenDown if waits => section.with(p(words::STORY_GOING_DOWN)),
        StoryState::TakenDown => section.with(p(words::STORY_GONE)),
        StoryState::Proposed => section
            .with(p(words::STORY_WHAT))
            .with(shown(one))
            .with(checked(one))
            .with(yes(it, seen, of))
            .with(down(it, seen)),
        StoryState::Approved => section
            .with(if waits {
                el("div").when(waiting(it.ui, seen.sent, words::STORY_WAITS, false))
            } else {
                ticked(words::STORY_SAID_YES)
            })
            .with(shown(one))
            .with(checked(one))
            .with(down(it, seen)),
        StoryState::Published => section
            .with(ticked(words::STORY_UP))
            .with(second_link(
                ["/stories/", &seen.id.to_string()].concat(),
                words::STORY_SEE,
            ))
            .with(shown(one))
            .with(down(it, seen)),
    }
}

/// The exact words, and the name.
fn shown(it: &Story) -> El {
    let name = match &it.name {
        Some(name) => words::STORY_NAME.fill(&[("name", name)]),
        None => words::STORY_NO_NAME.get().to_owned(),
    };
    let name = (it.state != StoryState::Proposed).then(|| soft(name));
    card()
        .with(typed(it.text.clone().unwrap_or_default()).class("typed said"))
        .when(name)
}

fn checked(it: &Story) -> El {
    soft(if it.checked {
        words::STORY_CHECKED
    } else {
        words::STORY_UNCHECKED
    })
}

/// The yes to exactly these words, with a name where one may be shown.
fn yes(it: Screen, seen: &Seen<Story>, of: &Experience) -> El {
    let (ui, id, version) = (it.ui, StoryId(seen.id), seen.body.version);
    let is_named = of.may_use == Some(MayUse::PublicNamed);
    let name = [("name".to_owned(), of.name.clone().unwrap_or_default())];
    el("form")
        .key(version.to_string())
        .attr("method", "dialog")
        .attr("autocomplete", "off")
        .when(is_named.then(|| field::short("name", words::STORY_NAME_FIELD)))
        .with(submit(words::STORY_YES))
        .on("submit", move |event| {
            event.prevent_default();
            let Some(form) = form_of(&event) else { return };
            let name = Fields::of(&form, &["name"]).get("name");
            let said = Command::from(Says::Approve(id, version, name));
            ask(ui, |phone| phone.send(said, None));
        })
        .filled(&name)
}

/// Two taps: one asks, the other does it.
fn down(it: Screen, seen: &Seen<Story>) -> El {
    let (ui, id) = (it.ui, StoryId(seen.id));
    let asks = it.open.get() == Some(Open::TakeDown);
    let is_up = seen.body.state == StoryState::Published;
    if !asks {
        let label = if is_up {
            words::STORY_DOWN
        } else {
            words::STORY_NO
        };
        return quiet_button(label, move || it.open.set(Some(Open::TakeDown))).key("down");
    }
    let question = if is_up {
        [
            words::STORY_DOWN_SURE,
            words::STORY_DOWN_YES,
            words::STORY_DOWN_NO,
        ]
    } else {
        [
            words::STORY_NO_SURE,
            words::STORY_NO_YES,
            words::STORY_NO_NO,
        ]
    };
    sure(
        question,
        move || it.open.set(None),
        move || {
            let down = Command::from(Says::TakeDown(id));
            ask(ui, |phone| phone.send(down, None));
        },
    )
}
