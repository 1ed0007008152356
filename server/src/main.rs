//! The `chorus` binary.

use clap::{Parser, Subcommand};
use server::{config::Config, state::App};

#[derive(Parser)]
#[command(name = "chorus", version, about = "The Chorus server.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until told to stop.
    Serve(Config),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Command::Serve(config) = Cli::parse().command;
    let listener = tokio::net::TcpListener::bind(config.listen).await?;
    let app = App::open(config).await?;
    axum::serve(listener, server::router(app)).await?;
    Ok(())
}
