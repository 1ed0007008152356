//! What a phone has not read yet, as of one moment: a page of changes, where to go on, and the sums.

use crate::{
    cursor::Cursor,
    db::{
        Db,
        feed::{self, Counter},
    },
    error::Error,
};
use app::sync::wire::{RecordChange, ScopeSum};
use std::collections::BTreeMap;

/// An answer to one pull.
#[derive(Debug)]
pub struct Pulled {
    /// At most a page, in order within each scope.
    pub changes: Vec<RecordChange>,
    /// Where to go on.
    pub cursor: Cursor,
    /// What each scope holds; none when there is more to come.
    pub sums: Option<BTreeMap<String, ScopeSum>>,
}

/// Reads what `scopes` have past `cursor`, at most `most` changes of it.
///
/// # Errors
/// What the database says.
pub async fn pull(
    db: &Db,
    cursor: &Cursor,
    scopes: &[String],
    most: usize,
) -> Result<Pulled, Error> {
    // One statement sees one moment, so a phone that is up to date costs no transaction.
    let counters = feed::counters(&mut *db.reader().await?, scopes.iter()).await?;
    let is_news = |(scope, counter): (&String, &Counter)| cursor.position(scope) < counter.seq;
    if !counters.iter().any(is_news) {
        return Ok(up_to_date(counters));
    }
    let mut snapshot = db.snapshot().await?;
    let counters = feed::counters(&mut snapshot, scopes.iter()).await?;
    let mut page = Pulled {
        changes: Vec::new(),
        cursor: Cursor::default(),
        sums: None,
    };
    let mut more = false;
    for scope in scopes {
        let counter = counters.get(scope).copied().unwrap_or_default();
        let from = cursor.position(scope);
        let room = most - page.changes.len();
        let changes = if from < counter.seq && room > 0 {
            feed::changes(&mut snapshot, scope, from, room).await?
        } else {
            Vec::new()
        };
        let cut = from < counter.seq && changes.len() == room;
        let last = changes.last().map_or(from, |change| change.seq);
        page.cursor
            .advance(scope, if cut { last } else { counter.seq });
        more |= cut && last < counter.seq;
        page.changes.extend(changes);
    }
    snapshot.commit().await?;
    page.sums = (!more).then(|| sums(counters));
    Ok(page)
}

fn up_to_date(counters: BTreeMap<String, Counter>) -> Pulled {
    let mut cursor = Cursor::default();
    for (scope, counter) in &counters {
        cursor.advance(scope, counter.seq);
    }
    Pulled {
        changes: Vec::new(),
        cursor,
        sums: Some(sums(counters)),
    }
}

fn sums(counters: BTreeMap<String, Counter>) -> BTreeMap<String, ScopeSum> {
    counters
        .into_iter()
        .map(|(scope, counter)| (scope, counter.sum))
        .collect()
}
