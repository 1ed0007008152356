//! The places of one session: who gets one, who waits, who is offered one, and who moves up when someone leaves.
//!
//! The server loads a [`Places`] for each session that its group of commands touches, decides in
//! memory, in order, and writes back what changed. More places are never given than there are, and
//! nobody on the waiting list is passed without a reason: an offer goes to whoever has waited longest,
//! and only an offer that ran out puts its person at the end of the list.

use super::{
    id::SignUpId,
    opportunity::{Gives, Room},
    sign_up::SignUpState,
    time::Millis,
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
    /// A ballot: whether it was drawn. Until then everyone who asks is in it.
    pub drawn: bool,
    /// Whether it takes people: the opportunity is published and the session is to come.
    pub open: bool,
    /// How many sign-ups hold a place ([`SignUpState::holds_place`]): offers among them.
    pub taken: u32,
    /// The waiting list, first come first.
    pub queue: Vec<SignUpId>,
    /// The offers that are not answered, in no order.
    pub offers: Vec<Offer>,
    /// How long an offer holds a place, in milliseconds.
    pub offer_ms: Millis,
    /// When the session starts; no offer outlasts that.
    pub starts: Option<Millis>,
}

/// A place that is held for someone who waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Whose sign-up.
    pub id: SignUpId,
    /// It runs out at this instant.
    pub until: Millis,
}

/// Where a sign-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How far it has come.
    pub state: SignUpState,
    /// On the waiting list: its position, from 1.
    pub position: Option<u32>,
    /// Offered a place: until when it is held.
    pub until: Option<Millis>,
}

impl Standing {
    /// One that has neither a position nor an offer.
    pub fn is(state: SignUpState) -> Self {
        Self {
            state,
            position: None,
            until: None,
        }
    }
}

/// Sign-ups whose standing changed because of what another one did: their records are written too.
pub type Moved = Vec<(SignUpId, Standing)>;

/// Why the number of places cannot be what was asked: so many people have one already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given(pub u32);

impl Places {
    /// Whether a place is free.
    pub fn has_free(&self) -> bool {
        self.limit.is_none_or(|limit| self.taken < limit)
    }

    /// Whether a ballot is still to come: until then nobody has a place.
    pub fn awaits_ballot(&self) -> bool {
        self.gives == Gives::Ballot && !self.drawn
    }

    /// How much room there is for one more person.
    pub fn room(&self) -> Room {
        let Some(limit) = self.limit else {
            return Room::Plenty;
        };
        if self.awaits_ballot() {
            return Room::Plenty;
        }
        match limit.saturating_sub(self.taken) {
            0 => Room::WaitingList,
            _ if !self.queue.is_empty() => Room::WaitingList,
            1..=FEW => Room::Few,
            _ => Room::Plenty,
        }
    }

    /// A new sign-up asks. Nobody passes those who wait already.
    pub fn ask(&mut self, id: SignUpId) -> Standing {
        if self.awaits_ballot() {
            return Standing::is(SignUpState::Received);
        }
        if !self.has_free() || !self.queue.is_empty() {
            return self.join_queue(id);
        }
        if self.gives == Gives::Staff {
            return Standing::is(SignUpState::Received);
        }
        self.taken += 1;
        Standing::is(SignUpState::Confirmed)
    }

    /// A sign-up that stood as `was` leaves. The place that it held is offered to whoever waited
    /// longest, or is free for staff to give.
    pub fn leave(&mut self, id: SignUpId, was: SignUpState, now: Millis) -> Moved {
        let mut moved = self.leave_queue(id);
        if was.holds_place() {
            self.give_back(id);
            moved.extend(self.pass_on(now));
        }
        moved
    }

    /// Staff give a place to a sign-up that stands as `was`; with none free it waits.
    /// Gives its new standing and those of others.
    pub fn confirm(&mut self, id: SignUpId, was: SignUpState) -> (Standing, Moved) {
        if was.holds_place() {
            self.offers.retain(|offer| offer.id != id);
            return (Standing::is(SignUpState::Confirmed), Vec::new());
        }
        if self.has_free() {
            self.taken += 1;
            let moved = self.leave_queue(id);
            return (Standing::is(SignUpState::Confirmed), moved);
        }
        (self.join_queue(id), Vec::new())
    }

