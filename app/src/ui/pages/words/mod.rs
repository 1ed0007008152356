//! Our words: the documents whose words people can talk about, and reading one of them. A tap on a phrase opens what was
//! said about it, and the way to say something: all of it with or without signal.

mod mine;
mod others;
mod say;

use super::group::Groups;
use crate::{
    domain::{
        id::{DocumentId, GroupId, PhraseId},
        record::kind,
        words::{
            Document, DocumentState, Part, Phrase,
            suggestion::{GroupSuggestion, Suggestion, SuggestionState},
        },
    },
    lang::en::our_words as words,
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::{PageData, Rest, Seen, Sent},
        parts::{
            card, empty, heading, link,
            load::{Records, public, read, records, whenever},
            main_heading, p, page as screen, second_link, soft,
        },
    },
};
use leptos::prelude::*;
pub(super) use mine::outcome;
pub(super) use say::{again, comment_again};
use uuid::Uuid;

/// Documents, kept fresh.
#[derive(Clone, Copy)]
struct Documents {
    ui: Ui,
    records: Records,
}

impl Documents {
    fn load(ui: Ui) -> Self {
        Self {
            ui,
            records: records(ui, kind::DOCUMENT),
        }
    }

    /// All of them, in the order of their names.
    fn all(self) -> Vec<(Uuid, Document)> {
        let mut all = public(self.ui, self.records, on_page);
        order::by_key(&mut all, |(id, one)| (one.title.to_ascii_lowercase(), *id));
        all
    }

    fn one(self, id: DocumentId) -> Option<Document> {
        let mut all = self.all().into_iter();
        all.find(|(found, _)| *found == id.0).map(|(_, one)| one)
    }
}

fn on_page(page: &PageData) -> Vec<(Uuid, Document)> {
    Rest::of(page).documents
}

/// The address of a document.
pub(super) fn path(id: DocumentId) -> String {
    ["/our-words/", &id.to_string()].concat()
}

/// The list.
pub(crate) fn list(ui: Ui) -> El {
    let documents = Documents::load(ui);
    let mine = records(ui, kind::SUGGESTION);
    screen(words::TITLE)
        .with(p(words::INTRO))
        .with(live(move || {
            let all = documents.all();
            let said = mine.with(|mine| read::<Suggestion>(mine.as_deref().unwrap_or_default()));
            let none = all.is_empty().then(|| empty(words::NONE));
            let lines = all.into_iter().map(|(id, one)| line(id, &one, &said));
            let lines: Vec<El> = lines.collect();
            el("div")
                .class("group")
                .when(none)
                .with(el("ul").class("cards").each(lines))
        }))
        .with(second_link(
            "/take-part",
            crate::lang::en::take_part::SEE_ALL,
        ))
}

fn line(id: Uuid, one: &Document, said: &[Seen<Suggestion>]) -> El {
    let mine = said.iter();
    let mine = mine.filter(|seen| seen.body.document.0 == id && mine::is_shown(seen));
    let said = match mine.count() {
        0 => None,
        1 => Some(words::YOU_SAID_ONE.get().to_owned()),
        many => Some(words::YOU_SAID_MANY.fill(&[("count", &many.to_string())])),
    };
    let closed = one.state == DocumentState::Closed;
    el("li").key(id.to_string()).with(
        card()
            .with(el("h2").with(link(path(DocumentId(id)), one.title.clone()).attr("dir", "auto")))
            .when(one.about.clone().map(typed))
            .when(closed.then(|| soft(words::CLOSED)))
            .when(said.map(soft)),
    )
}

/// Somebody's words, in their own direction and with their own line ends.
fn typed(words: impl Into<crate::ui::el::Child>) -> El {
    p(words).class("typed").attr("dir", "auto")
}

/// Reading a document.
#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    id: DocumentId,
    documents: Documents,
    groups: Groups,
    mine: Records,
    of_group: Records,
    supports: Records,
    comments: Records,
    people: Records,
    mutes: Records,
    /// The phrase that is open.
    open: RwSignal<Option<PhraseId>>,
    /// The suggestion about which something is being written to the group.
    writing: RwSignal<Option<Uuid>>,
    /// What is asked for before it can be sent.
    ask: RwSignal<bool>,
}

