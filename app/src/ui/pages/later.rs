//! Which screens a phone gets with its first download, and which come a moment later.
//!
//! Today is all that most visits show, so it alone is in the wasm that every first visit waits for. All
//! other screens are a second part, which `cargo xtask` cuts out (`xtask/src/site/split.rs`), and which
//! the service worker keeps with the rest. On the server there are no parts: everything is there.

use super::super::{Ui, el::El, route::Route};
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Whether the second part is here, so that its screens can be drawn. Asking sends for it.
pub(crate) fn is_here() -> bool {
    matches!(at_once(fetch()), Some(Ok(())))
}

/// A screen of the second part; none while that [is not here](is_here).
pub(crate) fn page(ui: Ui, route: &Route) -> Option<El> {
    at_once(draw(ui, route.clone()))?.ok()
}

/// Where the wasm is cut: what only this reaches is the second part.
#[wasm_split(screens, wasm_split_path = leptos::wasm_split, preload(fetch), fallible)]
pub(crate) fn draw(ui: Ui, route: Route) -> Result<El, SplitLoaderError> {
    Ok(super::later(ui, &route))
}

/// What is due after each change and needs what only the second part has.
#[wasm_split(screens, wasm_split_path = leptos::wasm_split, fallible)]
pub(crate) fn follow(ui: Ui) -> Result<(), SplitLoaderError> {
    super::reminders::follow(ui);
    super::wording::follow(ui);
    super::my_plan::follow(ui);
    Ok(())
}

/// The outcome of what need not wait.
fn at_once<F: Future>(work: F) -> Option<F::Output> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}
