//! Saying something about a phrase, and writing to the group about what somebody said. What is typed is kept as it is
//! typed, and given back.

use super::{Screen, View, group_name};
use crate::{
    domain::{
        command::Command,
        id::{DocumentId, PhraseId, SuggestionId},
        words::{
            DocumentState, Phrase, draft_name,
            suggestion::{Says, Send, ShownAs},
        },
    },
    lang::{
        Text,
        en::{care, our_words as words},
    },
    ui::{
        Ui,
        el::{El, el},
        parts::{
            act::ask_then,
            button, field,
            form::{Fields, form_of, keep_draft, restore_draft},
            link, nobody_watches, p, soft,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};

const FORM_ID: &str = "suggestion";
const COMMENT_ID: &str = "suggestion-comment";
const WATCHED: &str = "suggestion-watched";
const FIELDS: [&str; 4] = ["feels", "instead", "why", "shown_as"];

/// Gives back what was begun about a phrase.
pub(super) fn give_back(ui: Ui, document: DocumentId, phrase: PhraseId) {
    restore_draft(ui, draft_name(document, phrase), FORM_ID, |_| {});
}

/// Gives back what was begun to the group.
pub(super) fn give_back_comment(ui: Ui, id: SuggestionId) {
    restore_draft(ui, comment_draft(id), COMMENT_ID, |_| {});
}

fn comment_draft(id: SuggestionId) -> String {
    ["comment/", &id.to_string()].concat()
}

/// The form in which something that was refused can be changed and sent again: its draft's name, what stood in it, and
/// where it is.
pub(in super::super) fn again(it: &Send) -> (String, Fields, String) {
    let mut fields = Fields::default();
    fields.put("feels", it.feels.as_deref());
    fields.put("instead", it.instead.as_deref());
    fields.put("why", it.why.as_deref());
    fields.put("shown_as", Some(it.shown_as.word()));
    let draft = draft_name(it.document, it.phrase);
    (draft, fields, super::path(it.document))
}

/// The same of what was written to the group: the document that it was about is not known from here.
pub(in super::super) fn comment_again(id: SuggestionId, said: &str) -> (String, Fields, String) {
    let mut fields = Fields::default();
    fields.put("words", Some(said));
    (comment_draft(id), fields, "/our-words".to_owned())
}

fn area(name: &'static str, label: Text) -> El {
    el("label")
        .class("field")
        .with(el("span").class("label").with(label))
        .with(
            el("textarea")
                .attr("name", name)
                .attr("rows", "3")
                .attr("maxlength", "4000")
                .attr("dir", "auto")
                .attr("aria-describedby", WATCHED),
        )
}

fn submit(words: Text) -> El {
    el("button")
        .attr("type", "submit")
        .class("button main")
        .with(words)
}

impl Screen {
    /// The form about a phrase, or why there is none.
    pub(super) fn say(self, view: &View, phrase: &Phrase) -> El {
        let frame = el("div").class("group");
        if view.document.state == DocumentState::Closed {
            return frame.key("closed").with(soft(words::CLOSED));
        }
        if self.ui.local.status.with(|status| status.member.is_none()) {
            return frame
                .key("nobody")
                .with(p(words::JOIN_FIRST))
                .with(link("/join", crate::lang::en::join::TITLE));
        }
        let group = group_name(self, view.document.group);
        let who = match &group {
            Some(group) => words::WHO_GROUP.fill(&[("group", group)]),
            None => words::WHO.get().to_owned(),
        };
        let ask = self.ask.get().then(|| p(words::ASK));
        let names = [
            (ShownAs::None, words::SHOW_NONE),
            (ShownAs::Initials, words::SHOW_INITIALS),
            (ShownAs::Name, words::SHOW_NAME),
        ];
        let names = names.map(|(shown, name)| field::choice("shown_as", shown.word(), name));
        let (id, version) = (phrase.id, view.document.version);
        let was = phrase.text.clone();
        let form = el("form")
            .attr("method", "dialog")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .with(area("feels", words::FEELS))
            .with(area("instead", words::INSTEAD))
            .with(area("why", words::WHY))
            .with(nobody_watches(WATCHED))
            .with(field::choices(words::SHOW, Some(words::SHOW_WHY)).each(names))
            .with(soft(who).class("soft small"))
            .with(el("div").attr("role", "alert").when(ask))
            .with(submit(words::SEND))
            .on("input", move |event| self.typed(&event, id))
            .on("submit", move |event| {
                self.sent(&event, id, (version, &was))
            });
        frame.key(id.to_string()).with(form)
    }

    fn typed(self, event: &Event, phrase: PhraseId) {
        if let Some(form) = form_of(event) {
            keep_draft(
                self.ui,
                &draft_name(self.id, phrase),
                &Fields::of(&form, &FIELDS),
            );
        }
    }

    /// Sends what stands in the form. With neither how it feels nor other words, it asks for one of them.
    fn sent(self, event: &Event, phrase: PhraseId, (version, was): (u32, &str)) {
        event.prevent_default();
        let (Some(form), Some(phone)) = (form_of(event), self.ui.local.phone()) else {
            return;
        };
        let fields = Fields::of(&form, &FIELDS);
        let (feels, instead) = (fields.get("feels"), fields.get("instead"));
        if feels.is_none() && instead.is_none() {
            return self.ask.set(true);
        }
        self.ask.set(false);
        let shown_as = fields.get("shown_as");
        let shown_as = shown_as.and_then(|word| ShownAs::of_word(&word));
        let said = Says::Send(Box::new(Send {
            suggestion: SuggestionId(phone.new_id()),
            document: self.id,
            phrase,
            version,
            was: was.to_owned(),
            feels,
            instead,
            why: fields.get("why"),
            shown_as: shown_as.unwrap_or(ShownAs::None),
        }));
        let draft = Some(draft_name(self.id, phrase));
        ask_then(
            self.ui,
            |phone| phone.send(Command::from(said), draft),
            move |_| form.reset(),
        );
    }
}

/// The box for writing to the group about a suggestion; `done` puts it away.
pub(super) fn comment(
    ui: Ui,
    id: SuggestionId,
    done: impl Fn() + Copy + std::marker::Send + 'static,
) -> El {
    const WORDS: &str = "words";
    let typed = move |event: Event| {
        if let Some(form) = form_of(&event) {
            keep_draft(ui, &comment_draft(id), &Fields::of(&form, &[WORDS]));
        }
    };
    let submit_it = move |event: Event| {
        event.prevent_default();
        let (Some(form), Some(phone)) = (form_of(&event), ui.local.phone()) else {
            return;
        };
        let Some(said) = Fields::of(&form, &[WORDS]).get(WORDS) else {
            return;
        };
        let said = Says::Comment(id, phone.new_id(), said);
        let draft = Some(comment_draft(id));
        ask_then(
            ui,
            |phone| phone.send(Command::from(said), draft),
            move |_| done(),
        );
    };
    el("form")
        .key(id.to_string())
        .attr("method", "dialog")
        .attr("id", COMMENT_ID)
        .attr("autocomplete", "off")
        .with(field::long(WORDS, words::COMMENT_WORDS, "comment-watched"))
        .with(soft(words::COMMENT_WHO).class("soft small"))
        .with(submit(words::COMMENT_SEND))
        .with(button(care::NOT_NOW, done))
        .on("input", typed)
        .on("submit", submit_it)
}
