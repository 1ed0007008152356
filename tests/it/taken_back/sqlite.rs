//! When and how what was taken back goes from SQLite's files.

use super::{a_sign_up, gone, gone_while_others_write, is_kept};
use crate::{site::Site, sync::a_request};
use app::domain::{command::Command, opportunity::Gives};
use std::time::{Duration, Instant};

/// Rows that come and go share pages of the file, and pages are divided: nothing of it may stay behind.
#[tokio::test]
async fn many_that_were_taken_back_leave_nothing_on_any_page() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut sign_ups = Vec::new();
    for member in 0..40_usize {
        let mut phone = site.member().await;
        // Of many lengths, so that some fill pages of their own.
        let text = format!("Taken back {member}. {}", "long ".repeat(member * 11));
        let sign_up = a_sign_up(&mut phone, text.trim(), session).await;
        sign_ups.push((phone, sign_up));
    }
    site.app.writer.tidy().await.unwrap();
    let text = "Taken back ";
    assert!(is_kept(&site, text).await);
    for nth in [0, 1] {
        for (phone, sign_up) in sign_ups.iter_mut().skip(nth).step_by(2) {
            phone.does(&Command::WithdrawSignUp(*sign_up)).await;
        }
    }
    gone_while_others_write(&site, text, session).await;
}

/// A backup reads one moment for as long as it takes: the log cannot be emptied meanwhile, and nobody
/// waits for that.
#[tokio::test]
async fn a_long_reading_holds_nobody_up_and_what_was_taken_back_goes_after_it() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let text = "What a backup may still hold";
    let sign_up = a_sign_up(&mut phone, text, session).await;
    let mut reading = site.app.db.snapshot().await.unwrap();
    sqlx::query("select 1 from sign_ups")
        .fetch_all(&mut *reading)
        .await
        .unwrap();
    let began = Instant::now();
    phone.does(&Command::WithdrawSignUp(sign_up)).await;
    // Longer than what was taken back may stay in the log: it was tried meanwhile.
    while began.elapsed() < Duration::from_secs(3) {
        let asked = Instant::now();
        phone.does(&a_request(session).1).await;
        assert!(asked.elapsed() < Duration::from_secs(2));
    }
    assert!(is_kept(&site, text).await);
    reading.commit().await.unwrap();
    gone(&site, text).await;
}
