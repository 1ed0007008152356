//! The browser shell: what the screens (`app::ui`) and the replica (`app::sync`) need of a browser.
//!
//! `driver` is the one event loop; `store` is IndexedDB, with `seal` before it where there is a PIN; `transport` is the network; `phone` is what
//! screens may ask for; `platform` names what the boot script offers. Nothing here decides what is
//! sent or shown: that is the replica's and the screens'.

mod drafts;
mod driver;
mod later;
mod own;
mod phone;
mod pin;
mod platform;
mod seal;
mod session;
mod show;
mod store;
mod transport;
mod words;

use app::{
    domain::time::Millis,
    json,
    lang::{self, Own},
    sync::rows,
    ui::{
        self, App, AppProps,
        local::{Local, PageData},
    },
};
use driver::Driver;
use leptos::{mount, prelude::*};
use phone::Browser;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// How long after a load that was cut.
const TRY_AGAIN_MS: Millis = 2_000;

/// Starts the app: takes over the page that this build's server rendered, or draws it anew. Until the
/// part of the app that its screen is in has come, the page from the server works as it is.
#[wasm_bindgen(start)]
pub fn start() {
    lang::speak(platform::WORDS.with(Clone::clone));
    lang::ask_for_more(platform::more_words);
    Own::read(&platform::wording(), |words| words.to_owned().leak()).speak();
    spawn_local(async {
        while !ui::ready_for(&platform::path()).await {
            platform::pause(TRY_AGAIN_MS).await;
        }
        mount();
    });
}

fn mount() {
    let typed = platform::typed();
    if platform::rendered_by_server() {
        mount::hydrate_body(app);
    } else {
        mount::mount_to_body(app);
    }
    platform::retype(typed);
}

fn app() -> impl IntoView {
    let page: Option<PageData> = platform::page_data().and_then(|page| json::read(&page));
    let local = Local::new(page.unwrap_or_default(), None);
    provide_context(local);
    let driver = Driver::start(local);
    local.set_phone(Rc::new(Browser::new(driver)));
    App(AppProps {
        path: platform::path(),
    })
}
