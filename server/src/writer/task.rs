//! Work that shares a commit with pushes: it runs in a savepoint of its own, so that an error undoes it
//! alone.

use super::{Answer, Writing};
use crate::error::Error;
use sqlx::AnyConnection;
use std::{future::Future, pin::Pin};

/// A piece of work that is not a push.
pub trait Task: Send {
    /// Whether the work went well and its savepoint is to be kept.
    fn run<'c>(
        &'c mut self,
        transaction: &'c mut AnyConnection,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'c>>;
    /// Answers whoever asked, once it is known whether the commit is durable.
    fn answer(self: Box<Self>, committed: bool);
}

/// Work that runs once: it cannot be done again when its transaction is not committed.
pub struct Once<F, T> {
    work: Option<F>,
    result: Option<Result<T, Error>>,
    reply: Answer<T>,
}

impl<F, T> Once<F, T> {
    /// `work`, whose result goes to `reply`.
    pub fn new(work: F, reply: Answer<T>) -> Self {
        Self {
            work: Some(work),
            result: None,
            reply,
        }
    }
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
