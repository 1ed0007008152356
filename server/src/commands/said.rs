//! The newer kinds of command, read: what phones carry as it was written (see `app::domain::plain`) has its own type
//! here. Each kind has its line.

use app::domain::{
    group::{GroupAct, InGroup},
    plain::Plain,
    words::suggestion::Says,
};

/// What such a command says.
#[derive(Clone, Debug)]
pub enum Said {
    /// Something in an involvement group.
    InGroup(InGroup),
    /// Something about the words of a document.
    Words(Says),
}

impl Said {
    /// Reads it; none where it does not say what its kind needs to say.
    pub fn read(it: &Plain) -> Option<Self> {
        let in_group = InGroup::of(it).map(Self::InGroup);
        in_group.or_else(|| Says::of(it).map(Self::Words))
    }

    /// Whether it may take away something that somebody wrote.
    pub fn takes_away(&self) -> bool {
        match self {
            Self::InGroup(it) => matches!(it.act, GroupAct::TakeBack | GroupAct::Report),
            Self::Words(it) => matches!(it, Says::Withdraw(_) | Says::TakeBackComment(..)),
        }
    }
}
