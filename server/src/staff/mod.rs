//! Who works here: signing in, and being set up. What they see is in `http::staff`.

pub mod failures;
pub mod passwords;
pub mod people;
pub mod set_up;
