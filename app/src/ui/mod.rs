//! The member screens: one route a file in `pages`, small parts in `parts`, `local` the line to the
//! phone, and `el` what they are all drawn with.

pub(crate) mod el;
pub mod lines;
pub mod local;
mod navigation;
mod pages;
mod parts;
pub mod progress;
pub mod reading;
pub mod route;
pub mod when;

use crate::{
    domain::{team::Team, time::rfc3339},
    lang::en,
};
pub use pages::{change_title, group_title};

use leptos::prelude::*;
use local::{Link, Local, PageData, Problem, Sent};
use route::Route;

/// What every screen is given.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    /// How things stand on the phone, and the phone.
    local: Local,
    /// The screen that is shown.
    route: RwSignal<Route>,
    /// The part of the screen that the address names ("#note"): the question that a form is at.
    fragment: RwSignal<String>,
    /// Whether the app has opened: false on the server and until hydration has ended, so that both
    /// draw the same, and nothing that needs the phone is offered before there is one.
    open: RwSignal<bool>,
    /// Whether the PIN must be given before anything of the person's is shown.
    locked: RwSignal<bool>,
    /// What the phone could not do last, in words.
    trouble: RwSignal<Option<String>>,
}

impl Ui {
    /// An RFC 3339 time in the person's own words; the text as it is where no phone can say it.
    fn say_time(self, rfc3339: &str) -> String {
        self.local
            .phone()
            .and_then(|phone| Some(phone.say_time(phone.parse_time(rfc3339)?)))
            .unwrap_or_else(|| rfc3339.to_owned())
    }

    /// When the team next reads what is shared with it, as far as the phone knows. Until the app has opened
    /// it says the hours alone, as the server does.
    fn reads(self, team: Option<&Team>) -> reading::Reads {
        let phone = self.local.phone().filter(|_| self.open.get());
        let now = phone.map(|phone| rfc3339(phone.now()));
        reading::reads(team, now.as_deref(), &|at| self.say_time(at))
    }

    /// How far something has come, as it is said: "sending" only while a round is under way. What was
    /// tried without an answer is said as not sent yet, and "Don't send" withdraws it in case it arrived.
    fn how_far(self, sent: Sent) -> Sent {
        match sent {
            Sent::Sending(id)
                if self
                    .local
                    .status
                    .with(|status| status.link != Link::Sending) =>
            {
                Sent::NotYet(id)
            }
            sent => sent,
        }
    }

    /// Says what the phone could not do, above whatever is shown. What was typed stays.
    fn say(self, problem: Problem) {
        self.trouble.set(Some(match problem {
            Problem::Store(why) => en::frame::TROUBLE.fill(&[("why", &why)]),
            Problem::NoSignal => en::frame::NO_SIGNAL.get().to_owned(),
            Problem::Refused(words) => words,
        }));
    }
}

/// The whole app: everything inside `<body>`. `path` is where it starts ("/take-part"); the browser's
/// own navigation changes it later. Expects [`Local`] in context.
#[component]
pub fn App(
    /// The path; a query behind it does no harm.
    path: String,
) -> impl IntoView {
    let ui = Ui {
        local: expect_context(),
        route: RwSignal::new(Route::parse(&path)),
        fragment: RwSignal::new(String::new()),
        open: RwSignal::new(false),
        locked: RwSignal::new(false),
        trouble: RwSignal::new(None),
    };
    navigation::follow(ui);
    parts::load::whenever(move || {
        ui.local.changed.track();
        if ui.local.phone().is_some() {
            ui.open.set(true);
            say_open();
            pages::follow(ui);
        }
    });
    parts::load::whenever(move || {
        let locked = ui.local.status.with(|status| status.pin.locked);
        if ui.locked.get_untracked() != locked {
            ui.locked.set(locked);
            // Another screen stands in the place of the one that the reader was at.
            navigation::soon(navigation::focus_heading);
        }
    });
    parts::frame::frame(ui)
}

/// Waits for what draws the screen at `path`; false if it could not be had.
pub async fn ready_for(path: &str) -> bool {
    pages::can_draw(&Route::parse(path)) || pages::fetch().await
}

/// Says on the page that the app has opened, for what stands beside the app: styles, and whoever waits for it.
fn say_open() {
    if let Some(body) = document().body() {
        // A page that refuses an attribute still works.
        let _ = body.set_attribute("data-open", "");
    }
}

/// The title of the page at `path`. It names the screen, never anything personal.
pub fn title(path: &str, page: &PageData) -> String {
    let route = Route::parse(path);
    let opportunity = match &route {
        Route::Opportunity(id) | Route::SignUp(id) => page
            .opportunities
            .iter()
            .find(|(found, _)| *found == id.0)
            .map(|(_, opportunity)| opportunity.title.as_str()),
        _ => None,
    };
    let page = opportunity.unwrap_or(route.name().get());
    en::frame::PAGE_TITLE.fill(&[("page", page)])
}
