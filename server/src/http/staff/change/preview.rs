//! A change as everyone reads it: in short on its page at the desk, and on the member's own screen, on which nothing
//! can be pressed.

use super::{Page, Whole, load};
use crate::{
    http::{
        document,
        staff::{desk::Run, parts, when},
    },
    state::App,
};
use app::{
    domain::change::{Change, ChangeKind},
    lang::{
        area_name,
        en::{changes as words, what_changed},
    },
    ui::local::{PageData, Rest},
};
use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse},
};
use maud::{Markup, html};

pub(super) async fn show(State(app): State<App>, desk: Run, Path(id): Path<String>) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let banner = html! {
        p { strong { (words::PREVIEW_TITLE.get()) } ". " (words::PREVIEW_WHY.get()) }
        p { a href=(whole.path()) { (words::PREVIEW_BACK.get()) } }
    };
    let record = record(&whole, desk.clock.now());
    let rest = Rest {
        changes: vec![(whole.id().0, record)],
        ..Rest::default()
    };
    let data = PageData {
        rest: rest.raw(),
        ..PageData::default()
    };
    let path = format!("/what-changed/{id}");
    let title = words::PREVIEW_TITLE.get();
    let page = document::preview(&app.assets, title, &banner, &path, data).await?;
    Ok(Html(page.into_string()).into_response())
}

/// What everyone reads, or would from `now` on.
fn record(whole: &Whole, now: app::domain::time::Millis) -> Change {
    whole.row.record(now)
}

/// All that everyone reads of it, in their order. What is not written yet is not there.
pub(super) fn card(whole: &Whole, heading: &str) -> Markup {
    let it = record(whole, 0);
    let is_done = it.kind == ChangeKind::Done;
    let we_did = it.we_did.unwrap_or_default();
    let we_did = (
        if is_done {
            what_changed::WE_DID
        } else {
            what_changed::DID_SO_FAR
        },
        we_did,
    );
    let why = if is_done {
        what_changed::WHY
    } else {
        what_changed::BECAUSE
    };
    let mut texts = vec![(what_changed::YOU_SAID, it.you_said)];
    match is_done {
        true => texts.extend([we_did, (why, it.why)]),
        false => texts.extend([(why, it.why), we_did]),
    }
    texts.push((what_changed::WHO, it.who_took_part));
    texts.retain(|(_, words)| !words.is_empty());
    html! {
        section.card.phone aria-label=(heading) {
            p.phone-title { (if is_done { what_changed::ONE_TITLE } else { what_changed::NOT_YET_TITLE }.get()) }
            p.soft { (area_name(it.area).get()) }
            @if texts.is_empty() { p { (words::NO_WORDS.get()) } }
            dl.facts {
                @for (name, text) in texts {
                    (parts::fact(name.get(), &html! { (parts::said(&text)) }))
                }
            }
            @if let Some(day) = it.look_again {
                p { (what_changed::LOOK_AGAIN.fill(&[("date", &when::say_date(&day))])) }
            }
        }
    }
}
