//! A page from the server, turned into one batch: outcomes, records and the cursor together.

use super::{
    Link, Millis, Replica, Then,
    acts::is_leaving,
    again,
    round::{Chore, Request, Round},
};
use crate::{
    domain::{id::CommandId, time::DAY_MS},
    flat_map::FlatMap,
    sync::{
        outbox::{OutboxRow, Owner},
        store::{Meta, RecordKey, Refused, Write},
        wire::{CommandOutcome, Outcome, RecordChange, ScopeSum, SyncResponse},
    },
};

/// The scope that everyone may read.
pub(super) const PUBLIC: &str = "public";

/// Scopes with their sums.
type Sums = FlatMap<ScopeSum>;

/// What a page means once it is durable.
#[derive(Debug)]
pub(super) struct Kept {
    /// Commands that the server defers.
    deferred: Vec<CommandId>,
    /// Whether commands got an answer.
    pushed: bool,
    /// Whether the request carried none.
    only_asked: bool,
    /// Whether the cursor went on.
    pulled: bool,
    /// Whether the server has more to say.
    more: bool,
    /// The page's cursor, and what it brought, for a walk.
    cursor: String,
    brought: FlatMap<()>,
    sums: Option<Sums>,
}

impl Replica {
    /// Asks for the writes of a reply.
    pub(super) fn keep_page(&mut self, now: Millis, request: &Request, mut page: SyncResponse) {
        self.keep_to_own_scopes(&mut page);
        if self.has_left(request, &page.outcomes) {
            let (writes, meta) = self.erase();
            return self.write(writes, meta, Then::Erased);
        }
        if self.is_of_another_epoch(&page) {
            return self.begin_again(now, request, &page);
        }
        let changes = newest(page.changes);
        let mut writes = Vec::new();
        let mut meta = self.meta.clone();

        let answered = self.keep_outcomes(now, request, &page.outcomes, &mut writes);
        let ended = again::ended(&changes);
        let brought = self.keep_changes(changes, &mut writes);
        if !page.more {
            self.let_go(&brought, page.sums.as_ref(), &mut writes);
            meta.last_synced_at = Some(now);
        }
        if answered.ended > 0 {
            meta.last_sent_at = Some(now);
        }
        self.settle(
            now,
            answered.applied,
            &ended,
            !page.more,
            &mut meta,
            &mut writes,
        );
        meta.epoch = page.epoch.or(meta.epoch);
        if !page.more || self.walk.is_none() {
            meta.cursor = Some(page.cursor.clone());
            meta.resyncing = false;
        }
        let kept = Kept {
            pushed: answered.ended > 0 || !answered.deferred.is_empty(),
            only_asked: request.commands.is_empty(),
            pulled: self.cursor() != Some(&page.cursor),
            deferred: answered.deferred,
            more: page.more,
            cursor: page.cursor,
            brought,
            sums: page.sums,
        };
        self.write(writes, meta, Then::Page(kept));
    }

    /// The page is durable: go on, check the sums, or end the round.
    pub(super) fn page_kept(&mut self, now: Millis, kept: Kept) {
        self.limit = (self.limit.max(1) * 2).min(crate::sync::wire::MAX_COMMANDS);
        self.held.extend(kept.deferred);
        let pushed = kept.pushed || self.suspect.is_some();
        self.unread.extend(self.suspect.take());
        if kept.more {
            if let Some(walk) = &mut self.walk {
                walk.cursor = Some(kept.cursor);
                walk.brought.extend(kept.brought);
            }
            return self.ask_on(now, pushed || kept.pulled);
        }
        if kept.sums.is_some_and(|sums| self.disagrees(&sums)) && self.may_resync(now) {
            self.round = Round::First(Chore::Restart(Some(now)));
            return;
        }
        if self.has_commands() {
            return self.ask_on(now, pushed || kept.only_asked);
        }
        self.round_ended(now);
    }

    /// Whether the server says that the owner has left Chorus, as they asked here.
    fn has_left(&self, request: &Request, outcomes: &[CommandOutcome]) -> bool {
        let mut rows = self.outbox.iter();
        rows.any(|row| {
            let said =
                |it: &CommandOutcome| it.outcome == Outcome::Applied && it.id == Some(row.id);
            request.commands.contains(&row.id)
                && outcomes.iter().any(said)
                && row.command().is_some_and(|it| is_leaving(&it))
        })
    }

    /// Asks again at once. A page that brought nothing and still says there is more is a failure, or
    /// this would never end.
    fn ask_on(&mut self, now: Millis, moved: bool) {
        if moved {
            self.round = Round::Ready;
        } else {
            self.round_failed(now, Link::NoSignal);
        }
    }

    /// Asks for everything from the start. `counted` when it is one of the few that sums may cause.
    pub(super) fn restart(&mut self, counted: Option<Millis>) {
        let mut meta = Meta {
            cursor: None,
            resyncing: true,
            ..self.meta.clone()
        };
        if counted.is_some() {
            meta.resynced_at = counted;
            meta.resynced_by = Some(self.setup.build.clone());
        }
        self.write(Vec::new(), meta, Then::Restarted);
    }

