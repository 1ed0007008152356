//! The server.
pub mod http;
