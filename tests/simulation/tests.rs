//! The simulation as a test: some worlds, and deliberate mistakes that must be found. The whole check
//! runs many more worlds, with other seeds, by the `simulate` program.

use tests::simulation::{mutation::Mutation, run_model, run_real};

/// How many seeds are tried before a mistake counts as not found.
const SEEDS_TO_FIND: u64 = 1_000;

#[test]
fn worlds_come_right() {
    match run_model(1_000_000, 200, None) {
        Ok(report) => println!("{report}"),
        Err(failure) => panic!("model seed {}: {}", failure.seed, failure.what),
    }
}

#[test]
fn worlds_come_right_on_the_real_server() {
    match run_real(1_000_000, 10) {
        Ok(report) => println!("on the real server: {report}"),
        Err(failure) => panic!("real seed {}: {}", failure.seed, failure.what),
    }
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