/// What was said about a document, as this person sees it.
struct View {
    document: Document,
    mine: Vec<Seen<Suggestion>>,
    /// What others of the group said.
    others: Vec<Seen<GroupSuggestion>>,
}

/// The screen of a document.
pub(crate) fn page(ui: Ui, id: DocumentId) -> El {
    let it = Screen {
        ui,
        id,
        documents: Documents::load(ui),
        groups: Groups::load(ui),
        mine: records(ui, kind::SUGGESTION),
        of_group: records(ui, kind::GROUP_SUGGESTION),
        supports: records(ui, kind::SUPPORT),
        comments: records(ui, kind::SUGGESTION_COMMENT),
        people: records(ui, kind::GROUP_PERSON),
        mutes: records(ui, kind::GROUP_MUTE),
        open: RwSignal::new(None),
        writing: RwSignal::new(None),
        ask: RwSignal::new(false),
    };
    // What was said meanwhile, and what was decided.
    whenever(move || {
        if let Some(phone) = ui.local.phone() {
            phone.sync_now();
        }
    });
    whenever(move || {
        if let Some(document) = it.documents.one(id) {
            let title = crate::lang::en::frame::PAGE_TITLE.fill(&[("page", &document.title)]);
            leptos::prelude::document().set_title(&title);
        }
    });
    el("div").with(live(move || match it.documents.one(id) {
        Some(document) => it.draw(document),
        None => it.gone(),
    }))
}

impl Screen {
    /// For an id that is not, or not yet, known here.
    fn gone(self) -> El {
        let says = if self.ui.open.get() {
            words::GONE
        } else {
            words::COMES_WITH_APP
        };
        el("div")
            .class("page")
            .key("gone")
            .with(main_heading(words::TITLE))
            .with(p(says))
            .with(second_link("/our-words", words::ALL))
    }

    fn view(self, document: Document) -> View {
        let mut mine = self
            .mine
            .with(|mine| read::<Suggestion>(mine.as_deref().unwrap_or_default()));
        mine.retain(|seen| seen.body.document == self.id && mine::is_shown(seen));
        let is_mine = |id: Uuid| mine.iter().any(|own| own.id == id);
        let mut others = self
            .of_group
            .with(|all| read::<GroupSuggestion>(all.as_deref().unwrap_or_default()));
        others.retain(|seen| seen.body.document == self.id && !is_mine(seen.id));
        order::by_key(&mut others, |seen| (seen.body.at.clone(), seen.id));
        order::by_key(&mut mine, |seen| {
            (
                seen.body.received_at.is_none(),
                seen.body.received_at.clone(),
                seen.id,
            )
        });
        View {
            document,
            mine,
            others,
        }
    }

    fn draw(self, document: Document) -> El {
        let view = self.view(document);
        let document = &view.document;
        let open = self.ui.open.get();
        let group = document.group.and_then(|id| self.groups.group(id.0));
        let works = group.map(|group| words::GROUP_WORKS.fill(&[("group", &group.title)]));
        let can_say = document.state == DocumentState::Open;
        let how = match (can_say, open) {
            (false, _) => words::CLOSED,
            (true, true) => words::HOW,
            (true, false) => words::COMES_WITH_APP,
        };
        let phrases = document.phrases.iter();
        let phrases: Vec<El> = phrases
            .map(|phrase| self.phrase(&view, phrase, open))
            .collect();
        let about = document.about.clone();
        el("div")
            .class("page")
            .key("document")
            .with(main_heading(document.title.clone()).attr("dir", "auto"))
            .when(about.map(typed))
            .when(works.map(soft))
            .with(p(how))
            .with(el("div").class("reading").each(phrases))
            .when(self.about_gone(&view))
            .with(second_link("/our-words", words::ALL))
    }

    /// A phrase, and below it, while it is open, what was said about it.
    fn phrase(self, view: &View, phrase: &Phrase, open: bool) -> El {
        let id = phrase.id;
        let is_open = self.open.get() == Some(id);
        let count = view.about(id);
        let said = match count {
            0 => None,
            1 => Some(words::SAID_ONE.get().to_owned()),
            many => Some(words::SAID_MANY.fill(&[("count", &many.to_string())])),
        };
        let text = el("span").attr("dir", "auto").with(phrase.text.clone());
        let shown = if open {
            let expanded = if is_open { "true" } else { "false" };
            el("button")
                .attr("type", "button")
                .class("phrase")
                .attr("aria-expanded", expanded)
                .with(text)
                .when(said.map(|said| el("span").class("tag").with(said)))
                .on("click", move |_| self.press(id, is_open))
        } else {
            text.class("phrase")
        };
        let (tag, class) = match (phrase.part, phrase.joins) {
            (Part::Heading, _) => ("h2", "part"),
            (Part::Item, _) => ("p", "part point"),
            (Part::Text, true) => ("p", "part joined"),
            (Part::Text, false) => ("p", "part"),
        };
        el("div")
            .key(id.to_string())
            .with(el(tag).class(class).with(shown))
            .when((is_open && open).then(|| self.about(view, phrase)))
    }

