//! The fields of an opportunity: as they were typed, and as a form. A field says what is wrong with it where it
//! stands, and what somebody else wrote meanwhile.

use crate::http::staff::{opportunities::areas, parts};
use app::{
    domain::{
        opportunity::Area,
        plan::{Part, Plan},
        text,
    },
    lang::{Text, area_name, en::programme as words},
};
use maud::{Markup, html};
use sha2::{Digest, Sha256};

/// What was typed, as it was typed.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// The version that it was written on.
    pub version: i64,
    /// The open page.
    pub editor: String,
    /// What is to be done with it.
    pub step: String,
    /// What stood in the fields when the page was opened: see [`marks`].
    pub seen: String,
    /// As it is kept.
    pub plan: Plan,
}

impl Typed {
    /// From the fields of the form.
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        let value = |name: &str| {
            let found = fields.iter().find(|(field, _)| field == name);
            // Browsers send line ends as two characters; one is enough, and then the same words are the same.
            found
                .map(|(_, value)| value.replace("\r\n", "\n"))
                .unwrap_or_default()
        };
        Self {
            version: value("version").parse().unwrap_or(-1),
            editor: value("editor"),
            step: value("step"),
            seen: value("seen"),
            plan: Plan::read(value),
        }
    }

    /// Whether a field had that value when the page was opened.
    pub(super) fn began_with(&self, name: &str, value: &str) -> bool {
        let mark = mark(name, value);
        self.seen.split(' ').any(|seen| seen == mark)
    }
}

/// What a page remembers of what it was opened with: a short mark of each field. When two write at once, it tells
/// who changed what.
pub(super) fn marks(plan: &Plan) -> String {
    let values = plan.values();
    let marks: Vec<String> = values
        .iter()
        .map(|(name, value)| mark(name, value))
        .collect();
    marks.join(" ")
}

