//! My phones: which ones they are, ending one from another, and a code that adds one.
//!
//! Records and codes are read field by field here: a phone downloads a type's own reader, and these are
//! shown and nothing else.

use crate::{
    domain::{command::Command, id::DeviceId, record::kind},
    json,
    lang::{Text, en::phones as words},
    ui::{
        Ui,
        el::{El, el, live},
        local::{CLEARED, LEFT, PAIR, PhoneStatus, Sent},
        parts::{
            act::{ask, sure},
            button, card, empty, heading, link,
            load::{Records, records},
            p, page as screen, quiet_button, soft,
        },
        when,
    },
};
use leptos::prelude::*;
use serde_json::Value;
use uuid::Uuid;

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    phones: Records,
    /// What is asked before it is done: `sign_out` or `lost`, and the phone's id.
    asked: RwSignal<Option<String>>,
}

/// A phone as its record says (`domain::device::Device`).
struct Shown {
    id: Uuid,
    body: Value,
    sent: Sent,
}

impl Shown {
    /// A field; empty if it is not there.
    fn get(&self, field: &str) -> &str {
        text(&self.body, field)
    }
}

pub(super) fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn shown(phones: Records) -> Vec<Shown> {
    let mut all = Vec::new();
    phones.with(|found| {
        for seen in found.as_deref().unwrap_or_default() {
            if let Some(body) = json::read(&seen.body) {
                let (id, sent) = (seen.id, seen.sent);
                all.push(Shown { id, body, sent });
            }
        }
    });
    all
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        phones: records(ui, kind::DEVICE),
        asked: RwSignal::new(None),
    };
    screen(words::TITLE).with(live(move || it.draw(&ui.local.status.get())))
}

impl Screen {
    fn draw(self, status: &PhoneStatus) -> El {
        if status.member.is_none() {
            return el("div").key("nobody").with(empty(words::NOBODY));
        }
        let own = status.device.map(|device| device.0);
        let phones = shown(self.phones);
        let mut list = el("ul").class("cards");
        // This one first; the others as they came.
        for first in [true, false] {
            for phone in &phones {
                if (Some(phone.id) == own) == first {
                    list = list.with(self.one(phone, first));
                }
            }
        }
        el("div")
            .key("joined")
            .class("group")
            .with(list)
            .with(heading(words::ADD))
            .with(self.add(status))
    }

    fn one(self, phone: &Shown, is_own: bool) -> El {
        let seen = words::LAST_SEEN.fill(&[("day", &when::date(phone.get("last_seen")))]);
        let by = |field, words: Text| {
            let name = phone.get(field);
            (!name.is_empty()).then(|| soft(words.fill(&[("name", name)])))
        };
        let waits = matches!(phone.sent, Sent::NotYet(_) | Sent::Sending(_));
        let state = match phone.get("state") {
            "signed_out" => Some(words::SIGNED_OUT),
            "lost" => Some(words::IS_LOST),
            "cleared" => Some(words::CLEARED),
            _ => None,
        };
        let acts = if is_own {
            link("/my-phone/leave", words::LEAVE)
        } else {
            self.acts(phone)
        };
        let about = card()
            .with(el("h2").with(phone.get("name").to_owned()))
            .when(is_own.then(|| el("p").class("tag").with(words::THIS_ONE)))
            .when(state.map(p))
            .when(waits.then(|| soft(words::WAITS)))
            .when((!is_own).then(|| soft(seen)))
            .when(by("added_by", words::ADDED_BY))
            .when(by("lost_by", words::LOST_BY))
            .with(acts);
        el("li").key(phone.id.to_string()).with(about)
    }

    fn acts(self, phone: &Shown) -> El {
        let Self { ui, asked, .. } = self;
        let id = phone.id;
        let question = |what: &str| [what, &id.to_string()].concat();
        let asks = asked.get().unwrap_or_default();
        let lost = asks == question(LOST);
        if lost || asks == question(SIGN_OUT) {
            let words = if lost {
                [words::LOST_SURE, words::LOST_YES, words::NO]
            } else {
                [words::SIGN_OUT_SURE, words::SIGN_OUT_YES, words::NO]
            };
            return sure(
                words,
                move || asked.set(None),
                move || {
                    let id = DeviceId(id);
                    let command = if lost {
                        Command::LoseDevice(id)
                    } else {
                        Command::SignOutDevice(id)
                    };
                    ask(ui, |phone| phone.send(command, None));
                },
            );
        }
        let can = |is: bool, words, what| {
            let question = question(what);
            is.then(|| quiet_button(words, move || asked.set(Some(question.clone()))))
        };
        let state = phone.get("state");
        let in_use = state == "in_use";
        el("div")
            .key("ask")
            .class("group")
            .when(can(in_use, words::SIGN_OUT, SIGN_OUT))
            .when(can(in_use || state == "signed_out", words::LOST, LOST))
    }

