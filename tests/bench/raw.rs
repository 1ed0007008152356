//! What SQLite alone does on this machine, for comparing: rows inserted one by one by a prepared
//! statement, a commit for each group the size of a push, as durable as the server's.

use anyhow::Result;
use rusqlite::{Connection, params};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// As many as a push has commands.
const ROWS_A_COMMIT: u64 = 20;
const FOR: Duration = Duration::from_millis(1500);
const BODY: &str = "{\"feeling\":\"up_and_down\",\"note\":\"Better than last week. I slept, and I \
    went out to the garden group on Tuesday. Still worried about the letter, so it would help to \
    talk it through with someone.\",\"wants\":\"message\",\"contact\":{\"by\":\"text\",\"value\":\
    \"07700 900123\",\"safe_to_leave_message\":true}}";

/// Rows a second, in a new file in `folder`.
pub fn rows_per_second(folder: &Path) -> Result<u64> {
    let folder = tempfile::tempdir_in(folder)?;
    let db = Connection::open(folder.path().join("raw.db"))?;
    db.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; \
         create table raw (id text primary key, at integer not null, body text not null);",
    )?;
    let mut insert = db.prepare("insert into raw (id, at, body) values (?1, ?2, ?3)")?;
    let start = Instant::now();
    let mut rows = 0_u64;
    while start.elapsed() < FOR {
        db.execute_batch("begin immediate")?;
        for _ in 0..ROWS_A_COMMIT {
            insert.execute(params![
                Uuid::now_v7().to_string(),
                1_795_443_120_007_i64,
                BODY
            ])?;
            rows += 1;
        }
        db.execute_batch("commit")?;
    }
    Ok(crate::figures::rate(rows, start.elapsed()))
}
