//! What I want to be called: a part of My phone. It works with no signal; what is typed is kept.

use crate::{
    domain::{command::Command, id::MemberId, member::Rename},
    lang::en::{care, join, my_phone as words},
    ui::{
        Ui,
        el::{El, el},
        parts::{
            act::ask_then,
            button, field,
            form::{Fields, fill, form_of, keep_draft, restore_draft},
            quiet_button, soft,
        },
    },
};
use leptos::prelude::*;

const FORM_ID: &str = "name";
const FIELD: &str = "name";
/// The draft's name.
const DRAFT: &str = "name";

/// The way to change it, or the form where that was pressed.
pub(super) fn change(ui: Ui, member: MemberId, naming: RwSignal<bool>) -> El {
    if naming.get() {
        return form(ui, member, naming).key("naming");
    }
    quiet_button(words::CHANGE_NAME, move || {
        naming.set(true);
        let name = ui.local.status.with_untracked(|status| status.name.clone());
        restore_draft(ui, DRAFT.to_owned(), FORM_ID, move |form| {
            let mut now = Fields::default();
            now.put(FIELD, name.as_deref());
            fill(form, &now);
        });
    })
    .key("name")
}

fn form(ui: Ui, member: MemberId, naming: RwSignal<bool>) -> El {
    let typed = move |event: leptos::web_sys::Event| {
        if let Some(form) = form_of(&event) {
            keep_draft(ui, DRAFT, &Fields::of(&form, &[FIELD]));
        }
    };
    let submit = move |event: leptos::web_sys::Event| {
        event.prevent_default();
        let Some(form) = form_of(&event) else {
            return;
        };
        let name = Fields::of(&form, &[FIELD]).get(FIELD);
        ask_then(
            ui,
            |phone| {
                let rename = Command::Rename(Rename { member, name });
                phone.send(rename, Some(DRAFT.to_owned()))
            },
            move |_| naming.set(false),
        );
    };
    el("form")
        .attr("method", "dialog")
        .attr("id", FORM_ID)
        .attr("autocomplete", "off")
        .with(field::short(FIELD, join::NAME))
        .with(soft(join::NAME_WHY))
        .with(soft(words::NAME_GOES))
        .with(
            el("button")
                .attr("type", "submit")
                .class("button main")
                .with(words::KEEP_NAME),
        )
        .with(button(care::NOT_NOW, move || naming.set(false)))
        .on("input", typed)
        .on("submit", submit)
}
