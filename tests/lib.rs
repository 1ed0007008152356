//! Shared by the tests.

pub mod outside;
