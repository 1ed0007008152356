//! The newer kinds of command, read: what phones carry as it was written (see `app::domain::plain`) has its own type
//! here. Each kind has its line.

use app::domain::{
    group::{GroupAct, InGroup},
    plain::Plain,
};

/// What such a command says.
#[derive(Clone, Debug)]
pub enum Said {
    /// Something in an involvement group.
    InGroup(InGroup),
}

impl Said {
    /// Reads it; none where it does not say what its kind needs to say.
    pub fn read(it: &Plain) -> Option<Self> {
        InGroup::of(it).map(Self::InGroup)
    }

    /// Whether it may take away something that somebody wrote.
    pub fn takes_away(&self) -> bool {
        match self {
            Self::InGroup(it) => matches!(it.act, GroupAct::TakeBack | GroupAct::Report),
        }
    }
}
