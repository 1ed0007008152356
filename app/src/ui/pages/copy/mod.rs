//! A copy of everything: what is in it, saving it, and bringing one back. Works with no signal, and
//! before joining too.

mod back;
pub(super) mod markup;
mod readable;
mod save;

use crate::{
    copy::{
        make::{self, Who},
        schema::Copy,
    },
    lang::{
        Text,
        en::{copy as words, my_phone, needs, peer},
    },
    sync::outbox::Owner,
    ui::{
        Ui,
        el::{El, el, live},
        local::{Phone, PhoneStatus, Rows},
        parts::{
            card, empty, heading,
            load::{Loaded, load},
            p, page as screen, soft,
        },
    },
};
use leptos::prelude::*;

/// What came of a form, in words.
type Said = RwSignal<Option<String>>;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let rows = load(ui, |phone| phone.rows());
    let said: Said = RwSignal::new(None);
    let back = RwSignal::new(back::Step::Pick);
    screen(words::TITLE).with(live(move || {
        if !ui.open.get() {
            return el("div").key("closed").with(empty(my_phone::NEEDS_APP));
        }
        el("div")
            .key("open")
            .class("group")
            .with(p(words::WHAT))
            .with(holds(ui, rows))
            .with(save::form(ui, said, !back.with(back::Step::is_main)))
            .with(back::part(ui, back))
    }))
}

/// The owner of what is shown.
fn owner(status: &PhoneStatus) -> Owner {
    status.member.map_or(Owner::Local, Owner::Member)
}

/// The copy of these rows as it is now.
fn copy_of(ui: Ui, phone: &dyn Phone, rows: &Rows) -> Copy {
    let status = ui.local.status.get_untracked();
    let who = Who {
        owner: owner(&status),
        name: status.name,
        team: status.team.map(|(_, team)| team.name),
    };
    make::copy(rows, who, phone.now())
}

/// What is in it, counted.
fn holds(ui: Ui, rows: Loaded<Rows>) -> El {
    let copy = rows.with(|rows| {
        let phone = ui.local.phone()?;
        Some(copy_of(ui, &*phone, rows.as_ref()?))
    });
    let Some(copy) = copy else {
        return el("div").key("counting");
    };
    let lines = counted(&copy);
    let none = lines.is_empty() && copy.name.is_none() && copy.team.is_none();
    let you = (copy.name.is_some() || copy.team.is_some()).then(|| words::YOU.get().to_owned());
    let lines = lines.into_iter().chain(you);
    card()
        .key("holds")
        .with(heading(words::HOLDS))
        .when(none.then(|| p(words::NOTHING)))
        .with(
            el("ul")
                .class("points")
                .each(lines.map(|line| el("li").with(line))),
        )
        .with(soft(words::WHAT_NOT))
}

/// How many of each kind are in it; no line where there are none.
fn counted(copy: &Copy) -> Vec<String> {
    let shared = readable::check_ins(copy).len();
    let all = [
        (copy.needs.is_some()).then(|| needs::TITLE.get().to_owned()),
        (!copy.plans.is_empty() || !copy.shared_plans.is_empty())
            .then(|| words::PLAN.get().to_owned()),
        many(shared, words::CHECK_INS_ONE, words::CHECK_INS_MANY),
        many(
            copy.sign_ups.len(),
            words::SIGN_UPS_ONE,
            words::SIGN_UPS_MANY,
        ),
        many(copy.groups.len(), words::GROUPS_ONE, words::GROUPS_MANY),
        many(
            copy.suggestions.len() + copy.comments.len(),
            words::WORDS_ONE,
            words::WORDS_MANY,
        ),
        many(
            copy.experiences.len(),
            words::EXPERIENCES_ONE,
            words::EXPERIENCES_MANY,
        ),
        (copy.peer_asks.len() + copy.peer_messages.len() > 0).then(|| peer::TITLE.get().to_owned()),
        many(copy.drafts.len(), words::DRAFTS_ONE, words::DRAFTS_MANY),
        many(
            copy.given_back.len(),
            words::GIVEN_BACK_ONE,
            words::GIVEN_BACK_MANY,
        ),
        many(copy.waiting.len(), words::WAITING_ONE, words::WAITING_MANY),
    ];
    all.into_iter().flatten().collect()
}

/// "1 check-in", "3 check-ins"; nothing for none.
fn many(count: usize, one: Text, more: Text) -> Option<String> {
    match count {
        0 => None,
        1 => Some(one.get().to_owned()),
        count => Some(more.fill(&[("count", &count.to_string())])),
    }
}
