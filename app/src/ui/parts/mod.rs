//! Small parts that screens are put together from: plain arguments in, an element out.

pub(crate) mod act;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod frame;
pub(crate) mod icon;
pub(crate) mod load;
pub(crate) mod steps;
pub(crate) mod thread;

use super::el::{Child, El, Handler, Words, el};
use crate::lang::{Text, en};

/// A whole screen: its heading and what comes under it.
pub(crate) fn page(heading: impl Into<Child>) -> El {
    el("div").class("page").with(main_heading(heading))
}

/// The one heading of a screen; the reader is put here when the screen appears.
pub(crate) fn main_heading(words: impl Into<Child>) -> El {
    el("h1").attr("tabindex", "-1").with(words)
}

/// A heading within a screen.
pub(crate) fn heading(words: impl Into<Child>) -> El {
    el("h2").with(words)
}

/// A paragraph.
pub(crate) fn p(words: impl Into<Child>) -> El {
    el("p").with(words)
}

/// A paragraph of second importance.
pub(crate) fn soft(words: impl Into<Child>) -> El {
    p(words).class("soft")
}

/// A box with an edge.
pub(crate) fn card() -> El {
    el("div").class("card")
}

/// A card with the gold edge: not sent yet.
pub(crate) fn unsent_card() -> El {
    el("div").class("card unsent")
}

/// A link in words.
pub(crate) fn link(href: impl Into<Words>, words: impl Into<Child>) -> El {
    any_link(href.into(), words.into())
}

#[inline(never)]
fn any_link(href: Words, words: Child) -> El {
    el("a").attr("href", href).with(words)
}

/// A link that looks like the main button.
pub(crate) fn main_link(href: impl Into<Words>, words: impl Into<Child>) -> El {
    link(href, words).class("button main")
}

/// A link that looks like a second button.
pub(crate) fn second_link(href: impl Into<Words>, words: impl Into<Child>) -> El {
    link(href, words).class("button")
}

/// A button that does something at once.
pub(crate) fn button(words: impl Into<Child>, press: impl Fn() + Send + 'static) -> El {
    pressed("button", words.into(), Box::new(move |_| press()))
}

/// A button that reads as a link, for a small thing inside a card.
pub(crate) fn quiet_button(words: impl Into<Child>, press: impl Fn() + Send + 'static) -> El {
    pressed("quiet", words.into(), Box::new(move |_| press()))
}

// One for all buttons: each closure would make it anew.
#[inline(never)]
fn pressed(class: &'static str, words: Child, press: Handler) -> El {
    el("button")
        .attr("type", "button")
        .class(class)
        .with(words)
        .on("click", press)
}

/// Help now, large (rule 9).
pub(crate) fn help_large() -> El {
    el("div")
        .class("help-large")
        .with(link("/help-now", en::frame::HELP_NOW).class("button help"))
        .with(soft(en::frame::HELP_NOW_UNDER))
}

/// Beside every box for free text (rule 8).
pub(crate) fn nobody_watches(id: &'static str) -> El {
    el("p")
        .class("soft small")
        .attr("id", id)
        .with(en::frame::NOBODY_WATCHES)
        .with(Words::Borrowed(" "))
        .with(link("/help-now", en::frame::HELP_NOW))
}

/// A state with a tick: words and shape, never colour alone.
pub(crate) fn ticked(words: impl Into<Child>) -> El {
    el("p")
        .class("tag ticked")
        .with(icon::icon(icon::TICK))
        .with(el("span").with(words))
}

/// A screen with nothing to list yet: something kind.
pub(crate) fn empty(words: Text) -> El {
    card().with(p(words))
}

/// A term and what it means, for [`facts`].
pub(crate) fn fact(term: Text, words: impl Into<Child>) -> El {
    el("div")
        .with(el("dt").with(term))
        .with(el("dd").with(words))
}

/// A list of terms and what they mean.
pub(crate) fn facts(facts: impl IntoIterator<Item = El>) -> El {
    el("dl").class("facts").each(facts)
}
