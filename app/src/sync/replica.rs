//! The replica: the phone's half of the protocol as a state machine with no I/O, no clock and no randomness.
//!
//! Its memory is never ahead of the store: whatever it learns or is asked for becomes a [`Batch`] of
//! writes, and only when the driver says `Stored` does memory follow, in `Replica::learn`. One batch
//! is under way at a time, so every decision is made on what is durable.

mod acts;
mod again;
mod page;
mod round;
mod talk;
#[cfg(test)]
mod tests;

use super::{
    backoff::Backoff,
    index::Index,
    link::LinkError,
    outbox::{self, OutboxRow},
    status::{Link, Status},
    store::{Batch, BatchId, Meta, RecordKey, Saved, Write},
    wire::MAX_COMMANDS,
};
use crate::{
    domain::{id::CommandId, time::Millis},
    flat_map::FlatMap,
    order,
};
pub use again::KEPT_MS;
use round::{Round, Timers};
use std::collections::VecDeque;
pub use talk::{Act, Input, NotKept, Output, RequestId, Setup, Ticket};

/// The phone's half of the protocol.
#[derive(Debug)]
pub struct Replica {
    setup: Setup,
    meta: Meta,
    outbox: Vec<OutboxRow>,
    index: Index,
    acts: VecDeque<(Ticket, Act)>,
    writing: Option<Writing>,
    last_batch: BatchId,
    round: Round,
    last_request: RequestId,
    /// Whether this round has renewed the session.
    renewed: bool,
    /// How many more requests this round may make before it lets other tabs have the lock.
    requests_left: u32,
    /// The most commands in a request: halved by a 400 or 413, doubled by a success.
    limit: usize,
    /// The command that was alone in a request that the server could not read.
    suspect: Option<CommandId>,
    /// Commands that the server deferred in this run: they are tried again at the next start.
    held: Vec<CommandId>,
    /// Commands that the server could not read: they are tried again when the person looks or asks.
    unread: Vec<CommandId>,
    /// The pull from the start that is under way.
    walk: Option<Walk>,
    backoff: Backoff,
    timers: Timers,
    link: Link,
    store_works: bool,
    visible: bool,
    outputs: VecDeque<Output>,
    told: Option<Status>,
}

/// The batch under way: its writes without the bodies, and what its end means.
#[derive(Debug)]
struct Writing {
    id: BatchId,
    writes: Vec<Write>,
    meta: Meta,
    then: Then,
}

/// What to do once a batch is durable.
#[derive(Debug)]
enum Then {
    /// Tell the person.
    Act(Ticket, Act),
    /// Send these commands, now that they are marked as attempted.
    Send(Vec<CommandId>),
    /// Go on after a page.
    Page(page::Kept),
    /// Ask again: what the batch changed makes the next request another one.
    Again,
    /// Ask again, from the start.
    Restarted,
    /// Stop: the owner's things were erased.
    Erased,
}

/// A pull from the start: what it has brought so far. What it does not bring again is deleted at its end.
#[derive(Debug, Default)]
struct Walk {
    cursor: Option<String>,
    /// Their scopes and names, `public/session/1`.
    brought: FlatMap<()>,
}

impl Replica {
    /// A replica over what is stored. It begins with the first [`Input`] (`Visible` at a start).
    pub fn restore(saved: Saved, setup: Setup) -> Self {
        let mut replica = Self {
            backoff: Backoff::new(setup.seed),
            setup,
            meta: Meta::default(),
            outbox: Vec::new(),
            index: Index::default(),
            acts: VecDeque::new(),
            writing: None,
            last_batch: 0,
            round: Round::Idle,
            last_request: 0,
            renewed: false,
            requests_left: 0,
            limit: MAX_COMMANDS,
            suspect: None,
            held: Vec::new(),
            unread: Vec::new(),
            walk: None,
            timers: Timers::default(),
            link: Link::Starting,
            store_works: true,
            visible: false,
            outputs: VecDeque::new(),
            told: None,
        };
        replica.load(saved);
        replica
    }

