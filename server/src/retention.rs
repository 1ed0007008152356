//! Letting go of what is older than the organisation keeps things, and telling members how long that is.
//!
//! The work is small batches through the writer, and each batch is whole: after a restart it goes on
//! where it stopped, because what is due follows from what is there. The log says how many of a kind
//! went, never what they were.

use crate::{
    backup::{self, KEPT_DAYS},
    clock,
    db::{
        audit::{self, chain},
        experiences,
        feed::{self, Entry, PUBLIC},
        groups::messages,
        peers::asks,
        retention::{self as db, BATCH},
        word::json,
        words::suggestions,
    },
    error::Error,
    state::App,
    writer::{Writer, Writing},
};
use app::{
    domain::{
        record::kind,
        retention::{KeptFor, Retention},
        time::{DAY_MS, Millis},
    },
    lang::{Text, en::notice as words},
};
use sqlx::AnyConnection;
use std::time::Duration;
use tokio::time::sleep;

/// How often it is looked what is due.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// The one record's id.
const RECORD: &str = "00000000-0000-0000-0000-000000000001";

type Expire = for<'c> fn(&'c mut AnyConnection, Millis) -> Writing<'c, usize>;

/// Tells members how long things are kept, then lets go of what is due, for ever.
pub async fn run(app: App) {
    let told = app.writer.run(|tx| {
        Box::pin(async move {
            let kept = db::read(&mut *tx).await?;
            publish(tx, &kept).await
        })
    });
    if let Err(problem) = told.await {
        tracing::error!(error = %problem, "members could not be told how long things are kept");
    }
    let mut said = 0;
    loop {
        said = say_head(&app, said).await;
        if let Err(problem) = expire(&app).await {
            tracing::error!(error = %problem, "what is due could not be let go of");
        }
        match backup::let_go(&app.config, clock::now_ms()).await {
            Ok(gone) if gone.is_empty() => {}
            Ok(gone) => tracing::warn!(
                count = gone.len(),
                "old copies of the database were let go of"
            ),
            Err(problem) => tracing::error!(error = %problem, "old copies could not be let go of"),
        }
        sleep(EVERY).await;
    }
}

/// Says in the server's own log where the audit log ends, if it has grown: so that this stands somewhere
/// else as well.
async fn say_head(app: &App, said: i64) -> i64 {
    let head = async { chain::head(&mut *app.db.reader().await?).await }.await;
    match head {
        Ok(Some(head)) if head.n != said => {
            tracing::info!(ends_at = head.in_full(), "the audit log");
            head.n
        }
        _ => said,
    }
}

/// Lets go of all that is due now.
///
/// # Errors
/// What the database says: what went before stays gone.
pub async fn expire(app: &App) -> Result<(), Error> {
    let kept = db::read(&mut *app.db.reader().await?).await?;
    let now = clock::now_ms();
    let before = |days: u32| now - Millis::from(days) * DAY_MS;
    let kinds: [(&str, Millis, Expire); 8] = [
        (kind::CHECK_IN, before(kept.check_in_days), |tx, at| {
            Box::pin(db::expire_check_ins(tx, at))
        }),
        (kind::PLAN, before(kept.check_in_days), |tx, at| {
            Box::pin(db::expire_plans(tx, at))
        }),
        (kind::PEER_ASK, before(kept.check_in_days), |tx, at| {
            Box::pin(asks::expire(tx, at, BATCH))
        }),
        (kind::SIGN_UP, before(kept.sign_up_days), |tx, at| {
            Box::pin(db::expire_sign_ups(tx, at))
        }),
        (
            kind::GROUP_MESSAGE,
            before(kept.group_message_days),
            |tx, at| Box::pin(messages::expire(tx, at, BATCH)),
        ),
        (kind::SUGGESTION, before(kept.suggestion_days), |tx, at| {
            Box::pin(suggestions::expire(tx, at, BATCH))
        }),
        (kind::EXPERIENCE, before(kept.experience_days), |tx, at| {
            Box::pin(experiences::expire(tx, at, BATCH))
        }),
        // By whole days: each time leaves a line in the log.
        (
            audit::KIND,
            before(kept.audit_days) / DAY_MS * DAY_MS,
            |tx, at| Box::pin(chain::let_go(tx, at, clock::now_ms())),
        ),
    ];
    for (kind, before, expire) in kinds {
        let count = in_batches(&app.writer, before, expire).await?;
        if count > 0 {
            tracing::info!(kind, count, "let go of what was kept long enough");
        }
    }
    Ok(())
}

async fn in_batches(writer: &Writer, before: Millis, expire: Expire) -> Result<usize, Error> {
    let batch = usize::try_from(BATCH).unwrap_or(usize::MAX);
    let mut all = 0;
    loop {
        let count = writer.take_away(move |tx| expire(tx, before)).await?;
        all += count;
        if count < batch {
            return Ok(all);
        }
    }
}

/// Writes the public record of how long things are kept, if it says something else than before.
///
/// # Errors
/// What the database says.
pub async fn publish(transaction: &mut AnyConnection, kept: &Retention) -> Result<(), Error> {
    let body = json(&KeptFor { lines: lines(kept) });
    let before = feed::body(transaction, PUBLIC, kind::RETENTION, RECORD).await?;
    if before.as_deref() == Some(&body) {
        return Ok(());
    }
    let entry = Entry {
        scope: PUBLIC.to_owned(),
        kind: kind::RETENTION,
        id: RECORD.to_owned(),
        body: Some(body),
        is_new: false,
    };
    feed::write(transaction, vec![entry]).await
}

/// In plain words.
fn lines(kept: &Retention) -> Vec<String> {
    let line = |text: Text, days: u32| text.fill(&[("time", &time(days))]);
    vec![
        line(words::KEEP_CHECK_INS, kept.check_in_days),
        line(words::KEEP_PLANS, kept.check_in_days),
        line(words::KEEP_PEERS, kept.check_in_days),
        line(words::KEEP_SIGN_UPS, kept.sign_up_days),
        line(words::KEEP_GROUP_MESSAGES, kept.group_message_days),
        line(words::KEEP_SUGGESTIONS, kept.suggestion_days),
        line(words::KEEP_EXPERIENCES, kept.experience_days),
        line(words::KEEP_AUDIT, kept.audit_days),
        line(
            words::KEEP_BACKUPS,
            u32::try_from(KEPT_DAYS).unwrap_or_default(),
        ),
    ]
}

fn time(days: u32) -> String {
    let (count, text) = match days {
        365 => (12, words::KEEP_MONTHS),
        days if days % 365 == 0 => (days / 365, words::KEEP_YEARS),
        days => (days, words::KEEP_DAYS),
    };
    text.fill(&[("count", &count.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let said: Vec<_> = [365, 730, 90].into_iter().map(time).collect();
        assert_eq!(said, ["12 months", "2 years", "90 days"]);
    }
}
