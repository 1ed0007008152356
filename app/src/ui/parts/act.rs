//! What a press asks of the phone, and the small question before what cannot be undone.

use super::{button, p};
use crate::{
    lang::Text,
    ui::{
        Ui,
        el::{El, el},
        local::{Answer, Phone},
    },
};
use leptos::{prelude::Set, task::spawn_local};
use std::pin::Pin;

/// Asks the phone, and says it if the phone could not.
pub(crate) fn ask<T: 'static>(ui: Ui, what: impl FnOnce(&dyn Phone) -> Answer<T>) {
    ask_then(ui, what, |_| {});
}

/// Runs to its end. One kind of future for the whole app: each kind would be compiled anew.
pub(crate) fn run(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    spawn_local(work);
}

/// Asks the phone, and goes on once it is durable.
pub(crate) fn ask_then<T: 'static>(
    ui: Ui,
    what: impl FnOnce(&dyn Phone) -> Answer<T>,
    then: impl FnOnce(T) + 'static,
) {
    let Some(phone) = ui.local.phone() else {
        return;
    };
    wait(ui, what(&*phone), Box::new(then));
}

/// One kind of future for each kind of answer, not for each press.
pub(crate) fn wait<T: 'static>(ui: Ui, answer: Answer<T>, then: Box<dyn FnOnce(T)>) {
    run(async move {
        match answer.await {
            Ok(done) => {
                // What it could not do before is no news any more.
                ui.trouble.set(None);
                then(done);
            }
            Err(problem) => ui.say(problem),
        }
    });
}

/// A question with a yes and a no, both said in full. `done` puts the question away again.
pub(crate) fn sure(
    [question, yes, no]: [Text; 3],
    done: impl Fn() + Copy + Send + 'static,
    act: impl Fn() + Send + 'static,
) -> El {
    el("div")
        .key("sure")
        .class("card outline")
        .attr("role", "group")
        .attr("aria-label", question)
        .with(p(question))
        .with(button(yes, move || {
            done();
            act();
        }))
        .with(button(no, done))
}
