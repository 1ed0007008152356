//! What a phone holds after the pages that it was sent.

use anyhow::{Result, ensure};
use app::sync::wire::{ScopeSum, SyncResponse};
use std::collections::BTreeMap;

/// Records by scope and `kind/id`, each with its seq and body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mirror {
    /// Where the last page ended.
    pub cursor: Option<String>,
    records: BTreeMap<(String, String, String), (u64, String)>,
}

impl Mirror {
    /// Takes a page; the last one's sums must agree.
    pub fn take(&mut self, page: &SyncResponse) -> Result<()> {
        for change in &page.changes {
            let key = (change.scope.clone(), change.kind.clone(), change.id.clone());
            match &change.body {
                Some(body) if !change.deleted => {
                    self.records
                        .insert(key, (change.seq, body.0.get().to_owned()));
                }
                _ => {
                    self.records.remove(&key);
                }
            }
        }
        self.cursor = Some(page.cursor.clone());
        for (scope, told) in page.sums.iter().flatten() {
            let held = self.sum(scope);
            ensure!(
                held == *told,
                "{scope}: the sums say {told:?}, the phone holds {held:?}"
            );
        }
        Ok(())
    }

    /// The bodies of a kind of record, by id.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = (&str, &str)> {
        let wanted = move |record: &(&(String, String, String), _)| record.0.1 == kind;
        let records = self.records.iter().filter(wanted);
        records.map(|((_, _, id), (_, body))| (id.as_str(), body.as_str()))
    }

    fn sum(&self, scope: &str) -> ScopeSum {
        let mut sum = ScopeSum::default();
        for ((held_in, kind, id), (seq, _)) in &self.records {
            if held_in == scope {
                sum.add(kind, id, *seq);
            }
        }
        sum
    }
}
