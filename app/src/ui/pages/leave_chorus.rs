//! Leave Chorus: the person ends everything of theirs, everywhere. Until it is sent it can be taken
//! back. Leaving this phone alone is `leave`.

use super::{
    leave::{nobody, sending, unsent},
    notice,
};
use crate::{
    domain::{command::Command, id::MemberId, record::kind},
    lang::en::{going as words, leave as leave_words},
    ui::{
        Ui,
        el::{El, el, live},
        local::{PhoneStatus, Sent, Waiting},
        parts::{
            act::{ask, sure},
            button, card, heading, link,
            load::{Loaded, Records, load, records, whenever},
            p, page as screen, soft, unsent_card,
        },
    },
};
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    waiting: Loaded<Vec<Waiting>>,
    kept_for: Records,
    /// Where the person is: what is not sent is being sent first, or it is asked once more.
    step: RwSignal<Option<String>>,
}

/// What is not sent is being sent.
const SENDING: &str = "sending";
/// Sure?
const SURE: &str = "sure";

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let step = RwSignal::new(None);
    let it = Screen {
        ui,
        waiting: load(ui, |phone| phone.waiting()),
        kept_for: records(ui, kind::RETENTION),
        step,
    };
    whenever(move || {
        let sent = ui.local.status.with(|status| status.unsent == 0);
        if sent && step.get().as_deref() == Some(SENDING) {
            step.set(None);
        }
    });
    screen(words::LEAVE).with(live(move || it.draw(&ui.local.status.get())))
}

impl Screen {
    fn draw(self, status: &PhoneStatus) -> El {
        let Some(member) = status.member else {
            return nobody(self.ui, status);
        };
        let Some(waiting) = self.waiting.get() else {
            return el("div").key("loading");
        };
        let is_leaving = |one: &&Waiting| matches!(one.command, Some(Command::Leave(_)));
        match waiting.iter().find(is_leaving) {
            Some(leaving) => self.leaving(leaving),
            None => self.about(status, member),
        }
    }

    /// It waits to be sent, and can be taken back until a send has begun.
    fn leaving(self, leaving: &Waiting) -> El {
        let ui = self.ui;
        let id = leaving.id;
        let not_tried = matches!(leaving.sent, Sent::NotYet(_));
        let (says, under) = if not_tried {
            (words::LEAVE_WAITS, words::LEAVE_WAITS_UNDER)
        } else {
            (words::LEAVE_TRIED, words::LEAVE_TRIED_UNDER)
        };
        unsent_card()
            .key("leaving")
            .with(el("p").attr("role", "status").with(says))
            .with(soft(under))
            .with(button(words::SEND_AGAIN, move || {
                if let Some(phone) = ui.local.phone() {
                    phone.sync_now();
                }
            }))
            .when(
                not_tried
                    .then(|| button(words::STAY, move || ask(ui, |phone| phone.dont_send(id)))),
            )
    }

    fn about(self, status: &PhoneStatus, member: MemberId) -> El {
        let happens = [
            words::LEAVE_SHARED,
            words::LEAVE_GROUPS,
            words::LEAVE_NAME,
            words::LEAVE_PHONES,
            words::LEAVE_BACK,
        ];
        let stays = [words::STAYS_SAFETY, words::STAYS_MARK];
        let backups = notice::kept_for(self.ui, self.kept_for).pop();
        let points = |points: &[_]| {
            let points = points.iter().map(|point| el("li").with(*point));
            el("ul").class("points").each(points)
        };
        el("div")
            .key("about")
            .class("group")
            .with(heading(words::HAPPENS))
            .with(points(&happens))
            .with(heading(words::STAYS))
            .with(points(&stays).when(backups.map(|line| el("li").with(line))))
            .with(
                card()
                    .with(p(words::COPY_FIRST))
                    .with(link("/my-phone/copy", words::COPY)),
            )
            .with(
                card()
                    .with(p(words::ONLY_PHONE))
                    .with(link("/my-phone/leave", leave_words::LEAVE)),
            )
            .with(self.ask(status, member))
    }

    fn ask(self, status: &PhoneStatus, member: MemberId) -> El {
        let Self { ui, step, .. } = self;
        let to = move |next: &'static str| move || step.set(Some(next.to_owned()));
        match step.get().as_deref() {
            Some(SENDING) => sending(ui, status, step),
            Some(_) => sure(
                [words::LEAVE_SURE, words::LEAVE_YES, words::STAY],
                move || step.set(None),
                move || ask(ui, |phone| phone.send(Command::Leave(member), None)),
            ),
            None if status.unsent + status.begun > 0 => el("div")
                .key("choices")
                .class("group")
                .with(heading(leave_words::CHOOSE))
                .with(unsent(status))
                .when((status.unsent > 0).then(|| {
                    card()
                        .with(button(leave_words::SEND, to(SENDING)))
                        .with(soft(leave_words::SEND_UNDER))
                }))
                .with(
                    card()
                        .with(button(words::LEAVE_UNSENT, to(SURE)))
                        .with(soft(words::LEAVE_UNSENT_UNDER)),
                ),
            None => button(words::LEAVE, to(SURE)).key("ask"),
        }
    }
}
