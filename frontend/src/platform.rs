//! The browser's edges, as the boot script (`frontend/static/boot.js`) offers them on
//! `globalThis.chorus`: a few lines there are kilobytes of bindings here.
//!
//! Nothing in this file decides anything.

use app::domain::time::Millis;
use js_sys::{Date, Function};
use uuid::{Builder, Uuid};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The path of the page, without the query.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn path() -> String;

    /// The build that the boot script belongs to.
    #[wasm_bindgen(thread_local_v2, js_name = chorusBuild)]
    pub static BUILD: String;

    /// The members' words, a line each: see `app::lang::speak`.
    #[wasm_bindgen(thread_local_v2, js_name = chorusWords)]
    pub static WORDS: String;

    /// The words of the screens that are not Today, once they have come: see `app::lang::ask_for_more`.
    #[wasm_bindgen(js_namespace = chorus, js_name = moreWords)]
    pub fn more_words() -> Option<String>;

    /// The organisation's own words, as lines: see `app::domain::wording`.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn wording() -> String;

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

    /// Hears of the world, by name: see `driver::Driver::hear`.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn listen(listener: &Closure<dyn Fn(String)>);

    /// Whether the page can be seen.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn visible() -> bool;

    /// Tells the other tabs something, which they hear by this name.
    #[wasm_bindgen(js_namespace = chorus, js_name = tellTabs)]
    pub fn tell_tabs(news: &str);

    /// Takes everything off the screen, or shows it again.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn cover(on: bool);

    /// Loads the page anew: nothing of this one stays in memory.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn reload();

    /// Tells the server's pages that there is a PIN on this phone.
    #[wasm_bindgen(js_namespace = chorus, js_name = markPin)]
    pub fn mark_pin(on: bool);

    /// Leaves for a plain page, and takes its address in place of those of this visit.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn hide(to: &str, title: &str);

    /// While something typed is not kept yet, a new version does not reload the page.
    #[wasm_bindgen(js_namespace = chorus, js_name = setUnsaved)]
    pub fn set_unsaved(unsaved: bool);

    /// Has the server take this browser for nobody's, until its session is ended.
    #[wasm_bindgen(js_namespace = chorus, js_name = leaveBehind)]
    pub fn leave_behind();

    /// Looks for a new version.
    #[wasm_bindgen(js_namespace = chorus, js_name = checkForUpdate)]
    pub fn check_for_update();

    /// Loads a page anew, in place of this one: nothing in memory outlives it.
    #[wasm_bindgen(js_namespace = chorus, js_name = startAnew)]
    pub fn start_anew(path: &str);

    /// Reloads, into the new version if one waits.
    #[wasm_bindgen(js_namespace = chorus, js_name = useUpdate)]
    pub fn use_update();

    /// Shows the browser's own install prompt; false if it has none.
    #[wasm_bindgen(js_namespace = chorus)]
    pub fn install() -> bool;

    /// Whether the last write that failed found no room.
    #[wasm_bindgen(js_namespace = chorus, js_name = storeIsFull)]
    pub fn store_is_full() -> bool;

    #[wasm_bindgen(js_namespace = chorus, js_name = wakeIn)]
    fn set_timer(ms: f64);

    #[wasm_bindgen(js_namespace = chorus, js_name = sayTime)]
    fn say(at: f64) -> String;

    #[wasm_bindgen(js_namespace = chorus, js_name = daysTo)]
    fn whole_days_to(at: f64) -> i32;

    #[wasm_bindgen(js_namespace = chorus, js_name = pause, catch)]
    async fn wait(ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, js_name = lock, catch)]
    async fn ask_lock(name: &str, wait: bool) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, js_name = post, catch)]
    async fn ask(path: &str, body: &str, limit_ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, js_name = pin, catch)]
    async fn ask_pin(what: &str, arguments: &js_sys::Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, js_name = aside, catch)]
    async fn ask_aside(what: &str, arguments: &js_sys::Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, js_name = persisted, catch)]
    async fn ask_persisted() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = chorus, js_name = persist, catch)]
    async fn ask_persist() -> Result<JsValue, JsValue>;
}

/// The clock.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
pub fn now() -> Millis {
    Date::now() as Millis
}

/// A new UUIDv7.
#[expect(clippy::cast_sign_loss, reason = "phones live after 1970")]
pub fn new_id() -> Uuid {
    let [_, _, _, _, _, _, random @ ..] = Uuid::new_v4().into_bytes();
    Builder::from_unix_timestamp_millis(now() as u64, &random).into_uuid()
}

/// RFC 3339 to milliseconds; none if it is no time.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
pub fn parse_time(rfc3339: &str) -> Option<Millis> {
    let at = Date::parse(rfc3339);
    (!at.is_nan()).then_some(at as Millis)
}

/// An instant in the person's own time and words.
pub fn say_time(at: Millis) -> String {
    say(float(at))
}

/// How many days an instant is from today by this phone's calendar: 1 is tomorrow.
pub fn days_to(at: Millis) -> i32 {
    whole_days_to(float(at))
}

/// Sets the one timer; a new call replaces the last.
pub fn wake_in(ms: Millis) {
    set_timer(float(ms.max(0)));
}

/// Waits.
pub async fn pause(ms: Millis) {
    // A page that is going away may never hear of it, which is as good.
    let _ = wait(float(ms)).await;
}

/// A Web Lock, held until it is dropped.
pub struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Takes a Web Lock; none if the browser would not, or if it is held and `wait` is false.
pub async fn lock(name: &str, wait: bool) -> Option<Lock> {
    let release = ask_lock(name, wait).await.ok()?;
    release.dyn_into().ok().map(Lock)
}

/// What a server answered.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub text: String,
    /// The `Retry-After` header in seconds.
    pub retry_after_s: Option<i64>,
}

/// Posts JSON; none when no whole answer came within the limit.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a status, and seconds as the header gave them"
)]
pub async fn post(path: &str, body: &str, limit_ms: Millis) -> Option<Answer> {
    let answer: js_sys::Array = ask(path, body, float(limit_ms))
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    Some(Answer {
        status: answer.get(0).as_f64()? as u16,
        text: answer.get(1).as_string()?,
        retry_after_s: answer.get(2).as_f64().map(|seconds| seconds as i64),
    })
}

/// Asks what a PIN needs of the browser (`frontend/static/lock.js`); none if it could not be done.
pub async fn pin(what: &str, arguments: &[&str]) -> Option<JsValue> {
    ask_pin(what, &list(arguments)).await.ok()
}

/// Asks a script that few phones run (`frontend/static/copy.js`, `remind.js`); none if it could not be done.
pub async fn aside(what: &str, arguments: &[&str]) -> Option<JsValue> {
    ask_aside(what, &list(arguments)).await.ok()
}

fn list(arguments: &[&str]) -> js_sys::Array {
    let list = js_sys::Array::new();
    for argument in arguments {
        list.push(&JsValue::from_str(argument));
    }
    list
}

/// The texts of a list; an empty one for what is no text.
pub fn texts(list: JsValue) -> Option<Vec<Option<String>>> {
    let list: js_sys::Array = list.dyn_into().ok()?;
    Some(list.iter().map(|text| text.as_string()).collect())
}

/// Whether the browser promised to keep the data.
pub async fn persisted() -> Option<bool> {
    ask_persisted().await.ok()?.as_bool()
}

/// Asks the browser to promise.
pub async fn persist() -> Option<bool> {
    ask_persist().await.ok()?.as_bool()
}

#[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
fn float(ms: Millis) -> f64 {
    ms as f64
}
