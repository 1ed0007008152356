//! The sync protocol and the replica: see `wire` for what crosses the network.
pub mod wire;
