//! Ways to take part: the list, by kind of work, with or without signal.

use super::group::{self, Groups};
use crate::{
    domain::opportunity::{Area, Mode, Opportunity, OpportunityState, Session, SessionState},
    lang::{
        area_name,
        en::{experience, our_words, peer, take_part as words},
    },
    ui::{
        Ui,
        el::{El, Words, el, live},
        parts::{
            card, empty, heading, link, load::Programme, p, page as screen, second_link, soft,
        },
        when,
    },
};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};
use uuid::Uuid;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let programme = Programme::load(ui);
    let groups = Groups::load(ui);
    let only = RwSignal::new(None::<Area>);
    let place = RwSignal::new(String::new());
    screen(words::TITLE)
        .with(p(words::INTRO))
        .with(live(move || two_ways(groups)))
        .with(second_link("/my-sign-ups", words::MY_SIGN_UPS))
        .with(second_link("/our-words", our_words::TITLE))
        .with(second_link("/your-experience", experience::TITLE))
        .with(second_link("/peer", peer::TITLE))
        .with(live(move || filter(ui, programme, groups, only)))
        .with(live(move || near(ui, place)))
        .with(live(move || list(programme, only.get(), &place.get())))
        .with(live(move || group_list(groups, only.get())))
        .with(live(move || told(programme, groups, only.get())))
}

/// That there are groups as well, for somebody who has not been here.
fn two_ways(groups: Groups) -> El {
    let any = groups.all().iter().any(|(_, one)| one.state.goes_on());
    let line = any.then(|| {
        p(words::TWO_WAYS)
            .with(Words::Borrowed(" "))
            .with(link("#groups", words::TO_GROUPS))
    });
    // Who is in one comes back to read there.
    el("div")
        .class("group")
        .when(line)
        .each(group::mine(groups))
}

/// The groups: what each does in a line, and when it meets.
fn group_list(groups: Groups, only: Option<Area>) -> El {
    let shown = group::list(groups, |one| only.is_none_or(|area| one.area == area));
    let any = !shown.is_empty();
    el("section")
        .class("group")
        .attr("id", "groups")
        .attr("tabindex", "-1")
        .when(any.then(|| heading(words::GROUPS)))
        .when(any.then(|| soft(words::GROUPS_UNDER)))
        .with(el("ul").class("cards").each(shown))
}

/// What came of things that are over, and of groups.
fn told(programme: Programme, groups: Groups, only: Option<Area>) -> El {
    let mut came_of = came_of(programme, only);
    came_of.extend(group::came_of(groups, |one| {
        only.is_none_or(|area| one.area == area)
    }));
    el("div")
        .class("group")
        .when((!came_of.is_empty()).then(|| heading(words::CAME_OF_THEM)))
        .with(el("ul").class("cards").each(came_of))
}

/// A place that the person types: where they are is never looked up. It needs the app, so it comes with it.
fn near(ui: Ui, place: RwSignal<String>) -> El {
    let field = el("label")
        .class("field")
        .with(el("span").class("label").with(words::PLACE))
        .with(soft(words::PLACE_UNDER))
        .with(
            el("input")
                .attr("type", "text")
                .attr("maxlength", "100")
                .on("input", move |event| {
                    let input = event.target();
                    let input = input.and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
                    place.set(input.map(|it| it.value()).unwrap_or_default());
                }),
        );
    el("div").when(ui.open.get().then_some(field))
}

fn filter(ui: Ui, programme: Programme, groups: Groups, only: RwSignal<Option<Area>>) -> El {
    let all = shown_opportunities(programme);
    let groups = groups.all();
    kinds(ui, only, &|area| {
        all.iter().any(|(_, one)| one.area == area)
            || (groups.iter()).any(|(_, one)| one.area == area && one.state.goes_on())
    })
}

/// Buttons that show one kind of work alone, of those that are there. They need the app, so they come with it.
pub(super) fn kinds(ui: Ui, only: RwSignal<Option<Area>>, is_there: &dyn Fn(Area) -> bool) -> El {
    let shown = only.get();
    let open = ui.open.get();
    let there = Area::ALL.into_iter().filter(|area| is_there(*area));
    let buttons: Vec<El> = std::iter::once(None)
        .chain(there.map(Some))
        .filter(|_| open)
        .map(|kind| {
            el("button")
                .attr("type", "button")
                .class("choice")
                .attr("aria-pressed", if kind == shown { "true" } else { "false" })
                .with(kind.map_or(words::ALL_KINDS, area_name))
                .on("click", move |_| only.set(kind))
        })
        .collect();
    let is_worth_it = buttons.len() > 2;
    el("div")
        .class("filter")
        .attr("role", "group")
        .attr("aria-label", words::FILTER)
        .flag("hidden", !is_worth_it)
        .each(buttons)
}

