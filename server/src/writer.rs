//! The single writer: everything that changes the database goes through it, in groups that share
//! one commit. Nobody is answered before that commit is durable.
//!
//! Work that waits while a commit is under way forms the next group, so throughput is bounded by
//! commits and statements, not by phones.

use crate::{db::Db, error::Error};
use sqlx::{Acquire, AnyConnection, AnyPool};
use std::{future::Future, pin::Pin};
use tokio::sync::{mpsc, oneshot};

/// How many pieces of work may wait before new ones are told to come back.
const QUEUE: usize = 1024;
/// The most pieces of work that share a commit.
const GROUP: usize = 128;

/// What a piece of work gives while it borrows the transaction.
pub type Writing<'c, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'c>>;

/// Hands work to the writer. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
}

enum Job {
    Task(Box<dyn Task>),
}

impl Writer {
    /// Starts the writer on its own connection.
    pub fn start(db: Db, connection: AnyPool) -> Self {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(db, connection, waiting));
        Self { jobs }
    }

    /// Does `work` in a transaction and answers once it is durable. An error of `work` undoes it
    /// alone, whatever shares the commit.
    ///
    /// ```ignore
    /// app.writer.run(move |tx| Box::pin(async move { db::staff::add(tx, &person).await })).await?;
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
    fn run<'c>(&'c mut self, transaction: &'c mut AnyConnection) -> Writing<'c, bool>;
    fn answer(self: Box<Self>, committed: bool);
}

struct Once<F, T> {
    work: Option<F>,
    result: Option<Result<T, Error>>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Task for Once<F, T>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut AnyConnection) -> Writing<'c, T> + Send + 'static,
{
    /// Whether the work went well and its savepoint is to be kept.
    fn run<'c>(&'c mut self, transaction: &'c mut AnyConnection) -> Writing<'c, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return Ok(false);
            };
            let result = work(transaction).await;
            let went_well = result.is_ok();
            self.result = Some(result);
            Ok(went_well)
        })
    }

    fn answer(self: Box<Self>, committed: bool) {
        let answer = match self.result {
            Some(Ok(_)) if !committed => Err(Error::Busy),
            Some(result) => result,
            None => Err(Error::Busy),
        };
        // Whoever asked may have gone away; the work stands.
        let _ = self.reply.send(answer);
    }
}

async fn run(db: Db, connection: AnyPool, mut waiting: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let mut tasks: Vec<Box<dyn Task>> = group.drain(..).map(|Job::Task(task)| task).collect();
        let committed = match together(&db, &connection, &mut tasks).await {
            Ok(()) => true,
            Err(problem) => {
                tracing::error!(error = %problem, "a group was not written");
                false
            }
        };
        for task in tasks {
            task.answer(committed);
        }
    }
}

async fn together(db: &Db, connection: &AnyPool, tasks: &mut [Box<dyn Task>]) -> Result<(), Error> {
    let mut transaction = connection.begin_with(db.engine.begin_write()).await?;
    for task in tasks {
        let mut savepoint = transaction.begin().await?;
        if task.run(&mut savepoint).await? {
            savepoint.commit().await?;
        } else {
            savepoint.rollback().await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
