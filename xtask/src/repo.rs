//! Where things are.

use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the workspace")
        .to_path_buf()
}

/// Cargo's output. Set for every cargo that is started here, since the server finds its assets below it.
pub fn target() -> PathBuf {
    root().join("target")
}

/// What phones download, as the server reads it.
pub fn site() -> PathBuf {
    target().join("site")
}

/// Half-made things between sources and `site`, kept so that what did not change is not made again.
pub fn workshop() -> PathBuf {
    target().join("site-work")
}

/// The npm package: browser journeys, and the tools that make `site`.
pub fn e2e() -> PathBuf {
    root().join("tests/e2e")
}

/// A program of the npm packages, run with `node`.
pub fn npm_program(name: &str) -> PathBuf {
    e2e().join("node_modules/.bin").join(name)
}

/// The server as `serve` and the tests run it.
pub fn server_program() -> PathBuf {
    target().join("debug/chorus")
}
