//! My sign-ups: where each one honestly stands, and the free way out of it.

use super::{
    opportunity::{moved as moved_words, typed},
    sign_up::stands,
    today::{has_place, waits_for_answer},
};
use crate::{
    domain::{
        command::Command,
        id::SignUpId,
        opportunity::{Agreement, Session, SessionState},
        record::{SignUp, kind},
        sign_up::{Agree, SignUpState},
    },
    lang::en::{check_in, sign_ups as words, state, take_part},
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::{Seen, Sent},
        parts::{
            act::{ask, sure},
            button, card, empty, heading, link,
            load::{Programme, read, records},
            main_link, p, page as screen, quiet_button, soft, unsent_card,
        },
        progress, when,
    },
};
use leptos::prelude::*;
use uuid::Uuid;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let programme = Programme::load(ui);
    let sign_ups = records(ui, kind::SIGN_UP);
    // The sign-up of which we ask "are you sure?".
    let leaving = RwSignal::new(None::<Uuid>);
    screen(words::TITLE).with(live(move || {
        let Some(stored) = sign_ups.get() else {
            return el("div");
        };
        let mut mine = read::<SignUp>(&stored);
        // What still stands first; in each part the newest first.
        order::by_key(&mut mine, |seen| (stands(seen), seen.body.made_at.clone()));
        mine.reverse();
        let none = mine
            .is_empty()
            .then(|| empty(words::EMPTY).with(main_link("/take-part", take_part::SEE_ALL)));
        let cards = mine.iter().map(|seen| item(ui, programme, leaving, seen));
        el("div")
            .when(super::today::restored(ui))
            .when(none)
            .with(el("ul").class("cards").each(cards))
    }))
}

fn item(ui: Ui, programme: Programme, leaving: RwSignal<Option<Uuid>>, seen: &Seen<SignUp>) -> El {
    let session_id = seen.body.session.map(|session| session.0);
    let sessions = programme.sessions();
    let session = sessions.iter().find(|(id, _)| Some(*id) == session_id);
    let session = session.map(|(_, session)| session);
    let opportunity = session.map(|session| session.opportunity.0);
    let named = opportunity.and_then(|id| programme.opportunity(id));
    let newest = named.as_ref().and_then(|one| one.more()?.agreement);
    let title = match (opportunity, named) {
        (Some(id), Some(one)) => {
            heading(link(["/take-part/", &id.to_string()].concat(), one.title))
        }
        _ => heading(words::SOMETHING),
    };
    let unsent = matches!(seen.sent, Sent::NotYet(_) | Sent::Sending(_));
    let frame = if unsent { unsent_card() } else { card() };
    let message = seen.body.message.as_ref();
    let message = message.map(|message| p(words::QUOTE.fill(&[("words", message)])));
    let calendar = match (session_id, session) {
        (Some(id), Some(session)) if has_place(seen) => to_calendar(id, session),
        _ => Vec::new(),
    };
    // Who signed up before it moved has it in words.
    let moved = session.filter(|_| seen.body.message.is_none());
    let moved = moved.and_then(moved_words);
    let agree_again = newest
        .filter(|_| session.is_some_and(|session| session.state == SessionState::Scheduled))
        .filter(|it| stands(seen) && seen.body.agreement.is_none_or(|old| old < it.version))
        .filter(|_| seen.sent == Sent::OnServer)
        .map(|it| agree_again(ui, seen.id, &it));
    el("li").key(seen.id.to_string()).with(
        frame
            .with(title)
            .when(session.map(|session| soft(when::session_time(session))))
            .when(session.map(|session: &Session| soft(when::session_place(session))))
            .when(moved.map(p))
            .with(match came_to_nothing(session, seen) {
                true => p(state::NONE_LEFT),
                false => how_far(ui, seen),
            })
            .when(message)
            .when(agree_again)
            .when(seen.body.link.as_deref().map(way_in))
            .each(calendar)
            .when(yes_please(ui, seen))
            .when(way_out(ui, leaving, seen).filter(|_| !came_to_nothing(session, seen))),
    )
}

/// The ways into a calendar: without and with a reminder.
fn to_calendar(id: Uuid, session: &Session) -> Vec<El> {
    let ways = [(words::CALENDAR, false), (words::CALENDAR_REMINDS, true)];
    let file = |(label, reminds)| {
        let file = when::calendar_file(id, session, reminds)?;
        Some(link(file, label).attr("download", "chorus.ics"))
    };
    ways.into_iter().filter_map(file).collect()
}

