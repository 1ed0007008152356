//! Delete what I shared: everything of the person's that the organisation has is taken back at once,
//! with or without signal. How far it has come is read from the records, never from a remembered flag.

use super::{
    group::{self, Groups},
    leave, notice,
    phones::text,
};
use crate::{
    domain::{
        command::Command,
        experience::{self, Experience},
        group::{GroupAct, InGroup, Message, MessageState},
        id::{CheckInId, ExperienceId, MemberId, PeerAskId, SignUpId, SuggestionId},
        needs::KeepNeeds,
        peer::Does,
        record::kind,
        shared_plan,
        words::suggestion::{Comment, CommentState, Says, Suggestion, SuggestionState, Support},
    },
    json,
    lang::{Text, en::going as words},
    ui::{
        Ui,
        el::{El, el, live},
        local::{self, PhoneStatus, Sent},
        parts::{
            act::{ask, sure},
            button, card, heading, link,
            load::{Loaded, Records, load, read, records},
            p, page as screen, quiet_button, soft, ticked, unsent_card,
        },
    },
};
use leptos::prelude::*;
use serde_json::Value;

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    check_ins: Records,
    sign_ups: Records,
    needs: Records,
    groups: Groups,
    messages: Records,
    plans: Records,
    /// What the person said about words, that something speaks for them too, and what they wrote about that.
    words: [Records; 3],
    experiences: Records,
    peer_asks: Records,
    kept_for: Records,
    kept: Loaded<Vec<(String, String)>>,
    /// What is asked before it is done: `shared`, `own`; none while nothing is.
    asked: RwSignal<Option<&'static str>>,
}

/// What the person has shared, and how far deleting it has come.
#[derive(Default)]
struct Shared {
    /// What takes back each thing that stands.
    commands: Vec<Command>,
    check_ins: usize,
    sign_ups: usize,
    /// Whether something is kept of what makes it easier.
    needs: bool,
    messages: usize,
    /// Whether a plan stands.
    plan: bool,
    suggestions: usize,
    experiences: usize,
    /// Whether a wish to talk to a peer stands.
    peer: bool,
    /// Things whose taking back has not arrived yet.
    waits: usize,
    /// Things that are gone.
    gone: usize,
}

impl Shared {
    /// One thing that was said about our words, which this takes back, or has taken back.
    fn count(&mut self, is_gone: bool, sent: Sent, back: Says) {
        match sent {
            _ if !is_gone => {
                self.suggestions += 1;
                self.commands.push(Command::from(back));
            }
            Sent::OnServer | Sent::Answered => self.gone += 1,
            _ => self.waits += 1,
        }
    }
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        check_ins: records(ui, kind::CHECK_IN),
        sign_ups: records(ui, kind::SIGN_UP),
        needs: records(ui, kind::NEEDS),
        groups: Groups::load(ui),
        messages: records(ui, kind::GROUP_MESSAGE),
        plans: records(ui, kind::PLAN),
        words: [
            records(ui, kind::SUGGESTION),
            records(ui, kind::SUPPORT),
            records(ui, kind::SUGGESTION_COMMENT),
        ],
        experiences: records(ui, kind::EXPERIENCE),
        peer_asks: records(ui, kind::PEER_ASK),
        kept_for: records(ui, kind::RETENTION),
        kept: load(ui, |phone| phone.own(kind::CHECK_IN)),
        asked: RwSignal::new(None),
    };
    screen(words::DELETE).with(live(move || it.draw(&ui.local.status.get())))
}

impl Screen {
    fn draw(self, status: &PhoneStatus) -> El {
        if status.member.is_none() {
            return leave::nobody(self.ui, status);
        }
        // Until the phone has answered nothing is said: it may not be true.
        let Some(shared) = self.shared() else {
            return el("div").key("loading");
        };
        let is_over = shared.commands.is_empty();
        el("div")
            .key("joined")
            .class("group")
            .when((shared.waits > 0).then(|| self.waits(shared.waits)))
            .with(match shared {
                shared if !is_over => self.standing(shared),
                Shared { waits: 0, gone, .. } => self.over(gone > 0),
                _ => el("div").key("none"),
            })
            .when(is_over.then(|| self.own_copies()).flatten())
    }

