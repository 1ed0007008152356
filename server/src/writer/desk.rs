//! The writer's side of the queue: one group, one commit, then the answers.

use super::{Answer, Job, task::Task, tell, tidying::Tidying};
use crate::{
    clock,
    commands::{
        incoming::Push,
        push::{self, Pushed},
    },
    db::Db,
    error::Error,
    state::Arrival,
};
use app::sync::wire::CommandOutcome;
use futures_util::FutureExt;
use sqlx::{Acquire, AnyPool};
use std::panic::AssertUnwindSafe;
use tokio::{
    sync::{broadcast, mpsc},
    time::{Instant, sleep},
};

/// How many commands make a group full. Small enough that the next group is read and this one's
/// answers are written on other processors meanwhile; large enough that commits cost little.
const GROUP: usize = 400;

/// The writer's side: its connection, and whom to tell.
pub struct Desk {
    /// The engine, and what it needs done to its files.
    pub db: Db,
    /// The only connection that writes.
    pub connection: AnyPool,
    /// Whom to tell.
    pub arrivals: broadcast::Sender<Arrival>,
}

impl Desk {
    /// Writes what comes, group by group, until nobody can send any more. Tidies between the groups.
    pub async fn run(self, mut waiting: mpsc::Receiver<Job>) {
        let mut tidying = Tidying::new(Instant::now());
        loop {
            if tidying.must_not_wait(Instant::now()) {
                self.empty_log(&mut tidying).await;
            }
            let pause = tidying.pause(Instant::now());
            let first = tokio::select! {
                biased;
                first = waiting.recv() => first,
                () = sleep(pause.unwrap_or_default()), if pause.is_some() => {
                    self.tidy(&mut tidying).await;
                    continue;
                }
            };
            let Some(first) = first else {
                return;
            };
            let group = group(first, &mut waiting);
            let takes_away = group.iter().any(Job::takes_away);
            self.take(group).await;
            tidying.wrote(Instant::now(), takes_away);
        }
    }

    async fn tidy(&self, tidying: &mut Tidying) {
        if tidying.only_log() {
            return self.empty_log(tidying).await;
        }
        tidying.is_tidy();
        if let Err(problem) = self.db.tidy(&self.connection).await {
            tracing::warn!(error = %problem, "the files could not be tidied");
        }
    }

    async fn empty_log(&self, tidying: &mut Tidying) {
        match self.db.empty_log(&self.connection).await {
            Ok(true) => tidying.log_is_empty(),
            // Someone reads an older moment, as a backup does for a while.
            Ok(false) => tidying.log_was_busy(Instant::now()),
            Err(problem) => {
                tracing::warn!(error = %problem, "the log of changes could not be emptied");
                tidying.log_was_busy(Instant::now());
            }
        }
    }

    async fn take(&self, group: Vec<Job>) {
        let (mut pushes, mut tasks, mut tidies) = (Vec::new(), Vec::new(), Vec::new());
        for job in group {
            match job {
                Job::Push(push, answer) => pushes.push((push, answer)),
                Job::Task(task) | Job::TakeAway(task) => tasks.push(task),
                Job::Tidy(answer) => tidies.push(answer),
            }
        }
        if !(pushes.is_empty() && tasks.is_empty()) {
            self.write_group(pushes, tasks).await;
        }
        for answer in tidies {
            let _ = answer.send(self.db.tidy(&self.connection).await);
        }
    }

    /// Writes a group in one commit. If the database refuses it, each push is tried alone: a push
    /// that cannot be written takes none of its neighbours with it.
    async fn write_group(
        &self,
        pushes: Vec<(Push, Answer<Vec<CommandOutcome>>)>,
        mut tasks: Vec<Box<dyn Task>>,
    ) {
        let together: Vec<&Push> = pushes.iter().map(|(push, _)| push).collect();
        match self.write(&together, &mut tasks).await {
            Ok(pushed) => {
                for ((_, answer), outcomes) in pushes.into_iter().zip(pushed.outcomes) {
                    let _ = answer.send(Ok(outcomes));
                }
                tasks.into_iter().for_each(|task| task.answer(true));
                tell(&self.arrivals, pushed.arrivals);
            }
            Err(problem) => {
                tracing::warn!(error = %problem, "a group was refused: each push is tried alone");
                for (push, answer) in pushes {
                    let _ = answer.send(self.write_alone(&push).await);
                }
                let committed = self.write(&[], &mut tasks).await.is_ok();
                tasks.into_iter().for_each(|task| task.answer(committed));
            }
        }
    }

    async fn write_alone(&self, push: &Push) -> Result<Vec<CommandOutcome>, Error> {
        let pushed = self.write(&[push], &mut []).await?;
        tell(&self.arrivals, pushed.arrivals);
        Ok(pushed.outcomes.into_iter().flatten().collect())
    }

    /// One commit. A defect that panics undoes it and no more: without the writer nothing would ever
    /// be kept again.
    async fn write(&self, pushes: &[&Push], tasks: &mut [Box<dyn Task>]) -> Result<Pushed, Error> {
        let writing = AssertUnwindSafe(self.write_all(pushes, tasks));
        let defect = |_| Err(Error::Internal("a piece of work panicked".to_owned()));
        writing.catch_unwind().await.unwrap_or_else(defect)
    }

    async fn write_all(
        &self,
        pushes: &[&Push],
        tasks: &mut [Box<dyn Task>],
    ) -> Result<Pushed, Error> {
        let begin = self.db.engine.begin_write();
        let mut transaction = self.connection.begin_with(begin).await?;
        let pushed = if pushes.is_empty() {
            Pushed::default()
        } else {
            push::apply(&mut transaction, clock::now_ms(), pushes).await?
        };
        for task in tasks {
            let mut savepoint = transaction.begin().await?;
            if task.run(&mut savepoint).await {
                savepoint.commit().await?;
            } else {
                savepoint.rollback().await?;
            }
        }
        transaction.commit().await?;
        Ok(pushed)
    }
}

/// The first, and what else waits, until the group is full.
fn group(first: Job, waiting: &mut mpsc::Receiver<Job>) -> Vec<Job> {
    let mut size = first.size();
    let mut group = vec![first];
    while size < GROUP
        && let Ok(job) = waiting.try_recv()
    {
        size += job.size();
        group.push(job);
    }
    group
}
