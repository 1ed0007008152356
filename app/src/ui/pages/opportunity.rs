//! One opportunity: all that a person may want to know before they say yes.

use super::take_part::{area_name, sessions_of};
use crate::{
    domain::{
        id::OpportunityId,
        opportunity::{Gives, Opportunity, OpportunityState, Room, Session},
    },
    lang::{Text, en::take_part as words},
    ui::{
        Ui,
        el::{El, el, live},
        parts::{
            card, fact, facts, heading, load::Programme, main_heading, main_link, p, second_link,
            soft,
        },
        when,
    },
};
use uuid::Uuid;

/// The screen.
pub(crate) fn page(ui: Ui, id: OpportunityId) -> El {
    let programme = Programme::load(ui);
    el("div")
        .with(super::lead::way(ui, id))
        .with(live(move || match programme.opportunity(id.0) {
            Some(one) => details(id.0, &one, &programme.sessions()),
            None => gone(),
        }))
}

/// For an id that is not, or no more, known here.
pub(super) fn gone() -> El {
    el("div")
        .class("page")
        .key("gone")
        .with(main_heading(words::GONE))
        .with(p(words::GONE_UNDER))
        .with(main_link("/take-part", words::SEE_ALL))
}

fn details(id: Uuid, one: &Opportunity, sessions: &[(Uuid, Session)]) -> El {
    let dates: Vec<El> = sessions_of(id, sessions)
        .map(|(session_id, session)| date(id, *session_id, one, session))
        .collect();
    let about = [
        (words::COMMITMENT, &one.commitment),
        (words::SUPPORT, &one.support),
        (words::TRAVEL, &one.travel),
        (words::THANK_YOU, &one.thank_you),
        (words::ACCESS, &one.access),
        (words::ASK, &one.contact),
    ];
    let about: Vec<El> = about
        .into_iter()
        .filter_map(|(term, words)| Some(fact(term, words.clone()?)))
        .collect();
    let no_dates = dates.is_empty().then(|| p(words::NO_SESSIONS));
    el("div")
        .class("page")
        .key("details")
        .with(el("p").class("tag").with(area_name(one.area)))
        .with(main_heading(one.title.clone()))
        .with(p(one.purpose.clone()))
        .when(not_open(one.state).map(|words| p(words).class("card outline")))
        .with(heading(words::WHAT_HAPPENS))
        .with(p(one.what_happens.clone()))
        .with(el("ul").class("cards").each(dates))
        .when(no_dates)
        .with(facts(about).class("facts card"))
        .with(heading(words::WHAT_NEXT))
        .with(p(one.what_next.clone()))
        .with(p(words::STOP))
        .with(second_link("/take-part", words::SEE_ALL))
}

/// One date, with all about it, and the way to say yes.
fn date(opportunity: Uuid, id: Uuid, one: &Opportunity, session: &Session) -> El {
    let mut about = vec![
        fact(words::WHEN, when::session_time(session)),
        fact(words::WHERE, when::session_place(session)),
    ];
    if let Some(breaks) = &session.breaks {
        about.push(fact(words::BREAKS, breaks.clone()));
    }
    about.push(fact(words::ROOM, room_name(session.room)));
    let sign_up = [
        "/take-part/",
        &opportunity.to_string(),
        "/sign-up?session=",
        &id.to_string(),
    ]
    .concat();
    let is_open = one.state == OpportunityState::Published;
    el("li").with(
        card()
            .with(facts(about))
            .with(soft(gives_words(session.gives)))
            .when(is_open.then(|| main_link(sign_up, words::LIKE_TO))),
    )
}

fn not_open(state: OpportunityState) -> Option<Text> {
    match state {
        OpportunityState::Published | OpportunityState::Draft => None,
        OpportunityState::Paused => Some(words::PAUSED),
        OpportunityState::Cancelled => Some(words::CALLED_OFF),
        OpportunityState::Closed | OpportunityState::ReportedBack | OpportunityState::Archived => {
            Some(words::OVER)
        }
    }
}

/// How much room there is, in words.
pub(super) fn room_name(room: Room) -> Text {
    match room {
        Room::Plenty => words::PLENTY,
        Room::Few => words::FEW,
        Room::WaitingList => words::WAITING_LIST,
    }
}

fn gives_words(gives: Gives) -> Text {
    match gives {
        Gives::Staff => words::GIVES_STAFF,
        Gives::FirstReceived => words::GIVES_FIRST,
        Gives::Ballot => words::GIVES_BALLOT,
    }
}
