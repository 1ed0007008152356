//! The sync protocol and the replica.
pub mod link;
pub mod outbox;
pub mod overlay;
pub mod replica;
pub mod status;
pub mod store;
pub mod wire;
