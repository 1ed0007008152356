//! The talk of two who said yes: what they write to each other, the way to end it, and to ask staff to look. A peer has
//! the way to say that they are worried beside it. It works with no signal.

use super::{Sent, is_waiting, isolated, marked, name_of, send, typed};
use crate::{
    domain::{
        command::Command,
        contact::{Contact, ContactBy},
        id::PeerMatchId,
        peer::{Does, MatchState, PeerMatch, PeerMessage, word},
        record::kind,
    },
    lang::{
        Text,
        en::{
            care, check_in, contact as contact_words, in_group, peer as words, state,
            supporting as for_peers,
        },
    },
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::Seen,
        parts::{
            act::{ask, ask_then, sure},
            card, field,
            form::{Fields, form_of, keep_draft, restore_draft},
            heading, help_large, link,
            load::{Records, read, records, whenever},
            main_link, p, page as screen, quiet_button, second_link, soft,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};
use uuid::Uuid;

const FORM_ID: &str = "peer-words";
const FIELD: &str = "words";

#[derive(Clone, Copy)]
struct Talk {
    ui: Ui,
    id: PeerMatchId,
    matches: Records,
    messages: Records,
    /// Whether it is asked before it ends.
    sure: RwSignal<bool>,
}

fn draft(id: PeerMatchId) -> String {
    ["peer_write/", &id.to_string()].concat()
}

/// The form in which words that were refused can be changed and sent again.
pub(in super::super) fn again(id: PeerMatchId, said: &str) -> (String, Fields, String) {
    let mut fields = Fields::default();
    fields.put(FIELD, Some(said));
    (draft(id), fields, super::path_with(id))
}

/// The screen.
pub(crate) fn page(ui: Ui, id: PeerMatchId) -> El {
    let it = Talk {
        ui,
        id,
        matches: records(ui, kind::PEER_MATCH),
        messages: records(ui, kind::PEER_MESSAGE),
        sure: RwSignal::new(false),
    };
    let given_back = StoredValue::new(false);
    whenever(move || {
        if let Some(phone) = ui.local.phone() {
            phone.sync_now();
        }
    });
    whenever(move || {
        let writes =
            it.messages.with(Option::is_some) && it.found().is_some_and(|seen| it.can_write(&seen));
        if !writes {
            given_back.set_value(false);
        } else if !given_back.get_value() {
            restore_draft(ui, draft(id), FORM_ID, move |_| given_back.set_value(true));
        }
    });
    el("div").with(live(move || it.draw()))
}

impl Talk {
    fn found(self) -> Option<Seen<PeerMatch>> {
        self.matches.with(|all| {
            let all = read::<PeerMatch>(all.as_deref().unwrap_or_default());
            all.into_iter().find(|seen| seen.id == self.id.0)
        })
    }

    fn has_pin(self) -> bool {
        self.ui.local.status.with(|status| status.pin.set)
    }

    /// Whether the box for writing is there.
    fn can_write(self, seen: &Seen<PeerMatch>) -> bool {
        seen.body.state == MatchState::Matched && seen.body.marked.as_deref() != Some(word::END)
    }

    fn draw(self) -> El {
        let back = |supports: bool| {
            if supports {
                link("/peer/supporting", for_peers::TITLE)
            } else {
                link("/peer", words::TITLE)
            }
        };
        let title = screen(words::TALK_TITLE);
        if !self.ui.open.get() {
            return title.key("closed").with(soft(words::NEEDS_APP));
        }
        if self.matches.with(Option::is_none) || self.messages.with(Option::is_none) {
            return title.key("loading");
        }
        let Some(seen) = self.found() else {
            return title
                .key("none")
                .with(p(words::TALK_NONE))
                .with(back(false));
        };
        let it = &seen.body;
        if it.supports && !self.has_pin() {
            return title
                .key("pin")
                .with(super::supporting::pin_first())
                .with(back(true));
        }
        let name = name_of(it);
        let goes_on = self.can_write(&seen);
        let worried = it.supports.then(|| worried_way(Some(self.id)));
        let over = (it.state == MatchState::Ended).then(|| p(words::TALK_OVER));
        screen(words::TALK.fill(&[("name", &name)]))
            .key("talk")
            .with(back(it.supports))
            .when(worried)
            .with(who_reads(it))
            .when(it.contact.as_ref().map(reach))
            .when(over)
            .when(marked(self.ui, &seen))
            .with(self.said(&name))
            .when(goes_on.then(|| self.write(&name)))
            .with(self.ways(&seen, goes_on))
    }

    fn messages_here(self) -> Vec<Seen<PeerMessage>> {
        let mut all = self
            .messages
            .with(|all| read::<PeerMessage>(all.as_deref().unwrap_or_default()));
        all.retain(|seen| seen.body.peer_match == self.id);
        order::by_key(&mut all, |seen| {
            (seen.body.at.is_none(), seen.body.at.clone(), seen.id)
        });
        all
    }

    fn said(self, name: &str) -> El {
        let all = self.messages_here();
        let nothing = all.is_empty().then(|| soft(words::TALK_NOTHING));
        let lines = all.iter().map(|seen| self.message(seen, name));
        let ui = self.ui;
        let news = quiet_button(words::TALK_NEWS, move || {
            if let Some(phone) = ui.local.phone() {
                phone.sync_now();
            }
        });
        el("section")
            .class("group")
            .with(heading(in_group::TALK))
            .when(nothing)
            .with(el("ul").class("thread").each(lines))
            .with(news)
    }

    fn message(self, seen: &Seen<PeerMessage>, name: &str) -> El {
        let it = &seen.body;
        let mine = !it.theirs;
        let waits = mine && is_waiting(seen.sent);
        let class = match (mine, waits) {
            (false, _) => "",
            (true, false) => "own",
            (true, true) => "own unsent",
        };
        let time = it.at.as_deref().map(|at| self.ui.say_time(at));
        let head = match (mine, time) {
            (true, None) => care::YOU_WROTE.get().to_owned(),
            (true, Some(time)) => care::YOU_SAID.fill(&[("time", &time)]),
            (false, time) => {
                care::SAID.fill(&[("name", name), ("time", &time.unwrap_or_default())])
            }
        };
        let line = el("li").key(seen.id.to_string()).class(class);
        let gone = it.state.as_deref() == Some(PeerMessage::TAKEN_BACK);
        if gone || it.words.is_none() {
            let said = if mine {
                care::TAKEN_BACK.get().to_owned()
            } else {
                in_group::TOOK_BACK.fill(&[("name", name)])
            };
            let waits = matches!(seen.sent, Sent::TakingBack(_)).then(|| p(in_group::TAKING_BACK));
            return line.with(soft(said).class("soft small")).when(waits);
        }
        line.with(soft(head).class("soft small"))
            .when(it.words.clone().map(|said| typed(said).attr("dir", "auto")))
            .when(waits.then(|| p(state::NOT_YET)))
            .when(mine.then(|| self.way_back(seen)))
    }

    /// "Don't send" while nothing has arrived for sure; else taking it back, at any time.
    fn way_back(self, seen: &Seen<PeerMessage>) -> El {
        let (ui, message, peer_match) = (self.ui, seen.id, self.id);
        match seen.sent {
            Sent::NotYet(command) | Sent::Sending(command) => {
                quiet_button(check_in::DONT_SEND, move || {
                    ask(ui, |phone| phone.dont_send(command));
                })
                .key("dont-send")
            }
            _ => quiet_button(in_group::TAKE_BACK, move || {
                let back = Does::TakeBack {
                    message,
                    peer_match,
                };
                send(ui, back);
            })
            .key("take-back"),
        }
    }

    /// The box for writing.
    fn write(self, name: &str) -> El {
        let (ui, id) = (self.ui, self.id);
        el("form")
            .key("write")
            .attr("method", "dialog")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .with(field::long(
                FIELD,
                words::WRITE.fill(&[("name", name)]),
                "peer-watched",
            ))
            .with(soft(check_in::IF_HURT).class("soft small"))
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .with(care::SEND),
            )
            .on("input", move |event: Event| {
                if let Some(form) = form_of(&event) {
                    keep_draft(ui, &draft(id), &Fields::of(&form, &[FIELD]));
                }
            })
            .on("submit", move |event| self.sent(&event))
    }

    fn sent(self, event: &Event) {
        event.prevent_default();
        let (Some(form), Some(phone)) = (form_of(event), self.ui.local.phone()) else {
            return;
        };
        let Some(said) = Fields::of(&form, &[FIELD]).get(FIELD) else {
            return;
        };
        let write = Does::Write {
            message: phone.new_id(),
            peer_match: self.id,
            words: said,
        };
        let draft = Some(draft(self.id));
        ask_then(
            self.ui,
            |phone| phone.send(Command::from(write), draft),
            move |_| form.reset(),
        );
    }

    /// Asking staff to look, and the way to end it.
    fn ways(self, seen: &Seen<PeerMatch>, goes_on: bool) -> El {
        let Self {
            ui,
            id,
            sure: asked,
            ..
        } = self;
        let it = &seen.body;
        let asks_now = it.marked.as_deref() == Some(word::LOOK);
        let name = it.supervisor.as_deref().map(isolated);
        let look = name.map(|name| {
            if it.looks || asks_now {
                let waits = (asks_now && is_waiting(seen.sent)).then(|| soft(state::NOT_YET));
                return el("div")
                    .key("looks")
                    .attr("role", "status")
                    .with(p(words::LOOKS.fill(&[("name", &name)])))
                    .when(waits);
            }
            quiet_button(words::LOOK.fill(&[("name", &name)]), move || {
                send(ui, Does::Look(id));
            })
            .key("look")
        });
        let end = if !goes_on {
            el("div").key("over")
        } else if asked.get() {
            let under = if it.supports {
                for_peers::END_SURE
            } else {
                words::END_SURE
            };
            sure(
                [under, words::END_YES, words::END_NO],
                move || asked.set(false),
                move || send(ui, Does::End(id)),
            )
        } else {
            quiet_button(words::END, move || asked.set(true)).key("end")
        };
        el("div")
            .class("group")
            .when(look)
            .with(end)
            .with(help_large())
    }
}

