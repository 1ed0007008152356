//! The story that is told of an experience: staff write it, somebody checks that it names nobody else, its member
//! approves that very text, and then everyone may read it. Of what one independent person reads no story is told.

use super::{By, ExperienceDone};
use crate::{
    db::experiences::{
        ExperienceRow,
        stories::{self, StoryRow},
    },
    error::Error,
};
use app::domain::{
    experience::story::{Not, Standing},
    id::StoryId,
    time::Millis,
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// A step of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoryStep {
    /// Proposes this text to its member.
    Write {
        /// The words.
        text: String,
        /// The version on which it was written; 0 where there was none.
        over: u32,
        /// Whether its writer checked that it names nobody else.
        checked: bool,
    },
    /// Somebody checked that this version names nobody else.
    Check(u32),
    /// Everyone may read this version.
    Publish(u32),
    /// Nobody may read it any more.
    TakeDown,
}

impl StoryStep {
    /// As it stands in the audit log.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Write { .. } => "story.write",
            Self::Check(_) => "story.check",
            Self::Publish(_) => "story.publish",
            Self::TakeDown => "story.take_down",
        }
    }
}

/// Does it.
pub(super) async fn act(
    tx: &mut AnyConnection,
    by: By,
    row: &ExperienceRow,
    step: StoryStep,
) -> Result<ExperienceDone, Error> {
    if row.reader.team().is_none() {
        return Err(Error::NotFound);
    }
    let story = stories::of_experience(&mut *tx, row.id).await?;
    let done = match (step, story) {
        (
            StoryStep::Write {
                text,
                over,
                checked,
            },
            story,
        ) => write(tx, by, (row, story), (text, over), checked).await?,
        (_, None) => return Err(Error::NotFound),
        (StoryStep::Check(version), Some(story)) => check(tx, by, story, version).await?,
        (StoryStep::Publish(version), Some(story)) => {
            publish(tx, by, (row, story), version).await?
        }
        (StoryStep::TakeDown, Some(story)) => take_down(tx, by.1, story).await?,
    };
    Ok(done.map_or(ExperienceDone::Done, ExperienceDone::Story))
}

/// Why nothing was done; none where it was.
type Done = Option<Not>;

async fn write(
    tx: &mut AnyConnection,
    by: By,
    (row, story): (&ExperienceRow, Option<StoryRow>),
    (text, over): (String, u32),
    checked: bool,
) -> Result<Done, Error> {
    let may_use = row.record.may_use;
    let mut story = match story {
        None if over == 0 => match Standing::propose(row.member, may_use) {
            Ok(standing) => StoryRow {
                id: StoryId(Uuid::now_v7()),
                experience: row.id,
                standing,
                text: None,
                approved_at: None,
                name: None,
                published_at: None,
                taken_down_at: None,
            },
            Err(not) => return Ok(Some(not)),
        },
        Some(story) if story.standing.version == over => {
            if story.text.as_ref() == Some(&text) {
                return Ok(Some(Not::Already));
            }
            let mut story = story;
            if let Err(not) = story.standing.rewrite(may_use) {
                return Ok(Some(not));
            }
            story
        }
        _ => return Ok(Some(Not::OtherText)),
    };
    // What its member approved was another text.
    (story.approved_at, story.name) = (None, None);
    story.text = Some(text.clone());
    let version = story.standing.version;
    if checked && let Err(not) = story.standing.check(version) {
        return Ok(Some(not));
    }
    stories::write(&mut *tx, &story, by.1).await?;
    stories::add_text(&mut *tx, story.id, (version, &text), by).await?;
    if checked {
        stories::note_check(tx, story.id, version, by).await?;
    }
    Ok(None)
}

async fn check(
    tx: &mut AnyConnection,
    by: By,
    mut story: StoryRow,
    version: u32,
) -> Result<Done, Error> {
    if let Err(not) = story.standing.check(version) {
        return Ok(Some(not));
    }
    stories::note_check(&mut *tx, story.id, version, by).await?;
    stories::write(tx, &story, by.1).await?;
    Ok(None)
}

async fn publish(
    tx: &mut AnyConnection,
    by: By,
    (row, mut story): (&ExperienceRow, StoryRow),
    version: u32,
) -> Result<Done, Error> {
    if let Err(not) = story.standing.publish(version, row.record.may_use) {
        return Ok(Some(not));
    }
    story.published_at = story.published_at.or(Some(by.1));
    stories::write(&mut *tx, &story, by.1).await?;
    stories::note_published(tx, story.id, by.0).await?;
    Ok(None)
}

async fn take_down(
    tx: &mut AnyConnection,
    now: Millis,
    mut story: StoryRow,
) -> Result<Done, Error> {
    if !story.take_down(now) {
        return Ok(Some(Not::Already));
    }
    stories::write(tx, &story, now).await?;
    Ok(None)
}
