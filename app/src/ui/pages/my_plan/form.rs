//! The plan to read: each part under its heading, people to ring and text, and what can be done with it.

use super::{Screen, View};
use crate::{
    domain::{
        my_plan::{MyPlan, Part, Person},
        wording::Wording,
    },
    lang::{
        Text,
        en::{ORDER, frame, my_plan as words, plan_form, tab},
    },
    ui::{
        el::{El, el},
        parts::{
            act::sure, button, card, heading as second_heading, icon, link, load::read, p,
            page as screen, quiet_button, second_link, soft, ticked,
        },
    },
};
use leptos::prelude::*;

/// What stands over a part, in the words that the organisation has now.
pub(super) fn heading(part: Part) -> Text {
    match part {
        Part::EarlySigns => plan_form::EARLY_SIGNS,
        Part::WhatHelps => plan_form::WHAT_HELPS,
        Part::Contacts => plan_form::CONTACTS,
        Part::VeryUnwell => plan_form::VERY_UNWELL,
        Part::SmallThing => plan_form::SMALL_THING,
    }
}

/// What a part is for.
pub(super) fn hint(part: Part) -> Text {
    match part {
        Part::EarlySigns => plan_form::EARLY_SIGNS_HINT,
        Part::WhatHelps => plan_form::WHAT_HELPS_HINT,
        Part::Contacts => plan_form::CONTACTS_HINT,
        Part::VeryUnwell => plan_form::VERY_UNWELL_HINT,
        Part::SmallThing => plan_form::SMALL_THING_HINT,
    }
}

/// The heading of a part for its person: the one under which they wrote, else the one there is now.
pub(super) fn own_heading(plan: &MyPlan, part: Part) -> String {
    let written = plan.section(part).map(|one| one.heading.clone());
    let written = written.filter(|heading| !heading.is_empty());
    written.unwrap_or_else(|| heading(part).get().to_owned())
}

impl Screen {
    /// All of it.
    pub(super) fn all(self) -> El {
        let plan = self.now();
        let parts = Part::ALL.map(|part| self.part(&plan, part));
        screen(tab::MY_PLAN)
            .with(p(words::INTRO).class("aside"))
            .with(self.who_sees())
            .with(el("div").class("plan group").each(parts))
            .when(self.offers_pin())
            .with(self.with_it(&plan).class("aside group"))
    }

    fn who_sees(self) -> El {
        let shared = self.shared_line();
        el("div")
            .class("aside group")
            .with(shared.unwrap_or_else(|| ticked(words::ONLY_ME)))
    }

    /// Where others may use the phone and there is no PIN.
    fn offers_pin(self) -> Option<El> {
        let pin = self.ui.local.status.with(|status| status.pin.clone());
        (!pin.set && !pin.alone).then(|| {
            card()
                .class("card aside")
                .with(soft(words::NO_PIN))
                .with(link("/my-phone/pin", words::SET_PIN))
        })
    }

    fn part(self, plan: &MyPlan, part: Part) -> El {
        let over = own_heading(plan, part);
        let typed = plan.words(part);
        let is_blank = plan.section(part).is_none();
        let people = (part == Part::Contacts).then(|| people(&plan.people));
        let to = if part == Part::Contacts {
            View::Person(None)
        } else {
            View::Write(part)
        };
        let does = match part {
            Part::Contacts => words::ADD_PERSON,
            _ if is_blank => words::WRITE,
            _ => words::CHANGE,
        };
        let card = if is_blank {
            card().class("card blank")
        } else {
            card()
        };
        card.key(part.word())
            .with(second_heading(over.clone()))
            .when(is_blank.then(|| soft(hint(part))))
            .when((!typed.is_empty()).then(|| p(typed.to_owned()).class("typed")))
            .when(people)
            .when(self.offer(plan, part))
            .with(named(link(to.fragment(), does), does, &over))
    }

    /// The words over a part have changed since: its person may take the new ones, and is told why they changed.
    fn offer(self, plan: &MyPlan, part: Part) -> Option<El> {
        let now = heading(part).get();
        if !plan.is_offered(part, now) {
            return None;
        }
        let changed = match self.why(part) {
            Some(why) => words::WORDS_CHANGED_WHY.fill(&[("why", &why)]),
            None => words::WORDS_CHANGED.get().to_owned(),
        };
        let choose = move |takes| self.press(|plan| plan.choose_heading(part, now, takes));
        Some(
            el("div")
                .class("card outline")
                .attr("role", "group")
                .attr("aria-label", words::WORDS_CHANGED)
                .with(p(changed))
                .with(p(words::WORDS_NEW.fill(&[("words", now)])))
                .with(button(words::WORDS_USE, move || choose(true)))
                .with(quiet_button(words::WORDS_MINE, move || choose(false))),
        )
    }

