//! `cargo xtask bench`, the server's part: the release build in its own process, asked over real
//! HTTP on this machine, and figures beside their targets. Ratios carry from one machine to another;
//! the other figures do not.
//!
//! Client and server share the processors, so the client does as little as it can.

mod board;
mod commands;
mod depth;
mod figures;
mod phone;
mod push;
mod quiet;
mod raw;

use anyhow::Result;
use figures::{megabytes, thousands, title};
use std::path::Path;
use tests::outside::process::{self, Server};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let program = process::program("release")?;
    let cores = std::thread::available_parallelism()?;
    println!("Chorus server, release build, {cores} processors shared with the client.");

    if std::env::args().any(|argument| argument == "board") {
        return the_board(&program).await;
    }
    let folder = tempfile::tempdir()?;
    let server = Server::start(&program, folder.path()).await?;
    let idle = server.memory()?;
    quiet::nothing_to_say(&server).await?;
    push::throughput(&server).await?;
    let loaded = server.memory()?;
    title("The server's resident memory");
    println!(
        "  idle                     {:>10}",
        megabytes(idle.resident)
    );
    println!(
        "  after that load          {:>10}",
        megabytes(loaded.resident)
    );
    println!(
        "  most during that load    {:>10}   target ≤ 128 MB",
        megabytes(loaded.peak)
    );
    drop(server);

    let folder = tempfile::tempdir()?;
    let server = Server::start(&program, folder.path()).await?;
    depth::one_new_command(&server).await?;
    phone::one_new_command(&server).await?;
    let end = server.memory()?;
    println!(
        "\nThe server now holds more than {} records: {} resident, {} at most.",
        thousands(2 * depth::MOST),
        megabytes(end.resident),
        megabytes(end.peak)
    );
    drop(server);

    the_board(&program).await
}

/// Alone with `cargo xtask bench board`.
async fn the_board(program: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut server = Server::start(program, folder.path()).await?;
    board::lists(&mut server).await
}
