//! Help now as a member sees it, in the words of the member's own screen. Its buttons ring nobody here.

use app::{
    domain::help_line::HelpLine,
    lang::en::{help_lines as words, help_now as member},
    ui::lines::shown,
};
use maud::{Markup, html};

/// The whole screen.
pub fn whole(lines: &[HelpLine]) -> Markup {
    html! {
        section.spaced aria-labelledby="preview" {
            h2 id="preview" { (words::PREVIEW.get()) }
            div.card.phone {
                p.phone-title { (member::TITLE.get()) }
                p.soft { (member::UNDER.get()) }
                @for line in lines { (one(line)) }
                p { (member::SIGNAL.get()) }
            }
        }
    }
}

/// One line of it.
pub fn one(line: &HelpLine) -> Markup {
    let it = shown(line);
    html! {
        div.phone-line {
            div {
                p { strong { (it.title) } }
                p.soft { (it.about) }
                @if let Some(checked) = it.checked { p.soft.small { (checked) } }
            }
            span.phone-button { (it.action.get()) }
        }
    }
}
