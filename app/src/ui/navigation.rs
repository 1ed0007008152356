//! Going from screen to screen without loading a page: links of our own, the back button, the title
//! and the focus. Without script every link is a plain link.

use super::{
    Ui,
    local::{PageData, Problem},
    pages,
    parts::{act::run, load::whenever},
    route::Route,
    title,
};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, Event, HtmlAnchorElement, HtmlElement, MouseEvent},
};
use std::cell::Cell;

/// Listens to clicks on links and to the back button, for as long as the page lives.
pub(super) fn follow(ui: Ui) {
    whenever(move || {
        ui.fragment
            .set(window().location().hash().unwrap_or_default());
        window_event_listener_untyped("click", move |event| {
            if let Some(path) = link_to_follow(&event) {
                event.prevent_default();
                go(ui, &path);
            }
        });
        window_event_listener_untyped("popstate", move |_| show(ui));
    });
    let shown = Cell::new(false);
    whenever(move || {
        let route = ui.route.get();
        document().set_title(&ui.local.page.with_value(|page| title(&route.path(), page)));
        // The first screen leaves the reader where the browser put them.
        if shown.replace(true) {
            soon(focus_heading);
        }
    });
}

/// Goes to a screen of this app, or to a part of the one that is shown ("#note"): a new entry in the history.
pub(super) fn go(ui: Ui, address: &str) {
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
    }
    show(ui);
}

/// Goes to a screen in the place of this one: Back leads to what was before both.
pub(super) fn instead(ui: Ui, address: &str) {
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(address));
    }
    show(ui);
}

/// What the back button does.
pub(super) fn back() {
    if let Ok(history) = window().history() {
        let _ = history.back();
    }
}

/// A value of the address's query.
pub(super) fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    let pairs = search.trim_start_matches('?').split('&');
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(found, _)| *found == name)?;
    Some(value.to_owned())
}

/// Acts once what changes now is drawn.
pub(super) fn soon(act: fn()) {
    request_animation_frame(act);
}

/// Puts the reader at the start of what has just appeared.
pub(super) fn focus_heading() {
    begin_at("h1");
}

/// Puts the reader at the first element that `selector` finds, with the top of the page in sight.
pub(super) fn begin_at(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(found) = found {
        let _ = found.unchecked_into::<HtmlElement>().focus();
    }
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Shows what the address names, as soon as its screen is here.
fn show(ui: Ui) {
    let location = window().location();
    let route = Route::parse(&location.pathname().unwrap_or_default());
    if !pages::can_draw(&route) {
        return run(show_later(ui));
    }
    ui.trouble.set(None);
    ui.local.page.update_value(PageData::forget_form);
    ui.fragment.set(location.hash().unwrap_or_default());
    if ui.route.get_untracked() != route {
        ui.route.set(route);
    }
}

/// The screen that was there stays until the new one can be drawn. By then the address may be another.
async fn show_later(ui: Ui) {
    if pages::fetch().await {
        return show(ui);
    }
    // A newer server may have no part that fits this version: its own page will do. With no signal, that is said.
    if window().navigator().on_line() {
        let _ = window().location().reload();
    } else {
        ui.say(Problem::NoSignal);
    }
}

/// The address of a link to one of our own screens, if this click is a plain one on it.
fn link_to_follow(event: &Event) -> Option<String> {
    let click = event.dyn_ref::<MouseEvent>()?;
    if event.default_prevented()
        || click.button() != 0
        || click.ctrl_key()
        || click.meta_key()
        || click.shift_key()
        || click.alt_key()
    {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let own = link.origin() == window().location().origin().ok()?;
    if !own || link.has_attribute("download") || link.has_attribute("target") {
        return None;
    }
    let path = link.pathname();
    let on_this_page =
        !link.hash().is_empty() && Some(&path) == window().location().pathname().ok().as_ref();
    let screen = !matches!(Route::parse(&path), Route::NotFound(_));
    (screen && !on_this_page).then(|| path + &link.search() + &link.hash())
}
