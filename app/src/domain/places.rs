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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    /// Everything that is known of a session's sign-ups, kept by applying what the rules say.
    struct Hall {
        places: Places,
        states: BTreeMap<SignUpId, Standing>,
    }

    impl Hall {
        fn set(&mut self, moved: Moved) {
            self.states.extend(moved);
        }

        fn ask(&mut self, id: SignUpId) {
            let standing = self.places.ask(id);
            self.states.insert(id, standing);
        }

        fn leave(&mut self, id: SignUpId) {
            if let Some(was) = self.states.remove(&id) {
                let moved = self.places.leave(id, was.state);
                self.set(moved);
            }
        }

        fn confirm(&mut self, id: SignUpId) {
            if let Some(was) = self.states.get(&id) {
                let (standing, moved) = self.places.confirm(id, was.state);
                self.states.insert(id, standing);
                self.set(moved);
            }
        }

        fn check(&self) {
            let count = |state| self.states.values().filter(|it| it.state == state).count();
            let taken = u32::try_from(count(SignUpState::Confirmed)).unwrap();
            assert_eq!(taken, self.places.taken);
            let limit = self.places.limit.unwrap();
            assert!(taken <= limit, "{taken} of {limit} places are given");
            assert_eq!(count(SignUpState::Waiting), self.places.queue.len());
            for (at, id) in (1..).zip(&self.places.queue) {
                assert_eq!(self.states[id].position, Some(at));
            }
            if self.places.gives == Gives::FirstReceived {
                assert!(taken == limit || self.places.queue.is_empty());
                assert_eq!(count(SignUpState::Received), 0);
            }
            let full = taken == limit || !self.places.queue.is_empty();
            assert_eq!(full, self.places.room() == Room::WaitingList);
        }
    }

    fn places(gives: Gives, limit: Option<u32>) -> Places {
        Places {
            limit,
            gives,
            open: true,
            taken: 0,
            queue: Vec::new(),
        }
    }

    #[test]
    fn no_order_of_asking_leaving_and_confirming_gives_more_places_than_there_are() {
        let mut seed = 7_u64;
        let mut below = |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % most
        };
        for run in 0..600_u32 {
            let gives = [Gives::FirstReceived, Gives::Staff, Gives::Ballot][run as usize % 3];
            let mut hall = Hall {
                places: places(gives, Some(run % 5)),
                states: BTreeMap::new(),
            };
            for _ in 0..60 {
                let id = SignUpId(Uuid::from_u128(u128::from(below(12))));
                match below(4) {
                    0 => hall.leave(id),
                    1 => hall.confirm(id),
                    _ if hall.states.contains_key(&id) => {}
                    _ => hall.ask(id),
                }
                hall.check();
            }
        }
    }

    #[test]
    fn a_place_given_back_goes_to_whoever_waited_longest() {
        let id = |n| SignUpId(Uuid::from_u128(n));
        let mut places = places(Gives::FirstReceived, Some(1));
        assert_eq!(places.ask(id(1)).state, SignUpState::Confirmed);
        assert_eq!(places.ask(id(2)).position, Some(1));
        assert_eq!(places.ask(id(3)).position, Some(2));
        let moved = places.leave(id(1), SignUpState::Confirmed);
        assert_eq!(moved[0], (id(2), Standing::is(SignUpState::Confirmed)));
        assert_eq!(moved[1].1.position, Some(1));
    }

    #[test]
    fn a_session_without_a_limit_always_has_plenty_of_room() {
        let mut places = places(Gives::FirstReceived, None);
        for n in 0..50 {
            places.ask(SignUpId(Uuid::from_u128(n)));
        }
        assert_eq!(places.room(), Room::Plenty);
        assert_eq!(places.taken, 50);
    }
}