fn mark(name: &str, value: &str) -> String {
    let digest = Sha256::digest(format!("{name}={value}"));
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A form's fields, with what is to be said beside each.
pub(super) struct Fields<'a> {
    /// What stands in them.
    pub plan: &'a Plan,
    /// What is there now, and the fields that somebody else changed as well.
    pub theirs: Option<(&'a Plan, &'a [&'static str])>,
    /// Parts that are to be written first.
    pub missing: &'a [Part],
    /// The names of fields whose words cannot be kept.
    pub misfits: &'a [&'static str],
}

impl Fields<'_> {
    /// All of them.
    pub(super) fn draw(&self) -> Markup {
        html! {
            (self.group(words::GROUP_WHAT, &html! {
                (self.short("title", words::FIELD_TITLE, None))
                (areas(self.plan.area))
                (self.their_area())
                (self.long("what_happens", words::FIELD_WHAT_HAPPENS, Some(words::FIELD_WHAT_HAPPENS_HINT)))
                (self.long("purpose", words::FIELD_PURPOSE, Some(words::FIELD_PURPOSE_HINT)))
                (self.long("what_next", words::FIELD_WHAT_NEXT, Some(words::FIELD_WHAT_NEXT_HINT)))
                (self.long("commitment", words::FIELD_COMMITMENT, None))
                (self.tick("comment_only", words::FIELD_COMMENT_ONLY))
            }))
            (self.group(words::GROUP_WHO, &html! {
                (self.long("support", words::FIELD_SUPPORT, None))
                (self.short("talk_to", words::FIELD_TALK_TO, Some(words::FIELD_TALK_TO_HINT)))
                (self.short("contact", words::FIELD_CONTACT, None))
            }))
            (self.group(words::GROUP_THANKS, &html! {
                (self.long("travel", words::FIELD_TRAVEL, Some(words::FIELD_TRAVEL_HINT)))
                (self.tick("travel_first", words::FIELD_TRAVEL_FIRST))
                (self.long("thank_you", words::FIELD_THANK_YOU, Some(words::FIELD_THANK_YOU_HINT)))
                (self.tick("choose_thanks", words::FIELD_CHOOSE_THANKS))
                (self.long("benefits", words::FIELD_BENEFITS, Some(words::FIELD_BENEFITS_HINT)))
            }))
            (self.group(words::GROUP_FIRST, &html! {
                (self.long("training", words::FIELD_TRAINING, None))
                (self.long("agreement", words::FIELD_AGREEMENT, Some(words::FIELD_AGREEMENT_HINT)))
                (self.long("access", words::FIELD_ACCESS, None))
            }))
        }
    }

    fn group(&self, heading: Text, fields: &Markup) -> Markup {
        html! {
            section.stack.card {
                h2 { (heading.get()) }
                (fields)
            }
        }
    }

    fn short(&self, name: &str, label: Text, hint: Option<Text>) -> Markup {
        let value = self.plan.value(name);
        self.field(name, label, hint, |described, invalid| {
            html! {
                input id=(name) name=(name) maxlength=(text::SHORT) autocomplete="off" value=(value)
                    aria-describedby=[described] aria-invalid=[invalid];
            }
        })
    }

    fn long(&self, name: &str, label: Text, hint: Option<Text>) -> Markup {
        let value = self.plan.value(name);
        self.field(name, label, hint, |described, invalid| {
            html! {
                textarea.low[!needed(name)] id=(name) name=(name) maxlength=(text::LONG) aria-describedby=[described] aria-invalid=[invalid] {
                    // Browsers drop the first line end of a text area.
                    @if value.starts_with('\n') { "\n" }
                    (value)
                }
            }
        })
    }

    fn field(
        &self,
        name: &str,
        label: Text,
        hint: Option<Text>,
        control: impl Fn(Option<String>, Option<&'static str>) -> Markup,
    ) -> Markup {
        let problem = self.problem(name);
        let hint_id = hint.map(|_| format!("{name}-hint"));
        let problem_id = problem.map(|_| format!("{name}-problem"));
        let described: Vec<String> = hint_id
            .clone()
            .into_iter()
            .chain(problem_id.clone())
            .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field {
                label for=(name) { (label.get()) }
                @if let (Some(hint), Some(id)) = (hint, &hint_id) { p.soft id=(id) { (hint.get()) } }
                @if let (Some(problem), Some(id)) = (problem, &problem_id) { p.problem id=(id) { (problem.get()) } }
                (control(described, problem.map(|_| "true")))
                (self.their_words(name))
            }
        }
    }

    fn problem(&self, name: &str) -> Option<Text> {
        if self.misfits.contains(&name) {
            return Some(words::PROBLEM_LONG);
        }
        let missing = self.missing.iter().any(|part| part.word() == name);
        missing.then_some(words::PROBLEM_MISSING)
    }

    fn tick(&self, name: &str, label: Text) -> Markup {
        let theirs = self.their_value(name);
        html! {
            label.tick {
                input type="checkbox" name=(name) value="yes" checked[!self.plan.value(name).is_empty()];
                (label.get())
            }
            @if let Some(theirs) = theirs {
                (theirs_are(if theirs.is_empty() { words::CHANGED_NO } else { words::CHANGED_YES }.get()))
            }
        }
    }

    /// What somebody else wrote in a field that both changed.
    fn their_value(&self, name: &str) -> Option<String> {
        let (theirs, both) = self.theirs?;
        both.contains(&name).then(|| theirs.value(name))
    }

    fn their_words(&self, name: &str) -> Markup {
        let theirs = self.their_value(name);
        html! {
            @if let Some(theirs) = theirs {
                (theirs_are(if theirs.is_empty() { words::CHANGED_EMPTY.get() } else { &theirs }))
            }
        }
    }

    fn their_area(&self) -> Markup {
        let area = self
            .their_value("area")
            .and_then(|word| Area::of_word(&word));
        html! { @if let Some(area) = area { (theirs_are(area_name(area).get())) } }
    }
}

/// Whether nothing is shown without this field: it gets more room.
fn needed(name: &str) -> bool {
    matches!(name, "purpose" | "what_happens" | "what_next" | "agreement")
}

fn theirs_are(words: &str) -> Markup {
    html! {
        div.theirs {
            p.soft { (words::CHANGED_THEIRS.get()) }
            p { (parts::said(words)) }
        }
    }
}