    /// Before joining nothing but the public scope is kept, whoever's cookie the browser has.
    fn keep_to_own_scopes(&self, page: &mut SyncResponse) {
        if self.meta.owner == Owner::Local {
            page.changes.retain(|change| change.scope == PUBLIC);
            if let Some(sums) = &mut page.sums {
                sums.retain(|scope| scope == PUBLIC);
            }
        }
    }

    /// Only its own outcome ends a command.
    pub(super) fn keep_outcomes(
        &self,
        now: Millis,
        request: &Request,
        outcomes: &[CommandOutcome],
        writes: &mut Vec<Write>,
    ) -> Answered {
        let mut answered = Answered::default();
        for (at, outcome) in outcomes.iter().enumerate() {
            let id = outcome.id.or_else(|| request.commands.get(at).copied());
            let sent = |row: &&OutboxRow| Some(row.id) == id && request.commands.contains(&row.id);
            let Some(row) = self.outbox.iter().find(sent) else {
                continue;
            };
            match outcome.outcome {
                Outcome::Deferred => {
                    answered.deferred.push(row.id);
                    writes.push(Write::PutOutbox(OutboxRow {
                        deferred: true,
                        ..row.clone()
                    }));
                    continue;
                }
                Outcome::Refused => {
                    writes.push(Write::DeleteOutbox(row.id));
                    writes.push(Write::PutRefused(refused(now, row, outcome)));
                }
                Outcome::Applied => answered.applied.push(OutboxRow {
                    answered: Some(outcome.received_at.clone()),
                    ..row.clone()
                }),
            }
            answered.ended += 1;
        }
        answered
    }

    /// The writes of a page's records, and which records it brought.
    fn keep_changes(&self, changes: Vec<RecordChange>, writes: &mut Vec<Write>) -> FlatMap<()> {
        let mut brought = FlatMap::default();
        for change in changes {
            let name = [&change.kind, "/", &change.id].concat();
            let had = self.index.seq_of(&change.scope, &name);
            if self.walk.is_none() && had.is_some_and(|had| had >= change.seq) {
                continue;
            }
            let key = RecordKey {
                scope: change.scope,
                name,
                seq: change.seq,
            };
            if let Some(seq) = had
                && (seq != key.seq || change.deleted)
            {
                writes.push(Write::DeleteRecord(RecordKey { seq, ..key.clone() }));
            }
            brought.insert(at(&key.scope, &key.name), ());
            if let Some(body) = change.body.filter(|_| !change.deleted) {
                writes.push(Write::PutRecord(key, body.0.get().to_owned()));
            }
        }
        brought
    }

    /// What a complete pull ends: records that a walk did not bring again, and records of scopes that
    /// may not be read any more.
    fn let_go(&self, brought: &FlatMap<()>, sums: Option<&Sums>, writes: &mut Vec<Write>) {
        let gone = self.index.keys(|scope, name| {
            let unreadable = sums.is_some_and(|sums| !sums.contains_key(scope));
            let left_out = self.walk.as_ref().is_some_and(|walk| {
                let at = at(scope, name);
                !walk.brought.contains_key(&at) && !brought.contains_key(&at)
            });
            unreadable || left_out
        });
        writes.extend(gone.into_iter().map(Write::DeleteRecord));
    }

    fn disagrees(&self, sums: &Sums) -> bool {
        sums.iter()
            .any(|(scope, sum)| self.index.sum_of(scope) != *sum)
    }

    /// At most once a day and build.
    fn may_resync(&self, now: Millis) -> bool {
        self.meta.resynced_by.as_ref() != Some(&self.setup.build)
            || self
                .meta
                .resynced_at
                .is_none_or(|at| (now - at).abs() >= DAY_MS)
    }
}

/// What a page's outcomes did.
#[derive(Default)]
pub(super) struct Answered {
    pub(super) ended: usize,
    /// Rows with their outcome, not written yet.
    pub(super) applied: Vec<OutboxRow>,
    deferred: Vec<CommandId>,
}

fn refused(now: Millis, row: &OutboxRow, outcome: &CommandOutcome) -> Refused {
    let reason = outcome.reason.as_ref();
    Refused {
        row: row.clone(),
        code: reason.map_or_else(String::new, |reason| reason.code.clone()),
        message: reason.map_or_else(String::new, |reason| reason.message.clone()),
        refused_at: now,
    }
}

/// One change for each record: the newest, should a page ever hold two.
fn newest(changes: Vec<RecordChange>) -> Vec<RecordChange> {
    let mut by_record = FlatMap::default();
    for change in changes {
        let at = at(&change.scope, &[&change.kind, "/", &change.id].concat());
        match by_record.get(&at) {
            Some(RecordChange { seq, .. }) if *seq > change.seq => {}
            _ => drop(by_record.insert(at, change)),
        }
    }
    by_record.into_iter().map(|(_, change)| change).collect()
}

/// A record's scope and name in one.
fn at(scope: &str, name: &str) -> String {
    [scope, "/", name].concat()
}
