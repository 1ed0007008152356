//! The places of one session: who gets one, who waits, and who moves up when someone leaves.
//!
//! The server loads a [`Places`] for each session that its group of commands touches, decides in
//! memory, in order, and writes back what changed. More places are never given than there are.

use super::{
    id::SignUpId,
    opportunity::{Gives, Room},
    sign_up::SignUpState,
};

/// The most places left that are told as "a few".
const FEW: u32 = 3;

/// What the rules need to know about a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// How many places there are; none for no limit.
    pub limit: Option<u32>,
    /// How places are given.
    pub gives: Gives,
    /// Whether it takes people: the opportunity is published and the session is to come.
    pub open: bool,
    /// How many sign-ups hold a place ([`SignUpState::holds_place`]).
    pub taken: u32,
    /// The waiting list, first come first.
    pub queue: Vec<SignUpId>,
}

/// Where a sign-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How far it has come.
    pub state: SignUpState,
    /// On the waiting list: its position, from 1.
    pub position: Option<u32>,
}

impl Standing {
    fn is(state: SignUpState) -> Self {
        Self {
            state,
            position: None,
        }
    }
}

/// Sign-ups whose standing changed because of what another one did: their records are written too.
pub type Moved = Vec<(SignUpId, Standing)>;

impl Places {
    /// Whether a place is free.
    pub fn has_free(&self) -> bool {
        self.limit.is_none_or(|limit| self.taken < limit)
    }

    /// How much room there is for one more person.
    pub fn room(&self) -> Room {
        let Some(limit) = self.limit else {
            return Room::Plenty;
        };
        match limit.saturating_sub(self.taken) {
            0 => Room::WaitingList,
            _ if !self.queue.is_empty() => Room::WaitingList,
            1..=FEW => Room::Few,
            _ => Room::Plenty,
        }
    }

    /// A new sign-up asks. Nobody passes those who wait already.
    pub fn ask(&mut self, id: SignUpId) -> Standing {
        if !self.has_free() || !self.queue.is_empty() {
            return self.join_queue(id);
        }
        match self.gives {
            Gives::FirstReceived => {
                self.taken += 1;
                Standing::is(SignUpState::Confirmed)
            }
            Gives::Staff | Gives::Ballot => Standing::is(SignUpState::Received),
        }
    }

    /// A sign-up that stood as `was` leaves. Its place, if it held one, goes on at once when places
    /// are given in order received; otherwise it is free for staff to give.
    pub fn leave(&mut self, id: SignUpId, was: SignUpState) -> Moved {
        let mut moved = self.leave_queue(id);
        if was.holds_place() {
            self.taken = self.taken.saturating_sub(1);
            moved.extend(self.pass_on());
        }
        moved
    }

    /// Staff give a place to a sign-up that stands as `was`; with none free it waits.
    /// Gives its new standing and those of others.
    pub fn confirm(&mut self, id: SignUpId, was: SignUpState) -> (Standing, Moved) {
        if was.holds_place() {
            return (Standing::is(SignUpState::Confirmed), Vec::new());
        }
        if self.has_free() {
            self.taken += 1;
            let moved = self.leave_queue(id);
            return (Standing::is(SignUpState::Confirmed), moved);
        }
        (self.join_queue(id), Vec::new())
    }

    fn join_queue(&mut self, id: SignUpId) -> Standing {
        let index = self.queue.iter().position(|waiting| *waiting == id);
        let index = index.unwrap_or_else(|| {
            self.queue.push(id);
            self.queue.len() - 1
        });
        waits_at(index)
    }

    fn leave_queue(&mut self, id: SignUpId) -> Moved {
        let Some(index) = self.queue.iter().position(|waiting| *waiting == id) else {
            return Vec::new();
        };
        self.queue.remove(index);
        self.standings_from(index)
    }

    fn pass_on(&mut self) -> Moved {
        let first_come = self.open && self.gives == Gives::FirstReceived;
        if !first_come || self.queue.is_empty() || !self.has_free() {
            return Vec::new();
        }
        self.taken += 1;
        let promoted = self.queue.remove(0);
        let mut moved = vec![(promoted, Standing::is(SignUpState::Confirmed))];
        moved.extend(self.standings_from(0));
        moved
    }

    fn standings_from(&self, index: usize) -> Moved {
        (index..self.queue.len())
            .map(|at| (self.queue[at], waits_at(at)))
            .collect()
    }
}

fn waits_at(index: usize) -> Standing {
    Standing {
        state: SignUpState::Waiting,
        position: u32::try_from(index + 1).ok(),
    }
}
