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

use super::{
    Millis, Replica, Then,
    acts::{is_withdrawal, less_said, takes_back},
    page::PUBLIC,
    round::Request,
};
use crate::{
    domain::{
        check_in::WithdrawAnswer,
        command::Command,
        id::CommandId,
        record::kind,
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

/// What a page ends.
#[derive(Default)]
pub(super) struct Ended {
    /// Things of which nothing is left to say, as `kind/id`.
    over: Vec<String>,
    /// What their person took back, here or elsewhere.
    taken_back: Vec<Command>,
}

impl Ended {
    /// Whether nothing is left of what this command says.
    fn has(&self, command: &Command) -> bool {
        let (kind, id) = command.subject();
        // What was asked for about a phone holds no words, and must be asked for again. So is a deletion.
        let deletes = matches!(command, Command::KeepNeeds(said) if said.needs.is_none());
        let stays = is_withdrawal(command) || kind == kind::DEVICE || deletes;
        let name = [kind, "/", &id.to_string()].concat();
        (!stays && self.over.contains(&name)) || is_taken_back(&self.taken_back, command)
    }
}

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
            if row
                .command()
                .is_some_and(|said| is_taken_back(&taken_back, &said))
            {
                return Write::DeleteOutbox(row.id);
            }
            Write::PutOutbox(OutboxRow {
                answered: None,
                settled: None,
                ..row.clone()
            })
        }));
        // Of the end of what waits still the server may know nothing any more either.
        let waits = |row: &&OutboxRow| row.answered.is_none() && row.settled.is_some();
        let waiting = self.outbox.iter().filter(waits).cloned();
        let waiting: Vec<_> = waiting.filter(|row| !touched(&writes, row.id)).collect();
        writes.extend(waiting.into_iter().map(|row| {
            Write::PutOutbox(OutboxRow {
                settled: None,
                ..row
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
        if applied.is_empty()
            && ended.over.is_empty()
            && ended.taken_back.is_empty()
            && self.answered().all(fresh)
        {
            return;
        }
        self.note_ended(now, ended, writes);
        // The record of these had ended before their outcome came.
        let (over, applied): (Vec<_>, Vec<_>) =
            applied.into_iter().partition(|row| row.settled.is_some());
        writes.extend(over.into_iter().map(|row| Write::DeleteOutbox(row.id)));
        let mut rows: Vec<OutboxRow> = self.answered().cloned().chain(applied).collect();
        self.take_back_again(now, ended, meta, &mut rows);
        let taken_back = taken_back(rows.iter());
        let (mut count, mut bytes, mut changed) = (0, 0, Vec::new());
        let mut later = None;
        for mut row in rows.into_iter().rev() {
            count += 1;
            bytes += row.text.len();
            let too_many = count > MOST_KEPT || bytes > MOST_KEPT_BYTES;
            let said = row.command();
            let has_ended = said.as_ref().is_some_and(|said| {
                ended.has(said) || (is_complete && is_taken_back(&taken_back, said))
            });
            if has_ended || (row.settled.is_some() && (too_many || !fresh(&row))) {
                changed.push(Write::DeleteOutbox(row.id));
                continue;
            }
            if is_complete && row.settled.is_none() {
                row.settled = Some(now);
            }
            // Its sending was under way when its words were replaced or deleted.
            let less = less_said(&row, later);
            if let Some(Command::KeepNeeds(said)) = said {
                later = Some(later == Some(true) || said.sign_ups);
            }
            if !less.is_empty() {
                changed.extend(less.into_iter().rev());
                continue;
            }
            if !self.outbox.contains(&row) {
                changed.push(Write::PutOutbox(row));
            }
        }
        // Oldest first, as the outbox stands in memory.
        writes.extend(changed.into_iter().rev());
    }

    /// What waits for its outcome and has ended already is known to have ended when that comes.
    fn note_ended(&self, now: Millis, ended: &Ended, writes: &mut Vec<Write>) {
        let owner = self.meta.owner;
        let waits =
            |row: &&OutboxRow| row.owner == owner && row.answered.is_none() && row.attempted;
        for row in self.outbox.iter().filter(waits) {
            let has_ended = row.command().is_some_and(|said| ended.has(&said));
            if has_ended && !touched(writes, row.id) {
                writes.push(Write::PutOutbox(OutboxRow {
                    settled: Some(now),
                    ..row.clone()
                }));
            }
        }
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
        for command in ended.taken_back.iter().filter(|it| !known.contains(it)) {
            let id = id_of(command);
            rows.push(OutboxRow {
                attempted: true,
                answered: Some(rfc3339(now)),
                settled: Some(now),
                ..self.row(now, meta.next_seq, id, owner, command)
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

/// Whether these writes change or end this row already.
fn touched(writes: &[Write], id: CommandId) -> bool {
    writes.iter().any(|write| match write {
        Write::PutOutbox(row) => row.id == id,
        Write::DeleteOutbox(gone) => *gone == id,
        _ => false,
    })
}

/// What a page's records say has ended.
pub(super) fn ended(changes: &[RecordChange]) -> Ended {
    let mut ended = Ended::default();
    for change in changes.iter().filter(|change| change.scope != PUBLIC) {
        let body = change.body.as_ref().filter(|_| !change.deleted);
        let body: Value = body.map_or(Value::Null, |body| {
            json::read(body.0.get()).unwrap_or_default()
        });
        let state = body["state"].as_str();
        let taken_back = state == Some("withdrawn");
        if taken_back {
            let gone = withdrawal_of(&change.kind, &change.id);
            ended.taken_back.extend(gone);
        }
        let is_over = |state| matches!(state, "cancelled" | "taken_back");
        if change.deleted || taken_back || state.is_some_and(is_over) {
            ended.over.push([&change.kind, "/", &change.id].concat());
        }
        if change.kind == kind::CHECK_IN {
            let gone = answers_taken_back(&change.id, &body);
            ended.taken_back.extend(gone);
        }
    }
    ended
}

/// The withdrawals of the person's own answers whose words are gone from a check-in's thread.
fn answers_taken_back(check_in: &str, body: &Value) -> Vec<Command> {
    let thread = body["messages"].as_array();
    let gone = thread.into_iter().flatten();
    let gone = gone.filter(|one| one["from"].is_null() && one["text"].is_null());
    gone.filter_map(|one| {
        Some(Command::WithdrawAnswer(WithdrawAnswer {
            check_in: check_in.parse().ok()?,
            message: one["id"].as_str()?.parse().ok()?,
        }))
    })
    .collect()
}

/// What these rows take back.
fn taken_back<'r>(rows: impl Iterator<Item = &'r OutboxRow>) -> Vec<Command> {
    rows.filter_map(OutboxRow::command)
        .filter(is_withdrawal)
        .collect()
}

fn is_taken_back(taken_back: &[Command], said: &Command) -> bool {
    taken_back.iter().any(|gone| takes_back(gone, said))
}

fn withdrawal_of(kind: &str, id: &str) -> Option<Command> {
    let mut body = Map::new();
    body.insert(kind.to_owned(), Value::from(id));
    Command::parse(&[kind, ".withdraw"].concat(), body.into()).ok()
}

/// The same on every phone of the member, so that the server carries it out once.
fn id_of(withdrawal: &Command) -> CommandId {
    let of = match withdrawal {
        Command::WithdrawAnswer(gone) => gone.message,
        other => other.subject().1,
    };
    CommandId(Uuid::from_u128(of.as_u128() ^ WITHDRAWAL))
}
