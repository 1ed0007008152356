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
use serde::Deserialize;

/// What was typed, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    /// The version that it was written on.
    pub version: i64,
    /// The open page.
    pub editor: String,
    /// What is to be done with it.
    pub step: String,
    area: String,
    title: String,
    purpose: String,
    what_happens: String,
    what_next: String,
    commitment: String,
    support: String,
    talk_to: String,
    travel: String,
    travel_first: String,
    thank_you: String,
    choose_thanks: String,
    benefits: String,
    training: String,
    agreement: String,
    access: String,
    contact: String,
    comment_only: String,
}

impl Typed {
    /// As it is kept. Browsers send line ends as two characters; one is enough, and then the same words are the
    /// same.
    pub(super) fn plan(&self) -> Plan {
        let words = |typed: &str| typed.replace("\r\n", "\n");
        Plan {
            area: Area::of_word(&self.area).unwrap_or(Area::Other),
            title: words(&self.title),
            purpose: words(&self.purpose),
            what_happens: words(&self.what_happens),
            what_next: words(&self.what_next),
            commitment: words(&self.commitment),
            support: words(&self.support),
            talk_to: words(&self.talk_to),
            travel: words(&self.travel),
            travel_first: !self.travel_first.is_empty(),
            thank_you: words(&self.thank_you),
            choose_thanks: !self.choose_thanks.is_empty(),
            benefits: words(&self.benefits),
            training: words(&self.training),
            agreement: words(&self.agreement),
            access: words(&self.access),
            contact: words(&self.contact),
            comment_only: !self.comment_only.is_empty(),
        }
    }
}

/// A form's fields, with what is to be said beside each.
pub(super) struct Fields<'a> {
    /// What stands in them.
    pub plan: &'a Plan,
    /// What is there now, where somebody else changed it meanwhile.
    pub theirs: Option<&'a Plan>,
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
            fieldset.stack.card {
                legend { (heading.get()) }
                (fields)
            }
        }
    }

    fn value(plan: &Plan, name: &str) -> String {
        let found = plan.texts().into_iter().find(|(text, ..)| *text == name);
        found
            .map(|(_, words, _)| words.to_owned())
            .unwrap_or_default()
    }

    fn short(&self, name: &str, label: Text, hint: Option<Text>) -> Markup {
        let value = Self::value(self.plan, name);
        self.field(name, label, hint, |described, invalid| {
            html! {
                input id=(name) name=(name) maxlength=(text::SHORT) autocomplete="off" value=(value)
                    aria-describedby=[described] aria-invalid=[invalid];
            }
        })
    }

    fn long(&self, name: &str, label: Text, hint: Option<Text>) -> Markup {
        let value = Self::value(self.plan, name);
        self.field(name, label, hint, |described, invalid| {
            html! {
                textarea id=(name) name=(name) maxlength=(text::LONG) aria-describedby=[described] aria-invalid=[invalid] {
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
        let is_on = ticked(self.plan, name);
        let theirs = self.theirs.map(|theirs| ticked(theirs, name));
        let theirs = theirs.filter(|theirs| *theirs != is_on);
        html! {
            label.tick {
                input type="checkbox" name=(name) value="yes" checked[is_on];
                (label.get())
            }
            @if let Some(theirs) = theirs {
                (theirs_are(if theirs { words::CHANGED_YES } else { words::CHANGED_NO }.get()))
            }
        }
    }

    fn their_words(&self, name: &str) -> Markup {
        let theirs = self.theirs.map(|theirs| Self::value(theirs, name));
        let theirs = theirs.filter(|theirs| *theirs != Self::value(self.plan, name));
        html! {
            @if let Some(theirs) = theirs {
                (theirs_are(if theirs.is_empty() { words::CHANGED_EMPTY.get() } else { &theirs }))
            }
        }
    }

    fn their_area(&self) -> Markup {
        let theirs = self.theirs.map(|theirs| theirs.area);
        let theirs = theirs.filter(|area| *area != self.plan.area);
        html! { @if let Some(area) = theirs { (theirs_are(area_name(area).get())) } }
    }
}

fn theirs_are(words: &str) -> Markup {
    html! {
        div.theirs {
            p.soft { (words::CHANGED_THEIRS.get()) }
            p { (parts::said(words)) }
        }
    }
}

fn ticked(plan: &Plan, name: &str) -> bool {
    match name {
        "travel_first" => plan.travel_first,
        "choose_thanks" => plan.choose_thanks,
        _ => plan.comment_only,
    }
}
