//! A copy of everything: all that a person has on this phone, as one file, and what another phone adds
//! when the file is brought back.
//!
//! [`schema`] is the file (`docs/copy.md` tells it to people), [`make`] makes one of the phone's rows,
//! [`restore`] decides what a phone that holds these rows does not have yet. Nothing here reads a
//! store, a clock or a file, nothing here is ever sent, and no key or session is in any row it sees.

pub mod make;
pub mod restore;
pub mod schema;

#[cfg(test)]
pub(crate) mod tests;
