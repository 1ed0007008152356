//! One experience with all that its page shows.

use crate::{
    db::{
        experiences::{
            self, ExperienceRow,
            desk::{self, Linked},
            people::{self, Named},
            stories::{self, StoryRow},
        },
        safety::settings,
    },
    error::Error,
    http::staff::{desk::Desk, parts},
    state::App,
};
use app::domain::{
    experience::Reader,
    id::{ChangeId, ExperienceId, StaffId},
};

/// One experience.
pub(super) struct Whole {
    pub row: ExperienceRow,
    /// What the person wants to be called.
    pub who: Option<String>,
    /// The name of the team that reads it.
    pub team: Option<String>,
    pub tags: Vec<String>,
    /// Tags that were given to others.
    pub known_tags: Vec<String>,
    pub linked: Vec<Linked>,
    /// Changes that it may be said to have had a part in.
    pub offered: Vec<(ChangeId, String)>,
    pub story: Option<StoryRow>,
    /// Of what one independent person reads: what only they need.
    pub alone: Option<Alone>,
}

/// What only the independent person needs.
pub(super) struct Alone {
    /// Whom it is about.
    pub about: Vec<(StaffId, String)>,
    /// Whom it may be about.
    pub colleagues: Vec<(StaffId, String, String)>,
    /// To whom it may be given.
    pub others: Vec<Named>,
}

impl Whole {
    /// Its address.
    pub fn path(&self) -> String {
        format!("/staff/experiences/{}", self.row.id)
    }

    /// The person inside a sentence.
    pub fn they(&self) -> &str {
        parts::they(self.who.as_deref())
    }
}

/// An experience by the id in its address, if whoever asks may read it.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub(super) async fn load(app: &App, desk: &Desk, id: ExperienceId) -> Result<Whole, Error> {
    let me = desk.staff.id;
    let mut reader = app.db.reader().await?;
    let found = experiences::find_for(&mut reader, me, id).await?;
    let row = found
        .filter(|row| row.record.stands())
        .ok_or(Error::NotFound)?;
    let (who, team) = desk::names(&mut reader, id).await?;
    let alone = match row.reader {
        Reader::Team(_) => None,
        Reader::Independent(_) => {
            let about = desk::about(&mut reader, id).await?;
            let is_named = |staff: StaffId| about.iter().any(|(one, _)| *one == staff);
            let mut others = people::named(&mut reader).await?;
            others.retain(|one| one.staff != me && !is_named(one.staff));
            let mut colleagues = settings::staff(&app.db.pool).await?;
            colleagues.retain(|(one, ..)| *one != me && !is_named(*one));
            Some(Alone {
                about,
                colleagues,
                others,
            })
        }
    };
    Ok(Whole {
        who,
        team,
        tags: desk::tags(&mut reader, id).await?,
        known_tags: desk::all_tags(&mut reader).await?,
        linked: desk::changes(&mut reader, id).await?,
        offered: desk::offered(&mut reader, id).await?,
        story: stories::of_experience(&mut reader, id).await?,
        alone,
        row,
    })
}
