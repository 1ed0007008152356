//! Help now. It opens for everyone, with no signal. Of the person's own it shows only the lines of their plan that
//! they picked for it.

use crate::{
    domain::{
        help_line::{HelpLine, LineKind},
        record::kind,
    },
    lang::en::help_now as words,
    ui::{
        Ui,
        el::{El, el, live},
        lines::{built_in, shown},
        pages::my_plan::in_help_now,
        parts::{
            act::run,
            heading, icon,
            load::{help_lines, records, whenever},
            p, page as screen, soft,
        },
    },
};
use leptos::prelude::*;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let stored = records(ui, kind::HELP_LINE);
    let own = own_lines(ui);
    screen(words::TITLE)
        .with(soft(words::UNDER))
        .with(live(move || {
            let mut lines = help_lines(ui, stored);
            if lines.is_empty() {
                lines = built_in();
            }
            el("ul").class("lines").each(lines.iter().map(line))
        }))
        .with(live(move || in_help_now(&own.get())))
        .with(p(words::SIGNAL))
        .with(heading(words::CANT_SPEAK))
        .with(p(words::CANT_SPEAK_UNDER))
}

/// What the person picked of their plan, with each line's number after it. Whatever goes wrong with that, the rest
/// stands.
fn own_lines(ui: Ui) -> RwSignal<Vec<String>> {
    let own = RwSignal::new(Vec::new());
    whenever(move || {
        ui.local.changed.track();
        if let Some(phone) = ui.local.phone() {
            let shown = phone.aside("plan.shown", Vec::new());
            run(async move {
                if let Ok(lines) = shown.await {
                    drop(own.try_set(lines));
                }
            });
        }
    });
    own
}

fn line(line: &HelpLine) -> El {
    let it = shown(line);
    let picture = match line.kind {
        LineKind::Call => icon::PHONE,
        LineKind::Text => icon::SPEECH,
    };
    el("li")
        .class("card line")
        .with(
            el("div")
                .with(el("h2").with(it.title))
                .with(soft(it.about))
                .when(it.checked.map(|words| soft(words).class("soft small"))),
        )
        .with(
            el("a")
                .class("ring")
                .attr("href", it.href)
                .attr("aria-label", it.named)
                .with(icon::icon(picture))
                .with(el("span").with(it.action)),
        )
}
