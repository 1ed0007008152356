//! What staff write about an opportunity before members see it, and what members see of it.

use super::{
    id::GroupId,
    opportunity::{Agreement, Area, More, Opportunity, OpportunityState, Raw},
    text,
};
use crate::json::FromJson;
use serde::Serialize;

crate::words! {
    /// A part of what is written that must not be empty.
    pub enum Part {
        /// Its name.
        Title "title",
        /// Why it is done.
        Purpose "purpose",
        /// What a person would do there.
        WhatHappens "what_happens",
        /// What happens after.
        WhatNext "what_next",
        /// How to say what one thinks, where there is no session to come to.
        Contact "contact",
    }
}

/// What staff write about an opportunity, as it is kept until it is shown to members. Empty means not said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The kind of work.
    pub area: Area,
    /// Its name.
    pub title: String,
    /// Why it is done.
    pub purpose: String,
    /// What a person would do there.
    pub what_happens: String,
    /// What happens after.
    pub what_next: String,
    /// How long and how often.
    pub commitment: String,
    /// Who is there.
    pub support: String,
    /// A named person to talk to before and after.
    pub talk_to: String,
    /// How travel is paid.
    pub travel: String,
    /// Whether travel is paid before the day for those who want it.
    pub travel_first: bool,
    /// The thank-you.
    pub thank_you: String,
    /// Whether the person chooses how much of it they take.
    pub choose_thanks: bool,
    /// How it may touch benefits, and where to get independent advice.
    pub benefits: String,
    /// What is to be learnt before.
    pub training: String,
    /// What is to be agreed to when signing up.
    pub agreement: String,
    /// Access offered.
    pub access: String,
    /// Whom to ask.
    pub contact: String,
    /// Whether it is for reading and commenting alone.
    pub comment_only: bool,
    /// The involvement group that it belongs to; none: it stands alone.
    pub group: Option<GroupId>,
}

crate::reads_json!(Plan {
    area,
    title,
    purpose,
    what_happens,
    what_next,
    commitment,
    support,
    talk_to,
    travel,
    travel_first,
    thank_you,
    choose_thanks,
    benefits,
    training,
    agreement,
    access,
    contact,
    comment_only,
    group
});

impl Plan {
    /// A new one.
    pub fn new(area: Area, title: String) -> Self {
        Self::read(|name| match name {
            "area" => area.word().to_owned(),
            "title" => title.clone(),
            _ => String::new(),
        })
    }

    /// From the values of its fields by their names, as a form has them: a tick is any text.
    pub fn read(value: impl Fn(&str) -> String) -> Self {
        let ticked = |name| !value(name).is_empty();
        Self {
            area: Area::of_word(&value("area")).unwrap_or(Area::Other),
            title: value("title"),
            purpose: value("purpose"),
            what_happens: value("what_happens"),
            what_next: value("what_next"),
            commitment: value("commitment"),
            support: value("support"),
            talk_to: value("talk_to"),
            travel: value("travel"),
            travel_first: ticked("travel_first"),
            thank_you: value("thank_you"),
            choose_thanks: ticked("choose_thanks"),
            benefits: value("benefits"),
            training: value("training"),
            agreement: value("agreement"),
            access: value("access"),
            contact: value("contact"),
            comment_only: ticked("comment_only"),
            group: value("group").parse().ok(),
        }
    }

