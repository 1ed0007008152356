//! A map in few bytes: a vector in the order of its keys.
//!
//! The standard library's ordered map costs phones 4 KB of wasm for each type of value. What a phone
//! holds in one is short, or was put in in order: there, a vector is as quick.

use crate::json::{FromJson, Misshapen, fields_of};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Values by name, in the order of the names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlatMap<V>(Vec<(String, V)>);

impl<V> Default for FlatMap<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> FlatMap<V> {
    /// Where a key is, or where it would go.
    fn place(&self, key: &str) -> Result<usize, usize> {
        // Most keys come in order.
        match self.0.last() {
            Some((last, _)) if last.as_str() < key => Err(self.0.len()),
            _ => self.0.binary_search_by(|(here, _)| here.as_str().cmp(key)),
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        let place = self.place(key).ok()?;
        Some(&self.0[place].1)
    }

    /// Whether the key is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_ok()
    }

    /// Puts a value; gives the one that was there.
    pub fn insert(&mut self, key: String, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// The value of a key; a fresh one is put if there is none.
    pub fn entry(&mut self, key: &str) -> &mut V
    where
        V: Default,
    {
        let place = self.place(key).unwrap_or_else(|place| {
            self.0.insert(place, (key.to_owned(), V::default()));
            place
        });
        &mut self.0[place].1
    }

    /// All of it, in the order of the keys.
    pub fn iter(&self) -> std::slice::Iter<'_, (String, V)> {
        self.0.iter()
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(key, _)| key)
    }

    /// Keeps what `wanted` says.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.0.retain(|(key, _)| wanted(key));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V> IntoIterator for FlatMap<V> {
    type Item = (String, V);
    type IntoIter = std::vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a FlatMap<V> {
    type Item = &'a (String, V);
    type IntoIter = std::slice::Iter<'a, (String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<V> Extend<(String, V)> for FlatMap<V> {
    fn extend<I: IntoIterator<Item = (String, V)>>(&mut self, pairs: I) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }
}

impl<V> FromIterator<(String, V)> for FlatMap<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(pairs: I) -> Self {
        let mut map = Self::default();
        map.extend(pairs);
        map
    }
}

impl<V: Serialize> Serialize for FlatMap<V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<V: FromJson> FromJson for FlatMap<V> {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        let mut map = Self::default();
        for (key, value) in fields_of(json, "")? {
            map.insert(key, V::from_json(value)?);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::FlatMap;
    use std::collections::BTreeMap;

    #[test]
    fn it_agrees_with_the_standard_librarys_map() {
        let mut flat = FlatMap::default();
        let mut wanted = BTreeMap::new();
        for step in 0..500_u32 {
            let key = (step * 7_919 % 61).to_string();
            if step % 3 == 0 {
                assert_eq!(flat.remove(&key), wanted.remove(&key));
            } else {
                assert_eq!(
                    flat.insert(key.clone(), step),
                    wanted.insert(key.clone(), step)
                );
            }
            assert_eq!(flat.get(&key), wanted.get(&key));
            assert!(flat.iter().map(|(key, value)| (key, value)).eq(&wanted));
        }
        assert_eq!(flat.len(), wanted.len());
        assert!(!flat.is_empty() && flat.contains_key(wanted.keys().next().unwrap()));
        flat.retain(|key| key.len() > 1);
        assert!(flat.keys().all(|key| key.len() > 1));
    }

    #[test]
    fn an_entry_that_is_not_there_is_put() {
        let mut flat = FlatMap::<u32>::default();
        *flat.entry("a") += 1;
        *flat.entry("a") += 1;
        assert_eq!(flat.get("a"), Some(&2));
    }

    #[test]
    fn as_json_it_is_an_object() {
        let flat: FlatMap<u64> = [("b".to_owned(), 2), ("a".to_owned(), 1)]
            .into_iter()
            .collect();
        assert_eq!(serde_json::to_string(&flat).unwrap(), r#"{"a":1,"b":2}"#);
    }
}
