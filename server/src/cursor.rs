//! How far a phone has read each scope. Opaque to it: positions alone. What may be read comes from
//! the session.

use crate::error::Error;
use std::{collections::BTreeMap, fmt};

/// The most bytes of a cursor: far more than a member's scopes need.
const MOST_BYTES: usize = 4096;

/// Positions by scope. A scope that is not there was never read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor(BTreeMap<String, u64>);

impl Cursor {
    /// Reads a cursor that this server gave; none is the start.
    ///
    /// # Errors
    /// [`Error::Malformed`]: this server never gave it.
    pub fn parse(text: Option<&str>) -> Result<Self, Error> {
        let text = text.unwrap_or("");
        if text.len() > MOST_BYTES {
            return Err(Error::Malformed);
        }
        let parts = text.split(' ').filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let (scope, seq) = part.rsplit_once('=').ok_or(Error::Malformed)?;
                let seq = seq.parse().map_err(|_| Error::Malformed)?;
                Ok((scope.to_owned(), seq))
            })
            .collect::<Result<_, Error>>()
            .map(Self)
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

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (scope, seq)) in self.0.iter().enumerate() {
            let space = if index > 0 { " " } else { "" };
            write!(f, "{space}{scope}={seq}")?;
        }
        Ok(())
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
        let again = Cursor::parse(Some(&cursor.to_string())).unwrap();
        assert_eq!(again, cursor);
        assert_eq!((again.position("public"), again.position("other")), (7, 0));
    }

    #[test]
    fn what_this_server_never_gave_is_malformed() {
        for text in ["public", "public=x", "public=-1"] {
            assert!(Cursor::parse(Some(text)).is_err(), "{text}");
        }
        assert_eq!(Cursor::parse(None).unwrap(), Cursor::default());
    }
}
