//! The screens: one route a file.

mod check_in;
mod checked_in;
mod help_now;
mod my_plan;
mod not_found;
mod opportunity;
mod take_part;
mod today;
mod what_changed;

use super::{Ui, el::El, route::Route};

/// The screen of a route. Made once each time the route is entered; what changes in it is live.
pub(crate) fn page(ui: Ui, route: &Route) -> El {
    match route {
        Route::Today => today::page(ui),
        Route::CheckIn => check_in::page(ui),
        Route::TakePart => take_part::page(ui),
        Route::Opportunity(id) => opportunity::page(ui, *id),
        Route::MyPlan => my_plan::page(),
        Route::WhatChanged => what_changed::page(),
        Route::HelpNow => help_now::page(ui),
        _ => not_found::page(),
    }
}
