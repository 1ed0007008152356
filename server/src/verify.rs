//! Looking for faults in a database: does what it tells phones agree with what it knows? Changes nothing.
//!
//! The engine's own checks (pages, indexes, foreign keys), each scope's count and sum taken anew from
//! the feed, the feed's records held against the rows that they are made of, outcomes, places against
//! sign-ups, who looks after what was shared, members' phones, and the chain of the audit log. A fault is a line of text for whoever runs `chorus verify`; it names ids, never
//! what anyone wrote.

use crate::{
    audit::{self, Head, Noted, Walk},
    config::Store,
    db::{
        Engine,
        audit::chain,
        calendars,
        check_ins::{self, CheckInRow},
        devices,
        experiences::{self, people, stories},
        feed::{Counter, member_scope},
        groups::group_scope,
        help_lines, members, needs, opportunities,
        peers::{
            asks,
            matches::{self, MatchRow},
            messages::{self, MessageRow},
            peer_scope, supporters,
        },
        plans, sessions,
        sign_ups::{self, SignUpRow},
        teams,
        verify::{self, Counted, FeedRow},
        withdrawn,
        word::read_id,
        words::{self, suggestions, voices},
    },
    error::Error,
};
use app::domain::{
    device::Device,
    experience::Experience,
    id::{MemberId, SessionId, SignUpId},
    member::Named,
    peer::{PeerMessage, Side},
    programme,
    record::{CheckIn, SignUp, kind},
    shared_plan::SharedPlan,
    sign_up::SignUpState,
};
use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, Connection};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
    str::FromStr,
};

/// What is wrong with a SQLite file, which may be a backup.
///
/// # Errors
/// It cannot be read.
pub async fn file(path: &Path) -> Result<Vec<String>, Error> {
    let url = format!("sqlite://{}?mode=ro", path.display());
    look(&url).await
}

/// What is wrong with the database.
///
/// # Errors
/// It cannot be read.
pub async fn database(store: &Store) -> Result<Vec<String>, Error> {
    look(&url_of(store, None)).await
}

/// Follows the chain of the audit log in a SQLite file, or else in the database: see [`audit::walk`].
///
/// # Errors
/// It cannot be read.
pub async fn audit_log(
    store: &Store,
    file: Option<&Path>,
    noted: Option<&Noted>,
) -> Result<Walk, Error> {
    let url = url_of(store, file);
    let mut connection = open(&url).await?;
    let begin = Engine::of(&url).begin_snapshot();
    let mut snapshot = connection.begin_with(begin).await?;
    let walk = audit::walk(&mut snapshot, noted).await?;
    snapshot.rollback().await?;
    connection.close().await?;
    Ok(walk)
}

/// Where the chain of the audit log ends in a SQLite file; none in one from before there was a chain.
///
/// # Errors
/// It cannot be read.
pub async fn audit_head(file: &Path) -> Result<Option<Head>, Error> {
    let mut connection = open(&format!("sqlite://{}?mode=ro", file.display())).await?;
    let head = chain::head(&mut connection).await?;
    connection.close().await?;
    Ok(head)
}

fn url_of(store: &Store, file: Option<&Path>) -> String {
    match file {
        Some(file) => format!("sqlite://{}?mode=ro", file.display()),
        None => store.database().replace("?mode=rwc", "?mode=ro"),
    }
}

async fn open(url: &str) -> Result<AnyConnection, Error> {
    sqlx::any::install_default_drivers();
    Ok(AnyConnection::connect(url).await?)
}

async fn look(url: &str) -> Result<Vec<String>, Error> {
    let engine = Engine::of(url);
    let mut connection = open(url).await?;
    let mut snapshot = connection.begin_with(engine.begin_snapshot()).await?;
    let mut faults = verify::broken(&mut snapshot, engine).await?;
    // What is broken underneath cannot be read on.
    if faults.is_empty() {
        faults.extend(feed(&mut snapshot).await?);
        faults.extend(verify::unseen(&mut snapshot).await?);
        faults.extend(verify::misshapen_outcomes(&mut snapshot).await?);
        faults.extend(verify::care(&mut snapshot).await?);
        faults.extend(verify::misshapen_codes(&mut snapshot).await?);
        faults.extend(verify::join_codes(&mut snapshot).await?);
        let places = verify::places(&mut snapshot).await?;
        faults.extend(places.iter().filter_map(place_fault));
        faults.extend(audit::walk(&mut snapshot, None).await?.faults);
    }
    snapshot.rollback().await?;
    connection.close().await?;
    Ok(faults)
}

