//! When files are tidied. What was taken back still stands in SQLite's log of changes until that is
//! emptied: that is done in the next pause, or soon although there is none. Between two emptyings there
//! is time enough for thousands of commands, so that it costs them nothing to speak of.

use std::time::Duration;
use tokio::time::Instant;

/// Nothing came for so long: the moment to take from the log what was taken back.
const PAUSE: Duration = Duration::from_millis(100);
/// What was taken back stays in the log no longer than this, whatever comes.
const LATEST: Duration = Duration::from_secs(2);
/// Nothing came for so long: everything is tidied.
const QUIET: Duration = Duration::from_secs(30);

/// What is still to be tidied.
#[derive(Debug)]
pub struct Tidying {
    /// What the log holds that was taken back.
    taken_back: Option<TakenBack>,
    /// Whether anything was written since all was tidied.
    is_tidy: bool,
}

#[derive(Clone, Copy, Debug)]
struct TakenBack {
    /// The log is not worth a try before.
    not_before: Instant,
    /// It is emptied by then, although more keeps coming.
    latest: Instant,
}

impl Tidying {
    /// At the start: nobody knows what the last run left in the log.
    pub fn new(now: Instant) -> Self {
        Self {
            taken_back: Some(TakenBack {
                not_before: now,
                latest: now + LATEST,
            }),
            is_tidy: false,
        }
    }

    /// A group was written, and may have taken back something.
    pub fn wrote(&mut self, now: Instant, takes_away: bool) {
        self.is_tidy = false;
        if takes_away && self.taken_back.is_none() {
            self.taken_back = Some(TakenBack {
                not_before: now,
                latest: now + LATEST,
            });
        }
    }

    /// Whether the log must be emptied before anything else is written.
    pub fn must_not_wait(&self, now: Instant) -> bool {
        self.taken_back.is_some_and(|it| it.latest <= now)
    }

    /// How long nothing must come until something is tidied; none if all is tidy.
    pub fn pause(&self, now: Instant) -> Option<Duration> {
        match self.taken_back {
            Some(it) => Some(PAUSE.max(it.not_before.saturating_duration_since(now))),
            None => (!self.is_tidy).then_some(QUIET),
        }
    }

    /// Whether the pause was for the log alone.
    pub fn only_log(&self) -> bool {
        self.taken_back.is_some()
    }

    /// Nothing that was taken back is in the log.
    pub fn log_is_empty(&mut self) {
        self.taken_back = None;
    }

    /// The log could not be emptied: trying again at once would only hold up what waits.
    pub fn log_was_busy(&mut self, now: Instant) {
        self.taken_back = Some(TakenBack {
            not_before: now + LATEST,
            latest: now + LATEST,
        });
    }

    /// Everything was tidied.
    pub fn is_tidy(&mut self) {
        self.is_tidy = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn tidy(now: Instant) -> Tidying {
        let mut tidying = Tidying::new(now);
        tidying.log_is_empty();
        tidying.is_tidy();
        tidying
    }

    #[test]
    fn what_takes_nothing_back_waits_for_quiet() {
        let now = Instant::now();
        let mut tidying = tidy(now);
        assert_eq!(tidying.pause(now), None);
        tidying.wrote(now, false);
        assert_eq!(tidying.pause(now), Some(QUIET));
        assert!(!tidying.must_not_wait(now + QUIET));
    }

    #[test]
    fn what_was_taken_back_goes_in_the_next_pause_or_soon_without_one() {
        let now = Instant::now();
        let mut tidying = tidy(now);
        tidying.wrote(now, true);
        assert_eq!(tidying.pause(now), Some(PAUSE));
        // More that comes, and takes more back, puts it off no further.
        tidying.wrote(now + LATEST - MS, true);
        assert!(!tidying.must_not_wait(now + LATEST - MS));
        assert!(tidying.must_not_wait(now + LATEST));
        tidying.log_is_empty();
        assert_eq!(tidying.pause(now), Some(QUIET));
    }

    #[test]
    fn a_log_that_someone_reads_is_left_alone_for_a_while() {
        let now = Instant::now();
        let mut tidying = tidy(now);
        tidying.wrote(now, true);
        tidying.log_was_busy(now);
        assert_eq!(tidying.pause(now), Some(LATEST));
        assert!(!tidying.must_not_wait(now + LATEST - MS));
        assert!(tidying.must_not_wait(now + LATEST));
    }

    #[test]
    fn the_log_of_the_last_run_is_emptied_soon_after_the_start() {
        let now = Instant::now();
        let tidying = Tidying::new(now);
        assert_eq!(tidying.pause(now), Some(PAUSE));
        assert!(tidying.must_not_wait(now + LATEST));
    }
}
