//! The single writer: everything that changes the database goes through it, in groups that share
//! one commit. Nobody is answered before that commit is durable.
//!
//! Work that waits while a commit is under way forms the next group, so throughput is bounded by
//! commits and statements, not by phones. `desk` does the writing, `task` is what it writes beside
//! pushes, and `tidying` says when what was taken back goes from the files as well.

mod desk;
mod task;
mod tidying;

use crate::{
    clock,
    commands::{
        care,
        changes::{self, ChangeAction, ChangeDone},
        due,
        enter::{self, Entry},
        experience_desk::{self, ExperienceAction, ExperienceDone},
        group_desk::{self, GroupAction, GroupDone},
        incoming::Push,
        learning::{self, NoteAction, NoteDone},
        peers_desk::{self, PeerAction, PeerDone},
        programme::{self, ProgrammeAction, ProgrammeDone},
        staff::{self, StaffAction, StaffDone},
        trainings::{self, TrainingAction, TrainingDone},
        words_desk::{self, WordsAction, WordsDone},
    },
    db::Db,
    error::Error,
    state::Arrival,
};
use app::{
    domain::{
        id::{ChangeId, DocumentId, ExperienceId, GroupId, NoteId, StaffId, TrainingId},
        time::Millis,
    },
    sync::wire::CommandOutcome,
};
use desk::Desk;
use sqlx::{AnyConnection, AnyPool};
use std::{future::Future, pin::Pin};
use task::{Once, Task};
use tokio::sync::{broadcast, mpsc, oneshot};

/// How many pieces of work may wait before new ones are told to come back.
const QUEUE: usize = 1024;

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
    /// Work that takes away something that someone wrote.
    TakeAway(Box<dyn Task>),
    Tidy(Answer<()>),
}

impl Job {
    /// How much of a group it takes up.
    fn size(&self) -> usize {
        match self {
            Self::Push(push, _) => push.commands.len(),
            Self::Task(_) | Self::TakeAway(_) | Self::Tidy(_) => 1,
        }
    }