fn place_fault(it: &Counted) -> Option<String> {
    let Counted {
        session,
        told,
        real,
        places,
    } = it;
    if told != real {
        return Some(format!(
            "session {session}: {} places held and {} waiting are counted, {} and {} are there",
            told.0, told.1, real.0, real.1
        ));
    }
    let places = places.filter(|places| real.0 > *places)?;
    Some(format!(
        "session {session}: {} people hold {places} places",
        real.0
    ))
}

/// Reads the whole feed, a page at a time.
async fn feed(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    let mut sums: BTreeMap<String, Counter> = BTreeMap::new();
    let mut last = None;
    loop {
        let rows = verify::feed_after(connection, last.as_ref()).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let counter = sums.entry(row.scope.clone()).or_default();
            counter.seq = counter.seq.max(row.seq);
            if !row.deleted {
                counter.sum.add(&row.kind, &row.id, row.seq);
            }
            if row.deleted == row.body.is_some() {
                faults.push(fault(
                    row,
                    "a record without a body, or a tombstone with one",
                ));
            }
        }
        faults.extend(records(connection, &rows).await?);
        last = rows.into_iter().next_back();
    }
    for (scope, told) in verify::scopes(connection).await? {
        let real = sums.remove(&scope).unwrap_or_default();
        if told.sum != real.sum || told.seq < real.seq {
            faults.push(format!(
                "scope {scope}: its count and sum are not those of its records"
            ));
        }
    }
    faults.extend(
        sums.into_keys()
            .map(|scope| format!("scope {scope}: has records and no counter")),
    );
    Ok(faults)
}

fn fault(row: &FeedRow, what: &str) -> String {
    let FeedRow {
        scope, kind, id, ..
    } = row;
    format!("record {kind} {id} of {scope}: {what}")
}

/// Holds a page of the feed against the rows that its records are made of.
async fn records(connection: &mut AnyConnection, page: &[FeedRow]) -> Result<Vec<String>, Error> {
    let live: Vec<&FeedRow> = page.iter().filter(|row| !row.deleted).collect();
    let mut faults = Vec::new();
    let of = |kind: &str| {
        live.iter()
            .copied()
            .filter(|row| row.kind == kind)
            .collect::<Vec<_>>()
    };
    sign_up_records(connection, &of(kind::SIGN_UP), &mut faults).await?;
    check_in_records(connection, &of(kind::CHECK_IN), &mut faults).await?;
    for row in of(kind::OPPORTUNITY) {
        let found = opportunities::find(connection, read_id(&row.id)?).await;
        let shown = found.ok().map(|row| row.record);
        let shown = shown.filter(|it| programme::is_shown(it.state));
        compare(row, shown.as_ref(), &mut faults);
    }
    for row in of(kind::SESSION) {
        let session = sessions::record(connection, read_id(&row.id)?).await;
        compare(row, session.ok().as_ref(), &mut faults);
    }
    for row in of(kind::TEAM) {
        let team = teams::record(connection, read_id(&row.id)?).await;
        compare(row, team.ok().as_ref(), &mut faults);
    }
    for row in of(kind::HELP_LINE) {
        let kept = help_lines::find(connection, read_id(&row.id)?).await?;
        compare(row, kept.map(|kept| kept.line).as_ref(), &mut faults);
    }
    for row in of(kind::MEMBER) {
        let member = members::by_id(connection, read_id(&row.id)?).await?;
        let member = member.filter(|member| member_scope(member.id) == row.scope);
        let named = member.map(|member| Named { name: member.name });
        compare(row, named.as_ref(), &mut faults);
    }
    for row in of(kind::NEEDS) {
        let member: MemberId = read_id(&row.id)?;
        let kept = needs::of(connection, member).await?;
        let kept = kept.filter(|_| member_scope(member) == row.scope);
        compare(row, kept.as_deref().map(needs::told).as_ref(), &mut faults);
    }
    plan_records(connection, &of(kind::PLAN), &mut faults).await?;
    for row in of(kind::CALENDAR) {
        let calendar = calendars::of_member(connection, read_id(&row.id)?).await?;
        let own = row.scope.strip_prefix("member:") == Some(&*row.id);
        compare(row, calendar.filter(|_| own).as_ref(), &mut faults);
    }
    word_records(connection, &live, &mut faults).await?;
    experience_records(connection, &of(kind::EXPERIENCE), &mut faults).await?;
    for row in of(kind::STORY) {
        let story = stories::find(connection, read_id(&row.id)?).await?;
        let story = story.filter(|it| member_scope(it.standing.member) == row.scope);
        compare(row, story.map(|it| it.record()).as_ref(), &mut faults);
    }
    for row in of(kind::SPEAKING_UP) {
        let expected = people::speaking_up(connection).await?;
        compare(row, Some(&expected), &mut faults);
    }
    peer_records(connection, &live, &mut faults).await?;
    for row in of(kind::DEVICE) {
        let device = device(connection, row).await?;
        compare(row, device.as_ref(), &mut faults);
    }
    Ok(faults)
}