    fn add(self, status: &PhoneStatus) -> El {
        let ui = self.ui;
        match status.code.as_deref().and_then(json::read) {
            Some(code) if is_open(ui, &code) => with_code(ui, &code),
            _ => {
                card()
                    .key("add")
                    .with(p(words::ADD_UNDER))
                    .with(button(words::ADD_DO, move || {
                        ask(ui, |phone| phone.ask_once(PAIR));
                    }))
            }
        }
    }
}

const SIGN_OUT: &str = "sign_out ";
const LOST: &str = "lost ";

fn is_open(ui: Ui, code: &Value) -> bool {
    let phone = ui.local.phone();
    phone.is_some_and(|phone| {
        let ends = phone.parse_time(text(code, "ends_at"));
        ends.is_some_and(|at| phone.now() < at)
    })
}

fn with_code(ui: Ui, code: &Value) -> El {
    let digits = text(code, "code").to_owned();
    let until = words::UNTIL.fill(&[("time", &ui.say_time(text(code, "ends_at")))]);
    card()
        .key(digits.clone())
        .attr("role", "status")
        .with(p(digits).class("big-code"))
        .with(p(until))
        .with(p(words::CODE_HOW))
        .when(picture(code))
        .with(p(words::CODE_PRIVATE))
}

/// The code as a picture for the other phone's camera; none if it is not of the shape that we send.
fn picture(code: &Value) -> Option<El> {
    let path = text(code, "qr_path");
    let is_path = |c: u8| matches!(c, b'M' | b'h' | b'v' | b'z' | b'-' | b' ' | b'0'..=b'9');
    if !path.bytes().all(is_path) {
        return None;
    }
    let size = code.get("qr_size").and_then(Value::as_u64)?.to_string();
    let svg = [
        "<svg viewBox=\"0 0 ",
        &size,
        " ",
        &size,
        "\" shape-rendering=\"crispEdges\"><path d=\"",
        path,
        "\"/></svg>",
    ];
    // Few are ever made, and each is as small as a page of text.
    let svg: &'static str = svg.concat().leak();
    let picture = el("div").class("qr").attr("role", "img");
    Some(picture.attr("aria-label", words::PICTURE).html(svg))
}

/// On Today: phones that were added since this one was, until that was read here. Whoever holds
/// somebody's unlocked phone for a minute must not be able to add another one unseen.
pub(crate) fn news(ui: Ui, phones: Records) -> El {
    let status = ui.local.status.get();
    let all = shown(phones);
    let own = status.device.map(|device| device.0);
    let mut news = el("div").class("cards");
    for own in all.iter().filter(|phone| Some(phone.id) == own) {
        for phone in &all {
            // A phone that comes again is news again.
            let id = [&phone.id.to_string(), " ", phone.get("added_at")].concat();
            if phone.get("added_at") > own.get("added_at") && !status.dismissed.contains(&id) {
                news = news.with(was_added(ui, phone, id));
            }
        }
    }
    news
}

fn was_added(ui: Ui, phone: &Shown, id: String) -> El {
    let name = phone.get("added_by");
    let words = if name.is_empty() {
        words::NEWS
    } else {
        words::NEWS_HELPED
    };
    card()
        .key(id.clone())
        .class("card outline")
        .with(p(
            words.fill(&[("phone", phone.get("name")), ("name", name)])
        ))
        .with(p(words::NEWS_UNDER))
        .with(link("/my-phone/phones", words::TITLE))
        .with(read_it(ui, id))
}

/// For whoever looks first after this phone has cleared itself, and why it did.
pub(crate) fn was_cleared(ui: Ui, why: &str) -> El {
    let [title, gone, sent] = if why == LEFT {
        [words::HAS_LEFT, words::HAS_LEFT_GONE, words::HAS_LEFT_BYE]
    } else {
        [
            words::WAS_CLEARED,
            words::WAS_CLEARED_GONE,
            words::WAS_CLEARED_SENT,
        ]
    };
    let unsent = match why {
        "" | "0" | LEFT => None,
        "1" => Some(p(words::WAS_CLEARED_ONE)),
        count => Some(p(words::WAS_CLEARED_MANY.fill(&[("count", count)]))),
    };
    card()
        .key("cleared")
        .class("card outline")
        .with(heading(title))
        .with(p(gone))
        .when(unsent)
        .with(p(sent))
        .with(read_it(ui, CLEARED.to_owned()))
}

fn read_it(ui: Ui, what: String) -> El {
    quiet_button(words::NEWS_OK, move || {
        ask(ui, |phone| phone.dismiss(what.clone()));
    })
}
