//! Forms: what was typed is read from the page itself, kept as a draft while typing, and given back.
//!
//! The fields belong to the browser. Nothing binds a value, so what was typed before the app opened
//! stays typed, and a draft fills only what is still empty.

use crate::{
    domain::{
        contact::{Contact, ContactBy},
        text,
    },
    json,
    ui::{Ui, parts::act::run},
};
use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event, FormData, HtmlFormElement, HtmlInputElement},
};

/// What stands in a form, by the fields' names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

/// A way to be reached was picked, but no number, address or name given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ValueNeeded;

impl Fields {
    /// Reads the fields `names` of a form.
    pub(crate) fn of(form: &HtmlFormElement, names: &[&str]) -> Self {
        let Ok(data) = FormData::new_with_form(form) else {
            return Self::default();
        };
        let value = |name: &&str| Some(((*name).to_owned(), data.get(name).as_string()?));
        Self(names.iter().filter_map(value).collect())
    }

    /// Reads a draft; a broken one is empty.
    pub(crate) fn parse(draft: &str) -> Self {
        Self(json::read(draft).unwrap_or_default())
    }

    /// Writes a draft.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("pairs of strings always serialise")
    }

    /// A field's words; none if it is empty or not there.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(field, _)| field == name)?;
        text::tidy(Some(found.1.clone()))
    }

    /// Whether a box is ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds a field, if it has words.
    pub(crate) fn put(&mut self, name: &str, words: Option<&str>) {
        if let Some(words) = words {
            self.0.push((name.to_owned(), words.to_owned()));
        }
    }

    /// Adds a way to be reached, as the form asks for it.
    pub(crate) fn put_contact(&mut self, contact: Option<&Contact>) {
        let Some(contact) = contact else { return };
        let by = match contact.by {
            ContactBy::Phone => "phone",
            ContactBy::Text => "text",
            ContactBy::Email => "email",
            ContactBy::Worker => "worker",
        };
        self.put("contact_by", Some(by));
        self.put("contact_value", Some(&contact.value));
        let safe = contact.safe_to_leave_message.then_some("yes");
        self.put("safe_to_leave_message", safe);
    }

    /// How to reach the person, if they said.
    pub(crate) fn contact(&self) -> Result<Option<Contact>, ValueNeeded> {
        let by = match self.get("contact_by").as_deref() {
            Some("phone") => ContactBy::Phone,
            Some("text") => ContactBy::Text,
            Some("email") => ContactBy::Email,
            Some("worker") => ContactBy::Worker,
            _ => return Ok(None),
        };
        Ok(Some(Contact {
            by,
            value: self.get("contact_value").ok_or(ValueNeeded)?,
            safe_to_leave_message: self.is_ticked("safe_to_leave_message"),
        }))
    }
}

/// The form that an event came from.
pub(crate) fn form_of(event: &Event) -> Option<HtmlFormElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("form").ok()??.dyn_into().ok()
}

/// The form with this id, if it is on the screen.
pub(crate) fn form_by_id(id: &str) -> Option<HtmlFormElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Keeps what is typed as the draft `name`.
pub(crate) fn keep_draft(ui: Ui, name: &str, fields: &Fields) {
    if let Some(phone) = ui.local.phone() {
        phone.save_draft(name, fields.to_json());
    }
}

/// Gives a draft back to the form `form_id`, where nothing was typed or picked meanwhile.
/// `then` is told when the form stands as it will; not while the phone cannot say.
pub(crate) fn restore_draft(
    ui: Ui,
    name: String,
    form_id: &'static str,
    then: impl Fn(&HtmlFormElement) + 'static,
) {
    restore(ui, name, form_id, Box::new(then));
}

/// One kind of future for all forms.
fn restore(ui: Ui, name: String, form_id: &'static str, then: Box<dyn Fn(&HtmlFormElement)>) {
    let Some(phone) = ui.local.phone() else {
        return;
    };
    run(async move {
        let draft = phone.draft(&name).await;
        let Some(form) = form_by_id(form_id) else {
            return;
        };
        match draft {
            Ok(Some(draft)) => fill(&form, &Fields::parse(&draft.fields)),
            Ok(None) => {}
            Err(problem) => return ui.say(problem),
        }
        then(&form);
    });
}

/// Fills the fields of a form that nobody touched.
pub(crate) fn fill(form: &HtmlFormElement, fields: &Fields) {
    for (name, value) in &fields.0 {
        let named = fields_named(form, name);
        if named.iter().all(is_untouched) {
            for field in &named {
                match field.type_().as_str() {
                    "radio" | "checkbox" => field.set_checked(field.value() == *value),
                    _ => field.set_value(value),
                }
            }
        }
    }
}

fn fields_named(form: &HtmlFormElement, name: &str) -> Vec<HtmlInputElement> {
    let selector = ["[name=\"", name, "\"]:not([type=hidden])"].concat();
    let Ok(found) = form.query_selector_all(&selector) else {
        return Vec::new();
    };
    // A text area has all the properties that are used here.
    let field = |place| Some(found.item(place)?.unchecked_into());
    (0..found.length()).filter_map(field).collect()
}

fn is_untouched(field: &HtmlInputElement) -> bool {
    match field.type_().as_str() {
        "radio" | "checkbox" => field.checked() == field.default_checked(),
        _ => field.value().is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields(pairs.iter().map(owned).collect())
    }

    #[test]
    fn a_draft_reads_back_as_it_was_typed() {
        let typed = fields(&[("note", "\"Slept\" a bit\nbetter "), ("feeling", "ok")]);
        assert_eq!(Fields::parse(&typed.to_json()), typed);
    }

    #[test]
    fn a_broken_draft_is_an_empty_one() {
        assert_eq!(Fields::parse("{"), Fields::default());
    }

    #[test]
    fn no_way_to_be_reached_is_an_answer() {
        assert_eq!(fields(&[("contact_by", "")]).contact(), Ok(None));
        assert_eq!(fields(&[]).contact(), Ok(None));
    }

    #[test]
    fn a_way_without_a_number_is_asked_again() {
        assert_eq!(
            fields(&[("contact_by", "text")]).contact(),
            Err(ValueNeeded)
        );
        let whole = fields(&[("contact_by", "text"), ("contact_value", " 07700 900001 ")]);
        let contact = whole.contact().unwrap().unwrap();
        assert_eq!(contact.value, "07700 900001");
        assert!(!contact.safe_to_leave_message);
        let mut again = Fields::default();
        again.put_contact(Some(&contact));
        assert_eq!(again.contact(), Ok(Some(contact)));
    }
}
