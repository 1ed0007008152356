//! Leaving a group: what stays there is said before, and can be taken back with it.

use super::{people::is_mine, talk::Talk};
use crate::{
    domain::{
        command::Command,
        group::{GroupAct, InGroup, Membership, Message, MessageState},
    },
    lang::en::in_group as words,
    ui::{
        el::{El, el},
        local::Seen,
        parts::{act::ask, button, p, quiet_button},
    },
};
use leptos::prelude::*;
use uuid::Uuid;

impl Talk {
    /// One press, and one question.
    pub(super) fn leave(self, me: &Membership, messages: &[Seen<Message>]) -> El {
        let leaving = self.leaving;
        if !leaving.get() {
            return quiet_button(words::LEAVE, move || leaving.set(true)).key("leave");
        }
        let mine: Vec<Uuid> = messages
            .iter()
            .filter(|one| is_mine(&one.body, me.person))
            .filter(|one| one.body.state != MessageState::TakenBack)
            .map(|one| one.id)
            .collect();
        let sure = el("div")
            .key("sure")
            .class("card outline")
            .attr("role", "group")
            .attr("aria-label", words::LEAVE_SURE)
            .with(el("h3").with(words::LEAVE_SURE));
        let no = button(words::LEAVE_NO, move || leaving.set(false));
        if mine.is_empty() {
            return sure
                .with(p(words::LEAVE_PLAIN))
                .with(button(words::LEAVE_YES, move || self.left(&[])))
                .with(no);
        }
        let with = match mine.len() {
            1 => words::LEAVE_WITH_ONE.get().to_owned(),
            count => words::LEAVE_WITH_MANY.fill(&[("count", &count.to_string())]),
        };
        sure.with(p(words::LEAVE_STAYS))
            .with(button(with, move || self.left(&mine)))
            .with(button(words::LEAVE_KEEP, move || self.left(&[])))
            .with(no)
    }

    /// They leave, and take these words back with them: while they belong, the group hears of it in one go.
    fn left(self, messages: &[Uuid]) {
        let back = |id: &Uuid| InGroup::about(GroupAct::TakeBack, self.id, *id, None);
        let all = messages.iter().map(back);
        let all = all.chain([InGroup::new(GroupAct::Leave, self.id)]);
        let all = all.map(Command::from).collect();
        self.leaving.set(false);
        ask(self.ui, |phone| phone.send_all(all, None));
    }
}
