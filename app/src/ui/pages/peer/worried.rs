//! "I'm worried about someone's safety", for those who support others: what to do now and whom to ring first, then a note
//! to those who read such notes. A note that waits is never said to have told anybody.

use super::{is_waiting, typed};
use crate::{
    domain::{
        command::Command,
        id::PeerMatchId,
        my_plan::dialled,
        peer::{Does, PeerMatch, PeerSupporter, PeerWorry, Ring},
        record::kind,
    },
    lang::en::{help_now, peer as peer_words, state, supporting as words},
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::Seen,
        navigation,
        parts::{
            act::ask_then,
            card, field,
            form::{Fields, form_of, keep_draft, restore_draft},
            heading, help_large, link,
            load::{Records, read, records, whenever},
            p, page as screen, second_link, soft, ticked, unsent_card,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};

const FORM_ID: &str = "peer-worry";
const FIELD: &str = "words";
const DRAFT: &str = "peer_worry";

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    mine: Records,
    matches: Records,
    worries: Records,
    /// The match that the way here was from.
    about: RwSignal<Option<PeerMatchId>>,
}

/// The form in which words that were refused can be changed and sent again.
pub(in super::super) fn again(said: &str) -> (String, Fields, String) {
    let mut fields = Fields::default();
    fields.put(FIELD, Some(said));
    (DRAFT.to_owned(), fields, "/peer/worried".to_owned())
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        mine: records(ui, kind::PEER_SUPPORTER),
        matches: records(ui, kind::PEER_MATCH),
        worries: records(ui, kind::PEER_WORRY),
        about: RwSignal::new(None),
    };
    let given_back = StoredValue::new(false);
    whenever(move || {
        if !ui.open.get() || it.mine.with(Option::is_none) || given_back.get_value() {
            return;
        }
        given_back.set_value(true);
        let with = navigation::query("with").and_then(|id| id.parse().ok());
        it.about.set(with);
        restore_draft(ui, DRAFT.to_owned(), FORM_ID, |_| {});
    });
    screen(words::WORRIED).with(live(move || it.draw()))
}

impl Screen {
    fn draw(self) -> El {
        let frame = el("div").class("group");
        if !self.ui.open.get() {
            return frame
                .key("closed")
                .with(help_large())
                .with(soft(peer_words::NEEDS_APP));
        }
        let Some(mine) = self
            .mine
            .with(|all| Some(read::<PeerSupporter>(all.as_deref()?)))
        else {
            return frame.key("loading").with(help_large());
        };
        let Some(seen) = mine.into_iter().next() else {
            return frame
                .key("none")
                .with(help_large())
                .with(p(words::NOT_YOURS))
                .with(link("/peer", peer_words::TITLE));
        };
        let it = &seen.body;
        frame
            .key("all")
            .with(help_large())
            .with(ring(&it.ring))
            .with(steps(it))
            .with(self.tell(it))
            .with(self.told(it))
            .with(link("/peer/supporting", words::TITLE))
    }

    /// The note, and who reads it.
    fn tell(self, it: &PeerSupporter) -> El {
        let ui = self.ui;
        let who = match &it.readers {
            Some(names) => words::TELL_WHO.fill(&[("names", names)]),
            None => words::TELL_NOBODY.get().to_owned(),
        };
        let about = self.about.get().and_then(|id| {
            let all = self
                .matches
                .with(|all| read::<PeerMatch>(all.as_deref().unwrap_or_default()));
            all.into_iter()
                .find(|seen| seen.id == id.0 && seen.body.supports)
        });
        let about = about.map(|seen| {
            let name = super::name_of(&seen.body);
            soft(words::TELL_ABOUT.fill(&[("name", &name)]))
        });
        let form = el("form")
            .attr("method", "dialog")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .with(field::long(FIELD, words::TELL, "worry-watched"))
            .when(about)
            .with(soft(who))
            .with(soft(words::TELL_STAYS))
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .with(words::TELL_DO),
            )
            .on("input", move |event: Event| {
                if let Some(form) = form_of(&event) {
                    keep_draft(ui, DRAFT, &Fields::of(&form, &[FIELD]));
                }
            })
            .on("submit", move |event| self.sent(&event));
        el("section")
            .key("tell")
            .class("group")
            .with(heading(words::TELL_TITLE))
            .with(p(words::RING_FIRST))
            .with(form)
    }

    fn sent(self, event: &Event) {
        event.prevent_default();
        let (Some(form), Some(phone)) = (form_of(event), self.ui.local.phone()) else {
            return;
        };
        let Some(said) = Fields::of(&form, &[FIELD]).get(FIELD) else {
            return;
        };
        let worry = Does::Worry {
            worry: phone.new_id(),
            peer_match: self.about.get_untracked(),
            words: said,
        };
        ask_then(
            self.ui,
            |phone| phone.send(Command::from(worry), Some(DRAFT.to_owned())),
            move |_| form.reset(),
        );
    }

    /// How far each note has come; one that waits has told nobody.
    fn told(self, it: &PeerSupporter) -> El {
        let mut all = self
            .worries
            .with(|all| read::<PeerWorry>(all.as_deref().unwrap_or_default()));
        order::by_key(&mut all, |seen| {
            (seen.body.at.is_some(), seen.body.at.clone())
        });
        let lines: Vec<El> = all.iter().map(|seen| self.one(seen, it)).collect();
        el("div")
            .key("told")
            .class("group")
            .attr("role", "status")
            .each(lines)
    }

    fn one(self, seen: &Seen<PeerWorry>, it: &PeerSupporter) -> El {
        let key = seen.id.to_string();
        if is_waiting(seen.sent) {
            return unsent_card()
                .key(key)
                .with(p(words::NOT_SENT))
                .when(seen.body.words.clone().map(typed));
        }
        let time = seen.body.at.as_deref();
        let sent = time.map_or_else(
            || state::SENT.get().to_owned(),
            |at| state::SENT_AT.fill(&[("time", &self.ui.say_time(at))]),
        );
        let with = it.readers.as_ref();
        let with = with.map(|names| soft(words::IS_WITH.fill(&[("names", names)])));
        card().key(key).with(ticked(sent)).when(with)
    }
}

/// The organisation's own procedure.
fn steps(it: &PeerSupporter) -> El {
    let steps = it
        .steps
        .iter()
        .map(|step| el("li").with(typed(step.clone())));
    el("section")
        .key("steps")
        .class("group")
        .with(heading(words::WHAT_TO_DO))
        .with(el("ol").class("points").each(steps))
}

/// Whom to ring.
fn ring(all: &[Ring]) -> El {
    let one = |it: &Ring| {
        let number = it.phone.as_deref()?;
        let named = words::RING.fill(&[("name", &it.name), ("number", number)]);
        Some(match dialled(number) {
            Some(digits) => el("div")
                .class("group")
                .with(second_link(["tel:", &digits].concat(), named))
                .with(
                    link(["sms:", &digits].concat(), help_now::TEXT)
                        .attr("aria-label", words::TEXT.fill(&[("name", &it.name)])),
                ),
            None => p(named),
        })
    };
    let ways: Vec<El> = all.iter().filter_map(one).collect();
    let nobody = ways.is_empty().then(|| p(words::RING_NOBODY));
    el("div").key("ring").class("group").each(ways).when(nobody)
}
