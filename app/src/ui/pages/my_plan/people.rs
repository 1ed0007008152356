//! Somebody to contact: who, their number, and what is good to know. Kept as it is typed.

use super::{
    PATH, Screen,
    form::{back, heading, hint, name_of},
    write::as_typed,
};
use crate::{
    domain::my_plan::{Part, Person},
    lang::{Text, en::my_plan as words},
    ui::{
        el::{El, el, live},
        parts::{
            act::sure,
            field,
            form::{Fields, form_of},
            main_link, page as screen, quiet_button, soft,
        },
    },
};
use leptos::prelude::*;
use uuid::Uuid;

const FIELDS: [&str; 3] = ["name", "number", "note"];

impl Screen {
    /// Somebody who is there, or somebody new.
    pub(super) fn write_person(self, id: Option<Uuid>) -> El {
        let plan = self.now();
        let found = plan.people.iter().find(|one| Some(one.id) == id).cloned();
        let title = found.as_ref().map(name_of);
        let is_there = found.is_some();
        let person = found.unwrap_or_default();
        let typed = |name: &str, words: &String| (name.to_owned(), words.clone());
        let typed = [
            typed(FIELDS[0], &person.name),
            typed(FIELDS[1], &person.number),
            typed(FIELDS[2], &person.note),
        ];
        let form = el("form")
            .attr("method", "dialog")
            .attr("autocomplete", "off")
            .with(field::short(FIELDS[0], words::PERSON_NAME))
            .with(number())
            .with(field::long(FIELDS[2], words::PERSON_NOTE, "person-watched"))
            .filled(&typed)
            .on("input", move |event| {
                if let Some(form) = form_of(&event) {
                    self.typed_person(id.filter(|_| is_there), &Fields::of(&form, &FIELDS));
                }
            });
        screen(title.unwrap_or_else(|| words::PERSON.get().to_owned()))
            .with(back())
            .with(soft(hint(Part::Contacts)))
            .with(form)
            .with(soft(words::AS_YOU_GO))
            .with(main_link(PATH, words::DONE))
            .when(is_there.then(|| live(move || self.take_out(id))))
    }

    fn typed_person(self, id: Option<Uuid>, fields: &Fields) {
        let Some(phone) = self.ui.local.phone() else {
            return;
        };
        let id = id.or(self.adding.get_value()).unwrap_or_else(|| {
            let new = phone.new_id();
            self.adding.set_value(Some(new));
            new
        });
        let [name, number, note] = FIELDS.map(|field| as_typed(fields, field));
        let person = Person {
            id,
            name,
            number,
            note,
        };
        self.change(|plan| plan.put_person(person, heading(Part::Contacts).get()));
    }

    fn take_out(self, id: Option<Uuid>) -> El {
        let asked = self.asked;
        if !asked.get() {
            return quiet_button(words::PERSON_OUT, move || asked.set(true)).key("ask");
        }
        let question: [Text; 3] = [words::PERSON_SURE, words::PERSON_YES, words::PERSON_NO];
        sure(
            question,
            move || asked.set(false),
            move || {
                if let Some(id) = id {
                    self.press(|plan| plan.remove_person(id));
                }
                self.to_all();
            },
        )
    }
}

/// A box for a number: phones show their keys for numbers.
fn number() -> El {
    let input = el("input")
        .attr("type", "text")
        .attr("inputmode", "tel")
        .attr("name", FIELDS[1])
        .attr("maxlength", "200");
    el("label")
        .class("field")
        .with(el("span").class("label").with(words::PERSON_NUMBER))
        .with(input)
}
