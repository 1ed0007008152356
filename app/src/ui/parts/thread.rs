//! What was said about a shared thing, and the box for answering back. Any kind of shared thing uses it.

use super::{
    act::{ask, ask_then},
    field,
    form::{Fields, form_of, keep_draft, restore_draft},
    p, quiet_button, soft,
};
use crate::{
    domain::{
        care::Message,
        check_in::{AnswerBack, WithdrawAnswer},
        command::Command,
        id::CheckInId,
    },
    lang::{
        Text,
        en::{care as words, check_in, check_ins, state},
    },
    ui::{
        Ui,
        el::{El, el},
    },
};
use uuid::Uuid;

const FORM_ID: &str = "answer-back";
const FIELD: &str = "words";

/// What is talked about.
#[derive(Clone, Copy)]
pub(crate) struct About {
    /// Its id.
    pub(crate) id: Uuid,
    /// Who reads an answer.
    pub(crate) read_by: Text,
    /// What says an answer: about what, under which new id, and the words.
    pub(crate) says: fn(Uuid, Uuid, String) -> Command,
    /// What takes one back.
    pub(crate) takes_back: fn(Uuid, Uuid) -> Command,
}

impl About {
    /// A shared check-in.
    pub(crate) fn check_in(id: CheckInId) -> Self {
        Self {
            id: id.0,
            read_by: words::WATCHED,
            says: |id, message, words| {
                Command::AnswerBack(AnswerBack {
                    check_in: CheckInId(id),
                    message,
                    words,
                })
            },
            takes_back: |id, message| {
                Command::WithdrawAnswer(WithdrawAnswer {
                    check_in: CheckInId(id),
                    message,
                })
            },
        }
    }
}

/// The messages about it, and of the person's own words those that are on this phone alone.
pub(crate) fn thread(ui: Ui, about: About, said: &[Message], own: &[(String, String)]) -> El {
    let mut list = el("ul").class("thread");
    for one in said {
        list = list.with(message(ui, about, one));
    }
    for (id, text) in own {
        if !said
            .iter()
            .any(|one| one.id.to_string() == *id && one.text.is_some())
        {
            list = list.with(
                el("li")
                    .key(["own", id].concat())
                    .with(soft(words::KEPT_HERE).class("soft small"))
                    .with(p(text.clone()).class("typed")),
            );
        }
    }
    list
}

fn message(ui: Ui, about: About, one: &Message) -> El {
    let time = one
        .at
        .as_deref()
        .map_or_else(String::new, |at| ui.say_time(at));
    let head = match (&one.from, one.rang, &one.text, one.waits) {
        (Some(name), true, ..) => words::RANG.fill(&[("name", name), ("time", &time)]),
        (Some(name), ..) => words::SAID.fill(&[("name", name), ("time", &time)]),
        (None, _, None, _) => words::TAKEN_BACK.get().to_owned(),
        (None, .., Some(_)) => words::YOU_WROTE.get().to_owned(),
        (None, ..) => words::YOU_SAID.fill(&[("time", &time)]),
    };
    let id = one.id;
    let undo = match (&one.from, &one.text, one.waits) {
        (None, Some(_), Some(command)) => Some(quiet_button(check_in::DONT_SEND, move || {
            ask(ui, |phone| phone.dont_send(command));
        })),
        (None, Some(_), None) => Some(quiet_button(check_ins::TAKE_BACK, move || {
            let gone = (about.takes_back)(about.id, id);
            ask(ui, |phone| phone.send(gone, None));
        })),
        _ => None,
    };
    let class = match (&one.from, one.waits) {
        (Some(_), _) => "",
        (None, None) => "own",
        (None, Some(_)) => "own unsent",
    };
    el("li")
        .key(id.to_string())
        .class(class)
        .with(soft(head).class("soft small"))
        .when(one.text.clone().map(|text| p(text).class("typed")))
        .when(one.waits.map(|_| p(state::NOT_YET)))
        .when(undo)
}

/// Gives back what was typed in the box before.
pub(crate) fn open_answer(ui: Ui, about: Uuid) {
    restore_draft(ui, draft(about), FORM_ID, |_| {});
}

/// The box for answering back; `done` puts it away.
pub(crate) fn answer(ui: Ui, about: About, done: impl Fn() + Copy + Send + 'static) -> El {
    let typed = move |event: leptos::web_sys::Event| {
        if let Some(form) = form_of(&event) {
            keep_draft(ui, &draft(about.id), &Fields::of(&form, &[FIELD]));
        }
    };
    let submit = move |event: leptos::web_sys::Event| {
        event.prevent_default();
        let (Some(form), Some(phone)) = (form_of(&event), ui.local.phone()) else {
            return;
        };
        let Some(words) = Fields::of(&form, &[FIELD]).get(FIELD) else {
            return;
        };
        let answer = (about.says)(about.id, phone.new_id(), words);
        let draft = Some(draft(about.id));
        ask_then(ui, |phone| phone.send(answer, draft), move |_| done());
    };
    el("form")
        .attr("method", "dialog")
        .attr("id", FORM_ID)
        .with(field::long(FIELD, words::WORDS, "answer-watched"))
        .with(soft(about.read_by))
        .with(
            el("button")
                .attr("type", "submit")
                .class("button main")
                .with(words::SEND),
        )
        .with(super::button(words::NOT_NOW, done))
        .on("input", typed)
        .on("submit", submit)
}

/// The name of the draft of an answer.
pub(crate) fn draft(about: Uuid) -> String {
    ["answer/", &about.to_string()].concat()
}
