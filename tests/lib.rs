//! Shared by the tests.

pub mod outside;
pub mod simulation;
