//! A story: a text of an experience that everyone may read, once staff have checked that it names nobody else and the
//! member has approved that very text. Taken down, it is gone at once.

use super::MayUse;
use crate::domain::{
    id::{ExperienceId, MemberId},
    refusal::Refusal,
};
use serde::Serialize;

crate::words! {
    /// How far a story has come.
    pub enum StoryState {
        /// There is a text; the member has not approved it, or not as it is now.
        Proposed "proposed",
        /// The member approved the text as it is now.
        Approved "approved",
        /// Everyone may read it.
        Published "published",
        /// It is not told any more.
        TakenDown "taken_down",
    }
}

/// The `story` record, in its member's scope. One that was taken down has no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Story {
    /// Of what it is told.
    pub experience: ExperienceId,
    /// How far it has come.
    pub state: StoryState,
    /// The version of the text, from 1.
    pub version: u32,
    /// The text, word for word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The name that stands with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether staff checked that this text names nobody else.
    pub checked: bool,
    /// RFC 3339; when the member approved this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<String>,
    /// RFC 3339; since when everyone can read it, or when they first could.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// RFC 3339; when it was taken down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_down_at: Option<String>,
}

crate::reads_json!(Story {
    experience,
    state,
    version,
    text,
    name,
    checked,
    approved_at,
    published_at,
    taken_down_at
});

/// Why something is not done with a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Not {
    /// The member does not allow that it is told in public, or not any more.
    NotAllowed,
    /// It was taken down.
    TakenDown,
    /// Another text stands by now.
    OtherText,
    /// It is so already.
    Already,
    /// Nobody checked this text.
    Unchecked,
    /// The member has not approved this text.
    Unapproved,
}

/// What a story is decided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose it is.
    pub member: MemberId,
    /// How far it has come.
    pub state: StoryState,
    /// The version of its text, from 1.
    pub version: u32,
    /// The version that staff checked.
    pub checked: Option<u32>,
    /// The version that the member approved.
    pub approved: Option<u32>,
}

impl Standing {
    /// One that has just been proposed.
    ///
    /// # Errors
    /// [`Not::NotAllowed`].
    pub fn propose(member: MemberId, may_use: Option<MayUse>) -> Result<Self, Not> {
        may_be_told(may_use)?;
        Ok(Self {
            member,
            state: StoryState::Proposed,
            version: 1,
            checked: None,
            approved: None,
        })
    }

    /// Another text takes the place of this one: it is out of sight until both have said yes to it.
    ///
    /// # Errors
    /// [`Not`].
    pub fn rewrite(&mut self, may_use: Option<MayUse>) -> Result<(), Not> {
        may_be_told(may_use)?;
        self.is_up()?;
        self.version += 1;
        self.begin_again();
        Ok(())
    }

    /// Staff checked that this version names nobody else.
    ///
    /// # Errors
    /// [`Not`].
    pub fn check(&mut self, version: u32) -> Result<(), Not> {
        self.is_up()?;
        if version != self.version {
            return Err(Not::OtherText);
        }
        if self.checked == Some(version) {
            return Err(Not::Already);
        }
        self.checked = Some(version);
        Ok(())
    }

    /// Everyone may read it: this version was checked, and approved by its member.
    ///
    /// # Errors
    /// [`Not`].
    pub fn publish(&mut self, version: u32, may_use: Option<MayUse>) -> Result<(), Not> {
        may_be_told(may_use)?;
        self.is_up()?;
        if version != self.version {
            return Err(Not::OtherText);
        }
        if self.state == StoryState::Published {
            return Err(Not::Already);
        }
        if self.approved != Some(version) {
            return Err(Not::Unapproved);
        }
        if self.checked != Some(version) {
            return Err(Not::Unchecked);
        }
        self.state = StoryState::Published;
        Ok(())
    }

    /// It is not told any more; whether it was until now.
    pub fn take_down(&mut self) -> bool {
        let was = self.state != StoryState::TakenDown;
        self.state = StoryState::TakenDown;
        was
    }

    /// Its member says anew how their words may be used: what that does to it.
    pub fn follow(&mut self, was: Option<MayUse>, now: MayUse) -> Followed {
        if self.state == StoryState::TakenDown {
            return Followed::Stays;
        }
        if !now.is_public() {
            self.take_down();
            return Followed::TakenDown;
        }
        if was.is_some_and(|was| was != now && was.allows(now)) {
            // The text may say the name that is not to be told any more.
            self.begin_again();
            return Followed::BeginsAgain;
        }
        Followed::Stays
    }

    fn begin_again(&mut self) {
        self.state = StoryState::Proposed;
        self.checked = None;
        self.approved = None;
    }

    fn is_up(&self) -> Result<(), Not> {
        match self.state {
            StoryState::TakenDown => Err(Not::TakenDown),
            _ => Ok(()),
        }
    }
}

/// What becomes of a story when its member says anew how their words may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// It stands as it did.
    Stays,
    /// It is out of sight, without a name, until both have said yes again.
    BeginsAgain,
    /// It is not told any more.
    TakenDown,
}

fn may_be_told(may_use: Option<MayUse>) -> Result<(), Not> {
    match may_use {
        Some(it) if it.is_public() => Ok(()),
        _ => Err(Not::NotAllowed),
    }
}

/// `story.approve`: whether anything is written, which with the same text may be another name. What is approved is that
/// one text: of another one, whoever approves is asked to read again.
///
/// # Errors
/// [`Refusal`]: it is not there, not theirs, or says something else by now.
pub fn approve(
    member: MemberId,
    version: u32,
    story: Option<&mut Standing>,
) -> Result<bool, Refusal> {
    let story = yours(member, story)?;
    if story.state == StoryState::TakenDown {
        return Ok(false);
    }
    if version != story.version {
        return Err(Refusal::Changed);
    }
    story.approved = Some(version);
    if story.state == StoryState::Proposed {
        story.state = StoryState::Approved;
    }
    Ok(true)
}

/// `story.take_down`: whether anything is written. It always wins.
///
/// # Errors
/// [`Refusal`]: it is not there, or not theirs.
pub fn take_down(member: MemberId, story: Option<&mut Standing>) -> Result<bool, Refusal> {
    Ok(yours(member, story)?.take_down())
}

fn yours(member: MemberId, story: Option<&mut Standing>) -> Result<&mut Standing, Refusal> {
    let story = story.ok_or(Refusal::NoSuchWords)?;
    if story.member == member {
        Ok(story)
    } else {
        Err(Refusal::NotYours)
    }
}
