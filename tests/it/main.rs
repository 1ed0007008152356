//! The server over HTTP, by `oneshot` on a fresh database each: one file per resource.
//! Each test's name says what must be true.

mod health;
mod site;
mod sync;
