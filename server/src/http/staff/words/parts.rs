//! What several pages of words draw.

use super::Whole;
use crate::{
    db::{desk::groups::Choice, words::suggestions::SuggestionRow},
    http::staff::{desk::Desk, parts},
    wording_diff::{Piece, difference},
};
use app::{
    domain::{
        id::GroupId,
        words::{
            DocumentKind, Part, Phrase,
            suggestion::{Outcome, SuggestionState},
        },
    },
    lang::{Text, en::words},
};
use maud::{Markup, html};

/// What a kind of document is called.
pub fn kind_name(kind: DocumentKind) -> Text {
    match kind {
        DocumentKind::Form => words::KIND_FORM,
        DocumentKind::Letter => words::KIND_LETTER,
        DocumentKind::Leaflet => words::KIND_LEAFLET,
        DocumentKind::App => words::KIND_APP,
        DocumentKind::Other => words::KIND_OTHER,
    }
}

/// What a state of the board is called.
pub fn state_name(state: SuggestionState) -> Text {
    match state {
        SuggestionState::Received => words::BOARD_RECEIVED,
        SuggestionState::Looking => words::BOARD_LOOKING,
        SuggestionState::WithGroup => words::BOARD_WITH_GROUP,
        SuggestionState::Decided | SuggestionState::Withdrawn => words::BOARD_DECIDED,
    }
}

/// What was decided, as whoever said it is told.
pub fn told(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Changed => words::TOLD_CHANGED,
        Outcome::Partly => words::TOLD_PARTLY,
        Outcome::NotChanged => words::TOLD_NOT_CHANGED,
        Outcome::Merged => words::TOLD_MERGED,
    }
}

/// Phrases as people read them: headings, points, and paragraphs of sentences.
pub fn phrases<'a>(all: impl IntoIterator<Item = (Part, &'a str, bool)>) -> Markup {
    html! {
        div.card.reading {
            @for (part, text, joins) in all {
                @match part {
                    Part::Heading => p dir="auto" { strong { (text) } },
                    Part::Item => p.point dir="auto" { (text) },
                    Part::Text => p.joined[joins] dir="auto" { (text) },
                }
            }
        }
    }
}

/// The phrases of a version.
pub fn version(all: &[Phrase]) -> Markup {
    phrases(
        all.iter()
            .map(|phrase| (phrase.part, phrase.text.as_str(), phrase.joins)),
    )
}

/// The difference of two wordings: what goes and what comes is said in words too, for whoever does not see it.
pub fn differs(old: &str, new: &str) -> Markup {
    html! {
        p.differs dir="auto" {
            @for piece in difference(old, new) {
                @match piece {
                    Piece::Same(words) => (words),
                    Piece::Gone(words) => del { span.unseen { (words::DIFFERS_GONE.get()) " " } (words) },
                    Piece::New(words) => ins { span.unseen { (words::DIFFERS_NEW.get()) " " } (words) },
                }
                " "
            }
        }
    }
}

/// Who said it, as far as they want it told, and when.
pub fn by(desk: &Desk, row: &SuggestionRow) -> String {
    let when = desk.clock.say(row.received_at);
    match row.who() {
        Some(who) => words::BY.fill(&[("who", &who), ("when", &when)]),
        None => words::BY_NOBODY.fill(&[("when", &when)]),
    }
}

/// What they said, each part under its name.
pub fn said(row: &SuggestionRow) -> Markup {
    let parts_said = [
        (words::FEELS, &row.feels),
        (words::INSTEAD, &row.instead),
        (words::WHY, &row.why),
    ];
    html! {
        dl.facts {
            @for (name, said) in parts_said {
                @if let Some(said) = said {
                    (parts::fact(name.get(), &html! { span dir="auto" { (parts::said(said)) } }))
                }
            }
        }
    }
}

/// For how many others it speaks too.
pub fn supports(count: u32) -> String {
    match count {
        0 => words::SUPPORTS_NONE.get().to_owned(),
        1 => words::SUPPORTS_ONE.get().to_owned(),
        many => words::SUPPORTS_MANY.fill(&[("count", &many.to_string())]),
    }
}

/// The phrase that something is about as it was read.
pub fn was(row: &SuggestionRow) -> &str {
    row.was.as_deref().unwrap_or_default()
}

/// Which group works on a document: a choice.
pub fn group_choice(choices: &[Choice], chosen: Option<GroupId>, may_be_none: bool) -> Markup {
    html! {
        div.field {
            label for="group" { (words::FIELD_GROUP.get()) }
            p.soft id="group-hint" { (words::FIELD_GROUP_HINT.get()) }
            select id="group" name="group" aria-describedby="group-hint" {
                @if may_be_none { option value="" { (words::FIELD_GROUP_NONE.get()) } }
                @for choice in choices {
                    option value=(choice.id) selected[Some(choice.id) == chosen] { (choice.title) }
                }
            }
        }
    }
}

/// "Back to …", for pages below a document.
pub fn back(whole: &Whole) -> Markup {
    html! {
        p.back { a href=(whole.path()) { (words::BACK_TO_BOARD.fill(&[("title", whole.title())])) } }
    }
}