    /// The values of all its fields by their names, as a form has them.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        let ticks = [
            ("travel_first", self.travel_first),
            ("choose_thanks", self.choose_thanks),
            ("comment_only", self.comment_only),
        ];
        let yes = |on: bool| if on { "yes" } else { "" };
        let ticks = ticks.map(|(name, on)| (name, yes(on).to_owned()));
        let texts = self
            .texts()
            .map(|(name, words, _)| (name, words.to_owned()));
        let area = ("area", self.area.word().to_owned());
        let group = self.group.map(|group| group.to_string());
        let group = ("group", group.unwrap_or_default());
        texts
            .into_iter()
            .chain(ticks)
            .chain([area, group])
            .collect()
    }

    /// The value of one field.
    pub fn value(&self, name: &str) -> String {
        value_of(&self.values(), name)
    }

    /// What two people wrote at once, put together: of each field what the one wrote who changed it. `seen` says
    /// whether a value is what both began with. The names are of fields that both changed: in them `self` stands.
    pub fn put_together(
        &self,
        theirs: &Self,
        seen: impl Fn(&str, &str) -> bool,
    ) -> (Self, Vec<&'static str>) {
        let (values, both) = put_together(self.values(), theirs.values(), seen);
        (Self::read(|name| value_of(&values, name)), both)
    }

    /// What was written about an opportunity that is shown, so that it can be changed.
    pub fn of(it: &Opportunity) -> Self {
        let words = |words: &Option<String>| words.clone().unwrap_or_default();
        let more = it.more().unwrap_or_default();
        Self {
            area: it.area,
            title: it.title.clone(),
            purpose: it.purpose.clone(),
            what_happens: it.what_happens.clone(),
            what_next: it.what_next.clone(),
            commitment: words(&it.commitment),
            support: words(&it.support),
            talk_to: words(&more.talk_to),
            travel: words(&it.travel),
            travel_first: more.travel_first,
            thank_you: words(&it.thank_you),
            choose_thanks: more.choose_thanks,
            benefits: words(&more.benefits),
            training: words(&more.training),
            agreement: more.agreement.map(|it| it.text).unwrap_or_default(),
            access: words(&it.access),
            contact: words(&it.contact),
            comment_only: more.comment_only,
            group: more.group,
        }
    }

    /// Its texts: each with its name, and the most characters that it may have.
    pub fn texts(&self) -> [(&'static str, &str, usize); 14] {
        let (short, long) = (text::SHORT, text::LONG);
        [
            ("title", &self.title, short),
            ("purpose", &self.purpose, long),
            ("what_happens", &self.what_happens, long),
            ("what_next", &self.what_next, long),
            ("commitment", &self.commitment, long),
            ("support", &self.support, long),
            ("talk_to", &self.talk_to, short),
            ("travel", &self.travel, long),
            ("thank_you", &self.thank_you, long),
            ("benefits", &self.benefits, long),
            ("training", &self.training, long),
            ("agreement", &self.agreement, long),
            ("access", &self.access, long),
            ("contact", &self.contact, short),
        ]
    }

    /// The names of texts that are too long, or have characters that cannot be kept.
    pub fn misfits(&self) -> Vec<&'static str> {
        let texts = self.texts().into_iter();
        let wrong = texts.filter(|(_, words, most)| !text::fits(Some(words), *most));
        wrong.map(|(name, ..)| name).collect()
    }

    /// Which parts are still to be written before members may see it.
    pub fn missing(&self) -> Vec<Part> {
        let needed = [
            (Part::Title, &self.title),
            (Part::Purpose, &self.purpose),
            (Part::WhatHappens, &self.what_happens),
            (Part::WhatNext, &self.what_next),
            (Part::Contact, &self.contact),
        ];
        let needed = needed.into_iter();
        let needed = needed.filter(|(part, _)| *part != Part::Contact || self.comment_only);
        let empty = needed.filter(|(_, words)| words.trim().is_empty());
        empty.map(|(part, _)| part).collect()
    }

    /// As members see it. `agreement` is what is to be agreed to, with its version; `told` what they are told
    /// beside: what came of it, or why it was called off.
    pub fn shown(
        &self,
        state: OpportunityState,
        agreement: Option<Agreement>,
        told: &Told,
    ) -> Opportunity {
        let words = |words: &str| text::tidy(Some(words.to_owned()));
        let always = |words: &str| words.trim().to_owned();
        let more = More {
            training: words(&self.training),
            agreement,
            talk_to: words(&self.talk_to),
            travel_first: self.travel_first,
            choose_thanks: self.choose_thanks,
            benefits: words(&self.benefits),
            comment_only: self.comment_only,
            group: self.group,
            came_of_it: told.came_of_it.clone(),
            reason: told.reason.clone(),
        };
        Opportunity {
            area: self.area,
            title: always(&self.title),
            purpose: always(&self.purpose),
            what_happens: always(&self.what_happens),
            what_next: always(&self.what_next),
            commitment: words(&self.commitment),
            support: words(&self.support),
            travel: words(&self.travel),
            thank_you: words(&self.thank_you),
            access: words(&self.access),
            contact: words(&self.contact),
            state,
            more: Raw::of(&more),
        }
    }

    /// What is to be agreed to, after `last`: the newest that there ever was for it. The same words are the same
    /// version.
    pub fn agreement(&self, last: Option<&Agreement>) -> Option<Agreement> {
        Agreement::after(last, &self.agreement)
    }
}

