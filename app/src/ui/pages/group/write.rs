//! Writing in a group: to everyone in it, about a message to those who lead it, or why one goes out of sight.

use super::{people::isolated, talk::Talk};
use crate::{
    domain::{
        command::Command,
        group::{Group, GroupAct, InGroup, Membership},
    },
    lang::en::{check_in, in_group as words},
    ui::{
        el::{El, el},
        parts::{
            act::ask_then,
            button, card, field,
            form::{Fields, form_of, keep_draft, restore_draft},
            p, soft,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};
use uuid::Uuid;

/// The form with what is written to everyone.
const BOX_ID: &str = "group-words";
/// The form about one message: one at a time.
const ABOUT_ID: &str = "group-about";
const FIELD: &str = "words";

/// The draft's name: the act's word, and what it is about.
fn draft(act: GroupAct, about: Uuid) -> String {
    [&act.word().replace('.', "_"), "/", &about.to_string()].concat()
}

/// The form in which something that was refused can be changed and sent again: its draft's name, what stood in it,
/// and where it is. None for what holds no words and is one press.
pub(in super::super) fn again(it: &InGroup) -> Option<(String, Fields, String)> {
    let about = match it.act {
        GroupAct::Join => return Some((String::new(), Fields::default(), super::path(it.group))),
        GroupAct::Write => it.group.0,
        GroupAct::Report | GroupAct::Hide => it.message?,
        _ => return None,
    };
    let mut fields = Fields::default();
    fields.put(FIELD, it.words.as_deref());
    Some((draft(it.act, about), fields, super::talk_path(it.group)))
}

/// What a form about a message is for, and where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct About {
    /// The message.
    pub(super) message: Uuid,
    /// To report or to hide it.
    pub(super) act: GroupAct,
    /// Whether it stands with what leads are asked to look at.
    pub(super) asked: bool,
}

impl Talk {
    /// The box for writing to everyone, or why there is none.
    pub(super) fn write(self, group: &Group, me: &Membership) -> El {
        let frame = el("div").attr("id", "newest").attr("tabindex", "-1");
        if !group.state.goes_on() {
            return frame
                .key("over")
                .with(card().class("card outline").with(p(words::OVER)));
        }
        if let Some(why) = &me.paused {
            return frame.key("paused").with(paused(group, why));
        }
        if me.agreement < group.agreement.version {
            let agree = super::join::form(self.ui, self.id, group, words::AGREE_DO, self.ask);
            return frame.key("changed").with(
                el("div")
                    .class("group")
                    .with(card().class("card outline").with(p(words::CHANGED)))
                    .with(card().with(super::typed(group.agreement.text.clone())))
                    .with(agree),
            );
        }
        let name = group.backup.as_deref();
        let who = name.map(|name| words::WRITE_WHO_BACKUP.fill(&[("name", name)]));
        let who = who.unwrap_or_else(|| words::WRITE_WHO.get().to_owned());
        let form = el("form")
            .attr("method", "dialog")
            .attr("id", BOX_ID)
            .attr("autocomplete", "off")
            .with(field::long(FIELD, words::WRITE, "group-watched"))
            .with(soft(who).class("soft small"))
            .with(soft(check_in::IF_HURT).class("soft small"))
            .with(submit(words::SEND))
            .on("input", move |event| {
                self.typed(&event, GroupAct::Write, self.id.0)
            })
            .on("submit", move |event| {
                let message = self.ui.local.phone().map(|phone| phone.new_id());
                if let Some(message) = message {
                    self.sent(&event, GroupAct::Write, (message, self.id.0));
                }
            });
        frame.key("write").with(form)
    }

    /// Gives back what was begun; `done` is called if the box is there.
    pub(super) fn take_over(self, done: impl Fn() + 'static) {
        let draft = draft(GroupAct::Write, self.id.0);
        restore_draft(self.ui, draft, BOX_ID, move |_| done());
    }

    /// The way to a form about a message.
    pub(super) fn open_about(self, about: About) {
        self.about.set(Some(about));
        restore_draft(self.ui, draft(about.act, about.message), ABOUT_ID, |_| {});
    }

    /// The form about a message.
    pub(super) fn about_form(self, group: &Group, about: About) -> El {
        let About { message, act, .. } = about;
        let hides = act == GroupAct::Hide;
        let name = group.backup.as_deref().map(isolated);
        let (label, who, send) = if hides {
            (
                words::HIDE_WHY,
                words::HIDE_WHO.get().to_owned(),
                words::HIDE_DO,
            )
        } else {
            let who = name.map(|name| words::REPORT_WHO_BACKUP.fill(&[("name", &name)]));
            let who = who.unwrap_or_else(|| words::REPORT_WHO.get().to_owned());
            (words::REPORT_WHY, who, words::REPORT_SEND)
        };
        el("form")
            .key([act.word(), &message.to_string()].concat())
            .attr("method", "dialog")
            .attr("id", ABOUT_ID)
            .attr("autocomplete", "off")
            .with(field::long(FIELD, label, "about-watched"))
            .with(soft(who).class("soft small"))
            .with(submit(send))
            .with(button(words::NOT_NOW, move || self.about.set(None)))
            .on("input", move |event| self.typed(&event, act, message))
            .on("submit", move |event| {
                self.sent(&event, act, (message, message))
            })
    }

    fn typed(self, event: &Event, act: GroupAct, about: Uuid) {
        if let Some(form) = form_of(event) {
            keep_draft(self.ui, &draft(act, about), &Fields::of(&form, &[FIELD]));
        }
    }

    /// Sends what stands in the form, of which the draft is about `about`. With nothing in it nothing happens.
    fn sent(self, event: &Event, act: GroupAct, (message, about): (Uuid, Uuid)) {
        event.prevent_default();
        let Some(form) = form_of(event) else {
            return;
        };
        let Some(said) = Fields::of(&form, &[FIELD]).get(FIELD) else {
            return;
        };
        let said = Command::from(InGroup::about(act, self.id, message, Some(said)));
        let draft = Some(draft(act, about));
        ask_then(
            self.ui,
            |phone| phone.send(said, draft),
            move |_| {
                form.reset();
                self.about.set(None);
            },
        );
    }
}

fn submit(words: crate::lang::Text) -> El {
    el("button")
        .attr("type", "submit")
        .class("button main")
        .with(words)
}

/// Why they may read and not write, and whom they can talk to about it.
fn paused(group: &Group, why: &str) -> El {
    let backup = group.backup.as_deref().map(isolated);
    let backup = backup.map(|name| words::PAUSED_BACKUP.fill(&[("name", &name)]));
    let whom = group.led_by.clone().into_iter().chain(backup);
    let why = (!why.trim().is_empty()).then(|| words::HIDDEN_WHY.fill(&[("words", why)]));
    card()
        .class("card outline")
        .with(p(words::PAUSED))
        .when(why.map(super::typed))
        .with(p(words::PAUSED_TALK))
        .with(
            el("ul")
                .class("points")
                .each(whom.map(|one| el("li").with(one))),
        )
}