    /// Whether it may take away something that someone wrote.
    fn takes_away(&self) -> bool {
        match self {
            Self::Push(push, _) => push.takes_away(),
            Self::TakeAway(_) => true,
            Self::Task(_) | Self::Tidy(_) => false,
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
        let job = if action.takes_away() {
            Job::TakeAway
        } else {
            Job::Task
        };
        let (done, arrivals) = self
            .ask(job, move |tx| {
                Box::pin(staff::act(tx, clock::now_ms(), by, action))
            })
            .await?;
        tell(&self.arrivals, arrivals);
        Ok(done)
    }

    /// Does what staff do with opportunities and sessions, and tells the open pages.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not there; as [`Self::run`].
    pub async fn programme(
        &self,
        by: StaffId,
        action: ProgrammeAction,
    ) -> Result<ProgrammeDone, Error> {
        let job = if action.takes_away() {
            Job::TakeAway
        } else {
            Job::Task
        };
        let (done, arrivals) = self
            .ask(job, move |tx| {
                Box::pin(programme::act(tx, (by, clock::now_ms()), action))
            })
            .await?;
        tell(&self.arrivals, arrivals);
        Ok(done)
    }

    /// Does what staff do with an involvement group, and tells the open pages of those who look after it.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`]; as [`Self::run`].
    pub async fn group(
        &self,
        by: StaffId,
        id: GroupId,
        action: GroupAction,
    ) -> Result<GroupDone, Error> {
        let job = if action.takes_away() {
            Job::TakeAway
        } else {
            Job::Task
        };
        let (done, arrivals) = self
            .ask(job, move |tx| {
                Box::pin(group_desk::act(tx, (by, clock::now_ms()), id, action))
            })
            .await?;
        tell(&self.arrivals, arrivals);
        Ok(done)
    }

    /// Does what staff do with something that changed, and tells the open pages.
    ///
    /// # Errors
    /// [`Error::NotFound`]; as [`Self::run`].
    pub async fn change(
        &self,
        by: StaffId,
        id: ChangeId,
        action: ChangeAction,
    ) -> Result<ChangeDone, Error> {
        let job = if action.takes_away() {
            Job::TakeAway
        } else {
            Job::Task
        };
        let (done, arrivals) = self
            .ask(job, move |tx| {
                Box::pin(changes::act(tx, (by, clock::now_ms()), id, action))
            })
            .await?;
        tell(&self.arrivals, arrivals);
        Ok(done)
    }

    /// Does what staff do with an experience that they may read, and tells the open pages.
    ///
    /// # Errors
    /// [`Error::NotFound`]; as [`Self::run`].
    pub async fn experience(
        &self,
        by: StaffId,
        id: ExperienceId,
        action: ExperienceAction,
    ) -> Result<ExperienceDone, Error> {
        let job = if action.takes_away() {
            Job::TakeAway
        } else {
            Job::Task
        };
        let (done, arrivals) = self
            .ask(job, move |tx| {
                Box::pin(experience_desk::act(tx, (by, clock::now_ms()), id, action))
            })
            .await?;
        tell(&self.arrivals, arrivals);
        Ok(done)
    }

    /// Does what staff and leads do with the words of a document, and tells the open pages.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`]; as [`Self::run`].
    pub async fn words(
        &self,
        by: StaffId,
        id: DocumentId,
        action: WordsAction,
    ) -> Result<WordsDone, Error> {
        let (done, arrivals) = self
            .ask(Job::Task, move |tx| {
                Box::pin(words_desk::act(tx, (by, clock::now_ms()), id, action))
            })
            .await?;
        tell(&self.arrivals, arrivals);
        Ok(done)
    }

    /// Does what staff do about peer support, and tells the open pages.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`]; as [`Self::run`].
    pub async fn peers(&self, by: StaffId, action: PeerAction) -> Result<PeerDone, Error> {
        let job = if action.takes_away() {
            Job::TakeAway
        } else {
            Job::Task
        };
        let (done, arrivals) = self
            .ask(job, move |tx| {
                Box::pin(peers_desk::act(tx, (by, clock::now_ms()), action))
            })
            .await?;
        tell(&self.arrivals, arrivals);
        Ok(done)
    }

    /// Does what staff do with a change note.
    ///
    /// # Errors
    /// [`Error::NotFound`]; as [`Self::run`].
    pub async fn note(
        &self,
        by: StaffId,
        id: NoteId,
        action: NoteAction,
    ) -> Result<NoteDone, Error> {
        self.run(move |tx| Box::pin(learning::act(tx, (by, clock::now_ms()), id, action)))
            .await
    }

    /// Does what is done with a training.
    ///
    /// # Errors
    /// [`Error::NotFound`]; as [`Self::run`].
    pub async fn training(
        &self,
        by: StaffId,
        id: TrainingId,
        action: TrainingAction,
    ) -> Result<TrainingDone, Error> {
        self.run(move |tx| Box::pin(trainings::act(tx, (by, clock::now_ms()), id, action)))
            .await
    }

    /// Writes down a sign-up that came by phone or on paper, and tells the open pages.
    ///
    /// # Errors
    /// [`Error::Refused`]; as [`Self::run`].
    pub async fn enter(&self, entry: Entry) -> Result<(), Error> {
        let work = self.run(move |tx| Box::pin(enter::enter(tx, clock::now_ms(), entry)));
        tell(&self.arrivals, work.await?);
        Ok(())
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

    /// Ends offers that have run out, draws ballots whose time has come, says which sessions have happened, and
    /// tells the open pages.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn sessions_due(&self, now: Millis) -> Result<(), Error> {
        let work = self.run(move |tx| Box::pin(due::sessions_happened(tx, now)));
        tell(&self.arrivals, work.await?);
        let work = self.run(move |tx| Box::pin(due::offers_run_out(tx, now)));
        tell(&self.arrivals, work.await?);
        let work = self.run(move |tx| Box::pin(due::draw_a_ballot(tx, now)));
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
    /// alone, whatever shares the commit. What someone wrote is taken away by [`Self::push`],
    /// [`Self::staff`] and [`Self::take_away`], never here: those see to it that it goes from the files.
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
        self.ask(Job::Task, work).await
    }

    /// The same for work that takes away what someone wrote: it goes from the files as well.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn take_away<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> Writing<'c, T> + Send + 'static,
    {
        self.ask(Job::TakeAway, work).await
    }

    async fn ask<T, F>(&self, job: fn(Box<dyn Task>) -> Job, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> Writing<'c, T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task = Once::new(work, reply);
        self.jobs
            .try_send(job(Box::new(task)))
            .map_err(|_| Error::Busy)?;
        answer.await.map_err(|_| Error::Busy)?
    }
}

/// Nobody may be listening: no page of the desk is open then.
fn tell(arrivals: &broadcast::Sender<Arrival>, news: Vec<Arrival>) {
    for arrival in news {
        let _ = arrivals.send(arrival);
    }
}