/// Whether the session has been and there was no place in the end.
fn came_to_nothing(session: Option<&Session>, seen: &Seen<SignUp>) -> bool {
    session.is_some_and(|session| session.state == SessionState::Happened)
        && seen.body.state.is_active()
        && !seen.body.state.holds_place()
}

/// The yes to a place that is held.
fn yes_please(ui: Ui, seen: &Seen<SignUp>) -> Option<El> {
    let id = SignUpId(seen.id);
    waits_for_answer(seen).then(|| {
        button(words::YES_PLEASE, move || {
            ask(ui, |phone| phone.send(Command::AcceptOffer(id), None));
        })
        .key("yes")
    })
}

/// How to get in online. It is a link only if it is one to a website: it comes from outside.
fn way_in(words: &str) -> El {
    let (first, rest) = words.split_once([' ', '\n']).unwrap_or((words, ""));
    let link = first.starts_with("https://").then(|| {
        link(first.to_owned(), words::JOIN_ONLINE)
            .attr("target", "_blank")
            .attr("rel", "noreferrer")
    });
    let rest = if link.is_some() { rest } else { words };
    let rest = (!rest.trim().is_empty()).then(|| typed(rest.trim().to_owned()));
    el("div")
        .class("group")
        .with(el("h3").with(words::JOIN_HOW))
        .when(link)
        .when(rest)
}

/// The agreement as it is now, for someone who said yes to it as it was.
fn agree_again(ui: Ui, id: Uuid, it: &Agreement) -> El {
    let agree = Agree {
        sign_up: SignUpId(id),
        version: it.version,
    };
    el("div")
        .class("group")
        .with(p(words::AGREE_AGAIN))
        .with(card().with(typed(it.text.clone())))
        .with(button(words::AGREE_YES, move || {
            ask(ui, |phone| phone.send(Command::Agree(agree), None));
        }))
}

/// The line of where it stands, or the steps it went through once there are some.
fn how_far(ui: Ui, seen: &Seen<SignUp>) -> El {
    let say = |at: &str| ui.say_time(at);
    let unsent = matches!(seen.sent, Sent::NotYet(_) | Sent::Sending(_));
    if unsent {
        let sent = ui.how_far(seen.sent);
        return p(progress::sign_up_line(&seen.body, &sent, &say));
    }
    let looked_at_next = seen.body.state == SignUpState::Received
        && matches!(seen.sent, Sent::OnServer | Sent::Answered);
    let steps = progress::sign_up_steps(&seen.body, &seen.sent, &say);
    let steps = el("ol")
        .class("steps")
        .each(steps.into_iter().map(|step| el("li").with(step)));
    el("div")
        .class("group")
        .with(steps)
        .when(looked_at_next.then(|| soft(state::LOOKING)))
}

/// "Don't send" while nothing has arrived for sure; else giving the place up, after one question.
fn way_out(ui: Ui, leaving: RwSignal<Option<Uuid>>, seen: &Seen<SignUp>) -> Option<El> {
    let id = seen.id;
    match seen.sent {
        Sent::NotYet(command) | Sent::Sending(command) => Some(
            quiet_button(check_in::DONT_SEND, move || {
                ask(ui, |phone| phone.dont_send(command));
            })
            .key("dont-send"),
        ),
        _ if !stands(seen) => None,
        _ if leaving.get() == Some(id) => {
            let offered = waits_for_answer(seen);
            let (asked, no) = if offered {
                let asked = [
                    words::SURE_NO_THANKS,
                    words::SURE_NO_THANKS_YES,
                    words::SURE_NO_THANKS_NO,
                ];
                (asked, Command::DeclineOffer(SignUpId(id)))
            } else {
                let asked = [words::SURE, words::SURE_YES, words::SURE_NO];
                (asked, Command::WithdrawSignUp(SignUpId(id)))
            };
            Some(sure(
                asked,
                move || leaving.set(None),
                move || ask(ui, |phone| phone.send(no.clone(), None)),
            ))
        }
        _ if waits_for_answer(seen) => {
            Some(quiet_button(words::NO_THANKS, move || leaving.set(Some(id))).key("leave"))
        }
        _ => Some(button(words::CANT_MAKE_IT, move || leaving.set(Some(id))).key("leave")),
    }
}
