//! What is the same everywhere: the domain rules, the sync protocol and replica, and the member screens.
pub mod copy;
pub mod domain;
pub mod flat_map;
pub mod json;
pub mod lang;
pub mod order;
pub mod sync;
pub mod ui;
