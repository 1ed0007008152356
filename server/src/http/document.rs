//! The document around the member screens: the head, the page's public data, and the app as the
//! server renders it. It holds nothing personal but the name of a joined member's own team.
//!
//! Rendering is one synchronous call: the screens use no resources on the server, so there is
//! nothing to wait for, nothing to stream, and no script of the framework's own in the page
//! (decision 006).

use super::assets::Assets;
use app::{
    lang::en,
    ui::{
        App, AppProps,
        local::{Local, PageData},
    },
};
use axum::http::HeaderValue;
use leptos::prelude::{IntoView, Owner, RenderHtml, provide_context};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A page of the app at one address.
pub struct Page<'a> {
    /// Where its files are.
    pub assets: &'a Assets,
    /// Fresh for each answer.
    pub nonce: &'a str,
    /// The path without the query.
    pub path: &'a str,
    /// The page's title.
    pub title: &'a str,
    /// What the first screens are drawn from, here and again in the browser.
    pub data: PageData,
}

impl Page<'_> {
    /// The whole document. `data-ssr` says which build drew the body, so that only the same build
    /// takes it over.
    pub fn render(self) -> Markup {
        let data = script_safe_json(&self.data);
        let body = render_app(self.path.to_owned(), self.data);
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    (head(self.assets, self.title))
                    script type="application/json" id="page-data" nonce=(self.nonce) { (PreEscaped(data)) }
                    script type="module" nonce=(self.nonce) src=(self.assets.url("boot.js")) {}
                }
                body data-ssr=(self.assets.build()) { (PreEscaped(body)) }
            }
        }
    }

    /// What the page may load and run: only its own, and only the scripts that this answer names.
    pub fn security_policy(nonce: &str) -> HeaderValue {
        HeaderValue::from_str(&policy(&format!("'nonce-{nonce}' 'self'")))
            .expect("a nonce is base64 of this process, which a header may hold")
    }
}

/// The document that the service worker keeps and gives for every address when there is no signal.
/// It has no script of its own and no data: the app draws everything.
pub fn shell(assets: &Assets) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (head(assets, en::desk::APP_NAME.get()))
                script type="module" src=(assets.url("boot.js")) {}
            }
            body {
                main {
                    p { (en::desk::SHELL_OPENING.get()) }
                    p { a href="/help-now" { (en::HELP_NOW.get()) } }
                }
            }
        }
    }
}

/// What the shell may load and run.
pub fn shell_security_policy() -> HeaderValue {
    HeaderValue::from_str(&policy("'self'")).expect("the policy is plain words")
}

fn policy(scripts: &str) -> String {
    format!(
        "default-src 'self'; script-src {scripts} 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

fn head(assets: &Assets, title: &str) -> Markup {
    html! {
        meta charset="utf-8";
        title { (title) }
        meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
        meta name="description" content=(en::desk::APP_DESCRIPTION.get());
        meta name="color-scheme" content="light dark";
        meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbf6ee";
        meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14191a";
        // Telephone numbers are links where they are meant to be.
        meta name="format-detection" content="telephone=no";
        link rel="stylesheet" href=(assets.url("style.css"));
        link rel="manifest" href="/manifest.webmanifest";
        link rel="icon" type="image/png" href=(assets.url("icons/icon-192.png"));
        link rel="apple-touch-icon" href=(assets.url("icons/maskable-192.png"));
        // The script's own imports, asked for at once: each hop is long on a slow network.
        link rel="modulepreload" href=(assets.url("frontend.js"));
        link rel="preload" as="fetch" type="application/wasm" crossorigin href=(assets.url("frontend.wasm"));
    }
}

/// Draws the app as the browser will draw it first: the same path, the same data, no phone.
fn render_app(path: String, data: PageData) -> String {
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        provide_context(Local::new(data, None));
        App(AppProps { path }).into_view().to_html()
    });
    // Here and now, on this thread: some of what the screens hold may not move to another.
    owner.unset_with_forced_cleanup();
    html
}

/// JSON that cannot end its script element, whatever people have typed.
fn script_safe_json(data: &PageData) -> String {
    serde_json::to_string(data)
        .expect("page data is plain structs with string keys, which always serialise")
        .replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(data: PageData) -> String {
        let assets = Assets::load();
        Page {
            assets: &assets,
            nonce: "abc",
            path: "/",
            title: "Chorus",
            data,
        }
        .render()
        .into_string()
    }

    #[test]
    fn what_people_typed_cannot_end_the_data_script() {
        let data = PageData {
            form_problem: Some("</script><script>alert(1)</script>".to_owned()),
            ..PageData::default()
        };
        let html = page(data.clone());
        let (_, after) = html.split_once("id=\"page-data\" nonce=\"abc\">").unwrap();
        let (json, _) = after.split_once("</script>").unwrap();
        assert_eq!(serde_json::from_str::<PageData>(json).unwrap(), data);
    }

    #[test]
    fn every_script_of_a_page_carries_its_nonce() {
        let html = page(PageData::default());
        let scripts = html.matches("<script").count();
        assert_eq!(scripts, 2);
        assert_eq!(html.matches(" nonce=\"abc\"").count(), scripts);
    }

    #[test]
    fn the_shell_has_no_script_of_its_own_and_says_nothing_of_a_build() {
        let html = shell(&Assets::load()).into_string();
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains("<script type=\"module\" src="));
        assert!(!html.contains("data-ssr"));
    }
}
