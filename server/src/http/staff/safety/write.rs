//! Writing a safety record down, from any page of the desk, and what its writer is told afterwards.

use super::{
    form::{Kind, Typed},
    guide::{guide, load},
    place::Place,
};
use crate::{
    clock,
    commands::safety,
    db::{
        reach::Reach,
        safety::{
            records::{self, About, NewEntry, Thing},
            settings,
        },
    },
    error::Error,
    http::staff::{
        desk::{Desk, Run, Way, alone},
        fault::Fault,
        parts,
    },
    state::{App, Arrival},
};
use app::lang::en::{desk as desk_words, safety as words};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use uuid::Uuid;

/// The form's addresses, and `/safety/received/{entry}`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/safety/new", get(ask).post(keep))
        .route("/check-ins/{id}/safety", get(ask).post(keep))
        .route("/sign-ups/{id}/safety", get(ask).post(keep))
        .route("/experiences/{id}/safety", get(ask).post(keep))
        .route("/peers/matches/{id}/safety", get(ask).post(keep))
        .route("/safety/received/{entry}", get(received))
}

async fn ask(State(app): State<App>, desk: Run, place: Place) -> Result<Response, Fault> {
    let about = place.about(&app, &desk).await?;
    Ok(page(&app, &desk, place, about.as_ref(), &Typed::default(), None).await?)
}

