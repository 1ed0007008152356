//! Tells the server where the built site is, as an absolute path: what phones download is read from
//! there by a debug build and put inside a release build.

use std::{env, path::PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Migrations are compiled in.
    println!("cargo::rerun-if-changed=../migrations");
    println!("cargo::rerun-if-env-changed=CHORUS_SITE");
    let site = env::var_os("CHORUS_SITE").map_or_else(site_of_this_workspace, PathBuf::from);
    println!("cargo::rustc-env=CHORUS_SITE={}", site.display());
    // A release build holds the files themselves. (A debug build must not watch a file that may not
    // be there: cargo would build the server again each time.)
    if env::var("PROFILE").as_deref() == Ok("release") {
        println!(
            "cargo::rerun-if-changed={}",
            site.join("assets.json").display()
        );
    }
}

/// `target/site` of the workspace. Without `..` in it, because rust-embed compares paths as text.
fn site_of_this_workspace() -> PathBuf {
    let server = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let server = server.canonicalize().unwrap_or(server);
    server
        .parent()
        .map_or_else(|| server.clone(), PathBuf::from)
        .join("target/site")
}
