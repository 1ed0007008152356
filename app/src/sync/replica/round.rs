//! A round: take the lock, mark, send, keep the answer, until nothing is left to say.

use super::{
    Link, LinkError, Millis, Output, Replica, RequestId, Saved, Then, acts::MAX_COMMAND_BYTES,
};
use crate::{
    domain::{id::CommandId, refusal::Refusal},
    lang,
    sync::{
        backoff::MOST_MS,
        outbox::OutboxRow,
        store::{Refused, Write},
        wire::{MAX_COMMANDS, PROTOCOL, SyncRequest, SyncResponse},
    },
};
use serde_json::value::RawValue;

/// How long an answer may take.
pub const REQUEST_MS: Millis = 60_000;
/// How long after a good round the next one is made while the page is looked at.
pub const IDLE_MS: Millis = 60_000;
/// The most requests in one round: other tabs may want the lock.
const ROUND_REQUESTS: u32 = 20;

/// Where a round is.
#[derive(Debug)]
pub(super) enum Round {
    /// None is under way.
    Idle,
    /// The lock was asked for.
    Locking,
    /// The lock is held; the next request goes out when the store is free.
    Ready,
    /// The next request goes out after this, when the store is free.
    First(Chore),
    /// A batch of the round's own is being written.
    Writing,
    /// A request is under way.
    Asking(Request),
    /// Its reply waits for the store to be free.
    Replied(Request, Box<SyncResponse>),
    /// The session is being renewed.
    Renewing {
        /// When to give up.
        until: Millis,
    },
}

/// What an answer makes the replica write.
#[derive(Debug)]
pub(super) enum Chore {
    /// Ask for everything from the start. With a time when it is one of the few that sums may cause.
    Restart(Option<Millis>),
    /// Give a command back to the person: it is too large for the server.
    GiveBack(CommandId),
    /// Erase what the owner has here: the person asked for it from elsewhere.
    Erase,
}

/// The request under way.
#[derive(Debug)]
pub(super) struct Request {
    id: RequestId,
    /// The commands in it, in order.
    pub(super) commands: Vec<CommandId>,
    until: Millis,
}

/// When things are due. A clock that goes back takes the timers with it.
#[derive(Debug, Default)]
pub(super) struct Timers {
    last_now: Millis,
    /// When the next round is due.
    due: Option<Millis>,
    /// The server asked not to be rung before.
    not_before: Millis,
    /// What the driver was last asked to ring at.
    rung: Option<Millis>,
}

impl Timers {
    /// Notes the time; gives how far the clock went back.
    pub(super) fn see(&mut self, now: Millis) -> Millis {
        let back = (self.last_now - now).max(0);
        if back > 0 {
            self.due = self.due.map(|at| at - back);
            self.not_before -= back;
        }
        self.last_now = now;
        back
    }

    /// A round is due at this time or, if the server asked for a pause, at its end.
    pub(super) fn try_at(&mut self, at: Millis) {
        let at = at.max(self.not_before);
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// The server's wish not to be rung is no longer for who rings.
    pub(super) fn forget_pause(&mut self) {
        self.not_before = 0;
    }

    /// When to ring next, if the driver does not know.
    pub(super) fn next_ring(&mut self, round: &Round) -> Option<Millis> {
        let next = match round {
            Round::Idle => self.due,
            Round::Asking(Request { until, .. }) | Round::Renewing { until } => Some(*until),
            _ => None,
        };
        if next == self.rung {
            return None;
        }
        self.rung = next;
        next
    }
}

impl Replica {
    /// Takes the next step of the round, if it can be taken now.
    pub(super) fn go_on_with_round(&mut self, now: Millis) {
        if self.writing.is_some() {
            return;
        }
        if matches!(self.round, Round::Idle) && self.timers.due.is_some_and(|at| at <= now) {
            self.timers.due = None;
            self.requests_left = ROUND_REQUESTS;
            self.renewed = false;
            self.round = Round::Locking;
            self.outputs.push_back(Output::Lock {
                revision: self.meta.revision,
            });
        }
        match std::mem::replace(&mut self.round, Round::Writing) {
            Round::Ready => self.prepare(now),
            Round::First(chore) => self.do_chore(now, &chore),
            Round::Replied(request, page) => self.keep_page(now, &request, *page),
            other => self.round = other,
        }
    }

    /// The clock went back: a wait for an answer goes back with it.
    pub(super) fn clock_went_back(&mut self, back: Millis) {
        match &mut self.round {
            Round::Asking(Request { until, .. }) | Round::Renewing { until } => *until -= back,
            _ => {}
        }
    }

