//! The browser's edges, as the boot script (`frontend/static/boot.js`) offers them on
//! `globalThis.chorus`: a few lines there are kilobytes of bindings here.
//!
//! Nothing in this file decides anything.

use js_sys::Array;
use std::cell::Cell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The path of the page, without the query.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn path() -> String;

    /// The JSON that came with a page of the server.
    #[wasm_bindgen(js_namespace = chorus, js_name = pageData)]
    pub fn page_data() -> Option<String>;

    /// Whether this build rendered the page on the server. If not, the body is empty now.
    #[wasm_bindgen(js_namespace = chorus, js_name = renderedByServer)]
    pub fn rendered_by_server() -> bool;

    /// What was typed or chosen before the app was there.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn typed() -> JsValue;

    /// Gives the fields back what was typed, and tells the app.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn retype(typed: JsValue);

    /// Hears of the world: see [`super::driver::Event::named`].
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn listen(listener: &Closure<dyn Fn(String)>);

    /// Whether the page can be seen.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn visible() -> bool;

    /// Sets the one timer; a new call replaces the last.
    #[wasm_bindgen(js_namespace = chorus, js_name = wakeIn)]
    pub fn wake_in(ms: f64);

    /// Tells the other tabs that something changed.
    #[wasm_bindgen(js_namespace = chorus, js_name = tellTabs)]
    pub fn tell_tabs();

    #[wasm_bindgen(js_namespace = chorus, catch)]
    async fn pause(ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, catch)]
    async fn lock(name: &str, wait: bool) -> Result<JsValue, JsValue>;

    /// `[status, text, retry after in seconds or undefined]`, or an error when there was no answer.
    #[wasm_bindgen(js_namespace = chorus, catch)]
    pub async fn post(path: &str, body: &str, limit_ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, catch, js_name = persisted)]
    async fn ask_persisted() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, catch, js_name = persist)]
    async fn ask_persist() -> Result<JsValue, JsValue>;