fn list(programme: Programme, only: Option<Area>, place: &str) -> El {
    let all = shown_opportunities(programme);
    let sessions = programme.sessions();
    let shown: Vec<El> = all
        .iter()
        .filter(|(_, one)| only.is_none_or(|area| one.area == area))
        .filter(|(id, _)| is_near(place, *id, &sessions))
        .map(|(id, one)| item(*id, one, &sessions))
        .collect();
    let words = match (shown.is_empty(), all.is_empty()) {
        (false, _) => None,
        (true, true) => Some(words::EMPTY),
        (true, false) if place.trim().is_empty() => Some(words::EMPTY_KIND),
        (true, false) => Some(words::EMPTY_PLACE),
    };
    el("div")
        .class("group")
        .attr("aria-live", "polite")
        .with(heading(words::ONCE))
        .with(soft(words::ONCE_UNDER))
        .when(words.map(empty))
        .with(el("ul").class("cards").each(shown))
}

/// Whether one of its dates is at a place with these letters in it, whatever their case. What has no date is
/// done from anywhere, and so is what is online.
fn is_near(typed: &str, opportunity: Uuid, sessions: &[(Uuid, Session)]) -> bool {
    let typed = typed.trim().to_ascii_lowercase();
    let mut dates = sessions_of(opportunity, sessions).peekable();
    typed.is_empty()
        || dates.peek().is_none()
        || dates.any(|(_, session)| {
            let place = session.place.as_deref().unwrap_or_default();
            session.mode != Mode::InPerson || place.to_ascii_lowercase().contains(&typed)
        })
}

fn shown_opportunities(programme: Programme) -> Vec<(Uuid, Opportunity)> {
    let mut all = programme.opportunities();
    all.retain(|(_, one)| {
        matches!(
            one.state,
            OpportunityState::Published | OpportunityState::Paused
        )
    });
    all
}

/// What came of those that are over: so that people see that it mattered.
fn came_of(programme: Programme, only: Option<Area>) -> Vec<El> {
    let all = programme.opportunities().into_iter();
    let told = all.filter(|(_, one)| one.state == OpportunityState::ReportedBack);
    told.filter(|(_, one)| only.is_none_or(|area| one.area == area))
        .map(|(id, one)| {
            let words = one.more().and_then(|more| more.came_of_it);
            el("li").with(titled(id, &one).when(words.map(super::opportunity::typed)))
        })
        .collect()
}

/// A card with the kind of work, and the name that leads to all about it.
fn titled(id: Uuid, one: &Opportunity) -> El {
    let address = ["/take-part/", &id.to_string()].concat();
    card()
        .with(el("p").class("tag").with(area_name(one.area)))
        .with(el("h3").with(link(address, one.title.clone())))
}

fn item(id: Uuid, one: &Opportunity, sessions: &[(Uuid, Session)]) -> El {
    let next = sessions_of(id, sessions).next().map(|(_, session)| session);
    el("li").with(
        titled(id, one)
            .with(super::opportunity::typed(one.purpose.clone()))
            .when(next.map(|session| soft(when::session_time(session))))
            .when(next.map(|session| soft(when::session_place(session)))),
    )
}

/// The sessions of an opportunity that are still to come.
pub(super) fn sessions_of(
    opportunity: Uuid,
    sessions: &[(Uuid, Session)],
) -> impl Iterator<Item = &(Uuid, Session)> {
    sessions.iter().filter(move |(_, session)| {
        session.opportunity.0 == opportunity && session.state == SessionState::Scheduled
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::OpportunityId,
        opportunity::{Gives, Room},
    };

    #[test]
    fn a_typed_place_shows_what_is_there_and_what_can_be_done_from_anywhere() {
        let one = |id: u128, mode, place: &str| {
            let session = Session {
                opportunity: OpportunityId(Uuid::from_u128(id)),
                starts_at: None,
                local_start: None,
                zone: None,
                length_min: None,
                breaks: None,
                mode,
                place: Some(place.to_owned()),
                places: None,
                gives: Gives::Staff,
                ballot_at: None,
                room: Room::Plenty,
                state: SessionState::Scheduled,
                lead: None,
                was: None,
                reason: None,
            };
            (Uuid::from_u128(100 + id), session)
        };
        let sessions = [
            one(1, Mode::InPerson, "Harbour House, Wick"),
            one(2, Mode::Online, ""),
            one(3, Mode::Either, "Elgin"),
        ];
        let near = |typed, id| is_near(typed, Uuid::from_u128(id), &sessions);
        assert!(near(" wick", 1) && near("", 1) && !near("Elgin", 1));
        assert!(near("Wick", 2) && near("Wick", 3), "from anywhere");
        assert!(near("Wick", 4), "no dates");
    }
}
