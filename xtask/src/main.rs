//! Build and developer tasks.
fn main() {}
