//! My check-ins: a list and a soft picture over time. No numbers, no scores, nothing compared.

use super::check_in::{feeling_name, share_of, sharing, team};
use crate::{
    domain::{
        care::is_answered,
        check_in::CheckInState,
        command::Command,
        id::{CheckInId, TeamId},
        record::{CheckIn, kind},
        team::Team,
    },
    lang::en::{care, check_in as check_in_words, check_ins as words, state, today},
    order,
    ui::{
        Ui,
        el::{El, Words, el, live},
        local::{PrivateCheckIn, Seen, Sent, kept},
        parts::{
            act::{ask, ask_then, sure},
            button, card, empty,
            form::{Fields, form_of},
            heading, icon,
            load::{load, read, records},
            main_link, p, page as screen, quiet_button, second_link, soft,
            thread::{self, About},
            unsent_card,
        },
        progress,
    },
};
use leptos::prelude::*;

/// How many the picture shows at most: about what fits two rows of a small phone.
const IN_PICTURE: usize = 14;

/// What is open under one check-in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Share(CheckInId),
    Delete(CheckInId),
    Answer(CheckInId),
}

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    open: RwSignal<Option<Open>>,
    ask: RwSignal<Option<String>>,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let own = load(ui, |phone| phone.own(kind::CHECK_IN));
    let shared = records(ui, kind::CHECK_IN);
    let it = Screen {
        ui,
        open: RwSignal::new(None),
        ask: RwSignal::new(None),
    };
    screen(words::TITLE)
        .with(live(move || {
            let Some(own) = own.get() else {
                return el("div");
            };
            let shared = read::<CheckIn>(&shared.get().unwrap_or_default());
            let own = with_shared(ui, kept(&own), &shared);
            let none = own.is_empty().then(|| empty(words::EMPTY));
            let items = own.iter().map(|one| {
                let sent = shared
                    .iter()
                    .find(|seen| one.shared_as == Some(CheckInId(seen.id)));
                it.item(one, sent)
            });
            el("div")
                .when(none)
                .when((own.len() > 1).then(|| picture(ui, &own)))
                .with(el("ul").class("cards").each(items))
        }))
        .with(main_link("/check-in", today::CHECK_IN))
}

/// The person's own, and of what they shared that of which this phone has no copy of their own: shared on
/// another phone, or deleted here. Replies to it are theirs to read all the same. Newest first.
fn with_shared(
    ui: Ui,
    mut own: Vec<PrivateCheckIn>,
    shared: &[Seen<CheckIn>],
) -> Vec<PrivateCheckIn> {
    for seen in shared {
        let id = CheckInId(seen.id);
        let known = own.iter().any(|one| one.shared_as == Some(id));
        if known || seen.body.state == CheckInState::Withdrawn {
            continue;
        }
        let made_at = seen.body.made_at.as_deref();
        let phone = ui.local.phone();
        let made_at = phone.and_then(|phone| phone.parse_time(made_at?));
        own.push(PrivateCheckIn {
            id,
            feeling: seen.body.feeling,
            note: seen.body.note.clone(),
            made_at: made_at.unwrap_or_default(),
            shared_as: Some(id),
            answers: Vec::new(),
        });
    }
    order::by_key(&mut own, |one| -one.made_at);
    own
}

/// The weather so far, oldest first.
fn picture(ui: Ui, own: &[PrivateCheckIn]) -> El {
    let days = own.iter().take(IN_PICTURE).rev().map(|one| {
        el("li").with(icon::weather(one.feeling)).with(
            el("span")
                .class("unseen")
                .with(when(ui, one))
                .with(Words::Borrowed(": "))
                .with(feeling_name(one.feeling)),
        )
    });
    card()
        .with(heading(words::PICTURE))
        .with(el("ol").class("picture").each(days))
        .with(soft(words::PICTURE_UNDER).class("soft small"))
}

fn when(ui: Ui, one: &PrivateCheckIn) -> String {
    let phone = ui.local.phone();
    phone.map_or_else(String::new, |phone| phone.say_time(one.made_at))
}

impl Screen {
    fn item(self, one: &PrivateCheckIn, shared: Option<&Seen<CheckIn>>) -> El {
        let unsent =
            shared.is_some_and(|seen| matches!(seen.sent, Sent::NotYet(_) | Sent::Sending(_)));
        let frame = if unsent { unsent_card() } else { card() };
        let said = shared.map_or(&[][..], |seen| &seen.body.messages);
        let check_in = one.shared_as.unwrap_or(one.id);
        let copied = shared.and_then(|seen| self.copied(&seen.body));
        let ring = shared.and_then(|seen| self.ring(&seen.body));
        el("li").key(one.id.to_string()).with(
            frame
                .with(soft(when(self.ui, one)).class("soft small"))
                .with(
                    el("h2")
                        .class("with-icon")
                        .with(icon::weather(one.feeling))
                        .with(el("span").with(feeling_name(one.feeling))),
                )
                .when(one.note.clone().map(|note| p(note).class("typed")))
                .with(self.who_sees(shared))
                .when(ring)
                .with(thread::thread(
                    self.ui,
                    About::check_in(check_in),
                    said,
                    &one.answers,
                ))
                .when(copied.map(soft))
                .with(self.actions(one, shared)),
        )
    }

