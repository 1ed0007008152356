//! Put Chorus on the phone: the browser's own offer where there is one, and the steps in words.

use crate::{
    lang::{Text, en::install as words},
    ui::{
        Ui,
        el::{El, el, live},
        parts::{button, heading, p, page as screen, soft},
    },
};
use leptos::prelude::*;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let refused = RwSignal::new(false);
    screen(words::TITLE)
        .with(p(words::WHY))
        .with(live(move || offer(ui, refused)))
        .with(heading(words::ANDROID))
        .with(steps([
            words::ANDROID_ONE,
            words::ANDROID_TWO,
            words::ANDROID_THREE,
        ]))
        .with(heading(words::IPHONE))
        .with(steps([
            words::IPHONE_ONE,
            words::IPHONE_TWO,
            words::IPHONE_THREE,
        ]))
        .with(soft(words::SHARED))
}

fn offer(ui: Ui, refused: RwSignal<bool>) -> El {
    let press = move || {
        let shown = ui.local.phone().is_some_and(|phone| phone.install());
        refused.set(!shown);
    };
    let now = || button(words::NOW, press).class("button main");
    el("div")
        .attr("role", "status")
        .when((ui.open.get() && !refused.get()).then(now))
        .when(refused.get().then(|| p(words::NOT_OFFERED)))
}

fn steps(steps: [Text; 3]) -> El {
    el("ol")
        .class("numbered")
        .each(steps.map(|step| el("li").with(step)))
}
