//! The board of a document: what people said, by how far it has come, and there by phrase.

use super::{
    Page, Whole, load,
    parts::{by, kind_name, state_name, was},
};
use crate::{
    db::words::suggestions::{self, SuggestionRow},
    http::staff::{
        desk::{Desk, Run, Way},
        parts,
    },
    state::App,
};
use app::{
    domain::{
        id::PhraseId,
        words::{DocumentState, place_of, suggestion::SuggestionState},
    },
    lang::{
        Text,
        en::{desk as desk_words, words},
    },
};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// What was just done, said once.
fn done(word: &str) -> Option<Text> {
    Some(match word {
        "kept" => words::DONE_KEPT,
        "changed" => words::DONE_CHANGED,
        "published" => words::DONE_PUBLISHED,
        "dropped" => words::DONE_DROPPED,
        _ => return None,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    desk: Run,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let whole = load(&app, &desk, &id).await?;
    let mut reader = app.db.reader().await?;
    let all = suggestions::of_document(&mut reader, whole.id()).await?;
    drop(reader);
    let main = html! {
        p.back { a href={ "/staff/words?show=" (whole.row.details.state.word()) } { (words::ALL.get()) } }
        div {
            h1 dir="auto" { (whole.title()) }
            p.soft { (kind_name(whole.row.kind).get()) ". " (version_name(whole.row.version)) }
        }
        @if let Some(done) = done(&asked.done) { p.notice role="status" { (done.get()) } }
        (about(&whole))
        (next(&whole))
        div.board id="board" data-live { (board(&desk, &whole, &all)) }
    };
    Ok(desk.page(Way::Words, whole.title(), true, &main).await?)
}

pub(super) fn version_name(version: u32) -> String {
    words::VERSION.fill(&[("version", &version.to_string())])
}

fn about(whole: &Whole) -> Markup {
    let details = &whole.row.details;
    let group = [("group", whole.group.as_deref().unwrap_or_default())];
    html! {
        section.card {
            @if let Some(about) = &details.about { p dir="auto" { (parts::said(about)) } }
            @match (&whole.group, details.only_group) {
                (Some(_), true) => p { (words::READS_GROUP.fill(&group)) },
                (Some(_), false) => p { (words::READS_ALL.get()) " " (words::WORKS_ON.fill(&group)) },
                (None, _) => p { (words::READS_ALL.get()) " " (words::NO_GROUP.get()) "." },
            }
            @if details.state == DocumentState::Closed { p { span.mark.over { (words::STATE_CLOSED.get()) } } }
            div.actions {
                a.button.plain href={ (whole.path()) "/versions/" (whole.row.version) } { (words::READ_IT.get()) }
                a.button.plain href={ (whole.path()) "/change" } { (words::CHANGE.get()) }
            }
        }
    }
}

/// New wording that waits for the next version, and the way there.
fn next(whole: &Whole) -> Markup {
    let waits: Vec<(&str, &str)> = (whole.row.next().iter())
        .filter_map(|next| {
            let now = whole.row.phrase(next.id)?;
            (now.text != next.text).then_some((now.text.as_str(), next.text.as_str()))
        })
        .collect();
    html! {
        section.card aria-labelledby="next" {
            h2 id="next" { (words::NEXT.get()) }
            @if waits.is_empty() {
                p.soft { (words::NEXT_NONE.get()) }
            } @else {
                p { (words::NEXT_BEGUN.get()) }
                @for (old, new) in waits { (super::parts::differs(old, new)) }
            }
            a.button href={ (whole.path()) "/version" } { (words::NEXT_DO.get()) }
        }
    }
}

fn board(desk: &Desk, whole: &Whole, all: &[SuggestionRow]) -> Markup {
    let gone = all.iter();
    let gone = gone.filter(|row| row.state == SuggestionState::Withdrawn);
    html! {
        @for state in SuggestionState::BOARD {
            @let here: Vec<&SuggestionRow> = all.iter().filter(|row| row.state == state).collect();
            section.column aria-labelledby=(state.word()) {
                h2 id=(state.word()) { (state_name(state).get()) " " span.count { (here.len()) } }
                @if here.is_empty() { p.soft { (words::BOARD_NONE.get()) } }
                @for (phrase, about) in by_phrase(whole, &here) { (phrase_of(desk, whole, &phrase, &about)) }
            }
        }
        @match gone.count() {
            0 => {},
            1 => p.soft { (words::WITHDRAWN_ONE.get()) },
            many => p.soft { (words::WITHDRAWN_MANY.fill(&[("count", &many.to_string())])) },
        }
    }
}

/// A phrase that something was said about, and whether it is in the document still.
struct About {
    text: String,
    is_there: bool,
}

/// What was said, by phrase in the order of the document; phrases that are gone come last.
fn by_phrase<'a>(
    whole: &Whole,
    rows: &[&'a SuggestionRow],
) -> Vec<(About, Vec<&'a SuggestionRow>)> {
    let document = whole.row.record();
    let place = |id: PhraseId| place_of(&document, id);
    let mut ids: Vec<PhraseId> = Vec::new();
    for row in rows {
        if !ids.contains(&row.phrase) {
            ids.push(row.phrase);
        }
    }
    ids.sort_by_key(|id| (place(*id).is_none(), place(*id)));
    let of = |id: PhraseId| {
        let about: Vec<&SuggestionRow> = rows
            .iter()
            .copied()
            .filter(|row| row.phrase == id)
            .collect();
        let now = document.phrase(id).map(|phrase| phrase.text.clone());
        let is_there = now.is_some();
        let text = now.unwrap_or_else(|| was(about[0]).to_owned());
        (About { text, is_there }, about)
    };
    ids.into_iter().map(of).collect()
}

fn phrase_of(desk: &Desk, whole: &Whole, phrase: &About, rows: &[&SuggestionRow]) -> Markup {
    html! {
        h3 dir="auto" { (phrase.text) }
        @if !phrase.is_there { p.soft { (words::GONE_PHRASE.get()) } }
        @for row in rows { (card(desk, whole, row, &phrase.text)) }
    }
}

fn card(desk: &Desk, whole: &Whole, row: &SuggestionRow, phrase: &str) -> Markup {
    let said = row.instead.as_ref().or(row.feels.as_ref());
    let name = if row.instead.is_some() {
        words::INSTEAD
    } else {
        words::FEELS
    };
    html! {
        article.card {
            p.soft { (by(desk, row)) }
            @if let Some(said) = said {
                p { span.soft { (name.get()) ": " } span dir="auto" { (parts::said(said)) } }
            }
            @if row.merged_into.is_some() { p { span.mark.over { (words::OUTCOME_MERGED.get()) } } }
            @if let Some(owner) = &row.owner { p.soft { (words::OWNER.fill(&[("who", owner)])) } }
            p {
                a.button.plain href={ (whole.path()) "/suggestions/" (row.id) }
                    aria-label=(words::OPEN_SUGGESTION.fill(&[("words", phrase)])) { (desk_words::OPEN.get()) }
            }
        }
    }
}
