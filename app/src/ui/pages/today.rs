//! Today: a gentle prompt, what waits to be sent, and what is coming up.

use super::{phones, sign_up::stands};
use crate::{
    domain::{
        opportunity::{Session, SessionState},
        record::{SignUp, kind},
        sign_up::SignUpState,
        time::{DAY_MS, Millis},
    },
    lang::en::{check_ins, my_phone, sign_ups, today as words},
    ui::{
        Ui,
        el::{Child, El, el, live},
        local::{Link, PhoneStatus, Seen, Sent},
        parts::{
            card, heading, link,
            load::{Programme, Records, load, read, records},
            main_heading, main_link, p, second_link, soft, ticked, unsent_card,
        },
        progress, when,
    },
};
use leptos::prelude::*;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let programme = Programme::load(ui);
    let mine = records(ui, kind::SIGN_UP);
    let given_back = load(ui, |phone| phone.given_back());
    let devices = records(ui, kind::DEVICE);
    el("div")
        .class("page")
        .with(live(move || hello(&ui.local.status.get())))
        .with(live(move || {
            el("div")
                .when(coming(ui, programme, mine, Part::Today))
                .when(coming(ui, programme, mine, Part::Offers))
                .when(coming(ui, programme, mine, Part::Tomorrow))
        }))
        .with(live(move || {
            let cleared = ui.local.status.with(|status| status.cleared.clone());
            el("div").when(cleared.map(|why| phones::was_cleared(ui, &why)))
        }))
        .with(live(move || phones::news(ui, devices)))
        .with(
            card()
                .with(heading(words::PROMPT))
                .with(soft(words::PROMPT_UNDER))
                .with(main_link("/check-in", words::CHECK_IN)),
        )
        .with(live(move || {
            let back = given_back.with(|back| back.as_ref().is_some_and(|back| !back.is_empty()));
            unsent(&ui.local.status.get(), back).when(restored(ui))
        }))
        .with(live(move || is_this_yours(&ui.local.status.get())))
        .with(heading(words::COMING_UP))
        .with(live(move || {
            el("div").when(coming(ui, programme, mine, Part::Rest))
        }))
        .with(live(move || join(ui)))
        .with(heading(words::ALSO))
        .with(also())
}

fn hello(status: &PhoneStatus) -> El {
    let words: Child = match &status.name {
        Some(name) => words::HELLO_NAME.fill(&[("name", name)]).into(),
        None => words::HELLO.into(),
    };
    el("div").with(main_heading(words)).with(soft(words::NICE))
}

/// What waits, and why. Empty when nothing does: then nothing is said at all.
fn unsent(status: &PhoneStatus, given_back: bool) -> El {
    let count = status.unsent;
    let waiting = (count > 0).then(|| {
        let many = words::UNSENT_MANY.fill(&[("count", &count.to_string())]);
        let (head, safe) = if count == 1 {
            (words::UNSENT_ONE.into(), words::SAFE_HERE_ONE)
        } else {
            (Child::from(many), words::SAFE_HERE)
        };
        unsent_card()
            .with(
                el("p")
                    .with(el("strong").with(head))
                    .with(Child::from(" ".to_owned()))
                    .with(safe),
            )
            .with(soft(why_waiting(status.link)))
            .with(link("/my-phone", words::SEE_THEM))
    });
    let back = given_back.then(|| {
        unsent_card()
            .with(p(words::GIVEN_BACK))
            .with(link("/my-phone", words::SEE_THEM))
    });
    el("div").attr("role", "status").when(waiting).when(back)
}

/// Asks whose it is what was written here before anyone joined, without a word of what it is.
fn is_this_yours(status: &PhoneStatus) -> El {
    let asked = (status.before_joining > 0).then(|| {
        card()
            .with(p(words::MINE))
            .with(link("/my-phone", words::MINE_LOOK))
    });
    el("div").when(asked)
}

/// The way to what has no tab.
fn also() -> El {
    card()
        .with(link("/check-ins", check_ins::TITLE))
        .with(link("/my-sign-ups", sign_ups::TITLE))
        .with(link("/my-phone", my_phone::TITLE))
}

/// How long a restore is told of.
const SURPRISES_MS: Millis = 14 * DAY_MS;

/// What happened when the server went back to an older copy, for as long as it may surprise.
pub(super) fn restored(ui: Ui) -> Option<El> {
    let phone = ui.local.phone()?;
    let at = ui.local.status.get().restored_at?;
    (phone.now() - at < SURPRISES_MS).then(|| {
        card()
            .key("restored")
            .with(p(words::RESTORED.fill(&[("time", &phone.say_time(at))])))
    })
}

/// Why things wait, in one sentence.
pub(super) fn why_waiting(link: Link) -> crate::lang::Text {
    match link {
        Link::SignInNeeded => words::SIGN_IN,
        Link::OtherMember => words::OTHER_MEMBER,
        Link::UpdateNeeded => words::UPDATE_NEEDED,
        _ => words::WHEN_SIGNAL,
    }
}

/// The parts of what is coming up, each in a place of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What the person has a place in today.
    Today,
    /// The same for tomorrow.
    Tomorrow,
    /// What waits for their answer.
    Offers,
    /// Everything else.
    Rest,
}

impl Part {
    /// Where a sign-up stands whose session is so many days from today.
    fn of(seen: &Seen<SignUp>, days: Option<i32>) -> Self {
        match days {
            _ if waits_for_answer(seen) => Self::Offers,
            Some(0) if has_place(seen) => Self::Today,
            Some(1) if has_place(seen) => Self::Tomorrow,
            _ => Self::Rest,
        }
    }
}

