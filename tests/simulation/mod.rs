//! The deterministic simulation: many replicas of several members, one server, and everything that
//! goes wrong, from one seed.
//!
//! A run has two parts. First people act, staff act, and every fault of [`faults::Fault`] strikes at
//! random: the network drops, doubles, delays and loses, tabs die in the middle of a write, browsers
//! evict, stores lose records, clocks jump, sessions end, phones are locked, lost and handed on, the server
//! dies and goes back in time. Then faults stop, each phone is looked at a few
//! times, and everything must have come right. The [`oracle`] watches all the while: it sees every
//! transaction, every byte that leaves a phone, and every answer.
//!
//! The replica is the shipped one. The server is the [`model`] or the [`real`] router on SQLite.
//! [`mutation`] holds deliberate mistakes that the invariants must find.

pub mod chance;
pub mod driver;
pub mod faults;
pub mod groups;
pub mod leads;
pub mod lock;
pub mod model;
pub mod mutation;
pub mod network;
pub mod oracle;
pub mod people;
pub mod phone;
pub mod pins;
pub mod real;
pub mod rest;
pub mod server;
pub mod store;
pub mod verdict;
pub mod world;

use faults::Tally;
use mutation::Mutation;
use server::Server;
use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use world::World;

/// Whether what happens is told as it happens: to find out why a seed fails.
pub static TELLS: AtomicBool = AtomicBool::new(false);

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Runs.
    pub seeds: u64,
    /// What went wrong on purpose, and what phones went through.
    pub tally: Tally,
    /// Commands that people made.
    pub commands: u64,
    /// Requests that left phones.
    pub requests: u64,
}

impl Report {
    fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.tally.add(&other.tally);
        self.commands += other.commands;
        self.requests += other.requests;
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            seeds,
            commands,
            requests,
            tally,
        } = self;
        write!(
            f,
            "{seeds} seeds, {commands} commands, {requests} requests, {tally}"
        )
    }
}

/// A run that broke an invariant.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed that shows it again.
    pub seed: u64,
    /// What does not hold.
    pub what: String,
}

/// One run against `server`.
///
/// # Errors
/// The invariant that did not hold.
pub fn run(
    seed: u64,
    server: Box<dyn Server>,
    mutation: Option<Mutation>,
) -> Result<Report, Failure> {
    let mut world = World::new(seed, server, mutation);
    let lived = world.live();
    lived.map_err(|what| Failure {
        seed,
        what: format!("at {} ms: {what}", world.now),
    })?;
    Ok(Report {
        seeds: 1,
        commands: world.oracle.made.len() as u64,
        requests: world.requests,
        tally: world.tally,
    })
}

/// Runs of the model for the seeds `from .. from + count`, on all cores.
///
/// # Errors
/// The failure with the lowest seed of those found.
pub fn run_model(from: u64, count: u64, mutation: Option<Mutation>) -> Result<Report, Failure> {
    run_many(from, count, |seed| {
        run(seed, Box::new(model::Model::new(mutation)), mutation)
    })
}

/// Runs of the real server for the seeds `from .. from + count`, on all cores.
///
/// # Errors
/// The failure with the lowest seed of those found.
pub fn run_real(from: u64, count: u64) -> Result<Report, Failure> {
    run_many(from, count, |seed| {
        let server = real::Real::new().map_err(|problem| Failure {
            seed,
            what: format!("the real server does not start: {problem:#}"),
        })?;
        run(seed, Box::new(server), None)
    })
}

/// Runs `one` for each seed, on all cores, until one fails.
///
/// # Errors
/// The failure with the lowest seed of those found.
pub fn run_many(
    from: u64,
    count: u64,
    one: impl Fn(u64) -> Result<Report, Failure> + Sync,
) -> Result<Report, Failure> {
    let next = AtomicU64::new(from);
    let total = Mutex::new((Report::default(), None::<Failure>));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + count {
                        return;
                    }
                    let result = one(seed);
                    let mut total = total.lock().expect("no run panics with the lock held");
                    match result {
                        Ok(report) => total.0.add(&report),
                        Err(failure) => {
                            let lowest = total.1.as_ref().is_none_or(|old| old.seed > failure.seed);
                            if lowest {
                                total.1 = Some(failure);
                            }
                            next.store(from + count, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let (report, failure) = total.into_inner().expect("all threads have ended");
    failure.map_or(Ok(report), Err)
}
