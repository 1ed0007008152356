//! The newer kinds of command, read: what phones carry as it was written (see `app::domain::plain`) has its own type
//! here. Each kind has its line.

use app::domain::{
    experience,
    group::{GroupAct, InGroup},
    peer::Does,
    plain::Plain,
    shared_plan::{self, SharePlan},
    words::suggestion::Says,
};
use uuid::Uuid;

/// What such a command says.
#[derive(Clone, Debug)]
pub enum Said {
    /// Something in an involvement group.
    InGroup(InGroup),
    /// Shares a plan with a team.
    SharePlan(SharePlan),
    /// Takes a shared plan back.
    WithdrawPlan(Uuid),
    /// Something about the words of a document.
    Words(Says),
    /// Something about their experience of a service.
    Experience(experience::Says),
    /// Something about peer support.
    Peer(Does),
}

impl Said {
    /// Reads it; none where it does not say what its kind needs to say.
    pub fn read(it: &Plain) -> Option<Self> {
        let in_group = InGroup::of(it).map(Self::InGroup);
        in_group
            .or_else(|| SharePlan::of(it).map(Self::SharePlan))
            .or_else(|| shared_plan::taken_back(it).map(Self::WithdrawPlan))
            .or_else(|| Says::of(it).map(Self::Words))
            .or_else(|| experience::Says::of(it).map(Self::Experience))
            .or_else(|| Does::of(it).map(Self::Peer))
    }

    /// Whether it may take away something that somebody wrote.
    pub fn takes_away(&self) -> bool {
        match self {
            Self::InGroup(it) => matches!(it.act, GroupAct::TakeBack | GroupAct::Report),
            // A new one takes the place of the one before.
            Self::SharePlan(_) | Self::WithdrawPlan(_) => true,
            Self::Words(it) => matches!(it, Says::Withdraw(_) | Says::TakeBackComment(..)),
            Self::Experience(it) => !matches!(it, experience::Says::Send(_)),
            Self::Peer(it) => matches!(
                it,
                Does::Withdraw(_) | Does::TakeBack { .. } | Does::About { .. }
            ),
        }
    }
}
