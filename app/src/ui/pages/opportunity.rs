//! One opportunity: all that a person may want to know before they say yes.

use super::{
    group::{self, Groups},
    take_part::sessions_of,
};
use crate::{
    domain::{
        id::OpportunityId,
        opportunity::{Agreement, Gives, More, Opportunity, OpportunityState, Room, Session},
    },
    lang::{Text, area_name, en::take_part as words},
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
use leptos::prelude::*;
use uuid::Uuid;

/// The screen.
pub(crate) fn page(ui: Ui, id: OpportunityId) -> El {
    let programme = Programme::load(ui);
    let groups = Groups::load(ui);
    el("div")
        .with(super::lead::way(ui, id))
        .with(live(move || match programme.opportunity(id.0) {
            Some(one) => details(ui, id.0, &one, &programme.sessions()),
            None => gone(),
        }))
        .with(live(move || {
            let one = programme.opportunity(id.0);
            let group = one.and_then(|one| one.more()?.group);
            let named = group.and_then(|group| group::named(groups, group));
            el("div").class("after").when(named)
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

fn details(ui: Ui, id: Uuid, one: &Opportunity, sessions: &[(Uuid, Session)]) -> El {
    let more = one.more().unwrap_or_default();
    let is_open = one.state == OpportunityState::Published;
    let dates: Vec<El> = sessions_of(id, sessions)
        .map(|(session_id, session)| date(ui, id, *session_id, is_open, session))
        .collect();
    // What has ended asks for nothing any more, and one that is called off leads to nothing.
    let goes_on = not_open(one.state).is_none_or(|state| state == words::PAUSED);
    let is_off = one.state == OpportunityState::Cancelled;
    let about = if goes_on {
        about(one, &more)
    } else {
        Vec::new()
    };
    let none = match (dates.is_empty() && is_open, more.comment_only) {
        (true, true) => Some(words::COMMENT_ONLY),
        (true, false) => Some(words::NO_SESSIONS),
        (false, _) => None,
    };
    el("div")
        .class("page")
        .key("details")
        .with(el("p").class("tag").with(area_name(one.area)))
        .with(main_heading(one.title.clone()))
        .when(not_open(one.state).map(|state| not_open_card(state, &more)))
        .when(more.came_of_it.as_ref().map(|_| heading(words::CAME_OF_IT)))
        .when(more.came_of_it.clone().map(typed))
        .with(heading(if goes_on || is_off {
            words::WHAT_HAPPENS
        } else {
            words::WHAT_HAPPENED
        }))
        .with(typed(one.what_happens.clone()))
        .with(heading(words::WHY))
        .with(typed(one.purpose.clone()))
        .when((!dates.is_empty()).then(|| el("ul").class("cards").each(dates)))
        .when(none.map(p))
        .when((!about.is_empty()).then(|| facts(about).class("facts card")))
        .when(more.agreement.as_ref().filter(|_| goes_on).map(agreement))
        .when((!is_off).then(|| heading(words::WHAT_NEXT)))
        .when((!is_off).then(|| typed(one.what_next.clone())))
        .when(goes_on.then(|| p(words::STOP)))
        .with(second_link("/take-part", words::SEE_ALL))
}

/// Words of staff, with their own line ends.
pub(super) fn typed(words: String) -> El {
    p(words).class("typed")
}

/// What a person may want to know, in the order in which they may ask it.
fn about(one: &Opportunity, more: &More) -> Vec<El> {
    let also = |words: &Option<String>, more: bool, line: Text| {
        let line = more.then(|| line.get().to_owned());
        let all: Vec<String> = words.clone().into_iter().chain(line).collect();
        (!all.is_empty()).then(|| all.join("\n"))
    };
    let talk_to = more.talk_to.as_deref();
    let talk_to = talk_to.map(|name| words::TALK_TO_WHEN.fill(&[("name", name)]));
    let about = [
        (words::COMMITMENT, one.commitment.clone()),
        (words::SUPPORT, one.support.clone()),
        (words::TALK_TO, talk_to),
        (
            words::TRAVEL,
            also(&one.travel, more.travel_first, words::TRAVEL_FIRST),
        ),
        (
            words::THANK_YOU,
            also(&one.thank_you, more.choose_thanks, words::CHOOSE_THANKS),
        ),
        (words::BENEFITS, more.benefits.clone()),
        (
            words::FIRST,
            also(&more.training, more.agreement.is_some(), words::AGREEMENT),
        ),
        (words::ACCESS, one.access.clone()),
        (words::ASK, one.contact.clone()),
    ];
    about
        .into_iter()
        .filter_map(|(term, words)| Some(fact(term, words?)))
        .collect()
}

fn agreement(it: &Agreement) -> El {
    el("details")
        .class("card")
        .with(el("summary").with(words::AGREEMENT_READ))
        .with(typed(it.text.clone()))
}

fn not_open_card(state: Text, more: &More) -> El {
    let why = more.reason.as_deref();
    let why = why.map(|why| words::WHY_OFF.fill(&[("words", why)]));
    card()
        .class("card outline")
        .with(p(state))
        .when(why.map(typed))
}

/// One date, with all about it, and the way to say yes.
fn date(ui: Ui, opportunity: Uuid, id: Uuid, is_open: bool, session: &Session) -> El {
    let mut about = vec![
        fact(words::WHEN, when::session_time(session)),
        fact(words::WHERE, when::session_place(session)),
    ];
    let said = [
        (words::BREAKS, &session.breaks),
        (words::LEAD, &session.lead),
    ];
    let said = said.into_iter();
    about.extend(said.filter_map(|(term, words)| Some(fact(term, words.clone()?))));
    about.push(fact(words::ROOM, room_name(session.room)));
    let sign_up = [
        "/take-part/",
        &opportunity.to_string(),
        "/sign-up?session=",
        &id.to_string(),
    ]
    .concat();
    el("li").with(
        card()
            .when(moved(session).map(p))
            .with(facts(about))
            .with(soft(gives_words(ui, session)))
            .when(is_open.then(|| main_link(sign_up, words::LIKE_TO))),
    )
}

/// That it moved, and when it was before.
pub(super) fn moved(session: &Session) -> Option<String> {
    let was = Session {
        local_start: Some(session.was.clone()?),
        ..session.clone()
    };
    Some(words::WAS.fill(&[("when", &when::session_time(&was))]))
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

/// How places are given; when names are drawn, the phone alone can say.
fn gives_words(ui: Ui, session: &Session) -> String {
    let words = match session.gives {
        Gives::Staff => words::GIVES_STAFF,
        Gives::FirstReceived => words::GIVES_FIRST,
        Gives::Ballot => words::GIVES_BALLOT,
    };
    let drawn = session.ballot_at.as_deref().filter(|_| ui.open.get());
    drawn.map_or_else(
        || words.get().to_owned(),
        |at| words::DRAWN_AT.fill(&[("time", &ui.say_time(at))]),
    )
}