    /// Staff hold a place for a sign-up that has none and stands as `was`; with none free, or once the
    /// session has started, it waits.
    pub fn offer(&mut self, id: SignUpId, was: SignUpState, now: Millis) -> (Standing, Moved) {
        if was.holds_place() {
            return (self.standing_of_holder(id, was), Vec::new());
        }
        if !self.has_free() || self.has_started(now) {
            return (self.join_queue(id), Vec::new());
        }
        let moved = self.leave_queue(id);
        (self.hold(id, now), moved)
    }

    /// Somebody who has a place, or an offer of one, came.
    pub fn came(&mut self, id: SignUpId) -> Standing {
        self.offers.retain(|offer| offer.id != id);
        Standing::is(SignUpState::Attended)
    }

    /// Somebody who was taken for not there came after all: they have a free place again.
    pub fn came_after_all(&mut self) -> Standing {
        self.taken += 1;
        Standing::is(SignUpState::Attended)
    }

    /// A person says yes to an offer; none if it has run out by `now`, was answered, or never was.
    pub fn accept(&mut self, id: SignUpId, now: Millis) -> Option<Standing> {
        let is_held = |offer: &Offer| offer.id == id && offer.until > now;
        let held = self.offers.iter().position(is_held)?;
        self.offers.remove(held);
        Some(Standing::is(SignUpState::Confirmed))
    }

    /// Offers that have run out by `now` end: their people wait again, behind everyone, and each place
    /// is offered to the next.
    pub fn expire(&mut self, now: Millis) -> Moved {
        let (mut over, held): (Vec<_>, Vec<_>) =
            self.offers.drain(..).partition(|offer| offer.until <= now);
        self.offers = held;
        // Those whose offer ended first stand before those whose ended later.
        over.sort_by_key(|offer| (offer.until, offer.id));
        let mut moved = Moved::new();
        for offer in over {
            self.taken = self.taken.saturating_sub(1);
            // The next in line first: only where nobody else waits does it come back at once.
            moved.extend(self.pass_on(now));
            let waits = self.join_queue(offer.id);
            moved.push((offer.id, waits));
            moved.extend(self.pass_on(now));
        }
        moved
    }

    /// The ballot is drawn: those who asked, in the order in which they were drawn, get the places that
    /// are free, and the others wait in that order. Once only.
    pub fn draw(&mut self, drawn: &[SignUpId]) -> Moved {
        if !self.awaits_ballot() {
            return Moved::new();
        }
        self.drawn = true;
        let mut moved = Moved::new();
        for id in drawn {
            let standing = self.ask(*id);
            moved.push((*id, standing));
        }
        moved
    }

    /// The session has another number of places now; new ones are offered to those who wait.
    ///
    /// # Errors
    /// [`Given`]: more people than that have a place. They are told first, one by one.
    pub fn resize(&mut self, limit: Option<u32>, now: Millis) -> Result<Moved, Given> {
        if limit.is_some_and(|limit| limit < self.taken) {
            return Err(Given(self.taken));
        }
        self.limit = limit;
        Ok(self.pass_on(now))
    }

    /// The session starts at another time: no offer outlasts that.
    pub fn start_at(&mut self, starts: Option<Millis>) -> Moved {
        self.starts = starts;
        let Some(starts) = starts else {
            return Moved::new();
        };
        let late = self.offers.iter_mut().filter(|offer| offer.until > starts);
        late.map(|offer| {
            offer.until = starts;
            let cut = Standing {
                state: SignUpState::Offered,
                position: None,
                until: Some(starts),
            };
            (offer.id, cut)
        })
        .collect()
    }

    fn standing_of_holder(&self, id: SignUpId, was: SignUpState) -> Standing {
        let held = self.offers.iter().find(|offer| offer.id == id);
        Standing {
            state: was,
            position: None,
            until: held.map(|offer| offer.until),
        }
    }