/// Documents, and what was said about them.
async fn word_records(
    connection: &mut AnyConnection,
    live: &[&FeedRow],
    faults: &mut Vec<String>,
) -> Result<(), Error> {
    for row in live {
        match row.kind.as_str() {
            kind::DOCUMENT => {
                let found = words::find(connection, read_id(&row.id)?).await?;
                let found = found.filter(|found| found.scope() == row.scope);
                compare(row, found.map(|found| found.record()).as_ref(), faults);
            }
            kind::SUGGESTION => {
                let found = suggestions::find(connection, read_id(&row.id)?).await?;
                let record = match found.filter(|found| member_scope(found.member) == row.scope) {
                    Some(found) => Some(suggestions::record(connection, &found).await?),
                    None => None,
                };
                compare(row, record.as_ref(), faults);
            }
            kind::GROUP_SUGGESTION => {
                let found = suggestions::find(connection, read_id(&row.id)?).await?;
                let record = match found {
                    Some(found) => suggestions::group_record(connection, &found).await?,
                    None => None,
                };
                let record = record.filter(|it| group_scope(it.group) == row.scope);
                compare(row, record.as_ref(), faults);
            }
            kind::SUGGESTION_COMMENT => {
                let found = voices::comment(connection, read_id(&row.id)?).await?;
                let found = found.filter(|found| group_scope(found.group) == row.scope);
                compare(row, found.map(|found| found.told()).as_ref(), faults);
            }
            _ => {}
        }
    }
    Ok(())
}

async fn experience_records(
    connection: &mut AnyConnection,
    records: &[&FeedRow],
    faults: &mut Vec<String>,
) -> Result<(), Error> {
    let marks = marks(connection, records, kind::EXPERIENCE).await?;
    for record in records {
        let row = experiences::find(&mut *connection, read_id(&record.id)?).await?;
        let expected = match row {
            Some(row) if member_scope(row.member) == record.scope => Some(row.record),
            _ => marks.contains(&record.id).then(Experience::mark),
        };
        compare(record, expected.as_ref(), faults);
    }
    Ok(())
}

/// Peer support: what each of the two is told, and whoever supports others.
async fn peer_records(
    connection: &mut AnyConnection,
    live: &[&FeedRow],
    faults: &mut Vec<String>,
) -> Result<(), Error> {
    for row in live {
        match row.kind.as_str() {
            kind::PEER_ASK => {
                let found = asks::find(connection, read_id(&row.id)?).await?;
                let found = found.filter(|found| member_scope(found.member) == row.scope);
                compare(row, found.map(|found| found.told()).as_ref(), faults);
            }
            kind::PEER_MATCH => {
                let found = matches::find(connection, read_id(&row.id)?).await?;
                let told = found.and_then(|found| match &row.scope {
                    scope if *scope == member_scope(found.member) => found.told_asker(),
                    scope if *scope == peer_scope(found.peer) => found.told_peer(),
                    _ => None,
                });
                compare(row, told.as_ref(), faults);
            }
            kind::PEER_MESSAGE => {
                let found = messages::find(connection, read_id(&row.id)?).await?;
                let told = match found {
                    Some(found) => {
                        let of = matches::find(connection, found.peer_match).await?;
                        of.and_then(|of| told_of(&row.scope, &of, &found))
                    }
                    None => None,
                };
                compare(row, told.as_ref(), faults);
            }
            kind::PEER_SUPPORTER => {
                let found = supporters::find(connection, read_id(&row.id)?).await?;
                let told = match found.filter(|found| member_scope(found.member) == row.scope) {
                    Some(found) => supporters::told(connection, &found).await?,
                    None => None,
                };
                compare(row, told.as_ref(), faults);
            }
            _ => {}
        }
    }
    Ok(())
}

fn told_of(scope: &str, of: &MatchRow, one: &MessageRow) -> Option<PeerMessage> {
    let [asker, peer] = messages::is_told(of);
    if scope == member_scope(of.member) {
        asker.then(|| one.told(Side::Asker))
    } else {
        (peer && scope == peer_scope(of.peer)).then(|| one.told(Side::Peer))
    }
}

