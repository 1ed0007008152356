//! Leave: the one way off this phone. What is not sent yet is counted, and the person says what
//! becomes of it; then their things go, and nobody else's.

use super::phones;
use crate::{
    lang::{
        Text,
        en::{going, leave as words},
    },
    ui::{
        Ui,
        el::{El, el, live},
        local::{LEFT, PhoneStatus},
        parts::{
            act::{ask, sure},
            button, card, heading, link,
            load::whenever,
            main_heading, p, quiet_button, second_link, soft, unsent_card,
        },
    },
};
use leptos::prelude::*;

/// Where the person is: none while it is asked what becomes of what is not sent, else one of these.
type Step = RwSignal<Option<String>>;

/// It is being sent.
const SENDING: &str = "sending";
/// Sure, with what is not sent kept?
const KEEP: &str = "keep";
/// Sure, with it deleted?
const DELETE: &str = "delete";

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let step: Step = RwSignal::new(None);
    whenever(move || {
        // All have their outcome: on to the next question.
        let sent = ui.local.status.with(|status| status.unsent == 0);
        if sent && step.get().as_deref() == Some(SENDING) {
            step.set(None);
        }
    });
    let title = move || {
        let why = ui.local.status.with(|status| status.cleared.clone());
        main_heading(if why.as_deref() == Some(LEFT) {
            going::GOODBYE
        } else {
            words::TITLE
        })
    };
    let page = el("div").class("page").with(live(title));
    page.with(live(move || {
        let status = ui.local.status.get();
        if status.member.is_none() {
            nobody(ui, &status)
        } else {
            joined(ui, &status, step)
        }
    }))
}

pub(super) fn nobody(ui: Ui, status: &PhoneStatus) -> El {
    el("div")
        .key("nobody")
        .class("group")
        .when((status.cleared.as_ref()).map(|why| phones::was_cleared(ui, why)))
        .with(p(words::NOBODY))
        .with(second_link("/", crate::lang::en::check_in::TO_TODAY))
        .with(second_link("/join", crate::lang::en::join::TITLE))
}

fn joined(ui: Ui, status: &PhoneStatus, step: Step) -> El {
    let about = el("div")
        .key("joined")
        .class("group")
        .with(p(words::WHAT))
        .with(p(words::GONE))
        .with(p(words::SENT_STAYS))
        .with(link("/my-phone/delete-shared", going::DELETE))
        .with(link("/my-phone/leave-chorus", going::LEAVE))
        .with(p(words::COMING_BACK))
        .with(link("/my-phone/phones", crate::lang::en::phones::ADD));
    let unsent = status.unsent + status.begun > 0;
    about.with(match step.get().as_deref() {
        None if unsent => choices(status, step),
        None => to(words::LEAVE, step, DELETE).key("ask"),
        Some(SENDING) => sending(ui, status, step),
        Some(how) => {
            let keep = how == KEEP;
            let question = if keep {
                [words::KEEP_SURE, words::KEEP_YES, words::NO]
            } else {
                [words::SURE, words::YES, words::NO]
            };
            sure(
                question,
                move || step.set(None),
                move || ask(ui, move |phone| phone.leave(keep)),
            )
        }
    })
}

/// A button that goes on to the next question.
fn to(words: Text, step: Step, next: &'static str) -> El {
    button(words, move || step.set(Some(next.to_owned())))
}

/// How many things are not sent.
pub(super) fn unsent(status: &PhoneStatus) -> El {
    let count = |count: usize, one, many: Text| match count {
        0 => None,
        1 => Some(p(one)),
        count => Some(p(many.fill(&[("count", &count.to_string())]))),
    };
    unsent_card()
        .when(count(status.unsent, words::UNSENT_ONE, words::UNSENT_MANY))
        .when(count(status.begun, words::BEGUN_ONE, words::BEGUN_MANY))
}

/// What may become of them.
fn choices(status: &PhoneStatus, step: Step) -> El {
    el("div")
        .key("choices")
        .class("group")
        .with(heading(words::CHOOSE))
        .with(unsent(status))
        .when((status.unsent > 0).then(|| {
            card()
                .with(to(words::SEND, step, SENDING))
                .with(soft(words::SEND_UNDER))
        }))
        .with(
            card()
                .with(to(words::KEEP, step, KEEP))
                .with(soft(words::KEEP_UNDER)),
        )
        .with(
            card()
                .with(to(words::DELETE, step, DELETE))
                .with(soft(words::DELETE_UNDER)),
        )
}

/// What waits is being sent.
pub(super) fn sending(ui: Ui, status: &PhoneStatus, step: Step) -> El {
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
        .with(quiet_button(words::OTHER, move || step.set(None)))
}