    fn has_started(&self, now: Millis) -> bool {
        self.starts.is_some_and(|starts| starts <= now)
    }

    fn hold(&mut self, id: SignUpId, now: Millis) -> Standing {
        let until = now + self.offer_ms;
        let until = self.starts.map_or(until, |starts| until.min(starts));
        self.taken += 1;
        self.offers.push(Offer { id, until });
        Standing {
            state: SignUpState::Offered,
            position: None,
            until: Some(until),
        }
    }

    fn give_back(&mut self, id: SignUpId) {
        self.taken = self.taken.saturating_sub(1);
        self.offers.retain(|offer| offer.id != id);
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

    /// Free places are held for those who waited longest, unless staff look first.
    fn pass_on(&mut self, now: Millis) -> Moved {
        let mut moved = Moved::new();
        if !self.open || self.gives == Gives::Staff || self.has_started(now) {
            return moved;
        }
        while self.has_free() && !self.queue.is_empty() {
            let next = self.queue.remove(0);
            let offered = self.hold(next, now);
            moved.push((next, offered));
        }
        if !moved.is_empty() {
            moved.extend(self.standings_from(0));
        }
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
        until: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    const HOLD: Millis = 10;

    /// Everything that is known of a session's sign-ups, kept by applying what the rules say.
    struct Hall {
        places: Places,
        states: BTreeMap<SignUpId, Standing>,
        now: Millis,
    }

    impl Hall {
        fn set(&mut self, moved: Moved) {
            self.states.extend(moved);
        }

        fn ask(&mut self, id: SignUpId) {
            if self.states.contains_key(&id) {
                return;
            }
            let waited = !self.places.queue.is_empty();
            let standing = self.places.ask(id);
            assert!(
                !waited || !standing.state.holds_place(),
                "someone is passed"
            );
            self.states.insert(id, standing);
        }

        fn leave(&mut self, id: SignUpId) {
            let Some(was) = self.states.remove(&id) else {
                return;
            };
            let mut line = self.places.queue.clone();
            line.retain(|waiting| *waiting != id);
            let moved = self.places.leave(id, was.state, self.now);
            assert!(moved.iter().all(|(moved, _)| *moved != id), "leaving wins");
            assert_in_line(&line, &moved);
            self.set(moved);
        }

        fn by_staff(
            &mut self,
            id: SignUpId,
            act: impl FnOnce(&mut Places, SignUpState) -> (Standing, Moved),
        ) {
            if let Some(was) = self.states.get(&id) {
                let (standing, moved) = act(&mut self.places, was.state);
                self.states.insert(id, standing);
                self.set(moved);
            }
        }

        fn accept(&mut self, id: SignUpId) {
            let is_offered = |standing: &Standing| standing.state == SignUpState::Offered;
            let had = self.states.get(&id).is_some_and(is_offered);
            let standing = self.places.accept(id, self.now);
            assert_eq!(standing.is_some(), had, "only an offer can be taken");
            self.states.extend(standing.map(|standing| (id, standing)));
        }

        fn wait(&mut self, ms: Millis) {
            self.now += ms;
            let line = self.places.queue.clone();
            let moved = self.places.expire(self.now);
            assert_in_line(&line, &moved);
            self.set(moved);
            let over = |offer: &Offer| offer.until <= self.now;
            assert!(
                !self.places.offers.iter().any(over),
                "an offer outlives its end"
            );
        }

        fn resize(&mut self, limit: u32) {
            let line = self.places.queue.clone();
            match self.places.resize(Some(limit), self.now) {
                Ok(moved) => {
                    assert_in_line(&line, &moved);
                    self.set(moved);
                }
                Err(Given(given)) => assert!(given > limit),
            }
        }

        fn draw(&mut self) {
            let is_received = |standing: &Standing| standing.state == SignUpState::Received;
            let asked = self.states.iter().filter(|(_, it)| is_received(it));
            let drawn: Vec<_> = asked.map(|(id, _)| *id).rev().collect();
            let moved = self.places.draw(&drawn);
            self.set(moved);
        }

        fn check(&self) {
            let count = |state| self.states.values().filter(|it| it.state == state).count();
            let offered = count(SignUpState::Offered);
            let taken = u32::try_from(count(SignUpState::Confirmed) + offered).unwrap();
            assert_eq!(taken, self.places.taken);
            let limit = self.places.limit.unwrap();
            assert!(taken <= limit, "{taken} of {limit} places are given");
            assert_eq!(offered, self.places.offers.len());
            for offer in &self.places.offers {
                assert_eq!(self.states[&offer.id].until, Some(offer.until));
            }
            assert_eq!(count(SignUpState::Waiting), self.places.queue.len());
            for (at, id) in (1..).zip(&self.places.queue) {
                assert_eq!(self.states[id].position, Some(at));
            }
            if self.places.gives == Gives::FirstReceived || self.places.drawn {
                assert!(taken == limit || self.places.queue.is_empty());
                assert_eq!(count(SignUpState::Received), 0);
            }
            let full = taken == limit || !self.places.queue.is_empty();
            let full = full && !self.places.awaits_ballot();
            assert_eq!(full, self.places.room() == Room::WaitingList);
        }
    }

    /// Whoever is offered a place without staff saying so stood first in line.
    fn assert_in_line(line: &[SignUpId], moved: &Moved) {
        let offered = moved
            .iter()
            .filter(|(_, it)| it.state == SignUpState::Offered);
        let offered: Vec<_> = offered.map(|(id, _)| *id).collect();
        let from_line: Vec<_> = offered.iter().filter(|id| line.contains(id)).collect();
        assert!(
            from_line
                .iter()
                .zip(line)
                .all(|(next, first)| *next == first)
        );
        let passed = from_line.len() < line.len() && from_line.len() < offered.len();
        assert!(
            !passed,
            "someone who waited is passed by one whose offer ran out"
        );
    }

    fn places(gives: Gives, limit: Option<u32>) -> Places {
        Places {
            limit,
            gives,
            drawn: false,
            open: true,
            taken: 0,
            queue: Vec::new(),
            offers: Vec::new(),
            offer_ms: HOLD,
            starts: None,
        }
    }

    fn id(number: u128) -> SignUpId {
        SignUpId(Uuid::from_u128(number))
    }

    #[test]
    fn no_order_of_events_gives_too_many_places_or_passes_anyone() {
        let mut seed = 7_u64;
        let mut below = |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % most
        };
        for run in 0..900_u32 {
            let gives = [Gives::FirstReceived, Gives::Staff, Gives::Ballot][run as usize % 3];
            let mut hall = Hall {
                places: places(gives, Some(run % 5)),
                states: BTreeMap::new(),
                now: 0,
            };
            for _ in 0..80 {
                let who = id(u128::from(below(12)));
                let now = hall.now;
                match below(12) {
                    0 | 1 => hall.leave(who),
                    2 => hall.by_staff(who, |places, was| places.confirm(who, was)),
                    3 => hall.by_staff(who, |places, was| places.offer(who, was, now)),
                    4 | 5 => hall.accept(who),
                    6 => hall.wait(Millis::try_from(below(8)).unwrap()),
                    7 => hall.resize(u32::try_from(below(6)).unwrap()),
                    8 if below(4) == 0 => hall.draw(),
                    _ => hall.ask(who),
                }
                hall.check();
            }
        }
    }

    #[test]
    fn a_place_given_back_is_held_for_whoever_waited_longest() {
        let mut places = places(Gives::FirstReceived, Some(1));
        assert_eq!(places.ask(id(1)).state, SignUpState::Confirmed);
        assert_eq!(places.ask(id(2)).position, Some(1));
        assert_eq!(places.ask(id(3)).position, Some(2));
        let moved = places.leave(id(1), SignUpState::Confirmed, 5);
        assert_eq!(moved[0].0, id(2));
        assert_eq!(moved[0].1.state, SignUpState::Offered);
        assert_eq!(moved[0].1.until, Some(5 + HOLD));
        assert_eq!(moved[1].1.position, Some(1));
    }

    #[test]
    fn an_offer_goes_along_the_chain_to_the_third_person() {
        let mut places = places(Gives::FirstReceived, Some(1));
        for number in 1..=4 {
            places.ask(id(number));
        }
        places.leave(id(1), SignUpState::Confirmed, 0);
        // The second says nothing in time, and stands behind everyone.
        let moved = places.expire(HOLD);
        assert_eq!(places.queue, [id(4), id(2)]);
        assert_eq!(moved[0].0, id(3));
        // The second is too late, the third is not.
        assert_eq!(places.accept(id(2), HOLD), None);
        assert_eq!(places.accept(id(3), 2 * HOLD), None, "it has run out");
        let confirmed = Standing::is(SignUpState::Confirmed);
        assert_eq!(places.accept(id(3), 2 * HOLD - 1), Some(confirmed));
        assert_eq!(
            places.accept(id(3), 2 * HOLD - 1),
            None,
            "an answer counts once"
        );
    }

    #[test]
    fn a_ballot_is_drawn_once_and_who_asks_later_waits_behind_it() {
        let mut places = places(Gives::Ballot, Some(1));
        for number in 1..=3 {
            assert_eq!(places.ask(id(number)).state, SignUpState::Received);
        }
        assert_eq!(places.room(), Room::Plenty);
        let moved = places.draw(&[id(3), id(1), id(2)]);
        assert_eq!(moved[0], (id(3), Standing::is(SignUpState::Confirmed)));
        assert_eq!(places.queue, [id(1), id(2)]);
        assert_eq!(places.ask(id(4)).position, Some(3));
        assert_eq!(places.draw(&[id(4)]), Moved::new());
    }

    #[test]
    fn places_that_people_have_are_not_taken_away() {
        let mut places = places(Gives::FirstReceived, Some(2));
        places.ask(id(1));
        places.ask(id(2));
        places.ask(id(3));
        assert_eq!(places.resize(Some(1), 0), Err(Given(2)));
        assert_eq!(places.limit, Some(2));
        let moved = places.resize(Some(3), 0).unwrap();
        assert_eq!(moved[0].0, id(3));
    }

    #[test]
    fn nobody_is_offered_a_place_in_a_session_that_takes_nobody() {
        let mut places = places(Gives::FirstReceived, Some(1));
        places.ask(id(1));
        places.ask(id(2));
        places.open = false;
        assert_eq!(places.leave(id(1), SignUpState::Confirmed, 0), Moved::new());
    }

    #[test]
    fn no_offer_outlasts_the_start_of_its_session() {
        let mut places = places(Gives::FirstReceived, Some(1));
        places.starts = Some(HOLD / 2);
        for number in 1..=3 {
            places.ask(id(number));
        }
        let moved = places.leave(id(1), SignUpState::Confirmed, 1);
        assert_eq!(moved[0].1.until, Some(HOLD / 2));
        let moved = places.expire(HOLD / 2);
        assert!(moved.iter().all(|(_, it)| it.state == SignUpState::Waiting));
        let (standing, _) = places.offer(id(3), SignUpState::Waiting, HOLD);
        assert_eq!(standing.state, SignUpState::Waiting);
    }

    #[test]
    fn a_session_without_a_limit_always_has_plenty_of_room() {
        let mut places = places(Gives::FirstReceived, None);
        for number in 0..50 {
            places.ask(id(number));
        }
        assert_eq!(places.room(), Room::Plenty);
        assert_eq!(places.taken, 50);
    }

    #[test]
    fn an_offer_ends_no_later_than_the_session_starts_whenever_that_is() {
        let id = |n| SignUpId(Uuid::from_u128(n));
        let mut places = places(Gives::FirstReceived, Some(1));
        places.offer_ms = 100;
        places.ask(id(1));
        places.ask(id(2));
        places.leave(id(1), SignUpState::Confirmed, 0);
        assert_eq!(places.offers[0].until, 100);
        assert_eq!(places.start_at(Some(500)), []);
        let cut = places.start_at(Some(40));
        assert_eq!(cut.len(), 1);
        assert_eq!((cut[0].0, cut[0].1.until), (id(2), Some(40)));
        assert_eq!(places.accept(id(2), 41), None);
    }
}
