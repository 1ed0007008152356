//! Who is in a group, and what each is called there.

use super::talk::Talk;
use crate::{
    domain::{
        command::Command,
        group::{GroupAct, InGroup, Membership, Message, Mute, Person},
        id::{GroupId, PersonId},
    },
    lang::en::{in_group as words, lead},
    order,
    ui::{
        el::{El, el},
        local::Seen,
        parts::{act::ask, load::read, quiet_button, soft},
    },
};

/// Whether the person wrote it: what has not been sent yet names nobody.
pub(in super::super) fn is_mine(it: &Message, me: Option<PersonId>) -> bool {
    it.staff.is_none() && (it.person.is_none() || it.person == me)
}

/// A name that stands in a sentence and leaves its direction alone, whatever the name is written in. Marks that
/// would turn what stands around it are left out.
pub(in super::super) fn isolated(name: &str) -> String {
    if name.chars().all(|c| c < '\u{590}') {
        return name.to_owned();
    }
    let turns = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = name.chars().filter(|c| !turns(c));
    let kept: String = kept.collect();
    ["\u{2068}", &kept, "\u{2069}"].concat()
}

/// What somebody is called; somebody who is not in it any more has no name here.
pub(in super::super) fn name_of(people: &[Seen<Person>], id: Option<PersonId>) -> String {
    let found = people.iter().find(|one| Some(one.id) == id.map(|id| id.0));
    match found.map(|one| one.body.name.as_deref()) {
        Some(Some(name)) => isolated(name),
        Some(None) => lead::NO_NAME.get().to_owned(),
        None => words::WAS_HERE.get().to_owned(),
    }
}

/// The people of this group, in the order of their names.
pub(in super::super) fn of(people: &[Seen<String>], group: GroupId) -> Vec<Seen<Person>> {
    let mut people = read::<Person>(people);
    people.retain(|one| one.body.group == group);
    order::by_key(&mut people, |one| {
        let name = one.body.name.as_deref().unwrap_or_default();
        (name.is_empty(), name.to_ascii_lowercase(), one.id)
    });
    people
}

/// Whose writing in this group the person does not want to see.
pub(in super::super) fn muted(mutes: &[Seen<String>], group: GroupId) -> Vec<PersonId> {
    let mutes = read::<Mute>(mutes).into_iter();
    mutes
        .filter(|one| one.body.group == group && one.body.state.as_deref() != Some("unmuted"))
        .map(|one| PersonId(one.id))
        .collect()
}

impl Talk {
    /// Who is in it, with whom the person does not want to read.
    pub(super) fn who(self, me: &Membership, people: &[Seen<Person>], muted: &[PersonId]) -> El {
        let count = people.len();
        let summary = if count == 1 {
            words::WHO_ONE.get().to_owned()
        } else {
            words::WHO_MANY.fill(&[("count", &count.to_string())])
        };
        let people = people.iter().map(|one| {
            let id = PersonId(one.id);
            let tag = one
                .body
                .leads
                .then(|| el("span").class("tag").with(words::LEADS_TAG));
            let you = (me.person == Some(id)).then(|| el("span").class("tag").with(words::YOU));
            let name = one.body.name.as_deref().map(isolated);
            let name = name.unwrap_or_else(|| lead::NO_NAME.get().to_owned());
            let is_muted = muted.contains(&id);
            el("li")
                .key(one.id.to_string())
                .with(
                    el("p")
                        .class("with-tags")
                        .with(el("span").with(name.clone()))
                        .when(tag)
                        .when(you),
                )
                .when(is_muted.then(|| soft(words::IS_MUTED).class("soft small")))
                .when(is_muted.then(|| self.unmute(id, &name)))
        });
        el("details")
            .class("card")
            .with(el("summary").with(summary))
            .with(el("ul").class("people").each(people))
    }

    /// They don't want to see what somebody writes.
    pub(super) fn mute(self, id: PersonId, name: &str) -> El {
        let words = words::MUTE.fill(&[("name", name)]);
        quiet_button(words, move || self.about_person(GroupAct::Mute, id)).key("mute")
    }

    /// They want to see it again.
    pub(super) fn unmute(self, id: PersonId, name: &str) -> El {
        let words = words::UNMUTE.fill(&[("name", name)]);
        quiet_button(words, move || self.about_person(GroupAct::Unmute, id)).key("unmute")
    }

    fn about_person(self, act: GroupAct, id: PersonId) {
        let said = Command::from(InGroup {
            person: Some(id),
            ..InGroup::new(act, self.id)
        });
        ask(self.ui, |phone| phone.send(said, None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_turns_nothing_around_it() {
        assert_eq!(isolated("Zoë"), "Zoë");
        assert_eq!(isolated("ليلى"), "\u{2068}ليلى\u{2069}");
        assert_eq!(isolated("a\u{202e}b\u{2069}"), "\u{2068}ab\u{2069}");
    }
}