    fn shared(self) -> Option<Shared> {
        let mut shared = Shared::default();
        for is_check_in in [true, false] {
            let records = if is_check_in {
                self.check_ins
            } else {
                self.sign_ups
            };
            for seen in records.get()? {
                let body: Value = json::read(&seen.body).unwrap_or_default();
                let taken_back = text(&body, "state") == "withdrawn";
                match seen.sent {
                    _ if !taken_back && is_check_in => {
                        shared.check_ins += 1;
                        let id = CheckInId(seen.id);
                        shared.commands.push(Command::WithdrawCheckIn(id));
                    }
                    _ if !taken_back => {
                        shared.sign_ups += 1;
                        let id = SignUpId(seen.id);
                        shared.commands.push(Command::WithdrawSignUp(id));
                    }
                    Sent::OnServer | Sent::Answered => shared.gone += 1,
                    _ => shared.waits += 1,
                }
            }
        }
        for seen in self.needs.get()? {
            let body: Value = json::read(&seen.body).unwrap_or_default();
            match seen.sent {
                _ if !body["needs"].is_null() => {
                    shared.needs = true;
                    let delete = KeepNeeds::delete(MemberId(seen.id), false);
                    shared.commands.push(Command::KeepNeeds(delete));
                }
                Sent::OnServer | Sent::Answered => shared.gone += 1,
                _ => shared.waits += 1,
            }
        }
        for seen in self.plans.get()? {
            let body: Value = json::read(&seen.body).unwrap_or_default();
            match seen.sent {
                _ if text(&body, "state") != "withdrawn" => {
                    shared.plan = true;
                    shared.commands.push(shared_plan::withdrawal(seen.id));
                }
                Sent::OnServer | Sent::Answered => shared.gone += 1,
                _ => shared.waits += 1,
            }
        }
        for seen in self.peer_asks.get()? {
            let body: Value = json::read(&seen.body).unwrap_or_default();
            match seen.sent {
                _ if text(&body, "state") != "withdrawn" => {
                    shared.peer = true;
                    let back = Does::Withdraw(PeerAskId(seen.id));
                    shared.commands.push(Command::from(back));
                }
                Sent::OnServer | Sent::Answered => shared.gone += 1,
                _ => shared.waits += 1,
            }
        }
        self.written(&mut shared)?;
        self.about_words(&mut shared)?;
        self.told(&mut shared)?;
        Some(shared)
    }

    /// What the person wrote in the groups in which they are.
    fn written(self, shared: &mut Shared) -> Option<()> {
        let mine = self.groups.memberships()?;
        for seen in read::<Message>(&self.messages.get()?) {
            let it = &seen.body;
            let me = mine.iter().find(|one| one.id == it.group.0);
            if !group::is_mine(it, me.and_then(|me| me.body.person)) {
                continue;
            }
            match (it.state, seen.sent) {
                (MessageState::TakenBack, Sent::OnServer | Sent::Answered) => shared.gone += 1,
                (MessageState::TakenBack, _) => shared.waits += 1,
                _ => {
                    shared.messages += 1;
                    let back = InGroup::about(GroupAct::TakeBack, it.group, seen.id, None);
                    shared.commands.push(Command::from(back));
                }
            }
        }
        Some(())
    }

    /// What the person said about our words, and to the group about that.
    fn about_words(self, shared: &mut Shared) -> Option<()> {
        let mine = self.groups.memberships()?;
        let [suggestions, supports, comments] = self.words;
        for seen in read::<Suggestion>(&suggestions.get()?) {
            let gone = seen.body.state == SuggestionState::Withdrawn;
            shared.count(gone, seen.sent, Says::Withdraw(SuggestionId(seen.id)));
        }
        for seen in read::<Support>(&supports.get()?) {
            let gone = seen.body.state.as_deref() == Some("gone");
            shared.count(gone, seen.sent, Says::Unsupport(SuggestionId(seen.id)));
        }
        for seen in read::<Comment>(&comments.get()?) {
            let person = seen.body.person;
            if person.is_some() && !mine.iter().any(|one| one.body.person == person) {
                continue;
            }
            let gone = seen.body.state == CommentState::TakenBack;
            let back = Says::TakeBackComment(seen.body.suggestion, seen.id);
            shared.count(gone, seen.sent, back);
        }
        Some(())
    }

    /// What the person told us: the story of it goes with it.
    fn told(self, shared: &mut Shared) -> Option<()> {
        for seen in read::<Experience>(&self.experiences.get()?) {
            match (seen.body.stands(), seen.sent) {
                (true, _) => {
                    shared.experiences += 1;
                    let back = experience::Says::Withdraw(ExperienceId(seen.id));
                    shared.commands.push(Command::from(back));
                }
                (false, Sent::OnServer | Sent::Answered) => shared.gone += 1,
                (false, _) => shared.waits += 1,
            }
        }
        Some(())
    }

