//! The frame of every page: who is signed in, the ways around the desk, and how much waits there.

use super::{fault::Fault, when::Clock};
use crate::{
    clock,
    db::{
        desk::{check_ins, sign_ups},
        safety::{records, settings},
        staff::{self, Role, Staff},
    },
    error::Error,
    state::App,
};
use app::{
    domain::id::StaffId,
    lang::en::{desk as words, mail, people, retention as keeping, safety},
};
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use tower_sessions::Session;

/// Where the signed-in person's id is kept in their session.
pub const SIGNED_IN: &str = "staff";

/// A page's place in the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Sign-ups.
    SignUps,
    /// Shared check-ins.
    CheckIns,
    /// Teams and their reading hours.
    Teams,
    /// Members and their phones.
    People,
    /// The audit log.
    Audit,
    /// Safety records.
    Safety,
    /// What admins set about safety.
    SafetySettings,
    /// When to be told by email.
    Mail,
    /// None of the ways.
    None,
    /// How long things are kept.
    Retention,
}

/// Someone signed in. Only a handler that takes this shows anything.
pub struct Desk {
    /// Who.
    pub staff: Staff,
    /// The organisation's clock, at the moment of the request.
    pub clock: Clock,
    /// Where "I'm worried about someone's safety" leads from this page.
    worried: String,
    app: App,
}

/// A signed-in admin.
pub struct Admin(pub Desk);

impl FromRequestParts<App> for Desk {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let session = Session::from_request_parts(parts, app)
            .await
            .map_err(|(_, problem)| Error::Internal(problem.to_owned()))?;
        match signed_in(app, &session).await? {
            Some(staff) => Ok(Self {
                staff,
                clock: Clock::new(&app.config.zone, clock::now_ms()),
                worried: "/staff/safety/new".to_owned(),
                app: app.clone(),
            }),
            None => Err(Fault::SignIn(way_back(parts))),
        }
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let desk = Desk::from_request_parts(parts, app).await?;
        match desk.staff.role {
            Role::Admin => Ok(Self(desk)),
            Role::Staff => Err(Error::Forbidden.into()),
        }
    }
}

/// Who is signed in with this session and still works here.
///
/// # Errors
/// What the session store or the database says.
pub async fn signed_in(app: &App, session: &Session) -> Result<Option<Staff>, Error> {
    let id: Option<StaffId> = session
        .get(SIGNED_IN)
        .await
        .map_err(|problem| Error::Internal(format!("a session: {problem}")))?;
    match id {
        Some(id) => staff::find(&app.db.pool, id).await,
        None => Ok(None),
    }
}

/// Where to go after signing in. Only a page that was being read: what was being sent has to be sent again.
fn way_back(parts: &Parts) -> String {
    if parts.method == axum::http::Method::GET {
        // The router that nests this one takes `/staff` off; without a query it needs no escaping.
        format!("/staff{}", parts.uri.path())
    } else {
        "/staff/sign-ups".to_owned()
    }
}

impl Desk {
    /// On the pages of one thing, the worry is about that: `place` is its path below `/staff`.
    pub fn about(mut self, place: &str) -> Self {
        self.worried = format!("/staff/{place}/safety");
        self
    }

    /// A page inside the frame. `live` pages refresh themselves when something arrives; a page whose
    /// reading counts as reading must not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page(
        &self,
        here: Way,
        title: &str,
        live: bool,
        main: &Markup,
    ) -> Result<Response, Error> {
        let db = &self.app.db.pool;
        let new_sign_ups = sign_ups::count_new(db).await?;
        let [new_check_ins, ..] = check_ins::counts(db, self.staff.id).await?;
        let reads = settings::is_reader(db, self.staff.id).await?;
        let new_records = records::count_new(db, self.staff.id).await?;
        let side = html! {
            header.side { div.rail {
                p.brand { (star()) (words::DESK.get()) }
                nav aria-label=(words::DESK.get()) {
                    ul.ways id="ways" data-live[live] {
                        (way(here == Way::SignUps, "/staff/sign-ups", words::SIGN_UPS.get(), Some((new_sign_ups, words::COUNT_NEW.get()))))
                        (way(here == Way::CheckIns, "/staff/check-ins", words::CHECK_INS.get(), Some((new_check_ins, words::COUNT_NEW.get()))))
                        (way(here == Way::People, "/staff/people", people::TITLE.get(), None))
                        @if reads {
                            (way(here == Way::Safety, "/staff/safety", safety::RECORDS.get(), Some((new_records, safety::COUNT_NEW.get()))))
                        }
                        @if self.staff.role == Role::Admin {
                            (way(here == Way::Teams, "/staff/teams", words::TEAMS.get(), None))
                            (way(here == Way::Audit, "/staff/audit", words::AUDIT.get(), None))
                            (way(here == Way::SafetySettings, "/staff/safety/settings", safety::SETTINGS.get(), None))
                            (way(here == Way::Retention, "/staff/retention", keeping::TITLE.get(), None))
                        }
                        (way(here == Way::Mail, "/staff/mail", mail::TITLE.get(), None))
                    }
                }
                p.worried { a href=(self.worried) { (safety::WORRIED.get()) } }
                div.me {
                    p { (words::SIGNED_IN_AS.fill(&[("name", &self.staff.name)])) }
                    form method="post" action="/staff/sign-out" {
                        button.quiet { (words::SIGN_OUT.get()) }
                    }
                }
            } }
            main id="main" tabindex="-1" { (main) }
            p.unseen id="said" role="status" data-words=(words::SOMETHING_ARRIVED.get()) {}
        };
        Ok(document(&self.app, title, "framed", &side).into_response())
    }
}

/// A page without the frame: nobody need be signed in.
pub fn alone(app: &App, title: &str, main: &Markup) -> Html<String> {
    let body = html! {
        main id="main" tabindex="-1" {
            p.brand { (star()) (words::DESK.get()) }
            (main)
        }
    };
    document(app, title, "alone", &body)
}

fn document(app: &App, title: &str, class: &str, body: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) " · " (words::DESK.get()) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                link rel="stylesheet" href=(app.assets.url("desk.css"));
                link rel="icon" type="image/png" href=(app.assets.url("icons/icon-192.png"));
                script type="module" src=(app.assets.url("desk.js")) {}
            }
            body class=(class) {
                a.skip href="#main" { (words::SKIP.get()) }
                (body)
            }
        }
    };
    Html(page.into_string())
}

fn way(here: bool, href: &str, name: &str, count: Option<(i64, &str)>) -> Markup {
    html! {
        li {
            a href=(href) aria-current=[here.then_some("page")] {
                (name)
                @if let Some((count, what)) = count && count > 0 {
                    " " span.count { (count) span.unseen { " " (what) } }
                }
            }
        }
    }
}

fn star() -> Markup {
    PreEscaped(
        "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"m12 2 3 6.6 7.2.8-5.4 4.9 1.5 \
         7.1L12 17.8l-6.3 3.6 1.5-7.1L1.8 9.4 9 8.6z\"/></svg>"
            .to_owned(),
    )
}
