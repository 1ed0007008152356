//! Joining a group, and saying yes again to an agreement that has changed. Without script it is a plain form.

use super::{Screen, Stands, path, talk_path};
use crate::{
    domain::{
        command::Command,
        group::{Group, GroupAct, GroupState, InGroup},
        id::GroupId,
    },
    lang::{
        Text,
        en::{self, group as words},
    },
    ui::{
        Ui,
        el::{El, el},
        navigation::{focus_heading, soon},
        parts::{
            act::ask_then,
            card, field,
            form::{Fields, form_of},
            link, main_link, p, soft,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};

const FIELD: &str = "agreement";

/// The box to tick, and the button: under the agreement in full. `ask` says what is missing.
pub(super) fn form(
    ui: Ui,
    id: GroupId,
    group: &Group,
    does: Text,
    ask: RwSignal<Option<Text>>,
) -> El {
    let page = ui.local.page.get_value();
    let missing = ask.get().map(|ask| ask.get().to_owned());
    let missing = missing.or(page.form_problem.clone());
    let version = group.agreement.version.to_string();
    el("form")
        .key(["agree", &version].concat())
        .attr("method", "post")
        .attr("action", path(id))
        .attr("autocomplete", "off")
        .with(field::hidden(
            "form_id",
            page.form_id.map(|id| id.to_string()).unwrap_or_default(),
        ))
        .with(field::tick_as(FIELD, version, words::AGREE))
        .with(
            el("div")
                .attr("role", "alert")
                .when(missing.map(|ask| p(ask).class("card outline"))),
        )
        .with(
            el("button")
                .attr("type", "submit")
                .class("button main")
                .with(does),
        )
        .filled(&page.form_values)
        .on("submit", move |event| agreed(ui, id, &event, ask))
}

fn agreed(ui: Ui, id: GroupId, event: &Event, missing: RwSignal<Option<Text>>) {
    event.prevent_default();
    let Some(form) = form_of(event) else {
        return;
    };
    let agreement = Fields::of(&form, &[FIELD]).get(FIELD);
    let agreement = agreement.and_then(|version| version.parse().ok());
    if agreement.is_none() {
        return missing.set(Some(words::AGREE_FIRST));
    }
    missing.set(None);
    let joins = Command::from(InGroup {
        agreement,
        ..InGroup::new(GroupAct::Join, id)
    });
    ask_then(ui, |phone| phone.send(joins, None), |_| soon(focus_heading));
}

impl Screen {
    /// The way in, for whoever does not belong.
    pub(super) fn way_in(self, group: &Group, stands: &Stands) -> El {
        let is_out = matches!(stands, Stands::Out) && !self.joined_plainly();
        if group.state != GroupState::Open || !is_out {
            return el("div").key("none");
        }
        self.how_to_join(group)
            .attr("id", "join")
            .attr("tabindex", "-1")
    }

    fn how_to_join(self, group: &Group) -> El {
        let ui = self.ui;
        if ui.locked.get() {
            return card()
                .key("locked")
                .with(p(words::UNLOCK))
                .with(main_link(talk_path(self.id), words::UNLOCK_DO));
        }
        let (member, name) = (ui.local.status).with(|it| (it.member.is_some(), it.name.clone()));
        if !member && !ui.local.page.with_value(|page| page.joined) {
            return card()
                .key("chorus")
                .with(p(words::JOIN_CHORUS))
                .with(main_link("/join", words::JOIN_CHORUS_DO));
        }
        let seen = match name {
            Some(name) => soft(words::NAME_SEEN.fill(&[("name", &super::people::isolated(&name))])),
            None if member => soft(words::NAME_NONE)
                .with(std::borrow::Cow::Borrowed(" "))
                .with(link("/my-phone", en::my_phone::TITLE)),
            None => soft(words::NAME_PLAIN),
        };
        el("div")
            .key("join")
            .class("group")
            .with(soft(words::JOIN_UNDER))
            .with(seen)
            .with(form(ui, self.id, group, words::JOIN, self.ask))
    }
}
