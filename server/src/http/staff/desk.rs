//! The frame of every page: who is signed in, and the ways around the desk.

mod ways;

use super::{fault::Fault, kept::Question, session, when::Clock};
use crate::{
    clock,
    db::{
        reach::Reach,
        staff::{Role, Staff},
        two_step,
    },
    error::Error,
    state::App,
};
use app::{
    domain::time::Millis,
    lang::en::{accounts, desk as words, safety},
};
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::ops::Deref;
use tower_sessions::Session;

/// A page's place in the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Sign-ups.
    SignUps,
    /// Shared check-ins.
    CheckIns,
    /// Shared plans.
    Plans,
    /// What people say about their experience.
    Experiences,
    /// How often they say it, and about what.
    Themes,
    /// Whom they can turn to about somebody who works here.
    Independents,
    /// Opportunities and their sessions.
    Opportunities,
    /// Involvement groups.
    Groups,
    /// Peer support.
    Peers,
    /// What changed because of what people said.
    Changes,
    /// The words of documents.
    Words,
    /// What changed in our words, for staff.
    Learning,
    /// The impact report.
    Impact,
    /// Teams and their reading hours.
    Teams,
    /// Members and their phones.
    People,
    /// Codes with which members join.
    JoinCodes,
    /// The lines of Help now.
    HelpNow,
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
    /// The accounts of those who work here.
    Accounts,
    /// One's own account.
    Account,
}

/// Someone signed in. Only a handler that takes this shows anything. It is never given to a lead: what a lead
/// may use takes [`Run`] or [`Matches`].
pub struct Desk {
    /// Who.
    pub staff: Staff,
    /// What they sign in with.
    pub email: String,
    /// Whether a code is asked for beside their password.
    pub has_two_step: bool,
    /// How far they reach: every query about the programme is asked with it.
    pub reach: Reach,
    /// When they last proved that it is them.
    pub proved_at: Option<Millis>,
    /// The organisation's clock, at the moment of the request.
    pub clock: Clock,
    /// Where "I'm worried about someone's safety" leads from this page.
    worried: String,
    app: App,
}

/// Someone signed in who runs something of the programme: staff and admins all of it, a lead what belongs to
/// their groups. Whatever a handler that takes this shows or does goes through the desk's reach.
pub struct Run(Desk);

/// Someone signed in who finds peers for people: staff and admins, and a lead of a group for peer support.
pub struct Matches(Desk);

/// A signed-in admin.
pub struct Admin(pub Desk);

/// Someone signed in for whom the desk may still be shut, until they set two-step sign-in up.
pub struct SignedIn(pub Desk);

impl AsRef<Desk> for Desk {
    fn as_ref(&self) -> &Desk {
        self
    }
}

impl AsRef<Desk> for Run {
    fn as_ref(&self) -> &Desk {
        &self.0
    }
}

impl Deref for Run {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.0
    }
}

impl Deref for Matches {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.0
    }
}

impl Run {
    /// As [`Desk::about`].
    pub fn about(self, place: &str) -> Self {
        Self(self.0.about(place))
    }
}

impl AsRef<Desk> for Admin {
    fn as_ref(&self) -> &Desk {
        &self.0
    }
}

impl AsRef<Desk> for SignedIn {
    fn as_ref(&self) -> &Desk {
        &self.0
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let session = Session::from_request_parts(parts, app)
            .await
            .map_err(|(_, problem)| Error::Internal(problem.to_owned()))?;
        let Some(found) = session::signed_in(app, &session).await? else {
            return Err(Fault::SignIn(way_back(parts)));
        };
        Ok(Self(Desk {
            reach: Reach::of(&found.present.staff),
            staff: found.present.staff,
            email: found.present.email,
            has_two_step: found.present.has_two_step,
            proved_at: found.proved_at,
            clock: Clock::new(&app.config.zone, clock::now_ms()),
            worried: "/staff/safety/new".to_owned(),
            app: app.clone(),
        }))
    }
}

impl FromRequestParts<App> for Run {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let SignedIn(desk) = SignedIn::from_request_parts(parts, app).await?;
        if !desk.must_set_up_two_step().await? {
            return Ok(Self(desk));
        }
        Err(if parts.method == axum::http::Method::POST {
            Fault::Ask(Question::TwoStep)
        } else {
            Fault::SetUpTwoStep
        })
    }
}

impl FromRequestParts<App> for Desk {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let Run(desk) = Run::from_request_parts(parts, app).await?;
        match desk.reach {
            Reach::All => Ok(desk),
            Reach::Led(_) => Err(Fault::NotForLeads),
        }
    }
}

impl FromRequestParts<App> for Matches {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let Run(desk) = Run::from_request_parts(parts, app).await?;
        if desk.reach.may_match(&app.db.pool).await? {
            Ok(Self(desk))
        } else {
            Err(Fault::NotForLeads)
        }
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let desk = Desk::from_request_parts(parts, app).await?;
        match desk.staff.role {
            Role::Admin => Ok(Self(desk)),
            Role::Staff | Role::Lead => Err(Error::Forbidden.into()),
        }
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
    /// Whether the desk is shut for them until two-step sign-in is on.
    ///
    /// # Errors
    /// What the database says.
    pub async fn must_set_up_two_step(&self) -> Result<bool, Error> {
        let is_open = self.has_two_step || self.staff.role != Role::Admin;
        Ok(!is_open && two_step::is_for_admins(&self.app.db.pool).await?)
    }

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
        let ways = self.ways(here, live).await?;
        let side = html! {
            header.side { div.rail {
                p.brand { (star()) (words::DESK.get()) }
                nav aria-label=(words::DESK.get()) { (ways) }
                p.worried { a href=(self.worried) { (safety::WORRIED.get()) } }
                div.me {
                    p { (words::SIGNED_IN_AS.fill(&[("name", &self.staff.name)])) }
                    a href="/staff/account" aria-current=[(here == Way::Account).then_some("page")] { (accounts::MINE.get()) }
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

/// A page that is made to be printed: nothing of the desk is on it.
pub fn sheet(app: &App, title: &str, main: &Markup) -> Html<String> {
    document(
        app,
        title,
        "sheet",
        &html! { main id="main" tabindex="-1" { (main) } },
    )
}

/// A page that fills a screen at a meeting: nothing of the desk is on it.
pub fn stage(app: &App, title: &str, main: &Markup) -> Html<String> {
    document(
        app,
        title,
        "stage",
        &html! { main id="main" tabindex="-1" { (main) } },
    )
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

/// The star of Chorus.
pub fn star() -> Markup {
    PreEscaped(
        "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"m12 2 3 6.6 7.2.8-5.4 4.9 1.5 \
         7.1L12 17.8l-6.3 3.6 1.5-7.1L1.8 9.4 9 8.6z\"/></svg>"
            .to_owned(),
    )
}
