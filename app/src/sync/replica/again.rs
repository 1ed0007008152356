//! A server that went back in time: it was restored from a backup and no longer knows what it answered
//! since, and the numbers of its records stand for other contents.
//!
//! Each answer names the server's epoch, and a restore makes a new one. On another epoch than the last
//! the phone asks for everything from the start, and offers again what it was once answered: the server
//! gives its stored outcome for what it knows and decides anew about the rest. For that the phone keeps
//! the exact bytes of commands after their record has come (`settled`), for as long as backups may be
//! restored, and no content that was taken back or has ended. A withdrawal is kept too, whoever made
//! it: of one that was made elsewhere the phone has only the record, so it writes a withdrawal of its
//! own, under an id that follows from the thing's. Otherwise what was taken back would live again.

use super::{Millis, Replica, Then, acts::is_withdrawal, page::PUBLIC, round::Request};
use crate::{
    domain::{
        command::Command,
        id::CommandId,
        time::{DAY_MS, rfc3339},
    },
    json,
    sync::{
        outbox::OutboxRow,
        store::{Meta, Write},
        wire::{RecordChange, SyncResponse},
    },
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// How long backups may be restored: what was answered is kept so long.
pub const KEPT_MS: Millis = 30 * DAY_MS;
/// The most commands that are kept so, and the most bytes of them: the newest stay.
const MOST_KEPT: usize = 100;
const MOST_KEPT_BYTES: usize = 128 * 1024;

/// Turns a thing's id into the id of the withdrawal that a phone writes on its own.
const WITHDRAWAL: u128 = 0x0000_0000_0000_0000_0000_6f66_6665_7200;

/// Things that a page ends, as `kind/id`, and whether their person took them back.
type Ended = Vec<(String, bool)>;

impl Replica {
    /// Whether the page is of another epoch than what is on this phone.
    pub(super) fn is_of_another_epoch(&self, page: &SyncResponse) -> bool {
        let knows_one = self.meta.epoch.is_some() || self.cursor().is_some();
        page.epoch.is_some() && page.epoch != self.meta.epoch && knows_one
    }

    /// Keeps the outcomes, asks for everything from the start, and offers again what was answered
    /// before. Nothing is deleted before the last page.
    pub(super) fn begin_again(&mut self, now: Millis, request: &Request, page: &SyncResponse) {
        let mut writes = Vec::new();
        let answered = self.keep_outcomes(now, request, &page.outcomes, &mut writes);
        let ended = answered.ended > 0;
        writes.extend(answered.applied.into_iter().map(Write::PutOutbox));
        let taken_back = taken_back(self.answered());
        writes.extend(self.answered().map(|row| {
            // What was taken back is not said again, not even to a server that no longer knows of it.
            if content_of(row).is_some_and(|name| taken_back.contains(&name)) {
                return Write::DeleteOutbox(row.id);
            }
            Write::PutOutbox(OutboxRow {
                answered: None,
                settled: None,
                ..row.clone()
            })
        }));
        let mut meta = Meta {
            cursor: None,
            resyncing: true,
            epoch: page.epoch.clone(),
            ..self.meta.clone()
        };
        // A phone that comes from a version without epochs asks from the start, and nothing was restored.
        if self.meta.epoch.is_some() {
            meta.restored_at = Some(now);
        }
        if ended {
            meta.last_sent_at = Some(now);
        }
        self.write(writes, meta, Then::Restarted);
    }

    /// What becomes of answered commands, those of this page (`applied`) among them: one whose thing
    /// has ended goes, and after a complete pull the others are settled, within their bounds.
    pub(super) fn settle(
        &self,
        now: Millis,
        applied: Vec<OutboxRow>,
        ended: &Ended,
        is_complete: bool,
        meta: &mut Meta,
        writes: &mut Vec<Write>,
    ) {
        let fresh = |row: &OutboxRow| row.settled.is_some_and(|at| (now - at).abs() < KEPT_MS);
        if applied.is_empty() && ended.is_empty() && self.answered().all(fresh) {
            return;
        }
        let mut rows: Vec<OutboxRow> = self.answered().cloned().chain(applied).collect();
        self.take_back_again(now, ended, meta, &mut rows);
        let taken_back = taken_back(rows.iter());
        let (mut count, mut bytes, mut changed) = (0, 0, Vec::new());
        for mut row in rows.into_iter().rev() {
            count += 1;
            bytes += row.text.len();
            let too_many = count > MOST_KEPT || bytes > MOST_KEPT_BYTES;
            let has_ended = content_of(&row).is_some_and(|name| {
                ended.iter().any(|(it, _)| *it == name)
                    || (is_complete && taken_back.contains(&name))
            });
            if has_ended || (row.settled.is_some() && (too_many || !fresh(&row))) {
                changed.push(Write::DeleteOutbox(row.id));
                continue;
            }
            if is_complete && row.settled.is_none() {
                row.settled = Some(now);
            }
            if !self.outbox.contains(&row) {
                changed.push(Write::PutOutbox(row));
            }
        }
        // Oldest first, as the outbox stands in memory.
        writes.extend(changed.into_iter().rev());
    }

    /// Withdrawals of the phone's own for what was taken back elsewhere.
    fn take_back_again(
        &self,
        now: Millis,
        ended: &Ended,
        meta: &mut Meta,
        rows: &mut Vec<OutboxRow>,
    ) {
        let owner = self.meta.owner;
        let known = taken_back(self.outbox.iter().filter(|row| row.owner == owner));
        for (name, _) in ended.iter().filter(|(_, taken_back)| *taken_back) {
            let Some((id, command)) = withdrawal_of(name).filter(|_| !known.contains(name)) else {
                continue;
            };
            rows.push(OutboxRow {
                attempted: true,
                answered: Some(rfc3339(now)),
                settled: Some(now),
                ..self.row(now, meta.next_seq, id, owner, &command)
            });
            meta.next_seq += 1;
        }
    }

    /// The owner's commands that have their outcome.
    fn answered(&self) -> impl Iterator<Item = &OutboxRow> {
        let owner = self.meta.owner;
        self.outbox
            .iter()
            .filter(move |row| row.owner == owner && row.answered.is_some())
    }
}

/// What a page's records say has ended.
pub(super) fn ended(changes: &[RecordChange]) -> Ended {
    let own = changes.iter().filter(|change| change.scope != PUBLIC);
    own.filter_map(|change| {
        let body = change.body.as_ref().filter(|_| !change.deleted);
        let body: Option<Value> = body.and_then(|body| json::read(body.0.get()));
        let state = body.as_ref().and_then(|body| body.get("state")?.as_str());
        let taken_back = state == Some("withdrawn");
        let over = change.deleted || taken_back || state == Some("cancelled");
        over.then(|| ([&change.kind, "/", &change.id].concat(), taken_back))
    })
    .collect()
}

/// The names of what these rows take back.
fn taken_back<'r>(rows: impl Iterator<Item = &'r OutboxRow>) -> Vec<String> {
    rows.filter_map(OutboxRow::command)
        .filter(is_withdrawal)
        .map(|command| name_of(&command))
        .collect()
}

/// The name of what the row is about, unless it is a withdrawal, which says nothing of the person's.
fn content_of(row: &OutboxRow) -> Option<String> {
    let command = row.command().filter(|command| !is_withdrawal(command))?;
    Some(name_of(&command))
}

fn name_of(command: &Command) -> String {
    let (kind, id) = command.subject();
    [kind, "/", &id.to_string()].concat()
}

/// The same on every phone of the member, so that the server carries it out once.
fn withdrawal_of(name: &str) -> Option<(CommandId, Command)> {
    let (kind, id) = name.split_once('/')?;
    let mut body = Map::new();
    body.insert(kind.to_owned(), Value::from(id));
    let command = Command::parse(&[kind, ".withdraw"].concat(), body.into()).ok()?;
    let id = command.subject().1.as_u128() ^ WITHDRAWAL;
    Some((CommandId(Uuid::from_u128(id)), command))
}
