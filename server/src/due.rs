//! Keeps looking for what the clock has brought about in sessions. What is due, and what follows, stands in
//! [`crate::commands::due`].

use crate::{clock, state::App};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// An offer or a ballot may be this late.
const EVERY: Duration = Duration::from_secs(5);

/// Looks for as long as the server runs. Problems are logged, and tried again at the next look.
pub async fn look_after(app: App) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(problem) = app.writer.sessions_due(clock::now_ms()).await {
            tracing::warn!(error = %problem, "offers and ballots that are due could not be looked after");
        }
    }
}
