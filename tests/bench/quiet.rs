//! A phone that has nothing to say asks a server that has nothing new.

use crate::figures::title;
use anyhow::{Result, ensure};
use app::sync::wire::SyncResponse;
use tests::outside::{http::Connection, member::Member, process::Server};

/// As browsers ask.
const AS_BROWSERS_ASK: &str = "accept-encoding: gzip, deflate, br, zstd\r\n";

/// Prints what it costs.
pub async fn nothing_to_say(server: &Server) -> Result<()> {
    let member = Member::join(server.address()).await?;
    let mut connection = Connection::open(server.address()).await?;
    let first = connection.ask(&member.sync(None, "")).await?;
    let first: SyncResponse = serde_json::from_slice(&first.body)?;
    ensure!(!first.more, "the demo fits on one page");

    let body = member.envelope(Some(&first.cursor), "");
    let plain = connection.ask(&member.post("", &body)).await?;
    let page: SyncResponse = serde_json::from_slice(&plain.body)?;
    let is_quiet = page.changes.is_empty() && page.sums.is_some() && !page.more;
    ensure!(
        plain.status == 200 && is_quiet,
        "there was something to say after all"
    );
    let packed = connection.ask(&member.post(AS_BROWSERS_ASK, &body)).await?;

    title("A sync with nothing to say");
    println!("  round trips              {:>10}   target 1", 1);
    println!("  request body             {:>10} bytes", body.len());
    println!(
        "  response body, plain     {:>10} bytes   target < 1,024",
        plain.body.len()
    );
    println!(
        "  response body, to a browser {:>7} bytes ({})",
        packed.body.len(),
        packed
            .header("content-encoding")
            .unwrap_or("not worth packing")
    );
    Ok(())
}
