//! Where the page was opened from: a check-in, a sign-up, an experience, a match of peers, or anywhere else on the desk.

use crate::{
    db::safety::records::{self, About, Thing},
    error::Error,
    http::staff::{desk::Desk, fault::Fault},
    state::App,
};
use axum::{extract::FromRequestParts, http::request::Parts};

/// The place, as the address says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub Option<Thing>);

impl Place {
    /// From a path below `/staff`.
    fn of(path: &str) -> Option<Self> {
        let path = path.trim_start_matches("/staff").trim_matches('/');
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["safety", "new"] => Some(Self(None)),
            ["check-ins", id, "safety"] => Some(Self(Some(Thing::CheckIn(id.parse().ok()?)))),
            ["experiences", id, "safety"] => Some(Self(Some(Thing::Experience(id.parse().ok()?)))),
            ["sign-ups", id, "safety"] => Some(Self(Some(Thing::SignUp(id.parse().ok()?)))),
            ["peers", "matches", id, "safety"] => {
                Some(Self(Some(Thing::PeerMatch(id.parse().ok()?))))
            }
            _ => None,
        }
    }

    /// The address of its form.
    pub fn href(self) -> String {
        match self.0 {
            None => "/staff/safety/new".to_owned(),
            Some(Thing::CheckIn(id)) => format!("/staff/check-ins/{id}/safety"),
            Some(Thing::SignUp(id)) => format!("/staff/sign-ups/{id}/safety"),
            Some(Thing::Experience(id)) => format!("/staff/experiences/{id}/safety"),
            Some(Thing::PeerMatch(id)) => format!("/staff/peers/matches/{id}/safety"),
        }
    }

    /// What it is about, as far as this person may open that.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a thing that is not there or not theirs to open.
    pub async fn about(self, app: &App, desk: &Desk) -> Result<Option<About>, Error> {
        let Some(thing) = self.0 else { return Ok(None) };
        let about = records::about(&app.db.pool, (desk.staff.id, desk.reach), thing).await?;
        about.ok_or(Error::NotFound).map(Some)
    }
}

impl FromRequestParts<App> for Place {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Fault> {
        Self::of(parts.uri.path()).ok_or_else(|| Error::NotFound.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_place_is_its_address() {
        let id = Uuid::from_u128(7);
        let things = [
            Thing::CheckIn,
            Thing::SignUp,
            Thing::Experience,
            Thing::PeerMatch,
        ];
        let things = things.map(|thing| Some(thing(id)));
        for place in things.into_iter().chain([None]).map(Place) {
            assert_eq!(Place::of(&place.href()), Some(place));
        }
        assert_eq!(Place::of("/check-ins/everyone/safety"), None);
    }
}
