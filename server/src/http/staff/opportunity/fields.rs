//! The fields of an opportunity: as they were typed, and as a form.

use crate::{
    db::{desk::groups::Choice, reach::Reach},
    http::staff::{
        groups,
        written::{self, Form},
    },
};
use app::{
    domain::plan::{Part, Plan},
    lang::en::{groups as group_words, programme as words},
};
use maud::{Markup, html};

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
        let form = Form(fields);
        Self {
            version: form.value("version").parse().unwrap_or(-1),
            editor: form.value("editor"),
            step: form.value("step"),
            seen: form.value("seen"),
            plan: Plan::read(|name| form.value(name)),
        }
    }

    /// Whether a field had that value when the page was opened.
    pub(super) fn began_with(&self, name: &str, value: &str) -> bool {
        written::began_with(&self.seen, name, value)
    }
}

/// What a page remembers of what it was opened with.
pub(super) fn marks(plan: &Plan) -> String {
    written::marks(&plan.values())
}

/// The field of the group that it belongs to.
pub(super) const GROUP: &str = "group";

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
    /// The groups to which it may belong, and by whom it is put there.
    pub groups: (&'a [Choice], Reach),
}

/// Nothing is shown without these: they get more room.
const ROOMY: &[&str] = &["purpose", "what_happens", "what_next", "agreement"];

impl Fields<'_> {
    /// All of them.
    pub(super) fn draw(&self) -> Markup {
        let it = written::Fields {
            values: self.plan.values(),
            theirs: self.theirs.map(|(plan, both)| (plan.values(), both)),
            missing: self.missing.iter().map(|part| part.word()).collect(),
            misfits: self.misfits,
            roomy: ROOMY,
        };
        html! {
            (it.group(words::GROUP_WHAT, &html! {
                (it.short("title", words::FIELD_TITLE, None))
                (it.area())
                (it.choice("group", group_words::WHICH, Some(group_words::WHICH_HINT), &self.group_options()))
                (it.long("what_happens", words::FIELD_WHAT_HAPPENS, Some(words::FIELD_WHAT_HAPPENS_HINT)))
                (it.long("purpose", words::FIELD_PURPOSE, Some(words::FIELD_PURPOSE_HINT)))
                (it.long("what_next", words::FIELD_WHAT_NEXT, Some(words::FIELD_WHAT_NEXT_HINT)))
                (it.long("commitment", words::FIELD_COMMITMENT, None))
                (it.tick("comment_only", words::FIELD_COMMENT_ONLY))
            }))
            (it.group(words::GROUP_WHO, &html! {
                (it.long("support", words::FIELD_SUPPORT, None))
                (it.short("talk_to", words::FIELD_TALK_TO, Some(words::FIELD_TALK_TO_HINT)))
                (it.short("contact", words::FIELD_CONTACT, None))
            }))
            (it.group(words::GROUP_THANKS, &html! {
                (it.long("travel", words::FIELD_TRAVEL, Some(words::FIELD_TRAVEL_HINT)))
                (it.tick("travel_first", words::FIELD_TRAVEL_FIRST))
                (it.long("thank_you", words::FIELD_THANK_YOU, Some(words::FIELD_THANK_YOU_HINT)))
                (it.tick("choose_thanks", words::FIELD_CHOOSE_THANKS))
                (it.long("benefits", words::FIELD_BENEFITS, Some(words::FIELD_BENEFITS_HINT)))
            }))
            (it.group(words::GROUP_FIRST, &html! {
                (it.long("training", words::FIELD_TRAINING, None))
                (it.long("agreement", words::FIELD_AGREEMENT, Some(words::FIELD_AGREEMENT_HINT)))
                (it.long("access", words::FIELD_ACCESS, None))
            }))
        }
    }

    fn group_options(&self) -> Vec<(String, String)> {
        let (choices, reach) = self.groups;
        groups::options(choices, groups::none(reach, choices, self.plan.group))
    }
}
