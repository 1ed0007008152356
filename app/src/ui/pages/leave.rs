//! Leave: the one way off this phone. What is not sent yet is counted, and the person says what
//! becomes of it; then their things go, and nobody else's.

use super::phones;
use crate::{
    lang::en::leave as words,
    ui::{
        Ui,
        el::{El, el, live},
        local::PhoneStatus,
        parts::{
            act::{ask, sure},
            button, card, heading, link,
            load::whenever,
            p, page as screen, quiet_button, second_link, soft, unsent_card,
        },
    },
};
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// What becomes of what is not sent?
    Ask,
    /// It is being sent.
    Sending,
    /// Sure? What is not sent is kept, or not.
    Sure { keep: bool },
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let step = RwSignal::new(Step::Ask);
    whenever(move || {
        // All have their outcome: on to the next question.
        let sent = ui.local.status.with(|status| status.unsent == 0);
        if step.get() == Step::Sending && sent {
            step.set(Step::Ask);
        }
    });
    screen(words::TITLE).with(live(move || {
        let status = ui.local.status.get();
        if status.member.is_none() {
            nobody(ui, &status)
        } else {
            joined(ui, &status, step)
        }
    }))
}

fn nobody(ui: Ui, status: &PhoneStatus) -> El {
    el("div")
        .key("nobody")
        .class("group")
        .when(status.cleared.then(|| phones::was_cleared(ui)))
        .with(p(words::NOBODY))
        .with(second_link("/", crate::lang::en::check_in::TO_TODAY))
        .with(second_link("/join", crate::lang::en::join::TITLE))
}

fn joined(ui: Ui, status: &PhoneStatus, step: RwSignal<Step>) -> El {
    let about = el("div")
        .key("joined")
        .class("group")
        .with(p(words::WHAT))
        .with(p(words::GONE))
        .with(p(words::SENT_STAYS))
        .with(p(words::COMING_BACK))
        .with(link("/my-phone/phones", crate::lang::en::phones::ADD));
    about.with(match step.get() {
        Step::Ask if status.unsent + status.begun > 0 => choices(status, step),
        Step::Ask => button(words::LEAVE, move || step.set(Step::Sure { keep: false })).key("ask"),
        Step::Sending => sending(ui, status, step),
        Step::Sure { keep } => {
            let question = if keep {
                [words::KEEP_SURE, words::KEEP_YES, words::NO]
            } else {
                [words::SURE, words::YES, words::NO]
            };
            sure(
                question,
                move || step.set(Step::Ask),
                move || ask(ui, move |phone| phone.leave(keep)),
            )
        }
    })
}

/// How many things are not sent, and what may become of them.
fn choices(status: &PhoneStatus, step: RwSignal<Step>) -> El {
    let count = |count: usize, one, many: crate::lang::Text| match count {
        0 => None,
        1 => Some(p(one)),
        count => Some(p(many.fill(&[("count", &count.to_string())]))),
    };
    el("div")
        .key("choices")
        .class("group")
        .with(heading(words::CHOOSE))
        .with(
            unsent_card()
                .when(count(status.unsent, words::UNSENT_ONE, words::UNSENT_MANY))
                .when(count(status.begun, words::BEGUN_ONE, words::BEGUN_MANY)),
        )
        .when((status.unsent > 0).then(|| {
            card()
                .with(button(words::SEND, move || step.set(Step::Sending)))
                .with(soft(words::SEND_UNDER))
        }))
        .with(
            card()
                .with(button(words::KEEP, move || {
                    step.set(Step::Sure { keep: true });
                }))
                .with(soft(words::KEEP_UNDER)),
        )
        .with(
            card()
                .with(button(words::DELETE, move || {
                    step.set(Step::Sure { keep: false });
                }))
                .with(soft(words::DELETE_UNDER)),
        )
}

fn sending(ui: Ui, status: &PhoneStatus, step: RwSignal<Step>) -> El {
    let left = words::SENDING.fill(&[("count", &status.unsent.to_string())]);
    card()
        .key("sending")
        .with(el("p").attr("role", "status").with(left))
        .with(soft(words::SENDING_UNDER))
        .with(button(words::SEND_AGAIN, move || {
            if let Some(phone) = ui.local.phone() {
                phone.sync_now();
            }
        }))
        .with(quiet_button(words::OTHER, move || step.set(Step::Ask)))
}
