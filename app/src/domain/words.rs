//! Our words: documents in versions made of phrases, and what people say about them.
//!
//! A version never changes. A phrase keeps its id from version to version for as long as it is there, so that what was
//! said about it stays with it: [`carry`] gives ids on, [`split`] makes phrases of a text, [`suggestion`] is what people
//! say, and the rules of it.

pub mod carry;
pub mod split;
pub mod suggestion;

use super::id::{DocumentId, GroupId, PhraseId};
use serde::Serialize;

crate::words! {
    /// What a document is.
    pub enum DocumentKind {
        /// People fill it in.
        Form "form",
        /// It is sent to people.
        Letter "letter",
        /// It is given to people.
        Leaflet "leaflet",
        /// Texts of this app: each phrase is one, by its key.
        App "app",
        /// Something else.
        Other "other",
    }
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Form,
        Self::Letter,
        Self::Leaflet,
        Self::Other,
        Self::App,
    ];
}

crate::words! {
    /// Whether something can be said about a document.
    pub enum DocumentState {
        /// It can.
        Open "open",
        /// It is only read.
        Closed "closed",
    }
}

impl DocumentState {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Open, Self::Closed];
}

crate::words! {
    /// What a phrase is in its document.
    pub enum Part {
        /// A heading.
        Heading "heading",
        /// A sentence.
        Text "text",
        /// A point of a list.
        Item "item",
    }
}

/// A phrase: the smallest thing that something is said about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phrase {
    /// The same in every version that has the phrase.
    pub id: PhraseId,
    /// What it is.
    pub part: Part,
    /// Its words: text, never markup.
    pub text: String,
    /// Whether it goes on the paragraph of the one before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub joins: bool,
    /// Of the app's own words: which text it is, `check_in.note`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

crate::reads_json!(Phrase {
    id,
    part,
    text,
    joins,
    key
});

/// The `document` record: its newest version, in the public scope, or in that of the group which alone reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its name.
    pub title: String,
    /// What it is for, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What it is.
    pub kind: DocumentKind,
    /// The group that works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// From 1.
    pub version: u32,
    /// Whether something can be said about it.
    pub state: DocumentState,
    /// Its phrases, in order.
    pub phrases: Vec<Phrase>,
}

crate::reads_json!(Document {
    title,
    about,
    kind,
    group,
    version,
    state,
    phrases
});

impl Document {
    /// A phrase of it, if it has that one still.
    pub fn phrase(&self, id: PhraseId) -> Option<&Phrase> {
        self.phrases.iter().find(|phrase| phrase.id == id)
    }
}

/// Where something stands that was said about a phrase: with that phrase, or beside the document, where the phrase is
/// not in it any more. Then what it said is shown as it was read.
pub fn place_of(document: &Document, phrase: PhraseId) -> Option<usize> {
    document.phrases.iter().position(|one| one.id == phrase)
}

/// The name of the draft of what is being said about a phrase.
pub fn draft_name(document: DocumentId, phrase: PhraseId) -> String {
    [
        "suggestion/",
        &document.to_string(),
        "/",
        &phrase.to_string(),
    ]
    .concat()
}
