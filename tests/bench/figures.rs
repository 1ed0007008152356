//! Numbers as people read them.

use std::time::Duration;

/// Starts a group of figures.
pub fn title(text: &str) {
    println!("\n{text}");
}

/// The value below which `percent` of them lie; sorts them.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = times.len() * percent / 100;
    times
        .get(at.min(times.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// `2.31 ms`.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// `41.5 MB`.
pub fn megabytes(bytes: u64) -> String {
    // Exact up to 2^53 bytes.
    #[expect(clippy::cast_precision_loss)]
    let bytes = bytes as f64;
    format!("{:.1} MB", bytes / 1024.0 / 1024.0)
}

/// `10,480`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join(",")
}

/// How many a second.
pub fn rate(count: u64, time: Duration) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    let rate = (count as f64 / time.as_secs_f64()) as u64;
    rate
}

/// `a` as a multiple of `b`.
pub fn ratio(a: Duration, b: Duration) -> String {
    format!("{:.2}×", a.as_secs_f64() / b.as_secs_f64())
}