    pub(super) fn wake(&mut self, now: Millis) {
        self.timers.rung = None;
        let late = match &self.round {
            Round::Asking(Request { until, .. }) | Round::Renewing { until } => *until <= now,
            _ => false,
        };
        if late {
            self.round_failed(now, Link::NoSignal);
        }
    }

    pub(super) fn locked(&mut self, saved: Option<Saved>) {
        if !matches!(self.round, Round::Locking) {
            return self.outputs.push_back(Output::Unlock);
        }
        self.round = Round::Ready;
        if let Some(saved) = saved {
            self.load_newer(saved);
        }
    }

    pub(super) fn lock_failed(&mut self, now: Millis) {
        if matches!(self.round, Round::Locking) {
            self.store_works = false;
            self.round = Round::Ready;
            self.round_failed(now, Link::NoSignal);
        }
    }

    /// Whether there is a command to send.
    pub(super) fn has_commands(&self) -> bool {
        self.sendable().next().is_some()
    }

    /// The owner's commands that have no outcome and may get one, oldest first.
    fn sendable(&self) -> impl Iterator<Item = &OutboxRow> {
        let owner = self.meta.owner;
        self.outbox.iter().filter(move |row| {
            owner.member().is_some()
                && row.owner == owner
                && row.answered.is_none()
                && !self.held.contains(&row.id)
                && !self.unread.contains(&row.id)
        })
    }

    /// Marks, durably, what was never attempted; then sends.
    fn prepare(&mut self, now: Millis) {
        if self.requests_left == 0 {
            self.stop_round();
            return self.timers.try_at(now);
        }
        // Until the line is known to work, a request carries nothing of the person's: what never left
        // can still be taken back without a trace.
        let line_works = matches!(self.link, Link::Reached | Link::Sending);
        let mut bytes = 0;
        let chosen: Vec<_> = self
            .sendable()
            .take(if line_works { self.limit } else { 0 })
            .take_while(|row| {
                bytes += row.text.len() + 1;
                bytes <= MAX_COMMAND_BYTES + 1
            })
            .collect();
        let ids = chosen.iter().map(|row| row.id).collect();
        let marks: Vec<_> = chosen
            .into_iter()
            .filter(|row| !row.attempted)
            .map(|row| {
                Write::PutOutbox(OutboxRow {
                    attempted: true,
                    ..row.clone()
                })
            })
            .collect();
        if marks.is_empty() {
            self.send(now, ids);
        } else {
            self.write(marks, self.meta.clone(), Then::Send(ids));
        }
    }

    /// Sends these commands, all marked, and asks for what is new.
    pub(super) fn send(&mut self, now: Millis, commands: Vec<CommandId>) {
        let texts = self
            .outbox
            .iter()
            .filter(|row| commands.contains(&row.id))
            .filter_map(|row| RawValue::from_string(row.text.clone()).ok())
            .collect();
        let request = SyncRequest {
            protocol: PROTOCOL,
            device: self.setup.device,
            member: self.meta.owner.member(),
            cursor: self.cursor().cloned(),
            commands: texts,
            sealed: false,
        };
        self.requests_left = self.requests_left.saturating_sub(1);
        self.last_request += 1;
        self.link = Link::Sending;
        self.round = Round::Asking(Request {
            id: self.last_request,
            commands,
            until: now + REQUEST_MS,
        });
        self.outputs
            .push_back(Output::Send(self.last_request, request));
    }

    /// Takes the answer to the current request; any other is ignored.
    pub(super) fn reply(
        &mut self,
        now: Millis,
        id: RequestId,
        reply: Result<Box<SyncResponse>, LinkError>,
    ) {
        match std::mem::replace(&mut self.round, Round::Writing) {
            Round::Asking(request) if request.id == id => match reply {
                Ok(page) => self.round = Round::Replied(request, page),
                Err(error) => self.not_answered(now, &request, error),
            },
            other => self.round = other,
        }
    }

    pub(super) fn renewed(&mut self, now: Millis, answer: Result<(), LinkError>) {
        if !matches!(self.round, Round::Renewing { .. }) {
            return;
        }
        self.renewed = true;
        match answer {
            Ok(()) => self.round = Round::Ready,
            Err(LinkError::Revoked) => self.round = Round::First(Chore::Erase),
            Err(LinkError::SignInRequired) => self.round_failed(now, Link::SignInNeeded),
            Err(error) => self.wait_after(now, error),
        }
    }

