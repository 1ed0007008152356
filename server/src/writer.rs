//! The single writer: everything that changes the database goes through it, in groups that share
//! one commit. Nobody is answered before that commit is durable.
//!
//! Work that waits while a commit is under way forms the next group, so throughput is bounded by
//! commits and statements, not by phones.

use crate::{
    clock,
    commands::{
        care,
        incoming::Push,
        push::{self, Pushed},
        staff::{self, StaffAction, StaffDone},
    },
    db::Db,
    error::Error,
    state::Arrival,
};
use app::{
    domain::{id::StaffId, time::Millis},
    sync::wire::CommandOutcome,
};
use sqlx::{Acquire, AnyConnection, AnyPool};
use std::{future::Future, pin::Pin, time::Duration};
use tokio::{
    sync::{broadcast, mpsc, oneshot},
    time::sleep,
};

/// How many pieces of work may wait before new ones are told to come back.
const QUEUE: usize = 1024;
/// How many commands make a group full. Small enough that the next group is read and this one's
/// answers are written on other processors meanwhile; large enough that commits cost little.
const GROUP: usize = 400;

/// How long nothing must have come before the files are tidied.
const QUIET: Duration = Duration::from_secs(30);

/// What a piece of work gives while it borrows the transaction.
pub type Writing<'c, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'c>>;

type Answer<T> = oneshot::Sender<Result<T, Error>>;

/// Hands work to the writer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    arrivals: broadcast::Sender<Arrival>,
}

enum Job {
    Push(Push, Answer<Vec<CommandOutcome>>),
    Task(Box<dyn Task>),
    Tidy(Answer<()>),
}

impl Job {
    /// How much of a group it takes up.
    fn size(&self) -> usize {
        match self {
            Self::Push(push, _) => push.commands.len(),
            Self::Task(_) | Self::Tidy(_) => 1,
        }
    }
}

impl Writer {
    /// Starts the writer on its own connection.
    pub fn start(db: Db, connection: AnyPool, arrivals: broadcast::Sender<Arrival>) -> Self {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let desk = Desk {
            db,
            connection,
            arrivals: arrivals.clone(),
        };
        tokio::spawn(desk.run(waiting));
        Self { jobs, arrivals }
    }

    /// Decides about a member's commands; answers, one outcome for each, once they are durable.
    ///
    /// # Errors
    /// [`Error::Busy`] when too much waits; or what the database says: then nothing was applied.
    pub async fn push(&self, push: Push) -> Result<Vec<CommandOutcome>, Error> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .try_send(Job::Push(push, reply))
            .map_err(|_| Error::Busy)?;
        answer.await.map_err(|_| Error::Busy)?
    }

    /// Does what a member of staff does, through the domain's rules, and tells the open pages.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not there or not open to them; as [`Self::run`].
    pub async fn staff(&self, by: StaffId, action: StaffAction) -> Result<StaffDone, Error> {
        let (done, arrivals) = self
            .run(move |tx| Box::pin(staff::act(tx, clock::now_ms(), by, action)))
            .await?;
        tell(&self.arrivals, arrivals);
        Ok(done)
    }

    /// Marks what nobody opened in the reading time that was promised, and tells the open pages.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn reading_times_passed(&self, now: Millis) -> Result<(), Error> {
        let work = self.run(move |tx| Box::pin(care::reading_times_passed(tx, now)));
        tell(&self.arrivals, work.await?);
        Ok(())
    }

    /// Tidies the files now: what was taken back is gone from them. It is done anyway when nothing
    /// came for a while.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tidy(&self) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .try_send(Job::Tidy(reply))
            .map_err(|_| Error::Busy)?;
        answer.await.map_err(|_| Error::Busy)?
    }

    /// Does `work` in a transaction and answers once it is durable. An error of `work` undoes it
    /// alone, whatever shares the commit.
    ///
    /// ```ignore
    /// app.writer.run(move |tx| Box::pin(async move { db::staff::add(tx, &person, now).await })).await?;
    /// ```
    ///
    /// # Errors
    /// The error of `work`; [`Error::Busy`] when too much waits; or what the database says.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> Writing<'c, T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task = Once {
            work: Some(work),
            result: None,
            reply,
        };
        self.jobs
            .try_send(Job::Task(Box::new(task)))
            .map_err(|_| Error::Busy)?;
        answer.await.map_err(|_| Error::Busy)?
    }
}

/// A piece of work that is not a push: runs in a savepoint of its own.
trait Task: Send {
    /// Whether the work went well and its savepoint is to be kept.
    fn run<'c>(
        &'c mut self,
        transaction: &'c mut AnyConnection,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'c>>;
    fn answer(self: Box<Self>, committed: bool);
}

struct Once<F, T> {
    work: Option<F>,
    result: Option<Result<T, Error>>,
    reply: Answer<T>,
}

impl<T, F> Task for Once<F, T>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut AnyConnection) -> Writing<'c, T> + Send + 'static,
{
    fn run<'c>(
        &'c mut self,
        transaction: &'c mut AnyConnection,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'c>> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                // It ran before, in a transaction that was not committed.
                self.result = None;
                return false;
            };
            let result = work(transaction).await;
            let went_well = result.is_ok();
            self.result = Some(result);
            went_well
        })
    }

    fn answer(self: Box<Self>, committed: bool) {
        let answer = match self.result {
            Some(Err(problem)) => Err(problem),
            Some(Ok(value)) if committed => Ok(value),
            Some(Ok(_)) | None => Err(Error::Busy),
        };
        // Whoever asked may have gone away; the work stands.
        let _ = self.reply.send(answer);
    }
}

/// The writer's side: its connection, and whom to tell.
struct Desk {
    db: Db,
    connection: AnyPool,
    arrivals: broadcast::Sender<Arrival>,
}

impl Desk {
    async fn run(self, mut waiting: mpsc::Receiver<Job>) {
        let mut is_tidy = true;
        loop {
            let first = tokio::select! {
                first = waiting.recv() => first,
                () = sleep(QUIET), if !is_tidy => {
                    is_tidy = true;
                    if let Err(problem) = self.db.tidy(&self.connection).await {
                        tracing::warn!(error = %problem, "the files could not be tidied");
                    }
                    continue;
                }
            };
            let Some(first) = first else {
                return;
            };
            is_tidy = false;
            self.take(group(first, &mut waiting)).await;
        }
    }

    async fn take(&self, group: Vec<Job>) {
        let (mut pushes, mut tasks, mut tidies) = (Vec::new(), Vec::new(), Vec::new());
        for job in group {
            match job {
                Job::Push(push, answer) => pushes.push((push, answer)),
                Job::Task(task) => tasks.push(task),
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

    async fn write(&self, pushes: &[&Push], tasks: &mut [Box<dyn Task>]) -> Result<Pushed, Error> {
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

/// Nobody may be listening: no page of the desk is open then.
fn tell(arrivals: &broadcast::Sender<Arrival>, news: Vec<Arrival>) {
    for arrival in news {
        let _ = arrivals.send(arrival);
    }
}