    /// Takes something that happened at `now`. Call [`Self::poll`] until it is empty after each.
    pub fn handle(&mut self, now: Millis, input: Input) {
        let back = self.timers.see(now);
        self.clock_went_back(back);
        match input {
            Input::Act(ticket, act) => self.acts.push_back((ticket, act)),
            Input::Stored(batch) => self.stored(now, batch),
            Input::StoreFailed(batch) => self.store_failed(now, batch),
            Input::Conflict(batch, saved) => self.conflict(now, batch, *saved),
            Input::Reloaded(saved) => self.reloaded(now, *saved),
            Input::Locked(saved) => self.locked(saved.map(|saved| *saved)),
            Input::LockFailed => self.lock_failed(now),
            Input::Reply(request, reply) => self.reply(now, request, reply),
            Input::Renewed(answer) => self.renewed(now, answer),
            Input::Wake => self.wake(now),
            Input::Try => self.look(now),
            Input::Visible => {
                self.visible = true;
                self.look(now);
            }
            Input::Hidden => self.visible = false,
        }
        self.go_on(now);
        self.tell();
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        let owner = self.meta.owner;
        Status {
            owner,
            unsent: outbox::waiting(&self.outbox, owner).len(),
            link: self.link,
            last_synced_at: self.meta.last_synced_at,
            last_sent_at: self.meta.last_sent_at,
            restored_at: self.meta.restored_at,
            store_works: self.store_works,
        }
    }

    /// The outbox, oldest first, whoever's: for overlays and My phone.
    pub fn outbox(&self) -> &[OutboxRow] {
        &self.outbox
    }

    /// The store's revision as this replica knows it.
    pub fn revision(&self) -> u64 {
        self.meta.revision
    }

    /// How many records are on this phone.
    pub fn record_count(&self) -> usize {
        self.index.len()
    }

    fn look(&mut self, now: Millis) {
        self.unread.clear();
        self.timers.try_at(now);
    }

    /// Does what can be done now: first what the person asked for, then the round.
    fn go_on(&mut self, now: Millis) {
        while self.writing.is_none()
            && let Some((ticket, act)) = self.acts.pop_front()
        {
            self.begin_act(now, ticket, act);
        }
        self.go_on_with_round(now);
    }

    /// Asks the driver to write. Memory follows only when it is stored.
    fn write(&mut self, writes: Vec<Write>, mut meta: Meta, then: Then) {
        meta.revision = self.meta.revision + 1;
        self.last_batch += 1;
        self.writing = Some(Writing {
            id: self.last_batch,
            writes: writes.iter().map(Write::without_body).collect(),
            meta: meta.clone(),
            then,
        });
        self.outputs.push_back(Output::Store(Batch {
            id: self.last_batch,
            expect: self.meta.revision,
            writes,
            meta,
        }));
    }

    fn take_writing(&mut self, batch: BatchId) -> Option<Writing> {
        self.writing.take_if(|writing| writing.id == batch)
    }

    fn stored(&mut self, now: Millis, batch: BatchId) {
        let Some(writing) = self.take_writing(batch) else {
            return;
        };
        self.store_works = true;
        self.learn(&writing.writes, writing.meta);
        match writing.then {
            Then::Act(ticket, act) => self.act_ended(now, ticket, &act),
            Then::Send(commands) => self.send(now, commands),
            Then::Page(kept) => self.page_kept(now, kept),
            Then::Again => self.round = Round::Ready,
            Then::Restarted => {
                self.walk = Some(Walk::default());
                self.round = Round::Ready;
            }
            Then::Erased => {
                self.start_over();
                self.timers.try_at(now);
            }
        }
    }

    fn store_failed(&mut self, now: Millis, batch: BatchId) {
        let Some(writing) = self.take_writing(batch) else {
            return;
        };
        self.store_works = false;
        if let Then::Act(ticket, _) = writing.then {
            self.outputs
                .push_back(Output::Done(ticket, Err(NotKept::Store)));
        } else {
            self.round_failed(now, Link::NoSignal);
        }
    }

