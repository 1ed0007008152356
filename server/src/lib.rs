//! The Chorus server: sync, sessions, rendered pages and the staff desk.
//!
//! Only [`db`] contains SQL, only [`writer`] changes the database, and only the rules of
//! `app::domain` decide what a command does.

pub mod audit;
pub mod backup;
pub mod calendars;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod csv;
pub mod cursor;
pub mod db;
pub mod demo;
pub mod due;
pub mod error;
pub mod few;
pub mod http;
pub mod ics;
pub mod join_codes;
pub mod mail;
pub mod phones;
pub mod publish;
pub mod pull;
pub mod reading;
pub mod retention;
pub mod safety;
pub mod serve;
pub mod staff;
pub mod state;
pub mod verify;
pub mod wall_clock;
pub mod wording_diff;
pub mod writer;

pub use http::router;
