//! The `chorus` binary.

use clap::Parser;
use server::cli::Cli;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    // Requests are told at `info`; by default the log has only what needs a look, which a browser
    // whose session has ended is not.
    let filter = EnvFilter::try_from_env("CHORUS_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,tower_sessions_core=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("chorus: {problem}");
            ExitCode::FAILURE
        }
    }
}
