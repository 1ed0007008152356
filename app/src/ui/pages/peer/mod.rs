//! Peer support: what it is, asking for a peer, and how what was asked stands. Nothing is said of a peer before they
//! said yes, and the person says yes or "not this time" as well.

mod ask;
mod supporting;
mod with;
mod worried;

use super::{group::isolated, opportunity::typed};
use crate::{
    domain::{
        command::Command,
        id::{PeerAskId, PeerMatchId},
        peer::{AskState, Does, MatchState, PeerAsk, PeerMatch, PeerSupporter, word},
        record::kind,
    },
    lang::{
        Text,
        en::{check_in, join, peer as words, state, supporting as for_peers},
    },
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::{Seen, Sent},
        parts::{
            act::{ask as ask_phone, sure},
            button, card, heading, help_large, link,
            load::{Programme, Records, read, records, whenever},
            main_link, p, page as screen, quiet_button, second_link, soft, ticked, unsent_card,
        },
    },
};
pub(super) use ask::again;
pub(crate) use ask::page as ask_page;
use leptos::prelude::*;
pub(crate) use supporting::page as supporting;
pub(super) use with::again as write_again;
pub(crate) use with::page as with;
pub(super) use worried::again as worry_again;
pub(crate) use worried::page as worried;

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    asks: Records,
    matches: Records,
    supporter: Records,
    programme: Programme,
    /// Whether it is asked before it is taken back.
    sure: RwSignal<bool>,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        asks: records(ui, kind::PEER_ASK),
        matches: records(ui, kind::PEER_MATCH),
        supporter: records(ui, kind::PEER_SUPPORTER),
        programme: Programme::load(ui),
        sure: RwSignal::new(false),
    };
    whenever(move || {
        if let Some(phone) = ui.local.phone() {
            phone.sync_now();
        }
    });
    screen(words::TITLE)
        .with(p(words::INTRO))
        .with(live(move || it.supports()))
        .with(live(move || it.draw()))
}

/// Whether it is not known to have arrived.
fn is_waiting(sent: Sent) -> bool {
    matches!(sent, Sent::NotYet(_) | Sent::Sending(_))
}

/// What somebody is called, or what stands for no name.
fn name_of(it: &PeerMatch) -> String {
    let none = if it.supports {
        for_peers::SOMEBODY
    } else {
        words::A_PEER
    };
    match &it.name {
        Some(name) => isolated(name),
        None => none.get().to_owned(),
    }
}

fn path_with(id: PeerMatchId) -> String {
    ["/peer/with/", &id.to_string()].concat()
}

/// Sends something that is done.
fn send(ui: Ui, it: Does) {
    ask_phone(ui, |phone| phone.send(Command::from(it), None));
}

/// What was said about a match on this phone and is not on the server yet, with the way to undo it.
fn marked(ui: Ui, seen: &Seen<PeerMatch>) -> Option<El> {
    let said = match seen.body.marked.as_deref()? {
        word::YES => words::SAID_YES,
        word::NOT_THIS_TIME => words::SAID_NOT,
        word::END => words::SAID_END,
        _ => return None,
    };
    let waits = is_waiting(seen.sent);
    let undo = match ui.how_far(seen.sent) {
        Sent::NotYet(command) => Some(quiet_button(check_in::DONT_SEND, move || {
            ask_phone(ui, |phone| phone.dont_send(command));
        })),
        _ => None,
    };
    let frame = if waits { unsent_card() } else { card() };
    Some(
        frame
            .key("marked")
            .attr("role", "status")
            .with(p(said))
            .when(waits.then(|| soft(state::NOT_YET)))
            .when(undo),
    )
}

/// The two answers to a match.
fn answers(ui: Ui, id: PeerMatchId, yes: Text) -> El {
    el("div")
        .class("group")
        .with(button(yes, move || send(ui, Does::Yes(id))).class("button main"))
        .with(button(words::NOT_THIS_TIME, move || {
            send(ui, Does::NotThisTime(id));
        }))
        .with(soft(words::NO_REASON))
}

impl Screen {
    /// The way on for whoever supports others.
    fn supports(self) -> El {
        let supports = self.supporter.with(|all| {
            let all = read::<PeerSupporter>(all.as_deref().unwrap_or_default());
            !all.is_empty()
        });
        el("div").when(supports.then(|| {
            card()
                .key("supports")
                .with(p(for_peers::YOU_SUPPORT))
                .with(link("/peer/supporting", for_peers::TITLE))
        }))
    }

    fn asks(self) -> Option<Vec<Seen<PeerAsk>>> {
        let mut all = self
            .asks
            .with(|all| Some(read::<PeerAsk>(all.as_deref()?)))?;
        order::by_key(&mut all, |seen| {
            let at = seen.body.received_at.clone();
            (at.is_none(), at)
        });
        Some(all)
    }

