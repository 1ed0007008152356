//! My phones: which ones they are, ending one from another, and a code that adds one.

use crate::{
    domain::{
        command::Command,
        device::{Device, DeviceState},
        id::DeviceId,
        pair_code::PairCode,
        record::kind,
    },
    lang::{Text, en::phones as words},
    ui::{
        Ui,
        el::{El, el, live},
        local::{PhoneStatus, Seen, Sent},
        parts::{
            act::{ask, ask_then, sure},
            button, card, empty, heading, link,
            load::{Records, read, records},
            p, page as screen, quiet_button, soft,
        },
        when,
    },
};
use leptos::prelude::*;
use uuid::Uuid;

/// What is asked before it is done, and about which phone.
type Asked = Option<(Uuid, bool)>;

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    phones: Records,
    asked: RwSignal<Asked>,
    code: RwSignal<Option<PairCode>>,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        phones: records(ui, kind::DEVICE),
        asked: RwSignal::new(None),
        code: RwSignal::new(None),
    };
    screen(words::TITLE).with(live(move || it.draw(&ui.local.status.get())))
}

impl Screen {
    fn draw(self, status: &PhoneStatus) -> El {
        if status.member.is_none() {
            return el("div").key("nobody").with(empty(words::NOBODY));
        }
        let own = status.device.map(|device| device.0);
        let mut phones = self.phones.with(|found| found.as_deref().map(read::<Device>));
        let phones = phones.get_or_insert_default();
        // This one first; the others as they came.
        let (first, others): (Vec<_>, Vec<_>) =
            phones.drain(..).partition(|phone| Some(phone.id) == own);
        let first = first.iter().map(|phone| self.one(phone, true));
        let others = others.iter().map(|phone| self.one(phone, false));
        el("div")
            .key("joined")
            .class("group")
            .with(el("ul").class("cards").each(first.chain(others)))
            .with(heading(words::ADD))
            .with(self.add())
    }

    fn one(self, phone: &Seen<Device>, is_own: bool) -> El {
        let Device {
            name,
            last_seen,
            state,
            added_by,
            lost_by,
            ..
        } = &phone.body;
        let seen = words::LAST_SEEN.fill(&[("day", &when::date(last_seen))]);
        let help = |by: &Option<String>, words: Text| {
            by.as_ref().map(|name| soft(words.fill(&[("name", name)])))
        };
        let waits = matches!(phone.sent, Sent::NotYet(_) | Sent::Sending(_));
        let box_ = card()
            .with(el("h2").with(name.clone()))
            .when(is_own.then(|| el("p").class("tag").with(words::THIS_ONE)))
            .when(state_words(*state).map(p))
            .when(waits.then(|| soft(words::WAITS)))
            .when((!is_own).then(|| soft(seen)))
            .when(help(added_by, words::ADDED_BY))
            .when(help(lost_by, words::LOST_BY));
        let box_ = if is_own {
            box_.with(link("/my-phone/leave", words::LEAVE))
        } else {
            box_.with(self.acts(phone.id, *state))
        };
        el("li").key(phone.id.to_string()).with(box_)
    }

    fn acts(self, id: Uuid, state: DeviceState) -> El {
        let Self { ui, asked, .. } = self;
        let lost = match asked.get() {
            Some((about, lost)) if about == id => lost,
            _ => {
                let can = |is: bool, words, lost| {
                    is.then(|| quiet_button(words, move || asked.set(Some((id, lost)))))
                };
                let in_use = state == DeviceState::InUse;
                return el("div")
                    .key("ask")
                    .class("group")
                    .when(can(in_use, words::SIGN_OUT, false))
                    .when(can(
                        in_use || state == DeviceState::SignedOut,
                        words::LOST,
                        true,
                    ));
            }
        };
        let (words, command) = if lost {
            (
                [words::LOST_SURE, words::LOST_YES, words::NO],
                Command::LoseDevice(DeviceId(id)),
            )
        } else {
            (
                [words::SIGN_OUT_SURE, words::SIGN_OUT_YES, words::NO],
                Command::SignOutDevice(DeviceId(id)),
            )
        };
        sure(
            words,
            move || asked.set(None),
            move || ask(ui, |phone| phone.send(command.clone(), None)),
        )
    }

