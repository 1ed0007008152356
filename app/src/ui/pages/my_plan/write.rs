//! Writing in one part: one box, kept as it is typed.

use super::{
    PATH, Screen,
    form::{back, hint, own_heading},
};
use crate::{
    domain::my_plan::Part,
    lang::en::my_plan as words,
    ui::{
        el::{El, el},
        parts::{
            field,
            form::{Fields, form_of},
            main_link, page as screen, soft,
        },
    },
};

const FIELD: &str = "words";

impl Screen {
    /// One part with its box.
    pub(super) fn write(self, part: Part) -> El {
        let plan = self.now();
        let typed = [(FIELD.to_owned(), plan.words(part).to_owned())];
        let form = el("form")
            .attr("method", "dialog")
            .attr("autocomplete", "off")
            .with(field::long(FIELD, words::YOUR_WORDS, "plan-watched").filled(&typed))
            .on("input", move |event| {
                if let Some(form) = form_of(&event) {
                    let typed = as_typed(&Fields::of(&form, &[FIELD]), FIELD);
                    self.change(|plan| plan.write(part, &typed, super::form::heading(part).get()));
                }
            });
        screen(own_heading(&plan, part))
            .with(back())
            .with(soft(hint(part)))
            .with(form)
            .with(soft(words::AS_YOU_GO))
            .with(main_link(PATH, words::DONE))
    }
}

/// What stands in a field, with every space.
pub(super) fn as_typed(fields: &Fields, name: &str) -> String {
    let found = fields.0.iter().find(|(field, _)| field == name);
    found.map_or_else(String::new, |(_, words)| words.clone())
}
