//! How often signing in failed lately, by account and by address. Only failures count, so a charity
//! whose staff share one address is not locked out by its own mornings.
//!
//! Kept in memory: a restart forgives, and nothing about who tried is stored.

use app::ui::local::Millis;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How long failures are remembered, from the first.
const WINDOW_MS: Millis = 15 * 60 * 1000;
/// Failures of one account before it has to wait.
pub const PER_ACCOUNT: u32 = 10;
/// Failures from one address before it has to wait.
pub const PER_ADDRESS: u32 = 40;
/// The most keys remembered; the oldest go first.
const MOST: usize = 20_000;

/// Remembers failures.
#[derive(Debug, Default)]
pub struct Failures {
    lately: Mutex<HashMap<String, Lately>>,
}

#[derive(Clone, Copy, Debug)]
struct Lately {
    since: Millis,
    count: u32,
}

/// Too many failures: the seconds until it is worth trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub u32);

impl Failures {
    /// Begins a try. It counts as failed until [`Failures::succeeded`], so that many tries at the
    /// same moment are counted too.
    ///
    /// # Errors
    /// [`Wait`]: the account or the address failed too often.
    pub fn begin(&self, account: &str, address: &str, now: Millis) -> Result<(), Wait> {
        let mut lately = self.lock();
        if lately.len() >= MOST {
            lately.retain(|_, entry| now - entry.since < WINDOW_MS);
        }
        if lately.len() >= MOST {
            forget_oldest(&mut lately);
        }
        let keys = keys(account, address);
        for (key, most) in &keys {
            if let Some(entry) = lately.get(key)
                && now - entry.since < WINDOW_MS
                && entry.count >= *most
            {
                let wait_ms = WINDOW_MS - (now - entry.since);
                return Err(Wait(u32::try_from(wait_ms / 1000 + 1).unwrap_or(u32::MAX)));
            }
        }
        for (key, _) in keys {
            let entry = lately.entry(key).or_insert(Lately {
                since: now,
                count: 0,
            });
            if now - entry.since >= WINDOW_MS {
                *entry = Lately {
                    since: now,
                    count: 0,
                };
            }
            entry.count += 1;
        }
        Ok(())
    }

    /// The try went well: it was no failure, and the account starts afresh.
    pub fn succeeded(&self, account: &str, address: &str) {
        let mut lately = self.lock();
        let [(account, _), (address, _)] = keys(account, address);
        lately.remove(&account);
        if let Some(entry) = lately.get_mut(&address) {
            entry.count = entry.count.saturating_sub(1);
        }
    }

    /// The try was no failure, but it was only a part of signing in: those before it still count.
    pub fn was_none(&self, account: &str, address: &str) {
        let mut lately = self.lock();
        for (key, _) in keys(account, address) {
            if let Some(entry) = lately.get_mut(&key) {
                entry.count = entry.count.saturating_sub(1);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Lately>> {
        // Counts are whole at every step, so a panic elsewhere leaves them usable.
        self.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keys(account: &str, address: &str) -> [(String, u32); 2] {
    [
        (format!("account {account}"), PER_ACCOUNT),
        (format!("address {address}"), PER_ADDRESS),
    ]
}

fn forget_oldest(lately: &mut HashMap<String, Lately>) {
    let oldest = lately
        .iter()
        .min_by_key(|(_, entry)| entry.since)
        .map(|(key, _)| key.clone());
    if let Some(oldest) = oldest {
        lately.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(failures: &Failures, account: &str, address: &str, times: u32) {
        for _ in 0..times {
            failures.begin(account, address, 0).unwrap();
        }
    }

    #[test]
    fn an_account_waits_after_too_many_failures_from_anywhere() {
        let failures = Failures::default();
        for at in 0..PER_ACCOUNT {
            fail(&failures, "priya", &format!("10.0.0.{at}"), 1);
        }
        assert_eq!(failures.begin("priya", "10.0.1.1", 0), Err(Wait(901)));
        assert_eq!(failures.begin("tom", "10.0.1.1", 0), Ok(()));
    }

    #[test]
    fn an_address_waits_after_too_many_failures_on_any_accounts() {
        let failures = Failures::default();
        for at in 0..PER_ADDRESS {
            fail(&failures, &format!("guess {at}"), "10.0.0.1", 1);
        }
        assert!(failures.begin("priya", "10.0.0.1", 0).is_err());
        assert!(failures.begin("priya", "10.0.0.2", 0).is_ok());
    }

    #[test]
    fn success_is_no_failure_however_many_share_the_address() {
        let failures = Failures::default();
        for at in 0..PER_ADDRESS * 3 {
            let account = format!("person {at}");
            failures.begin(&account, "10.0.0.1", 0).unwrap();
            failures.succeeded(&account, "10.0.0.1");
        }
        assert_eq!(failures.begin("priya", "10.0.0.1", 0), Ok(()));
    }

    #[test]
    fn a_part_of_signing_in_that_went_well_starts_no_new_count() {
        let failures = Failures::default();
        for _ in 0..PER_ACCOUNT {
            failures.begin("priya", "10.0.0.1", 0).unwrap();
            failures.was_none("priya", "10.0.0.1");
            fail(&failures, "priya", "10.0.0.1", 1);
        }
        assert!(failures.begin("priya", "10.0.0.1", 0).is_err());
    }

    #[test]
    fn failures_are_forgotten_in_time() {
        let failures = Failures::default();
        fail(&failures, "priya", "10.0.0.1", PER_ACCOUNT);
        assert!(failures.begin("priya", "10.0.0.1", WINDOW_MS - 1).is_err());
        assert!(failures.begin("priya", "10.0.0.1", WINDOW_MS).is_ok());
    }
}
