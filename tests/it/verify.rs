//! `chorus verify`: each fault is found and said.

use crate::{
    database::{Database, engine, tamper},
    site::Site,
    sync::{a_request, a_share},
};
use app::domain::opportunity::Gives;
use server::{config::Store, db::Engine, verify};

/// A database with one of everything, that nobody serves.
pub async fn a_database() -> (Database, Store) {
    let site = Site::new().await;
    let team = site.team("Harbour team", "STAR-1").await;
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let mut first = site.joined("STAR-1").await;
    first.does(&a_request(session).1).await;
    first.does(&a_share(team).1).await;
    let mut second = site.joined("STAR-1").await;
    second.does(&a_request(session).1).await;
    let store = site.app.config.store.clone();
    site.app.writer.tidy().await.unwrap();
    (site.close(), store)
}

#[tokio::test]
async fn a_sound_database_has_no_faults() {
    let (_database, store) = a_database().await;
    assert_eq!(
        verify::database(&store).await.unwrap(),
        Vec::<String>::new()
    );
}

const A_HAND_OVER: &str = "insert into staff (id, email, name, role, password, made_at) \
    values ('s', 's@x.example', 'S', 'staff', '', 1); \
    insert into hand_overs (id, kind, subject, at, by_staff, to_staff) \
    values ('h', 'check_in', 'nothing', 1, 's', 's')";

/// How a database is spoiled, and what is said of it.
const WAYS: &[(&str, &str)] = &[
    (
        "update scopes set count = count + 1 where scope = 'public'",
        "count and sum",
    ),
    (
        "update feed set seq = seq + 90 where kind = 'session'",
        "count and sum",
    ),
    (
        "delete from scopes where scope like 'member:%'",
        "has records and no counter",
    ),
    (
        "delete from feed where kind = 'check_in'",
        "no record of it is in the scope",
    ),
    (
        "update feed set deleted = 1, body = null where kind = 'sign_up'",
        "no record of it",
    ),
    (
        "update feed set body = null where kind = 'check_in'",
        "a record without a body",
    ),
    (
        "update feed set body = '{}' where kind = 'session'",
        "cannot be read",
    ),
    (
        "update check_ins set note = 'other words'",
        "is not what it is made of",
    ),
    (
        "update sign_ups set queue = 0 where state = 'waiting'; \
          update sign_ups set state = 'received' where state = 'waiting'",
        "is not what it is made of",
    ),
    (
        "delete from check_ins",
        "nothing that it is made of is there",
    ),
    ("update commands set hash = 'short'", "not well-formed"),
    ("update commands set outcome = 'refused'", "not well-formed"),
    (
        "update check_ins set copied_by = 'Someone'",
        "is not what it is made of",
    ),
    (
        "update check_ins set taken_on_by = 'Someone'",
        "who is said to have it differ",
    ),
    ("update check_ins set asks = 1 - asks", "asked for is noted"),
    ("update check_ins set passed = 1", "and it did not"),
    (
        "update check_ins set state = 'withdrawn', note = 'words'",
        "its words are here",
    ),
    (
        "update check_ins set answered_back = 1",
        "answered is noted wrongly",
    ),
    (A_HAND_OVER, "of nothing that is there"),
    (
        "delete from feed where kind = 'device'",
        "no record of it is in the scope",
    ),
    (
        "update devices set lost_by = 'Someone'",
        "is not what it is made of",
    ),
    (
        "update devices set left_at = 1",
        "nothing that it is made of is there",
    ),
    (
        "insert into pair_codes (member, selector, hash, tries, ends_at) \
             select min(id), '1234', 'short', 0, 1 from members",
        "code for another phone",
    ),
    ("update sessions set taken = 0", "places held and"),
    ("update sessions set places = 0", "hold 0 places"),
    (
        "update members set id = '00000000-0000-0000-0000-000000000001' where id = (select min(id) from members)",
        "foreign key",
    ),
];

#[tokio::test]
async fn each_way_in_which_a_database_can_be_wrong_is_said() {
    for (sql, words) in WAYS {
        let (_database, store) = a_database().await;
        // PostgreSQL has no look for this: it keeps its foreign keys whoever writes.
        if engine(&store) == Engine::Postgres && *words == "foreign key" {
            continue;
        }
        tamper(&store, sql).await;
        let faults = verify::database(&store).await.unwrap();
        assert!(
            faults.iter().any(|fault| fault.contains(words)),
            "{sql}: {faults:?}"
        );
    }
}