    /// Where the next request goes on from.
    pub(super) fn cursor(&self) -> Option<&String> {
        let walked = self.walk.as_ref().map(|walk| walk.cursor.as_ref());
        walked.unwrap_or(self.meta.cursor.as_ref())
    }

    /// The request brought no page.
    fn not_answered(&mut self, now: Millis, request: &Request, error: LinkError) {
        let member = self.meta.owner.member();
        match (error, request.commands.as_slice(), member) {
            (LinkError::SignInRequired, _, Some(_)) if self.renewed => {
                self.round_failed(now, Link::SignInNeeded);
            }
            (LinkError::SignInRequired, _, Some(member)) => {
                self.outputs.push_back(Output::Renew(member));
                self.round = Round::Renewing {
                    until: now + REQUEST_MS,
                };
            }
            (LinkError::Revoked, _, Some(_)) => self.round = Round::First(Chore::Erase),
            (LinkError::TooLarge | LinkError::Malformed, [_, _, ..], _) => {
                self.limit = request.commands.len() / 2;
                self.round = Round::Ready;
            }
            (LinkError::TooLarge, [alone], _) => self.round = Round::First(Chore::GiveBack(*alone)),
            (LinkError::Malformed, [alone], _) => {
                self.suspect = Some(*alone);
                self.limit = 0;
                self.round = Round::Ready;
            }
            (LinkError::Malformed, [], _) => self.cursor_is_bad(now),
            (error, ..) => self.wait_after(now, error),
        }
    }

    /// Even without commands the server cannot read the request: only the cursor is left to blame.
    fn cursor_is_bad(&mut self, now: Millis) {
        self.suspect = None;
        self.limit = MAX_COMMANDS;
        if self.cursor().is_none() {
            self.round_failed(now, Link::NoSignal);
        } else {
            self.round = Round::First(Chore::Restart(None));
        }
    }

    fn wait_after(&mut self, now: Millis, error: LinkError) {
        if let LinkError::Busy(Some(wait)) = error {
            self.timers.not_before = now + wait;
        }
        match error {
            LinkError::OtherMember => self.round_failed(now, Link::OtherMember),
            LinkError::UpdateRequired => self.round_failed(now, Link::UpdateNeeded),
            _ => self.round_failed(now, Link::NoSignal),
        }
    }

    fn do_chore(&mut self, now: Millis, chore: &Chore) {
        match chore {
            Chore::Restart(counted) => self.restart(*counted),
            Chore::Erase => {
                let (writes, meta) = self.erase();
                self.write(writes, meta, Then::Erased);
            }
            Chore::GiveBack(id) => {
                let row = self.outbox.iter().find(|row| row.id == *id);
                let writes = row.map_or_else(Vec::new, |row| give_back(now, row));
                self.write(writes, self.meta.clone(), Then::Again);
            }
        }
    }

    /// The round ended well: the next one comes while the page is looked at.
    pub(super) fn round_ended(&mut self, now: Millis) {
        self.backoff.reset();
        self.link = Link::Reached;
        self.stop_round();
        if self.visible {
            self.timers.try_at(now + IDLE_MS);
        }
    }

    /// The round failed: it is tried again, later each time.
    pub(super) fn round_failed(&mut self, now: Millis, link: Link) {
        self.link = link;
        self.stop_round();
        let patient = matches!(link, Link::OtherMember | Link::UpdateNeeded);
        let wait = self.backoff.next_ms();
        if self.visible || self.has_commands() {
            self.timers
                .try_at(now + if patient { MOST_MS } else { wait });
        }
    }

    /// Whether the lock is held.
    pub(super) fn in_round(&self) -> bool {
        !matches!(self.round, Round::Idle | Round::Locking)
    }

    /// Lets the lock go. A lock that was asked for and has not come yet is kept: it starts a round.
    pub(super) fn stop_round(&mut self) {
        if self.link == Link::Sending {
            self.link = Link::Starting;
        }
        if self.in_round() {
            self.round = Round::Idle;
            self.outputs.push_back(Output::Unlock);
        }
    }
}

fn give_back(now: Millis, row: &OutboxRow) -> Vec<Write> {
    vec![
        Write::DeleteOutbox(row.id),
        Write::PutRefused(Refused {
            row: row.clone(),
            code: Refusal::TooLarge.code().to_owned(),
            message: lang::refusal(Refusal::TooLarge).get().to_owned(),
            refused_at: now,
        }),
    ]
}
