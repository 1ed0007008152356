//! The server over HTTP, by `oneshot` on a fresh database each: one file per resource.
//! Each test's name says what must be true.
#![allow(
    clippy::unwrap_used,
    reason = "what a test stands on may end it, also outside of the test's own function"
)]

mod audit_chain;
mod calendars;
mod care;
mod changes;
mod database;
mod desk;
mod enter;
mod experiences;
mod experiences_desk;
mod forms;
mod going;
mod groups;
mod groups_desk;
mod health;
mod held;
mod hostile;
mod impact;
mod lead_accounts;
mod leads;
mod learning;
mod leaving;
mod mail;
mod needs;
mod offers;
mod openapi;
mod pages;
mod peers;
mod phones;
mod pin;
mod places;
mod plans;
mod posters;
mod programme;
mod reading;
mod retention;
mod roles;
mod safety;
mod safety_settings;
mod security;
mod session;
mod site;
mod sqlite;
mod staff;
mod staff_accounts;
mod staff_audit;
mod staff_board;
mod staff_check_ins;
mod staff_help_now;
mod staff_invites;
mod staff_join_codes;
mod staff_people;
mod staff_sign_in;
mod staff_sign_ups;
mod staff_turnout;
mod staff_two_step;
mod sync;
mod taken_back;
mod verify;
mod wording;
mod words;
mod words_desk;
mod writer;