/// Being signed out, a mistake, and a database that is busy all give the words back.
async fn keep(
    State(app): State<App>,
    desk: Result<Run, Fault>,
    place: Place,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let desk = match desk {
        Ok(desk) => desk,
        Err(Fault::SignIn(_)) => {
            let form = typed.draw(Kind::First, &place.href(), Some(words::SIGNED_OUT.get()));
            return Ok(signed_out(&app, &form));
        }
        Err(fault) => return Err(fault),
    };
    let about = place.about(&app, &desk).await?;
    let written = match typed.written(Kind::First) {
        Ok(written) => written,
        Err(why) => {
            let page = page(&app, &desk, place, about.as_ref(), &typed, Some(&why)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let entry = NewEntry {
        id: typed.id(),
        record: None,
        staff: desk.staff.id,
        staff_name: desk.staff.name.clone(),
        about,
        written,
    };
    let id = entry.id;
    match write_down(&app, entry).await {
        Ok(()) => Ok(Redirect::to(&format!("/staff/safety/received/{id}")).into_response()),
        Err(problem) => Ok(not_kept(&app, &place.href(), &typed, Kind::First, &problem)),
    }
}

/// Keeps an entry and tells the open desks of its readers.
///
/// # Errors
/// As [`safety::write_down`].
pub async fn write_down(app: &App, entry: NewEntry) -> Result<(), Error> {
    app.writer
        .run(move |tx| Box::pin(safety::write_down(tx, clock::now_ms(), entry)))
        .await?;
    // Nobody may be listening: no page of the desk is open then.
    let _ = app.arrivals.send(Arrival::Safety);
    Ok(())
}

/// The page for words that the server could not keep: drawn without asking the database for anything.
pub fn not_kept(app: &App, action: &str, typed: &Typed, kind: Kind, problem: &Error) -> Response {
    let (status, ..) = problem.describe();
    tracing::warn!(error = %problem, "a safety record could not be kept");
    let main = html! {
        h1 { (words::WORRIED.get()) }
        (typed.draw(kind, action, Some(words::COULD_NOT_KEEP.get())))
    };
    (status, alone(app, words::WORRIED.get(), &main)).into_response()
}

/// The page for someone who was signed out meanwhile: it shows what they sent, and nothing else.
pub fn signed_out(app: &App, form: &Markup) -> Response {
    let main = html! {
        h1 { (words::WORRIED.get()) }
        (form)
        p { a href="/staff/sign-in" target="_blank" { (words::SIGN_IN_THERE.get()) } }
    };
    let page = alone(app, words::WORRIED.get(), &main);
    (StatusCode::UNAUTHORIZED, page).into_response()
}

async fn page(
    app: &App,
    desk: &Desk,
    place: Place,
    about: Option<&About>,
    typed: &Typed,
    problem: Option<&str>,
) -> Result<Response, Error> {
    let guide_now = guide(&load(app).await?);
    let names = names_of_readers(app).await?;
    let main = html! {
        p.back { a href=(back(place)) { (desk_words::BACK.get()) } }
        h1 { (words::WORRIED.get()) }
        (guide_now)
        section.card aria-labelledby="write-down" {
            h2 id="write-down" { (words::WRITE_DOWN.get()) }
            p { strong { (told_about(about)) } }
            p { (words::STAYS.get()) }
            p {
                @if names.is_empty() {
                    strong { (words::NOBODY_READS.get()) }
                } @else {
                    (words::WHO_READS.fill(&[("names", &names)]))
                }
            }
            (typed.draw(Kind::First, &place.href(), problem))
        }
    };
    desk.page(way(place), words::WORRIED.get(), false, &main)
        .await
}

fn back(place: Place) -> String {
    match place.0 {
        None => "/staff/sign-ups".to_owned(),
        Some(Thing::CheckIn(id)) => format!("/staff/check-ins/{id}"),
        Some(Thing::SignUp(id)) => format!("/staff/sign-ups/{id}"),
        Some(Thing::Experience(id)) => format!("/staff/experiences/{id}"),
        Some(Thing::PeerMatch(_)) => "/staff/peers".to_owned(),
    }
}

fn way(place: Place) -> Way {
    match place.0 {
        None => Way::None,
        Some(Thing::CheckIn(_)) => Way::CheckIns,
        Some(Thing::SignUp(_)) => Way::SignUps,
        Some(Thing::Experience(_)) => Way::Experiences,
        Some(Thing::PeerMatch(_)) => Way::Peers,
    }
}

fn told_about(about: Option<&About>) -> String {
    let Some(about) = about else {
        return words::ABOUT_NOTHING.get().to_owned();
    };
    let who = parts::they(about.name.as_deref());
    match about.thing {
        Thing::CheckIn(_) => words::ABOUT_CHECK_IN,
        Thing::SignUp(_) => words::ABOUT_SIGN_UP,
        Thing::Experience(_) => words::ABOUT_EXPERIENCE,
        Thing::PeerMatch(_) => words::ABOUT_PEER,
    }
    .fill(&[("who", who)])
}

async fn names_of_readers(app: &App) -> Result<String, Error> {
    let readers = settings::readers(&app.db.pool).await?;
    let names: Vec<String> = readers.into_iter().map(|(_, name)| name).collect();
    Ok(names.join(", "))
}

/// That it is kept, since when, and who can read it: its writer sees no more of it.
async fn received(
    State(app): State<App>,
    desk: Run,
    Path(entry): Path<String>,
) -> Result<Response, Fault> {
    let entry: Uuid = entry.parse().map_err(|_| Error::NotFound)?;
    let at = records::received(&app.db.pool, desk.staff.id, entry).await?;
    let at = at.ok_or(Error::NotFound)?;
    let names = names_of_readers(&app).await?;
    let main = html! {
        h1 { (words::RECEIVED.get()) }
        p.notice role="status" {
            (words::RECEIVED_WHEN.fill(&[("when", &desk.clock.say_inside(at))])) " "
            @if names.is_empty() {
                strong { (words::RECEIVED_NOBODY.get()) }
            } @else {
                (words::RECEIVED_READ.fill(&[("names", &names)]))
            }
        }
        p { strong { (words::RECEIVED_RING.get()) } }
        (guide(&load(&app).await?))
        (onwards(desk.reach))
    };
    Ok(desk
        .page(Way::None, words::RECEIVED.get(), false, &main)
        .await?)
}

fn onwards(reach: Reach) -> Markup {
    html! {
        p.actions {
            @if reach == Reach::All {
                a.button.plain href="/staff/check-ins" { (words::TO_CHECK_INS.get()) }
            }
            a.button.plain href="/staff/sign-ups" { (words::TO_SIGN_UPS.get()) }
        }
    }
}
