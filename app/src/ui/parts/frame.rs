//! What stands around every screen: the name, Help now in its corner, notices, and the tabs.

use super::{button, icon, link, p};
use crate::{
    lang::{Text, en},
    ui::{
        Ui,
        el::{El, el, live},
        local::StoreState,
        pages,
        route::TABS,
    },
};
use leptos::prelude::*;

/// The frame with the screen in it.
pub(crate) fn frame(ui: Ui) -> El {
    el("div")
        .class("app")
        .with(link("#main", en::frame::SKIP).class("skip"))
        .with(
            el("header")
                .with(
                    link("/", icon::icon(icon::STAR))
                        .class("brand")
                        .with(el("span").with(en::frame::CHORUS)),
                )
                .with(hide(ui))
                .with(link("/help-now", en::frame::HELP_NOW).class("help-now")),
        )
        .with(
            el("main")
                .attr("id", "main")
                .attr("tabindex", "-1")
                .with(live(move || notices(ui)))
                .with(live(move || {
                    let route = ui.route.get();
                    if ui.locked.get() && !route.is_open() {
                        return untrack(|| pages::locked(ui)).key("locked");
                    }
                    untrack(|| pages::page(ui, &route)).key(route.path())
                })),
        )
        .with(live(move || {
            let route = ui.route.get();
            tabs(route.tab()).flag("hidden", route.is_one_thing())
        }))
}

/// Clears the screen in one tap. Before the app has opened it is a plain link to the same page.
fn hide(ui: Ui) -> El {
    link("/notes", en::hide::HIDE)
        .class("hide")
        .on("click", move |event| {
            if let Some(phone) = ui.local.phone() {
                event.prevent_default();
                phone.hide();
            }
        })
}

fn tabs(here: Option<usize>) -> El {
    const SHOWN: [(&str, Text); 4] = [
        (icon::HOME, en::tab::TODAY),
        (icon::PEOPLE, en::tab::TAKE_PART),
        (icon::PAGE, en::tab::MY_PLAN),
        (icon::TURN, en::tab::WHAT_CHANGED),
    ];
    let tab = |(place, (picture, name)): (usize, (&'static str, Text))| {
        let tab = link(TABS[place].path(), icon::icon(picture)).with(el("span").with(name));
        if here == Some(place) {
            tab.attr("aria-current", "page")
        } else {
            tab
        }
    };
    el("nav")
        .class("tabs")
        .attr("aria-label", en::frame::TABS)
        .each(SHOWN.into_iter().enumerate().map(tab))
}

/// What the person must know wherever they are. Empty when there is nothing.
fn notices(ui: Ui) -> El {
    let status = ui.local.status.get();
    let problem = match &status.store {
        StoreState::Fails(why) => Some(en::frame::STORE_FAILS.fill(&[("why", why)])),
        _ => ui.trouble.get(),
    };
    let update = status.update_ready.then(|| {
        el("div")
            .class("card")
            .with(p(en::frame::UPDATE))
            .with(button(en::frame::UPDATE_USE, move || {
                if let Some(phone) = ui.local.phone() {
                    phone.use_update();
                }
            }))
    });
    el("div")
        .class("notices")
        .with(
            el("div")
                .attr("role", "alert")
                .when(problem.map(|words| p(words).class("card outline"))),
        )
        .with(el("div").attr("role", "status").when(update))
}
