//! Ways to take part: the list, by kind of work, with or without signal.

use crate::{
    domain::opportunity::{Area, Opportunity, OpportunityState, Session, SessionState},
    lang::{area_name, en::take_part as words},
    ui::{
        Ui,
        el::{El, el, live},
        parts::{
            card, empty, heading, link, load::Programme, p, page as screen, second_link, soft,
        },
        when,
    },
};
use leptos::prelude::*;
use uuid::Uuid;

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let programme = Programme::load(ui);
    let only = RwSignal::new(None::<Area>);
    screen(words::TITLE)
        .with(p(words::INTRO))
        .with(second_link("/my-sign-ups", words::MY_SIGN_UPS))
        .with(live(move || filter(ui, programme, only)))
        .with(live(move || list(programme, only.get())))
}

/// Buttons that show one kind alone. They need the app, so they come with it.
fn filter(ui: Ui, programme: Programme, only: RwSignal<Option<Area>>) -> El {
    let shown = only.get();
    let open = ui.open.get();
    let all = shown_opportunities(programme);
    let there = Area::ALL
        .into_iter()
        .filter(|area| all.iter().any(|(_, one)| one.area == *area));
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

fn list(programme: Programme, only: Option<Area>) -> El {
    let all = shown_opportunities(programme);
    let sessions = programme.sessions();
    let came_of = came_of(programme, only);
    let shown: Vec<El> = all
        .iter()
        .filter(|(_, one)| only.is_none_or(|area| one.area == area))
        .map(|(id, one)| item(*id, one, &sessions))
        .collect();
    let words = match (shown.is_empty(), all.is_empty()) {
        (false, _) => None,
        (true, true) => Some(words::EMPTY),
        (true, false) => Some(words::EMPTY_KIND),
    };
    el("div")
        .attr("aria-live", "polite")
        .when(words.map(empty))
        .with(el("ul").class("cards").each(shown))
        .when((!came_of.is_empty()).then(|| heading(words::CAME_OF_THEM)))
        .with(el("ul").class("cards").each(came_of))
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
        .with(el("h2").with(link(address, one.title.clone())))
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
