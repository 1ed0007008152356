//! Ids: one type for each kind of thing, all UUIDs, so that one cannot be passed for another.

use serde::Serialize;
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl crate::json::FromJson for $name {
            fn from_json(json: serde_json::Value) -> Result<Self, crate::json::Misshapen> {
                crate::json::FromJson::from_json(json).map(Self)
            }
        }
        crate::deserializes_from_json!($name);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A person who takes part.
    MemberId
    /// One browser on one phone.
    DeviceId
    /// A command; a UUIDv7 made on the phone.
    CommandId
    /// A check-in.
    CheckInId
    /// A sign-up.
    SignUpId
    /// A session of an opportunity.
    SessionId
    /// An opportunity to take part.
    OpportunityId
    /// A service or project with its staff and members.
    TeamId
    /// A member of staff.
    StaffId
    /// An involvement group.
    GroupId
    /// Somebody as an involvement group knows them.
    PersonId
    /// A help line.
    HelpLineId
    /// Something that changed because of what people said.
    ChangeId
    /// A document whose words are reviewed.
    DocumentId
    /// A phrase of a document; it keeps its id from version to version.
    PhraseId
    /// What somebody said about a phrase.
    SuggestionId
    /// A note that tells staff of a change.
    NoteId
    /// Notes in an order.
    TrainingId
    /// What somebody said about their experience of a service.
    ExperienceId
    /// A story, told of an experience.
    StoryId
    /// Somebody whom an admin named to read what is about people who work here.
    IndependentId
    /// Somebody's wish to talk to a peer.
    PeerAskId
    /// Two people who are asked whether they want to talk, or do.
    PeerMatchId
}
