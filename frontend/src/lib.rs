//! The browser shell.
use app::ui::{
    App, AppProps,
    local::{Local, PageData},
};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Starts the app.
#[wasm_bindgen(start)]
pub fn start() {
    leptos::mount::hydrate_body(|| {
        provide_context(Local::new(PageData::default(), None));
        App(AppProps { path: "/".into() })
    });
}
