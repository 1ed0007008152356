//! My phone and privacy: what waits, what was sent, what is kept here, and how to delete it.

use super::{check_in, group::Groups, name, needs, plain, reminders};
use crate::{
    domain::{command::Command, opportunity::Session, sign_up::RequestSignUp},
    lang::{
        Text,
        en::{
            check_in as check_in_words, copy, going, leave as leave_words, my_phone as words,
            needs as needs_words, phones as phone_words, state as state_words,
        },
    },
    ui::{
        Ui,
        el::{Child, El, el, live},
        local::{GivenBack, Link, PhoneStatus, Sent, Waiting},
        navigation,
        parts::{
            act::{ask, ask_then},
            button, card, empty,
            form::Fields,
            heading, link,
            load::{Loaded, Programme, load},
            p, page as screen, quiet_button, soft, unsent_card,
        },
        progress,
    },
};
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    programme: Programme,
    groups: Groups,
    waiting: Loaded<Vec<Waiting>>,
    given_back: Loaded<Vec<GivenBack>>,
    reminders: reminders::State,
    /// The name is being changed.
    naming: RwSignal<bool>,
    needs: needs::Part,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        programme: Programme::load(ui),
        groups: Groups::load(ui),
        waiting: load(ui, |phone| phone.waiting()),
        given_back: load(ui, |phone| phone.given_back()),
        reminders: reminders::state(ui),
        naming: RwSignal::new(false),
        needs: needs::Part::load(ui),
    };
    screen(words::TITLE).with(live(move || {
        if ui.open.get() {
            it.draw(&ui.local.status.get())
        } else {
            el("div").key("closed").with(empty(words::NEEDS_APP))
        }
    }))
}

impl Screen {
    fn draw(self, status: &PhoneStatus) -> El {
        el("div")
            .key("open")
            .when((status.before_joining > 0).then(|| self.is_this_yours(status.before_joining)))
            .when(super::today::restored(self.ui))
            .with(heading(words::WAITING))
            .with(self.all_waiting(status))
            .with(self.all_given_back())
            .with(heading(words::WHO))
            .with(self.who(status))
            .when(status.member.is_some().then(|| self.reminders(status)))
            .when(status.member.map(|member| self.needs.draw(member)))
            .with(heading(crate::lang::en::pin::OTHERS))
            .with(others(status))
            .with(heading(words::KEEPING))
            .with(keeping(status))
            .when(status.member.is_some().then(phones_and_leaving))
    }

    fn all_waiting(self, status: &PhoneStatus) -> El {
        let loaded = self.waiting.get();
        // Until the phone has answered nothing is said: "nothing waits" may not be true.
        let is_empty = status.unsent == 0 && loaded.as_ref().is_some_and(Vec::is_empty);
        let waiting = loaded.unwrap_or_default();
        let items = waiting.iter().map(|one| self.one_waiting(one));
        let ui = self.ui;
        el("div")
            .class("group")
            .when(is_empty.then(|| p(words::NONE_WAITING)))
            .with(el("ul").class("cards").each(items))
            .with(
                el("div")
                    .attr("role", "status")
                    .with(soft(self.link_words(status))),
            )
            .when((!is_empty).then(|| {
                button(words::SEND_NOW, move || {
                    if let Some(phone) = ui.local.phone() {
                        phone.sync_now();
                    }
                })
            }))
    }

