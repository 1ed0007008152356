//! For those who support others: what they are asked, with whom they talk, a break, and what they say of themselves.
//! What is told of others is only on a phone with a PIN.

use super::{
    answers, is_waiting, marked, name_of, send, typed,
    with::{way, worried_way},
};
use crate::{
    domain::{
        command::Command,
        id::{MemberId, PeerMatchId},
        peer::{Does, MatchState, PeerMatch, PeerSupporter},
        record::kind,
    },
    lang::{
        Text,
        en::{lead, peer as peer_words, state, supporting as words},
    },
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::Seen,
        parts::{
            act::ask_then,
            button, card, field,
            form::{Fields, fill, form_by_id, form_of, keep_draft, restore_draft},
            heading, link,
            load::{Records, read, records, whenever},
            main_link, p, page as screen, soft, ticked, unsent_card,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};

const FORM_ID: &str = "peer-about";
const FIELD: &str = "about";
const DRAFT: &str = "peer_about";

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    mine: Records,
    matches: Records,
    /// Whether they write what they say of themselves.
    writing: RwSignal<bool>,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        mine: records(ui, kind::PEER_SUPPORTER),
        matches: records(ui, kind::PEER_MATCH),
        writing: RwSignal::new(false),
    };
    // A PIN that was set a moment ago lets the first of them come.
    whenever(move || {
        if let Some(phone) = ui.local.phone() {
            phone.sync_now();
        }
    });
    screen(words::TITLE).with(live(move || it.draw()))
}

pub(super) fn pin_first() -> El {
    card()
        .with(p(words::PIN_FIRST))
        .with(main_link("/my-phone/pin", lead::SET_PIN))
}

impl Screen {
    fn draw(self) -> El {
        let back = link("/peer", peer_words::TITLE);
        let frame = el("div").class("group");
        if !self.ui.open.get() {
            return frame.key("closed").with(soft(peer_words::NEEDS_APP));
        }
        let Some(mine) = self
            .mine
            .with(|all| Some(read::<PeerSupporter>(all.as_deref()?)))
        else {
            return frame.key("loading");
        };
        let Some(seen) = mine.into_iter().next() else {
            return frame.key("none").with(p(words::NOT_YOURS)).with(back);
        };
        let member = MemberId(seen.id);
        let has_pin = self.ui.local.status.with(|status| status.pin.set);
        let people = if has_pin {
            self.people()
        } else {
            pin_first().key("pin")
        };
        frame
            .key("mine")
            .with(worried_way(None))
            .with(self.agreement(&seen, member))
            .with(people)
            .with(self.pause(&seen, member))
            .with(self.about(&seen.body, member))
            .with(ready(&seen.body))
            .with(back)
    }

    /// What they agree to, while they have not, or it has changed.
    fn agreement(self, seen: &Seen<PeerSupporter>, member: MemberId) -> El {
        let Some(it) = &seen.body.agreement else {
            return el("div").key("no-agreement");
        };
        let ui = self.ui;
        let agreed = it.version;
        let text = card().with(typed(it.text.clone()));
        if seen.body.agreed == Some(agreed) {
            let waits = is_waiting(seen.sent).then(|| soft(state::NOT_YET));
            return el("details")
                .key("agreed")
                .class("more")
                .with(el("summary").with(words::AGREED))
                .when(waits)
                .with(text);
        }
        el("section")
            .key("agree")
            .class("group")
            .with(heading(words::AGREE_TITLE))
            .with(p(words::AGREE_WHY))
            .with(text)
            .with(
                button(words::AGREE, move || {
                    send(ui, Does::Agree { member, agreed });
                })
                .class("button main"),
            )
    }

    fn all(self) -> Vec<Seen<PeerMatch>> {
        let mut all = self
            .matches
            .with(|all| read::<PeerMatch>(all.as_deref().unwrap_or_default()));
        all.retain(|seen| seen.body.supports);
        order::by_key(&mut all, |seen| seen.body.at.clone());
        all
    }

    /// What is asked first, then those with whom they talk.
    fn people(self) -> El {
        let all = self.all();
        let nobody = all.is_empty().then(|| p(words::NOBODY));
        let is = |which: fn(MatchState) -> bool| {
            all.iter()
                .filter(move |seen| which(seen.body.state))
                .map(|seen| self.one(seen))
        };
        el("section")
            .key("people")
            .class("group")
            .with(heading(words::PEOPLE))
            .when(nobody)
            .with(
                el("ul")
                    .class("cards")
                    .each(is(MatchState::is_asked))
                    .each(is(|state| state == MatchState::Matched))
                    .each(is(|state| state == MatchState::Ended)),
            )
    }

