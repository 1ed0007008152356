//! The document around the member screens: the head, the page's public data, and the app as the
//! server renders it. It holds nothing personal but the name of a joined member's own team.
//!
//! `leptos_axum` draws the app, in a reactive owner of its own for each page. The screens use no
//! resources on the server, so the page is taken whole, without the scripts by which Leptos would
//! bring resources after it.

use super::{assets::Assets, what_changed::FEED};
use crate::error::Error;
use any_spawner::Executor;
use app::{
    lang::{Own, en},
    ui::{
        App, AppProps,
        local::{Local, PageData},
        route::Route,
    },
};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderValue, Request},
};
use leptos::prelude::{RenderHtml, provide_context, use_context};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::{
    collections::BTreeSet,
    future::ready,
    sync::{Mutex, PoisonError},
};

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
    ///
    /// # Errors
    /// What drawing the app says.
    pub async fn render(self) -> Result<Markup, Error> {
        let data = script_safe_json(&self.data);
        let body = draw(self.path, self.data).await?;
        Ok(html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    (head(self.assets, self.title))
                    @if is_what_changed(self.path) {
                        link rel="alternate" type="application/atom+xml" title=(en::tab::WHAT_CHANGED.get()) href=(FEED);
                    }
                    script type="application/json" id="page-data" nonce=(self.nonce) { (PreEscaped(data)) }
                    script type="module" nonce=(self.nonce) src=(self.assets.url("boot.js")) {}
                }
                body data-ssr=(self.assets.build()) { (PreEscaped(body)) }
            }
        })
    }

    /// What the page may load and run: only its own, and only the scripts that this answer names.
    pub fn security_policy(nonce: &str) -> HeaderValue {
        HeaderValue::from_str(&policy(&format!("'nonce-{nonce}' 'self'")))
            .expect("a nonce is base64 of this process, which a header may hold")
    }
}

/// Whether the page has what the feed tells.
fn is_what_changed(path: &str) -> bool {
    matches!(Route::parse(path), Route::WhatChanged | Route::Change(_))
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
                    p { a href="/help-now" { (en::frame::HELP_NOW.get()) } }
                }
            }
        }
    }
}

/// A member's screen as staff see it before members do: drawn from `data`, under a banner that says what it is. No
/// script runs in it, and what is a link or a form for a member is none here.
///
/// # Errors
/// What drawing the app says.
pub async fn preview(
    assets: &Assets,
    title: &str,
    banner: &Markup,
    path: &str,
    data: PageData,
) -> Result<Markup, Error> {
    let body = draw(path, data).await?;
    // A link without an address is words.
    let body = body.replace("<a href=", "<a data-leads-to=");
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                link rel="stylesheet" href=(assets.url("style.css"));
                link rel="icon" type="image/png" href=(assets.url("icons/icon-192.png"));
            }
            body.preview {
                aside.preview-banner aria-label=(title) { (banner) }
                (PreEscaped(body))
            }
        }
    })
}

/// The plain page that Hide leaves on the screen: notes that could be anybody's. It names nothing of
/// Chorus, and runs nothing.
pub fn notes(assets: &Assets) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (en::hide::NOTES.get()) }
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                link rel="stylesheet" href=(assets.url("style.css"));
            }
            body {
                main {
                    div.page {
                        h1 { (en::hide::NOTES.get()) }
                        ul.points {
                            li { (en::notes::ONE.get()) }
                            li { (en::notes::TWO.get()) }
                            li { (en::notes::THREE.get()) }
                        }
                        a href="/" { (en::notes::MORE.get()) }
                    }
                }
            }
        }
    }
}

/// A page for everyone that runs nothing: under the app's name, with Help now in its corner.
pub fn plain(assets: &Assets, title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                link rel="stylesheet" href=(assets.url("style.css"));
                link rel="icon" type="image/png" href=(assets.url("icons/icon-192.png"));
            }
            body {
                div.app {
                    a.skip href="#main" { (en::frame::SKIP.get()) }
                    header {
                        a.brand href="/" { span { (en::frame::CHORUS.get()) } }
                        a.help-now href="/help-now" { (en::frame::HELP_NOW.get()) }
                    }
                    main #main tabindex="-1" { div.page { (main) } }
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
        link rel="preload" as="fetch" crossorigin href=(assets.url("en.txt"));
    }
}

