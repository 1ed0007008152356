//! Help now. It opens for everyone, with no signal, and reads nothing of the person's own.

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
        parts::{
            heading, icon,
            load::{help_lines, records},
            p, page as screen, soft,
        },
    },
};

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let stored = records(ui, kind::HELP_LINE);
    screen(words::TITLE)
        .with(soft(words::UNDER))
        .with(live(move || {
            let mut lines = help_lines(ui, stored);
            if lines.is_empty() {
                lines = built_in();
            }
            el("ul").class("lines").each(lines.iter().map(line))
        }))
        .with(p(words::SIGNAL))
        .with(heading(words::CANT_SPEAK))
        .with(p(words::CANT_SPEAK_UNDER))
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