    /// What goes, what stays and why, and the one question.
    fn standing(self, shared: Shared) -> El {
        let goes = [
            count(shared.check_ins, words::CHECK_IN, words::CHECK_INS),
            count(shared.sign_ups, words::SIGN_UP, words::SIGN_UPS),
            shared.plan.then(|| words::PLAN.get().to_owned()),
            shared.needs.then(|| words::NEEDS.get().to_owned()),
            count(shared.messages, words::MESSAGE, words::MESSAGES),
            count(shared.suggestions, words::SUGGESTION, words::SUGGESTIONS),
            count(shared.experiences, words::EXPERIENCE, words::EXPERIENCES),
            shared.peer.then(|| words::PEER.get().to_owned()),
        ];
        let goes = goes.into_iter().flatten();
        let stays = [words::STAYS_SAFETY, words::STAYS_MARK];
        let stays = stays.into_iter().map(|words| el("li").with(words));
        let about = el("div")
            .key("standing")
            .class("group")
            .with(heading(words::GOES))
            .with(
                el("ul")
                    .class("points")
                    .each(goes.map(|it| el("li").with(it))),
            )
            .with(p(words::GOES_UNDER))
            .with(heading(words::STAYS))
            .with(
                el("ul")
                    .class("points")
                    .each(stays)
                    .when(self.backups().map(|line| el("li").with(line))),
            )
            .with(p(words::STAYS_HERE));
        let Self { ui, asked, .. } = self;
        if asked.get() == Some("shared") {
            let question = [words::DELETE_SURE, words::DELETE_YES, words::DELETE_NO];
            let commands = shared.commands;
            return about.with(sure(
                question,
                move || asked.set(None),
                move || ask(ui, |phone| phone.send_all(commands.clone(), None)),
            ));
        }
        about
            .with(button(words::DELETE, move || asked.set(Some("shared"))))
            .with(link("/my-phone/leave-chorus", words::LEAVE_TOO))
    }

    /// How long copies made for emergencies still have it, in the organisation's own figures.
    fn backups(self) -> Option<String> {
        notice::kept_for(self.ui, self.kept_for).pop()
    }

    fn waits(self, waits: usize) -> El {
        let ui = self.ui;
        let left = count(waits, words::WAITS_ONE, words::WAITS_MANY);
        unsent_card()
            .key("waits")
            .with(el("div").attr("role", "status").when(left.map(p)))
            .with(soft(words::WAITS_UNDER))
            .with(button(words::SEND_AGAIN, move || {
                if let Some(phone) = ui.local.phone() {
                    phone.sync_now();
                }
            }))
    }

    fn over(self, has_gone: bool) -> El {
        if !has_gone {
            return card().key("nothing").with(p(words::NOTHING));
        }
        card()
            .key("deleted")
            .attr("role", "status")
            .with(ticked(words::DELETED))
            .with(p(words::DELETED_UNDER))
            .when(self.backups().map(soft))
    }

    /// The person's own copies of what they shared; none if there are none.
    fn own_copies(self) -> Option<El> {
        let Self { ui, asked, .. } = self;
        let kept = local::kept(&self.kept.get().unwrap_or_default());
        let copies = kept.into_iter().filter(|own| own.shared_as.is_some());
        let copies: Vec<_> = copies.map(|own| own.id).collect();
        let how_many = count(copies.len(), words::OWN_ONE, words::OWN_MANY)?;
        let own = card().key("own").with(p(how_many));
        Some(if asked.get() == Some("own") {
            let question = [words::OWN_SURE, words::OWN_YES, words::OWN_NO];
            own.with(sure(
                question,
                move || asked.set(None),
                move || {
                    for copy in &copies {
                        ask(ui, |phone| phone.delete_kept(*copy));
                    }
                },
            ))
        } else {
            own.with(quiet_button(words::OWN_DELETE, move || {
                asked.set(Some("own"));
            }))
        })
    }
}

/// "1 check-in", "3 check-ins"; none for none.
fn count(count: usize, one: Text, many: Text) -> Option<String> {
    match count {
        0 => None,
        1 => Some(one.get().to_owned()),
        count => Some(many.fill(&[("count", &count.to_string())])),
    }
}