    fn one(self, seen: &Seen<PeerMatch>) -> El {
        let it = &seen.body;
        let waits = it.marked.is_some() && is_waiting(seen.sent);
        let frame = if waits { unsent_card() } else { card() };
        let part = |name: Text, said: Option<&String>| {
            let said = said?.clone();
            Some(
                el("div")
                    .with(soft(name).class("soft small"))
                    .with(typed(said).class("typed said")),
            )
        };
        let name = name_of(it);
        let said = frame
            .when(part(words::ABOUT_WHAT, it.about.as_ref()))
            .when(part(words::WHEN, it.suits.as_ref()));
        let done = match (it.state, marked(self.ui, seen)) {
            (MatchState::Matched, marked) => said
                .with(ticked(peer_words::MATCHED.fill(&[("name", &name)])))
                .when(marked)
                .with(way(seen.id, &name)),
            (_, Some(marked)) => said.with(marked),
            (MatchState::Asked, None) => said
                .with(p(words::ASKED))
                .with(soft(words::ASKED_UNDER))
                .with(answers(self.ui, PeerMatchId(seen.id), words::YES)),
            (MatchState::Offered, None) => said.with(p(words::OFFERED)).with({
                let (ui, id) = (self.ui, PeerMatchId(seen.id));
                button(peer_words::NOT_THIS_TIME, move || {
                    send(ui, Does::NotThisTime(id));
                })
            }),
            (_, None) => said.with(soft(words::OVER)),
        };
        el("li").key(seen.id.to_string()).with(done)
    }

    fn pause(self, seen: &Seen<PeerSupporter>, member: MemberId) -> El {
        let ui = self.ui;
        let paused = seen.body.paused;
        let (said, does) = if paused {
            (words::PAUSED, words::RESUME)
        } else {
            (words::PAUSE_WHAT, words::PAUSE)
        };
        let waits = is_waiting(seen.sent).then(|| soft(state::NOT_YET));
        card()
            .key("pause")
            .with(el("h2").with(words::PAUSE_TITLE))
            .with(p(said))
            .when(waits)
            .with(button(does, move || {
                let pause = Does::Pause {
                    member,
                    paused: !paused,
                };
                send(ui, pause);
            }))
    }

    /// What they say of themselves to whoever they may be matched with.
    fn about(self, it: &PeerSupporter, member: MemberId) -> El {
        let (ui, writing) = (self.ui, self.writing);
        let frame = card().key("about").with(el("h2").with(words::ABOUT_ME));
        if !writing.get() {
            let was = it.about.clone();
            let shown = match it.about.clone() {
                Some(said) => typed(said).class("typed said"),
                None => p(words::ABOUT_ME_NONE),
            };
            return frame
                .with(shown)
                .with(soft(words::ABOUT_ME_WHY))
                .with(button(words::ABOUT_ME_WRITE, move || {
                    writing.set(true);
                    let was = was.clone();
                    restore_draft(ui, DRAFT.to_owned(), FORM_ID, move |form| {
                        let was = was.clone().unwrap_or_default();
                        fill(form, &Fields(vec![(FIELD.to_owned(), was)]));
                    });
                }));
        }
        let form = el("form")
            .attr("method", "dialog")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .with(field::long(FIELD, words::ABOUT_ME, "about-me-watched"))
            .with(soft(words::ABOUT_ME_WHY))
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .with(words::ABOUT_ME_KEEP),
            )
            .on("input", move |event: Event| {
                if let Some(form) = form_of(&event) {
                    keep_draft(ui, DRAFT, &Fields::of(&form, &[FIELD]));
                }
            })
            .on("submit", move |event: Event| {
                event.prevent_default();
                let Some(form) = form_by_id(FORM_ID) else {
                    return;
                };
                let about = Fields::of(&form, &[FIELD]).get(FIELD);
                let says = Command::from(Does::About { member, about });
                ask_then(
                    ui,
                    |phone| phone.send(says, Some(DRAFT.to_owned())),
                    move |_| writing.set(false),
                );
            });
        frame.with(form)
    }
}

/// What it still takes before they are asked.
fn ready(it: &PeerSupporter) -> El {
    let missing = [
        (!it.trained).then_some(words::NO_TRAINING),
        it.supervisor.is_none().then_some(words::NO_SUPERVISOR),
    ];
    let missing: Vec<_> = missing.into_iter().flatten().collect();
    let with = it.supervisor.as_deref().map(super::isolated);
    let with = with.map(|name| soft(words::SUPERVISOR.fill(&[("name", &name)])));
    let any = !missing.is_empty();
    el("div")
        .key("ready")
        .class("group")
        .when(with)
        .when(any.then(|| p(words::NOT_READY)))
        .with(
            el("ul")
                .class("points")
                .each(missing.into_iter().map(|it| el("li").with(it))),
        )
}
