//! Tells open pages of the desk that something came, so that they look again. What came is not said:
//! each page asks for what its reader may see.

use super::{desk::Desk, fault::Fault};
use crate::{
    db::{desk::groups, staff},
    state::{App, Arrival},
};
use app::domain::id::{GroupId, TeamId};
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
    desk: Desk,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Fault> {
    let teams = staff::reads_for(&app.db.pool, desk.staff.id).await?;
    let groups = groups::read_by(&app.db.pool, desk.staff.id).await?;
    let arrivals = BroadcastStream::new(app.arrivals.subscribe());
    let events = arrivals.filter_map(move |arrival| match arrival {
        Ok(arrival) if !concerns(arrival, &teams, &groups) => None,
        // Also after falling behind: looking once makes up for all that was missed.
        // (Browsers drop an event without data.)
        _ => Some(Ok(Event::default().event("arrived").data("look"))),
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

fn concerns(arrival: Arrival, teams: &[TeamId], groups: &[GroupId]) -> bool {
    match arrival {
        // Who may not read a safety record looks again and finds nothing new.
        Arrival::SignUp(_) | Arrival::Safety => true,
        Arrival::CheckIn(team) => teams.contains(&team),
        Arrival::Group(group) => groups.contains(&group),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::id::OpportunityId;
    use uuid::Uuid;

    #[test]
    fn another_teams_check_ins_are_not_even_announced() {
        let (own, other) = (TeamId(Uuid::from_u128(1)), TeamId(Uuid::from_u128(2)));
        assert!(concerns(Arrival::CheckIn(own), &[own], &[]));
        assert!(!concerns(Arrival::CheckIn(other), &[own], &[]));
        let sign_up = Arrival::SignUp(OpportunityId(Uuid::from_u128(3)));
        assert!(concerns(sign_up, &[], &[]));
    }

    #[test]
    fn what_comes_in_a_group_is_announced_to_those_alone_who_may_read_it() {
        let (own, other) = (GroupId(Uuid::from_u128(1)), GroupId(Uuid::from_u128(2)));
        assert!(concerns(Arrival::Group(own), &[], &[own]));
        assert!(!concerns(Arrival::Group(other), &[], &[own]));
    }
}
