//! The screen in the place of all that the PIN locks: one field, and what can be done without it.

use super::pin::{ask_pin, secret};
use crate::{
    domain::pin,
    lang::en::pin as words,
    ui::{
        Ui,
        el::{Child, El, el, live},
        local::{PinAct, PinStatus},
        parts::{
            act::{ask, sure},
            help_large, main_heading, p, quiet_button, second_link, soft,
        },
    },
};
use leptos::prelude::*;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let said = RwSignal::new(None);
    let forgetting = RwSignal::new(false);
    el("div")
        .class("page")
        .with(main_heading(words::LOCKED))
        .with(live(move || {
            let status = ui.local.status.with(|status| status.pin.clone());
            ask_pin(
                ui,
                said,
                vec![secret("now", words::ENTER, status.numbers)],
                words::OPEN,
                |typed| {
                    Ok(PinAct::Open(pin::plain(
                        &typed.get("now").unwrap_or_default(),
                    )))
                },
            )
            .when(said.get().is_none().then(|| wait(ui, &status)).flatten())
        }))
        .with(help_large())
        .with(second_link("/take-part", words::LOOK))
        .with(live(move || {
            waits(ui.local.status.with(|status| status.pin.waits))
        }))
        .with(live(move || {
            if forgetting.get() {
                forgotten(ui, forgetting)
            } else {
                quiet_button(words::FORGOT, move || forgetting.set(true)).key("ask")
            }
        }))
}

/// When the next try may be made, from a start on.
fn wait(ui: Ui, status: &PinStatus) -> Option<El> {
    let time = ui.local.phone()?.say_time(status.next_at?);
    Some(p(words::WAIT_UNDER.fill(&[("time", &time)])))
}

fn waits(count: usize) -> El {
    let words: Child = match count {
        0 => words::ANSWERS_WAIT.into(),
        1 => words::WAITS_ONE.into(),
        many => words::WAITS_MANY
            .fill(&[("count", &many.to_string())])
            .into(),
    };
    soft(words)
}

fn forgotten(ui: Ui, forgetting: RwSignal<bool>) -> El {
    el("div")
        .key("forgotten")
        .class("group")
        .with(p(words::FORGET_ONE))
        .with(p(words::FORGET_TWO))
        .with(p(words::FORGET_THREE))
        .with(sure(
            [words::FORGOT_SURE, words::FORGOT_YES, words::FORGOT_NO],
            move || forgetting.set(false),
            move || ask(ui, |phone| phone.pin(PinAct::Forget)),
        ))
}
