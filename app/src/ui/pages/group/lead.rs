//! For those who lead a group: what they are asked to look at, and taking it out of sight. It needs a PIN on
//! the phone, and works with no signal.

use super::{
    people::name_of,
    talk::{Talk, View, head},
    typed,
    write::About,
};
use crate::{
    domain::{
        command::Command,
        group::{Group, GroupAct, InGroup, Message, MessageState, Report},
        id::GroupId,
    },
    lang::en::{in_group as words, lead},
    ui::{
        el::{El, el},
        local::Seen,
        parts::{act::ask, button, card, heading, load::read, main_link, p, soft},
    },
};
use leptos::prelude::*;
use uuid::Uuid;

/// What is to be looked at: each message once, with all that was said about it, oldest first.
fn asked(
    reports: &[Seen<String>],
    group: GroupId,
    messages: &[Seen<Message>],
) -> Vec<(Uuid, Vec<String>)> {
    let mut asked: Vec<(Uuid, Vec<String>)> = Vec::new();
    for one in read::<Report>(reports) {
        let id = one.body.message;
        let about = messages.iter().find(|seen| seen.id == id);
        // What waits to be sent has settled it here.
        let open = about.is_some_and(|about| {
            about.body.state == MessageState::Shown
                && about.body.marked.as_deref() != Some(GroupAct::Looked.word())
        });
        if one.body.group != group || !open {
            continue;
        }
        match asked.iter_mut().find(|(known, _)| *known == id) {
            Some((_, whys)) => whys.push(one.body.why),
            None => asked.push((id, vec![one.body.why])),
        }
    }
    asked
}

impl Talk {
    /// What whoever leads is asked to look at.
    pub(super) fn to_look(self, group: &Group, view: &View) -> El {
        if !view.me.leads {
            return el("div").key("member");
        }
        if !view.can_lead {
            return card()
                .key("pin")
                .with(p(words::PIN_FIRST))
                .with(main_link("/my-phone/pin", lead::SET_PIN).class("button"));
        }
        let reports = self.reports.get().unwrap_or_default();
        let asked = asked(&reports, self.id, view.messages);
        if asked.is_empty() {
            return el("div").key("nothing").with(soft(words::NOTHING_TO_LOOK));
        }
        let cards = asked.iter().filter_map(|(id, whys)| {
            let about = view.messages.iter().find(|seen| seen.id == *id)?;
            Some(self.one_to_look(group, view, about, whys))
        });
        el("section")
            .key("asked")
            .class("group")
            .with(heading(words::TO_LOOK))
            .with(soft(words::TO_LOOK_UNDER))
            .with(el("ul").class("cards").each(cards))
    }

    fn one_to_look(self, group: &Group, view: &View, about: &Seen<Message>, whys: &[String]) -> El {
        let id = about.id;
        let hide = About {
            message: id,
            act: GroupAct::Hide,
            asked: true,
        };
        let whys = whys
            .iter()
            .map(|why| typed(words::ASKED_WHY.fill(&[("words", why)])));
        let name = name_of(view.people, about.body.person);
        let about_it = card()
            .with(soft(head(self.ui, &about.body, &name)).class("soft small"))
            .when(about.body.words.clone().map(typed))
            .each(whys);
        let does = if self.about.get() == Some(hide) {
            self.about_form(group, hide)
        } else {
            el("div")
                .key("do")
                .class("group")
                .with(button(words::HIDE, move || self.open_about(hide)))
                .with(button(words::LOOKED, move || {
                    self.about_message(GroupAct::Looked, id);
                }))
        };
        el("li").key(id.to_string()).with(about_it.with(does))
    }

    /// What is said of a message with no more words.
    pub(super) fn about_message(self, act: GroupAct, message: Uuid) {
        let said = Command::from(InGroup::about(act, self.id, message, None));
        ask(self.ui, |phone| phone.send(said, None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::local::Sent;

    const GROUP: GroupId = GroupId(Uuid::from_u128(1));

    fn message(id: u128, state: MessageState, marked: Option<GroupAct>) -> Seen<Message> {
        Seen {
            id: Uuid::from_u128(id),
            body: Message {
                group: GROUP,
                person: None,
                staff: None,
                words: None,
                at: None,
                state,
                why: None,
                marked: marked.map(|act| act.word().to_owned()),
            },
            sent: Sent::OnServer,
        }
    }

    fn report(id: u128, message: u128, why: &str) -> Seen<String> {
        let report = Report {
            group: GROUP,
            message: Uuid::from_u128(message),
            why: why.to_owned(),
            at: String::new(),
        };
        Seen {
            id: Uuid::from_u128(id),
            body: serde_json::to_string(&report).unwrap(),
            sent: Sent::OnServer,
        }
    }

    #[test]
    fn a_message_is_looked_at_once_and_not_again_once_that_is_done_here() {
        let messages = [
            message(1, MessageState::Shown, None),
            message(2, MessageState::Hidden, None),
            message(3, MessageState::Shown, Some(GroupAct::Looked)),
            message(4, MessageState::Shown, Some(GroupAct::Report)),
        ];
        let reports = [
            report(11, 1, "Unkind"),
            report(12, 2, "Unkind"),
            report(13, 3, "Unkind"),
            report(14, 1, "It names me"),
            report(15, 4, "Mine"),
            report(16, 9, "Nowhere"),
        ];
        let found = asked(&reports, GROUP, &messages);
        let whys = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            found,
            [
                (Uuid::from_u128(1), whys(&["Unkind", "It names me"])),
                (Uuid::from_u128(4), whys(&["Mine"]))
            ]
        );
        let another = GroupId(Uuid::from_u128(2));
        assert!(asked(&reports, another, &messages).is_empty());
    }
}
