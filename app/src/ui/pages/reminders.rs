//! Reminders the day before: the switch on My phone, and saying for which days they are. The phone reminds by
//! itself (`frontend/static/remind.js`), from a list of days and nothing else: see decision 012.

use super::today::has_place;
use crate::{
    domain::{
        opportunity::{Session, SessionState},
        record::{SignUp, kind},
    },
    lang::en::{frame, my_phone, reminders as words, sign_ups},
    ui::{
        Ui,
        el::{El, el},
        local::{Phone, PhoneStatus, Problem, Seen},
        parts::{
            act::{ask_then, run},
            button, card, heading, link,
            load::{Loaded, load, read},
            p, soft, ticked,
        },
    },
};
use leptos::prelude::*;
use std::rc::Rc;

const ON: &str = "on";

/// How things stand with them: whether they are on, and what this browser can do.
pub(super) type State = Loaded<Vec<String>>;

/// Loads it.
pub(super) fn state(ui: Ui) -> State {
    load(ui, move |phone| {
        phone.aside("remind.state", vec![owner(ui)])
    })
}

/// What My phone says of them, with the switch.
pub(super) fn section(ui: Ui, state: &[String], status: &PhoneStatus) -> El {
    let is_on = state.first().is_some_and(|on| on == ON);
    let way = state.get(1).map_or("", String::as_str);
    let how = match way {
        "none" => Some(words::NONE),
        "denied" => Some(words::DENIED),
        "opens" if is_on => Some(words::OPENS),
        "itself" if is_on => Some(words::ITSELF),
        _ => None,
    };
    let can = is_on || matches!(way, "ask" | "opens" | "itself");
    let install = matches!(way, "none" | "opens");
    el("div")
        .class("group")
        .with(heading(words::TITLE))
        .with(
            card()
                .with(
                    el("div")
                        .class("group")
                        .attr("role", "status")
                        .with(if is_on {
                            ticked(words::IS_ON)
                        } else {
                            p(words::WHAT)
                        })
                        .when(how.map(p)),
                )
                .when((install && how.is_some()).then(|| link("/install", my_phone::INSTALL)))
                .with(soft(words::SHOWS))
                .when(can.then(|| soft(words::TRUST)))
                .when((can && status.pin.set).then(|| soft(words::PIN)))
                .when(can.then(|| switch(ui, is_on)))
                .when((way == "ask" && !is_on).then(|| soft(words::ASKS))),
        )
        .with(
            card()
                .with(p(words::CALENDAR))
                .with(soft(words::CALENDAR_MOVES))
                .with(link("/my-sign-ups", sign_ups::TITLE)),
        )
}

fn switch(ui: Ui, is_on: bool) -> El {
    let (say, act) = if is_on {
        (words::TURN_OFF, "remind.off")
    } else {
        (words::TURN_ON, "remind.on")
    };
    // In the place of the other one, so that the reader stays where they are.
    button(say, move || {
        let again = move |_| ui.local.changed.update(|count| *count += 1);
        ask_then(ui, |phone| phone.aside(act, vec![owner(ui)]), again);
    })
}

/// Something has changed: where reminders are on, says for which days they are now.
pub(super) fn follow(ui: Ui) {
    let Some(phone) = ui.local.phone().filter(|_| can_read(ui)) else {
        return;
    };
    run(async move {
        // What cannot be said now is said after the next change.
        let _ = say_days(ui, phone).await;
    });
}

/// What is sealed cannot be read while locked: it would look as if there was nothing.
fn can_read(ui: Ui) -> bool {
    let status = ui.local.status;
    status.with_untracked(|status| status.member.is_some() && !status.pin.locked)
}