    /// Opens a phrase, or closes it. What was begun about it is given back.
    fn press(self, id: PhraseId, is_open: bool) {
        self.ask.set(false);
        self.writing.set(None);
        self.open.set((!is_open).then_some(id));
        if !is_open {
            say::give_back(self.ui, self.id, id);
        }
    }

    /// What was said about a phrase, and the way to say something.
    fn about(self, view: &View, phrase: &Phrase) -> El {
        let id = phrase.id;
        let mine = view.mine.iter().filter(|seen| seen.body.phrase == id);
        let mine: Vec<El> = mine.map(|seen| mine::one(self, view, seen)).collect();
        let others = view.others.iter().filter(|seen| seen.body.phrase == id);
        let others: Vec<El> = others.map(|seen| others::one(self, view, seen)).collect();
        let some = !others.is_empty();
        el("section")
            .class("card about-phrase")
            .attr("aria-label", words::ABOUT_PHRASE)
            .with(self.say(view, phrase))
            .with(el("div").class("group").each(mine))
            .when(some.then(|| heading(words::OTHERS)))
            .with(el("div").class("group").each(others))
    }

    /// What was said about phrases that are not in the document any more: with the words as they were.
    fn about_gone(self, view: &View) -> Option<El> {
        let is_gone = |id: PhraseId| view.document.phrase(id).is_none();
        let mine = view.mine.iter().filter(|seen| is_gone(seen.body.phrase));
        let mine: Vec<El> = mine.map(|seen| mine::one(self, view, seen)).collect();
        let others = view.others.iter();
        let others = others.filter(|seen| is_gone(seen.body.phrase));
        let others: Vec<El> = others.map(|seen| others::one(self, view, seen)).collect();
        if mine.is_empty() && others.is_empty() {
            return None;
        }
        Some(
            el("section")
                .class("group")
                .with(heading(words::GONE_PHRASES))
                .with(soft(words::GONE_PHRASES_UNDER))
                .each(mine)
                .each(others),
        )
    }
}

impl View {
    /// How many things were said about a phrase.
    fn about(&self, id: PhraseId) -> usize {
        let mine = self.mine.iter().filter(|seen| seen.body.phrase == id);
        let others = self.others.iter().filter(|seen| seen.body.phrase == id);
        mine.count() + others.count()
    }

    /// The phrase as it stands now, where that is not as it was read.
    fn other_now(&self, id: PhraseId, was: &str) -> bool {
        self.document
            .phrase(id)
            .is_none_or(|phrase| phrase.text != was)
    }
}

/// Whether something is not known to have arrived.
fn is_waiting(sent: Sent) -> bool {
    matches!(sent, Sent::NotYet(_) | Sent::Sending(_))
}

/// How something stands, for whoever said it and for others.
fn stands(state: SuggestionState, group: Option<&str>) -> String {
    match (state, group) {
        (SuggestionState::Received, _) => words::RECEIVED.get().to_owned(),
        (SuggestionState::Looking, _) => words::LOOKING.get().to_owned(),
        (SuggestionState::WithGroup, Some(group)) => words::WITH_GROUP.fill(&[("group", group)]),
        (SuggestionState::WithGroup, None) => words::WITH_A_GROUP.get().to_owned(),
        (SuggestionState::Decided, _) => words::DECIDED.get().to_owned(),
        (SuggestionState::Withdrawn, _) => words::TOOK_BACK.get().to_owned(),
    }
}

/// The name of the group that works on a document, as it stands in a sentence.
fn group_name(it: Screen, group: Option<GroupId>) -> Option<String> {
    let group = it.groups.group(group?.0)?;
    Some(super::group::isolated(&group.title))
}