    fn matches(self) -> Vec<Seen<PeerMatch>> {
        let mut all = self
            .matches
            .with(|all| read::<PeerMatch>(all.as_deref().unwrap_or_default()));
        all.retain(|seen| !seen.body.supports);
        all
    }

    fn draw(self) -> El {
        let frame = el("div").class("group");
        if !self.ui.open.get() {
            return frame.key("closed").with(soft(words::NEEDS_APP));
        }
        if self.ui.local.status.with(|status| status.member.is_none()) {
            return frame
                .key("nobody")
                .with(p(words::JOIN_FIRST))
                .with(main_link("/join", join::TITLE));
        }
        let Some(asks) = self.asks() else {
            return frame.key("loading");
        };
        let open = asks.iter().rfind(|seen| seen.body.state.is_open());
        let taken_back = asks
            .iter()
            .rfind(|seen| matches!(seen.sent, Sent::TakingBack(_)));
        let over = asks
            .iter()
            .rfind(|seen| seen.body.state == AskState::Ended && open.is_none());
        frame
            .key("all")
            .when(open.map(|seen| self.one(seen)))
            .when(taken_back.map(|_| {
                card()
                    .key("back")
                    .attr("role", "status")
                    .with(p(words::TAKING_BACK))
            }))
            .when(over.map(|seen| self.ended(seen)))
            .when(open.is_none().then(|| main_link("/peer/ask", words::ASK)))
            .when(open.is_none().then(how))
            .with(self.before())
    }

    /// Talks that are over: they can be read still.
    fn before(self) -> El {
        let mut all = self.matches();
        all.retain(|seen| seen.body.state == MatchState::Ended);
        let any = !all.is_empty();
        let lines = all.into_iter().map(|seen| {
            let name = name_of(&seen.body);
            let address = path_with(PeerMatchId(seen.id));
            el("li")
                .key(seen.id.to_string())
                .with(link(address, words::BEFORE_ONE.fill(&[("name", &name)])))
        });
        el("div")
            .class("group")
            .when(any.then(|| heading(words::BEFORE)))
            .with(el("ul").class("points").each(lines))
    }

    fn ended(self, seen: &Seen<PeerAsk>) -> El {
        let message = seen.body.message.clone();
        let id = PeerAskId(seen.id);
        card()
            .key("ended")
            .with(p(words::ENDED))
            .when(message.map(|said| typed(said).class("typed said")))
            .with(soft(words::ENDED_UNDER))
            .with(self.take_back(id, words::DELETE))
    }

    /// The ask that is open, how it stands, and the free way back.
    fn one(self, seen: &Seen<PeerAsk>) -> El {
        let id = PeerAskId(seen.id);
        let waits = is_waiting(seen.sent) && seen.body.marked.is_none();
        let frame = if waits { unsent_card() } else { card() };
        let ui = self.ui;
        let back = match ui.how_far(seen.sent) {
            Sent::NotYet(command) if waits => quiet_button(check_in::DONT_SEND, move || {
                ask_phone(ui, |phone| phone.dont_send(command));
            })
            .key("dont-send"),
            _ => self.take_back(id, words::TAKE_BACK),
        };
        let stands = if waits {
            el("div")
                .key("waits")
                .attr("role", "status")
                .with(p(state::NOT_YET))
                .with(soft(words::NOT_SENT))
        } else {
            self.stands(seen)
        };
        frame
            .key(seen.id.to_string())
            .with(el("h2").with(words::MINE))
            .with(stands)
            .with(said(&seen.body))
            .with(back)
    }

    fn stands(self, seen: &Seen<PeerAsk>) -> El {
        let it = &seen.body;
        let group = el("div").key(it.state.word()).class("group");
        let current = self
            .matches()
            .into_iter()
            .find(|seen| matches!(seen.body.state, MatchState::Offered | MatchState::Matched));
        let message = it.message.clone();
        let message = message.map(|said| typed(said).class("typed said"));
        match it.state {
            AskState::Sent => group.with(ticked(self.sent(it))).with(p(words::LOOKING)),
            AskState::NobodyYet => group
                .with(p(words::NOBODY_YET))
                .when(message)
                .with(soft(words::MEANWHILE))
                .with(second_link(
                    "/take-part",
                    crate::lang::en::take_part::SEE_ALL,
                ))
                .with(help_large()),
            AskState::AskedPeer => group
                .with(ticked(words::ASKED_PEER))
                .with(soft(words::ASKED_PEER_UNDER)),
            AskState::Offered | AskState::Matched => match current {
                Some(current) => self.matched(&current),
                // It comes with the next page.
                None => group.with(p(words::COMING)),
            },
            AskState::Suggested => self.suggested(seen, message),
            AskState::Ended | AskState::Withdrawn => group,
        }
    }

