//! The simulation as a test: some worlds, and deliberate mistakes that must be found. The whole check
//! runs many more worlds, with other seeds, by the `simulate` program.

use tests::simulation::{
    faults::{Fault, Met, STATUSES},
    mutation::Mutation,
    run_model, run_real,
};

/// How many seeds are tried before a mistake counts as not found.
const SEEDS_TO_FIND: u64 = 4_000;

/// And each kind of fault was among what they came through: a simulation that has stopped injecting one
/// proves nothing about it.
#[test]
fn worlds_come_right() {
    let tally = match run_model(1_000_000, 200, None) {
        Ok(report) => {
            println!("{report}");
            report.tally
        }
        Err(failure) => panic!("model seed {}: {}", failure.seed, failure.what),
    };
    assert_eq!(tally.faults.missing(Fault::ALL), []);
    assert_eq!(tally.statuses.missing(&STATUSES), [0_u16; 0]);
    assert_eq!(tally.met.missing(Met::ALL), []);
}

/// The server makes its own ids, so no two runs are the same; what is asked for comes in every one.
#[test]
fn worlds_come_right_on_the_real_server() {
    let tally = match run_real(1_000_000, 20) {
        Ok(report) => {
            println!("on the real server: {report}");
            report.tally
        }
        Err(failure) => panic!("real seed {}: {}", failure.seed, failure.what),
    };
    let common = [
        Met::PageWithMore,
        Met::Tombstone,
        Met::TooLarge,
        Met::Healed,
        Met::Renewed,
    ];
    assert_eq!(tally.met.missing(&common), []);
}

/// A mistake counts as found only by the invariant that is there for it.
#[test]
fn every_deliberate_mistake_is_found() {
    let mut missed = Vec::new();
    for mutation in Mutation::ALL {
        let found = (0..SEEDS_TO_FIND).find_map(|seed| {
            let failure = run_model(seed, 1, Some(mutation)).err()?;
            failure
                .what
                .contains(mutation.found_by())
                .then_some(failure)
        });
        match found {
            Some(failure) => println!("{mutation:?}: seed {}: {}", failure.seed, failure.what),
            None => missed.push(mutation),
        }
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}