/// Who can read what is written, said plainly.
fn who_reads(it: &PeerMatch) -> El {
    let said = match it.supervisor.as_deref() {
        Some(name) => words::TALK_WHO.fill(&[("name", &isolated(name))]),
        None => words::TALK_WHO_NOBODY.get().to_owned(),
    };
    soft(said)
}

/// How to reach the other one, where they said so.
fn reach(it: &Contact) -> El {
    let way = match it.by {
        ContactBy::Phone => contact_words::PHONE,
        ContactBy::Text => contact_words::TEXT,
        ContactBy::Email => contact_words::EMAIL,
        ContactBy::Worker => contact_words::WORKER,
    };
    let safe: Text = if it.safe_to_leave_message {
        for_peers::SAFE
    } else {
        for_peers::NOT_SAFE
    };
    card()
        .key("reach")
        .with(soft(for_peers::REACH))
        .with(typed([way.get(), ": ", &it.value].concat()))
        .with(p(safe))
}

/// Beside all that a peer reads.
pub(super) fn worried_way(id: Option<PeerMatchId>) -> El {
    let address = match id {
        Some(id) => ["/peer/worried?with=", &id.to_string()].concat(),
        None => "/peer/worried".to_owned(),
    };
    second_link(address, for_peers::WORRIED)
}

/// The way to the talk of somebody who is matched.
pub(super) fn way(id: Uuid, name: &str) -> El {
    main_link(
        super::path_with(PeerMatchId(id)),
        words::TALK.fill(&[("name", name)]),
    )
}