    /// What the link does, and when it last worked.
    fn link_words(self, status: &PhoneStatus) -> String {
        let say = |at| self.ui.local.phone().map(|phone| phone.say_time(at));
        let sent = status.last_sent_at.and_then(say);
        let heard = status.last_synced_at.and_then(say);
        let now = match status.link {
            Link::Sending => Some(words::SENDING.get().to_owned()),
            Link::NoSignal => Some(words::NO_SIGNAL.get().to_owned()),
            Link::SignInNeeded | Link::OtherMember | Link::UpdateNeeded => {
                Some(super::today::why_waiting(status.link).get().to_owned())
            }
            Link::Starting | Link::Reached => None,
        };
        let sent = sent.map(|time| words::LAST_SENT.fill(&[("time", &time)]));
        let heard = heard.map_or_else(
            || words::NEVER_HEARD.get().to_owned(),
            |time| words::LAST_HEARD.fill(&[("time", &time)]),
        );
        let all = [now, sent, Some(heard)];
        all.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn one_waiting(self, one: &Waiting) -> El {
        let ui = self.ui;
        let id = one.id;
        let made = self
            .ui
            .local
            .phone()
            .map(|phone| phone.say_time(one.made_at));
        let made = made.map(|time| state_words::MADE_AT.fill(&[("time", &time)]));
        let taking_back = match &one.command {
            Some(Command::WithdrawCheckIn(_)) => Some(state_words::UNSHARING),
            Some(Command::WithdrawSignUp(_)) => Some(state_words::TAKING_BACK),
            Some(Command::Plain(it)) => plain::taking_back(it),
            _ => None,
        };
        let state = match taking_back {
            _ if one.deferred => words::DEFERRED,
            Some(words) => words,
            None => progress::waiting_words(&self.ui.how_far(one.sent)),
        };
        el("li").key(id.to_string()).with(
            unsent_card()
                .with(el("h3").with(self.name(one.command.as_ref())))
                .when(made.map(soft))
                .with(p(state))
                .when(can_undo(one).then(|| {
                    quiet_button(check_in_words::DONT_SEND, move || {
                        ask(ui, |phone| phone.dont_send(id));
                    })
                })),
        )
    }

    /// What a command is, in words.
    fn name(self, command: Option<&Command>) -> Child {
        match command {
            Some(Command::ShareCheckIn(_)) => words::A_CHECK_IN.into(),
            Some(Command::WithdrawCheckIn(_)) => words::A_CHECK_IN_BACK.into(),
            Some(Command::AnswerBack(_)) => words::AN_ANSWER_BACK.into(),
            Some(Command::WithdrawAnswer(_)) => words::AN_ANSWER_BACK_GONE.into(),
            Some(Command::WithdrawSignUp(_)) => words::A_SIGN_UP_BACK.into(),
            Some(Command::AcceptOffer(_) | Command::DeclineOffer(_)) => words::AN_ANSWER.into(),
            Some(Command::MarkAttendance(_)) => words::AN_ATTENDANCE.into(),
            Some(Command::Agree(_)) => words::AN_AGREEMENT.into(),
            Some(Command::SignOutDevice(_)) => phone_words::A_SIGN_OUT.into(),
            Some(Command::LoseDevice(_)) => phone_words::A_LOSS.into(),
            Some(Command::Rename(_)) => words::A_NAME.into(),
            Some(Command::KeepNeeds(said)) if said.needs.is_none() => {
                needs_words::A_DELETION.into()
            }
            Some(Command::KeepNeeds(_)) => needs_words::TITLE.into(),
            Some(Command::Plain(it)) => plain::full_name(it, self.groups).into(),
            Some(Command::Leave(_)) => going::LEAVE.into(),
            Some(Command::RequestSignUp(request)) => {
                let session = self.session(request);
                let one = session.and_then(|one| self.programme.opportunity(one.opportunity.0));
                let title = one.map_or_else(
                    || crate::lang::en::sign_ups::SOMETHING.get().to_owned(),
                    |one| one.title,
                );
                words::A_SIGN_UP.fill(&[("title", &title)]).into()
            }
            None => words::SOMETHING_NEWER.into(),
        }
    }

    fn session(self, request: &RequestSignUp) -> Option<Session> {
        let mut all = self.programme.sessions().into_iter();
        all.find(|(id, _)| *id == request.session.0)
            .map(|(_, session)| session)
    }

    fn all_given_back(self) -> El {
        let back = self.given_back.get().unwrap_or_default();
        let items: Vec<El> = back.iter().map(|one| self.one_given_back(one)).collect();
        let some = !items.is_empty();
        el("div")
            .class("group")
            .when(some.then(|| heading(words::GIVEN_BACK)))
            .with(el("ul").class("cards").each(items))
    }

    fn one_given_back(self, one: &GivenBack) -> El {
        let ui = self.ui;
        let form = one.form.clone();
        let edit = one.command.as_ref().and_then(|command| self.again(command));
        let edit = edit.map(|(draft, fields, address)| {
            let form = form.clone();
            button(words::EDIT, move || {
                if let Some(phone) = ui.local.phone().filter(|_| !fields.0.is_empty()) {
                    phone.save_draft(&draft, fields.to_json());
                }
                let address = address.clone();
                let form = form.clone();
                ask_then(
                    ui,
                    move |phone| phone.delete_draft(&form),
                    move |()| navigation::go(ui, &address),
                );
            })
        });
        let typed = match &one.command {
            Some(Command::ShareCheckIn(share)) => share.note.clone(),
            Some(Command::RequestSignUp(request)) => request.note.clone(),
            Some(Command::AnswerBack(answer)) => Some(answer.words.clone()),
            Some(Command::Rename(rename)) => rename.name.clone(),
            Some(Command::KeepNeeds(said)) => said.needs.clone(),
            Some(Command::Plain(it)) => plain::typed(it),
            _ => None,
        };
        el("li").key(one.form.clone()).with(
            unsent_card()
                .with(el("h3").with(self.name(one.command.as_ref())))
                .with(p(one.why.clone()))
                .when(typed.map(|typed| p(typed).class("typed")))
                .when(edit)
                .with(quiet_button(words::LET_GO, move || {
                    let form = form.clone();
                    ask(ui, move |phone| phone.delete_draft(&form));
                })),
        )
    }

    fn who(self, status: &PhoneStatus) -> El {
        let called: Child = match (status.member, &status.name) {
            (Some(_), Some(name)) => words::JOINED.fill(&[("name", name)]).into(),
            (Some(_), None) => words::JOINED_NO_NAME.into(),
            (None, _) => words::NOT_JOINED.into(),
        };
        let team: Option<Child> = match (&status.team, status.member) {
            (Some((_, team)), _) => Some(words::TEAM.fill(&[("team", &team.name)]).into()),
            (None, Some(_)) => Some(words::NO_TEAM.into()),
            (None, None) => None,
        };
        let join = status.member.is_none();
        card()
            .with(p(called))
            .when(
                status
                    .member
                    .map(|member| name::change(self.ui, member, self.naming)),
            )
            .when(team.map(p))
            .when(join.then(|| link("/join", crate::lang::en::join::TITLE)))
            .with(link("/check-ins", words::CHECK_INS))
            .with(link("/notice", words::NOTICE))
    }

    fn reminders(self, status: &PhoneStatus) -> El {
        let state = self.reminders.get().unwrap_or_default();
        reminders::section(self.ui, &state, status)
    }

    /// The form in which a refused command can be changed and sent again: its draft's name, what stood
    /// in it, and where it is.
    fn again(self, command: &Command) -> Option<(String, Fields, String)> {
        match command {
            Command::ShareCheckIn(share) => Some((
                check_in::FORM.to_owned(),
                check_in::fields_of(share),
                "/check-in".to_owned(),
            )),
            Command::RequestSignUp(request) => {
                let opportunity = self.session(request)?.opportunity.to_string();
                Some((
                    ["sign_up/", &opportunity].concat(),
                    super::sign_up::fields_of(request),
                    ["/take-part/", &opportunity, "/sign-up"].concat(),
                ))
            }
            Command::Plain(it) => plain::again(it),
            _ => None,
        }
    }

    fn is_this_yours(self, count: usize) -> El {
        let ui = self.ui;
        let many = words::MINE_MANY.fill(&[("count", &count.to_string())]);
        let how_many: Child = if count == 1 {
            words::MINE_ONE.into()
        } else {
            many.into()
        };
        card()
            .class("card outline")
            .with(heading(words::MINE))
            .with(p(how_many))
            .with(soft(words::MINE_UNDER))
            .with(button(words::MINE_YES, move || {
                ask(ui, |phone| phone.adopt(true))
            }))
            .with(button(words::MINE_NO, move || {
                ask(ui, |phone| phone.adopt(false))
            }))
    }
}

/// Whether "Don't send" can still do what it says: a withdrawal that was tried cannot be called back.
fn can_undo(one: &Waiting) -> bool {
    let asks = match &one.command {
        Some(Command::ShareCheckIn(_) | Command::RequestSignUp(_) | Command::AnswerBack(_)) => true,
        Some(Command::Plain(it)) => it.act.undone_by.is_some(),
        _ => false,
    };
    asks || matches!(one.sent, Sent::NotYet(_))
}

/// The PIN, and what Hide does and cannot do.
fn others(status: &PhoneStatus) -> El {
    use crate::lang::en::{hide, pin};
    let line = if status.pin.set {
        pin::IS_ON
    } else {
        pin::WHAT
    };
    card()
        .with(p(line))
        .with(link("/my-phone/pin", pin::TITLE))
        .with(p(hide::WHAT))
        .with(soft(hide::HISTORY))
}

fn keeping(status: &PhoneStatus) -> El {
    let words: Text = match status.persisted {
        Some(true) => words::KEPT_SAFE,
        Some(false) => words::KEPT_MAYBE,
        None => words::KEPT_UNKNOWN,
    };
    card()
        .with(p(words))
        .with(link("/my-phone/copy", copy::TITLE))
        .with(link("/install", words::INSTALL))
}

fn phones_and_leaving() -> El {
    el("div")
        .class("group")
        .with(heading(phone_words::TITLE))
        .with(card().with(link("/my-phone/phones", phone_words::TO_PHONES)))
        .with(heading(going::TITLE))
        .with(
            card()
                .with(link("/my-phone/leave", leave_words::LEAVE))
                .with(soft(leave_words::WHAT)),
        )
        .with(
            card()
                .with(link("/my-phone/delete-shared", going::DELETE))
                .with(soft(going::DELETE_SOFT)),
        )
        .with(
            card()
                .with(link("/my-phone/leave-chorus", going::LEAVE))
                .with(soft(going::LEAVE_SOFT)),
        )
}
