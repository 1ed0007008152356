//! Who is coming: for whoever leads an opportunity. It says no more than running the session needs, and
//! only on a phone with a PIN. Whether somebody came is one press, with no signal as well. Below it their own private
//! calendar address, which the server alone can make: it is seen once, and kept on no phone.

use super::phones::text;
use crate::{
    domain::{
        attendee::{Attendance, Attendee},
        command::Command,
        id::{OpportunityId, SignUpId},
        opportunity::{Session, SessionState},
        record::kind,
        sign_up::SignUpState,
        time::{HOUR_MS, Millis},
    },
    json,
    lang::{
        Text,
        en::{lead as words, state},
    },
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::{CALENDAR, CALENDAR_END, Seen, Sent},
        parts::{
            act::{ask, ask_then, sure},
            button, card, heading, link,
            load::{Programme, Records, read, records, whenever},
            main_link, p, page as screen, quiet_button, soft, ticked, unsent_card,
        },
        when,
    },
};
use leptos::prelude::*;
use serde_json::Value;
use uuid::Uuid;

/// From so long before its start on can be said who came.
const BEFORE_MS: Millis = HOUR_MS;

/// The screen.
pub(crate) fn page(ui: Ui, id: OpportunityId) -> El {
    let programme = Programme::load(ui);
    let people = records(ui, kind::ATTENDEE);
    let leads = records(ui, kind::LEAD);
    let calendar = Calendar {
        ui,
        there: records(ui, kind::CALENDAR),
        ends: RwSignal::new(false),
    };
    // A PIN that was set a moment ago lets the first of them come.
    whenever(move || {
        if let Some(phone) = ui.local.phone() {
            phone.sync_now();
        }
    });
    screen(words::TITLE).with(live(move || {
        let back = link(["/take-part/", &id.to_string()].concat(), words::BACK);
        let (Some(leads), Some(people)) = (leads.get(), people.get()) else {
            return el("div");
        };
        if !leads.iter().any(|lead| lead.id == id.0) {
            return el("div").key("none").with(p(words::NOT_YOURS)).with(back);
        }
        if !ui.local.status.with(|status| status.pin.set) {
            return el("div").key("pin").with(pin_first()).with(back);
        }
        let sessions = programme.sessions();
        let people = read::<Attendee>(&people);
        let here = |(_, session): &&(Uuid, Session)| {
            session.opportunity == id && session.state != SessionState::Cancelled
        };
        let mut here: Vec<_> = sessions.iter().filter(here).collect();
        order::by_key(&mut here, |(_, session)| session.local_start.clone());
        let held = here
            .into_iter()
            .map(|(id, session)| held(ui, *id, session, &people));
        el("div")
            .key("all")
            .class("group")
            .with(soft(words::WHY))
            .each(held)
            .with(heading(words::CALENDAR_TITLE))
            .with(calendar.draw())
            .with(back)
    }))
}

fn pin_first() -> El {
    card()
        .with(p(words::PIN_FIRST))
        .with(main_link("/my-phone/pin", words::SET_PIN))
}

/// One session with the people who come, in the order of their names.
fn held(ui: Ui, id: Uuid, session: &Session, people: &[Seen<Attendee>]) -> El {
    let mut here: Vec<_> = people
        .iter()
        .filter(|one| one.body.session.0 == id)
        .collect();
    order::by_key(&mut here, |one| {
        let name = one.body.name.as_deref().unwrap_or_default();
        (name.to_ascii_lowercase(), one.id)
    });
    let count = |is: fn(SignUpState) -> bool| here.iter().filter(|one| is(one.body.state)).count();
    let waiting = count(|state| matches!(state, SignUpState::Waiting | SignUpState::Received));
    let waiting =
        (waiting > 0).then(|| soft(words::WAITING.fill(&[("count", &waiting.to_string())])));
    let can_say = session.state == SessionState::Happened || has_begun(ui, session);
    let shown: Vec<El> = here
        .iter()
        .filter(|one| has_or_had_place(one.body.state))
        .map(|one| person(ui, one, can_say))
        .collect();
    let file = (session.state == SessionState::Scheduled)
        .then(|| when::calendar_file(id, session))
        .flatten();
    let file = file.map(|file| link(file, words::CALENDAR).attr("download", "chorus.ics"));
    let nobody = shown.is_empty().then(|| p(words::NOBODY));
    el("section")
        .key(id.to_string())
        .class("group")
        .with(heading(when::session_time(session)))
        .with(soft(when::session_place(session)))
        .when(file)
        .when(nobody)
        .with(el("ul").class("cards").each(shown))
        .when(waiting)
}

fn has_or_had_place(state: SignUpState) -> bool {
    state.holds_place() || state == SignUpState::NotThere
}

/// Whether it starts soon or has started; one without a time is always on.
fn has_begun(ui: Ui, session: &Session) -> bool {
    let Some((phone, starts)) = ui.local.phone().zip(session.starts_at.as_deref()) else {
        return session.starts_at.is_none();
    };
    let starts = phone.parse_time(starts);
    starts.is_none_or(|starts| starts - BEFORE_MS <= phone.now())
}