/// Draws the app as the browser will draw it first: the same path, the same data, no phone.
async fn draw(path: &str, data: PageData) -> Result<String, Error> {
    // Leptos wants to know, once, who runs its tasks; saying it again changes nothing.
    let _ = Executor::init_tokio();
    let broken = |problem: String| Error::Internal(format!("a page could not be drawn: {problem}"));
    // A form that was not taken is drawn under the address of its page, not under its own.
    let request = Request::builder()
        .uri(path)
        .body(Body::empty())
        .map_err(|problem| broken(problem.to_string()))?;
    let path = path.to_owned();
    let own = own(&data);
    let app = move || {
        provide_context(Local::new(data, None));
        provide_context(own.clone());
        own.spoken(|| App(AppProps { path }))
    };
    let drawn = leptos_axum::handle_response_inner(
        || {},
        app,
        request,
        |app, _scripts, _| {
            let own = use_context::<Own>().unwrap_or_default();
            let html = own.spoken(|| app.to_html());
            Box::pin(ready(Box::pin(tokio_stream::once(html)) as _))
        },
    );
    let body = to_bytes(drawn.await.into_body(), usize::MAX).await;
    let body = body.map_err(|problem| broken(problem.to_string()))?;
    String::from_utf8(body.into()).map_err(|problem| broken(problem.to_string()))
}

/// The organisation's own words, in which a page with this data is drawn. Each text is kept once, for as long as the
/// program runs: there are few, and they change seldom.
pub fn own(data: &PageData) -> Own {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    Own::read(data.wording.as_deref().unwrap_or_default(), |words| {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = kept.get(words) {
            return words;
        }
        let words: &'static str = words.to_owned().leak();
        kept.insert(words);
        words
    })
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

    async fn page(data: PageData) -> String {
        let assets = Assets::load();
        Page {
            assets: &assets,
            nonce: "abc",
            path: "/",
            title: "Chorus",
            data,
        }
        .render()
        .await
        .unwrap()
        .into_string()
    }

    #[tokio::test]
    async fn what_people_typed_cannot_end_the_data_script() {
        let data = PageData {
            form_problem: Some("</script><script>alert(1)</script>".to_owned()),
            ..PageData::default()
        };
        let html = page(data.clone()).await;
        let (_, after) = html.split_once("id=\"page-data\" nonce=\"abc\">").unwrap();
        let (json, _) = after.split_once("</script>").unwrap();
        assert_eq!(serde_json::from_str::<PageData>(json).unwrap(), data);
    }

    #[tokio::test]
    async fn a_page_says_the_organisations_own_words_where_they_are_of_this_version() {
        use app::lang::{Text, en::ORDER};
        let place = Text::of_key("frame.help_now").unwrap().place();
        let own = |order: &str| PageData {
            wording: Some(format!("{order}\n{place}\tHelp & <b>now</b>")),
            ..PageData::default()
        };
        let html = page(own(ORDER)).await;
        assert!(html.contains("Help &amp; &lt;b&gt;now&lt;/b&gt;"), "{html}");
        assert!(html.contains("\\u003cb>now"), "the browser is told too");
        // Drawn one after the other on one thread, none says the other's.
        for data in [own("0"), PageData::default()] {
            let html = page(data).await;
            assert!(html.contains(">Help now<"), "{html}");
        }
    }

    #[tokio::test]
    async fn every_script_of_a_page_carries_its_nonce() {
        let html = page(PageData::default()).await;
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

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn pages_are_drawn_side_by_side_on_any_thread() {
        let pages: Vec<_> = (0..200)
            .map(|_| tokio::spawn(page(PageData::default())))
            .collect();
        let first = page(PageData::default()).await;
        for drawn in pages {
            assert_eq!(drawn.await.unwrap(), first);
        }
    }
}
