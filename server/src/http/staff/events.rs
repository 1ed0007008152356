//! Tells open pages of the desk that something came, so that they look again. What came is not said:
//! each page asks for what its reader may see.

use super::{desk::Run, fault::Fault};
use crate::{
    db::{desk::groups, experiences::people, reach::Reach, staff},
    error::Error,
    state::{App, Arrival},
};
use app::domain::{
    experience::Reader,
    id::{GroupId, StaffId, TeamId},
};
use axum::{
    Router,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
    routing::get,
};
use std::convert::Infallible;
use tokio_stream::{Stream, StreamExt, wrappers::BroadcastStream};

/// `/events`.
pub fn router() -> Router<App> {
    Router::new().route("/events", get(listen))
}

async fn listen(
    State(app): State<App>,
    desk: Run,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Fault> {
    let teams = staff::reads_for(&app.db.pool, desk.staff.id).await?;
    let groups = groups::read_by(&app.db.pool, desk.staff.id).await?;
    let (who, reach) = (desk.staff.id, desk.reach);
    let arrivals = BroadcastStream::new(app.arrivals.subscribe());
    let events = arrivals.then(move |arrival| {
        let (app, teams, groups) = (app.clone(), teams.clone(), groups.clone());
        async move {
            match arrival {
                Ok(arrival) => concerns(&app, (who, reach), arrival, (&teams, &groups)).await,
                // After falling behind: looking once makes up for all that was missed.
                Err(_) => true,
            }
        }
    });
    // Browsers drop an event without data.
    let looks = || Ok(Event::default().event("arrived").data("look"));
    let events = events.filter_map(move |concerns| concerns.then(looks));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// Whether this account with its reach is told, who reads what is shared with these teams and written in these groups.
/// Where that cannot be found out now, they are told to look.
async fn concerns(
    app: &App,
    (who, reach): (StaffId, Reach),
    arrival: Arrival,
    (teams, groups): (&[TeamId], &[GroupId]),
) -> bool {
    match (arrival, reach) {
        (Arrival::CheckIn(team) | Arrival::Plan(team), _) => teams.contains(&team),
        (Arrival::Experience(Reader::Team(team)), _) => teams.contains(&team),
        // That anything came is nobody else's to know.
        (Arrival::Experience(Reader::Independent(person)), _) => {
            let found = people::account(&app.db.pool, person).await;
            matches!(found, Ok(Some(account)) if account == who)
        }
        (Arrival::Group(group), _) => groups.contains(&group),
        (Arrival::Words(_), Reach::All) => true,
        (Arrival::Words(group), Reach::Led(_)) => {
            group.is_some_and(|group| groups.contains(&group))
        }
        // Who may not read a safety record looks again and finds nothing new.
        (
            Arrival::SignUp(_) | Arrival::Change(_) | Arrival::Peers | Arrival::Safety,
            Reach::All,
        ) => true,
        (Arrival::Peers | Arrival::Safety, Reach::Led(_)) => false,
        (Arrival::SignUp(id), Reach::Led(_)) => {
            let found = reach.opportunity(&app.db.pool, id).await;
            !matches!(found, Err(Error::NotFound))
        }
        (Arrival::Change(id), Reach::Led(_)) => {
            let found = reach.change(&app.db.pool, id).await;
            !matches!(found, Err(Error::NotFound))
        }
    }
}