    fn add(self) -> El {
        let Self { ui, code, .. } = self;
        let Some(shown) = code.get() else {
            return card().key("add").with(p(words::ADD_UNDER)).with(button(
                words::ADD_DO,
                move || ask_then(ui, |phone| phone.pair(), move |made| code.set(Some(made))),
            ));
        };
        let until = words::UNTIL.fill(&[("time", &ui.say_time(&shown.ends_at))]);
        card()
            .key(shown.code.clone())
            .attr("role", "status")
            .with(p(shown.code.clone()).class("big-code"))
            .with(p(until))
            .with(p(words::CODE_HOW))
            .when(picture(&shown))
            .with(p(words::CODE_PRIVATE))
    }
}

/// The code as a picture for the other phone's camera; none if it is not of the shape that we send.
fn picture(code: &PairCode) -> Option<El> {
    let is_path = |c: u8| matches!(c, b'M' | b'h' | b'v' | b'z' | b'-' | b' ' | b'0'..=b'9');
    if !code.qr_path.bytes().all(is_path) {
        return None;
    }
    let size = code.qr_size.to_string();
    let svg = [
        "<svg viewBox=\"0 0 ", &size, " ", &size,
        "\" shape-rendering=\"crispEdges\"><path d=\"", &code.qr_path, "\"/></svg>",
    ];
    // Few are ever made, and each is as small as a page of text.
    let svg: &'static str = svg.concat().leak();
    Some(
        el("div")
            .class("qr")
            .attr("role", "img")
            .attr("aria-label", words::PICTURE)
            .html(svg),
    )
}

fn state_words(state: DeviceState) -> Option<Text> {
    match state {
        DeviceState::InUse => None,
        DeviceState::SignedOut => Some(words::SIGNED_OUT),
        DeviceState::Lost => Some(words::IS_LOST),
        DeviceState::Cleared => Some(words::CLEARED),
    }
}

/// On Today: phones that were added since this one was, until that was read here. Whoever holds
/// somebody's unlocked phone for a minute must not be able to add another one unseen.
pub(crate) fn news(ui: Ui, phones: Records) -> El {
    let status = ui.local.status.get();
    let found = phones.with(|found| found.as_deref().map(read::<Device>));
    let found = found.unwrap_or_default();
    let own = status.device.map(|device| device.0);
    let since = found.iter().find(|phone| Some(phone.id) == own);
    let since = since.map(|own| own.body.added_at.clone());
    let is_news = |phone: &&Seen<Device>| {
        let read = status.dismissed.contains(&phone.id.to_string());
        !read && since.as_ref().is_some_and(|since| phone.body.added_at > *since)
    };
    el("div")
        .class("cards")
        .each(found.iter().filter(is_news).map(|phone| {
            let gaps = [
                ("phone", phone.body.name.as_str()),
                ("name", phone.body.added_by.as_deref().unwrap_or_default()),
            ];
            let added = if phone.body.added_by.is_some() {
                words::NEWS_HELPED
            } else {
                words::NEWS
            };
            let id = phone.id.to_string();
            card()
                .key(id.clone())
                .class("card outline")
                .with(p(added.fill(&gaps)))
                .with(p(words::NEWS_UNDER))
                .with(link("/my-phone/phones", words::TITLE))
                .with(quiet_button(words::NEWS_OK, move || {
                    ask(ui, |phone| phone.dismiss(id.clone()));
                }))
        }))
}

/// For whoever looks first after a lost phone has cleared itself.
pub(crate) fn was_cleared(ui: Ui) -> El {
    card()
        .key("cleared")
        .class("card outline")
        .with(heading(words::WAS_CLEARED))
        .with(p(words::WAS_CLEARED_GONE))
        .with(p(words::WAS_CLEARED_SENT))
        .with(quiet_button(words::NEWS_OK, move || {
            ask(ui, |phone| phone.dismiss(crate::sync::store::CLEARED.to_owned()));
        }))
}
