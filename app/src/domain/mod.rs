//! The rules of Chorus: types that parse, states, commands and pure decisions.
//!
//! Nothing here reads a clock, a random source, a network or a store: times and ids are arguments.
//! The server decides with these functions, the phone lays its waiting commands over records with
//! them, and the plain forms go through them too, so there is one set of rules.

pub mod attendee;
pub mod care;
pub mod change;
pub mod check_in;
pub mod command;
pub mod contact;
pub mod device;
pub mod experience;
pub mod group;
pub mod help_line;
pub mod hours;
pub mod id;
pub mod learning;
pub mod member;
pub mod my_plan;
pub mod needs;
pub mod opportunity;
pub mod pair_code;
pub mod peer;
pub mod pin;
pub mod places;
pub mod plain;
pub mod plan;
pub mod programme;
pub mod record;
pub mod refusal;
pub mod retention;
pub mod shared_plan;
pub mod sign_up;
pub mod team;
pub mod text;
pub mod time;
pub mod wording;
pub mod words;
