//! The simulation as a test: some worlds, and deliberate mistakes that must be found. The whole check
//! runs many more worlds, with other seeds, by the `simulate` program.

use app::sync::outbox::Owner;
use serde_json::Value;
use std::collections::BTreeMap;
use tests::simulation::{
    faults::{Fault, Met, STATUSES},
    lock::{opened, outside, seal},
    model::{read_cursor, write_cursor},
    mutation::Mutation,
    run_model, run_real,
};

/// How many seeds are tried before a mistake counts as not found.
const SEEDS_TO_FIND: u64 = 1_000;

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
    let common = [Met::PageWithMore, Met::TooLarge, Met::Healed, Met::Renewed];
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

/// The browser's own journey, `seal.spec.ts`, asks the very code that seals about the same rows.
#[test]
fn the_same_rows_are_sealed_as_in_the_browser() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/sealed-rows.json");
    let golden = std::fs::read_to_string(path).expect("the rows");
    let golden: Value = serde_json::from_str(&golden).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let owner = Owner::Member(text(&golden["owner"]).parse().expect("an id"));
    let rows = golden["rows"].as_array().expect("rows");
    assert!(rows.len() > 15);
    for row in rows {
        let (store, key) = (text(&row["store"]), text(&row["key"]));
        let plain = text(&row["row"]);
        let before = outside(owner, &store, &key, &plain);
        assert_eq!(before.as_deref(), row["outside"].as_str(), "{store} {key}");
        let sealed = seal(owner, "id", &store, &key, &plain);
        assert_eq!(sealed != plain, before.is_some());
        assert_eq!(seal(owner, "id", &store, &key, &sealed), sealed);
        let keys = ["id".to_owned()];
        assert_eq!(opened(&keys, &store, &key, &sealed).as_ref(), Some(&plain));
        if before.is_some() {
            assert_eq!(opened(&keys, &store, "elsewhere", &sealed), None);
            assert_eq!(opened(&[], &store, &key, &sealed), None);
        }
    }
}

#[test]
fn a_cursor_of_the_model_reads_back() {
    let positions = BTreeMap::from([("public".to_owned(), 7), ("member:x".to_owned(), 1)]);
    let text = write_cursor(&positions, 1);
    assert_eq!(read_cursor(Some(&text), 1), Some(positions));
    assert_eq!(read_cursor(Some(&text), 2), Some(BTreeMap::new()));
    assert!(read_cursor(Some("nonsense"), 1).is_none());
}