    /// Nothing of the batch was written. What the person asked for is tried again on what is there
    /// now, unless that is what it was decided on: then it may not be done. A round starts again from there.
    fn conflict(&mut self, now: Millis, batch: BatchId, saved: Saved) {
        let Some(writing) = self.take_writing(batch) else {
            return;
        };
        let revision = saved.meta.as_ref().map_or(0, |meta| meta.revision);
        let forbidden = revision == self.meta.revision;
        self.load(saved);
        match writing.then {
            Then::Act(ticket, _) if forbidden => {
                let too_late = Output::Done(ticket, Err(NotKept::TooLate));
                self.outputs.push_back(too_late);
            }
            Then::Act(ticket, act) => self.acts.push_front((ticket, act)),
            _ if forbidden => return self.round_failed(now, Link::NoSignal),
            _ => {}
        }
        self.stop_round();
        self.timers.try_at(now);
    }

    /// Another tab's news is taken unless a batch is under way: that one will be told of a conflict.
    /// News alone is no reason for a round, or two tabs would answer each other for ever.
    fn reloaded(&mut self, now: Millis, saved: Saved) {
        if self.writing.is_none() && self.load_newer(saved) && self.in_round() {
            self.stop_round();
            self.timers.try_at(now);
        }
    }

    /// Loads what is newer than memory; whether it was.
    fn load_newer(&mut self, saved: Saved) -> bool {
        let revision = saved.meta.as_ref().map_or(0, |meta| meta.revision);
        let newer = revision > self.meta.revision;
        if newer {
            self.load(saved);
        }
        newer
    }

    fn load(&mut self, saved: Saved) {
        self.meta = saved.meta.unwrap_or_default();
        self.outbox = saved.outbox;
        order::by_key(&mut self.outbox, |row| row.seq);
        self.index = Index::from_keys(&saved.records);
        self.walk = self.meta.resyncing.then(Walk::default);
        self.outputs.push_back(Output::Changed);
    }

    /// Memory follows the store.
    fn learn(&mut self, writes: &[Write], meta: Meta) {
        let mut seen = false;
        for write in writes {
            match write {
                Write::PutRecord(key, _) => self.index.put(key),
                Write::DeleteRecord(key) => self.index.remove(key),
                Write::PutOutbox(row) => {
                    match self.outbox.iter_mut().find(|old| old.id == row.id) {
                        Some(old) => *old = row.clone(),
                        // Oldest first, also where one takes another's place.
                        None => {
                            let at = self.outbox.partition_point(|old| old.seq <= row.seq);
                            self.outbox.insert(at, row.clone());
                        }
                    }
                }
                Write::DeleteOutbox(id) => self.outbox.retain(|row| row.id != *id),
                _ => {}
            }
            seen = true;
        }
        if !meta.resyncing {
            self.walk = None;
        }
        self.meta = meta;
        if seen {
            self.outputs.push_back(Output::Changed);
        }
    }

    /// The phone has another owner: a round for the last one means nothing any more.
    fn start_over(&mut self) {
        self.held.clear();
        self.unread.clear();
        self.suspect = None;
        self.walk = self.meta.resyncing.then(Walk::default);
        self.stop_round();
    }

    /// Says how things stand when that has changed, and when to ring.
    fn tell(&mut self) {
        let status = self.status();
        if self.told != Some(status) {
            self.told = Some(status);
            self.outputs.push_back(Output::Status(status));
        }
        // While a write is under way nothing that is due can begin, and its end comes without a ring.
        if self.writing.is_none()
            && let Some(at) = self.timers.next_ring(&self.round)
        {
            self.outputs.push_back(Output::WakeAt(at));
        }
    }

    /// Every record that only the owner's session may read.
    fn owned_records(&self) -> Vec<RecordKey> {
        self.index.keys(|scope, _| scope != page::PUBLIC)
    }
}
