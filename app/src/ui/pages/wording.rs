//! The organisation's own words, as they come: what is shown from then on says them.

use crate::{
    domain::{record::kind, wording::Wording},
    lang::Own,
    ui::{
        Ui,
        local::{Link, Phone, Problem},
        parts::{act::run, load::read},
    },
};
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};

thread_local! {
    /// What was taken last in this visit.
    static TAKEN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Something has changed: takes the organisation's own words in place of those before, if it was they. A page of the
/// server's may be newer than what is kept here, so on one nothing is taken before the server was reached again.
pub(super) fn follow(ui: Ui) {
    let reached = |link: Link| matches!(link, Link::Reached);
    let may = ui.local.status.with_untracked(|it| reached(it.link)) || !is_of_server();
    if let Some(phone) = ui.local.phone().filter(|_| may) {
        run(async move {
            // What cannot be taken now is taken after the next change.
            let _ = take(ui, phone).await;
        });
    }
}

async fn take(ui: Ui, phone: Rc<dyn Phone>) -> Result<(), Problem> {
    let found = read::<Wording>(&phone.records(kind::WORDING).await?);
    let lines = found.first().map(|one| one.body.lines());
    let lines = lines.unwrap_or_default();
    if TAKEN.with_borrow(|taken| taken.as_ref() == Some(&lines)) {
        return Ok(());
    }
    TAKEN.set(Some(lines.clone()));
    let is_new = Own::read(&lines, |words| words.to_owned().leak()).speak();
    if is_new && !is_typing() {
        ui.route.update(|_| {});
    }
    // The next visit starts with them. A browser that keeps nothing has them of its next page.
    phone.aside("words.keep", vec![lines]).await.map(drop)
}

/// Whether the visit began with a page of the server's. The one that is kept for no signal has no data.
fn is_of_server() -> bool {
    document().get_element_by_id("page-data").is_some()
}

/// Whether somebody is in the middle of something: then the screen stays as it is, and the next one says it.
fn is_typing() -> bool {
    let active = document().active_element();
    active.is_some_and(|it| it.matches("input, textarea, select").unwrap_or_default())
}