/// One part of what is coming up. Where there is none of it nothing is said, but for the rest.
fn coming(ui: Ui, programme: Programme, sign_ups: Records, part: Part) -> Option<El> {
    // A round may have been the first one of another day.
    ui.local.status.track();
    let stored = sign_ups.get().unwrap_or_default();
    let mine: Vec<Seen<SignUp>> = read(&stored);
    let sessions = programme.sessions();
    let opportunities = programme.opportunities();
    let all: Vec<(Part, El)> = sessions
        .iter()
        .filter(|(_, session)| session.state == SessionState::Scheduled)
        .filter_map(|(id, session)| {
            let seen = mine.iter().find(|seen| {
                seen.body.session.is_some_and(|found| found.0 == *id) && stands(seen)
            })?;
            let part = Part::of(seen, days_to(ui, session));
            let (_, opportunity) = opportunities
                .iter()
                .find(|(id, _)| *id == session.opportunity.0)?;
            let card = state_card(ui, seen)
                .with(el("h3").with(link("/my-sign-ups", opportunity.title.clone())))
                .with(soft(when::session_time(session)))
                .with(soft(when::session_place(session)))
                .each(way_on(part, seen, session));
            Some((part, card))
        })
        .collect();
    let is_free = all.is_empty();
    let theirs = all.into_iter().filter(|(of, _)| *of == part);
    let coming: Vec<El> = theirs.map(|(_, card)| card).collect();
    if coming.is_empty() {
        return (part == Part::Rest).then(|| {
            card()
                .when(is_free.then(|| p(words::NOTHING_COMING)))
                .with(second_link("/take-part", words::SEE_OPPORTUNITIES))
        });
    }
    let title = match part {
        Part::Today => Some(words::IS_TODAY),
        Part::Tomorrow => Some(words::IS_TOMORROW),
        Part::Offers => Some(words::A_PLACE),
        Part::Rest => None,
    };
    let cards = el("div").class("cards").each(coming);
    Some(
        el("div")
            .class("group")
            .when(title.map(heading))
            .with(cards),
    )
}

/// What is to be done about it, and for what is soon what to know before going.
fn way_on(part: Part, seen: &Seen<SignUp>, session: &Session) -> Vec<El> {
    match part {
        Part::Rest => Vec::new(),
        Part::Offers => vec![main_link("/my-sign-ups", words::ANSWER_OFFER)],
        Part::Today | Part::Tomorrow => {
            let said = seen.body.message.as_deref();
            let said = said.map(|said| p(sign_ups::QUOTE.fill(&[("words", said)])));
            let online = seen.body.link.is_some();
            let online = online.then(|| link("/my-sign-ups", sign_ups::JOIN_HOW));
            let about = ["/take-part/", &session.opportunity.to_string()].concat();
            let about = Some(link(about, words::ABOUT_IT));
            [said, online, about].into_iter().flatten().collect()
        }
    }
}

/// How many days the session is from today, by this phone's calendar.
fn days_to(ui: Ui, session: &Session) -> Option<i32> {
    let phone = ui.local.phone()?;
    Some(phone.days_to(phone.parse_time(session.starts_at.as_deref()?)?))
}

/// Whether the server gave a place that still stands.
pub(super) fn has_place(seen: &Seen<SignUp>) -> bool {
    seen.body.state == SignUpState::Confirmed
        && matches!(seen.sent, Sent::OnServer | Sent::Answered)
}

/// Whether the person is asked if they would like a place.
pub(super) fn waits_for_answer(seen: &Seen<SignUp>) -> bool {
    seen.body.state == SignUpState::Offered && seen.sent == Sent::OnServer
}

/// A card that says first how far a sign-up has come.
fn state_card(ui: Ui, seen: &Seen<SignUp>) -> El {
    let say = |at: &str| ui.say_time(at);
    let line = progress::sign_up_line(&seen.body, &ui.how_far(seen.sent), &say);
    match seen.sent {
        Sent::NotYet(_) | Sent::Sending(_) => unsent_card().with(p(line)),
        _ if has_place(seen) => card().with(ticked(line)),
        _ => card().with(p(line)),
    }
}

/// For a phone that nobody joined on: how to. Shown with the app, which alone knows.
fn join(ui: Ui) -> El {
    let shown = ui.open.get() && ui.local.status.with(|status| status.member.is_none());
    let card = shown.then(|| {
        card()
            .with(heading(words::JOIN))
            .with(p(words::JOIN_UNDER))
            .with(second_link("/join", crate::lang::en::join::TITLE))
    });
    el("div").when(card)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::id::CommandId, json};
    use uuid::Uuid;

    #[test]
    fn what_is_soon_is_what_the_person_has_a_place_in() {
        let part = |state: &str, sent, days| {
            let body = format!(
                r#"{{"state":"{state}","access_needs_consent":false,"travel_first":false}}"#
            );
            let seen = Seen {
                id: Uuid::nil(),
                body: json::read(&body).unwrap(),
                sent,
            };
            Part::of(&seen, days)
        };
        let here = Sent::OnServer;
        let waits = Sent::NotYet(CommandId(Uuid::nil()));
        assert!(part("confirmed", here, Some(0)) == Part::Today);
        assert!(part("confirmed", here, Some(1)) == Part::Tomorrow);
        for days in [None, Some(-1), Some(2)] {
            assert!(part("confirmed", here, days) == Part::Rest);
        }
        for state in ["received", "waiting", "offered"] {
            assert!(part(state, waits, Some(1)) == Part::Rest, "{state}");
        }
        assert!(part("waiting", here, Some(1)) == Part::Rest);
        assert!(part("offered", here, Some(1)) == Part::Offers);
        assert!(part("offered", here, None) == Part::Offers);
    }
}