    /// Where it stands, and the steps that it went through.
    fn who_sees(self, shared: Option<&Seen<CheckIn>>) -> El {
        let Some(seen) = shared else {
            return p(words::PRIVATE);
        };
        let team = team(self.ui).map(|(_, team)| team);
        let say = |at: &str| self.ui.say_time(at);
        let sent = self.ui.how_far(seen.sent);
        let steps = progress::check_in_steps(&seen.body, &sent, team.as_ref(), &say);
        el("ol")
            .class("steps")
            .each(steps.into_iter().map(|step| el("li").with(step)))
    }

    /// The number to ring when a reading time passed and nobody had opened it (rule 7).
    fn ring(self, check_in: &CheckIn) -> Option<El> {
        check_in.passed_at.as_ref()?;
        let (_, team) = team(self.ui)?;
        let words = state::RING_TEAM.fill(&[("team", &team.name)]);
        Some(second_link(["tel:", &team.phone?].concat(), words))
    }

    fn copied(self, check_in: &CheckIn) -> Option<String> {
        let time = self.ui.say_time(check_in.copied_at.as_ref()?);
        let name = check_in.copied_by.as_ref()?;
        Some(care::COPIED.fill(&[("name", name), ("time", &time)]))
    }

    /// Answering back, once there is something to answer.
    fn answer(self, seen: &Seen<CheckIn>) -> Option<El> {
        let id = CheckInId(seen.id);
        if seen.body.state == CheckInState::Withdrawn || !is_answered(&seen.body.messages) {
            return None;
        }
        if self.open.get() == Some(Open::Answer(id)) {
            let form = thread::answer(self.ui, About::check_in(id), move || self.show(None));
            return Some(form.key("answer-form"));
        }
        Some(
            button(care::ANSWER, move || {
                self.show(Some(Open::Answer(id)));
                thread::open_answer(self.ui, id.0);
            })
            .key("answer"),
        )
    }

    fn actions(self, one: &PrivateCheckIn, shared: Option<&Seen<CheckIn>>) -> El {
        let id = one.id;
        let open = self.open.get();
        let team = team(self.ui).filter(|_| shared.is_none());
        let share = team.map(|(team_id, team)| {
            if open == Some(Open::Share(id)) {
                self.share_form(one, team_id, &team).key("share-form")
            } else {
                let words = words::SHARE.fill(&[("team", &team.name)]);
                quiet_button(words, move || self.show(Some(Open::Share(id)))).key("share")
            }
        });
        let delete = if open == Some(Open::Delete(id)) {
            sure(
                [words::DELETE_SURE, words::DELETE_YES, words::DELETE_NO],
                move || self.show(None),
                move || ask(self.ui, |phone| phone.delete_kept(id)),
            )
        } else {
            quiet_button(words::DELETE, move || self.show(Some(Open::Delete(id)))).key("delete")
        };
        el("div")
            .class("actions")
            .when(share)
            .when(shared.and_then(|seen| self.answer(seen)))
            .when(shared.and_then(|seen| self.take_back(seen)))
            // What is here only as the server's copy goes by taking it back.
            .when((one.shared_as != Some(id)).then_some(delete))
    }

    fn show(self, open: Option<Open>) {
        self.ask.set(None);
        self.open.set(open);
    }

    fn take_back(self, seen: &Seen<CheckIn>) -> Option<El> {
        let id = CheckInId(seen.id);
        let ui = self.ui;
        match seen.sent {
            Sent::NotYet(command) | Sent::Sending(command) => {
                Some(quiet_button(check_in_words::DONT_SEND, move || {
                    ask(ui, |phone| phone.dont_send(command))
                }))
            }
            Sent::TakingBack(_) => None,
            Sent::Answered | Sent::OnServer => {
                (seen.body.state != CheckInState::Withdrawn).then(|| {
                    quiet_button(words::TAKE_BACK, move || {
                        ask(ui, |phone| phone.send(Command::WithdrawCheckIn(id), None));
                    })
                })
            }
        }
    }

    /// All that is said and asked before sharing, under the check-in that is shared later.
    fn share_form(self, one: &PrivateCheckIn, team_id: TeamId, team: &Team) -> El {
        const FIELDS: [&str; 5] = [
            "wants",
            "contact_by",
            "contact_value",
            "safe_to_leave_message",
            "consent",
        ];
        let name = team.name.clone();
        let send = check_in_words::SEND.fill(&[("team", &name)]);
        let own = one.clone();
        let submit = move |event: leptos::web_sys::Event| {
            event.prevent_default();
            let (Some(form), Some(phone)) = (form_of(&event), self.ui.local.phone()) else {
                return;
            };
            let fields = Fields::of(&form, &FIELDS);
            let share = share_of(&fields, (team_id, &name), CheckInId(phone.new_id()), &own);
            match share {
                Ok(share) => {
                    let own = PrivateCheckIn {
                        shared_as: Some(share.check_in),
                        ..own.clone()
                    };
                    ask_then(
                        self.ui,
                        |phone| phone.share(share, own, None),
                        move |_| self.show(None),
                    );
                }
                Err(ask) => self.ask.set(Some(ask)),
            }
        };
        el("form")
            .attr("method", "dialog")
            .attr("autocomplete", "off")
            .flag("novalidate", true)
            .with(sharing(self.ui, team))
            .with(
                el("div")
                    .attr("role", "alert")
                    .when(self.ask.get().map(|ask| p(ask).class("card outline"))),
            )
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .with(send),
            )
            .with(button(words::SHARE_NOT, move || self.show(None)))
            .on("submit", submit)
    }
}
