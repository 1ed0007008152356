//! What one new command costs when there are many records on the server already: as many of the
//! member's own as of others.

use crate::{
    commands::{Maker, Mix},
    figures::{milliseconds, percentile, ratio, thousands, title},
};
use anyhow::{Result, ensure};
use app::sync::wire::{MAX_COMMANDS, SyncResponse};
use std::time::{Duration, Instant};
use tests::outside::{http::Connection, member::Member, process::Server};

/// The most records of each.
pub const MOST: u64 = 100_000;
const STEPS: [u64; 3] = [0, 10_000, MOST];
const WARM_UP: usize = 50;
const MEASURED: usize = 500;

/// Prints it at each step.
pub async fn one_new_command(server: &Server) -> Result<()> {
    title("One new command, synced by a phone that is up to date (p50 of 500)");
    println!("  records on the server: own + others'");
    let (mut own, mut others) = (Phone::join(server).await?, Phone::join(server).await?);
    let (mut there, mut at_none) = (0, None);
    for step in STEPS {
        let missing = step - there;
        tokio::try_join!(own.load(missing), others.load(missing))?;
        there = step;
        let time = own.time_one().await?;
        let at_none = *at_none.get_or_insert(time);
        let target = if step == MOST {
            "   target ≤ 1.5×"
        } else {
            ""
        };
        let name = format!("{0} + {0}", thousands(step));
        println!(
            "  {name:<24}{:>12}   {}{target}",
            milliseconds(time),
            ratio(time, at_none)
        );
    }
    Ok(())
}

/// A phone that is up to date.
pub struct Phone {
    /// Whose it is.
    pub member: Member,
    connection: Connection,
    cursor: Option<String>,
}

impl Phone {
    /// Joins and reads what there is.
    pub async fn join(server: &Server) -> Result<Self> {
        let mut phone = Self {
            member: Member::join(server.address()).await?,
            connection: Connection::open(server.address()).await?,
            cursor: None,
        };
        phone.sync("").await?;
        Ok(phone)
    }

    /// Shares `count` check-ins.
    pub async fn load(&mut self, count: u64) -> Result<()> {
        let member = self.member.clone();
        let mut maker = Maker::new(&member);
        let mut left = usize::try_from(count)?;
        while left > 0 {
            let now = left.min(MAX_COMMANDS);
            self.sync(&maker.request(Mix::Shares, now)).await?;
            left -= now;
        }
        Ok(())
    }

    async fn time_one(&mut self) -> Result<Duration> {
        let member = self.member.clone();
        let mut maker = Maker::new(&member);
        let mut times = Vec::with_capacity(MEASURED);
        for run in 0..WARM_UP + MEASURED {
            let command = maker.request(Mix::Shares, 1);
            let start = Instant::now();
            self.sync(&command).await?;
            if run >= WARM_UP {
                times.push(start.elapsed());
            }
        }
        Ok(percentile(&mut times, 50))
    }

    async fn sync(&mut self, commands: &str) -> Result<()> {
        let request = self.member.sync(self.cursor.as_deref(), commands);
        let answer = self.connection.ask(&request).await?;
        let text = String::from_utf8_lossy(&answer.body);
        ensure!(answer.status == 200, "answered {}: {text}", answer.status);
        let page: SyncResponse = serde_json::from_str(&text)?;
        ensure!(!page.more, "a phone that is up to date needs one page");
        self.cursor = Some(page.cursor);
        Ok(())
    }
}
