//! Who works here: signing in, and being set up. What they see is in `http::staff`.

pub mod accounts;
pub mod choice;
pub mod failures;
pub mod invites;
pub mod passwords;
pub mod people;
pub mod set_up;
pub mod two_step;