    /// "Seen by Priya", "Sent 2.02pm".
    fn sent(self, it: &PeerAsk) -> String {
        match (&it.seen_by, it.received_at.as_deref()) {
            (Some(name), _) => state::SEEN.fill(&[("name", name)]),
            (None, Some(at)) => state::SENT_AT.fill(&[("time", &self.ui.say_time(at))]),
            (None, None) => state::SENT.get().to_owned(),
        }
    }

    /// Who the peer is, and the question; or the way to talk with them.
    fn matched(self, seen: &Seen<PeerMatch>) -> El {
        let id = PeerMatchId(seen.id);
        let it = &seen.body;
        let name = name_of(it);
        let says = it.says.clone();
        let says = says.map(|says| {
            el("div")
                .key("says")
                .with(soft(words::SAYS))
                .with(typed(says).class("typed said"))
        });
        let group = el("div").key(it.state.word()).class("group");
        if it.state == MatchState::Matched {
            return group
                .with(ticked(words::MATCHED.fill(&[("name", &name)])))
                .when(marked(self.ui, seen))
                .with(main_link(
                    path_with(id),
                    words::TALK.fill(&[("name", &name)]),
                ));
        }
        let group = group
            .with(p(words::OFFERED.fill(&[("name", &name)])))
            .when(says);
        match marked(self.ui, seen) {
            Some(marked) => group.with(marked),
            None => group
                .with(soft(words::OFFERED_UNDER))
                .with(answers(self.ui, id, words::YES)),
        }
    }

    fn suggested(self, seen: &Seen<PeerAsk>, message: Option<El>) -> El {
        let ui = self.ui;
        let id = PeerAskId(seen.id);
        let it = &seen.body;
        let to = it.opportunity.map(|id| {
            let title = self.programme.opportunity(id.0);
            let title = title.map_or_else(|| words::SEE_IT.get().to_owned(), |one| one.title);
            main_link(["/take-part/", &id.to_string()].concat(), title)
        });
        let asked_on = it.marked.as_deref() == Some(word::KEEP_LOOKING);
        let on = if asked_on {
            let waits = is_waiting(seen.sent).then(|| soft(state::NOT_YET));
            el("div")
                .key("on")
                .attr("role", "status")
                .with(p(words::SAID_KEEP_LOOKING))
                .when(waits)
        } else {
            button(words::KEEP_LOOKING, move || {
                send(ui, Does::KeepLooking(id));
            })
            .key("ask-on")
        };
        el("div")
            .key("suggested")
            .class("group")
            .with(p(words::SUGGESTED))
            .when(message)
            .when(to)
            .with(on)
    }

    /// Taking it back is free at any time; what it takes along is said first.
    fn take_back(self, id: PeerAskId, label: Text) -> El {
        let Self {
            ui, sure: asked, ..
        } = self;
        if asked.get() {
            let question = [words::BACK_SURE, words::BACK_YES, words::BACK_NO];
            return sure(
                question,
                move || asked.set(false),
                move || send(ui, Does::Withdraw(id)),
            );
        }
        quiet_button(label, move || asked.set(true)).key("take-back")
    }
}

/// How it goes, before anybody asks.
fn how() -> El {
    let steps = [
        words::HOW_ONE,
        words::HOW_TWO,
        words::HOW_THREE,
        words::HOW_FOUR,
    ];
    el("div")
        .key("how")
        .class("group")
        .with(heading(words::HOW))
        .with(
            el("ol")
                .class("points")
                .each(steps.map(|step| el("li").with(step))),
        )
        .with(soft(words::NOT_FOR_EMERGENCIES))
}

/// What the person said, and who may read it.
fn said(it: &PeerAsk) -> El {
    let part = |name: Text, said: Option<&String>, under: Option<Text>| {
        let said = said?.clone();
        Some(
            el("div")
                .with(soft(name).class("soft small"))
                .with(typed(said))
                .when(under.map(|under| soft(under).class("soft small"))),
        )
    };
    let about = if it.show_about {
        words::ABOUT_SHOWN
    } else {
        words::ABOUT_HIDDEN
    };
    let reach = it.contact.as_ref().map(|contact| &contact.value);
    let reach_under = if it.show_contact {
        words::REACH_SHOWN
    } else {
        words::REACH_HIDDEN
    };
    let apart = it.said_not_with || it.not_with.is_some();
    let nothing = it.about.is_none() && it.suits.is_none() && it.contact.is_none() && !apart;
    let parts = el("div")
        .class("group")
        .when(part(words::SAID_ABOUT, it.about.as_ref(), Some(about)))
        .when(part(words::SAID_SUITS, it.suits.as_ref(), None))
        .when(part(words::SAID_REACH, reach, Some(reach_under)))
        .when(part(words::SAID_NOT_WITH, it.not_with.as_ref(), None))
        .when(apart.then(|| soft(words::SAID_APART).class("soft small")));
    el("details")
        .key("said")
        .class("more")
        .flag("hidden", nothing)
        .with(el("summary").with(words::WHAT_I_SAID))
        .with(parts)
}
