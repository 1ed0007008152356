//! How far a phone has read each scope. Opaque to it: positions alone, and the epoch that they are of.
//! What may be read comes from the session.
//!
//! A database that was restored from a backup has a new epoch: numbers were given since that now stand
//! for something else, so a cursor of another epoch is the start.

use crate::error::Error;
use std::collections::BTreeMap;

/// The most bytes of a cursor: far more than a member's scopes need.
const MOST_BYTES: usize = 4096;

/// Stands before the epoch in a cursor. No scope's name begins so.
const EPOCH: &str = "@";

/// Positions by scope. A scope that is not there was never read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor(BTreeMap<String, u64>);

impl Cursor {
    /// Reads a cursor that this server gave; none is the start, and so is one of another epoch.
    ///
    /// # Errors
    /// [`Error::Malformed`]: this server never gave it.
    pub fn parse(text: Option<&str>, epoch: &str) -> Result<Self, Error> {
        let text = text.unwrap_or("");
        if text.len() > MOST_BYTES {
            return Err(Error::Malformed);
        }
        let (said, text) = match text.strip_prefix(EPOCH) {
            Some(rest) => rest.split_once(' ').unwrap_or((rest, "")),
            None => ("", text),
        };
        let parts = text.split(' ').filter(|part| !part.is_empty());
        let positions: BTreeMap<_, _> = parts
            .map(|part| {
                let (scope, seq) = part.rsplit_once('=').ok_or(Error::Malformed)?;
                let seq = seq.parse().map_err(|_| Error::Malformed)?;
                Ok((scope.to_owned(), seq))
            })
            .collect::<Result<_, Error>>()?;
        Ok(if said == epoch {
            Self(positions)
        } else {
            Self::default()
        })
    }

    /// As phones keep it.
    pub fn write(&self, epoch: &str) -> String {
        let mut text = [EPOCH, epoch].concat();
        for (scope, seq) in &self.0 {
            text.push_str(&format!(" {scope}={seq}"));
        }
        text
    }

    /// How far `scope` was read.
    pub fn position(&self, scope: &str) -> u64 {
        self.0.get(scope).copied().unwrap_or_default()
    }

    /// Notes how far `scope` was read.
    pub fn advance(&mut self, scope: &str, seq: u64) {
        self.0.insert(scope.to_owned(), seq);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let mut cursor = Cursor::default();
        cursor.advance("public", 7);
        cursor.advance("member:1", 2);
        let again = Cursor::parse(Some(&cursor.write("e1")), "e1").unwrap();
        assert_eq!(again, cursor);
        assert_eq!((again.position("public"), again.position("other")), (7, 0));
    }

    #[test]
    fn what_this_server_never_gave_is_malformed() {
        for text in ["public", "public=x", "public=-1"] {
            assert!(Cursor::parse(Some(text), "e1").is_err(), "{text}");
        }
        assert_eq!(Cursor::parse(None, "e1").unwrap(), Cursor::default());
    }

    #[test]
    fn a_cursor_of_another_epoch_is_the_start() {
        let mut cursor = Cursor::default();
        cursor.advance("public", 7);
        for text in [cursor.write("e1"), "public=7".to_owned()] {
            let parsed = Cursor::parse(Some(&text), "e2").unwrap();
            assert_eq!(parsed, Cursor::default(), "{text}");
        }
    }
}