async fn say_days(ui: Ui, phone: Rc<dyn Phone>) -> Result<(), Problem> {
    let seen = ui.local.changed.get_untracked();
    let owner = owner(ui);
    let state = phone.aside("remind.state", vec![owner.clone()]).await?;
    if state.first().is_none_or(|on| on != ON) {
        return Ok(());
    }
    let sign_ups = read::<SignUp>(&phone.records(kind::SIGN_UP).await?);
    let sessions = read::<Session>(&phone.records(kind::SESSION).await?);
    // What changed meanwhile is followed in its turn, and must not be written over.
    if seen == ui.local.changed.get_untracked() && can_read(ui) {
        let mut with = vec![
            owner,
            frame::CHORUS.get().to_owned(),
            words::NOTICE.get().to_owned(),
        ];
        with.extend(starts(&sign_ups, &sessions));
        phone.aside("remind.follow", with).await?;
    }
    Ok(())
}

/// When what the person has a place in begins: RFC 3339.
fn starts(sign_ups: &[Seen<SignUp>], sessions: &[Seen<Session>]) -> Vec<String> {
    let theirs = |session: &&Seen<Session>| {
        let is_it = |seen: &Seen<SignUp>| seen.body.session.is_some_and(|id| id.0 == session.id);
        session.body.state == SessionState::Scheduled
            && sign_ups.iter().any(|seen| is_it(seen) && has_place(seen))
    };
    let theirs = sessions.iter().filter(theirs);
    theirs
        .filter_map(|session| session.body.starts_at.clone())
        .collect()
}

fn owner(ui: Ui) -> String {
    let member = ui.local.status.with_untracked(|status| status.member);
    member.map_or_else(String::new, |member| member.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::id::CommandId, json, ui::local::Sent};
    use uuid::Uuid;

    fn seen<T: json::FromJson>(id: u128, body: &str) -> Seen<T> {
        Seen {
            id: Uuid::from_u128(id),
            body: json::read(body).unwrap(),
            sent: Sent::OnServer,
        }
    }

    fn session(id: u128, state: &str, starts_at: Option<&str>) -> Seen<Session> {
        let nobody = Uuid::nil();
        let starts_at = starts_at.map_or("null".to_owned(), |at| format!("{at:?}"));
        let body = format!(
            r#"{{"opportunity":"{nobody}","starts_at":{starts_at},"mode":"online","gives":"staff",
                "room":"plenty","state":"{state}"}}"#
        );
        seen(id, &body)
    }

    fn sign_up(session: u128, state: &str) -> Seen<SignUp> {
        let session = Uuid::from_u128(session);
        let body = format!(
            r#"{{"session":"{session}","state":"{state}","access_needs_consent":false,"travel_first":false}}"#
        );
        seen(9, &body)
    }

    #[test]
    fn only_a_place_in_what_is_still_to_be_is_reminded_of() {
        let at = "2026-12-01T14:00:00Z";
        let due = |sign_up: Seen<SignUp>, session: Seen<Session>| {
            !starts(&[sign_up], &[session]).is_empty()
        };
        assert!(due(
            sign_up(1, "confirmed"),
            session(1, "scheduled", Some(at))
        ));
        for state in ["received", "waiting", "offered", "withdrawn", "cancelled"] {
            assert!(
                !due(sign_up(1, state), session(1, "scheduled", Some(at))),
                "{state}"
            );
        }
        for state in ["happened", "cancelled"] {
            assert!(
                !due(sign_up(1, "confirmed"), session(1, state, Some(at))),
                "{state}"
            );
        }
        assert!(
            !due(sign_up(1, "confirmed"), session(1, "scheduled", None)),
            "no fixed time"
        );
        assert!(
            !due(sign_up(1, "confirmed"), session(2, "scheduled", Some(at))),
            "another session"
        );
        let given_up = Seen {
            sent: Sent::TakingBack(CommandId(Uuid::nil())),
            ..sign_up(1, "confirmed")
        };
        assert!(!due(given_up, session(1, "scheduled", Some(at))));
    }

    #[test]
    fn a_reminder_says_nothing_of_what_is_on() {
        let said = words::NOTICE.fill(&[("day", "Tuesday")]);
        assert_eq!(
            said,
            "Something is on tomorrow, Tuesday. Open Chorus to see."
        );
    }
}
