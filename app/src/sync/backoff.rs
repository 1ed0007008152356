//! How long to wait after a failed round: twice as long each time, with jitter, from 2 seconds to 5 minutes.

use crate::domain::time::Millis;

/// The shortest wait.
pub const LEAST_MS: Millis = 2_000;
/// The longest wait.
pub const MOST_MS: Millis = 300_000;

/// The waits after failures in a row.
#[derive(Debug)]
pub struct Backoff {
    failures: u32,
    seed: u64,
}

impl Backoff {
    /// `seed` spreads the retries of many phones.
    pub fn new(seed: u64) -> Self {
        Self { failures: 0, seed }
    }

    /// A round ended well.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// One more failure: how long to wait, half of it by chance.
    pub fn next_ms(&mut self) -> Millis {
        let base = (LEAST_MS << self.failures.min(8)).min(MOST_MS);
        self.failures = self.failures.saturating_add(1);
        let half = base.unsigned_abs() / 2;
        let jitter = self.random() % (half + 1);
        (base - Millis::try_from(jitter).unwrap_or(0)).max(LEAST_MS)
    }

    /// SplitMix64: enough to spread phones, and the same for the same seed.
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_within_their_bounds_and_start_again() {
        let mut backoff = Backoff::new(7);
        let waits: Vec<_> = (0..40).map(|_| backoff.next_ms()).collect();
        assert!(waits.iter().all(|ms| (LEAST_MS..=MOST_MS).contains(ms)));
        assert!(waits[39] >= MOST_MS / 2);
        backoff.reset();
        assert_eq!(backoff.next_ms(), LEAST_MS);
    }

    #[test]
    fn phones_spread() {
        let third = |seed| {
            let mut backoff = Backoff::new(seed);
            (0..3).map(|_| backoff.next_ms()).last()
        };
        assert_ne!(third(1), third(2));
        assert_eq!(third(1), third(1));
    }
}
