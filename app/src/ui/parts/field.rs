//! Fields: each has a label and says why it is asked. They work as plain HTML before any script.

use super::{nobody_watches, soft};
use crate::{
    lang::{Text, en},
    ui::el::{Child, El, Words, el},
};

/// A group of choices of which one is picked, or none.
pub(crate) fn choices(legend: impl Into<Child>, why: Option<Text>) -> El {
    el("fieldset")
        .with(el("legend").with(legend))
        .when(why.map(soft))
}

/// One choice: a radio button with its words in a box that is all tappable.
pub(crate) fn choice(name: &'static str, value: impl Into<Words>, words: impl Into<Child>) -> El {
    boxed("radio", name, value.into(), words.into(), false)
}

/// A box to tick.
pub(crate) fn tick(name: &'static str, words: impl Into<Child>) -> El {
    boxed("checkbox", name, "yes".into(), words.into(), false)
}

/// A box to tick that says which of several things was ticked.
pub(crate) fn tick_as(name: &'static str, value: impl Into<Words>, words: impl Into<Child>) -> El {
    boxed("checkbox", name, value.into(), words.into(), false)
}

/// A box that must be ticked: before the app has opened, the browser itself holds the form back.
pub(crate) fn must_tick(name: &'static str, words: impl Into<Child>) -> El {
    boxed("checkbox", name, "yes".into(), words.into(), true)
}

fn boxed(kind: &'static str, name: &'static str, value: Words, words: Child, required: bool) -> El {
    let input = el("input")
        .attr("type", kind)
        .attr("name", name)
        .attr("value", value.clone())
        .flag("required", required);
    // The key keeps what was picked with its own value when the list changes.
    el("label")
        .key(value)
        .class("choice")
        .with(input)
        .with(el("span").with(words))
}

/// A short answer.
pub(crate) fn short(name: &'static str, label: impl Into<Child>) -> El {
    let input = el("input")
        .attr("type", "text")
        .attr("name", name)
        .attr("maxlength", "200");
    el("label")
        .class("field")
        .with(el("span").class("label").with(label))
        .with(input)
}

/// A long answer, which nobody watches for emergencies (rule 8).
pub(crate) fn long(name: &'static str, label: impl Into<Child>, watch_id: &'static str) -> El {
    let area = el("textarea")
        .attr("name", name)
        .attr("rows", "3")
        .attr("maxlength", "4000")
        .attr("aria-describedby", watch_id);
    el("div")
        .class("field")
        .with(
            el("label")
                .with(el("span").class("label").with(label))
                .with(area),
        )
        .with(nobody_watches(watch_id))
}

/// A value that the form carries unseen.
pub(crate) fn hidden(name: &'static str, value: impl Into<Words>) -> El {
    el("input")
        .attr("type", "hidden")
        .attr("name", name)
        .attr("value", value)
}

/// How to reach the person; asked in two forms with the same names.
/// `without` says what follows when it is left empty.
pub(crate) fn contact(without: Text) -> El {
    use en::contact as words;
    const WAYS: [(&str, Text); 5] = [
        ("phone", words::PHONE),
        ("text", words::TEXT),
        ("email", words::EMAIL),
        ("worker", words::WORKER),
        ("", words::NONE),
    ];
    let ways = WAYS.map(|(value, way)| choice("contact_by", value, way));
    el("div")
        .class("group")
        .with(choices(words::BY, Some(words::WHY)).each(ways))
        .with(short("contact_value", words::VALUE))
        .with(tick("safe_to_leave_message", words::SAFE))
        .with(soft(without))
}