/// The values of a form's fields by their names, in order.
pub type Values = Vec<(&'static str, String)>;

/// The value of one field.
pub fn value_of(values: &[(&'static str, String)], name: &str) -> String {
    let found = values.iter().find(|(field, _)| *field == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// What two people wrote at once, put together: of each field what the one wrote who changed it. `seen` says
/// whether a value is what both began with. The names are of fields that both changed: in them `mine` stands.
pub fn put_together(
    mine: Values,
    theirs: Values,
    seen: impl Fn(&str, &str) -> bool,
) -> (Values, Vec<&'static str>) {
    let mut both = Vec::new();
    let mut values = Values::new();
    for ((name, mine), (_, other)) in mine.into_iter().zip(theirs) {
        let value = match (mine == other, seen(name, &mine), seen(name, &other)) {
            (false, true, _) => other,
            (true, ..) | (_, _, true) => mine,
            (false, false, false) => {
                both.push(name);
                mine
            }
        };
        values.push((name, value));
    }
    (values, both)
}

/// What members are told when it ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What came of it.
    pub came_of_it: Option<String>,
    /// Why it was called off.
    pub reason: Option<String>,
}

impl Told {
    /// What members were told of one.
    pub fn of(it: &Opportunity) -> Self {
        let more = it.more().unwrap_or_default();
        Self {
            came_of_it: more.came_of_it,
            reason: more.reason,
        }
    }
}

/// Reads a plan that was kept; none if it was kept by another version that wrote it otherwise.
pub fn read_plan(json: &str) -> Option<Plan> {
    Plan::from_json(serde_json::from_str(json).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Plan {
        Plan {
            purpose: "So that letters are kind".into(),
            what_happens: "We read two".into(),
            what_next: "They change".into(),
            ..Plan::new(Area::Wording, "Letters".into())
        }
    }

    #[test]
    fn what_is_shown_can_be_changed_and_is_the_same_again() {
        let plan = Plan {
            agreement: "What is said here stays here.\n\nThank you.".into(),
            choose_thanks: true,
            travel_first: true,
            talk_to: "Dee".into(),
            ..whole()
        };
        let shown = plan.shown(
            OpportunityState::Published,
            plan.agreement(None),
            &Told::default(),
        );
        assert_eq!(Plan::of(&shown), plan);
        let kept = serde_json::to_string(&plan).unwrap();
        assert_eq!(read_plan(&kept), Some(plan));
    }

    #[test]
    fn what_two_wrote_at_once_is_put_together_and_only_what_both_changed_is_asked() {
        let began = whole();
        let mine = Plan {
            purpose: "Mine".into(),
            access: "Step-free".into(),
            choose_thanks: true,
            ..whole()
        };
        let theirs = Plan {
            purpose: "Theirs".into(),
            contact: "Dee".into(),
            area: Area::Training,
            ..whole()
        };
        let seen = |name: &str, value: &str| began.value(name) == value;
        let (together, both) = mine.put_together(&theirs, seen);
        assert_eq!(both, ["purpose"]);
        let expected = Plan {
            contact: "Dee".into(),
            area: Area::Training,
            ..mine.clone()
        };
        assert_eq!(together, expected);
        // Where it is not known what both began with, everything that differs is asked.
        let (kept, asked) = mine.put_together(&theirs, |_, _| false);
        assert_eq!(kept, mine);
        assert_eq!(asked.len(), 5);
    }

    #[test]
    fn a_plan_reads_back_from_the_values_of_its_form() {
        let plan = Plan {
            comment_only: true,
            ..whole()
        };
        assert_eq!(Plan::read(|name| plan.value(name)), plan);
    }

    #[test]
    fn an_agreement_has_a_new_version_when_its_words_change_and_never_an_old_one() {
        let with = |text: &str| Plan {
            agreement: text.into(),
            ..whole()
        };
        assert_eq!(with("  ").agreement(None), None);
        let first = with("Stays here").agreement(None).unwrap();
        assert_eq!(first.version, 1);
        assert_eq!(
            with(" Stays here\n").agreement(Some(&first)),
            Some(first.clone())
        );
        let second = with("Stays here, please").agreement(Some(&first)).unwrap();
        assert_eq!(second.version, 2);
        // It was taken away in between: the one before is remembered.
        assert_eq!(
            with("Stays here").agreement(Some(&second)).unwrap().version,
            3
        );
    }

    #[test]
    fn what_is_too_long_or_cannot_be_kept_is_named() {
        let plan = Plan {
            title: "x".repeat(text::SHORT + 1),
            access: "a bell \u{7}".into(),
            ..whole()
        };
        assert_eq!(plan.misfits(), ["title", "access"]);
    }
}