async fn sign_up_records(
    connection: &mut AnyConnection,
    records: &[&FeedRow],
    faults: &mut Vec<String>,
) -> Result<(), Error> {
    let rows = sign_ups::by_id(connection, &ids(records)).await?;
    let sessions: BTreeSet<SessionId> = rows.iter().map(|row| row.session).collect();
    let sessions: Vec<SessionId> = sessions.into_iter().collect();
    let queues = sign_ups::queues(connection, &sessions).await?;
    let places = opportunities::places(connection, &sessions).await?;
    let links: HashMap<SessionId, String> = places
        .into_iter()
        .filter_map(|(id, row)| Some((id, row.link?)))
        .collect();
    let rows: HashMap<String, SignUpRow> = rows
        .into_iter()
        .map(|row| (row.id.to_string(), row))
        .collect();
    let marks = marks(connection, records, kind::SIGN_UP).await?;
    for record in records {
        let expected = match rows.get(&record.id) {
            Some(row) if member_scope(row.member) == record.scope => {
                Some(row.told(position(row, &queues), links.get(&row.session)))
            }
            _ => marks.contains(&record.id).then(SignUp::mark),
        };
        compare(record, expected.as_ref(), faults);
    }
    Ok(())
}

fn position(row: &SignUpRow, queues: &[(SessionId, SignUpId)]) -> Option<u32> {
    let mut queue = queues.iter().filter(|(session, _)| *session == row.session);
    let index = queue.position(|(_, waiting)| *waiting == row.id)?;
    let position = u32::try_from(index + 1).ok()?;
    (row.record.state == SignUpState::Waiting).then_some(position)
}

async fn check_in_records(
    connection: &mut AnyConnection,
    records: &[&FeedRow],
    faults: &mut Vec<String>,
) -> Result<(), Error> {
    let rows = check_ins::by_id(connection, &ids(records)).await?;
    let rows: HashMap<String, CheckInRow> = rows
        .into_iter()
        .map(|row| (row.id.to_string(), row))
        .collect();
    let marks = marks(connection, records, kind::CHECK_IN).await?;
    for record in records {
        let expected = match rows.get(&record.id) {
            Some(row) if member_scope(row.member) == record.scope => Some(row.record.clone()),
            _ => marks.contains(&record.id).then(CheckIn::mark),
        };
        compare(record, expected.as_ref(), faults);
    }
    Ok(())
}

async fn plan_records(
    connection: &mut AnyConnection,
    records: &[&FeedRow],
    faults: &mut Vec<String>,
) -> Result<(), Error> {
    let marks = marks(connection, records, kind::PLAN).await?;
    for record in records {
        let row = plans::find(&mut *connection, read_id(&record.id)?).await?;
        let expected = match row {
            Some(row) if member_scope(row.member) == record.scope => Some(row.record),
            _ => marks.contains(&record.id).then(SharedPlan::mark),
        };
        compare(record, expected.as_ref(), faults);
    }
    Ok(())
}

async fn device(connection: &mut AnyConnection, record: &FeedRow) -> Result<Option<Device>, Error> {
    let Some(member) = record.scope.strip_prefix("member:") else {
        return Ok(None);
    };
    let row = devices::find(connection, read_id(member)?, read_id(&record.id)?).await?;
    Ok(row.and_then(|row| row.listed()))
}

/// Which of these were withdrawn before they came: then there is a mark, and no row.
async fn marks(
    connection: &mut AnyConnection,
    records: &[&FeedRow],
    kind: &'static str,
) -> Result<Vec<String>, Error> {
    let wanted: Vec<_> = records
        .iter()
        .filter_map(|row| {
            let member = row.scope.strip_prefix("member:")?;
            let member: MemberId = member.parse().ok()?;
            Some((member, kind, row.id.parse().ok()?))
        })
        .collect();
    let found = withdrawn::marks(connection, &wanted).await?;
    Ok(found.into_iter().map(|(_, _, id)| id.to_string()).collect())
}

/// Compared as what it means, not as text: a record that an older version wrote may lack fields.
fn compare<T: DeserializeOwned + PartialEq>(
    row: &FeedRow,
    expected: Option<&T>,
    faults: &mut Vec<String>,
) {
    let body = row.body.as_deref().unwrap_or_default();
    match (serde_json::from_str::<T>(body), expected) {
        (Err(_), _) => faults.push(fault(row, "cannot be read")),
        (_, None) => faults.push(fault(row, "nothing that it is made of is there")),
        (Ok(record), Some(expected)) if record != *expected => {
            faults.push(fault(row, "is not what it is made of"));
        }
        _ => {}
    }
}

fn ids<T: FromStr<Err = uuid::Error>>(records: &[&FeedRow]) -> Vec<T> {
    records
        .iter()
        .filter_map(|row| row.id.parse().ok())
        .collect()
}