    /// Why the organisation changed the words over a part.
    fn why(self, part: Part) -> Option<String> {
        self.wording.with(|records| {
            let all = read::<Wording>(records.as_deref().unwrap_or_default());
            let own = all.iter().find(|seen| seen.body.order == ORDER)?;
            own.body.why(heading(part).place()).map(str::to_owned)
        })
    }

    /// What can be done with it.
    fn with_it(self, plan: &MyPlan) -> El {
        if plan.is_empty() {
            let shared = self
                .shared_now()
                .map(|_| second_link(View::Share.fragment(), words::SHARE));
            let before = self.has_before();
            return el("div")
                .when(before.then(|| second_link(View::Before(None).fragment(), words::BEFORE)))
                .when(shared);
        }
        let asked = self.asked;
        let delete = if asked.get() {
            sure(
                [words::DELETE_SURE, words::DELETE_YES, words::DELETE_NO],
                move || asked.set(false),
                move || self.delete(),
            )
        } else {
            quiet_button(words::DELETE, move || asked.set(true)).key("delete")
        };
        let stays = (asked.get() && self.shared_now().is_some()).then(|| soft(words::SHARE_DELETE));
        el("div")
            .with(second_heading(words::MORE))
            .when(self.lost(plan))
            .when(shown_count(plan.shown().len()).map(soft))
            .with(second_link(View::Lines.fragment(), words::LINES_LINK))
            .with(second_link(View::Share.fragment(), words::SHARE))
            .with(second_link(View::Before(None).fragment(), words::BEFORE))
            .with(button(words::PRINT, move || self.print()))
            .with(self.save_as_file())
            .when(stays)
            .with(delete)
    }
}

/// How many lines show in Help now.
pub(super) fn shown_count(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some(words::LINES_SOME_ONE.get().to_owned()),
        count => Some(words::LINES_SOME_MANY.fill(&[("count", &count.to_string())])),
    }
}

/// A short link or button, which says to a screen reader what it is about.
pub(super) fn named(it: El, does: Text, about: &str) -> El {
    let gaps = [("what", does.get()), ("part", about)];
    it.attr("aria-label", words::ABOUT_PART.fill(&gaps))
}

/// The people to contact, each a tap away.
fn people(people: &[Person]) -> El {
    el("ul").class("lines").each(people.iter().map(|person| {
        let note = Some(person.note.trim()).filter(|note| !note.is_empty());
        let number = Some(person.number.trim()).filter(|number| !number.is_empty());
        let change = link(View::Person(Some(person.id)).fragment(), words::CHANGE);
        el("li")
            .key(person.id.to_string())
            .class("line")
            .with(
                el("div")
                    .with(el("h3").with(person.name.clone()))
                    .when(number.map(|number| p(number.to_owned())))
                    .when(note.map(|note| p(note.to_owned()).class("typed")))
                    .with(named(change, words::CHANGE, &name_of(person))),
            )
            .with(calls(&name_of(person), person.dialled().as_deref()))
    }))
}

/// A person's name, or a word in its place.
pub(super) fn name_of(person: &Person) -> String {
    let name = person.name.trim();
    if name.is_empty() {
        words::SOMEONE.get().to_owned()
    } else {
        name.to_owned()
    }
}

/// To ring and to text, in one tap each; nothing where there is no number.
pub(super) fn calls(name: &str, number: Option<&str>) -> El {
    use crate::lang::en::help_now;
    let call = |scheme: &str, picture, does: Text, named: Text, number: &str| {
        el("a")
            .class("ring")
            .attr("href", [scheme, number].concat())
            .attr("aria-label", named.fill(&[("name", name)]))
            .with(icon::icon(picture))
            .with(el("span").with(does))
    };
    let all = number.map(|number| {
        [
            call("tel:", icon::PHONE, help_now::RING, words::RING_WHO, number),
            call(
                "sms:",
                icon::SPEECH,
                help_now::TEXT,
                words::TEXT_WHO,
                number,
            ),
        ]
    });
    // A line's own box keeps no room between what stands in it.
    el("div").with(el("div").class("group").each(all.into_iter().flatten()))
}

/// A section of a plan that is no longer changed: to look at, and in a copy.
pub(super) fn to_read(plan: &MyPlan) -> Vec<El> {
    let written = plan.in_order().into_iter();
    written
        .map(|one| {
            let of_people = one.part == Part::Contacts.word();
            let typed = (!one.words.is_empty()).then(|| p(one.words.clone()).class("typed"));
            card()
                .key(one.part.clone())
                .with(second_heading(one.heading.clone()))
                .when(typed)
                .when(of_people.then(|| people(&plan.people)))
        })
        .collect()
}

/// The way back to all of it.
pub(super) fn back_to_all() -> El {
    second_link(super::PATH, words::TO_PLAN)
}

/// The way back, as the words of every screen say it.
pub(super) fn back() -> El {
    link(super::PATH, frame::BACK)
}
