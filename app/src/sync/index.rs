//! What the replica remembers of the records: each one's key and seq, and each scope's sum. No bodies.

use super::{store::RecordKey, wire::ScopeSum};
use crate::flat_map::FlatMap;

/// The phone's records, by scope.
#[derive(Debug, Default)]
pub struct Index {
    scopes: FlatMap<Scope>,
}

#[derive(Debug, Default)]
struct Scope {
    seqs: FlatMap<u64>,
    sum: ScopeSum,
}

impl Index {
    /// The index over the keys of the store; a text that is no key is passed over.
    pub fn from_keys(keys: &[String]) -> Self {
        let mut index = Self::default();
        for key in keys.iter().filter_map(|text| RecordKey::parse(text)) {
            index.put(&key);
        }
        index
    }

    /// The seq of a record, if it is here.
    pub fn seq_of(&self, scope: &str, name: &str) -> Option<u64> {
        self.scopes.get(scope)?.seqs.get(name).copied()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.scopes.iter().map(|(_, scope)| scope.seqs.len()).sum()
    }

    /// What a scope holds.
    pub fn sum_of(&self, scope: &str) -> ScopeSum {
        self.scopes
            .get(scope)
            .map_or_else(ScopeSum::default, |scope| scope.sum)
    }

    /// The keys of the scopes and names that `wanted` says.
    pub fn keys(&self, wanted: impl Fn(&str, &str) -> bool) -> Vec<RecordKey> {
        let mut keys = Vec::new();
        for (scope, held) in &self.scopes {
            for (name, seq) in &held.seqs {
                if wanted(scope, name) {
                    keys.push(RecordKey {
                        scope: scope.clone(),
                        name: name.clone(),
                        seq: *seq,
                    });
                }
            }
        }
        keys
    }

    /// A record was stored under this key.
    pub fn put(&mut self, key: &RecordKey) {
        self.remove(key);
        let scope = self.scopes.entry(&key.scope);
        scope.seqs.insert(key.name.clone(), key.seq);
        scope.sum.add(key.kind(), key.id(), key.seq);
    }

    /// A record is gone, whatever its seq was.
    pub fn remove(&mut self, key: &RecordKey) {
        let scope = self.scopes.entry(&key.scope);
        if let Some(seq) = scope.seqs.remove(&key.name) {
            scope.sum.remove(key.kind(), key.id(), seq);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_follow_every_put_and_remove() {
        let mut index = Index::from_keys(&["public/session/a/3".into(), "nonsense".into()]);
        let mut sum = ScopeSum::default();
        sum.add("session", "a", 3);
        assert_eq!(index.sum_of("public"), sum);

        let newer = RecordKey::parse("public/session/a/9").unwrap();
        index.put(&newer);
        assert_eq!(index.seq_of("public", "session/a"), Some(9));
        assert_eq!(index.sum_of("public").count, 1);

        index.remove(&newer);
        assert_eq!(index.sum_of("public"), ScopeSum::default());
    }
}
