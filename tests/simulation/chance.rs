//! All chance in a run comes from its seed.

use uuid::Uuid;

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The chance of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5eed_5eed_5eed_5eed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.any() % (most.max(1) as u64)).unwrap_or(0)
    }

    /// A time from `least` to `most` milliseconds.
    pub fn time(&mut self, least: i64, most: i64) -> i64 {
        let span = (most - least).unsigned_abs() + 1;
        least + i64::try_from(self.any() % span).unwrap_or(0)
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// A UUIDv7 made at `now`.
    pub fn id(&mut self, now: i64) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.any().to_le_bytes());
        uuid::Builder::from_unix_timestamp_millis(now.unsigned_abs(), &random).into_uuid()
    }
}