fn person(ui: Ui, seen: &Seen<Attendee>, can_say: bool) -> El {
    let one = &seen.body;
    let name = one
        .name
        .clone()
        .unwrap_or_else(|| words::NO_NAME.get().to_owned());
    let line = match one.state {
        SignUpState::Offered => Some(p(words::OFFERED)),
        SignUpState::Attended | SignUpState::Thanked => Some(ticked(words::CAME)),
        SignUpState::NotThere => Some(p(words::COULD_NOT)),
        _ => None,
    };
    let needs = one.access_needs.as_ref();
    let needs = needs.map(|needs| p(words::NEEDS.fill(&[("needs", needs)])));
    let unsent = matches!(seen.sent, Sent::NotYet(_) | Sent::Sending(_));
    let frame = if unsent { unsent_card() } else { card() };
    let id = SignUpId(seen.id);
    let say = move |came| {
        ask(ui, |phone| {
            let said = Attendance { sign_up: id, came };
            phone.send(Command::MarkAttendance(said), None)
        });
    };
    let came = can_say && one.state != SignUpState::Attended && one.state != SignUpState::Thanked;
    let came = came.then(|| {
        button(words::CAME, move || say(true))
            .key("came")
            .attr("aria-label", words::CAME_WHO.fill(&[("who", &name)]))
    });
    let could_not = (can_say && one.state != SignUpState::NotThere).then(|| {
        quiet_button(words::COULD_NOT, move || say(false))
            .key("not")
            .attr("aria-label", words::COULD_NOT_WHO.fill(&[("who", &name)]))
    });
    el("li").key(seen.id.to_string()).with(
        frame
            .with(el("h3").with(name.clone()))
            .when(needs)
            .when(line)
            .when(unsent.then(|| soft(state::NOT_YET)))
            .when(came)
            .when(could_not),
    )
}

/// The lead's own private calendar address.
#[derive(Clone, Copy)]
struct Calendar {
    ui: Ui,
    there: Records,
    /// Whether it is asked before it ends.
    ends: RwSignal<bool>,
}

impl Calendar {
    fn draw(self) -> El {
        let made = self.ui.local.status.with(|status| status.code.clone());
        let made: Option<Value> = made.as_deref().and_then(json::read);
        let address = made.as_ref().map(|made| text(made, "calendar"));
        if let (Some(made), Some(address)) = (&made, address.filter(|it| !it.is_empty())) {
            return with_address(text(made, "subscribe"), address);
        }
        let since = self.there.with(|there| {
            let body = json::read::<Value>(&there.as_ref()?.first()?.body)?;
            Some(when::date(text(&body, "since").get(..10)?))
        });
        let Some(day) = since else {
            return card()
                .key("make")
                .with(p(words::CALENDAR_WHAT))
                .with(self.button(words::CALENDAR_MAKE, CALENDAR));
        };
        let there = card()
            .key("there")
            .with(p(words::CALENDAR_THERE.fill(&[("day", &day)])));
        if self.ends.get() {
            return there.with(sure(
                [
                    words::CALENDAR_SURE,
                    words::CALENDAR_SURE_YES,
                    words::CALENDAR_SURE_NO,
                ],
                move || self.ends.set(false),
                move || self.asks(CALENDAR_END),
            ));
        }
        there
            .with(self.button(words::CALENDAR_NEW, CALENDAR))
            .with(soft(words::CALENDAR_NEW_WHAT))
            .with(quiet_button(words::CALENDAR_END, move || {
                self.ends.set(true);
            }))
    }

    fn button(self, words: Text, address: &'static str) -> El {
        button(words, move || self.asks(address))
    }

    /// Asks the server, and for the record of what it did.
    fn asks(self, address: &'static str) {
        let ui = self.ui;
        ask_then(
            ui,
            |phone| phone.ask_once(address),
            move |()| {
                if let Some(phone) = ui.local.phone() {
                    phone.sync_now();
                }
            },
        );
    }
}

/// An address that was made now.
fn with_address(subscribe: &str, address: &str) -> El {
    card()
        .key("made")
        .attr("role", "status")
        .with(p(words::CALENDAR_MADE))
        .with(link(subscribe.to_owned(), words::CALENDAR_OPEN))
        .with(p(words::CALENDAR_COPY))
        .with(p(address.to_owned()).class("address"))
        .with(soft(words::CALENDAR_PRIVATE))
}

/// On the opportunity's own page: the way here, for those who lead it.
pub(super) fn way(ui: Ui, id: OpportunityId) -> El {
    let leads = records(ui, kind::LEAD);
    el("div").with(live(move || {
        let leads = leads.with(|leads| leads.iter().flatten().any(|lead| lead.id == id.0));
        let way = ["/take-part/", &id.to_string(), "/people"].concat();
        el("div").when(leads.then(|| {
            card()
                .key("lead")
                .with(p(words::YOU_LEAD))
                .with(link(way, words::TITLE))
        }))
    }))
}
