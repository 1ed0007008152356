//! The screens: one route a file.

mod check_in;
mod check_ins;
mod checked_in;
mod copy;
mod delete_shared;
mod experience;
mod group;
mod help_now;
mod install;
mod join;
mod later;
mod lead;
mod leave;
mod leave_chorus;
mod locked;
mod my_phone;
mod my_plan;
mod name;
mod needs;
mod not_found;
mod notice;
mod opportunity;
mod peer;
mod phones;
mod pin;
mod plain;
mod reminders;
mod sign_up;
mod sign_ups;
mod take_part;
mod today;
mod what_changed;
mod wording;
mod words;

use super::{
    Ui,
    el::{El, el},
    parts::act::run,
    route::Route,
};
pub use group::title as group_title;
pub(crate) use locked::page as locked;
pub use what_changed::title as change_title;

/// The screen of a route. Made once each time the route is entered; what changes in it is live.
/// Nothing for as long as [`can_draw`] says no.
pub(crate) fn page(ui: Ui, route: &Route) -> El {
    match route {
        Route::Today => today::page(ui),
        route => later::page(ui, route).unwrap_or_else(|| el("div")),
    }
}

/// Whether the screen of a route can be drawn by now. Asking sends for what is missing: see [`fetch`].
pub(crate) fn can_draw(route: &Route) -> bool {
    *route == Route::Today || later::is_here()
}

/// Waits for the screens that are not Today; false if they could not be had.
pub(crate) async fn fetch() -> bool {
    later::fetch().await.is_ok()
}

/// Something has changed: does what is due then, whatever is shown. Sends for the screens that are not Today, so
/// that the next one opens at once.
pub(crate) fn follow(ui: Ui) {
    run(async move {
        // Screens that could not be had are sent for again with the next change.
        let _ = later::follow(ui).await;
    });
}

/// Every screen but Today, which comes first.
fn later(ui: Ui, route: &Route) -> El {
    match route {
        Route::Today => today::page(ui),
        Route::CheckIn => check_in::page(ui),
        Route::TakePart => take_part::page(ui),
        Route::Opportunity(id) => opportunity::page(ui, *id),
        Route::MyPlan => my_plan::page(ui),
        Route::WhatChanged => what_changed::page(ui),
        Route::Change(id) => what_changed::one(ui, *id),
        Route::HelpNow => help_now::page(ui),
        Route::MyCheckIns => check_ins::page(ui),
        Route::Lead(id) => lead::page(ui, *id),
        Route::Group(id) => group::page(ui, *id),
        Route::InGroup(id) => group::inside(ui, *id),
        Route::OurWords => words::list(ui),
        Route::Words(id) => words::page(ui, *id),
        Route::YourExperience => experience::list(ui),
        Route::Tell => experience::tell(ui),
        Route::Experience(id) => experience::one(ui, *id),
        Route::SignUp(id) => sign_up::page(ui, *id),
        Route::MySignUps => sign_ups::page(ui),
        Route::MyPhone => my_phone::page(ui),
        Route::MyPhones => phones::page(ui),
        Route::Leave => leave::page(ui),
        Route::DeleteShared => delete_shared::page(ui),
        Route::LeaveChorus => leave_chorus::page(ui),
        Route::Peer => peer::page(ui),
        Route::PeerAsk => peer::ask_page(ui),
        Route::PeerWith(id) => peer::with(ui, *id),
        Route::Supporting => peer::supporting(ui),
        Route::Worried => peer::worried(ui),
        Route::Pin => pin::page(ui),
        Route::Copy => copy::page(ui),
        Route::Join(code) => join::page(ui, code.clone()),
        Route::Notice => notice::page(ui),
        Route::Install => install::page(ui),
        Route::NotFound(_) => not_found::page(),
    }
}
